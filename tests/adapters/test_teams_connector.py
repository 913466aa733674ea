"""What the Bot Connector answers, in our words: sent, refused and for how long, or no telling; each is asked once."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from adapters.retry_after import LONGEST_PAUSE
from adapters.teams import connector as connector_
from adapters.teams.acts import Chat
from adapters.teams.connector import STAYS_HERE, Connector
from adapters.teams.messages import activity, line
from adapters.teams.server import WHAT_TO_DO, Teams, compact
from adapters.teams.settings import TeamsSettings
from flows.port import NotDelivered, Refused, Uncertain
from tests.adapters.fake_bot import ALERT, TAKEN
from tests.adapters.fake_connector import FakeConnector, fake_connector
from tests.adapters.fake_slack import Answer, breaks_off, raw, resets, says
from tests.adapters.slack_door import nothing_is_logged_of
from tests.adapters.teams_payloads import APP, CHANNEL, OWN_CHAT, USER
from tests.adapters.teams_scene import KeptPlaces, ToldBot

Json = dict[str, Any]
Call = Callable[[Connector, Chat], Awaitable[Any]]

CALLS: dict[str, Call] = {
    "open": lambda connector, chat: connector.open_chat(chat.service_url, USER),
    "post": lambda connector, chat: connector.post(chat, line("Hei")),
    "update": lambda connector, chat: connector.update(chat, "1", line("Hei")),
    "delete": lambda connector, chat: connector.delete(chat, "1"),
    "member": lambda connector, chat: connector.member(chat, USER),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        fake.installs(USER, OWN_CHAT)
        yield fake


@pytest.fixture
async def connector(teams: FakeConnector, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connector]:
    monkeypatch.setattr(connector_, "TOKEN_WITHIN", timedelta(minutes=1))  # a machine that stands still proves nothing
    async with aiohttp.ClientSession(json_serialize=compact) as session:
        yield Connector(teams.settings, session)


@pytest.fixture
def chat(teams: FakeConnector) -> Chat:
    return Chat(teams.url, OWN_CHAT)


async def failure(done: Awaitable[Any]) -> NotDelivered:
    with pytest.raises(NotDelivered) as raised:
        await done
    shown_with_it = None if raised.value.__suppress_context__ else raised.value.__context__
    assert shown_with_it is None, "a traceback in a log would show the request and its answer"
    return raised.value


def said(found: NotDelivered) -> tuple[str, timedelta | None, bool]:
    assert isinstance(found, Refused)
    assert str(found) == found.code
    return found.code, found.retry_after, found.for_good


# Teams takes it.


async def test_a_message_is_posted_replaced_and_taken_away(
    connector: Connector, teams: FakeConnector, chat: Chat
) -> None:
    message = await connector.post(chat, activity(ALERT))
    assert teams.stands(OWN_CHAT) == [activity(ALERT)]
    await connector.update(chat, message, activity(TAKEN))
    assert teams.stands(OWN_CHAT) == [activity(TAKEN)]
    await connector.delete(chat, message)
    assert teams.stands(OWN_CHAT) == []


async def test_a_chat_is_opened_by_tenant_and_the_id_that_entra_has(connector: Connector, teams: FakeConnector) -> None:
    """Whatever else a request says, the fake does not take it."""
    assert await connector.open_chat(teams.url, USER) == Chat(teams.url, OWN_CHAT)
    assert teams.asked == [("POST", "")]


IDS = ["a:1", "19:x@thread.v2", CHANNEL, "a/b", "a b", "../..", "a?b#c", "æøå", "a%2Fb", "\\", "a&b=c", "29:1-_~"]


@pytest.mark.parametrize("id_", IDS)
async def test_any_id_is_one_part_of_an_address(connector: Connector, teams: FakeConnector, id_: str) -> None:
    teams.chats[id_] = {id_: {}}
    teams.members[id_, id_] = {"id": id_}
    chat = Chat(teams.url, id_)
    await connector.post(chat, line("Hei"))
    await connector.update(chat, id_, line("Hallo"))
    assert [each["text"] for each in teams.stands(id_)] == ["Hallo", "Hei"]
    await connector.delete(chat, id_)
    assert [each["text"] for each in teams.stands(id_)] == ["Hei"]
    assert await connector.member(chat, id_) == {"id": id_}


@pytest.mark.parametrize("path", ["", "emea", "emea/"])
async def test_a_service_may_end_in_a_slash_or_not(connector: Connector, teams: FakeConnector, path: str) -> None:
    await connector.post(Chat(f"{teams.url}{path}", OWN_CHAT), line("Hei"))
    assert len(teams.stands(OWN_CHAT)) == 1


@pytest.mark.parametrize("answer", [says(""), says("", 204), says({}), says("null"), says([1])], ids=range(5))
async def test_who_replaces_a_message_needs_no_answer_but_yes(
    connector: Connector, teams: FakeConnector, chat: Chat, answer: Answer
) -> None:
    teams.told += [answer, answer]
    await connector.update(chat, "1", line("Hei"))
    await connector.delete(chat, "1")


# Teams says no: nothing has been shown to anybody.


@pytest.mark.parametrize(
    ("written", "pause"),
    [
        ("1", timedelta(seconds=1)),
        ("30", timedelta(seconds=30)),
        ("0", timedelta(0)),
        ("3601", LONGEST_PAUSE),
        ("9" * 4301, LONGEST_PAUSE),
        (None, None),
        ("abc", None),
        ("-1", None),
        ("1.5", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
@pytest.mark.parametrize(("status", "code"), [(429, "ratelimited"), (412, "precondition")])
async def test_what_is_to_be_tried_later_says_when(
    connector: Connector,
    teams: FakeConnector,
    chat: Chat,
    status: int,
    code: str,
    written: str | None,
    pause: timedelta | None,
) -> None:
    teams.told.append(says({"error": {"code": "x"}}, status, **({"Retry-After": written} if written else {})))
    assert said(await failure(connector.post(chat, line("Hei")))) == (code, pause, False)
    assert len(teams.asked) == 1


@every_call
@pytest.mark.parametrize("status", [429, 412])
async def test_whatever_is_called_is_asked_once_and_told_to_wait(
    connector: Connector, teams: FakeConnector, chat: Chat, call: Call, status: int
) -> None:
    teams.told.append(says("", status, **{"Retry-After": "7"}))
    assert said(await failure(call(connector, chat)))[1:] == (timedelta(seconds=7), False)
    assert len(teams.asked) == 1


@pytest.mark.parametrize(
    ("status", "code", "for_good"),
    [
        (403, "MessageWritesBlocked", True),
        (403, "BotNotInConversationRoster", True),
        (404, "ConversationNotFound", True),
        (404, "ActivityNotFoundInConversation", True),
        (400, "BadSyntax", False),
        (401, "Unauthorized", False),
        (405, "MethodNotAllowed", False),
        (409, "Conflict", False),
        (413, "MessageSizeTooBig", False),
    ],
)
@every_call
async def test_a_refusal_says_why_and_whether_for_good(
    connector: Connector, teams: FakeConnector, chat: Chat, call: Call, status: int, code: str, *, for_good: bool
) -> None:
    teams.told.append(says({"error": {"code": code, "message": "Per Hansen"}}, status))
    assert said(await failure(call(connector, chat))) == (code, None, for_good)
    assert len(teams.asked) == 1


@pytest.mark.parametrize(
    ("status", "code", "is_gone"),
    [
        (404, "ActivityNotFoundInConversation", True),
        (404, "ConversationNotFound", True),
        (404, "", True),
        (404, "BotNotInConversationRoster", False),
        (404, "MemberNotFoundInConversation", False),
        (404, "InvalidBotApiHost", False),
        (403, "BotDisabledByAdmin", False),
        (403, "ConversationBlockedByUser", False),
        (403, "MessageWritesBlocked", False),
        (400, "BadSyntax", False),
    ],
)
async def test_whoever_is_shut_out_is_not_told_that_the_message_is_gone(
    connector: Connector, teams: FakeConnector, chat: Chat, status: int, code: str, *, is_gone: bool
) -> None:
    teams.told.append(says({"error": {"code": code}}, status))
    refused = await failure(CALLS["update"](connector, chat))
    assert isinstance(refused, Refused)
    assert refused.is_gone is is_gone


NO_WORD = {
    "a sentence": "The bot is blocked by Per Hansen",
    "letters with a dash": "per-hansen",
    "an address": "per@x.example",
    "Norwegian letters": "Blåbær",
    "digits of another script": "٣٤٥",
    "lines of a log": "a\nERROR b",
    "long": "x" * 60,
    "nothing": "",
    "null": None,
    "a number": 403,
    "a list": ["Hansen"],
    "an object": {"Hansen": 1},
}


@pytest.mark.parametrize("code", NO_WORD.values(), ids=NO_WORD)
async def test_a_code_that_is_no_single_word_is_not_repeated(
    connector: Connector, teams: FakeConnector, chat: Chat, code: Any
) -> None:
    """It ends up in a log."""
    teams.told.append(says({"error": {"code": code}}, 403))
    assert said(await failure(connector.post(chat, line("Hei")))) == ("status_403", None, True)


NO_ERROR = {
    "nothing": says("", 403),
    "html": says("<html>Hansen", 403, "text/html"),
    "text": says("Hansen", 403, "text/plain"),
    "cut": says('{"error": {"code": "Hans', 403),
    "null": says("null", 403),
    "a list": says("[1]", 403),
    "an error in words": says({"error": "Hansen"}, 403),
    "no code": says({"error": {}}, 403),
    "depth": says("[" * 100_000, 403),
    "no UTF-8": says("", 403),
}


@pytest.mark.parametrize("answer", NO_ERROR.values(), ids=NO_ERROR)
async def test_a_refusal_counts_however_it_is_worded(
    connector: Connector, teams: FakeConnector, chat: Chat, answer: Answer
) -> None:
    teams.told.append(answer)
    assert said(await failure(connector.post(chat, line("Hei")))) == ("status_403", None, True)


@every_call
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_nobody_is_sent_elsewhere_with_our_token(
    connector: Connector, teams: FakeConnector, chat: Chat, call: Call, status: int
) -> None:
    teams.told.append(says("", status, Location=f"{teams.url}v3/conversations/evil/activities"))
    assert said(await failure(call(connector, chat))) == (f"status_{status}", None, False)
    assert len(teams.asked) == 1


@every_call
async def test_where_nobody_listens_nothing_was_sent(connector: Connector, call: Call) -> None:
    nowhere = Chat(f"http://127.0.0.1:{unused_port()}/", OWN_CHAT)
    assert said(await failure(call(connector, nowhere))) == ("not_connected", None, False)


# Where nobody proves anything.

ELSEWHERE = ["https://smba.trafficmanager.net/teams/", "http://10.0.0.1/", "http://127.0.0.1@10.0.0.1/", "http:///"]


@every_call
@pytest.mark.parametrize("service_url", ELSEWHERE)
async def test_where_nobody_proves_anything_nothing_leaves_this_machine(
    teams: FakeConnector, call: Call, service_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ids of a real school may be tried out; Microsoft's public address is where a chat would be opened."""
    monkeypatch.setattr(aiohttp.ClientSession, "request", None)
    async with aiohttp.ClientSession() as session:
        connector = Connector(replace(teams.settings, is_anonymous=True), session)
        assert said(await failure(call(connector, Chat(service_url, OWN_CHAT)))) == (STAYS_HERE, None, False)


