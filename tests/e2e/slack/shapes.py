"""How a rule about a piece of Slack's JSON is written down, and the rules for the small objects everything is made of.

A rule takes a value, its JSON pointer and the list of faults to add to. Limits are those of docs.slack.dev/reference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Faults = list[str]
Rule = Callable[[Any, str, Faults], None]
MANY = 1000  # where no limit is documented


def add(faults: Faults, path: str, what: str) -> None:
    """Write a fault down as Slack words it: what is wrong, then where."""
    faults.append(f"{what} [json-pointer:{path}]")


def length(text: str) -> int:
    """Count UTF-16 units: the strictest of the counts Slack might use."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def string(most: int | None = None, *, least: int = 1, like: str = "") -> Rule:
    def rule(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, str):
            add(faults, path, f"must provide a string, got {type(value).__name__}")
        elif length(value) < least:
            add(faults, path, f"must be more than {least - 1} characters")
        elif most is not None and length(value) > most:
            add(faults, path, f"must be less than {most + 1} characters")
        elif like and not re.fullmatch(like, value):
            add(faults, path, f"must be of the form {like}")
        elif any("\ud800" <= char <= "\udfff" for char in value):
            add(faults, path, "must be valid Unicode")

    return rule


def boolean(value: Any, path: str, faults: Faults) -> None:
    if not isinstance(value, bool):
        add(faults, path, "must be a boolean")


def integer(least: int, most: int) -> Rule:
    def rule(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            add(faults, path, f"must be an integer from {least} to {most}")

    return rule


def one_of(*allowed: str) -> Rule:
    def rule(value: Any, path: str, faults: Faults) -> None:
        if value not in allowed:
            add(faults, path, f"must be one of {', '.join(allowed)}")

    return rule


def array(each: Rule, most: int, *, least: int = 1) -> Rule:
    def rule(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, list):
            add(faults, path, "must be an array")
            return
        if len(value) < least:
            add(faults, path, f"no fewer than {least} items allowed")
        if len(value) > most:
            add(faults, path, f"no more than {most} items allowed")
        for index, item in enumerate(value):
            each(item, f"{path}/{index}", faults)

    return rule


def thing(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *also: Rule) -> Rule:
    """Allow exactly these fields; `also` are rules for the object as a whole, asked when each field is right."""
    fields = {**required, **(optional or {})}

    def rule(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            add(faults, path, "must provide an object")
            return
        before = len(faults)
        for name in (name for name in required if value.get(name) is None):
            add(faults, path, f"missing required field: {name}")
        for name in value:
            if name not in fields:
                add(faults, path, f"invalid additional property: {name}")
            elif value[name] is not None:
                fields[name](value[name], f"{path}/{name}", faults)
            elif name not in required:
                add(faults, f"{path}/{name}", "must not be null")
        if len(faults) == before:
            for whole in also:
                whole(value, path, faults)

    return rule


def by_type(kinds: Mapping[str, Rule], what: str) -> Rule:
    """Choose the rule by the object's `type`."""

    def rule(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            add(faults, path, "must provide an object")
        elif not isinstance(value.get("type"), str) or value["type"] not in kinds:
            add(faults, f"{path}/type", f"unsupported type for {what}: {value.get('type')}")
        else:
            kinds[value["type"]](value, path, faults)

    return rule


def at_most_one(*names: str) -> Rule:
    def rule(value: Json, path: str, faults: Faults) -> None:
        if sum(name in value for name in names) > 1:
            add(faults, path, f"only one of {', '.join(names)} may be given")

    return rule


def at_least_one(*names: str) -> Rule:
    def rule(value: Json, path: str, faults: Faults) -> None:
        if not any(name in value for name in names):
            add(faults, path, f"one of {', '.join(names)} is required")

    return rule


def repeated(values: Sequence[Any]) -> list[Any]:
    return [value for value, times in Counter(values).items() if times > 1]


# Text objects: docs.slack.dev/reference/block-kit/composition-objects/text-object


def plain(most: int = 3000) -> Rule:
    return thing({"type": one_of("plain_text"), "text": string(most)}, {"emoji": boolean})


def mrkdwn(most: int = 3000) -> Rule:
    return thing({"type": one_of("mrkdwn"), "text": string(most)}, {"verbatim": boolean})


def either(most: int) -> Rule:
    return by_type({"plain_text": plain(most), "mrkdwn": mrkdwn(most)}, "text object")


# …/composition-objects/confirmation-dialog-object
confirm = thing(
    {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)


# …/composition-objects/option-object: `mrkdwn` only in radio buttons and checkboxes, `url` only in overflow menus
def option(*, formatted: bool = False, url: bool = False) -> Rule:
    text = either(75) if formatted else plain(75)
    return thing({"text": text, "value": string(150)}, {"description": text} | ({"url": string(3000)} if url else {}))


def unique_values(value: Json, path: str, faults: Faults) -> None:
    for twice in repeated([each["value"] for each in all_options(value)]):
        add(faults, path, f"option value appears twice: {twice}")


def all_options(element: Json) -> list[Json]:
    """Give the options that an element offers, also those in groups."""
    grouped = [each for group in element.get("option_groups", []) for each in group["options"]]
    return [*element.get("options", []), *grouped]


# …/composition-objects/option-group-object
option_group = thing({"label": plain(75), "options": array(option(), 100)})


def initial_is_offered(value: Json, path: str, faults: Faults) -> None:
    """Want what is chosen from the start to be, key for key, one of the options."""
    chosen = value.get("initial_options", [value["initial_option"]] if "initial_option" in value else [])
    for each in chosen:
        if each not in all_options(value):
            add(faults, path, f"initial option is none of the options: {each['value']}")
