"""What a signed body may say: JSON, a form, or a form that holds JSON. Whatever is none of these is malformed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.gate import MAX_PARTS, parsed
from tests.adapters.slack_door import CANARY, FORM, ITS_PARTS, JSON, SECRET, Door, door, nothing_is_logged_of
from tests.adapters.slack_payloads import COMMAND, IN_MESSAGE, MESSAGE, SUBMISSION

MALFORMED = (400, "malformed")


@pytest.fixture
async def slack() -> AsyncIterator[Door]:
    async with door(SECRET) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _nothing_of_a_body_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    nothing_is_logged_of(ITS_PARTS, caplog)


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def holding(payload: bytes) -> bytes:
    """Return a form that holds JSON, as an interaction is sent."""
    return b"payload=" + quote_from_bytes(payload).encode()


# What Slack sends.


async def test_an_event_is_json(slack: Door) -> None:
    assert await slack.knock(json.dumps(MESSAGE).encode()) == (200, "in")
    assert slack.let_in == [MESSAGE]


async def test_a_command_is_a_form(slack: Door) -> None:
    assert await slack.knock(form(**COMMAND), content_type=FORM) == (200, "in")
    assert slack.let_in == [COMMAND]


@pytest.mark.parametrize("body", [IN_MESSAGE, SUBMISSION])
async def test_an_interaction_is_a_form_that_holds_json(slack: Door, body: dict[str, Any]) -> None:
    assert await slack.knock(holding(json.dumps(body).encode()), content_type=FORM) == (200, "in")
    assert slack.let_in == [body]


async def test_a_field_that_is_empty_is_there_all_the_same(slack: Door) -> None:
    await slack.knock(b"command=%2Frus-plan&text=&x", content_type=FORM)
    assert slack.let_in == [{"command": "/rus-plan", "text": "", "x": ""}]


@pytest.mark.parametrize(
    "content_type",
    [
        FORM,
        FORM.upper(),
        f"{FORM}; charset=utf-8",
        f"{FORM}; charset=utf-16",
        f"{FORM}; charset=nonsense",
        f'{FORM}; charset="\xf8"; charset=x',
        f"{FORM};",
    ],
)
async def test_a_form_is_read_as_utf_8_whatever_it_says_of_itself(slack: Door, content_type: str) -> None:
    assert await slack.knock(form(text="blåbær"), content_type=content_type) == (200, "in")
    assert slack.let_in == [{"text": "blåbær"}]


@pytest.mark.parametrize(
    "content_type",
    [
        JSON,
        f"{JSON}; charset=utf-16",
        f"{JSON}; charset=nonsense",
        "text/plain",
        "",
        ";;;",
        "x/y/z",
        "multipart/form-data",
    ],
)
async def test_all_else_is_read_as_json_in_utf_8(slack: Door, content_type: str) -> None:
    assert await slack.knock('{"text": "blåbær"}'.encode(), content_type=content_type) == (200, "in")
    assert slack.let_in == [{"text": "blåbær"}]


@pytest.mark.parametrize("content_type", [JSON, "text/plain", "", "multipart/form-data; boundary=x", "text/xml"])
async def test_a_form_that_calls_itself_something_else_is_malformed(slack: Door, content_type: str) -> None:
    assert await slack.knock(form(**COMMAND), content_type=content_type) == MALFORMED


# What is cleaned on the way in.


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (rb'{"text": "a\ud800b"}', {"text": "ab"}),
        (rb'{"text": "a\udc00\ud800b"}', {"text": "ab"}),
        (rb'{"text": "\ud83d\ude00"}', {"text": "😀"}),
        (rb'{"te\u0000xt": "a\u0000b"}', {"text": "ab"}),
        (rb'{"text": "a\u202eb"}', {"text": "ab"}),
        (rb'{"text": "a\u030a"}', {"text": "å"}),
        (rb'{"a": 1, "a": 2}', {"a": 2}),  # as every reader of JSON does
        (rb' {"a": [null, true, 1.5, {"b": "c"}]} ', {"a": [None, True, 1.5, {"b": "c"}]}),
    ],
)
async def test_what_breaks_a_text_is_taken_out_of_it(slack: Door, sent: bytes, read: dict[str, Any]) -> None:
    assert await slack.knock(sent) == (200, "in")
    assert await slack.knock(holding(sent), content_type=FORM) == (200, "in")
    assert slack.let_in == [read, read]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"text=a%00b", {"text": "ab"}),
        (b"text=a%ED%A0%80b", {"text": "a\ufffd\ufffd\ufffdb"}),
        (b"text=a%FFb", {"text": "a\ufffdb"}),
        (b"text=%E2%80%AEx", {"text": "x"}),
        (b"text=1&text=2", {"text": "2"}),
        (b"text=a+b%2", {"text": "a b%2"}),
        (b"", {}),
        (b"&&&=&", {"": ""}),
    ],
)
async def test_what_breaks_a_forms_text_is_taken_out_too(slack: Door, sent: bytes, read: dict[str, Any]) -> None:
    assert await slack.knock(sent, content_type=FORM) == (200, "in")
    assert slack.let_in == [read]


# What is malformed.

NO_OBJECT = {
    "nothing": b"",
    "white space": b" ",
    "a cut object": b'{"a":',
    "a cut text": b'{"a": "' + CANARY.encode(),
    "a list": b"[]",
    "a text": b'"x"',
    "a number": b"1",
    "null": b"null",
    "two objects": b"{}{}",
    "a comma too many": b'{"a": 1,}',
    "other quotes": b"{'a': 1}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a control character": b'{"a": "\x01"}',
    "a half escape": rb'{"a": "\u00"}',
    "a number of 5000 digits": b'{"a": ' + b"1" * 5000 + b"}",
    "a negative one": b'{"a": -' + b"1" * 5000 + b"}",
    "no number": b'{"a": NaN}',
    "no end": b'{"a": -Infinity}',
    "depth of lists": b"[" * 100_000,
    "depth in an object": b'{"a": ' + b"[" * 100_000,
    "depth of objects": b'{"a":' * 40_000,
    "depth that ends": b'{"a": ' + b"[" * 41 + b"]" * 41 + b"}",
    "depth that ends late": b'{"a": ' + b"[" * 900 + b"]" * 900 + b"}",
    "yaml": b"a: 1",
    "xml": b"<a/>",
}


@pytest.mark.parametrize("sent", NO_OBJECT.values(), ids=NO_OBJECT)
async def test_what_is_no_json_object_is_malformed(slack: Door, sent: bytes) -> None:
    assert await slack.knock(sent) == MALFORMED
    assert await slack.knock(holding(sent)[:250_000], content_type=FORM) == MALFORMED
    assert slack.let_in == []


async def test_many_names_in_an_object_are_no_trouble(slack: Door) -> None:
    """As many as go into a body at all; a hundred thousand don't."""
    many = json.dumps({str(at): 1 for at in range(20_000)}).encode()
    assert await slack.knock(many) == (200, "in")
    assert await slack.knock(json.dumps({str(at): 1 for at in range(100_000)}).encode()) == (413, "too large")


