"""How Slack reaches the bot: signed requests, or envelopes where Socket Mode is on; and what came back in time."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from tests.e2e.door import Answer, Door
from tests.e2e.slack.socket_mode import Sockets
from tests.e2e.slack.workspace import Json, Workspace

Kind = Literal["events_api", "interactive", "slash_commands"]
ACK_WITHIN = 3.0  # seconds; docs.slack.dev/interactivity/handling-user-interaction
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Sent:
    """What was sent last, to be sent again."""

    kind: Kind
    payload: Json
    who: str


class Delivery(Door):
    def __init__(self, workspace: Workspace, signing_secret: str, sockets: Sockets) -> None:
        super().__init__()
        self.workspace = workspace
        self.signing_secret = signing_secret
        self.sockets = sockets
        self.ack_within = ACK_WITHIN
        self.verification_token = "outdated"
        self.sent: list[Sent] = []

    def signed(
        self, body: str | bytes, *, secret: str | None = None, timestamp: float | None = None, kind: str = FORM
    ) -> dict[str, str]:
        """Give the headers with which Slack would send this body: forged, expired and edited ones start here."""
        at = str(int(timestamp if timestamp is not None else self.workspace.clock.now()))
        signature = SignatureVerifier(secret or self.signing_secret).generate_signature(timestamp=at, body=body)
        agent = "Slackbot 1.0 (+https://api.slack.com/robots)"
        headers = {"Content-Type": kind, "User-Agent": agent, "X-Slack-Request-Timestamp": at}
        return headers | {"X-Slack-Signature": str(signature)}

    async def send(self, kind: Kind, payload: Json, who: str, *, retry: tuple[int, str] | None = None) -> Answer | None:
        """Send as Slack does. None, and a fault, when the person would see an error or Slack would try again."""
        self.sent.append(Sent(kind, payload, who))
        try:
            ack = await asyncio.wait_for(self._sent(kind, payload, retry), self.ack_within)
        except TimeoutError:
            self.workspace.fault(f"{who}: operation_timeout, no answer within {self.ack_within:g} s")
            return None
        except (aiohttp.ClientError, ConnectionError) as error:
            self.workspace.fault(f"{who}: dispatch_failed, the bot is out of reach ({type(error).__name__})")
            return None
        good = range(200, 300) if kind == "events_api" else (200,)
        if ack.status not in good:
            self.workspace.fault(f"{who}: dispatch_failed, the bot answered {ack.status}")
            return None
        return ack

    async def _sent(self, kind: Kind, payload: Json, retry: tuple[int, str] | None) -> Answer:
        if self.sockets.connected:
            started = time.monotonic()
            body = await self.sockets.send(kind, payload, retry)
            return Answer(200, "" if body is None else json.dumps(body), time.monotonic() - started)
        body_text, content_type = encoded(kind, payload)
        headers = self.signed(body_text, kind=content_type)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        return await self.post(body_text, headers)

    async def send_quietly(self, payload: Json, who: str) -> None:
        """Send an event that nobody waits for; that the bot is away is no fault, what it answers may be one."""
        try:
            ack = await asyncio.wait_for(self._sent("events_api", payload, None), self.ack_within)
        except (TimeoutError, aiohttp.ClientError, ConnectionError):
            return
        if ack.status not in (*range(200, 300), 503):
            self.workspace.fault(f"{who}: the bot answered {ack.status}")

    async def again(self, sent: Sent | None = None) -> Answer | None:
        """Send the same payload once more, byte for byte: a replay."""
        which = sent or self.sent[-1]
        return await self.send(which.kind, which.payload, which.who)

    async def redeliver(self, num: int = 1, reason: str = "http_timeout") -> Answer | None:
        """Send the last event once more as Slack does when it got no good answer."""
        which = next(sent for sent in reversed(self.sent) if sent.kind == "events_api")
        return await self.send(which.kind, which.payload, which.who, retry=(num, reason))


def encoded(kind: Kind, payload: Json) -> tuple[str, str]:
    """Write a payload as it goes over the wire: JSON with everything beyond ASCII escaped, as Slack does."""
    match kind:
        case "events_api":
            return json.dumps(payload), JSON
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}), FORM
        case "slash_commands":
            return urlencode(payload), FORM
