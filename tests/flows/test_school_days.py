"""Which days are school days, how they are counted over everything that is free, and when they begin and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.school import Calendar, School
from flows.school_days import day_end, is_school_day, local_day, morning, school_day_from, school_days_after

AUTUMN, WINTER = (date(2026, 10, 5), date(2026, 10, 9)), (date(2026, 12, 21), date(2027, 1, 3))
EASTER = (date(2027, 3, 22), date(2027, 3, 24))  # the school's own three days; what follows is a public holiday
DAYS = st.dates(date(2026, 7, 1), date(2029, 6, 30))
COUNTS = st.integers(0, 40)


@pytest.fixture(scope="session")
def calendar(school: School) -> Calendar:
    """The made-up school's, from its file: first day 17 August 2026, last day 18 June 2027."""
    return school.calendar


@pytest.fixture(scope="session")
def with_easter(calendar: Calendar) -> Calendar:
    return replace(calendar, free=(*calendar.free, EASTER))


def day(written: str) -> date:
    return date.fromisoformat(written)


# --- which they are --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-23", True),  # a Monday like any other
        ("2026-11-27", True),  # a Friday
        ("2026-11-28", False),  # a Saturday
        ("2026-11-29", False),  # a Sunday
        ("2026-08-14", False),  # only the staff is there
        ("2026-08-17", True),  # the first day
        ("2026-10-02", True),  # the Friday before the autumn break
        ("2026-10-05", False),  # its first day
        ("2026-10-09", False),  # its last day
        ("2026-10-12", True),  # the Monday after it
        ("2026-12-18", True),
        ("2026-12-21", False),
        ("2026-12-24", False),
        ("2027-01-01", False),
        ("2027-01-04", True),
        ("2027-03-24", True),  # this school has not written that it is free
        ("2027-03-25", False),  # skjærtorsdag
        ("2027-03-26", False),  # langfredag
        ("2027-03-29", False),  # andre påskedag
        ("2027-03-30", True),
        ("2027-05-05", True),
        ("2027-05-06", False),  # Kristi himmelfartsdag
        ("2027-05-07", False),  # free at this school, a single day
        ("2027-05-17", False),  # grunnlovsdagen, and andre pinsedag in 2027
        ("2027-05-18", True),
        ("2027-06-18", True),  # the last day
        ("2027-06-21", False),
        ("2027-07-07", False),
        ("2027-08-13", False),  # the Friday before
        ("2027-08-15", False),  # a Sunday
        ("2027-08-16", True),  # 52 weeks after the first day
        ("2027-08-21", False),  # next year has weekends too
        ("2028-04-14", False),  # langfredag of next year
        ("2028-05-17", False),
        ("2028-05-18", True),
    ],
)
def test_there_is_school_on_this_day_or_there_is_not(calendar: Calendar, written: str, expected: bool) -> None:  # noqa: FBT001
    assert is_school_day(calendar, day(written)) is expected


@pytest.mark.parametrize("written", ["2027-03-26", "2027-05-06", "2027-05-17"])
def test_a_public_holiday_is_known_because_the_file_is_read_with_the_holidays_of_its_years(
    calendar: Calendar, written: str
) -> None:
    bare = replace(calendar, holidays=frozenset())
    assert day(written) in calendar.holidays
    assert is_school_day(bare, day(written))


def test_the_holidays_of_the_three_years_after_are_known_too(calendar: Calendar) -> None:
    for year in (2026, 2027, 2028, 2029):
        assert date(year, 5, 17) in calendar.holidays
        assert date(year, 12, 25) in calendar.holidays
    assert date(2027, 12, 24) not in calendar.holidays, "a day on which shops are open is the school's to write down"


def test_a_holiday_of_one_year_is_none_of_the_next(calendar: Calendar) -> None:
    assert date(2027, 3, 25) in calendar.holidays
    assert date(2028, 3, 25) not in calendar.holidays


# --- how they are counted --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-23", 3, "2026-11-26"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-23", 10, "2026-12-07"),
        ("2026-11-27", 1, "2026-11-30"),  # a Friday
        ("2026-11-28", 1, "2026-11-30"),  # a Saturday
        ("2026-11-29", 2, "2026-12-01"),  # a Sunday
        ("2026-08-10", 1, "2026-08-17"),  # before school has begun
        ("2026-10-01", 1, "2026-10-02"),  # over the autumn break
        ("2026-10-01", 2, "2026-10-12"),
        ("2026-10-02", 1, "2026-10-12"),
        ("2026-10-07", 1, "2026-10-12"),
        ("2026-12-17", 1, "2026-12-18"),  # over Christmas
        ("2026-12-17", 3, "2027-01-05"),
        ("2026-12-18", 1, "2027-01-04"),
        ("2026-12-24", 1, "2027-01-04"),
        ("2027-05-05", 1, "2027-05-10"),  # Ascension Day, and the Friday between
        ("2027-05-13", 2, "2027-05-18"),  # 17 May
        ("2027-05-14", 1, "2027-05-18"),
        ("2027-06-17", 1, "2027-06-18"),  # the summer
        ("2027-06-17", 2, "2027-08-16"),
        ("2027-06-18", 1, "2027-08-16"),
        ("2027-06-18", 3, "2027-08-18"),
        ("2027-07-10", 5, "2027-08-20"),
        ("2027-07-10", 6, "2027-08-23"),
    ],
)
def test_so_many_school_days_later_it_is_this_day(calendar: Calendar, start: str, count: int, expected: str) -> None:
    assert school_days_after(calendar, day(start), count) == day(expected)


