"""The days that tasks of the year are planned for, as entries of one's own calendar; nothing about a pupil."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from flows import paper_messages as p
from flows.cards import Appointment
from flows.language import Language
from flows.limits import MAX_TITLE, shortened
from flows.occurrences import Key
from flows.school import School
from flows.school_days import DAY, morning
from flows.tasks import Seen
from flows.year_rows import audience_label


def planned_days(tasks: Iterable[Seen], school: School, language: Language, now: datetime) -> list[Appointment]:
    """Return an entry for each task that is still to be done and has a day; the earliest first.

    A task that is planned anew is the same entry on another day: its `uid` stays, and its `sequence` grows.
    """
    planned = (seen for seen in tasks if seen.task.is_open and seen.task.planned_for)
    found = [_entry(seen, school, language, now) for seen in planned]
    return sorted(found, key=lambda each: (each.starts_at, each.title))


def _entry(seen: Seen, school: School, language: Language, now: datetime) -> Appointment:
    occurrence, task = seen.occurrence, seen.task
    assert task.planned_for  # noqa: S101 - only those that are planned come here
    measure, audience = occurrence.measure, audience_label(occurrence.key.audience, school).in_(language)
    title = f"{audience}: {measure.text.in_(language)}"
    said = p.PLANNED_DAY_FROM_PLAN if measure.clauses else p.PLANNED_DAY
    return Appointment(
        label=p.DAY_INTO_CALENDAR.in_(language),
        uid=uid(school.id, occurrence.key),
        title=shortened(title[:1].upper() + title[1:], MAX_TITLE),
        text=said.in_(language).format(clauses=", ".join(measure.clauses)),
        starts_at=morning(task.planned_for),
        duration=DAY,
        stamped_at=now,
        is_all_day=True,
        sequence=task.version,
    )


def uid(school: str, key: Key) -> str:
    """Return the name by which calendars know an occurrence again; it says nothing itself."""
    return f"{sha256(f'{school}/{key}'.encode()).hexdigest()[:32]}@rusplan"
