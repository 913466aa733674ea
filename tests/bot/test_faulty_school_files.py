"""Which schools' files stand in where the start finds faults in some of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.auditor import Finding
from bot.files import FaultyFile
from bot.library import Library, load_library, read_library
from tests.school import DEMO_SCHOOL, School


@pytest.fixture
def county(tmp_path: Path) -> tuple[Path, Path]:
    """Two schools' files."""
    other = tmp_path / "rennebu.yaml"
    other.write_text(DEMO_SCHOOL.read_text(encoding="utf-8").replace("id: fjellheim", "id: rennebu"), encoding="utf-8")
    own = tmp_path / "fjellheim.yaml"
    own.write_text(DEMO_SCHOOL.read_text(encoding="utf-8"), encoding="utf-8")
    return own, other


async def started(school: School, *files: Path) -> Library:
    """Return what is in force after a start with these files."""
    library, faulty = read_library(None, files)
    if faulty:
        await library.stand_in(school.database, faulty)
    await library.keep(school.database, school.clock.now())
    return library


async def test_only_the_faulty_ones_school_goes_by_what_was_kept(school: School, county: tuple[Path, Path]) -> None:
    own, other = county
    await started(school, *county)
    own.write_text("", encoding="utf-8")
    other.write_text(other.read_text(encoding="utf-8").replace("Kari Moen", "Kari Lund"), encoding="utf-8")
    library = await started(school, *county)
    assert library.stood_in_for == {"fjellheim"}
    names = {each.id: each.people["kari"].name for each in library.schools}
    assert names == {"fjellheim": "Kari Moen", "rennebu": "Kari Lund"}
    assert library.school_of_email("kari.moen@fjellheim.example")


async def test_with_fewer_kept_than_are_faulty_it_refuses_with_every_fault(
    school: School, county: tuple[Path, Path]
) -> None:
    await started(school, county[0])
    for file in county:
        file.write_text("", encoding="utf-8")
    with pytest.raises(FaultyFile) as raised:
        await started(school, *county)
    assert {fault.file for fault in raised.value.faults} == set(county)


async def test_a_school_that_was_taken_out_stays_out_where_a_faulty_file_says_whose_it_is(
    school: School, county: tuple[Path, Path]
) -> None:
    own, _ = county
    await started(school, *county)
    own.write_text(own.read_text(encoding="utf-8").replace("avdelingsleder: [kari,", "avdelingsleder: [nobody,"))
    library = await started(school, own)
    assert [each.id for each in library.schools] == ["fjellheim"]


async def test_two_files_of_one_school_are_no_reason_to_go_on(school: School, county: tuple[Path, Path]) -> None:
    own, other = county
    await started(school, own)
    other.write_text(own.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(FaultyFile):
        await started(school, *county)


async def test_the_auditor_says_so_until_the_file_is_right(school: School) -> None:
    assert await school.app.health.auditor.audit() == ()
    file = DEMO_SCHOOL.with_name("there-is-none.yaml")
    school.library = await started(school, file)
    await school.restarts()
    assert await school.app.health.auditor.audit() == (Finding.FAULTY_SCHOOL,)
    school.library = load_library(None, [DEMO_SCHOOL])
    await school.restarts()
    assert await school.app.health.auditor.audit() == ()
