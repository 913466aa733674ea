"""What has come in already, so that a delivery that is repeated is known again; its content isn't kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

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

    async def prune(self, before: datetime) -> int:
        """Forget deliveries that no platform repeats any more; return how many."""
        return await self._connection.hits(delete(inbox).where(inbox.c.at < before))
