"""Forms in the fake: what one can fill in and send, what stays, and which answers of a bot Slack refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.e2e.slack.filling import ClientRefuses
from tests.e2e.slack.people import Person
from tests.e2e.slack.pieces import FORM, asks, option, options, plain, section, select, text_input
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.tiny_bot import TinyBot, opens

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
    for values in ({}, {"name": "Per"}, {"name": "P", "sure": "Ja"}, {"name": ""}, {"name": None}):
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


def errors(ola: Person) -> dict[str, str]:
    return ola.modal.errors if ola.modal else {}


def stack(ola: Person) -> list[str]:
    """What the views on top of each other are called, the one that is seen last."""
    called = [str(view.payload["callback_id"]) for view in ola.workspace.stack(ola.id)]
    assert not called or (ola.modal and ola.modal.payload["callback_id"] == called[-1])
    return called


ANSWERS: list[tuple[Json | str, Callable[[Person], bool]]] = [
    ({"response_action": "errors", "errors": {"name": "Nei"}}, lambda ola: errors(ola) == {"name": "Nei"}),
    ({"response_action": "update", "view": FORM | {"callback_id": "b"}}, lambda ola: stack(ola) == ["b"]),
    ({"response_action": "push", "view": FORM | {"callback_id": "b"}}, lambda ola: stack(ola) == ["form", "b"]),
    ({"response_action": "clear"}, lambda ola: ola.modal is None),
    ("", lambda ola: ola.modal is None),
]


@pytest.mark.parametrize(("answer", "seen"), ANSWERS)
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
    bot.answer, before = "", len(bot.asked)
    await ola.closes()
    assert len(bot.asked) == before, "this one isn't to be told"
    await ola.closes()
    assert (bot.last["type"], bot.last["is_cleared"]) == ("view_closed", False)
    ola.user.deleted = True
    with pytest.raises(ClientRefuses, match="deactivated"):
        await ola.slash("/skjema")


def form_of(*elements: Json) -> Json:
    blocks = [asks(element | {"action_id": "a"}, block_id=str(index)) for index, element in enumerate(elements)]
    return FORM | {"blocks": blocks}


@pytest.mark.parametrize(
    ("element", "fine", "wrong"),
    [
        (text_input(), "x" * 3000, "x" * 3001),
        ({"type": "email_text_input"}, "per@skole.no", "per"),
        ({"type": "url_text_input"}, "https://skole.no", "skole"),
        ({"type": "number_input", "is_decimal_allowed": True}, "1.5", "en"),
        ({"type": "multi_static_select", "options": options(3), "max_selected_items": 2}, ["0", "1"], ["0", "1", "2"]),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U1"], ["U1", "U2"]),
        ({"type": "users_select"}, "U1", ["U1"]),
        ({"type": "timepicker"}, "09:05", "ni"),
        ({"type": "file_input"}, None, "x.pdf"),
    ],
)
async def test_what_goes_into_which_field(bot: TinyBot, ola: Person, element: Json, fine: Any, wrong: Any) -> None:
    await opens(bot, ola, form_of(element))
    await ola.fills({"0": fine})
    with pytest.raises(ClientRefuses):
        await ola.fills({"0": wrong})


async def test_rich_text_and_names_that_two_inputs_share(bot: TinyBot, ola: Person) -> None:
    await opens(bot, ola, form_of({"type": "rich_text_input"}, text_input()))
    await ola.fills({"0": "fritt", "1": "x"})
    await ola.submits()
    written = bot.last["view"]["state"]["values"]["0"]["a"]["rich_text_value"]
    assert written["elements"][0]["elements"] == [{"type": "text", "text": "fritt"}]
    await opens(bot, ola, form_of(text_input(), text_input()))
    with pytest.raises(ClientRefuses, match="2 inputs are called 'a'"):
        await ola.fills({"a": "x"})


async def test_searching_wants_three_letters_unless_said_otherwise(slack: Slack, bot: TinyBot, ola: Person) -> None:
    await opens(bot, ola, form_of({"type": "external_select"}, select()))
    bot.answer = {"options": []}
    assert await ola.searches("0", "1BA") == []
    for name, query, why in (("0", "1B", "from 3 characters"), ("1", "1BA", "asks nobody")):
        with pytest.raises(ClientRefuses, match=why):
            await ola.searches(name, query)
    bot.status = 500
    with slack.expects("dispatch_failed"):
        assert await ola.searches("0", "1BA") == []


async def test_inputs_send_at_once_only_where_they_say_so(bot: TinyBot, ola: Person) -> None:
    often = {"trigger_actions_on": ["on_character_entered"]}
    blocks = [
        asks(text_input(), block_id="quiet"),
        asks(text_input(), block_id="enter", dispatch_action=True),
        asks(text_input(dispatch_action_config=often), block_id="often", dispatch_action=True),
        asks(select(), block_id="quiet menu"),
    ]
    await opens(bot, ola, FORM | {"blocks": blocks})
    before = len(bot.asked)
    await ola.fills({"quiet": "x", "enter": "x", "quiet menu": "0"})
    assert len(bot.asked) == before
    await ola.fills({"often": "x"})
    assert bot.last["actions"][0]["value"] == "x"
