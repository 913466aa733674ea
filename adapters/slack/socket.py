"""Socket Mode: acts come through a socket that we open to Slack, so a school needs no public address."""

from __future__ import annotations

import asyncio
import contextlib
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

from adapters.slack.acts import Malformed, clean

Dispatch = Callable[[dict[str, Any]], Awaitable[BoltResponse]]

log = logging.getLogger("rusplan.slack")


class Socket:
    """Keeps a connection open; Slack's own client opens another when one ends."""

    def __init__(self, app_token: str, client: AsyncWebClient, dispatch: Dispatch) -> None:
        quiet = logging.getLogger("slack_sdk.rusplan")
        quiet.setLevel(logging.WARNING)
        self._dispatch = dispatch
        self._client = SocketModeClient(app_token, logger=quiet, web_client=client)
        self._client.socket_mode_request_listeners.append(self._take)
        self._connecting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect, as often as it takes."""
        self._connecting = asyncio.create_task(self._client.connect())  # type: ignore[no-untyped-call]  # the SDK leaves it bare

    async def stop(self) -> None:
        if self._connecting:
            self._connecting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._connecting
        await self._client.close()  # type: ignore[no-untyped-call]  # as above

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time()
        try:
            body = clean(request.payload)
        except Malformed:
            log.warning("slack_body_malformed")
            return
        await send_async_response(client, request, await self._dispatch(body), started)
