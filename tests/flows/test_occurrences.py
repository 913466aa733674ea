"""From the plan's year wheel and the school's calendar to what is to be done when, and to each reminder's morning."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.files import load_plan, load_school, public_holidays
from flows.occurrences import (
    Audience,
    Key,
    Occurrence,
    Whole,
    Window,
    due_between,
    occurrences,
    reminders,
    weekly_after,
)
from flows.plan import Plan
from flows.school import Calendar, School
from flows.school_days import OSLO, is_school_day

ROOT = Path(__file__).parents[2]
YEAR = "2026-2027"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(ROOT / "flows" / "plans" / "oppdal" / "plan.yaml")


@pytest.fixture(scope="module")
def school(plan: Plan) -> School:
    return load_school(ROOT / "bot" / "demo_school.yaml", {plan.id: plan})


def in_year(school: School, first: int) -> School:
    """Return the school in another year, with the same days of the month."""
    calendar = Calendar(
        staff_from=date(first, 8, 10),
        first_day=date(first, 8, 17),
        last_day=date(first + 1, 6, 18),
        free=(),
        holidays=public_holidays(first, first + 2),
    )
    return replace(school, school_year=f"{first}-{first + 1}", calendar=calendar)


def days(found: Occurrence) -> list[str]:
    return [day.isoformat() for day in found.reminders]


def one(plan: Plan, school: School, measure: str, audience: Audience, **known: object) -> Occurrence:
    found = [each for each in occurrences(plan, school, **known) if each.key.measure == measure]  # type: ignore[arg-type]
    return next(each for each in found if each.key.audience == audience)


SCHOOL = Audience(Whole.SCHOOL)
VG2 = Audience(Whole.CLASS, "2TMA")


def test_each_measure_is_done_once_for_each_of_its_audience(plan: Plan, school: School) -> None:
    count = Counter(each.key.measure for each in occurrences(plan, school))
    assert set(count) == set(plan.wheel)
    assert count["W04"] == len(school.classes)
    assert count["W08"] == sum(c.level == "Vg1" for c in school.classes.values())
    assert count["W11"] == sum(c.level == "Vg2" for c in school.classes.values())
    assert count["W02"] == len(school.departments)
    assert count["W17"] == len(school.groups)
    assert count["W15"] == 1
    assert count["W25"] == 2  # one in each half of the year


def test_no_two_are_the_same(plan: Plan, school: School) -> None:
    keys = [str(each.key) for each in occurrences(plan, school)]
    assert len(set(keys)) == len(keys)


def test_a_department_without_vg1_has_no_vg1_meeting(plan: Plan, school: School) -> None:
    without = {name: c for name, c in school.classes.items() if (c.department, c.level) != ("mat", "Vg1")}
    found = occurrences(plan, replace(school, classes=without))
    asked = {each.key.audience.id for each in found if each.key.measure == "W03"}
    assert asked == {"bygg", "helse", "stud", "idrett"}


@pytest.mark.parametrize(
    ("measure", "audience", "expected"),
    [
        ("W01", SCHOOL, ["2026-08-10", "2026-08-25"]),  # nobody is there on 1 August
        ("W04", VG2, ["2026-08-17", "2026-08-24"]),  # skolestart, and a week later
        ("W13", SCHOOL, ["2026-09-01", "2026-10-12"]),  # 10 October is a Saturday
        ("W15", SCHOOL, ["2027-03-01", "2027-03-30"]),  # 20 March is before Easter's week off
        ("W14", SCHOOL, ["2027-01-07", "2027-01-25"]),
        ("W11", VG2, ["2027-03-01", "2027-03-08"]),  # after the end of W10's time, as long as W10 isn't done
    ],
)
def test_reminders_come_on_the_plans_days_or_on_the_next_day_of_work(
    plan: Plan, school: School, measure: str, audience: Audience, expected: list[str]
) -> None:
    assert days(one(plan, school, measure, audience)) == expected


def test_what_comes_after_another_measure_is_reminded_of_from_the_day_that_one_was_done(
    plan: Plan, school: School
) -> None:
    shown = Key(YEAR, "W10", "vinter", VG2)
    assert days(one(plan, school, "W11", VG2, done={shown: date(2026, 11, 20)})) == ["2026-11-23", "2026-11-27"]
    talk = one(plan, school, "W11", VG2, done={shown: date(2026, 11, 20)})
    assert talk.window.last_day == date(2026, 11, 27), "seven days after it was shown, as the plan has it"
    assert weekly_after(talk, school.calendar, talk.reminders[-1]) == date(2026, 12, 4)
    later = {("W10", "vinter"): Window(date(2027, 4, 5), date(2027, 4, 30))}
    assert one(plan, school, "W11", VG2, moved=later).window.last_day == date(2027, 5, 7)
    other = Key(YEAR, "W10", "vinter", Audience(Whole.CLASS, "2ELA"))
    assert days(one(plan, school, "W11", VG2, done={other: date(2026, 11, 20)})) == ["2027-03-01", "2027-03-08"]


def test_reminders_move_with_their_window(plan: Plan, school: School) -> None:
    later = Window(date(2027, 4, 5), date(2027, 5, 5))
    found = one(plan, school, "W15", SCHOOL, moved={("W15", "mars"): later})
    assert (found.moved, found.window, days(found)) == (later, later, ["2027-04-05", "2027-04-26"])


@pytest.mark.parametrize(
    ("measure", "first_day", "last_day", "expected"),
    [
        (
            "W09",
            date(2026, 10, 12),
            date(2026, 12, 18),
            ["2026-10-12", "2026-12-03"],
        ),  # 15 of 67 days left, as 27 of 119
        ("W09", date(2026, 11, 4), date(2026, 11, 6), ["2026-11-04", "2026-11-06"]),
        ("W09", date(2026, 11, 4), date(2026, 11, 4), ["2026-11-04"]),
        ("W03", date(2026, 9, 21), date(2026, 10, 2), ["2026-09-16", "2026-09-28"]),  # five days before it begins
        ("W26", date(2027, 6, 7), date(2027, 7, 20), ["2027-06-07", "2027-06-14"]),  # ends with the pupils' last day
    ],
)
def test_reminders_keep_to_the_nearer_end_of_a_window_of_another_length(
    plan: Plan, school: School, measure: str, first_day: date, last_day: date, expected: list[str]
) -> None:
    moved = {(measure, time): Window(first_day, last_day) for time in plan.wheel[measure].times}
    found = next(each for each in occurrences(plan, school, moved=moved) if each.key.measure == measure)
    assert days(found) == expected


def test_what_counts_from_another_measure_follows_that_one(plan: Plan, school: School) -> None:
    later = {("W10", "vinter"): Window(date(2027, 3, 1), date(2027, 4, 16))}
    assert days(one(plan, school, "W11", VG2, moved=later)) == ["2027-04-19", "2027-04-23"]
    shown = {Key(YEAR, "W10", "vinter", VG2): date(2027, 1, 20)}
    assert days(one(plan, school, "W11", VG2, done=shown, moved=later)) == ["2027-01-21", "2027-01-27"]


def test_what_counts_from_another_measure_keeps_to_the_window_that_it_was_given_itself(
    plan: Plan, school: School
) -> None:
    own = {("W11", "vinter"): Window(date(2027, 2, 8), date(2027, 3, 12))}
    waiting = one(plan, school, "W11", VG2, moved=own)
    assert all(date(2027, 2, 8) <= day <= date(2027, 3, 12) for day in waiting.reminders)
    assert len(waiting.reminders) == 2
    early, late = ({Key(YEAR, "W10", "vinter", VG2): date(2027, *day)} for day in ((1, 20), (3, 10)))
    assert days(one(plan, school, "W11", VG2, done=early, moved=own)) == ["2027-02-08"]
    assert days(one(plan, school, "W11", VG2, done=late, moved=own)) == ["2027-03-11", "2027-03-17"]


def test_what_counts_from_an_episode_is_over_a_week_after_it_also_where_its_time_was_confirmed(
    plan: Plan, school: School
) -> None:
    shown = {Key(YEAR, "W10", "vinter", VG2): date(2026, 11, 2)}
    confirmed = {("W11", "vinter"): Window(date(2026, 11, 1), date(2027, 3, 7))}
    with_it, without = (one(plan, school, "W11", VG2, done=shown, moved=moved) for moved in (confirmed, {}))
    assert with_it.window.last_day == without.window.last_day == date(2026, 11, 9)
    assert with_it.reminders == without.reminders


def test_what_would_come_after_the_pupils_last_day_comes_on_it(plan: Plan, school: School) -> None:
    thursday = date(2027, 6, 17)
    early = replace(school, calendar=replace(school.calendar, last_day=thursday))
    assert (
        max(day for each in occurrences(plan, early) if each.key.measure == "W30" for day in each.reminders) == thursday
    )
    assert all(day <= thursday for each in occurrences(plan, early) for day in each.reminders)


def test_a_window_that_is_set_to_the_plans_own_changes_no_reminder(plan: Plan, school: School) -> None:
    found = list(occurrences(plan, school))
    same = {(each.key.measure, each.key.time): each.window for each in found}
    assert [each.reminders for each in occurrences(plan, school, moved=same)] == [each.reminders for each in found]


def test_what_waits_for_a_moved_measure_waits_for_its_new_end(plan: Plan, school: School) -> None:
    later = Window(date(2027, 3, 1), date(2027, 4, 16))
    found = one(plan, school, "W11", VG2, moved={("W10", "vinter"): later})
    assert days(found) == ["2027-04-19", "2027-04-23"]


def test_what_is_never_confirmed_is_asked_for_each_week_until_the_last_day(plan: Plan, school: School) -> None:
    found = list(reminders(one(plan, school, "W15", SCHOOL), school.calendar))
    weekly = [each for each in found if each.is_weekly]
    assert [each.day.isoformat() for each in weekly[:4]] == ["2027-04-07", "2027-04-14", "2027-04-21", "2027-04-28"]
    assert weekly[-1].day <= school.calendar.last_day < weekly[-1].day + 2 * timedelta(weeks=1)
    assert [each.number for each in found] == list(range(len(found)))


@pytest.mark.parametrize("first", range(2023, 2033))
def test_in_any_year_reminders_come_at_eight_on_days_of_work(plan: Plan, school: School, first: int) -> None:
    then = in_year(school, first)
    found = [each for one in occurrences(plan, then) for each in reminders(one, then.calendar)]
    assert {each.due_at.astimezone(OSLO).strftime("%H:%M") for each in found} == {"08:00"}
    for each in found:
        is_planning = then.calendar.staff_from <= each.day < then.calendar.first_day and each.day.weekday() < 5
        assert is_school_day(then.calendar, each.day) or is_planning
    assert all(each.day >= then.calendar.staff_from for each in found)


@pytest.mark.parametrize(("year", "day"), [("2023-2024", 29), ("2024-2025", 28)])
def test_29_february_is_the_28th_where_there_is_none(plan: Plan, school: School, year: str, day: int) -> None:
    time = replace(plan.wheel["W15"].times["mars"], first_day="02-29", last_day="02-29", remind=("02-29",))
    wheel = {"W15": replace(plan.wheel["W15"], times={"mars": time})}
    then = in_year(school, int(year[:4]))
    (found,) = occurrences(replace(plan, wheel=wheel), then)
    assert found.window.first_day == date(int(year[5:]), 2, day)


def test_what_is_due_between_two_instants_adds_up(plan: Plan, school: School) -> None:
    found = [each for each in occurrences(plan, school) if each.key.audience in (SCHOOL, VG2)]
    begin, end = datetime(2026, 8, 1, tzinfo=UTC), datetime(2027, 8, 1, tzinfo=UTC)
    whole = list(due_between(found, school.calendar, begin, end))
    assert [each.due_at for each in whole] == sorted(each.due_at for each in whole)
    step, parts = timedelta(hours=67), []
    since = begin
    while since < end:
        parts += due_between(found, school.calendar, since, min(since + step, end))
        since += step
    assert Counter((str(r.occurrence.key), r.number) for r in parts) == Counter(
        (str(r.occurrence.key), r.number) for r in whole
    )
    assert set(Counter((str(r.occurrence.key), r.number) for r in whole).values()) == {1}


def test_an_instant_belongs_to_the_time_that_begins_with_it(plan: Plan, school: School) -> None:
    found = [one(plan, school, "W15", SCHOOL)]
    at = datetime(2027, 3, 1, 7, 0, tzinfo=UTC)
    assert len(list(due_between(found, school.calendar, at, at + DAY))) == 1
    assert not list(due_between(found, school.calendar, at - DAY, at))


def test_over_a_change_of_daylight_saving_eight_stays_eight(plan: Plan, school: School) -> None:
    week_before = Window(date(2027, 3, 26), date(2027, 4, 30))
    found = one(plan, school, "W15", SCHOOL, moved={("W15", "mars"): week_before})
    hours = [each.due_at.hour for each in reminders(found, school.calendar)]
    assert hours[0] == 6  # 30 March: summer time has begun, and the days before it are Easter's
    winter = one(plan, school, "W14", SCHOOL)
    assert next(reminders(winter, school.calendar)).due_at.hour == 7
