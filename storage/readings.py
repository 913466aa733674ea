"""Who has read which version of the plan, and who is to be asked next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update

from storage.connection import Connection
from storage.tables import READING_IS_AWAITED, readings


@dataclass(frozen=True, slots=True)
class Reading:
    """`asked` counts how often; `next_at` is when to ask, None where nobody asks any more.

    `first_due_at` is when that was to be, where it has failed since.
    """

    school_id: str
    person_id: str
    plan_id: str
    plan_version: str
    asked: int = 0
    next_at: datetime | None = None
    read_at: datetime | None = None
    first_due_at: datetime | None = None

    def due(self, at: datetime | None) -> Reading:
        """Return it with another time to ask."""
        return replace(self, next_at=at, first_due_at=None)

    def tried_again(self, at: datetime) -> Reading:
        """Return it after asking has failed."""
        return replace(self, next_at=at, first_due_at=self.first_due_at or self.next_at)


class Readings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_version(self, school_id: str, plan_id: str, plan_version: str) -> dict[str, Reading]:
        """Return who has been asked to read a version, by person."""
        version = and_(
            readings.c.school_id == school_id,
            readings.c.plan_id == plan_id,
            readings.c.plan_version == plan_version,
        )
        rows = await self._connection.rows(select(readings).where(version))
        return {row.person_id: Reading(**row._asdict()) for row in rows}

    async def get(self, school_id: str, person_id: str, plan_id: str, plan_version: str) -> Reading | None:
        wanted = _is(Reading(school_id, person_id, plan_id, plan_version))
        row = await self._connection.row(select(readings).where(wanted))
        return Reading(**row._asdict()) if row else None

    async def add(self, found: Sequence[Reading]) -> None:
        """Note whom to ask; who was noted before stays."""
        if not found:
            return
        statement = self._connection.insert(readings).on_conflict_do_nothing()
        await self._connection.run_for_each(statement, [asdict(one) for one in found])
        self._connection.must_call = True

    async def due(self, now: datetime, limit: int) -> tuple[Reading, ...]:
        """Return whom to ask now; each is then to be won by `change`."""
        due = select(readings).where(READING_IS_AWAITED, readings.c.next_at <= now)
        in_order = due.order_by(readings.c.next_at, readings.c.school_id, readings.c.person_id).limit(limit)
        return tuple(Reading(**row._asdict()) for row in await self._connection.rows(in_order))

    async def change(self, before: Reading, after: Reading) -> bool:
        """Put a reading in the place of what was read; False where somebody was faster."""
        this = and_(_is(before), readings.c.asked == before.asked, readings.c.read_at.is_(None))
        changing = ("asked", "next_at", "read_at", "first_due_at")
        values = {name: getattr(after, name) for name in changing}
        return await self._connection.hits(update(readings).where(this).values(**values)) == 1

    async def note_read(self, reading: Reading, at: datetime) -> None:
        """Note that somebody has read it, however often he was asked meanwhile; the first time counts."""
        this = and_(_is(reading), readings.c.read_at.is_(None))
        await self._connection.run(update(readings).where(this).values(next_at=None, read_at=at))

    async def next_due(self) -> datetime | None:
        at: datetime | None = await self._connection.value(
            select(func.min(readings.c.next_at)).where(READING_IS_AWAITED)
        )
        return at

    async def due_since(self) -> datetime | None:
        """Return when the first of all questions was to be asked, however often that has been tried since."""
        first_due = func.coalesce(readings.c.first_due_at, readings.c.next_at)
        at: datetime | None = await self._connection.value(select(func.min(first_due)).where(READING_IS_AWAITED))
        return at


def _is(reading: Reading) -> ColumnElement[bool]:
    return and_(
        readings.c.school_id == reading.school_id,
        readings.c.person_id == reading.person_id,
        readings.c.plan_id == reading.plan_id,
        readings.c.plan_version == reading.plan_version,
    )
