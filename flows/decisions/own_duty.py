"""What people do with the duties that are theirs: do them, say whether they apply, give them on, or deviate."""

from __future__ import annotations

from collections.abc import Mapping

from flows import commands as c
from flows import events as e
from flows.access import acting_for, asked, brought_in, holders_of, holds
from flows.decisions.draft import Decision, Draft, Hint
from flows.decisions.duties import awaits_decision, forbids_yes, may_dispose, may_not_do, rederive, set_done
from flows.decisions.follow_up import remindable
from flows.duty import DECIDED, REPORTER, YES, Disclosure, Duty, Outcome, Record, Until
from flows.effects import Kind, Notify
from flows.incident import DutyState, Progress
from flows.plan import Fact

TAKEN_BACK = "taken_back"  # why a duty ends: the pupil's own yes no longer stands


def bring_in(draft: Draft) -> None:
    """Tell everybody who has a duty now that they have; the promise's key makes it once for each.

    Whoever acts for somebody who is away is told whatever else he is to the case, once for each absence.
    """
    case, context = draft.case, draft.context
    if case.is_closed:
        return
    draft.effects.extend(Notify(person, Kind.DUTIES, f"duties/{person}") for person in brought_in(case, context))
    acting = dict.fromkeys(each for duty in remindable(case, context) for each in acting_for(duty, case, context))
    draft.effects.extend(Notify(each, Kind.DUTIES, f"duties/{each}/{absence.id}") for each, absence in acting)


def do(draft: Draft, command: c.DoDuty) -> Decision:
    found = _open(draft, command.duty)
    if isinstance(found, Hint):
        return draft.decision(found)
    duty, _ = found
    if why_not := may_not_do(draft, duty, command.by):
        return draft.decision(why_not)
    if awaits_decision(duty, draft.case):
        return draft.decision(Hint.DECISION_FIRST)
    noted = _noted(duty.record, command.record)
    if not duty.needed(noted) <= set(noted):
        return draft.decision(Hint.FORM_NEEDED)
    if noted.get(DECIDED) == Outcome.YES and (why_not := _not_yet_decided(draft, duty, noted)):
        return draft.decision(why_not)
    set_done(draft, duty.id, done=True, record=noted)
    _bring_participants(draft, duty, noted)
    rederive(draft, (duty.id,))
    return draft.decision()


def end(draft: Draft, command: c.EndDuty) -> Decision:
    """Note that a duty that lasts is over. Source: B2.1, T19."""
    duty, state = draft.context.plan.duties.get(command.duty), draft.case.duties.get(command.duty)
    if duty is None or state is None or duty.lasts is None or state.progress is Progress.ENDED:
        return draft.decision(Hint.NO_LONGER)
    if state.progress is not Progress.UNDER_WAY:
        return draft.decision(Hint.ALREADY_DONE if state.progress.is_settled else Hint.NO_LONGER)
    if not holds(command.by, duty, draft.case, draft.context):
        return draft.decision(Hint.NOT_YOURS)
    noted = _noted(duty.lasts.record, command.record)
    if not set(duty.lasts.record) <= set(noted):
        return draft.decision(Hint.FORM_NEEDED)
    draft.add(e.DutyDone(duty.id, noted))
    rederive(draft, (duty.id,))
    return draft.decision()


def _noted(asked: Mapping[str, Record], record: Mapping[str, str]) -> dict[str, str]:
    """Return what the plan asks to be noted of a duty, and nothing else."""
    return {name: value.strip() for name, value in record.items() if name in asked and value.strip()}


def _not_yet_decided(draft: Draft, duty: Duty, noted: Mapping[str, str]) -> Hint:
    """Return why a decision can't be a yes now: the law wants something first. Source: opplæringslova § 13-1."""
    if any(kind is Record.YES_BEFORE and noted.get(name) != YES for name, kind in duty.record.items()):
        return Hint.MILDER_FIRST
    unheard = _unheard(draft, duty)
    if Outcome.CLARIFY in unheard:
        return Hint.AGE_FIRST
    return Hint.HEAR_FIRST if unheard else Hint.NONE


def _bring_participants(draft: Draft, duty: Duty, noted: Mapping[str, str]) -> None:
    """Let whoever has been informed follow the case from now on. Source: B5.2."""
    for name, kind in duty.record.items():
        person = noted.get(name, "")
        if kind is Record.PARTICIPANT and person and person not in draft.case.participants:
            draft.add(e.BroughtIn(person))
            _ask_again(draft)
            draft.effects.append(Notify(person, Kind.DUTIES, f"duties/{person}"))


def _unheard(draft: Draft, decided: Duty) -> set[Outcome]:
    """Return what is open of hearing those who are to be heard before the decision. Source: forvaltningsloven § 16."""
    duties = draft.context.plan.duties
    return {
        state.outcome
        for name, state in draft.case.duties.items()
        if name in duties
        and duties[name].only_if == decided.id
        and duties[name].deadline.until is Until.BORTVISNING
        and state.progress is Progress.OPEN
    }


def _ask_again(draft: Draft) -> None:
    """Let what each must decide alone be open again: somebody has come in who hasn't. Source: opplæringslova § 24-3."""
    for duty in draft.context.plan.duties_in_force:
        if duty.is_personal:
            set_done(draft, duty.id, done=False)


