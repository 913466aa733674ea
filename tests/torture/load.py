"""People who report one incident after another, whatever goes wrong meanwhile; and somebody who watches the program."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp

from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.filling import ClientRefuses
from tests.e2e.slack.people import Person
from tests.e2e.slack.test_a_report_in_slack import SEEN
from tests.e2e.slack.visible import text_of
from tests.torture.clockwork import Clockwork
from tests.torture.oracle import Tally, judge
from tests.torture.sent import promised, twice
from tests.torture.story import NeverCame, pending
from tests.torture.tally import said_of

REPORTERS = ("ola", "eva", "gro")
HEAD = "kari"  # of the department that all of them report about
AGAIN = 0.3  # seconds until somebody presses once more
SEEN_WITHIN = 3.0  # seconds
REST = 1.5  # seconds between two reports of somebody: what comes of them goes out at five messages per second
LONGEST = 40.0  # seconds in which somebody gives a report in, however often that takes
LOOK = 0.1  # seconds between two looks at the program
LEASE_IS_OVER = 31.0  # seconds
LATE_FOR_A_FORM = ("views.update: not_found",)  # it has been handed in before the database said what else is open
BETWEEN_LEASES = 25.0  # true seconds: where every new connection fails for a while, each costs a pause
MOST_LEASES = 4  # before an alert that nobody takes would climb


@dataclass
class Load:
    """`accepted` says how many reports of each person were acknowledged, `said` what they were told otherwise."""

    work: Workplace
    clock: Clockwork
    accepted: Counter[str] = field(default_factory=Counter)
    said: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    is_over: bool = False

    @asynccontextmanager
    async def goes_on(self) -> AsyncIterator[None]:
        """Let everybody report as long as the block lasts; whatever has been begun is given in."""
        tasks = [asyncio.create_task(self._reports(getattr(self.work, name))) for name in REPORTERS]
        try:
            yield
        finally:
            self.is_over = True
            for done in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(done, BaseException):
                    self.faults.append(said_of(done))

    async def _reports(self, person: Person) -> None:
        while not self.is_over:
            await self._opens(person)
            await self._fills_in(person)
            await self._gives_in(person)
            await person.closes(all_of_them=True)
            await asyncio.sleep(REST)

    async def _opens(self, person: Person) -> None:
        """Type the command until the form is there."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            seen = len(person.ephemerals)
            await person.slash("/rus-hendelse")
            await self._sees(person, seen)
            if person.modal:
                return
            self.said |= {text_of(each.blocks) for each in person.ephemerals[seen:]}
            await asyncio.sleep(AGAIN)
        raise NeverCame(f"a form for {person.user.name}")

    async def _sees(self, person: Person, since: int) -> None:
        """Wait for a form, or for words instead of it."""
        with suppress(AssertionError):
            await self.work.slack.until(lambda: person.modal or len(person.ephemerals) > since, within=SEEN_WITHIN)

    async def _fills_in(self, person: Person) -> None:
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            with suppress(ClientRefuses):  # a list that nobody gives: the program is being started anew
                await person.fills(SEEN)
                return
            await asyncio.sleep(AGAIN)
        raise NeverCame(f"{person.user.name}'s list of classes")

    async def _gives_in(self, person: Person) -> None:
        """Press until it is acknowledged; take note of what is said until then."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            ack = await person.submits()
            errors = person.modal.errors if person.modal else {}
            if ack and not errors:
                self.accepted[person.user.name] += 1
                return
            self.said |= set(errors.values())
            await asyncio.sleep(AGAIN)
        raise NeverCame(f"an acknowledgement of {person.user.name}'s report")

    async def goes_wrong(self, within: float) -> None:
        """Wait until somebody has been told that something could not be stored."""
        with suppress(AssertionError):
            await self.work.slack.until(lambda: self.said, within=within)

    async def settles(self) -> None:
        """Wait until everything that was promised is out, also what somebody had in hand when it went wrong."""
        for _ in range(MOST_LEASES):
            until = time.monotonic() + BETWEEN_LEASES
            while time.monotonic() < until:
                if await pending(self.work.bot) == 0:
                    return
                await asyncio.sleep(LOOK)
            self.clock.forward(LEASE_IS_OVER)
        self.faults.append("something that was promised never went out")

    async def judged(self, url: str, may_log: frozenset[str]) -> Tally:
        """Stop the program and say what is lost or doubled; what people were told must have been of use to them."""
        for bot in self.work.bots:
            if bot.process.returncode is None:
                await bot.stops()
        faults = self.work.slack.faults
        faults[:] = [fault for fault in faults if fault not in LATE_FOR_A_FORM]
        expected, total = await promised(self.work, url), self.accepted.total()
        tally = await judge(self.work, url, reports=total, messages=expected, may_log=may_log)
        tally.lost_messages += max(0, total - expected[HEAD])
        tally.repeats += twice(self.work)
        tally.others += self.faults
        tally.others += [f"said: {said}" for said in self.said if "113" not in said or "Kode" not in said]
        return tally


@dataclass
class Watch:
    """What `/readyz` has answered, and when; None where nobody has."""

    seen: list[tuple[float, int | None]] = field(default_factory=list)
    slowest: float = 0.0  # seconds that `/healthz` has taken

    @classmethod
    @asynccontextmanager
    async def over(cls, work: Workplace) -> AsyncIterator[Watch]:
        watch = cls()
        async with aiohttp.ClientSession() as session:
            task = asyncio.create_task(watch._looks(work, session))
            try:
                yield watch
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _looks(self, work: Workplace, session: aiohttp.ClientSession) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._looks_whether_ready(work, session))
            group.create_task(self._looks_whether_alive(work, session))

    async def _looks_whether_ready(self, work: Workplace, session: aiohttp.ClientSession) -> None:
        while True:
            began = time.monotonic()
            self.seen.append((began, await _status(session, f"{work.bot.url}/readyz")))
            await asyncio.sleep(LOOK)

    async def _looks_whether_alive(self, work: Workplace, session: aiohttp.ClientSession) -> None:
        while True:
            began = time.monotonic()
            if await _status(session, f"{work.bot.url}/healthz") == 200:
                self.slowest = max(self.slowest, time.monotonic() - began)
            await asyncio.sleep(LOOK)

    def after(self, since: float, status: int) -> float:
        """Return how long after an instant it first answered so; for ever, where it didn't."""
        return next((at - since for at, found in self.seen if at >= since and found == status), float("inf"))

    async def comes(self, status: int, within: float) -> bool:
        """Wait for an answer."""
        since, until = time.monotonic(), time.monotonic() + within
        while time.monotonic() < until:
            if self.after(since, status) < float("inf"):
                return True
            await asyncio.sleep(LOOK)
        return False


async def _status(session: aiohttp.ClientSession, url: str) -> int | None:
    try:
        async with session.get(url, timeout=aiohttp.ClientTimeout(total=30)) as answer:
            return answer.status
    except (aiohttp.ClientError, TimeoutError, ConnectionError):
        return None
