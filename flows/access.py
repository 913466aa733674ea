"""Who may do what with a case: refused unless a line here allows it; what a role is stands in the plan pack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from flows.context import Context
from flows.duty import EVERYONE, REPORTER, Duty, Outcome
from flows.incident import Case, Progress
from flows.plan import Sees
from flows.roster import Absence


class Action(StrEnum):
    REPORT = "report"
    READ = "read"  # the dialog with the facts and the duties
    ANSWER = "answer"
    TICK = "tick"
    ASSESS = "assess"  # what each in the case must do alone, whatever else he may see
    DO = "do"  # a duty of one's own: do it, answer it, give it on, deviate from it
    FOLLOW = "follow"  # one's own part, and how far the rest has come where one is to be kept informed
    TAKE = "take"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"  # the alert was a mistake
    LEAD = "lead"  # hand the case over, find it refuted, close it
    REOPEN = "reopen"
    START_DRILL = "start_drill"
    END_DRILL = "end_drill"


class Relation(StrEnum):
    """What a person is to a case."""

    STAFF = "staff"
    REPORTER = "reporter"
    COLLEAGUE = "colleague"  # asked to be the second adult
    OWNER = "owner"  # has taken the case
    ALERTED = "alerted"  # has been asked to take it, and nobody has yet
    PASSED_BY = "passed_by"  # was asked to take it, and somebody else has
    DUTY_HOLDER = "duty_holder"  # has a duty that applies, or is asked whether it does
    PARTICIPANT = "participant"  # is kept informed, and takes part
    HEAD = "head"  # acts now in a role that sees the department's cases as its own
    STARTER = "starter"  # has started this drill
    DRILLED = "drilled"  # takes part in this drill


ALLOWED: dict[Action, frozenset[Relation]] = {
    Action.REPORT: frozenset({Relation.STAFF}),
    Action.READ: frozenset({Relation.REPORTER, Relation.OWNER, Relation.ALERTED, Relation.HEAD}),
    Action.ANSWER: frozenset({Relation.REPORTER, Relation.OWNER}),
    Action.TICK: frozenset({Relation.REPORTER, Relation.COLLEAGUE, Relation.OWNER, Relation.DUTY_HOLDER}),
    # Whoever comes second is told who was first; nothing more can come of it.
    Action.TAKE: frozenset({Relation.ALERTED, Relation.PASSED_BY, Relation.HEAD, Relation.OWNER}),
    Action.CONFIRM: frozenset({Relation.COLLEAGUE}),
    Action.ASSESS: frozenset(Relation) - {Relation.STAFF, Relation.STARTER, Relation.DRILLED},
    Action.DO: frozenset({Relation.REPORTER, Relation.OWNER, Relation.DUTY_HOLDER}),
    Action.FOLLOW: frozenset({Relation.REPORTER, Relation.OWNER, Relation.DUTY_HOLDER, Relation.PARTICIPANT}),
    Action.WITHDRAW: frozenset({Relation.REPORTER, Relation.OWNER}),
    Action.LEAD: frozenset({Relation.OWNER}),
    Action.REOPEN: frozenset(),
    Action.START_DRILL: frozenset(),  # there is no case yet: who may, `drill.py` says
    Action.END_DRILL: frozenset({Relation.STARTER, Relation.DRILLED}),
}

# Of a case that is closed: whoever led it may look and open it again, and nobody loses the duty to report.
WHEN_CLOSED: dict[Action, frozenset[Relation]] = {
    Action.REPORT: ALLOWED[Action.REPORT],
    Action.READ: frozenset({Relation.OWNER, Relation.HEAD}),
    Action.ASSESS: ALLOWED[Action.ASSESS],
    Action.REOPEN: frozenset({Relation.OWNER, Relation.HEAD}),
}
WHEN_OVER: dict[Action, frozenset[Relation]] = {}  # of a drill: its review says all there is to say


def may(person: str, action: Action, case: Case | None, context: Context) -> bool:
    """Say whether a person may; for a case that doesn't exist, nobody may anything but report."""
    allowed = ALLOWED
    if case is not None and case.is_closed:
        allowed = WHEN_OVER if case.drill else WHEN_CLOSED
    return not allowed.get(action, frozenset()).isdisjoint(relations(person, case, context))


