"""What a school's coordinator is told that is about no case: whom the bot can't reach, and that it is at fault.

As with every message, what one says is composed when it goes out; what was promised once is not promised again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from bot.cases import Cases
from bot.clock import Clock, Dice
from bot.library import Library
from bot.news import news
from bot.staff import Staff
from flows.cards import Card
from flows.school_days import day_end, is_school_day, local_day, morning
from flows.screens.notices import at_fault, unreached
from flows.screens.words import View
from storage.database import Database
from storage.deliveries import OutboxRow
from storage.transaction import Transaction


class Notice(StrEnum):
    """Which card a notice is; the words stand in rows, so they are never changed."""

    UNREACHED = "unreached"
    AT_FAULT = "at_fault"


@dataclass(frozen=True, slots=True)
class Notices:
    database: Database
    library: Library
    cases: Cases
    staff: Staff
    clock: Clock
    dice: Dice

    async def promise_weekly(self) -> None:
        """Promise, once a week on a school day, the list of those whom no message would reach."""
        now = self.clock.now()
        day = local_day(now)
        for school in self.library.schools:
            is_time = morning(day) <= now < day_end(school.calendar, day) and is_school_day(school.calendar, day)
            if is_time and self.staff.has_looked:
                async with self.database.transaction() as tx:
                    if await self.staff.unreached(tx, school.id):
                        await self._promise(tx, school.id, Notice.UNREACHED, now)

    async def promise_that_at_fault(self) -> None:
        """Promise, once a day, that the bot has found a fault of its own."""
        now = self.clock.now()
        for school in self.library.schools:
            async with self.database.transaction() as tx:
                await self._promise(tx, school.id, Notice.AT_FAULT, now)

    async def card(self, tx: Transaction, row: OutboxRow, now: datetime) -> Card | None:
        """Return what a notice says now; None where nobody needs it any more."""
        context = await self.cases.context(tx, row.school_id, now, None)
        view = View(row.person_id, context)
        period = partial(_key, Notice(row.kind), row.school_id)
        is_past = period(row.created_at) != period(now)  # the next one says what is still so
        if context.roster.person(row.person_id) is None or is_past:
            return None
        if row.kind == Notice.AT_FAULT:
            return at_fault(view)
        people = await self.staff.unreached(tx, row.school_id)
        return unreached(view, people) if people else None

    async def _promise(self, tx: Transaction, school_id: str, notice: Notice, now: datetime) -> None:
        if person := await self._coordinator(tx, school_id, now):
            key = _key(notice, school_id, now)
            await tx.outbox.promise([news(self.dice.token(), school_id, person, notice, key, now)])

    async def _coordinator(self, tx: Transaction, school_id: str, now: datetime) -> str:
        """Return who coordinates today: the first who is here and can be reached, else the first of all."""
        context = await self.cases.context(tx, school_id, now, None)
        holders = context.roster.holders(context.plan.coordinator)
        away = await self.staff.unreached(tx, school_id)
        here = [person for person in holders if context.roster.is_here(person) and person not in away]
        return next(iter((*here, *holders)), "")


def _key(notice: Notice, school_id: str, now: datetime) -> str:
    """Return what is the same for a whole week of the list, and a whole day of a fault."""
    day = local_day(now)
    year, week, _ = day.isocalendar()
    return f"{notice}/{school_id}/{f'{year}-{week}' if notice is Notice.UNREACHED else day.isoformat()}"
