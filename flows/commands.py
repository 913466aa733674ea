"""What somebody may want of a case; whether it happens is for `decide.py` to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.effects import Timer
from flows.events import Answers

BOT = "bot"  # who acts when the clock or a platform does: no person


@dataclass(frozen=True, slots=True)
class Report:
    """Report an incident. `number` is what people say over the phone, six random characters."""

    by: str
    case_id: str
    number: str
    place: str
    school_class: str
    facts: Answers


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer or change facts, and correct the place or the class where they are given."""

    by: str
    facts: Answers = field(default_factory=dict)
    place: str | None = None
    school_class: str | None = None
    colleague: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmPresence:
    """The second adult says: I am there."""

    by: str


@dataclass(frozen=True, slots=True)
class DeclinePresence:
    by: str


@dataclass(frozen=True, slots=True)
class TickDuty:
    by: str
    duty: str


@dataclass(frozen=True, slots=True)
class UntickDuty:
    by: str
    duty: str


@dataclass(frozen=True, slots=True)
class DoDuty:
    """Do a duty, with what the plan asks to be noted: values as the form gives them."""

    by: str
    duty: str
    record: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndDuty:
    """Say that a duty that lasts is over."""

    by: str
    duty: str
    record: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClarifyDuty:
    """Answer an *avklar*: with facts that settle it, or with a yes or no of one's own."""

    by: str
    duty: str
    facts: Answers = field(default_factory=dict)
    applies: bool | None = None


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """Answer anew what the plan asks one role, whatever has come of it so far: somebody may change their mind."""

    by: str
    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssessDuty:
    """Do one's own part of what each must do alone."""

    by: str
    duty: str
    record: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DelegateDuty:
    by: str
    duty: str
    person: str


@dataclass(frozen=True, slots=True)
class DeviateFromDuty:
    by: str
    duty: str
    reason: str


@dataclass(frozen=True, slots=True)
class Take:
    """«Jeg tar saken»."""

    by: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give the case to another department."""

    by: str
    department: str


@dataclass(frozen=True, slots=True)
class NamePupil:
    by: str
    reference: str


@dataclass(frozen=True, slots=True)
class Refute:
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class RevokeRefutation:
    by: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Close:
    """Close the case; `records` are what is noted of the duties that closing does."""

    by: str
    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reopen:
    by: str


@dataclass(frozen=True, slots=True)
class StartDrill:
    """Practise on one of the plan's made-up cases; `number` as in a report, and to be told from a real one's."""

    by: str
    case_id: str
    number: str
    fictive: str
    participants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndDrill:
    by: str = BOT


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Look at the case: something may be due, or somebody gone."""

    by: str = BOT


@dataclass(frozen=True, slots=True)
class Erase:
    """The time of the working copy is over."""

    by: str = BOT


@dataclass(frozen=True, slots=True)
class Escalate:
    """The time of a level has come."""

    round: int
    level: int
    by: str = BOT


@dataclass(frozen=True, slots=True)
class NoteDelivery:
    """A platform has accepted a person's alert."""

    person: str
    platform: str
    by: str = BOT


@dataclass(frozen=True, slots=True)
class NoteUnreached:
    """No platform takes a person's alert, for good."""

    person: str
    by: str = BOT


def due(timer: Timer, data: Mapping[str, int]) -> Escalate | FollowUp | Erase | EndDrill:
    """Return what the clock wants of a case when a timer has come."""
    match timer:
        case Timer.ESCALATION:
            return Escalate(data["round"], data["level"])
        case Timer.FOLLOW_UP:
            return FollowUp()
        case Timer.ERASURE:
            return Erase()
        case Timer.DRILL:
            return EndDrill()


Command = (
    Report
    | Answer
    | ConfirmPresence
    | DeclinePresence
    | TickDuty
    | UntickDuty
    | DoDuty
    | EndDuty
    | ClarifyDuty
    | AnswerFact
    | AssessDuty
    | DelegateDuty
    | DeviateFromDuty
    | Take
    | HandOver
    | NamePupil
    | Refute
    | RevokeRefutation
    | Withdraw
    | Close
    | Reopen
    | StartDrill
    | EndDrill
    | FollowUp
    | Erase
    | Escalate
    | NoteDelivery
    | NoteUnreached
)
