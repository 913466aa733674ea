"""How soon a promise is handed to its platform, and what a rush of messages that can wait does to an alert."""

from __future__ import annotations

import asyncio
import logging
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import build, running
from bot.cases import QUIET
from bot.clock import SystemClock
from bot.notices import Notice
from flows.cards import Card
from flows.port import Address, MessageRef, Refused, Submitted
from storage.outbox import Promise
from tests.school import CHAT, REPORT, FakeChat, FakeClock, School, SeededDice, opened

REPORTS = 100
RUSH = 2_000
A_MINUTE = timedelta(minutes=1)
PER_MINUTE = 300  # what Slack calls several hundred a minute in a workspace
STEP = timedelta(milliseconds=200)
FORM = {name: (value,) for name, value in REPORT.items()}


async def promises() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder)) as school:
            await _hand_over(school)
    logging.disable()  # each message that has to wait is worth a line
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder)) as school:
            await _rush(school)
    logging.disable(logging.NOTSET)


class TimedChat(FakeChat):
    """Notes when a message to somebody was handed over."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, list[float]] = defaultdict(list)

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        self.at[to.user].append(time.perf_counter())
        return await super().send(to, card, delivery_id)


async def _hand_over(school: School) -> None:
    """From the answer that says «stored» until the platform has the alert: the median is under 100 ms."""
    chat, waits = TimedChat(), []
    app = build(school.database, school.library, {CHAT: chat}, SystemClock(), SeededDice(3))
    school.app = app
    async with running(app):
        for number in range(REPORTS):
            await school["ola"].does_again(Submitted("report", f"{number:032x}", FORM), f"report-{number}")
            stored = time.perf_counter()
            while len(chat.at["kari"]) <= number:  # noqa: ASYNC110 - the made-up chat is a plain list
                await asyncio.sleep(0.001)
            waits.append(1000 * max(0.0, chat.at["kari"][number] - stored))
    waits.sort()
    print(
        f"alert, stored to handed over: median {statistics.median(waits):.0f} ms (limit 100),"
        f" p99 {waits[int(0.99 * len(waits))]:.0f} ms"
    )


@dataclass
class RatedChat(FakeChat):
    """Takes so many messages a minute, and one a second for each person, and says when to come back."""

    clock: FakeClock
    name: str = CHAT
    taken: list[datetime] = field(default_factory=list)
    refused: int = 0
    alerted: datetime | None = None

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
        if to.user == "kari" and self.alerted is None and "Ny sak" in card.summary:
            self.alerted = now
        return await super().send(to, card, delivery_id)


async def _rush(school: School) -> None:
    """2,000 messages that can wait go out at the rate that Slack allows; an alert among them doesn't wait."""
    chat = RatedChat(school.clock)
    school.app = build(school.database, school.library, {CHAT: chat}, school.clock, SeededDice(5))
    await _promise(school)
    began, alert_at = school.clock.now(), None
    while len(chat.taken) < RUSH:
        await school.app.relay.drain()
        if alert_at is None and len(chat.taken) >= RUSH // 2:
            alert_at = school.clock.now()
            await school["ola"].does_again(Submitted("report", "f" * 32, FORM), "report")
            continue
        school.clock.forward(STEP)
    assert alert_at
    assert chat.alerted
    took, ideal = (school.clock.now() - began).total_seconds(), 60 * RUSH / PER_MINUTE
    print(
        f"rush of {RUSH}: out in {took / ideal:.2f} of the time at the full rate, {chat.refused} refused;"
        f" an alert in the middle handed over after {(chat.alerted - alert_at).total_seconds():.1f} s"
    )


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
