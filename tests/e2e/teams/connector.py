"""The Bot Connector: chats, messages and members, with everything that Teams refuses of a bot.

Source: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.e2e.teams.cards import ADAPTIVE, MOST_BYTES, faults_of
from tests.e2e.teams.identity import Identity
from tests.e2e.teams.tenant import Chat, Json, Message, Tenant
from tests.e2e.teams.trouble import Trouble, Troubles, error

ACTIVITY = {"type", "id", "text", "textFormat", "summary", "attachments", "channelData"}  # what this bot may send
FORMATS = ("plain", "markdown", "xml")
CONVERSATION = {"bot", "isGroup", "members", "tenantId", "channelData"}


class Refused(Exception):
    """The service says no. Where the bot could have known, it is a fault of the bot's."""

    def __init__(self, status: int, code: str, why: str = "") -> None:
        super().__init__(why or code)
        self.status, self.code, self.why = status, code, why


@dataclass(frozen=True)
class Call:
    """One request of the bot's, and what was answered."""

    kind: str
    path: str
    body: Any
    status: int | None  # None where the connection broke
    at: float  # of the tenant's clock
    trouble: Trouble | None = None


class Connector:
    def __init__(self, tenant: Tenant, troubles: Troubles, identity: Identity) -> None:
        self.tenant, self.troubles, self.identity = tenant, troubles, identity
        self.calls: list[Call] = []
        self.astray: dict[str, tuple[int, str]] = {}  # what a region answers that doesn't lead to this tenant's chats

    def routes(self) -> list[web.RouteDef]:
        chats = "/{region:(?:[a-z]+/)?}v3/conversations"
        return [
            web.post(chats, self._taking("create", self._create)),
            web.post(chats + "/{chat}/activities", self._taking("post", self._post)),
            web.put(chats + "/{chat}/activities/{message}", self._taking("update", self._update)),
            web.delete(chats + "/{chat}/activities/{message}", self._taking("delete", self._delete)),
            web.get(chats + "/{chat}/members/{user}", self._taking("member", self._member)),
        ]

    def _taking(self, kind: str, do: Callable[[Json, Any], Json]) -> Callable[[web.Request], Any]:
        async def take(request: web.Request) -> web.StreamResponse:
            raw, at = await request.read(), self.tenant.clock.now()
            body, status, trouble = json.loads(raw) if raw else None, None, None
            try:
                self._check_token(request)
                where = dict(request.match_info)
                self._check_region(where["region"])
                trouble = self.troubles.next(kind)
                answer = await self.troubles.happen(trouble, request, lambda: do(where, body))
                status = answer.status if request.transport and not request.transport.is_closing() else None
            except Refused as refused:
                status = refused.status
                if refused.why:
                    self.tenant.fault(f"{kind}: {status} {refused.code}: {refused.why}")
                answer = web.json_response(error(refused.code), status=status)
            finally:
                self.calls.append(Call(kind, request.path, body, status, at, trouble))
            return answer

        return take

    def _check_token(self, request: web.Request) -> None:
        if not self.identity.knows(request.headers.get("Authorization", "")):
            raise Refused(401, "Unauthorized", "a token that nobody has handed out")

    def _check_region(self, region: str) -> None:
        if region in self.astray:
            raise Refused(*self.astray[region])

    # What the bot may do

    def _create(self, _: Json, body: Any) -> Json:
        """Open somebody's own chat with the bot, by the id that Entra has for him or his own here."""
        if not isinstance(body, dict) or set(body) - CONVERSATION or body.get("isGroup") is not False:
            raise Refused(400, "BadSyntax", "no conversation of two")
        tenants = {body.get("tenantId"), body.get("channelData", {}).get("tenant", {}).get("id")}
        if tenants != {self.tenant.id} or body.get("bot") != {"id": self.tenant.bot}:
            raise Refused(400, "BadSyntax", "another tenant, or another bot")
        members = body.get("members")
        if not isinstance(members, list) or len(members) != 1:
            raise Refused(400, "BadSyntax", "not one member")
        user = self.tenant.user(str(members[0].get("id")))
        if user is None or not user.has_app:
            raise Refused(403, "BotNotInConversationRoster")
        return {"id": self.tenant.personal(user).id}

    def _post(self, where: Json, body: Any) -> Json:
        chat = self._chat(where)
        message = Message(self.tenant.new_id(), chat.id, self.tenant.bot)
        self._fill(chat, message, body, "posted")
        message.delivery = str(body.get("channelData", {}).get("delivery", ""))
        chat.messages.append(message)
        return {"id": message.id}

    def _update(self, where: Json, body: Any) -> Json:
        chat = self._chat(where)
        message = self._message(chat, where)
        if isinstance(body, dict) and body.get("id") != message.id:
            raise Refused(400, "BadSyntax", "the id of another message")
        self._fill(chat, message, body, "updated")
        return {"id": message.id}

    def _delete(self, where: Json, _: Any) -> Json:
        self._message(self._chat(where), where).is_deleted = True
        return {}

    def _member(self, where: Json, _: Any) -> Json:
        chat, user = self._chat(where), self.tenant.user(where["user"])
        if user is None or user.id not in chat.members:
            raise Refused(404, "MemberNotFoundInConversation")
        named = {"id": user.id, "name": user.real_name, "objectId": user.aad, "email": user.email}
        return {**named, "userPrincipalName": user.email, "tenantId": self.tenant.id, "userRole": user.role}

    # What is checked

    def _chat(self, where: Json) -> Chat:
        chat = self.tenant.chats.get(where["chat"])
        if chat is None:
            raise Refused(404, "ConversationNotFound")
        for user in map(self.tenant.user, chat.members):
            if chat.kind == "personal" and user and user.has_blocked:
                raise Refused(403, "ConversationBlockedByUser")
            if chat.kind == "personal" and user and not user.has_app:
                raise Refused(403, "BotNotInConversationRoster")
        if not chat.has_bot:
            raise Refused(403, "BotNotInConversationRoster")
        return chat

    def _message(self, chat: Chat, where: Json) -> Message:
        message = self.tenant.message(chat, where["message"])
        if message is None:
            raise Refused(404, "ActivityNotFoundInConversation")
        return message

    def _fill(self, chat: Chat, message: Message, body: Any, how: str) -> None:
        """Put what an activity says into a message, if Teams would."""
        if not isinstance(body, dict) or body.get("type") != "message":
            raise Refused(400, "BadSyntax", "no message")
        if unknown := sorted(set(body) - ACTIVITY):
            raise Refused(400, "BadSyntax", f"unknown: {unknown}")
        if len(json.dumps(body, ensure_ascii=False).encode()) > MOST_BYTES:
            raise Refused(413, "MessageSizeTooBig", "more than a message holds")
        text, attachments = body.get("text", ""), body.get("attachments", [])
        if bool(text) == bool(attachments) or (text and body.get("textFormat") not in FORMATS):
            raise Refused(400, "BadSyntax", "neither words nor a card, or both")
        if attachments:
            self._check_card(attachments, body)
            message.becomes(attachments[0]["content"])
            message.stored = message.card
        message.text, message.summary = text, body.get("summary", "")
        self.tenant.keep(chat, how, body)

    def _check_card(self, attachments: Any, body: Json) -> None:
        if (
            not isinstance(attachments, list)
            or len(attachments) != 1
            or set(attachments[0]) != {"contentType", "content"}
        ):
            raise Refused(400, "BadSyntax", "not one attachment")
        if attachments[0]["contentType"] != ADAPTIVE:
            raise Refused(400, "BadSyntax", "no Adaptive Card")
        if faults := faults_of(attachments[0]["content"]):
            raise Refused(400, "BadSyntax", "; ".join(faults))
        if not body.get("summary"):
            raise Refused(400, "BadSyntax", "a lock screen would have nothing to say")
