"""A task of the prevention year: where one occurrence stands, and what an answer or a morning makes of it; pure.

Days are days at the school; a task is reminded of in the morning of `next_on`, which follows from all the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from flows.occurrences import Key, Occurrence, Window, weekly_after
from flows.roster import Roster
from flows.school import Calendar
from flows.school_days import DAY, work_day_from
from flows.year_wheel import Asked


class Standing(StrEnum):
    """The words stand in rows, so they are never changed."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"  # not relevant here, and why
    GONE = "gone"  # the class or group is no more


@dataclass(frozen=True, slots=True)
class Task:
    """`reminded` counts the plan's own reminders that have gone out; `moved` is the window that was set instead."""

    key: Key
    id: str = ""  # an opaque one, once it is stored
    standing: Standing = Standing.OPEN
    version: int = 0
    moved: Window | None = None
    owner: str = ""  # whom it was sent on to; empty: whoever has the role
    told: str = ""  # who was reminded last
    reminded: int = 0
    reminded_on: date | None = None  # the last time
    meant_for: date | None = None  # the day that the last reminder should have come, where it came later
    next_on: date | None = None
    planned_for: date | None = None
    put_off_to: date | None = None
    done_on: date | None = None
    done_by: str = ""
    count: int | None = None
    words: str = ""  # what was done, or why it isn't relevant

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
class Done:
    """It was done on a day. `count` of how many, where the plan asks for that: of pupils, never their names."""

    on: date
    count: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """It is going to be done on a day: one is asked on the next whether it was."""

    on: date


@dataclass(frozen=True, slots=True)
class PutOff:
    """To be reminded of on a day, and not before."""

    until: date


@dataclass(frozen=True, slots=True)
class Dropped:
    """Not relevant here."""

    words: str


@dataclass(frozen=True, slots=True)
class SentOn:
    """Somebody else does it."""

    person: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Its time is another than the plan proposes."""

    window: Window


@dataclass(frozen=True, slots=True)
class Reopened:
    """It was confirmed or dropped by mistake."""


Answer = Done | Planned | PutOff | Dropped | SentOn | Moved | Reopened


class Wrong(StrEnum):
    """What is wrong with an answer; the sentence for it stands in `messages.py`."""

    IN_FUTURE = "in_future"
    IN_PAST = "in_past"
    OUTSIDE_YEAR = "outside_year"
    AFTER_SCHOOL = "after_school"
    NO_COUNT = "no_count"
    NO_WORDS = "no_words"
    NOBODY = "nobody"
    WRONG_ORDER = "wrong_order"
    NOT_OPEN = "not_open"


@dataclass(frozen=True, slots=True)
class At:
    """What an answer is judged by: the occurrence, the school and its people, and which day it is."""

    occurrence: Occurrence
    roster: Roster
    today: date

    @property
    def calendar(self) -> Calendar:
        return self.roster.school.calendar

    @property
    def next_morning(self) -> date:
        """The next day after this one on which anybody is reminded."""
        return work_day_from(self.calendar, self.today + DAY)

    @property
    def year(self) -> Window:
        """The school year, from the first of August to the last of July."""
        first, last = (int(year) for year in self.occurrence.key.school_year.split("-"))
        return Window(date(first, 8, 1), date(last, 7, 31))


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer has made of a task; unchanged where something is wrong with it, by field."""

    task: Task
    wrong: Mapping[str, Wrong] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """What is to be stored of an answer; `tells` is who gets a message of the task now, if anybody."""

    before: Task
    after: Task
    answer: str  # its kind, as it is noted
    tells: str = ""


def answered(task: Task, answer: Answer, by: str, at: At) -> Answered:
    """Return what somebody's answer makes of a task; one that was moved is to be scheduled anew, in its new window."""
    wrong = dict(_wrong(task, answer, at))
    if wrong:
        return Answered(task, wrong)
    changed = replace(_changed(task, answer, by, at), version=task.version + 1)
    return Answered(changed if isinstance(answer, Moved) else scheduled(changed, at))


