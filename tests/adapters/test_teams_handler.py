"""When Teams is answered: once, in time, and only what is somebody's act; the bot goes on with what takes longer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.payload import Malformed
from adapters.teams import handler as handler_
from adapters.teams import real_dialog
from adapters.teams.messages import activity, line
from flows.language import Language
from flows.port import WHOLE_FORM, Pressed, Reply, Typed
from tests.adapters import teams_payloads as payloads
from tests.adapters.fake_bot import HELP, REPORT, TAKEN
from tests.adapters.fake_connector import FakeConnector, fake_connector
from tests.adapters.slack_payloads import changed
from tests.adapters.teams_payloads import (
    GROUP,
    IN_GROUP,
    OLA,
    OWN_CHAT,
    PERSONAL,
    SAID,
    SAID_IN_GROUP,
    USER,
    answered,
    executed,
    fetched,
    hand_in,
    installed,
    press,
    searched,
    submitted,
)
from tests.adapters.teams_payloads import activity as activity_of
from tests.adapters.teams_scene import LATE, PATIENCE, KeptPlaces, Scene, brought, said, scene, shown

NB = Language.NB
KARI, KARIS = "kari", "a:kari"
BY_KARI = {"from": {"id": "29:kari", "aadObjectId": KARI}, "conversation": PERSONAL | {"id": KARIS}}


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        fake.installs(USER, OWN_CHAT)
        fake.installs(KARI, KARIS)
        fake.chats[GROUP] = {}
        yield fake


@pytest.fixture
async def at(teams: FakeConnector) -> AsyncIterator[Scene]:
    async with scene(teams, KeptPlaces()) as opened:
        yield opened


@pytest.fixture
def _waits_for_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler_, "ANSWER_WITHIN", 0.03)
    monkeypatch.setattr(handler_, "ANSWER_A_DIALOG_WITHIN", 0.03)


async def test_the_bot_is_told_who_has_done_what(at: Scene) -> None:
    await at.take(SAID)
    await at.take(executed(press("take", "K7M2QD")))
    first, second = at.bot.seen
    assert (first.delivery_id, first.sender, first.act) == (SAID["id"], OLA, Typed("rus-plan foresatte"))
    assert isinstance(second.act, Pressed)
    assert second.act.message
    assert second.act.message.message == payloads.CARD


async def test_a_form_that_is_asked_for_in_words_waits_for_no_database(
    at: Scene, teams: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler_, "OPEN_IN_A_CHAT_WITHIN", 0.03)
    at.bot.first, at.bot.is_slow = Reply(dialog=REPORT), True
    await at.hand_in(SAID)
    async with asyncio.timeout(PATIENCE):
        while not teams.stands(OWN_CHAT):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    assert teams.stands(OWN_CHAT) == [activity(REPORT, NB)]
    assert at.bot.carried_out == []


async def test_where_the_database_answers_soon_the_form_in_the_chat_has_what_is_still_open(
    at: Scene, teams: FakeConnector
) -> None:
    whole = replace(REPORT, title="Meld, eller fortsett")
    at.bot.first, at.bot.more = Reply(dialog=REPORT), whole
    await at.take(SAID)
    assert teams.stands(OWN_CHAT) == [activity(whole, NB)]


# A turn that takes long.


def test_teams_is_answered_before_it_gives_up() -> None:
    """It waits fifteen seconds for an invoke, five for a real dialog's; on top of ours comes the way there and back."""
    assert handler_.ANSWER_WITHIN <= 10
    assert handler_.ANSWER_A_DIALOG_WITHIN + real_dialog.FIND_WITHIN <= 4


@pytest.mark.parametrize(
    "body",
    [
        fetched("rus-saker"),
        answered(hand_in("report")),
        activity_of("invoke", name="task/fetch", value={"data": press("pupil")}),
        activity_of("invoke", name="task/submit", value={"data": hand_in("name")}),
    ],
    ids=["command", "form of the extension", "button", "form"],
)
async def test_a_real_dialog_is_answered_late_where_a_button_still_waits(
    at: Scene, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler_, "ANSWER_A_DIALOG_WITHIN", 0.03)
    at.bot.is_slow, at.bot.reply = True, Reply(card=TAKEN)
    button = asyncio.create_task(at.hand_in(executed(press("take"))))
    assert await at.hand_in(body) == {"task": {"type": "message", "value": LATE.notice}}
    assert not button.done()
    at.bot.released.set()
    assert await button == shown(TAKEN)
    await at.settled()
    assert len(at.bot.carried_out) == 2, "what was answered late goes on"


