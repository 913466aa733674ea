"""The prevention year between `flows`, which decides, and `storage`, which remembers; in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.cases import Cases
from bot.clock import Dice
from bot.news import news
from flows.cards import Card
from flows.context import Context
from flows.occurrences import Key, occurrence_of, occurrences, waiting_for
from flows.planning import as_of, done_days, moved_windows, school_on
from flows.school_days import local_day, work_time_from
from flows.screens.task_messages import digest_message, late_message, read_message, reading_message
from flows.screens.words import View
from flows.task_answers import Changed
from flows.task_people import asked, overseer
from flows.task_state import is_late
from flows.tasks import Seen, Standing, Task
from storage.deliveries import OutboxRow
from storage.errors import Conflict
from storage.messages import SentMessage
from storage.readings import Reading
from storage.transaction import Transaction

PUT_OFF = timedelta(minutes=30)


class NewsOfTheYear(StrEnum):
    """Which card a message of the prevention year is; the words stand in rows, so they are never changed."""

    TASKS = "tasks"  # what somebody is reminded of; it is edited when one of the tasks is answered
    LATE = "late_tasks"  # what is late with others, for whoever oversees them
    READING = "reading"  # whether somebody knows the plan; it is edited once, when that is answered


@dataclass(frozen=True, slots=True)
class Year:
    cases: Cases
    dice: Dice

    async def context(self, tx: Transaction, school_id: str, now: datetime) -> Context:
        """Return what a decision about a task looks at: the school as it is on this day."""
        return as_today(await self.cases.context(tx, school_id, now, None))

    async def of_year(self, tx: Transaction, school_id: str, school_year: str, now: datetime) -> Context | None:
        """Return the school and its plan as they were in a year that is over, or are now; None where none is known."""
        context = await self.context(tx, school_id, now)
        if school_year == context.roster.school.school_year:
            return context
        return await self.cases.past(tx, school_id, school_year, now)

    async def left_behind(self, tx: Transaction, school_id: str, context: Context) -> tuple[Task, ...]:
        """Return what was done for classes and groups that the school has no more."""
        known = await tx.tasks.of_year(school_id, context.roster.school.school_year)
        there = {seen.task.key for seen in _seen(known, context)}
        return tuple(task for key, task in known.items() if key not in there and task.standing is Standing.DONE)

    async def all(self, tx: Transaction, school_id: str, context: Context) -> tuple[Seen, ...]:
        """Return the tasks of the school's year, in the plan's order."""
        school = context.roster.school
        return _seen(await tx.tasks.of_year(school_id, school.school_year), context)

    async def one(self, tx: Transaction, school_id: str, task_id: str, context: Context) -> Seen | None:
        """Return one of the school's tasks of this year; None where there is none."""
        task = await tx.tasks.get(school_id, task_id) if task_id else None
        return await self._with_occurrence(tx, school_id, task, context) if task else None

    async def _with_occurrence(self, tx: Transaction, school_id: str, task: Task, context: Context) -> Seen | None:
        """Return a task with what it is one of; None where the school has no such thing any more."""
        known = await tx.tasks.of_audience(school_id, task.key.school_year, task.key.audience)
        return _one(task, known, context)

    async def due(self, tx: Transaction, school_id: str, context: Context) -> tuple[Seen, ...]:
        """Return the tasks that are due now; those of a year that is over wait no longer.

        What this school file doesn't know is put off: another replica may have a newer one, or it is to be planned.
        """
        due = {task.id: task for task in await tx.tasks.due(school_id, context.now)}
        found = tuple(seen for seen in await self.all(tx, school_id, context) if seen.task.id in due)
        unknown: list[str] = []
        for task in (due[each] for each in due.keys() - {seen.task.id for seen in found}):
            if task.key.school_year < context.roster.school.school_year:
                await tx.tasks.change(school_id, task, replace(task, next_on=None), context.now)
            else:
                unknown.append(task.id)
        await tx.tasks.try_again(school_id, context.now, context.now + PUT_OFF, unknown)
        return found

    async def keep(
        self, tx: Transaction, school_id: str, by: str, changes: Sequence[Changed], context: Context
    ) -> None:
        """Store answers, with all that follows: what waits for them, and the messages that show them."""
        now = context.now
        shown = await tx.tasks.digests([change.before.id for change in changes])
        for change in changes:
            digest = self.dice.token() if change.tells else ""
            if not await tx.tasks.change(school_id, change.before, change.after, now, digest):
                raise Conflict
            await tx.tasks.note_answer(school_id, change.after, by, change.answer, now)
            if change.tells:  # what somebody else has sent on
                due_at = work_time_from(context.roster.school.calendar, now)
                await self.tell_tasks(tx, school_id, change.tells, digest, now, due_at)
        moved = {change.after.key for change in changes if change.before.moved != change.after.moved}
        await self.follow(tx, school_id, [change.after.key for change in changes], moved, context)
        for message_id in shown:
            await self.edit(tx, message_id, now)

    async def follow(
        self, tx: Transaction, school_id: str, keys: Iterable[Key], moved: Collection[Key], context: Context
    ) -> None:
        """Let what was moved, and what waits for another measure, be due when it is due now."""
        for audience in {key.audience for key in keys}:
            own = [key.measure for key in keys if key.audience == audience]
            names = set(own).union(*(waiting_for(context.plan, measure) for measure in own))
            known = await tx.tasks.of_audience(school_id, context.roster.school.school_year, audience)
            for task in known.values():
                seen = _one(task, known, context) if task.key.measure in names else None
                is_moved = task.key in moved
                after = as_of(task, seen.occurrence, context.roster, context.now, is_moved=is_moved) if seen else task
                if after != task:
                    await tx.tasks.change(school_id, task, after, context.now)

    async def tell(
        self, tx: Transaction, school_id: str, person: str, kind: NewsOfTheYear, key: str, now: datetime
    ) -> None:
        """Promise a message to somebody, in the place of one of its kind that still waits.

        What was promised under this key before is not promised again.
        """
        if await tx.outbox.promise([news(self.dice.token(), school_id, person, kind, key, now)]):
            await tx.outbox.take_back(school_id, person, kind, now, but=key)

    async def tell_tasks(
        self, tx: Transaction, school_id: str, person: str, digest: str, now: datetime, due_at: datetime | None = None
    ) -> None:
        """Promise the message that shows the tasks of a digest, whose id it has; it takes over from those that wait."""
        for waiting in await tx.outbox.take_back(school_id, person, NewsOfTheYear.TASKS, now):
            await tx.tasks.hand_over(school_id, waiting, digest)
        await tx.outbox.promise([news(digest, school_id, person, NewsOfTheYear.TASKS, digest, now, due_at)])

    async def ask_to_read(self, tx: Transaction, reading: Reading, now: datetime) -> None:
        await self.tell(tx, reading.school_id, reading.person_id, NewsOfTheYear.READING, _last_question(reading), now)

    async def edit(self, tx: Transaction, message_id: str, now: datetime) -> None:
        """Let a message be shown as it is now, where it stands in a chat."""
        message = await tx.messages.get(message_id)
        if message:
            await tx.outbox.promise([self.cases.edit_of_no_case(message, self.dice.token(), now)])

    async def version(self, tx: Transaction, school_id: str, digest: str) -> int:
        """Return a number that is another one when what a message shows has changed."""
        return sum(task.version for task in await tx.tasks.of_digest(school_id, digest))

    async def comes_at(self, tx: Transaction, school_id: str, now: datetime) -> datetime:
        """Return when people may hear of the year: now, or the next morning, not at night and not at a weekend."""
        return work_time_from((await self.context(tx, school_id, now)).roster.school.calendar, now)

    async def has_changed(self, tx: Transaction, message: SentMessage, version: int, now: datetime) -> bool:
        """Say whether a message has something else to show than when it went out."""
        if message.kind == NewsOfTheYear.READING:
            context = await self.context(tx, message.school_id, now)
            reading = await self.reading(tx, message.school_id, message.person_id, context)
            return reading is not None and reading.read_at is not None
        return await self.version(tx, message.school_id, message.id) != version

    async def is_answered(self, tx: Transaction, row: OutboxRow, now: datetime) -> bool:
        """Say whether nothing is left to do of what a message shows, or all of it stands in another message."""
        found = await self._digest(tx, row, await self.context(tx, row.school_id, now))
        return not any(seen and seen.task.is_open for seen in found)

    async def card(self, tx: Transaction, row: OutboxRow, kind: NewsOfTheYear, now: datetime) -> Card | None:
        """Return what a message of the year shows now; None where there is nothing left to say."""
        context = await self.context(tx, row.school_id, now)
        view = View(row.person_id, context)
        if context.roster.person(row.person_id) is None:
            return None
        match kind:
            case NewsOfTheYear.TASKS:
                return _digest_card(view, await self._digest(tx, row, context), is_new=row.message_id is None)
            case NewsOfTheYear.LATE:
                found = await self.all(tx, row.school_id, context)
                return late_message(view, _overseen(row.person_id, found, context))
            case NewsOfTheYear.READING:
                reading = await self.reading(tx, row.school_id, row.person_id, context)
                if reading and reading.read_at:
                    return read_message(view) if row.message_id else None
                is_last = reading is not None and row.dedupe_key == _last_question(reading)
                return reading_message(view) if is_last else None

    async def _digest(self, tx: Transaction, row: OutboxRow, context: Context) -> list[Seen | None]:
        """Return the tasks of a message; None for each that the school has no more."""
        shown = await tx.tasks.of_digest(row.school_id, row.message_id or row.id)
        return [await self._with_occurrence(tx, row.school_id, task, context) for task in shown]

    async def reading(self, tx: Transaction, school_id: str, person: str, context: Context) -> Reading | None:
        """Return whether somebody was asked to read the plan as it is now, and has."""
        return await tx.readings.get(school_id, person, context.plan.id, context.plan.version)

    async def note_read(self, tx: Transaction, school_id: str, person: str, context: Context) -> None:
        """Note that somebody knows the plan as it is now, and let whatever asks him say so; once is enough."""
        reading = Reading(school_id, person, context.plan.id, context.plan.version)
        await tx.readings.add([reading])
        await tx.readings.note_read(reading, context.now)
        for question in await tx.messages.of_no_case(school_id, NewsOfTheYear.READING, {person}):
            await self.edit(tx, question.id, context.now)


