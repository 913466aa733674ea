"""Whom an alert reaches and when it climbs: the minutes are the shipped plan's, the people the made-up school's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import load_school
from flows.access import Action, may
from flows.commands import Escalate, FollowUp, NoteDelivery, NoteUnreached, Take
from flows.decide import decide
from flows.decisions.alert import is_out_of_reach
from flows.decisions.draft import Hint
from flows.duty import Outcome
from flows.effects import Arm, BeAway, Disarm, Kind, Timer
from flows.escalation import Position, chain_for, due_at, next_position, round_length, rounds_missed
from flows.events import Alerted, Delivered, EscalationStarted, LevelSkipped, Taken, Unreached
from flows.incident import Escalation
from flows.plan import Level, Plan
from flows.school import Department, Person, School
from flows.school_days import OSLO
from tests.flows.story import MONDAY_MORNING, UNKNOWN_CLASS, Story

SUSPICION = {"hendelsestype": "mistanke"}
UNKNOWN = {"class": UNKNOWN_CLASS}


def armed(story: Story) -> Arm:
    found = story.armed()
    assert found
    return found


def escalation(minutes: int, round_: int, level: int) -> Arm:
    return Arm(Timer.ESCALATION, MONDAY_MORNING + timedelta(minutes=minutes), {"round": round_, "level": level})


def minutes_of(story: Story) -> list[tuple[int, tuple[str, ...]]]:
    """Return who was alerted when, in whole minutes after the first report."""
    start = story.case().reported_at
    found = []
    for at, _, stored in story.stored[story.only]:
        if '"event": "Alerted"' in stored:
            alert = cast("Alerted", story.events(Alerted)[len(found)])
            found.append((int((at - start).total_seconds() // 60), alert.people))
    return found


def skipped(story: Story) -> list[tuple[int, int, str, bool]]:
    events = cast("Iterable[LevelSkipped]", story.events(LevelSkipped))
    return [(event.round, event.level, event.role, event.to_deputy) for event in events]


# --- the levels and the minutes of the plan -------------------------------------------------------------


def test_an_acute_alert_climbs_after_3_5_and_10_minutes(story: Story) -> None:
    story.reports()
    story.waits(14)
    assert minutes_of(story) == [(0, ("kari",)), (3, ("kari",)), (5, ("nils",)), (10, ("berit",))]


def test_a_suspicion_climbs_after_one_three_and_five_hours(story: Story) -> None:
    story.reports(**SUSPICION)
    story.waits(400)
    assert minutes_of(story) == [(0, ("kari",)), (60, ("kari",)), (180, ("nils",)), (300, ("berit",))]


@pytest.mark.parametrize("kind", ["bruk_pa_omradet", "besittelse_eller_omsetning", "synlig_beruset"])
def test_all_but_a_suspicion_is_alerted_as_acute_also_while_it_must_be_clarified(story: Story, kind: str) -> None:
    story.reports(hendelsestype=("mistanke", kind))
    (started,) = story.events(EscalationStarted)
    assert started == EscalationStarted("immediate")
    assert [note.acute for _, note in story.promised if note.kind is Kind.ALERT] == [True]


def test_a_suspicion_is_not_acute(story: Story) -> None:
    story.reports(**SUSPICION)
    assert [note.acute for _, note in story.promised if note.kind is Kind.ALERT] == [False]


def test_nothing_happens_a_second_before_a_level_is_due(story: Story) -> None:
    story.reports()
    story.waits(2.98)
    assert len(minutes_of(story)) == 1
    story.waits(0.02)
    assert len(minutes_of(story)) == 2


def test_after_the_last_level_the_round_begins_again(story: Story) -> None:
    story.reports()
    story.waits(31)
    second = [(15, ("kari",)), (18, ("kari",)), (20, ("nils",)), (25, ("berit",))]
    assert minutes_of(story)[4:] == [*second, (30, ("kari",))]
    rounds = [event.round for event in cast("list[Alerted]", story.events(Alerted))]
    assert rounds == [0, 0, 0, 0, 1, 1, 1, 1, 2]


def test_hours_without_an_answer_never_end_the_alert(story: Story) -> None:
    story.reports()
    story.waits(3 * 60)
    assert armed(story).due_at > story.now
    begin = [minute for minute, _ in minutes_of(story)][::4]
    assert begin == [0, 15, 30, 45, 60, 90, 150], "the later rounds come less and less often"


def test_a_night_without_an_answer_is_no_flood(story: Story) -> None:
    story.reports()
    story.waits(23 * 60)
    alerts = minutes_of(story)
    assert 40 < len(alerts) < 60
    assert max(later - earlier for (earlier, _), (later, _) in pairwise(alerts)) < 4 * 60


@pytest.mark.parametrize(("late", "missed"), [(0, 0), (14, 0), (15, 1), (59, 3), (60, 4), (89, 4), (90, 5), (150, 6)])
def test_whole_rounds_that_went_by_are_counted_at_their_own_lengths(story: Story, late: int, missed: int) -> None:
    story.reports()
    escalation_ = story.case().escalation
    assert escalation_
    levels, now = story.plan.escalation["immediate"], MONDAY_MORNING + timedelta(minutes=late)
    assert rounds_missed(levels, escalation_, Position(0, 0), None, now) == missed
    assert due_at(levels, escalation_, Position(missed, 0), None) <= now
    assert now < due_at(levels, escalation_, Position(missed + 1, 0), None)


def test_the_clock_runs_from_the_report_however_late_a_level_comes(story: Story) -> None:
    story.reports()
    late = replace(story.context, now=MONDAY_MORNING + timedelta(minutes=4))
    decision = decide(story.case(), Escalate(0, 1), late)
    (arm,) = [effect for effect in decision.effects if isinstance(effect, Arm) and effect.timer is Timer.ESCALATION]
    assert arm == escalation(5, 0, 2)


def test_a_timer_that_comes_twice_alerts_once_and_stays_armed(story: Story) -> None:
    story.reports()
    story.waits(3)
    before = story.case()
    again = story.does(Escalate(0, 1))
    assert again.events == ()
    assert again.hint is Hint.NO_LONGER
    assert again.effects == (escalation(5, 0, 2),)
    assert story.case() == before


@pytest.mark.parametrize(
    ("minutes", "length"), [((0,), 10), ((0, 3), 10), ((0, 3, 5, 10), 15), ((0, 60, 180, 300), 420), ((0, 8), 16)]
)
def test_a_round_lasts_its_last_pause_longer_and_never_under_ten_minutes(minutes: tuple[int, ...], length: int) -> None:
    levels = tuple(Level(timedelta(minutes=after), "rektor") for after in minutes)
    assert round_length(levels) == timedelta(minutes=length)


def test_every_level_is_followed_by_the_next_and_the_last_by_the_first() -> None:
    levels = tuple(Level(timedelta(minutes=after), "rektor") for after in (0, 3, 5))
    walked = [Position(0, 0)]
    for _ in range(4):
        walked.append(next_position(levels, walked[-1]))
    assert walked == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]


def test_the_most_urgent_of_the_escalations_is_chosen(plan: Plan) -> None:
    def chain(at_once: Outcome, same_day: Outcome) -> str:
        outcomes = dict.fromkeys(plan.duties, Outcome.NO) | {"B1.3a": at_once, "B3.1": same_day}
        return chain_for(plan, outcomes)

    assert chain(Outcome.YES, Outcome.YES) == "immediate"
    assert chain(Outcome.CLARIFY, Outcome.YES) == "immediate"
    assert chain(Outcome.NO, Outcome.YES) == "same_day"
    assert chain(Outcome.NO, Outcome.CLARIFY) == "same_day"


# --- roles that nobody holds -------------------------------------------------------------


def test_the_deputy_is_alerted_at_once_while_the_head_is_away(story: Story) -> None:
    story.absent = {"kari"}
    story.reports()
    assert minutes_of(story) == [(0, ("nils",))]
    assert skipped(story) == []


def test_a_level_that_nobody_holds_is_skipped_at_once_and_said(story: Story) -> None:
    story.absent = {"kari", "nils"}
    story.reports()
    assert minutes_of(story) == [(0, ("berit",))]
    assert skipped(story) == [
        (0, 0, "avdelingsleder", False),
        (0, 1, "avdelingsleder", False),
        (0, 2, "avdelingsleder", True),
    ]
    assert "Ingen er avdelingsleder akkurat nå, så varselet gikk videre." in story.reads("ola")
    assert "Ingen er stedfortreder for avdelingsleder akkurat nå" in story.reads("ola")


def test_where_there_is_no_deputy_the_rektor_is_next(story: Story) -> None:
    story.absent = {"kari"}
    story.reports()
    story.waits(5)
    assert minutes_of(story) == [(0, ("nils",)), (3, ("nils",)), (5, ("berit",))]
    assert skipped(story) == [(0, 2, "avdelingsleder", True)]


@pytest.mark.parametrize("kind", ["mistanke", "synlig_beruset"])
def test_when_who_was_alerted_goes_whoever_acts_then_is_alerted_at_once(story: Story, kind: str) -> None:
    story.reports(hendelsestype=kind)
    before = armed(story)
    story.waits(2)
    story.keep_own(BeAway(story.now, story.now + timedelta(days=5)), "kari")
    story.waits(0)
    assert minutes_of(story) == [(0, ("kari",)), (2, ("nils",))]
    assert armed(story) == before, "the levels come when they would have come"
    story.does(FollowUp())
    assert len(minutes_of(story)) == 2, "once"


def test_when_who_was_away_comes_back_he_is_alerted_at_once(story: Story) -> None:
    story.keep_own(BeAway(story.now, story.now + timedelta(minutes=2)), "kari")
    story.reports()
    story.waits(2)
    assert minutes_of(story) == [(0, ("nils",)), (2, ("kari",))]


def test_who_goes_from_a_level_that_is_not_reached_is_nobodys_alert(story: Story) -> None:
    story.reports()
    story.keep_own(BeAway(story.now, story.now + timedelta(days=5)), "berit")
    story.waits(1)
    assert minutes_of(story) == [(0, ("kari",))]


@pytest.mark.parametrize("kind", ["mistanke", "synlig_beruset"])
def test_an_alert_that_a_wrong_clock_has_set_far_ahead_begins_anew(story: Story, kind: str) -> None:
    story.reports(hendelsestype=kind)
    story.now += timedelta(days=30)
    story.waits(0)
    story.now = MONDAY_MORNING + timedelta(minutes=1)
    assert is_out_of_reach(story.case(), story.context)
    story.does(FollowUp())
    assert not is_out_of_reach(story.case(), story.context)
    assert armed(story).due_at <= story.now + timedelta(hours=1)
    assert minutes_of(story)[-1] == (1, ("kari",))


@settings(deadline=None, max_examples=60)
@given(reported=st.datetimes(datetime(2026, 8, 1), datetime(2027, 7, 31)), minutes=st.integers(0, 3000))  # noqa: DTZ001
def test_no_alert_is_ever_out_of_reach_by_a_clock_that_is_right(
    plan: Plan, school: School, reported: datetime, minutes: int
) -> None:
    for kind in ("mistanke", "synlig_beruset"):
        story = Story(plan, school, now=reported.replace(tzinfo=UTC))
        story.reports(hendelsestype=kind)
        story.waits(minutes)
        assert not is_out_of_reach(story.case(), story.context)
        assert armed(story).due_at > story.now


@pytest.mark.parametrize("kind", ["mistanke", "synlig_beruset"])
def test_whom_nothing_reaches_costs_the_alert_no_time(story: Story, kind: str) -> None:
    story.reports(hendelsestype=kind)
    assert story.does(NoteUnreached("kari")).events == (
        Unreached("kari"),
        Alerted(0, 2, "avdelingsleder", to_deputy=True, people=("nils",)),
    )
    assert armed(story).data == {"round": 0, "level": 3}
    assert (
        armed(story).due_at
        == MONDAY_MORNING + story.plan.escalation["same_day" if kind == "mistanke" else "immediate"][3].after
    )
    assert "Kari Moen: kan ikke nås i chatten" in story.reads("ola")
    assert "Ring Nils" in story.reads("ola")
    assert story.does(NoteUnreached("kari")).hint is Hint.ALREADY_DONE, "it is tried on, and passed by once"


def test_where_nothing_reaches_anybody_the_next_round_keeps_its_time(story: Story) -> None:
    story.reports()
    for person in ("kari", "nils", "berit"):
        story.does(NoteUnreached(person))
    assert minutes_of(story) == [(0, ("kari",)), (0, ("nils",)), (0, ("berit",))]
    assert armed(story) == escalation(15, 1, 0)
    story.waits(15)
    story.does(NoteUnreached("kari"))
    assert minutes_of(story)[3:] == [(15, ("kari",)), (15, ("nils",))]
    story.delivers("nils")
    assert "Nils Eide: levert kl. 10:15" in story.reads("ola")


def test_whom_nothing_reaches_is_not_passed_by_where_another_of_his_level_is_reached(story: Story) -> None:
    story.reports(**UNKNOWN)
    story.does(NoteUnreached("kari"))
    assert len(minutes_of(story)) == 1
    for person in ("tone", "arne"):
        story.does(NoteUnreached(person))
    assert len(minutes_of(story)) == 2


def test_of_a_case_that_is_taken_it_is_only_noted_whom_nothing_reaches(story: Story) -> None:
    story.reports()
    story.presses("berit", "take")
    assert story.does(NoteUnreached("kari")).events == (Unreached("kari"),)


def test_where_nobody_is_there_at_all_the_reporter_gets_the_schools_number_and_it_tries_again(story: Story) -> None:
    story.absent = {"kari", "nils", "berit", "jon"}
    story.reports()
    assert minutes_of(story) == []
    assert len(skipped(story)) == 4
    assert "Ring skolen på +47 72 00 00 00" in story.reads("ola")
    assert armed(story) == escalation(15, 1, 0)
    story.absent = set()
    story.waits(15)
    assert minutes_of(story) == [(15, ("kari",))]
    assert "Ingen er avdelingsleder" not in story.reads("ola"), "a new round doesn't speak of the last one"


def test_who_comes_to_work_meanwhile_is_alerted_at_the_next_level(story: Story) -> None:
    story.absent = {"kari"}
    story.reports()
    story.absent = set()
    story.waits(3)
    assert minutes_of(story) == [(0, ("nils",)), (3, ("kari",))]


# --- the class -------------------------------------------------------------


def test_an_unknown_class_alerts_the_heads_of_all_departments(story: Story) -> None:
    story.reports(**UNKNOWN)
    story.waits(10)
    assert minutes_of(story) == [
        (0, ("kari", "tone", "arne")),
        (3, ("kari", "tone", "arne")),
        (5, ("nils", "kari", "tone")),
        (10, ("berit",)),
    ]
    assert "alle avdelingene er varslet" in story.reads("arne", Kind.ALERT)


def test_when_the_class_is_found_the_others_are_released_and_told(story: Story) -> None:
    story.reports(**UNKNOWN)
    story.corrects(**{"class": "1BAA"})
    assert story.case().departments == ("bygg",)
    assert {alert.person for alert in story.case().alerts} == {"kari"}
    assert "Saken gjelder en annen avdeling." in story.reads("arne", Kind.ALERT)
    assert story.card("arne", Kind.ALERT).buttons == ()
    assert story.presses("arne", "take").notice == "Du har ikke tilgang til denne saken."
    assert minutes_of(story) == [(0, ("kari", "tone", "arne"))], "who was alerted already isn't alerted anew"


def test_a_released_head_is_not_alerted_again(story: Story) -> None:
    story.reports(**UNKNOWN)
    story.corrects(**{"class": "1BAA"})
    story.waits(14)
    later = {person for _, people in minutes_of(story)[1:] for person in people}
    assert later == {"kari", "nils", "berit"}


def test_the_rektor_is_released_from_nothing(story: Story) -> None:
    story.reports(**UNKNOWN)
    story.waits(10)
    story.corrects(**{"class": "3STA"})
    assert {alert.person for alert in story.case().alerts} == {"arne", "tone", "berit"}


def test_the_wrong_department_is_released_and_the_right_one_alerted_at_once(story: Story) -> None:
    story.reports()
    story.waits(6)
    story.corrects(**{"class": "3STA"})
    assert minutes_of(story) == [(0, ("kari",)), (3, ("kari",)), (5, ("nils",)), (6, ("arne",))]
    assert {alert.person for alert in story.case().alerts} == {"arne"}
    story.waits(3)
    assert minutes_of(story)[-1] == (9, ("arne",)), "the minutes count from the new alert"


def test_another_class_of_the_same_department_alerts_nobody_anew(story: Story) -> None:
    story.reports()
    story.corrects(**{"class": "2TMA"})
    assert minutes_of(story) == [(0, ("kari",))]
    assert story.case().school_class == "2TMA"


def test_a_department_of_which_nobody_was_there_is_alerted_when_the_class_is_found(story: Story) -> None:
    """Released were all who had been alerted: without a new alert, nobody at all would know until the next level."""
    story.absent = {"kari", "nils"}
    story.reports(**UNKNOWN)
    assert minutes_of(story) == [(0, ("tone", "arne"))]
    story.corrects(**{"class": "1BAA"})
    assert {alert.person for alert in story.case().alerts} == {"berit"}


def test_a_taken_case_stays_with_its_owner_until_the_right_department_has_it(story: Story) -> None:
    """The class comes out: the head there is alerted, and until he takes it the case is with whoever has it."""
    story.reports(**UNKNOWN)
    story.presses("arne", "take")
    story.corrects(**{"class": "1BAA"})
    assert story.case().taken_by == "arne"
    assert story.events(Alerted)[1:] == [Alerted(0, 0, "avdelingsleder", to_deputy=False, people=("kari",))]
    assert "Studiespesialisering" not in story.reads("ola")
    assert "gitt videre til Bygg og anlegg. Arne Lo har den" in story.reads("ola")
    assert "arne" in {alert.person for alert in story.case().alerts}, "the owner is released from nothing"
    story.presses("kari", "take")
    assert story.case().taken_by == "kari"
    assert story.armed() is None
    assert "read" not in {action for action in Action if may("arne", action, story.case(), story.context)}


def test_a_taken_case_stays_where_it_is_when_the_class_is_of_the_owners_own_department(story: Story) -> None:
    story.reports(**UNKNOWN)
    story.presses("kari", "take")
    story.corrects(**{"class": "1BAA"})
    assert not story.case().handed_over
    assert len(story.events(Alerted)) == 1


def test_a_case_dialog_and_a_status_fit_at_a_large_school_too(plan: Plan, school: School) -> None:
    """Twelve departments with their deputies, an unknown class, and nobody answers."""
    names = [f"leder{number}" for number in range(24)]
    people = {n: Person(n, f"Anne-Marie Nordgård {n}", f"{n}@a.example", "+47 900 00 099") for n in names}
    departments = {
        f"avd{n}": Department(f"avd{n}", f"Avdeling {n}", {"avdelingsleder": (names[2 * n], names[2 * n + 1])})
        for n in range(12)
    }
    large = replace(
        school, people={**school.people, **people}, departments={**departments, "bygg": school.departments["bygg"]}
    )
    large = replace(large, classes={"1BAA": school.classes["1BAA"]})
    story = Story(plan, large)
    story.reports(**UNKNOWN)
    story.waits(11)
    assert len({alert.person for alert in story.case().alerts}) == 27
    assert story.presses("ola", "show").dialog is not None
    assert story.reads("ola")


# --- sooner, never later -------------------------------------------------------------


def test_a_suspicion_that_proves_to_be_acute_is_alerted_anew_at_once(story: Story) -> None:
    story.reports(**SUSPICION)
    story.waits(30)
    story.corrects(hendelsestype="synlig_beruset")
    story.waits(10)
    assert minutes_of(story) == [(0, ("kari",)), (30, ("kari",)), (33, ("kari",)), (35, ("nils",)), (40, ("berit",))]


def test_something_acute_that_proves_to_be_a_suspicion_is_alerted_no_later(story: Story) -> None:
    story.reports()
    before = armed(story)
    story.corrects(hendelsestype="mistanke")
    assert armed(story) == before
    assert len(story.events(EscalationStarted)) == 1
    story.waits(14)
    assert [minute for minute, _ in minutes_of(story)] == [0, 3, 5, 10]


@pytest.mark.parametrize("answers", [{"under_18": "ja"}, {"stoff": "illegalt"}, {"yrkesfag": "ja_i_praksis"}])
def test_an_answer_that_changes_nobodys_hurry_alerts_nobody_anew(story: Story, answers: dict[str, str]) -> None:
    story.reports()
    before = list(story.promised), armed(story)
    story.answers(**answers)
    assert (list(story.promised), armed(story)) == before


# --- taken -------------------------------------------------------------


def test_a_case_that_is_taken_alerts_nobody_any_more(story: Story) -> None:
    story.reports()
    story.waits(4)
    decision = story.does(Take("kari"))
    assert Disarm(Timer.ESCALATION) in decision.effects
    assert story.armed() is None
    story.waits(600)
    assert [minute for minute, _ in minutes_of(story)] == [0, 3]


def test_a_timer_that_goes_off_when_the_case_is_taken_is_disarmed(story: Story) -> None:
    story.reports()
    story.presses("kari", "take")
    late = story.does(Escalate(0, 1))
    assert late.events == ()
    assert late.effects == (Disarm(Timer.ESCALATION),)


def test_taken_does_what_the_plan_means_by_alerted(story: Story) -> None:
    story.reports()
    assert {str(story.case().duties[name].progress) for name in ("B1.3a", "B3.1")} == {"open"}
    story.presses("kari", "take")
    assert {str(story.case().duties[name].progress) for name in ("B1.3a", "B3.1")} == {"done"}


def test_new_facts_alert_nobody_when_the_case_is_taken(story: Story) -> None:
    story.reports(**SUSPICION)
    story.presses("kari", "take")
    story.corrects(hendelsestype="synlig_beruset")
    assert len(story.events(Alerted)) == 1
    assert story.armed() is None
    assert str(story.case().duties["B1.3a"].progress) == "done", "somebody has it: the avdelingsleder is alerted"


def test_only_the_first_takes_it(story: Story) -> None:
    story.reports()
    story.presses("berit", "take")
    story.waits(1)
    story.presses("kari", "take")
    assert len(story.events(Taken)) == 1
    assert (story.case().taken_by, story.case().taken_at) == ("berit", MONDAY_MORNING)


# --- what the reporter reads -------------------------------------------------------------


def test_the_status_says_sent_then_delivered_then_taken_and_nothing_sooner(story: Story) -> None:
    story.reports()
    assert "Kari Moen: sendes fra kl. 10:00, ikke levert ennå" in story.reads("ola")
    assert "levert kl." not in story.reads("ola")
    assert "Ring Kari Moen på +47 900 00 003 hvis det haster." in story.reads("ola")
    story.waits(1)
    story.delivers("kari")
    assert "Kari Moen: levert kl. 10:01" in story.reads("ola")
    assert "Kari Moen har tatt saken" not in story.reads("ola")
    story.waits(1)
    story.presses("kari", "take")
    assert "Kari Moen har tatt saken kl. 10:02." in story.reads("ola")
    assert "Ingen har tatt saken" not in story.reads("ola")


def test_who_has_an_alert_has_it_while_the_next_one_is_sent(story: Story) -> None:
    story.reports()
    story.delivers("kari")
    story.waits(3)
    assert "Kari Moen: levert kl. 10:00" in story.reads("ola")


def test_of_whom_no_alert_has_reached_it_is_said_since_when(story: Story) -> None:
    story.reports()
    story.waits(4)
    assert "Kari Moen: sendes fra kl. 10:00, ikke levert ennå" in story.reads("ola")


def test_what_is_not_acute_climbs_in_the_hours_of_school_days(story: Story) -> None:
    """A quarter to two on a Friday: an hour, three and five of school after it."""
    story.now = MONDAY_MORNING + timedelta(days=4, hours=3, minutes=45)
    begun = story.now
    story.reports(hendelsestype="mistanke")
    assert armed(story).due_at == begun + timedelta(hours=1)
    story.waits(60 * 24 * 4)
    at = [f"{begun + timedelta(minutes=minutes):%a}" for minutes, _ in minutes_of(story)]
    assert set(at) <= {"Fri", "Mon", "Tue"}
    hours = [(begun + timedelta(minutes=minutes)).astimezone(OSLO).time() for minutes, _ in minutes_of(story)]
    assert all(time(8) <= hour <= story.school.calendar.day_ends for hour in hours)
    assert [who for _, who in minutes_of(story)][:4] == [("kari",), ("kari",), ("nils",), ("berit",)]


@pytest.mark.parametrize(
    ("reported", "levels"),
    [
        ("2026-11-23 09:30", "Mon 10:30, Mon 12:30, Mon 14:30"),  # as the plan says
        ("2026-11-23 12:31", "Mon 13:31, Mon 15:15, Mon 15:30"),  # an hour, three and five would be over at 17:31
        ("2026-11-23 14:40", "Mon 15:00, Mon 15:15, Mon 15:30"),
        ("2026-11-23 15:20", "Mon 15:35, Mon 15:50, Mon 16:05"),  # somebody is there for a while yet
        ("2026-11-23 15:30", "Tue 09:00, Tue 11:00, Tue 13:00"),  # there is no school any more
        ("2026-11-24 06:00", "Tue 09:00, Tue 11:00, Tue 13:00"),
        ("2026-11-27 16:00", "Mon 09:00, Mon 11:00, Mon 13:00"),
        ("2027-05-14 16:00", "Tue 09:00, Tue 11:00, Tue 13:00"),  # Monday is 17 May
        ("2027-06-18 15:00", "Fri 15:15, Fri 15:30, Fri 15:45"),  # the last day of school
        ("2027-06-18 16:00", "Sat 09:00, Sat 11:00, Sat 13:00"),  # nobody waits for August
        ("2027-07-07 13:00", "Wed 14:00, Wed 15:15, Wed 15:30"),
        ("2027-08-12 16:00", "Mon 09:00, Mon 11:00, Mon 13:00"),  # school begins
    ],
)
def test_the_first_round_of_a_suspicion_is_over_within_the_day_and_waits_for_no_holidays_end(
    plan: Plan, school: School, reported: str, levels: str
) -> None:
    chain = plan.escalation["same_day"]
    begun = Escalation("same_day", datetime.fromisoformat(reported).replace(tzinfo=OSLO).astimezone(UTC))
    due = [due_at(chain, begun, Position(0, level), school.calendar) for level in range(1, len(chain))]
    assert ", ".join(f"{at.astimezone(OSLO):%a %H:%M}" for at in due) == levels
    assert due[-1] - begun.started_at < timedelta(days=4)
    assert due_at(chain, begun, Position(1, 0), school.calendar) > due[-1]


def test_each_alert_keeps_the_time_it_was_delivered_at(story: Story) -> None:
    story.reports()
    story.waits(1)
    story.delivers("kari")
    story.waits(3)
    story.delivers("kari")
    minutes = [alert.delivered_at - MONDAY_MORNING for alert in story.case().alerts if alert.delivered_at]
    assert minutes == [timedelta(minutes=1), timedelta(minutes=4)]


def test_the_number_to_ring_is_that_of_the_last_who_was_alerted(story: Story) -> None:
    story.reports()
    story.waits(10)
    assert "Ring Berit Aune på +47 900 00 001" in story.reads("ola")


def test_a_delivery_is_noted_once_and_only_for_who_was_alerted(story: Story) -> None:
    story.reports()
    story.delivers("kari")
    story.delivers("kari")
    assert story.does(NoteDelivery("berit", "chat")).hint is Hint.ALREADY_DONE
    assert story.events(Delivered) == [Delivered("kari", "chat")]


def test_the_alert_says_why_it_comes(story: Story) -> None:
    story.reports()
    assert "Ola Rise er hos eleven. Ring +47 900 00 006." in story.reads("kari", Kind.ALERT)
    assert "ikke svart" not in story.reads("kari", Kind.ALERT)
    story.waits(10)
    assert "Påminnelse: ingen har tatt saken ennå." in story.reads("kari", Kind.ALERT)
    assert "Avdelingsleder har ikke svart" in story.reads("berit", Kind.ALERT)
    assert "Rushendelse" in story.reads("kari", Kind.ALERT)


def test_the_alert_of_a_suspicion_is_calm(story: Story) -> None:
    story.reports(**SUSPICION)
    assert "i løpet av skoledagen" in story.reads("kari", Kind.ALERT)


def test_the_owner_is_told_whom_to_ring(story: Story) -> None:
    story.reports()
    story.presses("kari", "take")
    assert "Ta kontakt med Ola Rise på +47 900 00 006." in story.reads("kari", Kind.ALERT)
    assert "Kari Moen har tatt saken kl. 10:00." in story.reads("berit", Kind.ALERT)


def test_the_reporter_is_promised_a_status_and_each_alerted_a_message_of_their_own(story: Story) -> None:
    story.reports(**UNKNOWN)
    story.waits(3)
    assert story.told(Kind.STATUS) == ["ola"]
    assert story.told(Kind.ALERT) == ["kari", "tone", "arne"] * 2
    keys = [note.key for _, note in story.promised]
    assert len(set(keys)) == len(keys), "each promise is kept, none counts as another"


def test_a_head_who_reports_is_alerted_like_anybody(story: Story) -> None:
    story.reports("kari")
    assert minutes_of(story) == [(0, ("kari",))]
    story.presses("kari", "take")
    assert story.case().taken_by == "kari"


def test_the_shared_example_school_is_alerted_too(plan: Plan) -> None:
    file = Path(__file__).parent / "school_example.yaml"
    story = Story(plan, load_school(file, {plan.id: plan}))
    story.reports("eva", **{"class": "3IDA"})
    assert story.told(Kind.ALERT) == ["arne"]
