"""Where people's own chats are, on a platform that doesn't say so again; whose account it is isn't said here.

So whoever has the app is remembered as long as nobody knows who he is, too: by ids alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, select, update

from flows.port import Address, OwnChat
from storage.connection import Connection
from storage.tables import accounts, chats

_KEY = ("platform", "tenant", "user_id")


class Chats:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def put(self, address: Address, own: OwnChat, at: datetime) -> None:
        """Note where an account's own chat is."""
        row = {"platform": address.platform, "tenant": address.tenant, "user_id": address.user}
        where = {"chat": own.id, "route": own.route, "member": own.member, "met_at": at}
        await self._connection.put(chats, row | where)

    async def get(self, address: Address) -> OwnChat | None:
        row = await self._connection.row(select(chats).where(_is(address)))
        return OwnChat(row.chat, row.route, row.member) if row else None

    async def route(self, platform: str, chat: str) -> str:
        """Return what leads to a chat; empty where that isn't known."""
        found = select(chats.c.route).where(chats.c.platform == platform, chats.c.chat == chat)
        return await self._connection.value(found.order_by(chats.c.met_at.desc()).limit(1)) or ""

    async def forget(self, address: Address) -> None:
        """Forget a chat; who has it is remembered."""
        await self._connection.run(update(chats).where(_is(address)).values(chat="", route=""))

    async def of_nobody(self, platform: str) -> tuple[Address, ...]:
        """Return the accounts that nobody knows whose they are, the one that was met last first."""
        is_somebodys = exists().where(*(chats.c[name] == accounts.c[name] for name in _KEY))
        nobodys = select(chats).where(chats.c.platform == platform, ~is_somebodys)
        rows = await self._connection.rows(nobodys.order_by(chats.c.met_at.desc(), chats.c.user_id))
        return tuple(map(_address, rows))


def _is(address: Address) -> ColumnElement[bool]:
    return and_(
        chats.c.platform == address.platform,
        chats.c.tenant == address.tenant,
        chats.c.user_id == address.user,
    )


def _address(row: Row[Any]) -> Address:
    return Address(row.platform, row.tenant, row.user_id)
