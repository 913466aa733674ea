"""Checking a school's journal from its first row to its head; it needs the chain's key, and no case's."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from storage.cases import ERASED
from storage.chain import GENESIS, Entry, Head, chain_owner, head_seal, row_mac
from storage.connection import Connection
from storage.keys import Keys
from storage.tables import cases, chain_heads, journal, sealed_keys

BATCH = 1000
MAX_FAULTS = 100  # a chain that was written anew is wrong in every row; the first ones tell it all


class FaultKind(StrEnum):
    """What is wrong."""

    ALTERED = "altered"  # a row was edited, moved, or put in by somebody without the key
    MISSING = "missing"  # rows are gone from this one on
    CUT = "cut"  # the head knows of rows beyond the last one
    HEAD = "head"  # the head isn't the last row's, or was not written by the program
    WITNESS = "witness"  # the chain isn't the one that the outside witness saw
    VERSIONS = "versions"  # a case's events aren't numbered one after the other
    PROJECTION = "projection"  # a case stands at another version than its events do, or has none
    KEY = "key"  # a case or the chain lacks its key, or has it still after it was destroyed
    ERASURE = "erasure"  # a case is marked as erased, but the journal knows nothing of it


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A fault, and the row it was found at, if it is one row's."""

    kind: FaultKind
    seq: int | None = None
    case_id: str | None = None


class Verification:
    """One walk through a journal, in one snapshot or, for all but its end, in several: rows are only ever added."""

    def __init__(self, connection: Connection, keys: Keys, school_id: str, erasure: str) -> None:
        self._connection = connection
        self._keys = keys
        self._school_id = school_id
        self._erasure = erasure  # the action of the row that tells of a destroyed key
        self._faults: list[ChainFault] = []
        self._last = Head(0, GENESIS)
        self._key: bytes | None = None
        self._read: int | None = None  # the last row's number, whatever was right about it
        self._seen_by_witness = False
        self._versions: dict[str, int] = {}
        self._erased: set[str] = set()

    def in_(self, connection: Connection, keys: Keys) -> Verification:
        """Go on in another snapshot."""
        self._connection, self._keys = connection, keys
        return self

    async def goes_on(self, witness: Head | None = None) -> bool:
        """Check the next rows; say whether there may be more."""
        if self._read is None:
            self._key = await self._keys.find(chain_owner(self._school_id))
        own = select(journal).where(journal.c.school_id == self._school_id).order_by(journal.c.seq).limit(BATCH)
        batch = await self._connection.rows(own if self._read is None else own.where(journal.c.seq > self._read))
        for row in batch:
            self._check_place(self._key, row)
            self._check_event(row)
            self._read = row.seq
            self._seen_by_witness |= witness == Head(row.seq, row.mac)
        return len(batch) == BATCH

    async def faults(self, witness: Head | None = None) -> tuple[ChainFault, ...]:
        """Go to the end; return what is wrong, in the order of the rows, nothing if all is well."""
        self._seen_by_witness |= witness is None or witness == Head(0, GENESIS)
        while await self.goes_on(witness):
            pass
        await self._check_head(self._key)
        if not self._seen_by_witness:
            self._note(FaultKind.WITNESS, witness.seq if witness else None)
        await self._check_cases()
        return tuple(self._faults[:MAX_FAULTS])

    def _check_place(self, key: bytes | None, row: Row[Any]) -> None:
        expected = self._last.seq + 1
        if row.seq != expected:
            self._note(FaultKind.MISSING, expected)  # this row's own mac can't be checked without the one before
        elif key and not hmac.compare_digest(
            row.mac, row_mac(key, self._last.mac, self._school_id, row.seq, _entry(row))
        ):
            self._note(FaultKind.ALTERED, row.seq, row.case_id)
        self._last = Head(row.seq, row.mac)

    def _check_event(self, row: Row[Any]) -> None:
        if row.action == self._erasure:
            self._erased.add(row.case_id)
        if row.case_version is None:
            return
        if row.case_version != self._versions.get(row.case_id, 0) + 1:
            self._note(FaultKind.VERSIONS, row.seq, row.case_id)
        self._versions[row.case_id] = row.case_version

    async def _check_head(self, key: bytes | None) -> None:
        row = await self._connection.row(select(chain_heads).where(chain_heads.c.school_id == self._school_id))
        if row is None and key is None and self._last.seq == 0:
            return  # a school where nothing has happened yet
        if key is None:
            self._note(FaultKind.KEY)
        if row is None:
            self._note(FaultKind.HEAD)
            return
        head = Head(row.seq, row.mac)
        if head.seq > self._last.seq:
            self._note(FaultKind.CUT, self._last.seq + 1)
        elif head != self._last:
            self._note(FaultKind.HEAD, row.seq)
        if key and not hmac.compare_digest(row.seal, head_seal(key, self._school_id, head)):
            self._note(FaultKind.HEAD, row.seq)

    async def _check_cases(self) -> None:
        owner = sealed_keys.c.owner_id
        query = (
            select(cases.c.case_id, cases.c.version, cases.c.status, owner)
            .select_from(cases.outerjoin(sealed_keys, owner == cases.c.case_id))
            .where(cases.c.school_id == self._school_id)
        )
        for row in await self._connection.rows(query):
            self._check_case(row.case_id, row.version, is_erased=row.status == ERASED, has_key=row.owner_id is not None)
        for case_id in self._versions:
            self._note(FaultKind.PROJECTION, case_id=case_id)

    def _check_case(self, case_id: str, version: int, *, is_erased: bool, has_key: bool) -> None:
        if self._versions.pop(case_id, None) != version:
            self._note(FaultKind.PROJECTION, case_id=case_id)
        if has_key == is_erased:
            self._note(FaultKind.KEY, case_id=case_id)
        if (case_id in self._erased) != is_erased:
            self._note(FaultKind.ERASURE, case_id=case_id)

    def _note(self, kind: FaultKind, seq: int | None = None, case_id: str | None = None) -> None:
        self._faults.append(ChainFault(kind, seq, case_id))


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        at=row.at,
        actor=row.actor,
        case_id=row.case_id,
        case_version=row.case_version,
        action=row.action,
        allowed=row.allowed,
        sealed=row.sealed,
    )
