"""A school year with a clock that is moved: every reminder on its day and hour, to the right person, once.

Here of three classes; three years of all of them, other downtimes and a county go by in `tests/torture/years.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from flows.school import School
from flows.school_days import OSLO
from tests.year import (
    as_told,
    demo_school,
    downtime,
    expected,
    expected_once,
    on_the_first_of_august,
    reminded,
    school_in,
    wrong_of,
    years,
)

PATTERN = demo_school()
FEW = replace(PATTERN, classes={name: PATTERN.classes[name] for name in ("1BAA", "2TMA", "3STA")})
BEGIN = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)
FILES, FEW_CLASSES = on_the_first_of_august([PATTERN]), on_the_first_of_august([FEW])


async def test_over_a_year_and_into_the_next_everybody_is_told_what_the_plan_says_on_its_day_at_eight_and_once(
    tmp_path: Path,
) -> None:
    end = datetime(2027, 8, 31, 3, 0, tzinfo=UTC)
    async with years(tmp_path, FEW_CLASSES, BEGIN) as going_by:
        await going_by.come(end)
    this, next_one = school_in(FEW, 0), school_in(FEW, 1)
    due = reminded(this, expected(this)) + reminded(next_one, expected(next_one))
    wanted = Counter({each: count for each, count in due.items() if each[0] < end})
    assert as_told(going_by.told) == wanted
    assert sum(wanted.values()) > 700
    assert {each.at.astimezone(OSLO).hour for each in going_by.told} == {8}
    assert not [each for each in going_by.told if each.late_for]
    assert {1, 11} <= {each.at.month for each in going_by.told}  # on both sides of summer time


async def test_whenever_it_was_down_the_same_is_told_late_and_says_so(tmp_path: Path) -> None:
    end = datetime(2027, 7, 31, 3, 0, tzinfo=UTC)
    down = downtime(1, BEGIN, end)
    async with years(tmp_path, FEW_CLASSES, BEGIN, down=down, replicas=2, confirms=True) as going_by:
        await going_by.come(end)
    school = school_in(FEW, 0)
    first = expected_once(school)
    assert Counter(each.key for each in going_by.told) == Counter(first.keys())  # each once: it was confirmed at once
    on_its_own = [each for each in going_by.told if each.key.measure != "W11"]  # W11 waits until another was done
    assert {wrong_of(each, first[each.key], school, down) for each in on_its_own} == {""}


async def test_until_the_new_file_is_there_whoever_leads_the_department_is_asked_about_its_classes(
    tmp_path: Path,
) -> None:
    """Last year's file stays until the fourteenth of September."""

    def late(day: date) -> Sequence[School]:
        return [school_in(PATTERN, int(day >= date(2027, 9, 14)))]

    async with years(tmp_path, late, datetime(2027, 7, 20, 3, 0, tzinfo=UTC)) as going_by:
        await going_by.come(datetime(2027, 9, 21, 12, 0, tzinfo=UTC))
    before = {each.person for each in going_by.told if each.key.measure == "W04" and each.at < late_at()}
    assert before == {"kari", "ingrid", "tor", "marit", "line"}
    after = [each for each in going_by.told if each.key.measure == "W04" and each.at >= late_at()]
    assert {each.person for each in after if each.at.date() == date(2027, 9, 14)} >= {"mikael", "eva", "nina"}
    assert {each.key.school_year for each in going_by.told} == {"2027-2028"}


def late_at() -> datetime:
    return datetime(2027, 9, 13, 22, 0, tzinfo=UTC)


async def test_replicas_tell_each_thing_once(tmp_path: Path) -> None:
    end = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
    async with years(tmp_path, FILES, BEGIN, replicas=3) as going_by:
        await going_by.come(end)
    school = school_in(PATTERN, 0)
    due = reminded(school, expected(school))
    assert as_told(going_by.told) == Counter({each: count for each, count in due.items() if each[0] < end})
