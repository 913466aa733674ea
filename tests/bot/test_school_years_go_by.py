"""A school year with a clock that is moved: every reminder on its day and hour, to the right person, once.

Here of three classes; three years of all of them, other downtimes and a county go by in `tests/torture/years.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flows.occurrences import Key
from flows.school import School
from flows.school_days import DAY, OSLO, local_day, morning, work_day_from
from flows.task_answers import Answer, Done, Planned, PutOff, SentOn
from tests.year import (
    Told,
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
LAST_ANSWER = date(2027, 5, 1)  # what is told later has no time to come again
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


async def test_what_is_planned_put_off_or_sent_on_comes_when_and_to_whom_it_was_said(tmp_path: Path) -> None:
    """Each task is answered once in one of these ways, chosen by its place in the year, and confirmed the next time."""
    said: dict[Key, tuple[Told, Answer]] = {}

    def answers(told: Told) -> Answer | None:
        day = local_day(told.at)
        if told.key in said or day > LAST_ANSWER:
            return Done(day, 1, "Gjort.") if told.key in said else None
        days = timedelta(3 + 7 * (len(said) % 5))
        answer = (Planned(day + days), PutOff(day + days), SentOn("odd"))[len(said) % 3]
        said[told.key] = told, answer
        return answer

    async with years(tmp_path, FEW_CLASSES, BEGIN, answers=answers) as going_by:
        await going_by.come(datetime(2027, 7, 31, 3, 0, tzinfo=UTC))
    calendar, compared = FEW.calendar, Counter[str]()
    for key, (first, answer) in said.items():
        told = [each for each in going_by.told if each.key == key]
        match answer:
            case SentOn(person):
                again = first.at, person
            case Planned(day):
                again = morning(work_day_from(calendar, day + DAY)), first.person
            case PutOff(day):
                again = morning(work_day_from(calendar, day)), first.person
        assert [(each.at, each.person) for each in told] == [(first.at, first.person), again], key
        assert not any(each.late_for for each in told)
        compared[type(answer).__name__] += 1
    assert min(compared.values()) > 15
    assert set(compared) == {"Planned", "PutOff", "SentOn"}


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
