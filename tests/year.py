"""School years that go by: the reminders that are promised, instant by instant, with the bot up or down meanwhile."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.app import App, build
from bot.files import load_plan, public_holidays, shipped_plan
from bot.library import Library
from bot.year import NewsOfTheYear
from flows.occurrences import Key, Reminder, due_between, occurrences, responsible
from flows.planning import school_on
from flows.roster import Roster
from flows.school import School
from flows.school_days import instant, is_at_work, local_day
from flows.task_answers import Answer, Changed, SentOn, answered
from flows.tasks import At, Standing, Task
from storage.cipher import KeyRing
from storage.database import Database, open_database
from storage.deliveries import OutboxRow, State
from storage.transaction import Transaction
from tests.school import CHAT, KEY, FakeChat, FakeClock, SeededDice, demo_library, shipped_plans

YEARS_OF_HOLIDAYS = 5
AGAIN = timedelta(seconds=1)  # where one look didn't do all that was due
PLAN = load_plan(shipped_plan("oppdal"))

Reminded = Counter[tuple[datetime, str, Key]]  # when, whom, of what


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody is told of a task; `late_for` is the day that is said where it should have come before."""

    at: datetime
    person: str
    key: Key
    late_for: date | None


@dataclass(slots=True)
class Years:
    """Schools whose years go by. `down` says whether the bot is down at an instant.

    `confirms`: all say at once that it is done. `answers` is what they say otherwise.
    """

    database: Database
    schools: Callable[[date], Sequence[School]]  # the files as they are on a day
    clock: FakeClock
    replicas: int = 1
    confirms: bool = False
    down: Callable[[datetime], bool] = lambda _: False
    answers: Callable[[Told], Answer | None] = lambda _: None
    told: list[Told] = field(default_factory=list)
    apps: list[App] = field(default_factory=list)
    _files: tuple[str, ...] = ()

    async def come(self, end: datetime) -> None:
        """Let time pass until an instant."""
        while (now := self.clock.now()) < end:
            if not self.down(now):
                await self._looks()
            self.clock.forward(min(await self._next(now), end) - now)

    async def _looks(self) -> None:
        now = self.clock.now()
        await self._starts(local_day(now))
        await self.apps[0].reminders.plan()
        await asyncio.gather(*(app.reminders.remind() for app in self.apps))
        await self._notes(now)

    async def _starts(self, day: date) -> None:
        """Start anew where the school files are others: nothing in memory may matter."""
        schools = self.schools(day)
        files = tuple(school.school_year for school in schools)
        if files == self._files:
            return
        self._files = files
        library = library_of(schools)
        self.apps = [
            build(self.database, library, {CHAT: FakeChat()}, self.clock, SeededDice(day.toordinal() + number))
            for number in range(self.replicas)
        ]

    async def _notes(self, now: datetime) -> None:
        """Note what was promised, and let it be out: one message of each person at a time, as the relay takes them."""
        async with self.database.transaction() as tx:
            while rows := await tx.outbox.claim(now, "t", timedelta(minutes=1), 10_000, others=10_000):
                for row in rows:
                    if row.kind == NewsOfTheYear.TASKS:
                        await self._note(tx, row, now)
                    await tx.outbox.finish(row.id, "t", now, State.SENT)

    async def _note(self, tx: Transaction, row: OutboxRow, now: datetime) -> None:
        for task in await tx.tasks.of_digest(row.school_id, row.id):
            told = Told(now, row.person_id, task.key, task.meant_for)
            self.told.append(told)
            if answer := self.answers(told):
                await self._answer(tx, row, task, answer, now)
            if self.confirms:
                done = replace(task, version=task.version + 1, standing=Standing.DONE, next_on=None)
                assert await tx.tasks.change(row.school_id, task, replace(done, done_on=local_day(now)), now)
                year = self.apps[0].reminders.year  # as after an answer: what waits for this one is due from now on
                await year.follow(tx, row.school_id, [task.key], (), await year.context(tx, row.school_id, now))

    async def _answer(self, tx: Transaction, row: OutboxRow, task: Task, answer: Answer, now: datetime) -> None:
        """Let somebody answer as a turn does."""
        year = self.apps[0].reminders.year
        context = await year.context(tx, row.school_id, now)
        seen = await year.one(tx, row.school_id, task.id, context)
        assert seen
        found = answered(seen.task, answer, row.person_id, At(seen.occurrence, context.roster, now))
        assert not found.wrong
        tells = answer.person if isinstance(answer, SentOn) else ""
        changed = Changed(seen.task, found.task, type(answer).__name__, tells)
        await year.keep(tx, row.school_id, row.person_id, [changed], context)

    async def _next(self, now: datetime) -> datetime:
        """Return the next instant at which anything may happen: the next day, or when something is due."""
        tomorrow = instant(local_day(now) + timedelta(days=1), datetime.min.time())
        if self.down(now) or not self.apps:
            return min(tomorrow, now + timedelta(hours=1))
        due = await self.apps[0].reminders.next_due()
        return min(tomorrow, max(due, now + AGAIN)) if due else tomorrow


