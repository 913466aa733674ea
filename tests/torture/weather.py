"""Troubles that the fake of Slack does not know: answers that drip, ghosts in the program's time, a closed door."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Self, cast

from aiohttp import web

from tests.e2e.slack.slack import Slack
from tests.e2e.slack.trouble import Do, Hang, Trouble, Troubles, reset

DROP = 1.0  # seconds between two bytes


@dataclass(frozen=True)
class Drip(Hang):
    """Answer byte by byte, and do it before that or not at all."""

    done: bool = False


@dataclass(frozen=True)
class LateGhost(Hang):
    """Stay silent, and do it these seconds of the program's time after the client has given up."""

    after: float = 0.0


@dataclass(frozen=True)
class Shut(Hang):
    """Reset this connection and all others, and let nobody connect for so many seconds of the program's time."""

    seconds: float = 0.0


class Weather(Troubles):
    """The queues of the fake's own, which it is put in the place of; it also knows what is under way just now."""

    def __init__(self, slack: Slack) -> None:
        super().__init__()
        self._slack, self._now = slack, slack.workspace.clock.now
        self._shut: asyncio.Task[None] | None = None
        self.all_day: Trouble | None = None  # what happens to whatever is asked
        self._flying: list[web.Request] = []

    @classmethod
    def over(cls, slack: Slack) -> Self:
        weather = cls(slack)
        slack.troubles = slack.web_api.troubles = weather
        return weather

    @property
    def is_busy(self) -> bool:
        """Whether the program waits for an answer: to move its clock then would be to hold up the network."""
        return any(request.transport and not request.transport.is_closing() for request in self._flying)

    @property
    def is_calm(self) -> bool:
        """Whether nothing more will happen by itself: no ghost waits for its time, no door is shut."""
        return not self._flying and (self._shut is None or self._shut.done())

    def next(self, method: str) -> Trouble | None:
        return self.all_day or super().next(method)

    async def happen(self, trouble: Trouble | None, request: web.Request, do: Do) -> web.Response:
        self._flying.append(request)
        try:
            match trouble:
                case Drip(done=done):
                    return await self._drips(request, json.dumps(do() if done else {"ok": True}))
                case Shut(seconds=seconds):
                    if self._shut is None or self._shut.done():
                        self._shut = asyncio.create_task(self._is_shut(seconds))
                    return reset(request)
                case LateGhost(after=after):
                    await self._haunts(request, after, do)
                    return reset(request)
                case _:
                    return await super().happen(trouble, request, do)
        finally:
            self._flying.remove(request)

    async def _drips(self, request: web.Request, body: str) -> web.Response:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
        await response.prepare(request)
        for byte in body.encode():
            if request.transport is None or request.transport.is_closing() or self.closing.is_set():
                break
            await response.write(bytes([byte]))
            await self._unless_closing(asyncio.sleep(DROP))
        return cast("web.Response", response)  # one that was sent already, like any other

    async def _haunts(self, request: web.Request, after: float, do: Do) -> None:
        await self._given_up(request)
        await self._passes(after)
        if not self.closing.is_set():
            do()

    async def _is_shut(self, seconds: float) -> None:
        await close_door(self._slack)
        await self._passes(seconds)
        if not self.closing.is_set():
            await open_door(self._slack)

    async def _passes(self, seconds: float) -> None:
        """Wait for so much of the program's time to pass."""
        at = self._now() + seconds
        while self._now() < at and not self.closing.is_set():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def close_door(slack: Slack) -> None:
    """Let nobody connect any more, and cut what is connected."""
    for site in slack._runner.sites:
        await site.stop()
    server = slack._runner.server
    for connection in server.connections if server else ():
        if connection.transport:
            connection.transport.abort()


async def open_door(slack: Slack) -> None:
    """Listen again where the program looks for it."""
    port = int(slack.base_url.rpartition(":")[2])
    await web.TCPSite(slack._runner, "127.0.0.1", port).start()
