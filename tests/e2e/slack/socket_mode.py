"""Slack's end of Socket Mode: connections with a ticket, envelopes and their acknowledgements."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

import aiohttp
from aiohttp import web

from tests.e2e.slack.workspace import Json, Workspace

HOST = "applink-1"


class Sockets:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.base_url = ""
        self.is_down = False
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._transports: dict[web.WebSocketResponse, asyncio.BaseTransport | None] = {}
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._answered: set[str] = set()

    @property
    def connected(self) -> bool:
        return bool(self._open)

    def new_url(self) -> str:
        """Give a URL that opens one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return f"{self.base_url}/link/?ticket={ticket}&app_id={self.workspace.app_id}"

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/link/", self.handle)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.is_down:
            return web.Response(status=401, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        info = {"host": HOST, "started": "2026-01-01 00:00:00.000", "build_number": 1}
        hello: Json = {"type": "hello", "num_connections": len(self._open) + 1}
        hello |= {"debug_info": info | {"approximate_connection_time": 18060}}
        await socket.send_json(hello | {"connection_info": {"app_id": self.workspace.app_id}})
        self._open.append(socket)
        self._transports[socket] = request.transport
        try:
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self._transports.pop(socket, None)
            if socket in self._open:
                self._open.remove(socket)
        return socket

    def _acknowledged(self, text: str) -> None:
        try:
            answer = json.loads(text)
            envelope = answer["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self.workspace.fault("socket mode: the bot sent something without an envelope_id")
            return
        waiting = self._waiting.pop(envelope, None)
        if waiting and not waiting.done():
            waiting.set_result(answer.get("payload"))
        elif not waiting:
            known = "twice" if envelope in self._answered else "though it was never sent"
            self.workspace.fault(f"socket mode: an envelope was acknowledged {known}")
        self._answered.add(envelope)

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None = None) -> Any:
        """Send an envelope over the newest connection, and wait for its acknowledgement's payload."""
        envelope = secrets.token_hex(16)
        message: Json = {"envelope_id": envelope, "type": kind, "payload": payload}
        message["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            message |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        waiting = self._waiting[envelope] = asyncio.get_running_loop().create_future()
        await self._open[-1].send_json(message)
        return await waiting

    async def ping(self) -> None:
        for socket in list(self._open):
            await socket.ping(f"Ping from {HOST}".encode())

    async def warn(self) -> None:
        """Tell the bot that its connections will go in a few seconds."""
        await self._say_disconnect("warning")

    async def refresh(self) -> None:
        """Tell the bot to come back over a new connection, and close the old ones."""
        closing = await self._say_disconnect("refresh_requested")
        for socket in closing:
            await socket.close()

    async def _say_disconnect(self, reason: str) -> list[web.WebSocketResponse]:
        told = list(self._open)
        for socket in told:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}})
        return told

    async def drop(self) -> None:
        """Cut all connections without a word."""
        self.cut()

    def cut(self) -> None:
        for transport in list(self._transports.values()):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        self._open.clear()
