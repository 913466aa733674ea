"""What is answered about a task of the prevention year: what may be wrong with it, and what it makes of the task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from flows.occurrences import Window, whole_of
from flows.school_days import work_day_from
from flows.task_people import asked
from flows.tasks import At, Standing, Task, scheduled
from flows.year_wheel import Asked


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
    """What is wrong with an answer; the sentence for it stands in `year_messages.py`."""

    IN_FUTURE = "in_future"
    IN_PAST = "in_past"
    OUTSIDE_YEAR = "outside_year"
    AFTER_SCHOOL = "after_school"
    NO_COUNT = "no_count"
    TOO_MANY = "too_many"
    NO_WORDS = "no_words"
    NOBODY = "nobody"
    WRONG_ORDER = "wrong_order"
    NO_SCHOOL = "no_school"
    NOT_OPEN = "not_open"


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


def is_made(task: Task, answer: Answer, by: str, at: At) -> bool:
    """Say whether a task is already what somebody's answer makes of it."""
    made = _changed(task, answer, by, at)
    return replace(made, reminded_on=task.reminded_on, next_on=task.next_on, told=task.told) == task


def _changed(task: Task, answer: Answer, by: str, at: At) -> Task:
    settled = replace(task, planned_for=None, put_off_to=None)
    match answer:
        case Done(on, count, words):
            return replace(settled, standing=Standing.DONE, done_on=on, done_by=by, count=count, words=words)
        case Planned():
            return _known_to(by, replace(settled, planned_for=answer.on), at)
        case PutOff():
            until = min(max(answer.until, at.next_morning), at.calendar.last_day)
            return _known_to(by, replace(settled, put_off_to=until), at)
        case Dropped():
            return replace(settled, standing=Standing.DROPPED, done_by=by, words=answer.words)
        case SentOn():
            return replace(task, owner=answer.person, told=answer.person)
        case Moved(window) if window == at.occurrence.window:  # confirmed as it is: nobody hears of it again
            return replace(task, moved=window)
        case Moved(window):
            return replace(task, moved=window, next_on=None)
        case Reopened():
            reopened = replace(settled, standing=Standing.OPEN, done_on=None, done_by="", count=None, words="")
            return _known_to(by, replace(reopened, told="", reminded_on=at.today), at)


def _known_to(by: str, task: Task, at: At) -> Task:
    """Return a task of which nobody has to tell whoever has it now, where he has answered himself."""
    return replace(task, told=by) if by == asked(task, at.occurrence, at.roster) else task


def _wrong(task: Task, answer: Answer, at: At) -> Mapping[str, Wrong]:
    """Return what is wrong with an answer, by the field that it was given in."""
    may_be = task.is_open != isinstance(answer, Reopened) or isinstance(answer, Moved)
    if task.standing is Standing.GONE or not may_be:
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
    if asked in (Asked.COUNT, Asked.COUNT_OF_GROUP) and answer.count is None:
        wrong["count"] = Wrong.NO_COUNT
    elif (whole := whole_of(at.occurrence, at.roster.school)) and (answer.count or 0) > whole:
        wrong["count"] = Wrong.TOO_MANY
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
    if at.calendar.last_day < window.first_day <= at.year.last_day:
        return {"first_day": Wrong.AFTER_SCHOOL}
    if work_day_from(at.calendar, window.first_day) > window.last_day:
        return {"last_day": Wrong.NO_SCHOOL}
    return {**_outside("first_day", window.first_day, at), **_outside("last_day", window.last_day, at)}


def _outside(name: str, day: date, at: At) -> Mapping[str, Wrong]:
    return {} if at.year.first_day <= day <= at.year.last_day else {name: Wrong.OUTSIDE_YEAR}
