"""B2: Slack is away for ten minutes, or answers nothing, also at the start: reports come in, and alerts climb."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

import aiohttp

from tests.e2e.slack.conftest import workplace
from tests.e2e.slack.people import Person
from tests.e2e.slack.test_a_report_in_slack import SEEN, in_dm, reads
from tests.e2e.slack.trouble import Answer, Hang, Reset, Trouble
from tests.torture.hurry import SETTLED, Hurry
from tests.torture.oracle import Tally, judge
from tests.torture.points import each
from tests.torture.sent import bad_manners, promised, twice
from tests.torture.story import MAY_LOG, last_lines
from tests.torture.weather import close_door, open_door

AT_ONCE = 2
MINUTES = 10.0
STEP, BEAT = 10.0, 0.25  # seconds of the program's time, and true ones
ALIVE_WITHIN = 0.25  # true seconds
MAY_BE_SLOW = 1  # times: on a machine with other work to do
LOG_OF_OUTAGE = MAY_LOG | {"audit_found"}  # an alert that nobody has taken for minutes: the auditor says so
REPORTERS = ("Ola Rise er hos", "Eva Sand er hos")
AWAY: tuple[Trouble | None, ...] = (Reset(), Hang(), Answer(503, "no"), None)  # None: nobody listens there


@dataclass(frozen=True)
class Outage:
    how: Trouble | None
    from_the_start: bool

    def __str__(self) -> str:
        return f"{self.how or 'refused'}, {'while it starts' if self.from_the_start else 'while it runs'}"


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    outages = (Outage(how, at_start) for how, at_start in product(AWAY, (False, True)))
    async with aclosing(each(islice(outages, 0, None, every), told, AT_ONCE)) as tried:
        async for name, tally in tried:
            yield name, tally


async def told(outage: Outage, folder: Path) -> Tally:
    """Tell of two reports that are handed in while Slack is away; the forms were opened before."""
    folder.mkdir(parents=True)  # noqa: ASYNC240 - before anything runs
    async with workplace(folder) as work:
        hurry = Hurry(work)
        others: list[str] = []
        if not await hurry.starts():
            return Tally()
        try:
            for person in (work.ola, work.eva):
                await _fills_in(hurry, person)
            await _goes_away(hurry, outage)
            async with _watched(hurry, others):
                await _ten_minutes(hurry, others)
            await _is_back(hurry, outage)
        except (AssertionError, TimeoutError) as failed:
            return Tally(tried=1, others=[f"{type(failed).__name__}: {failed}", *others, *last_lines(work)])
        return await _judged(hurry, others)


async def _fills_in(hurry: Hurry, person: Person) -> None:
    await person.slash("/rus-hendelse")
    await hurry.work.slack.until(lambda: person.modal)
    await person.fills(SEEN)


async def _goes_away(hurry: Hurry, outage: Outage) -> None:
    work = hurry.work
    if outage.from_the_start:
        await work.bot.stops()
    if outage.how is None:
        await close_door(work.slack)
    hurry.weather.all_day = outage.how
    if outage.from_the_start:
        await work.starts(**hurry.clock.environment)


async def _ten_minutes(hurry: Hurry, others: list[str]) -> None:
    work, began = hurry.work, hurry.clock.now()
    await _hands_in(work.ola, others)
    eva_has_reported = False
    while (gone := hurry.clock.now() - began) < MINUTES * 60 + STEP:
        hurry.clock.forward(STEP)
        await hurry.nudges()
        await asyncio.sleep(BEAT)
        if gone > MINUTES * 30 and not eva_has_reported:
            eva_has_reported = True
            await _hands_in(work.eva, others)


async def _hands_in(person: Person, others: list[str]) -> None:
    ack = await person.submits()
    if not (ack and "Varselet er sendt" in reads(person)):
        others.append(f"{person.user.name}'s report is answered with {reads(person)!r}")


async def _is_back(hurry: Hurry, outage: Outage) -> None:
    work = hurry.work
    hurry.weather.all_day = None
    if outage.how is None:
        await open_door(work.slack)
    await hurry.until(lambda: all(who in in_dm(work.kari) for who in REPORTERS), "both alerts")
    await hurry.until(lambda: work.ola.dm and work.eva.dm, "both answers")
    await hurry.until(lambda: work.arne.dm and work.berit.dm, "what has climbed meanwhile")
    await work.ola.closes()
    for message in work.kari.dm:
        if "Jeg tar saken" in str(message.blocks):
            await work.kari.presses("Jeg tar saken", on=message)
    await asyncio.sleep(SETTLED)
    taken = "Kari Moen har tatt saken"
    await hurry.until(lambda: taken in in_dm(work.ola) and taken in in_dm(work.eva), "the news that kari has them")
    await hurry.settles()


@asynccontextmanager
async def _watched(hurry: Hurry, others: list[str]) -> AsyncIterator[None]:
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


async def _judged(hurry: Hurry, others: list[str]) -> Tally:
    work, url = hurry.work, f"sqlite:///{hurry.work.folder}/rusplan.sqlite"
    for bot in work.bots:
        if bot.process.returncode is None:
            await bot.stops()
    tally = await judge(work, url, reports=2, messages=await promised(work, url), may_log=LOG_OF_OUTAGE)
    tally.others += [*others, *bad_manners(work.slack.calls, ("chat.postMessage", "chat.update"))]
    if twice(work):
        tally.others.append(f"{twice(work)} second copies")
    return tally
