"""A report, an alert that climbs, a deputy who takes the case: told to its end, however often the program dies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Generic

import aiohttp
import pytest

from bot.copies import FIRST_LOOK, LAST_LOOK
from bot.scheduler import COPIES
from tests.e2e.program import Bot
from tests.e2e.slack.conftest import Workplace, workplace
from tests.e2e.slack.filling import ClientRefuses as RefusedInSlack
from tests.e2e.teams.conftest import Workplace as WorkplaceInTeams
from tests.e2e.teams.conftest import workplace as workplace_in_teams
from tests.e2e.teams.filling import ClientRefuses as RefusedInTeams
from tests.torture.clockwork import Clockwork
from tests.torture.edge import Work, edge_of
from tests.torture.oracle import Tally, judge
from tests.torture.strace import first_program, kill_when_held_up
from tests.torture.tally import said_of

MESSAGES = {"ola": 1, "kari": 2, "arne": 1, "berit": 1}  # kari is reminded, and only rektor decides about a bortvisning
TAKEN, OWN = "Arne Lo har tatt saken", "Du har tatt saken"
REMINDED, CLIMBED = 185.0, 305.0  # seconds after the report
PATIENCE = 2.0  # true seconds for what comes at once
STEP = 10.0  # that the clock is moved on by where something doesn't come: a lease has to run out, a pause to end
MOST_STEPS = 11
MOST_TRIES = 6
REFUSED = (RefusedInSlack, RefusedInTeams)
MAY_LOG = frozenset({"turn_late"})  # on a slow machine: it was answered in time that it takes long


class NeverCame(AssertionError):
    """Something that was promised did not come, however long one waited."""


class Story(Generic[Work]):
    """One telling of it, with a program that may be started under another one which lets it die or stall."""

    def __init__(self, work: Work, url: str) -> None:
        self.work, self.url, self.edge = work, url, edge_of(work)
        self.clock = Clockwork(work.folder, self.edge.clock, url)
        self.under: tuple[str, ...] = ()
        self.deaths = 0
        self.is_reported = self.is_killed = False
        self.stands_still = 0.0  # true seconds that one of the programs may, which is longer than anybody waits

    async def begins(self, *under: str) -> None:
        """Start the program, the first time under something."""
        self.under = under
        await self.lives()

    @asynccontextmanager
    async def dying(self) -> AsyncIterator[None]:
        """Let the program that is started first die where it is held up."""

        async def watch() -> None:
            self.is_killed = await kill_when_held_up(await first_program(self.work))

        watching = asyncio.create_task(watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def lives(self) -> Bot:
        """Start the program where it doesn't run; whatever it was under, it is only under it once."""
        if self.work.bots and self.work.bot.process.returncode is None:
            return self.work.bot
        self.deaths += bool(self.work.bots)
        under, self.under = self.under, ()
        environ = {"DATABASE_URL": self.url, **self.clock.environment}
        try:
            return await self.work.starts(*under, **environ)
        except pytest.fail.Exception:  # it died while it started
            self.deaths += 1
            return await self.work.starts(**environ)

    async def joined(self) -> None:
        """Start one more program beside those that run; what people do goes to it from now on."""
        await self.work.starts(DATABASE_URL=self.url, **self.clock.environment)

    async def told(self, *, has_reported: bool = False) -> None:
        """Tell it from the command to the case that is taken."""
        if not has_reported:
            await self.reports()
        began = self.clock.now()
        await self.comes(lambda: self.edge.count("kari") == 1, "kari's alert")
        await self.passes_to(began + REMINDED)
        await self.comes(lambda: self.edge.count("kari") == 2, "kari's reminder")
        await self.passes_to(began + CLIMBED)
        await self.comes(lambda: self.edge.count("arne") == 1, "arne's alert")
        await self.takes()
        await self.comes(lambda: all(TAKEN in self.edge.reads(each) for each in ("ola", "kari")), "the news of arne")
        await self.comes(lambda: self.edge.count("berit") == 1, "berit's duty")
        await self.settles()

    async def settles(self) -> None:
        """Wait until everything that was promised is out."""
        for _ in range(MOST_STEPS):
            bot = await self.lives()
            for _ in range(int(PATIENCE / 0.1)):
                if await pending(bot) == 0:
                    return
                await asyncio.sleep(0.1)
            await self.passes(STEP)
        raise NeverCame("an end of what was promised")

    def _is_single(self) -> bool:
        return all(self.edge.count(person) <= count for person, count in MESSAGES.items())

    async def reports(self) -> None:
        for _ in range(MOST_TRIES):
            await self.lives()
            if self.is_reported or await self.tries(self.reports_once):
                return
        raise NeverCame("no report was ever accepted")

    async def reports_once(self) -> bool:
        self.is_reported = await self.edge.opens_form("ola", self.shows) and await self.edge.hands_in("ola")
        return self.is_reported

    async def takes(self) -> None:
        for _ in range(MOST_TRIES):
            await self.lives()
            await self.tries(lambda: self.edge.presses("arne", "Jeg tar saken"))
            if await self.shows(lambda: OWN in self.edge.reads("arne")):
                return
        await self.comes(lambda: OWN in self.edge.reads("arne"), "arne's own card")

    async def passes_to(self, at: float) -> None:
        """Move the clock to a time. It must not go over what is being sent where that would be an ambiguity of ours."""
        if not self.edge.can_look:
            await self.settles()
        await self.passes(max(0.0, at - self.clock.now()))

    async def passes(self, seconds: float) -> None:
        """Move the clock on, and let the program look at it at once; it would by itself in a few seconds."""
        self.clock.forward(seconds)
        await self.edge.nudge()

    async def tries(self, act: Callable[[], Awaitable[bool]]) -> bool:
        """Let somebody do something; what they see of a dead program is no fault of it."""
        before = len(self.edge.faults)
        try:
            return await act()
        except REFUSED:  # there is nothing to press or to fill any more, or nothing was found
            return False
        finally:
            await self.pardons(before)

    async def pardons(self, before: int) -> None:
        """Forget the faults that come from a death, where there was one."""
        await asyncio.sleep(0.05)  # until a process that was killed is known to be dead
        faults = self.edge.faults
        if self.stands_still or self.work.bot.process.returncode is not None:
            pardoned = self.edge.of_a_death
            faults[before:] = [fault for fault in faults[before:] if not any(each in fault for each in pardoned)]

    async def shows(self, seen: Callable[[], object], within: float = PATIENCE) -> bool:
        """Say whether something is seen soon; a program that has died shows nothing more."""
        until = time.monotonic() + within
        while not seen():
            if time.monotonic() > until or self.work.bot.process.returncode is not None:
                return bool(seen())
            await asyncio.sleep(0.01)
        return True

    async def comes(self, seen: Callable[[], object], what: str) -> None:
        """Wait until something has come: at once, or when the clock has been moved on far enough."""
        for _ in range(MOST_STEPS):
            await self.lives()
            if await self.shows(seen):
                return
            if self.work.bot.process.returncode is None:
                await self.passes(STEP)
        raise NeverCame(what)

    async def judged(self) -> Tally:
        """Say what is lost or doubled in the end, when nobody stands still and second copies have been looked for."""
        if self.stands_still:
            await asyncio.sleep(self.stands_still)
            await self.settles()
        for look in (FIRST_LOOK, LAST_LOOK):
            if not self._is_single():
                self.clock.forward(look.total_seconds() + 1)
                await self.shows(self._is_single, COPIES.total_seconds() + PATIENCE)
        tally = await judge(self.work, self.url, reports=1, messages=MESSAGES, may_log=MAY_LOG, ambiguous=self.deaths)
        if TAKEN not in self.edge.reads("ola"):
            tally.others.append("ola doesn't see who has taken it")
        return tally


