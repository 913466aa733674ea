"""The wall clock of the program, moved by libfaketime; what it measures durations with goes on as it is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from storage.engine import POSTGRESQL
from tests.e2e.slack.workspace import Clock
from tests.postgresql import set_clock

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


@dataclass
class Clockwork:
    """The time that the program reads, and a platform and the database's server with it; `ahead` of the true one.

    `platform` is the clock of the platform's fake, `url` the database's address where it has a server.
    """

    folder: Path
    platform: Clock
    url: str = ""
    ahead: float = 0.0  # seconds
    apart: dict[Path, float] = field(default_factory=dict)  # the machines' files, and how far each clock is off

    def __post_init__(self) -> None:
        self.apart[self.folder / "faketime"] = 0.0
        self.set(self.ahead)

    @property
    def environment(self) -> dict[str, str]:
        """Give what the program has to be started with."""
        return _environment(self.folder / "faketime")

    def of_another_machine(self, apart: float) -> dict[str, str]:
        """Give what a program has to be started with whose clock goes so far before the others'."""
        file = self.folder / f"faketime{len(self.apart)}"
        self.apart[file] = apart
        self.set(self.ahead)
        return _environment(file)

    def set(self, ahead: float) -> None:
        """Set the clock, at once; a running program reads it with its next look."""
        self.ahead = ahead
        for file, apart in self.apart.items():
            _write(file, f"{ahead + apart:+.3f}")
        self.platform.ahead = ahead
        if self.url.startswith(POSTGRESQL):
            set_clock(self.url, ahead=timedelta(seconds=ahead))

    def forward(self, seconds: float) -> None:
        self.set(self.ahead + seconds)

    def goes_wrong(self, by: float) -> None:
        """Set the machines' clocks alone: whatever else there is has the right time."""
        for file, apart in self.apart.items():
            _write(file, f"{self.ahead + apart + by:+.3f}")

    def stands_still(self) -> None:
        """Let the machines' clocks stand still until they are set again."""
        for file, apart in self.apart.items():
            local = datetime.fromtimestamp(self.now() + apart).astimezone()
            _write(file, f"{local:%Y-%m-%d %H:%M:%S}")

    def now(self) -> float:
        """Return the program's time, in seconds since 1970."""
        return time.time() + self.ahead


def _environment(file: Path) -> dict[str, str]:
    return {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # With it, whoever waits for Python's lock gives up at once: two threads spin, a hundred times slower.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }


def _write(file: Path, words: str) -> None:
    new = file.with_suffix(".new")
    new.write_text(f"{words}\n")
    new.replace(file)  # it is read at any moment: never half of it
