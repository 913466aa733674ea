"""The short-lived addresses that come with commands and clicks: five uses within half an hour."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.e2e.slack import block_kit
from tests.e2e.slack.completion import complete
from tests.e2e.slack.workspace import Json, Message, Workspace

USES, LIVES = 5, 1800.0  # docs.slack.dev/interactivity/handling-user-interaction#message_responses
FIELDS = {"text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts", "metadata"}
FIELDS |= {"mrkdwn", "unfurl_links", "unfurl_media", "attachments"}


@dataclass
class Address:
    user: str
    channel: str
    source: Message | None  # the message whose button was pressed
    issued_at: float
    used: int = 0


class ResponseUrls:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.base_url = ""
        self.addresses: dict[str, Address] = {}

    def new(self, user_id: str, channel_id: str, source: Message | None = None) -> str:
        key = secrets.token_hex(12)
        self.addresses[key] = Address(user_id, channel_id, source, self.workspace.clock.now())
        return f"{self.base_url}/response/{key}"

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/response/{key}", self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        try:
            given = await request.json()
        except ValueError:
            given = None
        error, status = self.use(request.match_info["key"], given)
        if error:
            self.workspace.fault(f"response_url: {error}")
            return web.json_response({"ok": False, "error": error.split(":")[0]}, status=status)
        return web.Response(text="ok")

    def use(self, key: str, given: Any) -> tuple[str, int]:
        """Do what was asked; give the error and its HTTP status when Slack refuses."""
        address = self.addresses.get(key)
        if not address or self.workspace.clock.now() - address.issued_at > LIVES:
            return "expired_url", 404
        if address.used >= USES:
            return "used_url", 404
        if not isinstance(given, dict):
            return "invalid_payload", 400
        error = faults_of_response(given)
        if error:
            return error, 400
        address.used += 1
        self._respond(address, given)
        return "", 200

    def _respond(self, address: Address, given: Json) -> None:
        if given.get("delete_original"):
            if address.source:
                address.source.deleted = True
            return
        if given.get("replace_original") and address.source:
            source = address.source
            source.text, source.edited_ts = given.get("text", ""), self.workspace.ts()
            source.blocks = complete(given.get("blocks") or [], self.workspace)
            self.workspace.keep(source, "updated")
            return
        self.respond(address.user, address.channel, given)

    def respond(self, user_id: str, channel_id: str, given: Json) -> Message:
        """Store what a command or a click was answered with: for this user alone, unless it says `in_channel`."""
        ws = self.workspace
        blocks = complete(given.get("blocks") or [], ws)
        message = Message(channel_id, ws.ts(), given.get("text", ""), blocks, ws.bot.id, ws.bot_id)
        message.posted_at = ws.clock.now()
        if given.get("response_type") == "in_channel":
            ws.channels[channel_id].messages.append(message)
            ws.keep(message, "response in channel")
        else:
            message.only_for = user_id
            ws.ephemerals.append(message)
            ws.keep(message, "ephemeral response")
        return message


def faults_of_response(given: Json) -> str:
    """Say what is wrong with the answer to a command, or with what is sent to a response_url."""
    if unknown := sorted(set(given) - FIELDS):
        return f"invalid_payload: unknown fields {', '.join(unknown)}"
    if given.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        return "invalid_payload: response_type"
    if given.get("delete_original"):
        return ""
    blocks = given.get("blocks") or []
    if blocks and (faults := block_kit.validate(blocks, "message")):
        return f"invalid_blocks: {'; '.join(faults)}"
    if not blocks and not given.get("text"):
        return "no_text"
    return ""
