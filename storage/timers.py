"""When something is due, as rows; what happens then is decided in `flows`, and who looks is the scheduler."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, select, update

from storage.connection import Connection
from storage.tables import timers


@dataclass(frozen=True, slots=True)
class Timer:
    """A due time of a case, known by its name; `data` is clear text and holds ids only, nothing personal."""

    case_id: str
    name: str
    school_id: str
    due_at: datetime
    data: Mapping[str, int] = field(default_factory=dict)


_FIRST_DUE = func.coalesce(timers.c.first_due_at, timers.c.due_at)


class Timers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def arm(self, timer: Timer) -> None:
        """Set a timer, in the place of an earlier one of the same name."""
        row = {
            "case_id": timer.case_id,
            "name": timer.name,
            "school_id": timer.school_id,
            "due_at": timer.due_at,
            "first_due_at": None,
            "data": json.dumps(dict(timer.data)),
        }
        await self._connection.put(timers, row)
        self._connection.must_call = True

    async def arm_all(self, school_id: str, case_ids: Sequence[str], name: str, due_at: datetime) -> None:
        """Set the same timer for several cases of a school."""
        for case_id in case_ids:
            await self.arm(Timer(case_id, name, school_id, due_at))

    async def disarm(self, case_id: str, name: str) -> bool:
        """Take a timer away; say whether it was set."""
        return await self._connection.hits(delete(timers).where(_is(case_id, name))) == 1

    async def disarm_all(self, case_id: str) -> int:
        """Take all timers of a case away; return how many."""
        return await self._connection.hits(delete(timers).where(timers.c.case_id == case_id))

    async def of_case(self, case_id: str) -> tuple[Timer, ...]:
        rows = await self._connection.rows(select(timers).where(timers.c.case_id == case_id).order_by(timers.c.due_at))
        return tuple(_timer(row) for row in rows)

    async def due(self, now: datetime, limit: int) -> tuple[Timer, ...]:
        """Return what is due, the longest overdue first; each is then to be won by `fire`."""
        overdue_first = (timers.c.due_at, timers.c.case_id, timers.c.name)
        found = select(timers).where(timers.c.due_at <= now).order_by(*overdue_first).limit(limit)
        return tuple(_timer(row) for row in await self._connection.rows(found))

    async def fire(self, case_id: str, name: str, due_at: datetime) -> bool:
        """Take a due timer; False if another replica was first or it was set to another time."""
        this = and_(_is(case_id, name), timers.c.due_at == due_at)
        return await self._connection.hits(delete(timers).where(this)) == 1

    async def try_again(self, timer: Timer, due_at: datetime) -> bool:
        """Let a timer that has failed be due once more; False if it has been taken or set anew meanwhile."""
        this = and_(_is(timer.case_id, timer.name), timers.c.due_at == timer.due_at)
        values = {"due_at": due_at, "first_due_at": _FIRST_DUE}
        return await self._connection.hits(update(timers).where(this).values(values)) == 1

    async def armed_after(self, name: str, at: datetime) -> tuple[Timer, ...]:
        """Return the timers of a name that are due after an instant."""
        later = and_(timers.c.name == name, timers.c.due_at > at)
        return tuple(_timer(row) for row in await self._connection.rows(select(timers).where(later)))

    async def next_due(self) -> datetime | None:
        at: datetime | None = await self._connection.value(select(func.min(timers.c.due_at)))
        return at

    async def due_since(self) -> datetime | None:
        """Return when the first of all that is armed was to fire, however often it has been tried since."""
        at: datetime | None = await self._connection.value(select(func.min(_FIRST_DUE)))
        return at


def _is(case_id: str, name: str) -> ColumnElement[bool]:
    return and_(timers.c.case_id == case_id, timers.c.name == name)


def _timer(row: Row[Any]) -> Timer:
    return Timer(row.case_id, row.name, row.school_id, row.due_at, json.loads(row.data))
