"""Another replica is called when something is promised or armed, and only once that can be seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from storage.cipher import KeyRing
from storage.database import Database, open_database
from storage.errors import DatabaseUnavailable
from storage.timers import Timer
from storage.transaction import Transaction
from tests.storage.made import MINUTE, NOW, SCHOOL, case_id, promise

Replicas = tuple[Database, Database]
SOON = 5.0  # seconds; a call takes a few milliseconds


@pytest.fixture
async def calls(postgresql_database: Replicas) -> AsyncIterator[AsyncGenerator[None]]:
    """The calls that the second replica hears, from now on."""
    heard = postgresql_database[1].calls()
    await anext(heard)
    yield heard
    await heard.aclose()


async def is_called(calls: AsyncGenerator[None], within: float = SOON) -> bool:
    try:
        await asyncio.wait_for(anext(calls), within)
    except TimeoutError:
        return False
    return True


async def _promise(tx: Transaction) -> None:
    await tx.outbox.promise([promise("one")])


async def _arm(tx: Transaction) -> None:
    await tx.timers.arm(Timer(case_id("a"), "escalation", SCHOOL, NOW + MINUTE))


@pytest.mark.parametrize("act", [_promise, _arm])
async def test_the_other_replica_sees_what_it_is_called_for(
    postgresql_database: Replicas, calls: AsyncGenerator[None], act: Callable[[Transaction], Awaitable[None]]
) -> None:
    async with postgresql_database[0].transaction() as tx:
        await act(tx)
    assert await is_called(calls)
    async with postgresql_database[1].transaction() as tx:
        seen = await tx.outbox.get("one"), await tx.timers.next_due()
    assert any(seen)


async def test_nobody_is_called_for_what_was_promised_before_or_taken_back(
    postgresql_database: Replicas, calls: AsyncGenerator[None]
) -> None:
    async with postgresql_database[0].transaction() as tx:
        await _promise(tx)
    assert await is_called(calls)
    async with postgresql_database[0].transaction() as tx:
        await _promise(tx)
    with suppress(ZeroDivisionError):
        async with postgresql_database[0].transaction() as tx:
            await _arm(tx)
            raise ZeroDivisionError
    assert not await is_called(calls, within=0.3)


async def test_a_connection_that_is_lost_is_told(postgresql_database: Replicas, calls: AsyncGenerator[None]) -> None:
    async with postgresql_database[0]._engine.begin() as connection:
        listeners = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(query, 'LISTEN')"
        await connection.exec_driver_sql(listeners)
    with pytest.raises(DatabaseUnavailable):
        await asyncio.wait_for(anext(calls), SOON)


async def test_on_sqlite_there_is_nobody_to_call(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/alone.db", KeyRing.parse(KeyRing.new_key()))
    async with database.transaction() as tx:
        await _arm(tx)
    assert [call async for call in database.calls()] == []
    await database.close()
