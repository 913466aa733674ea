"""A message card as HTML, and the blocks that messages and dialogs share; fields stand in `dialog.py`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import groupby

from adapters.calendar_file import MEDIA_TYPE, NAME, calendar_file
from adapters.drawings import MEDIA_TYPE as PNG
from adapters.drawings import png
from adapters.web import words
from adapters.web.markup import Markup, element, joined
from flows.cards import Appointment, Block, Button, Card, Caution, Facts, Heading, Link, Mark, Paragraph, Picture, Step
from flows.language import Language

_SIGNS = {Mark.OPEN: "", Mark.DONE: "✓", Mark.QUESTION: "?", Mark.ENDED: "–"}  # beside the words, never alone


def message(card: Card, language: Language) -> Markup:
    """Return a message card."""
    title = element("h3", card.title, class_="card-title", dir="auto")
    return element("div", title, blocks(card.blocks, language), buttons(card.buttons), class_="card")


def blocks(shown: Iterable[Block], language: Language) -> Markup:
    """Return blocks in order; steps that follow each other become one list."""
    return joined(_run(list(run), language) for _, run in groupby(shown, _kind))


def buttons(shown: Iterable[Button]) -> Markup:
    """Return a row of buttons, nothing where there are none."""
    row = [button(each) for each in shown]
    return element("div", *row, class_="buttons") if row else Markup()


def button(shown: Button, about: str = "") -> Markup:
    """Return one button that is pressed, not one that hands in; `about` tells apart those that read the same."""
    name = f"{shown.label}: {about}" if about else None
    look = f"button {shown.style.value}"
    data = {"data_action": shown.action, "data_reference": shown.reference}
    return element("button", shown.label, type="button", class_=look, aria_label=name, **data)


def _kind(block: Block) -> bool:
    return isinstance(block, Step)


def _run(run: list[Block], language: Language) -> Markup:
    if _kind(run[0]):
        return element("ul", *_steps(run, language), class_="steps")
    return joined(_block(block, language) for block in run)


def _steps(run: Iterable[Block], language: Language) -> Iterator[Markup]:
    for step in run:
        if isinstance(step, Step):
            yield _step(step, language)


def _step(step: Step, language: Language) -> Markup:
    mark = step.mark_text or (words.MARKS[step.mark].in_(language) if step.mark in words.MARKS else "")
    # The sign beside an open step says it to the eye; the words are for those who don't see it.
    is_silent = step.mark is Mark.OPEN and not step.mark_text
    said = element("span", mark, class_="unseen" if is_silent else "mark-text") if mark else ""
    note = element("span", step.note, class_="note", dir="auto") if step.note else ""
    text = element("div", element("span", step.text, class_="step-text", dir="auto"), said, note, class_="step-words")
    sign = element("span", _SIGNS[step.mark], class_="sign", aria_hidden="true") if step.mark in _SIGNS else ""
    return element(
        "li", sign, text, button(step.button, step.text) if step.button else "", class_=f"step {step.mark.value}"
    )


def _block(block: Block, language: Language) -> Markup:
    match block:
        case Paragraph(text):
            return element("p", text, dir="auto")
        case Heading(text):
            return element("h4", text, dir="auto")
        case Caution(text, label):
            body = element("p", text, dir="auto")
            return element("div", element("strong", label, dir="auto"), body, class_="caution", role="note")
        case Facts(rows):
            return element("dl", *(_fact(label, value) for label, value in rows), class_="facts")
        case Link(label, url):
            return element("p", _link(label, url, language))
        case Picture(drawing, text):
            source = f"data:{PNG};base64,{b64encode(png(drawing)).decode('ascii')}"
            return element("p", element("img", src=source, alt=text), class_="picture")
        case Appointment(label):
            data = b64encode(calendar_file(block)).decode("ascii")
            source = f"data:{MEDIA_TYPE};base64,{data}"
            return element("p", element("a", label, href=source, class_="link", download=NAME))
        case Step():  # pragma: no cover - `blocks` has put it in its list
            return _step(block, language)


def _fact(label: str, value: str) -> Markup:
    return element("div", element("dt", label, dir="auto"), element("dd", value, dir="auto"))


def _link(label: str, url: str, language: Language) -> Markup:
    if url.startswith("tel:"):
        return element("a", label, href=url, class_="link")
    aside = element("span", f" {words.NEW_TAB.in_(language)}", class_="unseen")
    return element("a", label, aside, href=url, class_="link", target="_blank", rel="noopener noreferrer")
