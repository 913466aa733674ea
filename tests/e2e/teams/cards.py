"""What Teams refuses of an Adaptive Card, and what it would show wrongly.

Sources: the official schema of cards 1.5, adaptivecards.io/explorer,
learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference and …/cards/dynamic-search
"""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator

from tests.e2e.teams.tenant import Json
from tests.e2e.teams.visible import elements_of, inputs_of

MOST_BYTES = 28 * 1024
MOST_ACTIONS = 6  # that are shown at the end of a card
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
_SCHEMA_FILE = Path(__file__).parents[2] / "adapters" / "schemas" / "adaptive-card-1.5.json"
_FREE = ("text", "title", "label", "placeholder", "errorMessage", "tooltip", "speak", "value", "id", "verb", "url")

_FUNCTION = re.compile(r"\{\{(DATE|TIME)\(")


@functools.cache
def _validator() -> Draft6Validator:
    schema = json.loads(_SCHEMA_FILE.read_text())
    # A field that one types to find something in, and one that asks the bot: Teams knows both, the schema neither.
    schema["definitions"]["ChoiceInputStyle"]["anyOf"][0]["enum"].append("filtered")
    query = {"type": {"enum": ["Data.Query"]}, "dataset": {"type": "string", "minLength": 1}}
    asked = {"type": "object", "properties": query, "required": [*query], "additionalProperties": False}
    schema["definitions"]["Input.ChoiceSet"]["properties"]["choices.data"] = asked
    return Draft6Validator(schema)


def faults_of(card: Any) -> list[str]:
    """Return why Teams would refuse a card, or show it otherwise than it is meant."""
    if not isinstance(card, dict) or (card.get("type"), card.get("version")) != ("AdaptiveCard", "1.5"):
        return ["no Adaptive Card 1.5"]
    found = [fault for piece in _pieces(card) for fault in _against_schema(json.dumps(_shape(piece)))]
    return found or [*_size(card), *_ids(card), *_words(card), *_actions(card), *_inputs(card)]


def _pieces(card: Json) -> Iterator[Json]:
    """Return what the schema looks at one by one: most of it has stood in another card before."""
    frame = {name: value for name, value in card.items() if name not in ("body", "actions")}
    yield frame
    for name in ("body", "actions"):
        several = card.get(name, [])
        yield from ({**frame, name: [each]} for each in several) if isinstance(several, list) else (card,)


def _shape(made: Any, name: str = "") -> Any:
    """Return a card without its words, which the schema has nothing to say about: the validator takes its time."""
    match made:
        case str():
            return "x" if name in _FREE else made
        case dict():
            return {key: {} if key == "data" else _shape(value, key) for key, value in made.items()}
        case list():
            return [*{json.dumps(_shape(each)): _shape(each) for each in made}.values()]
        case _:
            return made


@functools.cache
def _against_schema(shape: str) -> tuple[str, ...]:
    return tuple(f"schema: {error.message[:200]}" for error in _validator().iter_errors(json.loads(shape)))


def _size(card: Json) -> Iterator[str]:
    size = len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())
    if size >= MOST_BYTES:
        yield f"{size} bytes"


def _ids(card: Json) -> Iterator[str]:
    counted = Counter(each["id"] for each in elements_of(card) if "id" in each)
    yield from (f"the id {id_!r} is there {count} times" for id_, count in counted.items() if count > 1)


def _words(card: Json) -> Iterator[str]:
    for run in (each for each in elements_of(card) if _FUNCTION.search(str(each.get("text", "")))):
        yield f"a client writes a date in the place of {run['text']!r}"


def _actions(card: Json) -> Iterator[str]:
    if len(card.get("actions", [])) > MOST_ACTIONS:
        yield f"{len(card['actions'])} actions, of which {MOST_ACTIONS} are shown"
    for action in (each for each in elements_of(card) if each["type"].startswith("Action.")):
        if not action.get("title"):
            yield "an action without a title"
        stand_in = action.get("fallback")
        can_submit = isinstance(stand_in, dict) and stand_in["type"] == "Action.Submit"
        if action["type"] == "Action.Execute" and not can_submit:
            yield f"{action['title']!r} can't be pressed where a client doesn't know Action.Execute"
        if action["type"] == "Action.OpenUrl" and not action["url"].startswith(("https://", "tel:")):
            yield f"{action['title']!r} opens no page"


def _inputs(card: Json) -> Iterator[str]:
    for field in inputs_of(card):
        if not field.get("id") or not field.get("label"):
            yield "an input without an id or a label"
        if field.get("isRequired") and not field.get("errorMessage"):
            yield f"{field['id']}: nothing is said where it is left empty"
        chosen = filter(None, field.get("value", "").split(",")) if field["type"] == "Input.ChoiceSet" else ()
        offered = {choice["value"] for choice in field.get("choices", [])}
        yield from (f"{field['id']}: {value!r} is no choice" for value in chosen if value not in offered)
        if field["type"] == "Input.ChoiceSet" and not offered and "choices.data" not in field:
            yield f"{field['id']}: nothing to choose from"
