"""What Slack's Web API answers, in our words: where it says no, why, for how long and whether for good."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.retry_after import LONGEST_PAUSE
from adapters.slack.api import in_our_words
from adapters.slack.messages import SlackMessages
from flows.cards import message
from flows.port import Address, MessageRef, Refused, Uncertain
from tests.adapters.fake_slack import POSTED, Answer, FakeSlack, fake_slack, posts, refusal, refused, says

Json = dict[str, Any]

OLA = Address("slack", "T1", "U1")


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as fake:
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return slack.client


async def test_an_answer_that_says_yes_is_nothing_to_say(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.answer = says(POSTED)
    assert await posts(client) is None
    assert slack.asked == ["chat.postMessage"]


# Slack says no.


@pytest.mark.parametrize(
    ("written", "pause"),
    [
        ("1", timedelta(seconds=1)),
        ("30", timedelta(seconds=30)),
        ("0", timedelta(0)),
        ("3600", LONGEST_PAUSE),
        ("3601", LONGEST_PAUSE),
        ("999999", LONGEST_PAUSE),
        ("10000000", LONGEST_PAUSE),  # whatever Slack asks for
        ("9" * 4301, LONGEST_PAUSE),  # more than Python reads as a number
        (None, None),
        ("", None),
        ("abc", None),
        ("-1", None),
        ("1.5", None),
        ("1e3", None),
        ("+1", None),
        ("1 2", None),
        ("٣", None),
        ("²", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
async def test_too_many_calls_are_a_refusal_that_says_how_long_to_wait(
    slack: FakeSlack, client: AsyncWebClient, written: str | None, pause: timedelta | None
) -> None:
    headers = {} if written is None else {"Retry-After": written}
    slack.answer = says({"ok": False, "error": "ratelimited"}, 429, **headers)
    assert await refusal(client) == refused("ratelimited", retry_after=pause)
    assert len(slack.asked) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Too many requests", "text/plain"),
        ("<html>", "text/html"),
        ("", "application/json"),
        ("[]", "application/json"),
        ('{"ok":', "application/json"),
        ({"ok": False, "error": "channel_not_found"}, "application/json"),
    ],
    ids=["text", "html", "nothing", "a list", "cut", "another code"],
)
async def test_too_many_calls_are_that_whatever_else_is_said(
    slack: FakeSlack, client: AsyncWebClient, body: Any, kind: str
) -> None:
    slack.answer = says(body, 429, kind, **{"retry-after": "7"})
    assert await refusal(client) == refused("ratelimited", retry_after=timedelta(seconds=7))


@pytest.mark.parametrize("name", ["Retry-After", "retry-after", "RETRY-AFTER"])
def test_how_long_to_wait_is_read_however_its_header_is_written(name: str) -> None:
    """Over HTTP the library under us spells it; another may not."""
    response = SimpleNamespace(status_code=429, data={}, headers={"Date": "x", name: "7"})
    with pytest.raises(Refused) as raised, in_our_words():
        raise SlackApiError("ratelimited", response)
    assert raised.value.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize(
    "code",
    [
        "cannot_dm_bot",
        "cant_update_message",
        "channel_not_found",
        "edit_window_closed",
        "is_archived",
        "message_not_found",
        "not_in_channel",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    ],
)
async def test_who_or_what_is_gone_is_gone_for_good(slack: FakeSlack, client: AsyncWebClient, code: str) -> None:
    slack.answer = says({"ok": False, "error": code})
    is_of_message = code in ("cant_update_message", "channel_not_found", "edit_window_closed", "message_not_found")
    assert await refusal(client) == refused(code, for_good=True, is_gone=is_of_message)
    assert len(slack.asked) == 1


@pytest.mark.parametrize(
    "code",
    [
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",  # «Authentication token is for a deleted user or workspace»: it is ours, not the person's
        "missing_scope",
        "no_permission",
        "access_denied",
        "ekm_access_denied",
        "team_access_not_granted",
        "ratelimited",
        "rate_limited",
        "msg_too_long",
        "invalid_blocks",
        "invalid_arguments",
        "hash_conflict",
        "expired_trigger_id",
        "restricted_action",
        "a_code_of_tomorrow",
    ],
)
async def test_what_an_administrator_or_time_can_mend_is_tried_again(
    slack: FakeSlack, client: AsyncWebClient, code: str
) -> None:
    slack.answer = says({"ok": False, "error": code})
    assert await refusal(client) == refused(code)
    assert len(slack.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_refusal_counts_whatever_its_status(slack: FakeSlack, client: AsyncWebClient, status: int) -> None:
    slack.answer = says({"ok": False, "error": "invalid_auth"}, status)
    assert await refusal(client) == refused("invalid_auth")


async def test_where_nothing_could_be_sent_nothing_is_shown(client: AsyncWebClient) -> None:
    client.base_url = f"http://127.0.0.1:{unused_port()}/api/"
    assert await refusal(client) == refused("not_connected")


# What passes.


@pytest.mark.parametrize("failure", [Refused("x", for_good=True), Uncertain("x"), RuntimeError("x"), AssertionError()])
def test_what_is_in_our_words_already_or_is_a_fault_of_ours_passes(failure: Exception) -> None:
    with pytest.raises(type(failure)) as raised, in_our_words():
        raise failure
    assert raised.value is failure


async def test_nothing_that_slack_said_hangs_on_to_what_is_raised(slack: FakeSlack, client: AsyncWebClient) -> None:
    """A traceback in a log would show the request and its answer."""
    slack.answer = says({"ok": False, "error": "invalid_auth"})
    failure = await posts(client)
    assert failure is not None
    assert failure.__suppress_context__


# Where an answer is read.

SENDS: dict[str, Json] = {"conversations.open": {"ok": True, "channel": {"id": "D1"}}, "chat.postMessage": POSTED}


def says_of(answers: dict[str, Json]) -> Answer:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response(answers[request.path.removeprefix("/api/")])

    return answer


async def sends(client: AsyncWebClient) -> MessageRef:
    return await SlackMessages(client).send(OLA, message("Ny sak", summary="Ny sak"), "d1")


async def test_a_message_stands_where_slack_says(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.answer = says_of(SENDS)
    assert await sends(client) == MessageRef("slack", "D1", "1795424400.000100")
    assert slack.asked == ["conversations.open", "chat.postMessage"]


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("conversations.open", {"ok": True}),
        ("conversations.open", {"ok": True, "channel": "D1"}),
        ("conversations.open", {"ok": True, "channel": {}}),
        ("conversations.open", {"ok": True, "channel": {"id": 7}}),
        ("chat.postMessage", {"ok": True}),
        ("chat.postMessage", {"ok": True, "ts": None}),
        ("chat.postMessage", {"ok": True, "ts": 1795424400.0001}),
    ],
)
async def test_a_yes_that_does_not_say_where_is_no_answer(
    slack: FakeSlack, client: AsyncWebClient, method: str, answer: Json
) -> None:
    """A message that is remembered under no id could never be edited."""
    slack.answer = says_of(SENDS | {method: answer})
    with pytest.raises(Uncertain, match=r"^strange_answer$"):
        await sends(client)


@pytest.mark.parametrize("answer", [{"ok": True}, {"ok": True, "messages": None}, {"ok": True, "messages": [7]}])
async def test_a_history_that_holds_no_messages_is_no_answer(
    slack: FakeSlack, client: AsyncWebClient, answer: Json
) -> None:
    """«None found» would let the relay send a second time."""
    slack.answer = says_of(SENDS | {"conversations.history": answer})
    with pytest.raises(Uncertain):
        await SlackMessages(client).find(OLA, "d1", datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize("status", [400, 403, 500])
async def test_a_file_that_is_not_taken_is_refused(slack: FakeSlack, client: AsyncWebClient, status: int) -> None:
    where = {"ok": True, "file_id": "F1", "upload_url": f"{slack.url}upload"}

    async def answer(request: web.Request) -> web.Response:
        return web.json_response(where, status=status if request.path.endswith("upload") else 200)

    slack.answer = answer
    with pytest.raises(Refused, match=r"^upload_refused$"), in_our_words():
        await client.files_upload_v2(channel="D1", content=b"BEGIN:VCALENDAR", filename="moete.ics", title="moete.ics")
    assert slack.asked == ["files.getUploadURLExternal", "upload"]
