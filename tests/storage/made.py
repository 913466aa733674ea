"""Made-up rows that the tests of the storage share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from storage.cases import CaseRow
from storage.database import Database
from storage.deliveries import Promise

NOW = datetime(2026, 11, 23, 8, 30, 15, 123456, tzinfo=UTC)
SCHOOL = "oppdal"
MINUTE = timedelta(minutes=1)


def case_id(name: str) -> str:
    return name.encode().hex().rjust(32, "0")


def case_row(name: str = "a", **changes: object) -> CaseRow:
    number = changes.pop("number", f"N{name:>05}")
    values: dict[str, object] = {
        "case_id": case_id(name),
        "school_id": SCHOOL,
        "number": number,
        "version": 0,
        "status": "reported",
        "departments": ("tip", "bygg"),
        "reporter": "kari",
        "plan_id": "oppdal",
        "plan_version": "2026-08-01",
        "reported_at": NOW,
        **changes,
    }
    return CaseRow(**values)  # type: ignore[arg-type]


def payloads(*texts: str) -> list[Mapping[str, object]]:
    return [{"kind": "noted", "text": text} for text in texts]


async def append(
    database: Database,
    row: CaseRow,
    expected: int,
    what: Sequence[Mapping[str, object]],
    at: datetime = NOW,
    actor: str = "kari",
) -> CaseRow:
    async with database.transaction() as tx:
        return await tx.journal.append_events(row.school_id, row.case_id, expected, at, actor, what, row)


def promise(name: str, person: str = "ola", **changes: object) -> Promise:
    values: dict[str, object] = {
        "id": name,
        "dedupe_key": f"key-{name}",
        "school_id": SCHOOL,
        "person_id": person,
        "kind": "alert",
        "priority": 0,
        "created_at": NOW,
        "due_at": NOW,
        "case_id": case_id("a"),
        **changes,
    }
    return Promise(**values)  # type: ignore[arg-type]
