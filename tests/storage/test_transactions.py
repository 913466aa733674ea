"""All of a transaction or nothing of it, whatever becomes of the one who waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from storage.cipher import KeyRing
from storage.database import Database, open_database
from storage.errors import Conflict, DatabaseUnavailable
from storage.schools import StoredSchool
from storage.sqlite_connection import SqliteConnection
from tests.storage.made import NOW, SCHOOL, append, case_id, case_row, payloads, promise


def file_of(school: str, document: str = "x") -> StoredSchool:
    return StoredSchool(school, "2026-2027", "e", document, NOW)


@pytest.mark.parametrize("place", [*range(1, 26), "commit"])
@pytest.mark.parametrize("times", [1, 2])
async def test_a_cancelled_turn_leaves_nothing_behind_and_the_database_usable(
    database: Database, caplog: pytest.LogCaptureFixture, place: int | str, times: int
) -> None:
    async def turn(name: str) -> None:
        async with database.transaction() as tx:
            await tx.inbox.accept("slack", name, SCHOOL, NOW)
            row = case_row(name)
            await tx.journal.append_events(SCHOOL, row.case_id, 0, NOW, "kari", payloads("en"), row)
            await tx.outbox.promise([promise(name, case_id=row.case_id)])

    def cancel() -> None:
        running[0].cancel()
        if times == 2:
            asyncio.get_running_loop().call_soon(running[0].cancel)

    caplog.set_level(logging.WARNING)
    running = [asyncio.create_task(turn(name)) for name in ("a", "b")]
    with _when(database, place, cancel):
        first, second = await asyncio.gather(*running, return_exceptions=True)
    assert second is None
    assert first is None or isinstance(first, asyncio.CancelledError)
    async with database.transaction() as tx:
        is_there = await tx.cases.get(case_id("a")) is not None
        assert is_there or isinstance(first, asyncio.CancelledError)
        assert await tx.inbox.accept("slack", "a", SCHOOL, NOW) is not is_there
        assert bool(await tx.outbox.of_case(case_id("a"))) is is_there
        assert len(await tx.journal.history(case_id("b"))) == 1
        assert await tx.journal.verify(SCHOOL) == ()
    assert caplog.records == []


@contextmanager
def _when(database: Database, place: int | str, act: Callable[[], None]) -> Iterator[None]:
    """Act at the moment a certain statement is sent, counted from 1, or the first commit is."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == (1 if place == "commit" else place):
            act()

    engine, name = database._engine.sync_engine, "commit" if place == "commit" else "before_cursor_execute"
    event.listen(engine, name, count)
    yield
    event.remove(engine, name, count)


