"""The second adult's message: a question that only this person can answer. Source: B1.2, T07."""

from __future__ import annotations

from flows import messages as m
from flows.cards import Button, Card, Paragraph, Style, message
from flows.incident import Case
from flows.screens.words import View
from flows.wishes import Wish


def colleague(view: View, case: Case) -> Card:
    """Return the question, or what was answered; it says where to go, never who the pupil is."""
    reporter = view.name(case.reporter)
    text, buttons = (
        m.COLLEAGUE_QUESTION,
        [(Wish.CONFIRM, m.COLLEAGUE_YES, Style.PRIMARY), (Wish.DECLINE, m.COLLEAGUE_NO, Style.PLAIN)],
    )
    asked = case.colleague
    if asked is None or asked.person != view.viewer:
        text, buttons = m.COLLEAGUE_REPLACED, []
    elif asked.confirmed_at:
        text, buttons = m.COLLEAGUE_THANKS, [(Wish.DECLINE, m.COLLEAGUE_CHANGED_MIND, Style.PLAIN)]
    elif asked.declined_at:
        text, buttons = m.COLLEAGUE_DECLINED, [(Wish.CONFIRM, m.COLLEAGUE_CAN_NOW, Style.PLAIN)]
    said = view.say(text, name=reporter, number=case.number, place=case.place, phone=view.phone(case.reporter))
    return message(
        view.say(m.CASE_TITLE, number=case.number),
        [Paragraph(said)],
        [Button(action, view.say(label), case.id, style) for action, label, style in buttons],
        summary=view.say(m.ALERT_SUMMARY, number=case.number),
    )
