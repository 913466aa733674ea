"""What may come in: a request that Slack has signed just now. Nothing of a body is parsed before that is proven."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_sdk.signature import Clock, SignatureVerifier

from adapters.payload import Malformed, clean, from_json, read

MAX_PARTS = 100  # of a form
_TIMESTAMP = re.compile(r"[0-9]{1,11}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")

log = logging.getLogger("rusplan.slack")


class Gate:
    """Opens for what is signed with one of the secrets: the new one and the old one while they are changed."""

    def __init__(self, secrets: Iterable[str], now: Callable[[], datetime]) -> None:
        clock = _Clock(now)
        self._verifiers = [SignatureVerifier(secret, clock) for secret in secrets]

    async def body(self, request: web.Request) -> dict[str, Any]:
        """Return what a request says; raise the answer that it gets instead."""
        raw = await read(request)
        if not self._is_signed(request, raw):
            log.warning("slack_signature_refused")
            raise web.HTTPUnauthorized(text="unauthorized")
        try:
            return parsed(raw, request.content_type)
        except (Malformed, ValueError, RecursionError):
            log.warning("slack_body_malformed")
            raise web.HTTPBadRequest(text="malformed") from None

    def _is_signed(self, request: web.Request, raw: bytes) -> bool:
        timestamps = request.headers.getall("X-Slack-Request-Timestamp", [])
        signatures = request.headers.getall("X-Slack-Signature", [])
        if len(timestamps) != 1 or len(signatures) != 1:
            return False
        timestamp, signature = timestamps[0], signatures[0]
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return False
        try:
            return any(verifier.is_valid(raw, timestamp, signature) for verifier in self._verifiers)
        except UnicodeDecodeError:
            return False


def parsed(raw: bytes, content_type: str) -> dict[str, Any]:
    """Return the payload of a signed body: JSON, a form, or a form that holds JSON."""
    text = raw.decode()
    if content_type == "application/x-www-form-urlencoded":
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARTS))
        found = from_json(form["payload"]) if "payload" in form else form
    else:
        found = from_json(text)
    if not isinstance(found, dict):
        raise Malformed("object")
    cleaned: dict[str, Any] = clean(found)
    return cleaned


class _Clock(Clock):
    """The bot's own time for Slack's verifier, which counts in seconds since 1970."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()
