"""APScheduler wakes us; what is due stands in rows. A job carries no data and may be lost without harm.

Sources: reliability of APScheduler 3.11: memory store, no grace time, coalesced, an explicit time zone.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.auditor import Auditor
from bot.cases import Cases
from bot.clock import FURTHEST, Clock, wall
from bot.copies import Copies
from bot.notices import Notices
from bot.reminders import Reminders
from bot.sweep import Sweep
from flows import effects
from flows.access import parties
from flows.commands import BOT, due
from flows.decide import decide
from storage.database import Database
from storage.errors import Conflict
from storage.pings import Ping
from storage.timers import Timer

log = logging.getLogger("rusplan.scheduler")

SWEEP = timedelta(seconds=5)  # the net under the exact wake-ups
AUDIT = timedelta(minutes=4)
COPIES = timedelta(seconds=20)
NOTICES = timedelta(minutes=10)
PLANNING = timedelta(minutes=1)  # a look whether it is another day; planning itself is done once a day
PLAN_WITHIN = timedelta(minutes=15)  # a county's
SWEEP_WITHIN = timedelta(seconds=30)  # what takes longer hangs, and would keep the next one from ever beginning
JOB_WITHIN = timedelta(minutes=3)  # of the other jobs
STOP_WITHIN = timedelta(seconds=5)
SOONEST = timedelta(milliseconds=100)  # between two looks for what is due
TOLERANCE = timedelta(seconds=1)  # between two clocks, over one sweep
SOON = timedelta(minutes=15)  # what is due within this must not wait for a clock to catch up
MOST = 50  # timers per sweep
PUT_OFF = timedelta(minutes=1)  # a timer that fails keeps nobody else waiting, and comes again
INBOX_KEPT = timedelta(days=14)  # no platform repeats a delivery after that long
OUTBOX_KEPT = timedelta(days=400)  # longer than a school year: nothing is promised again under the same key
MOST_AT_ONCE = 10
TIDY_HOURS = 6


class Timekeeper:
    """Fires what is due: each timer in its own transaction, won by one replica."""

    def __init__(self, database: Database, cases: Cases, clock: Clock, wake: Callable[[], None]) -> None:
        self._database, self._cases, self._clock, self._wake = database, cases, clock, wake

    async def look_at_all(self) -> None:
        """Let every open case be looked at now: after a start the school's file, or the clock, may be another."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await tx.outbox.set_right(now, FURTHEST)
        for school in self._cases.schools:
            async with self._database.transaction() as tx:
                await self._cases.look_at_all(tx, school, now)

    async def sweep(self) -> int:
        """Fire everything that is due now; return how many."""
        async with self._database.transaction() as tx:
            due = await tx.timers.due(self._clock.now(), MOST)
        for timer in due:
            try:
                await self._fire(timer)
            except Conflict:
                continue  # somebody acted on the case this very moment; the next sweep sees what came of it
            except Exception:
                log.exception("timer_failed", extra={"case_id": timer.case_id, "timer": timer.name})
                await self._try_again(timer)
        if due:
            self._wake()
        return len(due)

    async def next_due(self) -> datetime | None:
        """Return when something is due next; where that is soon, note the time: it won't run back over a restart."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            next_due = await tx.timers.next_due()
            if next_due is not None and next_due - now < SOON:
                await tx.pings.put(Ping.SOMEBODY_WAITS, now)
        return next_due

    async def _fire(self, timer: Timer) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await tx.journal.lock(timer.school_id, now)  # before the timer's row, as in a turn
            if not await tx.timers.fire(timer.case_id, timer.name, timer.due_at):
                return
            case = await self._cases.load(tx, timer.school_id, timer.case_id)
            if case is None:
                return  # erased, and its timers with it
            command = due(effects.Timer(timer.name), timer.data)  # of a newer version: it waits until that one runs
            context = await self._cases.context(tx, timer.school_id, now, case)
            decision = decide(case, command, context)
            await self._cases.keep(tx, timer.school_id, case, BOT, decision, context)
            if not decision.events:  # somebody may have come back, or something may be due today
                key = f"{case.id}/{timer.name}/{timer.due_at.timestamp()}"
                await self._cases.promise_homes(tx, timer.school_id, parties(case, context), key, now)

    async def _try_again(self, timer: Timer) -> None:
        async with self._database.transaction() as tx:
            await tx.timers.try_again(timer, self._clock.now() + PUT_OFF)

    async def tidy(self) -> None:
        """Forget what has come in and gone out so long ago that nobody asks for it again."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await tx.inbox.prune(now - INBOX_KEPT)
            await tx.outbox.prune(now - OUTBOX_KEPT)


