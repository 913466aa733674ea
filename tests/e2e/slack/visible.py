"""What a person reads in blocks, as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def text_of(blocks: list[Json]) -> str:
    """Give all that can be read in these blocks, a line per piece: texts, labels, hints, buttons and options."""
    return "\n".join(line for block in blocks for line in _lines(block) if line)


def label_of(piece: Any) -> str:
    """Give the words of a text object."""
    return str(piece["text"]) if isinstance(piece, dict) and isinstance(piece.get("text"), str) else ""


def _lines(block: Json) -> Iterator[str]:
    match block["type"]:
        case "rich_text":
            yield from (_rich(part) for part in block["elements"])
        case "markdown":
            yield block["text"]
        case "table":
            yield from (" ".join(_cell(cell) for cell in row) for row in block["rows"])
        case "image":
            yield from (label_of(block.get("title")), block["alt_text"])
        case "input":
            yield label_of(block["label"])
            yield from _element(block["element"])
            yield label_of(block.get("hint"))
        case _:
            yield label_of(block.get("text"))
            yield from (label_of(field) for field in block.get("fields", []))
            for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
                yield from _element(element)


def _element(element: Json) -> Iterator[str]:
    if element["type"] in ("plain_text", "mrkdwn"):
        yield element["text"]
        return
    yield element.get("alt_text", "")
    for name in ("text", "placeholder"):
        yield label_of(element.get(name))
    if isinstance(element.get("initial_value"), str):
        yield element["initial_value"]
    groups = element.get("option_groups", [])
    yield from (label_of(group["label"]) for group in groups)
    for option in [*element.get("options", []), *(each for group in groups for each in group["options"])]:
        yield label_of(option["text"])
        yield label_of(option.get("description"))


def _cell(cell: Json) -> str:
    return label_of(cell) if cell["type"] == "raw_text" else " ".join(_rich(part) for part in cell["elements"])


def _rich(part: Json) -> str:
    if part["type"] == "rich_text_list":
        return "\n".join(_rich(item) for item in part["elements"])
    if "elements" in part:
        return "".join(_rich(piece) for piece in part["elements"])
    named = {"user": "user_id", "channel": "channel_id", "usergroup": "usergroup_id", "broadcast": "range"}
    if part["type"] in named:
        return f"@{part[named[part['type']]]}"
    return str(part.get("text") or part.get("fallback") or part.get("name") or part.get("url") or "")
