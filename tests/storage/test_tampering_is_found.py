"""Whoever has every right in the database, but no key, can't change the journal unseen."""

# ruff: noqa: S608  (the attacks are written as SQL)

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import pytest

from storage.chain import Head
from storage.database import Database
from storage.verification import MAX_FAULTS, ChainFault, FaultKind
from tests.storage.conftest import Attack
from tests.storage.made import NOW, SCHOOL, append, case_id, case_row, payloads

A, B = case_id("a"), case_id("b")
COPY = "INSERT INTO journal SELECT school_id, {seq}, at, actor, case_id, {version}, action, allowed, sealed, mac"


async def _written(database: Database) -> None:
    """Rows 1-2: case a; 3: case b; 4: somebody looks at a; 5: somebody may not look at b; 6: case a again."""
    case = await append(database, case_row("a"), 0, payloads("en", "to"))
    await append(database, case_row("b"), 0, payloads("en"))
    async with database.transaction() as tx:
        await tx.journal.note_access(SCHOOL, NOW, "ola", A, "view", allowed=True)
        await tx.journal.note_access(SCHOOL, NOW, "per", B, "view", allowed=False)
    await append(database, case, 2, payloads("tre"))


async def _faults(database: Database, witness: Head | None = None) -> list[ChainFault]:
    async with database.snapshot() as tx:
        return list(await tx.journal.verify(SCHOOL, witness))


async def test_a_journal_that_nobody_touched_is_sound(database: Database) -> None:
    assert await _faults(database) == []
    await _written(database)
    assert await _faults(database) == []


EDITS = ("at = at + 1", "actor = 'x'", "action = 'export'", "allowed = NOT coalesce(allowed, false)", "sealed = mac")


@pytest.mark.parametrize("edit", EDITS)
async def test_every_edited_row_is_named(database: Database, attack: Attack, edit: str) -> None:
    await _written(database)
    await attack("CREATE TABLE before AS SELECT * FROM journal")
    for seq in (1, 2, 4, 6):
        await attack(f"UPDATE journal SET {edit} WHERE seq = {seq}")
        assert await _faults(database) == [ChainFault(FaultKind.ALTERED, seq, A)]
        await attack("DELETE FROM journal", "INSERT INTO journal SELECT * FROM before")
    await attack("DROP TABLE before")


async def test_an_event_given_to_another_case_is_named(database: Database, attack: Attack) -> None:
    await _written(database)
    await attack(f"UPDATE journal SET case_id = '{case_id('c')}' WHERE seq = 3")
    assert ChainFault(FaultKind.ALTERED, 3, case_id("c")) in await _faults(database)


async def test_swapped_rows_are_named(database: Database, attack: Attack) -> None:
    await _written(database)
    await attack(*(f"UPDATE journal SET seq = {new} WHERE seq = {old}" for old, new in ((4, 99), (5, 4), (99, 5))))
    assert await _faults(database) == [
        ChainFault(FaultKind.ALTERED, 4, B),
        ChainFault(FaultKind.ALTERED, 5, A),
        ChainFault(FaultKind.ALTERED, 6, A),  # its predecessor's mac is another one now
    ]


async def test_a_missing_row_is_named(database: Database, attack: Attack) -> None:
    await _written(database)
    await attack("DELETE FROM journal WHERE seq = 4")
    assert await _faults(database) == [ChainFault(FaultKind.MISSING, 4)]


async def test_a_missing_row_is_found_when_the_rest_is_moved_up(database: Database, attack: Attack) -> None:
    await _written(database)
    await attack("DELETE FROM journal WHERE seq = 4", "UPDATE journal SET seq = 4 WHERE seq = 5")
    assert ChainFault(FaultKind.ALTERED, 4, B) in await _faults(database)


async def test_a_missing_event_leaves_a_gap_in_its_case(database: Database, attack: Attack) -> None:
    await _written(database)
    await attack("DELETE FROM journal WHERE seq = 2")
    assert await _faults(database) == [ChainFault(FaultKind.MISSING, 2), ChainFault(FaultKind.VERSIONS, 6, A)]


async def test_a_row_that_was_put_in_is_named(database: Database, attack: Attack) -> None:
    await _written(database)
    await attack(COPY.format(seq=7, version="NULL") + " FROM journal WHERE seq = 4")
    assert await _faults(database) == [ChainFault(FaultKind.ALTERED, 7, A), ChainFault(FaultKind.HEAD, 6)]


async def test_cutting_the_tail_is_found_by_the_head(database: Database, attack: Attack) -> None:
    await _written(database)
    await attack("DELETE FROM journal WHERE seq > 4", f"UPDATE cases SET version = 2 WHERE case_id = '{A}'")
    assert await _faults(database) == [ChainFault(FaultKind.CUT, 5)]


SET_BACK = "UPDATE chain_heads SET seq = 4, mac = (SELECT mac FROM journal WHERE seq = 4)"


async def test_cutting_the_tail_and_setting_the_head_back_is_found_by_the_heads_seal(
    database: Database, attack: Attack
) -> None:
    await _written(database)
    await attack("DELETE FROM journal WHERE seq > 4", f"UPDATE cases SET version = 2 WHERE case_id = '{A}'", SET_BACK)
    assert await _faults(database) == [ChainFault(FaultKind.HEAD, 4)]


