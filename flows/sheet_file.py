"""The sheets in a plan pack's file: their shape, and the way to what they say; the rest is in `plan_file.py`."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from flows.faults import EntryPath
from flows.language import Text
from flows.schema import FileEntry, Label, Sentences
from flows.sheet import Part, Point, Sheet


class PointEntry(Sentences):
    clauses: tuple[str, ...] = ()
    source: Label | None = None
    duty: str = ""

    def build(self) -> Point:
        return Point(self.text, self.clauses, self.source, self.duty)


class PartEntry(Sentences):
    points: tuple[PointEntry, ...] = Field(min_length=1)

    def build(self) -> Part:
        return Part(self.text, tuple(point.build() for point in self.points))


class SheetsEntry(FileEntry):
    """Both may be left out: then there is no such paper."""

    class_sheet: tuple[PartEntry, ...] = ()
    guardians: tuple[PartEntry, ...] = ()

    def texts(self) -> Iterator[tuple[EntryPath, Text]]:
        """Yield all that people read of them, and where it stands."""
        for name, parts in (("class_sheet", self.class_sheet), ("guardians", self.guardians)):
            for at, part in enumerate(parts):
                yield ("sheets", name, str(at)), part.text
                for number, point in enumerate(part.points):
                    for text in (point.text, *((point.source,) if point.source else ())):
                        yield ("sheets", name, str(at), "points", str(number)), text

    def build(self) -> dict[str, Sheet]:
        written = {"class_sheet": self.class_sheet, "guardians": self.guardians}
        return {name: tuple(part.build() for part in parts) for name, parts in written.items() if parts}
