"""Slack's rules for blocks and views, written from its documentation alone: no validator of the bot's is used.

Limits are those of docs.slack.dev/reference/block-kit/blocks and …/reference/views. Input blocks are allowed in
messages (since April 2021). `validate` and its siblings give all faults, each with the JSON pointer of its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.e2e.slack.elements import ELEMENTS, element, picture, slack_file
from tests.e2e.slack.rich_text import rich_text
from tests.e2e.slack.shapes import (
    Faults,
    Json,
    Rule,
    add,
    array,
    at_least_one,
    at_most_one,
    boolean,
    by_type,
    either,
    mrkdwn,
    one_of,
    option,
    option_group,
    plain,
    repeated,
    string,
    thing,
)

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
VIEW_BYTES = 250_000
# Undocumented, and measured by others at 13,200 characters of JSON: github.com/slackapi/bolt-js/issues/2509
MESSAGE_BLOCKS_CHARACTERS = 13_200
NOT_MODELLED = {"alert", "card", "carousel", "container", "context_actions", "data_table", "file", "plan", "task_card"}
NOT_MODELLED |= {"video"}
BLOCK_ID: dict[str, Rule] = {"block_id": string(255)}


def unique_actions(value: Json, path: str, faults: Faults) -> None:
    for twice in repeated([each["action_id"] for each in value["elements"] if "action_id" in each]):
        add(faults, path, f"action_id already exists for another element: {twice}")


def no_dispatched_file(value: Json, path: str, faults: Faults) -> None:
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        add(faults, path, "dispatch_action is incompatible with file_input")


cell = by_type(
    {
        "raw_text": thing({"type": one_of("raw_text"), "text": string()}),
        "rich_text": rich_text,
    },
    "a table's cell",
)
column = thing({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
in_context = by_type(
    {"image": ELEMENTS["image"], "plain_text": plain(), "mrkdwn": mrkdwn()}, "an element of a context block"
)


def blocks_on(surface: str) -> dict[str, Rule]:
    """Give the rule for each kind of block on this surface ("message", "modal", "home")."""

    def block(name: str, required: dict[str, Rule], optional: dict[str, Rule], *also: Rule) -> None:
        rules[name] = thing({"type": one_of(name), **required}, BLOCK_ID | optional, *also)

    rules: dict[str, Rule] = {"rich_text": rich_text}
    block(
        "section",
        {},
        {
            "text": either(3000),
            "fields": array(either(2000), 10),
            "accessory": element("section", surface),
            "expand": boolean,
        },
        at_least_one("text", "fields"),
    )
    block("header", {"text": plain(150)}, {})
    block("divider", {}, {})
    block("context", {"elements": array(in_context, 10)}, {})
    block("actions", {"elements": array(element("actions", surface), 25)}, {}, unique_actions)
    block(
        "image",
        {"alt_text": string(2000)},
        {"image_url": string(3000), "slack_file": slack_file, "title": plain(2000)},
        *picture,
    )
    block(
        "input",
        {"label": plain(2000), "element": element("input", surface)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        no_dispatched_file,
    )
    if surface == "message":
        block("markdown", {"text": string(12_000)}, {})
        block(
            "table",
            {"rows": array(array(cell, 20), 100)},
            {"column_settings": array(column, 20)},
        )
    return rules


BLOCKS = {surface: blocks_on(surface) for surface in MOST_BLOCKS}


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Give each element with its block: what people press, choose and fill in."""
    for block in blocks:
        for name in ("element", "accessory"):
            if name in block and block[name]["type"] != "image":
                yield block, block[name]
        if block["type"] == "actions":
            yield from ((block, each) for each in block["elements"])


def validate(blocks: Any, surface: str, path: str = "/blocks", *, least: int = 1) -> Faults:
    """Find all faults of these blocks on this surface ("message", "modal", "home")."""
    faults: Faults = []

    def each(value: Any, where: str, found: Faults) -> None:
        if isinstance(value, dict) and str(value.get("type")) in NOT_MODELLED:
            add(found, where, f"this fake knows no blocks of type {value['type']}")
        else:
            by_type(BLOCKS[surface], f"a block in a {surface}")(value, where, found)

    array(each, MOST_BLOCKS[surface], least=least)(blocks, path, faults)
    if not faults:
        for twice in repeated([block["block_id"] for block in blocks if "block_id" in block]):
            add(faults, path, f"block_id already exists: {twice}")
        if sum(1 for _, found in elements_of(blocks) if found.get("focus_on_load")) > 1:
            add(faults, path, "only one element may have focus_on_load")
        if sum(block["type"] == "table" for block in blocks) > 1:
            add(faults, path, "only one table allowed")
    return faults


def too_long(blocks: list[Json]) -> bool:
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MESSAGE_BLOCKS_CHARACTERS


def anything(_value: Any, _path: str, _faults: Faults) -> None:
    """Leave this field to another rule."""


IDENTIFIERS: dict[str, Rule] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
VIEWS = {
    "modal": thing(
        {"type": one_of("modal"), "title": plain(24), "blocks": anything},
        IDENTIFIERS | {"submit": plain(24), "close": plain(24), "clear_on_close": boolean, "notify_on_close": boolean},
    ),
    "home": thing({"type": one_of("home"), "blocks": anything}, IDENTIFIERS),
}


def view_too_large(view: Any) -> bool:
    return (
        len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")) > VIEW_BYTES
    )


def validate_view(view: Any, kind: str) -> Faults:
    """Find all faults of a view that is to be shown as a "modal" or as somebody's "home"."""
    faults: Faults = []
    VIEWS[kind](view, "/view", faults)
    if isinstance(view, dict) and view.get("blocks") is not None:
        faults += validate(view["blocks"], kind, "/view/blocks")
        if not faults and kind == "modal" and any(block["type"] == "input" for block in view["blocks"]):
            at_least_one("submit")(view, "/view", faults)
    return faults


def validate_options(answer: Any) -> Faults:
    """Find all faults of an answer to a search in a menu (block_suggestion); no hit at all is fine."""
    faults: Faults = []
    rules: dict[str, Rule] = {
        "options": array(option(), 100, least=0),
        "option_groups": array(option_group, 100, least=0),
    }
    sources = ("options", "option_groups")
    thing({}, rules, at_least_one(*sources), at_most_one(*sources))(answer, "", faults)
    return faults
