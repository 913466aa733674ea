"""How the program connects to SQLite or PostgreSQL, with every setting that safety hangs on; no table is known here."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiosqlite
from sqlalchemy import URL, AdaptedConnection, event, make_url
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from storage.errors import BadDatabaseUrl, DatabaseDamaged, DatabaseInUse, DatabaseUnavailable
from storage.sqlite_connection import SqliteConnection, connect

SQLITE = "sqlite"
POSTGRESQL = "postgresql"

# In this order. WAL by two connections loses data before SQLite 3.51.3; by the one exclusive connection it is safe.
_PRAGMAS = (
    "locking_mode=EXCLUSIVE",
    "cell_size_check=ON",
    "mmap_size=0",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    "foreign_keys=ON",
    "secure_delete=ON",
    "synchronous=FULL",
    "journal_mode=WAL",
)
_PRIMARY_CODE = 0xFF  # the rest of an SQLite error code only refines it
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long PostgreSQL may take, and how many connections one replica holds."""

    connect: timedelta = timedelta(seconds=5)
    statement: timedelta = timedelta(seconds=10)
    idle_in_transaction: timedelta = timedelta(seconds=10)
    connections: int = 10


def parse_url(text: str) -> URL:
    """Return an address with its driver; raise `BadDatabaseUrl` for anything but an SQLite file and PostgreSQL."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise BadDatabaseUrl from None  # the cause quotes the address
    kind = url.drivername.partition("+")[0]
    if kind == SQLITE and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite+aiosqlite")
    if kind in {POSTGRESQL, "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    raise BadDatabaseUrl


def sqlite_path(url: URL) -> str:
    return url.database or ""


def create_engine(url: URL, limits: Limits) -> AsyncEngine:
    """Return the engine of an address from `parse_url`; nothing is opened yet."""
    if url.get_backend_name() == SQLITE:
        return _sqlite_engine(url)
    return _postgresql_engine(url, limits)


def _sqlite_engine(url: URL) -> AsyncEngine:
    path = sqlite_path(url)
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
        async_creator=partial(connect, path),
    )

    async def prepare(connection: aiosqlite.Connection) -> None:
        try:
            await _prepare(connection, path)
        except BaseException as failed:
            await connection.close()
            raise _sqlite_fault(failed, path) from failed

    def connected(connection: AdaptedConnection, _record: object) -> None:
        connection.run_async(prepare)

    def begin(connection: SyncConnection) -> None:
        raw: SqliteConnection = connection.connection.driver_connection  # type: ignore[assignment]
        raw.begin()

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


def create_file(url: URL) -> None:
    """Create an SQLite file that only this user may read; nobody from outside may read one that is there already."""
    # O_EXCL: an existing file isn't opened, since closing it would drop the locks this process has on it
    try:
        os.close(os.open(sqlite_path(url), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        _close_to_others(Path(sqlite_path(url)))
    except OSError as failed:
        raise DatabaseUnavailable(errno.errorcode.get(failed.errno or 0, "OSError")) from failed


def _close_to_others(file: Path) -> None:
    """Take everybody's rights to a file away, which one has that was copied back; its owner's and group's stay."""
    for each in (file, file.with_name(f"{file.name}-wal")):
        mode = each.stat().st_mode if each.exists() else 0
        if mode & stat.S_IRWXO:
            with suppress(PermissionError):  # another user's: it's for that one to say
                each.chmod(stat.S_IMODE(mode) & ~stat.S_IRWXO)


async def _prepare(connection: aiosqlite.Connection, path: str) -> None:
    for pragma in _PRAGMAS:
        await connection.execute(f"PRAGMA {pragma}")
    await connection.execute("BEGIN EXCLUSIVE")  # takes the lock, which locking_mode then keeps
    await connection.execute("COMMIT")
    await connection.execute("PRAGMA busy_timeout=5000")
    findings = await connection.execute_fetchall("PRAGMA quick_check(1)")
    found = "; ".join(str(row[0]) for row in findings)
    if found != "ok":
        raise DatabaseDamaged(path, found)


def _sqlite_fault(failed: BaseException, path: str) -> BaseException:
    if not isinstance(failed, sqlite3.Error):
        return failed
    code = getattr(failed, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return DatabaseInUse(path)
    if code in _DAMAGED:
        return DatabaseDamaged(path, getattr(failed, "sqlite_errorname", ""))
    return failed


def _postgresql_engine(url: URL, limits: Limits) -> AsyncEngine:
    settings = {
        "statement_timeout": limits.statement,
        "idle_in_transaction_session_timeout": limits.idle_in_transaction,
    }
    own = url.query.get("options", "")
    options = [own if isinstance(own, str) else " ".join(own)]
    options += [f"-c {name}={_milliseconds(limit)}" for name, limit in settings.items()]
    return create_async_engine(
        url,
        pool_size=limits.connections,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "options": " ".join(options).strip(),
            "connect_timeout": max(1, round(limits.connect.total_seconds())),
            "tcp_user_timeout": _milliseconds(limits.statement),  # a silent network must not hold a turn for minutes
            "application_name": "rusplan",
        },
    )


def _milliseconds(limit: timedelta) -> int:
    return limit // timedelta(milliseconds=1)
