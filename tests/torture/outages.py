"""B2: a platform is away for ten minutes, or answers nothing, also at the start: reports come in, and alerts climb.

Of Teams it may be the messages alone that are away, or what hands out tokens, or the keys that people's acts are proven
with. A program that starts without keys believes nobody, and does so by itself soon after they are back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import aiohttp

from tests.e2e.slack.conftest import workplace
from tests.e2e.slack.trouble import Answer, Hang, Reset, Trouble
from tests.e2e.teams.conftest import Workplace as WorkplaceInTeams
from tests.e2e.teams.conftest import workplace as workplace_in_teams
from tests.torture.faults_in_teams import OVER
from tests.torture.hurry import SETTLED, Hurry
from tests.torture.manners import bad_manners
from tests.torture.oracle import Tally, judge
from tests.torture.points import each
from tests.torture.sent import promised, twice
from tests.torture.story import MAY_LOG, last_lines
from tests.torture.tally import said_of
from tests.torture.weather import close_door, open_door

AT_ONCE = 2
MINUTES = 10.0
PACE, PACE_OF_MESSAGES, SLOW_PACE = (10.0, 0.25), (5.0, 0.4), (5.0, 0.8)  # seconds of the program's time, and true
ALIVE_WITHIN = 0.25  # true seconds
MAY_BE_SLOW = 1  # times: on a machine with other work to do
BELIEVES_WITHIN = 15.0  # true seconds after the keys are back
LOG_OF_OUTAGE = MAY_LOG | {"audit_found"}  # an alert that nobody has taken for minutes: the auditor says so
REPORTERS = ("Ola Rise er hos", "Eva Sand er hos")
AWAY: tuple[Trouble | None, ...] = (Reset(), Hang(), Answer(503, "no"), None)  # None: nobody listens there
SLACK, MESSAGES, TOKENS, KEYS = "slack", "messages", "tokens", "keys"
KINDS = {
    MESSAGES: frozenset(("create", "post", "update", "delete", "member")),
    TOKENS: frozenset(("token",)),
    KEYS: frozenset(("openid", "keys")),
}
CHANGES = ("chat.postMessage", "chat.update", "post", "update")  # of what stands in a chat
NOT_BELIEVED = "the bot answered 503"


@dataclass(frozen=True)
class Outage:
    of: str
    how: Trouble | None
    from_the_start: bool

    def __str__(self) -> str:
        return f"{self.of}: {self.how or 'refused'}, {'while it starts' if self.from_the_start else 'while it runs'}"

    @property
    def believes_nobody(self) -> bool:
        """Whether nobody can prove who he is; whoever takes messages also says where the keys are."""
        is_without = self.of == KEYS or (self.of == MESSAGES and self.how is None)
        return is_without and self.from_the_start

    @property
    def ambiguous(self) -> int:
        """Return how often nobody could tell whether a message has got there."""
        return int(self.of == MESSAGES and self.how is not None)

    @property
    def pace(self) -> tuple[float, float]:
        """Return a step of the clock, and what it takes.

        No lease must run out by it while a token is waited for, or over a message that goes out meanwhile.
        """
        if self.of == TOKENS and self.how == Hang():
            return SLOW_PACE
        return PACE_OF_MESSAGES if self.of == KEYS else PACE

    def opens(self, folder: Path) -> AbstractAsyncContextManager[Any]:
        return workplace(folder) if self.of == SLACK else workplace_in_teams(folder)


OUTAGES = [Outage(*each) for each in product((SLACK, MESSAGES, TOKENS, KEYS), AWAY, (False, True))]


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    async with aclosing(each(OUTAGES[::every], told, AT_ONCE)) as tried:
        async for name, tally in tried:
            yield name, tally


async def told(outage: Outage, folder: Path) -> Tally:
    """Tell of two reports that are handed in while it is away; the forms were opened before."""
    folder.mkdir(parents=True)  # noqa: ASYNC240 - before anything runs
    async with outage.opens(folder) as work:
        hurry = Hurry(work)
        others: list[str] = []
        try:
            door = await _door(hurry, outage)
            if not await hurry.starts():
                return Tally()
            for person in ("ola", "eva"):
                assert await hurry.edge.opens_form(person, hurry.shows), f"no form for {person}"
            if outage.believes_nobody:  # what has been reported before then climbs all the same
                await _hands_in(hurry, "ola", others)
            await _goes_away(hurry, outage, door)
            async with _watched(hurry, others):
                await _ten_minutes(hurry, outage, others)
            await _is_back(hurry, outage, door, others)
        except (AssertionError, TimeoutError) as failed:
            return Tally(tried=1, others=[said_of(failed), *others, *last_lines(work)])
        return await _judged(hurry, outage, others)


async def _door(hurry: Hurry[Any], outage: Outage) -> int:
    """Return the port at which alone that is reached which goes away."""
    if outage.of not in (TOKENS, KEYS):
        return hurry.edge.port
    door, identity = await open_door(hurry.edge.runner), hurry.work.teams.identity
    address = f"http://127.0.0.1:{door}"
    if outage.of == TOKENS:
        identity.token_base = address
    else:
        identity.keys_base = address
    return door


async def _goes_away(hurry: Hurry[Any], outage: Outage, door: int) -> None:
    work = hurry.work
    if outage.from_the_start:
        await work.bot.stops()
    if outage.how is None:
        await close_door(hurry.edge.runner, door)
    hurry.weather.all_day, hurry.weather.of = outage.how, KINDS.get(outage.of, frozenset())
    if outage.of == TOKENS:
        work.teams.identity.tokens.clear()  # the one that it has is no good any more
    if outage.from_the_start:
        if isinstance(work, WorkplaceInTeams):
            work.gets_keys = not outage.believes_nobody
        await work.starts(**hurry.clock.environment)


async def _ten_minutes(hurry: Hurry[Any], outage: Outage, others: list[str]) -> None:
    began, eva_has_reported, (step, beat) = hurry.clock.now(), False, outage.pace
    if not outage.believes_nobody:
        await _hands_in(hurry, "ola", others)
    while (gone := hurry.clock.now() - began) < MINUTES * 60 + step:
        hurry.clock.forward(step)
        if await hurry.edge.nudge() == outage.believes_nobody:
            others.append(f"somebody's act is {'believed' if outage.believes_nobody else 'not taken'}")
        await asyncio.sleep(beat)
        if gone > MINUTES * 30 and not eva_has_reported:
            eva_has_reported = True
            if outage.believes_nobody:
                await _is_not_believed(hurry, others)
            else:
                await _hands_in(hurry, "eva", others)


async def _hands_in(hurry: Hurry[Any], person: str, others: list[str]) -> None:
    if not await hurry.edge.hands_in(person):
        others.append(f"{person}'s report is not accepted")


async def _is_not_believed(hurry: Hurry[Any], others: list[str]) -> None:
    """Let eva hand in her report: she sees that it is not taken, and the form stays."""
    if await hurry.edge.hands_in("eva"):
        others.append("a report is accepted that nobody has proven")
    faults = hurry.edge.faults
    if not any(NOT_BELIEVED in fault for fault in faults):
        others.append(f"eva sees nothing of it: {faults}")
    faults[:] = [fault for fault in faults if NOT_BELIEVED not in fault]


async def _is_back(hurry: Hurry[Any], outage: Outage, door: int, others: list[str]) -> None:
    edge = hurry.edge
    hurry.weather.all_day = None
    if outage.how is None:
        await open_door(edge.runner, door)
    if outage.of == TOKENS:
        edge.faults[:] = [fault for fault in edge.faults if OVER not in fault]
    if outage.believes_nobody:
        await _believes_again(hurry)
        await _hands_in(hurry, "eva", others)
    await hurry.until(lambda: all(who in edge.reads("kari") for who in REPORTERS), "both alerts")
    await hurry.until(lambda: edge.count("ola") and edge.count("eva"), "both answers")
    await hurry.until(lambda: edge.count("arne") and edge.count("berit"), "what has climbed meanwhile")
    await edge.presses_all("kari", "Jeg tar saken")
    await asyncio.sleep(SETTLED)
    taken = "Kari Moen har tatt saken"
    await hurry.until(lambda: taken in edge.reads("ola") and taken in edge.reads("eva"), "the news that kari has them")
    await hurry.settles()


async def _believes_again(hurry: Hurry[Any]) -> None:
    """Wait until the program has fetched the keys by itself."""
    end = time.monotonic() + BELIEVES_WITHIN
    while not await hurry.edge.nudge():
        assert time.monotonic() < end, "the keys are back, and nobody is believed"
        await asyncio.sleep(SETTLED)


@asynccontextmanager
async def _watched(hurry: Hurry[Any], others: list[str]) -> AsyncIterator[None]:
    """Ask again and again whether the program is alive; note how long it takes to say so."""
    slow: list[float] = []
    watching = asyncio.create_task(_watch(f"{hurry.work.bot.url}/healthz", slow))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    if len(slow) > MAY_BE_SLOW:
        others.append(f"/healthz took {', '.join(f'{each:.2f} s' for each in slow)}")


async def _watch(url: str, slow: list[float]) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            began = time.monotonic()
            async with session.get(url) as answer:
                assert answer.status == 200
            if (took := time.monotonic() - began) > ALIVE_WITHIN:
                slow.append(took)
            await asyncio.sleep(0.05)


async def _judged(hurry: Hurry[Any], outage: Outage, others: list[str]) -> Tally:
    work, url = hurry.work, f"sqlite:///{hurry.work.folder}/rusplan.sqlite"
    for bot in work.bots:
        if bot.process.returncode is None:
            await bot.stops()
    expected, ambiguous = await promised(work, url), outage.ambiguous
    tally = await judge(work, url, reports=2, messages=expected, may_log=LOG_OF_OUTAGE, ambiguous=ambiguous)
    calls = (call for call in hurry.edge.asked() if call.kind in CHANGES)
    tally.others += [*others, *bad_manners(calls)]
    if outage.of == SLACK and twice(work):
        tally.others.append(f"{twice(work)} second copies")
    return tally
