"""A school's plan as data: clauses, facts, duties and escalation; nothing here knows which plan it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from flows.duty import EVERYONE, REPORTER, Duty
from flows.language import Language, Text
from flows.school import Programme, YearLevel
from flows.sheet import Sheet
from flows.year_wheel import Measure

BUILT_IN_ROLES = (REPORTER, EVERYONE)
DEPUTY = "deputy"  # «avdelingsleder.deputy»: the next in the role

AGE = "under_18"  # every plan has it: the law's limits on telling guardians and child welfare depend on it
MINOR, ADULT = "ja", "nei"  # its values, beside not knowing

PLACE, CLASS, COLLEAGUE = "place", "class", "colleague"  # asked in every case beside the plan's facts
ASKED_BESIDE = (PLACE, CLASS, COLLEAGUE)  # so no fact can have these names

PROTECTED_DUTIES = ("X1", "L1", "L2", "L3", "L4", "L5")  # can't be left out of any pack: safety and law


class Scope(StrEnum):
    """Where the school file fills a role."""

    SCHOOL = "school"
    DEPARTMENT = "department"
    CLASS = "class"
    GROUP = "group"


class Sees(StrEnum):
    """Which cases the holder of a role may see without having been brought in."""

    OWN = "own"  # all of its own scope
    BROUGHT_IN = "brought_in"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Role:
    """`stand_in` is the role that stands in where the school file names no deputy.

    `coordinates`: its first holder leads the prevention work, and hears of what the bot can't do. Source: A1.
    """

    scope: Scope
    sees: Sees
    label: Text
    stand_in: str = ""
    coordinates: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that duties depend on.

    `start` is its value until somebody has answered; empty: the first form asks. `ask` is the role that is asked.
    `by_programme`: the values that are possible for a class of a programme; a single one needs no question.
    `refutable`: values that may turn out to be nothing, a suspicion.
    """

    question: Text
    values: Mapping[str, Text]
    start: str = ""
    several: bool = False
    ask: str = REPORTER
    by_programme: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refutable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """A step of an escalation: `after` the stored report, to a role or a role's deputy."""

    after: timedelta
    role: str
    to_deputy: bool = False


@dataclass(frozen=True, slots=True)
class FictiveCase:
    """A made-up case to practise on: what the participants read, and what is known when it begins. Source: S2."""

    title: Text
    text: Text
    place: str
    grounds: bool
    level: YearLevel
    programme: Programme
    known: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Drills:
    """What a plan has to practise on. `measures` are those of the year wheel that a drill may be the doing of."""

    cases: Mapping[str, FictiveCase] = field(default_factory=dict)
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan pack. A case keeps `id` and `edition` and finishes under them.

    `version` is the school's own date of it, `edition` also tells two texts of the same date apart.
    """

    id: str
    version: str
    edition: str
    school_rules: str
    languages: tuple[Language, ...]
    retention: timedelta
    pupil_reference: bool
    numbers: Mapping[str, str]
    roles: Mapping[str, Role]
    clauses: Mapping[str, str]
    facts: Mapping[str, Fact]
    duties: Mapping[str, Duty]
    records: Mapping[str, Text]  # how a form asks for what is noted
    escalation: Mapping[str, tuple[Level, ...]]  # the most urgent first
    wheel: Mapping[str, Measure]
    sheets: Mapping[str, Sheet]  # what is handed out, by its name; each may be missing
    drills: Drills = field(default_factory=Drills)  # nothing in an edition from before there were any

    @property
    def duties_in_force(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties.values() if duty.adopted)

    def facts_asked_first(self) -> Mapping[str, Fact]:
        """Return what the first form asks: facts that have no start value."""
        return {name: fact for name, fact in self.facts.items() if not fact.start}

    @property
    def meeting_duty(self) -> Duty | None:
        """The duty that calls the meeting, where the plan has one."""
        return next((duty for duty in self.duties_in_force if duty.meeting), None)

    def may_be_refuted(self, facts: Mapping[str, frozenset[str]]) -> bool:
        """Say whether all that has been seen may turn out to be nothing. Source: T45."""
        refutable = {name: set(fact.refutable) for name, fact in self.facts.items() if fact.refutable}
        return bool(refutable) and all(facts[name] <= values for name, values in refutable.items())

    @property
    def coordinator(self) -> str:
        """The role that coordinates; none in an edition from before a plan had to name one."""
        return next((name for name, role in self.roles.items() if role.coordinates), "")

    @property
    def owning_roles(self) -> frozenset[str]:
        """The roles that are alerted first: whoever takes a case acts as them in it. Source: T16."""
        return frozenset(levels[0].role for levels in self.escalation.values())

    def urgency(self, chain: str) -> int:
        """Return an escalation's place, 0 the most urgent."""
        return list(self.escalation).index(chain)
