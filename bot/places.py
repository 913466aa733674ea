"""Where people's own chats are (`flows.port.Places`), kept with their accounts."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from flows.port import Address
from storage.database import Database


@dataclass(frozen=True, slots=True)
class AccountPlaces:
    database: Database
    clock: Clock

    async def get(self, address: Address) -> str:
        """Return the place; empty where none is kept."""
        async with self.database.transaction() as tx:
            return await tx.accounts.place(address)

    async def put(self, address: Address, place: str) -> bool:
        """Keep a place for an account; say whether that one is known."""
        async with self.database.transaction() as tx:
            return await tx.accounts.set_place(address, place)

    async def left(self, address: Address) -> None:
        """Forget the place, and note that the account takes no message; nothing where it isn't known."""
        async with self.database.transaction() as tx:
            await tx.accounts.set_place(address, "")
            await tx.accounts.note_refusal(address, self.clock.now())
