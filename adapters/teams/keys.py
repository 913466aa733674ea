"""The keys that the channel signs with, fetched in the background and kept: nobody's request waits for Microsoft.

Source: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import aiohttp
from jwt import PyJWK
from jwt.exceptions import PyJWTError

CHANNEL = "msteams"
FETCH_WITHIN = aiohttp.ClientTimeout(total=5)  # seconds
RENEW_EVERY = 6 * 3600.0  # seconds
RETRY_EVERY = 60.0  # seconds: also the most often that a key nobody knows lets them be fetched
RETRY_SOON = 5.0  # seconds, as long as there are none at all: until then nobody is believed
KEPT_FOR = 24 * 3600.0  # seconds after the last good answer; old keys are worth nothing then
MOST_KEYS = 100
NOT_FETCHED = (aiohttp.ClientError, OSError, ValueError, RecursionError, KeyError, TypeError)

log = logging.getLogger("rusplan.teams")


class Keys:
    """Keys by id; made within a running loop."""

    def __init__(self, openid_url: str, session: aiohttp.ClientSession) -> None:
        self._url, self._session = openid_url, session
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at = self._asked_at = float("-inf")
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep(), name="teams keys")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def are_missing(self) -> bool:
        """Whether no key is known at all: none has been fetched yet, or not for too long."""
        return not self._keys

    def find(self, key_id: str) -> PyJWK | None:
        """Return a key of the channel; where it isn't known, have all fetched anew soon: it may be a new one."""
        if time.monotonic() - self._fetched_at > KEPT_FOR:
            self._keys.clear()
        if key_id not in self._keys:
            self._wanted.set()
        return self._keys.get(key_id)

    async def fetch(self) -> None:
        """Fetch the keys; raise one of `NOT_FETCHED` where that can't be done, and keep the old ones."""
        self._asked_at = time.monotonic()
        address = (await self._json(self._url))["jwks_uri"]
        found = (await self._json(str(address)))["keys"]
        keys = dict(filter(None, map(_key, found[:MOST_KEYS])))
        if not keys:
            raise ValueError("none for this channel")
        self._keys = keys
        self._fetched_at = time.monotonic()

    async def _keep(self) -> None:
        while True:
            self._wanted.clear()
            pause = RENEW_EVERY
            try:
                await self.fetch()
            except NOT_FETCHED as error:
                log.warning("teams_keys_not_fetched", extra={"error": type(error).__name__})
                pause = self._least_pause()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wanted.wait()
            await asyncio.sleep(max(0.0, self._asked_at + self._least_pause() - time.monotonic()))

    def _least_pause(self) -> float:
        return RETRY_EVERY if self._keys else RETRY_SOON

    async def _json(self, url: str) -> Mapping[str, Any]:
        async with self._session.get(url, timeout=FETCH_WITHIN, allow_redirects=False) as answer:
            answer.raise_for_status()
            found = await answer.json(content_type=None)
        if not isinstance(found, Mapping):
            raise TypeError("no object")
        return found


def _key(written: Any) -> tuple[str, PyJWK] | None:
    """Return a key that is for signing, and for this channel; None for any other."""
    if not isinstance(written, Mapping) or CHANNEL not in (written.get("endorsements") or ()):
        return None
    try:
        return str(written["kid"]), PyJWK(dict(written), algorithm="RS256")
    except (PyJWTError, KeyError, ValueError, TypeError):
        return None
