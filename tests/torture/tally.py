"""What one row of the table says."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Tally:
    """What was tried, what was lost or doubled of it, and what else was wrong: `others` are sentences."""

    tried: int = 0
    lost_reports: int = 0
    lost_messages: int = 0
    repeats: int = 0
    others: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.lost_reports or self.lost_messages or self.repeats or self.others)

    def add(self, other: Tally) -> None:
        self.tried += other.tried
        self.lost_reports += other.lost_reports
        self.lost_messages += other.lost_messages
        self.repeats += other.repeats
        self.others += other.others


def said_of(failed: BaseException) -> str:
    """Return what went wrong, and where: a bare assertion says nothing."""
    *_, innermost = traceback.extract_tb(failed.__traceback__)
    return f"{type(failed).__name__}: {failed} ({Path(innermost.filename).name}:{innermost.lineno})"
