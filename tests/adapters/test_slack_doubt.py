"""What Slack's Web API leaves open: whether a message stands there. It is asked once, and nothing else comes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import api
from adapters.slack.api import ANSWER_WITHIN
from bot import handing_over
from tests.adapters.fake_slack import POSTED, Answer, FakeSlack, breaks_off, doubt, fake_slack, posts, raw, resets, says


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as fake:
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return slack.client


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(says({"ok": False, "error": "internal_error"}), "internal_error", id="internal_error"),
        pytest.param(says({"ok": False, "error": "fatal_error"}), "fatal_error", id="fatal_error"),
        pytest.param(says({"ok": False, "error": "request_timeout"}), "request_timeout", id="request_timeout"),
        pytest.param(says({"ok": False, "error": "service_unavailable"}), "service_unavailable", id="unavailable"),
        pytest.param(says({"ok": False, "error": "fatal_error"}, 500), "fatal_error", id="500, fatal_error"),
        pytest.param(says({"ok": False, "error": "channel_not_found"}, 500), "no_answer", id="500, a code"),
        pytest.param(says({"ok": True}, 502), "no_answer", id="502, yes"),
        *(pytest.param(says("<html>", each, "text/html"), "no_answer", id=f"{each}, html") for each in (500, 503, 504)),
        pytest.param(says("upstream", 503, "text/plain", **{"Retry-After": "30"}), "no_answer", id="503, text"),
        pytest.param(says("", 503), "no_answer", id="503, nothing"),
        pytest.param(says("[1]", 503), "no_answer", id="503, a list"),
        pytest.param(says("<html>Logg inn</html>", 200, "text/html"), "no_answer", id="200, html"),
        pytest.param(says("<html>", 403, "text/html"), "no_answer", id="403, html"),
        pytest.param(says('{"ok": tr'), "no_answer", id="cut JSON"),
        pytest.param(says("x"), "no_answer", id="no JSON"),
        pytest.param(says(""), "no_answer", id="nothing"),
        pytest.param(says("null"), "no_answer", id="null"),
        pytest.param(says("{}"), "no_answer", id="an empty object"),
        pytest.param(says({"ok": False}), "no_answer", id="no code"),
        pytest.param(says({"ok": False, "error": None}), "no_answer", id="a code of nothing"),
        pytest.param(says({"ok": False, "error": 7}), "no_answer", id="a code of numbers"),
        pytest.param(says({"ok": False, "error": ["x"]}), "no_answer", id="a code in a list"),
        pytest.param(says({"ok": False, "error": {"x": 1}}), "no_answer", id="a code in an object"),
        pytest.param(raw(b'{"ok": "\xff"}'), "no_answer", id="no UTF-8"),
        pytest.param(raw(b'{"ok": ' + b"1" * 5000 + b"}"), "no_answer", id="a huge number"),
        pytest.param(resets, "no_answer", id="reset"),
        pytest.param(breaks_off, "no_answer", id="broken off"),
    ],
)
async def test_without_a_clear_answer_the_message_may_stand_there_or_not(
    slack: FakeSlack, client: AsyncWebClient, answer: Answer, code: str
) -> None:
    slack.answer = answer
    assert await doubt(client) == code
    assert len(slack.asked) == 1


@pytest.mark.parametrize("body", ["ok", "[1]", '"x"', "7", "[" * 100_000], ids=["text", "list", "string", "7", "deep"])
@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
async def test_an_answer_of_another_shape_than_slacks_is_none(
    slack: FakeSlack, client: AsyncWebClient, body: str, kind: str
) -> None:
    """Something between us and Slack has answered in its place; the SDK itself stumbles over it."""
    slack.answer = says(body, kind=kind)
    assert await doubt(client) in ("no_answer", "strange_answer")
    assert len(slack.asked) == 1


async def test_an_answer_that_takes_too_long_is_given_up(slack: FakeSlack) -> None:
    async def dawdles(_: web.Request) -> web.Response:
        await slack.released.wait()
        return web.json_response(POSTED)

    slack.answer = dawdles
    async with slack.in_a_hurry() as client:
        assert await doubt(client) == "no_answer"
    assert len(slack.asked) <= 1


async def test_a_connection_that_was_used_before_asks_only_once_too(slack: FakeSlack, client: AsyncWebClient) -> None:
    """A repeated post could stand in the chat twice."""
    slack.answer = says(POSTED)
    assert await posts(client) is None
    slack.answer = resets
    assert await doubt(client) == "no_answer"
    assert len(slack.asked) == 2


def test_slack_has_less_time_than_the_relay_gives_a_delivery() -> None:
    """Otherwise nobody would know what came of it."""
    assert ANSWER_WITHIN.total
    assert timedelta(seconds=ANSWER_WITHIN.total) < handing_over.SEND_WITHIN


def test_no_code_is_both_for_good_and_in_doubt() -> None:
    assert not api._FOR_GOOD & api._UNCERTAIN
