"""A card as an Adaptive Card 1.5, for a message or a dialog; fields stand in `fields.py`.

What somebody has typed stands in text runs only: `TextBlock` and `FactSet` would read markdown in it. And no run has
two braces together: a client would write a date in the place of {{DATE(…)}}.
Sources: adaptivecards.io/explorer, learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from adapters.teams import words
from adapters.teams.fields import field
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
    Surface,
)
from flows.language import Language
from flows.limits import shortened
from flows.school_days import local_day

Json = dict[str, Any]

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"
OWN = "_"  # begins the names of what a button sends beside the fields; short, since a card has room for 28 KB
REFERENCE, PLACE, HANDS_IN = f"{OWN}r", f"{OWN}p", f"{OWN}f"
VERB = f"{OWN}a"  # the button's word again, where a client can't say it otherwise
FORM = f"{OWN}k"  # what a real dialog's form is, see `real_dialog.py`
IN_DIALOG = "d"
MOST_ACTIONS = 6  # that Teams shows at the end of a card
CANCEL = f"{OWN}cancel"
_SIGNS = {Mark.OPEN: "○", Mark.DONE: "✓", Mark.QUESTION: "?", Mark.ENDED: "–"}  # beside the words, never alone
_STYLES = {Style.PRIMARY: "positive", Style.DANGER: "destructive"}
MAX_TOOLTIP = 80  # characters: more of it makes a long list too large
_OPENS = {"msteams": {"type": "task/fetch"}}
_BETWEEN_BRACES = re.compile(r"(?<=\{)(?=\{)")
_OUTLOOK = "https://outlook.office.com/calendar/0/action/compose"


class Opener(Button):
    """A button that opens a real dialog, which stands in no chat, with what it would show here."""


def card(shown: Card, language: Language | None = None, notice: str = "", *, in_chat: bool = True) -> Json:
    """Return a card; `notice` is said first. A dialog has a way out that hands nothing in.

    `language` is what a screen reader is told; only a dialog has to know it, for its fields' own words. `in_chat`: it
    stands in a chat, which keeps it for a while at least, and so holds nothing private.
    """
    said = [paragraph(notice, subtle=True)] if notice else []
    if in_chat and shown.is_private:
        raise ValueError("what is private stands in no chat")
    hidden = words.NOT_IN_CHAT.in_(language or Language.NB) if in_chat else ""
    body = [title(shown.title), *said, *blocks(shown.blocks, _Standing(shown.surface, bool(shown.fields), hidden))]
    body += [field(each, language or Language.NB) for each in shown.fields]
    actions = [*_actions(shown, language or Language.NB)]
    if len(actions) > MOST_ACTIONS:  # the rest comes before them; the way out stays the last
        body.append({"type": "ActionSet", "actions": actions[MOST_ACTIONS - 1 : -1]})
        actions = [*actions[: MOST_ACTIONS - 1], actions[-1]]
    made = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION,
        "speak": shown.summary or shown.title,
        "body": body,
        "actions": actions,
    }
    return made | ({"lang": language.value} if language else {})


def for_dialog(made: Any) -> Any:
    """Return a card as a real dialog takes it: there a client knows `Action.Submit` alone, and others do nothing."""
    match made:
        case {"type": "Action.Execute", "fallback": plain, **more}:
            return {**plain, **{name: value for name, value in more.items() if name in ("tooltip", "style")}}
        case dict():
            return {name: for_dialog(each) for name, each in made.items()}
        case list():
            return [for_dialog(each) for each in made]
    return made


def attachment(shown: Json) -> Json:
    return {"contentType": CONTENT_TYPE, "content": shown}


class _Standing(NamedTuple):
    """What a button or a block stands in, and whether there is anything there that a button could hand in.

    `hidden` is said in the place of what is private; empty where that may be shown.
    """

    surface: Surface
    has_fields: bool
    hidden: str = ""


def _actions(shown: Card, language: Language) -> Iterator[Json]:
    place = _Standing(shown.surface, bool(shown.fields))
    if shown.submit:
        yield button(shown.submit, place, hands_in=True)
    yield from (button(each, place) for each in shown.buttons)
    if shown.surface is Surface.DIALOG and (shown.submit or shown.buttons or shown.blocks):
        leaves = words.CANCEL if shown.submit else words.CLOSE
        yield button(Button(CANCEL, leaves.in_(language)), place)


def button(shown: Button, place: _Standing, *, hands_in: bool = False, about: str = "") -> Json:
    """Return a button; where a client doesn't know `Action.Execute` it sends the same as a message of its own kind."""
    data: Json = {VERB: shown.action}
    if place.surface is Surface.DIALOG:
        data[PLACE] = IN_DIALOG
    if shown.reference:
        data[REFERENCE] = shown.reference
    if hands_in:
        data[HANDS_IN] = True
    if isinstance(shown, Opener):
        return {"type": "Action.Submit", "title": shown.label, "data": data | _OPENS}
    plain: Json = {"title": shown.label, "data": data}
    if place.has_fields:
        plain["associatedInputs"] = "auto" if hands_in else "none"
    made: Json = {"type": "Action.Execute", "verb": shown.action, **plain}
    if about:
        made["tooltip"] = shortened(f"{shown.label}: {about}", MAX_TOOLTIP)
    if shown.style in _STYLES:
        made["style"] = _STYLES[shown.style]
    return {**made, "fallback": {"type": "Action.Submit", **plain}}


