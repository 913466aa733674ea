"""A connection to an SQLite file in a thread of its own, as aiosqlite makes it, with one hop there for each statement.

aiosqlite takes four: for the cursor, the statement, its rows, and to close it. Each costs more than the statement does.
A transaction begins with its first statement, in the same hop, and nothing is rolled back where none is open.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

BEGIN = "BEGIN IMMEDIATE"  # a read that turned into a write would lose updates
_PART = "part"  # of a transaction, which can be undone alone
_NO_CHUNKS = 1  # rows at a time: nothing here is read in pieces


async def connect(path: str) -> SqliteConnection:
    """Open a file, waiting for no lock; transactions begin and end as they are told to."""
    # not only the thread that has opened it may close it: the program may end while a statement runs
    opens = partial(sqlite3.connect, path, timeout=0, isolation_level=None, check_same_thread=False)
    connection = SqliteConnection(opens, _NO_CHUNKS)
    await connection
    return connection


class SqliteConnection(aiosqlite.Connection):
    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        self._thread.daemon = True  # it keeps no program from ending
        self._is_to_begin = False

    def cursor(self) -> _Cursor:  # type: ignore[override]  # what SQLAlchemy asks for, and not all of aiosqlite's
        return _Cursor(self)

    def begin(self) -> None:
        """Let a transaction begin with the next statement, or the next part of the one that is open."""
        self._is_to_begin = True

    @property
    def is_open(self) -> bool:
        """Whether a transaction is open, or will be; there are faults at which SQLite itself undoes all of one."""
        return self._connection is not None and (self._is_to_begin or self.in_transaction)

    async def undo(self) -> bool:
        """Undo what was done since `begin`; False where SQLite has undone what was before it, too."""
        if self.is_open and not self._is_to_begin:
            await self.in_its_thread(lambda file: file.execute(f"ROLLBACK TO {_PART}"))
        return self.is_open

    async def rollback(self) -> None:
        self._is_to_begin = False
        if self.in_transaction:
            await super().rollback()

    async def commit(self) -> None:
        self._is_to_begin = False
        if self.in_transaction:
            await super().commit()

    async def in_its_thread(self, does: Callable[[sqlite3.Connection], object]) -> None:
        await self._execute(lambda: self._do(does))  # type: ignore[no-untyped-call]  # aiosqlite has no types here

    def _do(self, does: Callable[[sqlite3.Connection], object]) -> None:
        if self._is_to_begin:
            self._is_to_begin = False
            self._conn.execute(f"RELEASE {_PART}" if self.in_transaction else BEGIN)
            self._conn.execute(f"SAVEPOINT {_PART}")
        does(self._conn)


class _Cursor:
    """What SQLAlchemy asks of a cursor (`AsyncIODBAPICursor`): it has all rows at once, and holds nothing open."""

    arraysize = 1

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount, self.lastrowid = -1, 0

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Any = ()) -> Self:
        await self._connection.in_its_thread(lambda file: self._take(file.execute(operation, parameters)))
        return self

    async def executemany(self, operation: str, parameters: Iterable[Any]) -> Self:
        await self._connection.in_its_thread(lambda file: self._take(file.executemany(operation, parameters)))
        return self

    async def fetchall(self) -> Sequence[Any]:
        rows, self._rows = self._rows, ()
        return rows

    async def close(self) -> None:
        """Nothing is open."""

    def _take(self, cursor: sqlite3.Cursor) -> None:
        try:
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else ()
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid or 0
        finally:
            cursor.close()
