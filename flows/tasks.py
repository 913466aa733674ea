"""A task of the prevention year: where one occurrence stands, and when it is reminded of next; pure.

Days are days at the school; a task is reminded of in the morning of `next_on`, which follows from all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from flows.occurrences import Key, Occurrence, Window, weekly_after
from flows.roster import Roster
from flows.school import Calendar
from flows.school_days import DAY, last_work_day, local_day, morning, next_morning, work_day_from


class Standing(StrEnum):
    """The words stand in rows, so they are never changed."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"  # not relevant here, and why
    GONE = "gone"  # the class or group is no more


@dataclass(frozen=True, slots=True)
class Task:
    """`moved` is the window that was set instead of the plan's.

    What was to come until `reminded_on` is told, or need not be: its time was changed on that day.
    """

    key: Key
    id: str = ""  # an opaque one, once it is stored
    standing: Standing = Standing.OPEN
    version: int = 0
    moved: Window | None = None
    owner: str = ""  # whom it was sent on to; empty: whoever has the role
    told: str = ""  # who was reminded last
    reminded_on: date | None = None
    meant_for: date | None = None  # the day that the last reminder should have come, where it came later
    next_on: date | None = None
    planned_for: date | None = None
    put_off_to: date | None = None
    done_on: date | None = None
    done_by: str = ""
    count: int | None = None
    words: str | None = ""  # what was done, or why it isn't relevant; None: they can't be read any more

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.OPEN

    @property
    def is_in_play(self) -> bool:
        """Say whether somebody has been reminded of it and has neither done nor dropped it."""
        return self.is_open and self.reminded_on is not None


@dataclass(frozen=True, slots=True)
class Seen:
    """A task, and what it is one of."""

    task: Task
    occurrence: Occurrence


@dataclass(frozen=True, slots=True)
class At:
    """What an answer is judged by: the occurrence, the school and its people, and the instant."""

    occurrence: Occurrence
    roster: Roster
    now: datetime

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def calendar(self) -> Calendar:
        return self.roster.school.calendar

    @property
    def next_morning(self) -> date:
        """The day of the next morning on which anybody is reminded: before eight o'clock it may be today."""
        return local_day(next_morning(self.calendar, self.now))

    @property
    def year(self) -> Window:
        """The school year, from the first of August to the last of July."""
        first, last = (int(year) for year in self.occurrence.key.school_year.split("-"))
        return Window(date(first, 8, 1), date(last, 7, 31))


def reminded(task: Task, person: str, at: At) -> Task:
    """Return the task after somebody is reminded of it today; what was missed before today is told with it, once.

    A day that is still to come holds: whoever has it now hears of it too.
    """
    if is_for_overseer(task, person, at):
        return scheduled(replace(task, version=task.version + 1, reminded_on=at.today), at)
    set_day = _set_day(task, at.calendar)
    is_to_come = set_day is not None and set_day > at.today
    left = _left(task, at) if set_day is None else ()  # what somebody has set takes the place of those
    meant = next((day for day in left if day <= at.today), task.next_on)
    later = replace(
        task,
        version=task.version + 1,
        told=person,
        reminded_on=at.today,
        meant_for=meant if meant and meant < at.today else None,
        planned_for=task.planned_for if is_to_come else None,
        put_off_to=task.put_off_to if is_to_come else None,
    )
    return scheduled(later, at)


def is_for_overseer(task: Task, person: str, at: At) -> bool:
    """Say whether only who oversees it hears of a task: who has it knows, and has set a day that is still to come."""
    set_day = _set_day(task, at.calendar)
    return set_day is not None and set_day > at.today and task.told == person


def in_new_time(task: Task, at: At) -> Task:
    """Return a task whose time is another from today on: who has heard of it hears again of what is still to come.

    A day that is planned holds where it fits.
    """
    planned, heard = task.planned_for, at.today if task.reminded_on else None
    fits = planned is not None and at.today <= planned <= at.occurrence.window.last_day
    return replace(task, reminded_on=heard, planned_for=planned if fits else None, put_off_to=None)


def scheduled(task: Task, at: At) -> Task:
    """Return the task with the day on which it is to be reminded of next; none where nothing more is asked.

    What turns out to be due comes with the next morning, not out of the blue; what waits for this one is left to it.
    """
    day, is_due = _next(task, at), task.next_on is not None and task.next_on <= at.today
    if day and morning(day) <= at.now and not is_due:
        day = at.next_morning if at.next_morning <= at.calendar.last_day else None
    return replace(task, next_on=day)


def _next(task: Task, at: At) -> date | None:
    calendar = at.calendar
    if not task.is_open:
        return None
    if day := _set_day(task, calendar):
        return min(day, _first_late(task, at) or day)
    if left := _left(task, at):
        return left[0] if left[0] <= calendar.last_day else None
    return weekly_after(at.occurrence, calendar, task.reminded_on)


def _first_late(task: Task, at: At) -> date | None:
    """Return when who oversees it is first told of a task, whatever day has been set; None where he has been."""
    last = at.occurrence.window.last_day
    return None if task.reminded_on and task.reminded_on > last else weekly_after(at.occurrence, at.calendar, None)


def _left(task: Task, at: At) -> tuple[date, ...]:
    """Return the plan's own days of which nothing has been told yet."""
    return tuple(day for day in at.occurrence.reminders if task.reminded_on is None or day > task.reminded_on)


def _set_day(task: Task, calendar: Calendar) -> date | None:
    """Return when to remind by what somebody has answered: after the day that it is planned for, or put off to."""
    asked = task.planned_for + DAY if task.planned_for else task.put_off_to
    return min(work_day_from(calendar, asked), last_work_day(calendar)) if asked else None
