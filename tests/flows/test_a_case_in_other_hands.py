"""A case that is given on, or whose owner is away or gone: who has it, and who has lost sight of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from flows.access import Action, may
from flows.commands import (
    AssessDuty,
    DelegateDuty,
    DeviateFromDuty,
    DoDuty,
    FollowUp,
    HandOver,
    Take,
    UntickDuty,
    Withdraw,
)
from flows.decisions.draft import Hint
from flows.effects import Kind
from flows.events import DutyAssessed
from flows.incident import Progress
from flows.roster import Absence
from tests.flows.story import UNKNOWN_CLASS, Story, buttons


def allowed(story: Story, person: str) -> set[str]:
    return {str(action) for action in Action if may(person, action, story.case(), story.context)} - {"report", "assess"}


def offered(story: Story, person: str) -> set[str]:
    dialog = story.presses(person, "show").dialog
    assert dialog is not None
    return {str(button.action) for button in buttons(dialog)}


@pytest.fixture
def given_on(story: Story) -> Story:
    """A case of 1BAA, which kari has given to Studiespesialisering."""
    story.reports("ola")
    story.presses("kari", "take")
    story.does(HandOver("kari", "stud"))
    return story


def test_the_department_that_a_case_was_given_to_decides_and_no_longer_the_class(given_on: Story) -> None:
    given_on.presses("arne", "take")
    assert allowed(given_on, "kari") == set()
    assert given_on.does(Take("kari")).hint is Hint.NO_ACCESS
    given_on.absent = {"arne"}
    assert {"read", "take"} <= allowed(given_on, "tone"), "the deputy there"
    assert "read" not in allowed(given_on, "kari")
    assert given_on.does(Take("kari")).hint is Hint.NO_ACCESS


def test_whoever_gave_a_case_on_may_keep_it_after_all(given_on: Story) -> None:
    labels = [button.label for button in buttons(given_on.presses("kari", "show").dialog)]  # type: ignore[arg-type]
    assert "Behold saken" in labels
    given_on.presses("kari", "take")
    assert given_on.case().taken_by == "kari"
    assert not given_on.case().handed_over
    assert given_on.armed() is None


def test_whoever_had_it_before_has_no_part_in_it_when_the_next_one_leaves(story: Story) -> None:
    story.reports("ola", **{"class": UNKNOWN_CLASS})
    story.presses("kari", "take")
    story.corrects(**{"class": "3STA"})
    story.presses("arne", "take")
    people = {name: person for name, person in story.school.people.items() if name != "arne"}
    story.school = story.changed(story.school, people=people)
    story.waits(60 * 24 * 3)
    assert not story.case().taken_by
    assert "read" not in allowed(story, "kari")


def test_the_deputy_of_somebody_who_is_away_is_offered_the_case(story: Story) -> None:
    story.reports("ola")
    story.presses("kari", "take")
    story.absent = {"kari"}
    dialog = story.presses("nils", "show").dialog
    assert dialog is not None
    assert "Jeg tar saken" in [button.label for button in buttons(dialog)]
    story.presses("nils", "take")
    assert story.case().taken_by == "nils"
    assert "lead" in allowed(story, "nils")


def test_rektor_who_has_taken_a_case_keeps_it_when_the_class_is_corrected(story: Story) -> None:
    story.reports("ola")
    story.presses("berit", "take")
    story.corrects("berit", **{"class": "3STA"})
    assert not story.case().handed_over


# --- what the law asks for can't be passed by ---


def test_spaces_are_no_answer(story: Story) -> None:
    story.reports("ola")
    story.answers(under_18="ja")
    story.presses("kari", "take")
    reply = story.submits("kari", "do", f"{story.only}/B1.4", safe_to_call=" ", reached=" ", at=" ")
    assert set(reply.faults) == {"safe_to_call", "reached", "at"}
    assert story.does(DoDuty("kari", "B1.4", {"reached": "ja", "safe_to_call": " "})).hint is Hint.FORM_NEEDED
    assert story.case().duties["B1.4"].progress is Progress.OPEN


DECISION = {
    "decided": "ja",
    "milder_considered": "ja",
    "reason": "To voksne så det.",
    "until": "14:30",
    "oral_notice": "ja",
    "physical_intervention": "nei",
}


def test_nobody_is_sent_away_unheard(story: Story) -> None:
    story.reports("ola")
    story.presses("kari", "take")
    reply = story.submits("berit", "do", f"{story.only}/L2", told="ja", heard="nei")
    assert "heard" in reply.faults
    story.does(DoDuty("berit", "L2", {"told": "ja", "heard": "ja"}))
    assert story.does(DoDuty("berit", "L1", DECISION)).hint is Hint.AGE_FIRST, "guardians may have to be heard"
    story.answers(under_18="ja")
    assert story.does(DoDuty("berit", "L1", DECISION)).hint is Hint.HEAR_FIRST
    story.does(DeviateFromDuty("berit", "L3", "Ingen svarte."))
    assert story.does(DoDuty("berit", "L1", DECISION)).hint is Hint.NONE


def test_nobody_deviates_from_the_duty_to_report_for_everybody(story: Story) -> None:
    story.reports("ola")
    story.answers(under_18="ja")
    story.presses("kari", "take")
    for person in ("ola", "kari"):
        assert story.does(DeviateFromDuty(person, "L4", "Det trengs ikke.")).hint is Hint.NOT_BY_HAND
    assert story.case().duties["L4"].progress is Progress.OPEN


def test_the_duty_to_report_is_open_again_when_somebody_comes_in(story: Story) -> None:
    story.reports("ola")
    story.answers(under_18="ja")
    story.presses("kari", "take")
    for person in ("ola", "kari"):
        story.does(AssessDuty(person, "L4", {"must_report": "nei"}))
    assert story.case().duties["L4"].progress is Progress.DONE
    story.does(DoDuty("kari", "B5.2", {"informed_person": "jon", "at": "10:00"}))
    assert story.case().duties["L4"].progress is Progress.OPEN
    assert len(story.events(DutyAssessed)) == 2, "what was answered stands"


def test_a_pupil_who_is_out_of_praksis_stays_to_be_brought_back_whatever_class_he_turns_out_to_be_in(
    story: Story,
) -> None:
    story.reports("ola")
    story.answers(under_18="nei", yrkesfag="ja_i_praksis")
    story.presses("kari", "take")
    story.does(DoDuty("kari", "B2.1", {"from": "2026-11-23"}))
    story.corrects("kari", **{"class": "3STA"})
    assert story.case().duties["B2.1"].progress is Progress.UNDER_WAY
    story.does(UntickDuty("kari", "B2.1"))
    assert story.case().duties["B2.1"].progress is Progress.ENDED


def test_more_is_offered_only_where_there_is_more(story: Story) -> None:
    story.reports("ola")
    assert "more" in offered(story, "ola"), "the reporter can take a wrong alert back"
    story.presses("kari", "take")
    assert "more" not in offered(story, "ola")
    assert "more" in offered(story, "kari")


# --- who is told ---


def test_who_is_given_a_duty_is_told_whatever_else_he_is_to_the_case(story: Story) -> None:
    story.reports("ola")
    story.answers(colleague="per", under_18="nei")
    story.presses("kari", "take")
    for person in ("ola", "per", "eva", "siri"):
        before = story.told(Kind.DUTIES).count(person)
        story.does(DelegateDuty("kari", "B4.1", person))
        story.does(FollowUp())
        assert story.told(Kind.DUTIES).count(person) == before + 1, person


def goes_away(story: Story, person: str, days: int = 2) -> None:
    """Be away from now on, and let the clock look at the case twice meanwhile."""
    absence = Absence(f"away-{len(story.absences)}", person, story.now, story.now + timedelta(days=days))
    story.absences.append(absence)
    story.does(FollowUp())
    story.does(FollowUp())


def told_of_duties(story: Story) -> Counter[str]:
    return Counter(story.told(Kind.DUTIES))


@pytest.mark.parametrize(("reporter", "colleague"), [("ola", "per"), ("nils", "per"), ("ola", "nils")])
def test_whoever_acts_for_the_owner_is_told_once_for_each_absence_whatever_else_he_is_to_the_case(
    story: Story, reporter: str, colleague: str
) -> None:
    story.reports(reporter)
    story.answers(reporter, colleague=colleague, under_18="nei")
    story.presses("kari", "take")
    for _ in range(2):
        before = told_of_duties(story)
        goes_away(story, "kari")
        assert told_of_duties(story) - before == {"nils": 1}
        story.now += timedelta(days=3)
        story.does(FollowUp())
        assert told_of_duties(story) - before == {"nils": 1}, "she is back, and he has nothing to do"


def test_whoever_has_a_duty_of_an_absent_colleague_again_is_told_so(story: Story) -> None:
    story.reports("ola")
    story.answers(under_18="nei")
    story.presses("kari", "take")
    for person in ("eva", "per"):
        story.does(DelegateDuty("kari", "B4.1", person))
        before = told_of_duties(story)
        goes_away(story, person)
        assert told_of_duties(story) - before == {"kari": 1}
    before = told_of_duties(story)
    goes_away(story, "kari")
    assert "nils" in told_of_duties(story) - before


def test_absences_without_a_break_are_one_to_whoever_acts_meanwhile(story: Story) -> None:
    story.reports("ola")
    story.answers("ola", under_18="nei")
    story.presses("kari", "take")
    before = told_of_duties(story)
    story.absences.append(Absence("until-then", "kari", story.now, story.now + timedelta(days=1)))
    story.absences.append(Absence("from-then", "kari", story.now + timedelta(hours=1), story.now + timedelta(days=4)))
    for _ in range(3):
        story.does(FollowUp())
        story.now += timedelta(days=1)
    assert told_of_duties(story) - before == {"nils": 1}
    away = story.context.roster.absence_of("kari", story.now)
    assert away
    assert away.id == "from-then"


def test_nobody_is_told_of_an_absence_in_which_he_acts_for_nobody(story: Story) -> None:
    story.reports("ola")
    story.answers(under_18="nei")
    story.presses("kari", "take")
    story.does(DelegateDuty("kari", "B4.1", "eva"))
    story.does(DeviateFromDuty("kari", "B4.1", "Eleven har sluttet."))
    story.absent = {"nils"}
    before = told_of_duties(story)
    for person in ("eva", "siri", "kari"):
        goes_away(story, person)
    story.absent = set()
    story.does(Withdraw("kari", "Meldt to ganger."))
    goes_away(story, "kari")
    told = told_of_duties(story) - before
    assert not set(told) & {"kari", "nils", "ola"}


def test_whoever_acts_for_another_reads_for_whom_until_when_and_whom_he_may_ask_meanwhile(story: Story) -> None:
    story.reports("ola")
    story.presses("kari", "take")
    goes_away(story, "kari")
    read = story.reads("nils", Kind.DUTIES)
    assert "Kari Moen er borte til og med onsdag 25.11. Du har ansvaret så lenge." in read
    assert "Du har noe å gjøre i denne saken" in read
    assert "Spør Ola" in read, "Kari isn't there to be asked"
    story.now += timedelta(days=3)
    assert "er borte" not in story.reads("nils", Kind.DUTIES)


def test_nobody_is_told_to_ask_himself(story: Story) -> None:
    story.reports("ola")
    story.answers(under_18="nei")
    story.presses("kari", "take")
    story.does(DelegateDuty("kari", "B4.1", "eva"))
    goes_away(story, "eva")
    assert "Eva Sand er borte" in story.reads("kari", Kind.DUTIES)
    assert "Spør" not in story.reads("kari", Kind.DUTIES)
    assert "Spør Kari" in story.reads("siri", Kind.DUTIES)


def test_who_was_informed_by_mistake_follows_the_case_no_more(story: Story) -> None:
    story.reports("ola")
    story.presses("kari", "take")
    story.does(DoDuty("kari", "B5.2", {"informed_person": "tone", "at": "10:00"}))
    assert "follow" in allowed(story, "tone")
    story.does(UntickDuty("kari", "B5.2"))
    assert allowed(story, "tone") == set()


def test_a_case_that_is_given_on_days_later_rings_nobody_out_of_bed(story: Story) -> None:
    story.reports("ola")
    story.presses("kari", "take")
    story.waits(60 * 24 * 2)
    story.does(HandOver("kari", "stud"))
    alert = next(note for _, note in reversed(story.promised) if note.kind is Kind.ALERT)
    assert (alert.person, alert.acute) == ("arne", False)
    assert "er hos eleven" not in story.reads("arne", Kind.ALERT)


def test_a_wrong_department_in_the_first_minutes_is_as_acute_as_before(given_on: Story) -> None:
    assert "er hos eleven" in given_on.reads("arne", Kind.ALERT)


def test_the_owner_undoes_his_own_deviation_from_what_is_anothers(story: Story) -> None:
    story.reports("ola")
    story.presses("kari", "take")
    story.does(DeviateFromDuty("kari", "B7.1", "Eleven har sluttet."))
    assert story.does(UntickDuty("kari", "B7.1")).hint is Hint.NONE
    assert story.case().duties["B7.1"].progress is Progress.OPEN


@pytest.mark.parametrize("clock", ["13", "T13:45", "1345", "13:45+05:00", "25:00", "13:45:10"])
def test_a_time_is_written_as_everybody_writes_it(story: Story, clock: str) -> None:
    story.reports("ola")
    story.presses("kari", "take")
    reply = story.submits("kari", "do", f"{story.only}/B4.1", meeting_on="2026-11-26", meeting_at=clock)
    assert set(reply.faults) == {"meeting_at"}


@pytest.mark.parametrize("day", ["2026-11-22", "2026-W49-1", "20261126", "0001-01-01", "9999-12-31"])
def test_a_meeting_is_on_a_day_to_come(story: Story, day: str) -> None:
    story.reports("ola")
    story.presses("kari", "take")
    reply = story.submits("kari", "do", f"{story.only}/B4.1", meeting_on=day, meeting_at="10:00")
    assert set(reply.faults) == {"meeting_on"}


# --- forms that were open for a while ---


def test_an_old_question_does_not_undo_what_has_been_found_out_meanwhile(story: Story) -> None:
    story.reports("ola")
    story.presses("kari", "take")
    form = story.presses("kari", "duty", f"{story.only}/B1.4").dialog
    assert form is not None
    assert form.submit is not None
    story.answers(under_18="ja")
    reply = story.submits("kari", form.submit.action, form.submit.reference, under_18="ukjent")
    assert "Noen andre har endret dette" in reply.notice
    assert story.case().facts["under_18"] == {"ja"}


def test_a_decision_that_is_a_no_needs_no_end(story: Story) -> None:
    story.reports("ola")
    story.answers(under_18="nei")
    story.presses("kari", "take")
    no = {name: value for name, value in {**DECISION, "decided": "nei"}.items() if name != "until"}
    assert not story.submits("berit", "do", f"{story.only}/L1", **no).faults
    assert story.case().duties["L1"].progress is Progress.DONE


def test_a_decision_that_is_a_yes_needs_one(story: Story) -> None:
    story.reports("ola")
    story.answers(under_18="nei")
    story.presses("kari", "take")
    story.does(DoDuty("berit", "L2", {"told": "ja", "heard": "ja"}))
    yes = {name: value for name, value in DECISION.items() if name != "until"}
    assert set(story.submits("berit", "do", f"{story.only}/L1", **yes).faults) == {"until"}