def _changed(task: Task, answer: Answer, by: str, at: At) -> Task:
    settled = replace(task, planned_for=None, put_off_to=None)
    match answer:
        case Done(on, count, words):
            return replace(settled, standing=Standing.DONE, done_on=on, done_by=by, count=count, words=words)
        case Planned():
            return replace(settled, planned_for=answer.on)
        case PutOff():
            until = min(max(answer.until, at.next_morning), at.calendar.last_day)
            return replace(settled, put_off_to=until)
        case Dropped():
            return replace(settled, standing=Standing.DROPPED, done_by=by, words=answer.words)
        case SentOn():
            return replace(task, owner=answer.person)
        case Moved():
            return replace(settled, moved=answer.window, reminded=0, next_on=None)
        case Reopened():
            return replace(settled, standing=Standing.OPEN, done_on=None, done_by="", count=None, words="")


def _wrong(task: Task, answer: Answer, at: At) -> Mapping[str, Wrong]:
    """Return what is wrong with an answer, by the field that it was given in."""
    is_in_time = task.is_open != isinstance(answer, Reopened) or isinstance(answer, Moved)
    if task.standing is Standing.GONE or not is_in_time:
        return {"": Wrong.NOT_OPEN}
    match answer:
        case Done():
            return _wrong_with_done(answer, at)
        case Planned(day) | PutOff(day):
            return _wrong_with_later(day, at)
        case Dropped(words):
            return {} if words.strip() else {"words": Wrong.NO_WORDS}
        case SentOn(person):
            return {} if at.roster.person(person) else {"person": Wrong.NOBODY}
        case Moved(window):
            return _wrong_with_window(window, at)
        case Reopened():
            return {}


def _wrong_with_done(answer: Done, at: At) -> Mapping[str, Wrong]:
    asked = at.occurrence.measure.asked
    wrong = {"day": Wrong.IN_FUTURE} if answer.on > at.today else dict(_outside("day", answer.on, at))
    if asked is Asked.COUNT and answer.count is None:
        wrong["count"] = Wrong.NO_COUNT
    if asked in (Asked.DATE_AND_TEXT, Asked.CHOICE) and not answer.words.strip():
        wrong["words"] = Wrong.NO_WORDS
    return wrong


def _wrong_with_later(day: date, at: At) -> Mapping[str, Wrong]:
    """After the pupils' last day nobody is asked any more."""
    if day < at.today:
        return {"day": Wrong.IN_PAST}
    return {"day": Wrong.AFTER_SCHOOL} if day > at.calendar.last_day else {}


def _wrong_with_window(window: Window, at: At) -> Mapping[str, Wrong]:
    if window.first_day > window.last_day:
        return {"last_day": Wrong.WRONG_ORDER}
    return {**_outside("first_day", window.first_day, at), **_outside("last_day", window.last_day, at)}


def _outside(name: str, day: date, at: At) -> Mapping[str, Wrong]:
    return {} if at.year.first_day <= day <= at.year.last_day else {name: Wrong.OUTSIDE_YEAR}


def reminded(task: Task, person: str, at: At) -> Task:
    """Return the task after somebody is reminded of it today; what was missed before today is told with it, once."""
    own = at.occurrence.reminders
    gone = sum(day <= at.today for day in own)
    meant = next(iter(own[task.reminded : gone]), task.next_on)
    later = replace(
        task,
        version=task.version + 1,
        told=person,
        reminded=max(task.reminded, gone),
        reminded_on=at.today,
        meant_for=meant if meant and meant < at.today else None,
        planned_for=None,
        put_off_to=None,
    )
    return scheduled(later, at)


def scheduled(task: Task, at: At) -> Task:
    """Return the task with the day on which it is to be reminded of next; none where nothing more is asked.

    What turns out to be due comes with the next morning, not out of the blue; what waits for this one is left to it.
    """
    day, is_due = _next(task, at), task.next_on is not None and task.next_on <= at.today
    if day and day <= at.today and not is_due:
        day = at.next_morning if at.next_morning <= at.calendar.last_day else None
    return replace(task, next_on=day)


def _next(task: Task, at: At) -> date | None:
    calendar = at.calendar
    if not task.is_open:
        return None
    if task.planned_for or task.put_off_to:
        asked = task.planned_for + DAY if task.planned_for else task.put_off_to or calendar.last_day
        return min(work_day_from(calendar, asked), calendar.last_day)
    if left := at.occurrence.reminders[task.reminded :]:
        return left[0] if left[0] <= calendar.last_day else None
    return weekly_after(at.occurrence, calendar, task.reminded_on)