async def test_where_nobody_proves_anything_this_machine_is_written_to(teams: FakeConnector, chat: Chat) -> None:
    async with aiohttp.ClientSession() as session:
        connector = Connector(replace(teams.settings, is_anonymous=True), session)
        assert said(await failure(connector.post(chat, line("Hei")))) == ("Unauthorized", None, False)
    assert [method for method, _ in teams.asked] == ["POST"]


async def test_whoever_tries_the_bot_out_is_told_why_nobody_is_written_to(caplog: pytest.LogCaptureFixture) -> None:
    teams = Teams(TeamsSettings(APP, is_anonymous=True))
    teams.serve(ToldBot(), KeptPlaces(), web.Application())
    await teams.close()
    [record] = caplog.records
    assert (record.getMessage(), getattr(record, "error", "")) == (STAYS_HERE, WHAT_TO_DO)


# No telling.

NO_ANSWER = {
    **{f"{status}": says({"error": {"code": "Hansen"}}, status) for status in (500, 502, 503, 504, 599)},
    "503, html, later": says("<html>", 503, "text/html", **{"Retry-After": "30"}),
    "reset": resets,
    "broken off": breaks_off,
    "html": says("<html>Logg inn</html>", 200, "text/html"),
    "cut": says('{"id": "1'),
    "words": says("ok", 201, "text/plain"),
    "depth": says("[" * 100_000),
    "no UTF-8": raw(b'{"id": "\xff"}'),
    "a huge number": says('{"id": ' + "1" * 5000 + "}"),
}


