"""A drawing as a PNG, opened again: its size and colours, and that every text keeps to its box."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.drawings import COLOURS, SCALE, Colour, lines_of, png
from adapters.typeface import BOLD, REGULAR, font
from flows.drawing import Anchor, Box, Drawing, Line, Polygon, Sector, Shape, Tone, Weight, Words, lines_needed
from flows.language import Language
from flows.screens.year_marks import SIZE, TONES, mark
from flows.screens.year_picture import BODY, TEXT_WIDTH, year_picture
from flows.task_state import State
from flows.year_rows import rows
from tests.flows.test_year_picture import DAY, LONG, OPEN, PLAN, ROSTER, frame, hostile, texts


def opened(*shapes: Shape, width: float = 60, height: float = 40) -> Image.Image:
    return Image.open(BytesIO(png(Drawing(width, height, shapes)))).convert("RGB")


def at(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    found = image.getpixel((round(x * SCALE), round(y * SCALE)))
    assert isinstance(found, tuple)
    return found


def contrast(one: Colour, other: Colour) -> float:
    def light(colour: Colour) -> float:
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tone", [tone for tone in Tone if tone not in (Tone.PAPER, Tone.WASH, Tone.RULE)])
def test_every_colour_can_be_read(tone: Tone) -> None:
    assert contrast(COLOURS[tone], COLOURS[Tone.PAPER]) >= 4.5
    assert contrast(COLOURS[tone], COLOURS[Tone.WASH]) >= 4.5


def test_a_picture_has_its_size_and_its_paper() -> None:
    image = opened()
    assert image.size == (60 * SCALE, 40 * SCALE)
    assert image.getcolors() == [(60 * 40 * SCALE**2, COLOURS[Tone.PAPER])]


def test_every_shape_is_where_it_is_said_to_be() -> None:
    image = opened(
        Box(2, 2, 10, 10, Tone.GOOD, corner=2),
        Line(20, 5, 40, 5, Tone.BAD, 2),
        Line(20, 10, 40, 30, Tone.SET, 4),
        Polygon(((2, 20), (12, 20), (2, 30)), Tone.NOW),
        Sector(50, 30, 4, 8, 0, 90, Tone.LATER),
    )
    for tone, x, y in (
        (Tone.GOOD, 7, 7),
        (Tone.BAD, 30, 5),
        (Tone.SET, 30, 20),
        (Tone.NOW, 4, 22),
        (Tone.LATER, 54, 26),
    ):
        assert contrast(at(image, x, y), COLOURS[tone]) < 1.1  # type: ignore[arg-type]
    for x, y in ((2, 2), (30, 7), (30, 24), (11, 29), (50, 30), (46, 26)):  # outside a corner, a side, a ring
        assert at(image, x, y) == COLOURS[Tone.PAPER]


def test_a_sector_begins_at_the_top_and_goes_clockwise() -> None:
    image = opened(Sector(20, 20, 0, 15, 30, 60, Tone.GOOD))
    assert at(image, 30, 14) == COLOURS[Tone.GOOD]
    assert [at(image, x, y) for x, y in ((21, 8), (30, 26), (10, 14))] == [COLOURS[Tone.PAPER]] * 3


def test_a_rare_colour_is_not_lost() -> None:
    """A picture in which almost everything is done still shows its one late row in red."""
    crowd = [Box(x, 0, 1, 600, tone) for x, tone in enumerate(list(COLOURS.keys()) * 30)]
    image = opened(*crowd, *mark(State.LATE, 310, 5), width=330, height=600)
    assert contrast(at(image, 317, 17), COLOURS[Tone.BAD]) < 1.1  # type: ignore[arg-type]


@pytest.mark.parametrize("state", list(State))
def test_every_sign_is_drawn_in_its_box_in_its_colour(state: State) -> None:
    image = opened(*mark(state, 20, 12))
    seen = {colour: count for count, colour in image.getcolors(10_000) or []}
    assert seen[COLOURS[TONES[state]]] > 40
    box = Image.eval(image.convert("L"), lambda light: 255 if light < 250 else 0).getbbox()
    assert box is not None
    left, top, right, bottom = (edge / SCALE for edge in box)
    assert left >= 19
    assert top >= 11
    assert right <= 21 + SIZE
    assert bottom <= 13 + SIZE


def signs_of(state: State) -> bytes:
    """Return a sign in black and white: its shape alone."""
    shapes = mark(state, 20, 12)
    return opened(*shapes).convert("L").point(lambda light: 255 if light > 200 else 0).tobytes()


def test_every_sign_has_a_shape_of_its_own() -> None:
    assert len({signs_of(state) for state in State}) == len(State)


@pytest.mark.parametrize("file", [REGULAR, BOLD])
def test_the_letters_of_names_are_in_the_typeface(file: Path) -> None:
    face = font(file, 40)
    missing = bytes(face.getmask("\uffff"))
    for sign in "æøåÆØÅäöüéèêòôŁłńśęąçÇşŞğİıčšžđŋŧáíőűțășỹễếồạđĐ«»–…·§":
        assert bytes(face.getmask(sign)) not in (missing, bytes(face.getmask(" "))), sign


def drawn_boxes(drawing: Drawing) -> list[tuple[Words, float, float]]:
    """Return each line that is drawn: its text, and where its ink begins and ends, in points."""
    return [
        (words, x / SCALE, (x + face.getlength(line)) / SCALE)
        for words in texts(drawing)
        for line, face, x, _ in lines_of(words)
    ]


@pytest.mark.parametrize("found", [rows(OPEN, PLAN, ROSTER, DAY), hostile()[:9]], ids=["school", "hostile"])
@pytest.mark.parametrize("language", [Language.NB, Language.NN])
def test_no_text_leaves_its_box(found: list, language: Language) -> None:  # type: ignore[type-arg]
    for words, begins, ends in drawn_boxes(year_picture(found, frame(LONG * 3, language=language)).drawing):
        assert begins >= words.x - 0.5
        assert ends <= words.x + words.width + 0.5
    drawing = year_picture(found, frame(LONG * 3, language=language)).drawing
    for words in texts(drawing):
        drawn = lines_of(words)
        assert 1 <= len(drawn) <= words.lines
        for line, face, _, y in drawn:
            top, bottom = (edge / SCALE for edge in (y + face.getbbox(line)[1], y + face.getbbox(line)[3]))
            assert top >= words.y - 1
            assert bottom <= words.y + words.height + 1


@pytest.mark.parametrize("language", [Language.NB, Language.NN])
def test_no_measure_of_the_plan_is_shortened(language: Language) -> None:
    drawing = year_picture(rows(OPEN, PLAN, ROSTER, DAY), frame(language=language)).drawing
    said = {line for words in texts(drawing) for line, *_ in lines_of(words)}
    assert not [line for line in said if line.endswith("…")]


@given(st.text("abcdefghijklmnoprstuvyæøåABGHMSØÅ  «»–.,0123456789", max_size=200))
@settings(max_examples=300, deadline=None)
def test_a_text_never_needs_more_lines_than_were_kept_for_it(text: str) -> None:
    kept = lines_needed(text, BODY, TEXT_WIDTH)
    drawn = lines_of(Words(text, 0, 0, TEXT_WIDTH, BODY, lines=kept))
    assert "".join(line for line, *_ in drawn).replace(" ", "") == "".join(text.split())


def test_a_text_stands_where_it_is_anchored() -> None:
    found = [lines_of(Words("Hei", 10, 0, 100, 12, anchor=anchor))[0] for anchor in Anchor]
    starts = [x / SCALE for _, _, x, _ in found]
    width = found[0][1].getlength("Hei") / SCALE
    assert starts == pytest.approx([10, 60 - width / 2, 110 - width])
    assert all(earlier < later for earlier, later in pairwise(starts))


def test_accents_that_are_written_apart_are_drawn_as_one_letter() -> None:
    apart, whole = "Nguye\u0302\u0303n", "Nguy\u1ec5n"
    assert [lines_of(Words(text, 0, 0, 200, 12, Weight.BOLD))[0][0] for text in (apart, whole)] == [whole, whole]


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    ((line, face, _, _),) = lines_of(Words("Gå gjennom handlingsplanen i klassen", 0, 0, 60, 12))
    assert line.endswith("…")
    assert face.getlength(line) <= 60 * SCALE


def test_a_school_of_many_classes_is_small_enough_to_send() -> None:
    picture = year_picture(rows(OPEN, PLAN, ROSTER, DAY), frame())
    image = Image.open(BytesIO(png(picture.drawing)))
    assert image.size == (390 * SCALE, round(picture.drawing.height * SCALE))
    assert len(png(picture.drawing)) < 600_000
