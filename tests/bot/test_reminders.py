"""Who reminds of the prevention year when something is wrong: nobody else waits for it, and nothing spins."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import reminders
from bot.cases import Cases
from bot.library import Library
from bot.log import LineFormatter
from bot.reminders import Reminders
from flows.year_messages import READING_TITLE
from storage.readings import Reading
from storage.tasks import Tasks
from storage.transaction import Transaction
from tests.school import FakeClock, School, SeededDice, opened
from tests.stories.the_year import BEFORE, EIGHT, of_the_year, year_of_few_classes
from tests.year import county, library_of


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with year_of_few_classes(tmp_path) as school:
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


async def test_who_can_not_be_reminded_is_reminded_later(
    school: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    remind = Reminders._remind_person

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    await school.comes(EIGHT - timedelta(minutes=1))
    school.clock.forward(timedelta(minutes=2))
    monkeypatch.setattr(Reminders, "_remind_person", broken)
    assert await school.app.reminders.remind() == 0
    assert "person_not_reminded" in caplog.messages
    monkeypatch.setattr(Reminders, "_remind_person", remind)
    assert await school.app.reminders.remind() == 0
    school.clock.forward(reminders.PUT_OFF)
    assert await school.app.reminders.remind() > 3
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


async def test_a_person_who_can_not_be_reminded_keeps_no_colleague_waiting(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind = Reminders._remind_person

    async def not_mikael(self: Reminders, tx: object, school_id: str, person: str, *rest: object) -> None:
        if person == "mikael":
            raise ZeroDivisionError
        await remind(self, tx, school_id, person, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Reminders, "_remind_person", not_mikael)
    await school.comes(EIGHT)
    assert of_the_year(school["anh"])
    assert not of_the_year(school["mikael"])
    due = await school.app.reminders.next_due()
    assert due
    assert due > school.clock.now(), "it would be looked for without a pause"
    monkeypatch.setattr(Reminders, "_remind_person", remind)
    await school.passes(minutes=31)
    assert of_the_year(school["mikael"])
    assert len(of_the_year(school["anh"])) == 1


async def test_a_school_that_can_not_be_read_keeps_no_other_waiting(
    school: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found, tried = school.app.reminders, []

    async def broken(_: Reminders, school_id: str, __: datetime) -> int:
        tried.append(school_id)
        raise ZeroDivisionError

    async def two_schools(*_: object) -> tuple[str, ...]:
        return "school0", "school1"

    monkeypatch.setattr(Reminders, "_remind", broken)
    monkeypatch.setattr(Tasks, "try_again", broken)
    monkeypatch.setattr(Tasks, "schools_due", two_schools)
    await Reminders(found.database, library_of(county(2, 3)), found.year, found.clock, found.dice, found.wake).remind()
    assert tried == ["school0", "school1"]
    lines = [json.loads(LineFormatter().format(record)) for record in caplog.records]
    assert {line["school_id"] for line in lines if line["event"] == "school_not_reminded"} == {"school0", "school1"}


async def test_who_can_not_be_asked_whether_he_knows_the_plan_keeps_nobody_else_from_it(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Reminders._ask_reader

    async def not_anders(self: Reminders, tx: Transaction, reading: Reading, now: datetime) -> None:
        if reading.person_id == "anders":
            raise ZeroDivisionError
        await ask(self, tx, reading, now)

    monkeypatch.setattr(Reminders, "_ask_reader", not_anders)
    await school.comes(datetime(2026, 8, 10, 6, 0, tzinfo=UTC))
    while await school.app.reminders.remind():
        pass
    await school.settles()
    asked = [person for person in school.library.schools[0].people if is_asked(school, person)]
    assert len(asked) == len(school.library.schools[0].people) - 1
    due = await school.app.reminders.next_due()
    assert due
    assert due > school.clock.now(), "it would be looked for without a pause"
    monkeypatch.setattr(Reminders, "_ask_reader", ask)
    await school.passes(minutes=31)
    assert is_asked(school, "anders")


async def test_with_last_years_file_people_are_asked_on_their_first_day_of_this_year(tmp_path: Path) -> None:
    async with opened(tmp_path, now=datetime(2027, 8, 5, 10, 0, tzinfo=UTC)) as school:
        await school.begins_its_year()
        await school.comes(datetime(2027, 8, 9, 5, 59, tzinfo=UTC))
        assert not is_asked(school, "gerd")
        await school.comes(datetime(2027, 8, 9, 6, 0, tzinfo=UTC))
        assert is_asked(school, "gerd")


async def test_what_is_next_is_known_of_the_readings_where_that_of_the_tasks_is_not(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Tasks) -> None:
        raise OverflowError

    monkeypatch.setattr(Tasks, "next_due", broken)
    assert await school.app.reminders.next_due() == datetime(2026, 8, 10, 6, 0, tzinfo=UTC)


async def test_words_that_no_longer_open_are_told_of_with_ids_and_keep_nobody_from_being_reminded(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    async with school.database.transaction() as tx:
        statement = text("UPDATE tasks SET sealed = x'0011' WHERE measure = 'W04' AND audience = 'class:2TMA'")
        assert await tx.tasks._connection.hits(statement) == 1
    await school.comes(EIGHT)
    assert of_the_year(school["mikael"])
    assert of_the_year(school["anh"])
    told = caplog.messages.count("words_unreadable")
    line = json.loads(LineFormatter().format(caplog.records[caplog.messages.index("words_unreadable")]))
    assert line["school_id"] == "fjellheim"
    assert len(line["task_id"]) == 32
    await school.passes(hours=9)
    assert caplog.messages.count("words_unreadable") == told, "once a day"


def is_asked(school: School, person: str) -> bool:
    return any(each.card.title in (READING_TITLE.nb, READING_TITLE.nn) for each in school[person].messages)


async def test_who_was_not_in_the_file_on_the_day_of_the_question_is_asked_later(school: School) -> None:
    people = dict(school.library.schools[0].people)
    school.changes(people={who: each for who, each in people.items() if who != "sunniva"})
    await school.restarts()
    await school.comes(datetime(2026, 8, 12, 10, 0, tzinfo=UTC))
    school.changes(people=people)
    await school.restarts()
    await school.comes(datetime(2026, 8, 13, 5, 59, tzinfo=UTC))
    assert not is_asked(school, "sunniva")
    await school.comes(datetime(2026, 8, 13, 6, 0, tzinfo=UTC))
    assert is_asked(school, "sunniva")
    await school.comes(datetime(2026, 9, 11, 6, 0, tzinfo=UTC))
    asked = [each for each in school["sunniva"].messages if each.card.title in (READING_TITLE.nb, READING_TITLE.nn)]
    assert len(asked) == reminders.MOST_ASKED


async def test_that_somebody_has_read_the_plan_holds_when_he_is_asked_again_at_the_same_time(school: School) -> None:
    await school.comes(datetime(2026, 8, 10, 6, 0, tzinfo=UTC))
    year, plan = school.app.reminders.year, school.library.current_plan("fjellheim")
    async with school.database.transaction() as tx:
        before = await tx.readings.get("fjellheim", "gerd", plan.id, plan.version)
        context = await year.context(tx, "fjellheim", school.clock.now())
        assert before
        await year.note_read(tx, "fjellheim", "gerd", context)
        assert not await tx.readings.change(before, replace(before, asked=before.asked + 1))
        now = await tx.readings.get("fjellheim", "gerd", plan.id, plan.version)
    assert now
    assert (now.read_at, now.next_at) == (school.clock.now(), None)


async def test_a_replica_with_an_older_school_file_leaves_a_new_class_its_reminder(school: School) -> None:
    classes = dict(school.library.schools[0].classes)
    school.changes(classes={**classes, "NY": replace(classes["2TMA"], id="NY")})
    await school.restarts()
    await school.comes(EIGHT - timedelta(minutes=1))
    school.clock.forward(timedelta(minutes=1))
    school.changes(classes=classes)
    older = replace(school.app.reminders, library=school.library)
    older.year = replace(older.year, cases=Cases(school.library, SeededDice()))
    await older.remind()
    school.clock.forward(reminders.PUT_OFF)
    await school.app.reminders.remind()
    await school.settles()
    assert "(NY · " in "".join(of_the_year(school["mikael"]))


async def test_what_nobody_is_asked_for_stands_where_it_stood(school: School) -> None:
    await school.comes(EIGHT)
    assert len(of_the_year(school["mikael"])) == 1
    at_school = school.library.schools[0]
    nobody = {
        place: {name: replace(each, roles={}) for name, each in getattr(at_school, place).items()}
        for place in ("departments", "classes")
    }
    school.changes(roles={}, **nobody)
    await school.restarts()
    await school.comes(EIGHT + timedelta(days=14))
    (after,) = of_the_year(school["mikael"])
    assert "Gjelder: 2TMA" in after
    assert "nyere melding" not in after
