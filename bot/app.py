"""Builds every object once and runs them together until told to stop; the only place that knows all of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.at_once import AtOnce
from bot.auditor import Auditor
from bot.cases import Cases
from bot.clock import Clock, Dice, SystemClock, SystemDice
from bot.composer import Composer
from bot.copies import Copies
from bot.dialogs import Dialogs
from bot.failures import Failures
from bot.handouts import Handouts, Links
from bot.health import Health
from bot.library import Library
from bot.metrics import Metrics
from bot.newcomers import Newcomers
from bot.notices import Notices
from bot.reception import Reception
from bot.relay import Relay
from bot.reminders import Reminders
from bot.scheduler import Scheduler, Timekeeper
from bot.school_files import SchoolFiles
from bot.staff import Staff
from bot.turn import Turns
from bot.unreached import Unreached
from bot.year import Year
from flows.port import Directory, Mailer, Platform
from storage.database import Database
from storage.errors import DatabaseUnavailable

FINISH_WITHIN = timedelta(seconds=12)  # longer than a delivery may take
LISTEN_AGAIN = timedelta(seconds=2)

log = logging.getLogger("rusplan.app")


@dataclass(frozen=True, slots=True)
class App:
    """The bot, without the platforms' own servers."""

    reception: Reception  # whom the platforms' adapters hand their acts to
    turns: Turns
    relay: Relay
    timekeeper: Timekeeper
    reminders: Reminders
    scheduler: Scheduler
    health: Health
    handouts: Handouts
    school_files: SchoolFiles
    unreached: Unreached
    newcomers: Newcomers

    async def listen(self) -> None:
        """Wake up when another replica has something new; where it can't be heard, everything is looked at anyway."""
        while True:
            try:
                async for _ in self.turns.database.calls():
                    self.turns.wake()
            except DatabaseUnavailable as away:
                log.warning("calls_not_heard", extra={"error": away.reason})
            else:
                return
            await asyncio.sleep(LISTEN_AGAIN.total_seconds())


@dataclass(frozen=True, slots=True)
class Outside:
    """What an installation may have beside its chat platforms."""

    directories: Sequence[Directory] = ()
    mailer: Mailer | None = None
    heartbeat_url: str = ""
    url: str = ""  # its own public address


def build(
    database: Database,
    library: Library,
    platforms: Mapping[str, Platform],
    clock: Clock | None = None,
    dice: Dice | None = None,
    outside: Outside | None = None,
) -> App:
    """Wire the bot up; tests hand in their own time and randomness."""
    clock, dice, outside = clock or SystemClock(), dice or SystemDice(), outside or Outside()
    links = Links(database, clock, outside.url)
    cases, metrics = Cases(library, dice, links.of_school), Metrics()
    memory = AtOnce(database, library, clock, dice)
    staff = Staff(database, library, outside.directories, clock, memory, platforms)
    unreached = Unreached(database, cases, clock, staff, outside.mailer)
    notices = Notices(database, library, cases, staff, clock, dice)
    year = Year(cases, dice)
    composer = Composer(database, cases, notices, year, frozenset(platforms), clock)
    relay = Relay(database, platforms, clock, dice, composer, unreached, metrics)
    timekeeper = Timekeeper(database, cases, clock, relay.wake)
    auditor = Auditor(database, cases, notices, clock, outside.heartbeat_url)
    reminders = Reminders(database, library, year, clock, dice, relay.wake)
    school_files = SchoolFiles(database, library, staff, memory, timekeeper, clock)
    copies = Copies(database, platforms, clock)
    scheduler = Scheduler(timekeeper, reminders, auditor, copies, notices, school_files.look)

    def wake() -> None:
        relay.wake()
        scheduler.wake()

    turns = Turns(database, library, cases, year, Failures(library, dice), clock, dice, wake, memory, metrics)
    health, handouts = Health(database, clock, scheduler, auditor, metrics), Handouts(database, library, year, clock)
    reception = Reception(turns, staff, memory, Dialogs(database, cases, memory, clock))
    newcomers = Newcomers(database, library, staff, clock)
    parts = (relay, timekeeper, reminders, scheduler, health, handouts, school_files, unreached, newcomers)
    return App(reception, turns, *parts)


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """Run the relay and the scheduler as long as the block lasts."""
    await app.school_files.follow()
    relay = asyncio.create_task(app.relay.run(), name="relay")
    helpers = [
        asyncio.create_task(app.reception.staff.keep_linked(), name="staff"),
        asyncio.create_task(app.newcomers.keep_looking(), name="newcomers"),
        asyncio.create_task(app.unreached.keep_writing(), name="letters"),
        asyncio.create_task(app.listen(), name="calls"),
        asyncio.create_task(app.scheduler.keep_time(), name="time"),
    ]
    for part in (relay, *helpers):
        part.add_done_callback(_ended)
    app.scheduler.start()
    try:
        with app.health.metrics.counting():
            yield
    finally:
        for helper in helpers:
            helper.cancel()
        app.relay.stop()
        await app.scheduler.stop()
        await asyncio.wait({relay}, timeout=FINISH_WITHIN.total_seconds())
        relay.cancel()
        await asyncio.gather(relay, *helpers, return_exceptions=True)


def _ended(part: asyncio.Task[None]) -> None:
    """Say that a part has come to an end that never should."""
    if not part.cancelled() and (error := part.exception()):
        log.critical("part_ended", exc_info=error, extra={"kind": part.get_name()})