def clarify(draft: Draft, command: c.ClarifyDuty) -> Decision:
    """Take in the facts first: what they settle needs no opinion, and what they forbid allows none."""
    found = _open(draft, command.duty)
    if isinstance(found, Hint):
        return draft.decision(found)
    duty, _ = found
    if command.by not in asked(duty, draft.case, draft.context):
        return draft.decision(Hint.NOT_YOURS)
    before = draft.case.facts
    facts = {
        name: values for name, values in command.facts.items() if name in duty.facts and before[name] != set(values)
    }
    if facts:
        draft.add(e.Answered(facts))
        rederive(draft, tuple(facts))
    return draft.decision(_say(draft, duty, command.applies))


def _say(draft: Draft, duty: Duty, applies: bool | None) -> Hint:  # noqa: FBT001 - yes, no, or nothing said
    if draft.case.duties[duty.id].outcome is not Outcome.CLARIFY or applies is None:
        return Hint.NONE if draft.events else Hint.UNCHANGED
    if applies and (forbidden := forbids_yes(duty, draft.case)):
        return forbidden
    draft.add(e.DutyClarified(duty.id, applies))
    rederive(draft, (duty.id,))
    return Hint.NONE


def answer_fact(draft: Draft, command: c.AnswerFact) -> Decision:
    """Take in what a role has been told, in its own time; a yes that is taken back says so. Source: B7.2, T25."""
    fact, known = draft.context.plan.facts.get(command.fact), draft.case.facts.get(command.fact)
    if fact is None or known is None or not asked_of_a_role(fact):
        return draft.decision(Hint.NO_LONGER)
    if command.by not in holders_of(fact.ask, draft.case, draft.context):
        return draft.decision(Hint.NOT_YOURS)
    if known == set(command.values):
        return draft.decision(Hint.UNCHANGED)
    draft.add(e.Answered({command.fact: command.values}))
    taken_back = known == {YES} and any(command.fact in duty.facts for duty in _by_consent(draft))
    rederive(draft, (TAKEN_BACK if taken_back else command.fact,))
    return draft.decision()


def _by_consent(draft: Draft) -> list[Duty]:
    return [duty for duty in draft.context.plan.duties_in_force if duty.disclosure is Disclosure.HEALTH]


def asked_of_a_role(fact: Fact) -> bool:
    """Say whether a fact isn't the reporter's to answer, but a role's, as the pupil's own consent is."""
    return bool(fact.start) and fact.ask != REPORTER


def assess(draft: Draft, command: c.AssessDuty) -> Decision:
    """Note one person's own assessment; it needs nobody's permission, and no answer to anything else."""
    duty, state = draft.context.plan.duties.get(command.duty), draft.case.duties.get(command.duty)
    if duty is None or state is None or not duty.is_personal or state.progress is Progress.ENDED:
        return draft.decision(Hint.NO_LONGER)
    noted = _noted(duty.record, command.record)
    if state.assessed.get(command.by) == noted:
        return draft.decision(Hint.ALREADY_DONE)
    draft.add(e.DutyAssessed(duty.id, noted))
    present = {person for person in draft.case.people if draft.context.roster.person(person)}
    if present <= set(draft.case.duties[duty.id].assessed):
        set_done(draft, duty.id, done=True)
    return draft.decision()


def delegate(draft: Draft, command: c.DelegateDuty) -> Decision:
    found = _open(draft, command.duty)
    if isinstance(found, Hint):
        return draft.decision(found)
    duty, state = found
    if not may_dispose(draft, command.by, duty):
        return draft.decision(Hint.NOT_YOURS)
    if not duty.may_delegate or not duty.ticked_by_hand:
        return draft.decision(Hint.NOT_DELEGATED)
    if not draft.context.roster.is_here(command.person):
        return draft.decision(Hint.NOBODY_THERE)
    if state.delegate == command.person:
        return draft.decision(Hint.ALREADY_DONE)
    draft.add(e.DutyDelegated(duty.id, command.person))
    if command.person != command.by:
        draft.effects.append(Notify(command.person, Kind.DUTIES, f"duties/{command.person}/{draft.case.version}"))
    return draft.decision()


def deviate(draft: Draft, command: c.DeviateFromDuty) -> Decision:
    found = _open(draft, command.duty)
    if isinstance(found, Hint):
        return draft.decision(found)
    duty, _ = found
    if duty.is_personal:
        return draft.decision(Hint.NOT_BY_HAND)
    if not may_dispose(draft, command.by, duty):
        return draft.decision(Hint.NOT_YOURS)
    if not command.reason.strip():
        return draft.decision(Hint.REASON_NEEDED)
    draft.add(e.DutyDeviated(duty.id, command.reason.strip()))
    rederive(draft, (duty.id,))
    return draft.decision()


def _open(draft: Draft, name: str) -> tuple[Duty, DutyState] | Hint:
    duty, state = draft.context.plan.duties.get(name), draft.case.duties.get(name)
    if duty is None or state is None or state.progress is Progress.ENDED:
        return Hint.NO_LONGER
    return (duty, state) if state.progress is Progress.OPEN else Hint.ALREADY_DONE
