"""Somebody's small act, after which the program looks whether anything is due: nobody moves the clock it sleeps by."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from itertools import count

import aiohttp

from adapters.teams.look import HANDS_IN, REFERENCE, VERB
from flows.wishes import Wish
from tests.e2e.door import Answer
from tests.e2e.slack.delivery import encoded
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.workspace import Json
from tests.e2e.teams.teams import Teams

SOMEBODY = "siri"  # she has no part in what is told
WITHIN = 3.0  # seconds

_numbers = count(1)


async def nudge(slack: Slack) -> bool:
    """Let somebody choose the language that she has; say whether it was taken. That nobody answers is no fault."""
    body, kind = encoded("interactive", _chosen(slack))
    return await _is_taken(slack.delivery.post(body, slack.delivery.signed(body, kind=kind)))


async def nudge_in_teams(teams: Teams) -> bool:
    """Let somebody do the same in Teams, in a dialog: nothing is put into a chat for it."""
    somebody = teams.person(SOMEBODY)
    data = {VERB: Wish.CHOOSE_LANGUAGE, REFERENCE: "", HANDS_IN: True, "language": "nb"}
    activity = teams.activities.task_submitted(somebody.user, teams.tenant.personal(somebody.user), data)
    signed = teams.identity.signed(serviceurl=activity["serviceUrl"])
    return await _is_taken(teams.delivery.post(json.dumps(activity), signed))


async def _is_taken(sent: Awaitable[Answer]) -> bool:
    try:
        async with asyncio.timeout(WITHIN):
            return (await sent).status == 200
    except (aiohttp.ClientError, ConnectionError, TimeoutError):
        return False


def _chosen(slack: Slack) -> Json:
    somebody = slack.person(SOMEBODY)
    payload = somebody.payloads._base("view_submission", somebody.user)
    value = {"type": "static_select", "selected_option": {"value": "nb"}}
    view: Json = {"id": f"VNUDGE{next(_numbers):06d}", "hash": "1.a", "type": "modal"}
    view |= {"callback_id": "rusplan", "blocks": [], "private_metadata": f"{Wish.CHOOSE_LANGUAGE}\n"}
    view |= {"state": {"values": {"language": {"it": value}}}}
    return payload | {"view": view, "trigger_id": "1.1.a", "response_urls": []}
