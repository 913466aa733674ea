"""The days after: who is reminded of what, and when the bot looks again, so that nothing that is open fades away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flows import commands as c
from flows import events as e
from flows.access import above, applying, hangs_on_question, leaders, waited_for
from flows.context import Context
from flows.decisions.alert import escalate_anew, look_at_alert
from flows.decisions.draft import Decision, Draft, Hint
from flows.decisions.duties import awaits_decision
from flows.due import next_stage, reminder_at, review_at, stage_reached
from flows.duty import Duty
from flows.effects import Arm, Disarm, Kind, Notify, Timer
from flows.incident import Case, Progress

MOST_PERSONAL = 3  # reminders of what each must decide alone: then it is known, and nobody else's affair


def follow_up(draft: Draft, _: c.FollowUp) -> Decision:
    """Remind everybody of what is due, once for all of it, and see that the alert reaches whoever acts now.

    Where the owner has left, it goes out anew.
    """
    if draft.case.is_closed:
        return draft.decision(Hint.NO_LONGER)
    if draft.case.taken_by and draft.context.roster.person(draft.case.taken_by) is None:
        draft.add(e.OwnerGone())
        escalate_anew(draft)
    look_at_alert(draft)
    people = dict.fromkeys(_remind(draft))
    draft.effects.extend(Notify(person, Kind.REMINDER, f"reminder/{draft.case.version}/{person}") for person in people)
    return draft.decision()


def _remind(draft: Draft) -> Iterator[str]:
    """Note what has come due, and yield whom to remind."""
    for duty in remindable(draft.case, draft.context):
        stage = stage_reached(duty, draft.case, draft.context)
        if stage is not None:
            yield from _reminded(duty, stage, draft)
            draft.add(e.DutyReminded(duty.id, stage))
    if _is_left_lying(draft.case, draft.context):
        draft.add(e.CaseReminded())
        yield from leaders(draft.case, draft.context)


def _reminded(duty: Duty, stage: int, draft: Draft) -> tuple[str, ...]:
    case, context = draft.case, draft.context
    if duty.is_personal:  # nobody is told what others have not decided for themselves. Source: opplæringslova § 24-3
        left = case.people - set(case.duties[duty.id].assessed)
        return tuple(sorted(person for person in left if context.roster.person(person)))
    is_under_way = case.duties[duty.id].progress is Progress.UNDER_WAY  # asked about, not late
    up = above(case, context) if stage >= 2 and not is_under_way else ()
    return (*waited_for(duty, case, context), *(leaders(case, context) if stage >= 1 else ()), *up)


def remindable(case: Case, context: Context) -> list[Duty]:
    """Return the duties that somebody could act on now and hasn't."""
    return [duty for duty in applying(case, context) if not duty.alerts and _can_be_done(duty, case)]


def _can_be_done(duty: Duty, case: Case) -> bool:
    state = case.duties[duty.id]
    is_left = not duty.is_personal or (state.reminded < MOST_PERSONAL and bool(case.people - set(state.assessed)))
    waits = awaits_decision(duty, case) or hangs_on_question(duty, case)
    return not state.progress.is_settled and is_left and not waits


def _is_left_lying(case: Case, context: Context) -> bool:
    nothing_left = bool(case.taken_by) and not remindable(case, context)
    return nothing_left and review_at(case, context.roster.school.calendar) <= context.now


def watch(draft: Draft) -> None:
    """Set the clock for the next look at the case; a closed one needs none."""
    at = None if draft.case.is_closed else next_look_at(draft.case, draft.context)
    draft.effects.append(Arm(Timer.FOLLOW_UP, at) if at else Disarm(Timer.FOLLOW_UP))


def next_look_at(case: Case, context: Context) -> datetime | None:
    """Return when something falls due, or somebody goes or comes back; None before anybody has anything to do."""
    left = remindable(case, context)
    waiting = [reminder_at(duty, case, context, next_stage(duty, case, context)) for duty in left]
    if case.taken_by and not waiting:
        waiting.append(review_at(case, context.roster.school.calendar))
    if context.roster.changes_at:
        waiting.append(context.roster.changes_at)
    return min(waiting, default=None)
