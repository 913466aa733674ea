"""The people of the fake: they do what Teams' client lets them do, and note what it would not have shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import jwt
import pytest

from tests.e2e.teams.cards import ADAPTIVE
from tests.e2e.teams.filling import ClientRefuses
from tests.e2e.teams.people import BAR, SEARCHED, Person
from tests.e2e.teams.teams import Teams
from tests.e2e.teams.tenant import Json, Message
from tests.e2e.teams.tiny_bot import TinyBot, button, card, choices, field_, shows, submit, tiny_bot, words


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams() as teams:
        yield teams


@pytest.fixture
async def bot(teams: Teams) -> AsyncIterator[TinyBot]:
    async with tiny_bot() as bot:
        teams.bot_at(bot.url)
        yield bot


@pytest.fixture
def ola(teams: Teams) -> Person:
    return teams.person("ola", email="ola@skole.no")


def stands(ola: Person, made: Json) -> Message:
    """Let a card stand in somebody's chat."""
    chat = ola.tenant.personal(ola.user)
    message = Message(ola.tenant.new_id(), chat.id, ola.tenant.bot, shown=[made])
    chat.messages.append(message)
    return message


async def test_an_activity_is_signed_by_the_channel_for_this_bot(teams: Teams, bot: TinyBot, ola: Person) -> None:
    await ola.writes("<Hei> & hopp")
    (said,), (token,) = bot.seen, bot.tokens
    assert said["text"] == "&lt;Hei&gt; &amp; hopp"
    async with aiohttp.ClientSession() as http:
        async with http.get(teams.environment["TEAMS_OPENID_URL"]) as answer:
            address = (await answer.json())["jwks_uri"]
        async with http.get(address) as answer:
            (key,) = (await answer.json())["keys"]
    audience = teams.environment["MICROSOFT_APP_ID"]
    claims = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["RS256"], audience=audience)
    assert claims["serviceurl"] == said["serviceUrl"]
    assert claims["iss"] == "https://api.botframework.com"
    assert datetime.fromtimestamp(claims["exp"], UTC) > datetime.now(UTC)
    assert key["endorsements"] == ["msteams"]


async def test_among_others_the_bot_is_mentioned_and_a_stranger_to_a_chat_sees_nothing(
    teams: Teams, bot: TinyBot, ola: Person
) -> None:
    channel = teams.tenant.channel(ola.user)
    await ola.writes("rus-hjelp", chat=channel)
    assert bot.seen[0]["text"] == "<at>rusplan</at> rus-hjelp"
    assert bot.seen[0]["channelData"]["channel"]["id"] == channel.id.partition(";")[0]
    with pytest.raises(ClientRefuses):
        teams.person("kari", email="kari@skole.no").all_in(channel)
    await ola.uninstalls()
    with pytest.raises(ClientRefuses):
        await ola.writes("rus-hjelp")


@pytest.mark.parametrize("status", [500, 503, 0])
async def test_what_gets_no_good_answer_is_delivered_again(
    teams: Teams, bot: TinyBot, ola: Person, status: int
) -> None:
    teams.delivery.answer_within, teams.delivery.again_after = 0.2, 0.0
    bot.will(status=status)
    await ola.writes("rus-hjelp")
    assert len(bot.seen) == 2
    assert bot.seen[0] == bot.seen[1]
    assert not teams.faults
    for _ in range(3):
        bot.will(status=status)
    await ola.writes("rus-hjelp")
    assert len(bot.seen) == 5
    assert len(teams.faults) == 1


@pytest.mark.parametrize("status", [202, 401, 404, 500, 0])
async def test_a_button_waits_for_one_answer(teams: Teams, bot: TinyBot, ola: Person, status: int) -> None:
    teams.delivery.answer_within = 0.2
    stands(ola, card(words("Hei"), actions=(button(),)))
    bot.will(status=status)
    assert await ola.presses("Gå") is None
    assert len(bot.seen) == len(teams.faults) == 1


async def test_a_button_is_sent_with_what_was_filled_in(bot: TinyBot, ola: Person) -> None:
    fields = (field_("Text"), field_("Text", "b", value="før"), choices("x", "y", isMultiSelect=True) | {"id": "*c"})
    message = stands(ola, card(*fields, actions=(button(r="1"), button("Ut", inputs="none"))))
    await ola.fills({"Felt b": "nå", "c": ["X", "y"]}, on=message)
    for title in ("Gå", "Ut"):
        bot.will(shows(message.card))
        await ola.presses(title)
        await ola.fills({"b": "nå", "c": ["x", "y"]}, on=message)
    handed_in, out = (each["value"]["action"] for each in bot.seen)
    assert handed_in["data"] == {"r": "1", "b": "nå", "*c": "x,y"}
    assert out["data"] == {}
    ola.knows_execute = False
    await ola.presses("Gå")
    assert bot.seen[-1]["type"] == "message"
    assert bot.seen[-1]["value"] == handed_in["data"]
    assert bot.seen[-1]["replyToId"] == message.id


@pytest.mark.parametrize(
    ("made", "values"),
    [
        (field_("Text", maxLength=3), {"a": "1234"}),
        (field_("Text"), {"a": "to\nlinjer"}),
        (field_("Text"), {"b": "finnes ikke"}),
        (field_("Time"), {"a": "25:00"}),
        (field_("Number"), {"a": "1"}),
        (choices("ja", "nei"), {"a": "kanskje"}),
        (choices("ja", "nei"), {"a": ["ja", "nei"]}),
        (choices("ja", style="filtered"), {"a": "nei"}),
    ],
)
async def test_what_an_input_does_not_take_can_not_be_filled_in(
    ola: Person, made: Json, values: dict[str, Any]
) -> None:
    with pytest.raises(ClientRefuses):
        await ola.fills(values, on=stands(ola, card(made)))


