"""The closed vocabulary of a picture: what stands where, and what its colours mean; not how it becomes pixels.

Lengths are in points of a page that is looked at in its own width, on a phone: 390 wide. The origin is at the top left.
A text names the box that it has: whoever draws it breaks and shortens it to fit, so that no text leaves its box.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LEADING = 1.3  # from one line of a text to the next, in sizes


class Tone(StrEnum):
    """What a colour says. A renderer picks colours in which ink and every state can be read on paper and wash."""

    PAPER = "paper"
    WASH = "wash"  # an area that is set apart a little
    RULE = "rule"  # lines that order, and say nothing
    INK = "ink"
    QUIET = "quiet"  # words of less weight
    GOOD = "good"
    BAD = "bad"
    NOW = "now"
    SET = "set"  # decided, not there yet
    LATER = "later"


class Weight(StrEnum):
    REGULAR = "regular"
    BOLD = "bold"


class Anchor(StrEnum):
    """Where in its box a text stands."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled or edged or both; `corner` is the radius of its corners."""

    x: float
    y: float
    width: float
    height: float
    fill: Tone | None = None
    edge: Tone | None = None
    corner: float = 0


@dataclass(frozen=True, slots=True)
class Sector:
    """A part of a ring around (x, y): degrees clockwise from the top. `inner` 0 and `sweep` 360: a disc."""

    x: float
    y: float
    inner: float
    outer: float
    begins: float
    sweep: float
    fill: Tone


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    tone: Tone
    thick: float = 1


@dataclass(frozen=True, slots=True)
class Polygon:
    corners: tuple[tuple[float, float], ...]
    fill: Tone


@dataclass(frozen=True, slots=True)
class Words:
    """A text in a box of `width`, in at most `lines` lines; it is shortened where it doesn't fit."""

    text: str
    x: float
    y: float
    width: float
    size: float
    weight: Weight = Weight.REGULAR
    tone: Tone = Tone.INK
    anchor: Anchor = Anchor.START
    lines: int = 1

    @property
    def height(self) -> float:
        return self.lines * self.size * LEADING


# How wide signs are at the most in a typeface for running text, in sizes; what isn't here is as wide as a capital.
_BREADTHS = {
    sign: breadth
    for signs, breadth in (
        (" ijl.,:;'", 0.27),
        ("ft-()I/", 0.37),
        ("r", 0.41),
        ("cksvxyzL«»", 0.525),
        ("aeåä0123456789", 0.575),
        ("bdghnopquøö–", 0.62),
        ("mwæMW@%—…", 0.95),
    )
    for sign in signs
}
_CAPITAL = 0.79


def lines_needed(text: str, size: float, width: float) -> int:
    """Return how many lines a text takes at the most."""
    lines, used, space = 1, 0.0, _BREADTHS[" "] * size
    for word in text.split():
        needs = sum(_BREADTHS.get(sign, _CAPITAL) for sign in word) * size
        if used and used + space + needs > width:
            lines, used = lines + 1, 0.0
        used += needs + (space if used else 0)
        while used > width:  # a word that is longer than a line goes on in the next
            lines, used = lines + 1, used - width
    return lines


Shape = Box | Sector | Line | Polygon | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on paper, the later ones over the earlier."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
