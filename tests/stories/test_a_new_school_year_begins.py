"""The next school file is put in while the old year goes on: nothing of it is lost, the new one begins by itself."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import Outside, build
from bot.handouts import report_of
from bot.library import load_library
from flows.cards import Link
from flows.language import Language
from flows.papers.paper import Table
from flows.tasks import Standing
from tests.school import CHAT, DEMO_SCHOOL, Member, School, opened
from tests.stories.the_year import of_the_year, press_step, words

SPRING = datetime(2027, 5, 19, 8, 0, tzinfo=UTC)
YEAR = timedelta(weeks=52)


@pytest.fixture
def next_years_file(tmp_path: Path) -> Path:
    """Next year 2TMA is another class by another name, and somebody new has it."""
    text = re.sub(
        r"\d{4}-\d\d-\d\d", lambda day: (date.fromisoformat(day[0]) + YEAR).isoformat(), DEMO_SCHOOL.read_text()
    )
    text = text.replace("school_year: 2026-2027", "school_year: 2027-2028")
    text = text.replace("2TMA: {department: bygg", "2TMB: {department: bygg").replace("[mikael, ola]", "[reidar, ola]")
    file = tmp_path / "next.yaml"
    file.write_text(text)
    return file


async def told_until(school: School, end: datetime) -> dict[str, int]:
    people = school.library.schools[0].people
    had = {person: len(of_the_year(school[person])) for person in people}
    await school.comes(end)
    return {person: len(of_the_year(school[person])) - had[person] for person in people}


async def test_the_next_file_ends_nothing_before_august_and_begins_then_without_a_restart(
    tmp_path: Path, next_years_file: Path
) -> None:
    (tmp_path / "as_it_was").mkdir()
    async with opened(tmp_path / "as_it_was", now=SPRING) as school:
        await school.begins_its_year()
        expected = await told_until(school, SPRING + timedelta(days=20))
    async with opened(tmp_path, now=SPRING) as school:
        await school.begins_its_year()
        school.library = load_library(None, [next_years_file])
        await school.restarts()
        assert await told_until(school, SPRING + timedelta(days=20)) == expected
        assert sum(expected.values()) > 20
        await school.restarts()  # with what is in memory, and anew
        school.library = load_library(None, [next_years_file])
        await school.restarts()
        mikael = school["mikael"]
        await mikael.types("/rus-arshjul")
        assert "Skoleåret 2026-2027" in words(mikael)
        assert "2TMA" in words(mikael)
        async with school.database.transaction() as tx:
            tasks = await tx.tasks.of_year("fjellheim", "2026-2027")
            assert not [task for task in tasks.values() if task.standing is Standing.GONE]
            assert not await tx.tasks.of_year("fjellheim", "2027-2028")
        await school.comes(datetime(2027, 7, 31, 21, 59, tzinfo=UTC))
        assert "2TMA" in school.library.schools[0].classes
        await school.passes(minutes=1)
        assert "2TMA" not in school.library.schools[0].classes
        await school.comes(datetime(2027, 8, 16, 6, 0, tzinfo=UTC))
        assert "Gjeld: 2TMB" in of_the_year(school["reidar"])[-1]
        await mikael.types("/rus-arshjul")
        assert "Skoleåret 2027-2028" in words(mikael)
        async with school.database.transaction() as tx:
            stored = await tx.schools.newest("fjellheim")
        assert stored
        assert '"2TMB"' in stored.document


async def test_the_report_of_the_year_that_is_over_stays_with_its_classes_and_its_people(
    tmp_path: Path, next_years_file: Path
) -> None:
    def links(of: Member) -> list[str]:
        assert of.dialog
        return [block.label for block in of.dialog.blocks if isinstance(block, Link)]

    async with opened(tmp_path, now=SPRING) as school:
        await school.begins_its_year()
        mikael, siri = school["mikael"], school["siri"]
        await mikael.types("/rus-arshjul")
        await press_step(mikael, "Gå gjennom handlingsplanen i klassen")
        await mikael.submits(day="2027-04-30")
        school.library = load_library(None, [next_years_file])
        await school.restarts()
        outside = Outside(url="https://rusplan.skole.no")
        school.app = build(school.database, school.library, {CHAT: school.chat}, school.clock, school.dice, outside)
        await siri.types("/rus-arshjul")
        assert links(siri) == ["Årsrapporten 2026–2027 (PDF)"]
        await school.comes(datetime(2027, 8, 2, 10, tzinfo=UTC))
        await siri.types("/rus-arshjul")
        assert links(siri) == ["Årsrapporten 2027–2028 (PDF)", "Årsrapporten 2026–2027 (PDF)"]
        async with school.database.transaction() as tx:
            year, now = school.app.reminders.year, school.clock.now()
            found = await report_of(year, tx, "fjellheim", "2026-2027", Language.NB, now)
        assert found
        (done,) = [
            line
            for table in found.blocks
            if isinstance(table, Table)
            for line in table.lines
            if "30. april 2027" in line.cells
        ]
        assert done.cells[:2] == ("2TMA", "Mikael Strand")


async def test_each_year_keeps_its_file_whatever_is_changed_after_it_and_also_where_it_never_got_its_own(
    tmp_path: Path,
) -> None:
    async def classes(year: str) -> set[str]:
        async with school.database.transaction() as tx:
            paper = await report_of(school.app.reminders.year, tx, "fjellheim", year, Language.NB, school.clock.now())
        assert paper
        return {line.cells[0] for block in paper.blocks if isinstance(block, Table) for line in block.lines}

    async def comes_to(day: date) -> None:
        school.clock.forward(datetime(day.year, day.month, day.day, 10, tzinfo=UTC) - school.clock.now())
        await school.app.school_files.look()
        await school.app.reminders.plan()

    corrected = tmp_path / "corrected.yaml"
    corrected.write_text(DEMO_SCHOOL.read_text().replace("  2TMA:", "  2TMX:"))
    async with opened(tmp_path, now=SPRING) as school:
        await school.begins_its_year()
        await comes_to(date(2027, 8, 2))
        school.library = load_library(None, [corrected])
        await school.restarts()
        assert "2TMA" in await classes("2026-2027")
        assert await classes("2027-2028") >= {"2TMX"}
        assert "2TMA" not in await classes("2027-2028")
        await comes_to(date(2028, 8, 2))
        assert await classes("2027-2028") >= {"2TMX"}
        assert "2TMA" in await classes("2026-2027")


async def test_where_no_file_of_this_year_is_known_the_next_one_counts_at_once(
    tmp_path: Path, next_years_file: Path
) -> None:
    async with opened(tmp_path, school_file=next_years_file, now=SPRING) as school:
        assert school.library.schools[0].school_year == "2027-2028"
        await school["ola"].reports()
        assert school["kari"].alerts


@pytest.mark.parametrize("document", ['{"school_year": "2026-2027"}', "another plan"])
async def test_where_the_file_that_was_kept_can_not_be_followed_the_next_one_counts_at_once(
    tmp_path: Path, next_years_file: Path, document: str
) -> None:
    async with opened(tmp_path, now=SPRING) as school:
        async with school.database.transaction() as tx:
            kept = await tx.schools.newest("fjellheim")
            assert kept
            if document == "another plan":
                document = kept.document.replace('"oppdal"', '"gone"')
            await tx.schools._connection.run(text("UPDATE school_files SET document = :it").bindparams(it=document))
        school.library = load_library(None, [next_years_file])
        await school.restarts()
        assert school.library.schools[0].school_year == "2027-2028"


async def test_an_account_that_is_linked_by_e_mail_follows_the_file_that_counts(
    tmp_path: Path, next_years_file: Path
) -> None:
    file = next_years_file
    file.write_text(file.read_text().replace("mikael.strand@", "ny.epost@"))
    async with opened(tmp_path, now=SPRING) as school:
        (old,) = [person.email for person in school.library.schools[0].people.values() if person.id == "mikael"]
        school.library = load_library(None, [file])
        await school.restarts()
        new = "ny.epost@" + old.split("@")[1]
        assert (school.library.school_of_email(old), school.library.school_of_email(new)) == ("fjellheim", None)
        await school.library.begin_years(school.database, datetime(2027, 7, 31, 22, 0, tzinfo=UTC))
        assert (school.library.school_of_email(old), school.library.school_of_email(new)) == (None, "fjellheim")
        begun = school.library.followed
        await school.library.begin_years(school.database, datetime(2027, 7, 31, 22, 0, tzinfo=UTC))
        assert school.library.followed == begun
