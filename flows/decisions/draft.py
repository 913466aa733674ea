"""A decision in the making, and what it answers; what each command makes of a case stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flows import events as e
from flows.context import Context
from flows.effects import Effect
from flows.fold import evolve
from flows.incident import Case


class Hint(StrEnum):
    """Why nothing changed, for the person to read beside the present state."""

    NONE = ""
    NO_ACCESS = "no_access"
    ALREADY_TAKEN = "already_taken"
    ALREADY_YOURS = "already_yours"
    ALREADY_DONE = "already_done"
    NOT_ASKED = "not_asked"
    NO_LONGER = "no_longer"
    NOT_BY_HAND = "not_by_hand"
    NOT_CLARIFIED = "not_clarified"
    NOT_YOURS = "not_yours"
    UNCHANGED = "unchanged"
    AGE_FIRST = "age_first"
    CONSENT_FIRST = "consent_first"
    NOT_DELEGATED = "not_delegated"
    NOBODY_THERE = "nobody_there"
    DECISION_FIRST = "decision_first"
    HEAR_FIRST = "hear_first"
    REASON_NEEDED = "reason_needed"
    CLOSED = "closed"
    HANDED_OVER = "handed_over"
    NO_SUSPICION = "no_suspicion"
    ASK_OWNER = "ask_owner"
    STILL_UNDER_WAY = "still_under_way"
    SOMETHING_OPEN = "something_open"
    MILDER_FIRST = "milder_first"
    FORM_NEEDED = "form_needed"


@dataclass(frozen=True, slots=True)
class Decision:
    """`case` is the case after the events; None only where there is none to show."""

    case: Case | None
    events: tuple[e.Event, ...] = ()
    effects: tuple[Effect, ...] = ()
    hint: Hint = Hint.NONE


class Draft:
    """A case in the making: each event is folded in as it is added, so that the next step sees it."""

    def __init__(self, case: Case | None, case_id: str, by: str, context: Context) -> None:
        self._case, self._id, self.by, self.context = case, case_id, by, context
        self.events: list[e.Event] = []
        self.effects: list[Effect] = []

    @property
    def case(self) -> Case:
        if self._case is None:
            raise ValueError("a case begins with its report")
        return self._case

    def add(self, event: e.Event) -> None:
        self._case = evolve(self._case, e.Entry(self.context.now, self.by, event), case_id=self._id)
        self.events.append(event)

    def decision(self, hint: Hint = Hint.NONE) -> Decision:
        return Decision(self._case, tuple(self.events), tuple(self.effects), hint)


def programme_of(school_class: str, context: Context) -> str:
    """Return a class's programme, empty where the class isn't known."""
    found = context.roster.school.classes.get(school_class)
    return found.programme if found else ""


def departments_of(school_class: str, context: Context) -> tuple[str, ...]:
    """Return the department of a class; all of them where the class isn't known. Source: T08."""
    school = context.roster.school
    found = school.classes.get(school_class)
    return (found.department,) if found else tuple(school.departments)
