"""What can go wrong with the stored data, as classes with plain data; the sentence for a person is worded in `bot`."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class StorageFault(Exception):
    """Anything below; `code` is stable and may stand in logs and on cards."""

    code: ClassVar[str] = "storage"


class BadDatabaseUrl(StorageFault):
    """An address of a database that isn't one of the known kinds; it isn't repeated, since it may hold a password."""

    code = "database_url"


class DatabaseUnavailable(StorageFault):
    """The database did not do its work now: out of reach, full, too slow. A later try may go well."""

    code = "database_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason  # SQLSTATE, SQLite's or the operating system's own name of the error


class DatabaseInUse(StorageFault):
    """Another process holds the SQLite file."""

    code = "database_in_use"

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class DatabaseDamaged(StorageFault):
    """The SQLite file is not sound: nothing of it may be shown, a backup is needed."""

    code = "database_damaged"

    def __init__(self, path: str, finding: str) -> None:
        super().__init__(path, finding)
        self.path = path
        self.finding = finding


class DatabaseOutdated(StorageFault):
    """The SQLite file lacks what was written last: its log is gone, or it is an older copy. `note`: what says so."""

    code = "database_outdated"

    def __init__(self, path: str, note: str) -> None:
        super().__init__(path, note)
        self.path = path
        self.note = note


class DatabaseTooNew(StorageFault):
    """A newer version of the program has changed the tables."""

    code = "database_too_new"

    def __init__(self, found: str, known: str) -> None:
        super().__init__(found, known)
        self.found = found
        self.known = known


class KeyFault(StrEnum):
    """Why an entry of the key ring can't be used."""

    EMPTY = "empty"
    NOT_BASE64 = "not_base64"
    WRONG_LENGTH = "wrong_length"
    REPEATED = "repeated"
    NOT_RANDOM = "not_random"


class BadKeyRing(StorageFault):
    """An entry of the key ring, named by its place (from 1): the key itself never gets into a message."""

    code = "bad_key_ring"

    def __init__(self, place: int, why: KeyFault) -> None:
        super().__init__(place, why.value)
        self.place = place
        self.why = why


class WrongKey(StorageFault):
    """The key ring lacks keys that this database is sealed under."""

    code = "wrong_key"

    def __init__(self, missing: frozenset[str]) -> None:
        super().__init__(*sorted(missing))
        self.missing = missing


class Conflict(StorageFault):
    """Somebody else was faster; nothing has been written, and the same can be tried on what is there now."""

    code = "conflict"

    def __init__(self, case_id: str = "") -> None:
        super().__init__(case_id)
        self.case_id = case_id


class Unreadable(StorageFault):
    """Something sealed does not open, or rows are missing: an alarm about integrity, never the same as *empty*."""

    code = "unreadable"

    def __init__(self, owner_id: str, version: int | None = None) -> None:
        super().__init__(owner_id, version)
        self.owner_id = owner_id
        self.version = version


class ContentGone(StorageFault):
    """The case was purged: its key is destroyed."""

    code = "content_gone"

    def __init__(self, case_id: str) -> None:
        super().__init__(case_id)
        self.case_id = case_id
