"""A strict fake of what Teams' bots talk to: the token, the keys, the Bot Connector; on this machine, over real HTTP.

It takes what the documentation says, and answers otherwise only as a test tells it to, one call at a time. Whatever
Teams would not take is answered as Teams would and noted in `complaints`.
Source: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.teams.connector import SCOPE
from adapters.teams.settings import TeamsSettings
from tests.adapters.fake_slack import Answer
from tests.adapters.teams_payloads import APP, TENANT
from tests.adapters.test_teams_gate import ISSUER, OURS, jwk

Json = dict[str, Any]

PASSWORD = "hemmelig~.passord"
MOST_BYTES = 28 * 1024
CARD = "application/vnd.microsoft.card.adaptive"
TOKEN_FORM = {"grant_type": "client_credentials", "client_id": APP, "client_secret": PASSWORD, "scope": SCOPE}
_PLACE = r"/v3/conversations(?:/(?P<chat>[^/]+)/(?P<what>activities|members)(?:/(?P<id>[^/]+))?)?"
_PATH = re.compile(rf"(?:/[a-z]+)?{_PLACE}")
_SEGMENT = re.compile(r"(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-F]{2})+", re.ASCII)  # of a path; all else is quoted in it
_WORDS_ALONE = {"type": "message", "textFormat": "plain"}
_READS_MARKDOWN = {"TextBlock", "FactSet"}


class Wrong(Exception):
    """What Teams answers to a call that it doesn't take."""

    def __init__(self, status: int, code: str, complaint: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.complaint = status, code, complaint


@dataclass
class FakeConnector:
    """`people` have the app, each with a chat of the person's own; `told` are the next answers, whatever is asked."""

    url: str = ""
    people: dict[str, str] = field(default_factory=dict)
    chats: dict[str, dict[str, Json]] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    members: dict[tuple[str, str], Json] = field(default_factory=dict)
    astray: dict[str, tuple[int, str]] = field(default_factory=dict)  # what a region says that leads to none of them
    tokens: list[str] = field(default_factory=list)
    lasts: Any = 3599
    told: deque[Answer] = field(default_factory=deque)
    told_of_tokens: deque[Answer] = field(default_factory=deque)
    asked: list[tuple[str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)  # of what was asked, as they came
    tokens_asked: int = 0
    complaints: list[str] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    ids: Iterator[int] = field(default_factory=lambda: count(1795424500000))

    @property
    def settings(self) -> TeamsSettings:
        return TeamsSettings(APP, PASSWORD, TENANT, f"{self.url}token", f"{self.url}openid")

    def installs(self, user: str, chat: str) -> None:
        """Let somebody have the app."""
        self.people[user] = chat
        self.chats.setdefault(chat, {})

    def stands(self, chat: str) -> list[Json]:
        """Return the messages of a chat as they are now."""
        return list(self.chats[chat].values())

    def does_and_says(self, status: int) -> Answer:
        """Do what is asked, and let nobody hear of it: a gateway answers."""

        async def answer(request: web.Request) -> web.StreamResponse:
            self._done(request.method, _path(request), _body(request, await request.read()))
            return web.Response(status=status)

        return answer

    def revoke(self) -> None:
        """Let no token be good that was given so far."""
        self.tokens.clear()

    # What is called.

    async def token(self, request: web.Request) -> web.StreamResponse:
        self.tokens_asked += 1
        form = dict(await request.post())
        if form != TOKEN_FORM or request.content_type != "application/x-www-form-urlencoded":
            self.complaints.append("token")
            return web.json_response({"error": "invalid_client"}, status=401)
        if self.told_of_tokens:
            return await self.told_of_tokens.popleft()(request)
        self.tokens.append(f"token-{self.tokens_asked}")
        found = {"token_type": "Bearer", "expires_in": self.lasts, "access_token": self.tokens[-1]}
        return web.json_response(found)

    async def openid(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}keys"})

    async def keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [jwk(OURS, "k1", "msteams")]})

    async def call(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        try:
            path = _path(request)
            self.asked.append((request.method, "/".join(filter(None, path))))
            self.addresses.append(request.raw_path)
            body = _body(request, raw)
            if self.told:
                return await self.told.popleft()(request)
            self._let_in(request)
            if (region := request.raw_path.partition("/v3/")[0].lstrip("/")) in self.astray:
                return _astray(*self.astray[region])
            return self._done(request.method, path, body)
        except Wrong as wrong:
            if wrong.complaint:
                self.complaints.append(wrong.complaint)
            said = {"error": {"code": wrong.code, "message": "Det gikk ikke: Per Hansen."}}
            return web.json_response(said, status=wrong.status)

    def _let_in(self, request: web.Request) -> None:
        if request.headers.getall("Authorization", []) not in [[f"Bearer {token}"] for token in self.tokens]:
            raise Wrong(401, "Unauthorized")

    # What comes of it.

    def _done(self, method: str, path: tuple[str, str, str], body: Json | None) -> web.Response:
        match method, path:
            case "POST", ("", "", ""):
                return web.json_response({"id": self._opened(body or {})}, status=201)
            case "GET", (chat, "members", user) if user:
                if (chat, user) not in self.members:
                    raise Wrong(404, "MemberNotFoundInConversation")
                return web.json_response(self.members[chat, user])
            case "POST", (chat, "activities", ""):
                message = str(next(self.ids))
                self._messages(chat)[message] = _checked(body or {})
                return web.json_response({"id": message}, status=201)
            case (("PUT" | "DELETE"), (chat, "activities", message)) if message:
                return self._changed(method, self._messages(chat), message, body or {})
        raise Wrong(405, "MethodNotAllowed", f"{method} {path}")

    def _opened(self, asked: Json) -> str:
        tenant = {"tenantId": TENANT, "channelData": {"tenant": {"id": TENANT}}}
        member = asked.get("members")
        if asked != {"bot": {"id": f"28:{APP}"}, "isGroup": False, "members": member, **tenant}:
            raise Wrong(400, "BadSyntax", "a conversation")
        if not isinstance(member, list) or [list(each) for each in member] != [["id"]]:
            raise Wrong(400, "BadSyntax", "members")
        if member[0]["id"] not in self.people:
            raise Wrong(403, "ForbiddenOperationException")
        return self.people[member[0]["id"]]

    def _messages(self, chat: str) -> dict[str, Json]:
        if chat not in self.chats:
            raise Wrong(404, "ConversationNotFound")
        if chat in self.blocked:
            raise Wrong(403, "MessageWritesBlocked")
        return self.chats[chat]

    def _changed(self, method: str, messages: dict[str, Json], message: str, body: Json) -> web.Response:
        if message not in messages:
            raise Wrong(404, "ActivityNotFoundInConversation")
        if method == "DELETE":
            del messages[message]
            return web.Response()
        if body.pop("id", None) != message:
            raise Wrong(400, "BadSyntax", "an id")
        messages[message] = _checked(body)
        return web.json_response({"id": message})


def _astray(status: int, code: str) -> web.Response:
    return web.json_response(
        {"error": {"code": code, "message": "Conversation is in a different region."}}, status=status
    )


def _path(request: web.Request) -> tuple[str, str, str]:
    """Return what is called: a chat, what of it, and which; each as it is without quotes."""
    found = _PATH.fullmatch(request.raw_path)
    parts = [found[name] or "" for name in ("chat", "what", "id")] if found else []
    if not found or not all(_SEGMENT.fullmatch(part) for part in parts if part):
        raise Wrong(404, "NotFound", f"the path {request.raw_path}")
    chat, what, of_it = map(unquote, parts)
    return chat, what, of_it


def _body(request: web.Request, raw: bytes) -> Json | None:
    if request.method in ("GET", "DELETE"):
        if raw:
            raise Wrong(400, "BadSyntax", "a body")
        return None
    if request.headers.get("Content-Type") != "application/json":
        raise Wrong(415, "UnsupportedMediaType", "a content type")
    if len(raw) >= MOST_BYTES:
        raise Wrong(413, "MessageSizeTooBig", f"{len(raw)} bytes")
    try:
        body = json.loads(raw.decode(), parse_constant=_no_number)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Wrong(400, "BadSyntax", "no JSON object")
    return body


def _no_number(_: str) -> Any:
    raise ValueError


def _checked(body: Json) -> Json:
    """Return a message that is one of the two kinds that we send: a line of plain words, or a card."""
    rest = {name: value for name, value in body.items() if name not in ("channelData", "text")}
    is_line = rest == _WORDS_ALONE and isinstance(body.get("text"), str) and bool(body["text"])
    if not is_line and not _is_card(body):
        raise Wrong(400, "BadSyntax", f"a message of {sorted(body)}")
    if set(body.get("channelData", {})) - {"delivery"}:
        raise Wrong(400, "BadSyntax", "channelData")
    return body


def _is_card(body: Json) -> bool:
    if set(body) - {"channelData"} != {"type", "attachments", "summary"} or len(body["attachments"]) != 1:
        return False
    attachment = body["attachments"][0]
    card = attachment["content"] if set(attachment) == {"contentType", "content"} else {}
    is_typed = attachment.get("contentType") == CARD and card.get("type") == "AdaptiveCard"
    is_ours = is_typed and body["type"] == "message" and bool(body["summary"]) and card.get("version") == "1.5"
    return is_ours and not {each["type"] for each in elements(card)} & _READS_MARKDOWN


def elements(made: Any) -> Iterator[Json]:
    """Yield everything in a card that has a type."""
    if isinstance(made, dict):
        if "type" in made:
            yield made
        for each in made.values():
            yield from elements(each)
    elif isinstance(made, list):
        for each in made:
            yield from elements(each)


@asynccontextmanager
async def fake_connector() -> AsyncIterator[FakeConnector]:
    """Open a connector; whatever Teams would not have taken fails the test at the end."""
    fake, site = FakeConnector(), web.Application(client_max_size=1024 * 1024)
    site.router.add_post("/token", fake.token)
    site.router.add_get("/openid", fake.openid)
    site.router.add_get("/keys", fake.keys)
    site.router.add_route("*", "/{path:.*}", fake.call)
    async with TestServer(site) as server:
        fake.url = str(server.make_url("/"))
        yield fake
        fake.released.set()
    assert fake.complaints == []
