"""What somebody who was brought in sees of a case: that there is something to do, and then those duties alone."""

from __future__ import annotations

from flows import messages as m
from flows.access import Action, concerned, may
from flows.cards import Block, Button, Card, Facts, Paragraph, Style, dialog, message
from flows.incident import Case, Progress
from flows.plan import Duty
from flows.screens.case import step
from flows.screens.words import View
from flows.wishes import Wish


def duties_message(view: View, case: Case) -> Card:
    """Return the message: neutral, with whom to ask and the way to one's duties."""
    title = view.say(m.CASE_TITLE, number=case.number)
    summary = view.say(m.ALERT_SUMMARY, number=case.number)
    own = own_duties(view, case)
    if not own:
        return message(title, [Paragraph(view.say(m.NOTHING_LEFT))], summary=summary)
    left = sum(case.duties[duty.id].progress is Progress.OPEN for duty in own)
    text = view.say(m.DUTIES_LEFT, count=left) if left else view.say(m.DUTIES_DONE)
    buttons = [Button(Wish.DUTIES, view.say(m.SEE_DUTIES), case.id, Style.PRIMARY if left else Style.PLAIN)]
    if may(view.viewer, Action.READ, case, view.context):
        buttons.append(Button(Wish.SHOW, view.say(m.SHOW_CASE), case.id))
    return message(title, [Paragraph(text), Paragraph(_whom_to_ask(view, case))], buttons, summary=summary)


def duties_dialog(view: View, case: Case) -> Card:
    """Return one's own duties; no fact of the case stands here. Source: T40."""
    steps: list[Block] = [
        step(view, case, duty, case.duties[duty.id], in_dialog=True) for duty in own_duties(view, case)
    ]
    rows = Facts(((view.say(m.FACT_OWNER), _owner(view, case)),))
    return dialog(view.say(m.CASE_TITLE, number=case.number), [rows, *(steps or [Paragraph(view.say(m.NOTHING_LEFT))])])


def own_duties(view: View, case: Case) -> list[Duty]:
    """Return the duties that apply and are the viewer's, or that the viewer is asked about."""
    known = view.context.plan.duties
    return [
        known[name]
        for name, state in case.duties.items()
        if name in known
        and state.progress is not Progress.ENDED
        and view.viewer in concerned(known[name], case, view.context)
    ]


def _whom_to_ask(view: View, case: Case) -> str:
    person = case.taken_by or case.reporter
    return view.say(m.ASK_OWNER, name=view.name(person), phone=view.phone(person))


def _owner(view: View, case: Case) -> str:
    person = case.taken_by or case.reporter
    return f"{view.name(person)}, {view.phone(person)}"
