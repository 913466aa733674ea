"""What happened to a pupil is in no file in clear, and in none at all after the purge."""

from __future__ import annotations

import base64
from pathlib import Path

from sqlalchemy import text

from storage.cipher import KeyRing
from storage.database import Database, open_database
from tests.storage.conftest import EmbeddedPostgresql
from tests.storage.made import NOW, append, case_id, case_row, payloads

CANARY = "Kanarifuglen Ærlighet 01017000123 gulstripete"


def _forms(words: str) -> list[bytes]:
    escaped = words.encode("unicode_escape")
    raw = words.encode()
    return [raw, escaped, words.encode("utf-16-le"), base64.b64encode(raw)[:-4], raw[:14], raw[-20:]]


def _holds(folder: Path, *needles: bytes) -> bool:
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return any(needle in content for content in contents for needle in needles)


async def _tell(database: Database) -> None:
    row = await append(database, case_row(reporter="reporter-in-clear"), 0, payloads(CANARY, CANARY * 50))
    await append(database, row, 2, payloads(CANARY))
    async with database.transaction() as tx:
        assert (await tx.journal.history(row.case_id))[0].payload["text"] == CANARY


async def test_sqlite_file_and_log_hold_no_payload(tmp_path: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/rusplan.db", keys)
    await _tell(database)
    assert _holds(tmp_path, b"reporter-in-clear")  # the search finds what is there
    assert not _holds(tmp_path, *_forms(CANARY))
    await database.close()
    assert not _holds(tmp_path, *_forms(CANARY))


async def test_postgresql_data_and_log_hold_no_payload(
    postgresql: EmbeddedPostgresql, postgresql_url: str, keys: KeyRing
) -> None:
    database = await open_database(postgresql_url, keys)
    await _tell(database)
    await database.close()
    postgresql._run("CHECKPOINT")
    assert _holds(postgresql.folder, b"reporter-in-clear")
    assert not _holds(postgresql.folder, *_forms(CANARY))


async def test_after_a_purge_sqlite_holds_no_copy_of_the_key_nor_of_the_people(tmp_path: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/rusplan.db", keys)
    await _tell(database)
    await append(database, case_row("b"), 0, payloads("en"))
    async with database.transaction() as tx:
        query = text("SELECT wrapped FROM sealed_keys WHERE owner_id = :owner").bindparams(owner=case_id("a"))
        wrapped = await tx.schools._connection.value(query)
    assert _holds(tmp_path, wrapped)
    async with database.transaction() as tx:
        await tx.journal.destroy_key(case_id("a"), NOW, "rusplan")
    assert not _holds(tmp_path, wrapped[1:], b"reporter-in-clear")
    await database.close()
