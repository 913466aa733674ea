"""Activities that Teams would not send: each is refused as malformed, and nothing else ever comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.payload import Malformed, Search, clean
from adapters.teams import acts
from adapters.teams.acts import Act
from adapters.teams.fields import MAX_VALUE
from flows.limits import MAX_FIELDS
from flows.port import Submitted
from tests.adapters.fuzz import anything, each, objects, paths
from tests.adapters.slack_payloads import changed, without
from tests.adapters.teams_payloads import (
    SAID,
    SAID_IN_CHANNEL,
    answered,
    executed,
    fetched,
    hand_in,
    installed,
    press,
    searched,
    submitted,
)

Json = dict[str, Any]
Read = Callable[[Json], Act | Search | None]

READERS: dict[str, tuple[Read, Json]] = {
    "said": (acts.act, SAID),
    "said in a channel": (acts.act, SAID_IN_CHANNEL),
    "executed": (acts.act, executed(press("take", "K7M2QD"))),
    "submitted": (acts.act, submitted(hand_in("report", "r1", what="use"))),
    "fetched": (acts.act, fetched()),
    "answered": (acts.act, answered(hand_in("report", "r1", what="use"))),
    "searched": (acts.search, searched("classes", "1b")),
    "installed": (lambda body: acts.installed(body, "rus-hjelp"), installed()),
}
NO_TEXT = (7, 0, True, False, 1.5, float("nan"), [], ["x"], {}, {"x": "y"})
NO_OBJECT = (7, True, 1.5, "x", ["x"], [{}])

SENDER = ("from.id", "from.aadObjectId", "serviceUrl", "conversation.id")
TEXTS = {  # must be there and say something
    "said": (*SENDER, "id"),
    "executed": (*SENDER, "id"),
    "submitted": (*SENDER, "id"),
    "fetched": (*SENDER, "id", "value.commandId"),
    "answered": (*SENDER, "id"),
    "searched": ("from.aadObjectId", "value.dataset"),
    "installed": SENDER,
}
MAYBE_TEXTS = {  # may be missing or empty
    "said": ("text", "conversation.conversationType", "conversation.tenantId"),
    "executed": ("value.action.verb", "value.action.data._r", "replyToId"),
    "submitted": ("value._a", "value._r", "replyToId", "conversation.conversationType"),
    "answered": ("value.data._a", "value.data._r"),
    "searched": ("value.queryText",),
    "installed": ("id",),
}
OBJECTS = {
    "said": ("from", "conversation"),
    "executed": ("value", "value.action", "value.action.data", "from", "conversation"),
    "submitted": ("value", "from"),
    "fetched": ("value", "from", "conversation"),
    "answered": ("value", "value.data", "from", "conversation"),
    "searched": ("value", "from"),
    "installed": ("from", "conversation"),
}


def is_refused(kind: str, body: Json) -> bool:
    try:
        READERS[kind][0](body)
    except Malformed:
        return True
    return False


@pytest.mark.parametrize("kind", READERS)
def test_what_teams_sends_is_read(kind: str) -> None:
    assert not is_refused(kind, READERS[kind][1])


@pytest.mark.parametrize(("kind", "path"), each(TEXTS))
def test_a_text_that_must_be_there_is_a_text(kind: str, path: str) -> None:
    wrong = [changed(READERS[kind][1], path, value) for value in (*NO_TEXT, "", None)]
    assert all(is_refused(kind, body) for body in [*wrong, without(READERS[kind][1], path)])


@pytest.mark.parametrize(("kind", "path"), each(MAYBE_TEXTS))
def test_a_text_that_may_be_there_is_a_text_if_it_is(kind: str, path: str) -> None:
    assert all(is_refused(kind, changed(READERS[kind][1], path, value)) for value in NO_TEXT)
    fine = [changed(READERS[kind][1], path, value) for value in ("", None)]
    assert not any(is_refused(kind, body) for body in [*fine, without(READERS[kind][1], path)])


@pytest.mark.parametrize(("kind", "path"), each(OBJECTS))
def test_an_object_that_must_be_there_is_an_object(kind: str, path: str) -> None:
    assert all(is_refused(kind, changed(READERS[kind][1], path, value)) for value in NO_OBJECT)


@pytest.mark.parametrize("number", ["1" * 4301, "0" * 100_000, "x" + "f" * 100_000, "1114112", "xd800", "0"])
def test_the_number_of_a_letter_may_be_any_and_is_never_trouble(number: str) -> None:
    text = f"&#{number};"
    body = SAID | {"text": text}
    if number.isdecimal() and len(number) > 4300:  # more than Python reads as a number
        assert is_refused("said", body)
    else:
        assert acts.act(body) == acts.act(SAID | {"text": "\ufffd"})


def test_a_refusal_says_no_more_than_which_field() -> None:
    """It may end up in a log."""
    with pytest.raises(Malformed, match=r"^from\.aadObjectId$|^aadObjectId$"):
        acts.act(changed(SAID, "from.aadObjectId", ["Per Hansen"]))


def filled(**values: Any) -> dict[str, tuple[str, ...]]:
    found = acts.act(executed(hand_in("report", **values)))
    assert found
    assert isinstance(found.incoming.act, Submitted)
    return dict(found.incoming.act.values)


@pytest.mark.parametrize("value", [*NO_TEXT, None, "", " \n"])
def test_what_is_no_text_in_a_field_is_nothing_filled_in(value: Any) -> None:
    assert filled(f=value) == {}


def test_no_more_is_read_than_a_form_can_hold() -> None:
    assert filled(f="x" * MAX_VALUE) == {"f": ("x" * MAX_VALUE,)}
    assert filled(f="x" * (MAX_VALUE + 1)) == {}
    assert len(filled(**{f"f{at}": "x" for at in range(500)})) == MAX_FIELDS


# Anything at all.

NAMES = sorted(
    {
        *("type", "name", "id", "text", "value", "from", "aadObjectId", "conversation", "conversationType", "tenantId"),
        *("channelData", "tenant", "serviceUrl", "replyToId", "action", "verb", "data", "commandId", "dataset"),
        *("queryText", "_a", "_r", "_p", "_f", "what", "*with", "entities", "attachments", "recipient"),
    }
)
WORDS = ["message", "invoke", "personal", "d", "_cancel", "a\nb", "\ud800", "\0", "<at>", "&#1;", "a,b"]


def comes_to_an_act_or_is_malformed(kind: str, body: Json) -> None:
    read, _ = READERS[kind]
    try:
        found = read(clean(body))
    except Malformed:
        return
    assert found is None or isinstance(found, Act | Search)


@settings(deadline=None, max_examples=150)
@given(body=objects(NAMES, WORDS))
def test_any_object_is_an_act_or_malformed(body: Json) -> None:
    for kind in READERS:
        comes_to_an_act_or_is_malformed(kind, body)


@pytest.mark.parametrize("kind", READERS)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_an_activity_with_anything_in_two_of_its_places_is_an_act_or_malformed(kind: str, data: st.DataObject) -> None:
    body = READERS[kind][1]
    places = sorted(path for path in paths(body) if "." not in path or path.count(".") < 5)
    for path in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=2, unique=True)):
        try:
            body = changed(body, path, data.draw(anything(NAMES, WORDS)))
        except (TypeError, KeyError, ValueError, IndexError):  # the first has taken the second's place away
            continue
    comes_to_an_act_or_is_malformed(kind, body)
