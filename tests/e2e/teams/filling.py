"""What Teams' client lets a person fill into a card's inputs, and what it sends of them."""

from __future__ import annotations

import itertools
import re
from datetime import date

from tests.e2e.teams.tenant import Json
from tests.e2e.teams.visible import inputs_of

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class ClientRefuses(AssertionError):
    """A person could not do this: the client doesn't offer it, or stops it."""


def find(card: Json, name: str) -> Json:
    """Return the input of this id (a sign before it doesn't count) or label."""
    found = [each for each in inputs_of(card) if name in (each["id"], each["id"].lstrip("*"), each["label"])]
    if len(found) != 1:
        raise ClientRefuses(f"{name!r} is not among {[each['id'] for each in inputs_of(card)]}")
    return found[0]


def value_for(field: Json, wanted: str | list[str], found: list[Json]) -> str:
    """Return what an input holds once somebody has filled it in; `found` are choices that a search has offered."""
    match field["type"]:
        case "Input.ChoiceSet":
            return _chosen(field, [wanted] if isinstance(wanted, str) else wanted, found)
        case "Input.Text":
            return _typed(field, str(wanted))
        case "Input.Date":
            return date.fromisoformat(str(wanted)).isoformat()
        case "Input.Time" if _TIME.fullmatch(str(wanted)):
            return str(wanted)
    raise ClientRefuses(f"{field['id']} takes no {wanted!r}")


def _chosen(field: Json, wanted: list[str], found: list[Json]) -> str:
    if len(wanted) != 1 and not field.get("isMultiSelect"):
        raise ClientRefuses(f"{field['id']} takes one choice")
    choices = [*found, *field.get("choices", [])]
    is_typed = field.get("style") == "filtered"
    values = [_choice(choices, name, is_typed=is_typed) for name in wanted]
    if None in values:
        raise ClientRefuses(f"{field['id']}: {wanted} is not among {[choice['title'] for choice in choices]}")
    return ",".join(str(value) for value in values)


def _choice(choices: list[Json], name: str, *, is_typed: bool) -> str | None:
    """Return the choice of this name; where one types to find it, the first that has these letters in it."""
    named = (each["value"] for each in choices if name in (each["value"], each["title"]))
    typed = (each["value"] for each in choices if is_typed and name.casefold() in each["title"].casefold())
    return next(itertools.chain(named, typed), None)


def _typed(field: Json, wanted: str) -> str:
    if len(wanted) > field.get("maxLength", len(wanted)):
        raise ClientRefuses(f"{field['id']} takes {field['maxLength']} characters")
    if "\n" in wanted and not field.get("isMultiline"):
        raise ClientRefuses(f"{field['id']} is one line")
    return wanted


def filled_in(card: Json, filled: dict[str, str]) -> dict[str, str]:
    """Return what is sent of all inputs: what was filled in, else what stood there; the empty ones are left out.

    Raises `ClientRefuses` where something that must be filled in isn't.
    """
    values = {each["id"]: filled.get(each["id"], each.get("value", "")) for each in inputs_of(card)}
    missing = [each["label"] for each in inputs_of(card) if each.get("isRequired") and not values[each["id"]]]
    if missing:
        raise ClientRefuses(f"not filled in: {missing}")
    return {name: value for name, value in values.items() if value}
