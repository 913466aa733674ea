"""What has come in already, so that a delivery that is repeated is known again; its content isn't kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, select, update

from storage.connection import Connection
from storage.tables import inbox


class Inbox:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def accept(self, source: str, key: str, school_id: str, at: datetime) -> bool:
        """Take note of a delivery; False if it was seen before."""
        statement = self._connection.insert(inbox).values(source=source, key=key, school_id=school_id, at=at)
        fresh = statement.on_conflict_do_nothing(index_elements=["source", "key"]).returning(inbox.c.key)
        return await self._connection.row(fresh) is not None

    async def note_case(self, source: str, key: str, case_id: str) -> None:
        """Say which case a delivery was about, so that its repetition shows the same one."""
        this = and_(inbox.c.source == source, inbox.c.key == key)
        await self._connection.run(update(inbox).where(this).values(case_id=case_id))

    async def case_of(self, source: str, key: str) -> str | None:
        this = and_(inbox.c.source == source, inbox.c.key == key)
        case_id: str | None = await self._connection.value(select(inbox.c.case_id).where(this))
        return case_id

    async def prune(self, before: datetime) -> int:
        """Forget deliveries that no platform repeats any more; return how many."""
        return await self._connection.hits(delete(inbox).where(inbox.c.at < before))
