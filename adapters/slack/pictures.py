"""A card's pictures in Slack: each goes into the person's own chat as a file, since a dialog can't hold one of ours.

A block can show a file of Slack's own only once Slack has looked it through, which takes longer than a dialog waits.
"""

from __future__ import annotations

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from flows.cards import Card, Picture
from flows.limits import shortened
from flows.port import Reply

NAME = "rusplan.png"
MAX_TEXT = 1000  # characters of what a screen reader says. Source: docs.slack.dev/reference/methods


def pictures(reply: Reply) -> tuple[Picture, ...]:
    shown: tuple[Card | None, ...] = (reply.dialog, reply.card)
    return tuple(block for card in shown if card for block in card.blocks if isinstance(block, Picture))


async def upload(client: AsyncWebClient, chat: str, picture: Picture) -> None:
    """Put a picture into a chat; drawing takes a moment, so that others are served meanwhile."""
    from adapters.drawings import png  # noqa: PLC0415 - loaded by whoever draws: a start must be quick

    drawn = await asyncio.to_thread(png, picture.drawing)
    said = shortened(picture.text, MAX_TEXT)
    await client.files_upload_v2(channel=chat, content=drawn, filename=NAME, title=NAME, alt_txt=said)