@pytest.mark.parametrize(
    ("start", "count", "expected"), [("2027-03-18", 1, "2027-03-19"), ("2027-03-19", 1, "2027-03-30")]
)
def test_over_easter_the_schools_own_days_and_the_public_ones_are_free_together(
    with_easter: Calendar, start: str, count: int, expected: str
) -> None:
    assert school_days_after(with_easter, day(start), count) == day(expected)


@pytest.mark.parametrize("written", ["2026-11-28", "2026-10-07", "2027-05-17", "2027-07-10"])
def test_no_school_days_later_is_the_day_itself_also_where_it_is_free(calendar: Calendar, written: str) -> None:
    assert school_days_after(calendar, day(written), 0) == day(written)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-28", "2026-11-30"),
        ("2026-12-19", "2027-01-04"),
        ("2027-06-19", "2027-08-16"),
        ("2026-07-01", "2026-08-17"),
    ],
)
def test_the_first_school_day_on_or_after_a_day(calendar: Calendar, start: str, expected: str) -> None:
    assert school_day_from(calendar, day(start)) == day(expected)


@settings(deadline=None)
@given(start=DAYS, count=st.integers(1, 40))
def test_what_is_counted_to_is_a_later_school_day(with_easter: Calendar, start: date, count: int) -> None:
    reached = school_days_after(with_easter, start, count)
    assert reached > start
    assert is_school_day(with_easter, reached)


@settings(deadline=None)
@given(start=DAYS, count=st.integers(1, 40))
def test_between_lie_exactly_the_days_that_were_counted(with_easter: Calendar, start: date, count: int) -> None:
    reached = school_days_after(with_easter, start, count)
    days = [start + timedelta(days=n) for n in range(1, (reached - start).days + 1)]
    assert sum(is_school_day(with_easter, each) for each in days) == count


@settings(deadline=None)
@given(start=DAYS, later=st.integers(0, 30), count=COUNTS)
def test_who_begins_later_or_counts_further_is_never_done_earlier(
    with_easter: Calendar, start: date, later: int, count: int
) -> None:
    reached = school_days_after(with_easter, start, count)
    assert school_days_after(with_easter, start, count + 1) > reached
    assert school_days_after(with_easter, start + timedelta(days=later), count) >= reached


@settings(deadline=None)
@given(start=DAYS)
def test_the_first_school_day_from_a_day_skips_only_days_without_school(with_easter: Calendar, start: date) -> None:
    reached = school_day_from(with_easter, start)
    assert is_school_day(with_easter, reached)
    skipped = [start + timedelta(days=n) for n in range((reached - start).days)]
    assert not any(is_school_day(with_easter, each) for each in skipped)


# --- when they begin and end -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "begins", "ends"),
    [
        ("2026-11-23", "2026-11-23 07:00", "2026-11-23 14:30"),  # winter time
        ("2026-09-14", "2026-09-14 06:00", "2026-09-14 13:30"),  # summer time
        ("2026-10-23", "2026-10-23 06:00", "2026-10-23 13:30"),  # the Friday before the clocks go back
        ("2026-10-25", "2026-10-25 07:00", "2026-10-25 14:30"),  # the Sunday on which they do
        ("2026-10-26", "2026-10-26 07:00", "2026-10-26 14:30"),
        ("2027-03-27", "2027-03-27 07:00", "2027-03-27 14:30"),
        ("2027-03-28", "2027-03-28 06:00", "2027-03-28 13:30"),  # the Sunday on which they go forward
        ("2027-06-17", "2027-06-17 06:00", "2027-06-17 13:30"),
    ],
)
def test_a_day_begins_at_eight_and_ends_at_half_past_three_by_the_clock_on_the_wall(
    calendar: Calendar, written: str, begins: str, ends: str
) -> None:
    assert morning(day(written)) == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert day_end(calendar, day(written)) == datetime.fromisoformat(ends).replace(tzinfo=UTC)


def test_a_school_says_itself_when_its_day_ends(calendar: Calendar) -> None:
    early = replace(calendar, day_ends=time(14, 5))
    assert day_end(early, date(2026, 11, 23)) == datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


def test_instants_are_in_utc_so_that_a_difference_is_the_time_that_passes(calendar: Calendar) -> None:
    """Two times of one zone are subtracted by the wall, and the night of the change is an hour longer than that."""
    friday, monday = date(2026, 10, 23), date(2026, 10, 26)
    assert morning(monday).tzinfo is UTC
    assert morning(monday) - day_end(calendar, friday) == timedelta(hours=24 + 24 + 16.5 + 1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23 22:59", "2026-11-23"),
        ("2026-11-23 23:00", "2026-11-24"),  # midnight in winter
        ("2026-06-30 21:59", "2026-06-30"),
        ("2026-06-30 22:00", "2026-07-01"),  # midnight in summer
        ("2026-12-31 23:30", "2027-01-01"),
    ],
)
def test_an_instant_falls_on_the_day_that_the_school_has_then(at: str, expected: str) -> None:
    assert local_day(datetime.fromisoformat(at).replace(tzinfo=UTC)) == day(expected)
