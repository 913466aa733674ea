"""Where people's own chats are (`flows.port.Places`), kept in the database."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from flows.port import Address, OwnChat
from storage.database import Database


@dataclass(frozen=True, slots=True)
class StoredPlaces:
    database: Database
    clock: Clock

    async def get(self, address: Address) -> OwnChat | None:
        """Return where an account's chat is; None for one that nobody has met."""
        async with self.database.transaction() as tx:
            return await tx.chats.get(address)

    async def route(self, platform: str, chat: str) -> str:
        """Return what leads to a chat; empty where that isn't kept."""
        async with self.database.transaction() as tx:
            return await tx.chats.route(platform, chat)

    async def put(self, address: Address, own: OwnChat) -> None:
        """Keep where an account's chat is."""
        async with self.database.transaction() as tx:
            await tx.chats.put(address, own, self.clock.now())

    async def forget(self, address: Address) -> None:
        """Forget a chat that takes nothing any more, though not whose it was."""
        async with self.database.transaction() as tx:
            await tx.chats.forget(address)

    async def left(self, address: Address) -> None:
        """Forget the chat, and note that the account takes no message; nothing where nobody knows whose it is."""
        async with self.database.transaction() as tx:
            await tx.chats.forget(address)
            await tx.accounts.note_refusal(address, self.clock.now())
