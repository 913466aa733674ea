"""A case as the fold of its events: what is known, who has which duty, who has been alerted; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from flows import events as e
from flows.plan import Outcome
from flows.protocol import Facts


class Progress(StrEnum):
    """How far a duty has come."""

    OPEN = "open"
    DONE = "done"
    ENDED = "ended"  # it no longer applies
    DEVIATED = "deviated"  # something else is done, for a reason

    @property
    def is_settled(self) -> bool:
        return self is not Progress.OPEN


@dataclass(frozen=True, slots=True)
class DutyState:
    """A duty in this case. `at` and `by` are of its last change."""

    outcome: Outcome
    progress: Progress
    at: datetime
    by: str
    because: tuple[str, ...] = ()  # the facts whose change ended it
    clarified: bool | None = None  # the answer to an avklar; none yet
    delegate: str = ""  # who it has been given to
    record: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""  # why something else is done
    assessed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by each for himself, where each must


@dataclass(frozen=True, slots=True)
class Colleague:
    """The second adult: named by the reporter, and there only when confirmed."""

    person: str
    confirmed_at: datetime | None = None
    declined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One person alerted at one level; `delivered_at` when a platform had accepted it."""

    person: str
    round: int
    level: int
    sent_at: datetime
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """Where the alert stands: the last level that was reached, and since when it climbs."""

    chain: str
    started_at: datetime
    round: int = 0
    level: int = -1
    skipped: tuple[tuple[str, bool], ...] = ()  # role, to its deputy: levels of this round that nobody held


@dataclass(frozen=True, slots=True)
class Case:
    """One incident with one pupil, who is nowhere named."""

    id: str
    number: str
    plan: str
    edition: str
    reported_at: datetime
    reporter: str
    place: str
    grounds: bool | None
    school_class: str
    departments: tuple[str, ...]
    facts: Facts
    answered: frozenset[str]
    duties: Mapping[str, DutyState] = field(default_factory=dict)
    colleague: Colleague | None = None
    earlier_colleagues: frozenset[str] = frozenset()
    alerts: tuple[Alert, ...] = ()
    escalation: Escalation | None = None
    taken_by: str = ""
    taken_at: datetime | None = None
    version: int = 0
    answers: int = 0  # how often what is known has been answered or corrected: an older form is stale

    @property
    def elsewhere(self) -> bool:
        """Whether the place must be treated as outside the school's grounds: also where the school hasn't said. T44."""
        return self.grounds is not True

    @property
    def people(self) -> frozenset[str]:
        """Everybody who has a part in the case."""
        there = {self.colleague.person} if self.colleague and not self.colleague.declined_at else set()
        alerted = set() if self.taken_by else {alert.person for alert in self.alerts}
        return frozenset({self.reporter, *there, *alerted, *filter(None, (self.taken_by,))})


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
    return replace(_changed(case, entry), version=case.version + 1)


def _reported(case_id: str, entry: e.Entry, event: e.Reported) -> Case:
    return Case(
        id=case_id,
        number=event.number,
        plan=event.plan,
        edition=event.edition,
        reported_at=entry.at,
        reporter=entry.by,
        place=event.place,
        grounds=event.grounds,
        school_class=event.school_class,
        departments=event.departments,
        facts=_sets(event.facts),
        answered=frozenset(event.answered),
        version=1,
    )


def _changed(case: Case, entry: e.Entry) -> Case:
    at, by = entry.at, entry.by
    match entry.event:
        case e.Answered(facts):
            known = {**case.facts, **_sets(facts)}
            return replace(case, facts=known, answered=case.answered | set(facts), answers=case.answers + 1)
        case e.PlaceCorrected(place, grounds):
            return replace(case, place=place, grounds=grounds, answers=case.answers + 1)
        case e.ClassCorrected() as event:
            return _class_corrected(case, event)
        case e.ColleagueAsked() | e.ColleagueConfirmed() | e.ColleagueDeclined() as event:
            return _colleague_changed(case, event, at)
        case e.EscalationStarted() | e.Alerted() | e.LevelSkipped() | e.Delivered() as event:
            return _alert_changed(case, event, at)
        case e.Taken():
            return replace(case, taken_by=by, taken_at=at)
        case e.Reported():
            raise ValueError("a case is reported once")
        case event:
            return replace(case, duties={**case.duties, event.duty: _duty(case, event, at, by)})


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
    | e.DutyReopened
    | e.DutyClarified
    | e.DutyDelegated
    | e.DutyDeviated
    | e.DutyAssessed
)


def _duty(case: Case, event: _DutyEvent, at: datetime, by: str) -> DutyState:
    if isinstance(event, e.DutyRaised | e.DutyRestated):
        earlier = case.duties.get(event.duty)
        kept = replace(earlier, because=(), record={}, reason="") if earlier else None
        state = kept or DutyState(event.outcome, Progress.OPEN, at, by)
        return replace(state, outcome=event.outcome, progress=Progress.OPEN, at=at, by=by)
    state = replace(case.duties[event.duty], at=at, by=by)
    match event:
        case e.DutyEnded(_, because):
            return replace(state, progress=Progress.ENDED, because=because)
        case e.DutyDone(_, record):
            return replace(state, progress=Progress.DONE, record=record)
        case e.DutyReopened():
            return replace(state, progress=Progress.OPEN, record={}, reason="")
        case e.DutyClarified(_, applies):
            return replace(state, clarified=applies)
        case e.DutyDelegated(_, person):
            return replace(state, delegate=person)
        case e.DutyAssessed(_, record):
            return replace(state, assessed={**state.assessed, by: record})
        case e.DutyDeviated(_, reason):
            return replace(state, progress=Progress.DEVIATED, reason=reason)


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
    case: Case, event: e.EscalationStarted | e.Alerted | e.LevelSkipped | e.Delivered, at: datetime
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
            return replace(case, alerts=tuple(_delivered(alert, person, at) for alert in case.alerts))


def _reached(case: Case, round_: int, level: int) -> Escalation:
    if case.escalation is None:
        raise ValueError("an escalation begins before it reaches a level")
    skipped = case.escalation.skipped if case.escalation.round == round_ else ()
    return replace(case.escalation, round=round_, level=level, skipped=skipped)


def _delivered(alert: Alert, person: str, at: datetime) -> Alert:
    return replace(alert, delivered_at=at) if alert.person == person and not alert.delivered_at else alert


def _sets(answers: e.Answers) -> dict[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in answers.items()}
