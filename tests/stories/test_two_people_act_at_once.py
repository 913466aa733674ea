"""Two people press at the same moment: one wins, the other is told who and when; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.library import load_library
from flows.port import Pressed, Reply
from tests.school import DEMO_SCHOOL, MONDAY_MORNING, FakeClock, School


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/school.sqlite"
    address: str = request.getfixturevalue("postgresql_url")
    return address


@pytest.fixture
async def school(url: str) -> AsyncIterator[School]:
    school = School(url, load_library(None, [DEMO_SCHOOL]), FakeClock(MONDAY_MORNING))
    await school.opens()
    yield school
    await school.database.close()


async def test_of_all_heads_who_take_a_case_at_once_one_has_it(school: School) -> None:
    heads = sorted({d.roles["avdelingsleder"][0] for d in school.library.schools[0].departments.values()})
    for attempt in range(3):
        await school["ola"].reports(**{"class": "?"})
        case = school["ola"].message.card.buttons[0].reference
        replies = await asyncio.gather(
            *(school[head].does_again(Pressed("take", case), f"take-{attempt}-{head}") for head in heads)
        )
        won = [reply for reply in replies if not reply.notice]
        assert len(won) == 1
        assert all(_says_who(reply, heads, school) for reply in replies if reply.notice)
        await school.settles()


def _says_who(reply: Reply, heads: list[str], school: School) -> bool:
    names = [school.library.schools[0].people[head].name for head in heads]
    return any(name in reply.notice for name in names) and "10:00" in reply.notice


async def test_of_a_step_that_is_done_and_a_case_that_is_taken_at_once_both_are_kept(school: School) -> None:
    await school["ola"].reports()
    case = school["ola"].message.card.buttons[0].reference
    await asyncio.gather(
        school["ola"].does_again(Pressed("tick", f"{case}/X1"), "one"),
        school["kari"].does_again(Pressed("take", case), "two"),
    )
    await school.settles()
    status = school["ola"].message.text
    assert "[Gjort kl. 10:00] Vurder om eleven trenger medisinsk hjelp" in status
    assert "Kari Moen har tatt saken kl. 10:00." in status
    async with school.database.snapshot() as tx:
        assert not await tx.journal.verify(school.library.schools[0].id)
