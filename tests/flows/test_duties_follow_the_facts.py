"""As the facts of a case change its duties are added, restated and ended with a reason; none is ever just gone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from flows.cards import Mark, Step
from flows.commands import Answer, ConfirmPresence, DeclinePresence, DoDuty, Report, TickDuty, UntickDuty
from flows.decide import decide
from flows.decisions.draft import Hint
from flows.duty import Outcome
from flows.effects import Kind
from flows.events import (
    Answered,
    ClassCorrected,
    ColleagueAsked,
    ColleagueConfirmed,
    DutyDone,
    DutyEnded,
    DutyRaised,
    DutyReopened,
    DutyRestated,
    PlaceCorrected,
    decode,
    encode,
)
from flows.fold import fold
from flows.incident import Progress
from flows.school import Place
from tests.flows.story import UNKNOWN_CLASS, Story, buttons

JA, AVKLAR = Outcome.YES, Outcome.CLARIFY


def duty(story: Story, name: str) -> tuple[str, str]:
    state = story.case().duties[name]
    return str(state.outcome), str(state.progress)


# --- raised, restated, ended -------------------------------------------------------------


def test_a_report_raises_what_applies_and_only_that(story: Story) -> None:
    story.reports(hendelsestype="mistanke")
    raised = {event.duty: event.outcome for event in story.events(DutyRaised)}
    assert raised == {
        "X1": AVKLAR,
        "B3.1": JA,
        "B4.1": JA,
        "B5.1": JA,
        "B5.2": JA,
        "B7.1": JA,
        "B1.4": AVKLAR,
        "B1.5": AVKLAR,
        "B2.1": AVKLAR,
        "B4.2": AVKLAR,
        "B6.1": AVKLAR,
        "B7.2": AVKLAR,
        "L4": AVKLAR,
        "L5": AVKLAR,
    }


def test_a_worse_finding_adds_duties_and_takes_none_away(story: Story) -> None:
    story.reports(hendelsestype="mistanke")
    before = set(story.case().duties)
    story.corrects(hendelsestype="synlig_beruset")
    assert set(story.case().duties) - before == {"B1.1", "B1.2", "B1.3a", "B1.6", "K1", "L1", "L2", "L3"}
    assert story.events(DutyEnded) == []


def test_an_answer_restates_what_was_unclear(story: Story) -> None:
    story.reports()
    assert duty(story, "B1.4") == ("avklar", "open")
    story.answers(under_18="ja")
    assert {event.duty for event in story.events(DutyRestated)} == {"B1.4", "B1.5", "B4.2", "L3", "L4"}
    assert duty(story, "B1.4") == ("ja", "open")


def test_what_no_longer_applies_ends_and_says_why(story: Story) -> None:
    story.reports()
    story.answers(under_18="nei")
    ended = story.events(DutyEnded)
    assert {event.duty for event in ended} == {"B1.4", "B1.5", "B4.2", "L3", "L4"}
    assert {event.because for event in ended} == {("under_18",)}
    assert duty(story, "B1.4")[1] == "ended"
    assert "B1.4" in story.case().duties


def test_two_answers_at_once_are_both_the_reason(story: Story) -> None:
    story.reports()
    story.answers(under_18="nei", stoff="alkohol")
    assert {event.because for event in story.events(DutyEnded)} == {("under_18", "stoff")}


def test_what_has_ended_is_still_shown_and_can_come_back(story: Story) -> None:
    story.reports()
    story.answers(under_18="nei")
    dialog = story.presses("ola", "show").dialog
    assert dialog is not None
    ended = [block for block in dialog.blocks if isinstance(block, Step) and block.mark is Mark.ENDED]
    assert len(ended) == 5
    assert {step.mark_text for step in ended} == {"Gjelder ikke lenger"}
    story.answers(under_18="ja")
    assert duty(story, "B1.4") == ("ja", "open")


def test_an_ended_duty_cannot_be_ticked(story: Story) -> None:
    story.reports()
    story.presses("kari", "take")
    story.answers(under_18="nei")
    assert story.does(TickDuty("kari", "B1.4")).hint is Hint.NO_LONGER


def test_the_place_decides_whether_use_goes_to_the_police(story: Story) -> None:
    story.reports(hendelsestype="bruk_pa_omradet", place="Kantine")
    story.answers(stoff="illegalt")
    assert duty(story, "B6.1") == ("ja", "open")
    story.corrects(place="Tur")
    assert story.events(PlaceCorrected) == [PlaceCorrected("Tur", grounds=False)]
    assert duty(story, "B6.1") == ("avklar", "open")
    story.corrects(place="Uteområdet")
    assert duty(story, "B6.1") == ("ja", "open")


def test_a_place_of_which_the_school_has_not_said_where_it_is_counts_as_elsewhere(story: Story) -> None:
    """Nothing goes to the police because somebody forgot to write «grounds»."""
    places = {name: Place(name, grounds=None) for name in story.school.places}
    story.school = replace(story.school, places=places)
    story.reports(hendelsestype="bruk_pa_omradet")
    story.answers(stoff="illegalt")
    assert story.case().elsewhere
    assert duty(story, "B6.1") == ("avklar", "open")


def test_a_correction_to_the_same_is_no_change(story: Story) -> None:
    story.reports()
    before = story.case()
    assert story.corrects().notice == "Ingenting er endret."
    assert story.case() == before


def test_unknown_answered_as_unknown_is_kept_as_answered_and_changes_no_duty(story: Story) -> None:
    story.reports()
    before = dict(story.case().duties)
    story.answers(under_18="ukjent")
    assert story.events(Answered) == [Answered({"under_18": ("ukjent",)})]
    assert story.case().duties == before


# --- done stays done ---------------------------------------------------------------------


def test_what_is_done_stays_done_whatever_the_facts_become(story: Story) -> None:
    story.reports(hendelsestype="mistanke")
    story.presses("ola", "tick", f"{story.only}/X1")
    story.corrects(hendelsestype="synlig_beruset")
    assert story.case().duties["X1"].progress is Progress.DONE


REACHED = {"safe_to_call": "ja", "reached": "ja", "at": "10:05"}


def test_what_was_done_for_a_minor_stays_done_for_an_adult(story: Story) -> None:
    story.reports()
    story.presses("kari", "take")
    story.answers(under_18="ja")
    story.does(DoDuty("kari", "B1.4", REACHED))
    story.answers(under_18="nei")
    assert story.case().duties["B1.4"].progress is Progress.DONE
    assert "B1.4" not in {event.duty for event in story.events(DutyEnded)}


def test_what_is_undone_after_the_facts_changed_is_what_the_facts_say_now(story: Story) -> None:
    """Reopened as ja it would tell the avdelingsleder to ring an adult's guardians."""
    story.reports()
    story.presses("kari", "take")
    story.answers(under_18="ja")
    story.does(DoDuty("kari", "B1.4", REACHED))
    story.answers(under_18="nei")
    story.does(UntickDuty("kari", "B1.4"))
    state = story.case().duties["B1.4"]
    assert state.progress is Progress.ENDED
    assert story.does(TickDuty("kari", "B1.4")).hint is Hint.NO_LONGER


