"""Messages about no case: what nobody has to wait for, promised once under its key."""

from __future__ import annotations

from datetime import datetime

from bot.cases import QUIET
from storage.outbox import Promise


def news(token: str, school_id: str, person: str, kind: str, key: str, now: datetime) -> Promise:
    """Return the promise of such a message; `token` is its id, and the same `key` is the same message."""
    return Promise(
        id=token,
        dedupe_key=key,
        school_id=school_id,
        person_id=person,
        kind=kind,
        priority=QUIET,
        created_at=now,
        due_at=now,
    )