def has_part(person: str, case: Case, context: Context) -> bool:
    """Say whether a person is anything to a case beside being of the staff."""
    return bool(relations(person, case, context) - {Relation.STAFF})


def parties(case: Case, context: Context) -> frozenset[str]:
    """Return everybody who is anything to a case now; whoever has left is nobody."""
    found = {case.reporter, case.taken_by, *case.participants, *case.earlier_colleagues}
    found |= {alert.person for alert in case.alerts}
    found |= {case.colleague.person} if case.colleague else set()
    found |= {person for duty in applying(case, context) for person in concerned(duty, case, context)}
    heads = (name for name, role in context.plan.roles.items() if role.sees is Sees.OWN)
    own_class = _own_class(case, context)
    found |= {person for role in heads for person in context.roster.acting(role, case.departments, own_class)}
    found |= {case.drill.starter, *case.drill.participants} if case.drill else set()
    return frozenset(person for person in found if context.roster.known(person))


def relations(person: str, case: Case | None, context: Context) -> frozenset[Relation]:
    """Return all that a person is to a case now."""
    return frozenset(_relations(person, case, context))


def _relations(person: str, case: Case | None, context: Context) -> Iterator[Relation]:
    if case and case.drill and person == case.drill.starter and context.roster.known(person):
        yield Relation.STARTER  # who need not take part
    if context.roster.person(person) is None:
        return  # somebody who has left has no part in anything
    yield Relation.STAFF
    if case is None:
        return
    yield from _named(person, case)
    if any(person in concerned(duty, case, context) for duty in applying(case, context)):
        yield Relation.DUTY_HOLDER
    if context.roster.sees_as_own(person, case.departments, context.plan, _own_class(case, context)):
        yield Relation.HEAD


def _named(person: str, case: Case) -> Iterator[Relation]:
    """Yield what the case itself says that somebody is to it, whatever roles there are."""
    if person == case.reporter:
        yield Relation.REPORTER
    if person == case.taken_by:
        yield Relation.OWNER
    if any(alert.person == person for alert in case.alerts):
        yield Relation.ALERTED if case.is_waiting else Relation.PASSED_BY
    if person in case.earlier_colleagues or (case.colleague and case.colleague.person == person):
        yield Relation.COLLEAGUE
    if person in case.participants:
        yield Relation.PARTICIPANT
    if case.drill:
        yield Relation.DRILLED  # nobody else is there


def holds(person: str, duty: Duty, case: Case, context: Context) -> bool:
    """Say whether a duty of the case is this person's: of the first role in `who` that somebody holds."""
    return person in holders(duty, case, context)


def holders(duty: Duty, case: Case, context: Context) -> tuple[str, ...]:
    """Return whose a duty is now: who it was given to, or the first role in `who` that somebody who is here holds."""
    state = case.duties.get(duty.id)
    if state and state.delegate and context.roster.is_here(state.delegate):
        return (state.delegate,)
    found = next((people for role in duty.who if (people := holders_of(role, case, context))), ())
    return found or (leaders(case, context) if duty.may_delegate else ())


def leaders(case: Case, context: Context) -> tuple[str, ...]:
    """Return who leads a case that is taken: its owner, or while the owner is away whoever acts for him. T16."""
    owner, roster = case.taken_by, context.roster
    if not owner or roster.is_here(owner):
        return (owner,) if owner else ()
    first = context.plan.escalation[case.escalation.chain][0] if case.escalation else None
    acting = roster.acting(first.role, case.departments) if first else ()
    return acting or ((owner,) if roster.person(owner) else ())


def may_take(person: str, case: Case, context: Context) -> bool:
    """Say whether somebody could take the case now: nobody has it, or whoever has it is away, or wants it back."""
    if case.is_closed or not may(person, Action.TAKE, case, context):
        return False
    if case.is_waiting:
        return person != case.taken_by or case.handed_over
    is_head = Relation.HEAD in relations(person, case, context)
    return is_head and not context.roster.is_here(case.taken_by)


