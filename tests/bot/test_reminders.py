"""Who reminds of the prevention year when something is wrong: nobody else waits for it, and nothing spins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import reminders
from bot.library import Library
from bot.reminders import Reminders
from tests.school import FakeClock, School, opened
from tests.year import county, library_of

BEFORE = datetime(2026, 8, 7, 10, 0, tzinfo=UTC)
EIGHT = datetime(2026, 8, 17, 6, 0, tzinfo=UTC)


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with opened(tmp_path, now=BEFORE) as school:
        await school.begins_its_year()
        yield school


async def test_a_school_that_is_no_longer_here_keeps_nobody_awake(school: School) -> None:
    await school.comes(EIGHT - timedelta(hours=1))
    school.clock.forward(timedelta(hours=2))
    found = school.app.reminders
    gone = Reminders(found.database, Library([], []), found.year, found.clock, found.dice, found.wake)
    assert await gone.remind() == 0
    due = await gone.next_due()
    assert due
    assert due > school.clock.now()


async def test_a_school_that_can_not_be_reminded_is_tried_again_later(
    school: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    remind = Reminders._remind_person

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    await school.comes(EIGHT - timedelta(minutes=1))
    school.clock.forward(timedelta(minutes=2))
    monkeypatch.setattr(Reminders, "_remind_person", broken)
    assert await school.app.reminders.remind() == 0
    assert "school_not_reminded" in caplog.messages
    monkeypatch.setattr(Reminders, "_remind_person", remind)
    assert await school.app.reminders.remind() == 0
    school.clock.forward(reminders.PUT_OFF)
    assert await school.app.reminders.remind() > 20
    await school.settles()
    assert [m for m in school["mikael"].messages if m.text.startswith("Årshjulet")]


async def test_one_school_that_can_not_be_planned_leaves_the_others_their_year(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = school.app.reminders
    two = Reminders(found.database, library_of(county(2, 3)), found.year, FakeClock(BEFORE), found.dice, found.wake)
    plan = Reminders._plan
    tried: list[str] = []

    async def first_fails(self: Reminders, school_id: str) -> None:
        tried.append(school_id)
        if school_id == "school0":
            raise ZeroDivisionError
        if school_id not in {each.id for each in school.library.schools}:
            return
        await plan(self, school_id)

    monkeypatch.setattr(Reminders, "_plan", first_fails)
    await two.plan()
    await two.plan()
    assert tried == ["school0", "school1", "school0"]
