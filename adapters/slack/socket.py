"""Socket Mode: acts come through a socket that we open to Slack, so a school needs no public address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import time
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.payload import Malformed, clean

LOOK_EVERY = 5.0  # seconds
FINISH_WITHIN = 5.0  # seconds, for what is being answered when the program stops

Dispatch = Callable[[dict[str, Any]], Awaitable[BoltResponse]]

log = logging.getLogger("rusplan.slack")


class Socket:
    """Keeps a connection open; Slack's own client opens another when one ends."""

    def __init__(self, app_token: str, client: AsyncWebClient, dispatch: Dispatch) -> None:
        quiet = logging.getLogger("slack_sdk.rusplan")
        quiet.setLevel(logging.CRITICAL)  # it logs each failed try; `_look_after` says it once
        self._dispatch = dispatch
        self._client = SocketModeClient(app_token, logger=quiet, web_client=client)
        self._client.socket_mode_request_listeners.append(self._take)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._lasting: list[asyncio.Task[Any]] = []

    def start(self) -> None:
        """Begin to connect, as often as it takes."""
        connecting = self._client.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it bare
        self._lasting = [asyncio.create_task(connecting), asyncio.create_task(self._look_after())]

    async def stop(self) -> None:
        """Take nothing more, and answer what has come."""
        for task in self._lasting:
            task.cancel()
        await asyncio.gather(*self._lasting, return_exceptions=True)
        self._client.socket_mode_request_listeners.clear()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=FINISH_WITHIN)
        await self._client.close()  # type: ignore[no-untyped-call]  # as above

    async def _look_after(self) -> None:
        """See to it that a connection that can't be made is asked for anew.

        The SDK tries the address that it was once given for ever, also when that is good for nothing any more.
        """
        was_there = True
        while True:
            await asyncio.sleep(LOOK_EVERY)
            is_there = await self._client.is_connected()
            if not is_there:
                self._client.wss_uri = None
            if is_there != was_there:
                log.warning("socket_connected" if is_there else "socket_lost")
            was_there = is_there

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.create_task(self._answer(client, request))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.shield(task)

    async def _answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time()
        try:
            body = clean(request.payload)
        except Malformed:
            log.warning("slack_body_malformed")
            return
        await send_async_response(client, request, await self._dispatch(body), started)
