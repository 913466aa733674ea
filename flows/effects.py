"""What a decision asks the shell to do; the shell promises it in the same transaction and keeps it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Which card of a case a message shows; it's composed from the present state whenever it is sent or edited."""

    STATUS = "status"  # the reporter's
    ALERT = "alert"  # for those who may take the case
    COLLEAGUE = "colleague"  # for the second adult
    DUTIES = "duties"  # for those who have a duty in it and no other part


@dataclass(frozen=True, slots=True)
class Notify:
    """Send a person a new message; with the same `key` it is the same promise. `acute` goes before all else."""

    person: str
    kind: Kind
    key: str
    acute: bool = False


class Timer(StrEnum):
    """What a case may be woken for, one of each a case; the words stand in rows, so they are never changed."""

    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Arm:
    """Wake up for the case, instead of when this timer was set for before; `data` are numbers, nothing personal."""

    timer: Timer
    due_at: datetime
    data: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disarm:
    """Nothing waits for this any more."""

    timer: Timer


Effect = Notify | Arm | Disarm
