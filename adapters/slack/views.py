"""A dialog card as a Slack view: a modal, or the App Home; and what a view that comes back says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack import words
from adapters.slack.fields import field
from adapters.slack.look import Json, actions, aside, blocks, heading, paragraph, plain
from flows.cards import Button, Card, Paragraph, dialog
from flows.language import Language
from flows.limits import MAX_DIALOG_TITLE, shortened
from flows.port import Reply

CALLBACK = "rusplan"
_KEPT = ("type", "callback_id", "title", "close", "submit", "private_metadata")
_SEPARATOR = "\n"  # in the metadata, between the action and the reference of what hands the form in


@dataclass(frozen=True, slots=True)
class ViewRef:
    """A modal that is open; `hash` changes with each of its updates."""

    id: str
    hash: str


def modal(card: Card, language: Language, notice: str = "") -> Json:
    """Return a dialog as a modal; `notice` is said first."""
    fields = [field(each, language) for each in card.fields]
    said = [aside(notice)] if notice else []
    made: Json = {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(card.title),
        "close": plain((words.CANCEL if card.submit else words.CLOSE).in_(language)),
        "blocks": [*said, *blocks(card.blocks), *fields, *actions(card.buttons)],
    }
    if card.submit:
        made["submit"] = plain(card.submit.label)
        made["private_metadata"] = f"{card.submit.action}{_SEPARATOR}{card.submit.reference}"
    return made


def answer(reply: Reply, language: Language) -> Json:
    """Return an answer as a modal, whatever it is made of."""
    return modal(as_dialog(reply, language), language, reply.notice if reply.dialog else "")


def as_dialog(reply: Reply, language: Language) -> Card:
    """Return an answer as a dialog: a card has no chat to stand in here, and a line no place of its own."""
    if reply.dialog:
        return reply.dialog
    return of_message(reply.card) if reply.card else line(reply.notice, language)


def home_view(card: Card) -> Json:
    """Return a dialog without fields as the App Home; what can be pressed comes first, a list may be long."""
    return {"type": "home", "blocks": [heading(card.title), *actions(card.buttons), *blocks(card.blocks)]}


def of_message(card: Card) -> Card:
    """Return a message card as a dialog: where there is no chat to show it in."""
    return dialog(shortened(card.title, MAX_DIALOG_TITLE), card.blocks, buttons=card.buttons)


def line(text: str, language: Language) -> Card:
    """Return one sentence as a dialog."""
    return dialog(words.NOTICE.in_(language), [Paragraph(text)])


def opener(text: str, button: Button) -> list[Json]:
    """Return the blocks of a line with a button that opens what couldn't be opened at once."""
    return [paragraph(text), *actions([button])]


def handed_in(metadata: str) -> tuple[str, str]:
    """Return the action and the reference of the button that a view was handed in by."""
    action, _, reference = metadata.partition(_SEPARATOR)
    return action, reference


def with_fault(view: Json, fault: str) -> Json:
    """Return a view that came back, as it was, with a fault above it: one without fields has no place for any."""
    kept = {name: view[name] for name in _KEPT if view.get(name)}
    return {**kept, "blocks": [aside(fault), *(block for block in view["blocks"] if block["type"] != "context")]}
