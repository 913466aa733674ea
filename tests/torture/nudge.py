"""Somebody's small act, after which the program looks whether anything is due: nobody moves the clock it sleeps by."""

from __future__ import annotations

import asyncio
from itertools import count

import aiohttp

from flows.wishes import Wish
from tests.e2e.slack.delivery import encoded
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.workspace import Json

SOMEBODY = "siri"  # she has no part in what is told
WITHIN = 3.0  # seconds

_numbers = count(1)


async def nudge(slack: Slack) -> bool:
    """Let somebody choose the language that she has; say whether it was taken. That nobody answers is no fault."""
    body, kind = encoded("interactive", _chosen(slack))
    delivery = slack.delivery
    try:
        async with asyncio.timeout(WITHIN):
            return (await delivery.post(body, delivery.signed(body, kind=kind))).status == 200
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
