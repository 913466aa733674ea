"""The made-up cases in a plan pack's file: their shape, and the way to them; the rest is in `plan_file.py`."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from flows.faults import EntryPath
from flows.language import Text
from flows.plan import Drills, FictiveCase
from flows.schema import FileEntry, Label, Name, OneOrMore, Sentences, Words, YesNo
from flows.school import Programme, YearLevel


class FictiveCaseAbout(FileEntry):
    place: Name
    grounds: YesNo
    level: YearLevel
    programme: Programme


class FictiveCaseEntry(Sentences):
    title: Label
    about: FictiveCaseAbout
    known: dict[str, OneOrMore]

    def build(self) -> FictiveCase:
        about = self.about
        return FictiveCase(
            self.title, self.text, about.place, about.grounds, about.level, about.programme, self.known
        )  # fmt: skip


class DrillsEntry(FileEntry):
    """What a pack has to practise on; a pack without any is one that nobody can practise on."""

    measures: tuple[Words, ...] = ()
    cases: dict[str, FictiveCaseEntry] = Field(default_factory=dict)

    def texts(self) -> Iterator[tuple[EntryPath, Text]]:
        """Yield all that people read of it, and where it stands."""
        for name, case in self.cases.items():
            yield ("drills", "cases", name), case.text
            yield ("drills", "cases", name, "title"), case.title

    def build(self) -> Drills:
        return Drills({name: case.build() for name, case in self.cases.items()}, self.measures)
