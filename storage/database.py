"""The open database and its transactions; what a transaction can do is in its parts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import wakeup
from storage.cipher import KeyRing
from storage.commits import OwnCommits, SharedCommits
from storage.connection import guarded
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
    commits = SharedCommits(engine, witness) if witness else OwnCommits(engine, limits.connections)
    return Database(engine, keys, commits)


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

    def __init__(self, engine: AsyncEngine, keys: KeyRing, commits: SharedCommits | OwnCommits) -> None:
        self._engine, self._commits = engine, commits
        self.keys = keys

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commit what is done within, or nothing of it after an exception; on SQLite they queue for the connection."""
        async with self._commits.connected(reads_only=False) as connection:
            yield Transaction(connection, self.keys)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Transaction]:
        """Read everything as of one moment without holding up anybody's writing (on SQLite it is a transaction)."""
        async with self._commits.connected(reads_only=True) as connection:
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
        await self._commits.close()
