"""The closed vocabulary of a paper that is printed or sent: what it says, in which order; not how it looks.

No paper holds anything about a pupil.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows.language import Language


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Bullet:
    """One point of a list; `note` says where it comes from."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is its part of the table's width, in relation to the others'."""

    title: str
    share: int
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a cell for each column, or a single one that heads the rows after it."""

    cells: tuple[str, ...]

    @property
    def is_heading(self) -> bool:
        return len(self.cells) == 1


@dataclass(frozen=True, slots=True)
class Table:
    """Its columns' titles stand on every page that it goes on to."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


Block = Heading | Paragraph | Bullet | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """`footer` stands on each page, beside its number."""

    title: str
    subtitle: str
    language: Language
    blocks: tuple[Block, ...]
    footer: str
    is_one_page: bool = False


def plain_text(paper: Paper) -> str:
    """Return the paper as text that can be pasted into an e-mail; where its sentences come from is left out."""
    return "\n".join([paper.title, paper.subtitle, *_lines(paper.blocks), "", paper.footer]) + "\n"


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(text):
                yield from ("", text.upper())
            case Paragraph(text):
                yield from ("", text)
            case Bullet(text):
                yield f"- {text}"
            case Table(_, lines):
                yield from (" | ".join(line.cells) for line in lines)
