"""Databases to test on: SQLite in a folder, or the embedded PostgreSQL server, with a fresh database per test."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from storage.cipher import KeyRing
from storage.database import Database, open_database
from tests.postgresql import EmbeddedPostgresql
from tests.sqlite_file import copy_migrated

NewUrl = Callable[[], str]
Attack = Callable[..., Awaitable[None]]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def new_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewUrl]:
    """Give the address of a new, empty database at each call."""
    if engine_name == "sqlite":
        yield lambda: f"sqlite:///{tmp_path}/{secrets.token_hex(6)}.db"
        return
    server: EmbeddedPostgresql = request.getfixturevalue("postgresql")
    made: list[str] = []

    def create() -> str:
        made.append(server.create_database())
        return server.url(made[-1])

    yield create
    for name in made:
        server.drop_database(name)


@pytest.fixture
def url(new_url: NewUrl) -> str:
    return new_url()


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing.parse(KeyRing.new_key())


@pytest.fixture
def migrated_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if engine_name == "sqlite":
        copy_migrated(tmp_path / "rusplan.db")
        return f"sqlite:///{tmp_path}/rusplan.db"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
async def database(migrated_url: str, keys: KeyRing) -> AsyncIterator[Database]:
    opened = await open_database(migrated_url, keys)
    yield opened
    await opened.close()


@pytest.fixture
async def postgresql_database(postgresql_url: str, keys: KeyRing) -> AsyncIterator[tuple[Database, Database]]:
    """Two replicas on one database."""
    first, second = [await open_database(postgresql_url, keys) for _ in range(2)]
    yield first, second
    await first.close()
    await second.close()


@pytest.fixture
def attack(database: Database, engine_name: str) -> Attack:
    """Change rows as somebody would who has every right in the database, but no key."""
    off = {
        "sqlite": ("DROP TRIGGER IF EXISTS journal_refuses_UPDATE", "DROP TRIGGER IF EXISTS journal_refuses_DELETE"),
        "postgresql": ("ALTER TABLE journal DISABLE TRIGGER ALL",),
    }[engine_name]

    async def run(*statements: str) -> None:
        async with database._engine.begin() as connection:
            for statement in (*off, *statements):
                await connection.exec_driver_sql(statement)

    return run
