"""The shape of a school file, the way from it to a `School`, and whether a plan finds a holder for every role there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Annotated

from pydantic import ConfigDict, Field

from flows.commands import BOT
from flows.faults import EntryPath, Fault, Faulty, listed
from flows.language import Language
from flows.limits import MAX_OPTIONS
from flows.plan import Plan, Role, Scope
from flows.roster import Roster
from flows.schema import Code, Day, FileEntry, Name, Number, OneOrMore, Words, read
from flows.school import (
    DAY_ENDS,
    Calendar,
    Department,
    Group,
    Holders,
    Person,
    Place,
    Programme,
    School,
    SchoolClass,
    YearLevel,
)
from flows.school_values import Clock, Email, ObjectId, Phone, Preferred, Span

FIRST_YEAR = 2000
NOON = time(12)


class SchoolEntry(FileEntry):
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    name: Name
    plan: Words
    language: Language
    phone: Phone


class CalendarEntry(FileEntry):
    staff_from: Day
    first_day: Day
    last_day: Day
    day_ends: Clock = DAY_ENDS
    free: tuple[Span, ...] = ()


class RolesEntry(FileEntry):
    """An entry that besides its own words names roles of the plan pack; which words are roles is checked later."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, OneOrMore]

    @property
    def holders(self) -> Holders:
        return dict(self.__pydantic_extra__)


class DepartmentEntry(RolesEntry):
    name: Name


class ClassEntry(RolesEntry):
    department: Words
    level: YearLevel
    programme: Programme
    was: str = ""


class GroupEntry(RolesEntry):
    name: Name
    kind: Words
    department: Words
    pupils: Number
    staff: OneOrMore = ()


class PersonEntry(FileEntry):
    name: Name
    email: Email
    phone: Phone
    language: Language | None = None
    slack: str = ""
    teams: ObjectId = ""
    prefers: Preferred = ""


class SchoolFile(FileEntry):
    """A whole school file as written."""

    school_year: Annotated[str, Field(pattern=r"^\d{4}-\d{4}$")]
    school: SchoolEntry
    calendar: CalendarEntry
    places: tuple[Name, ...] = Field(min_length=1, max_length=MAX_OPTIONS)
    grounds: tuple[Words, ...] | None = None
    roles: dict[str, OneOrMore]
    departments: dict[Code, DepartmentEntry] = Field(min_length=1)
    classes: dict[Code, ClassEntry] = Field(min_length=1)
    groups: dict[Code, GroupEntry] = Field(default_factory=dict)
    people: dict[Code, PersonEntry] = Field(min_length=1)


def read_school(raw: object) -> School:
    """Read a school from what its file holds; raise `Faulty` with every fault, save those against a plan."""
    written, faults = read(SchoolFile, raw)
    if written is None:
        raise Faulty(faults)
    faults = list(_reference_faults(written))
    if faults:
        raise Faulty(faults)
    return _build(written)


def _reference_faults(written: SchoolFile) -> Iterator[Fault]:
    if BOT in written.people:
        yield Fault(("people", BOT), f"«{BOT}» er botens eget navn. Velg en annen kortform.")
    for path, people in _named_people(written):
        for person in people:
            if person not in written.people:
                yield Fault(path, f"«{person}» står ikke under «people».")
    yield from _department_faults(written)
    yield from _calendar_faults(written)
    yield from _twice(("places",), written.places)
    for place in written.grounds or ():
        if place not in written.places:
            yield Fault(("grounds",), f"Stedet «{place}» står ikke under «places».")
    yield from _account_faults(written)


def _department_faults(written: SchoolFile) -> Iterator[Fault]:
    for kind, entries in (("classes", written.classes), ("groups", written.groups)):
        for name, entry in entries.items():
            if entry.department not in written.departments:
                sentence = f"Avdelingen «{entry.department}» står ikke under «departments»."
                yield Fault((kind, name, "department"), sentence)


def _account_faults(written: SchoolFile) -> Iterator[Fault]:
    """Yield where one account is written for two people: a message would reach the wrong one."""
    for word in ("email", "slack", "teams"):
        owners: dict[str, str] = {}
        for name, person in written.people.items():
            account = getattr(person, word).lower()
            if account and owners.setdefault(account, name) != name:
                yield Fault(("people", name, word), f"«{account}» står også på {owners[account]}.")


def _calendar_faults(written: SchoolFile) -> Iterator[Fault]:
    days = written.calendar
    if days.day_ends < NOON:
        yield Fault(("calendar", "day_ends"), "Skoledagen slutter ikke før klokka tolv.")
    first, last = written.school_year.split("-")
    if int(last) != int(first) + 1 or int(first) < FIRST_YEAR:
        yield Fault(("school_year",), "Skoleåret skrives med to år etter hverandre, for eksempel 2026-2027.")
    elif not date(int(first), 8, 1) <= days.staff_from <= days.first_day < days.last_day < date(int(last), 8, 1):
        yield Fault(("calendar",), "Datoene må ligge i skoleåret (1. august til 31. juli) og komme i rekkefølge.")


