"""A fault in a file that a school wrote, and where in it; what is right or wrong stands with the thing checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EntryPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` leads from the file's top to the entry, list places as numbers; the sentence is for the coordinator."""

    path: EntryPath
    sentence: str


class Faulty(ValueError):
    """A file that can't be used; `faults` holds all that was found, not just the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} faults")


def listed(words: Iterable[str]) -> str:
    """Return words as a Norwegian list: «a, b og c»."""
    *first, last = words
    return f"{', '.join(first)} og {last}" if first else last