async def test_a_head_that_was_set_back_lets_alerts_through_and_never_looks_sound_again(
    database: Database, attack: Attack
) -> None:
    await _written(database)
    await attack("DELETE FROM journal WHERE seq > 4", SET_BACK)
    await append(database, case_row("c"), 0, payloads("en"))
    await append(database, case_row("d"), 0, payloads("en"))
    assert ChainFault(FaultKind.HEAD, 6) in await _faults(database)


async def test_going_back_to_an_old_copy_is_found_by_a_witness_outside(database: Database, attack: Attack) -> None:
    await append(database, case_row("a"), 0, payloads("en"))
    async with database._engine.connect() as connection:
        old = (await connection.exec_driver_sql("SELECT mac, seal FROM chain_heads")).one()
    await append(database, case_row("b"), 0, payloads("en"))
    async with database.transaction() as tx:
        witness = await tx.journal.head(SCHOOL)
    assert await _faults(database, witness) == []
    await attack("DELETE FROM journal WHERE seq = 2", f"DELETE FROM cases WHERE case_id = '{B}'")
    await attack(f"DELETE FROM sealed_keys WHERE owner_id = '{B}'", "UPDATE chain_heads SET seq = 1")
    async with database._engine.begin() as connection:
        statement = "UPDATE chain_heads SET mac = %s, seal = %s"
        mark = "?" if database._engine.dialect.name == "sqlite" else "%s"
        await connection.exec_driver_sql(statement.replace("%s", mark), tuple(old))
    assert await _faults(database) == []
    assert await _faults(database, witness) == [ChainFault(FaultKind.WITNESS, 2)]


async def test_a_chain_that_was_written_anew_without_the_key_is_wrong_from_the_first_row(
    database: Database, attack: Attack
) -> None:
    await _written(database)
    mac = b""
    for seq in range(1, 7):
        mac = hmac.digest(b"guessed", mac, hashlib.sha256)
        literal = f"X'{mac.hex()}'" if database._engine.dialect.name == "sqlite" else f"decode('{mac.hex()}', 'hex')"
        await attack(f"UPDATE journal SET mac = {literal} WHERE seq = {seq}")
    await attack("UPDATE chain_heads SET mac = (SELECT mac FROM journal WHERE seq = 6)")
    faults = await _faults(database)
    assert [fault.seq for fault in faults if fault.kind is FaultKind.ALTERED] == [1, 2, 3, 4, 5, 6]
    assert ChainFault(FaultKind.HEAD, 6) in faults


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE cases SET version = 2 WHERE case_id = '{A}'", ChainFault(FaultKind.PROJECTION, None, A)),
        ("UPDATE chain_heads SET seal = mac", ChainFault(FaultKind.HEAD, 6)),
        ("DELETE FROM chain_heads", ChainFault(FaultKind.HEAD)),
        ("DELETE FROM sealed_keys WHERE owner_id = 'chain:oppdal'", ChainFault(FaultKind.KEY)),
        ("DELETE FROM sealed_keys WHERE owner_id = '{A}'", ChainFault(FaultKind.KEY, None, A)),
        ("UPDATE cases SET status = 'erased' WHERE case_id = '{A}'", ChainFault(FaultKind.ERASURE, None, A)),
    ],
)
async def test_what_stands_beside_the_journal_is_checked_with_it(
    database: Database, attack: Attack, change: str, fault: ChainFault
) -> None:
    await _written(database)
    await attack(change.format(A=A))
    assert fault in await _faults(database)


async def test_a_case_without_its_row_is_found(database: Database, attack: Attack) -> None:
    await _written(database)
    await attack(f"DELETE FROM cases WHERE case_id = '{B}'")
    assert await _faults(database) == [ChainFault(FaultKind.PROJECTION, None, B)]


async def test_a_purge_that_the_journal_does_not_know_of_is_found(database: Database, attack: Attack) -> None:
    await _written(database)
    await attack(
        f"DELETE FROM sealed_keys WHERE owner_id = '{A}'", f"UPDATE cases SET status = 'erased' WHERE case_id = '{A}'"
    )
    assert await _faults(database) == [ChainFault(FaultKind.ERASURE, None, A)]


async def test_one_schools_faults_are_not_anothers(database: Database, attack: Attack) -> None:
    await _written(database)
    await append(database, case_row("r", school_id="rennebu"), 0, payloads("en"))
    await attack("UPDATE journal SET actor = 'x' WHERE school_id = 'rennebu'")
    assert await _faults(database) == []
    async with database.snapshot() as tx:
        assert len(await tx.journal.verify("rennebu")) == 1


async def test_a_long_journal_is_walked_to_its_end_and_the_list_of_faults_is_not(
    database: Database, attack: Attack
) -> None:
    case = case_row("a")
    for start in range(0, 2500, 500):
        case = await append(database, replace(case), start, payloads(*map(str, range(500))))
    assert await _faults(database) == []
    await attack("UPDATE journal SET actor = 'x' WHERE seq > 2100")
    faults = await _faults(database)
    assert len(faults) == MAX_FAULTS
    assert faults[0].seq == 2101


@pytest.mark.parametrize("table", ["chain_heads", "journal", "cases", "sealed_keys"])
async def test_a_school_is_not_forgotten_by_taking_rows_away(database: Database, attack: Attack, table: str) -> None:
    await _written(database)
    await attack(f"DELETE FROM {table}")
    async with database.snapshot() as tx:
        assert await tx.journal.schools() == (SCHOOL,)
    assert await _faults(database) != []
