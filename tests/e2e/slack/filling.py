"""What Slack's client lets a person type and choose, and what it writes into `state.values` for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Any

from tests.e2e.slack.block_kit import elements_of
from tests.e2e.slack.form import FIELDS, TEXTS, is_empty
from tests.e2e.slack.shapes import all_options, length
from tests.e2e.slack.visible import label_of

Json = dict[str, Any]
FORMS = {"email_text_input": r"[^@\s]+@[^@\s]+\.[^@\s]+", "url_text_input": r"https?://\S+"}
FORMS |= {"number_input": r"-?\d+([.,]\d+)?"}
ONE = {"static_select", "external_select", "radio_buttons"}
SEVERAL = {"checkboxes", "multi_static_select", "multi_external_select"}


class ClientRefuses(Exception):
    """Slack's own client doesn't let a person do this: it never becomes a request."""


def names_of(block: Json, element: Json) -> set[str]:
    """Give all by which a test may call an element: its ids, its label, its placeholder, the words on it or by it."""
    seen = [block.get("label"), block.get("text"), element.get("text"), element.get("placeholder")]
    return {block["block_id"], element["action_id"], *(label_of(piece) for piece in seen)} - {""}


def find(blocks: list[Json], name: str) -> tuple[Json, Json]:
    """Find the one input called this. Raises ClientRefuses."""
    inputs = [(block, element) for block, element in elements_of(blocks) if element["type"] in FIELDS]
    found = [each for each in inputs if name in names_of(*each)]
    if len(found) != 1:
        seen = [sorted(names_of(*each)) for each in inputs]
        raise ClientRefuses(f"{len(found)} inputs are called {name!r} among {seen}")
    return found[0]


def pressed(block: Json, element: Json, what: str) -> tuple[Json, Json, Json] | None:
    """Give what pressing this element sends, if it is called this and can be pressed at all."""
    if element["type"] == "button" and what in (element["action_id"], label_of(element["text"])):
        return block, element, {"value": element["value"]} if "value" in element else {}
    if element["type"] == "overflow":
        for option in element["options"]:
            if what in (label_of(option["text"]), option["value"]):
                return block, element, {"selected_option": option}
    return None


def dispatches(block: Json, element: Json) -> bool:
    """Tell whether changing this input sends a request at once: all outside input blocks do."""
    if block["type"] != "input":
        return True
    if not block.get("dispatch_action"):
        return False
    on = element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
    return element["type"] not in (*TEXTS, "rich_text_input") or "on_character_entered" in on


def value_for(element: Json, wanted: Any, offered: list[Json]) -> Any:
    """Give what the element holds once the person has put `wanted` in; None empties it.

    `offered` are the options of a search. Raises ClientRefuses.
    """
    kind = element["type"]
    if wanted is None:
        return _nothing(kind)
    if kind in TEXTS:
        return typed(element, str(wanted))
    options = offered if "external" in kind else all_options(element)
    if kind in ONE:
        return option_called(wanted, options)
    if kind in SEVERAL:
        return _several(element, [option_called(each, options) for each in _each(wanted)])
    if kind.startswith("multi_"):
        return _several(element, list(_each(wanted)))
    return _single(kind, wanted)


def _nothing(kind: str) -> Any:
    if kind == "radio_buttons":
        raise ClientRefuses("a radio button can't be taken back")
    return FIELDS[kind][2]


def _single(kind: str, wanted: Any) -> Any:
    if kind in ("datepicker", "timepicker"):
        return _moment(kind, wanted)
    if kind == "file_input" or not isinstance(wanted, int if kind == "datetimepicker" else str):
        raise ClientRefuses(f"{wanted!r} is nothing for a {kind}")
    if kind == "rich_text_input":
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": wanted}]}
        return {"type": "rich_text", "elements": [section]}
    return wanted


def typed(element: Json, text: str) -> str:
    most = element.get("max_length", 3000)
    if length(text) > most:
        raise ClientRefuses(f"{length(text)} characters don't go into a field for {most}")
    if "\n" in text and not element.get("multiline"):
        raise ClientRefuses("a line break can't be typed into a field of one line")
    form = FORMS.get(element["type"])
    if text and form and not re.fullmatch(form, text):
        raise ClientRefuses(f"{text!r} is nothing for a field of type {element['type']}")
    return text


def option_called(wanted: Any, options: list[Json]) -> Json:
    """Find an option by its words or its value."""
    for option in options:
        if wanted in (label_of(option["text"]), option["value"]):
            return option
    raise ClientRefuses(f"{wanted!r} isn't offered, but {[label_of(option['text']) for option in options]}")


def why_not_submitted(element: Json, entry: Json, *, optional: bool) -> str:
    """Say what the client writes under this input instead of sending the form; "" when it is fine."""
    if is_empty(entry):
        return "" if optional else "must be filled in"
    least = element.get("min_length", 0)
    if least and length(entry["value"]) < least:
        return f"must have at least {least} characters"
    return ""


def _each(wanted: Any) -> Iterable[Any]:
    return [wanted] if isinstance(wanted, str) else wanted


def _several(element: Json, chosen: list[Any]) -> list[Any]:
    if len(chosen) > element.get("max_selected_items", len(chosen)):
        raise ClientRefuses(f"no more than {element['max_selected_items']} can be chosen")
    return chosen


def _moment(kind: str, wanted: Any) -> str:
    try:
        if kind == "datepicker":
            return (wanted if isinstance(wanted, date) else date.fromisoformat(wanted)).isoformat()
        return (wanted if isinstance(wanted, time) else time.fromisoformat(wanted)).strftime("%H:%M")
    except ValueError:
        raise ClientRefuses(f"{wanted!r} is nothing for a {kind}") from None
