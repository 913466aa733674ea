"""Acts about drills: look for one, start it, end it; all else in a drill is done as in any case."""

from __future__ import annotations

from dataclasses import replace

from flows import commands as c
from flows import drill_messages as d
from flows.access import Action
from flows.decide import decide
from flows.decisions.draft import Hint
from flows.drill import inside, may_start
from flows.handlers.case import pressed
from flows.incident import Case
from flows.intent import Intent
from flows.port import WHOLE_FORM, Reply
from flows.screens.answers import hint
from flows.screens.drill import briefing_dialog, drill_dialog, read_drill
from flows.situation import Response, Situation, Values


def show(at: Situation, _: Intent, __: Values) -> Response:
    shown = tuple(case.id for _, case in at.own_cases if case.drill)
    return Response(Reply(dialog=drill_dialog(at.view, at.case_id, at.own_cases)), looked_at=shown)


def start(at: Situation, values: Values) -> Response:
    """Start a drill, or say again that the same form has started one."""
    view = at.view
    if at.case is not None:
        is_own = at.case.drill is not None and at.case.drill.starter == view.viewer
        shown = (
            Reply(dialog=briefing_dialog(view, at.case)) if is_own else Reply(notice=hint(Hint.NO_ACCESS, view, None))
        )
        return Response(shown, asked=(Action.START_DRILL, is_own))
    if not may_start(view.viewer, view.context):
        return Response(Reply(dialog=drill_dialog(view, at.case_id, ())), asked=(Action.START_DRILL, False))
    command, faults = read_drill(values, view, at.case_id, at.number)
    if faults:
        return Response(Reply(faults=faults))
    decision = decide(None, command, view.context)
    if decision.case is None:
        return Response(Reply(faults={WHOLE_FORM: hint(decision.hint, view, None)}))
    within = replace(view, context=inside(view.context, decision.case.drill))
    reply = Reply(dialog=briefing_dialog(within, decision.case), notice=view.say(d.DRILL_STARTED))
    return Response(reply, decision, (Action.START_DRILL, True))


def end(at: Situation, case: Case, intent: Intent, values: Values) -> Response:
    """End a drill where it stands; pressed in a dialog, it leaves no dialog behind."""
    response = pressed(c.EndDrill)(at, case, intent, values)
    notice = response.reply.notice or at.view.say(d.DRILL_OVER)
    return replace(response, reply=replace(response.reply, notice=notice))
