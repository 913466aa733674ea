"""A case as the fold of its events; it decides nothing, and any events that were stored once make the same case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flows import events as e
from flows.incident import Alert, Case, Colleague, DutyState, Escalation, Progress


def fold(case_id: str, entries: Iterable[e.Entry]) -> Case | None:
    """Return the case that its events make; None without events."""
    case: Case | None = None
    for entry in entries:
        case = evolve(case, entry, case_id=case_id)
    return case


def evolve(case: Case | None, entry: e.Entry, *, case_id: str = "") -> Case:
    """Return the case after one more event; the first one, its report, needs the case's id."""
    if isinstance(entry.event, e.Reported):
        return _reported(case_id, entry, entry.event)
    if case is None:
        raise ValueError("a case begins with its report")
    return replace(_changed(case, entry), version=case.version + 1, last_at=entry.at)


def _reported(case_id: str, entry: e.Entry, event: e.Reported) -> Case:
    return Case(
        id=case_id,
        number=event.number,
        plan=event.plan,
        edition=event.edition,
        reported_at=entry.at,
        reporter=event.drill.reporter if event.drill else entry.by,
        place=event.place,
        grounds=event.grounds,
        school_class=event.school_class,
        departments=event.departments,
        facts=_sets(event.facts),
        answered=frozenset(event.answered),
        drill=event.drill,
        last_at=entry.at,
        version=1,
    )


def _changed(case: Case, entry: e.Entry) -> Case:
    at, by = entry.at, entry.by
    match entry.event:
        case e.Answered() | e.PlaceCorrected() | e.ClassCorrected() | e.PupilNamed() as event:
            return _known_changed(case, event)
        case e.ColleagueAsked() | e.ColleagueConfirmed() | e.ColleagueDeclined() as event:
            return _colleague_changed(case, event, at)
        case e.EscalationStarted() | e.Alerted() | e.LevelSkipped() | e.Delivered() | e.Unreached() as event:
            return _alert_changed(case, event, at)
        case e.Taken() | e.HandedOver() | e.OwnerGone() | e.BroughtIn() | e.LetGo() as event:
            return _people_changed(case, event, at, by)
        case e.Refuted() | e.RefutationRevoked() | e.Withdrawn() | e.Closed() | e.DrillEnded() | e.Reopened() as event:
            return _course_changed(case, event, at, by)
        case e.CaseReminded():
            return case
        case e.Reported():
            raise ValueError("a case is reported once")
        case event:
            return replace(case, duties={**case.duties, event.duty: _duty(case, event, at, by)})


def _known_changed(case: Case, event: e.Answered | e.PlaceCorrected | e.ClassCorrected | e.PupilNamed) -> Case:
    match event:
        case e.Answered(facts):
            known = {**case.facts, **_sets(facts)}
            return replace(case, facts=known, answered=case.answered | set(facts), answers=case.answers + 1)
        case e.PlaceCorrected(place, grounds):
            return replace(case, place=place, grounds=grounds, answers=case.answers + 1)
        case e.PupilNamed(reference):
            return replace(case, pupil=reference)
        case e.ClassCorrected():
            return _class_corrected(case, event)


def _people_changed(
    case: Case, event: e.Taken | e.HandedOver | e.OwnerGone | e.BroughtIn | e.LetGo, at: datetime, by: str
) -> Case:
    match event:
        case e.BroughtIn(person):
            return replace(case, participants=case.participants | {person})
        case e.LetGo(person):
            return replace(case, participants=case.participants - {person})
        case e.Taken():
            gone = {case.taken_by} if case.handed_over and case.taken_by != by else set()
            kept = tuple(alert for alert in case.alerts if alert.person not in gone)
            return replace(case, taken_by=by, taken_at=at, handed_over=False, alerts=kept)
        case e.HandedOver(departments, released):
            kept = tuple(alert for alert in case.alerts if alert.person not in released)
            return replace(case, departments=departments, alerts=kept, handed_over=bool(case.taken_by))
        case e.OwnerGone():
            return replace(case, taken_by="", taken_at=None, handed_over=False, alerts=())


_CourseEvent = e.Refuted | e.RefutationRevoked | e.Withdrawn | e.Closed | e.DrillEnded | e.Reopened


def _course_changed(case: Case, event: _CourseEvent, at: datetime, by: str) -> Case:
    match event:
        case e.Refuted(reason):
            return replace(case, refuted=True, reason=reason)
        case e.RefutationRevoked():
            return replace(case, refuted=False, reason="")
        case e.Withdrawn(reason):
            return replace(case, withdrawn=True, reason=reason, closed_at=at, closed_by=by, handed_over=False)
        case e.Closed(finished):
            return replace(case, closed_at=at, closed_by=by, finished=finished, handed_over=False)
        case e.DrillEnded():
            return replace(case, closed_at=at, closed_by=by)
        case e.Reopened():
            return replace(case, withdrawn=False, closed_at=None, closed_by="", finished=())


