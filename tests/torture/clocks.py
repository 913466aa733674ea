"""C1: the clock of the program's machine is wrong while an alert waits, within one run of it or over a restart.

Slack's clock stays right, and so do the people's watches; nobody acts while it is wrong.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, aclosing, nullcontext
from dataclasses import dataclass
from pathlib import Path

from bot.copies import FIRST_LOOK
from bot.scheduler import COPIES
from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.trouble import Delay
from tests.postgresql import EmbeddedPostgresql, create_migrated, embedded
from tests.torture.levels import judge_levels
from tests.torture.oracle import Tally
from tests.torture.points import each
from tests.torture.story import CLIMBED, REMINDED, Story, a_school, last_lines, pending
from tests.torture.tally import said_of

MINUTES = ((180.0, "kari", 2), (300.0, "arne", 1))  # after the report somebody has so many messages
NEAR = 8.0  # seconds before a level at which the clock goes wrong
LATEST = 10.0  # true seconds after its time at which it must have come
TOLERANCE = 2.0  # true seconds: the program reads its clock anew every second, and we don't know since when it counts
SEEN_WITHIN = 1.2
PATIENCE = 30.0  # true seconds after its time at which we wait no more
HOUR, DAY = 3600.0, 86400.0
APART = 90.0
SLOW = 0.4  # true seconds that Slack takes for a message: time enough for another replica to send it as well
REFUSED = "the bot answered 401"  # by a program whose clock is too far off to believe Slack's signatures: rightly


@dataclass(frozen=True)
class Fault:
    """How the clock goes wrong: set `by` seconds, `times` in a row, over a restart, or it stands still."""

    by: float = 0.0
    times: int = 1
    restart: bool = False
    stands: bool = False

    def __str__(self) -> str:
        what = "stands still" if self.stands else f"{self.by:+.0f} s"
        return f"{what}{f', {self.times} times' * (self.times > 1)}{', over a restart' * self.restart}"


TWO_REPLICAS = f"two replicas {APART:.0f} s apart"
FAULTS: tuple[Fault | str, ...] = (
    Fault(-HOUR),
    Fault(HOUR),
    Fault(-DAY, restart=True),
    TWO_REPLICAS,
    Fault(stands=True),
    Fault(-10.0, times=6),
    Fault(DAY),
    Fault(-DAY),
    Fault(HOUR, restart=True),
    Fault(-HOUR, restart=True),
    Fault(DAY, restart=True),
    Fault(stands=True, restart=True),
)


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    chosen = FAULTS[::every]
    servers: AbstractContextManager[EmbeddedPostgresql | None] = embedded() if TWO_REPLICAS in chosen else nullcontext()
    with servers as server:
        template = await create_migrated(server) if server else ""

        async def tell(fault: Fault | str, folder: Path) -> Tally:
            is_shared = server is not None and isinstance(fault, str)
            url = server.url(server.create_database(like=template)) if server and is_shared else ""
            async with a_school(folder, url) as story:
                return await (_told(story, fault) if isinstance(fault, Fault) else _told_by_two(story))

        async with aclosing(each(chosen, tell)) as told:
            async for name, tally in told:
                yield name, tally


async def _told(story: Story[Workplace], fault: Fault) -> Tally:
    lates: list[str] = []
    try:
        await story.begins()
        await story.reports()
        began = story.clock.now()
        await story.comes(lambda: story.work.kari.dm, "kari's alert")
        for after, person, count in MINUTES:
            lates += await _level(story, fault, began + after, person, count)
        story.work.slack.faults[:] = [fault for fault in story.work.slack.faults if REFUSED not in fault]
        await story.takes()
        await story.settles()
    except AssertionError as failed:
        return Tally(tried=1, others=[*lates, said_of(failed), *last_lines(story.work)])
    # What a jump goes over was late by the clock, and the auditor says so where it looks before the sweep does.
    tally = await judge_levels(story, may_log=frozenset({"audit_found"}) if fault.by > 0 else frozenset())
    tally.others += lates
    return tally


async def _level(story: Story[Workplace], fault: Fault, due: float, person: str, count: int) -> list[str]:
    """Let the clock go wrong shortly before a level, and right again after it; return what is wrong with its time."""
    someone = getattr(story.work, person)
    if len(someone.dm) >= count:  # a clock that was set forward has brought it already
        return []
    await story.passes(max(0.0, due - NEAR - story.clock.now()))
    await _looks(story)
    due_in = time.monotonic() + due - story.clock.now()
    await _goes_wrong(story, fault)
    while len(someone.dm) < count and time.monotonic() < due_in + PATIENCE:
        await story.lives()  # one that has ended itself is started again, as a service manager does
        await asyncio.sleep(0.05)
    has_come, late = len(someone.dm) >= count, time.monotonic() - due_in
    story.clock.set(story.clock.ahead)
    await _looks(story)
    if not has_come:
        return [f"{person}'s level did not come within {PATIENCE:.0f} s of its time"]
    is_early = late < -TOLERANCE and fault.by <= 0
    return [f"{person}'s level came {late:+.0f} s off its time"] if is_early or late > LATEST else []


async def _goes_wrong(story: Story[Workplace], fault: Fault) -> None:
    if fault.restart:
        await story.work.bot.stops()
    for number in range(1, fault.times + 1):
        if fault.stands:
            story.clock.stands_still()
        else:
            story.clock.goes_wrong(number * fault.by)
        if not fault.restart:
            await _looks(story)
    await story.lives()


async def _looks(story: Story[Workplace]) -> None:
    """Wait until the program has read its clock."""
    await asyncio.sleep(SEEN_WITHIN)
    await pending(story.work.bot)


async def _told_by_two(story: Story[Workplace]) -> Tally:
    """Tell the story with a second program, whose clock goes before."""
    try:
        await story.work.starts(DATABASE_URL=story.url, **story.clock.of_another_machine(APART))
        await story.work.starts(DATABASE_URL=story.url, **story.clock.environment)
        story.work.slack.trouble("chat.postMessage", *[Delay(before=SLOW)] * 20)
        await story.reports()
        began = story.clock.now()
        await story.comes(lambda: story.work.kari.dm, "kari's alert")
        for after, person, count in ((REMINDED, "kari", 2), (CLIMBED, "arne", 1)):
            story.clock.forward(max(0.0, began + after - story.clock.now()))
            await _comes_to(story, person, count)
        await story.takes()
        await story.settles()
        story.clock.forward(FIRST_LOOK.total_seconds() + APART + 1)
        await asyncio.sleep(COPIES.total_seconds() + TOLERANCE)
    except AssertionError as failed:
        return Tally(tried=1, others=[said_of(failed), *last_lines(story.work)])
    return await judge_levels(story, skew=APART)


async def _comes_to(story: Story[Workplace], person: str, count: int) -> None:
    await story.comes(lambda: len(getattr(story.work, person).dm) >= count, f"message {count} to {person}")
