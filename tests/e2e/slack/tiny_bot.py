"""A bot of a few lines for the tests of the fake: it keeps what it is sent and answers what the test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.e2e.slack.people import Person
from tests.e2e.slack.pieces import FORM
from tests.e2e.slack.slack import Slack

Json = dict[str, Any]


class TinyBot:
    """`answer` is the body of the next answers: a text, an object, or a function of the payload that gives either."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.received: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Any = ""
        self.status = 200
        self.late_by = 0.0
        # Retries are the fake's to see, so the client makes none of its own.
        self.client = AsyncWebClient(slack.bot_token, slack.api_url, timeout=2, retry_handlers=[])

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/slack/events", self.handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.slack.bot_at(f"http://127.0.0.1:{self._runner.addresses[0][1]}")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def asked(self) -> list[Json]:
        """Give all that was sent, but for echoes of the bot's own messages: those come when they like."""
        return [each for each in self.received if not is_echo(each.get("event", {}))]

    @property
    def last(self) -> Json:
        return self.asked[-1]

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.text()
        if not SignatureVerifier(self.slack.signing_secret).is_valid_request(body, dict(request.headers)):
            return web.Response(status=401)
        self.headers.append(dict(request.headers))
        payload = parsed(body, request.content_type)
        self.received.append(payload)
        await asyncio.sleep(self.late_by)
        answer = self.answer(payload) if callable(self.answer) else self.answer
        if asyncio.iscoroutine(answer):
            answer = await answer
        if isinstance(answer, str):
            return web.Response(status=self.status, text=answer)
        return web.json_response(answer, status=self.status)


def is_echo(event: Json) -> bool:
    return event.get("type") == "message" and "bot_id" in str(event)


def parsed(body: str, content_type: str) -> Json:
    if content_type == "application/json":
        return dict(json.loads(body))
    form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
    return dict(json.loads(form["payload"])) if "payload" in form else dict(form)


async def opens(bot: TinyBot, person: Person, view: Json = FORM) -> None:
    """Open a modal for this person, as a command does."""

    async def answer(payload: Json) -> str:
        await bot.client.views_open(trigger_id=payload["trigger_id"], view=view)
        return ""

    bot.answer = answer
    await person.slash("/skjema")
    bot.answer = ""
    assert person.modal


class SocketBot:
    """The same over Socket Mode; it acknowledges each envelope with what `answer` gives."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.received: list[Json] = []
        self.answer: Callable[[Json], Any] = lambda _: None

    async def __aenter__(self) -> Self:
        client = AsyncWebClient(self.slack.app_token, self.slack.api_url)
        opened = await client.apps_connections_open(app_token=self.slack.app_token)
        self._http = aiohttp.ClientSession()
        self._socket = await self._http.ws_connect(opened["url"])
        self.hello = await self._socket.receive_json()
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await self._socket.close()
        await self._http.close()

    async def _listen(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            self.received.append(said)
            if "envelope_id" in said:
                acknowledged = {"envelope_id": said["envelope_id"]}
                answer = self.answer(said["payload"])
                await self._socket.send_json(acknowledged | ({} if answer is None else {"payload": answer}))
