"""The append-only journal: every case's events, sealed, and who has looked at them; what an event means is `flows`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select, union

from storage.cases import ERASED, CaseRow, Cases
from storage.chain import Chain, Entry, Head
from storage.cipher import BrokenSeal, seal, unseal
from storage.columns import microseconds
from storage.connection import Connection
from storage.encoding import Field
from storage.errors import Conflict, ContentGone, Unreadable
from storage.keys import Keys
from storage.tables import EVENT_OF_CASE, cases, chain_heads, journal, sealed_keys
from storage.verification import ChainFault, Verification

KEY_DESTROYED = "key_destroyed"


@dataclass(frozen=True, slots=True)
class Access:
    """That somebody looked at something, or was not allowed to."""

    seq: int
    at: datetime
    actor: str
    case_id: str | None
    action: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event of a case as it was appended; `version` is the case's version after it."""

    version: int
    at: datetime
    actor: str
    payload: Mapping[str, object]


class Journal:
    def __init__(self, connection: Connection, keys: Keys, projections: Cases) -> None:
        self._connection = connection
        self._keys = keys
        self._cases = projections
        self._chain = Chain(connection, keys)

    async def append_events(
        self,
        school_id: str,
        case_id: str,
        expected_version: int,
        at: datetime,
        actor: str,
        payloads: Sequence[Mapping[str, object]],
        projection: CaseRow,
    ) -> CaseRow:
        """Append events to a case and put its projection in step; return the projection with its new version.

        `expected_version` is the one that was decided upon, 0 for a new case: raise `Conflict` if the case has another
        one by now (or a new case's number is taken), `ContentGone` if it was purged.
        """
        locked = await self._chain.lock(school_id, at)
        version = expected_version + len(payloads)
        case = replace(projection, case_id=case_id, school_id=school_id, version=version)
        key = await self._step(case, expected_version, at)
        entries = []
        for version, payload in enumerate(payloads, start=expected_version + 1):
            sealed = seal(key, _serialise(payload), _identity(school_id, case_id, version, at, actor))
            entries.append(Entry(at, actor, case_id=case_id, case_version=version, sealed=sealed))
        await self._chain.append(locked, entries)
        return case

    async def lock(self, school_id: str, at: datetime) -> None:
        """Take a school's place in line; whoever does it first in a transaction waits for nobody crosswise."""
        await self._chain.lock(school_id, at)

    async def history(self, case_id: str) -> tuple[StoredEvent, ...]:
        """Return a case's events in order, none for a case that isn't known.

        Raise `ContentGone` after its key was destroyed, `Unreadable` if anything is changed or missing.
        """
        case = await self._cases.get(case_id)
        if case is None:
            return ()
        key = await self._keys.find(case_id)
        if key is None or case.status == ERASED:
            raise await self._without_key(case_id)
        # the version in the same statement: an event that comes in meanwhile must not look like a fault
        events = select(journal, cases.c.version).join(cases, cases.c.case_id == journal.c.case_id)
        own = and_(EVENT_OF_CASE, journal.c.case_id == case_id)
        rows = await self._connection.rows(events.where(own).order_by(journal.c.case_version))
        if not rows or [row.case_version for row in rows] != list(range(1, rows[0].version + 1)):
            raise Unreadable(case_id)
        return tuple(_event(key, row) for row in rows)

    async def note_access(
        self, school_id: str, at: datetime, actor: str, case_id: str | None, action: str, *, allowed: bool
    ) -> None:
        """Note that somebody looked at something, or was not allowed to; no content goes in."""
        locked = await self._chain.lock(school_id, at)
        await self._chain.append(locked, [Entry(at, actor, case_id=case_id, action=action, allowed=allowed)])

    async def accesses(self, school_id: str, after: int = 0, limit: int = 1000) -> tuple[Access, ...]:
        """Return who has looked at what in a school, the oldest first, from behind a place in the journal."""
        own = and_(journal.c.school_id == school_id, journal.c.action.is_not(None), journal.c.seq > after)
        columns = (getattr(journal.c, field.name) for field in fields(Access))
        rows = await self._connection.rows(select(*columns).where(own).order_by(journal.c.seq).limit(limit))
        return tuple(Access(**row._asdict()) for row in rows)

    async def destroy_key(self, case_id: str, at: datetime, actor: str) -> bool:
        """Erase a case's content for good by destroying its key; False if there is no such case, or it is erased."""
        case = await self._cases.get(case_id)
        if case is None:
            return False
        locked = await self._chain.lock(case.school_id, at)
        await self._keys.destroy(case_id)
        case = await self._cases.get(case_id)  # again, now that nobody else can have it in hand
        if case is None or case.status == ERASED:
            return False
        await self._cases.blank(case_id)
        await self._chain.append(locked, [Entry(at, actor, case_id=case_id, action=KEY_DESTROYED, allowed=True)])
        return True

    async def schools(self) -> tuple[str, ...]:
        """Return the schools that anything has been written of, also where somebody has taken its head away."""
        tables = (chain_heads, journal, cases, sealed_keys)
        rows = await self._connection.rows(union(*(select(table.c.school_id) for table in tables)))
        return tuple(sorted(row.school_id for row in rows))

    async def newest_at(self) -> datetime | None:
        """Return the newest instant that anything was written at, in any school."""
        is_last = and_(journal.c.school_id == chain_heads.c.school_id, journal.c.seq == chain_heads.c.seq)
        newest = select(func.max(journal.c.at, type_=journal.c.at.type)).join(chain_heads, is_last)
        found: datetime | None = await self._connection.value(newest)
        return found

    async def head(self, school_id: str) -> Head | None:
        """Return where a school's chain ends, for a witness outside the database."""
        row = await self._connection.row(select(chain_heads).where(chain_heads.c.school_id == school_id))
        return Head(row.seq, row.mac) if row else None

    async def verify(self, school_id: str, witness: Head | None = None) -> tuple[ChainFault, ...]:
        """Return what is wrong with a school's journal, without any case's key; `witness` is an earlier `head`.

        To be called in a snapshot, so that nobody's writing is held up or half seen.
        """
        return await self.verification(school_id).faults(witness)

    def verification(self, school_id: str, begun: Verification | None = None) -> Verification:
        """Return the check of a school's journal; one that was begun in an earlier snapshot goes on in this one."""
        if begun:
            return begun.in_(self._connection, self._keys)
        return Verification(self._connection, self._keys, school_id, KEY_DESTROYED)

    async def _without_key(self, case_id: str) -> ContentGone | Unreadable:
        case = await self._cases.get(case_id)  # again: it may have been purged since
        return ContentGone(case_id) if case and case.status == ERASED else Unreadable(case_id)

    async def _step(self, case: CaseRow, expected_version: int, at: datetime) -> bytes:
        if expected_version == 0:
            if not await self._cases.insert(case):
                raise Conflict(case.case_id)
            return await self._keys.find_or_make(case.case_id, case.school_id, at)
        key = await self._keys.find(case.case_id)
        if key is None:
            raise ContentGone(case.case_id)
        if not await self._cases.advance(case, expected_version):
            raise Conflict(case.case_id)
        return key


def _serialise(payload: Mapping[str, object]) -> bytes:
    # ASCII with escapes: half a surrogate pair, which a chat may deliver, has no UTF-8 form and would lose the report
    return json.dumps(dict(payload), sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _identity(school_id: str, case_id: str, version: int, at: datetime, actor: str) -> tuple[Field, ...]:
    return ("journal", school_id, case_id, version, microseconds(at), actor)


def _event(key: bytes, row: Row[Any]) -> StoredEvent:
    identity = _identity(row.school_id, row.case_id, row.case_version, row.at, row.actor)
    try:
        payload = json.loads(unseal(key, row.sealed or b"", identity))
    except BrokenSeal as broken:
        raise Unreadable(row.case_id, row.case_version) from broken
    return StoredEvent(row.case_version, row.at, row.actor, payload)