@every_call
@pytest.mark.parametrize("answer", NO_ANSWER.values(), ids=NO_ANSWER)
async def test_without_a_clear_answer_a_message_may_stand_there_or_not(
    connector: Connector, teams: FakeConnector, chat: Chat, call: Call, answer: Answer
) -> None:
    teams.told += [answer, answer]
    found = await failure(call(connector, chat))
    assert isinstance(found, Uncertain)
    assert str(found) == found.code
    assert re.fullmatch(r"no_answer|status_5\d\d", found.code)
    posts = [method for method, _ in teams.asked if method == "POST"]
    assert len(posts) <= 1, "what can be asked twice without harm may be, over a connection that was cut"


@pytest.mark.parametrize("body", ["", "null", "[1]", "{}", '{"id": null}', '{"id": 7}', '{"id": ""}', '{"id": ["a"]}'])
@pytest.mark.parametrize("name", ["open", "post"])
async def test_a_yes_that_does_not_say_where_is_no_answer(
    connector: Connector, teams: FakeConnector, chat: Chat, name: str, body: str
) -> None:
    """A message that is remembered under no id could never be replaced."""
    teams.told.append(says(body))
    found = await failure(CALLS[name](connector, chat))
    assert isinstance(found, Uncertain)
    assert found.code == "strange_answer"


