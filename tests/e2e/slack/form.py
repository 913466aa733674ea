"""What stands in the inputs of a view or a message: `state.values`, shaped for each element as Slack shapes it."""

from __future__ import annotations

import copy
from typing import Any

from tests.e2e.slack.block_kit import elements_of

Json = dict[str, Any]

# Where the value lies, where the initial one does, and what stands there when there is none.
TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
FIELDS: dict[str, tuple[str, str, Any]] = dict.fromkeys(TEXTS, ("value", "initial_value", None))
FIELDS |= {
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "file_input": ("files", "", []),
}


def value_of(element: Json, value: Any) -> Json:
    """Give an element's entry in `state.values` that holds this value."""
    entry: Json = {"type": element["type"], FIELDS[element["type"]][0]: copy.deepcopy(value)}
    if "timezone" in element:
        entry["timezone"] = element["timezone"]
    return entry


def initial_state(blocks: list[Json]) -> Json:
    state: Json = {}
    for block, element in elements_of(blocks):
        if element["type"] in FIELDS:
            _, initial, nothing = FIELDS[element["type"]]
            entry = value_of(element, element.get(initial, nothing))
            state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return state


def kept_state(blocks: list[Json], before: Json) -> Json:
    """Carry over what stood in inputs whose block_id and action_id are the same.

    That holds for untouched inputs as well: a new initial value shows only under a new id
    (github.com/slackapi/bolt-js/issues/290, github.com/slackapi/bolt-python/issues/572).
    """
    state = initial_state(blocks)
    for block_id, entries in state.items():
        for action_id, entry in entries.items():
            old = before.get(block_id, {}).get(action_id)
            if old and old["type"] == entry["type"]:
                entries[action_id] = copy.deepcopy(old)
    return state


def is_empty(entry: Json) -> bool:
    """Tell whether nothing stands in this input; white space is something, so a bot has to cope with it."""
    return not entry[FIELDS[entry["type"]][0]]
