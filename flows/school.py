"""A school as its file says: roles, departments, classes, people and calendar; who is present stands in `roster.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from flows.language import Language

Holders = Mapping[str, tuple[str, ...]]  # role → person ids: the holder first, then the deputies in order


class YearLevel(StrEnum):
    VG1 = "Vg1"
    VG2 = "Vg2"
    VG3 = "Vg3"


class Programme(StrEnum):
    VOCATIONAL = "yrkesfag"
    ACADEMIC = "studieforberedende"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. `phone` as a person would dial it."""

    id: str
    name: str
    email: str
    phone: str
    language: Language | None = None
    slack: str = ""
    teams: str = ""
    prefers: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    id: str
    name: str
    roles: Holders = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """`was` is last year's name of the same pupils."""

    id: str
    department: str
    level: YearLevel
    programme: Programme
    roles: Holders = field(default_factory=dict)
    was: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Pupils who are not a class: counts, never names."""

    id: str
    name: str
    kind: str
    department: str
    pupils: int
    staff: tuple[str, ...]
    roles: Holders = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere an incident can be. `grounds`: on school grounds; None where the school hasn't said."""

    name: str
    grounds: bool | None


DAY_ENDS = time(15, 30)  # where a school doesn't say


@dataclass(frozen=True, slots=True)
class Calendar:
    """The school year. `free` are days without school besides weekends and public holidays, all school-local days."""

    staff_from: date
    first_day: date
    last_day: date
    free: tuple[tuple[date, date], ...]  # first and last day, both included
    day_ends: time = DAY_ENDS  # when the pupils' day ends, in Europe/Oslo
    holidays: frozenset[date] = frozenset()  # public ones; of this school year and the years after it


@dataclass(frozen=True, slots=True)
class School:
    id: str
    name: str
    plan: str  # the id of the plan pack it follows
    language: Language
    phone: str
    school_year: str  # 2026-2027
    calendar: Calendar
    places: Mapping[str, Place]
    roles: Holders
    departments: Mapping[str, Department]
    classes: Mapping[str, SchoolClass]
    groups: Mapping[str, Group]
    people: Mapping[str, Person]
