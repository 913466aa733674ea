"""What can have happened in a case, as facts that never change; `incident.py` makes a case of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from flows.drill import Drill
from flows.duty import Outcome

Answers = Mapping[str, tuple[str, ...]]  # fact → its values


@dataclass(frozen=True, slots=True)
class Reported:
    """A member of staff has reported an incident. `edition` pins the plan that the case finishes under.

    With a `drill` nothing has happened: somebody has started one, and it says who reports.
    `facts` are all of the plan's; those that nobody has `answered` have the value they start with.
    """

    number: str
    plan: str
    edition: str
    place: str
    grounds: bool | None
    school_class: str  # empty: not known
    departments: tuple[str, ...]  # all of them where the class isn't known
    facts: Answers
    answered: tuple[str, ...]
    drill: Drill | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Facts have been answered or changed; those not named stand as they were."""

    facts: Answers


@dataclass(frozen=True, slots=True)
class PlaceCorrected:
    place: str
    grounds: bool | None


@dataclass(frozen=True, slots=True)
class ClassCorrected:
    """`released` were alerted for a department that the case isn't about: they have no part in it any more.

    `settled` are facts that the class alone decides, or that it makes open again: nobody has answered them.
    """

    school_class: str
    departments: tuple[str, ...]
    released: tuple[str, ...] = ()
    settled: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DutyRaised:
    """The facts make a duty apply: it must be done (ja), or somebody must decide (avklar)."""

    duty: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class DutyRestated:
    """A duty that was raised still applies, with another outcome."""

    duty: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class DutyEnded:
    """A duty no longer applies, because of the facts that changed; it is never just gone."""

    duty: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyDone:
    """`record` holds what the plan asks to be noted, as the form gave it: never who the pupil is."""

    duty: str
    record: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DutyBegun:
    """A duty that lasts has begun, and is done when somebody says that it is over."""

    duty: str
    record: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DutyReopened:
    """It turned out not to be done."""

    duty: str


@dataclass(frozen=True, slots=True)
class DutyClarified:
    """Whoever the plan asks has answered an *avklar*; it stands until the facts say ja or nei themselves."""

    duty: str
    applies: bool


@dataclass(frozen=True, slots=True)
class DutyDelegated:
    duty: str
    person: str


@dataclass(frozen=True, slots=True)
class DutyDeviated:
    """Something else is done than the plan says, and why."""

    duty: str
    reason: str


@dataclass(frozen=True, slots=True)
class DutyAssessed:
    """One person has done what each must do alone; nobody else reads the record. Source: opplæringslova § 24-3."""

    duty: str
    record: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DutyReminded:
    """Those whose a duty is have been reminded; `stage` counts from 0 and climbs to those who lead."""

    duty: str
    stage: int


@dataclass(frozen=True, slots=True)
class CaseReminded:
    """Nothing is left to do in a case that nobody has closed; whoever leads it has been reminded."""


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """Somebody follows the case from now on. Source: B5.2, T40."""

    person: str


@dataclass(frozen=True, slots=True)
class LetGo:
    """Somebody was brought in by mistake, and follows the case no more."""

    person: str


@dataclass(frozen=True, slots=True)
class PupilNamed:
    """A short reference, where the plan pack allows one; empty: none any more."""

    reference: str


@dataclass(frozen=True, slots=True)
class ColleagueAsked:
    """Somebody has been named as the second adult, and is asked to confirm it in person. Source: B1.2."""

    person: str


@dataclass(frozen=True, slots=True)
class ColleagueConfirmed:
    person: str


@dataclass(frozen=True, slots=True)
class ColleagueDeclined:
    person: str


@dataclass(frozen=True, slots=True)
class EscalationStarted:
    """The alert goes out along one of the plan's escalations, from now on."""

    chain: str


@dataclass(frozen=True, slots=True)
class Alerted:
    """A level has been reached. `round` counts from 0: after the last level it begins again."""

    round: int
    level: int
    role: str
    to_deputy: bool
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelSkipped:
    """Nobody who is here holds the role of a level: the next one was tried at once."""

    round: int
    level: int
    role: str
    to_deputy: bool


@dataclass(frozen=True, slots=True)
class Delivered:
    """A platform has accepted a person's alert; whether anybody has read it only `Taken` says."""

    person: str
    platform: str


@dataclass(frozen=True, slots=True)
class Unreached:
    """No platform takes a person's alert, and trying again won't help."""

    person: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody has taken the case: now the avdelingsleder is alerted in the plan's sense. Source: B1.3a, T09."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The case is another department's; whoever has it keeps it until somebody there has taken it.

    `released` were alerted before and have no part in it any more.
    """

    departments: tuple[str, ...]
    released: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnerGone:
    """Whoever had the case has left the school: it is nobody's again."""


@dataclass(frozen=True, slots=True)
class Refuted:
    """A suspicion has turned out to be nothing. Source: B3.2, T45."""

    reason: str


@dataclass(frozen=True, slots=True)
class RefutationRevoked:
    """It may be something after all."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The alert was a mistake: there is no case."""

    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing is open any more; `finished` are the duties that closing itself did."""

    finished: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrillEnded:
    """The drill is over, whatever is open in it."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A case that was closed or withdrawn goes on."""


Event = (
    Reported
    | Answered
    | PlaceCorrected
    | ClassCorrected
    | DutyRaised
    | DutyRestated
    | DutyEnded
    | DutyDone
    | DutyBegun
    | DutyReopened
    | DutyClarified
    | DutyDelegated
    | DutyDeviated
    | DutyAssessed
    | DutyReminded
    | CaseReminded
    | BroughtIn
    | LetGo
    | PupilNamed
    | ColleagueAsked
    | ColleagueConfirmed
    | ColleagueDeclined
    | EscalationStarted
    | Alerted
    | LevelSkipped
    | Delivered
    | Unreached
    | Taken
    | HandedOver
    | OwnerGone
    | Refuted
    | RefutationRevoked
    | Withdrawn
    | Closed
    | DrillEnded
    | Reopened
)

_BY_NAME: dict[str, type[Event]] = {kind.__name__: kind for kind in Event.__args__}


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with who did it and when: an aware instant in UTC."""

    at: datetime
    by: str
    event: Event


def encode(event: Event) -> dict[str, object]:
    """Return an event as what JSON can hold."""
    return {"event": type(event).__name__, **asdict(event)}


def decode(stored: Mapping[str, object]) -> Event:
    """Return the event that was encoded; raise ValueError on anything else."""
    name = str(stored.get("event"))
    if name not in _BY_NAME:
        raise ValueError(f"there is no event {name}")
    return _shape(name).validate_python({key: value for key, value in stored.items() if key != "event"})


# What is stored outlives the code that stored it: pydantic checks each value's type, and reads lists back as tuples.
@cache
def _shape(name: str) -> TypeAdapter[Event]:
    return TypeAdapter(_BY_NAME[name])
