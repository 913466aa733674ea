"""What a school's tasks should be today, beside what they are: new ones, those that have gone, those in new hands.

Pure and idempotent: the plan, the school and the day say it all, so that it may be asked at every start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flows.occurrences import AUGUST, Audience, Key, Occurrence, Whole, Window, occurrences
from flows.plan import Plan
from flows.roster import Roster
from flows.school import Calendar, School
from flows.school_days import YEAR, work_day_from
from flows.task_people import asked, may_be_asked
from flows.tasks import At, Standing, Task, in_new_time, scheduled


def has_begun(school: School, day: date) -> bool:
    """Say whether the year of a school's file has begun, on the first of August; it may be over, too."""
    return _years_since(school, day) >= 0


def _years_since(school: School, day: date) -> int:
    """Return how many school years a day is after that of a school's file."""
    return day.year - int(school.school_year.split("-")[1]) + (day.month >= AUGUST)


def school_on(school: School, day: date) -> School:
    """Return a school as it is on a day: from the first of August on last year's file says nothing of who has a class.

    Until the new one is there, the year begins as the last one did, in the same week, and whoever leads a department
    is asked about its classes.
    """
    late = _years_since(school, day)
    if late <= 0:
        return school
    classes = {name: replace(each, roles={}, was="") for name, each in school.classes.items()}
    first = int(school.school_year.split("-")[0]) + late
    return replace(
        school,
        school_year=f"{first}-{first + 1}",
        calendar=_later(school.calendar, late * YEAR),
        classes=classes,
    )


def _later(calendar: Calendar, by: timedelta) -> Calendar:
    return replace(
        calendar,
        staff_from=calendar.staff_from + by,
        first_day=calendar.first_day + by,
        last_day=calendar.last_day + by,
        free=tuple((first + by, last + by) for first, last in calendar.free),
    )


@dataclass(frozen=True, slots=True)
class ToStore:
    """What is to be stored: tasks that aren't there yet, and those that are another now, before and after."""

    new: tuple[Task, ...]
    changed: tuple[tuple[Task, Task], ...]


def planned(plan: Plan, roster: Roster, known: Mapping[Key, Task], now: datetime) -> ToStore:
    """Return what has to change in a school's year; `known` are the tasks of this school year."""
    school = roster.school
    at_hand = dict(_renamed(known, school))
    moved = moved_windows(at_hand.values(), school)
    found = list(occurrences(plan, school, done_days(at_hand.values()), moved))
    new = [_new(one, roster, now) for one in found if one.key not in at_hand]
    changed = [(task, as_of(task, one, roster, now)) for one in found if (task := at_hand.get(one.key))]
    wanted = {one.key for one in found}
    gone = [(task, _gone(task, moved)) for key, task in at_hand.items() if key not in wanted]
    before = {task.id: task for task in known.values()}
    pairs = ((before[task.id], after) for task, after in (*changed, *gone))
    return ToStore(tuple(new), tuple((old, after) for old, after in pairs if old != after))


def looks_other(before: Task, after: Task) -> bool:
    """Say whether a message that shows a task has to show it anew; nobody sees when the next reminder comes."""
    return replace(before, next_on=after.next_on) != after


def done_days(tasks: Iterable[Task]) -> dict[Key, date]:
    return {task.key: task.done_on for task in tasks if task.done_on and task.standing is Standing.DONE}


def moved_windows(tasks: Iterable[Task], school: School) -> dict[tuple[str, str], Window]:
    """Return what was given another time; what a class that is no more had counts only where no other has it."""
    the_living_last = sorted(tasks, key=lambda task: _is_there(task, school))
    return {_time(task): task.moved for task in the_living_last if task.moved}


def _is_there(task: Task, school: School) -> bool:
    places = {Whole.CLASS: school.classes, Whole.GROUP: school.groups, Whole.DEPARTMENT: school.departments}
    audience = task.key.audience
    return task.standing is not Standing.GONE and audience.id in places.get(audience.kind, {audience.id: None})


def _time(task: Task) -> tuple[str, str]:
    return task.key.measure, task.key.time


def _renamed(known: Mapping[Key, Task], school: School) -> Iterator[tuple[Key, Task]]:
    """Let the tasks of a class that has got another name within the year follow it.

    Where the new name has tasks already, what was done under the old one counts in the place of what nobody has heard
    of; all else of the old one is left behind, and asked for under the new one.
    """
    names = {c.was: c.id for c in school.classes.values() if c.was and c.was not in school.classes}
    heirs: dict[Key, Task] = {}
    for key, task in known.items():
        name = names.get(key.audience.id) if key.audience.kind is Whole.CLASS else None
        new = replace(key, audience=Audience(Whole.CLASS, name)) if name else key
        is_free = new == key or new not in known
        if not is_free and _is_settled(task) and not (_is_settled(known[new]) or known[new].is_in_play):
            heirs[new] = replace(task, key=new, id=known[new].id, version=known[new].version)
        yield (new, replace(task, key=new)) if is_free else (key, task)
    yield from heirs.items()


def _is_settled(task: Task) -> bool:
    return task.standing in (Standing.DONE, Standing.DROPPED)


def _gone(task: Task, moved: Mapping[tuple[str, str], Window]) -> Task:
    task = replace(task, moved=moved.get(_time(task)))
    return replace(task, standing=Standing.GONE, next_on=None) if task.is_open else task


def _new(occurrence: Occurrence, roster: Roster, now: datetime) -> Task:
    """Return a task that nobody knew of yet."""
    return scheduled(Task(occurrence.key, moved=occurrence.moved), At(occurrence, roster, now))


def _is_news(task: Task, occurrence: Occurrence, roster: Roster) -> bool:
    """Say whether a task is another's now than whoever was told of it.

    Who is away for a day keeps it: only whose it is first of all takes it from a colleague who has it, too.
    """
    who, holders = asked(task, occurrence, roster), may_be_asked(task, occurrence, roster)
    return who not in ("", task.told) and (task.told not in holders or who == holders[0])


def as_of(task: Task, occurrence: Occurrence, roster: Roster, now: datetime, *, is_moved: bool = False) -> Task:
    """Return a task as it is now: due on its day, and at once where somebody else has it from now on.

    `is_moved`: its time was changed just now.
    """
    at = At(occurrence, roster, now)
    if task.standing is Standing.GONE:
        task = replace(task, standing=Standing.OPEN)
    if is_moved or task.moved != occurrence.moved:
        task = in_new_time(replace(task, moved=occurrence.moved), at)
    after = scheduled(task, at)
    if task.is_in_play and _is_news(task, occurrence, roster):
        soon = work_day_from(roster.school.calendar, at.today)
        after = replace(after, next_on=min(after.next_on or soon, soon))
    return after