@pytest.mark.parametrize("ending", ["commit", "rollback"])
async def test_a_transaction_that_can_not_be_ended_spoils_none_after_it(
    database: Database, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def turn(name: str, *, fail: bool = False) -> None:
        async with database.transaction() as tx:
            await tx.inbox.accept("slack", name, SCHOOL, NOW)
            if fail:
                raise LookupError

    def broken(_: object) -> None:
        raise ConnectionResetError

    event.listen(database._engine.sync_engine, ending, broken)
    with monkeypatch.context() as undoing:
        undoing.setattr(SqliteConnection, "undo", broken)
        with pytest.raises(ConnectionResetError):
            await turn("a", fail=ending == "rollback")
    event.remove(database._engine.sync_engine, ending, broken)
    for name in ("b", "c"):
        await turn(name)
    async with database.transaction() as tx:
        assert await tx.inbox.accept("slack", "a", SCHOOL, NOW)
        assert not await tx.inbox.accept("slack", "b", SCHOOL, NOW)


async def test_a_full_disk_is_unavailable_and_works_again_with_more_room(tmp_path: Path, keys: KeyRing) -> None:
    async def put(text: str) -> None:
        async with database.transaction() as tx:
            await tx.schools.put(file_of(SCHOOL, text))

    async def give_room(pages: int) -> None:
        async with database._engine.connect() as connection:
            await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    database = await open_database(f"sqlite:///{tmp_path}/rusplan.db", keys)
    await put("before")
    await give_room(1)  # SQLite makes it as many as there are
    with pytest.raises(DatabaseUnavailable) as raised:
        await put("x" * 100_000)
    assert raised.value.reason == "SQLITE_FULL"
    async with database.transaction() as tx:
        stored = await tx.schools.newest(SCHOOL)
    assert stored is not None
    assert stored.document == "before"
    await give_room(10_000)
    await put("x" * 100_000)
    await database.close()


async def test_a_turn_that_waits_for_the_connection_is_cancelled_at_once(tmp_path: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/rusplan.db", keys)
    async with database.transaction():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), database.transaction():
                pass
    await database.ping(NOW)
    await database.close()


class Together:
    """Turns on an SQLite file that wait for the same connection, and so for the same commit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def turn(self, name: str, fails: Exception | None = None) -> None:
        async with self._database.transaction() as tx:
            await tx.inbox.accept("slack", name, SCHOOL, NOW)
            if fails:
                raise fails

    async def are_kept(self, *names: str) -> list[bool]:
        async with self._database.transaction() as tx:
            return [not await tx.inbox.accept("slack", name, SCHOOL, NOW) for name in names]


@pytest.fixture
async def together(tmp_path: Path, keys: KeyRing) -> AsyncIterator[tuple[Database, Together]]:
    database = await open_database(f"sqlite:///{tmp_path}/rusplan.db", keys)
    yield database, Together(database)
    await database.close()


async def test_turns_that_wait_for_each_other_are_committed_together(together: tuple[Database, Together]) -> None:
    database, turns = together
    commits: list[object] = []
    event.listen(database._engine.sync_engine, "commit", commits.append)
    await asyncio.gather(*(turns.turn(f"{number}") for number in range(10)))
    assert len(commits) == 1
    assert all(await turns.are_kept(*(f"{number}" for number in range(10))))


async def test_a_turn_that_fails_is_undone_alone(together: tuple[Database, Together]) -> None:
    _, turns = together
    first, second, third = await asyncio.gather(
        turns.turn("a"), turns.turn("b", LookupError()), turns.turn("c"), return_exceptions=True
    )
    assert (first, type(second), third) == (None, LookupError, None)
    assert await turns.are_kept("a", "b", "c") == [True, False, True]


async def test_no_turn_is_over_before_the_commit_that_keeps_it(together: tuple[Database, Together]) -> None:
    database, turns = together

    def full(_: object) -> None:
        raise ConnectionResetError

    event.listen(database._engine.sync_engine, "commit", full)
    failed = await asyncio.gather(*(turns.turn(name) for name in "abc"), return_exceptions=True)
    event.remove(database._engine.sync_engine, "commit", full)
    assert [type(each) for each in failed] == [ConnectionResetError] * 3
    assert await turns.are_kept("a", "b", "c") == [False, False, False]


@pytest.mark.parametrize("is_caught", [False, True])
async def test_what_sqlite_itself_undoes_is_kept_for_nobody(
    together: tuple[Database, Together],
    is_caught: bool,  # noqa: FBT001
) -> None:
    database, turns = together

    async def rolled_back() -> None:
        async with database.transaction() as tx:
            await tx.inbox.accept("slack", "b", SCHOOL, NOW)
            await tx.inbox._connection._inner.exec_driver_sql("ROLLBACK")  # as a disk that is full may make it
            if not is_caught:
                raise DatabaseUnavailable("SQLITE_FULL")

    outcomes = await asyncio.gather(turns.turn("a"), rolled_back(), turns.turn("c"), return_exceptions=True)
    assert [type(each) for each in outcomes] == [DatabaseUnavailable, DatabaseUnavailable, type(None)]
    assert await turns.are_kept("a", "b", "c") == [False, False, True]


async def test_of_two_turns_in_a_deadlock_one_is_told_to_run_again(
    postgresql_database: tuple[Database, Database],
) -> None:
    met = asyncio.Barrier(2)

    async def turn(database: Database, *schools: str) -> None:
        first, second = schools
        async with database.transaction() as tx:
            await tx.schools.put(file_of(first))
            await met.wait()
            await tx.schools.put(file_of(second))

    one, other = postgresql_database
    outcomes = await asyncio.gather(turn(one, "a", "b"), turn(other, "b", "a"), return_exceptions=True)
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [Conflict]


async def test_a_snapshot_sees_one_moment_and_writes_nothing(postgresql_database: tuple[Database, Database]) -> None:
    first, second = postgresql_database
    await append(first, case_row("a"), 0, payloads("en"))
    async with first.snapshot() as tx:
        assert len(await tx.cases.open_of_school(SCHOOL)) == 1
        await append(second, case_row("b"), 0, payloads("en"))
        assert len(await tx.cases.open_of_school(SCHOOL)) == 1
        assert await tx.journal.verify(SCHOOL) == ()
    with pytest.raises(DatabaseUnavailable):
        async with first.snapshot() as tx:
            await tx.inbox.accept("slack", "Ev1", SCHOOL, NOW)
    await append(first, case_row("c"), 0, payloads("en"))
