"""A message that stands where nothing is taken just now: it is changed once anything is, and holds up nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.auditor import WAITS_LONG, Finding
from bot.relay import GIVE_UP, SHUT_OUT
from flows.cards import Card
from flows.port import Address, MessageRef, Refused
from storage.deliveries import OutboxRow, State
from tests.bot.test_relay import OTHER, bot_on, linked, outbox
from tests.school import CHAT, FakeChat, School

TAKEN = "Kari Moen har tatt saken"
OLA = Address(CHAT, "t", "ola")


@dataclass
class Shut(FakeChat):
    """A chat platform where somebody lets nothing in; `says` is what it answers."""

    user: str = ""
    says: Refused | None = None
    asked: int = 0  # to change something there

    def __post_init__(self) -> None:
        super().__init__()

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        if self.says and to.user == self.user:
            raise self.says
        return await super().send(to, card, delivery_id)

    async def edit(self, message: MessageRef, card: Card) -> None:
        if self.says and message.conversation == self.user:
            self.asked += 1
            raise self.says
        await super().edit(message, card)


@pytest.fixture
def chat(school: School) -> Shut:
    school.chat = Shut(user="ola")
    school.app = bot_on(school, chat=school.chat)
    return school.chat


async def taken_while_shut_out(school: School, chat: Shut) -> None:
    await school["ola"].reports()
    chat.says = Refused("BotDisabledByAdmin", for_good=True)
    await school["kari"].presses("Jeg tar saken")


async def goes_by(school: School, time: timedelta) -> None:
    """Let time go by in which nothing happens but what the relay does."""
    school.clock.forward(time)
    await school.settles()


async def refuses(school: School) -> bool:
    async with school.database.transaction() as tx:
        account = await tx.accounts.find(OLA)
    return account is not None and account.refused_at is not None


async def waiting(school: School) -> list[OutboxRow]:
    return [row for row in await outbox(school, "ola") if row.state is State.PENDING]


async def test_what_nobody_lets_in_is_changed_as_soon_as_it_is_let_in(school: School, chat: Shut) -> None:
    await taken_while_shut_out(school, chat)
    await goes_by(school, SHUT_OUT - timedelta(minutes=1))
    assert (chat.asked, await refuses(school)) == (1, True)
    assert TAKEN not in school["ola"].message.text
    chat.says = None
    await goes_by(school, timedelta(minutes=1))
    assert TAKEN in school["ola"].message.text
    assert not await refuses(school), "what is taken proves that he is reached"


async def test_whoever_is_met_again_sees_at_once_how_his_messages_stand(school: School, chat: Shut) -> None:
    await taken_while_shut_out(school, chat)
    chat.says = None
    await school["ola"].types("/rus-hjelp")
    assert TAKEN in school["ola"].message.text


async def test_whoever_has_a_form_before_him_again_sees_at_once_how_his_messages_stand(
    school: School, chat: Shut
) -> None:
    await taken_while_shut_out(school, chat)
    chat.says = None
    assert await school.app.reception.stands(OLA, MessageRef(CHAT, "ola", "form"))
    await school.settles()
    assert TAKEN in school["ola"].message.text
    assert not await refuses(school)


async def test_one_promise_is_enough_for_what_has_changed_several_times(school: School, chat: Shut) -> None:
    await taken_while_shut_out(school, chat)
    for answer in ("ja", "nei", "ja"):
        await school["kari"].presses("Vis saken", message=0)
        await school["kari"].presses("Endre svarene", in_dialog=True)
        await school["kari"].submits(under_18=answer)
    await goes_by(school, SHUT_OUT)
    assert (len(await waiting(school)), chat.asked) == (1, 5), "the first, three more, and the last of them again"
    chat.says = None
    await goes_by(school, SHUT_OUT)
    assert TAKEN in school["ola"].message.text


async def test_a_change_that_nobody_lets_in_for_weeks_is_given_up(school: School, chat: Shut) -> None:
    await taken_while_shut_out(school, chat)
    (row,) = await waiting(school)
    await goes_by(school, GIVE_UP - timedelta(minutes=1))
    assert (await waiting(school))[0].id == row.id
    await goes_by(school, SHUT_OUT)
    assert not await waiting(school)


@pytest.mark.parametrize("is_gone", [False, True])
async def test_only_a_message_that_is_gone_is_never_asked_for_again(
    school: School, chat: Shut, *, is_gone: bool
) -> None:
    await school["ola"].reports()
    chat.says = Refused("message_not_found", for_good=True, is_gone=is_gone)
    await school["kari"].presses("Jeg tar saken")
    await goes_by(school, SHUT_OUT)
    assert (chat.asked, await refuses(school)) == ((1, False) if is_gone else (2, True))


async def test_what_waits_to_be_let_in_is_no_fault_of_the_bots(school: School, chat: Shut) -> None:
    """Not even where the person is reached elsewhere, and so counts as reached."""
    await linked(school, "ola", OTHER)
    await taken_while_shut_out(school, chat)
    school.app = bot_on(school, chat=chat, other=FakeChat(OTHER))
    await goes_by(school, SHUT_OUT - timedelta(minutes=1))
    audit = school.app.health.auditor.audit
    assert Finding.NOTHING_TAKEN not in await audit()
    school.clock.forward(2 * WAITS_LONG)
    assert Finding.NOTHING_TAKEN in await audit(), "nobody tries any more, though it is time"
    await school.settles()
    assert (chat.asked, Finding.NOTHING_TAKEN in await audit()) == (2, False)
