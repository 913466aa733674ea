"""Teams for the bot: the endpoint that people's acts come by, and what they are answered through."""

from __future__ import annotations

import json
import logging
from functools import partial
from http import HTTPStatus

import aiohttp
from aiohttp import web

from adapters.payload import Malformed
from adapters.teams.acts import PLATFORM
from adapters.teams.chats import Chats
from adapters.teams.connector import STAYS_HERE, Connector
from adapters.teams.gate import Gate
from adapters.teams.handler import Edge, Handler
from adapters.teams.keys import NOT_FETCHED, Keys
from adapters.teams.messages import TeamsMessages
from adapters.teams.settings import OPENID_URL, SERVICE_URL, TeamsSettings
from adapters.teams.staff import TeamsStaff
from adapters.teams.stage import NO_ANSWER, Stage
from flows.port import Bot, NotDelivered, Places

PATH = "/api/messages"
WHAT_TO_DO = (  # for whoever tries the bot out
    "RUSPLAN_TEAMS_ANONYMOUS is set: nobody is written to before somebody has written to the bot from a playground on "
    "this machine, or TEAMS_OPENID_URL names a test double there"
)
log = logging.getLogger("rusplan.teams")

compact = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))  # a card has room for 28 KB


class Teams:
    """One tenant's bot; made within a running loop, closed with `close`."""

    def __init__(self, settings: TeamsSettings) -> None:
        self._settings = settings
        self._session = aiohttp.ClientSession(json_serialize=compact)
        self._connector = Connector(settings, self._session)
        self._chats = Chats(self._connector, settings.double or SERVICE_URL)
        self.messages = TeamsMessages(self._connector, self._chats)
        self.staff = TeamsStaff(settings.tenant, self._connector, self._chats)
        self._keys: Keys | None = None
        self._handler: Handler | None = None

    def serve(self, bot: Bot, places: Places, site: web.Application) -> None:
        """Take people's acts from now on at the site's endpoint."""
        self._chats.kept_in(places)
        if self._settings.is_anonymous:
            log.warning(STAYS_HERE, extra={"platform": PLATFORM, "error": WHAT_TO_DO})
        else:
            self._keys = self._new_keys()
            self._keys.start()
        stage = Stage(self._connector, self._chats, bot, is_playground=self._settings.is_anonymous)
        self._handler = Handler(bot, stage, self._chats)
        endpoint = _Endpoint(Gate(self._settings, self._keys), Edge(), self._handler)
        site.router.add_post(PATH, endpoint.take)

    async def fault(self) -> str:
        """Return why the bot could not sign in; empty where it can."""
        try:
            await self._connector.tokens.headers()
        except NotDelivered as failure:
            return str(failure)
        return ""

    async def keys_fault(self) -> str:
        """Return why nothing that comes in could be proven; empty where the channel's keys can be fetched."""
        try:
            await self._new_keys().fetch()
        except NOT_FETCHED as error:
            return type(error).__name__
        return ""

    def _new_keys(self) -> Keys:
        return Keys(self._settings.openid_url or OPENID_URL, self._session)

    async def close(self) -> None:
        """Take nothing more, and let what is being shown be shown."""
        if self._keys:
            await self._keys.stop()
        if self._handler:
            await self._handler.stop()
        await self._session.close()


class _Endpoint:
    def __init__(self, gate: Gate, edge: Edge, handler: Handler) -> None:
        self._gate, self._edge, self._handler = gate, edge, handler

    async def take(self, request: web.Request) -> web.Response:
        activity = await self._gate.activity(request)
        try:
            body = await self._edge.process(activity, self._handler)
        except Malformed:
            raise web.HTTPBadRequest(text="malformed") from None
        if body == NO_ANSWER:
            return web.Response()
        if body is not None:
            return web.json_response(body, dumps=compact)
        is_unknown = activity.get("type") == "invoke"  # an invoke awaits a body, or that there is none
        return web.Response(status=HTTPStatus.NOT_IMPLEMENTED if is_unknown else HTTPStatus.ACCEPTED)
