"""A card as Block Kit blocks, for a message, a modal or the App Home; fields stand in `fields.py`, views in `views.py`.

Everything is `plain_text` without emoji codes, or `rich_text` made of text elements: nothing that somebody has typed
can mention, link or format. Source: docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from adapters.slack.calendar import calendar_button
from flows.cards import (
    Appointment,
    Block,
    Button,
    Card,
    Caution,
    Facts,
    Heading,
    Link,
    Mark,
    Paragraph,
    Picture,
    Step,
    Style,
)
from flows.limits import MAX_TEXT, shortened

Json = dict[str, Any]

MAX_ACCESSIBLE = 75  # characters of a button's name for those who don't see it
_SIGNS = {Mark.OPEN: "○", Mark.DONE: "✓", Mark.QUESTION: "?", Mark.ENDED: "–"}  # beside the words, never alone
_STYLES = {Style.PRIMARY: "primary", Style.DANGER: "danger"}


def message(card: Card) -> list[Json]:
    """Return the blocks of a message: its title, what it says, its buttons."""
    return [heading(card.title), *blocks(card.blocks), *actions(card.buttons)]


def fallback(card: Card) -> str:
    """Return what a lock screen and a screen reader say first."""
    return escaped(card.summary)


def escaped(text: str) -> str:
    """Return a text for where Slack looks for markup: nothing in it may be a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def blocks(shown: Iterable[Block]) -> list[Json]:
    return [made for at, block in enumerate(shown) for made in _block(block, at)]


def actions(buttons: Sequence[Button]) -> list[Json]:
    """Return a row of buttons, nothing where there are none."""
    if not buttons:
        return []
    return [{"type": "actions", "elements": [button(each, str(at)) for at, each in enumerate(buttons)]}]


def button(shown: Button, key: str, about: str = "") -> Json:
    """Return one button; `key` tells apart those in one block, `about` those that read the same."""
    made: Json = {"type": "button", "text": plain(shown.label), "action_id": f"{key}.{shown.action}"}
    if shown.reference:
        made["value"] = shown.reference
    if shown.style in _STYLES:
        made["style"] = _STYLES[shown.style]
    if about:
        made["accessibility_label"] = shortened(f"{shown.label}: {about}", MAX_ACCESSIBLE)
    return made


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def heading(text: str) -> Json:
    return {"type": "header", "text": plain(text)}


def paragraph(text: str) -> Json:
    return {"type": "section", "text": plain(text)}


def aside(text: str) -> Json:
    return {"type": "context", "elements": [plain(text)]}


def caution(text: str, label: str) -> Json:
    """Return what must not be overlooked: quoted, under its label."""
    return _rich([{"type": "rich_text_quote", "elements": [_text(f"{label}\n", bold=True), _text(text)]}])


def _block(block: Block, at: int) -> Iterator[Json]:
    match block:
        case Paragraph(text) | Picture(_, text):
            yield paragraph(text)
        case Heading(text):
            yield heading(text)
        case Caution(text, label):
            yield caution(text, label)
        case Facts(rows):
            if rows:
                yield _facts(rows)
        case Step():
            yield _step(block, at)
        case Link(label, url):
            yield _rich([{"type": "rich_text_section", "elements": [{"type": "link", "url": url, "text": label}]}])
        case Appointment():
            yield {"type": "actions", "elements": [calendar_button(block, plain(block.label))]}


def _facts(rows: Sequence[tuple[str, str]]) -> Json:
    elements: list[Json] = []
    for at, (label, value) in enumerate(rows):
        ends = "" if label.endswith("?") else ":"
        elements.append(_text(f"{label}{ends} ", bold=True))
        elements.append(_text(f"{value}\n" if at + 1 < len(rows) else value or " "))
    return _rich([{"type": "rich_text_section", "elements": elements}])


def _step(step: Step, at: int) -> Json:
    sign = f"{_SIGNS[step.mark]} " if step.mark in _SIGNS else ""
    below = " · ".join(filter(None, (step.mark_text, step.note)))
    made = paragraph("\n".join(filter(None, (f"{sign}{step.text}", below))))
    made["text"]["text"] = shortened(made["text"]["text"], MAX_TEXT)
    if step.button:
        made["accessory"] = button(step.button, f"s{at}", step.text)
    return made


def _rich(elements: list[Json]) -> Json:
    return {"type": "rich_text", "elements": elements}


def _text(text: str, *, bold: bool = False) -> Json:
    made: Json = {"type": "text", "text": text}
    return {**made, "style": {"bold": True}} if bold else made
