"""One act of one person: what it makes of the case and what the person sees. Pure; `bot/turn.py` stores and sends.

The tables say for each wish who may, and which handler in `handlers/` does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flows import commands as c
from flows import messages as m
from flows.access import Action, may
from flows.decide import refusal
from flows.handlers import case, drill, duty, report, staff, year
from flows.intent import Intent
from flows.port import WHOLE_FORM, Reply, Submitted
from flows.screens import course, task
from flows.screens.answers import hint
from flows.screens.assessment import assessment, read_assessment
from flows.screens.duty import (
    delegation,
    deviation,
    duty_dialog,
    read_delegation,
    read_deviation,
    read_done,
    read_ended,
)
from flows.screens.mark import marked
from flows.screens.words import View
from flows.situation import Response, Situation, Values, WithCase, WithoutCase
from flows.wishes import Wish


def converse(intent: Intent, act: object, at: Situation) -> Response:
    """Return what one act leads to."""
    values = act.values if isinstance(act, Submitted) else {}
    if intent.wish in _WITHOUT_CASE:
        response = _WITHOUT_CASE[intent.wish](at, intent, values)
        word = word_on_names(intent, at.view)
        return replace(response, reply=replace(response.reply, notice=word)) if word else response
    if intent.wish in _BEGINS:
        return _marked(at, _BEGINS[intent.wish](at, values))
    action, handle = _WITH_CASE[intent.wish]
    if at.case is None or not may(at.view.viewer, action, at.case, at.view.context):
        why = hint(refusal(at.view.viewer, at.case, at.view.context), at.view, None)
        reply = Reply(faults={WHOLE_FORM: why}) if isinstance(act, Submitted) else Reply(notice=why)
        return Response(reply, asked=(action, False))
    return _marked(at, replace(handle(at, at.case, intent, values), asked=(action, True)))


def _marked(at: Situation, response: Response) -> Response:
    """Return what a person sees of the case, marked where it is a drill's."""
    about, reply = response.decision.case if response.decision else at.case, response.reply
    if about is None:
        return response
    card = marked(at.view, about.number, reply.card) if reply.card else None
    dialog = marked(at.view, about.number, reply.dialog) if reply.dialog else None
    return replace(response, reply=replace(reply, card=card, dialog=dialog))


def word_on_names(intent: Intent, view: View) -> str:
    """Ask kindly for no names in the chat where somebody has written more than a command; it isn't repeated."""
    return view.say(m.KEEP_NAMES_OUT) if intent.says_more else ""


_WITHOUT_CASE: dict[Wish, WithoutCase] = {
    Wish.HELP: staff.show_help,
    Wish.HOME: staff.show_home,
    Wish.UNKNOWN_COMMAND: staff.unknown_command,
    Wish.FREE_TEXT: staff.free_text,
    Wish.INTAKE: staff.show_intake,
    Wish.CASES: staff.show_cases,
    Wish.PLAN: staff.show_plan,
    Wish.SEARCH_PLAN: staff.search_plan,
    Wish.CLAUSE: staff.show_clause,
    Wish.ABSENCE: staff.show_absence,
    Wish.BE_AWAY: staff.be_away,
    Wish.COME_BACK: staff.come_back,
    Wish.LANGUAGE: staff.show_language,
    Wish.CHOOSE_LANGUAGE: staff.choose_language,
    Wish.YEAR: year.show_year,
    Wish.MEASURE: year.show_measure,
    Wish.MOVING: year.show_moving,
    Wish.MOVE: year.move,
    Wish.TASK: year.opens(task.task_dialog),
    Wish.CONFIRM_TASK: year.answers(task.read_done),
    Wish.PLANNING: year.opens(task.planning_dialog),
    Wish.PLAN_TASK: year.answers(task.read_planned),
    Wish.PUTTING_OFF: year.opens(task.putting_off_dialog),
    Wish.PUT_OFF_TASK: year.answers(task.read_put_off),
    Wish.DROPPING: year.opens(task.dropping_dialog),
    Wish.DROP_TASK: year.answers(task.read_dropped),
    Wish.SENDING_ON: year.opens(task.sending_on_dialog),
    Wish.SEND_TASK_ON: year.answers(task.read_sent_on),
    Wish.REOPEN_TASK: year.reopen,
    Wish.SHEET: year.show_sheet,
    Wish.HAVE_READ: year.have_read,
    Wish.DRILL: drill.show,
}