def blocks(shown: Iterable[Block], place: _Standing) -> list[Json]:
    return [made for block in shown for made in _block(block, place)]


def title(text: str) -> Json:
    return _runs([_run(text, weight="Bolder", size="Large")])


def paragraph(text: str, *, subtle: bool = False) -> Json:
    return _runs([_run(text, subtle=subtle)])


def _block(block: Block, place: _Standing) -> Iterator[Json]:
    match block:
        case Picture(_, text, url) if url:
            yield {"type": "Image", "url": url, "altText": text, "size": "Stretch"}
        case Paragraph(text) | Picture(_, text):
            yield paragraph(text)
        case Heading(text):
            yield {**_runs([_run(text, weight="Bolder", size="Medium")]), "spacing": "Large", "separator": True}
        case Caution(text, label):
            said = [_runs([_run(label, weight="Bolder")]), paragraph(text)]
            yield {"type": "Container", "style": "warning", "bleed": True, "items": said}
        case Facts(rows, behind) if behind and place.hidden:
            yield from (_fact(label, place.hidden) for label, _ in rows)
            opener = Opener(behind.action, behind.label, behind.reference)
            yield {"type": "ActionSet", "actions": [button(opener, place)]}
        case Facts(rows):
            yield from (_fact(label, value) for label, value in rows)
        case Step():
            yield _step(block, place)
        case Link(label, url):
            yield {"type": "ActionSet", "actions": [{"type": "Action.OpenUrl", "title": label, "url": url}]}
        case Appointment():
            yield {"type": "ActionSet", "actions": [_appointment(block)]}


def _fact(label: str, value: str) -> Json:
    ends = "" if label.endswith("?") else ":"
    return {**_runs([_run(f"{label}{ends} ", weight="Bolder"), _run(value or " ")]), "spacing": "Small"}


def _step(step: Step, place: _Standing) -> Json:
    sign = f"{_SIGNS[step.mark]} " if step.mark in _SIGNS else ""
    items = [_runs([_run(f"{sign}{step.text}")])]
    if below := " · ".join(filter(None, (step.mark_text, step.note))):
        items.append({**_runs([_run(below, subtle=True)]), "spacing": "None"})
    if step.button:
        items.append({"type": "ActionSet", "actions": [button(step.button, place, about=step.text)]})
    return {"type": "Container", "items": items, "spacing": "Medium"}


def _appointment(shown: Appointment) -> Json:
    """Return a way into the person's own calendar: Teams takes no calendar file from a bot."""
    ends_at = shown.starts_at + shown.duration
    if shown.is_all_day:
        when = {"startdt": f"{local_day(shown.starts_at)}", "enddt": f"{local_day(ends_at)}", "allday": "true"}
    else:
        when = {"startdt": shown.starts_at.isoformat(), "enddt": ends_at.isoformat()}
    query = {"subject": shown.title, "body": shown.text, **when}
    return {"type": "Action.OpenUrl", "title": f"{shown.label} (Outlook)", "url": f"{_OUTLOOK}?{urlencode(query)}"}


def _runs(runs: Sequence[Json]) -> Json:
    parts = [{**run, "text": part} for run in runs for part in _BETWEEN_BRACES.split(run["text"])]
    return {"type": "RichTextBlock", "inlines": parts}


def _run(text: str, *, weight: str = "", size: str = "", subtle: bool = False) -> Json:
    made: Json = {"type": "TextRun", "text": text or " "}
    if weight:
        made["weight"] = weight
    if size:
        made["size"] = size
    return made | ({"isSubtle": True} if subtle else {})
