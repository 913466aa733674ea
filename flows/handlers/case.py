"""Acts about a case as a whole: look at it, take it, confirm being there, and each step of its course."""

from __future__ import annotations

from collections.abc import Callable

from flows import commands as c
from flows import messages as m
from flows.access import Action, may
from flows.cards import Card
from flows.decisions.draft import Decision, Hint
from flows.incident import Case
from flows.intent import Intent
from flows.language import Text
from flows.port import WHOLE_FORM, Reply
from flows.screens.answers import hint
from flows.screens.case import case_dialog
from flows.screens.compose import compose
from flows.screens.duties import duties_dialog
from flows.screens.words import View
from flows.situation import Response, Situation, Values, WithCase
from flows.wishes import Wish


def show(at: Situation, case: Case, _: Intent, __: Values) -> Response:
    return Response(Reply(dialog=case_dialog(at.view, case)))


def show_duties(at: Situation, case: Case, _: Intent, __: Values) -> Response:
    return Response(Reply(dialog=duties_dialog(at.view, case)))


def tick(at: Situation, case: Case, intent: Intent, _: Values) -> Response:
    command = c.TickDuty if intent.wish is Wish.TICK else c.UntickDuty
    return _shown(at, case, at.decided(case, command(at.view.viewer, intent.part)))


def pressed(command: Callable[[str], c.Command]) -> WithCase:
    """Return a handler for a button that needs no form: a command by whoever presses it."""

    def handle(at: Situation, case: Case, _: Intent, __: Values) -> Response:
        return _shown(at, case, at.decided(case, command(at.view.viewer)))

    return handle


def _shown(at: Situation, case: Case, decision: Decision) -> Response:
    """Answer with what the button stood in, as it is now: its message, or the case's dialog."""
    now, notice = decision.case or case, at.said(decision, None)
    if at.pressed is not None:
        return Response(Reply(card=compose(at.pressed, at.view, now), notice=notice), decision)
    if any(may(at.view.viewer, action, now, at.view.context) for action in (Action.READ, Action.FOLLOW)):
        return _listed(at, now, decision, None)
    return Response(Reply(notice=notice or at.view.say(m.SAVED)), decision)


def back_to_the_list(at: Situation, case: Case, decision: Decision) -> Response:
    """Answer a form that changed something with the list; one that couldn't stays open and says why."""
    if decision.hint is not Hint.NONE and not decision.events:
        return Response(Reply(faults={WHOLE_FORM: hint(decision.hint, at.view, case)}))
    now = decision.case or case
    if any(may(at.view.viewer, action, now, at.view.context) for action in (Action.READ, Action.FOLLOW)):
        return _listed(at, now, decision, m.SAVED)
    return Response(Reply(notice=at.said(decision, m.SAVED)), decision)


def _listed(at: Situation, case: Case, decision: Decision, otherwise: Text | None) -> Response:
    """Answer with the list that a duty stood in: the whole case, or one's own part of it."""
    reads = may(at.view.viewer, Action.READ, case, at.view.context)
    dialog = case_dialog(at.view, case) if reads else duties_dialog(at.view, case)
    return Response(Reply(dialog=dialog, notice=at.said(decision, otherwise)), decision)


def opens(screen: Callable[[View, Case], Card]) -> WithCase:
    """Return a handler that opens a dialog about the case."""

    def handle(at: Situation, case: Case, _: Intent, __: Values) -> Response:
        return Response(Reply(dialog=screen(at.view, case)))

    return handle


def hands_in(read: Callable[[Values, View, Case], tuple[c.Command, dict[str, str]]]) -> WithCase:
    """Return a handler for a form about the case; it stays open as long as it can't be used."""

    def handle(at: Situation, case: Case, _: Intent, values: Values) -> Response:
        command, faults = read(values, at.view, case)
        if faults:
            return Response(Reply(faults=faults))
        return back_to_the_list(at, case, at.decided(case, command))

    return handle
