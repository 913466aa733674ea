"""Payloads that Slack would not send: each is refused as malformed, and nothing else ever comes of it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.payload import MAX_DEPTH, Malformed, Search, clean
from adapters.slack import acts
from adapters.slack.acts import Act
from tests.adapters.fuzz import anything, each, objects, paths
from tests.adapters.slack_payloads import (
    COMMAND,
    HOME_OPENED,
    IN_EPHEMERAL,
    IN_HOME,
    IN_MESSAGE,
    IN_MODAL,
    MESSAGE,
    SUBMISSION,
    SUGGESTION,
    changed,
    without,
)

Json = dict[str, Any]
Read = Callable[[Json], Act | Search | None]

READERS: dict[str, tuple[Read, Json]] = {
    "command": (acts.command, COMMAND),
    "message": (acts.pressed, IN_MESSAGE),
    "ephemeral": (acts.pressed, IN_EPHEMERAL),
    "modal": (acts.pressed, IN_MODAL),
    "home": (acts.pressed, IN_HOME),
    "submission": (acts.submitted, SUBMISSION),
    "suggestion": (acts.search, SUGGESTION),
    "said": (acts.said, MESSAGE),
    "home opened": (acts.home_opened, HOME_OPENED),
}
NO_TEXT = (7, 0, True, False, 1.5, float("nan"), [], ["x"], {}, {"x": "y"})
NO_OBJECT = (7, 0, True, False, 1.5, "", "x", [], [{}])

TEXTS = {  # must be there and say something
    "command": ("trigger_id", "command", "user_id", "channel_id", "team_id"),
    "message": (
        "actions.0.action_id",
        "actions.0.action_ts",
        "container.channel_id",
        "container.message_ts",
        "user.id",
        "trigger_id",
    ),
    "modal": ("view.id", "view.hash", "user.id", "trigger_id", "actions.0.action_id"),
    "submission": ("view.id", "view.hash", "user.id"),
    "suggestion": ("action_id", "user.id"),
    "said": ("event.user", "event.channel", "event_id", "team_id"),
    "home opened": ("event.user", "event_id", "team_id"),
}
MAYBE_TEXTS = {  # may be missing or empty
    "command": ("text", "response_url"),
    "message": ("actions.0.value", "response_url", "container.type", "team.id"),
    "modal": ("view.type", "actions.0.value"),
    "submission": ("view.private_metadata", "trigger_id", "team.id"),
    "suggestion": ("value", "team.id"),
    "said": ("event.text",),
}
OBJECTS = {
    "message": ("actions.0", "container", "user"),
    "modal": ("view", "container", "user"),
    "home": ("view",),
    "submission": (
        "view",
        "user",
        "view.state.values.note",
        "view.state.values.note.value",
        "view.state.values.what.value.selected_options.1",
    ),
    "suggestion": ("user",),
    "said": ("event",),
    "home opened": ("event",),
}
MAYBE_OBJECTS = {
    "message": ("team", "enterprise"),
    "submission": (
        "view.state",
        "view.state.values",
        "team",
        "enterprise",
        "view.state.values.yes.value.selected_option",
        "view.state.values.place.value.selected_option",
        "view.state.values.class.search.classes.selected_option",
    ),
    "suggestion": ("team", "enterprise"),
}


def put(kind: str, path: str, value: Any) -> Json:
    """Return a payload with something else in one place; a block's action may have a dot in its id."""
    body = READERS[kind][1]
    if "search.classes" in path:
        chosen = {"type": "external_select", "selected_option": value}
        return changed(body, "view.state.values.class", {"search.classes": chosen})
    return changed(body, path, value)


def is_refused(kind: str, body: Json) -> bool:
    try:
        READERS[kind][0](body)
    except Malformed:
        return True
    return False


@pytest.mark.parametrize(("kind", "path"), each(TEXTS))
def test_a_text_that_must_be_there_is_a_text(kind: str, path: str) -> None:
    wrong = [put(kind, path, value) for value in (*NO_TEXT, "", None)]
    assert all(is_refused(kind, body) for body in [*wrong, without(READERS[kind][1], path)])


@pytest.mark.parametrize(("kind", "path"), each(MAYBE_TEXTS))
def test_a_text_that_may_be_there_is_a_text_if_it_is(kind: str, path: str) -> None:
    assert all(is_refused(kind, put(kind, path, value)) for value in NO_TEXT)
    fine = [put(kind, path, value) for value in ("", None)]
    assert not any(is_refused(kind, body) for body in [*fine, without(READERS[kind][1], path)])


@pytest.mark.parametrize(("kind", "path"), each(OBJECTS))
def test_an_object_that_must_be_there_is_an_object(kind: str, path: str) -> None:
    assert all(is_refused(kind, put(kind, path, value)) for value in (*NO_OBJECT, None))


@pytest.mark.parametrize(("kind", "path"), each(MAYBE_OBJECTS))
def test_an_object_that_may_be_there_is_an_object_if_it_is(kind: str, path: str) -> None:
    assert all(is_refused(kind, put(kind, path, value)) for value in NO_OBJECT)
    assert not is_refused(kind, put(kind, path, None))


@pytest.mark.parametrize("value", [*NO_OBJECT, None, {}, {"0": {}}])
def test_a_press_is_of_something(value: Any) -> None:
    assert is_refused("message", IN_MESSAGE | {"actions": value})


