"""A case's events: appended by one, read in order, gone for good when its key is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from storage.cipher import KeyRing
from storage.database import Database, open_database
from storage.errors import Conflict, ContentGone, Unreadable
from storage.journal import Access
from tests.storage.conftest import Attack
from tests.storage.made import MINUTE, NOW, SCHOOL, append, case_id, case_row, payloads


async def test_events_come_back_in_order_as_they_were_appended(database: Database) -> None:
    first = await append(database, case_row(), 0, payloads("rød", "🎒 \ud800"))
    second = await append(database, replace(first, status="taken"), 2, payloads("tre"), NOW + MINUTE, "ola")
    async with database.transaction() as tx:
        history = await tx.journal.history(case_id("a"))
        stored = await tx.cases.get(case_id("a"))
    assert [event.payload["text"] for event in history] == ["rød", "🎒 \ud800", "tre"]
    assert [(event.version, event.at, event.actor) for event in history] == [
        (1, NOW, "kari"),
        (2, NOW, "kari"),
        (3, NOW + MINUTE, "ola"),
    ]
    assert stored == second == replace(case_row(), status="taken", version=3)


async def test_the_newest_instant_is_that_of_the_last_entry_of_any_school(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.journal.newest_at() is None
    await append(database, case_row("a"), 0, payloads("en"), NOW + MINUTE)
    await append(database, case_row("b", school_id="rennebu"), 0, payloads("en", "to"), NOW)
    async with database.transaction() as tx:
        assert await tx.journal.newest_at() == NOW + MINUTE


async def test_an_unknown_case_has_no_history(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.journal.history(case_id("nobody")) == ()


@pytest.mark.parametrize("expected", [0, 1, 3])
async def test_a_decision_on_another_version_is_a_conflict_and_writes_nothing(
    database: Database, expected: int
) -> None:
    await append(database, case_row(), 0, payloads("en", "to"))
    with pytest.raises(Conflict):
        await append(database, case_row(status="taken"), expected, payloads("tre"))
    async with database.transaction() as tx:
        assert len(await tx.journal.history(case_id("a"))) == 2
        assert await tx.journal.verify(SCHOOL) == ()


async def test_a_number_that_is_taken_is_a_conflict(database: Database) -> None:
    await append(database, case_row("a", number="K7RM2P"), 0, payloads("en"))
    with pytest.raises(Conflict):
        await append(database, case_row("b", number="K7RM2P"), 0, payloads("en"))
    await append(database, case_row("c", number="K7RM2P", school_id="rennebu"), 0, payloads("en"))


async def test_of_many_who_decide_at_once_one_wins(database: Database) -> None:
    case = await append(database, case_row(), 0, payloads("en"))
    tries = [append(database, case, 1, payloads(f"{place}")) for place in range(20)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 19


async def test_many_cases_at_once_make_one_chain(database: Database) -> None:
    names = [f"c{place}" for place in range(20)]
    await asyncio.gather(*(append(database, case_row(name), 0, payloads(name, name)) for name in names))
    async with database.transaction() as tx:
        head = await tx.journal.head(SCHOOL)
        assert head is not None
        assert head.seq == 40
        assert await tx.journal.verify(SCHOOL, head) == ()


async def test_two_replicas_write_one_chain(postgresql_database: tuple[Database, Database]) -> None:
    async def work(database: Database, name: str) -> None:
        case = await append(database, case_row(name), 0, payloads("en"))
        async with database.transaction() as tx:
            await tx.journal.note_access(SCHOOL, NOW, "kari", case.case_id, "view", allowed=True)
        await append(database, case, 1, payloads("to"))

    await asyncio.gather(*(work(postgresql_database[place % 2], f"c{place}") for place in range(30)))
    async with postgresql_database[0].snapshot() as tx:
        assert await tx.journal.verify(SCHOOL) == ()
        head = await tx.journal.head(SCHOOL)
    assert head is not None
    assert head.seq == 90


async def test_the_database_itself_refuses_to_change_the_journal(database: Database) -> None:
    await append(database, case_row(), 0, payloads("en"))
    for statement in ("UPDATE journal SET actor = 'x'", "DELETE FROM journal", "DELETE FROM journal WHERE seq = 1"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with database._engine.begin() as connection:
                await connection.exec_driver_sql(statement)


SWAP = "UPDATE journal SET sealed = (SELECT sealed FROM journal WHERE seq = {other}) WHERE seq = {one}"


@pytest.mark.parametrize(
    "change",
    [
        SWAP.format(one=1, other=2),
        SWAP.format(one=1, other=3),
        "UPDATE journal SET actor = 'ola' WHERE seq = 1",
        "UPDATE journal SET at = at + 1 WHERE seq = 1",
        "UPDATE journal SET sealed = NULL WHERE seq = 1",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 1",
        "DELETE FROM journal",
        "UPDATE cases SET version = 1",
        "UPDATE cases SET version = 3",
        "DELETE FROM sealed_keys WHERE school_id = 'oppdal'",
        "UPDATE sealed_keys SET wrapped = (SELECT k.wrapped FROM sealed_keys k WHERE k.owner_id = 'chain:oppdal') "
        "WHERE owner_id <> 'chain:oppdal'",
    ],
)
async def test_changed_or_missing_rows_are_an_alarm_and_never_an_empty_case(
    database: Database, attack: Attack, change: str
) -> None:
    await append(database, case_row("a"), 0, payloads("en", "to"))
    await append(database, case_row("b"), 0, payloads("en"))
    await attack(change)
    async with database.transaction() as tx:
        with pytest.raises(Unreadable):
            await tx.journal.history(case_id("a"))


async def test_accesses_and_refusals_can_be_read_page_by_page(database: Database) -> None:
    case = await append(database, case_row(), 0, payloads("en", "to"))
    async with database.transaction() as tx:
        for actor, case_id_, allowed in (("ola", case.case_id, True), ("per", None, False)):
            await tx.journal.note_access(SCHOOL, NOW, actor, case_id_, "view", allowed=allowed)
        first = Access(3, NOW, "ola", case.case_id, "view", allowed=True)
        second = Access(4, NOW, "per", None, "view", allowed=False)
        assert await tx.journal.accesses(SCHOOL) == (first, second)
        assert await tx.journal.accesses(SCHOOL, limit=1) == (first,)
        assert await tx.journal.accesses(SCHOOL, after=3) == (second,)
        assert await tx.journal.accesses("rennebu") == ()


async def test_a_case_may_move_on_while_it_is_read(postgresql_database: tuple[Database, Database]) -> None:
    reader, writer = postgresql_database
    case = await append(writer, case_row(), 0, payloads("en"))

    async def move_on() -> None:
        for version in range(1, 40):
            await append(writer, case, version, payloads("to"))

    moving = asyncio.create_task(move_on())
    while not moving.done():
        async with reader.transaction() as tx:
            assert await tx.journal.history(case.case_id)
    await moving


async def test_a_purged_case_is_gone_and_its_chain_still_holds(database: Database) -> None:
    case = await append(database, case_row("a", owner="ola"), 0, payloads("en"))
    await append(database, case_row("b"), 0, payloads("en"))
    async with database.transaction() as tx:
        assert await tx.journal.destroy_key(case.case_id, NOW + timedelta(days=400), "rusplan")
    with pytest.raises(ContentGone):
        await append(database, case, 1, payloads("to"))
    async with database.transaction() as tx:
        with pytest.raises(ContentGone):
            await tx.journal.history(case.case_id)
        row = await tx.cases.get(case.case_id)
        assert row == replace(case, status="erased", departments=(), reporter="", owner=None)
        assert await tx.cases.open_of_school(SCHOOL) == (replace(case_row("b"), version=1),)
        assert len(await tx.journal.history(case_id("b"))) == 1
        assert await tx.journal.verify(SCHOOL) == ()


async def test_purging_twice_or_purging_nothing_is_no_fault(database: Database) -> None:
    await append(database, case_row("a"), 0, payloads("en"))
    async with database.transaction() as tx:
        assert await tx.journal.destroy_key(case_id("a"), NOW, "rusplan")
        assert not await tx.journal.destroy_key(case_id("a"), NOW, "rusplan")
        assert not await tx.journal.destroy_key(case_id("nobody"), NOW, "rusplan")
    async with database.transaction() as tx:
        assert await tx.journal.verify(SCHOOL) == ()


async def test_old_cases_stay_readable_when_the_key_is_rotated(url: str) -> None:
    a, b = KeyRing.new_key(), KeyRing.new_key()
    for ring, version in ((a, 0), (f"{b},{a}", 1)):
        database = await open_database(url, KeyRing.parse(ring))
        await append(database, case_row(), version, payloads("en"))
        await append(database, case_row(f"own{version}"), 0, payloads("en"))
        await database.close()
    database = await open_database(url, KeyRing.parse(f"{b},{a}"))
    async with database.transaction() as tx:
        assert set((await tx.keys.counts()).values()) == {3, 1}
        while await tx.keys.rewrap(2):
            pass
    await database.close()
    database = await open_database(url, KeyRing.parse(b))
    async with database.transaction() as tx:
        assert len(await tx.journal.history(case_id("a"))) == 2
        assert len(await tx.journal.history(case_id("own0"))) == 1
        assert await tx.journal.verify(SCHOOL) == ()
    await database.close()
