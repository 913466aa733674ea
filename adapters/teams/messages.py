"""Teams as a chat platform (`flows.port.Platform`): messages in a person's own chat with the bot."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from adapters.teams import words
from adapters.teams.acts import PLATFORM, Chat
from adapters.teams.chats import Chats
from adapters.teams.connector import Astray, Connector, Gone, Json
from adapters.teams.look import attachment, card
from flows.cards import Card
from flows.language import Language
from flows.port import Address, MessageRef, Refused, Uncertain

CHAT_WITHIN = timedelta(seconds=2.5)  # so that as much time as ever is left to post in


class TeamsMessages:
    name = PLATFORM
    remembers = False  # no history can be read: a message whose answer got lost is sent again, and says so

    def __init__(self, connector: Connector, chats: Chats) -> None:
        self._connector, self._chats = connector, chats

    async def send(self, to: Address, shown: Card, delivery_id: str) -> MessageRef:
        """Post a message; the delivery id travels with it for whoever looks for a fault.

        A chat that isn't there is made anew at once, by whichever service leads there: it isn't the person who refuses.
        """
        made = {**activity(shown), "channelData": {"delivery": delivery_id}}

        async def post(chat: Chat) -> MessageRef:
            return MessageRef(PLATFORM, chat.place, await self._connector.post(chat, made))

        chat = await self._chat(to)
        try:
            try:
                return await post(chat)
            except Astray:
                return await self._chats.anew(to, post)
        except (Gone, Astray):
            await self._chats.forget(to)
            raise

    async def _chat(self, to: Address) -> Chat:
        """Return the chat to post in; whatever goes wrong until it is there, nothing has been posted."""
        try:
            async with asyncio.timeout(CHAT_WITHIN.total_seconds()):
                return await self._chats.of(to)
        except (Uncertain, TimeoutError) as unknown:
            raise Refused(getattr(unknown, "code", "chat_not_opened")) from None

    async def edit(self, message: MessageRef, shown: Card) -> None:
        chat, made = await self._chats.at(message.conversation), activity(shown)
        await self._chats.through(chat, lambda at: self._connector.update(at, message.message, made))

    async def remove(self, message: MessageRef) -> None:
        try:
            chat = await self._chats.at(message.conversation)
            await self._chats.through(chat, lambda at: self._connector.delete(at, message.message))
        except Refused as refused:
            if not refused.for_good:
                raise

    async def find(self, to: Address, delivery_id: str, since: datetime) -> tuple[MessageRef, ...]:  # noqa: ARG002 - the port's
        """Return nothing: Teams lets a bot read no history."""
        return ()


def activity(shown: Card, language: Language | None = None, notice: str = "") -> Json:
    """Return a message with a card; `summary` is what a lock screen shows, where a dialog's title may say too much."""
    made: Json = {"type": "message", "attachments": [attachment(card(shown, language, notice))]}
    return {**made, "summary": shown.summary or words.NOTICE.in_(language or Language.NB)}


def line(text: str) -> Json:
    """Return a message of words alone, shown as they are."""
    return {"type": "message", "text": text, "textFormat": "plain"}
