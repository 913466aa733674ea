"""A tiny server in Slack's place: it answers as it is told, counts what it is asked, and shows what comes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import ANSWER_WITHIN, in_our_words, new_client
from flows.port import NotDelivered, Refused, Uncertain

Json = dict[str, Any]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

POSTED = {"ok": True, "channel": "D1", "ts": "1795424400.000100"}


@dataclass
class FakeSlack:
    """Answers as it is told, and counts what it is asked."""

    url: str = ""
    answer: Answer | None = None
    asked: list[str] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    client: AsyncWebClient = field(init=False)

    @asynccontextmanager
    async def in_a_hurry(self) -> AsyncIterator[AsyncWebClient]:
        """Give a client that waits for next to nothing."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as session:
            yield new_client("xoxb-1", self.url, session)

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path.removeprefix("/api/"))
        await request.read()
        assert self.answer
        return await self.answer(request)


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    site = web.Application()
    site.router.add_route("*", "/{path:.*}", fake.take)
    async with TestServer(site) as server, aiohttp.ClientSession(timeout=ANSWER_WITHIN) as session:
        fake.url = str(server.make_url("/api/"))
        fake.client = new_client("xoxb-1", fake.url, session)
        yield fake
        fake.released.set()


def says(body: Any, status: int = 200, kind: str = "application/json", **headers: str) -> Answer:
    """Answer with JSON, or with the very words."""
    text = body if isinstance(body, str) else json.dumps(body)

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text, status=status, content_type=kind, headers=headers)

    return answer


def raw(body: bytes, kind: str = "application/json") -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Type": kind})

    return answer


async def resets(request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "500"})
    await response.prepare(request)
    await response.write(b'{"ok": true, ')
    assert request.transport
    request.transport.close()
    return response


async def posts(client: AsyncWebClient) -> NotDelivered | None:
    """Post a message, and return what comes out instead."""
    try:
        with in_our_words():
            await client.chat_postMessage(channel="D1", text="Ny sak")
    except NotDelivered as failure:
        return failure
    return None


def refused(code: str, *, retry_after: timedelta | None = None, for_good: bool = False, is_gone: bool = False) -> Json:
    return {"code": code, "retry_after": retry_after, "for_good": for_good, "is_gone": is_gone}


async def refusal(client: AsyncWebClient) -> Json:
    failure = await posts(client)
    assert isinstance(failure, Refused)
    assert str(failure) == failure.code
    return refused(failure.code, retry_after=failure.retry_after, for_good=failure.for_good, is_gone=failure.is_gone)


async def doubt(client: AsyncWebClient) -> str:
    failure = await posts(client)
    assert isinstance(failure, Uncertain)
    return failure.code
