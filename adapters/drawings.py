"""From a drawing to a PNG; what is drawn stands in `flows`."""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from adapters.typeface import BOLD, REGULAR, fitted, font
from flows.drawing import LEADING, Anchor, Box, Drawing, Line, Polygon, Sector, Shape, Tone, Weight, Words

SCALE = 3  # pixels to a point: what a phone shows sharp
SMOOTH = 4  # curves and slopes are drawn so much larger first
STEPS = 6  # from a colour to its ground, where an edge is smooth
MEDIA_TYPE = "image/png"

Colour = tuple[int, int, int]
# Every ink and state is read on paper and wash at 4.5:1 at least; the states also differ in lightness.
COLOURS: dict[Tone, Colour] = {
    Tone.PAPER: (255, 255, 255),
    Tone.WASH: (241, 244, 248),
    Tone.RULE: (205, 212, 222),
    Tone.INK: (27, 36, 48),
    Tone.QUIET: (84, 95, 110),
    Tone.GOOD: (22, 101, 62),
    Tone.BAD: (178, 30, 46),
    Tone.NOW: (150, 84, 0),
    Tone.SET: (29, 92, 168),
    Tone.LATER: (98, 108, 122),
}
_FONTS = {Weight.REGULAR: REGULAR, Weight.BOLD: BOLD}


@lru_cache(maxsize=64)  # a card is drawn again when it is edited; the picture on it mostly hasn't changed
def png(drawing: Drawing) -> bytes:
    """Return the drawing as a PNG of `SCALE` pixels to a point."""
    image = Image.new("RGB", (round(drawing.width * SCALE), round(drawing.height * SCALE)), COLOURS[Tone.PAPER])
    pen = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        _draw(shape, image, pen)
    written = BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(written, "PNG", compress_level=6)
    return written.getvalue()


@cache
def _palette() -> Image.Image:
    """Return every colour in its steps to each that it may stand on: a palette of the commonest would lose a sign."""
    light, grounds = (Tone.PAPER, Tone.WASH, Tone.RULE), (Tone.PAPER, Tone.WASH)
    pairs = [(COLOURS[tone], COLOURS[on]) for on in grounds for tone in Tone if tone not in light]
    mixed = [_mixed(*pair, at / STEPS) for pair in pairs for at in range(STEPS)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in dict.fromkeys([*COLOURS.values(), *mixed]) for part in colour])
    return palette


def _mixed(colour: Colour, ground: Colour, share: float) -> Colour:
    red, green, blue = (round(own + (other - own) * share) for own, other in zip(colour, ground, strict=True))
    return red, green, blue


def _draw(shape: Shape, image: Image.Image, pen: ImageDraw.ImageDraw) -> None:
    match shape:
        case Words():
            _write(shape, pen)
        case Box():
            _box(shape, pen)
        case Line(x1, y1, x2, y2, tone, thick):
            if x1 == x2 or y1 == y2:
                pen.line([_px(x1), _px(y1), _px(x2), _px(y2)], COLOURS[tone], max(1, _px(thick)))
            else:
                _smooth(image, _slope(shape), tone)
        case Polygon(corners, fill):
            _smooth(image, corners, fill)
        case Sector():
            _sector(shape, image)


def _px(length: float) -> int:
    return round(length * SCALE)


def _box(box: Box, pen: ImageDraw.ImageDraw) -> None:
    corners = [_px(box.x), _px(box.y), _px(box.x + box.width) - 1, _px(box.y + box.height) - 1]
    pen.rounded_rectangle(
        corners,
        _px(box.corner),
        fill=COLOURS[box.fill] if box.fill else None,
        outline=COLOURS[box.edge] if box.edge else None,
        width=_px(1.3),
    )


def lines_of(words: Words) -> list[tuple[str, ImageFont.FreeTypeFont, float, float]]:
    """Return the lines of a text: what each says, in which font, and where it begins, in pixels."""
    face = font(_FONTS[words.weight], _px(words.size))
    width = words.width * SCALE
    found = fitted(words.text, face, width, words.lines)
    step = words.size * LEADING * SCALE
    top = words.y * SCALE + (step - sum(face.getmetrics())) / 2
    room = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}[words.anchor]
    return [
        (line, face, words.x * SCALE + (width - face.getlength(line)) * room, top + at * step)
        for at, line in enumerate(found)
    ]


def _write(words: Words, pen: ImageDraw.ImageDraw) -> None:
    for line, face, x, y in lines_of(words):
        pen.text((x, y), line, COLOURS[words.tone], font=face)


def _slope(line: Line) -> tuple[tuple[float, float], ...]:
    """Return a slanting line as the four corners of its stroke."""
    length = ((line.x2 - line.x1) ** 2 + (line.y2 - line.y1) ** 2) ** 0.5
    dx, dy = (line.y2 - line.y1) / length * line.thick / 2, (line.x1 - line.x2) / length * line.thick / 2
    return (
        (line.x1 + dx, line.y1 + dy),
        (line.x2 + dx, line.y2 + dy),
        (line.x2 - dx, line.y2 - dy),
        (line.x1 - dx, line.y1 - dy),
    )


def _smooth(image: Image.Image, corners: tuple[tuple[float, float], ...], tone: Tone) -> None:
    left, top = (min(corner[at] for corner in corners) for at in (0, 1))
    right, bottom = (max(corner[at] for corner in corners) for at in (0, 1))
    origin = (int(left * SCALE), int(top * SCALE))
    size = (int((right - left) * SCALE) + 2, int((bottom - top) * SCALE) + 2)
    mask = Image.new("L", (size[0] * SMOOTH, size[1] * SMOOTH))
    at = [((x * SCALE - origin[0]) * SMOOTH, (y * SCALE - origin[1]) * SMOOTH) for x, y in corners]
    ImageDraw.Draw(mask).polygon(at, fill=255)
    image.paste(COLOURS[tone], origin, mask.reduce(SMOOTH))


def _sector(sector: Sector, image: Image.Image) -> None:
    """Draw a part of a ring through a mask, so that the ring's inside stays what it was."""
    outer = sector.outer * SCALE
    origin = (int(sector.x * SCALE - outer), int(sector.y * SCALE - outer))
    size = int(outer * 2) + 2
    x, y = (sector.x * SCALE - origin[0]) * SMOOTH, (sector.y * SCALE - origin[1]) * SMOOTH
    mask = Image.new("L", (size * SMOOTH, size * SMOOTH))
    pen = ImageDraw.Draw(mask)
    start = sector.begins - 90  # Pillow counts from the right, clockwise
    pen.pieslice(_around(x, y, outer * SMOOTH), start, start + sector.sweep, fill=255)
    if sector.inner:
        pen.ellipse(_around(x, y, sector.inner * SCALE * SMOOTH), fill=0)
    image.paste(COLOURS[sector.fill], origin, mask.reduce(SMOOTH))


def _around(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return (x - radius, y - radius, x + radius, y + radius)
