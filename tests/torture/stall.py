"""A2: one of two replicas stands still in the middle of sending something, for longer than its lease lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.relay import LEASE
from tests.e2e.slack.conftest import Workplace
from tests.postgresql import EmbeddedPostgresql, create_migrated, embedded
from tests.torture import strace
from tests.torture.oracle import Tally
from tests.torture.points import each
from tests.torture.story import Story, a_school, telling

CASES = 160
A_STALL = 3_000_000  # microseconds
FIRST = 60  # calls before this one belong to the start


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    with embedded() as server:
        template = await create_migrated(server)
        last = await _count(server, template)
        points = range(FIRST, last, max(1, (last - FIRST) * every // CASES))

        async def tell(point: int, folder: Path) -> Tally:
            async with a_school(folder, server.url(server.create_database(like=template))) as story:
                return await _told(story, point)

        async with aclosing(each(points, tell)) as told:
            async for name, tally in told:
                yield f"sendto {name}", tally


async def _count(server: EmbeddedPostgresql, template: str) -> int:
    """Return how many calls the first of two replicas makes while the story is told."""
    with TemporaryDirectory(prefix="torture-") as folder:
        output = Path(folder) / "calls"
        async with a_school(Path(folder) / "school", server.url(server.create_database(like=template))) as story:
            await story.begins(*strace.counting("sendto", output))
            await story.joined()
            await story.told()
        return strace.most_of_one_thread(output)


async def _told(story: Story[Workplace], point: int) -> Tally:
    story.stands_still = A_STALL / 1_000_000
    stalls = asyncio.create_task(_outlast(story))
    try:
        await story.begins(*strace.stalling("sendto", point, A_STALL))
        await story.joined()
        tally = await telling(story, has_begun=True)
    finally:
        stalls.cancel()
        await asyncio.gather(stalls, return_exceptions=True)
    if not stalls.done() or stalls.cancelled():
        tally.tried = 0  # it made fewer such calls this time
    return tally


async def _outlast(story: Story[Workplace]) -> None:
    """Let the lease of whatever the first replica has in hand run out while it stands still."""
    if await strace.is_held_up(await strace.first_program(story.work)):
        story.clock.forward(LEASE.total_seconds() + 1)
