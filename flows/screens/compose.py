"""Which card a message shows: composed from the case as it is now, whenever a message is sent or edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flows import messages as m
from flows.cards import Card, Paragraph
from flows.effects import Kind
from flows.incident import Case
from flows.limits import MAX_BLOCKS, MAX_BUTTONS
from flows.screens.alert import alert
from flows.screens.assessment import assessment_buttons
from flows.screens.closed import closed, withdrawn
from flows.screens.colleague import colleague
from flows.screens.drill import briefing
from flows.screens.duties import duties_message
from flows.screens.mark import marked
from flows.screens.reminder import reminder
from flows.screens.review import review
from flows.screens.status import status
from flows.screens.words import View

_SCREENS: dict[Kind, Callable[[View, Case], Card]] = {
    Kind.STATUS: status,
    Kind.ALERT: alert,
    Kind.COLLEAGUE: colleague,
    Kind.DUTIES: duties_message,
    Kind.REMINDER: reminder,
    Kind.WITHDRAWN: withdrawn,
    Kind.BRIEFING: briefing,
}


def repeated(view: View, case: Case, card: Card) -> Card:
    """Return a message that may have come before, and says so."""
    first = 1 if case.drill else 0  # that nothing has happened is said before all else
    again = Paragraph(view.say(m.REPEATED))
    return replace(card, blocks=(*card.blocks[:first], again, *card.blocks[first:])[:MAX_BLOCKS])


def compose(kind: Kind, view: View, case: Case) -> Card:
    """Return the card of this kind; everybody reaches the duty to report from it, whatever else it holds."""
    card = _card(kind, view, case)
    beside = assessment_buttons(view, case) if kind is not Kind.BRIEFING else ()
    return marked(view, case.number, replace(card, buttons=(*card.buttons, *beside)[:MAX_BUTTONS]))


def _card(kind: Kind, view: View, case: Case) -> Card:
    if kind is Kind.REVIEW:
        return review(view, case)
    return closed(view, case) if case.is_closed else _SCREENS[kind](view, case)
