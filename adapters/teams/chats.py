"""Where each person's own chat with the bot is: seen when something comes from there, made where nobody has met."""

from __future__ import annotations

from adapters.teams.acts import Chat
from adapters.teams.connector import Connector
from adapters.teams.settings import SERVICE_URL
from flows.port import Address, Places

MOST_SEEN = 10_000


class Chats:
    def __init__(self, connector: Connector, service_url: str = SERVICE_URL) -> None:
        self._connector = connector
        self._places: Places | None = None
        self._own: dict[Address, Chat] = {}
        self._met: dict[Address, tuple[Chat, str]] = {}  # where somebody was met last, be it in a group, and as whom
        self._service_url = service_url  # the one that our tenant is served by, once anything has come from it

    def kept_in(self, places: Places) -> None:
        """Remember chats over a restart, too."""
        self._places = places

    def met(self, address: Address, chat: Chat, member: str, *, is_own: bool) -> None:
        """Note where somebody was met, for what Teams says of people only in a chat that they and the bot are in.

        In the own chat the bot is for certain; where a dialog was opened from, perhaps not.
        """
        if len(self._met) >= MOST_SEEN:
            self._met.clear()
        if is_own or address not in self._met:
            self._met[address] = chat, member
        self._service_url = chat.service_url

    def where(self, address: Address) -> tuple[Chat, str] | None:
        """Return a chat that somebody is in, and who he is there."""
        return self._met.get(address)

    async def note(self, address: Address, chat: Chat) -> None:
        """Note a person's own chat; as long as it isn't known whose it is, it is noted anew each time."""
        if self._own.get(address) != chat and self._places and await self._places.put(address, chat.place):
            self._own[address] = chat

    async def kept(self, address: Address) -> Chat | None:
        """Return a person's own chat where one is remembered; whether it still is there isn't asked."""
        known = self._own.get(address)
        if known is None and self._places and (place := await self._places.get(address)):
            known = self._own[address] = Chat.at(place)
        return known

    async def of(self, address: Address) -> Chat:
        """Return a person's own chat, which is made where there is none; raise as the connector does."""
        known = await self.kept(address)
        if known is None:
            known = await self._connector.open_chat(self._service_url, address.user)
            await self.note(address, known)
        return known

    async def left(self, address: Address) -> None:
        """Forget a chat that the bot was taken out of."""
        self._own.pop(address, None)
        if self._places:
            await self._places.left(address)

    async def forget(self, address: Address) -> None:
        """Forget a chat that takes nothing any more: the next one is made anew."""
        self._own.pop(address, None)
        if self._places:
            await self._places.put(address, "")