@pytest.mark.usefixtures("_waits_for_little")
async def test_a_slow_turn_is_answered_late_and_goes_on(at: Scene, teams: FakeConnector) -> None:
    at.bot.is_slow, at.bot.reply = True, Reply(card=TAKEN)
    assert await at.hand_in(executed(press("take"))) == said(LATE.notice)
    assert at.bot.carried_out == []
    at.bot.released.set()
    await at.settled()
    assert len(at.bot.carried_out) == 1
    assert teams.stands(OWN_CHAT) == [], "the message itself is kept up to date by its relay"


@pytest.mark.usefixtures("_waits_for_little")
@pytest.mark.parametrize("body", [SAID, installed()], ids=["said", "installed"])
async def test_slow_words_are_answered_late_in_the_chat_and_only_once(
    at: Scene, teams: FakeConnector, body: dict[str, Any]
) -> None:
    at.bot.is_slow, at.bot.reply = True, Reply(card=HELP)
    await at.hand_in(body)
    at.bot.released.set()
    await at.settled()
    assert teams.stands(OWN_CHAT) == [line(LATE.notice)]
    assert len(at.bot.carried_out) == 1


@pytest.mark.usefixtures("_waits_for_little")
async def test_a_slow_form_keeps_what_was_filled_in(at: Scene) -> None:
    at.bot.first = Reply(dialog=REPORT)
    opened = await at.take(fetched())
    at.bot.is_slow, at.bot.late_reply = True, Reply(faults={WHOLE_FORM: "Det tar tid."})
    answer = await at.hand_in(answered(brought(opened, what="use")))
    card = answer["task"]["value"]["card"]["content"]
    [field] = [each for each in card["body"] if each.get("id") == "what"]
    assert field["value"] == "use"
    assert await at.hand_in(executed(hand_in("report", what="use"))) == said("Det tar tid.")


async def test_nobody_waits_for_somebody_elses_turn(at: Scene, teams: FakeConnector) -> None:
    at.bot.is_slow = True
    slow = asyncio.create_task(at.hand_in(executed(press("take"))))
    await asyncio.sleep(0)
    at.bot.is_slow, at.bot.reply = False, Reply(card=TAKEN)
    async with asyncio.timeout(2):
        assert await at.hand_in(executed(press("take"), **BY_KARI)) == shown(TAKEN)
    at.bot.released.set()
    assert await slow == shown(TAKEN)


@pytest.mark.usefixtures("_waits_for_little")
async def test_what_is_under_way_is_finished_before_the_program_stops(at: Scene) -> None:
    at.bot.is_slow = True
    await at.hand_in(SAID)
    stopping = asyncio.create_task(at.handler.stop())
    await asyncio.sleep(0.01)
    at.bot.released.set()
    await stopping
    assert len(at.bot.carried_out) == 1


# What is delivered twice.


@pytest.mark.parametrize(
    "body",
    [SAID, SAID_IN_GROUP, submitted(press("take")), installed()],
    ids=["said", "said in a group", "pressed", "installed"],
)
async def test_what_is_delivered_twice_is_answered_once(at: Scene, teams: FakeConnector, body: dict[str, Any]) -> None:
    teams.chats[OWN_CHAT][payloads.CARD] = {}
    at.bot.reply = Reply(notice="Varselet er sendt.")
    await asyncio.gather(*(at.hand_in(body) for _ in range(3)))
    await at.take(body)
    assert len(at.bot.seen) == 1
    assert teams.stands(OWN_CHAT) == [{}, line("Varselet er sendt.")]


async def test_two_people_may_write_under_the_same_id(at: Scene, teams: FakeConnector) -> None:
    """Teams counts in milliseconds, in each chat anew."""
    at.bot.reply = Reply(card=HELP)
    await at.take(SAID)
    await at.take(SAID | BY_KARI)
    assert [each.sender.user for each in at.bot.seen] == [USER, KARI]
    assert teams.stands(OWN_CHAT) == teams.stands(KARIS) == [activity(HELP, NB)]


async def test_a_button_that_is_pressed_twice_is_answered_each_time(at: Scene) -> None:
    """Somebody waits for each answer; that it does nothing twice is the bot's business."""
    at.bot.reply = Reply(card=TAKEN)
    assert [await at.take(executed(press("take"))) for _ in range(2)] == [shown(TAKEN)] * 2


