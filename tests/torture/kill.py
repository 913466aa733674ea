"""A1: the program is killed at each of its writes to the database, and at each thing it sends over the network."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AbstractContextManager, aclosing, nullcontext
from dataclasses import dataclass
from pathlib import Path

from tests.postgresql import EmbeddedPostgresql, create_migrated, embedded
from tests.torture import strace
from tests.torture.oracle import Tally
from tests.torture.points import each
from tests.torture.story import a_school, telling

CALLS = {"sqlite": {"fdatasync": 1, "pwrite64": 2}, "postgresql": {"sendto": 2}}  # every so-manieth of each
A_MINUTE = 60_000_000  # microseconds: until it is killed


@dataclass(frozen=True)
class Kill:
    engine: str
    call: str
    when: int

    def __str__(self) -> str:
        return f"{self.engine}: {self.call} {self.when}"


async def cases(
    every: int = 1, engines: Collection[str] = ("sqlite", "postgresql")
) -> AsyncIterator[tuple[str, Tally]]:
    servers: AbstractContextManager[EmbeddedPostgresql | None] = (
        embedded() if "postgresql" in engines else nullcontext()
    )
    with servers as server:
        template = await create_migrated(server) if server else ""

        def url(engine: str) -> str:
            return server.url(server.create_database(like=template)) if server and engine == "postgresql" else ""

        async def tell(point: Kill, folder: Path) -> Tally:
            return await _told(point, folder, url(point.engine))

        points = [point for engine in engines for point in await _points(engine, every, url)]
        async with aclosing(each(points, tell)) as told:
            async for name, tally in told:
                yield name, tally


async def _points(engine: str, every: int, url: Callable[[str], str]) -> list[Kill]:
    """Count the calls of an undisturbed telling, and choose among them."""
    found: list[Kill] = []
    calls = CALLS[engine]

    async def count(call: str, folder: Path) -> Tally:
        async with a_school(folder, url(engine)) as story:
            tally = await telling(story, *strace.counting(call, folder / "calls"))
        found.extend(_chosen(Kill(engine, call, 0), strace.most_of_one_thread(folder / "calls"), calls[call] * every))
        return tally

    async with aclosing(each(calls, count)) as counted:
        async for name, tally in counted:
            if not tally.is_clean:
                raise AssertionError(f"the story goes wrong by itself while {name} is counted: {tally}")
    return sorted(found, key=lambda kill: (kill.call, kill.when))


def _chosen(kill: Kill, count: int, stride: int) -> Iterator[Kill]:
    for when in range(1 + stride // 2, count + 1, stride):
        yield Kill(kill.engine, kill.call, when)


async def _told(point: Kill, folder: Path, url: str) -> Tally:
    async with a_school(folder, url) as story:
        async with story.dying():
            tally = await telling(story, *strace.stalling(point.call, point.when, A_MINUTE))
        if story.is_killed:  # perhaps only when it was stopped in the end
            tally.others = [other for other in tally.others if other != f"exit code {-signal.SIGKILL}"]
        tally.tried = int(story.is_killed)  # or it made fewer such calls this time
        return tally
