"""The program dies at any point: between two statements, before or after a commit, before or after a message is sent.

Whatever was answered stands, whatever was promised arrives, and nobody gets a message twice.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from flows.cards import Card
from flows.port import Address, MessageRef, Pressed, Submitted
from tests.school import REPORT, FakeChat, School, buttons, opened

VALUES = {name: (value,) for name, value in REPORT.items()}
EVERY = 47  # a prime: the points come from all parts of the story


class Died(BaseException):
    """Nothing of the program runs after it: it is no Exception, so no handler takes it for a fault."""


class Fate:
    """Counts the points at which the program can die, and lets it die at one of them, once."""

    def __init__(self, at: int | None = None) -> None:
        self.seen, self.at = 0, at

    def point(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise Died


class MortalChat(FakeChat):
    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self.fate = fate

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        self.fate.point()
        ref = await super().send(to, card, delivery_id)
        self.fate.point()
        return ref

    async def edit(self, message: MessageRef, card: Card) -> None:
        self.fate.point()
        await super().edit(message, card)
        self.fate.point()


async def opens(school: School, fate: Fate) -> None:
    await school.opens()
    engine = school.database._engine.sync_engine
    for moment in ("before_cursor_execute", "commit"):
        event.listen(engine, moment, fate.point)


async def insists(school: School, fate: Fate, act: Callable[[], Awaitable[object]]) -> None:
    """Do something; if the program dies over it, let it come up again, and let the platform deliver it again."""
    try:
        await act()
    except (Died, BaseExceptionGroup):
        await school.database.close()
        await opens(school, fate)
        await act()


async def waits(school: School, fate: Fate, minutes: int) -> None:
    end = school.clock.now() + timedelta(minutes=minutes)

    async def until_then() -> None:
        await school.passes(seconds=int((end - school.clock.now()).total_seconds()))
        await school.app.timekeeper.sweep()
        await school.settles()

    await insists(school, fate, until_then)


async def story(school: School, fate: Fate) -> None:
    """A report, an alert that climbs once, and a deputy who takes the case."""
    submitted = Submitted("report", "f" * 32, VALUES)
    await insists(school, fate, lambda: school["ola"].does_again(submitted, "report"))
    await insists(school, fate, school.settles)
    await waits(school, fate, 6)
    take = next(button for button in buttons(school["arne"].message.card) if button.action == "take")
    pressed = Pressed(take.action, take.reference)
    await insists(school, fate, lambda: school["arne"].does_again(pressed, "take"))
    await insists(school, fate, school.settles)
    await waits(school, fate, 2)


async def told(folder: Path, fate: Fate) -> None:
    async with opened(folder) as school:
        await begins(school, fate)
        await story(school, fate)
        fate.at = None
        assert {person: len(school[person].messages) for person in ("ola", "kari", "arne", "berit")} == {
            "ola": 1,
            "kari": 2,  # the alert, and one reminder
            "arne": 1,
            "berit": 1,  # only rektor decides about a bortvisning
        }
        for person in ("ola", "kari", "arne"):
            assert all("har tatt saken" in message.text for message in school[person].messages)
        async with school.database.snapshot() as tx:
            assert len(await tx.cases.open_of_school(school.library.schools[0].id)) == 1
            assert await tx.journal.verify(school.library.schools[0].id) == ()


async def begins(school: School, fate: Fate) -> None:
    await school.database.close()
    school.chat = MortalChat(fate)
    await opens(school, fate)


async def taken_back(folder: Path, fate: Fate) -> None:
    """A report that was a mistake: withdrawn, everybody told, and erased when its time is over."""
    async with opened(folder) as school:
        await begins(school, fate)
        await insists(school, fate, lambda: school["ola"].does_again(Submitted("report", "f" * 32, VALUES), "report"))
        await insists(school, fate, school.settles)
        await waits(school, fate, 1)  # what died with its sender goes out: nobody is told of what he never heard of
        withdrawal = Submitted("withdraw", "f" * 32, {"reason": ("Meldt to ganger.",)})
        await insists(school, fate, lambda: school["ola"].does_again(withdrawal, "withdraw"))
        await insists(school, fate, school.settles)
        await waits(school, fate, 2)
        await waits(school, fate, 31 * 24 * 60)
        fate.at = None
        told = {person: len({message.delivery_id for message in chat}) for person, chat in school.chat.chats.items()}
        assert told == {person: len(chat) for person, chat in school.chat.chats.items()}, "nothing comes twice"
        assert set(told) == {"ola", "kari", "berit"}
        assert told["ola"] == 1
        for chat in school.chat.chats.values():
            assert all(re.search("innh[oa]ldet er sletta?t?", message.text) for message in chat)
        async with school.database.snapshot() as tx:
            assert (await tx.cases.get("f" * 32)).status == "erased"  # type: ignore[union-attr]
            assert await tx.timers.of_case("f" * 32) == ()
            assert await tx.journal.verify(school.library.schools[0].id) == ()


@pytest.mark.parametrize("tell", [told, taken_back])
async def test_wherever_it_dies_nothing_is_lost_and_nothing_comes_twice(
    tmp_path: Path, tell: Callable[[Path, Fate], Awaitable[None]]
) -> None:
    unharmed = Fate()
    await tell(tmp_path, unharmed)
    assert unharmed.seen > 200
    survived = []
    for at in range(1, unharmed.seen + 1, EVERY):
        (tmp_path / str(at)).mkdir()
        try:
            await tell(tmp_path / str(at), Fate(at))
        except AssertionError as failed:
            pytest.fail(f"it died at point {at}: {failed}")
        survived.append(at)
    assert len(survived) >= 200 // EVERY
