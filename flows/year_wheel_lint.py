"""What must be true of a plan's year wheel; the rest of a plan is checked in `plan_lint.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from flows.faults import EntryPath, Fault
from flows.plan import Plan
from flows.year_wheel import Asked, Measure

AUDIENCE = re.compile(r"school|each department( with Vg[123])?|each class( Vg[123])?|each group \w+")
GROUP = "each group "
REMINDER = re.compile(r"(?P<day>\d\d-\d\d)|(?P<start>skolestart)(\+\d{1,3}d)?|(?P<measure>\w+)\+\d{1,3}d")


def wheel_faults(plan: Plan) -> Iterator[Fault]:
    """Yield what keeps a measure from being carried out: unknown roles, clauses, audiences and days."""
    for name, measure in plan.wheel.items():
        path: EntryPath = ("wheel", name)
        for role in measure.who:
            if role not in plan.roles:
                yield Fault((*path, "about", "who"), f"Det finnes ingen rolle «{role}».")
        for clause in measure.clauses:
            if clause not in plan.clauses:
                yield Fault((*path, "about", "clauses"), f"Det finnes ikke noe punkt «{clause}» i planen.")
        if not AUDIENCE.fullmatch(measure.audience):
            yield Fault(
                (*path, "about", "audience"),
                "Målgruppen skrives «school», «each department», «each department with Vg1», «each class», "
                "«each class Vg1» eller «each group toppidrett».",
            )
        if measure.asked is Asked.COUNT_OF_GROUP and not measure.audience.startswith(GROUP):
            yield Fault((*path, "about", "done"), "«count_of_group» er bare for «each group», for eksempel «each group "
                        "toppidrett».")  # fmt: skip
        if measure.sheet and measure.sheet not in plan.sheets:
            yield Fault(
                (*path, "about", "sheet"), f"Planen har ikke noe ark «{measure.sheet}». Skriv det under sheets."
            )
        yield from _time_faults(path, measure, plan)


def _time_faults(path: EntryPath, measure: Measure, plan: Plan) -> Iterator[Fault]:
    for key, time in measure.times.items():
        for day in (time.first_day, time.last_day):
            if not _is_day(day):
                yield Fault((*path, "times", key, "window"), f"«{day}» er ikke en dag. Skriv MM-DD.")
        for reminder in time.remind:
            found = REMINDER.fullmatch(reminder)
            other = found and found["measure"]
            if not found or (found["day"] and not _is_day(found["day"])):
                yield Fault((*path, "times", key, "remind"), f"«{reminder}» er ikke en påminnelse. Skriv MM-DD, "
                            "skolestart, skolestart+7d eller W10+7d.")  # fmt: skip
            elif other and other not in plan.wheel:
                yield Fault((*path, "times", key, "remind"), f"Det finnes ikke noe tiltak «{other}».")


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(f"2024-{written}")  # a leap year, so that 02-29 is a day
    except ValueError:
        return False
    return True
