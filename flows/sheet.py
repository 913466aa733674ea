"""What a plan says on one page for people outside the staff: in parts, each sentence with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows.language import Language, Text


@dataclass(frozen=True, slots=True)
class Point:
    """One sentence; `clauses` and `source` (law, school rules) say whose it is.

    `duty` is an optional duty that it repeats: it is left out where the school hasn't adopted that one.
    """

    text: Text
    clauses: tuple[str, ...] = ()
    source: Text | None = None
    duty: str = ""

    def origin(self, language: Language) -> str:
        """Return where it comes from: the clauses, then law and rules."""
        return ", ".join((*self.clauses, *((self.source.in_(language),) if self.source else ())))


@dataclass(frozen=True, slots=True)
class Part:
    title: Text
    points: tuple[Point, ...]


Sheet = tuple[Part, ...]


def places(sheet: Sheet) -> Iterator[tuple[tuple[str, ...], Point]]:
    """Yield every point, and the path to it within its sheet."""
    for at, part in enumerate(sheet):
        for number, point in enumerate(part.points):
            yield (str(at), "points", str(number)), point
