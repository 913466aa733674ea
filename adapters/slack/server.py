"""Slack for the bot: the endpoint or the socket that people's acts come by, and what they are answered through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import aiohttp
from aiohttp import web

from adapters.slack.api import ANSWER_WITHIN, in_our_words, new_client
from adapters.slack.gate import Gate
from adapters.slack.listeners import Listeners
from adapters.slack.messages import SlackMessages
from adapters.slack.settings import SlackSettings
from adapters.slack.socket import Socket
from adapters.slack.staff import SlackStaff
from adapters.slack.stage import Stage
from flows.port import Bot, NotDelivered

PATH = "/slack/events"


class Slack:
    """One workspace or organisation; made within a running loop, closed with `close`."""

    def __init__(self, settings: SlackSettings, now: Callable[[], datetime]) -> None:
        self._settings, self._now = settings, now
        self._session = aiohttp.ClientSession(timeout=ANSWER_WITHIN)
        self._client = new_client(settings.bot_token, settings.api_url, self._session)
        self.messages = SlackMessages(self._client)
        self.staff = SlackStaff(self._client)

        self._listeners: Listeners | None = None
        self._socket: Socket | None = None

    def serve(self, bot: Bot, site: web.Application) -> None:
        """Take people's acts from now on: through a socket that we open, or at the site's endpoint."""
        stage = Stage(self._client, self.messages, bot, self._session)
        self._listeners = Listeners(self._client, bot, stage)
        if self._settings.app_token:
            self._socket = Socket(self._settings.app_token, self._client, self._listeners.dispatch)
            self._socket.start()
        else:
            endpoint = _Endpoint(Gate(self._settings.secrets, self._now), self._listeners)
            site.router.add_post(PATH, endpoint.take)

    async def socket_fault(self) -> str:
        """Return Slack's word for why no socket can be opened; empty where one can, or none is wanted."""
        if not self._settings.app_token:
            return ""
        try:
            with in_our_words():
                await self._client.apps_connections_open(app_token=self._settings.app_token)
        except NotDelivered as failure:
            return str(failure)
        return ""

    async def close(self) -> None:
        """Take nothing more, and let what is being shown be shown."""
        if self._socket:
            await self._socket.stop()
        if self._listeners:
            await self._listeners.stop()
        await self._session.close()


class _Endpoint:
    def __init__(self, gate: Gate, listeners: Listeners) -> None:
        self._gate, self._listeners = gate, listeners

    async def take(self, request: web.Request) -> web.Response:
        body = await self._gate.body(request)
        answer = await self._listeners.dispatch(body)
        return web.Response(
            status=answer.status,
            text=answer.body,
            content_type=answer.first_headers().get("content-type", "text/plain").partition(";")[0],
        )