@pytest.mark.parametrize("value", ["", "x", 0, 7, True, 1.5, {}, {"0": {}}])
@pytest.mark.parametrize("name", ["what", "many", "people"])
def test_several_choices_are_a_list(name: str, value: Any) -> None:
    element = {"type": "checkboxes", "selected_options": value}
    assert is_refused("submission", changed(SUBMISSION, f"view.state.values.{name}", {"value": element}))


@pytest.mark.parametrize("name", ["enterprise_id", "team_id"])
@pytest.mark.parametrize("kind", ["command", "said", "home opened"])
@pytest.mark.parametrize("value", NO_TEXT, ids=repr)
def test_an_organisation_or_a_workspace_is_named_by_a_text(kind: str, name: str, value: Any) -> None:
    assert is_refused(kind, READERS[kind][1] | {name: value})


@pytest.mark.parametrize("value", [7, True, ["x"], {"value": "x"}], ids=repr)
@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        ("plain_text_input", "value"),
        ("datepicker", "selected_date"),
        ("timepicker", "selected_time"),
    ],
)
def test_what_is_no_text_in_a_field_is_nothing_filled_in(kind: str, holds: str, value: Any) -> None:
    body = changed(SUBMISSION, "view.state.values", {"f": {"value": {"type": kind, holds: value}}})
    assert getattr(acts.submitted(body).incoming.act, "values", None) == {}


def test_a_refusal_says_no_more_than_which_field() -> None:
    """It may end up in a log."""
    with pytest.raises(Malformed, match=r"^user_id$"):
        acts.command(COMMAND | {"user_id": ["Per Hansen"]})


# Anything at all.

NAMES = sorted(
    {
        *("actions", "container", "user", "team", "enterprise", "view", "message", "metadata", "event", "state"),
        *("values", "id", "type", "hash", "value", "text", "selected_option", "selected_options", "action_id"),
        *("trigger_id", "action_ts", "channel_id", "message_ts", "is_ephemeral", "private_metadata", "event_id"),
        *("team_id", "enterprise_id", "user_id", "command", "response_url", "tab", "channel", "channel_type"),
    }
)
WORDS = ["message", "view", "modal", "home", "im", "checkboxes", "datepicker", "-", "a\nb", "\ud800", "\0"]


def comes_to_an_act_or_is_malformed(kind: str, body: Json) -> None:
    read, _ = READERS[kind]
    try:
        found = read(clean(body))
    except Malformed:
        return
    assert found is None or isinstance(found, Act | Search)
    assert found is not None or kind in ("said", "home opened")


@settings(deadline=None, max_examples=300)
@given(body=objects(NAMES, WORDS))
def test_any_object_is_an_act_or_malformed(body: Json) -> None:
    for kind in READERS:
        comes_to_an_act_or_is_malformed(kind, body)


@pytest.mark.parametrize("kind", READERS)
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_payload_with_anything_in_two_of_its_places_is_an_act_or_malformed(kind: str, data: st.DataObject) -> None:
    body = READERS[kind][1]
    for _ in range(2):
        body = changed(body, data.draw(st.sampled_from(list(paths(body)))), data.draw(anything(NAMES, WORDS)))
    comes_to_an_act_or_is_malformed(kind, body)


# What is taken out of texts before anything is read.

# Every character that turns text around, as Unicode lists them (Bidi_Control). Source: unicode.org, PropList.txt
DIRECTION_MARKS = "\u061c\u200e\u200f" + "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\ud800b", "ab"),
        ("a\udfffc", "ac"),
        (json.loads('"\\ud83d\\ude00"'), "😀"),
        ("a\0b", "ab"),
        ("\x1b[31mrød\x07", "[31mrød"),
        ("a\x7fb", "ab"),
        ("én\nto\r\n\ttre", "én\nto\r\n\ttre"),
        (unicodedata.normalize("NFD", "blåbærøl Á Ŋ Č"), "blåbærøl Á Ŋ Č"),
        ("a\u200bb 👩‍🏫", "a\u200bb 👩‍🏫"),
        ("שלום", "שלום"),
        ("ﬁ ² ½ ™", "ﬁ ² ½ ™"),
        ("plain ASCII", "plain ASCII"),
        ("", ""),
    ],
)
def test_half_letters_and_control_characters_go_and_letters_are_composed(sent: str, kept: str) -> None:
    assert clean(sent) == kept
    assert clean(["x", {sent: sent, "b": [sent]}]) == ["x", {kept: kept, "b": [kept]}]


@pytest.mark.parametrize("mark", DIRECTION_MARKS, ids=lambda mark: f"{ord(mark):04x}")
def test_nothing_turns_what_follows_around(mark: str) -> None:
    assert clean(f"a{mark}b") == "ab"


@pytest.mark.parametrize("value", [None, True, 7, 1.5, [], {}, [None, {"a": False}]])
def test_what_is_no_text_stays_as_it_is(value: Any) -> None:
    assert clean(value) == value


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}], ids=["lists", "objects"])
def test_what_is_nested_deeper_than_slack_ever_does_is_malformed(wrap: Callable[[Any], Any]) -> None:
    value: Any = "x"
    for _ in range(MAX_DEPTH):
        value = wrap(value)
    assert clean(value) == value
    with pytest.raises(Malformed, match=r"^depth$"):
        clean(wrap(value))


@settings(deadline=None, max_examples=200)
@given(value=anything(NAMES, WORDS))
def test_what_is_clean_can_be_stored_and_sent_and_stays_clean(value: Any) -> None:
    kept = clean(value)
    json.dumps(kept, ensure_ascii=False).encode()
    assert json.dumps(clean(kept)) == json.dumps(kept)
