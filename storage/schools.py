"""The school files as they were imported, the last one of each school year; what they mean is for `flows` to say."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import and_, select

from storage.connection import Connection
from storage.tables import school_files


@dataclass(frozen=True, slots=True)
class StoredSchool:
    """A school file's text, and which edition of its plan was in force."""

    school_id: str
    school_year: str
    edition: str  # empty where it was imported before that was noted
    document: str
    imported_at: datetime


class Schools:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def put(self, file: StoredSchool) -> None:
        """Import a school file in the place of an earlier one of its year."""
        await self._connection.put(school_files, asdict(file))

    async def get(self, school_id: str, school_year: str) -> StoredSchool | None:
        own = and_(school_files.c.school_id == school_id, school_files.c.school_year == school_year)
        row = await self._connection.row(select(school_files).where(own))
        return StoredSchool(**row._asdict()) if row else None

    async def newest(self, school_id: str) -> StoredSchool | None:
        """Return the file of the last year that there is one of."""
        own = select(school_files).where(school_files.c.school_id == school_id)
        row = await self._connection.row(own.order_by(school_files.c.school_year.desc()).limit(1))
        return StoredSchool(**row._asdict()) if row else None

    async def last_import(self, school_id: str) -> tuple[str, datetime] | None:
        """Return the last year that there is a file of, and when it was imported; no two were at once."""
        own = select(school_files.c.school_year, school_files.c.imported_at).where(
            school_files.c.school_id == school_id
        )
        row = await self._connection.row(own.order_by(school_files.c.school_year.desc()).limit(1))
        return (row.school_year, row.imported_at) if row else None

    async def ids(self) -> tuple[str, ...]:
        """Return every school that there is a file of."""
        found = await self._connection.rows(select(school_files.c.school_id).distinct())
        return tuple(sorted(row.school_id for row in found))

    async def years(self, school_id: str) -> tuple[str, ...]:
        """Return the school years that there is a file of, the first one first."""
        found = select(school_files.c.school_year).where(school_files.c.school_id == school_id)
        return tuple(row.school_year for row in await self._connection.rows(found.order_by(school_files.c.school_year)))
