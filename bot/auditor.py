"""The auditor proves every few minutes that nothing has been forgotten; it mends nothing, it says so.

Only when everything holds does it call the heartbeat's address: whoever watches that hears of a bot that is dead, too.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import aiohttp

from bot.cases import Cases
from bot.clock import Clock
from bot.notices import Notices
from flows import effects
from flows.decisions.alert import is_too_far
from flows.escalation import LONGEST_ROUND
from storage.database import Database
from storage.timers import Timer
from storage.transaction import Transaction
from storage.verification import Verification

LATE = timedelta(minutes=2)  # a timer that nobody has fired
REMINDER_LATE = timedelta(hours=1)  # of the year
WAITS = timedelta(minutes=5)  # an acute message, for somebody who can be reached
WAITS_LONG = timedelta(minutes=30)  # any message, for the same: a whole county's take less
HEARTBEAT_WITHIN = aiohttp.ClientTimeout(total=10)  # seconds

log = logging.getLogger("rusplan.auditor")


class Finding(StrEnum):
    """What doesn't hold; the words stand in `/readyz` and in people's alarms, so they are never changed."""

    FORGOTTEN = "case_without_next_time"
    TIMER_LATE = "timer_late"
    TIMER_FAR = "timer_too_far_ahead"
    REMINDER_LATE = "reminder_late"
    MESSAGE_WAITS = "acute_message_waits"
    NOTHING_TAKEN = "messages_not_taken"  # by a platform, of those whom it should reach
    NO_SCHOOL = "school_file_missing"
    FAULTY_SCHOOL = "school_file_faulty"  # the one that was stored last is in force
    CHAIN = "journal_broken"
    NO_DATABASE = "database_away"


# What concerns some cases or people: a bot that took itself away over it would be there for nobody.
OF_SOME = frozenset(
    {
        Finding.TIMER_LATE,
        Finding.TIMER_FAR,
        Finding.REMINDER_LATE,
        Finding.NO_SCHOOL,
        Finding.FAULTY_SCHOOL,
        Finding.MESSAGE_WAITS,
        Finding.NOTHING_TAKEN,
    }
)


@dataclass(slots=True)
class Auditor:
    """`findings` are those of the last audit; none yet, nothing found."""

    database: Database
    cases: Cases
    notices: Notices
    clock: Clock
    heartbeat_url: str = ""
    findings: tuple[Finding, ...] = ()
    _ended_at: float = field(default_factory=time.monotonic)

    @property
    def age(self) -> timedelta:
        """How long ago an audit last came to an end, in true time."""
        return timedelta(seconds=time.monotonic() - self._ended_at)

    async def audit(self) -> tuple[Finding, ...]:
        """Look at everything once; call the heartbeat where all holds."""
        now = self.clock.now()
        try:
            found = [finding async for finding in self._findings(now)]
        except Exception:  # that it can't look is a finding too
            log.exception("audit_failed")
            found = [Finding.NO_DATABASE]
        for finding in found:
            log.error("audit_found", extra={"kind": finding.value})
        self.findings, self._ended_at = tuple(found), time.monotonic()
        if found and Finding.NO_DATABASE not in found:
            await self.notices.promise_that_at_fault()
        if not found and self.heartbeat_url:
            await self._beat()
        return self.findings

    async def _findings(self, now: datetime) -> AsyncIterator[Finding]:
        async with self.database.snapshot() as tx:
            forgotten = await tx.cases.open_without_timer()
            due = await tx.timers.due_since()
            of_the_year = (await tx.tasks.due_since(self.cases.schools), await tx.readings.due_since())
            unknown = await tx.cases.schools_open() - set(self.cases.schools)
            far = [timer for timer in await self._armed_for_hours(tx, now) if await self._is_too_far(tx, timer, now)]
            unalarmed = await self._untold(tx, now - WAITS, acute=True)
            is_unheard = await tx.outbox.unheard(self.cases.schools, now - WAITS, effects.Kind.ALERT)
            untold = await self._untold(tx, now - WAITS_LONG)
        if forgotten:
            log.error("case_forgotten", extra={"case_id": forgotten[0], "count": len(forgotten)})
            yield Finding.FORGOTTEN
        if due is not None and due < now - LATE:
            yield Finding.TIMER_LATE
        if far:
            log.error("climbs_too_late", extra={"case_id": far[0].case_id, "count": len(far)})
            yield Finding.TIMER_FAR
        for finding in self._of_school_files(unknown):
            yield finding
        if any(at < now - REMINDER_LATE for at in of_the_year if at):
            yield Finding.REMINDER_LATE
        if unalarmed or is_unheard:  # the latter: of some case nobody at all
            yield Finding.MESSAGE_WAITS
        if untold:
            log.error("people_not_told", extra={"count": len(untold)})
            yield Finding.NOTHING_TAKEN
        for school in self.cases.schools:
            if not await self._is_whole(school):
                yield Finding.CHAIN
                return

    def _of_school_files(self, unknown: Collection[str]) -> Iterator[Finding]:
        if unknown:
            log.error("school_unknown", extra={"school_id": min(unknown), "count": len(unknown)})
            yield Finding.NO_SCHOOL
        if self.notices.library.stood_in_for:
            yield Finding.FAULTY_SCHOOL

    async def _armed_for_hours(self, tx: Transaction, now: datetime) -> list[Timer]:
        """Return when alerts climb next that may have been set by a clock that was wrong: hardly ever any."""
        armed = await tx.timers.armed_after(effects.Timer.ESCALATION, now + LONGEST_ROUND)
        return [timer for timer in armed if timer.school_id in self.cases.schools]

    async def _is_too_far(self, tx: Transaction, timer: Timer, now: datetime) -> bool:
        case = await self.cases.load(tx, timer.school_id, timer.case_id)
        return case is not None and is_too_far(
            timer.due_at, case, await self.cases.context(tx, timer.school_id, now, case)
        )

    async def _untold(self, tx: Transaction, before: datetime, *, acute: bool = False) -> list[str]:
        """Return for whom something waits that a platform should have taken.

        The coordinator's list has the others, and an alert for one of them has gone on to the next level.
        """
        found: list[str] = []
        for school in self.cases.schools:
            if waited_for := await tx.outbox.waited_for(school, before, acute=acute):
                found += waited_for.difference(await self.notices.staff.unreached(tx, school))
        return found

    async def _is_whole(self, school: str) -> bool:
        """Check a journal by and by: on SQLite nobody else could do anything for as long as a long one takes."""
        check: Verification | None = None
        while True:
            async with self.database.snapshot() as tx:
                check = tx.journal.verification(school, check)
                if not await check.goes_on():
                    return not await check.faults()

    async def _beat(self) -> None:
        try:
            async with (
                aiohttp.ClientSession(timeout=HEARTBEAT_WITHIN) as session,
                session.get(self.heartbeat_url) as answer,
            ):
                if answer.status >= 400:
                    log.warning("heartbeat_refused", extra={"code": str(answer.status)})
        except (aiohttp.ClientError, TimeoutError, OSError):
            log.warning("heartbeat_failed")
