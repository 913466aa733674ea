"""A server that lets in what the gate lets in, and what it takes to knock: signatures as Slack makes them."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request, Response

from adapters.payload import MAX_BODY
from adapters.slack.gate import Gate

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
OLD_SECRET = "e4ac8f7de0ccfe1d4d7ea0ab5d9d0d55"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
CANARY = "Per Hansen 01020312345"  # stands in bodies, and nowhere else
ITS_PARTS = ("Hansen", "01020312345")

Headers = list[tuple[str, str]]


def signature(raw: bytes, timestamp: str, secret: str = SECRET) -> str:
    """Sign as docs.slack.dev/authentication/verifying-requests-from-slack says."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256).hexdigest()


def signed(raw: bytes, *, seconds: float = 0, secret: str = SECRET) -> Headers:
    """Return the two headers of a request that Slack sent so many seconds from now."""
    timestamp = str(int(NOW.timestamp() + seconds))
    return [("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", signature(raw, timestamp, secret))]


def nothing_is_logged_of(words: tuple[str, ...], caplog: pytest.LogCaptureFixture) -> None:
    """Find no such word in anything that was logged so far, and no error."""
    phases = caplog.get_records("setup"), caplog.get_records("call"), caplog.get_records("teardown")
    records = [record for phase in phases for record in phase]
    lines = [logging.Formatter().format(record) + str(vars(record)) for record in records]
    assert not [line for line in lines if any(word in line for word in words)]
    assert not [record.getMessage() for record in records if record.levelno >= logging.ERROR]


@dataclass
class Door:
    """The server, and what it has let in."""

    client: TestClient[Request, Application]
    let_in: list[dict[str, Any]] = field(default_factory=list)

    async def knock(
        self, raw: Any, headers: Headers | None = None, content_type: str = JSON, **more: str
    ) -> tuple[int, str]:
        """Post a body, signed where nothing else is said; return the answer's status and words."""
        sent = [*(signed(raw) if headers is None else headers), ("Content-Type", content_type), *more.items()]
        data = BytesIO(raw) if isinstance(raw, bytes) else raw
        async with self.client.post("/", data=data, headers=sent) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def door(*secrets: str) -> AsyncIterator[Door]:
    """Open a server whose gate knows these secrets."""
    gate, let_in = Gate(secrets, lambda: NOW), list[dict[str, Any]]()

    async def take(request: Request) -> Response:
        let_in.append(await gate.body(request))
        return Response(text="in")

    app = Application(client_max_size=MAX_BODY)
    app.router.add_post("/", take)
    async with TestClient(TestServer(app)) as client:
        yield Door(client, let_in)
