"""`rusplan report` as a coordinator gets it from whoever runs the bot."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.cli import main
from bot.files import kept_school
from storage.cipher import KeyRing
from storage.database import open_database
from tests.school import DEMO_SCHOOL, KEY, opened
from tests.stories.the_year import press_step

IN_MAY = datetime(2027, 5, 3, 8, 0, tzinfo=UTC)


async def a_year(folder: Path) -> None:
    async with opened(folder, now=IN_MAY) as school:
        await school.begins_its_year()
        await school["mikael"].types("/rus-arshjul")
        await press_step(school["mikael"], "Gå gjennom handlingsplanen i klassen")
        await school["mikael"].submits(day="2027-04-30")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/school.sqlite")
    monkeypatch.setenv("RUSPLAN_KEYS", KEY)
    monkeypatch.setenv("RUSPLAN_SCHOOL", str(DEMO_SCHOOL))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-a")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0" * 31 + "1")
    return tmp_path


def test_it_is_written_as_a_pdf(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(a_year(folder))
    file = folder / "rapport.pdf"
    assert main(["report", "--year", "2026-2027", "-o", str(file)]) == 0
    assert capsys.readouterr().out == f"{file} er skrevet.\n"
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(file.read_bytes())).pages)
    assert "Årsrapport om rusforebygging 2026–2027" in said
    assert "30. april 2027" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--year", "2019-2020", "-o", "x.pdf"], "Det finnes ingenting om skoleåret 2019-2020."),
        (["--school", "rennebu", "-o", "x.pdf"], "Velg skole med --school. Skolene er fjellheim."),
        (["--year", "2026-2027", "-o", "borte/x.pdf"], "borte/x.pdf kan ikke skrives."),
    ],
)
def test_what_cannot_be_written_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    asyncio.run(a_year(folder))
    assert main(["report", *words]) == 1
    assert sentence in capsys.readouterr().err


def test_without_a_database_it_makes_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "-o", "x.pdf"]) == 78
    assert "det finnes ingen database der" in capsys.readouterr().err
    assert not list(folder.iterdir())


def test_it_stores_nothing_of_the_file_it_was_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(a_year(folder))
    other = folder / "other.yaml"
    other.write_text(DEMO_SCHOOL.read_text(encoding="utf-8").replace("Mikael Strand", "Mikael Sand"), encoding="utf-8")
    monkeypatch.setenv("RUSPLAN_SCHOOL", str(other))
    file = folder / "rapport.pdf"
    assert main(["report", "--year", "2026-2027", "-o", str(file)]) == 0

    async def name() -> str:
        database = await open_database(f"sqlite:///{folder}/school.sqlite", KeyRing.parse(KEY))
        async with database.snapshot() as tx:
            stored = await tx.schools.newest("fjellheim")
        await database.close()
        return kept_school(stored.document).people["mikael"].name if stored else ""

    assert asyncio.run(name()) == "Mikael Strand"
