"""The wheel of the year wheel: the months from August on, how much is due in each, and how far it has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from math import cos, radians, sin

from flows import paper_messages as p
from flows.calendar_words import month_name
from flows.drawing import Anchor, Sector, Shape, Tone, Weight, Words
from flows.language import Language
from flows.occurrences import AUGUST
from flows.screens.year_marks import TONES
from flows.task_state import State
from flows.year_rows import Row

RADIUS = 96
_BAND = (87, RADIUS)  # how far a month has come
_MONTH = (48, 85)
_STEP = 360 / 12
_GAP = 2  # degrees between two months
MONTHS = tuple((AUGUST - 1 + at) % 12 + 1 for at in range(12))
_IN_RING = (State.DONE, State.PLANNED, State.DUE, State.LATE, State.COMING)


def counted(rows: Sequence[Row]) -> Counter[State]:
    """Return how many of everything are in which state."""
    total: Counter[State] = Counter()
    for row in rows:
        total.update(row.counts)
    return total


def relevant(counts: Counter[State]) -> int:
    return sum(counts.values()) - counts[State.DROPPED]


def ring(rows: Sequence[Row], x: float, y: float, today: date, language: Language) -> Iterator[Shape]:
    """Draw the ring around (x, y). Something counts in the month of its deadline."""
    for at, month in enumerate(MONTHS):
        counts = counted([row for row in rows if row.window.last_day.month == month])
        yield from _month(at, month, counts, x, y, language, is_now=today.month == month)
    total = counted(rows)
    yield Words(f"{total[State.DONE]}", x - 45, y - 27, 90, 28, Weight.BOLD, anchor=Anchor.MIDDLE)
    said = p.PICTURE_OF_ALL.in_(language).format(total=relevant(total))
    yield Words(said, x - 45, y + 10, 90, 11.5, tone=Tone.QUIET, anchor=Anchor.MIDDLE)


def _month(
    at: int, month: int, counts: Counter[State], x: float, y: float, language: Language, *, is_now: bool
) -> Iterator[Shape]:
    begins, sweep = at * _STEP + _GAP / 2, _STEP - _GAP
    yield Sector(x, y, *_MONTH, begins, sweep, Tone.INK if is_now else Tone.WASH)
    yield from _band(counts, x, y, begins, sweep)
    angle, radius = radians(at * _STEP + _STEP / 2), sum(_MONTH) / 2
    middle_x, middle_y = x + radius * sin(angle), y - radius * cos(angle)
    name, number = month_name(month, language), relevant(counts)
    tone = Tone.PAPER if is_now else Tone.QUIET
    yield _centred(name, middle_x, middle_y - 15, 10, Weight.REGULAR, tone)
    tone = Tone.PAPER if is_now else Tone.INK if number else Tone.QUIET
    yield _centred(str(number) if number else "–", middle_x, middle_y - 2, 13, Weight.BOLD, tone)


def _band(counts: Counter[State], x: float, y: float, begins: float, sweep: float) -> Iterator[Shape]:
    total = relevant(counts)
    if not total:
        yield Sector(x, y, *_BAND, begins, sweep, Tone.RULE)
    for state in _IN_RING:
        share = sweep * counts[state] / total if total else 0
        if share:
            yield Sector(x, y, *_BAND, begins, share, Tone.RULE if state is State.COMING else TONES[state])
        begins += share


def _centred(text: str, x: float, y: float, size: float, weight: Weight, tone: Tone) -> Words:
    return Words(text, x - 14.5, y, 29, size, weight, tone, Anchor.MIDDLE)
