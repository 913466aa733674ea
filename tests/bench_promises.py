"""How soon a promise is handed to its platform, and what a rush of messages that can wait does to an alert."""

from __future__ import annotations

import asyncio
import logging
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import build
from bot.cases import QUIET
from bot.notices import Notice
from flows.cards import Card
from flows.port import Address, MessageRef, Refused, Submitted
from storage.deliveries import Promise
from tests.bench_figures import figure
from tests.e2e.slack.conftest import Workplace, workplace
from tests.e2e.slack.test_a_report_in_slack import SEEN
from tests.school import CHAT, REPORT, FakeChat, FakeClock, School, SeededDice, opened

REPORTS = 40
RUSH = 2_000
EVERY = 90  # of them, an alert
A_MINUTE = timedelta(minutes=1)
PER_MINUTE = 300  # what Slack calls several hundred a minute in a workspace
STEP = timedelta(milliseconds=200)
FORM = {name: (value,) for name, value in REPORT.items()}


async def promises() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with workplace(Path(folder)) as work:
            await work.starts()
            await _hand_over(work)
    logging.disable()  # each message that has to wait is worth a line
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder)) as school:
            await _rush(school)
    logging.disable(logging.NOTSET)


async def _hand_over(work: Workplace) -> None:
    """From the answer that says «stored» until the platform has the alert: the median is under 100 ms."""
    waits = []
    for number in range(1, REPORTS + 1):
        await work.ola.slash("/rus-hendelse")
        await work.slack.until(lambda: work.ola.modal)
        await work.ola.fills(SEEN)
        await work.ola.submits()
        stored = time.perf_counter()
        while len(work.kari.dm) < number:  # noqa: ASYNC110 - what arrives in the fake is a plain list
            await asyncio.sleep(0.001)
        waits.append(1000 * (time.perf_counter() - stored))
        await work.ola.closes()
    figure("an alert, stored to handed over, median", statistics.median(waits), " ms", most=100)
    figure("an alert, stored to handed over, p90", statistics.quantiles(waits, n=10)[-1], " ms")


@dataclass
class RatedChat(FakeChat):
    """Takes so many messages a minute, and one a second for each person, and says when to come back."""

    clock: FakeClock
    name: str = CHAT
    taken: list[datetime] = field(default_factory=list)
    refused: int = 0
    alerted: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.name)
        self.last: dict[str, datetime] = {}

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        now = self.clock.now()
        recent = [at for at in self.taken[-PER_MINUTE:] if now - at < A_MINUTE]
        is_full = len(recent) >= PER_MINUTE or now - self.last.get(to.user, now - A_MINUTE) < timedelta(seconds=1)
        if is_full:
            self.refused += 1
            raise Refused("ratelimited", retry_after=timedelta(seconds=1))
        self.taken.append(now)
        self.last[to.user] = now
        if to.user == "kari" and "Ny sak" in card.summary:
            self.alerted.append(now)
        return await super().send(to, card, delivery_id)


async def _rush(school: School) -> None:
    """2,000 messages that can wait go out from two replicas as fast as Slack allows; no alert among them waits."""
    chat = RatedChat(school.clock)
    replicas = [build(school.database, school.library, {CHAT: chat}, school.clock, SeededDice(seed)) for seed in (5, 6)]
    school.app = replicas[0]
    await _promise(school)
    began, reported = school.clock.now(), list[datetime]()
    while len(chat.taken) < RUSH:
        for replica in replicas:
            await replica.relay.drain()
        if len(chat.taken) >= EVERY * (len(reported) + 1):
            reported.append(school.clock.now())
            number = f"{len(reported):032x}"
            await school["ola"].does_again(Submitted("report", number, FORM), number)
            continue
        school.clock.forward(STEP)
    took, ideal = (school.clock.now() - began).total_seconds(), 60 * RUSH / PER_MINUTE
    waited = [(heard - at).total_seconds() for heard, at in zip(chat.alerted, reported, strict=True)]
    figure(f"a rush of {RUSH}, {chat.refused} refused: its time, in that of the full rate", took / ideal, most=1.1)
    figure(f"the slowest of {len(waited)} alerts in it, stored to handed over", max(waited), " s of the rush", most=1)


async def _promise(school: School) -> None:
    """Promise one message to each of 2,000 people, as at skolestart in a county."""
    own, now = school.library.schools[0], school.clock.now()
    people = [person for person in own.people if person != "kari"]
    async with school.database.transaction() as tx:
        await tx.outbox.promise(
            [
                Promise(f"n{n}", f"n{n}", own.id, people[n % len(people)], Notice.AT_FAULT, QUIET, now, now)
                for n in range(RUSH)
            ]
        )
