"""Where an answer is shown in Teams: where Teams waits for it, or in the person's own chat; never to anybody else."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.teams import stage as stage_
from adapters.teams import words
from adapters.teams.messages import activity, line
from flows.cards import Button, Facts, TextField, dialog
from flows.language import Language
from flows.port import Address, MessageRef, Reply
from tests.adapters.fake_bot import HELP, REPORT, TAKEN, case
from tests.adapters.fake_connector import FakeConnector, fake_connector
from tests.adapters.fake_slack import says
from tests.adapters.teams_payloads import (
    CARD,
    CHANNEL,
    GROUP,
    IN_GROUP,
    OLA,
    OWN_CHAT,
    SAID,
    SAID_IN_CHANNEL,
    SAID_IN_GROUP,
    USER,
    executed,
    hand_in,
    press,
    submitted,
)
from tests.adapters.teams_payloads import activity as activity_of
from tests.adapters.teams_scene import KeptPlaces, Scene, a_line, brought, ref, said, scene, shown

Json = dict[str, Any]

NB, NN = Language.NB, Language.NN
NOTICE, FAULTS = "Varselet er sendt.", {"class": "3STA har ingen avdelingsleder."}
CASE = case().dialog
assert CASE
EMPTY = replace(REPORT, is_neutral=True)
MOMENT, NOT_NOW = activity(a_line(words.MOMENT.nb), NB), activity(a_line(words.NOT_NOW.nb), NB)
FILLED = {"what": "use", "place": "p1", "class": "3sta"}


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        fake.installs(USER, OWN_CHAT)
        fake.chats |= {GROUP: {}, CHANNEL: {}}
        yield fake


@pytest.fixture
async def at(teams: FakeConnector) -> AsyncIterator[Scene]:
    async with scene(teams, KeptPlaces()) as opened:
        yield opened


# Written in the person's own chat.


@pytest.mark.parametrize(
    ("reply", "posted"),
    [
        (Reply(card=HELP), [activity(HELP, NB)]),
        (Reply(card=HELP, notice=NOTICE), [activity(HELP, NB, NOTICE)]),
        (Reply(dialog=REPORT), [activity(REPORT, NB)]),
        (Reply(dialog=REPORT, notice=NOTICE), [activity(REPORT, NB, NOTICE)]),
        (Reply(card=HELP, dialog=REPORT), [activity(HELP, NB), activity(REPORT, NB)]),
        (Reply(notice=NOTICE), [line(NOTICE)]),
        (Reply(faults={"a": "Én.", "b": "To."}), [line("Én. To.")]),
        (Reply(), []),
    ],
    ids=["card", "card and notice", "dialog", "dialog and notice", "both", "notice", "faults", "nothing"],
)
async def test_what_is_written_in_the_own_chat_is_answered_there(
    at: Scene, teams: FakeConnector, reply: Reply, posted: list[Json]
) -> None:
    at.bot.reply = reply
    assert await at.take(SAID) is None
    assert teams.stands(OWN_CHAT) == posted
    assert len(at.bot.open) == (reply.dialog is not None)


async def test_a_dialog_that_stands_in_a_chat_is_made_known(at: Scene, teams: FakeConnector) -> None:
    at.bot.reply = Reply(dialog=REPORT)
    await at.take(SAID)
    assert at.bot.open == {ref(*teams.chats[OWN_CHAT])}


# Among others.

ANSWERS = {
    "card": (Reply(card=TAKEN, notice=NOTICE), [activity(TAKEN, NB, NOTICE)]),
    "dialog": (Reply(dialog=CASE), [activity(CASE, NB)]),
    "notice": (Reply(notice=NOTICE), [line(NOTICE)]),
    "faults": (Reply(faults=FAULTS), [line(FAULTS["class"])]),
    "nothing": (Reply(), []),
}


@pytest.mark.parametrize(("reply", "posted"), ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("body", [SAID_IN_GROUP, SAID_IN_CHANNEL], ids=["group", "channel"])
async def test_what_is_written_among_others_is_answered_in_person(
    at: Scene, teams: FakeConnector, body: Json, reply: Reply, posted: list[Json]
) -> None:
    at.bot.reply = reply
    assert await at.take(body) is None
    assert teams.stands(OWN_CHAT) == posted
    assert teams.stands(body["conversation"]["id"]) == [line(words.IN_PERSON.nb)]


@pytest.mark.parametrize(("reply", "posted"), ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize(
    "data",
    [press("take"), press("done", in_dialog=True), hand_in("report", **FILLED)],
    ids=["message", "dialog", "form"],
)
async def test_a_card_that_somebody_took_among_others_is_answered_in_person(
    at: Scene, teams: FakeConnector, data: Json, reply: Reply, posted: list[Json]
) -> None:
    at.bot.reply = reply
    assert await at.take(executed(data, conversation=IN_GROUP)) == said(words.IN_PERSON.nb)
    assert teams.stands(OWN_CHAT) == posted
    assert teams.stands(GROUP) == []
    assert await at.take(submitted(data, conversation=IN_GROUP)) is None
    assert teams.stands(OWN_CHAT) == posted * 2
    assert teams.stands(GROUP) == [line(words.IN_PERSON.nb)]


async def test_whoever_has_not_got_the_app_is_told_so(at: Scene, teams: FakeConnector) -> None:
    teams.people.clear()
    at.bot.reply, at.bot.language_of = Reply(card=TAKEN), NN
    await at.take(SAID_IN_GROUP)
    assert teams.stands(GROUP) == [line(words.NOT_INSTALLED.nn)]
    assert await at.take(executed(press("take"), conversation=IN_GROUP)) == said(words.IN_PERSON.nn)
    assert teams.stands(GROUP) == [line(words.NOT_INSTALLED.nn)] * 2


async def test_whoever_has_put_the_bot_out_and_takes_it_back_is_reached_again(at: Scene, teams: FakeConnector) -> None:
    at.bot.reply = Reply(card=TAKEN)
    await at.take(SAID)
    del teams.chats[OWN_CHAT]
    await at.take(SAID_IN_GROUP | {"id": "2"})
    assert teams.stands(GROUP) == [line(words.NOT_INSTALLED.nb)]
    teams.installs(USER, "a:anew")
    await at.take(SAID_IN_GROUP | {"id": "3"})
    assert teams.stands("a:anew") == [activity(TAKEN, NB)]


@pytest.mark.parametrize("status", [429, 500])
async def test_where_it_is_not_known_whether_somebody_was_answered_nothing_is_claimed(
    at: Scene, teams: FakeConnector, slept: list[float], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    at.bot.reply = Reply(card=TAKEN)
    await at.take(SAID)
    teams.told += [says({"error": {"code": "Hansen", "message": "Hansen"}}, status, **{"Retry-After": "121"})] * 2
    await at.take(SAID_IN_GROUP | {"id": "2"})
    assert teams.stands(GROUP) == []
    assert slept == [1] * (status == 500)
    [record] = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert record.getMessage() == "not_shown"
    assert getattr(record, "error", "") in ("ratelimited", "status_500")


# A button of a message.


@pytest.mark.parametrize(
    ("reply", "answer", "posted"),
    [
        (Reply(card=TAKEN), shown(TAKEN), []),
        (Reply(card=TAKEN, notice=NOTICE), shown(TAKEN, NOTICE), []),
        (Reply(notice=NOTICE), said(NOTICE), []),
        (Reply(faults=FAULTS), said(FAULTS["class"]), []),
        (Reply(dialog=REPORT), said(words.BELOW.nb), [activity(REPORT, NB)]),
        (Reply(dialog=REPORT, notice=NOTICE), said(NOTICE), [activity(REPORT, NB)]),
        (Reply(card=TAKEN, dialog=REPORT), shown(TAKEN), [activity(REPORT, NB)]),
        (Reply(), said(words.DONE.nb), []),
    ],
    ids=["card", "card and notice", "notice", "faults", "dialog", "dialog and notice", "both", "nothing"],
)
async def test_a_button_of_a_message_is_answered_in_its_place(
    at: Scene, teams: FakeConnector, reply: Reply, answer: Json, posted: list[Json]
) -> None:
    at.bot.reply = reply
    assert await at.take(executed(press("take"))) == answer
    assert teams.stands(OWN_CHAT) == posted
    assert len(at.bot.open) == len(posted)


@pytest.mark.parametrize(
    ("reply", "stands"),
    [
        (Reply(card=TAKEN), [activity(TAKEN, NB)]),
        (Reply(card=TAKEN, notice=NOTICE), [activity(TAKEN, NB), line(NOTICE)]),
        (Reply(notice=NOTICE), [{}, line(NOTICE)]),
        (Reply(faults=FAULTS), [{}, line(FAULTS["class"])]),
        (Reply(dialog=REPORT, notice=NOTICE), [{}, activity(REPORT, NB, NOTICE)]),
        (Reply(card=TAKEN, dialog=REPORT), [activity(TAKEN, NB), activity(REPORT, NB)]),
        (Reply(), [{}]),
    ],
    ids=["card", "card and notice", "notice", "faults", "dialog", "both", "nothing"],
)
async def test_where_no_answer_is_awaited_the_message_itself_is_replaced(
    at: Scene, teams: FakeConnector, reply: Reply, stands: list[Json]
) -> None:
    teams.chats[OWN_CHAT][CARD] = {}
    at.bot.reply = reply
    assert await at.take(submitted(press("take"))) is None
    assert teams.stands(OWN_CHAT) == stands


# What Teams doesn't take at once.


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited between two tries, in seconds; nobody really waits."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(stage_, "asyncio", SimpleNamespace(sleep=sleep))
    return pauses


@pytest.mark.parametrize("status", [429, 412, 401])
@pytest.mark.parametrize("reply", [Reply(card=HELP), Reply(dialog=REPORT), Reply(notice=NOTICE)])
async def test_an_answer_that_is_refused_for_a_while_is_said_again(
    at: Scene, teams: FakeConnector, slept: list[float], reply: Reply, status: int
) -> None:
    teams.told += [says("", status)] * 3
    at.bot.reply = reply
    await at.take(SAID)
    assert len(teams.stands(OWN_CHAT)) == 1
    assert slept == [1, 3, 10]


@pytest.mark.parametrize(("asks", "waits"), [("0", 1), ("1", 1), ("7", 7), ("11", 11), ("120", 120)])
async def test_nothing_is_said_again_before_teams_wants_to_hear_it(
    at: Scene, teams: FakeConnector, slept: list[float], asks: str, waits: float
) -> None:
    teams.told.append(says("", 429, **{"Retry-After": asks}))
    at.bot.reply = Reply(card=HELP)
    await at.take(SAID)
    assert teams.stands(OWN_CHAT) == [activity(HELP, NB)]
    assert slept == [waits]


@pytest.mark.parametrize(
    ("status", "asks", "tries"),
    [
        (429, "", 4),
        (429, "121", 1),
        (403, "", 1),
        (404, "", 1),
        (400, "", 1),
        (413, "", 1),
        (500, "", 2),
        (503, "0", 2),
    ],
)
async def test_an_answer_is_given_up_where_waiting_is_too_long_or_no_use_or_nothing_is_known_twice(
    at: Scene,
    teams: FakeConnector,
    slept: list[float],
    status: int,
    asks: str,
    tries: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    teams.told += [says("", status, **{"Retry-After": asks})] * 4
    at.bot.reply = Reply(card=HELP)
    await at.take(SAID)
    assert len(teams.asked) == tries
    assert teams.stands(OWN_CHAT) == []
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == ["not_shown"]


# What may have been done or not.


AGAIN = words.REPEATED.nb


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("is_taken", [False, True])
@pytest.mark.parametrize(
    ("reply", "first", "again"),
    [
        (Reply(card=HELP), activity(HELP, NB), activity(HELP, NB, AGAIN)),
        (Reply(dialog=EMPTY, notice=NOTICE), activity(EMPTY, NB, NOTICE), activity(EMPTY, NB, f"{AGAIN} {NOTICE}")),
        (Reply(dialog=CASE), MOMENT, activity(CASE, NB)),
        (Reply(notice=NOTICE), line(NOTICE), line(f"{AGAIN} {NOTICE}")),
    ],
    ids=["card", "empty form", "dialog", "notice"],
)
async def test_an_answer_that_may_stand_there_or_not_is_said_once_more_and_says_that_it_is(
    at: Scene,
    teams: FakeConnector,
    slept: list[float],
    reply: Reply,
    first: Json,
    again: Json,
    status: int,
    *,
    is_taken: bool,
) -> None:
    teams.told.append(teams.does_and_says(status) if is_taken else says("", status))
    at.bot.reply = reply
    await at.take(SAID)
    assert teams.stands(OWN_CHAT) == [first] * is_taken + [again]
    assert slept == [1]
    assert at.bot.open == ({ref([*teams.chats[OWN_CHAT]][-1])} if reply.dialog else set())


async def test_an_answer_is_not_said_a_third_time(at: Scene, teams: FakeConnector, slept: list[float]) -> None:
    teams.told += [teams.does_and_says(502)] * 2
    at.bot.reply = Reply(card=HELP)
    await at.take(SAID)
    assert len(teams.asked) == 2
    assert slept == [1]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_what_comes_to_the_same_however_often_it_is_done_is_done_again(
    at: Scene, teams: FakeConnector, slept: list[float], status: int
) -> None:
    """A dialog is replaced by its end, a chat is opened that is there already; neither is labelled."""
    teams.chats[OWN_CHAT][CARD] = {}
    teams.told += [teams.does_and_says(status)] * 3
    at.bot.reply = Reply(card=TAKEN)
    await at.take(executed(hand_in("report", **FILLED)))
    assert teams.stands(OWN_CHAT) == [activity(TAKEN, NB)]
    teams.told += [teams.does_and_says(status)] * 3
    await at.chats.forget(OLA)
    await at.take(SAID_IN_GROUP)
    assert teams.stands(OWN_CHAT)[1:] == [activity(TAKEN, NB)]
    assert slept == [1, 3, 10] * 2


@pytest.mark.parametrize("reply", [Reply(dialog=REPORT), Reply(faults=FAULTS)], ids=["next form", "same form"])
@pytest.mark.parametrize("status", [500, 502, 503, 504, 412, 429])
async def test_a_form_that_no_answer_could_show_is_put_there_again(
    at: Scene, teams: FakeConnector, slept: list[float], reply: Reply, status: int
) -> None:
    teams.chats[OWN_CHAT][CARD] = {}
    teams.told += [says("", status)] * 3
    at.bot.reply = reply
    await at.take(submitted(hand_in("report", **FILLED)))
    assert teams.stands(OWN_CHAT) not in ([], [{}])
    assert slept == [1, 3, 10]


async def test_a_form_that_the_answer_has_shown_is_not_put_there_again(
    at: Scene, teams: FakeConnector, slept: list[float]
) -> None:
    """Somebody fills it in already."""
    teams.chats[OWN_CHAT][CARD] = {}
    teams.told.append(says("", 502))
    at.bot.reply = Reply(dialog=REPORT)
    await at.take(executed(hand_in("report", **FILLED)))
    assert teams.stands(OWN_CHAT) == [{}]
    assert slept == []


# What shows something of a case stands where it is known of.


@pytest.fixture
def when_noted(at: Scene, teams: FakeConnector, monkeypatch: pytest.MonkeyPatch) -> list[list[Json]]:
    """What stood in the chat whenever a dialog there was noted."""
    stood: list[list[Json]] = []
    note = at.bot.stands

    async def stands(sender: Address, place: MessageRef) -> bool:
        stood.append(teams.stands(OWN_CHAT))
        return await note(sender, place)

    monkeypatch.setattr(at.bot, "stands", stands)
    return stood


async def test_a_dialog_takes_the_place_of_a_word_once_it_is_noted(
    at: Scene, teams: FakeConnector, when_noted: list[list[Json]]
) -> None:
    """Were the bot to die before that, nothing of a case would stand there."""
    at.bot.reply = Reply(dialog=CASE)
    await at.take(SAID)
    assert when_noted == [[MOMENT]]
    assert [method for method, _ in teams.asked] == ["POST", "PUT"]
    assert teams.stands(OWN_CHAT) == [activity(CASE, NB)]


async def test_an_empty_form_is_shown_at_once(at: Scene, teams: FakeConnector, when_noted: list[list[Json]]) -> None:
    """It is the first act of an emergency; also where nothing can be noted."""
    at.bot.reply, at.bot.forgetful = Reply(dialog=EMPTY), 9
    await at.take(SAID)
    assert when_noted == [[activity(EMPTY, NB)]]
    assert [method for method, _ in teams.asked] == ["POST"]
    assert teams.stands(OWN_CHAT) == [activity(EMPTY, NB)]


async def test_a_dialog_is_noted_again_where_that_fails(at: Scene, teams: FakeConnector, slept: list[float]) -> None:
    at.bot.reply, at.bot.forgetful = Reply(dialog=CASE), 3
    await at.take(SAID)
    assert teams.stands(OWN_CHAT) == [activity(CASE, NB)]
    assert slept == [1, 3, 10]


async def test_a_dialog_that_can_not_be_noted_is_not_shown(
    at: Scene, teams: FakeConnector, slept: list[float], when_noted: list[list[Json]]
) -> None:
    at.bot.reply, at.bot.forgetful = Reply(dialog=CASE), 4
    await at.take(SAID)
    assert when_noted == [[MOMENT]] * 4
    assert teams.stands(OWN_CHAT) == [NOT_NOW]
    assert slept == [1, 3, 10]
    assert not at.handler._stage._open


@pytest.mark.parametrize("send", [executed, submitted])
async def test_nor_is_it_in_the_place_of_another(
    at: Scene, teams: FakeConnector, slept: list[float], send: Any
) -> None:
    teams.chats[OWN_CHAT][CARD] = {}
    at.bot.open, at.bot.reply, at.bot.forgetful = {ref()}, Reply(dialog=CASE), 4
    await at.take(send(hand_in("report", **FILLED)))
    assert teams.stands(OWN_CHAT) == [NOT_NOW]
    assert slept == [1, 3, 10]
    assert at.bot.open == set()


# What fails.


@pytest.mark.parametrize("code", ["MessageWritesBlocked", "Per Hansen"])
async def test_an_answer_that_cannot_be_shown_is_one_line_in_the_log(
    at: Scene, teams: FakeConnector, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    at.bot.reply = Reply(card=TAKEN)
    teams.told.append(says({"error": {"code": code}}, 403))
    await at.take(SAID)
    [record] = [each for each in caplog.records if each.name.startswith("rusplan")]
    assert record.getMessage() == "not_shown"
    assert getattr(record, "error", "") in ("MessageWritesBlocked", "status_403")


async def test_a_lock_screen_shows_nothing_of_a_dialog(at: Scene, teams: FakeConnector) -> None:
    at.bot.reply = Reply(dialog=REPORT)
    await at.take(SAID)
    [posted] = teams.stands(OWN_CHAT)
    assert posted["summary"] == words.NOTICE.nb


async def test_everything_is_said_in_the_language_that_the_person_reads(at: Scene, teams: FakeConnector) -> None:
    at.bot.language_of, at.bot.reply = NN, Reply(dialog=REPORT)
    await at.take(SAID)
    assert teams.stands(OWN_CHAT) == [activity(REPORT, NN)] != [activity(REPORT, NB)]
    assert await at.take(executed(press("take"))) == said(words.BELOW.nn)


# What must not stand in a chat.


@pytest.mark.parametrize("send", [executed, submitted])
@pytest.mark.parametrize("in_dialog", [False, True])
async def test_a_private_form_opens_outside_the_chat(
    at: Scene, teams: FakeConnector, send: Any, *, in_dialog: bool
) -> None:
    teams.chats[OWN_CHAT][CARD] = {}
    at.bot.reply = Reply(dialog=replace(REPORT, is_private=True))
    answer = await at.take(send(press("report", "r", in_dialog=in_dialog)))
    seen = json.dumps([answer, *teams.stands(OWN_CHAT)])
    assert REPORT.fields[0].label not in seen
    assert '"data": {"_a": "report", "_p": "d", "_r": "r", "msteams": {"type": "task/fetch"}}' in seen
    opened = await at.take(activity_of("invoke", name="task/fetch", value={"data": press("report", "r")}))
    assert REPORT.fields[0].label in json.dumps(opened, ensure_ascii=False)


async def test_a_private_fact_is_read_outside_the_chat_alone(at: Scene, teams: FakeConnector) -> None:
    at.bot.reply = Reply(dialog=dialog("Sak", [Facts((("Gjelder", "Q.Zx."),), Button("show", "Se", "K7"))]))
    await at.take(SAID)
    stands = json.dumps(teams.stands(OWN_CHAT))
    assert "vises ikke i chatten" in stands
    assert '"data": {"_a": "show", "_p": "d", "_r": "K7", "msteams": {"type": "task/fetch"}}' in stands
    assert "Q.Zx." not in stands
    assert "Q.Zx." in json.dumps(await at.take(activity_of("invoke", name="task/fetch", value={"data": press("x")})))


async def test_what_stands_in_a_private_form_is_remembered_nowhere(at: Scene) -> None:
    form = dialog("Hvem?", (), [TextField("pupil", "Kjennetegn", value="Q.Zx.")], Button("name", "Lagre", "K7"))
    at.bot.reply = Reply(dialog=replace(form, is_private=True))
    shown = await at.take(activity_of("invoke", name="task/fetch", value={"data": press("pupil", "K7")}))
    assert "Q.Zx." in json.dumps(shown)
    at.bot.reply = Reply(faults={"pupil": "Skriv det kortere."})
    given = brought(shown, pupil="Altfor langt")
    again = await at.take(activity_of("invoke", name="task/submit", value={"data": given}))
    assert "Altfor langt" in json.dumps(again)
    assert not at.handler._stage._open


def test_a_private_form_is_drawn_for_no_chat() -> None:
    with pytest.raises(ValueError, match="no chat"):
        activity(replace(REPORT, is_private=True))
