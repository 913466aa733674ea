"""How Teams reaches the bot: signed activities, delivered again where no good answer comes, and what was answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.e2e.teams.identity import Identity
from tests.e2e.teams.tenant import Json, Tenant

PATH = "/api/messages"
ANSWER_WITHIN = 15.0  # seconds. Source: learn.microsoft.com/microsoftteams/platform/bots/bot-basics
TRIES = 3  # of what nobody waits for; how often Teams tries is nowhere said
AGAIN_AFTER = 0.3  # seconds; Teams takes longer


@dataclass(frozen=True)
class Answer:
    """The bot's answer to one activity."""

    status: int
    body: str
    took: float

    def json(self) -> Any:
        """Return the body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Delivery:
    def __init__(self, tenant: Tenant, identity: Identity) -> None:
        self.tenant, self.identity = tenant, identity
        self.url = ""
        self.answer_within, self.tries, self.again_after = ANSWER_WITHIN, TRIES, AGAIN_AFTER
        self.sent: list[Json] = []
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
        headers = {"Content-Type": "application/json; charset=utf-8", **headers}
        async with self.http.post(self.url, data=body, headers=headers, allow_redirects=False) as response:
            text = await response.text(errors="replace")
            return Answer(response.status, text, time.monotonic() - started)

    async def send(self, activity: Json, who: str) -> Answer | None:
        """Send as Teams does, again where it failed; None, and a fault, when the bot has not taken it.

        An invoke is sent once: somebody waits for its answer, and sees an error.
        """
        self.sent.append(activity)
        is_invoke = activity["type"] == "invoke"
        for attempt in range(1, 2 if is_invoke else self.tries + 1):
            answer, why = await self._tried(activity)
            if answer and answer.status == 200 if is_invoke else answer and 200 <= answer.status < 300:
                return answer
            if answer and answer.status < 500:
                break
            if not is_invoke and attempt < self.tries:
                await asyncio.sleep(self.again_after)
        self.tenant.fault(f"{who}: {why}")
        return None

    async def _tried(self, activity: Json) -> tuple[Answer | None, str]:
        try:
            headers = self.identity.signed(serviceurl=activity["serviceUrl"])
            answer = await asyncio.wait_for(self.post(json.dumps(activity), headers), self.answer_within)
        except TimeoutError:
            return None, f"no answer within {self.answer_within:g} s"
        except (aiohttp.ClientError, ConnectionError) as error:
            return None, f"the bot is out of reach ({type(error).__name__})"
        return answer, f"the bot answered {answer.status}"

    async def again(self, activity: Json | None = None) -> Answer | None:
        """Deliver the same activity once more, as Teams does when it got no good answer."""
        return await self.send(activity or self.sent[-1], "once more")
