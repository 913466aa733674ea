"""The open database and its transactions; what a transaction can do is in its parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from datetime import datetime

import aiosqlite
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import wakeup
from storage.cipher import KeyRing
from storage.connection import Connection, guarded
from storage.engine import SQLITE, Limits, create_engine, create_file, parse_url, sqlite_path
from storage.errors import DatabaseOutdated, WrongKey
from storage.migration import migrate
from storage.pings import Ping
from storage.tables import chain_heads, sealed_keys
from storage.transaction import Transaction
from storage.witness import Witness


async def open_database(url: str, keys: KeyRing, limits: Limits | None = None) -> Database:
    """Open a database, bring its tables up to date and check that the key ring fits; raise a `StorageFault`."""
    limits = limits or Limits()
    address = parse_url(url)
    if address.get_backend_name() == SQLITE:
        create_file(address)
    engine = create_engine(address, limits)
    try:
        await guarded(_prepare(engine, keys))
        witness = await _witness(engine, sqlite_path(address)) if engine.dialect.name == SQLITE else None
    except BaseException:
        await engine.dispose()
        raise
    return Database(engine, keys, 1 if witness else limits.connections, witness)


async def _witness(engine: AsyncEngine, path: str) -> Witness:
    """Return what has taken note of the journals; raise `DatabaseOutdated` where the file has come less far."""
    witness = Witness(path)
    async with engine.connect() as connection:
        found = await guarded(connection.execute(select(chain_heads.c.school_id, chain_heads.c.seq)))
    if witness.is_behind({row.school_id: row.seq for row in found}):
        raise DatabaseOutdated(path, witness.path)
    return witness


async def _prepare(engine: AsyncEngine, keys: KeyRing) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
        used = await connection.scalars(select(sealed_keys.c.kek).distinct())
        missing = keys.missing(frozenset(used))
        if missing:
            raise WrongKey(missing)


class Database:
    """One installation's data; made by `open_database`."""

    def __init__(self, engine: AsyncEngine, keys: KeyRing, connections: int, witness: Witness | None) -> None:
        self._engine = engine
        self.keys = keys
        self._witness = witness
        self._free = asyncio.Semaphore(connections)  # waiting for it can be cancelled, a connection's work can't

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commit what is done within, or nothing of it after an exception; on SQLite they queue for the connection."""
        async with self._connected({}) as connection:
            yield Transaction(connection, self.keys)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Transaction]:
        """Read everything as of one moment without holding up anybody's writing (on SQLite it is a transaction)."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        async with self._connected({} if self._engine.dialect.name == SQLITE else options) as connection:
            yield Transaction(connection, self.keys)

    async def calls(self) -> AsyncGenerator[None]:
        """Yield whenever another replica may have promised or armed something; end at once on SQLite: there is none.

        Raise `DatabaseUnavailable` when the connection for it is gone.
        """
        if self._engine.dialect.name != SQLITE:
            async with aclosing(wakeup.calls(self._engine)) as calls:
                async for _ in calls:
                    yield

    async def ping(self, now: datetime) -> None:
        """Write a row, as proof that the database takes writes; raise `DatabaseUnavailable` otherwise."""
        async with self.transaction() as tx:
            await tx.pings.put(Ping.READY, now)

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def _connected(self, options: Mapping[str, object]) -> AsyncIterator[Connection]:
        async with self._free:
            inner = self._engine.connect()
            try:
                await guarded(_begin(inner, options))
                connection = Connection(inner)
                yield connection
                if connection.must_call and not connection.is_sqlite:
                    await wakeup.call(connection)
                await guarded(_commit(inner, scrub=connection.must_scrub))
                if self._witness and connection.heads:
                    self._witness.note(connection.heads)
            finally:
                if inner.sync_connection is not None:
                    await guarded(inner.close())  # rolls back what isn't committed


async def _begin(inner: AsyncConnection, options: Mapping[str, object]) -> None:
    await inner.start()
    await inner.execution_options(**options)
    await inner.begin()


async def _commit(inner: AsyncConnection, *, scrub: bool) -> None:
    try:
        await inner.commit()
    except BaseException:
        await inner.invalidate()  # SQLAlchemy would give it to the next one with this transaction still open
        raise
    if scrub and inner.dialect.name == SQLITE:
        raw: aiosqlite.Connection = (await inner.get_raw_connection()).driver_connection  # type: ignore[assignment]
        await raw.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")  # SQLAlchemy would begin a transaction for it