# Lists.


async def test_what_a_list_has_is_answered_as_teams_wants_it(at: Scene) -> None:
    found = await at.take(searched("classes", "1b"))
    assert found == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.search.searchResponse",
        "value": {"results": [{"title": "1BAA (Bygg)", "value": "1baa"}]},
    }
    assert at.bot.seen == []


@pytest.mark.parametrize(("dataset", "text"), [("classes", "zzz"), ("nothing", "1b")])
async def test_a_list_that_has_nothing_says_so(at: Scene, dataset: str, text: str) -> None:
    assert (await at.take(searched(dataset, text)))["value"] == {"results": []}


# Installing.


@pytest.mark.parametrize("action", ["add", "add-upgrade"])
async def test_whoever_installs_the_app_is_welcomed_once(at: Scene, teams: FakeConnector, action: str) -> None:
    at.bot.reply = Reply(card=HELP)
    await at.take(installed(action=action))
    await at.take(installed(action=action))
    [incoming] = at.bot.seen
    assert (incoming.sender, incoming.act) == (OLA, Typed("rus-hjelp"))
    assert teams.stands(OWN_CHAT) == [activity(HELP, NB)]


async def test_whoever_has_been_met_and_gets_a_newer_app_is_not_written_to(at: Scene, teams: FakeConnector) -> None:
    await at.take(SAID)
    at.bot.reply, at.bot.seen = Reply(card=HELP), []
    await at.take(installed(action="add-upgrade"))
    assert at.bot.seen == []
    assert teams.stands(OWN_CHAT) == []


@pytest.mark.parametrize(("action", "is_gone"), [("remove", True), ("remove-upgrade", False)])
async def test_whoever_takes_the_app_away_is_known_to_have_no_chat(at: Scene, action: str, *, is_gone: bool) -> None:
    places = KeptPlaces()
    at.chats.kept_in(places)
    await at.take(SAID)
    await at.take(installed(action=action))
    assert places.gone == [OLA] * is_gone
    assert (await at.chats.kept(OLA) is None) is is_gone
    await at.take(installed(action=action, conversation=IN_GROUP))
    assert places.gone == [OLA] * is_gone


@pytest.mark.parametrize(
    "body",
    [
        installed(conversation=IN_GROUP),
        installed(conversation=payloads.IN_CHANNEL),
        installed(action="remove"),
        payloads.activity("conversationUpdate", membersAdded=[{"id": payloads.MEMBER}]),
        payloads.activity("conversationUpdate", membersRemoved=[{"id": payloads.MEMBER}]),
        payloads.activity("messageReaction", reactionsAdded=[{"type": "like"}]),
        payloads.activity("messageUpdate", text="rus-hendelse"),
        payloads.activity("messageDelete"),
        payloads.activity("typing"),
        payloads.activity("event", name="x", value={}),
        payloads.activity("endOfConversation"),
        payloads.activity("a type of tomorrow"),
        payloads.activity("invoke", name="task/fetch", value={"data": {}}),
        payloads.activity("invoke", name="signin/verifyState", value={"state": "1"}),
        payloads.activity("invoke", name="composeExtension/query", value={"commandId": "x"}),
        payloads.activity("invoke", value={}),
    ],
    ids=lambda body: f"{body['type']} {body.get('name', '')} {body.get('action', '')}",
)
async def test_what_is_nobodys_act_is_answered_with_nothing(
    at: Scene, teams: FakeConnector, body: dict[str, Any]
) -> None:
    assert await at.take(body) is None
    assert at.bot.seen == []
    assert teams.asked == []


# What is malformed.


@pytest.mark.parametrize(
    "body",
    [
        changed(SAID, "from", "Per Hansen"),
        changed(SAID, "conversation.conversationType", 7),
        changed(executed(press("take")), "conversation.conversationType", 7),
        changed(installed(), "conversation.conversationType", 7),
        changed(searched("classes", ""), "value", []),
    ],
    ids=["sender", "said", "pressed", "installed", "search"],
)
async def test_what_is_malformed_is_no_act(at: Scene, teams: FakeConnector, body: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await at.take(body)
    assert at.bot.seen == []
    assert teams.asked == []


@pytest.mark.parametrize("name", ["entities", "timestamp"])
async def test_what_nobody_reads_may_be_anything(at: Scene, name: str) -> None:
    await at.take(changed(SAID, name, "Per Hansen"))
    assert len(at.bot.seen) == 1
