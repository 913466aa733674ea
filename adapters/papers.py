"""From a paper to a PDF on A4 with its letters embedded and its structure marked; what it says stands in `flows`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Paragraph
from reportlab.platypus import Table as Grid

from adapters.drawings import COLOURS
from adapters.tags import Path, Tags, decoration
from adapters.typeface import BOLD, REGULAR, composed
from flows import paper_messages as p
from flows.drawing import Tone
from flows.language import Language
from flows.papers import page
from flows.papers.paper import Block, Bullet, Column, Heading, Line, Paper, Table
from flows.papers.paper import Paragraph as Prose

MEDIA_TYPE = "application/pdf"
SIZES = (11.5, 11, 10.5, page.SIZE, 9.5, 9, 8.5, 8, 7.5)  # a paper of one page is set as large as it can be
CELL = 0.9  # a table's text size, to the paper's
KEPT = 300  # signs of a cell that still stays on the page of the heading over it; a longer one may need pages itself
TABLE_BEGINS = 8  # lines of room that a table, or the rest of one, needs at least where it is begun
OVER_TABLE = TABLE_BEGINS + 4  # and a heading with it
_CODES = {Language.NB: "nb-NO", Language.NN: "nn-NO", Language.EN: "nb-NO"}
_WIDTH = A4[0] - 2 * page.MARGIN


def pdf(paper: Paper) -> bytes:
    """Return the paper as a PDF."""
    _register()
    for size in SIZES if paper.is_one_page else (page.SIZE,):
        written, pages = _built(paper, size, 1)
        if pages == 1:
            return written
    return _built(paper, size, pages)[0]


@cache
def _register() -> None:
    pdfmetrics.registerFont(TTFont("Text", str(REGULAR)))
    pdfmetrics.registerFont(TTFont("Text-Bold", str(BOLD)))
    pdfmetrics.registerFontFamily("Text", "Text", "Text-Bold", "Text", "Text-Bold")


def _built(paper: Paper, size: float, pages: int) -> tuple[bytes, int]:
    """Return the PDF that says on each page that it has so many, and how many it has."""
    written, tags = BytesIO(), Tags()
    document = _Document(written, paper, tags, pages)
    document.build(list(_story(paper, _Styles(size), tags)), canvasmaker=document.canvas)
    return written.getvalue(), document.page


class _Styles:
    """How the parts of a paper are set, in a text size."""

    def __init__(self, size: float) -> None:
        def style(name: str, share: float = 1, **more: Any) -> ParagraphStyle:
            own = {"fontName": "Text", "textColor": _colour(Tone.INK), **more}
            return ParagraphStyle(name, fontSize=size * share, leading=size * share * page.LEADING / page.SIZE, **own)

        self.gap = size * 0.6
        self.note = f'<font color="{_colour(Tone.QUIET).hexval()}" size="{size * 0.82:.1f}">'
        self.title = style("title", 2, fontName="Text-Bold")
        self.subtitle = style("subtitle", 1.1, textColor=_colour(Tone.QUIET), spaceAfter=size * 0.6)
        self.line = size * page.LEADING / page.SIZE
        self.heading_over_table = style(
            "heading over table", 1.15, fontName="Text-Bold", spaceBefore=size * 0.75, spaceAfter=size * 0.1
        )
        self.heading = ParagraphStyle("heading", self.heading_over_table, keepWithNext=1)
        self.text = style("text", spaceBefore=size * 0.8)
        self.bullet = style("bullet", leftIndent=14, bulletIndent=3, bulletFontName="Text")
        self.cell = style("cell", CELL)
        self.number = style("number", CELL, alignment=2)
        self.head = style("head", CELL, fontName="Text-Bold")
        self.head_number = style("head number", CELL, fontName="Text-Bold", alignment=2)


def _colour(tone: Tone) -> Color:
    return Color(*(part / 255 for part in COLOURS[tone]))


class _Document(BaseDocTemplate):
    """A4 pages with one frame each, and under it the footer with the page's number."""

    def __init__(self, file: BytesIO, paper: Paper, tags: Tags, pages: int) -> None:
        super().__init__(
            file, pagesize=A4, title=composed(paper.title), author=composed(paper.subtitle), subject="",
            lang=_CODES[paper.language], creator="rusplan", invariant=1,
        )  # fmt: skip
        self._paper, self._tags, self._pages = paper, tags, pages
        frame = Frame(page.MARGIN, 50, _WIDTH, A4[1] - 50 - 42, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate(frames=[frame], onPage=self._footer))

    def canvas(self, *arguments: Any, **named: Any) -> Canvas:
        made = _TaggedCanvas(*arguments, **{**named, "initialFontName": "Text"})
        made.tags = self._tags
        return made

    def _footer(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setViewerPreference("DisplayDocTitle", "true")
        said = p.PAPER_PAGE.in_(self._paper.language).format(page=canvas.getPageNumber(), pages=self._pages)
        with decoration(canvas):
            canvas.setFont("Text", 8)
            canvas.setFillColor(_colour(Tone.QUIET))
            canvas.drawString(page.MARGIN, 30, composed(self._paper.footer))
            canvas.drawRightString(A4[0] - page.MARGIN, 30, said)


class _TaggedCanvas(Canvas):
    tags: Tags

    def save(self) -> None:
        self.tags.attach(self)
        super().save()


class _Tagged(Paragraph):
    """A paragraph that says what it is; both halves of one that is split over two pages are the same."""

    tags: Tags
    path: Path
    is_repeated = False  # a table's head, on the pages after the first
    outline = ""

    def draw(self) -> None:
        if self.outline:
            self.canv.bookmarkPage(self.path[-1][1])
            self.canv.addOutlineEntry(self.outline, self.path[-1][1])
        if self.is_repeated and self.tags.has(self.path):
            with decoration(self.canv):
                super().draw()
            return
        with self.tags.marked(self.canv, self.path):
            super().draw()

    def split(self, width: float, height: float) -> list[Flowable]:
        parts = super().split(width, height)
        for part in parts:
            assert isinstance(part, _Tagged)  # noqa: S101 - a paragraph is split into its own kind
            part.tags, part.path, part.is_repeated = self.tags, self.path, self.is_repeated
        return parts


class _TaggedGrid(Grid):
    """A table whose lines and areas are no content, and that isn't begun where hardly more than its head has room."""

    begins_in = 0.0

    def split(self, width: float, height: float) -> list[Flowable]:
        parts = super().split(width, height) if height >= self.begins_in else []
        for part in parts:
            assert isinstance(part, _TaggedGrid)  # noqa: S101 - as above
            part.begins_in = self.begins_in
        return parts

    def _drawBkgrnd(self) -> None:  # noqa: N802 - reportlab's name
        with decoration(self.canv):
            super()._drawBkgrnd()  # type: ignore[misc]

    def _drawLines(self) -> None:  # noqa: N802 - as above
        with decoration(self.canv):
            super()._drawLines()  # type: ignore[misc]


def _tagged(text: str, style: ParagraphStyle, tags: Tags, path: Path, bullet: str | None = None) -> _Tagged:
    made = _Tagged(text, style, bulletText=bullet)
    made.tags, made.path = tags, path
    return made


def _plain(text: str) -> str:
    return escape(composed(text))


def _story(paper: Paper, styles: _Styles, tags: Tags) -> Iterator[Flowable]:
    yield _tagged(_plain(paper.title), styles.title, tags, (("H1", "title"),))
    yield _tagged(_plain(paper.subtitle), styles.subtitle, tags, (("P", "subtitle"),))
    listed = ""
    for at, block in enumerate(paper.blocks):
        is_bullet = isinstance(block, Bullet)
        listed = (listed or str(at)) if is_bullet else ""
        if isinstance(block, Heading):
            yield from _heading(block, styles, tags, str(at), over=next(iter(paper.blocks[at + 1 :]), None))
        else:
            yield _flowable(block, styles, tags, str(at), listed)


def _heading(block: Heading, styles: _Styles, tags: Tags, key: str, over: Block | None) -> Iterator[Flowable]:
    """Set a heading on the page of what follows; of a table, which may be longer than a page, of its first lines."""
    style = styles.heading
    if isinstance(over, Table):
        style = styles.heading_over_table
        yield CondPageBreak(OVER_TABLE * styles.line)
    made = _tagged(_plain(block.text), style, tags, (("H2", key),))
    made.outline = composed(block.text)
    yield made


def _flowable(block: Prose | Bullet | Table, styles: _Styles, tags: Tags, key: str, listed: str) -> Flowable:
    match block:
        case Prose(text):
            return _tagged(_plain(text), styles.text, tags, (("P", key),))
        case Bullet(text, note):
            said = _plain(text) + (f" {styles.note}({_plain(note)})</font>" if note else "")
            return _tagged(said, styles.bullet, tags, (("L", listed), ("LI", key), ("LBody", key)), "•")
        case Table():
            return _grid(block, styles, tags, key)


def _grid(table: Table, styles: _Styles, tags: Tags, key: str) -> Flowable:
    own: Path = (("Table", key),)
    rows: list[list[_Tagged | str]] = [_head(table.columns, styles, tags, own)]
    look: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, _colour(Tone.INK)),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, _colour(Tone.RULE)),
    ]  # fmt: skip
    for at, line in enumerate(table.lines, 1):
        rows.append(_line(line, table.columns, styles, tags, (*own, ("TR", str(at)))))
        if line.is_heading:
            look += [("SPAN", (0, at), (-1, at)), ("BACKGROUND", (0, at), (-1, at), _colour(Tone.WASH))]
            after = table.lines[at] if at < len(table.lines) else line
            if max(map(len, after.cells)) <= KEPT:
                look.append(("NOSPLIT", (0, at), (-1, min(at + 1, len(table.lines)))))
    whole = sum(column.share for column in table.columns)
    widths = [_WIDTH * column.share / whole for column in table.columns]
    made = _TaggedGrid(rows, colWidths=widths, repeatRows=1, style=look, splitInRow=1, spaceBefore=styles.gap)
    made.begins_in = TABLE_BEGINS * styles.line
    return made


def _head(columns: tuple[Column, ...], styles: _Styles, tags: Tags, own: Path) -> list[_Tagged | str]:
    cells: list[_Tagged | str] = []
    for at, column in enumerate(columns):
        style = styles.head_number if column.is_number else styles.head
        cell = _tagged(_plain(column.title), style, tags, (*own, ("TR", "head"), ("TH", str(at))))
        cell.is_repeated = True
        cells.append(cell)
    return cells


def _line(line: Line, columns: tuple[Column, ...], styles: _Styles, tags: Tags, own: Path) -> list[_Tagged | str]:
    if line.is_heading:
        cell = _tagged(_plain(line.cells[0]), styles.head, tags, (*own, ("TD", "0")))
        return [cell, *[""] * (len(columns) - 1)]
    return [
        _tagged(_plain(text), styles.number if column.is_number else styles.cell, tags, (*own, ("TD", str(at))))
        for at, (text, column) in enumerate(zip(line.cells, columns, strict=True))
    ]
