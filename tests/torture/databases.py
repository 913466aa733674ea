"""E1 and E2: what the data stands on fails while people report, be it PostgreSQL or the disk under SQLite."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from tests.torture import disks, servers
from tests.torture.oracle import Tally

PARTS = (servers.cases, disks.cases)


async def cases(every: int = 1) -> AsyncGenerator[tuple[str, Tally]]:
    for part in PARTS:
        async with aclosing(part(every)) as told:
            async for name, tally in told:
                yield name, tally