async def test_what_must_be_filled_in_holds_the_button(bot: TinyBot, ola: Person) -> None:
    must = field_("Text", isRequired=True, errorMessage="Fyll ut")
    message = stands(ola, card(must, actions=(button(), button("Ut", inputs="none"))))
    with pytest.raises(ClientRefuses):
        await ola.presses("Gå")
    bot.will(shows(card(words("Ute"))))
    await ola.presses("Ut")
    assert len(bot.seen) == 1
    with pytest.raises(ClientRefuses):
        await ola.presses("Gå", on=message)


async def test_a_choice_that_is_looked_up_must_have_been_found(teams: Teams, bot: TinyBot, ola: Person) -> None:
    message = stands(ola, card(choices(**{"choices.data": {"type": "Data.Query", "dataset": "people"}})))
    found = [{"title": "Kari Moen", "value": "kari"}]
    bot.will({"statusCode": 200, "type": SEARCHED, "value": {"results": found}})
    assert await ola.searches("a", "kar", on=message) == found
    assert bot.seen[0]["value"]["dataset"] == "people"
    bot.will({"statusCode": 200, "type": SEARCHED, "value": {"results": []}})
    with pytest.raises(ClientRefuses):
        await ola.fills({"a": "Kari Moen"}, on=message)
    for wrong in ({"results": found}, {"statusCode": 200, "type": SEARCHED, "value": {"results": [{"title": "x"}]}}):
        bot.will(wrong)
        await ola.searches("a", "kar", on=message)
    assert len(teams.faults) == 2


async def test_a_card_takes_the_place_of_another_only_where_the_answer_says_so(
    teams: Teams, bot: TinyBot, ola: Person
) -> None:
    message = stands(ola, card(field_("Text"), actions=(button(),)))
    before = message.card
    await ola.fills({"a": "skrevet"}, on=message)
    bot.will({"statusCode": 200, "type": BAR, "value": "Prøv igjen."})
    await ola.presses("Gå")
    assert (message.card, message.bar, message.filled) == (before, "Prøv igjen.", {"a": "skrevet"})
    bot.will(shows(card(words("Ferdig"))))
    await ola.presses("Gå")
    assert (message.card, message.bar, message.filled) == (card(words("Ferdig")), "", {})
    assert not teams.faults


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"statusCode": 200, "type": BAR, "value": ""},
        {"statusCode": 200, "type": ADAPTIVE, "value": "x"},
        {"statusCode": 400, "type": ADAPTIVE, "value": card(words("x"))},
        {"statusCode": 200, "type": "application/vnd.microsoft.adaptive.card", "value": card(words("x"))},
        {"statusCode": 200, "type": ADAPTIVE, "value": card({"type": "Label"})},
        {"task": {"type": "message", "value": "x"}},
    ],
)
async def test_an_answer_that_teams_does_not_know_changes_nothing(
    teams: Teams, bot: TinyBot, ola: Person, body: Any
) -> None:
    message = stands(ola, card(words("Hei"), actions=(button(),)))
    before = message.card
    bot.will(body)
    await ola.presses("Gå")
    assert message.card == before
    assert not message.bar
    assert len(teams.faults) == 1


async def test_a_command_of_the_extension_opens_a_dialog_until_it_is_told_off(
    teams: Teams, bot: TinyBot, ola: Person
) -> None:
    form = {"contentType": ADAPTIVE, "content": card(field_("Text"), actions=(submit(),))}
    deaf = {"contentType": ADAPTIVE, "content": card(field_("Text"), actions=(button(),))}
    bot.will({"task": {"type": "continue", "value": {"title": "Skjema", "card": form}}})
    await ola.opens("rus-hendelse")
    assert bot.seen[0]["value"]["commandId"] == "rus-hendelse"
    assert ola.dialog
    await ola.fills({"a": "skrevet"}, on=ola.dialog)
    bot.will({"task": {"type": "message", "value": "Ferdig"}})
    await ola.presses("Gå")
    assert bot.seen[1]["value"]["data"] == {"a": "skrevet"}
    assert (ola.dialog, ola.told) == (None, "Ferdig")
    bot.will({"task": {"type": "continue", "value": {"title": "Skjema", "card": form}}})
    await ola.opens("rus-hendelse")
    bot.will()
    await ola.presses("Gå")
    assert ola.dialog is None
    for wrong in (
        {"task": {"type": "message", "value": ""}},
        {"task": {"type": "continue", "value": {"card": form}}},
        {"task": {"type": "continue", "value": {"title": "Skjema", "card": deaf}}},
        {},
    ):
        bot.will(wrong)
        await ola.opens("rus-hendelse")
    assert len(teams.faults) == 4
    assert ola.dialog is None


async def test_two_buttons_of_one_name_have_to_be_told_apart(ola: Person) -> None:
    parts = [
        {"type": "Container", "items": [words(text), {"type": "ActionSet", "actions": [button()]}]} for text in "AB"
    ]
    message = stands(ola, card(*parts))
    with pytest.raises(ClientRefuses):
        ola.to_press("Gå")
    assert ola.to_press("Gå", about="B") == (message, parts[1]["items"][1]["actions"][0])  # type: ignore[index]
    with pytest.raises(ClientRefuses):
        await ola.presses("Finnes ikke")
