"""The tasks of the prevention year, one row for each: what becomes of one is decided in `flows`, when is in its row.

What people wrote is sealed; an answer is noted with who gave it and when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, update

from flows.occurrences import Audience, Key, Whole, Window
from flows.school_days import local_day, morning
from flows.tasks import Standing, Task
from storage.cipher import BrokenSeal, seal, unseal
from storage.connection import Connection
from storage.encoding import Field
from storage.errors import Unreadable, WrongKey
from storage.keys import Keys
from storage.tables import IN_A_DIGEST, TASK_IS_AWAITED, task_answers, tasks

_ALIKE = ("version", "owner", "told", "reminded_on", "meant_for", "planned_for", "put_off_to", "done_on",
          "done_by", "count")  # fmt: skip
_FIRST_DUE = func.coalesce(tasks.c.first_due_at, tasks.c.next_at)


class Tasks:
    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection, self._keys = connection, keys

    async def add(self, school_id: str, found: Sequence[Task]) -> None:
        """Plan tasks that have ids and no words yet; one that is there already stays as it is."""
        if found:
            unique = ["school_id", "school_year", "measure", "time", "audience"]
            statement = self._connection.insert(tasks).on_conflict_do_nothing(index_elements=unique)
            rows = [{**_identity(school_id, task), **_values(task)} for task in found]
            await self._connection.run_for_each(statement, rows)
        self._connection.must_call |= bool(found)

    async def change(self, school_id: str, before: Task, after: Task, at: datetime, digest: str = "") -> bool:
        """Put a task in the place of what was read, as its next version; False where somebody was faster.

        `digest` is the message that shows it from now on; empty: the same as before.
        """
        values = _values(after) | {"version": before.version + 1} | ({"digest": digest} if digest else {})
        if after.words != before.words:
            values["sealed"] = await self._sealed(school_id, after, at)
        this = and_(tasks.c.id == before.id, tasks.c.school_id == school_id, tasks.c.version == before.version)
        key = _identity(school_id, after)
        changed = await self._connection.hits(update(tasks).where(this).values(**key, **values)) == 1
        self._connection.must_call |= changed
        return changed

    async def note_answer(self, school_id: str, task: Task, actor: str, answer: str, at: datetime) -> None:
        """Note who has made a task what it is now."""
        values = {"task_id": task.id, "version": task.version, "school_id": school_id, "at": at}
        await self._connection.run(self._connection.insert(task_answers).values(**values, actor=actor, answer=answer))

    async def get(self, school_id: str, task_id: str) -> Task | None:
        """Return a task of the school; None for any other's."""
        found = await self._read(school_id, tasks.c.id == task_id)
        return next(iter(found), None)

    async def of_year(self, school_id: str, school_year: str) -> dict[Key, Task]:
        """Return all of a school's year."""
        found = await self._read(school_id, tasks.c.school_year == school_year)
        return {task.key: task for task in found}

    async def of_audience(self, school_id: str, school_year: str, audience: Audience) -> dict[Key, Task]:
        """Return what is to be done for one audience in a school year."""
        own = and_(tasks.c.school_year == school_year, tasks.c.audience == str(audience))
        return {task.key: task for task in await self._read(school_id, own)}

    async def of_digest(self, school_id: str, digest: str) -> tuple[Task, ...]:
        """Return what a message shows, in the order in which it is due."""
        return await self._read(school_id, and_(IN_A_DIGEST, tasks.c.digest == digest))

    async def hand_over(self, school_id: str, digest: str, to: str) -> None:
        """Let another message show what is open of those that this one was to show."""
        left = and_(IN_A_DIGEST, tasks.c.digest == digest, tasks.c.school_id == school_id)
        is_open = tasks.c.standing == Standing.OPEN.value
        await self._connection.run(update(tasks).where(left, is_open).values(digest=to))

    async def digests(self, task_ids: Sequence[str]) -> tuple[str, ...]:
        """Return the messages that show any of these tasks."""
        shown = select(tasks.c.digest).distinct().where(IN_A_DIGEST, tasks.c.id.in_(task_ids))
        return tuple(row.digest for row in await self._connection.rows(shown))

    async def schools_due(self, now: datetime) -> tuple[str, ...]:
        """Return the schools in which anything is due."""
        due = select(tasks.c.school_id).distinct().where(TASK_IS_AWAITED, tasks.c.next_at <= now)
        return tuple(sorted(row.school_id for row in await self._connection.rows(due)))

    async def due(self, school_id: str, now: datetime) -> tuple[Task, ...]:
        """Return what is due at a school; each is then to be won by `change`."""
        return await self._read(school_id, and_(TASK_IS_AWAITED, tasks.c.next_at <= now))

    async def put_off(self, school_id: str, now: datetime, until: datetime) -> int:
        """Let what comes due at a school while nobody is to be reminded be due at an instant; return how many."""
        return await self._connection.hits(update(tasks).where(_is_due(school_id, now)).values(next_at=until))

    async def try_again(self, school_id: str, now: datetime, at: datetime, only: Sequence[str] | None = None) -> int:
        """Let what can't be done be tried again, all that is due at a school or `only` these tasks; return how many."""
        due = _is_due(school_id, now)
        if only is not None:
            due = and_(due, tasks.c.id.in_(only))
        return await self._connection.hits(update(tasks).where(due).values(next_at=at, first_due_at=_FIRST_DUE))

    async def next_due(self) -> datetime | None:
        at: datetime | None = await self._connection.value(select(func.min(tasks.c.next_at)).where(TASK_IS_AWAITED))
        return at

    async def due_since(self, school_ids: Sequence[str]) -> datetime | None:
        """Return when the first of all that is to come at these schools was due, however often tried since."""
        own = and_(TASK_IS_AWAITED, tasks.c.school_id.in_(school_ids))
        at: datetime | None = await self._connection.value(select(func.min(_FIRST_DUE)).where(own))
        return at

    async def _read(self, school_id: str, condition: ColumnElement[bool]) -> tuple[Task, ...]:
        in_order = (tasks.c.next_at, tasks.c.measure, tasks.c.audience, tasks.c.id)
        found = select(tasks).where(condition, tasks.c.school_id == school_id).order_by(*in_order)
        rows = await self._connection.rows(found)
        keys = {row.school_year: b"" for row in rows if row.sealed}
        for year in keys:
            keys[year] = await self._key(school_id, year)
        return tuple(_task(row, keys) for row in rows)

    async def _key(self, school_id: str, year: str) -> bytes:
        """Return what a year's words are sealed with; a key that is lost costs the words, and nothing opens."""
        try:
            return await self._keys.find(_owner(school_id, year)) or b""
        except (Unreadable, WrongKey):
            return b""

    async def _sealed(self, school_id: str, task: Task, at: datetime) -> bytes | None:
        if not task.words:
            return None
        owner = _owner(school_id, task.key.school_year)
        try:
            key = await self._keys.find_or_make(owner, school_id, at)
        except Unreadable:  # a spoilt key opens nothing ever again, and must not keep people from answering
            await self._keys.destroy(owner)
            key = await self._keys.find_or_make(owner, school_id, at)
        return seal(key, task.words.encode(), _row(school_id, task.id))