async def pending(bot: Bot) -> int | None:
    """Return how many messages should be out by now; None where nobody answers."""
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{bot.url}/metrics") as answer:
            figures = await answer.text()
    except (aiohttp.ClientError, ConnectionError):
        return None
    found = next((line for line in figures.split("\n") if line.startswith("rusplan_outbox_pending ")), "")
    return int(float(found.split()[1])) if found else None


async def telling(story: Story[Work], *under: str, has_begun: bool = False, has_reported: bool = False) -> Tally:
    """Tell the story once and judge it; what never came is told as it is."""
    try:
        if not has_begun:
            await story.begins(*under)
        await story.told(has_reported=has_reported)
    except AssertionError as failed:
        return Tally(tried=1, others=[said_of(failed), *last_lines(story.work)])
    return await story.judged()


def last_lines(work: Work) -> list[str]:
    return [line.strip() for bot in work.bots for line in bot.log[-5:]]


@asynccontextmanager
async def a_school(folder: Path, url: str = "") -> AsyncIterator[Story[Workplace]]:
    """Open a school in a folder of its own, in Slack, and on SQLite unless an address is given."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - before anything runs
    async with workplace(folder) as work:
        yield Story(work, url or f"sqlite:///{folder}/rusplan.sqlite")


@asynccontextmanager
async def a_school_in_teams(folder: Path, url: str = "") -> AsyncIterator[Story[WorkplaceInTeams]]:
    """Open one in Teams, as above."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - before anything runs
    async with workplace_in_teams(folder) as work:
        yield Story(work, url or f"sqlite:///{folder}/rusplan.sqlite")
