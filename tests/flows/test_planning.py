"""What a school's tasks should be when its classes or the times of its measures are others than they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.files import load_plan, load_school
from flows.occurrences import Key, Window
from flows.planning import planned
from flows.roster import Roster
from flows.school import School
from flows.tasks import Standing, Task

ROOT = Path(__file__).parents[2]
PLAN = load_plan(ROOT / "flows" / "plans" / "oppdal" / "plan.yaml")
SCHOOL = load_school(ROOT / "bot" / "demo_school.yaml", {PLAN.id: PLAN})
NOW = datetime(2026, 9, 2, 10, tzinfo=UTC)
FIRST, SECOND = (Window(date(2026, 10, day), date(2026, 12, 18)) for day in (5, 12))


def after(known: Mapping[Key, Task], school: School = SCHOOL) -> dict[Key, Task]:
    """Return the tasks as they are after planning, by key."""
    found = planned(PLAN, Roster(school), known, NOW)
    unchanged = {task.id: task for task in known.values()}
    unchanged |= {task.id: task for _, task in found.changed}
    new = [replace(task, id=str(task.key)) for task in found.new]
    return {task.key: task for task in (*unchanged.values(), *new)}


def without(name: str) -> School:
    return replace(SCHOOL, classes={key: each for key, each in SCHOOL.classes.items() if key != name})


def moved(known: Mapping[Key, Task], window: Window, but: str = "") -> dict[Key, Task]:
    """Return the tasks after the walk through the plan was given another time, for all classes but one."""
    return {
        key: replace(task, moved=window) if key.measure == "W04" and key.audience.id != but else task
        for key, task in known.items()
    }


def of_class(name: str, known: Mapping[Key, Task]) -> Task:
    return next(task for key, task in known.items() if (key.measure, key.audience.id) == ("W04", name))


def test_a_new_class_has_the_time_that_was_set_for_all() -> None:
    known = moved(after({}, without("2TMA")), FIRST)
    new = of_class("2TMA", after(known))
    assert (new.moved, new.next_on) == (FIRST, date(2026, 10, 12))  # after the autumn holiday


@pytest.mark.parametrize("standing", [Standing.OPEN, Standing.DONE])
@pytest.mark.parametrize("is_last", [False, True])
def test_a_class_that_comes_back_has_the_time_that_was_set_meanwhile(standing: Standing, *, is_last: bool) -> None:
    known = moved(after({}), FIRST)
    mine = of_class("2TMA", known)
    away = after({**known, mine.key: replace(mine, standing=standing, reminded_on=date(2026, 8, 24))}, without("2TMA"))
    mine = away.pop(mine.key)
    away = {**away, mine.key: mine} if is_last else {mine.key: mine, **away}
    away = after(moved(away, SECOND, but="2TMA"), without("2TMA"))
    back = after(away)
    assert {task.moved for key, task in back.items() if key.measure == "W04"} == {SECOND}
    assert of_class("2TMA", back).standing is standing
    assert of_class("1BAA", back).next_on == date(2026, 10, 14)


def test_a_reminder_of_the_time_before_does_not_count_in_the_new_one() -> None:
    known = moved(after({}), FIRST, but="2TMA")
    mine = of_class("2TMA", known)
    told = replace(mine, reminded_on=date(2026, 8, 24), told="mikael")
    now = of_class("2TMA", after({**known, mine.key: told}))
    assert now.next_on == date(2026, 10, 12)


def test_a_class_that_is_one_with_another_leaves_its_tasks_behind() -> None:
    known = after({})
    classes = dict(without("2TMA").classes)
    classes["2TMB"] = replace(SCHOOL.classes["2TMA"], id="2TMB")
    both = after(known, replace(SCHOOL, classes={**SCHOOL.classes, "2TMB": classes["2TMB"]}))
    classes["2TMB"] = replace(classes["2TMB"], was="2TMA")
    merged = after(both, replace(SCHOOL, classes=classes))
    assert of_class("2TMA", merged).standing is Standing.GONE
    assert of_class("2TMB", merged) == of_class("2TMB", both)


def test_a_name_that_is_given_late_takes_what_was_done_under_the_old_one_along() -> None:
    known = after({})
    mine = of_class("2TMA", known)
    done = replace(mine, standing=Standing.DONE, done_on=date(2026, 8, 18), done_by="mikael", version=3)
    new = replace(SCHOOL.classes["2TMA"], id="2TMB")
    before = after({**known, mine.key: done}, replace(SCHOOL, classes={**without("2TMA").classes, "2TMB": new}))
    assert of_class("2TMB", before).is_open
    named = replace(SCHOOL, classes={**without("2TMA").classes, "2TMB": replace(new, was="2TMA")})
    now = after(before, named)
    assert of_class("2TMB", now).done_on == date(2026, 8, 18)
    assert of_class("2TMB", now).id == of_class("2TMB", before).id
    assert after(now, named) == now, "once"
