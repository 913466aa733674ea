"""What a test can order to go wrong between the bot and the fake, and what is known of it afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.e2e.slack.people import Person
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.trouble import Answer, Delay, Ghost, Hang, LoseAnswer, RateLimit, Refuse, Reset, Trouble

POST = "chat.postMessage"


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        yield slack


@pytest.fixture
def client(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, slack.api_url, timeout=1, retry_handlers=[])


@pytest.fixture
def ola(slack: Slack) -> Person:
    ola = slack.person("ola")
    slack.workspace.open_im(ola.id)
    return ola


async def post(client: AsyncWebClient, ola: Person) -> None:
    im = ola.workspace.im(ola.id)
    assert im
    await client.chat_postMessage(channel=im.id, text="x")


@pytest.mark.parametrize(
    ("trouble", "done", "status"),
    [
        (Answer(503, "busy"), 0, 503),
        (Answer(200, {"ok": True, "ts": "1.0"}, {"X-Odd": "1"}), 0, 200),
        (Refuse("fatal_error"), 0, 200),
        (RateLimit("1"), 0, 429),
        (RateLimit(None), 0, 429),
        (RateLimit("abc"), 0, 429),
        (RateLimit("-1"), 0, 429),
        (LoseAnswer("500"), 1, 500),
        (LoseAnswer("html"), 1, 200),
        (LoseAnswer("cut"), 1, 200),
        (Delay(before=0.02), 1, 200),
        (Delay(after=0.02), 1, 200),
    ],
)
async def test_answers(
    slack: Slack,
    client: AsyncWebClient,
    ola: Person,
    trouble: Trouble,
    done: int,
    status: int,
) -> None:
    slack.trouble(POST, trouble)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {slack.bot_token}"}) as http:
        im = slack.workspace.open_im(ola.id)
        answer = await http.post(f"{slack.api_url}{POST}", json={"channel": im.id, "text": "x"})
        if isinstance(trouble, RateLimit):
            assert answer.headers.get("Retry-After") == trouble.retry_after
    assert answer.status == status
    assert len(ola.dm) == done
    assert slack.troubles.left(POST) == 0
    assert not slack.faults, "it wasn't the bot's fault"


@pytest.mark.parametrize(("trouble", "done"), [(LoseAnswer("close"), 1), (Reset(), 0)])
async def test_connections_that_break(
    slack: Slack,
    client: AsyncWebClient,
    ola: Person,
    trouble: Trouble,
    done: int,
) -> None:
    slack.trouble(POST, trouble)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await post(client, ola)
    assert len(ola.dm) == done
    await post(client, ola)
    assert [call.is_retry for call in slack.calls] == [False, True]
    assert [call.ok for call in slack.calls] == [bool(done), True]
    assert [call.status for call in slack.calls] == [None, 200]


async def test_a_reset_is_a_reset(slack: Slack) -> None:
    slack.is_down()
    port = int(slack.base_url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /api/auth.test HTTP/1.1\r\nHost: slack\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


@pytest.mark.parametrize(("trouble", "count"), [(Hang(), 0), (Ghost(), 1)])
async def test_silence(slack: Slack, ola: Person, trouble: Trouble, count: int) -> None:
    client = AsyncWebClient(slack.bot_token, slack.api_url, timeout=0.3, retry_handlers=[])  # type: ignore[arg-type]
    slack.trouble(POST, trouble)
    with pytest.raises(TimeoutError):
        await post(client, ola)
    if count:
        await slack.until(lambda: ola.dm)
    assert len(ola.dm) == count
    assert slack.calls[0].ok == bool(count)


async def test_slack_is_down_and_comes_back(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    slack.is_down()
    for _ in range(2):
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await post(client, ola)
    slack.is_down(down=False)
    await post(client, ola)
    assert len(ola.dm) == 1
    slack.hangs()
    impatient = AsyncWebClient(slack.bot_token, slack.api_url, timeout=0.3, retry_handlers=[])  # type: ignore[arg-type]
    with pytest.raises(TimeoutError):
        await post(impatient, ola)
    slack.hangs(hanging=False)
    await post(client, ola)
    assert len(ola.dm) == 2


async def test_troubles_happen_in_their_order(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    slack.trouble(POST, Refuse("internal_error"), RateLimit("7"))
    for error in ("internal_error", "ratelimited"):
        with pytest.raises(SlackApiError, match=error):
            await post(client, ola)
    await post(client, ola)
    assert [type(call.trouble).__name__ for call in slack.calls_of(POST)] == ["Refuse", "RateLimit", "NoneType"]


async def test_faults_can_be_expected_and_nothing_else_is_forgiven(slack: Slack, client: AsyncWebClient) -> None:
    with slack.expects("channel_not_found"), pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C1", text="x")
    assert not slack.faults
    with pytest.raises(AssertionError, match="expected a fault"), slack.expects("hash_conflict"):
        pass
