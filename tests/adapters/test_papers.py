"""A paper as a PDF, read back: its pages, words, letters, language and the structure that a screen reader hears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from adapters import papers
from adapters.papers import pdf
from flows.language import Language, Text
from flows.papers.page import LINES, PART_LINES
from flows.papers.paper import Bullet, Column, Heading, Line, Paper, Paragraph, Table
from flows.papers.sheets import class_sheet, guardians_page
from flows.papers.year_report import Year, year_report
from flows.sheet import Part, Point
from flows.sheet_lint import lines_of
from tests.flows.test_sheets import DAY, PLAN, SCHOOL
from tests.flows.test_year_picture import LONG, OPEN, ROSTER

NB, NN = Language.NB, Language.NN
Elements = list[tuple[str, list[str]]]


def opened(paper: Paper | None) -> PdfReader:
    assert paper is not None
    return PdfReader(BytesIO(pdf(paper)))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def heard(reader: PdfReader) -> Iterator[tuple[str, Any]]:
    """Yield the elements of the structure in reading order: what each is, and what it holds."""

    def below(node: Any) -> Iterator[tuple[str, Any]]:
        for kid in node["/K"]:
            held = kid.get_object()
            if held.get("/Type") == "/StructElem":
                yield held["/S"], held
                yield from below(held)

    yield from below(reader.trailer["/Root"]["/StructTreeRoot"]["/K"].get_object())  # type: ignore[index]


@pytest.mark.parametrize("make", [class_sheet, guardians_page])
@pytest.mark.parametrize("language", [NB, NN])
def test_a_sheet_is_one_page_with_all_its_words(make: Any, language: Language) -> None:
    paper = make(PLAN, SCHOOL, language, DAY)
    reader = opened(paper)
    assert len(reader.pages) == 1
    said = words(reader)
    for block in paper.blocks:
        assert " ".join(block.text.split()) in said
    assert paper.footer in said
    assert said.endswith("Side 1 av 1") or "Side 1 av 1" in said


@pytest.mark.parametrize(("language", "code"), [(NB, "nb-NO"), (NN, "nn-NO")])
def test_a_paper_says_its_language_and_its_title(language: Language, code: str) -> None:
    paper = guardians_page(PLAN, SCHOOL, language, DAY)
    reader = opened(paper)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == code  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert paper is not None
    assert reader.metadata is not None
    assert reader.metadata.title == paper.title


def test_every_letter_is_embedded() -> None:
    for page in opened(class_sheet(PLAN, SCHOOL, NB, DAY)).pages:
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
        assert fonts
        assert all("/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font for font in fonts)


def test_the_structure_is_heard_in_the_order_it_is_read() -> None:
    kinds = [kind for kind, _ in heard(opened(class_sheet(PLAN, SCHOOL, NB, DAY)))]
    assert kinds[:8] == ["/H1", "/P", "/H2", "/L", "/LI", "/LBody", "/LI", "/LBody"]
    sheet = PLAN.sheets["class_sheet"]
    said = sum(not point.duty for part in sheet for point in part.points)
    assert Counter(kinds) == {"/H1": 1, "/P": 2, "/H2": len(sheet), "/L": len(sheet), "/LI": said, "/LBody": said}


def test_every_marked_piece_belongs_to_an_element_and_all_else_is_decoration() -> None:
    reader = opened(report())
    numbers = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"].get_object()["/Nums"]  # type: ignore[index]
    owners = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page in reader.pages:
        content = page.get_contents()
        assert content is not None
        code = content.get_data()
        assert code.count(b"BDC") == len(owners[page["/StructParents"]])
        assert code.count(b"BDC") + code.count(b"BMC") == code.count(b"EMC")
        outside = outside_of_marks(code)
        assert b"Tj" not in outside
        assert b" re" not in outside


def outside_of_marks(code: bytes) -> bytes:
    depth, kept = 0, []
    for line in code.splitlines():
        depth += line.endswith((b"BDC", b"BMC"))
        if not depth:
            kept.append(line)
        depth -= line.strip() == b"EMC"
    return b"\n".join(kept)


def report() -> Paper:
    return year_report(Year(OPEN, [], PLAN, ROSTER, DAY, NB))


def test_a_long_table_has_its_head_on_every_page_but_is_heard_once() -> None:
    reader = opened(report())
    assert len(reader.pages) > 3
    pages = [page.extract_text() for page in reader.pages]
    first = next(number for number, page in enumerate(pages) if "Tiltakene" in page)
    assert [page.count("Hva er ført") for page in pages[first:]] == [1] * (len(pages) - first)
    assert all(f"Side {number} av {len(pages)}" in page for number, page in enumerate(pages, 1))
    heads = [held for kind, held in heard(reader) if kind == "/TH"]
    assert len(heads) == 5 + 2 + 4
    assert all(held["/A"]["/Scope"] == "/Column" for held in heads)
    assert sum(kind == "/Table" for kind, _ in heard(reader)) == 3


def test_a_long_table_begins_under_its_heading() -> None:
    first, *_ = (page.extract_text() for page in opened(report()).pages)
    assert "W01 Sett opp årsplanen" in first.partition("Ikke gjort\n")[2]


def test_no_line_of_the_report_is_lost() -> None:
    paper = report()
    said = words(opened(paper)).replace(" ", "")
    for block in paper.blocks:
        for line in block.lines if isinstance(block, Table) else ():
            assert "".join(line.cells[0].split()) in said


def test_one_can_jump_to_the_parts() -> None:
    titles = [entry["/Title"] for entry in opened(report()).outline]  # type: ignore[index,call-overload]
    assert titles == ["Kort sagt", "Ikke gjort", "Tiltakene"]


@pytest.mark.parametrize(
    "hostile", [LONG, "a" * 400, "<b>&amp;</i> {x} <font", "", "Nguye\u0302\u0303n", "\u0000\ufffe🙂"]
)
def test_no_words_break_a_paper(hostile: str) -> None:
    columns = (Column(hostile, 1), Column("Tall", 1, is_number=True))
    lines = (Line((hostile,)), Line((hostile * 30, "1")), *[Line((hostile, hostile))] * 60)
    blocks = (Heading(hostile), Paragraph(hostile * 9), Bullet(hostile, hostile), Table(columns, lines))
    reader = opened(Paper(hostile, hostile, NB, blocks, "Bunn"))
    assert "Bunn" in words(reader)
    assert hostile not in (LONG,) or LONG in words(reader)


def test_letters_of_names_are_found_again_when_one_searches() -> None:
    said = words(opened(Paper("T", "S", NB, (Paragraph("Łukasz Nguyễn Çelik Đặng «Ødegård» – Šimić Iğdır"),), "B")))
    assert "Łukasz Nguyễn Çelik Đặng «Ødegård» – Šimić Iğdır" in said


@pytest.mark.parametrize("sentence", ["i", "Wm" * 40, "En helt vanlig setning om det som planen sier. " * 2])
def test_a_sheet_that_the_check_lets_through_fits_its_page_in_the_papers_own_size(sentence: str) -> None:
    """The check counts lines without a typeface; it must never let through what has to be set smaller."""
    part = Part(Text("Overskrift", "Overskrift"), (Point(Text(sentence, sentence), ("G1",)),) * 3)
    sheet: tuple[Part, ...] = ()
    while lines_of((*sheet, part), NB) <= LINES:
        sheet = (*sheet, part)
    assert lines_of(sheet, NB) > LINES - 3 * PART_LINES * 3
    paper = class_sheet(replace(PLAN, sheets={"class_sheet": sheet}), SCHOOL, NB, DAY)
    assert paper is not None
    papers._register()
    assert papers._built(paper, papers.page.SIZE, 1)[1] == 1


def test_a_sheet_of_a_school_with_a_long_name_still_is_one_page() -> None:
    assert len(opened(class_sheet(PLAN, replace(SCHOOL, name=LONG * 4), NB, DAY)).pages) == 1
