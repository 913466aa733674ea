"""How transactions come to a connection and are committed: on PostgreSQL each has its own, on SQLite they share one.

A commit waits for the disk, which takes longer than all the rest of a turn. PostgreSQL lets many wait together; SQLite
has one connection, so whoever waits for it there joins the transaction that is open, and one commit serves them all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import wakeup
from storage.connection import Connection, guarded
from storage.errors import DatabaseUnavailable
from storage.sqlite_connection import SqliteConnection
from storage.witness import Witness

_READS_ONLY = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_ROLLED_BACK = "rolled_back"


class OwnCommits:
    """PostgreSQL's: as many transactions at once as there are connections."""

    def __init__(self, engine: AsyncEngine, connections: int) -> None:
        self._engine = engine
        self._free = asyncio.Semaphore(connections)  # waiting for it can be cancelled, a connection's work can't

    @asynccontextmanager
    async def connected(self, *, reads_only: bool) -> AsyncIterator[Connection]:
        """Commit what is done within, or nothing of it after an exception."""
        async with self._free:
            inner = self._engine.connect()
            try:
                await guarded(_begin(inner, _READS_ONLY if reads_only else {}))
                connection = Connection(inner)
                yield connection
                if connection.must_call:
                    await wakeup.call(connection)
                await guarded(_commit(inner))
            finally:
                if inner.sync_connection is not None:
                    await guarded(inner.close())  # rolls back what isn't committed

    async def close(self) -> None:
        await self._engine.dispose()


@dataclass(eq=False, slots=True)
class _Batch:
    """The open transaction of several; `committed` is done when all of them are on the disk."""

    inner: AsyncConnection
    file: SqliteConnection
    committed: asyncio.Task[None] = field(init=False)
    heads: dict[str, int] = field(default_factory=dict)
    must_scrub: bool = False

    async def is_kept(self) -> None:
        await asyncio.shield(self.committed)  # whoever no longer waits spoils it for nobody


class SharedCommits:
    """SQLite's: one transaction after the other, and a commit for all that have waited for the first of them.

    Each can be undone alone, and none returns before the commit: what it has read of the others is as certain then.
    """

    def __init__(self, engine: AsyncEngine, witness: Witness) -> None:
        self._engine, self._witness = engine, witness
        self._free = asyncio.Lock()  # first come, first served
        self._batch: _Batch | None = None
        self._era = 0

    @asynccontextmanager
    async def connected(self, *, reads_only: bool) -> AsyncIterator[Connection]:  # noqa: ARG002 - all are alike here
        """Commit what is done within, or nothing of it after an exception; return when it is committed."""
        async with self._free:
            batch = await self._joined()
            connection = Connection(batch.inner, self._era)
            try:
                yield connection
            except BaseException:
                await guarded(self._undo(batch))
                raise
            if not batch.file.is_open:  # a fault of the file that was caught within
                await guarded(self._give_up(batch))
            batch.heads |= connection.heads
            batch.must_scrub |= connection.must_scrub
        await guarded(batch.is_kept())

    async def close(self) -> None:
        async with self._free:  # after the commit of what has been begun
            await self._engine.dispose()

    async def _joined(self) -> _Batch:
        """Return the batch that is open, or a new one."""
        if self._batch:
            self._batch.file.begin()
            return self._batch
        inner = self._engine.connect()
        try:
            await guarded(_begin(inner, {}))
            raw = await guarded(inner.get_raw_connection())
        except BaseException:
            if inner.sync_connection is not None:
                await guarded(inner.close())
            raise
        self._batch = batch = _Batch(inner, raw.driver_connection)  # type: ignore[arg-type]
        batch.committed = asyncio.create_task(self._commit(batch))  # gets the connection after those who wait for it
        batch.committed.add_done_callback(_heard)
        return batch

    async def _undo(self, batch: _Batch) -> None:
        """Undo what the last one has done; where that can't be done alone, nothing of the batch is kept."""
        is_undone = False
        try:
            is_undone = await batch.file.undo()
        finally:
            if not is_undone:
                await self._give_up(batch)

    async def _give_up(self, batch: _Batch) -> None:
        """Keep nothing of a batch; all who wait for its commit are told so."""
        self._batch = None
        self._era += 1
        await batch.inner.invalidate()
        await batch.inner.close()

    async def _commit(self, batch: _Batch) -> None:
        async with self._free:
            if self._batch is not batch:
                raise DatabaseUnavailable(_ROLLED_BACK)
            self._batch = None
            try:
                await _commit(batch.inner)
                if batch.must_scrub:  # SQLAlchemy would begin a transaction for it
                    await batch.file.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
                if batch.heads:
                    self._witness.note(batch.heads)
            except BaseException:
                self._era += 1
                raise
            finally:
                await batch.inner.close()


async def _begin(inner: AsyncConnection, options: Mapping[str, object]) -> None:
    await inner.start()
    if options:
        await inner.execution_options(**options)
    await inner.begin()


async def _commit(inner: AsyncConnection) -> None:
    try:
        await inner.commit()
    except BaseException:
        await inner.invalidate()  # SQLAlchemy would give it to the next one with this transaction still open
        raise


def _heard(committed: asyncio.Task[None]) -> None:
    """Look at what came of it: perhaps everybody has been undone, and nobody waits for it."""
    if not committed.cancelled():
        committed.exception()
