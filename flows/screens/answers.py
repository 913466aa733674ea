"""What is answered when no case is meant: help, what isn't understood, a stranger, a failure, and hints."""

from __future__ import annotations

from flows import messages as m
from flows.cards import Block, Button, Card, Facts, Paragraph, Style, message
from flows.decisions.draft import Hint
from flows.incident import Case
from flows.language import Language, Text
from flows.screens.words import View, first_alerted
from flows.wishes import Wish

UNKNOWN_SENDER = "R-1"  # codes that stand on a card; a failure's own is made when it happens

_HINTS = {
    Hint.NO_ACCESS: m.HINT_NO_ACCESS,
    Hint.ALREADY_TAKEN: m.HINT_ALREADY_TAKEN,
    Hint.ALREADY_YOURS: m.HINT_ALREADY_YOURS,
    Hint.ALREADY_DONE: m.HINT_ALREADY_DONE,
    Hint.NOT_ASKED: m.HINT_NOT_ASKED,
    Hint.NO_LONGER: m.HINT_NO_LONGER,
    Hint.NOT_BY_HAND: m.HINT_NOT_BY_HAND,
    Hint.NOT_CLARIFIED: m.HINT_NOT_CLARIFIED,
    Hint.NOT_YOURS: m.HINT_NOT_YOURS,
    Hint.UNCHANGED: m.HINT_UNCHANGED,
    Hint.AGE_FIRST: m.HINT_AGE_FIRST,
    Hint.CONSENT_FIRST: m.HINT_CONSENT_FIRST,
    Hint.NOT_DELEGATED: m.HINT_NOT_DELEGATED,
    Hint.NOBODY_THERE: m.HINT_NOBODY_THERE,
    Hint.DECISION_FIRST: m.HINT_DECISION_FIRST,
    Hint.HEAR_FIRST: m.HINT_HEAR_FIRST,
    Hint.REASON_NEEDED: m.HINT_REASON_NEEDED,
    Hint.CLOSED: m.HINT_CLOSED,
    Hint.HANDED_OVER: m.HINT_HANDED_OVER,
    Hint.NO_SUSPICION: m.HINT_NO_SUSPICION,
    Hint.ASK_OWNER: m.HINT_ASK_OWNER,
    Hint.STILL_UNDER_WAY: m.HINT_STILL_UNDER_WAY,
    Hint.SOMETHING_OPEN: m.HINT_SOMETHING_OPEN,
    Hint.MILDER_FIRST: m.HINT_MILDER_FIRST,
    Hint.FORM_NEEDED: m.HINT_FORM_NEEDED,
}


def help_card(view: View) -> Card:
    role = first_alerted(view.context.plan)
    commands = [f"{command}: {view.say(about)}." for command, about in m.COMMANDS.items()]
    lines = [view.say(m.HELP_INTRO), *commands, view.say(m.HELP_ALERTS, role=role)]
    blocks = [Paragraph(line) for line in lines]
    return message(view.say(m.HELP_TITLE), blocks, [_start(view)], summary=view.say(m.HELP_SUMMARY))


def not_understood(view: View, *, command: bool) -> Card:
    """Return the answer to an unknown command, or to words; what was written is nowhere repeated."""
    text = m.UNKNOWN_COMMAND if command else m.FREE_TEXT
    title = view.say(m.UNKNOWN_TITLE)
    return message(title, [Paragraph(view.say(text))], [_start(view)], summary=title)


def stranger(
    language: Language, numbers: dict[str, str], phones: tuple[tuple[str, str], ...], *, is_certain: bool = True
) -> Card:
    """Return the answer to somebody who is in no school file: kind, and without a word about anybody.

    Not certain: nobody could say who he is, so he may be in one.
    """
    title = m.STRANGER_TITLE.in_(language)
    rows = _emergency(language, numbers, phones, UNKNOWN_SENDER)
    return message(title, [Paragraph(_who(is_certain=is_certain).in_(language)), rows], summary=title)


def failure(language: Language, numbers: dict[str, str], phones: tuple[tuple[str, str], ...], code: str) -> Card:
    """Return the card for anything unforeseen: nothing was saved, and here is whom to ring."""
    rows = _emergency(language, numbers, phones, code)
    blocks: list[Block] = [Paragraph(m.ERROR_TRY_AGAIN.in_(language)), rows]
    return message(m.ERROR_TITLE.in_(language), blocks, summary=m.ERROR_SUMMARY.in_(language))


def late(language: Language, numbers: dict[str, str], phones: tuple[tuple[str, str], ...], code: str) -> Card:
    """Return the card for what takes too long: nobody knows yet, and doing it again does no harm."""
    blocks: list[Block] = [Paragraph(m.LATE.in_(language)), _emergency(language, numbers, phones, code)]
    return message(m.LATE_TITLE.in_(language), blocks, summary=m.LATE_TITLE.in_(language))


def late_line(language: Language, numbers: dict[str, str], phones: tuple[tuple[str, str], ...], code: str) -> str:
    """Return the same in one line, to stand in a form that stays open."""
    return _line(m.LATE, language, numbers, phones, code)


def stranger_line(
    language: Language, numbers: dict[str, str], phones: tuple[tuple[str, str], ...], *, is_certain: bool = True
) -> str:
    """Return the same in one line, to stand in a form that stays open."""
    return _line(_who(is_certain=is_certain), language, numbers, phones, UNKNOWN_SENDER)


def _who(*, is_certain: bool) -> Text:
    return m.STRANGER if is_certain else m.NOT_RECOGNISED


def failure_line(language: Language, numbers: dict[str, str], phones: tuple[tuple[str, str], ...], code: str) -> str:
    """Return the same in one line, to stand in a form that stays open."""
    return _line(m.ERROR_TRY_AGAIN, language, numbers, phones, code)


def _line(
    said: Text, language: Language, numbers: dict[str, str], phones: tuple[tuple[str, str], ...], code: str
) -> str:
    rows = _emergency(language, numbers, phones, code).rows
    return " ".join([said.in_(language), *(f"{label}: {value}." for label, value in rows)])


def hint(hinted: Hint, view: View, case: Case | None) -> str:
    """Return in words why nothing changed; empty where something did."""
    if hinted is Hint.NONE:
        return ""
    name = view.name(case.taken_by) if case and case.taken_by else ""
    time = view.clock(case.taken_at) if case and case.taken_at else ""
    phone = view.phone(case.taken_by) if case and case.taken_by else ""
    return view.say(_HINTS[hinted], name=name, time=time, phone=phone)


def _start(view: View) -> Button:
    return Button(Wish.INTAKE, view.say(m.START_INCIDENT), style=Style.PRIMARY)


def _emergency(language: Language, numbers: dict[str, str], phones: tuple[tuple[str, str], ...], code: str) -> Facts:
    def said(text: Text) -> str:
        return text.in_(language)

    return Facts(((said(m.EMERGENCY), numbers["ambulance"]), *phones, (said(m.ERROR_CODE), code)))
