"""What a plan says on one page to the class and to guardians: where each sentence comes from, and who is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.files import load_plan, load_school
from flows.language import Language, Text
from flows.papers.paper import Bullet, Heading, Paper, Paragraph, plain_text
from flows.papers.sheets import class_sheet, guardians_page
from flows.plan import Plan
from flows.plan_lint import lint
from flows.sheet import Part, Point, places
from flows.sheet_lint import lines_of

ROOT = Path(__file__).parents[2]
PLAN = load_plan(ROOT / "flows" / "plans" / "oppdal" / "plan.yaml")
SCHOOL = load_school(ROOT / "bot" / "demo_school.yaml", {PLAN.id: PLAN})
DAY = date(2026, 8, 17)
NB, NN = Language.NB, Language.NN


def bullets(paper: Paper | None) -> dict[str, str]:
    """Return each sentence with where it comes from."""
    assert paper is not None
    return {block.text: block.note for block in paper.blocks if isinstance(block, Bullet)}


def test_the_sheet_for_the_class_says_what_the_plan_does_and_whose_word_it_is() -> None:
    paper = class_sheet(PLAN, SCHOOL, NB, DAY)
    assert paper is not None
    assert (paper.title, paper.subtitle) == ("Handlingsplan mot rus: til klassen", "Fjellheim videregående skole")
    said = bullets(paper)
    assert said["Går du på yrkesfag, blir du tatt ut av praksis til saken er avklart."] == "B2.1"
    assert said["De ansatte har taushetsplikt."] == "forvaltningsloven § 13"
    assert paper.footer == "Etter handlingsplanen av 6. september 2022. Skrevet ut 17. august 2026."


BOTH = "B1.1 B1.3a B1.4 B1.5 B2.1 B3.1 B4.1 B4.2 B6.1 B7.1 B7.2 K1a K1b K1c G2"


@pytest.mark.parametrize(("name", "own"), [("class_sheet", "B1.2 B5.2 M0"), ("guardians", "A1 A2a A3 G1")])
def test_no_step_of_the_plan_that_concerns_them_is_left_out(name: str, own: str) -> None:
    said = {clause for _, point in places(PLAN.sheets[name]) for clause in point.clauses}
    assert {*BOTH.split(), *own.split()} <= said


def test_no_sheet_tells_of_a_test_of_urine() -> None:
    """A company may ask for one; the school has no part in it. Source: T42."""
    for sheet in PLAN.sheets.values():
        for _, point in places(sheet):
            assert "G4" not in point.clauses
            assert "urin" not in point.text.nb


def test_guardians_are_told_whom_to_ask() -> None:
    paper = guardians_page(PLAN, SCHOOL, NN, DAY)
    assert paper is not None
    expected = "Har du spørsmål? Ta kontakt med Fjellheim videregående skole på telefon +47 900 00 000."
    assert paper.blocks[-1] == Paragraph(expected)
    assert paper.is_one_page


def test_guardians_of_adults_are_not_contacted_and_the_page_says_so() -> None:
    said = bullets(guardians_page(PLAN, SCHOOL, NB, DAY))
    adults = "Har eleven fylt 18 år, snakker vi med eleven selv. Dere blir kontaktet bare når eleven sier ja."
    assert "forvaltningsloven" in said[adults]


def test_the_page_can_be_pasted_into_an_email() -> None:
    paper = guardians_page(PLAN, SCHOOL, NB, DAY)
    assert paper is not None
    lines = plain_text(paper).splitlines()
    assert lines[:5] == [
        "Handlingsplan mot rus: til foresatte", "Fjellheim videregående skole", "", "HVA PLANEN ER",
        f"- {PLAN.sheets['guardians'][0].points[0].text.nb}",
    ]  # fmt: skip
    assert "(B1.1" not in plain_text(paper)


def test_a_sentence_about_an_optional_duty_stands_there_only_where_it_is_adopted() -> None:
    first = "Ber du selv om hjelp, kommer hjelpen først."
    assert first not in bullets(class_sheet(PLAN, SCHOOL, NB, DAY))
    adopted = replace(PLAN, duties={**PLAN.duties, "X20": replace(PLAN.duties["X20"], adopted=True)})
    assert first in bullets(class_sheet(adopted, SCHOOL, NB, DAY))


def test_a_part_without_a_sentence_that_applies_has_no_heading() -> None:
    part = Part(Text("Valgfritt", "Valfritt"), (Point(Text("a", "a"), duty="X20"),))
    paper = class_sheet(replace(PLAN, sheets={"class_sheet": (part,)}), SCHOOL, NB, DAY)
    assert paper is not None
    assert not [block for block in paper.blocks if isinstance(block, Heading)]


def test_a_plan_without_a_sheet_has_no_such_paper() -> None:
    bare = without_sheets(PLAN)
    assert class_sheet(bare, SCHOOL, NB, DAY) is None
    assert guardians_page(bare, SCHOOL, NB, DAY) is None
    assert lint(bare) == []


def test_a_sheet_that_is_a_line_too_long_is_a_fault() -> None:
    sheet = PLAN.sheets["class_sheet"]
    more = Part(Text("Mer", "Meir"), (Point(Text("Kort.", "Kort."), ("G1",)),))
    assert lines_of((*sheet, more), NB) > lines_of(sheet, NB)
    assert [fault.path for fault in lint(replace(without_sheets(PLAN), sheets={"class_sheet": (*sheet, more)}))] == [
        ("sheets", "class_sheet")
    ]


def without_sheets(plan: Plan) -> Plan:
    """Return a plan whose measures hand nothing out."""
    return replace(plan, sheets={}, wheel={name: replace(each, sheet="") for name, each in plan.wheel.items()})


def test_a_measure_hands_out_what_the_plan_has() -> None:
    faults = lint(replace(PLAN, sheets={}))
    assert [fault.path for fault in faults] == [("wheel", name, "about", "sheet") for name in ("W03", "W04", "W05")]
