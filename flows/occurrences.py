"""What a plan's year wheel asks of a school in one school year: each measure, for each audience, each of its times.

Pure: the same wheel, school and confirmations give the same occurrences and reminders, whenever one asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from flows.plan import Plan
from flows.roster import Roster
from flows.school import Calendar, School, YearLevel
from flows.school_days import last_work_day, morning, work_day_from
from flows.year_wheel import Asked, DatedBy, Measure, Time
from flows.year_wheel_lint import REMINDER

WEEK = timedelta(weeks=1)
AUGUST = 8  # a school year begins on its first


class Whole(StrEnum):
    """What kind of audience a measure is for."""

    SCHOOL = "school"
    DEPARTMENT = "department"
    CLASS = "class"
    GROUP = "group"


_PLACE = {Whole.DEPARTMENT: "department", Whole.CLASS: "school_class", Whole.GROUP: "group"}


@dataclass(frozen=True, slots=True, order=True)
class Audience:
    """For whom a measure is done once: `id` of the department, class or group, empty for the whole school."""

    kind: Whole
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind.value

    @property
    def where(self) -> Mapping[str, str]:
        """Where a role is looked for that has to do with it, in the roster's words."""
        place = _PLACE.get(self.kind)
        return {place: self.id} if place else {}


@dataclass(frozen=True, slots=True)
class Key:
    """What makes an occurrence one of its kind."""

    school_year: str
    measure: str
    time: str
    audience: Audience

    def __str__(self) -> str:
        return f"{self.school_year}/{self.measure}/{self.time}/{self.audience}"


@dataclass(frozen=True, slots=True)
class Window:
    """When something is to be done, first and last day included, where another time than the plan's was agreed."""

    first_day: date
    last_day: date


Moved = Mapping[tuple[str, str], Window]  # by measure and time


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One measure to be done once. `reminders` are the days that the plan names, moved to days of work.

    `moved` is the window that was set for all who have it.
    """

    key: Key
    measure: Measure
    window: Window
    reminders: tuple[date, ...]
    moved: Window | None = None

    @property
    def is_proposed(self) -> bool:
        """Say whether its time is a proposal that nobody has confirmed or moved."""
        return self.moved is None and self.measure.times[self.key.time].dated_by is DatedBy.PROPOSAL


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of an occurrence: `number` counts from 0; from the number of the plan's own on they are weekly."""

    occurrence: Occurrence
    number: int
    day: date

    @property
    def due_at(self) -> datetime:
        """The morning of its day, as an instant in UTC."""
        return morning(self.day)

    @property
    def is_weekly(self) -> bool:
        return self.number >= len(self.occurrence.reminders)


def occurrences(
    plan: Plan, school: School, done: Mapping[Key, date] | None = None, moved: Moved | None = None
) -> Iterator[Occurrence]:
    """Yield what is to be done in the school's year, in the plan's order.

    `done`: when what other measures wait for was done. `moved`: what was given another window than the plan's, for
    all who have it; its reminders move with it.
    """
    dates = _Dates(school, plan, done or {}, moved or {})
    for measure in plan.wheel.values():
        audiences = tuple(audiences_of(measure, school))
        for name, time in measure.times.items():
            for audience in audiences:
                yield dates.occurrence(measure, name, time, audience)


def occurrence_of(plan: Plan, school: School, key: Key, done: Mapping[Key, date], moved: Moved) -> Occurrence | None:
    """Return one of them; None where the plan or the school has no such thing in this year."""
    measure = plan.wheel.get(key.measure)
    is_known = measure is not None and key.time in measure.times and key.school_year == school.school_year
    if measure is None or not is_known or key.audience not in audiences_of(measure, school):
        return None
    return _Dates(school, plan, done, moved).occurrence(measure, key.time, measure.times[key.time], key.audience)


def waiting_for(plan: Plan, measure: str) -> frozenset[str]:
    """Return the measures that are reminded of when another one is done."""
    return frozenset(
        each.id
        for each in plan.wheel.values()
        for time in each.times.values()
        if any((found := REMINDER.fullmatch(written)) and found["measure"] == measure for written in time.remind)
    )


def audiences_of(measure: Measure, school: School) -> Iterator[Audience]:
    """Yield for whom a measure is done at a school, each for itself."""
    words = measure.audience.split()
    match words:
        case ["school"]:
            yield Audience(Whole.SCHOOL)
        case ["each", "department", *rest]:
            levels = _levels(rest)
            yield from (
                Audience(Whole.DEPARTMENT, department)
                for department in school.departments
                if not rest or any(c.department == department and c.level in levels for c in school.classes.values())
            )
        case ["each", "class", *rest]:
            levels = _levels(rest) or frozenset(YearLevel)
            yield from (Audience(Whole.CLASS, c.id) for c in school.classes.values() if c.level in levels)
        case ["each", "group", kind]:
            yield from (Audience(Whole.GROUP, group.id) for group in school.groups.values() if group.kind == kind)


def _levels(words: list[str]) -> frozenset[YearLevel]:
    return frozenset(level for level in YearLevel if level.value in words)


def reminders(occurrence: Occurrence, calendar: Calendar) -> Iterator[Reminder]:
    """Yield every reminder of what is never confirmed: the plan's, then one each week until the pupils' last day."""
    yield from (Reminder(occurrence, number, day) for number, day in enumerate(occurrence.reminders))
    number, day = len(occurrence.reminders), occurrence.reminders[-1]
    while at := weekly_after(occurrence, calendar, day):
        yield Reminder(occurrence, number, at)
        number, day = number + 1, at


