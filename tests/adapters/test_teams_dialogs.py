"""Dialogs in Teams: a card of its own in the person's chat, or a real one of the message extension."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.teams import handler, real_dialog, stage, words
from adapters.teams.fields import MOST_CHOICES, option
from adapters.teams.look import CANCEL, FORM, card, for_dialog, paragraph
from adapters.teams.messages import activity
from adapters.teams.real_dialog import _packed as packed
from adapters.teams.stage import NO_ANSWER, refilled
from flows.cards import Button, Card, Caution, ChoiceField, Option, Paragraph, dialog, message
from flows.language import Language
from flows.limits import MAX_OPTIONS
from flows.port import WHOLE_FORM, Reply, Submitted
from storage.cipher import KeyRing
from tests.adapters.fake_bot import CLASSES, REPORT, TAKEN, case
from tests.adapters.fake_connector import FakeConnector, fake_connector
from tests.adapters.fake_slack import says
from tests.adapters.teams_payloads import (
    CARD,
    OWN_CHAT,
    SAID,
    USER,
    answered,
    executed,
    fetched,
    hand_in,
    press,
    submitted,
)
from tests.adapters.teams_payloads import activity as activity_of
from tests.adapters.teams_scene import KeptPlaces, Scene, a_line, bare, brought, ref, said, scene, shown

Json = dict[str, Any]

NB = Language.NB
NOTICE, FAULTS = "Varselet er sendt.", {"class": "3STA har ingen avdelingsleder."}
CASE = case().dialog
assert CASE
FILLED = {"what": "use", "place": "p1", "class": "3sta"}


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        fake.installs(USER, OWN_CHAT)
        yield fake


@pytest.fixture
async def at(teams: FakeConnector) -> AsyncIterator[Scene]:
    async with scene(teams, KeptPlaces()) as opened:
        yield opened


# A dialog in the chat.

ENDS = [
    (Reply(dialog=CASE), CASE, ""),
    (Reply(dialog=CASE, notice=NOTICE), CASE, NOTICE),
    (Reply(card=TAKEN), TAKEN, ""),
    (Reply(card=TAKEN, notice=NOTICE), TAKEN, ""),
    (Reply(notice=NOTICE), a_line(NOTICE), ""),
    (Reply(), a_line(words.DONE.nb), ""),
]
END_NAMES = ["dialog", "dialog and notice", "card", "card and notice", "notice", "nothing"]


@pytest.mark.parametrize(("reply", "end", "notice"), ENDS, ids=END_NAMES)
async def test_a_dialog_is_replaced_in_its_place(
    at: Scene, teams: FakeConnector, reply: Reply, end: Card, notice: str
) -> None:
    """Nothing that was filled in stays in the chat, here or on another device, and nothing becomes a new message."""
    teams.chats[OWN_CHAT][CARD] = {}
    at.bot.open, at.bot.reply = {ref()}, reply
    assert await at.take(executed(hand_in("report", **FILLED))) == shown(end, notice)
    assert teams.stands(OWN_CHAT) == [activity(end, NB, notice)]
    assert at.bot.open == ({ref()} if reply.dialog else set())


@pytest.mark.parametrize(("reply", "end", "notice"), ENDS, ids=END_NAMES)
async def test_where_no_answer_is_awaited_a_dialog_is_replaced_all_the_same(
    at: Scene, teams: FakeConnector, reply: Reply, end: Card, notice: str
) -> None:
    teams.chats[OWN_CHAT][CARD] = {}
    at.bot.open, at.bot.reply = {ref()}, reply
    assert await at.take(submitted(hand_in("report", **FILLED))) is None
    assert teams.stands(OWN_CHAT) == [activity(end, NB, notice)]
    assert at.bot.open == ({ref()} if reply.dialog else set())


@pytest.mark.parametrize("send", [executed, submitted])
async def test_a_cancelled_dialog_says_that_it_is_closed_and_is_no_act(
    at: Scene, teams: FakeConnector, send: Any
) -> None:
    teams.chats[OWN_CHAT][CARD] = {}
    at.bot.open, at.bot.reply = {ref()}, Reply(dialog=CASE)
    closed = a_line(words.CLOSED.nb)
    answer = await at.take(send(press(CANCEL, in_dialog=True)))
    assert answer == (shown(closed) if send is executed else None)
    assert teams.stands(OWN_CHAT) == [activity(closed, NB)]
    assert (at.bot.seen, at.bot.open) == ([], set())


async def test_a_form_with_a_fault_stays_as_it_was_filled_in(at: Scene, teams: FakeConnector) -> None:
    """The client keeps what was typed: a card is replaced only where the answer is one."""
    at.bot.open, at.bot.reply = {ref()}, Reply(faults={"class": "Feil.", WHOLE_FORM: "Prøv igjen."})
    assert await at.take(executed(hand_in("report", **FILLED))) == said("Feil. Prøv igjen.")
    assert teams.stands(OWN_CHAT) == []
    assert at.bot.open == {ref()}


async def opened(at: Scene, teams: FakeConnector) -> str:
    """Let a form stand in the chat; return its message."""
    at.bot.reply = Reply(dialog=replace(REPORT, is_neutral=True))
    await at.take(SAID)
    [message] = teams.chats[OWN_CHAT]
    return message


def with_faults(faults: dict[str, str], **values: tuple[str, ...]) -> Card:
    return refilled(REPORT, Submitted("report", "", values), Reply(faults=faults))


async def test_a_form_of_a_client_that_awaits_no_answer_comes_back_filled_in(at: Scene, teams: FakeConnector) -> None:
    form = await opened(at, teams)
    at.bot.reply = Reply(faults=FAULTS)
    await at.take(submitted(hand_in("report", what="use", **{"class": "3sta"}), replyToId=form, id="2"))
    again = with_faults(FAULTS, what=("use",), **{"class": ("3sta",)})
    assert teams.stands(OWN_CHAT) == [activity(again, NB)]
    at.bot.reply = Reply(faults={"place": "Hvor?"})
    await at.take(submitted(hand_in("report", what="use"), replyToId=form, id="3"))
    assert teams.stands(OWN_CHAT) == [activity(with_faults({"place": "Hvor?"}, what=("use",)), NB)]
    assert at.bot.open == {ref(form)}


async def test_what_was_typed_comes_back_only_where_it_will_be_taken_out_again(
    at: Scene, teams: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form may have stood there for so long that it has been forgotten: it is noted anew, or not shown."""
    monkeypatch.setattr(stage, "PAUSES", (timedelta(0),))
    form = await opened(at, teams)
    at.bot.open.clear()
    at.bot.reply = Reply(faults=FAULTS)
    await at.take(submitted(hand_in("report", what="use"), replyToId=form, id="2"))
    assert at.bot.open == {ref(form)}
    assert teams.stands(OWN_CHAT) == [activity(with_faults(FAULTS, what=("use",)), NB)]
    at.bot.forgetful = 9
    await at.take(submitted(hand_in("report", place="p1"), replyToId=form, id="3"))
    assert teams.stands(OWN_CHAT) == [activity(a_line(FAULTS["class"]), NB)]