def school_in(pattern: School, years_later: int) -> School:
    """Return a school's file of a later year: the same classes and people, the same weeks."""
    first = int(pattern.school_year.split("-")[0]) + years_later
    later = school_on(pattern, date(first, 8, 1)) if years_later else pattern
    holidays = public_holidays(first, first + YEARS_OF_HOLIDAYS)
    return replace(later, classes=pattern.classes, calendar=replace(later.calendar, holidays=holidays))


def on_the_first_of_august(schools: Sequence[School]) -> Callable[[date], Sequence[School]]:
    """Return what the files are on a day, where each new one is there in time."""

    def files(day: date) -> Sequence[School]:
        return [school_in(school, day.year - int(school.school_year[:4]) - (day.month < 8)) for school in schools]

    return files


def demo_school() -> School:
    return demo_library().schools[0]


def county(schools: int, classes: int) -> Sequence[School]:
    """Return made-up schools that follow the shipped plan, each with so many classes."""
    return [_school(demo_school(), number, classes) for number in range(schools)]


def library_of(schools: Sequence[School]) -> Library:
    return Library(schools, shipped_plans())


def _school(pattern: School, number: int, classes: int) -> School:
    known = list(pattern.classes.values())
    own = (replace(known[place % len(known)], id=f"{place}K", was="") for place in range(classes))
    people = {name: replace(who, email=f"{number}.{who.email}") for name, who in pattern.people.items()}
    return replace(pattern, id=f"school{number}", classes={each.id: each for each in own}, people=people)


def expected(school: School, done: Mapping[Key, date] | None = None) -> Iterator[Reminder]:
    """Yield what is to be told of a school's year as long as nobody answers; `done` decides what waits for it."""
    year = int(school.school_year[:4])
    first, last = datetime(year, 8, 1, tzinfo=UTC), datetime(year + 1, 8, 1, tzinfo=UTC)
    yield from due_between(occurrences(PLAN, school, done), school.calendar, first, last)


def expected_once(school: School) -> Mapping[Key, Reminder]:
    """Return what is to be told of a school's year where everybody confirms as soon as he is told."""
    done = {each.occurrence.key: each.day for each in expected(school) if each.number == 0}
    return {each.occurrence.key: each for each in expected(school, done) if each.number == 0}


def reminded(school: School, due: Iterable[Reminder]) -> Reminded:
    """Return whom reminders reach, each at its instant."""
    roster = Roster(school)
    return Counter((each.due_at, responsible(each.occurrence, roster).person, each.occurrence.key) for each in due)


def as_told(told: Iterable[Told]) -> Reminded:
    return Counter((each.at, each.person, each.key) for each in told)


def downtime(seed: int, begin: datetime, end: datetime) -> Callable[[datetime], bool]:
    """Return whether a bot is down at an instant: for hours and for days, a third of the time."""
    dice, now, found = random.Random(seed), begin, []  # noqa: S311 - made to be repeatable
    while now < end:
        begins = now + timedelta(hours=dice.randrange(2, 200))
        ends = begins + timedelta(hours=dice.choice((1, 3, 9, 30, 60, 100)))
        found.append((begins, ends))
        now = ends
    return lambda at: any(begins <= at < ends for begins, ends in found)


def wrong_of(each: Told, first: Reminder, school: School, down: Callable[[datetime], bool]) -> str:
    """Say what is wrong of something told by a bot that was down now and then; empty: nothing."""
    own, calendar = first.occurrence, school.calendar
    if each.person != responsible(own, Roster(school)).person:
        return "to another person"
    if each.at < first.due_at or not is_at_work(calendar, each.at):
        return "too early, or outside of work"
    if each.late_for != (first.day if local_day(each.at) > first.day else None):
        return "without its own day"
    if any(is_at_work(calendar, at) and not down(at) for at in _hours(first.due_at, each.at)):
        return "it could have been told before"
    return ""


def _hours(begin: datetime, end: datetime) -> Iterator[datetime]:
    at = begin + timedelta(hours=1)
    while at + timedelta(hours=1) < end:
        yield at
        at += timedelta(hours=1)


@asynccontextmanager
async def years(
    folder: Path, schools: Callable[[date], Sequence[School]], begins_at: datetime, **how: object
) -> AsyncIterator[Years]:
    database = await open_database(f"sqlite:///{folder}/years.sqlite", KeyRing.parse(KEY))
    try:
        yield Years(database, schools, FakeClock(begins_at), **how)  # type: ignore[arg-type]
    finally:
        await database.close()
