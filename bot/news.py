"""Messages about no case: what nobody has to wait for, promised once under its key."""

from __future__ import annotations

from datetime import datetime

from bot.cases import QUIET
from storage.deliveries import Promise


def news(
    token: str, school_id: str, person: str, kind: str, key: str, now: datetime, due_at: datetime | None = None
) -> Promise:
    """Return the promise of such a message, at once or later; `token` is its id, the same `key` the same message."""
    return Promise(
        id=token,
        dedupe_key=key,
        school_id=school_id,
        person_id=person,
        kind=kind,
        priority=QUIET,
        created_at=now,
        due_at=due_at or now,
    )
