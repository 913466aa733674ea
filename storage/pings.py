"""Instants that are written again and again: as proof that the database takes writes, and to know the time by."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from sqlalchemy import select

from storage.connection import Connection
from storage.tables import pings


class Ping(IntEnum):
    """What an instant is written for; the numbers stand in databases and are never changed."""

    READY = 1
    SOMEBODY_WAITS = 2  # the last time at which something about a case was due soon
    PACE = 3  # until when all that can wait and has begun uses up the pace


class Pings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def put(self, ping: Ping, at: datetime) -> None:
        await self._connection.put(pings, {"id": ping.value, "at": at})

    async def get(self, ping: Ping) -> datetime | None:
        found: datetime | None = await self._connection.value(select(pings.c.at).where(pings.c.id == ping.value))
        return found
