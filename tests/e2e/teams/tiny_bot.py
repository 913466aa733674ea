"""A bot of a few lines: it keeps what it is sent, and answers what it is told, one answer per activity."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.e2e.teams.cards import ADAPTIVE
from tests.e2e.teams.tenant import Json


@dataclass
class TinyBot:
    answers: deque[tuple[int, Any]] = field(default_factory=deque)
    seen: list[Json] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    url: str = ""

    def will(self, body: Any = None, *, status: int = 200) -> None:
        self.answers.append((status, body))

    async def take(self, request: web.Request) -> web.Response:
        self.seen.append(await request.json())
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        status, body = self.answers.popleft() if self.answers else (200, None)
        if status == 0:  # never
            await asyncio.sleep(60)
        return web.Response(status=status) if body is None else web.json_response(body, status=status)


@asynccontextmanager
async def tiny_bot() -> AsyncIterator[TinyBot]:
    bot, app = TinyBot(), web.Application()
    app.router.add_post("/api/messages", bot.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield bot
    finally:
        await runner.cleanup()


def button(title: str = "Gå", *, inputs: str = "auto", **data: str) -> Json:
    plain = {"title": title, "data": data, "associatedInputs": inputs}
    return {"type": "Action.Execute", "verb": "go", **plain, "fallback": {"type": "Action.Submit", **plain}}


def submit(**data: str) -> Json:
    return {"type": "Action.Submit", "title": "Gå", "data": data}


def card(*body: Json, actions: tuple[Json, ...] = ()) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": [*body], "actions": [*actions]}


def words(text: str) -> Json:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}]}


def field_(kind: str, id_: str = "a", **more: Any) -> Json:
    return {"type": f"Input.{kind}", "id": id_, "label": f"Felt {id_}", **more}


def choices(*values: str, **more: Any) -> Json:
    made = [{"title": value.capitalize(), "value": value} for value in values]
    return field_("ChoiceSet", choices=made, **more)


def message(made: Json, **more: Any) -> Json:
    return {
        "type": "message",
        "summary": "Melding",
        "attachments": [{"contentType": ADAPTIVE, "content": made}],
        **more,
    }


def shows(made: Json) -> Json:
    return {"statusCode": 200, "type": ADAPTIVE, "value": made}
