"""Another school, with its own plan, roles, minutes and language, goes through it all with no line of code changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.files import load_plan, load_school
from flows.effects import Kind
from flows.events import Alerted, EscalationStarted
from flows.language import Language
from flows.plan import Plan
from flows.protocol import every_combination
from flows.school import School
from tests.flows.story import Story, said

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(HERE / "another_plan.yaml")


@pytest.fixture(scope="module")
def school(plan: Plan) -> School:
    return load_school(HERE / "another_school.yaml", {plan.id: plan})


def report(story: Story, *what: str, sted: str = "skolen", school_class: str = "1A") -> None:
    """Report as guro does; the harness also hands in Oppdal's question, which this plan doesn't read."""
    story.reports("guro", hva=what or "pavirket", sted=sted, place="Gangen", **{"class": school_class})


def alerted(story: Story) -> list[tuple[float, tuple[str, ...]]]:
    start = story.case().reported_at
    rows = [(at, stored) for at, _, stored in story.stored[story.only] if '"event": "Alerted"' in stored]
    people = [event.people for event in story.events(Alerted) if isinstance(event, Alerted)]
    return [((at - start).total_seconds() / 60, who) for (at, _), who in zip(rows, people, strict=True)]


def test_the_plan_has_its_own_combinations(plan: Plan) -> None:
    assert len(list(every_combination(plan))) == 4 * 3 * 3 * 2


def test_the_form_asks_what_this_plan_asks(story: Story) -> None:
    dialog = story.types("guro", "/rus-hendelse").dialog
    assert dialog is not None
    assert [entry.name for entry in dialog.fields] == ["hva", "sted", "place", "class"]
    assert [entry.label for entry in dialog.fields][:2] == ["Kva gjeld det?", "Kvar skjer det?"]
    assert dialog.title == "Ny rushending"


def test_sale_is_alerted_by_this_plans_minutes(story: Story) -> None:
    report(story, "salg")
    story.waits(10)
    assert alerted(story) == [(0, ("trine",)), (2, ("tor",)), (4, ("arild",)), (6, ("ragna",)), (10, ("trine",))]


def test_the_deputy_is_told_who_has_not_answered_in_this_plans_words(story: Story) -> None:
    report(story, "salg")
    story.waits(2)
    assert "Trinnleder har ikke svart" in story.reads("tor", Kind.ALERT)
    assert "har ikkje svart" not in story.reads("trine", Kind.ALERT)


def test_each_of_three_escalations_is_taken_for_its_own_kind(story: Story) -> None:
    for kind, chain, first in (
        ("salg", "straks", ("trine",)),
        ("pavirket", "denne_timen", ("trine",)),
        ("bekymring", "denne_dagen", ("solveig",)),
    ):
        story.forget()
        report(story, kind)
        assert story.events(EscalationStarted) == [EscalationStarted(chain)]
        assert alerted(story) == [(0, first)]


def test_each_worse_finding_alerts_sooner_and_none_later(story: Story) -> None:
    report(story, "bekymring")
    for kind in ("pavirket", "bekymring", "salg", "eleven_spor"):
        story.waits(1)
        story.corrects("guro", hva=kind)
    chains = [event.chain for event in story.events(EscalationStarted) if isinstance(event, EscalationStarted)]
    assert chains == ["denne_dagen", "denne_timen", "straks"]


def test_only_the_most_urgent_alert_of_this_plan_is_acute(story: Story) -> None:
    report(story, "pavirket")
    report_notes = [note.acute for _, note in story.promised if note.kind is Kind.ALERT]
    assert report_notes == [False]
    story.corrects("guro", hva="salg")
    assert [note.acute for _, note in story.promised if note.kind is Kind.ALERT] == [False, True]


def test_the_whole_conversation_from_report_to_taken(story: Story) -> None:
    report(story, "pavirket", sted="internat")
    dialog = story.presses("guro", "open_questions").dialog
    assert dialog is not None
    assert [entry.name for entry in dialog.fields] == ["under_18", "vapen", "colleague"]
    story.answers("guro", under_18="ja", vapen="nei", colleague="leif")
    story.presses("leif", "confirm")
    assert str(story.case().duties["N3"].progress) == "done"
    story.presses("guro", "tick", f"{story.only}/X3")
    assert "Ring Giftinformasjonen på 22 59 13 00" in story.reads("guro")
    story.waits(20)
    story.presses("arild", "take")
    assert story.armed() is None
    assert "Arild Bø har teke saka kl. 10:20." in story.reads("guro")
    assert {str(story.case().duties[name].progress) for name in ("N1", "N2")} == {"done"}
    assert str(story.case().duties["P3"].outcome) == "ja"


def test_a_module_that_this_school_has_adopted_is_in_force_and_one_it_has_not_is_off(story: Story) -> None:
    report(story, "salg")
    assert "X19" in story.case().duties
    assert "N9" not in story.case().duties


def test_a_plan_without_praksis_asks_no_class_about_it(story: Story) -> None:
    report(story, "salg", school_class="2B")
    assert "yrkesfag" not in story.case().facts
    assert story.told(Kind.ALERT) == ["tor"]


def test_two_findings_at_once_count_as_the_stronger(story: Story) -> None:
    report(story, "bekymring", "salg")
    assert str(story.case().duties["P1"].outcome) == "ja"
    assert str(story.case().duties["L1"].outcome) == "ja"


def test_the_assistant_rektor_sees_cases_as_this_plan_says(story: Story) -> None:
    report(story, "bekymring")
    for person, sees in (("arild", True), ("ragna", True), ("trine", True), ("tor", False), ("leif", False)):
        assert (story.presses(person, "show").dialog is not None) is sees, person


def test_somebody_alerted_by_an_earlier_escalation_keeps_the_case_when_the_class_is_corrected(story: Story) -> None:
    """Solveig is the whole school's; «saken gjelder en annen avdeling» would be untrue."""
    report(story, "bekymring")
    story.corrects("guro", hva="salg")
    story.corrects("guro", **{"class": "2B"})
    assert "solveig" in {alert.person for alert in story.case().alerts}


@pytest.mark.parametrize("language", [Language.NB, Language.NN])
def test_no_card_speaks_of_roles_that_this_school_does_not_have(story: Story, language: Language) -> None:
    story.languages = dict.fromkeys(story.school.people, language)
    words = [said(story.types("guro", text)) for text in ("/rus-hendelse", "/rus-hjelp", "hei")]
    report(story, "salg", sted="internat")
    story.answers("guro", under_18="ja", colleague="leif")
    story.waits(5)
    words += [story.reads("guro"), story.reads("trine", Kind.ALERT), story.reads("leif", Kind.COLLEAGUE)]
    words += [said(story.presses("guro", "show")), said(story.presses("guro", "open_questions"))]
    foreign = ("avdelingsl", "oppdal", "elevtjenest", "elevtenest", "mot-koordinator", "kontaktlær")
    assert [word for word in foreign for text in words if word in text.casefold()] == []
