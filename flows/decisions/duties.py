"""The duties of a case: raised, restated and ended as the facts change, ticked and unticked by those who hold them."""

from __future__ import annotations

from collections.abc import Mapping

from flows import commands as c
from flows import events as e
from flows.access import Relation, holds, relations
from flows.decisions.draft import Decision, Draft, Hint
from flows.duty import DECIDED, NEEDS_AGE, Disclosure, Duty, Outcome, Record, Until
from flows.incident import Case, DutyState, Progress
from flows.plan import AGE, MINOR
from flows.protocol import derive

UNDONE = "undone"  # why a duty ends that was done when the facts had already ruled it out


def rederive(draft: Draft, because: tuple[str, ...]) -> None:
    """Raise, restate and end duties so that they follow from the facts. Source: docs/decision-table.md.

    What hangs on another duty's decision follows that one, so the walk is repeated until nothing moves any more.
    """
    before = -1
    while len(draft.events) > before:
        before = len(draft.events)
        _walk(draft, because)
    if draft.case.colleague and draft.case.colleague.confirmed_at:
        set_colleague_duties(draft, done=True)
    if draft.case.taken_by:
        finish_alert_duties(draft)


def _walk(draft: Draft, because: tuple[str, ...]) -> None:
    case, plan = draft.case, draft.context.plan
    for name, derived in derive(plan, case.facts, elsewhere=case.elsewhere).items():
        duty, state = plan.duties[name], case.duties.get(name)
        outcome = _outcome(duty, state, derived, case)
        if state is None or state.progress is Progress.ENDED:
            if outcome is not Outcome.NO:
                draft.add(e.DutyRaised(name, outcome))
        elif state.progress is Progress.OPEN and outcome is Outcome.NO:
            draft.add(e.DutyEnded(name, because))  # what is under way ends only when somebody says so. Source: T19
        elif state.progress is Progress.OPEN and outcome is not state.outcome:
            draft.add(e.DutyRestated(name, outcome))


def _outcome(duty: Duty, state: DutyState | None, derived: Outcome, case: Case) -> Outcome:
    """Return what the facts, the answers, the decisions and the case's course make of a duty together."""
    if is_decided_against(duty, case) or _is_refuted(duty, case):
        return Outcome.NO
    return clarified(duty, state, case) if derived is Outcome.CLARIFY else derived


def _is_refuted(duty: Duty, case: Case) -> bool:
    """Say whether a suspicion that was nothing takes this duty with it.

    Not what each decides alone, nor what is left to do until the case is closed.
    """
    return case.refuted and not (duty.is_personal or duty.deadline.until is Until.CLOSED)


def clarified(duty: Duty, state: DutyState | None, case: Case) -> Outcome:
    """Return what a human has made of an *avklar*; a yes counts only as long as it may be said at all.

    Who has answered it for a decision has answered it for what hangs on that.
    """
    decided = case.duties.get(duty.only_if)
    answer = state.clarified if state else None
    answer = decided.clarified if answer is None and decided else answer
    if answer is None:
        return Outcome.CLARIFY
    if answer:
        return Outcome.CLARIFY if forbids_yes(duty, case) else Outcome.YES
    return Outcome.NO


def decision(duty: Duty, case: Case) -> str:
    """Return what was decided in the duty that this one hangs on: ja, nei, or nothing yet.

    Where nothing is to be decided, or something else is done than to decide, that is no yes: nothing waits for it.
    """
    state = case.duties.get(duty.only_if)
    if state is None or not state.progress.is_settled:
        return ""
    return state.record.get(DECIDED, "") if state.progress is Progress.DONE else Outcome.NO


def awaits_decision(duty: Duty, case: Case) -> bool:
    """Say whether a duty can't be done before the decision that it hangs on."""
    return duty.comes_after and decision(duty, case) != Outcome.YES


def is_decided_against(duty: Duty, case: Case) -> bool:
    return decision(duty, case) == Outcome.NO


