"""What a county's year costs to plan, and what a look for what is due costs beside a million tasks that aren't."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.app import App, build
from bot.files import load_plan, plan_document, shipped_plan
from bot.library import Library, load_library
from flows.occurrences import Audience, Key, Whole, occurrences, responsible
from flows.roster import Roster
from flows.school import School
from flows.school_days import local_day
from flows.tasks import Task
from storage.cipher import KeyRing
from storage.database import Database, open_database
from tests.school import CHAT, DEMO_SCHOOL, KEY, FakeChat, FakeClock, SeededDice
from tests.year import years

SCHOOLS = 35
CLASSES = 600  # of each school, so that there are about a hundred thousand tasks
REAL_CLASSES = 86  # about three thousand contact teachers in all
AFTER_ANOTHER = "W11"  # its day follows from when another measure was done
LOOKS = 300
FUTURE = (1_000, 1_000_000)
ROWS = 20_000
AUGUST = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)


async def year() -> None:
    with tempfile.TemporaryDirectory() as folder:
        await _planning(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        await _goes_by(Path(folder))
    costs = []
    for tasks in FUTURE:
        with tempfile.TemporaryDirectory() as folder:
            costs.append(await _looks(Path(folder), tasks))
    print(f"A look for what is due beside {FUTURE[1]} future tasks: {costs[1] / costs[0]:.2f} of its cost beside "
          f"{FUTURE[0]} (limit 1.20)")  # fmt: skip


def a_county(schools: int, classes: int) -> Library:
    """Return a library of made-up schools that follow the shipped plan."""
    plan = load_plan(shipped_plan("oppdal"))
    pattern = load_library(None, [DEMO_SCHOOL]).schools[0]
    return Library(
        [_school(pattern, number, classes) for number in range(schools)],
        [(plan, plan_document(shipped_plan("oppdal")))],
    )


def _school(pattern: School, number: int, classes: int) -> School:
    known = list(pattern.classes.values())
    own = (replace(known[place % len(known)], id=f"{place}K", was="") for place in range(classes))
    people = {name: replace(who, email=f"{number}.{who.email}") for name, who in pattern.people.items()}
    return replace(pattern, id=f"school{number}", classes={each.id: each for each in own}, people=people)


async def _opened(folder: Path, library: Library, now: datetime) -> tuple[Database, App]:
    database = await open_database(f"sqlite:///{folder}/year.sqlite", KeyRing.parse(KEY))
    return database, build(database, library, {CHAT: FakeChat()}, FakeClock(now), SeededDice())


async def _planning(folder: Path) -> None:
    database, app = await _opened(folder, a_county(SCHOOLS, CLASSES), AUGUST)
    begun = time.perf_counter()
    await app.reminders.plan()
    took = time.perf_counter() - begun
    async with database.transaction() as tx:
        count = sum([len(await tx.tasks.of_year(f"school{n}", "2026-2027")) for n in range(SCHOOLS)])
    print(f"A county's year, {SCHOOLS} schools and {count} tasks, planned in {took:.1f} s (limit 30)")
    await database.close()


async def _goes_by(folder: Path) -> None:
    """A county's year with a clock that is moved: everybody confirms at once, so each task is told once, on its day."""
    schools = a_county(SCHOOLS, REAL_CLASSES).schools
    plan = load_plan(shipped_plan("oppdal"))
    wanted = Counter(
        (one.reminders[0], responsible(one, Roster(school)).person, one.key)
        for school in schools
        for one in occurrences(plan, school)
        if one.key.measure != AFTER_ANOTHER
    )
    async with years(folder, lambda _: schools, AUGUST, confirms=True) as going_by:
        await going_by.come(AUGUST + timedelta(days=330))
    told = Counter(
        (local_day(each.at), each.person, each.key) for each in going_by.told if each.key.measure != AFTER_ANOTHER
    )
    print(f"A county's year goes by: {sum(wanted.values())} tasks to be told, {sum((wanted - told).values())} missing, "
          f"{sum((told - wanted).values())} too many or on another day")  # fmt: skip


async def _looks(folder: Path, tasks: int) -> float:
    """Return what a look costs in seconds, at the median, beside so many tasks that are due later."""
    database, app = await _opened(folder, a_county(1, 20), AUGUST)
    for start in range(0, tasks, ROWS):
        async with database.transaction() as tx:
            await tx.tasks.add("school0", _future(start, min(start + ROWS, tasks)))
    took = []
    for _ in range(LOOKS):
        begun = time.perf_counter()
        await app.reminders.remind()
        await app.reminders.next_due()
        took.append(time.perf_counter() - begun)
    await database.close()
    return statistics.median(took)


def _future(first: int, last: int) -> Sequence[Task]:
    days = [date(2026, 9, 1) + timedelta(days=each) for each in range(200)]
    return [
        Task(
            Key("2026-2027", f"W{number % 30}", "t", Audience(Whole.CLASS, str(number))),
            id=f"{number:032x}",
            next_on=days[number % len(days)],
        )
        for number in range(first, last)
    ]
