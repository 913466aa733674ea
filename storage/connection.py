"""The database connection of one transaction: statements run to their end; what they mean is none of its business."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CursorResult,
    Executable,
    Row,
    Table,
    cast,
    extract,
    func,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import Instant
from storage.engine import SQLITE
from storage.errors import Conflict, DatabaseUnavailable

Result = TypeVar("Result")
Values = Mapping[str, object] | Sequence[Mapping[str, object]] | None

# Longer than PostgreSQL lets a statement run; only a network that has gone silent comes this far.
_PATIENCE = timedelta(seconds=15)

_OUTRUN = ("40001", "40P01")  # PostgreSQL broke the transaction off in favour of another one

_NOT_OUR_FAULT = (OperationalError, InterfaceError, InternalError)


async def to_its_end(work: Coroutine[Any, Any, Result]) -> Result:
    """Await a piece of work to its end; a cancellation in the meantime is raised after it.

    A statement that is broken off leaves its connection in an unknown state: SQLAlchemy throws it away, with
    tracebacks in the log, and on SQLite the one connection and its lock on the file are gone for a moment.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await _settle(task)
        raise


async def _settle(task: asyncio.Task[Any]) -> None:
    deadline = asyncio.get_running_loop().time() + _PATIENCE.total_seconds()
    while not task.done():
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            task.cancel()
        try:
            await asyncio.wait({task}, timeout=max(left, 1.0))
        except asyncio.CancelledError:
            continue  # cancelled again: the first cancellation is raised all the same
    if not task.cancelled():
        task.exception()  # it is taken note of: the cancellation goes first


def as_fault(failed: Exception) -> Exception:
    """Return what the rest of the program may see of a database's error; a fault in a statement stays what it is."""
    if isinstance(failed, DBAPIError) and (type(failed) is DatabaseError or isinstance(failed, _NOT_OUR_FAULT)):
        name = getattr(failed.orig, "sqlite_errorname", None) or getattr(failed.orig, "sqlstate", None)
        if name in _OUTRUN:
            return Conflict()
        return DatabaseUnavailable(name or type(failed.orig).__name__)
    return failed


async def guarded(work: Coroutine[Any, Any, Result]) -> Result:
    """Await work of the database to its end; raise a fault for what a later try may mend."""
    try:
        return await to_its_end(work)
    except Exception as failed:
        fault = as_fault(failed)
        if fault is failed:
            raise
        raise fault from failed


class Connection:
    """What the parts of a transaction work with."""

    def __init__(self, inner: AsyncConnection, era: int = 0) -> None:
        self._inner = inner
        self.era = era  # another one once something could be read here that was not kept after all
        self.is_sqlite = inner.dialect.name == SQLITE
        self.must_scrub = False  # something was erased: no copy may stay in the SQLite log either
        self.heads: dict[str, int] = {}  # how far the journals come that something is written in, by school
        self.must_call = False  # something was promised or armed: other replicas are to look

    async def run(self, statement: Executable, values: Values = None) -> CursorResult[Any]:
        """Run a statement to its end; the result is in memory.

        `values` are for one that is put together once and run often: to put it together takes longer than to run it.
        """
        return await guarded(self._inner.execute(statement, values))

    async def run_for_each(self, statement: Executable, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement once with each row's values; one statement for all would take far longer to put together."""
        await guarded(self._inner.execute(statement, rows))

    async def rows(self, statement: Executable, values: Values = None) -> Sequence[Row[Any]]:
        return (await self.run(statement, values)).fetchall()

    async def row(self, statement: Executable, values: Values = None) -> Row[Any] | None:
        """Return the first row, or none."""
        return (await self.run(statement, values)).first()

    async def put(self, table: Table, *rows: Mapping[str, object]) -> None:
        """Insert rows in the place of those with the same keys; what the first doesn't name stays as it was."""
        await self.run_for_each(_put(table, tuple(rows[0]), is_sqlite=self.is_sqlite), rows)

    async def add(self, table: Table, row: Mapping[str, object]) -> bool:
        """Insert a row, and say whether it's new; where another one stands in its way, that one stays."""
        return await self.row(_add(table, is_sqlite=self.is_sqlite), row) is not None

    async def value(self, statement: Executable) -> Any:
        """Return the first column of the first row, or none."""
        return (await self.run(statement)).scalar()

    async def hits(self, statement: Executable) -> int:
        """Return how many rows a change came upon."""
        return (await self.run(statement)).rowcount

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """Return this database's own INSERT, the one that knows ON CONFLICT."""
        return _insert(table, is_sqlite=self.is_sqlite)


def shared_clock(now: ColumnElement[datetime], *, is_sqlite: bool) -> ColumnElement[datetime]:
    """Return the time that all who hold leases go by: the server's, where machines with their own clocks share it.

    It is read when the statement begins; on SQLite, which one program has to itself, it is `now`.
    """
    if is_sqlite:
        return now
    return type_coerce(cast(extract("epoch", func.statement_timestamp()) * 1_000_000, BigInteger), Instant())


def _insert(table: Table, *, is_sqlite: bool) -> postgresql.Insert | sqlite.Insert:
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


@cache
def _put(table: Table, columns: tuple[str, ...], *, is_sqlite: bool) -> Executable:
    made, key = _insert(table, is_sqlite=is_sqlite), [column.name for column in table.primary_key]
    new = {name: made.excluded[name] for name in columns if name not in key}
    return made.on_conflict_do_update(index_elements=key, set_=new)


@cache
def _add(table: Table, *, is_sqlite: bool) -> Executable:
    return _insert(table, is_sqlite=is_sqlite).on_conflict_do_nothing().returning(*table.primary_key)
