"""The year wheel in a plan pack's file: its shape, and the way to its measures; the rest is in `plan_file.py`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from flows.language import Text
from flows.schema import Day, FileEntry, Label, Sentences, Words
from flows.year_wheel import Asked, Binding, DatedBy, Measure, Resource, Time


def _window(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d\d-\d\d\.\.\d\d-\d\d", value):
        return tuple(value.split(".."))
    raise ValueError("Skriv vinduet som MM-DD..MM-DD.")


Window = Annotated[tuple[str, str], BeforeValidator(_window)]


class TimeEntry(FileEntry):
    window: Window
    dated_by: DatedBy
    remind: tuple[Words, ...] = Field(min_length=1)

    def build(self) -> Time:
        return Time(*self.window, self.dated_by, self.remind)


class ResourceEntry(FileEntry):
    url: Annotated[str, Field(pattern=r"^https://\S+$")]
    checked: Day


class MeasureAbout(FileEntry):
    clauses: tuple[str, ...] = ()
    binding: Binding
    who: tuple[Words, ...] = Field(min_length=1)
    performed_by: Label | None = None
    audience: Words
    done: Asked
    sheet: Literal["class_sheet", "guardians"] | None = None


class MeasureEntry(Sentences):
    about: MeasureAbout
    times: dict[str, TimeEntry]
    done_when: Sentences | None = None
    note: Sentences | None = None
    resource: ResourceEntry | None = None

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that people read of it."""
        said = tuple(entry.text for entry in (self, self.done_when, self.note) if entry)
        return (*said, *((self.about.performed_by,) if self.about.performed_by else ()))

    def build(self, name: str) -> Measure:
        about = self.about
        return Measure(
            id=name,
            text=self.text,
            done_when=self.done_when.text if self.done_when else None,
            note=self.note.text if self.note else None,
            clauses=about.clauses,
            binding=about.binding,
            who=about.who,
            audience=about.audience,
            asked=about.done,
            times={key: time.build() for key, time in self.times.items()},
            performed_by=about.performed_by,
            resource=Resource(self.resource.url, self.resource.checked.isoformat()) if self.resource else None,
            sheet=about.sheet or "",
        )
