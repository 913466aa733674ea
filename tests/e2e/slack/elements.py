"""Slack's rules for block elements: what may stand in each, and in which block and on which surface each may stand.

Limits are those of docs.slack.dev/reference/block-kit/block-elements.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from tests.e2e.slack.rich_text import rich_text
from tests.e2e.slack.shapes import (
    MANY,
    Faults,
    Json,
    Rule,
    add,
    array,
    at_least_one,
    at_most_one,
    boolean,
    by_type,
    confirm,
    initial_is_offered,
    integer,
    length,
    one_of,
    option,
    option_group,
    plain,
    string,
    thing,
    unique_values,
)

ACTION: dict[str, Rule] = {"action_id": string(255)}
ASKED = ACTION | {"confirm": confirm}
FOCUSED: dict[str, Rule] = {"focus_on_load": boolean}
CHOSEN = ASKED | FOCUSED | {"placeholder": plain(150)}
SEVERAL = CHOSEN | {"max_selected_items": integer(1, MANY)}
TYPED = ACTION | FOCUSED | {"placeholder": plain(150)}
TYPED["dispatch_action_config"] = thing(
    {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
OPTIONS: dict[str, Rule] = {"options": array(option(), 100), "option_groups": array(option_group, 100)}
FORMATTED: dict[str, Rule] = {"options": array(option(formatted=True), 10)}
BUTTON: dict[str, Rule] = {"accessibility_label": string(75), "style": one_of("primary", "danger")}
IDS = array(string(), MANY)


def kind(name: str, required: dict[str, Rule], optional: dict[str, Rule], *also: Rule) -> tuple[str, Rule]:
    return name, thing({"type": one_of(name), **required}, optional, *also)


def a_day(value: Any, path: str, faults: Faults) -> None:
    """Want YYYY-MM-DD, and a day that exists."""
    try:
        is_one = bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)) and bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        is_one = False
    if not is_one:
        add(faults, path, "must be a date as YYYY-MM-DD")


def a_zone(value: Any, path: str, faults: Faults) -> None:
    if value not in available_timezones():
        add(faults, path, "must be an IANA time zone")


def lengths(value: Json, path: str, faults: Faults) -> None:
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if least > most:
        add(faults, path, "min_length must not be greater than max_length")
    if "initial_value" in value and not least <= length(value["initial_value"]) <= most:
        add(faults, f"{path}/initial_value", f"must be from {least} to {most} characters")


def numbers(value: Json, path: str, faults: Faults) -> None:
    bounds = [float(value[each]) for each in ("min_value", "initial_value", "max_value") if each in value]
    if bounds != sorted(bounds):
        add(faults, path, "initial_value must lie from min_value to max_value")


def within_selected(value: Json, path: str, faults: Faults) -> None:
    chosen: Any = next((value[each] for each in value if each.startswith("initial_")), [])
    if isinstance(chosen, list) and len(chosen) > value.get("max_selected_items", MANY):
        add(faults, path, "more is chosen from the start than max_selected_items")


one_source = [at_least_one("options", "option_groups"), at_most_one("options", "option_groups")]
a_number = string(like=r"-?\d+(\.\d+)?")
conversations = thing(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
slack_file = thing({}, {"id": string(), "url": string()}, at_least_one("id", "url"), at_most_one("id", "url"))
picture = [at_least_one("image_url", "slack_file"), at_most_one("image_url", "slack_file")]

INITIAL_OPTION: dict[str, Rule] = {"initial_option": option()}
INITIAL_OPTIONS: dict[str, Rule] = {"initial_options": array(option(), MANY)}
FORMATTED_INITIAL = option(formatted=True)
CONVERSATIONS: dict[str, Rule] = {"default_to_current_conversation": boolean, "filter": conversations}
RESPOND: dict[str, Rule] = {"response_url_enabled": boolean}
SHORTEST: dict[str, Rule] = {"min_query_length": integer(0, MANY)}

ELEMENTS: dict[str, Rule] = dict(
    [
        kind("button", {"text": plain(75)}, ASKED | BUTTON | {"value": string(2000), "url": string(3000)}),
        kind(
            "checkboxes",
            FORMATTED,
            ASKED | FOCUSED | {"initial_options": array(FORMATTED_INITIAL, 10)},
            unique_values,
            initial_is_offered,
        ),
        kind(
            "radio_buttons",
            FORMATTED,
            ASKED | FOCUSED | {"initial_option": FORMATTED_INITIAL},
            unique_values,
            initial_is_offered,
        ),
        kind("overflow", {"options": array(option(url=True), 5)}, ASKED, unique_values),
        kind("datepicker", {}, CHOSEN | {"initial_date": a_day}),
        kind(
            "timepicker",
            {},
            CHOSEN | {"initial_time": string(like=r"([01]\d|2[0-3]):[0-5]\d"), "timezone": a_zone},
        ),
        kind("datetimepicker", {}, ASKED | FOCUSED | {"initial_date_time": integer(10**9, 10**10 - 1)}),
        kind("static_select", {}, CHOSEN | OPTIONS | INITIAL_OPTION, *one_source, unique_values, initial_is_offered),
        kind(
            "multi_static_select",
            {},
            SEVERAL | OPTIONS | INITIAL_OPTIONS,
            *one_source,
            unique_values,
            initial_is_offered,
            within_selected,
        ),
        kind("external_select", {}, CHOSEN | SHORTEST | INITIAL_OPTION),
        kind("multi_external_select", {}, SEVERAL | SHORTEST | INITIAL_OPTIONS, within_selected),
        kind("users_select", {}, CHOSEN | {"initial_user": string()}),
        kind("multi_users_select", {}, SEVERAL | {"initial_users": IDS}, within_selected),
        kind("channels_select", {}, CHOSEN | RESPOND | {"initial_channel": string()}),
        kind("multi_channels_select", {}, SEVERAL | {"initial_channels": IDS}, within_selected),
        kind("conversations_select", {}, CHOSEN | RESPOND | CONVERSATIONS | {"initial_conversation": string()}),
        kind("multi_conversations_select", {}, SEVERAL | CONVERSATIONS | {"initial_conversations": IDS}),
        kind(
            "plain_text_input",
            {},
            TYPED
            | {"initial_value": string(3000), "multiline": boolean}
            | {"min_length": integer(0, 3000), "max_length": integer(1, 3000)},
            lengths,
        ),
        kind("email_text_input", {}, TYPED | {"initial_value": string()}),
        kind("url_text_input", {}, TYPED | {"initial_value": string()}),
        kind(
            "number_input",
            {"is_decimal_allowed": boolean},
            TYPED | {"initial_value": a_number, "min_value": a_number, "max_value": a_number},
            numbers,
        ),
        kind("rich_text_input", {}, TYPED | {"initial_value": rich_text}),
        kind("file_input", {}, ACTION | {"filetypes": array(string(), MANY), "max_files": integer(1, 10)}),
        kind("image", {"alt_text": string(2000)}, {"image_url": string(3000), "slack_file": slack_file}, *picture),
    ]
)

MENUS = {name for name in ELEMENTS if name.endswith("_select")}
PICKERS = {"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"}
INPUTS = MENUS | PICKERS | {name for name in ELEMENTS if name.endswith("_input")}
IN_BLOCK = {
    "section": MENUS | PICKERS | {"button", "overflow", "image"},
    "actions": MENUS | PICKERS | {"button", "overflow", "rich_text_input"},
    "input": INPUTS,
}
ONLY_IN_MODALS = {"file_input"}


def element(block: str, surface: str) -> Rule:
    """Give the rule for an element in this kind of block on this surface ("message", "modal", "home")."""
    allowed = IN_BLOCK[block] - (set() if surface == "modal" else ONLY_IN_MODALS)
    return by_type({name: ELEMENTS[name] for name in allowed}, f"an element of a block of type {block} in a {surface}")