def _twice(path: EntryPath, words: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for word in words:
        if word in seen:
            yield Fault(path, f"«{word}» står to ganger.")
        seen.add(word)


def _named_people(written: SchoolFile) -> Iterator[tuple[EntryPath, tuple[str, ...]]]:
    for role, people in written.roles.items():
        yield ("roles", role), people
    entries: dict[str, dict[str, DepartmentEntry] | dict[str, ClassEntry] | dict[str, GroupEntry]] = {
        "departments": written.departments,
        "classes": written.classes,
        "groups": written.groups,
    }
    for kind, named in entries.items():
        for name, entry in named.items():
            for role, people in entry.holders.items():
                yield (kind, name, role), people
    for name, group in written.groups.items():
        yield ("groups", name, "staff"), group.staff


def _build(written: SchoolFile) -> School:
    head, days = written.school, written.calendar
    grounds = written.grounds
    return School(
        id=head.id,
        name=head.name,
        plan=head.plan,
        language=head.language,
        phone=head.phone,
        school_year=written.school_year,
        calendar=Calendar(days.staff_from, days.first_day, days.last_day, days.free, days.day_ends),
        places={name: Place(name, None if grounds is None else name in grounds) for name in written.places},
        roles=written.roles,
        departments={name: Department(name, d.name, d.holders) for name, d in written.departments.items()},
        classes={
            name: SchoolClass(name, c.department, c.level, c.programme, c.holders, c.was)
            for name, c in written.classes.items()
        },
        groups={
            name: Group(name, g.name, g.kind, g.department, g.pupils, g.staff, g.holders)
            for name, g in written.groups.items()
        },
        people={name: Person(name, **p.model_dump()) for name, p in written.people.items()},
    )


def lint_school(school: School, plans: Mapping[str, Plan]) -> list[Fault]:
    """Return what keeps its plan from being carried out at a school: roles that nobody holds, or without a deputy."""
    plan = plans.get(school.plan)
    if plan is None:
        return [Fault(("school", "plan"), f"Planen «{school.plan}» finnes ikke her. Planene er {listed(plans)}.")]
    return [*_unknown_roles(school, plan), *_role_faults(school, plan), *_place_faults(school, plan)]


def _unknown_roles(school: School, plan: Plan) -> Iterator[Fault]:
    for path, roles in (
        (("roles",), school.roles),
        *((("departments", d.id), d.roles) for d in school.departments.values()),
        *((("classes", c.id), c.roles) for c in school.classes.values()),
        *((("groups", g.id), g.roles) for g in school.groups.values()),
    ):
        for role in roles:
            if role not in plan.roles:
                yield Fault((*path, role), f"«{role}» er ikke en rolle i planen. Rollene er {listed(plan.roles)}.")


def _role_faults(school: School, plan: Plan) -> Iterator[Fault]:
    roster = Roster(school)
    for name, role in plan.roles.items():
        for path, where, place in _scopes(school, role.scope):
            holders = roster.holders(name, **place)
            yield from _holder_faults(path, f"{role.label.nb} {where}".strip(), holders, role, roster)


def _scopes(school: School, scope: Scope) -> Iterator[tuple[EntryPath, str, dict[str, str]]]:
    """Yield where a role must be filled: the path in the file, in words, and as the roster wants it."""
    match scope:
        case Scope.SCHOOL:
            yield ("roles",), "", {}
        case Scope.DEPARTMENT:
            departments = school.departments.values()
            yield from ((("departments", d.id), f"for {d.name}", {"department": d.id}) for d in departments)
        case Scope.CLASS:
            yield from ((("classes", c), f"for {c}", {"school_class": c}) for c in school.classes)
        case Scope.GROUP:
            yield from ((("groups", g.id), f"for {g.name}", {"group": g.id}) for g in school.groups.values())


def _holder_faults(path: EntryPath, what: str, holders: tuple[str, ...], role: Role, roster: Roster) -> Iterator[Fault]:
    if not holders:
        yield Fault(path, f"Ingen er {what}.")
    elif len(holders) < 2 and not role.stand_in:
        yield Fault(path, f"{roster.name(holders[0])} er {what} uten stedfortreder. Skriv minst to.")


def _place_faults(school: School, plan: Plan) -> Iterator[Fault]:
    if any(duty.elsewhere for duty in plan.duties_in_force) and not any(p.grounds for p in school.places.values()):
        yield Fault(("places",), "Planen skiller mellom skolens område og andre steder. Skriv «grounds: […]» med "
                    "stedene som er på skolens område.")  # fmt: skip
