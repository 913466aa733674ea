"""What a decision asks the shell to do; the shell promises it in the same transaction and keeps it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Which card of a case a message shows; it's composed from the present state whenever it is sent or edited."""

    STATUS = "status"  # the reporter's
    ALERT = "alert"  # for those who may take the case
    COLLEAGUE = "colleague"  # for the second adult


@dataclass(frozen=True, slots=True)
class Notify:
    """Send a person a new message; with the same `key` it is the same promise. `acute` goes before all else."""

    person: str
    kind: Kind
    key: str
    acute: bool = False


@dataclass(frozen=True, slots=True)
class Arm:
    """Wake up for a level of the escalation; there is one such timer a case, and this replaces it."""

    due_at: datetime
    round: int
    level: int


@dataclass(frozen=True, slots=True)
class Disarm:
    """Nothing waits any more."""


Effect = Notify | Arm | Disarm
