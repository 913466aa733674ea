"""What Slack sends, as its documentation shows it: one of each kind, whole, with what we never read among it.

Source: docs.slack.dev/interactivity, docs.slack.dev/reference/interaction-payloads, docs.slack.dev/reference/events
"""

from __future__ import annotations

from typing import Any

from adapters.slack import acts
from adapters.slack.acts import Act

Json = dict[str, Any]

TEAM, ENTERPRISE, USER, BOT = "T0123ABCD", "E0123ABCD", "U0123ABCD", "B0123ABCD"
CHANNEL, DM = "C0123ABCD", "D0123ABCD"
TRIGGER = "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3"
RESPONSE_URL = "https://hooks.slack.com/commands/T0123ABCD/1234/5678"
METADATA = {"event_type": "rusplan_delivery", "event_payload": {"delivery_id": "0123456789abcdef"}}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def option(value: str) -> Json:
    return {"text": plain(value.upper()), "value": value}


COMMAND: Json = {
    "token": "gIkuvaNzQIHg97ATvDxqgjtO",
    "team_id": TEAM,
    "team_domain": "fjellheim",
    "channel_id": CHANNEL,
    "channel_name": "lærerrommet",
    "user_id": USER,
    "user_name": "ola",
    "command": "/rus-plan",
    "text": "foresatte",
    "api_app_id": "A0123ABCD",
    "is_enterprise_install": "false",
    "response_url": RESPONSE_URL,
    "trigger_id": TRIGGER,
}

BASE: Json = {
    "user": {"id": USER, "username": "ola", "name": "ola", "team_id": TEAM},
    "api_app_id": "A0123ABCD",
    "token": "gIkuvaNzQIHg97ATvDxqgjtO",
    "team": {"id": TEAM, "domain": "fjellheim"},
    "enterprise": None,
    "is_enterprise_install": False,
}

ACTION: Json = {
    "type": "button",
    "block_id": "aZ1",
    "action_id": "0.take",
    "text": plain("Jeg tar saken"),
    "value": "0123456789abcdef0123456789abcdef",
    "style": "primary",
    "action_ts": "1795424461.123456",
}

IN_MESSAGE: Json = BASE | {
    "type": "block_actions",
    "container": {"type": "message", "message_ts": "1795424400.000100", "channel_id": DM, "is_ephemeral": False},
    "trigger_id": TRIGGER,
    "channel": {"id": DM, "name": "directmessage"},
    "message": {
        "type": "message",
        "user": "U0BOT",
        "bot_id": BOT,
        "ts": "1795424400.000100",
        "text": "Ny sak",
        "metadata": METADATA,
        "blocks": [{"type": "header", "block_id": "h", "text": plain("Ny sak")}],
    },
    "state": {"values": {}},
    "response_url": "https://hooks.slack.com/actions/T0123ABCD/1234/5678",
    "actions": [ACTION],
}

IN_EPHEMERAL: Json = {name: value for name, value in IN_MESSAGE.items() if name != "message"} | {
    "container": {"type": "message", "message_ts": "1795424400.000200", "channel_id": CHANNEL, "is_ephemeral": True},
    "channel": {"id": CHANNEL, "name": "lærerrommet"},
    "actions": [ACTION | {"action_id": "0.start", "value": ""}],
}


def view(kind: str, **more: Any) -> Json:
    return {
        "id": "V0123ABCD",
        "team_id": TEAM,
        "type": kind,
        "blocks": [],
        "private_metadata": "",
        "callback_id": "rusplan",
        "state": {"values": {}},
        "hash": "1795424460.abcDEF12",
        "title": plain("Sak K7Q2F"),
        "clear_on_close": False,
        "notify_on_close": False,
        "close": plain("Avbryt"),
        "submit": None,
        "previous_view_id": None,
        "root_view_id": "V0123ABCD",
        "app_id": "A0123ABCD",
        "external_id": "",
        "app_installed_team_id": TEAM,
        "bot_id": BOT,
    } | more


