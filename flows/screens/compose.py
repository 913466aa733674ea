"""Which card a message shows: composed from the case as it is now, whenever a message is sent or edited."""

from __future__ import annotations

from collections.abc import Callable

from flows.cards import Card
from flows.effects import Kind
from flows.incident import Case
from flows.screens.alert import alert
from flows.screens.colleague import colleague
from flows.screens.duties import duties_message
from flows.screens.status import status
from flows.screens.words import View

_SCREENS: dict[Kind, Callable[[View, Case], Card]] = {
    Kind.STATUS: status,
    Kind.ALERT: alert,
    Kind.COLLEAGUE: colleague,
    Kind.DUTIES: duties_message,
}


def compose(kind: Kind, view: View, case: Case) -> Card:
    return _SCREENS[kind](view, case)
