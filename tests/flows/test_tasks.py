"""What becomes of a task of the prevention year, answer by answer and morning by morning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.files import load_plan, load_school
from flows.occurrences import Window, occurrences, responsible
from flows.planning import as_of
from flows.roster import Roster
from flows.school_days import instant, work_day_from
from flows.task_answers import Answer, Done, Dropped, Moved, Planned, PutOff, Reopened, SentOn, Wrong, answered, is_made
from flows.tasks import At, Standing, Task, is_for_overseer, reminded, scheduled

ROOT = Path(__file__).parents[2]
PLAN = load_plan(ROOT / "flows" / "plans" / "oppdal" / "plan.yaml")
SCHOOL = load_school(ROOT / "bot" / "demo_school.yaml", {PLAN.id: PLAN})
FOUND = list(occurrences(PLAN, SCHOOL))
On = Callable[[str], At]


def of(measure: str) -> tuple[Task, On]:
    """Return the first task of a measure as it is planned, and the same task seen on a day."""
    occurrence = next(each for each in FOUND if each.key.measure == measure)

    def on(day: str) -> At:
        return At(occurrence, Roster(SCHOOL), instant(date.fromisoformat(day), time(12)))

    return scheduled(Task(occurrence.key), on("2026-08-01")), on


def test_it_is_reminded_of_on_the_plans_days_and_then_each_week() -> None:
    task, on = of("W15")
    days = []
    while task.next_on:
        days.append(task.next_on.isoformat())
        task = reminded(task, "ola", on(days[-1]))
    assert days[:4] == ["2027-03-01", "2027-03-30", "2027-04-07", "2027-04-14"]
    assert days[-1] <= SCHOOL.calendar.last_day.isoformat()


def test_what_was_missed_is_told_once() -> None:
    task, on = of("W04")
    late = reminded(task, "ola", on("2026-08-26"))  # both of the plan's days have gone by
    assert (late.reminded_on, late.meant_for, late.next_on) == (date(2026, 8, 26), date(2026, 8, 17), date(2026, 9, 7))


def test_what_is_done_is_asked_for_no_more() -> None:
    task, on = of("W04")
    found = answered(task, Done(date(2026, 8, 18)), "ola", on("2026-08-19"))
    assert not found.wrong
    assert (found.task.standing, found.task.done_on, found.task.next_on) == (Standing.DONE, date(2026, 8, 18), None)
    assert found.task.version == task.version + 1


def test_what_is_planned_is_asked_for_on_the_day_after() -> None:
    task, on = of("W15")
    planned = answered(task, Planned(date(2027, 3, 12)), "ola", on("2027-03-01")).task  # a Friday
    assert planned.next_on == date(2027, 3, 15)
    assert reminded(planned, "ola", on("2027-03-15")).next_on == date(2027, 3, 30)


def test_what_is_put_off_comes_on_its_day_and_goes_on_from_there() -> None:
    task, on = of("W15")
    later = answered(
        reminded(task, "ola", on("2027-03-01")), PutOff(date(2027, 3, 20)), "ola", on("2027-03-02")
    ).task  # a Saturday
    assert later.next_on == date(2027, 3, 30)  # the week after it is Easter's
    assert reminded(later, "ola", on("2027-03-30")).next_on == date(2027, 4, 7)


def test_what_is_put_off_to_today_comes_with_the_next_morning() -> None:
    task, on = of("W15")
    told = reminded(task, "ola", on("2027-03-01"))
    later = answered(told, PutOff(date(2027, 3, 5)), "ola", on("2027-03-05")).task  # a Friday
    assert (later.put_off_to, later.next_on) == (date(2027, 3, 8), date(2027, 3, 8))


def test_before_eight_what_is_for_today_comes_today() -> None:
    task, on = of("W04")
    first = date(2026, 8, 17)
    early = replace(on("2026-08-17"), now=instant(first, time(0, 5)))
    assert scheduled(Task(task.key), early).next_on == first
    assert reminded(scheduled(Task(task.key), early), "ola", on("2026-08-17")).meant_for is None
    assert scheduled(Task(task.key), replace(early, now=instant(first, time(8)))).next_on == date(2026, 8, 18)


def test_where_the_last_day_is_no_day_of_work_the_last_question_comes_before_it() -> None:
    task, on = of("W15")
    friday, saturday = date(2027, 6, 18), date(2027, 6, 19)
    school = replace(SCHOOL, calendar=replace(SCHOOL.calendar, last_day=saturday))
    at = replace(on("2027-06-02"), roster=Roster(school))
    told = reminded(task, "ola", on("2027-06-01"))
    for answer in (Planned(friday), Planned(saturday), PutOff(saturday)):
        assert answered(told, answer, "ola", at).task.next_on == friday


def test_what_is_planned_for_the_last_day_is_asked_for_on_it_and_then_no_more() -> None:
    task, on = of("W15")
    last = SCHOOL.calendar.last_day
    told = reminded(task, "ola", on("2027-06-01"))
    planned = answered(told, Planned(last), "ola", on("2027-06-02")).task
    assert planned.next_on == last
    planned = scheduled(planned, on(last.isoformat()))
    assert planned.next_on == last
    asked = reminded(planned, "ola", on(last.isoformat()))
    for answer in (Planned(last), PutOff(last)):
        later = answered(asked, answer, "ola", on(last.isoformat())).task
        assert (later.planned_for or later.put_off_to, later.next_on) == (last, None)


def test_what_is_not_relevant_says_why() -> None:
    task, on = of("W21")
    assert answered(task, Dropped(" "), "ola", on("2026-09-01")).wrong == {"words": Wrong.NO_WORDS}
    dropped = answered(task, Dropped("Tatt i W20."), "ola", on("2026-09-01")).task
    assert (dropped.standing, dropped.next_on) == (Standing.DROPPED, None)


def test_what_was_confirmed_by_mistake_goes_on_with_what_is_still_to_come() -> None:
    task, on = of("W04")
    owner, _ = at_hand(on("2026-08-19"))
    done = answered(task, Done(date(2026, 8, 18)), owner, on("2026-08-18")).task
    assert answered(done, Done(date(2026, 8, 18)), owner, on("2026-08-19")).wrong == {"": Wrong.NOT_OPEN}
    again = answered(done, Reopened(), owner, on("2026-08-19")).task
    assert (again.standing, again.done_on, again.next_on) == (Standing.OPEN, None, date(2026, 8, 24))
    assert reminded(again, owner, on("2026-08-24")).meant_for is None, "while it was done nothing was missed"
    assert answered(again, Reopened(), owner, on("2026-08-19")).wrong == {"": Wrong.NOT_OPEN}


def test_who_has_what_somebody_else_has_opened_again_is_told_at_once() -> None:
    task, on = of("W04")
    (owner, _), at = at_hand(on("2026-08-19")), on("2026-08-19")
    done = answered(reminded(task, owner, on("2026-08-17")), Done(date(2026, 8, 18)), owner, at).task
    again = as_of(answered(done, Reopened(), "siri", at).task, at.occurrence, at.roster, at.now)
    assert again.next_on == at.today
    told = reminded(again, owner, at)
    assert (told.told, told.meant_for) == (owner, None)


def test_what_is_planned_or_put_off_past_its_time_is_said_once_to_who_oversees_it() -> None:
    task, on = of("W04")
    (owner, _), far = at_hand(on("2026-08-18")), date(2026, 12, 1)
    over = work_day_from(SCHOOL.calendar, on("2026-08-18").occurrence.window.last_day + timedelta(weeks=1))
    told = reminded(task, owner, on("2026-08-17"))
    for answer in (Planned(far), PutOff(far)):
        later = answered(told, answer, owner, on("2026-08-18")).task
        assert later.next_on == over
        at = on(over.isoformat())
        assert is_for_overseer(later, owner, at)
        after = reminded(later, owner, at)
        assert after.next_on == work_day_from(SCHOOL.calendar, far + (later.planned_for is not None) * timedelta(1))
        assert (after.planned_for, after.put_off_to) == (later.planned_for, later.put_off_to)
        assert not is_for_overseer(after, owner, on(after.next_on.isoformat()))


def test_a_moved_window_moves_what_comes() -> None:
    task, on = of("W15")
    window = Window(date(2027, 4, 5), date(2027, 4, 30))
    moved = answered(task, Moved(window), "ola", on("2027-03-01")).task
    assert (moved.moved, moved.next_on) == (window, None)
    (found,) = [each for each in occurrences(PLAN, SCHOOL, moved={("W15", "mars"): window}) if each.key == task.key]
    assert scheduled(moved, replace(on("2027-03-01"), occurrence=found)).next_on == date(2027, 4, 5)


def test_who_has_heard_of_what_is_moved_hears_again_of_what_is_still_to_come_alone() -> None:
    task, on = of("W24")
    known = replace(task, told="ola", reminded_on=date(2026, 10, 1))
    planned = answered(known, Planned(date(2027, 2, 3)), "ola", on("2026-11-12")).task
    window = Window(date(2026, 9, 1), date(2027, 5, 20))
    moved = answered(planned, Moved(window), "siri", on("2026-11-12")).task
    (found,) = [
        each
        for each in occurrences(PLAN, SCHOOL, moved={(task.key.measure, task.key.time): window})
        if each.key == task.key
    ]
    now = as_of(moved, found, on("2026-11-12").roster, on("2026-11-12").now, is_moved=True)
    assert (now.planned_for, now.next_on) == (date(2027, 2, 3), date(2027, 2, 4))
    without_a_day = as_of(
        replace(moved, planned_for=None), found, on("2026-11-12").roster, on("2026-11-12").now, is_moved=True
    )
    assert without_a_day.next_on == found.reminders[1] > date(2026, 11, 12)


def test_what_counts_from_another_measure_counts_anew_where_that_one_was_confirmed_by_mistake() -> None:
    task, on = of("W11")
    other = replace(task.key, measure="W10")

    def at(day: str, done: date | None) -> At:
        found = occurrences(PLAN, SCHOOL, {other: done} if done else {})
        return replace(on(day), occurrence=next(each for each in found if each.key == task.key))

    first = date(2026, 11, 5)
    told = reminded(reminded(task, "ola", at("2026-11-06", first)), "ola", at("2026-11-12", first))
    taken_back = scheduled(told, at("2026-11-13", None))
    assert taken_back.next_on
    assert taken_back.next_on > date(2027, 1, 1)
    again = scheduled(taken_back, at("2027-01-20", date(2027, 1, 20)))
    assert again.next_on == date(2027, 1, 21)
    assert reminded(again, "ola", at("2027-01-21", date(2027, 1, 20))).next_on == date(2027, 1, 27)


def test_what_nobody_has_heard_of_and_is_moved_into_the_past_comes_with_the_next_morning() -> None:
    task, on = of("W15")
    window = Window(date(2027, 1, 11), date(2027, 2, 5))
    moved = answered(task, Moved(window), "siri", on("2027-02-10")).task
    (found,) = [each for each in occurrences(PLAN, SCHOOL, moved={("W15", "mars"): window}) if each.key == task.key]
    now = as_of(moved, found, on("2027-02-10").roster, on("2027-02-10").now, is_moved=True)
    assert now.next_on == date(2027, 2, 11)


def test_somebody_else_may_do_it() -> None:
    task, on = of("W15")
    assert answered(task, SentOn("eva"), "ola", on("2027-03-01")).task.owner == "eva"
    assert answered(task, SentOn("nobody"), "ola", on("2027-03-01")).wrong == {"person": Wrong.NOBODY}


def test_whoever_takes_it_or_sets_a_day_himself_is_not_told_of_it_anew() -> None:
    task, on = of("W04")
    (owner, other), at = at_hand(on("2026-08-18")), on("2026-08-18")
    told = reminded(task, other, on("2026-08-17"))
    assert as_of(told, at.occurrence, at.roster, at.now).next_on == at.today, "it is in new hands"
    for answer in (Planned(date(2026, 8, 27)), PutOff(date(2026, 8, 28))):
        his = answered(told, answer, owner, at).task
        assert as_of(his, at.occurrence, at.roster, at.now).next_on == date(2026, 8, 28)
    mine = answered(told, SentOn("siri"), "siri", at).task
    assert as_of(mine, at.occurrence, at.roster, at.now).next_on == told.next_on


def test_whose_it_is_first_of_all_takes_it_from_a_colleague_and_not_the_other_way_round() -> None:
    found = next(each for each in FOUND if (each.key.measure, each.key.audience.id) == ("W04", "2TMA"))
    now = instant(date(2026, 8, 18), time(12))
    for told, away, is_told in (("ola", "nobody", True), ("mikael", "mikael", False), ("mikael", "nobody", False)):
        roster = Roster(SCHOOL, absent=frozenset({away}))
        known = replace(Task(found.key), told=told, reminded_on=date(2026, 8, 17), next_on=date(2026, 8, 24))
        assert (as_of(known, found, roster, now).next_on == date(2026, 8, 18)) is is_told


def test_a_day_that_was_set_before_it_changed_hands_holds_for_whoever_has_it_now() -> None:
    task, on = of("W04")
    (owner, other), at = at_hand(on("2026-08-18")), on("2026-08-18")
    told = reminded(task, other, on("2026-08-17"))
    for answer in (Planned(date(2026, 8, 27)), PutOff(date(2026, 8, 28))):
        his = answered(told, answer, "siri", at).task
        now = as_of(his, at.occurrence, at.roster, at.now)
        assert now.next_on == at.today, "the new one doesn't know of it"
        after = reminded(now, owner, at)
        assert (after.told, after.next_on) == (owner, date(2026, 8, 28))
        assert (after.planned_for, after.put_off_to) == (his.planned_for, his.put_off_to)


def test_what_somebody_has_set_himself_is_no_reminder_that_was_missed() -> None:
    task, on = of("W04")
    told = reminded(task, "mikael", on("2026-08-17"))
    planned = answered(told, Planned(date(2026, 8, 27)), "mikael", on("2026-08-18")).task
    assert reminded(planned, "mikael", on("2026-08-28")).meant_for is None
    assert reminded(planned, "mikael", on("2026-08-31")).meant_for == date(2026, 8, 28)


def at_hand(at: At) -> tuple[str, str]:
    """Return who is to be asked, and somebody who isn't."""
    return responsible(at.occurrence, at.roster).person, "odd"


