"""What must be true of a school after whatever was done to it: nothing lost, nothing doubled, nothing broken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from storage.cipher import KeyRing
from storage.database import Database, open_database
from tests.torture.edge import Work, edge_of
from tests.torture.tally import Tally

__all__ = ["Tally", "errors", "judge", "opened", "survives"]

_opening: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def judge(
    work: Work,
    url: str,
    *,
    reports: int,
    messages: Mapping[str, int],
    may_log: frozenset[str] = frozenset(),
    ambiguous: int = 0,
) -> Tally:
    """Stop the bots and say what is lost or doubled: of `reports` accepted ones, of each person's `messages`.

    `may_log` are the events that may stand in the log as errors after what was done, `ambiguous` is how often nobody
    could tell whether a message has got there.
    """
    tally, edge = Tally(tried=1), edge_of(work)
    for bot in work.bots:
        if bot.process.returncode is None and await bot.stops():
            tally.others.append(f"exit code {bot.process.returncode}")
    tally.others += [f"log: {event}" for event in errors(work) if event not in may_log]
    tally.others += [f"{edge.name}: {fault}" for fault in edge.faults]
    edge.judge(messages, tally, ambiguous)
    await _judge_rows(work, url, reports, tally)
    return tally


async def survives(cases: AsyncIterator[tuple[str, Tally]], *, least: int) -> None:
    """Fail with all that went wrong, or where hardly anything was tried."""
    tried, wrong = 0, []
    async for name, tally in cases:
        tried += tally.tried
        if not tally.is_clean:
            wrong.append(f"{name}: {tally}")
    assert not wrong, "\n".join(wrong)
    assert tried >= least


def errors(work: Work) -> Iterator[str]:
    """Yield the events that were logged as errors."""
    for bot in work.bots:
        for line in bot.log:
            try:
                entry = json.loads(line)
            except ValueError:
                if not line.startswith("strace: "):  # what holds it up says so when it is killed meanwhile
                    yield line.strip()  # no line of ours: a traceback, or the last words of a process that was killed
                continue
            if entry["level"] in ("error", "critical"):
                yield entry["event"]


@asynccontextmanager
async def opened(work: Work, url: str) -> AsyncIterator[Database]:
    """Open a database when nothing runs any more; one at a time, since Alembic's context stands in globals."""
    async with _opening.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        database = await open_database(url, KeyRing.parse(work.key))
    try:
        yield database
    finally:
        await database.close()


async def _judge_rows(work: Work, url: str, reports: int, tally: Tally) -> None:
    async with opened(work, url) as database, database.snapshot() as tx:
        cases = await tx.cases.open_of_school(work.school.id, 10_000)
        tally.lost_reports += max(0, reports - len(cases))
        tally.repeats += max(0, len(cases) - reports)
        tally.others += [f"journal: {fault}" for fault in await tx.journal.verify(work.school.id)]
        for case in cases:
            waiting = [row for row in await tx.outbox.of_case(case.case_id) if row.finished_at is None]
            tally.others += [f"still waits: {row.kind} {row.last_error}" for row in waiting]
