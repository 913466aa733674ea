"""Who may do what with a case: refused unless a line here allows it; what a role is stands in the plan pack."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from flows.context import Context
from flows.incident import Case
from flows.plan import EVERYONE, REPORTER, Duty


class Action(StrEnum):
    REPORT = "report"
    READ = "read"  # the dialog with the facts and the duties
    ANSWER = "answer"
    TICK = "tick"
    TAKE = "take"
    CONFIRM = "confirm"


class Relation(StrEnum):
    """What a person is to a case."""

    STAFF = "staff"
    REPORTER = "reporter"
    COLLEAGUE = "colleague"  # asked to be the second adult
    OWNER = "owner"  # has taken the case
    ALERTED = "alerted"  # has been asked to take it, and nobody has yet
    PASSED_BY = "passed_by"  # was asked to take it, and somebody else has
    HEAD = "head"  # acts now in a role that sees the department's cases as its own


ALLOWED: dict[Action, frozenset[Relation]] = {
    Action.REPORT: frozenset({Relation.STAFF}),
    Action.READ: frozenset({Relation.REPORTER, Relation.OWNER, Relation.ALERTED, Relation.HEAD}),
    Action.ANSWER: frozenset({Relation.REPORTER, Relation.OWNER}),
    Action.TICK: frozenset({Relation.REPORTER, Relation.COLLEAGUE, Relation.OWNER}),
    # Whoever comes second is told who was first; nothing more can come of it.
    Action.TAKE: frozenset({Relation.ALERTED, Relation.PASSED_BY, Relation.HEAD, Relation.OWNER}),
    Action.CONFIRM: frozenset({Relation.COLLEAGUE}),
}


def may(person: str, action: Action, case: Case | None, context: Context) -> bool:
    """Say whether a person may; for a case that doesn't exist, nobody may anything but report."""
    return not ALLOWED[action].isdisjoint(relations(person, case, context))


def relations(person: str, case: Case | None, context: Context) -> frozenset[Relation]:
    """Return all that a person is to a case now."""
    return frozenset(_relations(person, case, context))


def _relations(person: str, case: Case | None, context: Context) -> Iterator[Relation]:
    if context.roster.person(person) is None:
        return  # somebody who has left has no part in anything
    yield Relation.STAFF
    if case is None:
        return
    if person == case.reporter:
        yield Relation.REPORTER
    if person == case.taken_by:
        yield Relation.OWNER
    if any(alert.person == person for alert in case.alerts):
        yield Relation.PASSED_BY if case.taken_by else Relation.ALERTED
    if person in case.earlier_colleagues or (case.colleague and case.colleague.person == person):
        yield Relation.COLLEAGUE
    if context.roster.sees_as_own(person, case.departments, context.plan, case.school_class):
        yield Relation.HEAD


def holds(person: str, duty: Duty, case: Case, context: Context) -> bool:
    """Say whether a duty of the case is this person's: of the first role in `who` that somebody holds."""
    return person in holders(duty, case, context)


def holders(duty: Duty, case: Case, context: Context) -> tuple[str, ...]:
    """Return whose a duty is now: the first role in `who` that somebody who is here holds."""
    return next((people for role in duty.who if (people := _role(role, case, context))), ())


def _role(role: str, case: Case, context: Context) -> tuple[str, ...]:
    if role == REPORTER:
        return (case.reporter,)
    if role == EVERYONE:
        return tuple(sorted(case.people))
    people = context.roster.acting(role, case.departments, case.school_class)
    stand_in = context.plan.roles[role].stand_in
    return people or (context.roster.acting(stand_in, case.departments, case.school_class) if stand_in else ())
