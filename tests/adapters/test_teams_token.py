"""The bot's own token: fetched once for all who need it and kept until shortly before its end; no token, no message."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from adapters.teams import connector as connector_
from adapters.teams import messages as messages_
from adapters.teams.acts import Chat
from adapters.teams.connector import RENEW_BEFORE, Connector
from adapters.teams.messages import line
from adapters.teams.settings import TeamsSettings
from bot import handing_over
from flows.port import NotDelivered, Refused
from tests.adapters.fake_connector import PASSWORD, FakeConnector, fake_connector
from tests.adapters.fake_slack import Answer, breaks_off, raw, resets, says
from tests.adapters.teams_payloads import OWN_CHAT, USER


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        fake.installs(USER, OWN_CHAT)
        yield fake


@pytest.fixture
async def connector(teams: FakeConnector) -> AsyncIterator[Connector]:
    async with aiohttp.ClientSession() as session:
        yield Connector(teams.settings, session)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the connector takes for the time; it stands still until it is set."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(connector_, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def _is_in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector_, "ANSWER_WITHIN", aiohttp.ClientTimeout(total=0.2))


async def posts(connector: Connector, teams: FakeConnector) -> NotDelivered | None:
    """Post a line in Ola's chat, and return what comes out instead."""
    try:
        await connector.post(Chat(teams.url, OWN_CHAT), line("Hei"))
    except NotDelivered as failure:
        return failure
    return None


async def test_one_token_serves_all_who_send_at_once_and_all_who_send_later(
    connector: Connector, teams: FakeConnector
) -> None:
    assert await asyncio.gather(*(posts(connector, teams) for _ in range(20))) == [None] * 20
    assert await posts(connector, teams) is None
    assert teams.tokens_asked == 1
    assert len(teams.stands(OWN_CHAT)) == 21


async def test_a_token_is_renewed_before_it_ends(
    connector: Connector, teams: FakeConnector, clock: SimpleNamespace
) -> None:
    await posts(connector, teams)
    clock.now += teams.lasts - RENEW_BEFORE - 1
    await posts(connector, teams)
    assert teams.tokens_asked == 1
    clock.now += 2
    await posts(connector, teams)
    async with asyncio.timeout(3):
        while await connector.tokens.headers() != {"Authorization": "Bearer token-2"}:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    assert teams.tokens_asked == 2


@pytest.mark.usefixtures("_is_in_a_hurry")
async def test_while_the_old_token_is_good_nobody_waits_for_a_new_one_that_does_not_come(
    connector: Connector, teams: FakeConnector, clock: SimpleNamespace
) -> None:
    await posts(connector, teams)
    clock.now += teams.lasts - 10
    teams.told_of_tokens += [says("", 503), hangs(teams)]
    for _ in range(2):
        async with asyncio.timeout(0.15):
            assert await posts(connector, teams) is None
    clock.now += 20
    assert await posts(connector, teams) is not None


async def test_a_token_that_is_refused_is_forgotten(connector: Connector, teams: FakeConnector) -> None:
    await posts(connector, teams)
    teams.revoke()
    failure = await posts(connector, teams)
    assert isinstance(failure, Refused)
    assert (failure.code, failure.for_good, teams.tokens_asked) == ("Unauthorized", False, 1)
    assert await posts(connector, teams) is None
    assert teams.tokens_asked == 2


def hangs(teams: FakeConnector) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        await teams.released.wait()
        return web.json_response({})

    return answer


def gives(**changes: Any) -> Answer:
    return says({"token_type": "Bearer", "expires_in": 3599, "access_token": "token-1"} | changes)


NO_TOKEN = {
    "400": says({"error": "invalid_request"}, 400),
    "401": says({"error": "invalid_client", "error_description": "AADSTS7000215"}, 401),
    "500": says("", 500),
    "503, html": says("<html>", 503, "text/html"),
    "204": says("", 204),
    "another place": says("", 302, Location="/keys"),
    "nothing": says(""),
    "html": says("<html>Logg inn</html>", 200, "text/html"),
    "cut": says('{"access_token": "tok'),
    "no UTF-8": raw(b'{"access_token": "\xff", "expires_in": 3599}'),
    "null": says("null"),
    "a list": says("[1]"),
    "depth": says("[" * 100_000),
    "a huge number": says('{"expires_in": ' + "1" * 5000 + "}"),
    "nothing in it": says("{}"),
    "no token": says({"expires_in": 3599}),
    "no end": says({"access_token": "token-1"}),
    "an end in words": gives(expires_in="soon"),
    "an end in a list": gives(expires_in=[3599]),
    "an end at nothing": gives(expires_in=None),
    "a token of nothing": gives(access_token=None),
    "an empty token": gives(access_token=""),
    "a number as token": gives(access_token=7),
    "a token of two lines": gives(access_token="a\r\nX-Evil: 1"),
    "a token of letters that no token has": gives(access_token="blåbær"),
    "reset": resets,
    "broken off": breaks_off,
}


@pytest.mark.parametrize("answer", NO_TOKEN.values(), ids=NO_TOKEN)
async def test_without_a_token_nothing_is_sent(
    connector: Connector, teams: FakeConnector, clock: SimpleNamespace, answer: Answer
) -> None:
    teams.told_of_tokens.append(answer)
    failure = await posts(connector, teams)
    assert isinstance(failure, Refused)
    assert not failure.for_good
    assert str(failure) in {"token_refused", "token_not_fetched"}
    assert failure.__suppress_context__ or not failure.__context__, "a traceback would show the password"
    assert (teams.asked, teams.tokens_asked) == ([], 1)
    clock.now += 1
    assert await posts(connector, teams) is None, "the next one tries again"


