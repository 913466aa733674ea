"""What a database must be like before the program works on it."""

# ruff: noqa: ASYNC240  (small files, and nothing else runs meanwhile)

from __future__ import annotations

import asyncio
import contextlib
import random
import stat
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from storage.cipher import KeyRing
from storage.database import open_database
from storage.engine import Limits, parse_url
from storage.errors import (
    BadDatabaseUrl,
    DatabaseDamaged,
    DatabaseInUse,
    DatabaseOutdated,
    DatabaseTooNew,
    DatabaseUnavailable,
    StorageFault,
    WrongKey,
)
from storage.tables import metadata
from tests.storage.conftest import EmbeddedPostgresql, NewUrl
from tests.storage.made import NOW, SCHOOL, append, case_id, case_row, payloads

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "rusplan.db"


async def test_a_database_is_made_once_and_opened_again(new_url: NewUrl, keys: KeyRing) -> None:
    url = new_url()
    for version in (0, 1):
        database = await open_database(url, keys)
        await append(database, case_row(), version, payloads("en"))
        await database.ping(NOW)
        await database.close()


async def _written(file: Path, keys: KeyRing) -> dict[str, bytes]:
    """Return the files of a database as a kill would have left them, with one more event since the last good stop."""
    for version in (0, 1):
        database = await open_database(f"sqlite:///{file}", keys)
        await append(database, case_row(), version, payloads("en"))
        left = {each.name: each.read_bytes() for each in file.parent.iterdir()}
        await database.close()
    return left


@pytest.mark.parametrize("log", [None, b"", b"0" * 4096])
async def test_a_file_without_its_newest_log_is_refused_until_somebody_says_that_it_is_meant(
    sqlite_file: Path, keys: KeyRing, log: bytes | None
) -> None:
    for name, content in (await _written(sqlite_file, keys)).items():
        sqlite_file.with_name(name).write_bytes(content)
    newest = sqlite_file.with_name(f"{sqlite_file.name}-wal")
    newest.unlink() if log is None else newest.write_bytes(log)
    with pytest.raises(DatabaseOutdated) as refused:
        await open_database(f"sqlite:///{sqlite_file}", keys)
    Path(refused.value.note).unlink()
    database = await open_database(f"sqlite:///{sqlite_file}", keys)
    async with database.snapshot() as tx:
        assert len(await tx.journal.history(case_id("a"))) == 1
    await database.close()


async def test_with_its_log_the_same_file_is_whole(sqlite_file: Path, keys: KeyRing) -> None:
    for name, content in (await _written(sqlite_file, keys)).items():
        sqlite_file.with_name(name).write_bytes(content)
    database = await open_database(f"sqlite:///{sqlite_file}", keys)
    async with database.snapshot() as tx:
        assert len(await tx.journal.history(case_id("a"))) == 2
    await database.close()


@pytest.mark.parametrize("note", [b"", b"{", b"[1]", b'{"oppdal": "many"}'])
async def test_a_note_beside_the_file_that_is_not_whole_says_nothing(
    sqlite_file: Path, keys: KeyRing, note: bytes
) -> None:
    await _written(sqlite_file, keys)
    sqlite_file.with_name(f"{sqlite_file.name}-head").write_bytes(note)
    await (await open_database(f"sqlite:///{sqlite_file}", keys)).close()


async def test_the_migrations_make_the_tables_that_the_program_knows(new_url: NewUrl, keys: KeyRing) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    database = await open_database(new_url(), keys)
    async with database._engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        migrated = await connection.run_sync(_definitions)
    await database.close()
    plain = create_engine(str(parse_url(new_url())).replace("+aiosqlite", "").replace(":***", ""))
    with plain.begin() as connection:
        metadata.create_all(connection)
        assert _definitions(connection) == migrated
    plain.dispose()


def _definitions(connection: Connection) -> set[str]:
    """Return the indexes, with the conditions of the partial ones: Alembic doesn't compare those."""
    query = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    }[connection.dialect.name]
    return {" ".join(row[0].split()) for row in connection.execute(text(query))}


async def test_a_newer_programs_database_is_left_alone(new_url: NewUrl, keys: KeyRing) -> None:
    url = new_url()
    database = await open_database(url, keys)
    async with database._engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    await database.close()
    with pytest.raises(DatabaseTooNew) as raised:
        await open_database(url, keys)
    assert raised.value.found == "0099"
    assert raised.value.known


