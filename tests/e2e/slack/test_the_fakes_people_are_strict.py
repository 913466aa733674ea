"""The people of the fake: what they see, what Slack's client lets them do, and what answers of a bot are faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.e2e.slack.filling import ClientRefuses
from tests.e2e.slack.people import Person
from tests.e2e.slack.pieces import actions, asks, button, option, options, plain, radio, section, select, text_input
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.tiny_bot import TinyBot

Json = dict[str, Any]

FORM: Json = {
    "type": "modal",
    "title": plain("Skjema"),
    "submit": plain("Send"),
    "callback_id": "form",
    "notify_on_close": True,
    "blocks": [
        asks(text_input(action_id="a", max_length=5, min_length=2), block_id="name") | {"label": plain("Navn")},
        asks(radio(2, action_id="a", options=[option("1", "Ja"), option("2", "Nei")]), block_id="sure"),
        asks({"type": "checkboxes", "action_id": "a", "options": options(3)}, block_id="seen", optional=True),
        asks({"type": "datepicker", "action_id": "a"}, block_id="day", optional=True),
        asks({"type": "timepicker", "action_id": "a", "timezone": "Europe/Oslo"}, block_id="hour", optional=True),
        asks({"type": "external_select", "action_id": "a", "min_query_length": 2}, block_id="who", optional=True),
        asks(select(action_id="a"), block_id="where", dispatch_action=True, optional=True),
        section(block_id="more", accessory=button(action_id="more", value="1", text=plain("Mer"))),
    ],
}


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


async def opens(bot: TinyBot, ola: Person, view: Json = FORM) -> None:
    async def answer(payload: Json) -> str:
        await bot.client.views_open(trigger_id=payload["trigger_id"], view=view)
        return ""

    bot.answer = answer
    await ola.slash("/skjema")
    bot.answer = ""
    assert ola.modal


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
    slack.delivery.ack_within = 0.1
    await ola.slash("/skjema")
    assert not slack.faults
    bot.late_by = 0.3
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
    await ola.presses("Ta")
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
    before = len(bot.received)
    await ola.presses("Ta", on=ola.dm[0], times=2)
    twice = bot.received[before:]
    assert twice[0]["trigger_id"] != twice[1]["trigger_id"]
    await slack.delivery.again()
    assert bot.received[-1] == bot.received[-2], "a replay is the same to the last byte"
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


async def test_filling_in_a_form(slack: Slack, bot: TinyBot, ola: Person) -> None:
    await opens(bot, ola)
    bot.answer = lambda payload: {"options": [option("7", "1BAA")]} if payload["type"] == "block_suggestion" else ""
    await ola.fills({"Navn": "Per", "sure": "Ja", "seen": ["x"], "day": "2026-11-25", "hour": "09:05", "who": "1BAA"})
    await ola.submits()
    values = bot.last["view"]["state"]["values"]
    assert {block: entry["a"] for block, entry in values.items()} == {
        "name": {"type": "plain_text_input", "value": "Per"},
        "sure": {"type": "radio_buttons", "selected_option": option("1") | {"text": {**plain("Ja"), "emoji": True}}},
        "seen": {"type": "checkboxes", "selected_options": [option("0") | {"text": {**plain(), "emoji": True}}]},
        "day": {"type": "datepicker", "selected_date": "2026-11-25"},
        "hour": {"type": "timepicker", "selected_time": "09:05", "timezone": "Europe/Oslo"},
        "who": {"type": "external_select", "selected_option": option("7", "1BAA")},
        "where": {"type": "static_select", "selected_option": None},
    }
    assert ola.modal is None, "an empty 200 closes it"
    assert not slack.faults


@pytest.mark.parametrize(
    ("name", "fine", "wrong"),
    [
        ("name", "Peter", "Petter"),
        ("name", "Per", "P\np"),
        ("sure", "Nei", "Kanskje"),
        ("sure", "2", None),
        ("seen", ["0", "1"], ["3"]),
        ("day", "2026-02-28", "2026-02-29"),
        ("hour", "23:59", "24:00"),
        ("who", "1B", "1"),
        ("who", "1B", "2B"),
        ("where", None, "2"),
        ("day", None, "i går"),
    ],
)
async def test_what_the_client_does_not_let_one_fill_in(
    bot: TinyBot, ola: Person, name: str, fine: Any, wrong: Any
) -> None:
    await opens(bot, ola)
    bot.answer = lambda payload: {"options": [option("7", "1B")]} if payload["type"] == "block_suggestion" else ""
    await ola.fills({name: fine})
    with pytest.raises(ClientRefuses):
        await ola.fills({name: wrong})


async def test_what_the_client_does_not_let_one_send(bot: TinyBot, ola: Person) -> None:
    await opens(bot, ola)
    for values in ({}, {"name": "Per"}, {"name": "P", "sure": "Ja"}, {"name": " \u00a0 "}, {"name": None}):
        await ola.fills(values)
        with pytest.raises(ClientRefuses, match="can't be sent"):
            await ola.submits()
    await ola.fills({"name": "Per"})
    await ola.submits()
    with pytest.raises(ClientRefuses, match="no modal open"):
        await ola.submits()
    await opens(bot, ola, {"type": "modal", "title": plain(), "blocks": [section()]})
    with pytest.raises(ClientRefuses, match="no button"):
        await ola.submits()


async def test_what_may_be_found_by_a_search(slack: Slack, bot: TinyBot, ola: Person) -> None:
    await opens(bot, ola)
    bot.answer = {"options": options(100)}
    assert len(await ola.searches("who", "1B")) == 100
    assert (bot.last["type"], bot.last["value"], bot.last["block_id"]) == ("block_suggestion", "1B", "who")
    for wrong in ({"options": options(101)}, "x", {"options": [option(text="x" * 76)]}):
        bot.answer = wrong
        with slack.expects("options that Slack refuses"):
            assert await ola.searches("who", "1B") == []
    with pytest.raises(ClientRefuses, match="from 2 characters"):
        await ola.searches("who", "1")


async def test_inputs_outlive_an_update_only_under_their_ids(bot: TinyBot, ola: Person) -> None:
    await opens(bot, ola)
    await ola.fills({"name": "Per", "sure": "Ja"})
    assert ola.modal
    other = [FORM["blocks"][0], FORM["blocks"][1] | {"block_id": "certain"}]
    other[0] = other[0] | {"element": other[0]["element"] | {"initial_value": "Pål"}}
    await bot.client.views_update(view_id=ola.modal.id, view=FORM | {"blocks": other})
    assert ola.modal.state["name"]["a"]["value"] == "Per"
    assert ola.modal.state["certain"]["a"]["selected_option"] is None
    await bot.client.views_update(view_id=ola.modal.id, view=FORM)
    assert ola.modal.state["sure"]["a"]["selected_option"] is None
    await ola.presses("Mer")
    assert bot.last["container"] == {"type": "view", "view_id": ola.modal.id}
    assert bot.last["view"]["state"]["values"]["name"]["a"]["value"] == "Per"
    await ola.fills({"where": "0"})
    assert bot.last["actions"][0]["selected_option"]["value"] == "0", "dispatch_action sends at once"


ANSWERS: list[tuple[str, Any, Callable[[Person], bool]]] = [
    ("errors", {"response_action": "errors", "errors": {"name": "Nei"}}, lambda ola: ola.modal.errors == {"name": "Nei"}),  # type: ignore[union-attr]
    ("update", {"response_action": "update", "view": FORM | {"callback_id": "b"}}, lambda ola: ola.modal.payload["callback_id"] == "b"),  # type: ignore[union-attr]
    ("push", {"response_action": "push", "view": FORM}, lambda ola: len(ola.workspace.stack(ola.id)) == 2),
    ("clear", {"response_action": "clear"}, lambda ola: ola.modal is None),
    ("close", "", lambda ola: ola.modal is None),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "seen"), [pytest.param(answer, seen, id=name) for name, answer, seen in ANSWERS])
async def test_an_answer_to_a_form(
    slack: Slack, bot: TinyBot, ola: Person, answer: Any, seen: Callable[[Person], bool]
) -> None:
    await opens(bot, ola)
    await ola.fills({"name": "Per", "sure": "Ja"})
    bot.answer = answer
    await ola.submits()
    assert seen(ola)
    assert not slack.faults


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"more": "no input block"}},
        {"response_action": "errors", "errors": {"nobody": "no block"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"name": ""}},
        {"response_action": "update", "view": FORM | {"title": plain("x" * 25)}},
        {"response_action": "push", "view": {"type": "home", "blocks": [section()]}},
        {"response_action": "close"},
        {"text": "Takk"},
        "Takk",
    ],
)
async def test_an_answer_to_a_form_that_slack_refuses(slack: Slack, bot: TinyBot, ola: Person, answer: Any) -> None:
    await opens(bot, ola)
    await ola.fills({"name": "Per", "sure": "Ja"})
    bot.answer = answer
    with slack.expects("the answer to a form is refused"):
        await ola.submits()
    assert ola.modal, "the form stays with what was typed"


async def test_closing(slack: Slack, bot: TinyBot, ola: Person) -> None:
    await opens(bot, ola)
    await ola.fills({"name": "Per", "sure": "Ja"})
    bot.answer = {"response_action": "push", "view": FORM | {"notify_on_close": False}}
    await ola.submits()
    bot.answer, before = "", len(bot.received)
    await ola.closes()
    assert len(bot.received) == before, "this one isn't to be told"
    await ola.closes()
    assert (bot.last["type"], bot.last["is_cleared"]) == ("view_closed", False)
    ola.user.deleted = True
    with pytest.raises(ClientRefuses, match="deactivated"):
        await ola.slash("/skjema")


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
