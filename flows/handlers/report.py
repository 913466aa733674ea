"""Acts about what has been seen: the report, the answers after it, and its correction."""

from __future__ import annotations

from flows import commands as c
from flows import messages as m
from flows.access import Action, may
from flows.decide import decide
from flows.decisions.draft import Hint
from flows.incident import Case
from flows.intent import Intent
from flows.port import Reply
from flows.screens.answers import hint
from flows.screens.intake import correction, read_intake
from flows.screens.questions import questions, read_questions, unanswered
from flows.situation import Response, Situation, Values


def report(at: Situation, values: Values) -> Response:
    """Report, or show the case again that the same form has made already."""
    view = at.view
    if at.case is not None and not may(view.viewer, Action.ANSWER, at.case, view.context):
        return Response(Reply(notice=hint(Hint.NO_ACCESS, view, None)), asked=(Action.ANSWER, False))
    form, faults = read_intake(values, view)
    if faults:
        return Response(Reply(faults=faults))
    if at.case is not None:
        return _report_again(at, at.case, c.Answer(view.viewer, form.facts, form.place, form.school_class))
    command = c.Report(view.viewer, at.case_id, at.number, form.place, form.school_class, form.facts)
    decision = decide(None, command, view.context)
    if decision.case is None:
        return Response(Reply(notice=hint(decision.hint, view, None)), asked=(Action.REPORT, False))
    notice = view.say(m.REPORTED_NOTICE, number=decision.case.number)
    reply = Reply(dialog=questions(view, decision.case), notice=notice)
    return Response(reply, decision, (Action.REPORT, True))


def _report_again(at: Situation, case: Case, command: c.Answer) -> Response:
    """Take the same form, handed in once more, for what it says now: its first answer may have got lost."""
    decision = at.decided(case, command)
    notice = at.view.say(m.SAVED) if decision.events else ""
    return Response(
        Reply(dialog=questions(at.view, decision.case or case), notice=notice), decision, (Action.ANSWER, True)
    )


def show_questions(at: Situation, case: Case, _: Intent, __: Values) -> Response:
    return Response(Reply(dialog=questions(at.view, case)))


def answer(at: Situation, case: Case, intent: Intent, values: Values) -> Response:
    if _is_stale(at, case, intent):
        return Response(Reply(dialog=questions(at.view, case), notice=at.view.say(m.CHANGED_MEANWHILE)))
    command, faults = read_questions(values, at.view, case)
    if faults:
        return Response(Reply(faults=faults))
    decision = at.decided(case, command)
    return Response(Reply(notice=at.said(decision, m.SAVED)), decision)


def show_correction(at: Situation, case: Case, _: Intent, __: Values) -> Response:
    return Response(Reply(dialog=correction(at.view, case)))


def correct(at: Situation, case: Case, intent: Intent, values: Values) -> Response:
    if _is_stale(at, case, intent):
        return Response(Reply(dialog=correction(at.view, case), notice=at.view.say(m.CHANGED_MEANWHILE)))
    form, faults = read_intake(values, at.view)
    if faults:
        return Response(Reply(faults=faults))
    decision = at.decided(case, c.Answer(at.view.viewer, form.facts, form.place, form.school_class))
    now = decision.case or case
    dialog = questions(at.view, now) if unanswered(at.view, now) else None
    return Response(Reply(dialog=dialog, notice=at.said(decision, m.SAVED)), decision)


def _is_stale(at: Situation, case: Case, intent: Intent) -> bool:
    """Say whether somebody has changed what is known since a form was opened; its old values must not come back."""
    return bool(intent.part) and intent.part != str(case.answers) and not at.repeated