_BEGINS: dict[Wish, Callable[[Situation, Values], Response]] = {
    Wish.REPORT: report.report,
    Wish.START_DRILL: drill.start,
}

_WITH_CASE: dict[Wish, tuple[Action, WithCase]] = {
    Wish.QUESTIONS: (Action.ANSWER, report.show_questions),
    Wish.ANSWER: (Action.ANSWER, report.answer),
    Wish.CORRECTION: (Action.ANSWER, report.show_correction),
    Wish.CORRECT: (Action.ANSWER, report.correct),
    Wish.SHOW: (Action.READ, case.show),
    Wish.TICK: (Action.TICK, case.tick),
    Wish.UNTICK: (Action.TICK, case.tick),
    Wish.DUTIES: (Action.FOLLOW, case.show_duties),
    Wish.DUTY: (Action.DO, duty.opens(duty_dialog, duty.own)),
    Wish.DO: (Action.DO, duty.hands_in(read_done, duty.own, case.back_to_the_list)),
    Wish.END: (Action.DO, duty.hands_in(read_ended, duty.own, case.back_to_the_list)),
    Wish.CLARIFY: (Action.DO, duty.clarify),
    Wish.FACT: (Action.DO, duty.show_fact),
    Wish.ANSWER_FACT: (Action.DO, duty.answer_fact),
    Wish.ASSESSMENT: (Action.ASSESS, duty.opens(assessment, duty.personal)),
    Wish.ASSESS: (Action.ASSESS, duty.hands_in(read_assessment, duty.personal, duty.closed)),
    Wish.DELEGATION: (Action.DO, duty.opens(delegation, duty.own)),
    Wish.DELEGATE: (Action.DO, duty.hands_in(read_delegation, duty.own, case.back_to_the_list)),
    Wish.DEVIATION: (Action.DO, duty.opens(deviation, duty.own)),
    Wish.DEVIATE: (Action.DO, duty.hands_in(read_deviation, duty.own, case.back_to_the_list)),
    Wish.TAKE: (Action.TAKE, case.pressed(c.Take)),
    Wish.CONFIRM: (Action.CONFIRM, case.pressed(c.ConfirmPresence)),
    Wish.DECLINE: (Action.CONFIRM, case.pressed(c.DeclinePresence)),
    Wish.MORE: (Action.WITHDRAW, case.opens(course.more)),
    Wish.HAND_OVER_FORM: (Action.LEAD, case.opens(course.hand_over_form)),
    Wish.HAND_OVER: (Action.LEAD, case.hands_in(course.read_hand_over)),
    Wish.REFUTATION: (Action.LEAD, case.opens(course.refutation)),
    Wish.REFUTE: (Action.LEAD, case.hands_in(course.read_refutation)),
    Wish.REVOKE_REFUTATION: (Action.LEAD, case.pressed(c.RevokeRefutation)),
    Wish.WITHDRAWAL: (Action.WITHDRAW, case.opens(course.withdrawal)),
    Wish.WITHDRAW: (Action.WITHDRAW, case.hands_in(course.read_withdrawal)),
    Wish.PUPIL: (Action.ANSWER, case.opens(course.pupil)),
    Wish.NAME_PUPIL: (Action.ANSWER, case.hands_in(course.read_pupil)),
    Wish.CLOSING: (Action.LEAD, case.opens(course.closing)),
    Wish.CLOSE: (Action.LEAD, case.hands_in(course.read_closing)),
    Wish.REOPEN: (Action.REOPEN, case.pressed(c.Reopen)),
    Wish.END_DRILL: (Action.END_DRILL, drill.end),
}
