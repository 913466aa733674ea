"""The program's loop stands still for good: it ends itself, and what is started after it has lost nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

from bot.exits import STUCK
from tests.e2e.slack.conftest import Workplace
from tests.torture import strace
from tests.torture.oracle import Tally
from tests.torture.points import each
from tests.torture.story import Story, a_school, telling

FOR_GOOD = 15_000_000  # microseconds: strace lets nothing end that it holds up
WITHIN = 20.0  # seconds
FIRST, LAST, STRIDE = 800, 2000, 120  # the calls at which the loop waits for something, while somebody reports
MAY_LOG = frozenset({"log: loop_stuck"})


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    async with aclosing(each(range(FIRST, LAST, STRIDE * every), _told)) as told:
        async for name, tally in told:
            yield f"epoll_wait {name}", tally


async def _told(point: int, folder: Path) -> Tally:
    """Let the loop stand still over a report, and tell the story to its end with what is started after that."""
    async with a_school(folder) as story:
        # Without a clock of ours: libfaketime lets time.sleep fail.
        await story.work.starts(*strace.stalling("epoll_wait", point, FOR_GOOD), DATABASE_URL=story.url)
        code = await _stuck(story)
        tally = await telling(story, has_begun=True)
        tally.others = [other for other in tally.others if other not in MAY_LOG]
        if code != STUCK:
            tally.others.append(f"exit code {code}")
        return tally


async def _stuck(story: Story[Workplace]) -> int | None:
    """Let ola report, and look around, until nobody answers; return how the program has ended, None if it has not."""
    work, process = story.work, story.work.bot.process
    held_up = asyncio.create_task(strace.is_held_up(process))
    await story.tries(story.reports_once)
    while not held_up.done():
        await story.tries(lambda: _looks_around(work))
    try:
        return await asyncio.wait_for(process.wait(), WITHIN)
    except TimeoutError:
        return None
    finally:
        work.slack.faults.clear()  # what ola saw of it


async def _looks_around(work: Workplace) -> bool:
    await work.eva.slash("/rus-hjelp")
    return True
