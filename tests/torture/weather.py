"""Troubles that no fake knows by itself: answers that drip, ghosts in the program's time, a closed door."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Self, cast

from aiohttp import web

from tests.e2e.slack.trouble import Do, Hang, Trouble, Troubles, reset
from tests.torture.edge import Edge

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

    def __init__(self, edge: Edge) -> None:
        super().__init__()
        self._edge, self._now = edge, edge.clock.now
        self._shut: asyncio.Task[None] | None = None
        self.all_day: Trouble | None = None  # what happens to whatever is asked,
        self.of: frozenset[str] = frozenset()  # or to these kinds of it alone
        self._flying: list[web.Request] = []

    @classmethod
    def over(cls, edge: Edge) -> Self:
        weather = cls(edge)
        edge.puts_up(weather)
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
        is_hit = self.all_day is not None and (not self.of or method in self.of)
        return self.all_day if is_hit else super().next(method)

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
        await close_door(self._edge.runner, self._edge.port)
        await self._passes(seconds)
        if not self.closing.is_set():
            await open_door(self._edge.runner, self._edge.port)

    async def _passes(self, seconds: float) -> None:
        """Wait for so much of the program's time to pass."""
        at = self._now() + seconds
        while self._now() < at and not self.closing.is_set():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def close_door(runner: web.AppRunner, port: int) -> None:
    """Let nobody connect there any more, and cut what is connected."""
    for site in [*runner.sites]:
        if _port(site) == port:
            await site.stop()
    for connection in runner.server.connections if runner.server else ():
        if connection.transport and connection.transport.get_extra_info("sockname")[1] == port:
            connection.transport.abort()


async def open_door(runner: web.AppRunner, port: int = 0) -> int:
    """Listen there, or, without a port, where it is free; return where."""
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    return _port(site)


def _port(site: web.BaseSite) -> int:
    server = site._server
    assert isinstance(server, asyncio.Server)
    return int(server.sockets[0].getsockname()[1])
