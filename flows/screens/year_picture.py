"""The school's year as a picture: a ring of its months, then each measure with who, for whom, when and how far.

Only what is in the rows is drawn; whom the picture is for decides which rows those are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flows import messages as m
from flows import paper_messages as p
from flows.calendar_words import brief, month_name, without_year, written, years
from flows.cards import Picture
from flows.drawing import LEADING, Anchor, Box, Drawing, Line, Shape, Tone, Weight, Words, lines_needed
from flows.language import Language, Text
from flows.limits import MAX_ALTERNATIVE, shortened
from flows.occurrences import AUGUST
from flows.screens.year_marks import NAMES, SIZE, TONES, mark
from flows.screens.year_ring import MONTHS, RADIUS, counted, relevant, ring
from flows.task_state import State
from flows.year_rows import Row

WIDTH = 390  # of a phone's screen
MARGIN = 16
RIGHT = WIDTH - MARGIN
INDENT = MARGIN + SIZE + 8
BODY, SMALL = 12.5, 11
DATE_WIDTH = 62
TEXT_WIDTH = RIGHT - INDENT - DATE_WIDTH - 6
LANE = 144
MOST_LINES, MOST_ROWS = 4, 60
LEGEND = MARGIN + 2 * RADIUS + 20


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the rows: whose year it is, which one, and the day it is looked at."""

    whose: str
    school_year: str
    today: date
    language: Language

    def say(self, text: Text, **values: str | int) -> str:
        return text.in_(self.language).format(**values)

    def place(self, day: date) -> float:
        """Return where in the school year a day is: 0 its first of August, 1 the next."""
        first = date(int(self.school_year[:4]), AUGUST, 1)
        return min(max((day - first).days / (first.replace(year=first.year + 1) - first).days, 0), 1)


def year_picture(rows: Sequence[Row], frame: Frame) -> Picture:
    """Return the picture and its words; `rows` in the order of their deadlines."""
    shapes: list[Shape] = [*_head(rows, frame)]
    y = max(each.y + each.height for each in shapes if isinstance(each, Words)) + 18
    y = max(y, _RING_TOP + 2 * RADIUS + 22)
    if rows:
        shapes += _axis(y, frame)
        y += 26
    is_past = bool(rows) and rows[0].window.last_day < frame.today
    for row in rows[:MOST_ROWS]:
        if is_past and row.window.last_day >= frame.today:
            shapes += _today(y + 5, frame)
            y, is_past = y + 28, False
        drawn = tuple(_row(row, y, frame))
        shapes += drawn
        y += _height(row, frame)
    if len(rows) > MOST_ROWS:
        more = frame.say(m.AND_MORE, count=len(rows) - MOST_ROWS)
        shapes.append(Words(more, INDENT, y, TEXT_WIDTH, BODY, tone=Tone.QUIET))
        y += BODY * LEADING
    if not rows:
        shapes.append(Words(frame.say(p.PICTURE_EMPTY), MARGIN, y, WIDTH - 2 * MARGIN, BODY, tone=Tone.QUIET, lines=2))
        y += 2 * BODY * LEADING
    return Picture(Drawing(WIDTH, y + MARGIN, tuple(shapes)), _said(rows, frame))


_RING_TOP = 112


def _head(rows: Sequence[Row], frame: Frame) -> Iterator[Shape]:
    full = WIDTH - 2 * MARGIN
    yield Words(frame.say(p.PICTURE_TITLE, year=years(frame.school_year)), MARGIN, 16, full, 22, Weight.BOLD)
    yield Words(frame.whose, MARGIN, 47, full, 13.5, Weight.BOLD, lines=1)
    as_of = frame.say(p.PICTURE_AS_OF, day=written(frame.today, frame.language))
    yield Words(as_of, MARGIN, 67, full, BODY, tone=Tone.QUIET)
    yield from ring(rows, MARGIN + RADIUS, _RING_TOP + RADIUS - 8, frame.today, frame.language)
    counts = counted(rows)
    for at, state in enumerate((State.DONE, State.LATE, State.DUE, State.PLANNED, State.COMING, State.DROPPED)):
        yield from _legend(state, counts[state], _RING_TOP + 18 + at * 27, frame)


def _legend(state: State, count: int, y: float, frame: Frame) -> Iterator[Shape]:
    yield from mark(state, LEGEND, y)
    tone = Tone.INK if count else Tone.QUIET
    yield Words(frame.say(NAMES[state]), LEGEND + SIZE + 7, y - 1, 92, BODY, tone=tone)
    yield Words(str(count), RIGHT - 32, y - 1, 32, BODY, Weight.BOLD, tone, Anchor.END)


def _axis(y: float, frame: Frame) -> Iterator[Shape]:
    """Write what the columns of the list are: the months stand over the bars, by their first letters."""
    yield Words(frame.say(p.PICTURE_LIST), MARGIN, y, 180, SMALL, Weight.BOLD, Tone.QUIET)
    step = LANE / len(MONTHS)
    for at, month in enumerate(MONTHS):
        letter = month_name(month, frame.language)[0].upper()
        yield Words(letter, RIGHT - LANE + at * step, y + 1, step, 10, tone=Tone.QUIET, anchor=Anchor.MIDDLE)
    yield Line(MARGIN, y + 19, RIGHT, y + 19, Tone.RULE)


