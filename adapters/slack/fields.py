"""A field as a Block Kit input, and what a person has filled into one; a block's id is the field's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack import words
from adapters.slack.look import Json, plain
from flows.cards import ChoiceField, DateField, Field, Option, TextField, TimeField
from flows.language import Language
from flows.limits import MAX_OPTIONS

FEW = 10  # the most radio buttons or checkboxes that Slack shows
VALUE = "value"  # the action of every input but one that searches
SEARCH = "search."  # the action of an input that searches: this and the list's name
NOT_CHOSEN = "-"  # a choice that can't be taken back in Slack has this one beside the others


def field(shown: Field, language: Language) -> Json:
    """Return the input block of a field."""
    made: Json = {
        "type": "input",
        "block_id": shown.name,
        "label": plain(shown.label),
        "element": _element(shown, language),
        "optional": not shown.required,
    }
    if shown.hint:
        made["hint"] = plain(shown.hint)
    return made


def values(state: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, tuple[str, ...]]:
    """Return what was filled in, by field name; an untouched field is absent.

    `state` are a view's values: block id → action id → element, as Slack sends them.
    """
    return {
        name: given for name, actions in state.items() for element in actions.values() if (given := _given(element))
    }


def _given(element: Mapping[str, Any]) -> tuple[str, ...]:
    match element.get("type"):
        case "plain_text_input":
            found = [element.get("value")]
        case "datepicker":
            found = [element.get("selected_date")]
        case "timepicker":
            found = [element.get("selected_time")]
        case "checkboxes" | "multi_static_select" | "multi_external_select":
            found = [option.get("value") for option in element.get("selected_options") or ()]
        case _:
            chosen = (element.get("selected_option") or {}).get("value")
            found = [chosen] if chosen != NOT_CHOSEN else []
    return tuple(value for value in found if isinstance(value, str) and value)


def _element(shown: Field, language: Language) -> Json:
    match shown:
        case ChoiceField():
            return _choice(shown, language)
        case DateField(value=value):
            return {"type": "datepicker", "action_id": VALUE} | ({"initial_date": value} if value else {})
        case TimeField(value=value):
            return {"type": "timepicker", "action_id": VALUE} | ({"initial_time": value} if value else {})
        case TextField():
            return _text(shown)


def _text(shown: TextField) -> Json:
    made: Json = {"type": "plain_text_input", "action_id": VALUE, "max_length": shown.max_length}
    made["multiline"] = shown.lines > 1
    return made | ({"initial_value": shown.value} if shown.value else {})


def _choice(shown: ChoiceField, language: Language) -> Json:
    if shown.searches:
        return _searched(shown, language)
    options = [option(each) for each in shown.options]
    chosen = [made for made, each in zip(options, shown.options, strict=True) if each.value in shown.value]
    if shown.several:
        return _several(options, chosen, language)
    if not shown.required and len(options) < MAX_OPTIONS:
        options.append(option(Option(NOT_CHOSEN, words.NOT_CHOSEN.in_(language))))
    is_few = len(options) <= FEW
    made: Json = {"type": "radio_buttons" if is_few else "static_select", "action_id": VALUE, "options": options}
    if not is_few:
        made["placeholder"] = plain(words.CHOOSE.in_(language))
    return made | ({"initial_option": chosen[0]} if chosen else {})


def _several(options: list[Json], chosen: list[Json], language: Language) -> Json:
    if len(options) <= FEW:
        made: Json = {"type": "checkboxes", "action_id": VALUE, "options": options}
    else:
        made = {"type": "multi_static_select", "action_id": VALUE, "options": options}
        made["placeholder"] = plain(words.CHOOSE.in_(language))
    return made | ({"initial_options": chosen} if chosen else {})


def _searched(shown: ChoiceField, language: Language) -> Json:
    """Return a field whose options Slack asks us for while somebody types."""
    chosen = [option(each) for each in shown.options if each.value in shown.value]
    made: Json = {
        "type": "multi_external_select" if shown.several else "external_select",
        "action_id": f"{SEARCH}{shown.searches}",
        "min_query_length": 0,
        "placeholder": plain(words.SEARCH.in_(language)),
    }
    if not chosen:
        return made
    return made | ({"initial_options": chosen} if shown.several else {"initial_option": chosen[0]})


def option(shown: Option) -> Json:
    made: Json = {"text": plain(shown.label), "value": shown.value}
    return made | ({"description": plain(shown.note)} if shown.note else {})
