"""One report that is taken, while one thing goes wrong on its way: everybody is told in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from tests.e2e.slack.trouble import Delay, Trouble
from tests.torture.hurry import SETTLED, Hurry
from tests.torture.manners import bad_manners
from tests.torture.oracle import Tally, judge
from tests.torture.sent import promised
from tests.torture.story import MAY_LOG, NeverCame, last_lines
from tests.torture.tally import said_of

TAKEN = "Kari Moen har tatt saken"
NOT_SO_BEFORE = Delay()  # a call that goes well


@dataclass(frozen=True)
class Case:
    """`before` calls of the method go well, `times` don't."""

    method: str
    trouble: Trouble
    before: int = 0
    times: int = 1

    changes: ClassVar[Collection[str]] = ()  # the methods that change what stands there already,
    edits: ClassVar[Collection[str]] = ()  # and those of them that only go wrong once it is to be changed

    def __str__(self) -> str:
        return f"{self.method} {self.trouble} ×{self.times} after {self.before}"

    @property
    def watched(self) -> float:
        """Return how many true seconds nobody hurries: it would not be seen then how soon something is asked again."""
        return SETTLED if self.times == 1 else 1.2

    @property
    def ambiguous(self) -> int:
        """Return how often nobody could tell whether a message has got there."""
        return 0

    @property
    def order(self) -> tuple[Trouble, ...]:
        return (NOT_SO_BEFORE,) * self.before + (self.trouble,) * self.times

    def opens(self, folder: Path) -> AbstractAsyncContextManager[Any]:
        """Open a school on the platform."""
        raise NotImplementedError

    async def begins(self, hurry: Hurry[Any]) -> None:
        """Do what comes before the report."""

    def goes_wrong(self, hurry: Hurry[Any]) -> None:
        """Order what goes wrong from now on."""
        hurry.weather.order(self.method, *self.order)

    async def ends(self, hurry: Hurry[Any]) -> None:
        """Let what comes late come."""
        await hurry.until(lambda: hurry.weather.is_calm, "the ghosts")

    def finds(self, hurry: Hurry[Any]) -> Iterator[str]:
        """Yield what else is wrong in the end."""
        yield from ()


async def told(case: Case, folder: Path) -> Tally:
    """Tell of a report that is taken, while one thing goes wrong."""
    folder.mkdir(parents=True)  # noqa: ASYNC240 - before anything runs
    async with case.opens(folder) as work:
        hurry = Hurry(work)
        if not await hurry.starts():
            return Tally()
        try:
            await case.begins(hurry)
            await _reported_and_taken(hurry, case)
            await case.ends(hurry)
            if left := hurry.weather.left(case.method):
                raise NeverCame(f"the trouble itself, {left} times")
        except (AssertionError, TimeoutError) as failed:
            return Tally(tried=1, others=[said_of(failed), *last_lines(work)])
        return await _judged(hurry, case)


async def _reported_and_taken(hurry: Hurry[Any], case: Case) -> None:
    edge = hurry.edge
    if not await edge.opens_form("ola", hurry.shows):
        raise NeverCame("a form")
    if case.method not in case.edits:
        case.goes_wrong(hurry)
    assert await edge.hands_in("ola")
    await asyncio.sleep(case.watched)
    await hurry.until(lambda: edge.count("kari") and edge.count("ola"), "an alert to kari and a message to ola")
    if case.method in case.changes:  # what isn't out yet is overtaken by what comes next
        await hurry.settles()
    if case.method in case.edits:
        case.goes_wrong(hurry)
    await edge.presses("kari", "Jeg tar saken")
    await asyncio.sleep(case.watched)  # and what is said to her may stand on a trigger, which lives for seconds only
    await hurry.until(lambda: TAKEN in edge.reads("ola") and edge.count("berit"), "the news that kari has it")
    await hurry.settles()


async def _judged(hurry: Hurry[Any], case: Case) -> Tally:
    work, url = hurry.work, f"sqlite:///{hurry.work.folder}/rusplan.sqlite"
    await work.bot.stops()
    expected = await promised(work, url)
    tally = await judge(work, url, reports=1, messages=expected, may_log=MAY_LOG, ambiguous=case.ambiguous)
    tally.others += [*bad_manners(hurry.edge.asked()), *case.finds(hurry)]
    if missing := {"ola", "kari", "berit"} - set(expected):
        tally.others.append(f"nothing was ever promised to {sorted(missing)}")
    return tally
