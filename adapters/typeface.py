"""The typeface that travels with us, for pictures and papers: Open Sans; what is written with it is others' affair."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent / "fonts"
REGULAR = FONTS / "OpenSans-Regular.ttf"
BOLD = FONTS / "OpenSans-Semibold.ttf"

ELLIPSIS = "…"


@cache
def font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    """Return the font in a size in pixels."""
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def composed(text: str) -> str:
    """Return a text with each letter and its accents as one sign: only that one stands in the font."""
    return unicodedata.normalize("NFC", text)


def fitted(text: str, face: ImageFont.FreeTypeFont, width: float, lines: int) -> list[str]:
    """Break a text into at most so many lines of a width, an ellipsis where something is left out."""
    words = composed(text).split()
    done: list[str] = []
    while words and len(done) < lines:
        taken = _line(words, face, width)
        done.append(taken)
    if words and done:
        done[-1] = _shortened(f"{done[-1]} {words[0]}", face, width)
    return done


def _line(words: list[str], face: ImageFont.FreeTypeFont, width: float) -> str:
    """Take the words of the next line off the list; of a word that is wider than a line, as much as there is room."""
    line = words.pop(0)
    if face.getlength(line) > width:
        fits = _prefix(line, face, width)
        words.insert(0, line[fits:])
        return line[:fits]
    while words and face.getlength(f"{line} {words[0]}") <= width:
        line = f"{line} {words.pop(0)}"
    return line


def _shortened(line: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    return f"{line[: _prefix(line, face, width - face.getlength(ELLIPSIS))].rstrip(' ,.–')}{ELLIPSIS}"


def _prefix(line: str, face: ImageFont.FreeTypeFont, width: float) -> int:
    """Return how many signs of a line have room, at least one."""
    return max(1, next((end - 1 for end in range(1, len(line) + 1) if face.getlength(line[:end]) > width), len(line)))
