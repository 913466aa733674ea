"""A turn beside 100,000 closed cases does the same work as on an empty database."""

# ruff: noqa: S608  (rows are made by SQL, and plans are asked for)

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from flows.port import Address, MessageRef
from storage.cipher import KeyRing
from storage.columns import microseconds
from storage.database import Database, open_database
from storage.deliveries import State
from storage.messages import SentMessage
from storage.timers import Timer
from tests.storage.made import MINUTE, NOW, SCHOOL, case_row, payloads, promise

OLD = 100_000
KARI = Address("slack", "T1", "U1")


async def _turns(database: Database, name: str) -> None:
    """Report a case, keep its promise, let its timer fire, show it, purge it: every statement of a usual day."""
    row = case_row(name)
    async with database.transaction() as tx:
        await tx.accounts.find(KARI)
        await tx.inbox.accept("slack", name, SCHOOL, NOW)
        await tx.people.said(SCHOOL, NOW)
        await tx.cases.open_of_reporter(SCHOOL, "kari")
        await tx.cases.number_taken(SCHOOL, row.number)
        await tx.journal.append_events(SCHOOL, row.case_id, 0, NOW, "kari", payloads("en"), row)
        await tx.outbox.promise([promise(name, case_id=row.case_id)])
        await tx.timers.arm(Timer(row.case_id, "escalation", SCHOOL, NOW + MINUTE))
    async with database.transaction() as tx:
        await tx.outbox.claim(NOW, "me", timedelta(seconds=30), 10, others=8)
    async with database.transaction() as tx:
        await tx.outbox.finish(name, "me", NOW, State.SENT)
        ref = MessageRef("slack", "D1", name)
        await tx.messages.put(SentMessage(name, SCHOOL, row.case_id, "ola", "alert", KARI, ref, 1, NOW))
        await tx.outbox.next_due(NOW, timedelta(seconds=30))
        await tx.outbox.waiting(NOW)
        await tx.outbox.to_sweep(NOW, 10)
        await tx.cases.count_open()
        await tx.cases.open_by_reporter(3)
        await tx.messages.of_no_case(SCHOOL, "home", ["ola", "kari"])
    async with database.transaction() as tx:
        await tx.timers.due(NOW + MINUTE, 10)
        await tx.timers.fire(row.case_id, "escalation", NOW + MINUTE)
        await tx.timers.next_due()
        await tx.journal.append_events(SCHOOL, row.case_id, 1, NOW, "ola", payloads("to"), row)
        await tx.journal.history(row.case_id)
        await tx.journal.note_access(SCHOOL, NOW, "ola", row.case_id, "view", allowed=True)
        await tx.messages.by_ref(ref)
        await tx.messages.of_case(row.case_id)
        await tx.outbox.of_case(row.case_id)
        await tx.cases.open_of_school(SCHOOL)
        await tx.cases.by_number(SCHOOL, row.number)
        await tx.accounts.of_person(SCHOOL, "kari")
        await tx.inbox.prune(NOW - timedelta(days=9999))
    async with database.transaction() as tx:
        await tx.journal.destroy_key(row.case_id, NOW, "rusplan")


def _old_rows(*, is_sqlite: bool) -> dict[str, str]:
    """Return the columns of the old rows by table; `i` is a row's number."""
    at = microseconds(NOW - timedelta(days=300))
    blob = f"CAST('x' AS {'BLOB' if is_sqlite else 'BYTEA'})"
    no, old = "0" if is_sqlite else "false", "'old' || i"
    return {
        "cases": f"{old}, '{SCHOOL}', 'o' || i, 1, 'closed', 'tip', 'kari', NULL, 'oppdal', '1', {at} + i",
        "sealed_keys": f"{old}, '{SCHOOL}', 'kek', {blob}, {at}",
        "journal": f"'{SCHOOL}', i, {at}, 'kari', {old}, 1, NULL, NULL, {blob}, {blob}",
        "inbox": f"'slack', {old}, '{SCHOOL}', {at} + i",
        "outbox": f"{old}, {old}, '{SCHOOL}', {old}, 'ola', 'alert', NULL, 0, 'sent', 1, {no}, "
        f"{at}, {at}, NULL, NULL, {at} + i, {at} + i, NULL, NULL, NULL",
        "messages": f"{old}, '{SCHOOL}', {old}, 'ola', 'alert', 'slack', 'T1', 'U1', 'D1', {old}, 1, {at}",
    }


async def _grow_old(database: Database) -> None:
    is_sqlite = database._engine.dialect.name == "sqlite"
    unlock = "DROP TRIGGER journal_refuses_DELETE" if is_sqlite else "ALTER TABLE journal DISABLE TRIGGER ALL"
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {OLD})"
    async with database.transaction() as tx:  # so that the chain is there before the old rows are
        await tx.journal.note_access(SCHOOL, NOW, "ola", None, "view", allowed=True)
    async with database._engine.begin() as connection:
        await connection.exec_driver_sql(unlock)
        await connection.exec_driver_sql("DELETE FROM journal")
        for table, columns in _old_rows(is_sqlite=is_sqlite).items():
            await connection.exec_driver_sql(f"INSERT INTO {table} {numbers} SELECT {columns} FROM n")
        await connection.exec_driver_sql(f"UPDATE chain_heads SET seq = {OLD}")
        if not is_sqlite:
            await connection.exec_driver_sql("ANALYZE")


@contextmanager
def _statements(database: Database) -> Iterator[dict[str, object]]:
    """Collect what is run, each statement once with the parameters it had."""
    seen: dict[str, object] = {}

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            seen.setdefault(statement, parameters)

    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(database._engine.sync_engine, "before_cursor_execute", note)


BIG = "(cases|sealed_keys|journal|inbox|outbox|messages)"
WHOLE_TABLE = re.compile(rf"SCAN {BIG}(?! USING INDEX (outbox|cases)_open)|Seq Scan on {BIG}\b")


async def test_no_statement_reads_a_whole_table(database: Database) -> None:
    await _grow_old(database)
    with _statements(database) as seen:
        await _turns(database, "new")
    explain = "EXPLAIN QUERY PLAN" if database._engine.dialect.name == "sqlite" else "EXPLAIN"
    assert len(seen) > 30
    for statement, parameters in seen.items():
        async with database._engine.connect() as connection:
            rows = await connection.exec_driver_sql(f"{explain} {statement}", parameters)  # type: ignore[arg-type]
            plan = "\n".join(str(row[-1]) for row in rows)
        assert not WHOLE_TABLE.search(plan), f"{statement}\n{plan}"


async def test_sqlite_takes_as_many_steps_as_on_an_empty_database(tmp_path: Path, keys: KeyRing) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/rusplan.db", keys)
    await _turns(database, "warm")
    empty = await _steps(database, "first")
    await _grow_old(database)
    full = await _steps(database, "second")
    await database.close()
    assert full == pytest.approx(empty, rel=0.25)


async def _steps(database: Database, name: str) -> int:
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    async with database._engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
    await driver.set_progress_handler(step, 1)
    await _turns(database, name)
    await driver.set_progress_handler(None, 0)
    return count
