"""How far each school's journal has come, in a small file beside an SQLite file.

SQLite keeps the newest in a log of its own (`-wal`). Without that log the file is sound, and older: nothing inside it
could tell whoever has copied one without the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


class Witness:
    """The file beside a database file; one program writes it, after each commit that has moved a journal on."""

    def __init__(self, database: str) -> None:
        self.path = f"{database}-head"
        self._heads = _read(self.path)

    def note(self, heads: Mapping[str, int]) -> None:
        """Note the journals' newest numbers; what can't be written is only known a little later."""
        self._heads |= heads
        new = Path(f"{self.path}.new")
        with suppress(OSError):
            new.touch(mode=0o600)
            new.write_text(json.dumps(self._heads))
            new.replace(self.path)

    def is_behind(self, heads: Mapping[str, int]) -> bool:
        """Say whether a journal that is found has come less far than it had."""
        return any(heads.get(school, 0) < seq for school, seq in self._heads.items())


def _read(path: str) -> dict[str, int]:
    """Return what was noted; nothing where there is no such file, or it isn't whole: it is an aid, and never needed."""
    try:
        found = json.loads(Path(path).read_text())
    except (OSError, ValueError):
        return {}
    is_right = isinstance(found, dict) and all(type(seq) is int for seq in found.values())
    return found if is_right else {}
