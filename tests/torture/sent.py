"""What the program has sent to Slack and what became of it: too early, too often, lost or twice."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import select

from bot.cases import EDIT
from storage.outbox import State
from storage.tables import outbox
from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.trouble import RateLimit
from tests.e2e.slack.web_api import Call
from tests.torture.oracle import opened

BY_THE_RELAY = ("chat.postMessage", "chat.update", "conversations.open", "conversations.history", "views.publish")
STORM = 0.95  # seconds of the program's time: whoever asks again sooner than this storms
EARLY = 0.5  # seconds before the time that Slack has named


def delivery_of(given: dict[str, object]) -> str:
    """Return the delivery id that a message carries unseen."""
    metadata = given.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return str(payload.get("delivery_id", "")) if isinstance(payload, dict) else ""


def bad_manners(calls: list[Call], methods: tuple[str, ...] = BY_THE_RELAY) -> Iterator[str]:
    """Yield where the same was asked again too soon after it had failed.

    A chat is opened for whichever message comes first: where several wait for one person, that is no row's repetition.
    """
    rows: defaultdict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in calls:
        if call.method in methods:
            what = delivery_of(call.arguments) or json.dumps(call.arguments, sort_keys=True)
            rows[call.method, what].append(call)
    for (method, _), tries in rows.items():
        for before, after in pairwise(tries):
            pause = after.at - before.at
            if before.trouble is not None and pause < STORM and not _is_asked_again_at_once(before):
                yield f"storm: {method} again after {pause:.2f} s"
            if pause < (wanted := _asked_for(before)) - EARLY:
                yield f"early: {method} after {pause:.1f} s of {wanted:.0f}"


def _is_asked_again_at_once(call: Call) -> bool:
    """Say whether aiohttp itself asks once more: whatever only reads, where a connection broke that it had kept."""
    return call.method == "conversations.history" and call.status is None


def _asked_for(call: Call) -> float:
    """Return how long Slack has asked to be left alone; nothing where it hasn't said so in seconds."""
    said = call.trouble.retry_after if isinstance(call.trouble, RateLimit) else None
    return float(said) if said and said.isdecimal() else 0.0


def twice(work: Workplace) -> int:
    """Return how many messages stand there that another one with the same delivery id does, too."""
    standing: Counter[tuple[str, str]] = Counter()
    for channel in work.slack.workspace.channels.values():
        for message in channel.messages:
            found = delivery_of({"metadata": message.metadata})
            if found and not message.deleted:
                standing[channel.id, found] += 1
    return sum(count - 1 for count in standing.values())


async def promised(work: Workplace, url: str) -> Counter[str]:
    """Return how many messages each person should have by now; to be asked when nothing runs any more."""
    async with opened(work, url) as database, database.snapshot() as tx:
        rows = await tx.outbox._connection.rows(select(outbox.c.person_id, outbox.c.kind, outbox.c.state))
    return Counter(row.person_id for row in rows if row.kind != EDIT and row.state != State.CANCELLED)