@every_call
async def test_an_answer_that_takes_too_long_is_given_up(
    connector: Connector, teams: FakeConnector, chat: Chat, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dawdles(_: web.Request) -> web.Response:
        await teams.released.wait()
        return web.json_response({"id": "1"})

    await connector.tokens.headers()
    monkeypatch.setattr(connector_, "ANSWER_WITHIN", aiohttp.ClientTimeout(total=0.05))
    teams.told.append(dawdles)
    found = await failure(call(connector, chat))
    assert isinstance(found, Uncertain)
    assert found.code == "no_answer"
    assert len(teams.asked) == 1


async def test_a_connection_that_was_used_before_posts_only_once_too(
    connector: Connector, teams: FakeConnector, chat: Chat
) -> None:
    """A repeated post would stand in the chat twice."""
    await connector.post(chat, line("Hei"))
    teams.told.append(resets)
    assert isinstance(await failure(connector.post(chat, line("Hei"))), Uncertain)
    assert len(teams.asked) == 2
    assert len(teams.stands(OWN_CHAT)) == 1


async def test_nothing_that_is_said_on_either_side_is_logged(
    connector: Connector, teams: FakeConnector, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (*NO_ERROR.values(), *NO_ANSWER.values(), says({"error": {"code": "X", "message": "Hansen"}}, 404)):
        teams.told.append(answer)
        await failure(connector.post(chat, line("Per Hansen")))
    nothing_is_logged_of(("Hansen", teams.tokens[0]), caplog)
