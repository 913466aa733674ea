"""A drill: the real engine on a made-up case, among those who take part; that nothing has happened, `mark.py` says.

What is decided in a drill is decided as always, in a context that holds its participants and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.context import Context
from flows.duty import Duty, Record
from flows.plan import FictiveCase, Plan, Scope, Sees
from flows.roster import Roster
from flows.school import Department, Place, School, SchoolClass
from flows.school_days import DAY, day_end, local_day, work_day_from

FEWEST, MOST = 2, 20  # who take part: one reports, and somebody is alerted
KEPT = timedelta(days=1)  # after its end
LONGEST = timedelta(days=3)  # a weekend; nobody is alerted through a holiday
DEPARTMENT = "drill"  # the only one there is in a drill
NUMBER = "ØV"  # what the number of a drill's case begins with; no real one has an Ø


@dataclass(frozen=True, slots=True)
class Drill:
    """What a case knows of being a drill. `fictive` is the plan's made-up case, `roles` who stands in which."""

    fictive: str
    starter: str
    reporter: str
    participants: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]

    @property
    def everybody(self) -> tuple[str, ...]:
        """All who are told of it: who take part, and who has started it."""
        return tuple(dict.fromkeys((*self.participants, self.starter)))


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is who: the reporter, and those in each role, whoever acts in it first."""

    reporter: str
    roles: Mapping[str, tuple[str, ...]]


def numbered(spoken: str) -> str:
    """Return the number of a drill's case, so that nobody takes it for another's."""
    return NUMBER + spoken[len(NUMBER) :]


def is_drill(number: str) -> bool:
    """Say whether a case's number is a drill's; it says so for ever, also when all else is erased."""
    return number.startswith(NUMBER)


def may_start(person: str, context: Context) -> bool:
    """Say whether somebody may start drills: who coordinates, and who sees a department's or the school's cases."""
    return any(person in context.roster.standing(role) for role in leading(context.plan))


def leading(plan: Plan) -> tuple[str, ...]:
    """Return the roles that may start drills."""
    return tuple(name for name, role in plan.roles.items() if role.coordinates or role.sees is Sees.OWN)


def may_ask(person: str, other: str, context: Context) -> bool:
    """Say whether somebody may ask another to take part: who leads a department asks nobody of another one."""
    roster, roles = context.roster, context.plan.roles
    whole = (name for name, role in roles.items() if role.scope is Scope.SCHOOL)
    if any(other in roster.standing(name) for name in whole):
        return True
    if any(person in roster.standing(name) for name in leading(context.plan) if roles[name].scope is Scope.SCHOOL):
        return True
    own, theirs = roster.departments_of(person), roster.departments_of(other)
    return not theirs or not own.isdisjoint(theirs)


def deal(participants: Sequence[str], plan: Plan, roster: Roster) -> Cast:
    """Return who is who: whoever has a role keeps it, the missing ones are dealt to the others, somebody reports.

    The reporter is who has the least to do otherwise, the first of several.
    """
    needed = roles_needed(plan)
    real = {role: tuple(person for person in roster.standing(role) if person in participants) for role in needed}
    reporter = min(participants, key=lambda person: (_acts_in(person, real), _stands_in(person, real)))
    others = [person for person in participants if person != reporter]
    roles = {role: tuple(person for person in people if person != reporter) for role, people in real.items()}
    for role in needed:
        if not roles[role]:
            roles[role] = (min(others, key=lambda person: _acts_in(person, roles)),)
    return Cast(reporter, roles)


def _acts_in(person: str, roles: Mapping[str, tuple[str, ...]]) -> int:
    return sum(people[:1] == (person,) for people in roles.values())


def _stands_in(person: str, roles: Mapping[str, tuple[str, ...]]) -> int:
    return sum(person in people for people in roles.values())


def roles_needed(plan: Plan) -> tuple[str, ...]:
    """Return the roles that somebody must have for a case to be carried out, those that are alerted first."""
    found = [level.role for levels in plan.escalation.values() for level in levels]
    found += [role for duty in plan.duties_in_force for role in (*duty.who, duty.ask)]
    found += [fact.ask for fact in plan.facts.values()]
    return tuple(dict.fromkeys(role for role in found if role in plan.roles))


def inside(context: Context, drill: Drill | None) -> Context:
    """Return what a decision in a drill looks at; of a case that is none, the context as it is."""
    if drill is None:
        return context
    fictive = context.plan.drills.cases[drill.fictive]
    return replace(context, roster=_roster(context.roster, drill, fictive), plan=_plan(context.plan))


def _roster(roster: Roster, drill: Drill, fictive: FictiveCase) -> Roster:
    """Return the participants in the roles that they were dealt; all others are known by name, and nothing more."""
    everybody = {**roster.bystanders, **roster.school.people}
    people = {person: everybody[person] for person in drill.participants if person in everybody}
    others = {name: person for name, person in everybody.items() if name not in people}
    school = replace(
        roster.school,
        roles=drill.roles,
        departments={DEPARTMENT: Department(DEPARTMENT, "")},
        classes={class_of(fictive): SchoolClass(class_of(fictive), DEPARTMENT, fictive.level, fictive.programme)},
        groups={},
        people=people,
        places={**roster.school.places, fictive.place: Place(fictive.place, fictive.grounds)},
    )
    return replace(roster, school=school, bystanders=others)


def _plan(plan: Plan) -> Plan:
    """Return the plan as it is carried out in a drill: nothing has a place in the archive, and little is kept."""
    return replace(plan, retention=KEPT, duties={name: _unarchived(duty) for name, duty in plan.duties.items()})


def _unarchived(duty: Duty) -> Duty:
    if Record.ARCHIVE_NUMBER not in duty.record.values():
        return duty
    kept = {name: kind for name, kind in duty.record.items() if kind is not Record.ARCHIVE_NUMBER}
    return replace(duty, record=kept)


def class_of(fictive: FictiveCase) -> str:
    """Return what the made-up pupil's class is called: no school has one of that name."""
    return f"{fictive.level} {fictive.programme}"


def ends_at(school: School, started_at: datetime) -> datetime:
    """Return when a drill that nobody ends is over: with the next day of work, and in three days at the latest."""
    today = local_day(started_at)
    return day_end(school.calendar, min(work_day_from(school.calendar, today + DAY), today + LONGEST))