class Scheduler:
    """APScheduler around the sweep: regularly, and at the very instant of what is due next."""

    def __init__(
        self,
        timekeeper: Timekeeper,
        reminders: Reminders,
        auditor: Auditor,
        copies: Copies,
        notices: Notices,
        new_files: Callable[[], Awaitable[None]],
    ) -> None:
        self._timekeeper, self._reminders, self._new_files = timekeeper, reminders, new_files
        self._auditor, self._copies, self._notices = auditor, copies, notices
        self._sweep = Sweep("sweep_failed", SWEEP_WITHIN, timekeeper.sweep, timekeeper.next_due)
        self._reminding = Sweep("reminders_failed", JOB_WITHIN, reminders.remind, reminders.next_due)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._is_woken = self._is_stopping = self._has_planned = False
        # A wake-up that comes while one is running must not be dropped: it may be for something newer.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": MOST_AT_ONCE, "misfire_grace_time": None}
        )

    def start(self) -> None:
        self._scheduler.add_listener(_note, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        self._scheduler.add_job(self._tick, IntervalTrigger(seconds=int(SWEEP.total_seconds())), id="sweep")
        self._scheduler.add_job(self._remind, IntervalTrigger(seconds=int(SWEEP.total_seconds())), id="remind")
        self._scheduler.add_job(
            self._look_for_copies, IntervalTrigger(seconds=int(COPIES.total_seconds())), id="copies"
        )
        self._scheduler.add_job(self._audit, IntervalTrigger(seconds=int(AUDIT.total_seconds())), id="audit")
        self._scheduler.add_job(self._notice, IntervalTrigger(seconds=int(NOTICES.total_seconds())), id="notices")
        self._scheduler.add_job(
            self._plan, IntervalTrigger(seconds=int(PLANNING.total_seconds())), id="plan", next_run_time=wall()
        )
        self._scheduler.add_job(self._tidy, IntervalTrigger(hours=TIDY_HOURS), id="tidy")
        self._scheduler.start()

    async def keep_time(self) -> None:
        """Let every job run now when the system's clock was set back or stands still: APScheduler goes by it alone.

        It would wait for the hour to come round again. What is slept here is measured by another clock.
        """
        while True:
            was, read_at = wall(), time.monotonic()
            await asyncio.sleep(SWEEP.total_seconds())
            slept = timedelta(seconds=time.monotonic() - read_at)
            if wall() - was < slept - TOLERANCE or self._waits_too_long():
                log.warning("clock_is_behind")
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=wall())

    def _waits_too_long(self) -> bool:
        """Say whether the sweep is further away than it ever is: the clock went forward and back meanwhile."""
        sweep = self._scheduler.get_job("sweep")
        return sweep is not None and sweep.next_run_time - wall() > SWEEP + TOLERANCE

    async def stop(self) -> None:
        """Start nothing more, and wait until what is under way has let go of the database.

        Shutting down at once would cancel it, and log each as an error.
        """
        self._is_stopping = True
        self._scheduler.pause()
        await self._quiet()
        self._scheduler.shutdown(wait=False)
        await self._quiet()  # whoever was broken off still lets go of the database

    async def _quiet(self) -> None:
        """Wait, but not for ever, until nothing is under way."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STOP_WITHIN.total_seconds())

    @property
    def tick_age(self) -> timedelta:
        """How long ago the last sweep went well."""
        return timedelta(seconds=time.monotonic() - self._sweep.went_well_at)

    @property
    def reminding_age(self) -> timedelta:
        """How long ago the last look for what is due of the year went well."""
        return timedelta(seconds=time.monotonic() - self._reminding.went_well_at)

    @property
    def swept_at(self) -> float:
        """When the last sweep came to its end, by the monotonic clock in seconds."""
        return self._sweep.ended_at

    @property
    def reminded_at(self) -> float:
        """When the last look for what is due of the year came to its end, as `swept_at`."""
        return self._reminding.ended_at

    def wake(self) -> None:
        """Look soon what is due next: something may have been armed that comes before it."""
        if self._scheduler.running and not self._is_woken:
            self._is_woken = True
            self._scheduler.add_job(self._tick, DateTrigger(), id="now", replace_existing=True)

    async def _tick(self) -> None:
        """Fire what is due of the cases."""
        self._is_woken = False  # whatever is armed from here on may be missed by this look
        async with self._under():
            self._wake_at(await self._sweep.run(), self._tick, "next")

    async def _remind(self) -> None:
        """Remind of what is due in the prevention year; however long that takes, no case waits for it.

        After a start the files come first: what is due by the old ones may be another day's, or another's.
        """
        if not self._has_planned:
            return
        async with self._under():
            self._wake_at(await self._reminding.run(), self._remind, "next_reminder")

    async def _look_for_copies(self) -> None:
        async with self._job("copies_failed"):
            await self._copies.take_away()

    async def _audit(self) -> None:
        await self._remind()  # what a clock that was set forward has made due is no fault
        async with self._job("audit_failed"):
            await self._sweep.run()
            await self._auditor.audit()

    async def _notice(self) -> None:
        async with self._job("notices_failed"):
            await self._notices.promise_weekly()

    async def _plan(self) -> None:
        async with self._job("plan_failed", PLAN_WITHIN):
            try:
                await self._new_files()
                await self._reminders.plan()
            finally:
                self._has_planned = True  # once the files were looked at: one that can't be followed stops no other

    async def _tidy(self) -> None:
        async with self._job("tidy_failed"):
            await self._timekeeper.tidy()

    @asynccontextmanager
    async def _job(self, failed: str, within: timedelta = JOB_WITHIN) -> AsyncIterator[None]:
        """Let a job's next run come whatever happens in this one."""
        async with self._under():
            try:
                async with asyncio.timeout(within.total_seconds()):
                    yield
            except Exception:
                log.exception(failed)

    @asynccontextmanager
    async def _under(self) -> AsyncIterator[None]:
        """Take note that a job is under way."""
        task = asyncio.current_task()
        assert task  # noqa: S101 - APScheduler's executor for asyncio runs each job in one
        self._under_way.add(task)
        try:
            yield
        except asyncio.CancelledError:
            if not self._is_stopping:
                raise
            log.warning("job_broken_off")  # APScheduler would log it as a job that has failed
        finally:
            self._under_way.discard(task)

    def _wake_at(self, next_due: datetime | None, job: Callable[[], Awaitable[None]], name: str) -> None:
        """Look again when something is due; what is due already is in another's hands, or has to wait its turn."""
        if next_due is not None:
            at = max(next_due, wall() + SOONEST)
            self._scheduler.add_job(job, DateTrigger(at), id=name, replace_existing=True)


def _note(event: JobEvent) -> None:
    """Say that APScheduler did not run a job to its end; every job comes again."""
    log.error("job_not_run", extra={"kind": event.job_id, "code": str(event.code)})
