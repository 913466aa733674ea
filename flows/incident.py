"""A case as it stands: what is known, who has which duty, who has been alerted; how it came about is `fold.py`'s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flows.drill import Drill
from flows.duty import Outcome
from flows.protocol import Facts


class Progress(StrEnum):
    """How far a duty has come."""

    OPEN = "open"
    UNDER_WAY = "under_way"  # it has begun, and lasts
    DONE = "done"
    ENDED = "ended"  # it no longer applies
    DEVIATED = "deviated"  # something else is done, for a reason

    @property
    def is_settled(self) -> bool:
        return self not in (Progress.OPEN, Progress.UNDER_WAY)


@dataclass(frozen=True, slots=True)
class DutyState:
    """A duty in this case. `at` and `by` are of its last change.

    `raised_at`: since when it applies, `opened_at`: since when it is to be done, again where it had been undone;
    `reminded`: how many stages of reminding are behind it, the last at `reminded_at`.
    """

    outcome: Outcome
    progress: Progress
    at: datetime
    by: str
    raised_at: datetime
    opened_at: datetime
    reminded: int = 0
    reminded_at: datetime | None = None
    because: tuple[str, ...] = ()  # the facts whose change ended it
    clarified: bool | None = None  # the answer to an avklar; none yet
    delegate: str = ""  # who it has been given to
    record: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""  # why something else is done
    assessed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by each for himself, where each must


@dataclass(frozen=True, slots=True)
class Colleague:
    """The second adult: named by the reporter, and there only when confirmed."""

    person: str
    confirmed_at: datetime | None = None
    declined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One person alerted at one level; `delivered_at` when a platform had accepted it, `unreached`: none will."""

    person: str
    round: int
    level: int
    sent_at: datetime
    delivered_at: datetime | None = None
    unreached: bool = False


@dataclass(frozen=True, slots=True)
class Escalation:
    """Where the alert stands: the last level that was reached, and since when it climbs."""

    chain: str
    started_at: datetime
    round: int = 0
    level: int = -1
    skipped: tuple[tuple[str, bool], ...] = ()  # role, to its deputy: levels of this round that nobody held


@dataclass(frozen=True, slots=True)
class Case:
    """One incident with one pupil, who is nowhere named."""

    id: str
    number: str
    plan: str
    edition: str
    reported_at: datetime
    reporter: str
    place: str
    grounds: bool | None
    school_class: str
    departments: tuple[str, ...]
    facts: Facts
    answered: frozenset[str]
    duties: Mapping[str, DutyState] = field(default_factory=dict)
    colleague: Colleague | None = None
    earlier_colleagues: frozenset[str] = frozenset()
    alerts: tuple[Alert, ...] = ()
    escalation: Escalation | None = None
    taken_by: str = ""
    taken_at: datetime | None = None
    handed_over: bool = False  # to a department where nobody has taken it yet: its owner has it until then
    participants: frozenset[str] = frozenset()
    pupil: str = ""  # a short reference, where the plan allows one
    refuted: bool = False
    withdrawn: bool = False
    reason: str = ""  # why it is refuted or withdrawn
    closed_at: datetime | None = None
    closed_by: str = ""
    finished: tuple[str, ...] = ()  # duties that closing itself did
    last_at: datetime | None = None  # of the last event
    version: int = 0
    answers: int = 0  # how often what is known has been answered or corrected: an older form is stale
    drill: Drill | None = None  # nothing has happened: a few people practise

    @property
    def elsewhere(self) -> bool:
        """Whether the place must be treated as outside the school's grounds: also where the school hasn't said. T44."""
        return self.grounds is not True

    @property
    def is_closed(self) -> bool:
        """Whether it is closed or withdrawn."""
        return self.closed_at is not None

    @property
    def is_waiting(self) -> bool:
        """Whether it is alerted and nobody has taken it yet."""
        return not self.is_closed and (not self.taken_by or self.handed_over)

    def waits_for_answer_of(self, person: str) -> bool:
        """Whether somebody is asked to be the second adult, and hasn't said whether he can."""
        asked = None if self.is_closed else self.colleague
        return asked is not None and asked.person == person and not (asked.confirmed_at or asked.declined_at)

    @property
    def people(self) -> frozenset[str]:
        """Everybody who has a part in the case."""
        there = {self.colleague.person} if self.colleague and not self.colleague.declined_at else set()
        alerted = {alert.person for alert in self.alerts} if self.is_waiting else set()
        return frozenset({self.reporter, *there, *alerted, *self.participants, *filter(None, (self.taken_by,))})
