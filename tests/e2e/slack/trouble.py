"""What can go wrong between the bot and Slack, as a test orders it: one entry is used up per call of a method."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

Do = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """Answer with this instead of doing it; a body that is no text goes out as JSON."""

    status: int = 200
    body: Any = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refuse:
    """Answer `ok: false` with any code instead of doing it."""

    error: str
    status: int = 200


@dataclass(frozen=True)
class RateLimit:
    """Answer 429; Retry-After is taken as it stands, None leaves it out."""

    retry_after: str | None = "1"


@dataclass(frozen=True)
class LoseAnswer:
    """Do it, and let the answer get lost on its way."""

    how: Literal["close", "500", "cut", "html"] = "close"


@dataclass(frozen=True)
class Delay:
    """Wait these seconds before doing it, or after."""

    before: float = 0.0
    after: float = 0.0


@dataclass(frozen=True)
class Hang:
    """Never answer, do nothing."""


@dataclass(frozen=True)
class Reset:
    """Reset the connection, do nothing."""


@dataclass(frozen=True)
class Ghost:
    """Stay silent, and do it these seconds after the client has given up."""

    after: float = 0.0


Trouble = Answer | Refuse | RateLimit | LoseAnswer | Delay | Hang | Reset | Ghost


def reset(request: web.BaseRequest) -> web.Response:
    """Cut the connection so that the client sees a reset, not a polite end."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


def answered(body: dict[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(body, headers=headers)


class Troubles:
    """The queue per method, and the two switches for all of Slack."""

    def __init__(self) -> None:
        self.is_down = False
        self.hangs = False
        self.closing = asyncio.Event()
        self._queues: dict[str, deque[Trouble]] = defaultdict(deque)

    def order(self, method: str, *troubles: Trouble) -> None:
        self._queues[method].extend(troubles)

    def left(self, method: str) -> int:
        """Count what has been ordered and not happened yet."""
        return len(self._queues[method])

    def next(self, method: str) -> Trouble | None:
        if self.is_down:
            return Reset()
        if self.hangs:
            return Hang()
        queue = self._queues[method]
        return queue.popleft() if queue else None

    async def happen(self, trouble: Trouble | None, request: web.Request, do: Do) -> web.Response:
        match trouble:
            case None:
                return answered(do())
            case Answer() | Refuse() | RateLimit():
                return _instead(trouble)
            case Reset():
                return reset(request)
            case Delay(before=before, after=after):
                await asyncio.sleep(before)
                body = do()
                await asyncio.sleep(after)
                return answered(body)
            case LoseAnswer(how=how):
                return _lost(how, request, answered(do()))
            case Hang():
                await self._given_up(request)
                return reset(request)
            case Ghost(after=after):
                await self._given_up(request)
                await self._unless_closing(asyncio.sleep(after))
                if not self.closing.is_set():
                    do()
                return reset(request)

    async def _given_up(self, request: web.Request) -> None:
        """Wait until the client is gone, or the fake closes."""
        while request.transport is not None and not request.transport.is_closing() and not self.closing.is_set():
            await self._unless_closing(asyncio.sleep(0.01))

    async def _unless_closing(self, wait: Awaitable[None]) -> None:
        tasks = [asyncio.ensure_future(wait), asyncio.ensure_future(self.closing.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()


def _instead(trouble: Answer | Refuse | RateLimit) -> web.Response:
    match trouble:
        case Answer(status=status, body=str(body), headers=headers):
            return web.Response(status=status, text=body, headers=dict(headers))
        case Answer(status=status, body=body, headers=headers):
            return web.json_response(body, status=status, headers=dict(headers))
        case Refuse(error=error, status=status):
            return web.json_response({"ok": False, "error": error}, status=status)
        case RateLimit(retry_after=retry_after):
            headers = {} if retry_after is None else {"Retry-After": retry_after}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def _lost(how: str, request: web.Request, answer: web.Response) -> web.Response:
    body = answer.text or ""
    match how:
        case "500":
            return web.Response(status=500, text="Internal Server Error")
        case "cut":
            return web.Response(text=body[: len(body) // 2], content_type="application/json")
        case "html":
            return web.Response(text="<html><body>Slack is taking a nap.</body></html>", content_type="text/html")
        case _:
            return reset(request)
