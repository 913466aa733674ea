"""A message whose first try is only known from the button that was pressed on it: it goes on with its case."""

from __future__ import annotations

import asyncio

import pytest

from flows.cards import Card
from flows.port import Address, MessageRef, Pressed, Submitted, Uncertain
from storage.messages import SentMessage
from tests.bot.test_relay import REPORTED, Forgetful, bot_on
from tests.school import CHAT, Message, School


class Loses(Forgetful):
    """A platform that never says where it has put the first message of somebody's."""

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        ref = await super().send(to, card, delivery_id)
        if to.user == "kari" and len(self.chats["kari"]) == 1:
            raise Uncertain("timeout")
        return ref


@pytest.fixture
async def copies(school: School) -> list[Message]:
    """Kari's alert, and the same once more."""
    school.chat = Loses(CHAT)
    school.app = bot_on(school, chat=school.chat)
    await school["ola"].reports()
    await school.passes(seconds=20)
    first, second = school["kari"].messages
    assert "Gjentatt varsel" in second.text
    return [first, second]


async def own(school: School, case_id: str) -> list[SentMessage]:
    async with school.database.transaction() as tx:
        return [each for each in await tx.messages.of_case(case_id) if each.person_id == "kari"]


async def the_case(school: School) -> str:
    async with school.database.transaction() as tx:
        (case,) = await tx.cases.open_of_school(school.library.schools[0].id)
    return case.case_id


async def test_a_place_is_kept_once_however_often_it_is_pressed(school: School, copies: list[Message]) -> None:
    for _ in range(3):
        await school["kari"].presses("Vis saken", message=0)
    assert [each.ref for each in await own(school, await the_case(school))] == [each.ref for each in copies[::-1]]


async def test_nobody_elses_place_is_taken_for_a_copy(school: School, copies: list[Message]) -> None:
    """Nothing of Berit's has been lost."""
    case_id = await the_case(school)
    await school["berit"].does_again(Pressed("show", case_id, MessageRef(CHAT, "berit", "7")), "of another message")
    async with school.database.transaction() as tx:
        assert await tx.messages.by_ref(MessageRef(CHAT, "berit", "7")) is None


async def test_a_copy_says_that_its_case_is_erased(school: School, copies: list[Message]) -> None:
    case_id = await the_case(school)
    await school["kari"].presses("Jeg tar saken", message=0)
    assert "Du har tatt saken" in copies[0].text
    withdrawal = Submitted("withdraw", case_id, {"reason": ("Meldt to ganger.",)})
    await school["kari"].does_again(withdrawal, "withdraw")
    await school.passes(days=31)
    assert "innholdet er slettet" in copies[1].text
    assert copies[0].text == copies[1].text
    assert await own(school, case_id) == []


class Dies(Forgetful):
    """A platform whose answer about Kari's message nobody lives to hear."""

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        ref = await super().send(to, card, delivery_id)
        if to.user == "kari":
            await asyncio.Event().wait()
        return ref


async def test_what_was_pressed_before_anybody_looked_again_goes_on_with_its_case_too(school: School) -> None:
    school.chat = Dies(CHAT)
    school.app = bot_on(school, chat=school.chat)
    await school["ola"].does_again(Submitted("report", "f" * 32, REPORTED), "report")
    sending = asyncio.create_task(school.app.relay.drain())
    while "kari" not in school.chat.chats:  # noqa: ASYNC110 - the made-up chat is a plain dict
        await asyncio.sleep(0)
    sending.cancel()
    await asyncio.wait({sending})
    chats = school.chat.chats
    school.chat = Forgetful(CHAT)
    school.chat.chats = chats
    school.app = bot_on(school, chat=school.chat)
    await school["kari"].presses("Jeg tar saken")
    await school.passes(minutes=2)
    (message,) = school["kari"].messages
    assert "Du har tatt saken" in message.text


class LosesAll(Forgetful):
    """A platform that never says where it has put a message the first time."""

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        ref = await super().send(to, card, delivery_id)
        if to.user == "kari" and len([m for m in self.chats["kari"] if m.delivery_id == delivery_id]) == 1:
            raise Uncertain("timeout")
        return ref


async def test_the_copy_of_an_alert_is_no_reminder(school: School) -> None:
    school.chat = LosesAll(CHAT)
    school.app = bot_on(school, chat=school.chat)
    await school["ola"].reports()
    await school.passes(seconds=20)
    await school["kari"].presses("Jeg tar saken", message=1)
    await school.passes(days=3)
    assert any("Påminnelse" in each.text for each in school["kari"].messages)
    await school["kari"].presses("Vis saken", message=0)
    await school.settles()
    assert "Påminnelse" not in school["kari"].messages[0].text


async def test_what_was_pressed_before_it_was_noted_is_one_message(school: School) -> None:
    """Its answer takes long; the button is there already."""
    send = school.chat.send

    async def slow(to: Address, card: Card, delivery_id: str) -> MessageRef:
        ref = await send(to, card, delivery_id)
        if to.user == "kari":
            case_id = await the_case(school)
            await school["kari"].does_again(Pressed("open", case_id, ref), "while it is on its way")
        return ref

    school.chat.send = slow  # type: ignore[method-assign]
    await school["ola"].reports()
    assert len(await own(school, await the_case(school))) == 1
