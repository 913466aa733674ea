"""The six signs for how far something has come: each is known by its shape as well as by its colour."""

from __future__ import annotations

from flows import paper_messages as p
from flows.drawing import Box, Line, Polygon, Sector, Shape, Tone
from flows.language import Text
from flows.task_state import State

SIZE = 14  # of a sign's box

TONES = {
    State.LATE: Tone.BAD,
    State.DUE: Tone.NOW,
    State.PLANNED: Tone.SET,
    State.COMING: Tone.LATER,
    State.DONE: Tone.GOOD,
    State.DROPPED: Tone.LATER,
}
NAMES: dict[State, Text] = {
    State.LATE: p.STATE_LATE,
    State.DUE: p.STATE_DUE,
    State.PLANNED: p.STATE_PLANNED,
    State.COMING: p.STATE_COMING,
    State.DONE: p.STATE_DONE,
    State.DROPPED: p.STATE_DROPPED,
}


def mark(state: State, x: float, y: float) -> tuple[Shape, ...]:
    """Return a state's sign in the box whose top left corner is (x, y)."""
    tone, middle = TONES[state], (x + SIZE / 2, y + SIZE / 2)
    match state:
        case State.LATE:  # a warning triangle
            triangle = Polygon(((x + 7, y), (x + 14.5, y + 13.5), (x - 0.5, y + 13.5)), tone)
            stroke, dot = Box(x + 6.1, y + 4.6, 1.8, 4.6, Tone.PAPER), Box(x + 6.1, y + 10.2, 1.8, 1.8, Tone.PAPER)
            return triangle, stroke, dot
        case State.DUE:  # a diamond
            return (Polygon(((x + 7, y - 0.5), (x + 14.5, y + 7), (x + 7, y + 14.5), (x - 0.5, y + 7)), tone),)
        case State.PLANNED:  # a leaf of a calendar
            leaf, head = (
                Box(x + 0.5, y + 1, 13, 12.5, edge=tone, corner=2),
                Box(x + 0.5, y + 1, 13, 4.5, tone, corner=1.5),
            )
            return leaf, head, Box(x + 4.8, y + 7.6, 4.4, 3.4, tone)
        case State.COMING:  # a ring
            return (Sector(*middle, 4.8, 6.5, 0, 360, tone),)
        case State.DONE:  # a disc with a tick
            tick = (
                Line(x + 3.6, y + 7.3, x + 6.2, y + 9.8, Tone.PAPER, 1.8),
                Line(x + 5.7, y + 9.8, x + 10.4, y + 4.8, Tone.PAPER, 1.8),
            )
            return Sector(*middle, 0, 7, 0, 360, tone), *tick
        case State.DROPPED:  # a ring that is crossed out
            return Sector(*middle, 4.8, 6.5, 0, 360, tone), Line(x + 2.6, y + 11.4, x + 11.4, y + 2.6, tone, 1.7)