def in_view(kind: str) -> Json:
    return BASE | {
        "type": "block_actions",
        "container": {"type": "view", "view_id": "V0123ABCD"},
        "trigger_id": TRIGGER,
        "view": view(kind),
        "actions": [ACTION | {"action_id": "s3.duty", "value": "0123/B1.4"}],
    }


IN_MODAL, IN_HOME = in_view("modal"), in_view("home")

FILLED: Json = {
    "note": {"value": {"type": "plain_text_input", "value": "Avtalt.\nTo."}},
    "untouched": {"value": {"type": "plain_text_input", "value": None}},
    "day": {"value": {"type": "datepicker", "selected_date": "2026-11-26"}},
    "no_day": {"value": {"type": "datepicker", "selected_date": None}},
    "hour": {"value": {"type": "timepicker", "selected_time": "10:30"}},
    "yes": {"value": {"type": "radio_buttons", "selected_option": option("ja")}},
    "taken_back": {"value": {"type": "radio_buttons", "selected_option": option("-")}},
    "place": {"value": {"type": "static_select", "selected_option": option("kantine")}},
    "class": {"search.classes": {"type": "external_select", "selected_option": option("1baa")}},
    "no_class": {"search.classes": {"type": "external_select", "selected_option": None}},
    "what": {"value": {"type": "checkboxes", "selected_options": [option("a"), option("b")]}},
    "many": {"value": {"type": "multi_static_select", "selected_options": [option("c")]}},
    "people": {"search.staff": {"type": "multi_external_select", "selected_options": [option("ola"), option("eva")]}},
    "nobody": {"search.staff": {"type": "multi_external_select", "selected_options": []}},
}

SUBMISSION: Json = BASE | {
    "type": "view_submission",
    "trigger_id": TRIGGER,
    "view": view("modal", private_metadata="do\n0123/B1.4", state={"values": FILLED}, submit=plain("Lagre")),
    "response_urls": [],
}

SUGGESTION: Json = BASE | {
    "type": "block_suggestion",
    "container": {"type": "view", "view_id": "V0123ABCD"},
    "view": view("modal"),
    "block_id": "class",
    "action_id": "search.classes",
    "value": "1b",
}


def event(**parts: Any) -> Json:
    return {
        "token": "gIkuvaNzQIHg97ATvDxqgjtO",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": "A0123ABCD",
        "event": parts,
        "type": "event_callback",
        "event_id": "Ev0123ABCD",
        "event_time": 1795424400,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6Im1lc3NhZ2UifQ",
    }


MESSAGE = event(
    type="message",
    user=USER,
    ts="1795424400.000100",
    client_msg_id="c0ffee00-0000-4000-8000-000000000000",
    text="/rus-plan &lt;foresatte&gt; &amp; elev",
    team=TEAM,
    channel=DM,
    event_ts="1795424400.000100",
    channel_type="im",
)
HOME_OPENED = event(type="app_home_opened", user=USER, channel=DM, tab="home", event_ts="1795424400.000100")


def changed(body: Json, path: str, value: Any) -> Json:
    """Return a payload in which one place, as in «user.id» or «actions.0», holds something else."""
    name, _, rest = path.partition(".")
    copy: Any = list(body) if isinstance(body, list) else dict(body)
    at = int(name) if isinstance(copy, list) else name
    copy[at] = changed(copy[at], rest, value) if rest else value
    return copy  # type: ignore[no-any-return]


def without(body: Json, path: str) -> Json:
    """Return a payload in which one place isn't there."""
    name, _, rest = path.partition(".")
    copy: Any = list(body) if isinstance(body, list) else dict(body)
    at = int(name) if isinstance(copy, list) else name
    if rest:
        copy[at] = without(copy[at], rest)
    else:
        del copy[at]
    return copy  # type: ignore[no-any-return]


def read(body: Json) -> Act:
    """Return the act of any payload that is one."""
    kinds = {"block_actions": acts.pressed, "view_submission": acts.submitted}
    if "event" in body:
        act = (acts.said if body["event"]["type"] == "message" else acts.home_opened)(body)
        assert act is not None
        return act
    return kinds.get(body.get("type", ""), acts.command)(body)
