"""Whose a task of the prevention year is: who is asked, who may answer, and who is told when it's late."""

from __future__ import annotations

from collections.abc import Iterator

from flows.occurrences import Audience, Occurrence, Whole, responsible
from flows.plan import Plan
from flows.roster import Roster
from flows.tasks import Task


def asked(task: Task, occurrence: Occurrence, roster: Roster) -> str:
    """Return who is reminded: whom it was sent on to, else whoever has the role now; empty where there is nobody."""
    if roster.is_here(task.owner):
        return task.owner
    return responsible(occurrence, roster).person or _first(may_be_asked(task, occurrence, roster), roster)


def _first(people: tuple[str, ...], roster: Roster) -> str:
    return next((person for person in people if roster.person(person)), "")


def may_be_asked(task: Task, occurrence: Occurrence, roster: Roster) -> tuple[str, ...]:
    """Return everybody in whose hands it rightly is, here or away."""
    if roster.person(task.owner):
        return (task.owner,)
    roles = (roster.holders(role, **occurrence.key.audience.where) for role in occurrence.measure.who)
    return next((holders for holders in roles if holders), ())


def leaders(audience: Audience, roster: Roster, plan: Plan) -> tuple[str, ...]:
    """Return who leads the department of an audience, here or away; nobody of the whole school's."""
    if audience.kind is Whole.SCHOOL:
        return ()
    return tuple(person for role in plan.owning_roles for person in roster.holders(role, **audience.where))


def may_answer(person: str, task: Task, occurrence: Occurrence, roster: Roster, plan: Plan) -> bool:
    """Say whether somebody may answer: it is his, his department's, or he coordinates all of it."""
    return person in {task.owner, *_holders(occurrence, roster), *leaders(occurrence.key.audience, roster, plan)} or (
        coordinates(person, roster, plan)
    )


def coordinates(person: str, roster: Roster, plan: Plan) -> bool:
    return person in roster.holders(plan.coordinator)


def _holders(occurrence: Occurrence, roster: Roster) -> Iterator[str]:
    for role in occurrence.measure.who:
        yield from roster.holders(role, **occurrence.key.audience.where)


def overseer(person: str, occurrence: Occurrence, roster: Roster, plan: Plan) -> str:
    """Return who is told that somebody's task is late: the department's leader, else the coordinator.

    Where those are late themselves, it is the next of the measure's own roles; empty where there is nobody else.
    """
    present = roster.present
    place = occurrence.key.audience.where
    leading = [who for role in plan.owning_roles for who in present(role, **place)[:1]] if place else []
    coordinating = present(plan.coordinator)[:1]
    others = [who for role in occurrence.measure.who for who in present(role, **place)[:1]]
    return next((who for who in (*leading, *coordinating, *others) if who != person), "")