@pytest.mark.parametrize(
    ("answer", "pause", "left"),
    [
        (says("", 429, **{"Retry-After": "30"}), 30, timedelta(seconds=10)),
        (says("", 429), 1, None),
        (says("", 503), 1, None),
        (resets, 1, None),
    ],
    ids=["429", "429 without a time", "503", "reset"],
)
async def test_whoever_needs_a_token_next_asks_no_sooner_than_the_first_may(
    connector: Connector, teams: FakeConnector, clock: SimpleNamespace, answer: Answer, pause: int, left: timedelta
) -> None:
    teams.told_of_tokens.append(answer)
    await posts(connector, teams)
    clock.now += pause * 2 / 3
    failure = await posts(connector, teams)
    assert isinstance(failure, Refused)
    assert (failure.retry_after, teams.tokens_asked) == (left, 1)
    clock.now += pause / 3 + 0.1
    assert await posts(connector, teams) is None
    assert teams.tokens_asked == 2


@pytest.mark.parametrize(("written", "pause"), [("30", timedelta(seconds=30)), ("", None), ("soon", None)])
async def test_a_token_that_comes_later_says_how_long_to_wait(
    connector: Connector, teams: FakeConnector, written: str, pause: timedelta | None
) -> None:
    teams.told_of_tokens.append(says("", 429, **{"Retry-After": written}))
    failure = await posts(connector, teams)
    assert isinstance(failure, Refused)
    assert (failure.code, failure.retry_after, failure.for_good) == ("token_later", pause, False)
    assert teams.asked == []


@pytest.mark.usefixtures("_is_in_a_hurry")
async def test_many_who_wait_for_a_token_that_does_not_come_are_refused_together(
    connector: Connector, teams: FakeConnector
) -> None:
    """One after the other, each would wait for all those before it, longer than the relay waits for anything."""
    teams.told_of_tokens += [hangs(teams)] * 9
    async with asyncio.timeout(1):
        failures = await asyncio.gather(*(posts(connector, teams) for _ in range(9)))
    assert {str(failure) for failure in failures} == {"token_not_fetched"}
    assert (teams.asked, teams.tokens_asked) == ([], 1)


async def test_whoever_gives_up_waiting_takes_the_token_from_nobody_else(
    connector: Connector, teams: FakeConnector
) -> None:
    async def comes_a_little_later(_: web.Request) -> web.Response:
        await asyncio.sleep(0.05)
        teams.tokens.append("late")
        return web.json_response({"access_token": "late", "expires_in": 3599})

    teams.told_of_tokens.append(comes_a_little_later)
    impatient, patient = (asyncio.create_task(posts(connector, teams)) for _ in range(2))
    await asyncio.sleep(0.02)
    impatient.cancel()
    assert await patient is None
    assert teams.tokens_asked == 1


async def test_a_token_that_nobody_waits_for_any_more_fails_without_a_word(
    connector: Connector, teams: FakeConnector, clock: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    teams.told_of_tokens.append(hangs(teams))
    impatient = asyncio.create_task(posts(connector, teams))
    await asyncio.sleep(0.02)
    impatient.cancel()
    teams.released.set()
    await asyncio.sleep(0.02)
    clock.now += 1
    assert await posts(connector, teams) is None
    gc.collect()  # a task that has failed unheard says so when it goes
    assert caplog.messages == []
    assert teams.tokens_asked == 2


async def test_where_nobody_gives_tokens_nothing_is_sent(teams: FakeConnector) -> None:
    nowhere = replace(teams.settings, token_url=f"http://127.0.0.1:{unused_port()}/token")
    async with aiohttp.ClientSession() as session:
        failure = await posts(Connector(nowhere, session), teams)
    assert isinstance(failure, Refused)
    assert (failure.code, teams.asked) == ("token_not_fetched", [])


async def test_where_nobody_proves_anything_no_token_is_asked_for(teams: FakeConnector) -> None:
    async with aiohttp.ClientSession() as session:
        connector = Connector(replace(teams.settings, is_anonymous=True), session)
        assert await connector.tokens.headers() == {}
    assert teams.tokens_asked == 0


async def test_whoever_waits_for_a_slow_token_is_refused_before_the_relay_gives_up_and_has_it_the_next_time(
    connector: Connector, teams: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def comes_late(_: web.Request) -> web.Response:
        await asyncio.sleep(0.1)
        teams.tokens.append("late")
        return web.json_response({"access_token": "late", "expires_in": 3599})

    monkeypatch.setattr(connector_, "TOKEN_WITHIN", timedelta(seconds=0.03))
    teams.told_of_tokens.append(comes_late)
    failure = await posts(connector, teams)
    assert isinstance(failure, Refused)
    assert (failure.code, failure.for_good, teams.asked) == ("token_not_fetched", False, [])
    await asyncio.sleep(0.15)
    assert await posts(connector, teams) is None
    assert teams.tokens_asked == 1


@pytest.mark.parametrize("before", [connector_.TOKEN_WITHIN, messages_.CHAT_WITHIN])
def test_what_comes_before_a_post_and_the_post_have_less_time_than_the_relay_gives_a_delivery(
    before: timedelta,
) -> None:
    assert connector_.ANSWER_WITHIN.total
    assert before + timedelta(seconds=connector_.ANSWER_WITHIN.total) < handing_over.SEND_WITHIN


def test_the_password_stands_in_no_description_of_the_settings(teams: FakeConnector) -> None:
    assert PASSWORD not in repr(teams.settings)
    assert PASSWORD not in repr(TeamsSettings("a", PASSWORD, "b"))
