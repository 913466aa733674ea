"""The school's year as rows and as a picture: where everything stands, and what stands where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from bot.files import load_plan, load_school
from flows.drawing import Drawing, Line, Polygon, Tone, Words
from flows.language import Language, same
from flows.limits import MAX_ALTERNATIVE
from flows.occurrences import Window, occurrences
from flows.roster import Roster
from flows.screens.year_picture import Frame, year_picture
from flows.screens.year_scope import DEPARTMENT, PERSON, in_scope
from flows.task_state import State, state_of
from flows.tasks import Seen, Standing, Task
from flows.year_rows import Row, rows

ROOT = Path(__file__).parents[2]
PLAN = load_plan(ROOT / "flows" / "plans" / "oppdal" / "plan.yaml")
SCHOOL = load_school(ROOT / "bot" / "demo_school.yaml", {PLAN.id: PLAN})
ROSTER = Roster(SCHOOL)
OPEN = [Seen(Task(each.key), each) for each in occurrences(PLAN, SCHOOL)]
DAY = date(2026, 12, 4)
NB, NN = Language.NB, Language.NN
LONG = "Wilhelmina-Margrethe Ødegård-Szczęśliwiec Nguyễn Çelik-Łukasz"


def frame(whose: str = "Fjellheim", today: date = DAY, language: Language = NB) -> Frame:
    return Frame(whose, SCHOOL.school_year, today, language)


def texts(drawing: Drawing) -> list[Words]:
    return [shape for shape in drawing.shapes if isinstance(shape, Words)]


def now(seen: Seen, **more: object) -> Seen:
    """Return a task that has come so far."""
    return replace(seen, task=replace(seen.task, **more))  # type: ignore[arg-type]


def one_of(measure: str) -> Seen:
    return next(seen for seen in OPEN if seen.occurrence.key.measure == measure)


def within(first_day: date, last_day: date) -> Seen:
    """Return a task that is to be done from one day to another."""
    return replace(OPEN[0], occurrence=replace(OPEN[0].occurrence, window=Window(first_day, last_day)))


def autumn_done(but: Sequence[str] = ()) -> list[Seen]:
    """Return the year in which all was done in time by today, but for some audiences."""
    return [
        now(seen, standing=Standing.DONE, done_on=seen.occurrence.window.last_day)
        if seen.occurrence.window.last_day < DAY and seen.occurrence.key.audience.id not in but
        else seen
        for seen in OPEN
    ]


@pytest.mark.parametrize(
    ("task", "state"),
    [
        ({"standing": Standing.DONE}, State.DONE),
        ({"standing": Standing.DROPPED}, State.DROPPED),
        ({"planned_for": DAY}, State.PLANNED),
        ({"planned_for": DAY - timedelta(days=1)}, State.DUE),
        ({}, State.DUE),
    ],
)
def test_where_a_task_stands(task: dict[str, object], state: State) -> None:
    assert state_of(now(within(DAY, DAY), **task), DAY) is state


def test_an_open_task_is_due_from_the_first_to_the_last_day_of_its_time() -> None:
    task = within(DAY, DAY + timedelta(days=2))
    found = [state_of(task, DAY + timedelta(days=days)) for days in (-1, 0, 2, 3)]
    assert found == [State.COMING, State.DUE, State.DUE, State.LATE]


def test_what_is_planned_for_after_its_time_is_late_with_its_deadline_in_every_row() -> None:
    late = now(within(DAY, DAY), planned_for=DAY + timedelta(days=9))
    (row,) = rows([late], PLAN, ROSTER, DAY + timedelta(days=1))
    assert (row.state, row.on) == (State.LATE, None)


def test_what_is_for_many_classes_is_one_row_that_counts_them() -> None:
    found = rows(autumn_done(but=("1BAA", "2STB")), PLAN, ROSTER, DAY)
    assert len(found) == sum(len(measure.times) for measure in PLAN.wheel.values())
    walked = next(row for row in found if row.text == PLAN.wheel["W04"].text)
    assert (walked.audience.nb, walked.audience.nn) == ("19 av 21 klasser", "19 av 21 klassar")
    assert (walked.who.nb, walked.state) == ("kontaktlærer", State.LATE)


def test_what_is_not_relevant_does_not_count_in_the_whole() -> None:
    dropped = [
        now(seen, standing=Standing.DROPPED) if seen.occurrence.key.audience.id == "1BAA" else seen
        for seen in autumn_done()
    ]
    walked = next(row for row in rows(dropped, PLAN, ROSTER, DAY) if row.text == PLAN.wheel["W04"].text)
    assert walked.audience.nb == "20 av 20 klasser"


def test_one_class_is_named_with_its_teacher_and_the_day() -> None:
    own = rows(in_scope(PERSON + "mikael", autumn_done(), ROSTER), PLAN, ROSTER, DAY)
    first = own[0]
    assert (first.audience.nb, first.who.nb, first.on) == ("2TMA", "Mikael Strand", date(2026, 8, 31))
    assert {row.audience.nb for row in own} == {"2TMA"}


def test_whom_a_task_was_sent_on_to_sees_to_it() -> None:
    sent = [now(one_of("W15"), owner="ola")]
    assert in_scope(PERSON + "ola", sent, ROSTER) == sent
    assert in_scope(PERSON + "jon", sent, ROSTER) == []


def test_a_departments_year_is_its_own_its_classes_and_its_groups() -> None:
    found = {str(seen.occurrence.key.audience) for seen in in_scope(DEPARTMENT + "idrett", OPEN, ROSTER)}
    assert {"department:idrett", "class:2IDA", "group:fotball"} <= found
    assert not {each for each in found if "STA" in each or each == "school"}


def test_a_class_that_is_no_more_is_left_out() -> None:
    gone = [now(seen, standing=Standing.GONE) for seen in OPEN]
    assert rows(gone, PLAN, ROSTER, DAY) == []


def test_what_a_teachers_picture_says() -> None:
    """A golden picture: every text of it, top down."""
    own = in_scope(PERSON + "solveig", autumn_done(), ROSTER)
    shown = [seen for seen in own if seen.occurrence.key.audience.id == "2BUA"][:2]
    drawing = year_picture(rows(shown, PLAN, ROSTER, DAY), frame("Solveig Myhre", language=NN)).drawing
    said = [each.text for each in texts(drawing)]
    months = ["aug", "sep", "okt", "nov", "des", "jan", "feb", "mars", "apr", "mai", "juni", "juli"]
    assert said[:3] == ["Årshjulet 2026–2027", "Solveig Myhre", "Slik står det 4. desember 2026."]
    assert said[3:27:2] == months
    assert said[4:27:2] == ["1", "–", "–", "–", "–", "–", "1", "–", "–", "–", "–", "–"]
    assert said[27:29] == ["1", "av 2 gjort"]
    legend = [
        "Gjort",
        "1",
        "Over fristen",
        "0",
        "Skal gjerast no",
        "1",
        "Planlagt",
        "0",
        "Kjem",
        "0",
        "Ikkje aktuelt",
        "0",
    ]
    assert said[29:41] == legend
    assert said[41:54] == ["Frist (i parentes: føreslått)", *"ASONDJFMAMJJ"]
    assert said[54:] == [
        "Gå gjennom handlingsplanen i klassen.", "31. aug.", "2BUA · Solveig Myhre", "I dag, 4. desember",
        "Vis episode 2 («Jens») av NRK-serien «RUS» i klassen.", "(28. feb.)", "2BUA · Solveig Myhre",
    ]  # fmt: skip


def test_the_rows_come_by_their_deadlines() -> None:
    found = [row.window for row in rows(OPEN, PLAN, ROSTER, DAY)]
    assert found == sorted(found, key=lambda window: (window.last_day, window.first_day))


def test_a_row_has_the_day_it_was_done_or_is_planned_for_else_its_deadline() -> None:
    days = []
    for more in ({}, {"planned_for": date(2027, 3, 9)}, {"standing": Standing.DONE, "done_on": date(2027, 3, 2)}):
        found = rows([now(one_of("W15"), **more)], PLAN, ROSTER, DAY)
        days.append(texts(year_picture(found, frame()).drawing)[-2].text)
    assert days == ["31. mars", "9. mars", "2. mars"]


def test_what_is_due_today_stands_after_today() -> None:
    windows = [Window(DAY, DAY + timedelta(days=days)) for days in (-1, 0)]
    found = [Row(same(f"{window.last_day}"), same("a"), same("b"), window, {State.DUE: 1}) for window in windows]
    said = [each.text for each in texts(year_picture(found, frame()).drawing)]
    days = [each for each in said if each.startswith(("I dag", "2026"))]
    assert days == ["2026-12-03", "I dag, 4. desember", "2026-12-04"]


def test_what_is_not_relevant_is_counted_beside_the_whole() -> None:
    counts = {State.DONE: 3, State.DROPPED: 2, State.COMING: 1}
    row = Row(same("a"), same("b"), same("c"), Window(DAY, DAY), counts)
    said = [each.text for each in texts(year_picture([row], frame()).drawing)]
    assert "av 4 gjort" in said
    assert said[said.index("des") + 1] == "4"
    assert said[said.index("Ikke aktuelt") + 1] == "2"


def test_only_what_is_late_is_drawn_on_to_today() -> None:
    window = Window(DAY - timedelta(days=60), DAY - timedelta(days=30))
    for state, drawn in ((State.LATE, 1), (State.DONE, 0), (State.DROPPED, 0), (State.PLANNED, 0)):
        row = Row(same("a"), same("b"), same("c"), window, {state: 1})
        lines = [each for each in year_picture([row], frame()).drawing.shapes if isinstance(each, Line)]
        assert sum(each.y1 == each.y2 and each.thick == 1.5 for each in lines) == drawn


def test_a_state_is_told_by_its_shape_too() -> None:
    late = [each for each in rows(OPEN, PLAN, ROSTER, DAY) if each.state is State.LATE]
    shapes = year_picture(late, frame()).drawing.shapes
    triangles = [each for each in shapes if isinstance(each, Polygon) and len(each.corners) == 3]
    assert len(triangles) == len(late) + 1  # and the one that explains it
    assert {each.fill for each in triangles} == {Tone.BAD}


def hostile() -> list[Row]:
    text = same(f"{LONG} «{'a' * 120}» {{tekst}} " * 3)
    return [Row(text, same(LONG), same(LONG), Window(DAY, DAY), {State.LATE: 900, State.DONE: 99}) for _ in range(200)]


@pytest.mark.parametrize("found", [rows(OPEN, PLAN, ROSTER, DAY), hostile(), []], ids=["school", "hostile", "empty"])
@pytest.mark.parametrize("today", [date(2026, 8, 1), DAY, date(2027, 7, 31)])
def test_every_text_has_its_own_room_on_the_paper(found: list[Row], today: date) -> None:
    drawing = year_picture(found, frame(LONG * 3, today)).drawing
    boxes = [(each.x, each.y, each.x + each.width, each.y + each.height) for each in texts(drawing)]
    assert all(x >= 0 and y >= 0 and right <= 390 and bottom <= drawing.height for x, y, right, bottom in boxes)
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
        assert apart, (one, other)


def test_the_words_of_a_picture_begin_with_what_presses() -> None:
    said = year_picture(rows(autumn_done(but=("1BAA",)), PLAN, ROSTER, DAY), frame()).text.splitlines()
    assert said[0].startswith("Årshjulet 2026–2027. Fjellheim. Slik står det 4. desember 2026. ")
    assert said[1:3] == [
        "Over fristen:",
        "- Gå gjennom handlingsplanen i klassen. 20 av 21 klasser, kontaktlærer. Frist 31. august 2026.",
    ]


def test_the_words_say_what_they_leave_out() -> None:
    text = year_picture(hostile(), frame()).text
    assert len(text) <= MAX_ALTERNATIVE
    left = 200 - text.count("\n- ")
    assert text.splitlines()[-1] == f"og {left} til"


def test_an_empty_year_says_so() -> None:
    picture = year_picture([], frame(language=NN))
    assert "Her er det ingen tiltak dette skoleåret." in [each.text for each in texts(picture.drawing)]
    assert picture.text == "Årshjulet 2026–2027. Fjellheim. Her er det ingen tiltak dette skoleåret."


def test_a_row_of_several_classes_says_the_deadline_that_the_late_ones_have_missed() -> None:
    classes = [seen for seen in OPEN if seen.occurrence.key.measure == "W11"][:2]
    late, coming = date(2026, 11, 9), date(2027, 3, 7)
    first, second = (
        replace(seen, occurrence=replace(seen.occurrence, window=Window(date(2026, 11, 1), day)))
        for seen, day in zip(classes, (late, coming), strict=True)
    )
    (row,) = rows([first, second], PLAN, ROSTER, DAY)
    assert (row.state, row.window.last_day) == (State.LATE, late)
