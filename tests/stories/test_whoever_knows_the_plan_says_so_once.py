"""The question whether one knows the plan: wherever it stands, it is replaced when it is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.reminders import ASK_AGAIN
from bot.year import NewsOfTheYear
from flows.cards import Card
from flows.port import Address, MessageRef, Pressed
from flows.year_messages import READING_TITLE
from tests.school import FakeChat, Message, School
from tests.stories.the_year import EIGHT, year_of_few_classes

ANSWER = "Jeg har lest planen"
THANKS = "Du har bekreftet at du kjenner planen"


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with year_of_few_classes(tmp_path) as school:
        await school.comes(EIGHT)
        yield school


def asked(school: School) -> list[Message]:
    """Return the questions in Mikael's chat, answered or not."""
    return [each for each in school["mikael"].messages if each.shown[0].title == READING_TITLE.nb]


async def answers(school: School, question: int) -> None:
    mikael = school["mikael"]
    await mikael.presses(ANSWER, message=mikael.messages.index(asked(school)[question]))


async def remembered(school: School) -> int:
    async with school.database.transaction() as tx:
        return len(await tx.messages.of_no_case("fjellheim", NewsOfTheYear.READING, {"mikael"}))


@pytest.mark.parametrize("question", [0, 1])
async def test_both_questions_are_replaced_whichever_is_answered(school: School, question: int) -> None:
    await school.passes(days=ASK_AGAIN.days + 1)
    assert [each.card.title for each in asked(school)] == [READING_TITLE.nb] * 2
    await answers(school, question)
    assert [each.card.title for each in asked(school)] == [THANKS] * 2
    assert ANSWER not in "".join(each.text for each in asked(school))
    assert await remembered(school) == 0, "nothing changes them any more"
    assert [each.card.title for each in school["kari"].messages].count(THANKS) == 0, "who hasn't answered"


async def test_a_question_that_was_on_its_way_when_another_was_answered_is_replaced_too(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = FakeChat.send

    async def answered_meanwhile(chat: FakeChat, to: Address, card: Card, delivery_id: str) -> MessageRef:
        ref = await send(chat, to, card, delivery_id)
        if to.user == "mikael" and card.title == READING_TITLE.nb:
            act = asked(school)[0].card.buttons[1]
            await school["mikael"].does_again(Pressed(act.action, act.reference), "at the same time")
        return ref

    monkeypatch.setattr(FakeChat, "send", answered_meanwhile)
    await school.passes(days=ASK_AGAIN.days + 1)
    await school.settles()
    assert [each.card.title for each in asked(school)] == [THANKS] * 2
