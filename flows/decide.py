"""What a command makes of a case: events, and what to promise. Pure and total: every command gets an answer.

This is the table of contents; each entry's own file stands in `decisions/`. Whether the person may at all is asked
here, first, for all commands alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flows import commands as c
from flows.access import Action, has_part, may
from flows.context import Context
from flows.decisions.alert import escalate, note_delivery, note_unreached, take
from flows.decisions.colleague import confirm, decline
from flows.decisions.course import close, end_drill, erase, hand_over, name_pupil, refute, reopen, revoke, withdraw
from flows.decisions.draft import Decision, Draft, Hint
from flows.decisions.drill import start_drill
from flows.decisions.duties import tick
from flows.decisions.follow_up import follow_up, watch
from flows.decisions.own_duty import answer_fact, assess, bring_in, clarify, delegate, deviate, do, end
from flows.decisions.report import answer, report
from flows.incident import Case

_Handler = Callable[[Draft, Any], Decision]

_HANDLERS: dict[type[c.Command], tuple[Action, _Handler]] = {
    c.Answer: (Action.ANSWER, answer),
    c.ConfirmPresence: (Action.CONFIRM, confirm),
    c.DeclinePresence: (Action.CONFIRM, decline),
    c.TickDuty: (Action.TICK, tick),
    c.UntickDuty: (Action.TICK, tick),
    c.DoDuty: (Action.DO, do),
    c.EndDuty: (Action.DO, end),
    c.ClarifyDuty: (Action.DO, clarify),
    c.AnswerFact: (Action.DO, answer_fact),
    c.AssessDuty: (Action.ASSESS, assess),
    c.DelegateDuty: (Action.DO, delegate),
    c.DeviateFromDuty: (Action.DO, deviate),
    c.Take: (Action.TAKE, take),
    c.HandOver: (Action.LEAD, hand_over),
    c.NamePupil: (Action.ANSWER, name_pupil),
    c.Refute: (Action.LEAD, refute),
    c.RevokeRefutation: (Action.LEAD, revoke),
    c.Withdraw: (Action.WITHDRAW, withdraw),
    c.Close: (Action.LEAD, close),
    c.Reopen: (Action.REOPEN, reopen),
    c.EndDrill: (Action.END_DRILL, end_drill),
    c.Escalate: (Action.TAKE, escalate),
    c.NoteDelivery: (Action.TAKE, note_delivery),
    c.NoteUnreached: (Action.TAKE, note_unreached),
    c.FollowUp: (Action.READ, follow_up),
    c.Erase: (Action.READ, erase),
}


def decide(case: Case | None, command: c.Command, context: Context) -> Decision:
    """Return what happens, given a command, the case so far and the context."""
    if isinstance(command, c.Report):
        return report(case, command, context)
    if isinstance(command, c.StartDrill):
        return start_drill(case, command, context)
    action, handle = _HANDLERS[type(command)]
    if case is None or (command.by != c.BOT and not may(command.by, action, case, context)):
        return Decision(case, hint=refusal(command.by, case, context))
    draft = Draft(case, case.id, command.by, context)
    decision = handle(draft, command)
    if decision.events or isinstance(command, c.FollowUp):
        bring_in(draft)
        watch(draft)
    return replace(decision, effects=tuple(draft.effects))


def refusal(person: str, case: Case | None, context: Context) -> Hint:
    """Return why somebody may not: the case is closed, where it was their affair; else no word about it."""
    if case is not None and case.is_closed and has_part(person, case, context):
        return Hint.CLOSED
    return Hint.NO_ACCESS
