"""The course of a case as a whole: handed over, found to be nothing, withdrawn, closed, opened again, erased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flows import commands as c
from flows import events as e
from flows.access import holds
from flows.context import Context
from flows.decisions.alert import escalate_anew, released_by
from flows.decisions.draft import Decision, Draft, Hint
from flows.decisions.duties import rederive, set_done
from flows.duty import Duty, Until
from flows.effects import Arm, Disarm, Erase, Kind, Notify, TellAll, Timer
from flows.incident import Case, Progress

COURSE = "course"  # why a duty ends or comes back that no fact has changed


def hand_over(draft: Draft, command: c.HandOver) -> Decision:
    """Give the case to another department; whoever has it keeps it until somebody there has taken it."""
    case, departments = draft.case, (command.department,)
    if command.department not in draft.context.roster.school.departments:
        return draft.decision(Hint.NO_LONGER)
    if case.departments == departments:
        return draft.decision(Hint.ALREADY_DONE)
    draft.add(e.HandedOver(departments, released_by(draft, departments)))
    escalate_anew(draft)
    return draft.decision()


def name_pupil(draft: Draft, command: c.NamePupil) -> Decision:
    if not draft.context.plan.pupil_reference:
        return draft.decision(Hint.NO_LONGER)
    reference = command.reference.strip()
    if reference == draft.case.pupil:
        return draft.decision(Hint.UNCHANGED)
    draft.add(e.PupilNamed(reference))
    return draft.decision()


def refute(draft: Draft, command: c.Refute) -> Decision:
    """End what a suspicion asked for; what is under way, and what each must decide alone, stays. Source: T45."""
    if not draft.context.plan.may_be_refuted(draft.case.facts):
        return draft.decision(Hint.NO_SUSPICION)
    if draft.case.refuted:
        return draft.decision(Hint.ALREADY_DONE)
    if not command.reason.strip():
        return draft.decision(Hint.REASON_NEEDED)
    draft.add(e.Refuted(command.reason.strip()))
    rederive(draft, (COURSE,))
    return draft.decision()


def revoke(draft: Draft, _: c.RevokeRefutation) -> Decision:
    if not draft.case.refuted:
        return draft.decision(Hint.ALREADY_DONE)
    draft.add(e.RefutationRevoked())
    rederive(draft, (COURSE,))
    return draft.decision()


def withdraw(draft: Draft, command: c.Withdraw) -> Decision:
    """Take a wrong alert back; once somebody has taken the case, that is theirs to do."""
    case = draft.case
    if case.taken_by and case.taken_by != command.by:
        return draft.decision(Hint.ASK_OWNER)
    if not command.reason.strip():
        return draft.decision(Hint.REASON_NEEDED)
    if any(state.progress is Progress.UNDER_WAY for state in case.duties.values()):
        return draft.decision(Hint.STILL_UNDER_WAY)
    draft.add(e.Withdrawn(command.reason.strip()))
    for name, state in draft.case.duties.items():
        duty = draft.context.plan.duties.get(name)
        if state.progress is Progress.OPEN and duty and not duty.is_personal:
            draft.add(e.DutyEnded(name, (COURSE,)))
    _set_erasure(draft)
    draft.effects.append(TellAll(Kind.WITHDRAWN, f"withdrawn/{draft.case.version}"))
    return draft.decision()


def close(draft: Draft, command: c.Close) -> Decision:
    """Close a case in which nothing is open any more, and set the day on which it is erased here. Source: B5.1, L5."""
    if draft.case.handed_over:
        return draft.decision(Hint.HANDED_OVER)
    if still_open(draft.case, draft.context, command.by):
        return draft.decision(Hint.SOMETHING_OPEN)
    finished = done_by_closing(draft.case, draft.context, command.by)
    if not _complete(finished, command.records):
        return draft.decision(Hint.NO_LONGER)  # a form from before something came up
    for duty in finished:
        noted = {name: value for name, value in command.records.get(duty.id, {}).items() if name in duty.record}
        set_done(draft, duty.id, done=True, record=noted)
    draft.add(e.Closed(tuple(duty.id for duty in finished)))
    _set_erasure(draft)
    return draft.decision()


def _complete(finished: list[Duty], records: Mapping[str, Mapping[str, str]]) -> bool:
    return all(records.get(duty.id, {}).get(name) for duty in finished for name in duty.form)


def still_open(case: Case, context: Context, by: str) -> list[Duty]:
    """Return the duties that keep a case from being closed: neither done, nor ended, nor deviated from for a reason.

    What each must decide alone doesn't; it stays within reach, and nobody waits for it.
    """
    done_then = done_by_closing(case, context, by)
    return [
        duty
        for duty in context.plan.duties.values()
        if duty.id in case.duties
        and not case.duties[duty.id].progress.is_settled
        and not duty.is_personal
        and duty not in done_then
    ]


def done_by_closing(case: Case, context: Context, by: str) -> list[Duty]:
    """Return the duties that closing does: theirs who close, and due only then."""
    return [
        duty
        for duty in context.plan.duties.values()
        if duty.id in case.duties
        and duty.deadline.until is Until.CLOSED
        and duty.ticked_by_hand
        and case.duties[duty.id].progress is Progress.OPEN
        and not duty.waits_while(case.duties[duty.id].outcome)
        and holds(by, duty, case, context)
    ]


def _set_erasure(draft: Draft) -> None:
    """Let nobody be alerted any more, and set the clock for the end of the working copy.

    With its case a drill is over: everybody in it reads how it went.
    """
    draft.effects.append(Disarm(Timer.ESCALATION))
    draft.effects.append(Arm(Timer.ERASURE, erased_at(draft.case, draft.context)))
    if draft.case.drill:
        draft.effects.append(Disarm(Timer.DRILL))
        draft.effects.extend(Notify(each, Kind.REVIEW, f"review/{each}") for each in draft.case.drill.everybody)


def end_drill(draft: Draft, _: c.EndDrill) -> Decision:
    """End a drill as it is; whatever is open in it, the review tells. Source: S2."""
    if draft.case.drill is None or draft.case.is_closed:
        return draft.decision(Hint.ALREADY_DONE)
    draft.add(e.DrillEnded())
    _set_erasure(draft)
    return draft.decision()


def erased_at(case: Case, context: Context) -> datetime:
    """Return when the working copy of a closed case is erased; of an open one, were it closed now."""
    return (case.closed_at or context.now) + context.plan.retention


def reopen(draft: Draft, _: c.Reopen) -> Decision:
    """Let a closed or withdrawn case go on, with all that applies now."""
    finished = draft.case.finished
    draft.add(e.Reopened())
    draft.effects.append(Disarm(Timer.ERASURE))
    for duty in finished:
        set_done(draft, duty, done=False)
    rederive(draft, (COURSE,))
    if draft.case.is_waiting:
        escalate_anew(draft)
    return draft.decision()


def erase(draft: Draft, _: c.Erase) -> Decision:
    if not draft.case.is_closed:
        return draft.decision(Hint.NO_LONGER)
    at = erased_at(draft.case, draft.context)
    draft.effects.append(Erase() if at <= draft.context.now else Arm(Timer.ERASURE, at))
    return draft.decision()
