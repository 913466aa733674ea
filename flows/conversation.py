"""One act of one person: what it makes of the case and what the person sees. Pure; `bot/turn.py` stores and sends.

The table at the end says for each wish who may, what it does and what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flows import commands as c
from flows import messages as m
from flows.access import Action, concerned, may
from flows.cards import Card
from flows.decide import decide
from flows.decisions.draft import Decision, Hint
from flows.effects import Kind
from flows.incident import Case
from flows.intent import Intent
from flows.language import Text
from flows.plan import Duty
from flows.port import WHOLE_FORM, Reply, Submitted
from flows.screens.answers import help_card, hint, not_understood
from flows.screens.assessment import assessment, read_assessment
from flows.screens.case import case_dialog
from flows.screens.compose import compose
from flows.screens.duties import duties_dialog
from flows.screens.duty import (
    delegation,
    deviation,
    duty_dialog,
    read_clarified,
    read_delegation,
    read_deviation,
    read_done,
)
from flows.screens.intake import correction, intake, read_intake
from flows.screens.questions import questions, read_questions, unanswered
from flows.screens.words import View
from flows.wishes import Wish


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a turn has loaded. `case_id` and `number` are fresh ones, in case a case begins here.

    `pressed` is what the pressed button's message shows; None where it stood in a dialog.
    """

    view: View
    case: Case | None
    open_cases: tuple[tuple[str, str], ...]  # the person's own, newest first: id and number
    case_id: str
    number: str
    pressed: Kind | None = None
    repeated: bool = False  # the platform has delivered this act before: show, but change nothing


@dataclass(frozen=True, slots=True)
class Response:
    """What a turn stores and shows. `asked` is the access that was decided, for the journal; None where no case is."""

    reply: Reply
    decision: Decision | None = None
    asked: tuple[Action, bool] | None = None


_Values = Mapping[str, tuple[str, ...]]
_WithCase = Callable[[Situation, Case, Intent, _Values], Response]


def converse(intent: Intent, act: object, at: Situation) -> Response:
    """Return what one act leads to."""
    values = act.values if isinstance(act, Submitted) else {}
    if intent.wish in _WITHOUT_CASE:
        return Response(_WITHOUT_CASE[intent.wish](at))
    if intent.wish is Wish.REPORT:
        return _report(at, values)
    action, handle = _WITH_CASE[intent.wish]
    allowed = at.case is not None and may(at.view.viewer, action, at.case, at.view.context)
    if at.case is None or not allowed:
        reply = Reply(notice=hint(Hint.NO_ACCESS, at.view, None))
        return Response(reply, asked=(action, False))
    outcome = handle(at, at.case, intent, values)
    return Response(outcome.reply, outcome.decision, (action, True))


def _report(at: Situation, values: _Values) -> Response:
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
    decision = _decided(at, case, command)
    notice = at.view.say(m.SAVED) if decision.events else ""
    return Response(
        Reply(dialog=questions(at.view, decision.case or case), notice=notice), decision, (Action.ANSWER, True)
    )


def _decided(at: Situation, case: Case, command: c.Command) -> Decision:
    return Decision(case) if at.repeated else decide(case, command, at.view.context)


def _questions(at: Situation, case: Case, _: Intent, __: _Values) -> Response:
    return Response(Reply(dialog=questions(at.view, case)))


def _is_stale(at: Situation, case: Case, intent: Intent) -> bool:
    """Say whether somebody has changed what is known since a form was opened; its old values must not come back."""
    return bool(intent.part) and intent.part != str(case.answers) and not at.repeated


def _answer(at: Situation, case: Case, intent: Intent, values: _Values) -> Response:
    if _is_stale(at, case, intent):
        return Response(Reply(dialog=questions(at.view, case), notice=at.view.say(m.CHANGED_MEANWHILE)))
    command, faults = read_questions(values, at.view, case)
    if faults:
        return Response(Reply(faults=faults))
    decision = _decided(at, case, command)
    return Response(Reply(notice=_said(at, decision, m.SAVED)), decision)