@pytest.mark.parametrize(
    ("measure", "answer", "wrong"),
    [
        ("W04", Done(date(2026, 9, 2)), {"day": Wrong.IN_FUTURE}),
        ("W04", Done(date(2026, 7, 31)), {"day": Wrong.OUTSIDE_YEAR}),
        ("W18", Done(date(2026, 9, 1)), {"count": Wrong.NO_COUNT}),
        ("W01", Done(date(2026, 9, 1)), {"words": Wrong.NO_WORDS}),
        ("W04", Planned(date(2026, 8, 31)), {"day": Wrong.IN_PAST}),
        ("W04", PutOff(date(2027, 6, 19)), {"day": Wrong.AFTER_SCHOOL}),
        ("W04", Moved(Window(date(2026, 9, 2), date(2026, 9, 1))), {"last_day": Wrong.WRONG_ORDER}),
        ("W04", Moved(Window(date(2026, 7, 1), date(2026, 9, 1))), {"first_day": Wrong.OUTSIDE_YEAR}),
        ("W04", Moved(Window(date(2027, 6, 19), date(2027, 7, 1))), {"first_day": Wrong.AFTER_SCHOOL}),
        ("W04", Moved(Window(date(2026, 12, 24), date(2026, 12, 27))), {"last_day": Wrong.NO_SCHOOL}),
    ],
)
def test_an_answer_that_cannot_be_changes_nothing(measure: str, answer: Answer, wrong: dict[str, Wrong]) -> None:
    task, on = of(measure)
    found = answered(task, answer, "ola", on("2026-09-01"))
    assert (found.wrong, found.task) == (wrong, task)