def _is_due(school_id: str, now: datetime) -> ColumnElement[bool]:
    return and_(TASK_IS_AWAITED, tasks.c.next_at <= now, tasks.c.school_id == school_id)


def _owner(school_id: str, school_year: str) -> str:
    return f"year/{school_id}/{school_year}"


def _row(school_id: str, task_id: str) -> tuple[Field, ...]:
    return "task", school_id, task_id


def _identity(school_id: str, task: Task) -> dict[str, object]:
    key = task.key
    where = {"school_year": key.school_year, "measure": key.measure, "time": key.time, "audience": str(key.audience)}
    return {"id": task.id, "school_id": school_id, **where}


def _values(task: Task) -> dict[str, object]:
    """Return a task's columns; its words are sealed apart."""
    return {
        **{name: getattr(task, name) for name in _ALIKE},
        "standing": task.standing.value,
        "moved_from": task.moved.first_day if task.moved else None,
        "moved_to": task.moved.last_day if task.moved else None,
        "next_at": morning(task.next_on) if task.next_on else None,
        "first_due_at": None,
    }


def _task(row: Row[Any], keys: Mapping[str, bytes]) -> Task:
    kind, _, audience = row.audience.partition(":")
    return Task(
        key=Key(row.school_year, row.measure, row.time, Audience(Whole(kind), audience)),
        id=row.id,
        standing=Standing(row.standing),
        moved=Window(row.moved_from, row.moved_to) if row.moved_from else None,
        next_on=local_day(row.first_due_at or row.next_at) if row.next_at else None,
        words=_words(row, keys) if row.sealed else "",
        **{name: getattr(row, name) for name in _ALIKE},
    )


def _words(row: Row[Any], keys: Mapping[str, bytes]) -> str | None:
    """Return what was written; None where it doesn't open: the rest of the row is worth as much without."""
    try:
        return unseal(keys[row.school_year], row.sealed, _row(row.school_id, row.id)).decode()
    except (BrokenSeal, ValueError):
        return None
