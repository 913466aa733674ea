"""The cases as queries see them: a projection of their events, which `journal.py` keeps in step; no content."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, exists, func, or_, select, update

from flows.effects import Timer
from storage.connection import Connection
from storage.tables import CASE_IS_OPEN, cases, timers

CLOSED = "closed"
ERASED = "erased"
DRILL = "drill"  # open, and nothing has happened
_IS_REAL = and_(CASE_IS_OPEN, cases.c.status != DRILL)
_OPEN_OF_REPORTER = (
    select(cases)
    .where(_IS_REAL, cases.c.school_id == bindparam("school_id"), cases.c.reporter == bindparam("reporter"))
    .order_by(cases.c.reported_at.desc())
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in clear: what the queries need, and nothing of what happened.

    `owner` is in whose hands it is: of a case that is handed over nobody, until somebody there has taken it.
    """

    case_id: str
    school_id: str
    number: str
    version: int
    status: str
    departments: tuple[str, ...]
    reporter: str
    plan_id: str
    plan_version: str
    reported_at: datetime
    owner: str | None = None


class Cases:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, case_id: str) -> CaseRow | None:
        return await self._one(select(cases).where(cases.c.case_id == case_id))

    async def by_number(self, school_id: str, number: str) -> CaseRow | None:
        return await self._one(select(cases).where(cases.c.school_id == school_id, cases.c.number == number))

    async def number_taken(self, school_id: str, number: str) -> bool:
        taken = select(cases.c.case_id).where(cases.c.school_id == school_id, cases.c.number == number)
        return await self._connection.row(taken) is not None

    async def open_of_reporter(self, school_id: str, person_id: str, limit: int = 20) -> tuple[CaseRow, ...]:
        """Return a person's cases that aren't closed, newest first; no drills."""
        values = {"school_id": school_id, "reporter": person_id, "limit": limit}
        return tuple(_case(row) for row in await self._connection.rows(_OPEN_OF_REPORTER, values))

    async def open_without_timer(self) -> tuple[str, ...]:
        """Return the ids of open cases that nothing will ever wake for; of one in nobody's hands, that won't climb."""
        armed = exists().where(timers.c.case_id == cases.c.case_id)
        climbs = armed.where(timers.c.name == Timer.ESCALATION)
        forgotten = or_(~armed, and_(cases.c.owner.is_(None), ~climbs))
        rows = await self._connection.rows(select(cases.c.case_id).where(CASE_IS_OPEN, forgotten))
        return tuple(row.case_id for row in rows)

    async def schools_open(self) -> frozenset[str]:
        """Return the schools that have open cases."""
        rows = await self._connection.rows(select(cases.c.school_id).distinct().where(CASE_IS_OPEN))
        return frozenset(row.school_id for row in rows)

    async def count_open(self) -> int:
        """Return how many cases aren't closed; no drills."""
        return int(await self._connection.value(select(func.count()).select_from(cases).where(_IS_REAL)) or 0)

    async def count_drills(self) -> int:
        """Return how many drills are under way."""
        drills = and_(CASE_IS_OPEN, cases.c.status == DRILL)
        return int(await self._connection.value(select(func.count()).select_from(cases).where(drills)) or 0)

    async def open_by_reporter(self, limit: int) -> dict[tuple[str, str], list[CaseRow]]:
        """Return the newest open cases of every reporter, by school and person; no drills."""
        found: dict[tuple[str, str], list[CaseRow]] = {}
        for row in await self._some(select(cases).where(_IS_REAL).order_by(cases.c.reported_at.desc())):
            own = found.setdefault((row.school_id, row.reporter), [])
            if len(own) < limit:
                own.append(row)
        return found

    async def open_of_school(self, school_id: str, limit: int = 200) -> tuple[CaseRow, ...]:
        """Return a school's cases that aren't closed, drills too, newest first."""
        own = and_(CASE_IS_OPEN, cases.c.school_id == school_id)
        return await self._some(select(cases).where(own).order_by(cases.c.reported_at.desc()).limit(limit))

    async def insert(self, case: CaseRow) -> bool:
        """Insert a case; False if it is there already, or its number is taken. For the journal only."""
        return await self._connection.add(cases, asdict(case))

    async def advance(self, case: CaseRow, expected_version: int) -> bool:
        """Bring a case from the expected version to this one; False if it isn't at that. For the journal only."""
        unchanged = and_(
            cases.c.case_id == case.case_id,
            cases.c.school_id == case.school_id,
            cases.c.version == expected_version,
        )
        return await self._connection.hits(update(cases).where(unchanged).values(**asdict(case))) == 1

    async def blank(self, case_id: str) -> None:
        """Take away what points to people. For the journal only."""
        blanked = {"status": ERASED, "departments": (), "reporter": "", "owner": None}
        await self._connection.run(update(cases).where(cases.c.case_id == case_id).values(**blanked))

    async def _one(self, query: Select[Any]) -> CaseRow | None:
        row = await self._connection.row(query)
        return _case(row) if row else None

    async def _some(self, query: Select[Any]) -> tuple[CaseRow, ...]:
        return tuple(_case(row) for row in await self._connection.rows(query))


def _case(row: Row[Any]) -> CaseRow:
    return CaseRow(**row._asdict())