def _today(y: float, frame: Frame) -> Iterator[Shape]:
    said = frame.say(p.PICTURE_TODAY, day=without_year(frame.today, frame.language))
    yield Box(MARGIN, y + 1, WIDTH - 2 * MARGIN, 18, Tone.INK, corner=4)
    yield Words(said, MARGIN + 8, y + 3, 300, SMALL, Weight.BOLD, Tone.PAPER)


def _lines(row: Row, frame: Frame) -> int:
    return min(lines_needed(row.text.in_(frame.language), BODY, TEXT_WIDTH), MOST_LINES)


def _height(row: Row, frame: Frame) -> float:
    return _lines(row, frame) * BODY * LEADING + SMALL * LEADING + 15


def _row(row: Row, y: float, frame: Frame) -> Iterator[Shape]:
    top, lines, state = y + 6, _lines(row, frame), row.state
    tone = Tone.QUIET if state in (State.DROPPED, State.COMING) else TONES[state]
    yield from mark(state, MARGIN, top + 1)
    yield Words(row.text.in_(frame.language), INDENT, top, TEXT_WIDTH, BODY, lines=lines)
    day = brief(row.on or row.window.last_day, frame.language)
    day = f"({day})" if row.is_proposed and not row.on else day
    yield Words(day, RIGHT - DATE_WIDTH, top, DATE_WIDTH, SMALL + 1, Weight.BOLD, tone, Anchor.END)
    below = top + lines * BODY * LEADING + 2
    said = " · ".join(each.in_(frame.language) for each in (row.audience, row.who))
    yield Words(said, INDENT, below, RIGHT - LANE - 8 - INDENT, SMALL, tone=Tone.QUIET)
    yield from _lane(row, RIGHT - LANE, below + 3, frame)
    end = y + _height(row, frame) - 1
    yield Line(INDENT, end, RIGHT, end, Tone.RULE, 0.6)


def _lane(row: Row, x: float, y: float, frame: Frame) -> Iterator[Shape]:
    """Draw a year from August to July, in it the time that a measure has, and today."""
    height, tone = 9, TONES[row.state]
    begins, ends = frame.place(row.window.first_day) * LANE, frame.place(row.window.last_day) * LANE
    width, today = max(ends - begins, 5), x + frame.place(frame.today) * LANE
    done = row.counts.get(State.DONE, 0) / (row.total - row.counts.get(State.DROPPED, 0) or 1)
    yield Box(x, y, LANE, height, Tone.WASH, corner=3)
    if row.state is State.LATE and today > x + begins + width:
        yield Line(x + begins + width, y + height / 2, today, y + height / 2, tone, 1.5)
    solid = row.state in (State.LATE, State.DUE)
    yield Box(x + begins, y, width, height, tone if solid else Tone.PAPER, tone, corner=2)
    if done:
        yield Box(x + begins, y, max(width * done, 2), height, Tone.GOOD, corner=2)
    if row.state is State.PLANNED and row.on:
        yield Box(x + frame.place(row.on) * LANE - 2, y, 4, height, tone)
    yield Line(today, y - 3, today, y + height + 3, Tone.INK, 1.5)


def _said(rows: Sequence[Row], frame: Frame) -> str:
    """Say the picture in words: the sums, then every measure, the most pressing first."""
    counts = counted(rows)
    head = f"{frame.say(p.PICTURE_TITLE, year=years(frame.school_year))}. {frame.whose}."
    if not rows:
        return f"{head} {frame.say(p.PICTURE_EMPTY)}"
    sums = frame.say(p.PICTURE_COUNTED, done=counts[State.DONE], total=relevant(counts))
    lines = [f"{head} {frame.say(p.PICTURE_AS_OF, day=written(frame.today, frame.language))} {sums}"]
    for state in State:
        own = [row for row in rows if row.state is state]
        if own:
            lines += [f"{frame.say(NAMES[state])}:", *(_line(row, frame) for row in own)]
    return _within(lines, frame)


def _line(row: Row, frame: Frame) -> str:
    dated = {State.DONE: p.PICTURE_DONE_ON, State.PLANNED: p.PICTURE_PLANNED_FOR} if row.on else {}
    day = written(row.on or row.window.last_day, frame.language)
    deadline = p.PICTURE_PROPOSED if row.is_proposed else p.PICTURE_DEADLINE
    when = frame.say(dated.get(row.state, deadline), day=day)
    measure, audience, who = (each.in_(frame.language) for each in (row.text, row.audience, row.who))
    return "- " + frame.say(p.PICTURE_LINE, measure=measure, audience=audience, who=who, when=when)


def _within(lines: Iterable[str], frame: Frame) -> str:
    """Return as many of the lines as there is room for, and how many were left out."""
    every = list(lines)
    kept = list(every)
    while sum(len(line) + 1 for line in kept) > MAX_ALTERNATIVE - 20:
        kept.pop()
    left = sum(line.startswith("- ") for line in every[len(kept) :])
    said = "\n".join([*kept, frame.say(m.AND_MORE, count=left)] if left else kept)
    return shortened(said, MAX_ALTERNATIVE)
