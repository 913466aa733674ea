"""Who holds a role at this moment: the school file, less those who are absent; pure, so that *nobody* is visible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from flows.language import Language
from flows.plan import Plan, Sees
from flows.school import Person, School
from flows.school_days import local_day


@dataclass(frozen=True, slots=True)
class Absence:
    """A person is away in the half-open time [from_at, until_at)."""

    id: str
    person: str
    from_at: datetime
    until_at: datetime

    @property
    def last_on(self) -> date:
        """The last day of it."""
        return local_day(self.until_at - timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class StandIn:
    """A role that somebody has somewhere, and who acts in it while he is away; nobody where `person` is empty."""

    role: str
    where: str  # the department's or class's name; empty: the whole school
    person: str
    acts_as: str = ""  # the role of whoever stands in, where no deputy does


@dataclass(frozen=True, slots=True)
class Roster:
    """A school with its absences and its people's own choices, as of now.

    `absences` are those that aren't over, `changes_at` is when the next of them begins or ends. `bystanders` are known
    by name and hold nothing, where only some of the school take part.
    """

    school: School
    absent: frozenset[str] = frozenset()
    languages: Mapping[str, Language] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()
    changes_at: datetime | None = None
    bystanders: Mapping[str, Person] = field(default_factory=dict)

    def person(self, person_id: str) -> Person | None:
        return self.school.people.get(person_id)

    def known(self, person_id: str) -> Person | None:
        """Return somebody of the school, also one who takes no part."""
        return self.person(person_id) or self.bystanders.get(person_id)

    def is_here(self, person_id: str) -> bool:
        return person_id in self.school.people and person_id not in self.absent

    def name(self, person_id: str) -> str:
        """Return a name, or the id of somebody who has left."""
        person = self.known(person_id)
        return person.name if person else person_id

    def phone(self, person_id: str) -> str:
        person = self.known(person_id)
        return person.phone if person else self.school.phone

    def language(self, person_id: str) -> Language:
        """Return the person's own choice, then the school file's, then the school's."""
        person = self.known(person_id)
        return self.languages.get(person_id) or (person and person.language) or self.school.language

    def holders(self, role: str, *, department: str = "", school_class: str = "", group: str = "") -> tuple[str, ...]:
        """Return the holder and the deputies, absent or not: at the class or group, its department, the school."""
        school = self.school
        own = school.classes.get(school_class) or school.groups.get(group)
        own_department = school.departments.get(own.department if own else department)
        places = (own.roles if own else {}, own_department.roles if own_department else {}, school.roles)
        return next((place[role] for place in places if place.get(role)), ())

    def present(self, role: str, *, department: str = "", school_class: str = "", group: str = "") -> tuple[str, ...]:
        """Return those of the holders who are here: the first acts, the next is the deputy."""
        found = self.holders(role, department=department, school_class=school_class, group=group)
        return tuple(person for person in found if person not in self.absent and person in self.school.people)

    def standing(self, role: str) -> tuple[str, ...]:
        """Return everybody who has a role anywhere, absent or not: those who hold it before their deputies."""
        held = [roles[role] for _, _, _, roles in self._places() if role in roles]
        return tuple(dict.fromkeys([*(p for people in held for p in people[:1]), *(p for each in held for p in each)]))

    def departments_of(self, person_id: str) -> frozenset[str]:
        """Return the departments in which somebody has a role or a group; none where the school file doesn't say."""
        groups = [each.department for each in self.school.groups.values() if person_id in each.staff]
        held = [place for _, place, _, roles in self._places() if any(person_id in each for each in roles.values())]
        return frozenset(filter(None, [*groups, *held]))

    def acting(
        self, role: str, departments: Iterable[str], school_class: str = "", *, deputy: bool = False
    ) -> tuple[str, ...]:
        """Return who acts in a role for some departments, each person once; `deputy`: the next after them."""
        place = 1 if deputy else 0
        people: dict[str, None] = {}
        for department in tuple(departments) or ("",):
            present = self.present(role, department=department, school_class=school_class)
            people.update(dict.fromkeys(present[place : place + 1]))
        return tuple(people)

    def sees_as_own(self, person_id: str, departments: Iterable[str], plan: Plan, school_class: str = "") -> bool:
        """Say whether a person acts now in a role that sees all cases of this class, or of these departments."""
        own = [name for name, role in plan.roles.items() if role.sees is Sees.OWN]
        chosen = tuple(departments)
        return any(person_id in self.acting(role, chosen, school_class) for role in own)

    def is_away(self, person_id: str, from_at: datetime, until_at: datetime) -> bool:
        """Say whether somebody is away at any moment of a half-open time."""
        own = (absence for absence in self.absences if absence.person == person_id)
        return any(absence.from_at < until_at and absence.until_at > from_at for absence in own)

    def absence_of(self, person_id: str, now: datetime) -> Absence | None:
        """Return the last of the absences for which somebody is away from now on without a break."""
        last: Absence | None = None
        for each in sorted(self.absences, key=lambda absence: absence.from_at):
            begins_before = each.from_at <= (last.until_at if last else now)
            if each.person == person_id and begins_before and (last is None or each.until_at > last.until_at):
                last = each
        return last

    def as_if_here(self, person_id: str) -> Roster:
        """Return the same school as if somebody were not away."""
        return replace(self, absent=self.absent - {person_id})

    def stand_ins(self, person_id: str, from_at: datetime, until_at: datetime, plan: Plan) -> tuple[StandIn, ...]:
        """Return who acts in each role that is this person's first of all, the whole time that the person is away."""

        def stays(people: Iterable[str]) -> str:
            others = (person for person in people if person != person_id)
            return next((person for person in others if self._stays(person, from_at, until_at)), "")

        def found(role: str, where: str, department: str, school_class: str) -> StandIn:
            if person := stays(self.holders(role, department=department, school_class=school_class)):
                return StandIn(role, where, person)
            known = plan.roles.get(role)
            if known is None or not known.stand_in:
                return StandIn(role, where, "")
            acting = self.holders(known.stand_in, department=department, school_class=school_class)
            return StandIn(role, where, stays(acting), known.stand_in)

        return tuple(
            found(role, where, department, school_class)
            for where, department, school_class, roles in self._places()
            for role, holders in roles.items()
            if holders and holders[0] == person_id
        )

    def _places(self) -> Iterator[tuple[str, str, str, Mapping[str, tuple[str, ...]]]]:
        """Yield every place that roles are filled at: its name, its department and class, and the roles."""
        yield "", "", "", self.school.roles
        for department in self.school.departments.values():
            yield department.name, department.id, "", department.roles
        for own in self.school.classes.values():
            yield own.id, own.department, own.id, own.roles

    def _stays(self, person_id: str, from_at: datetime, until_at: datetime) -> bool:
        return person_id in self.school.people and not self.is_away(person_id, from_at, until_at)


def roster_of(school: School, absences: Iterable[Absence], languages: Mapping[str, Language], now: datetime) -> Roster:
    """Return who is where at a school at an instant; `absences` that are over don't count."""
    lasting = tuple(absence for absence in absences if absence.until_at > now)
    changes = (at for absence in lasting for at in (absence.from_at, absence.until_at) if at > now)
    return Roster(
        school,
        frozenset(absence.person for absence in lasting if absence.from_at <= now),
        languages,
        lasting,
        min(changes, default=None),
    )
