"""Whole school years with a clock that is moved: every reminder on its day and hour, to the right person, once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.files import load_plan, shipped_plan
from flows.occurrences import Reminder, due_between, occurrences, responsible
from flows.roster import Roster
from flows.school import School
from flows.school_days import OSLO, is_at_work, local_day
from tests.year import Told, demo_school, school_in, years

PLAN = load_plan(shipped_plan("oppdal"))
PATTERN = demo_school()
BEGIN, END = datetime(2026, 8, 1, 3, 0, tzinfo=UTC), datetime(2029, 7, 31, 3, 0, tzinfo=UTC)


def files(day: date) -> Sequence[School]:
    """Each new file is there on the first of August."""
    return [school_in(PATTERN, day.year - 2026 - (day.month < 8))]


def expected(years_later: int) -> Iterator[Reminder]:
    school = school_in(PATTERN, years_later)
    first, last = datetime(2026 + years_later, 8, 1, tzinfo=UTC), datetime(2027 + years_later, 8, 1, tzinfo=UTC)
    yield from due_between(occurrences(PLAN, school), school.calendar, first, last)


def right(years_later: int) -> Counter[tuple[datetime, str, object]]:
    roster = Roster(school_in(PATTERN, years_later))
    return Counter(
        (r.due_at, responsible(r.occurrence, roster).person, r.occurrence.key) for r in expected(years_later)
    )


def as_told(told: Sequence[Told]) -> Counter[tuple[datetime, str, object]]:
    return Counter((each.at, each.person, each.key) for each in told)


async def test_in_three_years_everybody_is_told_what_the_plan_says_on_its_day_at_eight_and_once(
    tmp_path: Path,
) -> None:
    async with years(tmp_path, files, BEGIN) as going_by:
        await going_by.come(END)
    wanted = right(0) + right(1) + right(2)
    assert as_told(going_by.told) == wanted
    assert sum(wanted.values()) > 10_000
    assert {each.at.astimezone(OSLO).hour for each in going_by.told} == {8}
    assert not [each for each in going_by.told if each.late_for]
    assert {1, 11} <= {each.at.month for each in going_by.told}  # on both sides of summer time


def downtime(seed: int) -> tuple[tuple[datetime, datetime], ...]:
    """Return times at which the bot is down, of hours and of days, a third of the year."""
    dice, now, found = random.Random(seed), BEGIN, []  # noqa: S311 - made to be repeatable
    while now < END:
        begins = now + timedelta(hours=dice.randrange(2, 200))
        ends = begins + timedelta(hours=dice.choice((1, 3, 9, 30, 60, 100)))
        found.append((begins, ends))
        now = ends
    return tuple(found)


@pytest.mark.parametrize("seed", [1, 2])
async def test_whenever_it_was_down_the_same_is_told_late_and_says_so(tmp_path: Path, seed: int) -> None:
    away = downtime(seed)

    def down(at: datetime) -> bool:
        return any(begins <= at < ends for begins, ends in away)

    async with years(tmp_path, files, BEGIN, down=down, replicas=2, confirms=True) as going_by:
        await going_by.come(datetime(2027, 7, 31, 3, 0, tzinfo=UTC))
    own = {reminder.occurrence.key: reminder for reminder in expected(0) if reminder.number == 0}
    assert Counter(each.key for each in going_by.told) == Counter(own.keys())  # each once: it was confirmed at once
    calendar = school_in(PATTERN, 0).calendar
    roster = Roster(school_in(PATTERN, 0))
    for each in going_by.told:
        first = own[each.key]
        if each.key.measure == "W11":
            continue  # its day depends on when another was done
        assert each.at >= first.due_at
        assert each.person == responsible(first.occurrence, roster).person
        assert is_at_work(calendar, each.at)
        assert each.late_for == (first.day if local_day(each.at) > first.day else None)
        assert not any(is_at_work(calendar, at) and not down(at) for at in hours(first.due_at, each.at)), (
            "it could have been told before"
        )


def hours(begin: datetime, end: datetime) -> Iterator[datetime]:
    at = begin + timedelta(hours=1)
    while at + timedelta(hours=1) < end:
        yield at
        at += timedelta(hours=1)


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


async def test_two_replicas_tell_each_thing_once(tmp_path: Path) -> None:
    async with years(tmp_path, files, BEGIN, replicas=3) as going_by:
        await going_by.come(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    wanted = Counter({key: n for key, n in right(0).items() if key[0] < datetime(2026, 12, 1, tzinfo=UTC)})
    assert as_told(going_by.told) == wanted
