"""What a person sees of an Adaptive Card: its words as plain text, and what can be pressed or filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.e2e.teams.tenant import Json


class Pressable(NamedTuple):
    """A button, and the words of the part of the card that it stands in."""

    action: Json
    about: str


def text_of(card: Json) -> str:
    """Return all that can be read in a card, a line per piece: texts, labels, values, choices and buttons."""
    return "\n".join(line for line in _lines([*card.get("body", []), *card.get("actions", [])]) if line)


def elements_of(made: Any) -> Iterator[Json]:
    """Yield every element, action and text run of a card, but not what stands in for one."""
    if isinstance(made, dict):
        if "type" in made:
            yield made
        for name, each in made.items():
            if name not in ("data", "fallback"):
                yield from elements_of(each)
    elif isinstance(made, list):
        for each in made:
            yield from elements_of(each)


def inputs_of(card: Json) -> list[Json]:
    return [each for each in elements_of(card) if each["type"].startswith("Input.")]


def pressables(card: Json) -> list[Pressable]:
    """Return all buttons: those of the card itself last, as they are shown."""
    whole = text_of(card)
    own = [Pressable(action, whole) for action in card.get("actions", [])]
    return [*_in_parts(card.get("body", []), whole), *own]


def _in_parts(elements: list[Json], about: str) -> Iterator[Pressable]:
    for element in elements:
        match element["type"]:
            case "ActionSet":
                yield from (Pressable(action, about) for action in element["actions"])
            case "Container":
                yield from _in_parts(element["items"], "\n".join(_lines(element["items"])))


def steps_of(card: Json) -> list[str]:
    """Return the words of each part of a card."""
    return ["\n".join(_lines([element])) for element in card.get("body", [])]


def _lines(elements: list[Json]) -> Iterator[str]:
    for element in elements:
        match element["type"]:
            case "RichTextBlock":
                yield "".join(run if isinstance(run, str) else run["text"] for run in element["inlines"])
            case "TextBlock":
                yield element["text"]
            case "FactSet":
                yield from (f"{fact['title']} {fact['value']}" for fact in element["facts"])
            case "Container":
                yield from _lines(element["items"])
            case "ActionSet":
                yield from _lines(element["actions"])
            case kind if kind.startswith("Action."):
                yield element["title"]
            case kind if kind.startswith("Input."):
                yield element.get("label", "")
                yield element.get("placeholder", "")
                yield from (choice["title"] for choice in element.get("choices", []))
                yield element.get("value", "") if "choices" not in element else ""


def appointment_at(url: str) -> str:
    """Return what Outlook makes of a link, as a calendar file has it."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return f"BEGIN:VEVENT\nSUMMARY:{asked['subject']}\nDTSTART:{asked['startdt']}\nDESCRIPTION:{asked['body']}"
