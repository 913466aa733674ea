"""The message of those who may take the case: neutral, a place, a phone number and the one button that counts."""

from __future__ import annotations

from flows import messages as m
from flows.access import Action, may, may_take
from flows.cards import Block, Button, Card, Paragraph, Style, message
from flows.incident import Case
from flows.screens.case import department_label, take_label
from flows.screens.reminder import next_due, open_for
from flows.screens.words import View, role_label
from flows.wishes import Wish


def alert(view: View, case: Case) -> Card:
    """Return the alert as it stands now: to be taken, taken, or no longer this person's affair."""
    title = view.say(m.CASE_TITLE, number=case.number)
    summary = view.say(m.ALERT_SUMMARY, number=case.number)
    show = Button(Wish.SHOW, view.say(m.SHOW_CASE), case.id)
    if case.taken_by and (not case.is_waiting or case.taken_by == view.viewer):
        buttons = [show] if _may_read(view, case) else []
        if may_take(view.viewer, case, view.context):
            buttons.insert(0, Button(Wish.TAKE, view.say(take_label(view, case)), case.id, Style.PRIMARY))
        return message(title, _taken(view, case), buttons, summary=summary)
    if not may(view.viewer, Action.TAKE, case, view.context):
        return message(title, [Paragraph(view.say(m.NOT_YOUR_DEPARTMENT))], summary=summary)
    take = Button(Wish.TAKE, view.say(m.TAKE), case.id, Style.PRIMARY)
    return message(title, _waiting(view, case), [take, show], summary=summary)


def _may_read(view: View, case: Case) -> bool:
    return may(view.viewer, Action.READ, case, view.context)


def _taken(view: View, case: Case) -> list[Block]:
    time = view.clock(case.taken_at) if case.taken_at else ""
    if case.taken_by != view.viewer:
        return [Paragraph(view.say(m.TAKEN, name=view.name(case.taken_by), time=time))]
    next_step = view.say(m.TAKEN_NEXT, name=view.name(case.reporter), phone=view.phone(case.reporter))
    return [Paragraph(view.say(m.TAKEN_BY_YOU, time=time)), Paragraph(next_step), *_left(view, case)]


def _left(view: View, case: Case) -> list[Block]:
    """Return how much is the owner's to do and until when, or that the case is on its way to somebody else."""
    if case.handed_over:
        where = ", ".join(department_label(view, department) for department in case.departments)
        return [Paragraph(view.say(m.HANDED_OVER_LINE, department=where, name=view.name(case.taken_by)))]
    left = open_for(view, case)
    if not left:
        return [Paragraph(view.say(m.READY_TO_CLOSE))]
    return [Paragraph(f"{view.say(m.DUTIES_LEFT, count=len(left))} {next_due(view, case, left)}")]


def _waiting(view: View, case: Case) -> list[Block | None]:
    plan, escalation = view.context.plan, case.escalation
    acute = escalation is not None and plan.urgency(escalation.chain) == 0
    text = view.say(
        m.ALERT_ACUTE if acute else m.ALERT_CALM,
        number=case.number,
        place=case.place,
        name=view.name(case.reporter),
        phone=view.phone(case.reporter),
    )
    return [
        Paragraph(text),
        Paragraph(view.say(m.ALERT_MANY)) if not case.school_class else None,
        _climbed(view, case),
    ]


def _climbed(view: View, case: Case) -> Paragraph | None:
    """Return why this person is alerted, where it isn't the first level."""
    mine = [alert for alert in case.alerts if alert.person == view.viewer]
    if not mine or case.escalation is None:
        return None
    if len(mine) > 1:
        return Paragraph(view.say(m.ALERT_REMINDER))
    if mine[0].level == 0:
        return None
    first = view.context.plan.escalation[case.escalation.chain][0]
    role = view.say(role_label(view, first.role, to_deputy=first.to_deputy))
    return Paragraph(view.say(m.ALERT_CLIMBED, role=role[:1].upper() + role[1:]))