def forbids_yes(duty: Duty, case: Case) -> Hint:
    """Return why nobody may say yes to a duty, where the facts leave it open: the law needs a fact first.

    Sources: T15 (age, at each disclosure), opplæringslova § 24-2 and T25 (consent).
    """
    if duty.disclosure in NEEDS_AGE and case.facts[AGE] != {MINOR}:
        return Hint.AGE_FIRST
    return Hint.CONSENT_FIRST if duty.disclosure is Disclosure.HEALTH else Hint.NONE


def set_colleague_duties(draft: Draft, *, done: bool) -> None:
    for duty in draft.context.plan.duties_in_force:
        if duty.asks_colleague:
            set_done(draft, duty.id, done=done)


def finish_alert_duties(draft: Draft) -> None:
    """«Varslet» means that a human has taken the case. Source: T09."""
    for duty in draft.context.plan.duties_in_force:
        if duty.alerts:
            set_done(draft, duty.id, done=True)


def set_done(draft: Draft, duty: str, *, done: bool, record: Mapping[str, str] | None = None) -> None:
    state, known = draft.case.duties.get(duty), draft.context.plan.duties.get(duty)
    if state and done and state.progress is Progress.OPEN:
        draft.add(e.DutyBegun(duty, record or {}) if known and known.lasts else e.DutyDone(duty, record or {}))
    elif state and not done and state.progress in (Progress.DONE, Progress.DEVIATED, Progress.UNDER_WAY):
        draft.add(e.DutyReopened(duty))


def may_not_do(draft: Draft, duty: Duty, person: str) -> Hint:
    """Return why a person can't do a duty of the case now, by a tick or with a form."""
    if not holds(person, duty, draft.case, draft.context):
        return Hint.NOT_YOURS
    if duty.waits_while(draft.case.duties[duty.id].outcome):
        return Hint.NOT_CLARIFIED
    return Hint.NONE if duty.ticked_by_hand else Hint.NOT_BY_HAND


def may_dispose(draft: Draft, person: str, duty: Duty) -> bool:
    """Say whether a duty is this person's to give on or to deviate from: its holder's, or the case's owner's.

    What only its own role may decide stays with that role. Source: opplæringslova § 13-1.
    """
    if holds(person, duty, draft.case, draft.context):
        return True
    return duty.may_delegate and Relation.OWNER in relations(person, draft.case, draft.context)


def _let_go(draft: Draft, duty: Duty, state: DutyState) -> None:
    """Let whoever was named by mistake follow the case no more. Source: T40."""
    for name, kind in duty.record.items():
        person = state.record.get(name, "")
        if kind is Record.PARTICIPANT and person in draft.case.participants:
            draft.add(e.LetGo(person))


def tick(draft: Draft, command: c.TickDuty | c.UntickDuty) -> Decision:
    duty = draft.context.plan.duties.get(command.duty)
    state = draft.case.duties.get(command.duty)
    if duty is None or state is None or state.progress is Progress.ENDED:
        return draft.decision(Hint.NO_LONGER)
    is_own_deviation = state.progress is Progress.DEVIATED and may_dispose(draft, command.by, duty)
    why_not = may_not_do(draft, duty, command.by)
    if why_not and not (is_own_deviation and isinstance(command, c.UntickDuty)):
        return draft.decision(why_not)
    if isinstance(command, c.TickDuty) and (DECIDED in duty.record or awaits_decision(duty, draft.case)):
        return draft.decision(Hint.DECISION_FIRST)  # a decision is noted in its form, with its reasons
    if isinstance(command, c.TickDuty) and duty.form:
        return draft.decision(Hint.FORM_NEEDED)  # its button opens the form
    if isinstance(command, c.UntickDuty):
        _let_go(draft, duty, state)
    set_done(draft, duty.id, done=isinstance(command, c.TickDuty))
    rederive(draft, (UNDONE,))  # what is undone is what the facts say now
    return draft.decision(Hint.NONE if draft.events else Hint.ALREADY_DONE)
