"""The app manifest against Slack's own schema, and its rights against what the adapter really asks Slack for."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import manifest as of_slack
from adapters.slack.manifest import EVENTS, SCOPES, manifest
from adapters.slack.server import PATH
from bot.settings import slack_endpoint
from flows import intent
from flows import messages as m
from flows.intent import understand
from flows.port import Typed
from flows.wishes import Wish

Json = dict[str, Any]

URL = slack_endpoint({"RUSPLAN_URL": "https://rusplan.example.no"})
FORMS = [pytest.param(URL, id="endpoint"), pytest.param("", id="socket")]
ADAPTER = Path(of_slack.__file__).parent
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "slack.manifest.2.json").read_text())

# What each call needs. Source: docs.slack.dev/reference/methods
SCOPES_OF_METHODS = {
    "apps_connections_open": set[str](),  # by the app's own token, whose right isn't the bot's
    "auth_test": set[str](),
    "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"im:history"},
    "conversations_open": {"im:write"},
    "files_upload_v2": {"files:write"},
    "users_info": {"users:read"},
    "users_lookupByEmail": {"users:read.email"},
    "views_open": set[str](),
    "views_publish": set[str](),
    "views_push": set[str](),
    "views_update": set[str](),
}
# Source: docs.slack.dev/reference/events, and docs.slack.dev/reference/scopes for what goes with another
SCOPES_OF_EVENTS = {"app_home_opened": set[str](), "message.im": {"im:history"}}
GOES_WITH = {"users:read.email": {"users:read"}}
SLASH_COMMANDS = {"commands"}


def faults(made: Json) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(SCHEMA).iter_errors(made)]


def called() -> Iterator[str]:
    """Yield the methods of Slack's client that the adapter's source names, whatever it calls the client."""
    for file in ADAPTER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = node.func.attr
                if "_" in name and not name.startswith("_") and hasattr(AsyncWebClient, name):
                    yield name


def commands(url: str) -> list[Json]:
    found: list[Json] = manifest(url)["features"]["slash_commands"]
    return found


@pytest.mark.parametrize("url", FORMS)
def test_slacks_own_schema_takes_it(url: str) -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert faults(manifest(url)) == []
    assert faults(json.loads(json.dumps(manifest(url)))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("display_information.name", "x" * 36),
        ("display_information.description", "x" * 141),
        ("features.bot_user.display_name", "x" * 81),
        ("features.slash_commands.0.command", "rus-plan"),
        ("features.slash_commands.0.command", "/" + "x" * 32),
        ("features.slash_commands.0.url", "rusplan.example.no"),
        ("features.slash_commands.0.anything", "x"),
        ("settings.interactivity.request_url", "ftp://x"),
        ("settings.socket_mode_enabled", "yes"),
        ("rights", []),
    ],
)
def test_the_schema_finds_what_slack_would_refuse(path: str, value: Any) -> None:
    made = manifest(URL)
    *before, last = path.split(".")
    place: Any = made
    for name in before:
        place = place[int(name)] if isinstance(place, list) else place[name]
    place[last] = value
    assert faults(made)


def test_with_an_endpoint_everything_goes_there() -> None:
    made = manifest(URL)
    assert f"https://rusplan.example.no{PATH}" == URL
    assert {each["url"] for each in commands(URL)} == {URL}
    assert made["settings"]["event_subscriptions"]["request_url"] == URL
    assert made["settings"]["interactivity"]["request_url"] == URL
    assert made["settings"]["interactivity"]["message_menu_options_url"] == URL  # fields that search
    assert made["settings"]["socket_mode_enabled"] is False


def test_with_a_socket_nothing_of_ours_has_an_address() -> None:
    made = manifest("")
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["settings"]["interactivity"] == {"is_enabled": True}
    assert not re.search(r"url|http", json.dumps(made))


@pytest.mark.parametrize("url", FORMS)
def test_the_two_forms_differ_in_nothing_but_addresses(url: str) -> None:
    made = manifest(url)
    assert made["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened", "message.im"]
    assert made["oauth_config"] == {"scopes": {"bot": list(SCOPES)}}
    assert made["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert made["settings"]["org_deploy_enabled"] is False
    assert made["settings"]["token_rotation_enabled"] is False


# The commands.


def test_every_command_that_the_help_names_is_there_once_and_in_its_order() -> None:
    assert [each["command"] for each in commands(URL)] == list(m.COMMANDS)
    assert len(m.COMMANDS) <= 50


@pytest.mark.parametrize("command", [each["command"] for each in commands(URL)])
def test_every_command_is_understood_and_each_as_something_else(command: str) -> None:
    meant = understand(Typed(command)).wish
    assert meant not in (Wish.UNKNOWN_COMMAND, Wish.FREE_TEXT)
    assert [each for each in m.COMMANDS if understand(Typed(each)).wish is meant] == [command]


def test_everything_that_can_be_typed_is_a_command_in_slack() -> None:
    assert {f"/{name}" for name in intent.COMMANDS} == set(m.COMMANDS)


@pytest.mark.parametrize("made", commands(URL), ids=lambda made: made["command"])
def test_a_command_has_a_name_that_slack_takes_and_says_what_it_is_for(made: Json) -> None:
    """Slack's names are lower case and have no å; ids of people that are named in it stay words."""
    assert re.fullmatch(r"/[a-z0-9-]{1,31}", made["command"])
    assert made["description"] == made["description"].strip()
    assert made["description"][0].isupper()
    assert made["description"][1:] == m.COMMANDS[made["command"]].nb[1:]
    assert made["should_escape"] is False


# Names.


def test_names_are_within_slacks_limits() -> None:
    """Also where the schema says so in words alone."""
    shown, bot = manifest(URL)["display_information"], manifest(URL)["features"]["bot_user"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", bot["display_name"])


# The rights.


def test_the_table_of_calls_is_what_the_source_calls() -> None:
    assert set(called()) == set(SCOPES_OF_METHODS)


def test_the_bot_asks_for_no_right_that_it_does_not_need_and_lacks_none() -> None:
    needed = set().union(*SCOPES_OF_METHODS.values(), *map(SCOPES_OF_EVENTS.__getitem__, EVENTS), SLASH_COMMANDS)
    needed |= set().union(*(GOES_WITH.get(scope, set()) for scope in needed))
    assert set(SCOPES) == needed


def test_the_bot_hears_of_nothing_that_it_does_not_listen_to() -> None:
    source = (ADAPTER / "listeners.py").read_text()
    listened = set(re.findall(r'\.event\("([a-z_]+)"\)', source))
    assert {event.partition(".")[0] for event in EVENTS} == listened


def test_nothing_is_read_in_channels() -> None:
    assert not [scope for scope in SCOPES if scope.startswith(("channels:", "groups:", "mpim:", "search:"))]
    assert not [event for event in EVENTS if event.startswith("message.") and event != "message.im"]


@pytest.mark.parametrize("scope", SCOPES)
def test_every_right_says_what_it_is_for(scope: str) -> None:
    assert SCOPES[scope].strip()
