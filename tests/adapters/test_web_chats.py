"""The chats as a platform: what the bot can count on, and what the page sees of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from adapters.web.chats import MAX_ENTRIES, Answer, Posted, Said, WebChats
from adapters.web.people import address
from flows.cards import dialog, message
from flows.port import MessageRef, Platform, Refused
from tests.adapters.fake_bot import ALERT, HELP, SITE, TAKEN, clock

KARI = address("kari")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = clock()

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: int) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def chats(time: Clock) -> WebChats:
    return WebChats(SITE.directory, time)


def test_it_is_a_platform(chats: WebChats) -> None:
    """What mypy knows, said once more where a reader looks for it."""
    platform: Platform = chats
    assert platform.name == "web"


async def test_one_delivery_sent_twice_is_two_messages_and_both_are_found(chats: WebChats, time: Clock) -> None:
    """A real platform doesn't know that it is the same; the bot finds out by asking."""
    first = await chats.send(KARI, ALERT, "d1")
    time.forward(1)
    second = await chats.send(KARI, ALERT, "d1")
    await chats.send(KARI, ALERT, "d2")
    assert await chats.find(KARI, "d1", clock()) == (first, second)
    assert len(chats.entries("kari")) == 3


async def test_what_is_older_than_asked_for_is_not_found(chats: WebChats, time: Clock) -> None:
    await chats.send(KARI, ALERT, "d1")
    late = time.forward(5)
    second = await chats.send(KARI, ALERT, "d1")
    assert await chats.find(KARI, "d1", late) == (second,)


async def test_a_message_to_nobody_is_refused_for_good(chats: WebChats) -> None:
    with pytest.raises(Refused) as refused:
        await chats.send(address("nobody"), ALERT, "d1")
    assert (refused.value.code, refused.value.for_good) == ("unknown_user", True)


async def test_a_dialog_never_becomes_a_message(chats: WebChats) -> None:
    """What is sensitive may stand in a dialog, so it must not stay in a chat by mistake."""
    sent = await chats.send(KARI, ALERT, "d1")
    with pytest.raises(Refused, match="not_a_message"):
        await chats.send(KARI, dialog("Dialog"), "d2")
    with pytest.raises(Refused, match="not_a_message"):
        await chats.edit(sent, dialog("Dialog"))
    assert [entry.card for entry in chats.entries("kari") if isinstance(entry, Posted)] == [ALERT]


async def test_an_edit_takes_the_messages_place_and_shows_that_it_did(chats: WebChats, time: Clock) -> None:
    sent = await chats.send(KARI, ALERT, "d1")
    await chats.send(KARI, HELP, "d2")
    edited_at = time.forward(3)
    await chats.edit(sent, TAKEN)
    first, _ = chats.entries("kari")
    assert first == Posted(sent.message, clock(), TAKEN, "d1", edited_at)


async def test_an_edit_to_the_same_card_is_no_edit(chats: WebChats) -> None:
    sent = await chats.send(KARI, ALERT, "d1")
    await chats.edit(sent, replace(ALERT))
    (entry,) = chats.entries("kari")
    assert isinstance(entry, Posted)
    assert entry.edited_at is None


async def test_a_message_that_is_gone_can_be_removed_but_not_edited(chats: WebChats) -> None:
    sent = await chats.send(KARI, ALERT, "d1")
    await chats.remove(sent)
    await chats.remove(sent)
    assert chats.entries("kari") == ()
    with pytest.raises(Refused, match="message_not_found"):
        await chats.edit(sent, TAKEN)


async def test_somebodys_own_words_are_no_message_to_edit(chats: WebChats) -> None:
    chats.hear("kari", "hei", "d1")
    with pytest.raises(Refused, match="message_not_found"):
        await chats.edit(MessageRef("web", "kari", chats.entries("kari")[0].id), TAKEN)


def test_typed_words_come_once_however_often_they_are_delivered(chats: WebChats) -> None:
    chats.hear("kari", "hei", "d1")
    chats.hear("kari", "hei", "d1")
    chats.hear("kari", "hei", "d2")
    assert [entry.text for entry in chats.entries("kari") if isinstance(entry, Said)] == ["hei", "hei"]


def test_words_that_were_not_taken_in_go_and_nothing_else(chats: WebChats) -> None:
    chats.hear("kari", "hei", "d1")
    chats.hear("kari", "hallo", "d2")
    chats.unhear("kari", "d1")
    assert [entry.text for entry in chats.entries("kari") if isinstance(entry, Said)] == ["hallo"]


def test_there_is_one_answer_and_the_next_words_end_it(chats: WebChats) -> None:
    chats.answer("kari", HELP)
    chats.answer("kari", TAKEN)
    assert [type(entry) for entry in chats.entries("kari")] == [Answer]
    assert chats.is_answer("kari", chats.entries("kari")[0].id)
    chats.hear("kari", "hei", "d1")
    assert [type(entry) for entry in chats.entries("kari")] == [Said]


async def test_an_answer_is_not_found_as_a_message(chats: WebChats) -> None:
    chats.answer("kari", HELP)
    assert await chats.find(KARI, "", clock()) == ()


async def test_a_long_chat_forgets_its_beginning(chats: WebChats) -> None:
    for at in range(MAX_ENTRIES + 2):
        chats.hear("kari", str(at), f"d{at}")
    first = chats.entries("kari")[0]
    assert isinstance(first, Said)
    assert (first.text, len(chats.entries("kari"))) == ("2", MAX_ENTRIES)


async def test_a_watch_begins_with_everybody_and_goes_on_with_who_changed(chats: WebChats) -> None:
    with chats.watch(["ola", "kari"]) as watch:
        assert await watch.changed() == ("ola", "kari")
        await chats.send(KARI, ALERT, "d1")
        chats.hear("berit", "not watched", "d2")
        assert await watch.changed() == ("kari",)
        chats.take_away("kari", "not there")
        waiting = asyncio.ensure_future(watch.changed())
        await asyncio.sleep(0)
        assert not waiting.done()
        chats.hear("ola", "hei", "d3")
        assert await waiting == ("ola",)


async def test_whoever_watches_is_let_go_when_the_server_stops(chats: WebChats) -> None:
    with chats.watch(["kari"]) as watch:
        await watch.changed()
        chats.end_watches()
        assert await watch.changed() == ()
        assert await watch.changed() == ()


def test_nobody_is_told_after_having_left(chats: WebChats) -> None:
    with chats.watch(["kari"]):
        pass
    assert chats._watches == set()


def test_a_message_without_blocks_is_a_message_too(chats: WebChats) -> None:
    chats.answer("kari", message("Bare en tittel", summary="Kort"))
    assert len(chats.entries("kari")) == 1