def weekly_after(occurrence: Occurrence, calendar: Calendar, day: date | None) -> date | None:
    """Return when to remind again of what was reminded of on a day, if ever; None after the pupils' last day.

    The first is a week after its time is over, or after the plan's own last reminder where that comes later.
    """
    last = occurrence.window.last_day
    at = work_day_from(calendar, max(last, day or last) + WEEK)
    return at if at <= calendar.last_day else None


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who sees to a measure for an audience; nobody who is here where `person` is empty."""

    role: str
    person: str = ""


def responsible(occurrence: Occurrence, roster: Roster) -> Responsible:
    """Return who is asked: of the first of the measure's roles that anybody here holds for this audience."""
    roles, where = occurrence.measure.who, occurrence.key.audience.where
    found = ((role, person) for role in roles for person in roster.present(role, **where)[:1])
    return Responsible(*next(found, (roles[0], "")))


def due_between(
    found: Iterable[Occurrence], calendar: Calendar, since: datetime, until: datetime
) -> Iterator[Reminder]:
    """Yield the reminders that fall due in the half-open time [since, until), those of one instant together."""
    due = [each for one in found for each in reminders(one, calendar) if since <= each.due_at < until]
    yield from sorted(due, key=lambda each: each.due_at)


def whole_of(one: Occurrence, school: School) -> int | None:
    """Return of how many is counted whoever has taken part; None where the school file has no such number."""
    group = school.groups.get(one.key.audience.id) if one.measure.asked is Asked.COUNT_OF_GROUP else None
    return group.pupils if group else None


def _follows(time: Time) -> bool:
    """Say whether a time counts from another measure alone: then it is over with its last reminder."""
    found = [REMINDER.fullmatch(written) for written in time.remind]
    return bool(found) and all(each and each["measure"] for each in found)


def _until(planned: Window, day: date) -> Window:
    return Window(min(planned.first_day, day), day)


@dataclass(frozen=True, slots=True)
class _Dates:
    """The plan's words about time, as days of this school's year."""

    school: School
    plan: Plan
    done: Mapping[Key, date]
    moved: Moved

    def occurrence(self, measure: Measure, name: str, time: Time, audience: Audience) -> Occurrence:
        key = Key(self.school.school_year, measure.id, name, audience)
        planned = Window(self._day(time.first_day), self._day(time.last_day))
        moved = self.moved.get((measure.id, name))
        days = [self._reminder(each, name, audience, planned, moved) for each in time.remind]
        last = last_work_day(self.school.calendar)  # what would come later comes then
        at_work = sorted({min(work_day_from(self.school.calendar, day), last) for day in days})
        window = _until(moved or planned, max(days)) if _follows(time) else moved or planned
        return Occurrence(key, measure, window, tuple(at_work), moved)

    def _placed(self, day: date, planned: Window, window: Window) -> date:
        """Return a day of reminding in a moved window: as far from the end that it is nearer to as in the planned one.

        In a shorter window it is less far, in proportion. Both end with the pupils' last day at the latest: nobody is
        reminded after it.
        """
        last_day = self.school.calendar.last_day
        old_end, new_end = min(planned.last_day, last_day), min(window.last_day, last_day)
        passed, left = (day - planned.first_day).days, (old_end - day).days
        scale = min((new_end - window.first_day).days / max(passed + left, 1), 1.0)

        def scaled(days: int) -> timedelta:  # what is outside the window keeps its distance
            return timedelta(round(days * scale) if days > 0 else days)

        return new_end - scaled(left) if left < passed else window.first_day + scaled(passed)

    def _reminder(self, written: str, time: str, audience: Audience, planned: Window, moved: Window | None) -> date:
        """Return a day of reminding, in the moved window where there is one.

        What counts from another measure follows that one once it is done, though never before its own moved window.
        """
        found = REMINDER.fullmatch(written)
        assert found  # noqa: S101 - the plan has been checked
        if found["measure"]:
            other = self._other(found["measure"], time, audience)
            if other in self.done:
                day = self.done[other] + _days(written)
                return max(day, moved.first_day) if moved else day
            day = (self._planned_end(other) if moved else self._end(other)) + _days(written)
        else:
            day = self._day(found["day"]) if found["day"] else self.school.calendar.first_day + _days(written)
        return self._placed(day, planned, moved) if moved else day

    def _other(self, measure: str, time: str, audience: Audience) -> Key:
        """Return another measure for the same audience, at the same time where it has that one."""
        times = self.plan.wheel[measure].times
        return Key(self.school.school_year, measure, time if time in times else next(iter(times)), audience)

    def _end(self, key: Key) -> date:
        """Return when the time of a measure is over."""
        moved = self.moved.get((key.measure, key.time))
        return moved.last_day if moved else self._planned_end(key)

    def _planned_end(self, key: Key) -> date:
        return self._day(self.plan.wheel[key.measure].times[key.time].last_day)

    def _day(self, written: str) -> date:
        """Return a day of this school year; 29 February is the 28th in a year that has none."""
        first, last = (int(year) for year in self.school.school_year.split("-"))
        month, day = (int(part) for part in written.split("-"))
        year = first if month >= AUGUST else last
        try:
            return date(year, month, day)
        except ValueError:
            return date(year, month, day - 1)


def _days(written: str) -> timedelta:
    found = re.search(r"\+(\d+)d$", written)
    return timedelta(days=int(found[1]) if found else 0)
