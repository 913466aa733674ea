"""A4: the program is asked to stop, once or twice, at any moment of a report: it ends in time, with nothing in hand."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from storage.cipher import KeyRing
from storage.database import open_database
from storage.deliveries import State
from storage.tables import outbox
from tests.e2e.slack.conftest import Workplace
from tests.torture.oracle import Tally
from tests.torture.points import each
from tests.torture.story import Story, a_school, telling

WITHIN = 20.0  # seconds
OFFSETS = 20
STEP = 0.025  # seconds


@dataclass(frozen=True)
class Stop:
    """`after`: how long after the report is sent; `times`: how often it is asked; `hangs`: Slack answers nothing."""

    after: float
    times: int = 1
    hangs: bool = False

    def __str__(self) -> str:
        return f"{1000 * self.after:.0f} ms{', asked twice' * (self.times > 1)}{', Slack hangs' * self.hangs}"


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    stops = [Stop(number * STEP, times) for times in (1, 2) for number in range(OFFSETS)]
    stops += [Stop(number * 4 * STEP, 1, hangs=True) for number in range(4)]
    async with aclosing(each(stops[::every], _told)) as told:
        async for name, tally in told:
            yield name, tally


async def _told(stop: Stop, folder: Path) -> Tally:
    async with a_school(folder) as story:
        await story.begins()
        is_accepted, faults = await _stopped(story, stop)
        story.work.slack.hangs(hanging=False)
        tally = await telling(story, has_reported=is_accepted)
        tally.others += faults
        return tally


async def _stopped(story: Story[Workplace], stop: Stop) -> tuple[bool, list[str]]:
    """Send a report, and stop the program over it; say whether it was accepted, and what was wrong."""
    work, before = story.work, len(story.work.slack.faults)
    asked = asyncio.create_task(_ask(work, stop))
    is_accepted = await story.tries(story.reports_once)
    faults = await asked
    work.slack.faults[before:] = []  # what ola saw of a program that was being stopped
    held = await _held(story)
    return is_accepted, [*faults, *([f"{held} deliveries left in hand"] if held else [])]


async def _ask(work: Workplace, stop: Stop) -> list[str]:
    """Ask it to stop so long after the report has begun to be sent."""
    while not any(sent.who.endswith("submits") for sent in work.slack.delivery.sent):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.001)
    if stop.hangs:
        work.slack.hangs()
    await asyncio.sleep(stop.after)
    began = time.monotonic()
    for _ in range(stop.times):
        with suppress(ProcessLookupError):
            work.bot.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.05)
    code = await asyncio.wait_for(work.bot.process.wait(), 2 * WITHIN)
    took = time.monotonic() - began
    return [*([f"exit code {code}"] if code else []), *([f"took {took:.0f} s"] if took > WITHIN else [])]


async def _held(story: Story[Workplace]) -> int:
    database = await open_database(story.url, KeyRing.parse(story.work.key))
    try:
        async with database._engine.connect() as connection:
            held = select(func.count()).select_from(outbox).where(outbox.c.state == State.CLAIMED.value)
            return int((await connection.execute(held)).scalar_one())
    finally:
        await database.close()
