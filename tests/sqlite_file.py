"""An SQLite file with all tables and no rows, made once: every test would otherwise run all steps anew."""

from __future__ import annotations

import functools
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

from storage.migration import migrate


def copy_migrated(file: Path) -> None:
    """Put such a file where there is none yet."""
    if not file.exists():
        file.write_bytes(_migrated())


@functools.cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.sqlite"
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            migrate(connection)
        engine.dispose()
        return file.read_bytes()
