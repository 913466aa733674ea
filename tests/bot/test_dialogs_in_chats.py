"""Dialogs that stand in chats as messages: noted, noted anew, and taken out again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cases import DIALOG_STANDS
from flows import messages as m
from flows.cards import Card, message
from flows.language import Language
from flows.port import Address, MessageRef
from storage.database import Database
from storage.errors import DatabaseUnavailable
from tests.school import CHAT, FakeChat, School

OLA = Address(CHAT, "t", "ola")
LAPSED = m.LAPSED_TITLE.in_(Language.NB)
DIALOG = message("Sak", summary="Sak")


async def stands(school: School) -> MessageRef:
    """Let a dialog stand in Ola's chat, who has just acted, and be noted."""
    await school["ola"].types("/rus-hjelp")
    place = await school.chat.send(OLA, DIALOG, "")
    assert await school.app.reception.stands(OLA, place)
    return place


async def test_a_dialog_that_nobody_answers_is_taken_out(school: School) -> None:
    await stands(school)
    await school.passes(minutes=14)
    assert school["ola"].message.card == DIALOG
    await school.passes(minutes=2)
    assert school["ola"].message.card.title == LAPSED


async def test_a_dialog_that_is_noted_anew_while_it_is_taken_out_is_taken_out_again(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands there anew, with what was typed, must not be forgotten with what stood there before."""
    place = await stands(school)
    edit = FakeChat.edit

    async def edits(chat: FakeChat, at: MessageRef, shown: Card) -> None:
        await edit(chat, at, shown)
        monkeypatch.undo()
        assert await school.app.reception.stands(OLA, place)
        await edit(chat, at, DIALOG)

    monkeypatch.setattr(FakeChat, "edit", edits)
    await school.passes(minutes=16)
    assert school["ola"].message.card == DIALOG
    school.clock.forward(DIALOG_STANDS + timedelta(minutes=1))
    await school.settles()
    assert school["ola"].message.card.title == LAPSED


async def test_a_dialog_that_can_not_be_noted_is_said_to_be_so(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks shows nothing of a case there then."""
    place = await stands(school)
    assert not await school.app.reception.stands(Address(CHAT, "t", "nobody"), place)

    def fails(_: Database) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(Database, "transaction", fails)
    assert not await school.app.reception.stands(OLA, place)
