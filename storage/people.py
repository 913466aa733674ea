"""What the staff have said of themselves: when they are away, which language they read; who they are is in the file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, null, or_, select, union_all, update

from flows.language import Language
from flows.roster import Absence
from storage.connection import Connection
from storage.tables import absences, choices

_AWAY = select(
    absences.c.person_id, absences.c.id, absences.c.from_at, absences.c.until_at, null().label("language")
).where(absences.c.school_id == bindparam("school_id"), absences.c.until_at > bindparam("now"))
_CHOSEN = select(choices.c.person_id, null(), null(), null(), choices.c.language).where(
    choices.c.school_id == bindparam("school_id")
)
_SAID = union_all(_AWAY, _CHOSEN)  # one statement, since every turn asks for both


class People:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def said(self, school_id: str, now: datetime) -> tuple[tuple[Absence, ...], dict[str, Language]]:
        """Return all absences of a school that aren't over, the first one first, and the languages by person."""
        rows = await self._connection.rows(_SAID, {"school_id": school_id, "now": now})
        away = [Absence(row.id, row.person_id, row.from_at, row.until_at) for row in rows if row.language is None]
        languages = {row.person_id: Language(row.language) for row in rows if row.language is not None}
        return tuple(sorted(away, key=lambda absence: (absence.from_at, absence.id))), languages

    async def add_absence(self, school_id: str, absence: Absence) -> None:
        await self._connection.run(
            self._connection.insert(absences).values(
                id=absence.id,
                school_id=school_id,
                person_id=absence.person,
                from_at=absence.from_at,
                until_at=absence.until_at,
            )
        )

    async def end_absence(self, school_id: str, person_id: str, absence_id: str, at: datetime) -> bool:
        """Let a person's absence end earlier than planned, and any other that has begun; say whether it was to last."""
        own = and_(absences.c.school_id == school_id, absences.c.person_id == person_id)
        meant = or_(absences.c.id == absence_id, absences.c.from_at <= at)
        if not await self._connection.row(select(absences.c.id).where(own, absences.c.id == absence_id)):
            return False
        lasting = and_(own, meant, absences.c.until_at > at)
        return await self._connection.hits(update(absences).where(lasting).values(until_at=at)) > 0

    async def languages(self, school_id: str) -> dict[str, Language]:
        """Return the languages that people have chosen, by person."""
        rows = await self._connection.rows(select(choices).where(choices.c.school_id == school_id))
        return {row.person_id: Language(row.language) for row in rows}

    async def choose_language(self, school_id: str, person_id: str, language: Language) -> None:
        row = {"school_id": school_id, "person_id": person_id, "language": language.value}
        await self._connection.put(choices, row)
