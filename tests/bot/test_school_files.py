"""Next year's school file waits for its August, and then everything that was learnt of the old one is learnt anew."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.library import load_library
from flows.cards import ChoiceField
from flows.port import Address, Incoming, Typed
from storage.database import Database
from storage.errors import DatabaseUnavailable
from tests.bot.test_staff import FakeDirectory, bot
from tests.school import CHAT, DEMO_SCHOOL, School, opened

SPRING = datetime(2027, 5, 19, 8, 0, tzinfo=UTC)
AUGUST = datetime(2027, 7, 31, 22, 0, tzinfo=UTC)  # midnight at the school
YEAR = timedelta(weeks=52)


def later(text: str, school_year: str) -> str:
    """Return a school file of the year after."""
    text = re.sub(r"\d{4}-\d\d-\d\d", lambda day: (date.fromisoformat(day[0]) + YEAR).isoformat(), text)
    return re.sub(r"school_year: [-0-9]+", f"school_year: {school_year}", text)


def after(file: Path) -> Path:
    """Return the file of the year after next."""
    other = file.with_name("after.yaml")
    other.write_text(later(file.read_text(encoding="utf-8"), "2028-2029"), encoding="utf-8")
    return other


@pytest.fixture
def next_file(tmp_path: Path) -> Path:
    """A file in which 2TMA is called 2TMB, and mikael has another address."""
    text = later(DEMO_SCHOOL.read_text(encoding="utf-8"), "2027-2028")
    file = tmp_path / "next.yaml"
    text = text.replace("2TMA: {department: bygg", "2TMB: {department: bygg").replace("mikael.strand@", "ny.epost@")
    file.write_text(text, encoding="utf-8")
    return file


async def is_put_in(school: School, file: Path) -> None:
    """Put next year's file in the place of this year's."""
    school.library = load_library(None, [file])
    await school.restarts()


def classes(school: School) -> set[str]:
    """Return what the form for a report offers."""
    reply = school.app.reception.at_once(Incoming("1", Address(CHAT, "t", "ola"), Typed("/rus-hendelse")))
    assert reply
    assert reply.dialog
    return {o.value for f in reply.dialog.fields if isinstance(f, ChoiceField) for o in f.options}


async def test_the_form_for_a_report_has_the_new_classes_from_august_on(tmp_path: Path, next_file: Path) -> None:
    async with opened(tmp_path, now=SPRING) as school:
        await is_put_in(school, next_file)
        await school.app.school_files.follow()
        assert "2TMA" in classes(school)
        school.clock.forward(AUGUST - school.clock.now())
        await school.app.school_files.look()
        assert "2TMB" in classes(school)


async def test_a_database_that_is_away_at_midnight_costs_only_that_minute(
    tmp_path: Path, next_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Database) -> None:
        raise DatabaseUnavailable("away")

    async with opened(tmp_path, now=SPRING) as school:
        await is_put_in(school, next_file)
        school.clock.forward(AUGUST - school.clock.now())
        with monkeypatch.context() as patch:
            patch.setattr(Database, "transaction", away)
            with pytest.raises(DatabaseUnavailable):
                await school.app.school_files.look()
        assert "2TMA" in school.library.schools[0].classes
        await school.app.school_files.look()
        assert "2TMB" in school.library.schools[0].classes
        assert school.library.school_of_email("ny.epost@fjellheim.example") == "fjellheim"
        async with school.database.transaction() as tx:
            stored = await tx.schools.newest("fjellheim")
        assert stored
        assert '"2TMB"' in stored.document


async def test_what_could_not_be_learnt_anew_is_at_the_next_look(
    tmp_path: Path, next_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: object) -> None:
        raise DatabaseUnavailable("away")

    async with opened(tmp_path, now=SPRING) as school:
        await is_put_in(school, next_file)
        await school.app.school_files.follow()
        assert "2TMA" in classes(school)
        school.clock.forward(AUGUST - school.clock.now())
        with monkeypatch.context() as patch:
            patch.setattr(type(school.app.reception.staff), "let_go", away)
            with pytest.raises(DatabaseUnavailable):
                await school.app.school_files.look()
        await school.app.school_files.look()
        assert "2TMB" in classes(school)


async def test_a_file_that_was_there_before_its_year_makes_the_one_after_wait(tmp_path: Path, next_file: Path) -> None:
    """A school that begins in May, with next year's file, and doesn't stop the bot until the May after."""
    async with opened(tmp_path, school_file=next_file, now=SPRING) as school:
        await school.app.school_files.look()
        for at in (AUGUST + timedelta(days=1), datetime(2028, 5, 19, 8, 0, tzinfo=UTC)):
            school.clock.forward(at - school.clock.now())
            await school.app.school_files.look()
        await is_put_in(school, after(next_file))
        assert school.library.schools[0].school_year == "2027-2028"


async def test_from_august_on_an_address_that_was_corrected_lets_nobody_in(tmp_path: Path, next_file: Path) -> None:
    async with opened(tmp_path, now=SPRING) as school:
        people = school.library.schools[0].people
        directory = FakeDirectory({f"U{p.id}": p.email for p in people.values() if not p.slack})
        await is_put_in(school, next_file)
        app = bot(school, directory)
        old = Address("slack", "T1", "Umikael")
        reply = await app.reception.handle(Incoming("1", old, Typed("/rus-hjelp")))
        assert reply.card
        assert reply.card.title == "Hjelp"
        school.clock.forward(AUGUST - school.clock.now())
        await app.school_files.look()
        async with school.database.transaction() as tx:
            assert old not in [account.address for account in await tx.accounts.of_person("fjellheim", "mikael")]
