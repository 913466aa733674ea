"""The people of the fake: what they see, what Slack's client lets them do, and what answers of a bot are faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.e2e.slack.filling import ClientRefuses
from tests.e2e.slack.people import Person
from tests.e2e.slack.pieces import actions, button, plain, section
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.tiny_bot import TinyBot

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        yield slack


@pytest.fixture
async def bot(slack: Slack) -> AsyncIterator[TinyBot]:
    async with TinyBot(slack) as bot:
        yield bot


@pytest.fixture
def ola(slack: Slack) -> Person:
    return slack.person("ola", email="ola@skole.no")


async def posts(bot: TinyBot, ola: Person, *blocks: Json, text: str = "Hei") -> None:
    channel = (await bot.client.conversations_open(users=ola.id))["channel"]["id"]
    await bot.client.chat_postMessage(channel=channel, text=text, blocks=list(blocks))


async def test_a_command_and_what_may_answer_it(slack: Slack, bot: TinyBot, ola: Person) -> None:
    await ola.slash("/skjema", "nå")
    assert {"command", "text", "user_id", "channel_id", "response_url", "trigger_id"} <= set(bot.last)
    assert (bot.last["text"], bot.last["channel_id"]) == ("nå", slack.workspace.general.id)
    for answer in ("Hei", {"text": "Hei"}, {"response_type": "in_channel", "text": "Hei"}):
        bot.answer = answer
        await ola.slash("/skjema")
    assert [each.text for each in ola.ephemerals] == ["Hei", "Hei"]
    assert [each.text for each in slack.workspace.general.messages] == ["Hei"]
    assert not slack.faults
    for wrong in ({"tekst": "Hei"}, {"text": ""}, {"response_type": "loud", "text": "Hei"}, {"blocks": [section(x=1)]}):
        bot.answer = wrong
        with slack.expects("invalid_command_response"):
            await ola.slash("/skjema")


async def test_answers_that_are_late_or_wrong(slack: Slack, bot: TinyBot, ola: Person) -> None:
    slack.delivery.ack_within = 0.4
    await ola.slash("/skjema")
    assert not slack.faults
    bot.late_by = 0.8
    with slack.expects("ola: /skjema: operation_timeout"):
        assert await ola.slash("/skjema") is None
    bot.late_by, bot.status = 0, 500
    with slack.expects("dispatch_failed, the bot answered 500"):
        assert await ola.slash("/skjema") is None
    slack.bot_at("http://127.0.0.1:9")
    with slack.expects("out of reach"):
        assert await ola.slash("/skjema") is None


async def test_forged_and_old_requests(slack: Slack, bot: TinyBot) -> None:
    body = "command=%2Fskjema"
    assert (await slack.delivery.post(body, slack.delivery.signed(body))).status == 200
    for headers in (
        slack.delivery.signed(body, secret="another"),
        slack.delivery.signed(body, timestamp=1),
        slack.delivery.signed(body + "x"),
        {},
    ):
        assert (await slack.delivery.post(body, headers)).status == 401
    assert not slack.faults


async def test_events_and_their_redelivery(slack: Slack, bot: TinyBot, ola: Person) -> None:
    await ola.writes("hei <du>")
    event = bot.last["event"]
    assert (event["type"], event["channel_type"], event["text"]) == ("message", "im", "hei &lt;du&gt;")
    await slack.delivery.redeliver(2, "http_error")
    assert bot.received[-1]["event_id"] == bot.received[-2]["event_id"]
    assert (bot.headers[-1]["X-Slack-Retry-Num"], bot.headers[-1]["X-Slack-Retry-Reason"]) == ("2", "http_error")
    await ola.opens_home()
    assert bot.last["event"]["tab"] == "home"
    await posts(bot, ola, section())
    await slack.until(lambda: bot.received[-1]["event"].get("bot_id"))
    assert bot.received[-1]["event"]["text"] == "Hei", "Slack tells a bot of its own messages too"
    slack.workspace.messages_tab_enabled = False
    with pytest.raises(ClientRefuses, match="turned off"):
        await ola.writes("hei")


async def test_pressing_in_a_message(slack: Slack, bot: TinyBot, ola: Person) -> None:
    for value in "12":
        await posts(
            bot,
            ola,
            section(text=plain(f"Sak {value}")),
            actions(button(text=plain("Ta"), action_id="take", value=value)),
        )
    before = len(bot.asked)
    await ola.presses("Ta")
    assert len(bot.asked) == before + 1
    pressed = bot.last
    assert pressed["actions"][0]["value"] == "2", "in the newest message"
    assert pressed["container"] == {
        "type": "message",
        "message_ts": ola.dm[1].ts,
        "channel_id": ola.dm[1].channel,
        "is_ephemeral": False,
    }
    assert pressed["message"]["blocks"] == ola.dm[1].blocks
    await ola.presses("take", about="Sak 1")
    assert bot.last["actions"][0]["value"] == "1"
    before = len(bot.asked)
    await ola.presses("Ta", on=ola.dm[0], times=2)
    twice = bot.asked[before:]
    assert twice[0]["trigger_id"] != twice[1]["trigger_id"]
    await slack.delivery.again()
    assert bot.asked[-1] == bot.asked[-2], "a replay is the same to the last byte"
    for nothing in ("Slett", "Ta "):
        with pytest.raises(ClientRefuses, match="nothing to press"):
            await ola.presses(nothing)
    with pytest.raises(ClientRefuses, match="nothing to press"):
        await slack.person("kari").presses("Ta")
    bot.answer = {"text": "Tatt"}
    with slack.expects("a click is answered with an empty 200"):
        await ola.presses("Ta")


async def test_pressing_in_an_ephemeral_and_answering_it(slack: Slack, bot: TinyBot, ola: Person) -> None:
    bot.answer = {"text": "Valg", "blocks": [actions(button(action_id="go", text=plain("Gå")))]}
    await ola.slash("/skjema")
    bot.answer = ""
    await ola.presses("Gå")
    assert bot.last["container"]["is_ephemeral"]
    assert "message" not in bot.last

    async def respond(**body: Any) -> int:
        async with slack.delivery.http.post(bot.last["response_url"], json=body) as answer:
            return answer.status

    assert await respond(replace_original=True, text="Valgt") == 200
    assert [each.text for each in ola.ephemerals] == ["Valgt"]
    assert await respond(text="Takk") == 200
    assert await respond(delete_original=True) == 200
    assert [each.text for each in ola.ephemerals] == ["Takk"]
    with slack.expects("no_text"):
        assert await respond() == 400
    for _ in range(2):
        assert await respond(text="x") == 200
    with slack.expects("used_url"):
        assert await respond(text="x") == 404
    await ola.slash("/skjema")
    slack.workspace.clock.advance(1799)
    assert await respond(text="x") == 200
    slack.workspace.clock.advance(2)
    with slack.expects("expired_url"):
        assert await respond(text="x") == 404


async def test_only_commands_of_the_manifest_can_be_typed() -> None:
    async with Slack(commands={"/skjema"}) as slack, TinyBot(slack):
        await slack.person("ola").slash("/skjema")
        with pytest.raises(ClientRefuses, match="not a valid command"):
            await slack.person("ola").slash("/skjemaer")


async def test_waiting_for_something(slack: Slack, ola: Person) -> None:
    asyncio.get_running_loop().call_later(0.02, lambda: slack.workspace.faults.append("x"))
    assert await slack.until(lambda: slack.faults) == ["x"]
    with pytest.raises(AssertionError, match="not within"):
        await slack.until(lambda: ola.modal, within=0.02)
