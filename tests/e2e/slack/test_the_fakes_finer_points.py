"""Rarer rules of the fake's Web API and of its people: each with what it takes and what it refuses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.e2e.slack.filling import ClientRefuses
from tests.e2e.slack.people import Person
from tests.e2e.slack.pieces import FORM, actions, button, confirm, mrkdwn, option, plain, section, select
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.tiny_bot import SocketBot, TinyBot, opens

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


async def refused(call: Awaitable[Any]) -> Json:
    with pytest.raises(SlackApiError) as error:
        await call
    return dict(error.value.response.data)


async def says(bot: TinyBot, ola: Person, *blocks: Json) -> None:
    channel = bot.slack.workspace.open_im(ola.id)
    await bot.client.chat_postMessage(channel=channel.id, text="Hei", blocks=list(blocks))


async def test_opening_conversations(slack: Slack, bot: TinyBot, ola: Person) -> None:
    first = await bot.client.conversations_open(users=ola.id, return_im=True)
    assert (first["channel"]["user"], first.get("already_open")) == (ola.id, None)
    again = await bot.client.conversations_open(channel=first["channel"]["id"])
    assert (again["channel"], again["already_open"]) == ({"id": first["channel"]["id"]}, True)
    others = f"{ola.id},{slack.person('kari').id}"
    for arguments, error in [
        ({"channel": "D1"}, "channel_not_found"),
        ({"channel": slack.workspace.general.id}, "channel_not_found"),
        ({}, "users_list_not_supplied"),
        ({"users": "U1"}, "user_not_found"),
        ({"users": slack.workspace.bot.id}, "user_not_found"),
        ({"users": others}, "missing_scope"),
    ]:
        assert (await refused(bot.client.api_call("conversations.open", json=arguments)))["error"] == error


async def test_finer_points_of_posting(slack: Slack, bot: TinyBot, ola: Person) -> None:
    dm, general = slack.workspace.open_im(ola.id).id, slack.workspace.general.id
    post = "chat.postMessage"

    def sized(count: int) -> Json:
        empty = len(json.dumps({"event_type": "delivery", "event_payload": {"x": ""}}))
        return {"event_type": "delivery", "event_payload": {"x": "y" * (count - empty)}}

    assert (await bot.client.chat_postMessage(channel=dm, text="x", metadata=sized(8000)))["ok"]
    flat: Json = {"event_type": "delivery", "event_payload": {"a": [{"b": 1}], "c": {"d": True}}}
    assert (await bot.client.chat_postMessage(channel=dm, text="x", metadata=flat))["ok"]
    not_taken: list[tuple[Json, str]] = [
        ({"text": "x", "metadata": sized(8001)}, "metadata_too_large"),
        ({"text": "x", "metadata": ["x"]}, "invalid_metadata_format"),
        ({"text": "x", "metadata": flat | {"event_type": "a delivery"}}, "invalid_metadata_schema"),
        ({"text": "x", "attachments": [{"text": "x"}]}, "invalid_attachments"),
        ({"text": None}, "no_text"),
    ]
    for arguments, error in not_taken:
        assert (await refused(bot.client.api_call(post, json={"channel": dm} | arguments)))["error"] == error
    wrong = {"channel": dm, "text": "x", "blocks": [section(size=1)]}
    answer = await refused(bot.client.api_call(post, json=wrong))
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {answer['errors'][0]}"]
    assert "response_metadata" not in await refused(bot.client.chat_postMessage(channel=general, text="x"))
    slack.workspace.scopes.add("chat:write.public")
    assert (await bot.client.chat_postMessage(channel=general, text="x"))["ok"]
    with slack.expects("split or cut"):
        kept = await bot.client.chat_postMessage(channel=dm, text="x" * 40_000)
        cut = await bot.client.chat_postMessage(channel=dm, text="x" * 40_001)
    assert (kept.get("response_metadata"), len(cut["message"]["text"])) == (None, 40_000)
    assert cut["response_metadata"]["warnings"] == ["message_truncated"]


async def test_finer_points_of_reading(slack: Slack, bot: TinyBot, ola: Person) -> None:
    channel = slack.workspace.open_im(ola.id)
    for number in range(101):
        await bot.client.chat_postMessage(channel=channel.id, text=str(number))
    page = await bot.client.conversations_history(channel=channel.id)
    assert len(page["messages"]) == 100
    whole = await bot.client.conversations_history(channel=channel.id, limit=999)
    assert (len(whole["messages"]), whole.get("response_metadata")) == (101, None)
    cursor = page["response_metadata"]["next_cursor"]
    assert (await refused(bot.client.users_list(cursor=cursor)))["error"] == "invalid_cursor"
    await bot.client.chat_update(channel=channel.id, ts=whole["messages"][0]["ts"], text="x")
    assert "edited" in (await bot.client.conversations_history(channel=channel.id))["messages"][0]
    assert "edited" not in (await bot.client.conversations_history(channel=channel.id))["messages"][1]


async def test_what_is_known_of_people(slack: Slack, bot: TinyBot, ola: Person) -> None:
    known = (await bot.client.users_info(user=ola.id))["user"]
    assert (known["profile"]["email"], known["tz"]) == ("ola@skole.no", "Europe/Oslo")
    ola.user.deleted = True
    assert "tz" not in (await bot.client.users_info(user=ola.id))["user"]


async def test_arguments_that_cannot_be_read_are_faults(slack: Slack) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {slack.bot_token}"}) as http:
        with slack.expects("auth.test: json_not_object"):
            answer = await http.post(f"{slack.api_url}auth.test", json=["x"])
            assert (await answer.json())["error"] == "json_not_object"


async def test_what_is_no_view(slack: Slack, bot: TinyBot, ola: Person) -> None:
    for view in ({"type": "dialog", "blocks": [section()]}, {"blocks": [section()]}, {"type": "home", "blocks": []}):
        call = bot.client.api_call("views.open", json={"trigger_id": "1.2.3", "view": view})
        assert (await refused(call))["error"] == "invalid_arguments"


async def test_pushed_views_know_the_one_below(slack: Slack, bot: TinyBot, ola: Person) -> None:
    await opens(bot, ola)
    ids = [ola.modal.id] if ola.modal else []
    for _ in range(2):
        trigger = slack.workspace.new_trigger(ola.id, ids[-1])
        pushed = (await bot.client.views_push(trigger_id=trigger, view=FORM))["view"]
        assert pushed["previous_view_id"] == ids[-1]
        ids.append(pushed["id"])
    await ola.fills({"name": "Per", "sure": "Ja"})
    bot.answer = {"response_action": "push", "view": FORM}
    with slack.expects("push_limit_reached"):
        await ola.submits()


async def test_answers_to_a_form_that_is_gone_or_says_too_much(slack: Slack, bot: TinyBot, ola: Person) -> None:
    await opens(bot, ola)
    await ola.fills({"name": "Per", "sure": "Ja"})
    bot.status = 500
    with slack.expects("dispatch_failed"):
        assert await ola.submits() is None
    assert ola.modal, "the person sees an error and keeps the form"
    bot.status, bot.answer = 200, {"response_action": "clear", "errors": {}}
    with slack.expects("with the fields"):
        await ola.submits()

    def closed_meanwhile(_: Json) -> Json:
        slack.workspace.close(ola.id)
        return {"response_action": "update", "view": FORM}

    bot.answer = closed_meanwhile
    with slack.expects("isn't open any more"):
        await ola.submits()


async def test_pressing_overflow_menus_and_confirming(slack: Slack, bot: TinyBot, ola: Person) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": [option("1", "Vis"), option("2", "Lukk")]}
    sure = button(action_id="sure", text=plain("Slett"), confirm=confirm())
    twice = [button(action_id=name, text=plain("Ja")) for name in "ab"]
    await says(bot, ola, actions(menu, sure, *twice))
    await ola.presses("Lukk")
    assert bot.last["actions"][0]["selected_option"]["value"] == "2"
    before = len(bot.asked)
    assert await ola.presses("Slett", confirms=False) is None
    assert len(bot.asked) == before
    await ola.presses("Slett")
    assert "value" not in bot.last["actions"][0]
    with pytest.raises(ClientRefuses, match="2 times"):
        await ola.presses("Ja")
    await ola.presses("b")
    bot.answer = {}
    await ola.presses("b")
    assert not slack.faults


async def test_choosing_in_a_message(bot: TinyBot, ola: Person) -> None:
    where = select(action_id="where", placeholder=plain("Velg sted"))
    await says(bot, ola, section(accessory=where), section(block_id="later", accessory=select(action_id="when")))
    await ola.fills({"Velg sted": "1"}, on=ola.dm[-1])
    assert bot.last["actions"][0]["selected_option"]["value"] == "1"
    chosen, later = bot.last["state"]["values"].values()
    assert chosen["where"]["selected_option"]["value"] == "1"
    assert later["when"]["selected_option"] is None


async def test_what_answers_an_event_and_an_echo(slack: Slack, bot: TinyBot, ola: Person) -> None:
    bot.status = 204
    assert await ola.writes("hei")
    with slack.expects("answered 300"):
        bot.status = 300
        assert await ola.writes("hei") is None
    with slack.expects("the bot's own message: the bot answered 500"):
        bot.status = 500
        await says(bot, ola, section(text=mrkdwn("Hei")))
        await slack.until(lambda: slack.faults)
    assert ola.dm[-1].blocks[0]["text"]["verbatim"] is False
    bot.status, bot.answer = 200, {}
    await ola.slash("/skjema")
    assert not ola.ephemerals
    assert not slack.faults


async def test_what_a_response_url_does_not_take(slack: Slack, bot: TinyBot, ola: Person) -> None:
    await ola.slash("/skjema")
    url = bot.last["response_url"]
    for body in (b"{", b"[]", b'{"text": "x", "tekst": "x"}', b'{"text": "x", "response_type": "loud"}'):
        with slack.expects("response_url: invalid_payload"):
            async with slack.delivery.http.post(url, data=body) as answer:
                assert answer.status == 400
    async with slack.delivery.http.post(url, json={"delete_original": True}) as answer:
        assert answer.status == 200


async def test_the_newest_socket_gets_what_is_sent(slack: Slack, ola: Person) -> None:
    async with SocketBot(slack) as old, SocketBot(slack) as new:
        assert (old.hello["num_connections"], new.hello["num_connections"]) == (1, 2)
        await ola.writes("hei")
        assert (len(old.received), len(new.received)) == (0, 1)
