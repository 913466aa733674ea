"""The page's routes: a browser's acts in, the chats out, live; the bot behind `handle` decides what comes of an act."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from adapters.web import acts, words
from adapters.web.acts import Act
from adapters.web.chat import chat
from adapters.web.chats import WebChats
from adapters.web.dialog import dialog
from adapters.web.guard import guard, harden
from adapters.web.page import PageView, page
from adapters.web.people import Site, anchor
from flows.language import Language, Text
from flows.port import Incoming, Reply, Typed

MAX_BODY = 64 * 1024  # bytes
HEARTBEAT = 15.0  # seconds between signs of life in a quiet stream
_STATIC = Path(__file__).parent / "static"

T = TypeVar("T")

log = logging.getLogger("rusplan.web")

Handle = Callable[[Incoming], Awaitable[Reply]]


def build_app(handle: Handle, chats: WebChats, site: Site) -> web.Application:
    """Return the web application of the demo; whoever starts it binds it to loopback."""
    server = _Server(handle, chats, site)
    app = web.Application(middlewares=[guard], client_max_size=MAX_BODY)
    app.on_response_prepare.append(harden)
    app.on_shutdown.append(server.stop)
    app.router.add_get("/", server.page)
    app.router.add_get("/stream", server.stream)
    for path in acts.READERS:
        app.router.add_post(path, server.act)
    app.router.add_post("/dismiss", server.dismiss)
    app.router.add_static("/static", _STATIC)
    return app


class _Server:
    def __init__(self, handle: Handle, chats: WebChats, site: Site) -> None:
        self._handle = handle
        self._chats = chats
        self._site = site

    async def stop(self, _app: web.Application) -> None:
        self._chats.end_watches()

    async def page(self, request: web.Request) -> web.Response:
        people = self._site.shown(request.query.get("as", ""))
        view = PageView(self._site, people, _language(request))
        return web.Response(text=page(view, self._chats.entries), content_type="text/html")

    async def stream(self, request: web.Request) -> web.StreamResponse:
        users = [person.user for person in self._site.shown(request.query.get("as", ""))]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        # A page that is closed or loaded anew leaves its stream: aiohttp cancels this, or the next write fails.
        with self._chats.watch(users) as watch, contextlib.suppress(ConnectionError):
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            await self._follow(response, watch.changed, _language(request))
        return response

    async def _follow(
        self, response: web.StreamResponse, changed: Callable[[], Awaitable[tuple[str, ...]]], language: Language
    ) -> None:
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    users = await changed()
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if not users:
                return
            for user in users:
                await response.write(self._event(user, language))

    def _event(self, user: str, language: Language) -> bytes:
        state = {"user": user, "html": chat(self._chats.entries(user), language)}
        return f"event: chat\ndata: {json.dumps(state)}\n\n".encode()

    async def act(self, request: web.Request) -> web.Response:
        language = _language(request)
        act = await _read(request, acts.READERS[request.path])
        self._check_known(act.user, language)
        return await self._turn(act, language)

    async def _turn(self, act: Act, language: Language) -> web.Response:
        delivery = act.incoming.delivery_id
        if isinstance(act.incoming.act, Typed):
            self._chats.hear(act.user, act.incoming.act.text, delivery)
        try:
            reply = await self._handle(act.incoming)
        except Exception:  # whatever the bot stumbled on, the person gets an answer
            log.error("no_reply", extra={"delivery": delivery})  # noqa: TRY400 - a traceback may hold what was typed
            self._chats.unhear(act.user, delivery)
            raise _refusal(500, words.FAILED, language) from None
        self._show(act, reply)
        return web.json_response(_shown(act, reply, language))

    def _show(self, act: Act, reply: Reply) -> None:
        is_elsewhere = act.entry and not self._chats.is_answer(act.user, act.entry)
        if is_elsewhere:
            self._chats.dismiss_answer(act.user)
        if reply.card and not (act.entry and self._chats.replace(act.user, act.entry, reply.card)):
            self._chats.answer(act.user, reply.card)

    async def dismiss(self, request: web.Request) -> web.Response:
        user = await _read(request, acts.user)
        self._check_known(user, _language(request))
        self._chats.dismiss_answer(user)
        return web.json_response({})

    def _check_known(self, user: str, language: Language) -> None:
        if self._site.person(user) is None:
            raise _refusal(404, words.UNKNOWN_PERSON, language)


def _language(request: web.Request) -> Language:
    return Language.NN if request.query.get("lang") == Language.NN else Language.NB


async def _read(request: web.Request, reader: Callable[[acts.Body], T]) -> T:
    try:
        return reader(acts.body(await request.read()))
    except web.HTTPRequestEntityTooLarge as error:
        raise _refusal(413, words.TOO_LARGE, _language(request)) from error
    except acts.Malformed as error:
        raise _refusal(400, error.sentence, _language(request)) from error


_REFUSALS: Mapping[int, type[web.HTTPError]] = {
    400: web.HTTPBadRequest,
    404: web.HTTPNotFound,
    500: web.HTTPInternalServerError,
}


def _refusal(status: int, sentence: Text, language: Language) -> web.HTTPError:
    body = json.dumps({"notice": sentence.in_(language)})
    if status == 413:
        return web.HTTPRequestEntityTooLarge(MAX_BODY, text=body, content_type="application/json")
    return _REFUSALS[status](text=body, content_type="application/json")


def _shown(act: Act, reply: Reply, language: Language) -> dict[str, object]:
    opened = dialog(reply.dialog, f"d-{anchor(act.user)}", language) if reply.dialog else ""
    return {
        "dialog": opened,
        "notice": reply.notice,
        "faults": dict(reply.faults),
        "answered": reply.card is not None,
    }
