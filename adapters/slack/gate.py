"""What may come in: a request that Slack has signed just now. Nothing of a body is parsed before that is proven."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_sdk.signature import Clock, SignatureVerifier

from adapters.slack.acts import Malformed, clean

MAX_BODY = 256 * 1024  # bytes; also what the site takes at most
READ_WITHIN = 3.0  # seconds: what is slower, Slack has given up
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
        raw = await _read(request)
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
        found = _json(form["payload"]) if "payload" in form else form
    else:
        found = _json(text)
    if not isinstance(found, dict):
        raise Malformed("object")
    cleaned: dict[str, Any] = clean(found)
    return cleaned


def _json(text: str) -> Any:
    """Read JSON as it is defined; Python also takes what is no number."""
    return json.loads(text, parse_constant=_no_number)


def _no_number(_: str) -> Any:
    raise Malformed("number")


async def _read(request: web.Request) -> bytes:
    if "Content-Encoding" in request.headers:  # Slack packs nothing, and unpacking comes before any proof
        raise web.HTTPUnsupportedMediaType(text="malformed")
    if request.content_length is not None and request.content_length > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, text="too large")
    try:
        async with asyncio.timeout(READ_WITHIN):
            return await request.read()  # the application cuts off what grows beyond the limit
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="too slow") from None


class _Clock(Clock):
    """The bot's own time for Slack's verifier, which counts in seconds since 1970."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()