def test_a_second_adult_who_leaves_raises_no_duty_that_the_facts_have_ended(story: Story) -> None:
    story.reports()
    story.answers(colleague="per")
    story.presses("per", "confirm")
    story.corrects(hendelsestype="mistanke")
    story.presses("per", "decline")
    assert story.case().duties["B1.2"].progress is not Progress.OPEN


def test_asking_another_adult_raises_no_duty_that_the_facts_have_ended(story: Story) -> None:
    story.reports()
    story.answers(colleague="per")
    story.presses("per", "confirm")
    story.corrects(hendelsestype="mistanke")
    story.answers(colleague="eva")
    assert story.case().duties["B1.2"].progress is not Progress.OPEN


def test_a_tick_can_be_taken_back_and_given_again(story: Story) -> None:
    story.reports()
    for action in ("tick", "untick", "tick"):
        story.presses("ola", action, f"{story.only}/X1")
    kinds = [type(event) for event in story.events(DutyDone) + story.events(DutyReopened) if event.duty == "X1"]
    assert kinds == [DutyDone, DutyDone, DutyReopened]
    assert story.case().duties["X1"].progress is Progress.DONE


def test_a_duty_remembers_who_did_it_and_when(story: Story) -> None:
    story.reports()
    story.waits(2)
    story.presses("ola", "tick", f"{story.only}/X1")
    state = story.case().duties["X1"]
    assert (state.by, state.at) == ("ola", story.now)