def _class_corrected(case: Case, event: e.ClassCorrected) -> Case:
    return replace(
        case,
        school_class=event.school_class,
        departments=event.departments,
        alerts=tuple(alert for alert in case.alerts if alert.person not in event.released),
        facts={**case.facts, **_sets(event.settled)},
        answers=case.answers + 1,
        answered=case.answered - set(event.settled),
    )


_DutyEvent = (
    e.DutyRaised
    | e.DutyRestated
    | e.DutyEnded
    | e.DutyDone
    | e.DutyBegun
    | e.DutyReopened
    | e.DutyClarified
    | e.DutyDelegated
    | e.DutyDeviated
    | e.DutyAssessed
    | e.DutyReminded
)


def _duty(case: Case, event: _DutyEvent, at: datetime, by: str) -> DutyState:
    if isinstance(event, e.DutyRaised | e.DutyRestated):
        return _applies(case.duties.get(event.duty), event, at, by)
    before = case.duties[event.duty]
    if isinstance(event, e.DutyReminded):
        return replace(before, reminded=event.stage + 1, reminded_at=at)
    state = replace(before, at=at, by=by)
    match event:
        case e.DutyClarified(_, applies):
            return replace(state, clarified=applies)
        case e.DutyDelegated(_, person):
            return replace(state, delegate=person)
        case e.DutyAssessed(_, record):
            return replace(state, assessed={**state.assessed, by: record})
        case _:
            return _moved_on(state, event)


def _moved_on(
    state: DutyState, event: e.DutyEnded | e.DutyDone | e.DutyBegun | e.DutyReopened | e.DutyDeviated
) -> DutyState:
    match event:
        case e.DutyEnded(_, because):
            return replace(state, progress=Progress.ENDED, because=because)
        case e.DutyDone(_, record):
            return replace(state, progress=Progress.DONE, record={**state.record, **record})
        case e.DutyBegun(_, record):
            return replace(state, progress=Progress.UNDER_WAY, record=record, reminded=0)
        case e.DutyReopened():
            return replace(state, progress=Progress.OPEN, record={}, reason="", reminded=0, opened_at=state.at)
        case e.DutyDeviated(_, reason):
            return replace(state, progress=Progress.DEVIATED, reason=reason)


def _applies(earlier: DutyState | None, event: e.DutyRaised | e.DutyRestated, at: datetime, by: str) -> DutyState:
    """Return a duty that applies, with this outcome; what was delegated and clarified before still holds."""
    if earlier is None:
        return DutyState(event.outcome, Progress.OPEN, at, by, raised_at=at, opened_at=at)
    state = replace(earlier, outcome=event.outcome, progress=Progress.OPEN, at=at, by=by, because=(), record={})
    if isinstance(event, e.DutyRestated):
        return replace(state, reason="")
    return replace(state, reason="", raised_at=at, opened_at=at, reminded=0)


def _colleague_changed(
    case: Case, event: e.ColleagueAsked | e.ColleagueConfirmed | e.ColleagueDeclined, at: datetime
) -> Case:
    match event:
        case e.ColleagueAsked(person):
            earlier = {case.colleague.person} - {person} if case.colleague else set()
            return replace(
                case, colleague=Colleague(person), earlier_colleagues=(case.earlier_colleagues | earlier) - {person}
            )
        case e.ColleagueConfirmed(person):
            return replace(case, colleague=replace(_asked(case, person), confirmed_at=at, declined_at=None))
        case e.ColleagueDeclined(person):
            return replace(case, colleague=replace(_asked(case, person), confirmed_at=None, declined_at=at))


def _asked(case: Case, person: str) -> Colleague:
    return case.colleague if case.colleague and case.colleague.person == person else Colleague(person)


def _alert_changed(
    case: Case, event: e.EscalationStarted | e.Alerted | e.LevelSkipped | e.Delivered | e.Unreached, at: datetime
) -> Case:
    match event:
        case e.EscalationStarted(chain):
            return replace(case, escalation=Escalation(chain, at))
        case e.Alerted(round_, level, _, _, people):
            sent = tuple(Alert(person, round_, level, at) for person in people)
            return replace(case, alerts=case.alerts + sent, escalation=_reached(case, round_, level))
        case e.LevelSkipped(round_, level, role, to_deputy):
            reached = _reached(case, round_, level)
            skipped = replace(reached, skipped=(*reached.skipped, (role, to_deputy)))
            return replace(case, escalation=skipped)
        case e.Delivered(person, _):
            delivered = {"delivered_at": at, "unreached": False}
            return replace(case, alerts=tuple(_heard_of(alert, person, delivered) for alert in case.alerts))
        case e.Unreached(person):
            return replace(case, alerts=tuple(_heard_of(alert, person, {"unreached": True}) for alert in case.alerts))


def _reached(case: Case, round_: int, level: int) -> Escalation:
    if case.escalation is None:
        raise ValueError("an escalation begins before it reaches a level")
    skipped = case.escalation.skipped if case.escalation.round == round_ else ()
    return replace(case.escalation, round=round_, level=level, skipped=skipped)


def _heard_of(alert: Alert, person: str, news: dict[str, Any]) -> Alert:
    return replace(alert, **news) if alert.person == person and not alert.delivered_at else alert


def _sets(answers: e.Answers) -> dict[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in answers.items()}
