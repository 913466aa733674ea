"""A message that is promised to somebody, and where it stands on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ACUTE = 0  # the priority that goes before everything else


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    CLAIMED = "claimed"  # somebody is sending it; after the lease it is anybody's again
    SENT = "sent"
    CANCELLED = "cancelled"  # moot


@dataclass(frozen=True, slots=True)
class Promise:
    """A message that is to reach a person; a second one with the same `dedupe_key` is the same promise."""

    id: str
    dedupe_key: str
    school_id: str
    person_id: str
    kind: str
    priority: int  # the lower the sooner
    created_at: datetime
    due_at: datetime  # not sent before
    case_id: str | None = None
    message_id: str | None = None  # an edit: which message


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A promise, and what has come of it."""

    id: str
    dedupe_key: str
    school_id: str
    case_id: str | None
    person_id: str
    kind: str
    message_id: str | None
    priority: int
    state: State
    attempts: int
    uncertain: bool  # an earlier attempt may have reached the person
    due_at: datetime  # since when it should be out
    not_before_at: datetime
    lease_until_at: datetime | None
    lease_token: str | None
    created_at: datetime
    finished_at: datetime | None
    last_error: str | None
    mailed_at: datetime | None = None  # since when an e-mail stands in for it
    sweep_at: datetime | None = None  # when to look for a second copy of it