async def test_a_key_ring_that_does_not_fit_is_refused(new_url: NewUrl, keys: KeyRing) -> None:
    url = new_url()
    database = await open_database(url, keys)
    await append(database, case_row(), 0, payloads("en"))
    await database.close()
    with pytest.raises(WrongKey) as raised:
        await open_database(url, KeyRing.parse(KeyRing.new_key()))
    assert raised.value.missing == {keys.current}


async def test_replicas_may_start_at_the_same_moment(postgresql: EmbeddedPostgresql, keys: KeyRing) -> None:
    name = postgresql.create_database()
    opened = await asyncio.gather(*(open_database(postgresql.url(name), keys) for _ in range(5)))
    for database in opened:
        await database.close()
    postgresql.drop_database(name)


async def test_postgresql_gives_up_on_what_takes_too_long(postgresql_url: str, keys: KeyRing) -> None:
    limits = Limits(statement=timedelta(milliseconds=50), idle_in_transaction=timedelta(seconds=7))
    database = await open_database(postgresql_url.replace("postgresql:", "postgres:"), keys, limits)
    async with database.transaction() as tx:
        setting = text("SHOW idle_in_transaction_session_timeout")
        assert await tx.schools._connection.value(setting) == "7s"
    with pytest.raises(DatabaseUnavailable) as raised:
        async with database.transaction() as tx:
            await tx.schools._connection.run(text("SELECT pg_sleep(5)"))
    assert raised.value.reason == "57014"
    await database.ping(NOW)
    await database.close()


async def test_a_connection_that_was_cut_is_replaced(postgresql_url: str, keys: KeyRing) -> None:
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    cut = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608  a constant
    first, second = [await open_database(postgresql_url, keys) for _ in range(2)]

    async def cut_off_turn() -> None:
        async with first.transaction() as tx:
            await tx.inbox.accept("slack", "Ev1", SCHOOL, NOW)
            async with second.transaction() as other:
                await other.schools._connection.run(cut)
            await tx.inbox.accept("slack", "Ev2", SCHOOL, NOW)

    with pytest.raises(DatabaseUnavailable):
        await cut_off_turn()
    async with first.transaction() as tx:
        assert await tx.inbox.accept("slack", "Ev1", SCHOOL, NOW)
    await first.close()
    await second.close()


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path, keys: KeyRing) -> None:
    with pytest.raises(DatabaseUnavailable):
        await open_database(f"postgresql://rusplan@/rusplan?host={tmp_path}", keys)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "rusplan.db",
        "mysql://root:hemmelig@host/x",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://a:hemmelig@h:x/",
    ],
)
async def test_an_address_of_nothing_known_is_refused_and_not_repeated(url: str, keys: KeyRing) -> None:
    with pytest.raises(BadDatabaseUrl) as raised:
        await open_database(url, keys)
    assert "hemmelig" not in repr(raised.value)
    assert raised.value.__cause__ is None


