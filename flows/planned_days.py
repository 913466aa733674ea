"""The days that tasks of the year are planned for, as entries of one's own calendar; nothing about a pupil."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from flows import messages as m
from flows.cards import Appointment
from flows.language import Language
from flows.limits import MAX_TITLE, shortened
from flows.occurrences import Key
from flows.school import School
from flows.school_days import DAY, morning
from flows.tasks import Standing
from flows.year_rows import Pair, audience_label


def planned_days(pairs: Iterable[Pair], school: School, language: Language, now: datetime) -> list[Appointment]:
    """Return an entry for each task that is still to be done and has a day; the earliest first.

    A task that is planned anew is the same entry on another day: its `uid` stays, and its `sequence` grows.
    """
    found = [_entry(pair, school, language, now) for pair in pairs if _has_day(pair)]
    return sorted(found, key=lambda each: (each.starts_at, each.title))


def _has_day(pair: Pair) -> bool:
    return pair[1].standing is Standing.OPEN and pair[1].planned_for is not None


def _entry(pair: Pair, school: School, language: Language, now: datetime) -> Appointment:
    occurrence, task = pair
    assert task.planned_for  # noqa: S101 - says to mypy what `_has_day` has seen
    measure, audience = occurrence.measure, audience_label(occurrence.key.audience, school).in_(language)
    title = f"{audience}: {measure.text.in_(language)}"
    said = m.PLANNED_DAY_FROM_PLAN if measure.clauses else m.PLANNED_DAY
    return Appointment(
        label=m.DAY_INTO_CALENDAR.in_(language),
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