async def test_of_two_answers_to_a_form_the_later_one_stays(
    at: Scene, teams: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was typed last must not be lost to an answer that Teams did not take at first."""
    monkeypatch.setattr(stage, "PAUSES", (timedelta(seconds=0.1),))
    form = await opened(at, teams)
    at.bot.reply = Reply(faults=FAULTS)
    teams.told.append(says("", 412))
    await at.hand_in(submitted(hand_in("report", what="use"), replyToId=form, id="2"))
    await asyncio.sleep(0.05)
    await at.take(submitted(hand_in("report", place="p1"), replyToId=form, id="3"))
    assert teams.stands(OWN_CHAT) == [activity(with_faults(FAULTS, place=("p1",)), NB)]
    assert not teams.told


async def test_a_form_that_nobody_remembers_says_what_is_wrong_in_its_place(at: Scene, teams: FakeConnector) -> None:
    """After a restart, say."""
    teams.chats[OWN_CHAT][CARD] = {}
    at.bot.reply = Reply(faults=FAULTS)
    await at.take(submitted(hand_in("report", **FILLED)))
    assert teams.stands(OWN_CHAT) == [activity(a_line(FAULTS["class"]), NB)]


def test_a_form_that_comes_back_says_first_what_is_wrong_with_which_field() -> None:
    faults = {"class": "Feil.", WHOLE_FORM: "Prøv igjen."}
    again = with_faults(faults, what=("use",), place=("made up",), **{"with": ("kari", "made up", "siv")})
    assert again.blocks[:2] == (Caution("Feil.", "Klasse"), Caution("Prøv igjen.", REPORT.title))
    assert again.blocks[2:] == REPORT.blocks
    kept = {field.name: field.value for field in again.fields}
    assert kept == {"what": ("use",), "place": (), "class": (), "with": ("kari", "siv")}


# The message extension.


def dialog_of(made: Card, notice: str = "") -> Json:
    """Return the documented answer that opens a dialog, or puts another in its place."""
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "content": for_dialog(card(made, NB, notice))}
    value = {"title": made.title, "height": "large", "width": "medium", "card": attached}
    return {"task": {"type": "continue", "value": value}}


def ended(text: str) -> Json:
    return {"task": {"type": "message", "value": text}}


async def test_a_command_of_the_extension_opens_its_dialog_with_what_is_still_open(at: Scene) -> None:
    at.bot.first, at.bot.more = Reply(dialog=REPORT, notice=NOTICE), CASE
    assert bare(await at.take(fetched())) == dialog_of(CASE, NOTICE)
    at.bot.more = None
    assert bare(await at.take(fetched())) == dialog_of(REPORT, NOTICE)
    assert at.bot.seen == []


async def test_a_command_of_the_extension_waits_for_nothing_that_is_slow(
    at: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "OPEN_A_FORM_WITHIN", 0.03)
    at.bot.first, at.bot.more, at.bot.is_slow = Reply(dialog=REPORT, notice=NOTICE), CASE, True
    assert bare(await at.hand_in(fetched())) == dialog_of(REPORT, NOTICE)
    at.bot.released.set()
    assert at.bot.seen == []


async def test_a_command_that_fails_says_in_its_dialog_whom_to_ring(at: Scene) -> None:
    blocks = [Paragraph("Ring 113.")]
    at.bot.reply = Reply(card=message("Noe gikk galt", blocks, summary="Noe gikk galt"))
    assert await at.take(fetched()) == dialog_of(dialog("Noe gikk galt", blocks))
    at.bot.reply = Reply(card=message("Noe gikk galt, og det er langt", blocks, summary="Noe gikk galt"))
    long = dialog(words.NOTICE.nb, [Paragraph("Noe gikk galt, og det er langt"), *blocks])
    assert await at.take(fetched()) == dialog_of(long)


async def test_what_takes_the_place_of_a_dialog_is_tried_again(
    at: Scene, teams: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "PAUSES", (timedelta(0),) * 2)
    teams.chats[OWN_CHAT][CARD] = {}
    at.bot.open, at.bot.reply = {ref()}, Reply(notice=NOTICE)
    teams.told += [says({}, 412)] * 2
    await at.take(executed(hand_in("report", **FILLED)))
    assert teams.stands(OWN_CHAT) == [activity(a_line(NOTICE), NB)]
    assert at.bot.open == set()


@pytest.mark.parametrize(
    ("status", "code", "is_noted"),
    [(403, "BotDisabledByAdmin", True), (403, "", True), (404, "ActivityNotFoundInConversation", False)],
)
async def test_a_dialog_whose_end_is_refused_stays_noted_unless_it_is_gone(
    at: Scene, teams: FakeConnector, status: int, code: str, *, is_noted: bool
) -> None:
    teams.chats[OWN_CHAT][CARD] = {}
    at.bot.open, at.bot.reply = {ref()}, Reply(notice=NOTICE)
    teams.told.append(says({"error": {"code": code}}, status))
    await at.take(executed(hand_in("report", **FILLED)))
    assert at.bot.open == ({ref()} if is_noted else set())


@pytest.mark.parametrize("send", [fetched, lambda: answered(hand_in("report", **FILLED))], ids=["command", "form"])
@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Reply(dialog=CASE), dialog_of(CASE)),
        (Reply(dialog=REPORT, notice=NOTICE), dialog_of(REPORT, NOTICE)),
        (Reply(notice=NOTICE), ended(NOTICE)),
        (Reply(faults=FAULTS), ended(FAULTS["class"])),
        (Reply(), ended(words.DONE.nb)),
    ],
    ids=["dialog", "dialog and notice", "notice", "faults", "nothing"],
)
async def test_the_extension_is_answered_in_its_dialog_and_nowhere_else(
    at: Scene, teams: FakeConnector, send: Any, reply: Reply, answer: Json
) -> None:
    at.bot.reply = reply
    assert bare(await at.take(send())) == answer
    assert teams.asked == []
    assert at.bot.open == set()


@pytest.mark.parametrize(("notice", "said"), [("", TAKEN.title), (NOTICE, NOTICE)], ids=["card", "card and notice"])
async def test_a_form_of_the_extension_that_is_answered_by_a_card_closes_with_a_line(
    at: Scene, teams: FakeConnector, notice: str, said: str
) -> None:
    at.bot.reply = Reply(card=TAKEN, notice=notice)
    assert await at.take(answered(hand_in("report", **FILLED))) == ended(said)
    assert teams.asked == []
    assert at.bot.open == set()


FORMS = [
    (fetched, answered),
    (
        lambda: activity_of("invoke", name="task/fetch", value={"data": press("report-form")}),
        lambda data: activity_of("invoke", name="task/submit", value={"data": data}),
    ),
]


@pytest.mark.parametrize(("opens", "submits"), FORMS, ids=["extension", "button"])
@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_form_comes_back_filled_in_until_it_is_right(
    at: Scene, teams: FakeConnector, opens: Any, submits: Any, *, is_restarted: bool
) -> None:
    """With what is wrong now, beside its field; what was wrong before isn't said again. It is no matter who answers."""
    at.bot.reply = Reply(dialog=REPORT, notice=NOTICE)
    shown = await at.take(opens())
    async with AsyncExitStack() as stack:
        if is_restarted:
            at = await stack.enter_async_context(scene(teams, KeptPlaces()))
        at.bot.reply = Reply(faults=FAULTS)
        again = await at.take(submits(brought(shown, what="use", **{"class": "3sta"})))
        assert bare(again) == with_warnings(FAULTS, words.SEE_BELOW.nb, what=("use",), **{"class": ("3sta",)})
        at.bot.reply = Reply(faults={WHOLE_FORM: "Prøv igjen."})
        again = await at.take(submits(brought(again, what="use", **{"*with": "kari,siv"})))
        assert bare(again) == with_warnings({}, "Prøv igjen.", what=("use",), **{"with": ("kari", "siv")})
        at.bot.reply = Reply(notice=NOTICE)
        assert await at.take(submits(brought(again, **FILLED))) == ended(NOTICE)
    assert teams.asked == []


def with_warnings(faults: dict[str, str], above: str, **values: tuple[str, ...]) -> Json:
    """Return the answer that shows the report again: as it was filled in, with what is wrong."""
    answer = dialog_of(with_faults({}, **values))
    body = answer["task"]["value"]["card"]["content"]["body"]
    for name, fault in faults.items():
        place = next(at for at, each in enumerate(body) if each.get("id") == name)
        body.insert(place, warning(fault))
    body.insert(1, warning(above))
    return answer


def warning(text: str) -> Json:
    return {"type": "Container", "style": "warning", "items": [paragraph(text)]}


async def test_of_a_long_list_a_form_that_comes_back_shows_what_was_chosen_by_its_name(at: Scene) -> None:
    """Or by its id, where the list can't be asked: what was chosen is handed in again."""
    form = dialog("Hvem?", (), [ChoiceField("class", "Klasse", LONG, searches="classes")], Button("report", "Send"))
    at.bot.first = Reply(dialog=form)
    shown = await at.take(fetched())
    at.bot.reply = Reply(faults=FAULTS)
    for given, choice in (("1baa", option(CLASSES[0])), ("p9", {"title": "p9", "value": "p9"})):
        again = await at.take(answered(brought(shown, **{"class": given})))
        [field] = [each for each in again["task"]["value"]["card"]["content"]["body"] if each.get("id") == "class"]
        assert (field["value"], field["choices"]) == (given, [choice])


LONG = tuple(Option(f"p{number}", f"Navn {number}") for number in range(MOST_CHOICES + 1))


async def test_of_long_lists_no_more_is_looked_up_than_a_field_has_room_for(at: Scene) -> None:
    field = ChoiceField("with", "Hvem?", LONG, several=True, searches="classes")
    at.bot.first = Reply(dialog=dialog("Hvem?", (), [field], Button("report", "Send")))
    shown = await at.take(fetched())
    at.bot.reply = Reply(faults=FAULTS)
    given = {"*with": ",".join([*map(str, range(300))] * 2)}
    again = await at.take(answered(brought(shown, **given)))
    [made] = [each for each in again["task"]["value"]["card"]["content"]["body"] if each.get("id") == "*with"]
    assert len(made["choices"]) == len(at.bot.looked_up) == MAX_OPTIONS


async def test_all_long_lists_of_a_form_that_comes_back_have_one_time_to_answer_in(
    at: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they don't say by then stands there by its id."""
    monkeypatch.setattr(real_dialog, "FIND_WITHIN", 0.2)
    fields = [ChoiceField(f"f{number}", "Hvem?", LONG, searches="slow") for number in range(8)]
    at.bot.first = Reply(dialog=dialog("Hvem?", (), fields, Button("report", "Send")))
    shown = await at.take(fetched())
    at.bot.reply = Reply(faults=FAULTS)
    started = time.monotonic()
    again = await at.take(answered(brought(shown, **{field.name: "p9" for field in fields})))
    assert time.monotonic() - started < 1
    assert json.dumps(again).count(json.dumps([{"title": "p9", "value": "p9"}])) == len(fields)


@pytest.mark.parametrize("form", ["", ".", "x", "å", "eJw=", "eJw=.å"])
async def test_what_comes_back_and_is_no_form_is_answered_in_words(at: Scene, form: str) -> None:
    """As is a form that was opened before forms came back."""
    at.bot.reply = Reply(faults=FAULTS)
    assert await at.take(answered(hand_in("report", **FILLED, **{FORM: form}))) == ended(FAULTS["class"])


async def test_a_form_that_somebody_has_meddled_with_is_not_even_unpacked(at: Scene) -> None:
    """A few kilobytes could be unpacked to thousands of lists to look things up in."""
    looks = {"id": "*with", "choices.data": {"dataset": "classes"}}
    form = {"title": "x", "card": {"body": [{}, *[looks] * 5000], "actions": []}}
    others = SimpleNamespace(sign=KeyRing.parse(KeyRing.new_key()).sign)
    at.bot.first, at.bot.reply = Reply(dialog=REPORT), Reply(faults=FAULTS)
    shown = brought(await at.take(fetched()))[FORM]
    values = {"*with": ",".join(map(str, range(800)))}
    for meddled in (packed(form, others), f"{packed(form, others).partition('.')[0]}.{shown.partition('.')[2]}"):
        assert await at.take(answered(hand_in("report", **values, **{FORM: meddled}))) == ended(FAULTS["class"])
    assert at.bot.looked_up == []


async def test_a_choice_that_a_form_does_not_have_is_not_shown_in_it(at: Scene) -> None:
    at.bot.first = Reply(dialog=REPORT)
    shown = await at.take(fetched())
    at.bot.reply = Reply(faults=FAULTS)
    again = await at.take(answered(brought(shown, what="use", place="made up", **{"*with": "kari,made up,siv"})))
    assert bare(again) == with_warnings(FAULTS, words.SEE_BELOW.nb, what=("use",), **{"with": ("kari", "siv")})


@pytest.mark.parametrize(("opens", "submits"), FORMS, ids=["extension", "button"])
async def test_a_real_dialog_that_is_cancelled_just_closes_and_is_no_act(at: Scene, opens: Any, submits: Any) -> None:
    """«No response», as the documentation has it: there is nothing more to read, and to close."""
    at.bot.first = at.bot.reply = Reply(dialog=REPORT)
    await at.take(opens())
    at.bot.seen.clear()
    assert await at.take(submits(press(CANCEL, in_dialog=True))) == NO_ANSWER
    at.handler._stage._is_playground = True
    assert await at.take(submits(press(CANCEL, in_dialog=True))) == ended(words.CLOSED.nb)
    assert at.bot.seen == []


# What is remembered.


async def test_no_more_dialogs_are_remembered_than_there_is_room_for(
    at: Scene, teams: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.teams.stage.MOST_OPEN", 3)
    at.bot.reply = Reply(dialog=REPORT)
    for number in range(9):
        await at.take(SAID | {"id": str(number)})
    assert len(at.handler._stage._open) == 3