async def test_the_sqlite_file_is_for_its_owner_alone(sqlite_file: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{sqlite_file}", keys)
    await database.ping(NOW)
    assert {path.stat().st_mode & 0o777 for path in sqlite_file.parent.iterdir()} == {0o600}
    await database.close()


async def test_sqlite_is_set_for_safety(sqlite_file: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{sqlite_file}", keys)
    expected = {
        "journal_mode": "wal",
        "locking_mode": "exclusive",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "cell_size_check": 1,
        "trusted_schema": 0,
        "temp_store": 2,
        "mmap_size": 0,
        "busy_timeout": 5000,
    }
    async with database.transaction() as tx:
        found = {name: await tx.schools._connection.value(text(f"PRAGMA {name}")) for name in expected}
    assert found == expected
    await database.close()


async def test_a_sqlite_folder_that_is_missing_is_unavailable(tmp_path: Path, keys: KeyRing) -> None:
    with pytest.raises(DatabaseUnavailable) as raised:
        await open_database(f"sqlite:///{tmp_path}/nowhere/rusplan.db", keys)
    assert raised.value.reason == "ENOENT"


OPEN = """
import asyncio, sys
from storage.cipher import KeyRing
from storage.database import open_database
from storage.errors import DatabaseInUse

async def main():
    try:
        database = await open_database(sys.argv[1], KeyRing.parse(KeyRing.new_key()))
    except DatabaseInUse as fault:
        print(fault.code)
    else:
        await database.close()
        print("opened")

asyncio.run(main())
"""


async def _open_in_another_process(path: Path) -> str:
    command = [sys.executable, "-c", OPEN, f"sqlite:///{path}"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    out, _ = await process.communicate()
    return out.decode().strip()


async def test_a_second_process_is_told_that_the_file_is_in_use(sqlite_file: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{sqlite_file}", keys)
    assert await _open_in_another_process(sqlite_file) == "database_in_use"
    await database.ping(NOW)
    assert await _open_in_another_process(sqlite_file) == "database_in_use"
    await database.close()
    assert await _open_in_another_process(sqlite_file) == "opened"


async def test_a_second_opener_is_told_at_once_and_the_first_keeps_its_lock(sqlite_file: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{sqlite_file}", keys)
    began = time.monotonic()
    with pytest.raises(DatabaseInUse):
        await open_database(f"sqlite:///{sqlite_file}", keys)
    assert time.monotonic() - began < 2
    assert await _open_in_another_process(sqlite_file) == "database_in_use"
    await database.close()


async def _filled(path: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{path}", keys)
    for place in range(20):
        await append(database, case_row(f"c{place}"), 0, payloads("en" * 300, "to"))
    await database.close()


async def test_a_damaged_file_is_refused_or_gives_an_alarm_and_never_wrong_content(
    sqlite_file: Path, keys: KeyRing
) -> None:
    await _filled(sqlite_file, keys)
    sound, draw = sqlite_file.read_bytes(), random.Random(7)  # noqa: S311  the same faults each time
    damaged = [b"x" * 100 + sound[100:], sound[: len(sound) // 2], sound[:8192] + bytes(4096) + sound[12288:]]
    for _ in range(20):
        place = draw.randrange(len(sound))
        damaged.append(sound[:place] + bytes([sound[place] ^ 1 << draw.randrange(8)]) + sound[place + 1 :])
    refused = 0
    for content in damaged:
        sqlite_file.write_bytes(content)
        with contextlib.suppress(StorageFault):
            refused += 1
            await _read_all(sqlite_file, keys)
            refused -= 1
    assert refused >= 3


async def _read_all(path: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{path}", keys)
    try:
        async with database.transaction() as tx:
            for place in range(20):
                for event in await tx.journal.history(case_id(f"c{place}")):
                    assert event.payload in payloads("en" * 300, "to")
    finally:
        await database.close()


async def test_a_page_that_was_lost_is_found_at_the_start(sqlite_file: Path, keys: KeyRing) -> None:
    await _filled(sqlite_file, keys)
    sound = sqlite_file.read_bytes()
    place = sound.rindex(b"N00c19") // 4096 * 4096  # a page of an index or a table with the case's number
    sqlite_file.write_bytes(sound[:place] + bytes(4096) + sound[place + 4096 :])
    with pytest.raises(DatabaseDamaged) as raised:
        await open_database(f"sqlite:///{sqlite_file}", keys)
    assert raised.value.finding


async def test_what_is_no_database_is_damaged(sqlite_file: Path, keys: KeyRing) -> None:
    sqlite_file.write_bytes(b"Dear diary. " * 1000)
    with pytest.raises(DatabaseDamaged):
        await open_database(f"sqlite:///{sqlite_file}", keys)


async def test_a_process_that_was_killed_leaves_what_it_committed(sqlite_file: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{sqlite_file}", keys)
    await append(database, case_row(), 0, payloads("en"))
    copies = {path.name: path.read_bytes() for path in sqlite_file.parent.iterdir()}  # as a killed process leaves them
    await database.close()
    assert f"{sqlite_file.name}-wal" in copies
    for name, content in copies.items():
        (sqlite_file.parent / f"copy-{name}").write_bytes(content)
    again = await open_database(f"sqlite:///{sqlite_file.parent}/copy-{sqlite_file.name}", keys)
    async with again.transaction() as tx:
        assert len(await tx.journal.history(case_id("a"))) == 1
    await again.close()


async def test_a_file_that_was_copied_back_is_closed_to_others(tmp_path: Path, keys: KeyRing) -> None:
    file = tmp_path / "copied.db"
    await (await open_database(f"sqlite:///{file}", keys)).close()
    file.chmod(0o664)
    await (await open_database(f"sqlite:///{file}", keys)).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o660, "what its group may do was somebody's wish"
