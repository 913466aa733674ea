"""Reading what a form handed in, field by field, with a sentence for each fault; each form's fields are its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from datetime import date, timedelta

from flows import messages as m
from flows.cards import ChoiceField, Option
from flows.duty import NO, YES, Record
from flows.incident import Case
from flows.language import Text
from flows.plan import Fact
from flows.school_days import local_day
from flows.screens.words import View
from flows.wishes import SEPARATOR

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
NEAR = timedelta(days=400)
MAX_REASON = 200  # characters
MAX_ARCHIVE_NUMBER = 30
MAX_PUPIL = 12  # initials, say
ARCHIVE_NUMBER = re.compile(r"(?=.*\d)[\w ./:-]+")  # a number as archives have them, too little for a story

Values = Mapping[str, tuple[str, ...]]


class Form:
    """What was handed in, and the faults found so far; an answer that can't be used reads as empty."""

    def __init__(self, values: Values, view: View) -> None:
        self._values, self._view = values, view
        self.faults: dict[str, str] = {}

    def given(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self._values.get(name, ()) if value.strip())

    def chosen(self, name: str, fact: Fact, *, required: bool, only: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the values chosen for a fact; `only` where not all of them can be."""
        values = self.given(name)
        if required and not values:
            return self._fault(name, m.FAULT_REQUIRED)
        if not set(values) <= set(only or fact.values):
            return self._fault(name, m.FAULT_UNKNOWN_VALUE)
        if len(values) > 1 and not fact.several:
            return self._fault(name, m.FAULT_ONE_ONLY)
        return values

    def place(self, name: str) -> str:
        """Return one of the school's places."""
        value = self._one(name)
        if value and value not in self._view.context.roster.school.places:
            self._fault(name, m.FAULT_UNKNOWN_PLACE)
        return value

    def school_class(self, name: str, unknown: str) -> str:
        """Return a class of the school, or nothing for `unknown`."""
        value = self._one(name)
        if value and value != unknown and value not in self._view.context.roster.school.classes:
            self._fault(name, m.FAULT_UNKNOWN_CLASS)
        return "" if value == unknown else value

    def colleague(self, name: str, reporter: str) -> str:
        """Return a member of staff who isn't the reporter, or nothing."""
        value = next(iter(self.given(name)), "")
        if value and value == reporter:
            self._fault(name, m.FAULT_SAME_PERSON)
        elif value and self._view.context.roster.person(value) is None:
            self._fault(name, m.FAULT_UNKNOWN_PERSON)
        return value

    def optional(self, name: str, known: tuple[str, ...]) -> str:
        """Return one of the known values, or nothing."""
        value = next(iter(self.given(name)), "")
        if value and value not in known:
            self._fault(name, m.FAULT_UNKNOWN_VALUE)
        return value

    def one_of(self, name: str, known: Container[str]) -> str:
        """Return one of the known values."""
        value = self._one(name)
        if value and value not in known:
            self._fault(name, m.FAULT_UNKNOWN_VALUE)
        return value

    def noted(self, asked: Mapping[str, Record], prefix: str = "") -> dict[str, str]:
        """Return all that is noted of a duty; `prefix` is what its fields' names begin with."""
        return {name: self.record(prefix + name, kind) for name, kind in asked.items()}

    def department(self, name: str) -> str:
        """Return one of the school's departments."""
        value = self._one(name)
        if value and value not in self._view.context.roster.school.departments:
            self._fault(name, m.FAULT_UNKNOWN_VALUE)
        return value

    def short(self, name: str, longest: int) -> str:
        """Return a few words, or none."""
        value = next(iter(self.given(name)), "").strip()
        if len(value) > longest:
            self._fault(name, m.FAULT_TOO_LONG)
        return value

    def day(self, name: str) -> date | None:
        """Return a day."""
        value = self._one(name)
        if value and not _is_near(value, self._view):
            self._fault(name, m.FAULT_NO_DATE)
        return None if name in self.faults else date.fromisoformat(value)

    def refuse(self, name: str, text: Text) -> None:
        """Say what is wrong with a field that only the form as a whole shows."""
        self._fault(name, text)

    def record(self, name: str, kind: Record) -> str:
        """Return what is noted of a duty, in the form that it is kept in."""
        value = self._one(name).strip()
        if not value:
            return ""
        fault = _record_fault(value, kind, self._view)
        if fault:
            self._fault(name, fault)
        return value

    def _one(self, name: str) -> str:
        values = self.given(name)
        if len(values) == 1:
            return values[0]
        self._fault(name, m.FAULT_ONE_ONLY if values else m.FAULT_REQUIRED)
        return ""

    def _fault(self, name: str, text: Text) -> tuple[str, ...]:
        self.faults[name] = self._view.say(text)
        return ()


def _record_fault(value: str, kind: Record, view: View) -> Text | None:
    match kind:
        case Record.YES_NO | Record.YES_BEFORE if value not in (YES, NO):
            return m.FAULT_UNKNOWN_VALUE
        case Record.YES if value != YES:
            return m.FAULT_NOT_DONE
        case Record.TIME | Record.TIME_AHEAD if not CLOCK.fullmatch(value):
            return m.FAULT_NO_TIME
        case Record.DATE | Record.DATE_AHEAD if not _is_near(value, view):
            return m.FAULT_NO_DATE
        case Record.DATE_AHEAD if date.fromisoformat(value) < local_day(view.context.now):
            return m.FAULT_DATE_PAST
        case Record.PERSON | Record.PARTICIPANT | Record.COLLEAGUE if view.context.roster.person(value) is None:
            return m.FAULT_UNKNOWN_PERSON
        case Record.NUMBER if not value.isdecimal():
            return m.FAULT_NO_NUMBER
        case Record.ARCHIVE_NUMBER if len(value) > MAX_ARCHIVE_NUMBER or not ARCHIVE_NUMBER.fullmatch(value):
            return m.FAULT_NO_ARCHIVE_NUMBER
        case Record.REASON if len(value) > MAX_REASON:
            return m.FAULT_TOO_LONG
        case _:
            return None


def _is_near(value: str, view: View) -> bool:
    """Say whether this is a day of about this school year: any other is a slip of the finger."""
    is_day = bool(DAY.fullmatch(value)) and _reads(date.fromisoformat, value)
    return is_day and abs(date.fromisoformat(value) - local_day(view.context.now)) <= NEAR


def _reads(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def as_of(case: Case) -> str:
    """Return the reference of a form that shows what is known: with how often it has changed."""
    return f"{case.id}{SEPARATOR}{case.answers}"


def fact_field(
    name: str, fact: Fact, view: View, *, value: tuple[str, ...] = (), only: tuple[str, ...] = (), required: bool = True
) -> ChoiceField:
    """Return the field that asks for a fact; `only` leaves out values that can't be."""
    options = tuple(Option(v, view.say(label)) for v, label in fact.values.items() if not only or v in only)
    known = {option.value for option in options}
    return ChoiceField(
        name=name,
        label=view.say(fact.question),
        options=options,
        value=tuple(v for v in value if v in known),
        several=fact.several,
        required=required,
        hint=view.say(m.SEVERAL_HINT) if fact.several else "",
    )
