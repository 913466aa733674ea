"""A1: the program is killed at each of its writes to the database, and at each thing it sends over the network."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, aclosing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgresql import EmbeddedPostgresql, create_migrated, embedded
from tests.torture import strace
from tests.torture.oracle import Tally
from tests.torture.points import each
from tests.torture.story import Story, a_school, a_school_in_teams, telling

A_MINUTE = 60_000_000  # microseconds: until it is killed


@dataclass(frozen=True)
class Series:
    """The calls of one kind that the program makes on an engine, for people on a platform; each `stride`th of them."""

    engine: str
    call: str
    stride: int = 1
    is_in_teams: bool = False

    def __str__(self) -> str:
        return f"{self.engine}{', teams' * self.is_in_teams}: {self.call}"

    def opens(self, folder: Path, url: str) -> AbstractAsyncContextManager[Story[Any]]:
        return a_school_in_teams(folder, url) if self.is_in_teams else a_school(folder, url)


@dataclass(frozen=True)
class Kill:
    series: Series
    when: int

    def __str__(self) -> str:
        return f"{self.series} {self.when}"


SERIES = tuple(
    Series(engine, call, stride, is_in_teams)
    for is_in_teams in (False, True)
    for engine, call, stride in (("sqlite", "fdatasync", 1), ("sqlite", "pwrite64", 2), ("postgresql", "sendto", 2))
)


async def cases(every: int = 1, series: Collection[Series] = SERIES) -> AsyncIterator[tuple[str, Tally]]:
    engines = {each.engine for each in series}
    servers: AbstractContextManager[EmbeddedPostgresql | None] = (
        embedded() if "postgresql" in engines else nullcontext()
    )
    with servers as server:
        template = await create_migrated(server) if server else ""

        def url(engine: str) -> str:
            return server.url(server.create_database(like=template)) if server and engine == "postgresql" else ""

        async def tell(point: Kill, folder: Path) -> Tally:
            return await _told(point, folder, url(point.series.engine))

        points = await _points(series, every, url)
        async with aclosing(each(points, tell)) as told:
            async for name, tally in told:
                yield name, tally


async def _points(series: Collection[Series], every: int, url: Callable[[str], str]) -> list[Kill]:
    """Count the calls of an undisturbed telling of each series, and choose among them."""
    found: dict[Series, list[Kill]] = {}

    async def count(one: Series, folder: Path) -> Tally:
        async with one.opens(folder, url(one.engine)) as story:
            tally = await telling(story, *strace.counting(one.call, folder / "calls"))
        found[one] = [*_chosen(one, strace.most_of_one_thread(folder / "calls"), every)]
        return tally

    async with aclosing(each(series, count)) as counted:
        async for name, tally in counted:
            if not tally.is_clean:
                raise AssertionError(f"the story goes wrong by itself while {name} is counted: {tally}")
    return [kill for one in series for kill in found[one]]


def _chosen(series: Series, count: int, every: int) -> Iterator[Kill]:
    stride = series.stride * every
    for when in range(1 + stride // 2, count + 1, stride):
        yield Kill(series, when)


async def _told(point: Kill, folder: Path, url: str) -> Tally:
    call = point.series.call
    async with point.series.opens(folder, url) as story:
        async with story.dying():
            tally = await telling(story, *strace.stalling(call, point.when, A_MINUTE))
        if story.is_killed:  # perhaps only when it was stopped in the end
            tally.others = [other for other in tally.others if other != f"exit code {-signal.SIGKILL}"]
        tally.tried = int(story.is_killed)  # or it made fewer such calls this time
        return tally