def above(case: Case, context: Context) -> tuple[str, ...]:
    """Return who is told where those who lead a case let something lie: the last level of its alert."""
    if case.escalation is None:
        return ()
    last = context.plan.escalation[case.escalation.chain][-1]
    return context.roster.acting(last.role, case.departments, deputy=last.to_deputy)


def brought_in(case: Case, context: Context) -> tuple[str, ...]:
    """Return those who have a duty, or are asked about one, and no other part in the case.

    Not those who act for somebody who is away: they are told of it for each absence.
    """
    own = (case.reporter, case.taken_by, *((case.colleague.person,) if case.colleague else ()))
    found = {
        person: None
        for duty in applying(case, context)
        if not duty.is_personal and not case.duties[duty.id].progress.is_settled
        for person in waited_for(duty, case, context)
        if person not in own
        and person != case.duties[duty.id].delegate  # who is given a duty is told of it then
        and person not in dict(acting_for(duty, case, context))
    }
    return tuple(found)


def concerned(duty: Duty, case: Case, context: Context) -> tuple[str, ...]:
    """Return whose a duty of the case is, and who is asked about it as long as it is not clear."""
    unclear = case.duties[duty.id].outcome is Outcome.CLARIFY
    return (*holders(duty, case, context), *(asked(duty, case, context) if unclear else ()))


def waited_for(duty: Duty, case: Case, context: Context) -> tuple[str, ...]:
    """Return who is to act on an open duty: whoever has it, or is asked whether it applies."""
    waits = duty.waits_while(case.duties[duty.id].outcome)
    return asked(duty, case, context) if waits else holders(duty, case, context)


def acting_for(duty: Duty, case: Case, context: Context) -> Iterator[tuple[str, Absence]]:
    """Yield who is to act on an open duty only because the owner is away, or who was given it; with that absence."""
    for away in sorted({case.taken_by, case.duties[duty.id].delegate} & context.roster.absent):
        absence = context.roster.absence_of(away, context.now)
        there = waited_for(duty, case, replace(context, roster=context.roster.as_if_here(away)))
        if absence:
            yield from ((person, absence) for person in waited_for(duty, case, context) if person not in there)


def asked(duty: Duty, case: Case, context: Context) -> tuple[str, ...]:
    """Return who may say whether a duty applies that the plan leaves to be clarified; one question is asked once."""
    if hangs_on_question(duty, case):
        return ()
    return holders_of(duty.asked, case, context) or (leaders(case, context) if duty.may_delegate else ())


def hangs_on_question(duty: Duty, case: Case) -> bool:
    """Say whether the decision that a duty hangs on has yet to be clarified itself: that answer is this one's too."""
    decided = case.duties.get(duty.only_if)
    return decided is not None and decided.progress is Progress.OPEN and decided.outcome is Outcome.CLARIFY


def applying(case: Case, context: Context) -> Iterator[Duty]:
    """Yield the duties that bring somebody into a case: what can't wait, and the rest when it has been taken."""
    for name, state in case.duties.items():
        duty = context.plan.duties.get(name)
        if duty is None or state.progress is Progress.ENDED:
            continue
        if case.taken_by or (duty.deadline.immediate and state.outcome is Outcome.YES):
            yield duty


def holders_of(role: str, case: Case, context: Context) -> tuple[str, ...]:
    """Return who acts in a role for a case now."""
    if role == REPORTER:
        return (case.reporter,) if context.roster.person(case.reporter) else ()
    if role == EVERYONE:
        return tuple(sorted(case.people))
    if role in context.plan.owning_roles and (leading := leaders(case, context)):
        return leading  # whoever took the case acts as the head of the department in it. Source: T16
    people = context.roster.acting(role, case.departments, _own_class(case, context))
    stand_in = context.plan.roles[role].stand_in
    return people or (context.roster.acting(stand_in, case.departments, _own_class(case, context)) if stand_in else ())


def _own_class(case: Case, context: Context) -> str:
    """Return the case's class, unless the case has been given to a department that it isn't of."""
    known = context.roster.school.classes.get(case.school_class)
    return case.school_class if known and known.department in case.departments else ""
