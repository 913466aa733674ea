"""Where each person's own chat with the bot is: seen when something comes from there, made where nobody has met.

A chat is known by its id. The service that leads to it moves within a tenant, so it stands beside: the last one seen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from adapters.teams.acts import PLATFORM, Chat
from adapters.teams.connector import Astray, Connector
from adapters.teams.settings import SERVICE_URL
from flows.port import Address, OwnChat, Places, Refused, Uncertain

MOST_SEEN = 10_000

Done = TypeVar("Done")


class Chats:
    def __init__(self, connector: Connector, service_url: str = SERVICE_URL) -> None:
        self._connector = connector
        self._places: Places | None = None
        self._own: dict[Address, OwnChat] = {}
        self._routes: dict[str, str] = {}  # of people's own chats, by their ids
        self._met: dict[Address, tuple[Chat, str]] = {}  # where somebody was met last, be it in a group, and as whom
        self._everybodys = self._tenants = service_url  # the latter ours, once anything has come from an own chat

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
        if is_own:
            self._tenants = chat.service_url

    async def where(self, address: Address) -> tuple[Chat, str] | None:
        """Return a chat that somebody is in, and who he is there; None for somebody whom nobody has met."""
        own = await self._remembered(address)
        if address in self._met and not (own and own.id):
            return self._met[address]
        return (await self.of(address), own.member) if own else None

    async def note(self, address: Address, chat: Chat, member: str) -> None:
        """Note a person's own chat, and who he is in it, though nobody may know yet who that is."""
        own = OwnChat(chat.id, chat.service_url, member)
        if self._own.get(address) != own and self._places:
            await self._places.put(address, own)
            self._hold(address, own)

    async def kept(self, address: Address) -> Chat | None:
        """Return a person's own chat where one is remembered; whether it still is there isn't asked."""
        own = await self._remembered(address)
        return Chat(own.route, own.id) if own and own.id else None

    async def of(self, address: Address) -> Chat:
        """Return a person's own chat, which is made where there is none; raise as the connector does."""
        known = await self.kept(address)
        if known is None:
            known = await self._along(lambda service_url: self._opened(address, service_url))
        return known

    async def anew(self, address: Address, do: Callable[[Chat], Awaitable[Done]]) -> Done:
        """Do something in a chat that is made anew, by whichever service leads there; raise as the connector does."""

        async def done(service_url: str) -> Done:
            try:
                chat = await self._opened(address, service_url)
            except Uncertain as unknown:  # whatever became of the chat, nothing was done in it
                raise Refused(unknown.code) from None
            return await do(chat)

        return await self._along(done)

    async def through(self, chat: Chat, do: Callable[[Chat], Awaitable[Done]]) -> Done:
        """Do something in a chat, by whichever service leads there; raise as the connector does."""
        return await self._along(lambda service_url: do(Chat(service_url, chat.id)), chat.service_url)

    async def at(self, place: str) -> Chat:
        """Return the chat that is known by an id, with the service that leads to it now."""
        route = self._routes.get(place) or (await self._places.route(PLATFORM, place) if self._places else "")
        return Chat(route or self._tenants, place)

    async def left(self, address: Address) -> None:
        """Forget a chat that the bot was taken out of."""
        self._own.pop(address, None)
        if self._places:
            await self._places.left(address)

    async def forget(self, address: Address) -> None:
        """Forget a chat that takes nothing any more: the next one is made anew."""
        self._own.pop(address, None)
        if self._places:
            await self._places.forget(address)

    async def _along(self, do: Callable[[str], Awaitable[Done]], *first: str) -> Done:
        """Do something by one service after the other, our tenant's and then everybody's, until one leads there."""
        *ways, last = dict.fromkeys((*first, self._tenants, self._everybodys))
        for service_url in ways:
            try:
                return await do(service_url)
            except Astray:
                continue
        return await do(last)

    async def _opened(self, address: Address, service_url: str) -> Chat:
        chat = await self._connector.open_chat(service_url, address.user)
        await self.note(address, chat, address.user)  # as Entra knows him, which Teams takes for the member, too
        return chat

    async def _remembered(self, address: Address) -> OwnChat | None:
        own = self._own.get(address)
        if own is None and self._places and (own := await self._places.get(address)) and own.id:
            self._hold(address, own)
        return own

    def _hold(self, address: Address, own: OwnChat) -> None:
        self._own[address] = own
        self._routes[own.id] = own.route
