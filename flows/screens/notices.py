"""What the coordinator is told that is about no case."""

from __future__ import annotations

from collections.abc import Sequence

from flows import messages as m
from flows.cards import Card, Paragraph, message
from flows.screens.words import View

MOST_NAMES = 30


def unreached(view: View, people: Sequence[str]) -> Card:
    """Return the list of those whom no message reaches."""
    names = sorted(view.name(person) for person in people)
    title = view.say(m.UNREACHED_TITLE, count=len(names))
    listed = ", ".join(names[:MOST_NAMES])
    more = view.say(m.AND_MORE, count=len(names) - MOST_NAMES) if len(names) > MOST_NAMES else ""
    blocks = [
        Paragraph(view.say(m.UNREACHED)),
        Paragraph(f"{listed} {more}".rstrip() + "."),
        Paragraph(view.say(m.UNREACHED_NEXT)),
    ]
    return message(title, blocks, summary=title)


def at_fault(view: View) -> Card:
    """Return the news that the bot has found a fault of its own: which one stands where whoever runs it looks."""
    title, phone = view.say(m.AT_FAULT_TITLE), view.context.roster.school.phone
    return message(title, [Paragraph(view.say(m.AT_FAULT, phone=phone))], summary=title)
