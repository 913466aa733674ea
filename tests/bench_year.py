"""What a county's year costs to plan, and what a look for what is due costs beside a million tasks that aren't."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.app import App, build
from bot.library import Library
from flows.occurrences import Audience, Key, Whole
from flows.tasks import Task
from storage.cipher import KeyRing
from storage.database import Database, open_database
from tests.bench_figures import figure
from tests.school import CHAT, KEY, FakeChat, FakeClock, SeededDice
from tests.year import county, library_of

SCHOOLS = 35
CLASSES = 600  # of each school, so that there are about a hundred thousand tasks
LOOKS = 300
FUTURE = (1_000, 1_000_000)
ROWS = 20_000
AUGUST = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)


async def year() -> None:
    with tempfile.TemporaryDirectory() as folder:
        await _planning(Path(folder))
    costs = []
    for tasks in FUTURE:
        with tempfile.TemporaryDirectory() as folder:
            costs.append(await _looks(Path(folder), tasks))
    said = f"A look for what is due beside {FUTURE[1]} future tasks, in its cost beside {FUTURE[0]}"
    figure(said, costs[1] / costs[0], most=1.2)


async def _opened(folder: Path, library: Library, now: datetime) -> tuple[Database, App]:
    database = await open_database(f"sqlite:///{folder}/year.sqlite", KeyRing.parse(KEY))
    return database, build(database, library, {CHAT: FakeChat()}, FakeClock(now), SeededDice())


async def _planning(folder: Path) -> None:
    database, app = await _opened(folder, library_of(county(SCHOOLS, CLASSES)), AUGUST)
    begun = time.perf_counter()
    await app.reminders.plan()
    took = time.perf_counter() - begun
    async with database.transaction() as tx:
        count = sum([len(await tx.tasks.of_year(f"school{n}", "2026-2027")) for n in range(SCHOOLS)])
    figure(f"A county's year, {SCHOOLS} schools and {count} tasks, planned in", took, " s", most=30)
    await database.close()


async def _looks(folder: Path, tasks: int) -> float:
    """Return what a look costs in seconds, at the median, beside so many tasks that are due later."""
    database, app = await _opened(folder, library_of(county(1, 20)), AUGUST)
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
