"""Whoever has the app though nobody knows who he is: remembered, and looked at until it is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.newcomers import LONGEST_PAUSE, Newcomers
from bot.staff import LOOK_OVER
from flows.port import Address, NotDelivered, OwnChat, Refused, Uncertain
from tests.bot.test_staff import FakeDirectory, bot
from tests.school import School

ADDRESS = Address("teams", "T1", "Ukari")
OWN = OwnChat("a:1", "https://emea/", "29:1")
LATER = Refused("ratelimited")


@pytest.fixture
def directory(school: School) -> FakeDirectory:
    email = school.library.schools[0].people["kari"].email
    return FakeDirectory({"Ukari": email}, name="teams", finds_by_email=False)


@pytest.fixture
async def newcomers(school: School, directory: FakeDirectory, monkeypatch: pytest.MonkeyPatch) -> Newcomers:
    """Kari has the app, and nobody knows who she is."""
    monkeypatch.setattr("bot.newcomers.BREATH", timedelta(0))
    async with school.database.transaction() as tx:
        await tx.chats.put(ADDRESS, OWN, school.clock.now())
    return bot(school, directory).newcomers


async def is_linked(school: School) -> bool:
    async with school.database.transaction() as tx:
        account = await tx.accounts.find(ADDRESS)
    return account is not None and account.person_id == "kari"


@pytest.mark.parametrize("fault", [LATER, Uncertain("no_answer"), Refused("BotDisabledByAdmin", for_good=True)])
async def test_who_could_not_be_asked_about_is_asked_about_again_with_longer_and_longer_pauses(
    school: School, directory: FakeDirectory, newcomers: Newcomers, fault: NotDelivered
) -> None:
    directory.faults = [fault] * 9
    minutes = 0
    while not await is_linked(school):
        await newcomers.look(directory)
        school.clock.forward(timedelta(minutes=1))
        minutes += 1
    assert directory.asked == 10
    assert timedelta(minutes=63) + 2 * LONGEST_PAUSE < timedelta(minutes=minutes) < timedelta(hours=6)
    await newcomers.look(directory)
    assert directory.asked == 10


async def test_whom_no_school_file_has_is_looked_at_once_a_day_and_as_soon_as_there_is_a_new_one(
    school: School, directory: FakeDirectory, newcomers: Newcomers
) -> None:
    email, directory.emails["Ukari"] = directory.emails["Ukari"], "kari.gammel@fjellheim.example"
    for _ in range(3):
        await newcomers.look(directory)
    assert directory.asked == 1
    school.clock.forward(LOOK_OVER)
    await newcomers.look(directory)
    assert directory.asked == 2
    directory.emails["Ukari"] = email
    await newcomers.look(directory)
    assert not await is_linked(school)
    school.library._follow(school.library.schools)
    await newcomers.look(directory)
    assert await is_linked(school)


async def test_somebody_who_was_let_go_of_is_found_again(
    school: School, directory: FakeDirectory, newcomers: Newcomers
) -> None:
    await newcomers.look(directory)
    async with school.database.transaction() as tx:
        await tx.accounts.unlink(ADDRESS)
    await newcomers.look(directory)
    assert await is_linked(school)


async def test_whoever_came_last_is_looked_at_first(
    school: School, directory: FakeDirectory, newcomers: Newcomers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.newcomers.MOST_AT_ONCE", 1)
    school.clock.forward(timedelta(minutes=1))
    async with school.database.transaction() as tx:
        await tx.chats.put(Address("teams", "T1", "another"), OWN, school.clock.now())
    await newcomers.look(directory)
    assert not await is_linked(school)
    await newcomers.look(directory)
    assert await is_linked(school)