# --- safety doesn't wait, disclosures do -------------------------------------------------


def test_safety_is_done_at_once_while_it_must_be_clarified(story: Story) -> None:
    story.reports(hendelsestype="mistanke")
    assert duty(story, "X1") == ("avklar", "open")
    assert "Vurder om eleven trenger medisinsk hjelp" in story.reads("ola")
    story.presses("ola", "tick", f"{story.only}/X1")
    assert duty(story, "X1")[1] == "done"


def test_a_personal_duty_of_everybody_is_ticked_by_nobody_for_all(story: Story) -> None:
    story.reports()
    story.answers(under_18="ja")
    story.presses("kari", "take")
    for person in ("ola", "kari"):
        assert story.does(TickDuty(person, "L4")).hint is Hint.NOT_BY_HAND


def test_the_owner_has_a_button_for_each_duty_that_can_be_ticked(story: Story) -> None:
    """Who has taken the case is the one the plan gives most of it to."""
    story.reports()
    story.answers(under_18="ja")
    story.presses("kari", "take")
    dialog = story.presses("kari", "show").dialog
    assert dialog is not None
    steps = [block for block in dialog.blocks if isinstance(block, Step)]
    assert {step.button.reference.partition("/")[2] for step in steps if step.button} >= {"B1.4", "B4.1", "L5"}


def test_who_has_not_taken_the_case_reads_the_duties_and_ticks_none(story: Story) -> None:
    story.reports()
    story.answers(under_18="ja")
    for person, own in (("kari", set()), ("berit", {"B1.1", "L1", "L2", "L3"})):
        dialog = story.presses(person, "show").dialog
        assert dialog is not None
        about = {button.reference.partition("/")[2] for button in buttons(dialog)}
        assert about - {"B6.1", "K1", "L4", ""} == own, "only the duty to report is everybody's"


def test_the_owner_can_only_answer_what_must_be_clarified_first(story: Story) -> None:
    story.reports()
    story.presses("kari", "take")
    dialog = story.presses("kari", "show").dialog
    assert dialog is not None
    offered = {button.reference.partition("/")[2]: button.label for button in buttons(dialog)}
    assert offered["B4.1"] == "Gjør"
    assert [offered.get(duty) for duty in ("B1.4", "B1.5", "B4.2")] == ["Svar"] * 3
    assert [offered.get(duty) for duty in ("L1", "B6.1", "B7.2")] == ["Se"] * 3
    clarify = [block for block in dialog.blocks if isinstance(block, Step) and block.mark is Mark.QUESTION]
    assert {step.mark_text for step in clarify} == {"Må avklares"}


# --- the class ---------------------------------------------------------------------------


def test_the_class_settles_whether_a_pupil_can_be_in_praksis(story: Story) -> None:
    story.reports(**{"class": "3STA"})
    assert story.case().facts["yrkesfag"] == {"nei"}
    assert "B2.1" not in story.case().duties


def test_a_class_corrected_to_studieforberedende_ends_praksis(story: Story) -> None:
    story.reports()
    story.answers(yrkesfag="ja_i_praksis")
    story.corrects(**{"class": "3STA"})
    assert story.case().facts["yrkesfag"] == {"nei"}
    (ended,) = story.events(DutyEnded)
    assert ended == DutyEnded("B2.1", ("class", "yrkesfag"))
    (corrected,) = story.events(ClassCorrected)
    assert (corrected.school_class, corrected.departments) == ("3STA", ("stud",))


def test_a_class_corrected_to_yrkesfag_asks_about_praksis_again(story: Story) -> None:
    story.reports(**{"class": "3STA"})
    story.answers(under_18="ja", stoff="ukjent", colleague="per")
    story.corrects(**{"class": "1BAA"})
    assert story.case().facts["yrkesfag"] == {"ukjent"}
    assert duty(story, "B2.1") == ("avklar", "open")
    assert "yrkesfag" not in story.case().answered, "nobody has answered it"
    assert "Svar på resten" in [button.label for button in story.card("ola").buttons]


