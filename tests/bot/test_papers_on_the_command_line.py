"""`rusplan plan sheet` and `rusplan plan guardians` as a coordinator uses them."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.cli import main
from bot.files import shipped_plan
from tests.school import DEMO_SCHOOL

SCHOOL = ["--school", str(DEMO_SCHOOL)]


@pytest.mark.parametrize(
    ("word", "language", "said"),
    [
        ("sheet", [], "Hvis du er synlig beruset i skoletiden"),
        ("sheet", ["--language", "nn"], "Dersom du er synleg rusa i skoletida"),
        ("guardians", [], "Når vi tar kontakt med dere"),
        ("guardians", ["--language", "nn"], "Når vi tek kontakt med dykk"),
    ],
)
def test_a_sheet_is_written_as_a_pdf(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str, language: list[str], said: str
) -> None:
    file = tmp_path / "ark.pdf"
    assert main(["plan", word, *SCHOOL, *language, "-o", str(file)]) == 0
    assert capsys.readouterr().out == f"{file} er skrevet.\n"
    (page,) = PdfReader(BytesIO(file.read_bytes())).pages
    assert said in page.extract_text()


def test_the_page_for_guardians_comes_as_text_for_an_email(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "guardians", *SCHOOL, "--text"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Handlingsplan mot rus: til foresatte\nFjellheim videregående skole\n")
    assert "på telefon +47 900 00 000." in said


def test_without_a_place_to_write_to_it_asks_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["plan", "sheet", *SCHOOL])
    assert stopped.value.code == 2


def test_a_plan_without_the_sheet_says_where_it_belongs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.yaml"
    written = (shipped_plan("oppdal") / "plan.yaml").read_text(encoding="utf-8")
    bare = re.sub(r", sheet: \w+", "", written[: written.index("\nsheets:\n")])
    plan.write_text(bare, encoding="utf-8")
    assert main(["plan", "guardians", *SCHOOL, "--plan", str(plan), "--text"]) == 1
    assert "Skriv det under «sheets», «guardians»." in capsys.readouterr().err


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "sheet", "--school", "borte.yaml", "--text"]) == 1
    assert "borte.yaml:1: Fila kan ikke leses" in capsys.readouterr().err
    assert main(["plan", "sheet", *SCHOOL, "-o", str(tmp_path / "borte" / "ark.pdf")]) == 1
    assert "kan ikke skrives" in capsys.readouterr().err


def test_the_proofreader_sees_the_sheets_with_their_origins(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "show"]) == 0
    said = capsys.readouterr().out
    assert "ARK: class_sheet" in said
    assert "      fra: skolereglene § 5 / skolereglane § 5\n" in said
    assert "      fra: X20\n" in said
