"""The prevention year by the clock: tasks are planned out of the files, and people are reminded of what is due.

Truth is in rows: whoever wins a task's row promises the message in the same transaction, so that however many
replicas look, and however late, each reminder goes out once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.clock import Clock, Dice
from bot.library import Library
from bot.year import PUT_OFF, NewsOfTheYear, Year
from flows.context import Context
from flows.planning import looks_other, planned, school_on
from flows.school_days import is_at_work, local_day, next_morning
from flows.task_people import asked, overseer
from flows.task_state import is_late
from flows.tasks import At, Seen, is_for_overseer, reminded
from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.readings import Reading
from storage.transaction import Transaction

log = logging.getLogger("rusplan.reminders")

AT_ONCE = 20  # people, or rows of a plan, in one transaction: an alert must not wait for a whole school
ROWS = 500
ASK_AGAIN = timedelta(days=14)  # whoever hasn't said that he has read the plan
MOST_ASKED = 2


@dataclass(slots=True)
class Reminders:
    """Plans each school's year once a day and at the start, and reminds of what is due."""

    database: Database
    library: Library
    year: Year
    clock: Clock
    dice: Dice
    wake: Callable[[], None]  # the relay: something has been promised
    planned_on: dict[str, date] = field(default_factory=dict)  # by school

    async def plan(self) -> None:
        """Bring the rows of every school in line with the files and the day, where that hasn't been done today."""
        for school in self.library.schools:
            today = local_day(self.clock.now())
            if self.planned_on.get(school.id) != today:
                self.planned_on[school.id] = today
                try:
                    await self._plan(school.id)
                except Exception:  # the other schools have their year all the same; this one is tried again
                    log.exception("year_not_planned", extra={"school_id": school.id})
                    del self.planned_on[school.id]

    async def _plan(self, school_id: str) -> None:
        now = self.clock.now()
        async with self.database.transaction() as tx:
            context = await self.year.context(tx, school_id, now)
            known = await tx.tasks.of_year(school_id, context.roster.school.school_year)
        for task in known.values():
            if task.words is None:
                log.error("words_unreadable", extra={"school_id": school_id, "task_id": task.id})
        found = await asyncio.to_thread(planned, context.plan, context.roster, known, now)
        for start in range(0, len(found.new), ROWS):
            new = found.new[start : start + ROWS]
            async with self.database.transaction() as tx:
                await tx.tasks.add(school_id, [replace(task, id=self.dice.token()) for task in new])
        for start in range(0, len(found.changed), AT_ONCE):
            changed = found.changed[start : start + AT_ONCE]
            async with self.database.transaction() as tx:
                for before, after in changed:  # who is overtaken by an answer is planned from that one
                    await tx.tasks.change(school_id, before, after, now)
                others = [after.id for before, after in changed if looks_other(before, after)]
                for message_id in await tx.tasks.digests(others) if others else ():
                    await self.year.edit(tx, message_id, now)
        await self._ask_to_read(school_id, context)
        log.debug("year_planned", extra={"school_id": school_id, "count": len(found.new) + len(found.changed)})

    async def _ask_to_read(self, school_id: str, context: Context) -> None:
        """Note whom to ask whether they know the plan: who hasn't been asked about this version as often as one is.

        Whoever wasn't in the file on the day of the question, or had another version then, is asked now.
        """
        plan, people = context.plan, context.roster.school.people
        async with self.database.transaction() as tx:
            known = await tx.readings.of_version(school_id, plan.id, plan.version)
            at = next_morning(context.roster.school.calendar, context.now)
            new = [who for who in people if who not in known]
            await tx.readings.add([Reading(school_id, who, plan.id, plan.version, next_at=at) for who in new])
            for reading in known.values():
                if reading.person_id in people and _is_forgotten(reading):
                    await tx.readings.change(reading, reading.due(at))

    async def remind(self) -> int:
        """Promise a reminder of all that is due now; return how many messages that makes."""
        now = self.clock.now()
        async with self.database.transaction() as tx:
            schools = await tx.tasks.schools_due(now)
        count = 0
        try:
            for school_id in schools:
                count += await self._remind_school(school_id, now)
            with _alone("readers_not_asked"):
                count += await self._ask_readers(now)
        finally:  # what was promised before something failed is not to wait
            if count:
                self.wake()
        return count

    async def next_due(self) -> datetime | None:
        """Return when somebody is to be reminded next."""
        found: list[datetime | None] = []
        with _alone("next_task_unknown"):
            async with self.database.transaction() as tx:
                found.append(await tx.tasks.next_due())
        with _alone("next_reading_unknown"):
            async with self.database.transaction() as tx:
                found.append(await tx.readings.next_due())
        return min((at for at in found if at), default=None)

    async def _remind_school(self, school_id: str, now: datetime) -> int:
        """Remind the people of a school; what can't be done now keeps no other school waiting, and comes again."""
        count = None
        if school_id in {school.id for school in self.library.schools}:
            with _alone("school_not_reminded", school_id):
                count = await self._remind(school_id, now)
        if count is None:
            with _alone("school_not_put_off", school_id):
                async with self.database.transaction() as tx:
                    await tx.tasks.try_again(school_id, now, now + PUT_OFF)
        return count or 0

    async def _remind(self, school_id: str, now: datetime) -> int:
        async with self.database.transaction() as tx:
            context = await self.year.context(tx, school_id, now)
            if not is_at_work(context.roster.school.calendar, now):
                await tx.tasks.put_off(school_id, now, next_morning(context.roster.school.calendar, now))
                return 0
            due = await self.year.due(tx, school_id, context)
        by_person: dict[str, list[Seen]] = {}
        for seen in due:
            by_person.setdefault(asked(seen.task, seen.occurrence, context.roster), []).append(seen)
        people, count = list(by_person), 0
        for start in range(0, len(people), AT_ONCE):
            some = {person: by_person[person] for person in people[start : start + AT_ONCE]}
            count += await self._remind_people(school_id, some, context)
        return count

    async def _remind_people(self, school_id: str, some: Mapping[str, Sequence[Seen]], context: Context) -> int:
        """Remind people, together or, where that fails, each alone: only whoever it fails for has to wait."""
        try:
            async with self.database.transaction() as tx:
                for person, own in some.items():
                    await self._remind_person(tx, school_id, person, own, context)
        except DatabaseUnavailable:
            raise
        except Exception:
            if len(some) > 1:
                return sum([await self._remind_people(school_id, {who: own}, context) for who, own in some.items()])
            ids = [seen.task.id for own in some.values() for seen in own]
            log.exception("person_not_reminded", extra={"school_id": school_id, "task_id": ids[0]})
            async with self.database.transaction() as tx:
                await tx.tasks.try_again(school_id, context.now, context.now + PUT_OFF, ids)
            return 0
        return len(some)

    async def _remind_person(
        self, tx: Transaction, school_id: str, person: str, own: Sequence[Seen], context: Context
    ) -> None:
        """Let one message tell a person of all that is due for him, and whoever oversees it of what is late."""
        digest, today, late = self.dice.token(), local_day(context.now), set[str]()
        told, is_said_once, shown = False, False, await tx.tasks.digests([seen.task.id for seen in own])
        for seen in own:
            at = At(seen.occurrence, context.roster, context.now)
            is_told = not is_for_overseer(seen.task, person, at)
            shown_in = digest if person and is_told else ""  # where nobody is asked, what was asked last still shows it
            if not await tx.tasks.change(school_id, seen.task, reminded(seen.task, person, at), context.now, shown_in):
                continue  # another replica was faster, or somebody has just answered
            told, is_said_once = told or is_told, is_said_once or not is_told
            if is_late(seen, today):
                late.add(overseer(person, seen.occurrence, context.roster, context.plan))
        for message_id in shown if told else ():  # what it showed stands in the new one
            await self.year.edit(tx, message_id, context.now)
        if told and person:
            await self.year.tell_tasks(tx, school_id, person, digest, context.now)
        year, week, _ = today.isocalendar()
        when = today.isoformat() if is_said_once else f"{year}-{week}"
        for each in late - {""}:
            key = f"late/{school_id}/{each}/{when}"
            await self.year.tell(tx, school_id, each, NewsOfTheYear.LATE, key, context.now)

    async def _ask_readers(self, now: datetime) -> int:
        async with self.database.transaction() as tx:
            due = await tx.readings.due(now, AT_ONCE)
        count = 0
        for reading in due:
            asked = False
            with _alone("reader_not_asked", reading.school_id):
                async with self.database.transaction() as tx:
                    await self._ask_reader(tx, reading, now)
                asked = True
            if not asked:
                async with self.database.transaction() as tx:
                    await tx.readings.change(reading, reading.tried_again(now + PUT_OFF))
            count += asked
        return count

    async def _ask_reader(self, tx: Transaction, reading: Reading, now: datetime) -> None:
        """Ask somebody whether he knows the plan, or no more where he has left or the plan is another by now."""
        school_id, person = reading.school_id, reading.person_id
        if not self.library.knows(school_id, person) or not self._is_in_force(reading):
            await tx.readings.change(reading, reading.due(None))
            return
        calendar = school_on(self.library.school(school_id), local_day(now)).calendar
        if not is_at_work(calendar, now):
            await tx.readings.change(reading, replace(reading, next_at=next_morning(calendar, now)))
            return
        again = next_morning(calendar, now + ASK_AGAIN) if reading.asked + 1 < MOST_ASKED else None
        after = replace(reading.due(again), asked=reading.asked + 1)
        if await tx.readings.change(reading, after):
            await self.year.ask_to_read(tx, after, now)

    def _is_in_force(self, reading: Reading) -> bool:
        plan = self.library.current_plan(reading.school_id)
        return (plan.id, plan.version) == (reading.plan_id, reading.plan_version)


def _is_forgotten(reading: Reading) -> bool:
    return reading.read_at is None and reading.next_at is None and reading.asked < MOST_ASKED


@contextmanager
def _alone(failed: str, school_id: str | None = None) -> Iterator[None]:
    """Let what fails here keep nothing else waiting; a database that is away is away for all."""
    try:
        yield
    except DatabaseUnavailable:
        raise
    except Exception:
        log.exception(failed, extra={"school_id": school_id})
