"""The school files as they were imported; what they mean is for `flows` to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.connection import Connection
from storage.tables import schools


@dataclass(frozen=True, slots=True)
class StoredSchool:
    """A school file's text, and the fingerprint it is known again by."""

    school_id: str
    fingerprint: str
    document: str
    imported_at: datetime


class Schools:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def put(self, school_id: str, fingerprint: str, document: str, at: datetime) -> None:
        """Import a school file in the place of an earlier one."""
        values = {"fingerprint": fingerprint, "document": document, "imported_at": at}
        statement = self._connection.insert(schools).values(school_id=school_id, **values)
        await self._connection.run(statement.on_conflict_do_update(index_elements=["school_id"], set_=values))

    async def get(self, school_id: str) -> StoredSchool | None:
        row = await self._connection.row(select(schools).where(schools.c.school_id == school_id))
        return StoredSchool(**row._asdict()) if row else None

    async def all(self) -> tuple[StoredSchool, ...]:
        rows = await self._connection.rows(select(schools).order_by(schools.c.school_id))
        return tuple(StoredSchool(**row._asdict()) for row in rows)