def _correction(at: Situation, case: Case, _: Intent, __: _Values) -> Response:
    return Response(Reply(dialog=correction(at.view, case)))


def _correct(at: Situation, case: Case, intent: Intent, values: _Values) -> Response:
    if _is_stale(at, case, intent):
        return Response(Reply(dialog=correction(at.view, case), notice=at.view.say(m.CHANGED_MEANWHILE)))
    form, faults = read_intake(values, at.view)
    if faults:
        return Response(Reply(faults=faults))
    decision = _decided(at, case, c.Answer(at.view.viewer, form.facts, form.place, form.school_class))
    now = decision.case or case
    dialog = questions(at.view, now) if unanswered(at.view, now) else None
    return Response(Reply(dialog=dialog, notice=_said(at, decision, m.SAVED)), decision)


def _show(at: Situation, case: Case, _: Intent, __: _Values) -> Response:
    return Response(Reply(dialog=case_dialog(at.view, case)))


def _tick(at: Situation, case: Case, intent: Intent, _: _Values) -> Response:
    command = c.TickDuty if intent.wish is Wish.TICK else c.UntickDuty
    return _shown(at, case, _decided(at, case, command(at.view.viewer, intent.part)))


def _take(at: Situation, case: Case, _: Intent, __: _Values) -> Response:
    return _shown(at, case, _decided(at, case, c.Take(at.view.viewer)))


def _confirm(at: Situation, case: Case, _: Intent, __: _Values) -> Response:
    return _shown(at, case, _decided(at, case, c.ConfirmPresence(at.view.viewer)))


def _decline(at: Situation, case: Case, _: Intent, __: _Values) -> Response:
    return _shown(at, case, _decided(at, case, c.DeclinePresence(at.view.viewer)))


def _shown(at: Situation, case: Case, decision: Decision) -> Response:
    """Answer with what the button stood in, as it is now: its message, or the case's dialog."""
    now, notice = decision.case or case, _said(at, decision, None)
    if at.pressed is not None:
        return Response(Reply(card=compose(at.pressed, at.view, now), notice=notice), decision)
    if may(at.view.viewer, Action.DO, now, at.view.context):
        return _listed(at, now, decision, None)
    return Response(Reply(notice=notice or at.view.say(m.SAVED)), decision)


def _duties(at: Situation, case: Case, _: Intent, __: _Values) -> Response:
    return Response(Reply(dialog=duties_dialog(at.view, case)))


_Screen = Callable[[View, Case, Duty], Card]
_Find = Callable[[Situation, Case, Intent], Duty | None]
_Show = Callable[[Situation, Case, Decision], Response]
_Reader = Callable[[_Values, View, Duty], tuple[c.Command, dict[str, str]]]


def _opens(screen: _Screen, find: _Find) -> _WithCase:
    """Return a handler that opens a dialog about one duty."""

    def handle(at: Situation, case: Case, intent: Intent, _: _Values) -> Response:
        duty = find(at, case, intent)
        if duty is None:
            return Response(Reply(notice=hint(Hint.NO_LONGER, at.view, case)))
        return Response(Reply(dialog=screen(at.view, case, duty)))

    return handle


def _hands_in(read: _Reader, find: _Find, show: _Show) -> _WithCase:
    """Return a handler for a form about one duty; it stays open as long as it can't be used."""

    def handle(at: Situation, case: Case, intent: Intent, values: _Values) -> Response:
        duty = find(at, case, intent)
        if duty is None:
            return Response(Reply(faults={WHOLE_FORM: hint(Hint.NO_LONGER, at.view, case)}))
        command, faults = read(values, at.view, duty)
        if faults:
            return Response(Reply(faults=faults))
        return show(at, case, _decided(at, case, command))

    return handle


