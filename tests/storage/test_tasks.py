"""The tasks of the year as rows: planned once, changed by one, due in their time, and sealed where people wrote."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Table, delete, select, update

from flows.occurrences import Audience, Key, Whole, Window
from flows.school_days import morning
from flows.tasks import Standing, Task
from storage.database import Database
from storage.readings import Reading
from storage.tables import sealed_keys, task_answers, tasks
from tests.storage.made import NOW, SCHOOL

DAY = date(2026, 8, 17)
KEY = Key("2026-2027", "W04", "skolestart", Audience(Whole.CLASS, "2TMA"))
TASK = Task(KEY, id="a" * 32, next_on=DAY)
WORDS = "Vi leste planen sammen."
FULL = replace(
    TASK,
    standing=Standing.DONE,
    version=1,
    moved=Window(DAY, DAY + timedelta(days=9)),
    owner="eva",
    told="ola",
    reminded_on=DAY,
    meant_for=DAY,
    next_on=None,
    done_on=DAY,
    done_by="eva",
    count=12,
    words=WORDS,
)


async def _add(database: Database, *found: Task) -> None:
    async with database.transaction() as tx:
        await tx.tasks.add(SCHOOL, found)


async def test_a_task_is_kept_with_all_that_is_known_of_it(database: Database) -> None:
    await _add(database, TASK)
    async with database.transaction() as tx:
        assert await tx.tasks.change(SCHOOL, TASK, FULL, NOW)
    async with database.transaction() as tx:
        assert await tx.tasks.get(SCHOOL, TASK.id) == FULL
        assert await tx.tasks.of_year(SCHOOL, "2026-2027") == {KEY: FULL}
        assert await tx.tasks.of_audience(SCHOOL, "2026-2027", KEY.audience) == {KEY: FULL}
        assert await tx.tasks.get("another", TASK.id) is None
        assert await tx.tasks.of_year(SCHOOL, "2027-2028") == {}


async def test_what_people_wrote_is_sealed_and_can_be_taken_back(database: Database) -> None:
    await _add(database, TASK)
    async with database.transaction() as tx:
        await tx.tasks.change(SCHOOL, TASK, FULL, NOW)
        sealed = await tx.tasks._connection.value(select(tasks.c.sealed))
        assert sealed
        assert WORDS.encode() not in sealed
        again = replace(FULL, version=2, words="")
        assert await tx.tasks.change(SCHOOL, FULL, again, NOW)
        assert await tx.tasks.get(SCHOOL, TASK.id) == again


async def _spoil(database: Database, table: Table, column: str) -> None:
    async with database.transaction() as tx:
        connection = tx.tasks._connection
        whole = await connection.value(select(table.c[column]).where(table.c[column].is_not(None)))
        spoilt = whole[:-1] + bytes([whole[-1] ^ 1])
        assert await connection.hits(update(table).where(table.c[column] == whole).values({column: spoilt})) == 1


@pytest.mark.parametrize(("table", "column"), [(tasks, "sealed"), (sealed_keys, "wrapped")])
async def test_words_that_no_longer_open_cost_nothing_but_themselves(
    database: Database, table: Table, column: str
) -> None:
    other = replace(TASK, key=replace(KEY, measure="W05"), id="b" * 32)
    await _add(database, TASK, other)
    async with database.transaction() as tx:
        await tx.tasks.change(SCHOOL, TASK, FULL, NOW)
    await _spoil(database, table, column)
    lost = replace(FULL, words=None)
    async with database.transaction() as tx:
        assert await tx.tasks.of_year(SCHOOL, "2026-2027") == {KEY: lost, other.key: other}
        again = replace(FULL, version=2, words="Vi leste den en gang til.")
        assert await tx.tasks.change(SCHOOL, lost, again, NOW)
    async with database.transaction() as tx:
        assert await tx.tasks.get(SCHOOL, TASK.id) == again


async def test_words_without_their_key_can_be_taken_back(database: Database) -> None:
    await _add(database, TASK)
    async with database.transaction() as tx:
        await tx.tasks.change(SCHOOL, TASK, FULL, NOW)
        await tx.tasks._connection.run(delete(sealed_keys))
        lost = replace(FULL, words=None)
        assert await tx.tasks.get(SCHOOL, TASK.id) == lost
        open_again = replace(FULL, version=2, words="")
        assert await tx.tasks.change(SCHOOL, lost, open_again, NOW)
        assert await tx.tasks.get(SCHOOL, TASK.id) == open_again


async def test_what_is_planned_twice_is_one_row_and_stays_what_it_is(database: Database) -> None:
    await _add(database, TASK)
    await _add(database, replace(TASK, id="b" * 32, next_on=DAY + timedelta(days=1)))
    async with database.transaction() as tx:
        assert await tx.tasks.of_year(SCHOOL, "2026-2027") == {KEY: TASK}


async def test_of_many_who_change_a_task_at_once_one_does(database: Database) -> None:
    await _add(database, TASK)

    async def change(number: int) -> bool:
        async with database.transaction() as tx:
            return await tx.tasks.change(SCHOOL, TASK, replace(TASK, version=1, told=str(number)), NOW)

    assert sum(await asyncio.gather(*(change(number) for number in range(20)))) == 1


async def test_whoever_read_a_task_before_any_change_of_it_is_overtaken(database: Database) -> None:
    await _add(database, TASK)
    renamed = replace(TASK, key=replace(KEY, audience=Audience(Whole.CLASS, "2TMB")))
    async with database.transaction() as tx:
        assert await tx.tasks.change(SCHOOL, TASK, renamed, NOW)
        assert not await tx.tasks.change(SCHOOL, TASK, replace(TASK, version=1, owner="ola"), NOW)
        assert await tx.tasks.get(SCHOOL, TASK.id) == replace(renamed, version=1)


async def test_of_two_replicas_one_reminds(postgresql_database: tuple[Database, Database]) -> None:
    await _add(postgresql_database[0], TASK)

    async def change(place: int) -> bool:
        async with postgresql_database[place % 2].transaction() as tx:
            return await tx.tasks.change(SCHOOL, TASK, replace(TASK, version=1, told=str(place)), NOW)

    assert sum(await asyncio.gather(*(change(place) for place in range(20)))) == 1


async def test_a_task_is_due_from_eight_in_the_morning_of_its_day(database: Database) -> None:
    at = morning(DAY)
    await _add(database, TASK)
    async with database.transaction() as tx:
        assert await tx.tasks.next_due() == at
        assert await tx.tasks.schools_due(at - timedelta(seconds=1)) == ()
        assert await tx.tasks.schools_due(at) == (SCHOOL,)
        assert await tx.tasks.due(SCHOOL, at) == (TASK,)
        assert await tx.tasks.put_off(SCHOOL, at, at + timedelta(days=1)) == 1
        assert await tx.tasks.due(SCHOOL, at) == ()
        (later,) = await tx.tasks.due(SCHOOL, at + timedelta(days=1))
        assert later.next_on == DAY + timedelta(days=1)


async def test_some_of_what_is_due_can_wait_alone(database: Database) -> None:
    at, other = morning(DAY), replace(TASK, key=replace(KEY, measure="W05"), id="b" * 32)
    await _add(database, TASK, other)
    async with database.transaction() as tx:
        assert await tx.tasks.try_again(SCHOOL, at, at + timedelta(minutes=30), [TASK.id]) == 1
        assert await tx.tasks.due(SCHOOL, at) == (other,)


async def test_what_is_tried_again_keeps_the_day_it_was_due_on_until_it_is_told(database: Database) -> None:
    at, pause = morning(DAY), timedelta(hours=20)
    await _add(database, TASK)
    async with database.transaction() as tx:
        for tries in range(3):
            assert await tx.tasks.try_again(SCHOOL, at + tries * pause, at + (tries + 1) * pause) == 1
        assert await tx.tasks.put_off(SCHOOL, at + 3 * pause, at + 4 * pause) == 1
        assert (await tx.tasks.next_due(), await tx.tasks.due_since([SCHOOL])) == (at + 4 * pause, at)
        assert await tx.tasks.due_since(["another"]) is None
        assert await tx.tasks.due(SCHOOL, at + 4 * pause) == (TASK,)
        later = replace(TASK, version=1, next_on=DAY + timedelta(days=7))
        assert await tx.tasks.change(SCHOOL, TASK, later, NOW)
        assert await tx.tasks.due_since([SCHOOL]) == morning(DAY + timedelta(days=7))


async def test_a_message_shows_its_tasks_until_another_one_does(database: Database) -> None:
    await _add(database, TASK)
    after = replace(TASK, version=1)
    async with database.transaction() as tx:
        await tx.tasks.change(SCHOOL, TASK, after, NOW, "first")
        assert await tx.tasks.of_digest(SCHOOL, "first") == (after,)
        assert await tx.tasks.digests([TASK.id]) == ("first",)
        await tx.tasks.change(SCHOOL, after, replace(after, version=2), NOW)
        assert len(await tx.tasks.of_digest(SCHOOL, "first")) == 1
        await tx.tasks.change(SCHOOL, replace(after, version=2), replace(after, version=3), NOW, "second")
        assert await tx.tasks.of_digest(SCHOOL, "first") == ()


async def test_another_message_takes_over_what_is_open_of_one(database: Database) -> None:
    done = replace(TASK, id="b" * 32, key=replace(KEY, measure="W05"), standing=Standing.DONE)
    other = replace(TASK, id="c" * 32, key=replace(KEY, measure="W06"))
    await _add(database, TASK, done, other)
    async with database.transaction() as tx:
        for task, digest in ((TASK, "first"), (done, "first"), (other, "another")):
            await tx.tasks.change(SCHOOL, task, replace(task, version=1), NOW, digest)
        await tx.tasks.hand_over(SCHOOL, "first", "second")
        shown = [[task.id for task in await tx.tasks.of_digest(SCHOOL, name)] for name in ("first", "second")]
    assert shown == [[done.id], [TASK.id]]


async def test_answers_stand_in_order_with_who_gave_them(database: Database) -> None:
    await _add(database, TASK)
    async with database.transaction() as tx:
        await tx.tasks.note_answer(SCHOOL, replace(TASK, version=1), "ola", "Done", NOW)
        await tx.tasks.note_answer(SCHOOL, replace(TASK, version=2), "eva", "Reopened", NOW)
        found = await tx.tasks._connection.rows(select(task_answers).order_by(task_answers.c.version))
    assert [(row.version, row.actor, row.answer) for row in found] == [(1, "ola", "Done"), (2, "eva", "Reopened")]


async def test_whoever_has_read_the_plan_is_asked_no_more(database: Database) -> None:
    asked = Reading(SCHOOL, "ola", "oppdal", "2022-09-06", next_at=NOW)
    async with database.transaction() as tx:
        await tx.readings.add([asked, replace(asked, person_id="eva", next_at=None)])
        await tx.readings.add([replace(asked, asked=7)])
        assert await tx.readings.due(NOW, 10) == (asked,)
        read = replace(asked, next_at=None, read_at=NOW)
        assert await tx.readings.change(asked, read)
        assert not await tx.readings.change(read, asked)
        assert await tx.readings.due(NOW, 10) == ()
        assert (await tx.readings.of_version(SCHOOL, "oppdal", "2022-09-06"))["ola"] == read