def _last_question(reading: Reading) -> str:
    """Return the key of the last question whether somebody knows the plan."""
    plan = f"{reading.plan_id}/{reading.plan_version}"
    return f"reading/{reading.school_id}/{reading.person_id}/{plan}/{reading.asked - 1}"


def _digest_card(view: View, found: Sequence[Seen | None], *, is_new: bool) -> Card:
    there = [seen for seen in found if seen]
    left = [seen for seen in there if seen.task.is_open]
    shown = left or there if is_new else there  # what was answered before it came is no news
    return digest_message(view, shown, has_gone=len(there) < len(found))


def as_today(context: Context) -> Context:
    """Return a context with the school as it is on this day."""
    school = school_on(context.roster.school, local_day(context.now))
    return replace(context, roster=replace(context.roster, school=school))


def _seen(known: Mapping[Key, Task], context: Context) -> tuple[Seen, ...]:
    done, moved = done_days(known.values()), moved_windows(known.values(), context.roster.school)
    found = occurrences(context.plan, context.roster.school, done, moved)
    return tuple(Seen(known[one.key], one) for one in found if one.key in known)


def _one(task: Task, known: Mapping[Key, Task], context: Context) -> Seen | None:
    done, moved = done_days(known.values()), moved_windows(known.values(), context.roster.school)
    found = occurrence_of(context.plan, context.roster.school, task.key, done, moved)
    return Seen(task, found) if found else None


def _overseen(person: str, found: Iterable[Seen], context: Context) -> tuple[Seen, ...]:
    """Return what is late with others and this person is told of."""
    roster, today = context.roster, local_day(context.now)
    late = [seen for seen in found if seen.task.is_in_play and is_late(seen, today)]
    return tuple(
        seen
        for seen in late
        if overseer(asked(seen.task, seen.occurrence, roster), seen.occurrence, roster, context.plan) == person
    )
