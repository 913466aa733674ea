"""What stands in a program's database once it has stopped."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

OF_THE_SCHOOL = ("tasks", "school_files")  # every class of the school stands there, whatever happens in it


def rows_of_cases(folder: Path) -> bytes:
    """Return every row of a SQLite file in a folder but those that hold the whole school."""
    (file,) = [each for each in folder.rglob("*") if each.is_file() and each.read_bytes()[:15] == b"SQLite format 3"]
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        of_cases = [name for name in tables if name not in OF_THE_SCHOOL]
        rows = [row for name in of_cases for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: S608 - ours
    assert set(OF_THE_SCHOOL) <= set(tables)
    return b"".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
