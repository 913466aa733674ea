"""What has come in already, so that a delivery that is repeated is known again; its content isn't kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from storage.cipher import KeyRing
from storage.connection import Connection
from storage.tables import inbox


class Inbox:
    def __init__(self, connection: Connection, ring: KeyRing) -> None:
        self._connection, self._ring = connection, ring

    def digest(self, delivery: str) -> str:
        """Return 128 bits that stand for a delivery; nobody without the key can try out what it said."""
        return self._ring.digests(delivery)[0]

    async def accept(self, source: str, delivery: str, school_id: str, at: datetime) -> bool:
        """Take note of a delivery; False if it was seen before, also under an earlier key of the ring."""
        current, *earlier = self._ring.digests(delivery)
        if earlier:
            seen = select(inbox.c.key).where(inbox.c.source == source, inbox.c.key.in_(earlier))
            if await self._connection.row(seen) is not None:
                return False
        return await self._connection.add(inbox, {"source": source, "key": current, "school_id": school_id, "at": at})

    async def forget(self, source: str, delivery: str) -> None:
        """Let a delivery be new again."""
        this = delete(inbox).where(inbox.c.source == source, inbox.c.key == self.digest(delivery))
        await self._connection.run(this)

    async def prune(self, before: datetime) -> int:
        """Forget deliveries that no platform repeats any more; return how many."""
        return await self._connection.hits(delete(inbox).where(inbox.c.at < before))