@pytest.mark.parametrize(
    ("answer", "another"),
    [
        (Done(date(2026, 9, 1)), Done(date(2026, 8, 31))),
        (Planned(date(2026, 9, 2)), Planned(date(2026, 9, 3))),
        (PutOff(date(2026, 9, 2)), Planned(date(2026, 9, 2))),
        (Dropped("Ingen elever."), Dropped("Klassen er på tur.")),
        (SentOn("eva"), SentOn("ola")),
        (
            Moved(Window(date(2026, 9, 2), date(2026, 9, 9))),
            Moved(Window(date(2026, 9, 2), date(2026, 9, 8))),
        ),
    ],
)
def test_an_answer_is_known_again_in_what_it_has_made(answer: Answer, another: Answer) -> None:
    task, on = of("W04")
    at = on("2026-09-01")
    assert not is_made(task, answer, "ola", at)
    found = answered(task, answer, "ola", at)
    assert not found.wrong
    assert is_made(found.task, answer, "ola", at)
    assert is_made(replace(found.task, reminded_on=date(2026, 9, 2), next_on=date(2026, 10, 1)), answer, "ola", at), (
        "reminded of since"
    )
    assert not is_made(found.task, another, "ola", at)


def test_what_is_open_again_is_known_as_that() -> None:
    task, on = of("W04")
    at = on("2026-09-01")
    done = answered(task, Done(date(2026, 9, 1)), "ola", at).task
    assert not is_made(done, Done(date(2026, 9, 1)), "eva", at)
    assert not is_made(done, Reopened(), "ola", at)
    assert is_made(answered(done, Reopened(), "ola", at).task, Reopened(), "ola", at)


def test_no_more_can_have_taken_part_than_the_group_has() -> None:
    task, on = of("W18")
    pupils = SCHOOL.groups[task.key.audience.id].pupils
    more = answered(task, Done(date(2026, 9, 1), pupils + 1), "ola", on("2026-09-01"))
    assert (more.wrong, more.task) == ({"count": Wrong.TOO_MANY}, task)
    assert not answered(task, Done(date(2026, 9, 1), pupils), "ola", on("2026-09-01")).wrong


def test_where_the_school_file_has_no_number_any_count_will_do() -> None:
    task, on = of("W22")
    assert not answered(task, Done(date(2026, 9, 1), 9999), "ola", on("2026-09-01")).wrong