@pytest.mark.parametrize(
    ("first", "then"), [("1BAA", "2TMA"), ("1BAA", "2HEA"), (UNKNOWN_CLASS, "1BAA"), ("1BAA", UNKNOWN_CLASS)]
)
def test_an_answer_about_praksis_that_still_can_be_is_kept_when_the_class_is_corrected(
    story: Story, first: str, then: str
) -> None:
    story.reports(**{"class": first})
    story.answers(yrkesfag="ja_i_praksis")
    story.corrects(**{"class": then})
    assert story.case().facts["yrkesfag"] == {"ja_i_praksis"}
    assert duty(story, "B2.1") == ("ja", "open")


def test_what_only_the_class_had_settled_is_open_again_when_the_class_is_unknown(story: Story) -> None:
    """Nobody has said that the pupil isn't in praksis: B2.1 must be asked about, not be a silent nei."""
    story.reports(**{"class": "3STA"})
    story.corrects(**{"class": UNKNOWN_CLASS})
    assert story.case().facts["yrkesfag"] == {"ukjent"}
    assert duty(story, "B2.1") == ("avklar", "open")


def test_an_answer_that_the_class_has_overruled_is_asked_for_again(story: Story) -> None:
    story.reports()
    story.answers(yrkesfag="ja_i_praksis", under_18="ja", stoff="ukjent", colleague="per")
    story.corrects(**{"class": "3STA"})
    story.corrects(**{"class": "2HEA"})
    assert story.case().facts["yrkesfag"] == {"ukjent"}
    assert "Svar på resten" in [button.label for button in story.card("ola").buttons]


def test_an_answer_of_the_reporters_stands_when_the_class_is_unknown(story: Story) -> None:
    story.reports(**{"class": UNKNOWN_CLASS})
    story.answers(yrkesfag="nei")
    story.corrects(**{"class": "3STA"})
    story.corrects(**{"class": UNKNOWN_CLASS})
    assert story.case().facts["yrkesfag"] == {"nei"}


# --- the second adult --------------------------------------------------------------------


def test_two_members_of_staff_are_two_different_people_and_the_second_says_so(story: Story) -> None:
    story.reports()
    assert duty(story, "B1.2") == ("ja", "open")
    story.answers(colleague="per")
    assert story.told(Kind.COLLEAGUE) == ["per"]
    assert duty(story, "B1.2") == ("ja", "open"), "named is not there"
    story.presses("per", "confirm")
    assert duty(story, "B1.2") == ("ja", "done")
    assert "Per Dahl er den andre voksne." in story.reads("ola")


def test_nobody_is_the_second_adult_of_the_own_report(story: Story) -> None:
    story.reports()
    decision = story.does(Answer("ola", colleague="ola"))
    assert decision.events == ()
    assert decision.hint is Hint.UNCHANGED
    assert story.does(ConfirmPresence("ola")).hint is Hint.NO_ACCESS


def test_somebody_who_is_no_member_of_staff_is_no_second_adult(story: Story) -> None:
    story.reports()
    assert story.does(Answer("ola", colleague="nobody")).events == ()


def test_only_the_one_who_was_asked_can_say_so(story: Story) -> None:
    story.reports()
    story.answers(colleague="per")
    for person in ("eva", "kari", "ola"):
        assert story.does(ConfirmPresence(person)).hint is Hint.NO_ACCESS
    assert duty(story, "B1.2")[1] == "open"


def test_who_declines_is_not_there_and_another_can_be_asked(story: Story) -> None:
    story.reports()
    story.answers(colleague="per")
    story.presses("per", "decline")
    assert "Per Dahl kan ikke. Spør en annen." in story.reads("ola")
    assert "Eg kan ikkje" not in story.reads("per", Kind.COLLEAGUE)
    story.answers(colleague="eva")
    assert story.told(Kind.COLLEAGUE) == ["per", "eva"]
    story.presses("eva", "confirm")
    assert duty(story, "B1.2")[1] == "done"


def test_who_said_yes_can_change_their_mind_both_ways(story: Story) -> None:
    story.reports()
    story.answers(colleague="per")
    for action, progress in (("confirm", "done"), ("decline", "open"), ("confirm", "done")):
        story.presses("per", action)
        assert duty(story, "B1.2")[1] == progress


