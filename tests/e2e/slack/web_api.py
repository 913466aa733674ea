"""Slack's Web API as a server on this machine: tokens, scopes, arguments, troubles, and a record of every call."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.e2e.slack import arguments
from tests.e2e.slack.arguments import Arguments, Refused
from tests.e2e.slack.files import Files
from tests.e2e.slack.methods import Method, Methods
from tests.e2e.slack.trouble import Trouble, Troubles, answered
from tests.e2e.slack.workspace import Json, Workspace

# A bot can't know these beforehand, and nobody sees an error: they are answers to a question.
ANSWERS = {
    ("users.lookupByEmail", "users_not_found"),
    ("users.info", "user_not_found"),
    ("conversations.open", "user_disabled"),
    ("views.update", "hash_conflict"),
    ("views.publish", "hash_conflict"),
}


@dataclass
class Call:
    """One call of the Web API as it arrived, and what came of it."""

    method: str
    arguments: Json
    at: float
    is_retry: bool  # the same call as one before whose answer was lost, late or no
    trouble: Trouble | None = None
    answer: Json | None = None  # what Slack did or refused, also when the answer never reached the bot; None: nothing
    status: int | None = None  # of the answer that was sent; None while there is none, or if the connection broke

    @property
    def ok(self) -> bool:
        """Tell whether Slack did it, no matter whether the bot learnt of it."""
        return bool(self.answer and self.answer["ok"])


@dataclass
class Tokens:
    bot: str
    app: str
    app_scopes: set[str] = field(default_factory=lambda: {"connections:write"})


class WebApi:
    def __init__(
        self, workspace: Workspace, troubles: Troubles, tokens: Tokens, new_socket_url: Callable[[], str]
    ) -> None:
        self.workspace = workspace
        self.troubles = troubles
        self.tokens = tokens
        self.files = Files(workspace)
        self.methods = Methods(workspace, new_socket_url, self.files)
        self.calls: list[Call] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/api/{method}", self.handle), *self.files.routes()]

    async def handle(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        try:
            given = await arguments.read(request)
        except Refused as refused:
            self.workspace.fault(f"{name}: {refused.error}")
            return answered(refused.answer())
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or given.pop("token", "")
        given.pop("token", None)
        given = arguments.decoded(given)
        call = Call(name, copy.deepcopy(given), self.workspace.clock.now(), self._is_retry(name, given))
        call.trouble = self.troubles.next(name)
        self.calls.append(call)
        response = await self.troubles.happen(call.trouble, request, lambda: self.do(call, token))
        response.headers.setdefault("X-OAuth-Scopes", ",".join(sorted(self.workspace.scopes)))
        call.status = response.status if request.transport and not request.transport.is_closing() else None
        return response

    def do(self, call: Call, token: str) -> Json:
        """Do what the call asks, or say why not."""
        try:
            call.answer = {"ok": True} | self._done(call, token)
        except Refused as refused:
            call.answer = refused.answer()
            if (call.method, refused.error) not in ANSWERS:
                self.workspace.fault(": ".join([call.method, refused.error, *refused.details]))
        return call.answer

    def _done(self, call: Call, token: str) -> Json:
        method = self.methods.table.get(call.method)
        self._authenticate(token)
        if not method:
            raise Refused("unknown_method", req_method=call.method)
        scopes = self._authorize(method, token)
        unknown = sorted(set(call.arguments) - set(method.required) - set(method.optional))
        if unknown:
            # Slack would pass over them in silence; a misspelt argument is found here.
            self.workspace.fault(f"{call.method}: unknown arguments {', '.join(unknown)}")
        missing = [name for name in method.required if call.arguments.get(name) in (None, "")]
        if missing:
            raise Refused("invalid_arguments", *(f"missing required field: {name}" for name in missing))
        return method.do(Arguments(call.arguments, scopes))

    def _authenticate(self, token: str) -> None:
        if not token:
            raise Refused("not_authed")
        if token not in (self.tokens.bot, self.tokens.app):
            raise Refused("invalid_auth")
        if token == self.tokens.bot and self.workspace.token_refused_as:
            raise Refused(self.workspace.token_refused_as)

    def _authorize(self, method: Method, token: str) -> set[str]:
        is_bots = token == self.tokens.bot
        if is_bots != (method.token == "bot"):
            raise Refused("not_allowed_token_type")
        scopes = self.workspace.scopes if is_bots else self.tokens.app_scopes
        if method.scope:
            Arguments({}, scopes).need(method.scope)
        return scopes

    def _is_retry(self, method: str, given: Json) -> bool:
        before = [call for call in self.calls if call.method == method and call.arguments == given]
        return bool(before) and (before[-1].trouble is not None or not before[-1].ok)
