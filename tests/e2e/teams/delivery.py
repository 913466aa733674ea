"""How Teams reaches the bot: signed activities, delivered again where no good answer comes, and what was answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import aiohttp

from tests.e2e.door import Answer, Door
from tests.e2e.teams.identity import Identity
from tests.e2e.teams.tenant import Json, Tenant

PATH = "/api/messages"
ANSWER_WITHIN = 15.0  # seconds. Source: learn.microsoft.com/microsoftteams/platform/bots/bot-basics
TRIES = 3  # of what nobody waits for; how often Teams tries is nowhere said
AGAIN_AFTER = 0.3  # seconds; Teams takes longer


class Delivery(Door):
    def __init__(self, tenant: Tenant, identity: Identity) -> None:
        super().__init__()
        self.tenant, self.identity = tenant, identity
        self.answer_within, self.tries, self.again_after = ANSWER_WITHIN, TRIES, AGAIN_AFTER
        self.sent: list[Json] = []

    async def post(self, body: str | bytes, headers: Mapping[str, str]) -> Answer:
        """Send any request to the bot as it stands; nothing about the answer is judged."""
        return await super().post(body, {"Content-Type": "application/json; charset=utf-8", **headers})

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
