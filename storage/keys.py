"""The data keys of cases and chains, each wrapped by the key ring; destroying one is what erases a case's content."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from storage.cipher import BrokenSeal, KeyRing, WrappedKey, new_data_key
from storage.connection import Connection
from storage.errors import Unreadable
from storage.tables import sealed_keys

_OF_OWNER = select(sealed_keys).where(sealed_keys.c.owner_id == bindparam("owner_id"))


class Keys:
    def __init__(self, connection: Connection, ring: KeyRing) -> None:
        self._connection = connection
        self._ring = ring

    async def find(self, owner_id: str) -> bytes | None:
        """Return an owner's key; raise `Unreadable` if it was tampered with."""
        row = await self._connection.row(_OF_OWNER, {"owner_id": owner_id})
        return self._unwrap(row) if row else None

    async def find_or_make(self, owner_id: str, school_id: str, at: datetime) -> bytes:
        """Return an owner's key, a new one if there is none; two transactions get the same."""
        found = await self.find(owner_id)
        if found is not None:
            return found
        wrapped = self._ring.wrap(new_data_key(), owner_id)
        row = {"owner_id": owner_id, "school_id": school_id, **asdict(wrapped), "created_at": at}
        await self._connection.add(sealed_keys, row)
        made = await self.find(owner_id)
        if made is None:
            raise Unreadable(owner_id)
        return made

    async def destroy(self, owner_id: str) -> None:
        """Delete an owner's key, and on SQLite every copy of it once the transaction is committed."""
        self._connection.must_scrub = True
        await self._connection.run(delete(sealed_keys).where(sealed_keys.c.owner_id == owner_id))

    async def rewrap(self, limit: int) -> int:
        """Wrap some keys anew under the ring's first key; return how many, 0 when all are under it.

        Content isn't touched. The older key may leave the ring when this returns 0 and no backup needs it.
        """
        older = select(sealed_keys).where(sealed_keys.c.kek != self._ring.current).limit(limit)
        rows = await self._connection.rows(older.with_for_update(skip_locked=True))
        for row in rows:
            wrapped = self._ring.wrap(self._unwrap(row), row.owner_id)
            this = sealed_keys.c.owner_id == row.owner_id
            await self._connection.run(update(sealed_keys).where(this).values(kek=wrapped.kek, wrapped=wrapped.wrapped))
        return len(rows)

    async def counts(self) -> dict[str, int]:
        """Return how many keys are wrapped under each of the ring's keys, by its id."""
        query = select(sealed_keys.c.kek, func.count().label("held")).group_by(sealed_keys.c.kek)
        return {row.kek: row.held for row in await self._connection.rows(query)}

    def _unwrap(self, row: Row[Any]) -> bytes:
        try:
            return self._ring.unwrap(WrappedKey(row.kek, row.wrapped), row.owner_id)
        except BrokenSeal as broken:
            raise Unreadable(row.owner_id) from broken
