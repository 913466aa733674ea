"""The bot's door: any request to it as it stands, and what was answered."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True)
class Answer:
    """The bot's answer to one request; over a socket, `status` is 200 and `body` the payload as JSON."""

    status: int
    body: str
    took: float

    def json(self) -> Any:
        """Return the body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Door:
    def __init__(self) -> None:
        self.url = ""
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._http:
            await self._http.close()

    @property
    def http(self) -> aiohttp.ClientSession:
        if not self._http:
            # A connection that was kept could lead to a bot that has been killed since.
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self._http

    async def post(self, body: str | bytes, headers: Mapping[str, str]) -> Answer:
        """Send any request to the bot as it stands; nothing about the answer is judged."""
        started = time.monotonic()
        async with self.http.post(self.url, data=body, headers=headers, allow_redirects=False) as response:
            text = await response.text(errors="replace")
            return Answer(response.status, text, time.monotonic() - started)
