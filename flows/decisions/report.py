"""The report and the answers that follow it: what, where, which class, and whatever the plan asks next."""

from __future__ import annotations

from flows import commands as c
from flows import events as e
from flows.access import Action, may
from flows.context import Context
from flows.decisions.alert import escalate_anew, needs_new_alert, released_by
from flows.decisions.colleague import name_colleague
from flows.decisions.draft import Decision, Draft, Hint, departments_of, programme_of
from flows.decisions.duties import rederive
from flows.decisions.follow_up import watch
from flows.decisions.own_duty import bring_in
from flows.effects import Kind, Notify
from flows.incident import Case
from flows.plan import CLASS, PLACE
from flows.protocol import starting_facts
from flows.school import Place


def report(case: Case | None, command: c.Report, context: Context) -> Decision:
    if case is not None:
        return Decision(case, hint=Hint.ALREADY_DONE)
    if not may(command.by, Action.REPORT, None, context):
        return Decision(None, hint=Hint.NO_ACCESS)
    if not set(context.plan.facts_asked_first()) <= set(command.facts):
        return Decision(None, hint=Hint.NO_LONGER)  # a form of another edition of the plan
    plan, draft = context.plan, Draft(None, command.case_id, command.by, context)
    place = _place(command.place, context)
    start = starting_facts(plan, programme_of(command.school_class, context))
    reported = e.Reported(
        number=command.number,
        plan=plan.id,
        edition=plan.edition,
        place=place.name,
        grounds=place.grounds,
        school_class=command.school_class,
        departments=departments_of(command.school_class, context),
        facts={**{name: tuple(sorted(values)) for name, values in start.items()}, **command.facts},
        answered=tuple(command.facts),
    )
    begin(draft, reported)
    return draft.decision()


def begin(draft: Draft, reported: e.Reported) -> None:
    """Let a case begin: its duties apply, the reporter follows it, and the alert leaves."""
    draft.add(reported)
    rederive(draft, ())
    draft.effects.append(Notify(draft.case.reporter, Kind.STATUS, "status"))
    escalate_anew(draft)
    bring_in(draft)
    watch(draft)


def _place(name: str, context: Context) -> Place:
    return context.roster.school.places.get(name, Place(name, grounds=None))


def answer(draft: Draft, command: c.Answer) -> Decision:
    before = draft.case
    changed = _changed_facts(draft, command)
    if changed:
        draft.add(e.Answered({name: command.facts[name] for name in changed}))
    because = [name for name in changed if before.facts[name] != draft.case.facts[name]]
    because += _correct_place(draft, command) + _correct_class(draft, command)
    if draft.case.refuted and not draft.context.plan.may_be_refuted(draft.case.facts):
        draft.add(e.RefutationRevoked())  # it is more than a suspicion now
    if because:
        rederive(draft, tuple(because))
    name_colleague(draft, command.colleague)
    if _is_anothers_now(before, draft):
        draft.add(e.HandedOver(draft.case.departments, ()))
        escalate_anew(draft)
    elif draft.case.is_waiting and needs_new_alert(before, draft):
        escalate_anew(draft)
    return draft.decision(Hint.NONE if draft.events else Hint.UNCHANGED)


def _is_anothers_now(before: Case, draft: Draft) -> bool:
    """Say whether the class that has come out is of a department that whoever has the case has no role in."""
    case, roster = draft.case, draft.context.roster
    if not case.taken_by or case.departments == before.departments:
        return False
    if roster.sees_as_own(case.taken_by, case.departments, draft.context.plan):
        return False
    roles = draft.context.plan.owning_roles
    return not any(case.taken_by in roster.holders(role, department=d) for role in roles for d in case.departments)


def _changed_facts(draft: Draft, command: c.Answer) -> list[str]:
    """Return the facts that are answered anew, also those whose answer is the value they started with."""
    case = draft.case
    return [
        name
        for name, values in command.facts.items()
        if name in case.facts and (case.facts[name] != frozenset(values) or name not in case.answered)
    ]


def _correct_place(draft: Draft, command: c.Answer) -> list[str]:
    if command.place is None or command.place == draft.case.place:
        return []
    place = _place(command.place, draft.context)
    draft.add(e.PlaceCorrected(place.name, place.grounds))
    return [PLACE]


def _correct_class(draft: Draft, command: c.Answer) -> list[str]:
    """Correct the class, and with it what the class alone settles (yrkesfag)."""
    if command.school_class is None or command.school_class == draft.case.school_class:
        return []
    departments = departments_of(command.school_class, draft.context)
    released = released_by(draft, departments)
    settled = _settled(draft, command.school_class)
    draft.add(e.ClassCorrected(command.school_class, departments, released, settled))
    return [CLASS, *settled]


def _settled(draft: Draft, school_class: str) -> e.Answers:
    """Return what the class makes of the facts it bears on: an answer that still can be stays as it is. T18."""
    case, plan = draft.case, draft.context.plan
    programme = programme_of(school_class, draft.context)
    start = starting_facts(plan, programme)
    bears_on = {
        name: fact.by_programme.get(programme, fact.values) for name, fact in plan.facts.items() if fact.by_programme
    }
    return {
        name: tuple(sorted(start[name]))
        for name, possible in bears_on.items()
        if case.facts[name] != start[name] and not (name in case.answered and case.facts[name] <= set(possible))
    }
