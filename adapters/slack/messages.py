"""Slack as a chat platform (`flows.port.Platform`): messages in a person's own chat with the bot, and the App Home."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.acts import HOME, PLATFORM
from adapters.slack.api import in_our_words, text_in
from adapters.slack.look import fallback, message
from adapters.slack.views import home_view
from flows.cards import Card
from flows.port import Address, MessageRef, Refused

EVENT_TYPE = "rusplan_delivery"  # of the metadata by which a message is found again
PAGE = 100  # messages of a chat's history that are read at once
MOST_PAGES = 5


class SlackMessages:
    name = PLATFORM
    remembers = True

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._chats: dict[str, str] = {}  # by user: opening one again is a call of its own

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        """Post a message; its metadata carries the delivery id, which nobody sees."""
        blocks = message(card)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": delivery_id}}
        with in_our_words():
            chat = await self.chat(to.user)
            answer = await self._client.chat_postMessage(
                channel=chat,
                text=fallback(card),  # shown as it is: no markup, no mentions, no previews
                blocks=blocks,
                metadata=metadata,
                mrkdwn=False,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
            return MessageRef(PLATFORM, chat, text_in(answer, "ts"))

    async def edit(self, message_ref: MessageRef, card: Card) -> None:
        """Put a card in the place of a message, or of what stands in somebody's App Home."""
        if message_ref.message == HOME:
            view = home_view(card)
            with in_our_words():
                await self._client.views_publish(user_id=message_ref.conversation, view=view)
            return
        channel, ts, text, blocks = message_ref.conversation, message_ref.message, fallback(card), message(card)
        with in_our_words():
            await self._client.chat_update(
                channel=channel, ts=ts, text=text, blocks=blocks, parse="none", link_names=False
            )

    async def remove(self, message_ref: MessageRef) -> None:
        try:
            with in_our_words():
                await self._client.chat_delete(channel=message_ref.conversation, ts=message_ref.message)
        except Refused as refused:
            if not refused.for_good:
                raise

    async def find(self, to: Address, delivery_id: str, since: datetime) -> tuple[MessageRef, ...]:
        """Return the messages that carry a delivery id, oldest first."""
        with in_our_words():
            chat = await self.chat(to.user)
            found = [
                MessageRef(PLATFORM, chat, str(each["ts"]))
                for each in await self._history(chat, since)
                if _delivery(each) == delivery_id
            ]
        return tuple(sorted(found, key=lambda ref: ref.message))

    async def chat(self, user: str) -> str:
        """Return the channel id of a person's chat with the bot."""
        if user not in self._chats:
            answer = await self._client.conversations_open(users=user)
            self._chats[user] = text_in(answer, "channel", "id")
        return self._chats[user]

    async def _history(self, chat: str, since: datetime) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            answer = await self._client.conversations_history(
                channel=chat,
                oldest=f"{since.timestamp():.6f}",
                inclusive=True,
                include_all_metadata=True,
                limit=PAGE,
                **({"cursor": cursor} if cursor else {}),
            )
            found += answer["messages"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found


def _delivery(posted: dict[str, Any]) -> str:
    metadata = posted.get("metadata") or {}
    is_ours = metadata.get("event_type") == EVENT_TYPE
    return str((metadata.get("event_payload") or {}).get("delivery_id", "")) if is_ours else ""
