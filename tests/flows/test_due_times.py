"""When each duty of the shipped plan is due, and when people are reminded of it: by hand, at the school's clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.commands import AssessDuty, DoDuty, EndDuty, FollowUp, UntickDuty
from flows.decisions.follow_up import next_look_at
from flows.due import due_at, reminder_at, review_at, stage_reached
from flows.effects import Kind
from flows.events import CaseReminded, DutyReminded
from flows.incident import Case, Progress
from flows.plan import Plan
from flows.roster import Absence
from flows.school import School
from flows.school_days import is_school_day
from tests.flows.story import MONDAY_MORNING, UNKNOWN_CLASS, Story, entry_of

HERE = ZoneInfo("Europe/Oslo")
MINUTES_A_DAY = 60 * 24

# A pupil of yrkesfag, under 18, seen using something and visibly intoxicated: every duty of the plan applies.
EVERYTHING: Mapping[str, tuple[str, ...]] = {"hendelsestype": ("synlig_beruset", "bruk_pa_omradet")}


def at(written: str) -> datetime:
    """Return a time of day at the school as an instant: `2026-11-23 10:00`."""
    return datetime.fromisoformat(written).replace(tzinfo=HERE).astimezone(UTC)


def told(instant: datetime) -> str:
    """Return an instant as the clock at the school shows it."""
    return f"{instant.astimezone(HERE):%Y-%m-%d %H:%M}"


def reported(story: Story, when: str) -> Story:
    """Let Ola report a case to which every duty of the plan applies."""
    story.now = at(when)
    story.reports(**EVERYTHING)
    reply = story.answers(under_18="ja", yrkesfag="ja_i_praksis")
    assert not reply.faults
    return story


def due(story: Story, duty: str) -> str:
    return told(due_at(story.plan.duties[duty], story.case(), story.context))


def reminders(story: Story, duty: str, count: int = 3) -> tuple[str, ...]:
    found = (reminder_at(story.plan.duties[duty], story.case(), story.context, stage) for stage in range(count))
    return tuple(told(each) for each in found)


def times(story: Story, duty: str) -> tuple[str, ...]:
    """Return when a duty is due, then the first three reminders of it."""
    return due(story, duty), *reminders(story, duty)


# --- duty by duty, reported on Monday 23 November 2026 at 10:00 ------------------------------------------------------

AT_ONCE = ("2026-11-23 10:15", "2026-11-23 10:15", "2026-11-23 11:15", "2026-11-24 08:00")
BEFORE_THE_DECISION = ("2026-11-23 10:15", "2026-11-23 10:15", "2026-11-24 08:00", "2026-11-25 08:00")
SAME_DAY = ("2026-11-23 15:30", "2026-11-23 14:30", "2026-11-24 08:00", "2026-11-25 08:00")
NEXT_DAY = ("2026-11-24 15:30", "2026-11-24 08:00", "2026-11-25 08:00", "2026-11-26 08:00")
THREE_DAYS = ("2026-11-26 15:30", "2026-11-26 08:00", "2026-11-27 08:00", "2026-11-30 08:00")
IN_THE_END = ("2026-12-07 15:30", "2026-12-07 08:00", "2026-12-08 08:00", "2026-12-09 08:00")

ON_MONDAY = {
    "X1": AT_ONCE,  # safety
    "B1.3a": AT_ONCE,  # «umiddelbart»
    "B1.2": AT_ONCE,
    "L1": AT_ONCE,
    "L2": BEFORE_THE_DECISION,  # as L1, which it comes before
    "L3": BEFORE_THE_DECISION,
    "B3.1": SAME_DAY,
    "B1.1": SAME_DAY,
    "B1.4": SAME_DAY,
    "B1.5": SAME_DAY,
    "L4": SAME_DAY,
    "B2.1": SAME_DAY,
    "B1.6": NEXT_DAY,
    "B5.2": NEXT_DAY,
    "B6.1": NEXT_DAY,
    "B4.1": THREE_DAYS,
    "B4.2": THREE_DAYS,
    "B7.1": THREE_DAYS,  # before the meeting, which is to be within three days
    "B7.2": THREE_DAYS,
    "B5.1": IN_THE_END,  # until it is closed: looked at after two weeks
    "K1": IN_THE_END,
    "L5": IN_THE_END,
}


def test_the_table_holds_every_duty_of_the_plan(story: Story) -> None:
    assert set(ON_MONDAY) == {duty.id for duty in story.plan.duties_in_force}
    assert set(ON_MONDAY) == set(reported(story, "2026-11-23 10:00").case().duties)


@pytest.mark.parametrize("duty", ON_MONDAY)
def test_a_duty_of_a_case_of_a_monday_morning_is_due_and_reminded_of_then(story: Story, duty: str) -> None:
    assert times(reported(story, "2026-11-23 10:00"), duty) == ON_MONDAY[duty]


def test_what_is_long_overdue_is_said_again_on_the_first_school_day_of_each_week(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    mondays = ("2026-11-30 08:00", "2026-12-07 08:00", "2026-12-14 08:00")
    assert reminders(story, "X1", 6)[3:] == mondays
    assert reminders(story, "B1.4", 6)[3:] == mondays, "all of it on the same mornings"
    assert reminders(story, "B5.1", 6)[3:] == ("2026-12-14 08:00", "2027-01-04 08:00", "2027-01-11 08:00")


# --- other days ------------------------------------------------------------------------------------------------------

# One duty of each kind of deadline stands for the rest.
OTHER_DAYS = {
    "a Friday afternoon": (
        "2026-11-27 15:00",
        {
            "X1": ("2026-11-27 15:15", "2026-11-27 15:15", "2026-11-27 16:15", "2026-11-30 08:00"),
            "L2": ("2026-11-27 15:15", "2026-11-27 15:15", "2026-11-30 08:00", "2026-12-01 08:00"),
            "B1.4": ("2026-11-27 17:00", "2026-11-27 16:00", "2026-11-30 08:00", "2026-12-01 08:00"),
            "B5.2": ("2026-11-30 15:30", "2026-11-30 08:00", "2026-12-01 08:00", "2026-12-02 08:00"),
            "B4.1": ("2026-12-02 15:30", "2026-12-02 08:00", "2026-12-03 08:00", "2026-12-04 08:00"),
            "B7.1": ("2026-12-02 15:30", "2026-12-02 08:00", "2026-12-03 08:00", "2026-12-04 08:00"),
            "L5": ("2026-12-11 15:30", "2026-12-11 08:00", "2026-12-14 08:00", "2026-12-15 08:00"),
        },
    ),
    "a Saturday": (
        "2026-11-28 12:00",
        {
            "X1": ("2026-11-28 12:15", "2026-11-28 12:15", "2026-11-28 13:15", "2026-11-30 08:00"),
            "L2": ("2026-11-28 12:15", "2026-11-28 12:15", "2026-11-30 08:00", "2026-12-01 08:00"),
            "B1.4": ("2026-11-28 15:30", "2026-11-28 14:30", "2026-11-30 08:00", "2026-12-01 08:00"),
            "B5.2": ("2026-11-30 15:30", "2026-11-30 08:00", "2026-12-01 08:00", "2026-12-02 08:00"),
            "B4.1": ("2026-12-02 15:30", "2026-12-02 08:00", "2026-12-03 08:00", "2026-12-04 08:00"),
            "B7.1": ("2026-12-02 15:30", "2026-12-02 08:00", "2026-12-03 08:00", "2026-12-04 08:00"),
            "L5": ("2026-12-11 15:30", "2026-12-11 08:00", "2026-12-14 08:00", "2026-12-15 08:00"),
        },
    ),
    "the last school day before Christmas": (
        "2026-12-18 10:00",
        {
            "X1": ("2026-12-18 10:15", "2026-12-18 10:15", "2026-12-18 11:15", "2027-01-04 08:00"),
            "L2": ("2026-12-18 10:15", "2026-12-18 10:15", "2027-01-04 08:00", "2027-01-05 08:00"),
            "B1.4": ("2026-12-18 15:30", "2026-12-18 14:30", "2027-01-04 08:00", "2027-01-05 08:00"),
            "B5.2": ("2027-01-04 15:30", "2027-01-04 08:00", "2027-01-05 08:00", "2027-01-06 08:00"),
            "B4.1": ("2027-01-06 15:30", "2027-01-06 08:00", "2027-01-07 08:00", "2027-01-08 08:00"),
            "B7.1": ("2027-01-06 15:30", "2027-01-06 08:00", "2027-01-07 08:00", "2027-01-08 08:00"),
            "L5": ("2027-01-15 15:30", "2027-01-15 08:00", "2027-01-18 08:00", "2027-01-19 08:00"),
        },
    ),
    "the last day but one before the summer": (
        "2027-06-17 10:00",
        {
            "X1": ("2027-06-17 10:15", "2027-06-17 10:15", "2027-06-17 11:15", "2027-06-18 08:00"),
            "L2": ("2027-06-17 10:15", "2027-06-17 10:15", "2027-06-18 08:00", "2027-08-16 08:00"),
            "B1.4": ("2027-06-17 15:30", "2027-06-17 14:30", "2027-06-18 08:00", "2027-08-16 08:00"),
            "B5.2": ("2027-06-18 15:30", "2027-06-18 08:00", "2027-08-16 08:00", "2027-08-17 08:00"),
            "B4.1": ("2027-08-17 15:30", "2027-08-17 08:00", "2027-08-18 08:00", "2027-08-19 08:00"),
            "B7.1": ("2027-08-17 15:30", "2027-08-17 08:00", "2027-08-18 08:00", "2027-08-19 08:00"),
            "L5": ("2027-08-26 15:30", "2027-08-26 08:00", "2027-08-27 08:00", "2027-08-30 08:00"),
        },
    ),
}
CASES = [(day, duty) for day, (_, expected) in OTHER_DAYS.items() for duty in expected]


@pytest.mark.parametrize(("day", "duty"), CASES)
def test_a_duty_of_a_case_of_another_day_is_due_and_reminded_of_then(story: Story, day: str, duty: str) -> None:
    when, expected = OTHER_DAYS[day]
    assert times(reported(story, when), duty) == expected[duty]


@pytest.mark.parametrize(
    ("when", "expected", "first"),
    [
        ("2026-11-23 08:00", "2026-11-23 15:30", "2026-11-23 14:30"),
        ("2026-11-23 13:30", "2026-11-23 15:30", "2026-11-23 14:30"),
        ("2026-11-23 13:31", "2026-11-23 15:31", "2026-11-23 14:31"),
        ("2026-11-23 21:00", "2026-11-23 23:00", "2026-11-23 22:00"),
        ("2026-11-23 23:00", "2026-11-24 01:00", "2026-11-24 08:00"),  # nobody is woken
        ("2026-11-27 23:00", "2026-11-28 01:00", "2026-11-30 08:00"),  # nor on a Saturday
    ],
)
def test_what_is_to_be_done_the_same_day_has_at_least_two_hours(
    story: Story, when: str, expected: str, first: str
) -> None:
    reported(story, when)
    assert due(story, "B1.4") == expected
    assert reminders(story, "B1.4", 1) == (first,)


def test_the_same_day_ends_when_the_schools_own_day_does(story: Story) -> None:
    calendar = replace(story.school.calendar, day_ends=at("2026-11-23 14:00").astimezone(HERE).time())
    story.school = replace(story.school, calendar=calendar)
    reported(story, "2026-11-23 10:00")
    assert times(story, "B1.4")[:2] == ("2026-11-23 14:00", "2026-11-23 13:00")
    assert due(story, "B4.1") == "2026-11-26 14:00"


def test_nobody_is_reminded_of_anything_in_july(story: Story) -> None:
    reported(story, "2027-06-17 10:00")
    story.presses("kari", "take")
    story.waits(2 * MINUTES_A_DAY)
    before = len(story.promised)
    assert Kind.REMINDER in {note.kind for _, note in story.promised}
    story.waits((at("2027-08-16 07:59") - story.now) / timedelta(minutes=1))
    assert len(story.promised) == before
    story.waits(1)
    assert {note.kind for _, note in story.promised[before:]} == {Kind.REMINDER}


# --- taken late ------------------------------------------------------------------------------------------------------


def test_what_was_due_at_once_is_asked_about_a_quarter_of_an_hour_after_it_was_taken(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    story.now = at("2026-11-24 09:00")
    story.presses("kari", "take")
    assert due(story, "L1") == "2026-11-23 10:15", "it stays overdue"
    assert reminders(story, "L1") == ("2026-11-24 09:15", "2026-11-24 10:15", "2026-11-25 08:00")


def test_what_is_taken_in_time_is_reminded_of_as_if_it_had_been_taken_at_once(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    story.now = at("2026-11-23 12:00")
    story.presses("kari", "take")
    for duty in ("B1.4", "B5.2", "B4.1", "B7.1", "L5"):
        assert times(story, duty) == ON_MONDAY[duty], duty


# --- after downtime --------------------------------------------------------------------------------------------------


def test_stages_that_went_by_while_nobody_could_be_reminded_are_one_reminder(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    story.presses("kari", "take")
    story.waits(60)
    told_before = len(story.promised)
    events_before = len(story.events(DutyReminded))
    story.now = at("2026-11-26 12:00")
    story.does(FollowUp())
    stages = {event.duty: event.stage for event in story.events(DutyReminded)[events_before:]}
    assert stages == {
        "X1": 2,  # the first two have been: 10:15 and, unheard, 11:15
        "B1.2": 2,
        "L1": 2,
        "L2": 2,
        "L3": 2,
        "B1.4": 2,
        "B1.5": 2,
        "L4": 2,
        "B2.1": 2,
        "B5.2": 2,
        "B6.1": 2,
        "B4.1": 0,  # Thursday morning
        "B4.2": 0,
        "B7.1": 0,
        "B7.2": 0,
    }
    people = [note.person for _, note in story.promised[told_before:] if note.kind is Kind.REMINDER]
    assert sorted(people) == ["berit", "kari", "ola", "siri"], "one for each, whatever is in it"


def test_after_the_one_reminder_there_is_none_until_the_next_stage(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    story.presses("kari", "take")
    story.now = at("2026-11-26 12:00")
    story.does(FollowUp())
    before = len(story.promised)
    assert story.does(FollowUp()).events == ()
    assert len(story.promised) == before
    assert next_look_at(story.case(), story.context) == at("2026-11-27 08:00")


def test_the_stage_that_has_been_reached_is_the_last_whose_time_has_come(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    story.presses("kari", "take")
    duty = story.plan.duties["B5.2"]

    def reached(when: str) -> int | None:
        return stage_reached(duty, story.case(), replace(story.context, now=at(when)))

    assert reached("2026-11-24 07:59") is None
    assert reached("2026-11-24 08:00") == 0
    assert reached("2026-11-25 07:59") == 0
    assert reached("2026-11-25 08:00") == 1
    assert reached("2026-11-30 07:59") == 2
    assert reached("2026-11-30 08:00") == 3


# --- praksis ---------------------------------------------------------------------------------------------------------


def asked_about(story: Story, duty: str) -> list[str]:
    entries = [entry_of(row) for row in story.stored[story.only]]
    return [told(e.at) for e in entries if isinstance(e.event, DutyReminded) and e.event.duty == duty]


def test_a_pupil_out_of_praksis_is_asked_about_after_one_three_and_five_school_days_and_then_every_week(
    story: Story,
) -> None:
    reported(story, "2026-11-23 10:00")
    story.presses("kari", "take")
    story.does(DoDuty("kari", "B2.1", {"from": "2026-11-23"}))
    assert story.case().duties["B2.1"].progress is Progress.UNDER_WAY
    story.waits(60 * MINUTES_A_DAY)
    assert asked_about(story, "B2.1") == [
        "2026-11-24 08:00",
        "2026-11-26 08:00",
        "2026-11-30 08:00",
        "2026-12-07 08:00",
        "2026-12-14 08:00",
        "2027-01-04 08:00",  # over Christmas
        "2027-01-11 08:00",
        "2027-01-18 08:00",
    ]


def test_out_of_praksis_since_a_friday_is_asked_about_on_monday(story: Story) -> None:
    reported(story, "2026-11-27 10:00")
    story.presses("kari", "take")
    story.does(DoDuty("kari", "B2.1", {"from": "2026-11-27"}))
    assert reminders(story, "B2.1", 4) == (
        "2026-11-30 08:00",
        "2026-12-02 08:00",
        "2026-12-04 08:00",
        "2026-12-11 08:00",
    )


def test_the_days_are_counted_from_when_it_began_and_not_from_the_report(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    story.presses("kari", "take")
    story.waits(2 * MINUTES_A_DAY)
    story.does(DoDuty("kari", "B2.1", {"from": "2026-11-25"}))
    assert reminders(story, "B2.1") == ("2026-11-26 08:00", "2026-11-30 08:00", "2026-12-02 08:00")
    assert story.case().duties["B2.1"].reminded == 0


def test_a_pupil_who_is_back_is_asked_about_no_more(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    story.presses("kari", "take")
    story.does(DoDuty("kari", "B2.1", {"from": "2026-11-23"}))
    story.waits(MINUTES_A_DAY)
    story.does(EndDuty("kari", "B2.1", {"back_on": "2026-11-25"}))
    story.waits(30 * MINUTES_A_DAY)
    assert asked_about(story, "B2.1") == ["2026-11-24 08:00"]


# --- the meeting -----------------------------------------------------------------------------------------------------


def calls(story: Story, day: str, clock: str) -> None:
    story.does(DoDuty("kari", "B4.1", {"meeting_on": day, "meeting_at": clock}))


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ("2026-11-25", "10:30", ("2026-11-25 10:30", "2026-11-25 08:00", "2026-11-26 08:00", "2026-11-27 08:00")),
        ("2026-12-04", "12:00", ("2026-12-04 12:00", "2026-12-04 08:00", "2026-12-07 08:00", "2026-12-08 08:00")),
        ("2026-11-23", "14:00", ("2026-11-23 14:00", "2026-11-23 13:00", "2026-11-24 08:00", "2026-11-25 08:00")),
        ("2026-11-23", "10:45", ("2026-11-23 10:45", "2026-11-23 10:45", "2026-11-24 08:00", "2026-11-25 08:00")),
    ],
)
def test_the_meeting_moves_what_is_due_before_it(story: Story, day: str, clock: str, expected: tuple[str, ...]) -> None:
    reported(story, "2026-11-23 10:00")
    story.presses("kari", "take")
    calls(story, day, clock)
    assert times(story, "B7.1") == expected
    assert times(story, "B7.2") == expected


def test_the_meeting_moves_nothing_else(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    story.presses("kari", "take")
    calls(story, "2026-12-04", "12:00")
    for duty in set(ON_MONDAY) - {"B7.1", "B7.2", "B4.1"}:
        assert due(story, duty) == ON_MONDAY[duty][0], duty


def test_the_clocks_change_between_the_call_and_the_meeting(story: Story) -> None:
    reported(story, "2027-03-19 10:00")
    story.presses("kari", "take")
    calls(story, "2027-03-30", "10:30")
    assert due_at(story.plan.duties["B7.1"], story.case(), story.context) == datetime(2027, 3, 30, 8, 30, tzinfo=UTC)


def test_a_meeting_that_is_called_off_holds_nothing_up(story: Story) -> None:
    reported(story, "2026-11-23 10:00")
    story.presses("kari", "take")
    calls(story, "2026-12-04", "12:00")
    story.does(UntickDuty("kari", "B4.1"))
    assert times(story, "B7.1") == THREE_DAYS


# --- nobody is bothered on a day without school, and no case is forgotten --------------------------------------------

ANY_TIME = st.datetimes(datetime(2026, 8, 17), datetime(2027, 8, 31)).map(lambda each: each.replace(tzinfo=UTC))  # noqa: DTZ001
KINDS = ["synlig_beruset", "bruk_pa_omradet", "besittelse_eller_omsetning", "mistanke"]
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "under_18": st.sampled_from(["ja", "nei", "ukjent"]),
        "stoff": st.sampled_from(["alkohol", "illegalt", "ukjent"]),
        "yrkesfag": st.sampled_from(["ja_i_praksis", "ja_ikke_i_praksis", "ukjent"]),
    },
)


@st.composite
def reports(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True))
    place, school_class = draw(st.sampled_from(["Kantine", "Tur"])), draw(st.sampled_from(["1BAA", UNKNOWN_CLASS]))
    return {"hendelsestype": tuple(kinds), "place": (place,), "class": (school_class,)}


def reported_by_chance(story: Story, values: Mapping[str, tuple[str, ...]], answers: Mapping[str, str]) -> Story:
    story.reports(**values)
    if answers:
        reply = story.answers(**answers)
        assert not reply.faults
    return story


def may_be_any_day(story: Story, case: Case, duty: str, stage: int, instant: datetime) -> bool:
    """Say whether a reminder is of what is at once or the same day: that is also said on a Saturday."""
    if story.plan.duties[duty].deadline.immediate and stage < 2:
        return True
    raised_on = case.duties[duty].raised_at.astimezone(HERE).date()
    given_at = case.taken_at + timedelta(minutes=15) if case.taken_at else None
    return stage == 0 and (instant.astimezone(HERE).date() == raised_on or instant == given_at)


@settings(deadline=None, max_examples=60)
@given(now=ANY_TIME, taken_after=st.integers(0, 20 * MINUTES_A_DAY), values=reports(), answers=ANSWERS)
def test_no_reminder_lands_on_a_day_without_school_but_what_is_at_once_or_the_same_day(
    plan: Plan,
    school: School,
    now: datetime,
    taken_after: int,
    values: dict[str, tuple[str, ...]],
    answers: dict[str, str],
) -> None:
    story = reported_by_chance(Story(plan, school, now), values, answers)
    story.now += timedelta(minutes=taken_after)
    story.presses("kari", "take")
    case = story.case()
    for duty in case.duties:
        for stage in range(6):
            instant = reminder_at(plan.duties[duty], case, story.context, stage)
            local = instant.astimezone(HERE)
            if not may_be_any_day(story, case, duty, stage, instant):
                assert is_school_day(school.calendar, local.date()), (duty, stage, local)
                assert f"{local:%H:%M}" == "08:00", (duty, stage, local)


@settings(deadline=None, max_examples=60)
@given(now=ANY_TIME, values=reports(), answers=ANSWERS)
def test_a_later_stage_never_comes_before_an_earlier_one(
    plan: Plan, school: School, now: datetime, values: dict[str, tuple[str, ...]], answers: dict[str, str]
) -> None:
    story = reported_by_chance(Story(plan, school, now), values, answers)
    case = story.case()
    for duty in case.duties:
        found = [reminder_at(plan.duties[duty], case, story.context, stage) for stage in range(6)]
        assert found == sorted(found), duty
        assert found[0] >= case.duties[duty].raised_at
        assert len(set(found[1:])) == 5, duty


@settings(deadline=None, max_examples=40)
@given(now=ANY_TIME, values=reports(), answers=ANSWERS, days=st.integers(0, 90))
def test_a_taken_case_that_is_open_is_always_looked_at_again(
    plan: Plan, school: School, now: datetime, values: dict[str, tuple[str, ...]], answers: dict[str, str], days: int
) -> None:
    story = reported_by_chance(Story(plan, school, now), values, answers)
    story.presses("kari", "take")
    for wait in (0, days * MINUTES_A_DAY):
        story.waits(wait)
        upcoming = next_look_at(story.case(), story.context)
        assert upcoming is not None
        if wait:
            assert upcoming > story.now, "what is past has been reminded of"


def test_a_suspicion_that_nobody_has_taken_has_nothing_to_be_reminded_of(story: Story) -> None:
    """It climbs as an alert until somebody takes it."""
    story.reports(hendelsestype="mistanke")
    assert next_look_at(story.case(), story.context) is None


def test_a_case_is_looked_at_when_somebody_goes(story: Story) -> None:
    story.reports(hendelsestype="mistanke")
    story.absences.append(Absence("a", "nils", at("2026-11-23 12:00"), at("2026-11-28 00:00")))
    assert next_look_at(story.case(), story.context) == at("2026-11-23 12:00")
    story.now = at("2026-11-23 12:00")
    assert next_look_at(story.case(), story.context) == at("2026-11-28 00:00")


def test_what_each_decides_alone_is_asked_of_those_alone_who_have_not(story: Story) -> None:
    story.reports(hendelsestype="mistanke")
    story.presses("kari", "take")
    story.does(AssessDuty("ola", "L4", {"must_report": "nei"}))
    story.waits(4 * 60)
    before = len(story.promised)
    story.waits(31)  # 14:31, an hour before the pupils' day ends
    assert [note.person for _, note in story.promised[before:] if note.kind is Kind.REMINDER] == ["kari"]


def test_a_case_in_which_nothing_is_left_is_spoken_of_after_five_school_days(story: Story) -> None:
    story.reports(hendelsestype="mistanke")
    case = replace(story.case(), last_at=MONDAY_MORNING)
    assert told(review_at(case, story.school.calendar)) == "2026-11-30 08:00"
    assert told(review_at(replace(case, last_at=at("2026-12-16 10:00")), story.school.calendar)) == "2027-01-06 08:00"


def settled(story: Story) -> None:
    """Leave the case with nothing to do, as if everything had been done."""
    case = story.case()
    duties = {name: replace(state, progress=Progress.DONE) for name, state in case.duties.items()}
    story.read[case.id] = (len(story.stored[case.id]), replace(case, duties=duties))


def test_a_case_that_is_left_lying_is_said_to_be_ready_to_close_every_week(story: Story) -> None:
    story.reports(hendelsestype="mistanke")
    story.presses("kari", "take")
    settled(story)
    assert next_look_at(story.case(), story.context) == at("2026-11-30 08:00")
    before = len(story.promised)
    story.now = at("2026-11-30 07:59")
    story.does(FollowUp())
    assert story.events(CaseReminded) == []
    story.now = at("2026-11-30 08:00")
    story.does(FollowUp())
    assert story.events(CaseReminded) == [CaseReminded()]
    assert [note.person for _, note in story.promised[before:]] == ["kari"]
    assert next_look_at(story.case(), story.context) == at("2026-12-07 08:00")
