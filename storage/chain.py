"""The hash chain of a school's journal and its head; what the rows are about is for `journal.py`.

A row's mac covers the row and the mac before it, under a key that isn't in the database in clear. The head says where
the chain ends, so that rows cut from its end are missed; the head's own seal keeps it from being set back.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.columns import microseconds
from storage.connection import Connection
from storage.encoding import encode
from storage.keys import Keys
from storage.tables import chain_heads, journal

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the journal, before it has its place."""

    at: datetime
    actor: str
    case_id: str | None = None
    case_version: int | None = None
    action: str | None = None
    allowed: bool | None = None
    sealed: bytes | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: kept outside the database, it proves that nothing was cut off."""

    seq: int
    mac: bytes


@dataclass(frozen=True, slots=True)
class LockedHead:
    """A school's head, held until the transaction ends."""

    school_id: str
    key: bytes
    head: Head
    is_sound: bool


class Chain:
    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    async def lock(self, school_id: str, at: datetime) -> LockedHead:
        """Take a school's head: the first lock of a turn, so that two turns never wait for each other."""
        key = await self._keys.find_or_make(chain_owner(school_id), school_id, at)
        query = select(chain_heads).where(chain_heads.c.school_id == school_id).with_for_update()
        row = await self._connection.row(query)
        if row is None:
            await self._start(school_id, key)
            row = (await self._connection.run(query)).one()
        head = Head(row.seq, row.mac)
        return LockedHead(school_id, key, head, hmac.compare_digest(row.seal, head_seal(key, school_id, head)))

    async def append(self, locked: LockedHead, entries: Sequence[Entry]) -> None:
        """Append rows at the head, and move it."""
        head, rows = locked.head, []
        for entry in entries:
            seq = head.seq + 1
            head = Head(seq, row_mac(locked.key, head.mac, locked.school_id, seq, entry))
            rows.append({"school_id": locked.school_id, "seq": seq, **asdict(entry), "mac": head.mac})
        await self._connection.run_for_each(insert(journal), rows)
        # A head that was tampered with must not keep an alert from going out, nor look sound again by it.
        seal = head_seal(locked.key, locked.school_id, head) if locked.is_sound else b""
        moved = {"seq": head.seq, "mac": head.mac, "seal": seal}
        this = chain_heads.c.school_id == locked.school_id
        await self._connection.run(update(chain_heads).where(this).values(**moved))
        self._connection.heads[locked.school_id] = head.seq

    async def _start(self, school_id: str, key: bytes) -> None:
        genesis = Head(0, GENESIS)
        row = {"school_id": school_id, **asdict(genesis), "seal": head_seal(key, school_id, genesis)}
        await self._connection.add(chain_heads, row)


def chain_owner(school_id: str) -> str:
    """Return whom a school's chain key belongs to."""
    return f"chain:{school_id}"


def row_mac(key: bytes, previous: bytes, school_id: str, seq: int, entry: Entry) -> bytes:
    """Return the mac of a row at its place in the chain."""
    fields = encode(
        "row",
        previous,
        school_id,
        seq,
        microseconds(entry.at),
        entry.actor,
        entry.case_id,
        entry.case_version,
        entry.action,
        entry.allowed,
        entry.sealed,
    )
    return hmac.digest(key, fields, hashlib.sha256)


def head_seal(key: bytes, school_id: str, head: Head) -> bytes:
    """Return what shows that a head was written by the program."""
    return hmac.digest(key, encode("head", school_id, head.seq, head.mac), hashlib.sha256)
