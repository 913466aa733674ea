"""A field as an Adaptive Card's input, and what a person has filled into one; an input's id is the field's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.teams import words
from flows.cards import ChoiceField, DateField, Field, Option, TextField, TimeField
from flows.language import Language, Text
from flows.limits import MAX_FIELDS, MAX_OPTIONS

Json = dict[str, Any]

FEW = 6  # the most choices that are shown as a list to tick
MOST_CHOICES = 150  # that a card holds itself; what is longer is asked for while somebody types
MAX_VALUE = 4000  # characters of one input that are read
SEVERAL = "*"  # begins the id of an input with several choices, so that what comes back can be told apart
BETWEEN = ","  # several choices, in the one text that a client makes of them


def field(shown: Field, language: Language) -> Json:
    """Return the input of a field, with its label and what is said where it is left empty."""
    label = f"{shown.label} ({shown.hint})" if shown.hint else shown.label
    made: Json = {"id": shown.name, "label": label, "isRequired": shown.required, "spacing": "Medium"}
    if shown.required:
        made["errorMessage"] = words.MUST_FILL.in_(language)
    return made | _input(shown, language)


def values(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what was filled in, by field name; an untouched field is absent.

    Several choices come as one text with commas, which no value of such a field has in it.
    """
    given = {name: value.strip() for name, value in data.items() if isinstance(value, str) and value.strip()}
    kept = [(name, value) for name, value in given.items() if len(value) <= MAX_VALUE][:MAX_FIELDS]
    return dict(_read(name, value) for name, value in kept)


def _read(name: str, value: str) -> tuple[str, tuple[str, ...]]:
    if not name.startswith(SEVERAL):
        return name, (value,)
    chosen = dict.fromkeys(each for each in value.split(BETWEEN) if each)
    return name.removeprefix(SEVERAL), tuple(chosen)[:MAX_OPTIONS]


def _input(shown: Field, language: Language) -> Json:
    match shown:
        case ChoiceField():
            return _choice(shown, language)
        case DateField(value=value):
            return {"type": "Input.Date"} | ({"value": value} if value else {})
        case TimeField(value=value):
            return {"type": "Input.Time"} | ({"value": value} if value else {})
        case TextField():
            made: Json = {"type": "Input.Text", "maxLength": shown.max_length, "isMultiline": shown.lines > 1}
            return made | ({"value": shown.value} if shown.value else {})


def _choice(shown: ChoiceField, language: Language) -> Json:
    made: Json = {"type": "Input.ChoiceSet", "choices": [option(each) for each in shown.options], "wrap": True}
    if shown.several:
        made |= {"id": f"{SEVERAL}{shown.name}", "isMultiSelect": True}
    if shown.value:
        made["value"] = BETWEEN.join(shown.value)
    if not shown.searches:
        is_few = len(shown.options) <= FEW
        return made | ({"style": "expanded"} if is_few else {"style": "compact"} | _placeholder(words.CHOOSE, language))
    made |= {"style": "filtered"} | _placeholder(words.SEARCH, language)
    if len(shown.options) > MOST_CHOICES:
        chosen = [option(each) for each in shown.options if each.value in shown.value]
        made |= {"choices": chosen, "choices.data": {"type": "Data.Query", "dataset": shown.searches}}
    return made


def _placeholder(text: Text, language: Language) -> Json:
    return {"placeholder": text.in_(language)}


def option(shown: Option) -> Json:
    title = f"{shown.label} ({shown.note})" if shown.note else shown.label
    return {"title": title, "value": shown.value}