def _back_to_the_list(at: Situation, case: Case, decision: Decision) -> Response:
    """Answer a form that changed something with the list; one that couldn't stays open and says why."""
    if decision.hint is not Hint.NONE and not decision.events:
        return Response(Reply(faults={WHOLE_FORM: hint(decision.hint, at.view, case)}))
    return _listed(at, decision.case or case, decision, m.SAVED)


def _closed(at: Situation, _: Case, decision: Decision) -> Response:
    return Response(Reply(notice=_said(at, decision, m.SAVED)), decision)


def _personal(at: Situation, case: Case, intent: Intent) -> Duty | None:
    duty = at.view.context.plan.duties.get(intent.part)
    return duty if duty and duty.is_personal and duty.id in case.duties else None


def _listed(at: Situation, case: Case, decision: Decision, otherwise: Text | None) -> Response:
    """Answer with the list that the duty stood in: the whole case, or one's own part of it."""
    reads = may(at.view.viewer, Action.READ, case, at.view.context)
    dialog = case_dialog(at.view, case) if reads else duties_dialog(at.view, case)
    return Response(Reply(dialog=dialog, notice=_said(at, decision, otherwise)), decision)


def _duty(at: Situation, case: Case, intent: Intent) -> Duty | None:
    """Return the duty that is meant, where this person has something to do with it."""
    duty = at.view.context.plan.duties.get(intent.part)
    if duty is None or intent.part not in case.duties:
        return None
    own = (*concerned(duty, case, at.view.context), case.taken_by)
    return duty if at.view.viewer in own else None


def _said(at: Situation, decision: Decision, otherwise: Text | None) -> str:
    if decision.hint is not Hint.NONE:
        return hint(decision.hint, at.view, decision.case)
    return at.view.say(otherwise) if otherwise else ""


_WITHOUT_CASE: dict[Wish, Callable[[Situation], Reply]] = {
    Wish.HELP: lambda at: Reply(card=help_card(at.view)),
    Wish.UNKNOWN_COMMAND: lambda at: Reply(card=not_understood(at.view, command=True)),
    Wish.FREE_TEXT: lambda at: Reply(card=not_understood(at.view, command=False)),
    Wish.INTAKE: lambda at: Reply(dialog=intake(at.view, at.case_id, at.open_cases)),
}

_WITH_CASE: dict[Wish, tuple[Action, _WithCase]] = {
    Wish.QUESTIONS: (Action.ANSWER, _questions),
    Wish.ANSWER: (Action.ANSWER, _answer),
    Wish.CORRECTION: (Action.ANSWER, _correction),
    Wish.CORRECT: (Action.ANSWER, _correct),
    Wish.SHOW: (Action.READ, _show),
    Wish.TICK: (Action.TICK, _tick),
    Wish.UNTICK: (Action.TICK, _tick),
    Wish.DUTIES: (Action.DO, _duties),
    Wish.DUTY: (Action.DO, _opens(duty_dialog, _duty)),
    Wish.DO: (Action.DO, _hands_in(read_done, _duty, _back_to_the_list)),
    Wish.CLARIFY: (Action.DO, _hands_in(read_clarified, _duty, _back_to_the_list)),
    Wish.ASSESSMENT: (Action.ASSESS, _opens(assessment, _personal)),
    Wish.ASSESS: (Action.ASSESS, _hands_in(read_assessment, _personal, _closed)),
    Wish.DELEGATION: (Action.DO, _opens(delegation, _duty)),
    Wish.DELEGATE: (Action.DO, _hands_in(read_delegation, _duty, _back_to_the_list)),
    Wish.DEVIATION: (Action.DO, _opens(deviation, _duty)),
    Wish.DEVIATE: (Action.DO, _hands_in(read_deviation, _duty, _back_to_the_list)),
    Wish.TAKE: (Action.TAKE, _take),
    Wish.CONFIRM: (Action.CONFIRM, _confirm),
    Wish.DECLINE: (Action.CONFIRM, _decline),
}
