"""A task of the prevention year: where one occurrence stands, and what an answer or a morning makes of it; pure.

Days are days at the school; a task is reminded of in the morning of `next_on`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from flows.occurrences import WEEK, Key, Occurrence, Window
from flows.roster import Roster
from flows.school import Calendar
from flows.school_days import DAY, work_day_from
from flows.year_wheel import Done as Asked


class Standing(StrEnum):
    """The words stand in rows, so they are never changed."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"  # not relevant here, and why
    GONE = "gone"  # the class or group is no more


@dataclass(frozen=True, slots=True)
class Task:
    """`reminded` counts the plan's own reminders that have gone out; `moved` is another window than the plan's."""

    key: Key
    standing: Standing = Standing.OPEN
    version: int = 0
    moved: Window | None = None
    owner: str = ""  # whom it was sent on to; empty: whoever has the role
    reminded: int = 0
    next_on: date | None = None
    planned_for: date | None = None
    done_on: date | None = None
    count: int | None = None
    words: str = ""  # what was done, or why it isn't relevant


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
    def year(self) -> Window:
        """The school year, from the first of August to the last of July."""
        first, last = (int(year) for year in self.occurrence.key.school_year.split("-"))
        return Window(date(first, 8, 1), date(last, 7, 31))


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer has made of a task; unchanged where something is wrong with it, by field."""

    task: Task
    wrong: Mapping[str, Wrong] = field(default_factory=dict)


def answered(task: Task, answer: Answer, at: At) -> Answered:
    """Return what an answer makes of a task; one that was moved is to be scheduled anew, in its new window."""
    wrong = dict(_wrong(task, answer, at))
    if wrong:
        return Answered(task, wrong)
    changed = replace(_changed(task, answer), version=task.version + 1)
    return Answered(changed if isinstance(answer, Moved) else scheduled(changed, at))


def _changed(task: Task, answer: Answer) -> Task:
    match answer:
        case Done():
            done = replace(task, standing=Standing.DONE, done_on=answer.on, count=answer.count, words=answer.words)
            return replace(done, planned_for=None)
        case Planned():
            return replace(task, planned_for=answer.on)
        case PutOff():
            return replace(task, planned_for=None, next_on=answer.until)
        case Dropped():
            return replace(task, standing=Standing.DROPPED, words=answer.words, planned_for=None)
        case SentOn():
            return replace(task, owner=answer.person)
        case Moved():
            return replace(task, moved=answer.window, reminded=0, next_on=None, planned_for=None)
        case Reopened():
            return replace(task, standing=Standing.OPEN, done_on=None, count=None, words="", next_on=None)


def _wrong(task: Task, answer: Answer, at: At) -> Mapping[str, Wrong]:
    """Return what is wrong with an answer, by the field that it was given in."""
    if (task.standing is Standing.OPEN) == isinstance(answer, Reopened):
        return {"": Wrong.NOT_OPEN}
    match answer:
        case Done():
            return _wrong_with_done(answer, at)
        case Planned(day) | PutOff(day):
            return {"day": Wrong.IN_PAST} if day < at.today else _outside("day", day, at)
        case Dropped(words):
            return {} if words.strip() else {"words": Wrong.NO_WORDS}
        case SentOn(person):
            return {} if at.roster.person(person) else {"person": Wrong.NOBODY}
        case Moved(window):
            if window.first_day > window.last_day:
                return {"last_day": Wrong.WRONG_ORDER}
            return {**_outside("first_day", window.first_day, at), **_outside("last_day", window.last_day, at)}
        case Reopened():
            return {}


def _wrong_with_done(answer: Done, at: At) -> Mapping[str, Wrong]:
    asked = at.occurrence.measure.done
    wrong = {"day": Wrong.IN_FUTURE} if answer.on > at.today else dict(_outside("day", answer.on, at))
    if asked is Asked.COUNT and answer.count is None:
        wrong["count"] = Wrong.NO_COUNT
    if asked in (Asked.DATE_AND_TEXT, Asked.CHOICE) and not answer.words.strip():
        wrong["words"] = Wrong.NO_WORDS
    return wrong


def _outside(name: str, day: date, at: At) -> Mapping[str, Wrong]:
    return {} if at.year.first_day <= day <= at.year.last_day else {name: Wrong.OUTSIDE_YEAR}


def reminded(task: Task, at: At) -> Task:
    """Return the task after a reminder has gone out today; what was missed before today is told with it, once."""
    gone = sum(day <= at.today for day in at.occurrence.reminders)
    later = replace(task, reminded=max(task.reminded, gone), next_on=None, planned_for=None)
    return scheduled(replace(later, version=task.version + 1), at)


def scheduled(task: Task, at: At) -> Task:
    """Return the task with the day on which it is to be reminded of next; none where nothing more is asked."""
    return replace(task, next_on=_next(task, at))


def _next(task: Task, at: At) -> date | None:
    if task.standing is not Standing.OPEN:
        return None
    if task.planned_for is not None:
        day = work_day_from(at.calendar, task.planned_for + DAY)
    elif task.next_on is not None:
        day = work_day_from(at.calendar, task.next_on)
    elif left := at.occurrence.reminders[task.reminded :]:
        day = left[0]
    else:
        day = work_day_from(at.calendar, max(at.occurrence.window.last_day, at.today) + WEEK)
    return day if day <= max(at.calendar.last_day, at.today) else None
