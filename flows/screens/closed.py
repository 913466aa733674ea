"""What is left of a case in the chats once it is closed, withdrawn or erased: that there was one, and no content."""

from __future__ import annotations

from flows import drill_messages as d
from flows import messages as m
from flows.access import Action, may
from flows.cards import Button, Card, Paragraph, Style, message
from flows.drill import is_drill
from flows.incident import Case
from flows.screens.mark import marked
from flows.screens.words import View
from flows.wishes import Wish


def closed(view: View, case: Case) -> Card:
    """Return the message of a closed case; whoever led it can still look."""
    title = view.say(m.CASE_TITLE, number=case.number)
    show = [Button(Wish.SHOW, view.say(m.SHOW_CASE), case.id)]
    return message(
        title,
        [Paragraph(text) for text in _texts(view, case)],
        show if may(view.viewer, Action.READ, case, view.context) else [],
        summary=view.say(m.STATUS_SUMMARY, number=case.number),
    )


def withdrawn(view: View, case: Case) -> Card:
    """Return what becomes of the news that an alert was withdrawn, where the case goes on after all."""
    title = view.say(m.CASE_TITLE, number=case.number)
    show = [Button(Wish.SHOW, view.say(m.SHOW_CASE), case.id, Style.PRIMARY)]
    return message(
        title,
        [Paragraph(view.say(m.GOES_ON))],
        show if may(view.viewer, Action.READ, case, view.context) else [],
        summary=view.say(m.STATUS_SUMMARY, number=case.number),
    )


def erased(view: View, number: str) -> Card:
    """Return what takes the place of every message when the content has been erased."""
    title, said = view.say(m.CASE_TITLE, number=number), d.DRILL_ERASED if is_drill(number) else m.ERASED
    left = message(title, [Paragraph(view.say(said))], summary=view.say(m.STATUS_SUMMARY, number=number))
    return marked(view, number, left)


def lapsed(view: View) -> Card:
    """Return what takes the place of a dialog that stood in a chat and that nobody has answered."""
    return message(view.say(m.LAPSED_TITLE), [Paragraph(view.say(m.LAPSED))], summary=view.say(m.LAPSED_TITLE))


def _texts(view: View, case: Case) -> list[str]:
    name, time = view.name(case.closed_by), view.clock(case.closed_at) if case.closed_at else ""
    if not case.withdrawn:
        return [view.say(d.DRILL_OVER if case.drill else m.CLOSED)]
    return [view.say(m.WITHDRAWN, name=name, time=time), view.say(m.NOTHING_TO_DO)]
