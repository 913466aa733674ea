"""Three programs on one PostgreSQL, behind one Slack: each thing that somebody does goes to the next of them."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flows.events import Entry, Event, decode
from flows.fold import fold
from storage.cipher import KeyRing
from storage.database import Database, open_database
from storage.timers import Timer
from tests.e2e.door import Answer
from tests.e2e.program import Bot
from tests.e2e.slack.conftest import Workplace, workplace
from tests.e2e.slack.people import Person
from tests.e2e.slack.test_a_report_in_slack import SEEN
from tests.e2e.slack.visible import text_of
from tests.e2e.slack.workspace import Message
from tests.postgresql import EmbeddedPostgresql, create_migrated
from tests.torture.clockwork import Clockwork
from tests.torture.oracle import Tally, judge
from tests.torture.sent import promised, twice
from tests.torture.story import NeverCame, pending

COUNT = 3
PATIENCE = 75.0  # true seconds in which something gets out: longer than two leases
WITHIN = 20.0  # seconds, for what a person waits for on a machine with other work to do
SETTLED = 0.15  # true seconds in which what came in is promised


@dataclass
class Replicas:
    """The programs that run; `bots` in the order in which their turn comes."""

    work: Workplace
    url: str
    clock: Clockwork
    database: Database
    bots: list[Bot] = field(default_factory=list)

    async def starts(self) -> Bot:
        bot = await self.work.starts(DATABASE_URL=self.url, **self.clock.environment)
        self.bots.append(bot)
        return bot

    async def dies(self) -> None:
        """Let the one that runs longest be killed, and another be started in its place."""
        await self.bots.pop(0).is_killed()
        await self.starts()

    def next(self) -> Bot:
        """Return whose turn it is."""
        self.bots.append(self.bots.pop(0))
        return self.bots[-1]

    def share(self) -> None:
        """Let every request of Slack's go to the next one, as a load balancer does."""
        delivery = self.work.slack.delivery
        post = delivery.post

        async def to_the_next(body: str | bytes, headers: Mapping[str, str]) -> Answer:
            delivery.url = f"{self.next().url}/slack/events"
            return await post(body, headers)

        delivery.post = to_the_next  # type: ignore[method-assign]

    async def settles(self) -> None:
        """Wait until everything is out; what a dead one had in hand comes when its lease is over, and no sooner.

        To move the clock on would take it from the living ones, too.
        """
        await asyncio.sleep(SETTLED)
        least, until = math.inf, time.monotonic() + PATIENCE
        while (left := await pending(self.bots[-1])) != 0:
            if left is not None and left < least:
                least, until = left, time.monotonic() + PATIENCE
            if time.monotonic() > until:
                raise NeverCame(f"an end of what was promised: {left} messages wait")
            await asyncio.sleep(SETTLED)

    async def events(self, case: str) -> list[Event]:
        """Return what has happened in a case."""
        async with self.database.snapshot() as tx:
            return [decode(event.payload) for event in await tx.journal.history(case)]

    async def facts(self, case: str) -> Mapping[str, frozenset[str]]:
        async with self.database.snapshot() as tx:
            history = await tx.journal.history(case)
        folded = fold(case, (Entry(event.at, event.actor, decode(event.payload)) for event in history))
        assert folded
        return folded.facts

    async def owner(self, case: str) -> str | None:
        async with self.database.snapshot() as tx:
            row = await tx.cases.get(case)
            return row.owner if row else None

    async def timers(self, case: str) -> dict[str, Timer]:
        async with self.database.snapshot() as tx:
            return {timer.name: timer for timer in await tx.timers.of_case(case)}

    async def count(self) -> int:
        """Return how many cases there are that nobody has closed."""
        async with self.database.snapshot() as tx:
            return await tx.cases.count_open()

    async def judged(self, reports: int, may_log: frozenset[str] = frozenset()) -> Tally:
        """Stop everything, and say what is lost or doubled of all that was done."""
        ended = [f"ended by itself: {code}" for bot in self.bots if (code := bot.process.returncode) is not None]
        for bot in self.bots:
            with suppress(ProcessLookupError):
                await bot.stops()
        expected = await promised(self.work, self.url)
        tally = await judge(self.work, self.url, reports=reports, messages=expected, may_log=may_log)
        tally.tried, tally.repeats = 0, tally.repeats + twice(self.work)
        tally.others += ended
        return tally


@asynccontextmanager
async def replicas(server: EmbeddedPostgresql, folder: Path) -> AsyncIterator[Replicas]:
    """Run three programs on a database of their own, as long as the block lasts."""
    url = server.url(await create_migrated(server))
    async with workplace(folder) as work:
        database = await open_database(url, KeyRing.parse(work.key))
        try:
            together = Replicas(work, url, Clockwork(folder, work.slack.workspace.clock, url), database)
            for _ in range(COUNT):
                await together.starts()
            together.share()
            yield together
        finally:
            await database.close()


async def meet(together: Replicas, *people: Person) -> None:
    """Let each of these people do something at each of the replicas."""
    for person in people:
        for _ in range(COUNT):
            await person.slash("/rus-hjelp")


async def reported(
    together: Replicas, person: Person, values: Mapping[str, str] | None = None, *, stays: bool = False
) -> str:
    """Let somebody report; return the case. `stays` leaves the form open that comes then."""
    slack = together.work.slack
    await person.slash("/rus-hendelse")
    await slack.until(lambda: person.modal, within=WITHIN)
    await person.fills({**SEEN, **(values or {})})
    assert person.modal
    case = str(person.modal.payload["private_metadata"]).partition("\n")[2]
    await person.submits()
    if not stays:
        await person.closes(all_of_them=True)
    return case


def about(person: Person, case: str) -> Message:
    """Return somebody's newest message about a case."""
    found = messages(person, case)
    if not found:
        pytest.fail(f"{person.user.name} has no message about {case}")
    return found[-1]


def messages(person: Person, case: str) -> list[Message]:
    return [message for message in person.dm if case in json.dumps(message.blocks)]


def said(person: Person, since: int) -> list[str]:
    """Return what only this person was told since there were so many such words."""
    return [text_of(each.blocks) or each.text for each in person.ephemerals[since:]]
