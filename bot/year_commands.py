"""`rusplan plan year`: every reminder of the prevention year that would go out in a period; no database, no network."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import date, timedelta

from bot.exits import FAULTS_FOUND, FINE, WRONG_USAGE
from bot.files import FaultyFile, load_plans, load_school
from flows.occurrences import AUGUST, Reminder, Responsible, due_between, occurrences, responsible
from flows.plan import Plan
from flows.planning import school_on
from flows.roster import Roster
from flows.school import School
from flows.school_days import OSLO, morning

DAY = timedelta(days=1)
NOBODY = "ingen"
LATER_YEARS = (
    "Skolefila gjelder skoleåret {year}. Etter det er dagene regnet ut fra den, og kan bli andre når neste fil er der."
)


def show_year(arguments: Namespace) -> int:
    try:
        plans = load_plans(arguments.plan)
        school = load_school(arguments.school, plans)
    except FaultyFile as faulty:
        print(*faulty.faults, sep="\n", file=sys.stderr)
        return FAULTS_FOUND
    first, last = arguments.first or school.calendar.staff_from, arguments.last or school.calendar.last_day
    if first > last:
        print("--from er etter --to.", file=sys.stderr)
        return WRONG_USAGE
    years = list(_years(school, last))
    period = first, last
    found = [each for one in years for each in _reminders(plans[school.plan], one, *period, weekly=arguments.weekly)]
    if len(years) > 1:
        print(LATER_YEARS.format(year=school.school_year), file=sys.stderr)
    if arguments.json:
        print(json.dumps([_as_json(*each, school) for each in found], ensure_ascii=False, indent=2))
    else:
        print(*(_line(*each, school) for each in found), sep="\n", end="\n" if found else "")
    return FINE


def _years(school: School, last: date) -> Iterator[School]:
    """Yield the school in its file's year and, where a period ends after it, in those that follow, as far as known."""
    own, end = int(school.school_year.split("-")[0]), last.year - (last.month < AUGUST)
    yield from (school_on(school, date(year, AUGUST, 1)) for year in range(own, max(own, end) + 1))


def _reminders(
    plan: Plan, school: School, first: date, last: date, *, weekly: bool
) -> Iterator[tuple[Reminder, Responsible]]:
    """Yield the reminders of a period, first and last day included, and who would get each if nobody is away."""
    roster = Roster(school)
    for reminder in due_between(occurrences(plan, school), school.calendar, morning(first), morning(last + DAY)):
        if weekly or not reminder.is_weekly:
            yield reminder, responsible(reminder.occurrence, roster)


def _as_json(reminder: Reminder, who: Responsible, school: School) -> dict[str, object]:
    one = reminder.occurrence
    return {
        "at": reminder.due_at.isoformat(),
        "measure": one.key.measure,
        "time": one.key.time,
        "school_year": one.key.school_year,
        "audience": {"kind": one.key.audience.kind.value, "id": one.key.audience.id},
        "number": reminder.number + 1,
        "weekly": reminder.is_weekly,
        "role": who.role,
        "person": who.person,
        "name": school.people[who.person].name if who.person else "",
        "window": [one.window.first_day.isoformat(), one.window.last_day.isoformat()],
        "dated_by": one.measure.times[one.key.time].dated_by.value,
        "binding": one.measure.binding.value,
        "text": {"nb": one.measure.text.nb, "nn": one.measure.text.nn},
    }


def _line(reminder: Reminder, who: Responsible, school: School) -> str:
    one = reminder.occurrence
    at = reminder.due_at.astimezone(OSLO)
    name = school.people[who.person].name if who.person else NOBODY
    audience = one.key.audience.id or "skolen"
    binding, dated_by = one.measure.binding, one.measure.times[one.key.time].dated_by
    return (
        f"{at:%Y-%m-%d %H:%M}  {one.key.measure:<4} {binding:<7} {f'tid: {dated_by}':<14} {audience:<12} "
        f"{who.role:<16} {name:<24} {one.measure.text.nb}"
    )
