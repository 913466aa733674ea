"""What a decision asks the shell to do; the shell promises it in the same transaction and keeps it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flows.language import Language


class Kind(StrEnum):
    """Which card of a case a message shows; it's composed from the present state whenever it is sent or edited."""

    STATUS = "status"  # the reporter's
    ALERT = "alert"  # for those who may take the case
    COLLEAGUE = "colleague"  # for the second adult
    DUTIES = "duties"  # for those who have got a duty in it, and no other message that says so
    REMINDER = "reminder"  # for those who have left something undone, and those above them
    WITHDRAWN = "withdrawn"  # for everybody who was told of an alert that was a mistake
    BRIEFING = "briefing"  # for everybody in a drill: what is practised, and who is who
    REVIEW = "review"  # for the same, when it is over


@dataclass(frozen=True, slots=True)
class Notify:
    """Send a person a new message; with the same `key` it is the same promise. `acute` goes before all else."""

    person: str
    kind: Kind
    key: str
    acute: bool = False


@dataclass(frozen=True, slots=True)
class TellAll:
    """Send a new message to everybody who has been told of the case, save whoever acts; the same `key`, once each."""

    kind: Kind
    key: str


class Timer(StrEnum):
    """What a case may be woken for, one of each a case; the words stand in rows, so they are never changed."""

    ESCALATION = "escalation"
    FOLLOW_UP = "follow_up"
    ERASURE = "erasure"
    DRILL = "drill"


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


@dataclass(frozen=True, slots=True)
class Erase:
    """Destroy the case's content for good; what is left is that there was a case."""


Effect = Notify | TellAll | Arm | Disarm | Erase


@dataclass(frozen=True, slots=True)
class BeAway:
    """Note that the person who acts is away in the half-open time [from_at, until_at)."""

    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class ComeBack:
    """End one of this person's own absences now."""

    absence: str


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Note which language this person reads."""

    language: Language


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """Note that this person has read the plan as it is now."""


Own = BeAway | ComeBack | ChooseLanguage | ReadPlan  # about the person who acts, whatever the case
