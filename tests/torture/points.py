"""Many tellings of the story, each in a folder and on a database of its own."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, TypeVar

from tests.torture.oracle import Tally

AT_ONCE = 1 if "PYTEST_XDIST_WORKER" in os.environ else 2  # there are others beside us

Point = TypeVar("Point")


async def each(
    points: Iterable[Point], tell: Callable[[Point, Path], Coroutine[Any, Any, Tally]], at_once: int = AT_ONCE
) -> AsyncGenerator[tuple[str, Tally], None]:
    """Yield what became of each point, in the order in which they come to their end."""
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        free = asyncio.Semaphore(at_once)

        async def one(number: int, point: Point) -> tuple[str, Tally]:
            async with free:
                return str(point), await tell(point, Path(folder) / str(number))

        tasks = [asyncio.create_task(one(number, point)) for number, point in enumerate(points)]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