@pytest.mark.parametrize("action", ["confirm", "decline"])
def test_saying_it_twice_changes_nothing(story: Story, action: str) -> None:
    story.reports()
    story.answers(colleague="per")
    story.presses("per", action)
    before = story.case()
    assert story.presses("per", action).notice == "Dette er alt gjort."
    assert story.case() == before


def test_asking_another_replaces_who_was_there(story: Story) -> None:
    story.reports()
    story.answers(colleague="per")
    story.presses("per", "confirm")
    story.answers(colleague="eva")
    assert duty(story, "B1.2")[1] == "open"
    assert "ein annan" in story.reads("per", Kind.COLLEAGUE)
    assert {button.label for button in story.card("per", Kind.COLLEAGUE).buttons} == {"Meldeplikta di"}
    assert story.does(ConfirmPresence("per")).hint is Hint.NOT_ASKED
    assert story.does(DeclinePresence("per")).hint is Hint.NOT_ASKED
    assert duty(story, "B1.2")[1] == "open"


def test_asking_the_same_again_asks_nobody_twice_save_one_who_declined(story: Story) -> None:
    story.reports()
    story.answers(colleague="per")
    story.answers(colleague="per")
    assert len(story.events(ColleagueAsked)) == 1
    story.presses("per", "decline")
    story.answers(colleague="per")
    assert len(story.events(ColleagueAsked)) == 2
    assert "er spurt om" in story.reads("ola")


def test_a_second_adult_who_is_there_before_the_duty_does_it_when_it_comes(story: Story) -> None:
    story.reports(hendelsestype="bruk_pa_omradet")
    story.answers(colleague="per")
    story.presses("per", "confirm")
    story.corrects(hendelsestype="mistanke")
    story.corrects(hendelsestype="synlig_beruset")
    assert duty(story, "B1.2")[1] == "done"
    assert story.events(ColleagueConfirmed) == [ColleagueConfirmed("per")]


def test_a_second_adult_who_said_yes_while_none_was_needed_counts_when_one_is(story: Story) -> None:
    story.reports(hendelsestype="bruk_pa_omradet")
    story.answers(colleague="per")
    story.corrects(hendelsestype="mistanke")
    assert duty(story, "B1.2")[1] == "ended"
    story.presses("per", "confirm")
    story.corrects(hendelsestype="synlig_beruset")
    assert duty(story, "B1.2") == ("ja", "done")


def test_the_message_to_the_second_adult_is_acute_and_says_where(story: Story) -> None:
    story.reports(place="Uteområdet")
    story.answers(colleague="eva")
    assert [note.acute for _, note in story.promised if note.kind is Kind.COLLEAGUE] == [True]
    assert "Sted: Uteområdet. Ring +47 900 00 006." in story.reads("eva", Kind.COLLEAGUE)


# --- a case is its events ----------------------------------------------------------------


def test_a_case_is_reported_once(story: Story) -> None:
    story.reports()
    again = decide(story.case(), Report("ola", story.only, "K1", "Kantine", "1BAA", {}), story.context)
    assert again.events == ()
    assert again.hint is Hint.ALREADY_DONE


def test_nobody_outside_the_staff_reports(story: Story) -> None:
    facts = {"hendelsestype": ("mistanke",)}
    decision = decide(None, Report("stranger", "1" * 32, "K1", "Kantine", "1BAA", facts), story.context)
    assert decision.case is None
    assert decision.hint is Hint.NO_ACCESS


def test_no_events_are_no_case() -> None:
    assert fold("1" * 32, []) is None


@pytest.mark.parametrize("stored", [{}, {"event": "Nothing"}, {"event": "taken"}])
def test_what_is_no_event_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="there is no event"):
        decode(stored)


def test_every_event_of_a_long_case_survives_storage(story: Story) -> None:
    story.reports(**{"class": UNKNOWN_CLASS})
    story.answers(under_18="ja", stoff="illegalt", colleague="per")
    story.delivers("kari")
    story.waits(5)
    story.presses("per", "confirm")
    story.corrects(**{"class": "1BAA"}, place="Tur")
    story.presses("kari", "take")
    story.presses("ola", "tick", f"{story.only}/X1")
    for _, _, stored in story.stored[story.only]:
        event = decode(json.loads(stored))
        assert encode(event)["event"] == type(event).__name__
        assert decode(json.loads(json.dumps(encode(event)))) == event
    assert story.case().version == len(story.stored[story.only])