@pytest.mark.parametrize(
    ("count", "answer"), [(MAX_PARTS, (200, "in")), (MAX_PARTS + 1, MALFORMED), (60_000, MALFORMED)]
)
async def test_a_form_has_no_more_parts_than_slack_ever_sends(slack: Door, count: int, answer: tuple[int, str]) -> None:
    assert await slack.knock(b"&".join([b"a=1"] * count), content_type=FORM) == answer


async def test_a_malformed_body_is_one_line_in_the_log(slack: Door, caplog: pytest.LogCaptureFixture) -> None:
    await slack.knock(b'{"a": "' + CANARY.encode())
    assert [r.getMessage() for r in caplog.records if r.name == "rusplan.slack"] == ["slack_body_malformed"]


async def test_what_is_malformed_and_unsigned_hears_only_that_it_is_unsigned(slack: Door) -> None:
    """Nothing is parsed before the signature is proven."""
    for sent in NO_OBJECT.values():
        assert await slack.knock(sent[:250_000], []) == (401, "unauthorized")


async def test_bodies_do_not_wait_for_each_other(slack: Door) -> None:
    """A heavy one, and a hundred beside it."""
    knocks: list[Awaitable[tuple[int, str]]] = [slack.knock(NO_OBJECT["depth of lists"])]
    knocks += [slack.knock(b'{"a": 1}') for _ in range(100)]
    async with asyncio.timeout(5):
        answers = await asyncio.gather(*knocks)
    assert answers == [MALFORMED, *[(200, "in")] * 100]


# Anything at all.


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
bodies = (
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
    | anything.map(as_json)
    | anything.map(as_json).map(holding)
    | st.tuples(anything.map(as_json), st.integers(0, 40)).map(lambda cut: cut[0][: cut[1]])
    | st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=4).map(
        lambda fields: urlencode(fields, errors="replace").encode()
    )
)


@settings(deadline=None, max_examples=500)
@given(raw=bodies, content_type=st.sampled_from([JSON, FORM, "", "text/plain"]))
def test_any_body_is_an_object_or_malformed(raw: bytes, content_type: str) -> None:
    """By the exceptions that the gate turns into its answer."""
    try:
        found = parsed(raw, content_type)
    except (ValueError, RecursionError):
        return
    assert isinstance(found, dict)
    json.dumps(found, ensure_ascii=False).encode()
