"""What all cards of a drill have: in the title and first of all it says that nothing has happened. The one such place.

A number that could be rung still stands where it is; that nobody rings it, is said before.
"""

from __future__ import annotations

from dataclasses import replace

from flows import drill_messages as d
from flows.cards import Appointment, Block, Card, ChoiceField, Field, Link, Paragraph, Step, Surface
from flows.drill import is_drill
from flows.incident import Case
from flows.limits import MAX_BLOCKS, MAX_DIALOG_TITLE, MAX_OPTIONS, MAX_TITLE, shortened
from flows.screens.words import View


def marked(view: View, number: str, card: Card) -> Card:
    """Return a card about the case with this number as it is shown: where it is a drill's, marked, and once only."""
    if not is_drill(number) or card.title.startswith(view.say(d.DRILL_MARK)):
        return card
    longest = MAX_TITLE if card.surface is Surface.MESSAGE else MAX_DIALOG_TITLE
    first = Paragraph(f"{view.say(d.DRILL_NOT_REAL)}\n{view.say(d.DRILL_NO_CALLS)}")
    return replace(
        card,
        title=shortened(_said(view, card.title), longest),
        summary=shortened(f"{_said(view, view.say(d.DRILL_NOT_REAL))} {card.summary}", MAX_TITLE)
        if card.summary
        else "",
        blocks=(first, *(_block(view, block) for block in card.blocks))[:MAX_BLOCKS],
        fields=tuple(_field(field) for field in card.fields),
    )


def marked_line(view: View, case: Case, line: str) -> str:
    return _said(view, line) if case.drill else line


def marked_step(view: View, case: Case, step: Step) -> Step:
    """Return a line of a list that real cases stand in too."""
    return replace(step, text=marked_line(view, case, step.text))


def marked_words(view: View, case: Case, words: str) -> str:
    """Return words that leave the chat, marked by themselves where they are a drill's."""
    return f"{_said(view, view.say(d.DRILL_NOT_REAL))}\n{words}" if case.drill else words


def _said(view: View, words: str) -> str:
    return view.say(d.DRILL_MARKED, said=words)


def _block(view: View, block: Block) -> Block:
    """Return what leads out of the chat so that it leads nowhere, or says there what it is."""
    match block:
        case Link(label):
            return Paragraph(view.say(d.DRILL_LINK, label=label))
        case Appointment(title=title, text=text):
            said = _said(view, view.say(d.DRILL_NOT_REAL))
            return replace(block, title=shortened(_said(view, title), MAX_TITLE), text=f"{said} {text}")
        case _:
            return block


def _field(field: Field) -> Field:
    """Return a list with those who take part in it: what is searched, is searched among the whole staff."""
    if isinstance(field, ChoiceField) and len(field.options) <= MAX_OPTIONS:
        return replace(field, searches="")
    return field
