"""What somebody must do in a case: when it applies, whose it is, until when, and what is noted of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from flows.language import Text

REPORTER = "melder"  # whoever reported the incident
EVERYONE = "alle_i_saken"  # everybody who has a part in the case


class Outcome(StrEnum):
    """What the plan says of a duty. The values are the plan pack's own words."""

    YES = "ja"
    NO = "nei"
    CLARIFY = "avklar"

    @property
    def weight(self) -> int:
        """How much it weighs when several kinds are true at once: ja > avklar > nei."""
        return (Outcome.NO, Outcome.CLARIFY, Outcome.YES).index(self)


class Origin(StrEnum):
    """Whose demand a duty is; shown to everybody who sees the duty."""

    PLAN = "plan"
    LAW = "law"
    SAFETY = "safety"
    LOCAL = "local"


class Disclosure(StrEnum):
    """Whom a duty tells something about the pupil."""

    NONE = "none"
    INTERNAL = "internal"
    GUARDIAN = "guardian"
    CHILD_WELFARE = "child_welfare"
    POLICE = "police"
    HEALTH = "health"
    COMPANY = "company"

    @property
    def leaves_the_school(self) -> bool:
        return self not in (Disclosure.NONE, Disclosure.INTERNAL)


NEEDS_AGE = (Disclosure.GUARDIAN, Disclosure.CHILD_WELFARE)  # only for a minor, whatever anybody says


class WhileUnclear(StrEnum):
    """What happens while a duty's outcome is *avklar*."""

    WAIT = "wait"  # nothing is told to anybody before a human has answered
    ACT = "act"  # done as if it were a ja: safety, and alerts


@dataclass(frozen=True, slots=True)
class Row:
    """Facts and the values that match; it matches when every one of them does."""

    wanted: tuple[tuple[str, frozenset[str]], ...]

    def matches(self, facts: Mapping[str, str]) -> bool:
        for name, values in self.wanted:  # noqa: SIM110 - half the time of all(), for every row of every turn
            if facts[name] not in values:
                return False
        return True


@dataclass(frozen=True, slots=True)
class When:
    """Rows and the outcome of each, then `otherwise` for all the rest."""

    rows: tuple[tuple[Outcome, Row], ...]
    otherwise: Outcome | None

    def outcome(self, facts: Mapping[str, str]) -> Outcome:
        """Return the outcome, in a plan that `plan_lint` has found total."""
        for outcome, row in self.rows:
            if row.matches(facts):
                return outcome
        assert self.otherwise, "plan_lint lets no table through that has no value here"  # noqa: S101 - says why to mypy
        return self.otherwise

    def outcomes(self, facts: Mapping[str, str]) -> frozenset[Outcome]:
        """Return all that the rows say; none or two is a fault that `plan_lint` finds."""
        found = frozenset(outcome for outcome, row in self.rows if row.matches(facts))
        return found or (frozenset({self.otherwise}) if self.otherwise else frozenset())


class Until(StrEnum):
    """The events that a deadline may wait for."""

    BORTVISNING = "bortvisning"
    MEETING = "meeting"
    CLARIFIED = "clarified"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a duty is due: at once, by the end of the school day, after school days, or at an event of the case."""

    immediate: bool = False
    school_days: int | None = None  # 0: the same day
    until: Until | None = None


YES, NO = "ja", "nei"  # how a yes or no is noted
DECIDED = "decided"  # what a decision is noted as: ja or nei


class Record(StrEnum):
    """What is noted when a duty is done: never the content of a talk, never who the pupil is."""

    YES_NO = "yes_no"
    YES = "yes"  # the duty is done only with a yes
    YES_BEFORE = "yes_before"  # needed before a decision that is a yes
    TIME = "time"
    TIME_AHEAD = "time_ahead"  # of something that is still to come
    DATE = "date"
    DATE_AHEAD = "date_ahead"
    NUMBER = "number"
    PERSON = "person"
    PARTICIPANT = "participant"  # who from then on follows the case
    COLLEAGUE = "colleague"  # another member of staff, who confirms it in person
    ARCHIVE_NUMBER = "archive_number"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Lasting:
    """A duty that lasts until somebody says that it is over; asked about so many school days after it began."""

    text: Text  # what is to be done when it is over
    ask_after: tuple[int, ...]
    record: Mapping[str, Record]


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the meeting that a duty calls is: who takes part besides the pupil, and the sentence that invites.

    `guardians`: the duty by which they come too.
    """

    invitation: Text
    roles: tuple[str, ...]
    guardians: str
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that somebody must do in a case. `who` in order: the first role that somebody holds."""

    id: str
    text: Text
    when: When
    origin: Origin
    who: tuple[str, ...]
    deadline: Deadline
    disclosure: Disclosure
    while_unclear: WhileUnclear
    clauses: tuple[str, ...] = ()
    source: str = ""
    ask: str = ""  # who answers an avklar; empty: the first in `who`
    question: Text | None = None
    record: Mapping[str, Record] = field(default_factory=dict)
    may_delegate: bool = True
    alerts: str = ""  # the escalation by which the bot itself does it: it's done when a human has taken the case
    elsewhere: Outcome | None = None  # a ja becomes this when the place is not school grounds
    only_if: str = ""  # the duty whose decision it hangs on: with a no, it no longer applies
    guidance: Text | None = None  # what whoever does it must know: limits of the law, what to say and what not
    lasts: Lasting | None = None
    meeting: Meeting | None = None
    adopted: bool = True  # optional modules are off until the school adopts them

    @property
    def asked(self) -> str:
        """The role that answers while the outcome is *avklar*."""
        return self.ask or self.who[0]

    @property
    def facts(self) -> frozenset[str]:
        """What it depends on."""
        return frozenset(name for _, row in self.when.rows for name, _ in row.wanted)

    @property
    def form(self) -> Mapping[str, Record]:
        """What the form asks when the duty is done, or begun; a single time of day needs none, it is now."""
        asked = {name: kind for name, kind in self.record.items() if kind is not Record.COLLEAGUE}
        return asked if set(asked.values()) - {Record.TIME} else {}

    def needed(self, noted: Mapping[str, str]) -> set[str]:
        """Return what must be noted, given what is: a decision that is a no lasts until no time."""
        is_no = noted.get(DECIDED) == NO
        return {name for name, kind in self.form.items() if not (is_no and kind is Record.TIME_AHEAD)}

    @property
    def asks_colleague(self) -> bool:
        return Record.COLLEAGUE in self.record.values()

    def waits_while(self, outcome: Outcome) -> bool:
        """Say whether somebody must decide before it may be done; safety doesn't wait."""
        return outcome is Outcome.CLARIFY and self.while_unclear is WhileUnclear.WAIT

    @property
    def comes_after(self) -> bool:
        """Whether it waits for the decision it hangs on; what is at once, or due before the decision, doesn't."""
        return bool(self.only_if) and not self.deadline.immediate and self.deadline.until is not Until.BORTVISNING

    @property
    def is_personal(self) -> bool:
        """Whether each in the case must do it alone."""
        return EVERYONE in self.who

    @property
    def ticked_by_hand(self) -> bool:
        """Whether one person's tick does it: not what the bot sees itself, nor what each person must do alone."""
        return not (self.alerts or self.asks_colleague or self.is_personal)
