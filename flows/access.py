"""Who may do what with a case: refused unless a line here allows it; what a role is stands in the plan pack."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from flows.context import Context
from flows.incident import Case, Progress
from flows.plan import EVERYONE, REPORTER, Duty, Outcome


class Action(StrEnum):
    REPORT = "report"
    READ = "read"  # the dialog with the facts and the duties
    ANSWER = "answer"
    TICK = "tick"
    ASSESS = "assess"  # what each in the case must do alone, whatever else he may see
    DO = "do"  # a duty of one's own: do it, answer it, give it on, deviate from it
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
    DUTY_HOLDER = "duty_holder"  # has a duty that applies, or is asked whether it does
    HEAD = "head"  # acts now in a role that sees the department's cases as its own


ALLOWED: dict[Action, frozenset[Relation]] = {
    Action.REPORT: frozenset({Relation.STAFF}),
    Action.READ: frozenset({Relation.REPORTER, Relation.OWNER, Relation.ALERTED, Relation.HEAD}),
    Action.ANSWER: frozenset({Relation.REPORTER, Relation.OWNER}),
    Action.TICK: frozenset({Relation.REPORTER, Relation.COLLEAGUE, Relation.OWNER, Relation.DUTY_HOLDER}),
    # Whoever comes second is told who was first; nothing more can come of it.
    Action.TAKE: frozenset({Relation.ALERTED, Relation.PASSED_BY, Relation.HEAD, Relation.OWNER}),
    Action.CONFIRM: frozenset({Relation.COLLEAGUE}),
    Action.ASSESS: frozenset(Relation) - {Relation.STAFF},
    Action.DO: frozenset({Relation.REPORTER, Relation.OWNER, Relation.DUTY_HOLDER}),
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
    if any(person in concerned(duty, case, context) for duty in _applying(case, context)):
        yield Relation.DUTY_HOLDER
    if context.roster.sees_as_own(person, case.departments, context.plan, case.school_class):
        yield Relation.HEAD


def holds(person: str, duty: Duty, case: Case, context: Context) -> bool:
    """Say whether a duty of the case is this person's: of the first role in `who` that somebody holds."""
    return person in holders(duty, case, context)


def holders(duty: Duty, case: Case, context: Context) -> tuple[str, ...]:
    """Return whose a duty is now: who it was given to, or the first role in `who` that somebody who is here holds."""
    state = case.duties.get(duty.id)
    if state and state.delegate and context.roster.is_here(state.delegate):
        return (state.delegate,)
    found = next((people for role in duty.who if (people := _role(role, case, context))), ())
    return found or (_owner(case, context) if duty.may_delegate else ())


def brought_in(case: Case, context: Context) -> tuple[str, ...]:
    """Return those who have a duty, or are asked about one, and no other part in the case."""
    own = (case.reporter, case.taken_by, *((case.colleague.person,) if case.colleague else ()))
    found = {
        person: None
        for duty in _applying(case, context)
        if not duty.is_personal and case.duties[duty.id].progress is Progress.OPEN
        for person in _waited_for(duty, case, context)
        if person not in own
    }
    return tuple(found)


def concerned(duty: Duty, case: Case, context: Context) -> tuple[str, ...]:
    """Return whose a duty of the case is, and who is asked about it as long as it is not clear."""
    unclear = case.duties[duty.id].outcome is Outcome.CLARIFY
    return (*holders(duty, case, context), *(asked(duty, case, context) if unclear else ()))


def _waited_for(duty: Duty, case: Case, context: Context) -> tuple[str, ...]:
    waits = duty.waits_while(case.duties[duty.id].outcome)
    return asked(duty, case, context) if waits else holders(duty, case, context)


def asked(duty: Duty, case: Case, context: Context) -> tuple[str, ...]:
    """Return who may say whether a duty applies that the plan leaves to be clarified."""
    return _role(duty.asked, case, context) or (_owner(case, context) if duty.may_delegate else ())


def _owner(case: Case, context: Context) -> tuple[str, ...]:
    return (case.taken_by,) if case.taken_by and context.roster.person(case.taken_by) else ()


def _applying(case: Case, context: Context) -> Iterator[Duty]:
    """Yield the duties that bring somebody into a case: what can't wait, and the rest when it has been taken."""
    for name, state in case.duties.items():
        duty = context.plan.duties.get(name)
        if duty is None or state.progress is Progress.ENDED:
            continue
        if case.taken_by or (duty.deadline.immediate and state.outcome is Outcome.YES):
            yield duty


def _role(role: str, case: Case, context: Context) -> tuple[str, ...]:
    if role == REPORTER:
        return (case.reporter,)
    if role == EVERYONE:
        return tuple(sorted(case.people))
    if role in context.plan.owning_roles and (owner := _owner(case, context)):
        return owner  # whoever took the case acts as the head of the department in it. Source: T16
    people = context.roster.acting(role, case.departments, case.school_class)
    stand_in = context.plan.roles[role].stand_in
    return people or (context.roster.acting(stand_in, case.departments, case.school_class) if stand_in else ())
