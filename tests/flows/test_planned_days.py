"""The days that tasks are planned for, as entries of a calendar: which, when, and the same entry when it is moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from flows.language import Language
from flows.planned_days import planned_days
from flows.tasks import Seen, Standing
from tests.flows.test_year_picture import OPEN, SCHOOL, now, one_of

NOW = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)


def planned(measure: str, day: str, **more: object) -> Seen:
    return now(one_of(measure), planned_for=date.fromisoformat(day), **more)


def test_what_is_planned_is_an_entry_on_its_day_and_says_what_for_whom() -> None:
    (entry,) = planned_days([planned("W09", "2027-01-12"), OPEN[0]], SCHOOL, Language.NN, NOW)
    assert entry.is_all_day
    assert entry.starts_at == datetime(2027, 1, 12, 7, 0, tzinfo=UTC)
    assert entry.title == "2TMA: Vis episode 2 («Jens») av NRK-serien «RUS» i klassen."
    assert entry.text == "Handlingsplan mot rus, F2a. Stadfest i chatten med rusplan når det er gjort."


def test_what_is_done_or_dropped_leaves_no_entry() -> None:
    gone = [planned("W09", "2027-01-12", standing=each) for each in Standing if each is not Standing.OPEN]
    assert planned_days(gone, SCHOOL, Language.NB, NOW) == []


def test_the_entries_come_in_the_order_of_their_days() -> None:
    found = planned_days([planned("W29", "2027-05-03"), planned("W15", "2027-03-11")], SCHOOL, Language.NB, NOW)
    assert [entry.title.split(":")[0] for entry in found] == ["Hele skolen", "Hele skolen"]
    assert found[0].starts_at < found[1].starts_at


def test_a_task_that_is_moved_is_the_same_entry_and_another_is_not() -> None:
    first, moved = planned("W15", "2027-03-11", version=1), planned("W15", "2027-03-18", version=2)
    one, two, other = (
        planned_days([each], SCHOOL, Language.NB, NOW)[0] for each in (first, moved, planned("W29", "2027-05-03"))
    )
    assert (one.uid, one.sequence, two.sequence) == (two.uid, 1, 2)
    assert one.uid != other.uid
    assert planned_days([first], replace(SCHOOL, id="annen"), Language.NB, NOW)[0].uid != one.uid


def test_a_task_without_a_clause_claims_none() -> None:
    (entry,) = planned_days([planned("W27", "2027-01-12")], SCHOOL, Language.NB, NOW)
    assert entry.text.startswith("Arbeidet med handlingsplanen mot rus.")
