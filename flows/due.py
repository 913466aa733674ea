"""When each duty of a case is due, and when people are reminded of it; whom and how stands in `decisions/follow_up.py`.

Every duty has a due time, also one without a date in the plan: nothing that is open is ever forgotten.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flows.context import Context
from flows.duty import Duty, Until
from flows.incident import Case, DutyState, Progress
from flows.plan import Plan
from flows.school import Calendar
from flows.school_days import (
    DAY,
    day_end,
    instant,
    is_school_day,
    local_day,
    morning,
    school_day_from,
    school_days_after,
)

IMMEDIATELY = timedelta(minutes=15)  # so long «at once» may take before somebody is asked
LATE_AT_ONCE = timedelta(hours=1)  # then whoever leads the case is told
SHORTEST = timedelta(hours=2)  # what is to be done the same day has at least so long
BEFORE = timedelta(hours=1)  # so long before the end of the day people are reminded of it
REVIEW = 10  # school days: what has no date of its own is looked at then
AGAIN = 5  # school days between reminders of what is long overdue


def due_at(duty: Duty, case: Case, context: Context) -> datetime:
    """Return when a duty of the case is due, as an aware instant in UTC."""
    state, calendar = case.duties[duty.id], context.roster.school.calendar
    raised_on = local_day(state.raised_at)
    if state.progress is Progress.UNDER_WAY and duty.lasts:
        return _asked_at(state, duty.lasts.ask_after, state.reminded, calendar)
    if duty.deadline.immediate:
        return state.raised_at + IMMEDIATELY
    if duty.deadline.until is not None:
        return _until(duty, duty.deadline.until, case, context)
    if not duty.deadline.school_days:
        return max(day_end(calendar, raised_on), state.raised_at + SHORTEST)
    return day_end(calendar, school_days_after(calendar, raised_on, duty.deadline.school_days))


def _until(duty: Duty, event: Until, case: Case, context: Context) -> datetime:
    """Return when what a duty waits for is to be: the decision, the meeting, or else the next review."""
    plan, calendar = context.plan, context.roster.school.calendar
    leading = plan.duties.get(duty.only_if) if event is Until.BORTVISNING else None
    if event is Until.MEETING:
        leading = plan.meeting_duty
        if held_at := meeting_at(case, plan):
            return held_at
    if leading and leading.id in case.duties and leading.deadline.until is None:
        return due_at(leading, case, context)
    raised_on = local_day(case.duties[duty.id].raised_at)
    return day_end(calendar, school_days_after(calendar, raised_on, REVIEW))


def meeting_at(case: Case, plan: Plan) -> datetime | None:
    """Return when the case's meeting is; None as long as nobody has called one."""
    duty = plan.meeting_duty
    state = case.duties.get(duty.id) if duty else None
    if duty is None or state is None or state.progress is not Progress.DONE:
        return None
    day, clock = (state.record.get(name, "") for name in duty.record)
    return instant(date.fromisoformat(day), time.fromisoformat(clock)) if day and clock else None


def reminder_at(duty: Duty, case: Case, context: Context, stage: int) -> datetime:
    """Return when a stage of reminding comes: 0 those whose duty it is, 1 who leads the case, 2 and on also above."""
    state, calendar = case.duties[duty.id], context.roster.school.calendar
    if state.progress is Progress.UNDER_WAY and duty.lasts:
        return _asked_at(state, duty.lasts.ask_after, stage, calendar)
    due = _owed_at(duty, case, context)
    if stage == 0:
        return max(_first(duty, state, due, calendar), _not_before(case, state))
    if duty.deadline.immediate and stage == 1:
        return due + LATE_AT_ONCE
    second = school_days_after(calendar, local_day(due), min(stage, 2) - (1 if duty.deadline.immediate else 0))
    return morning(second if stage <= 2 else _week_begins(calendar, second, stage - 2))


def _week_begins(calendar: Calendar, day: date, weeks: int) -> date:
    """Return the first school day of a later school week: all that is long overdue is said on one morning."""
    for _ in range(weeks):
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=1)
        day = school_day_from(calendar, monday)
    return day


def _owed_at(duty: Duty, case: Case, context: Context) -> datetime:
    """Return when a duty is due to those who may act on it, where it was due before it was theirs."""
    return max(due_at(duty, case, context), _not_before(case, case.duties[duty.id]))


def _not_before(case: Case, state: DutyState) -> datetime:
    """Return before when nobody is reminded: they have just been given it, or the case."""
    given_at = max(state.opened_at, case.taken_at) if case.taken_at else state.opened_at
    return given_at + IMMEDIATELY


def _first(duty: Duty, state: DutyState, due: datetime, calendar: Calendar) -> datetime:
    """Return when people are reminded of what is coming: at once, an hour before, or the last school morning before."""
    if duty.deadline.immediate:
        return due
    day, opened_on = local_day(due), local_day(state.opened_at)
    if day == opened_on:
        return due - BEFORE if due - BEFORE > state.opened_at else due
    while day > opened_on and not (is_school_day(calendar, day) and morning(day) < due):
        day -= DAY
    return morning(day if day > opened_on else school_day_from(calendar, local_day(due)))


def _asked_at(state: DutyState, days: tuple[int, ...], stage: int, calendar: Calendar) -> datetime:
    """Return when it is asked whether a duty that lasts is over: as the plan says, then every week. Source: T19."""
    after = days[stage] if stage < len(days) else days[-1] + AGAIN * (stage - len(days) + 1)
    return morning(school_days_after(calendar, local_day(state.at), after))


def next_stage(duty: Duty, case: Case, context: Context) -> int:
    """Return the stage of reminding that comes next; the first again where the due time has moved meanwhile."""
    state = case.duties[duty.id]
    has_moved = state.reminded_at is not None and reminder_at(duty, case, context, 0) > state.reminded_at
    return 0 if has_moved else state.reminded


def stage_reached(duty: Duty, case: Case, context: Context) -> int | None:
    """Return the latest stage whose time has come since the last reminder; None where none has.

    Stages that went by meanwhile, while nobody could be reminded, are left out.
    """
    stage = next_stage(duty, case, context)
    if reminder_at(duty, case, context, stage) > context.now:
        return None
    while reminder_at(duty, case, context, stage + 1) <= context.now:
        stage += 1
    return stage


def review_at(case: Case, calendar: Calendar) -> datetime:
    """Return when whoever leads a case in which nothing is left to do is asked to close it."""
    last = local_day(case.last_at or case.reported_at)
    return morning(school_days_after(calendar, last, AGAIN))
