"""The commands that everybody has: one's own cases, the plan to read and search, being away, one's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.cards import Card, Caution, ChoiceField, DateField, Facts, Heading, Paragraph, Step, plain_text
from flows.commands import DoDuty
from flows.effects import Kind
from flows.language import Language
from flows.plan import Plan
from flows.port import Reply, Typed
from flows.roster import Absence
from flows.school import School
from flows.screens.plan_reader import plan_dialog
from tests.flows.story import MONDAY_MORNING, Story, buttons, said

MINUTES_A_DAY = 60 * 24


def shown(reply: Reply) -> Card:
    assert reply.dialog is not None, reply
    return reply.dialog


def steps(card: Card) -> list[Step]:
    return [block for block in card.blocks if isinstance(block, Step)]


def texts(card: Card) -> list[str]:
    return [block.text for block in card.blocks if isinstance(block, Paragraph)]


# --- /rus-saker ------------------------------------------------------------------------------------------------------


def cases(story: Story, person: str) -> Card:
    return shown(story.types(person, "/rus-saker"))


def numbers(card: Card) -> list[str]:
    """Return the cases on a card, in its order."""
    return [step.text for step in steps(card) if step.text.startswith("Sak ")]


def test_who_has_no_case_is_told_so_and_can_report_one(story: Story) -> None:
    card = cases(story, "ola")
    assert texts(card) == ["Du har ingen åpne saker."]
    assert [button.label for button in buttons(card)] == ["Meld en rushendelse"]
    assert texts(cases(story, "per")) == ["Du har ingen opne saker."]


def test_a_case_is_a_neutral_line_with_the_way_into_it(story: Story) -> None:
    story.reports()
    (line, *_) = steps(cases(story, "ola"))
    assert line.text == "Sak K00000"
    assert line.note == "meldt i dag kl. 10:00 · Kantine"
    assert line.mark_text == "Ingen har tatt saken ennå"
    assert line.button is not None
    assert (line.button.label, line.button.reference) == ("Vis saken", story.only)
    words = plain_text(cases(story, "ola"))
    for hidden in ("1BAA", "Synlig beruset"):
        assert hidden not in words


def test_the_case_says_who_has_it_once_it_is_taken(story: Story) -> None:
    story.reports()
    story.presses("kari", "take")
    assert steps(cases(story, "ola"))[0].mark_text == "Kari Moen har saken"


def test_who_may_not_read_a_case_is_led_to_the_own_part_of_it(story: Story) -> None:
    story.reports()
    story.presses("kari", "take")
    line, own = steps(cases(story, "siri"))[:2]
    assert line.button is not None
    assert line.button.label == "Se hva det er"
    assert own.text.startswith("Gi eleven informasjon og tilbud")


def test_under_a_case_stands_what_is_ones_own_to_do_in_it_and_nothing_else(story: Story) -> None:
    story.reports()
    assert [step.text for step in steps(cases(story, "ola"))[1:]] == [
        "Vurder om eleven trenger medisinsk hjelp. Ikke la eleven være alene.",
        "Vær minst to ansatte når eleven bortvises.",
    ]


def test_somebody_with_no_part_in_it_does_not_see_the_case(story: Story) -> None:
    story.reports()
    story.presses("kari", "take")
    assert numbers(cases(story, "eva")) == []


def test_a_case_in_which_something_is_ones_own_stands_before_one_in_which_nothing_is(story: Story) -> None:
    """A suspicion that nobody has taken asks nothing of who reported it."""
    story.reports(hendelsestype="mistanke")
    story.now += timedelta(minutes=5)
    story.reports()
    assert numbers(cases(story, "ola")) == ["Sak K00001", "Sak K00000"]


def test_what_is_due_first_stands_first_whatever_was_reported_first(story: Story) -> None:
    first = story.reports()
    story.presses("kari", "take", first)
    story.waits(MINUTES_A_DAY)
    second = story.reports()
    story.presses("kari", "take", second)
    assert numbers(cases(story, "siri")) == ["Sak K00000", "Sak K00001"], "Thursday, then Friday"
    story.does(DoDuty("kari", "B4.1", {"meeting_on": "2026-11-25", "meeting_at": "10:30"}), second)
    assert numbers(cases(story, "siri")) == ["Sak K00001", "Sak K00000"], "the second meeting is on Wednesday"


def test_of_cases_in_which_nothing_is_ones_own_the_oldest_stands_first(story: Story) -> None:
    for _ in range(3):
        story.reports(hendelsestype="mistanke")
        story.now += timedelta(minutes=1)
    assert numbers(cases(story, "ola")) == ["Sak K00000", "Sak K00001", "Sak K00002"]


@pytest.mark.parametrize(("count", "pages"), [(45, [45]), (46, [45, 1]), (100, [45, 45, 10])])
def test_many_cases_stand_on_pages_that_lead_to_each_other(story: Story, count: int, pages: list[int]) -> None:
    for _ in range(count):
        story.reports(hendelsestype="mistanke")
    found: list[str] = []
    for at, length in enumerate(pages):
        card = story.presses("ola", "cases", f"/{at}").dialog
        assert card is not None
        assert len(numbers(card)) == length
        found += numbers(card)
        leads_to = [button.reference for button in card.buttons if button.action == "cases"]
        assert leads_to == [f"/{other}" for other in (at - 1, at + 1) if 0 <= other < len(pages)]
    assert len(set(found)) == count


@pytest.mark.parametrize("page", ["99", "-1", "x", "9999", "²"])
def test_a_page_of_cases_that_is_not_there_is_one_that_is(story: Story, page: str) -> None:
    story.reports()
    card = story.presses("ola", "cases", f"/{page}").dialog
    assert card is not None
    assert numbers(card) == ["Sak K00000"]


def test_a_case_stands_on_a_page_with_all_that_is_ones_own_in_it(story: Story) -> None:
    """Kari has nine things to do in each: with the case's own line that is ten, and a page has room for four."""
    for _ in range(6):
        case_id = story.reports()
        story.answers(case_id=case_id, under_18="ja", stoff="alkohol")
        story.presses("kari", "take", case_id)
    card = cases(story, "kari")
    assert numbers(card) == ["Sak K00000", "Sak K00001", "Sak K00002", "Sak K00003"]
    assert len(steps(card)) == 4 * 10


def test_of_each_case_that_a_page_shows_the_reading_is_noted(story: Story) -> None:
    for _ in range(46):
        story.reports(hendelsestype="mistanke")
    response = story.act("ola", Typed("/rus-saker"))
    assert response.looked_at == tuple(list(story.stored)[:45])
    assert story.act("eva", Typed("/rus-saker")).looked_at == ()


# --- /rus-plan: the plan itself --------------------------------------------------------------------------------------


def pages(story: Story, person: str = "ola") -> Iterator[Card]:
    """Yield the pages of the plan, as somebody reads who goes on and on."""
    card = shown(story.types(person, "/rus-plan"))
    yield card
    while on := next((button for button in card.buttons if button.label == "Neste side"), None):
        card = shown(story.presses(person, on.action, on.reference))
        yield card


def listed(card: Card) -> list[str]:
    return [step.note for step in steps(card)]


def test_the_pages_hold_every_clause_once_in_the_plans_order_and_then_what_has_none(story: Story) -> None:
    found = [name for card in pages(story) for name in listed(card)]
    assert found[:5] == ["G1", "G2", "G3", "G4", "M0"]
    assert found == [*story.plan.clauses, "X1", "L1", "L2", "L3", "L4", "L5"]


def test_the_first_page_leads_only_on_and_the_last_only_back(story: Story) -> None:
    first, *between, last = pages(story)
    assert [button.label for button in first.buttons] == ["Neste side"]
    assert [button.label for button in last.buttons] == ["Forrige side"]
    assert all([button.label for button in card.buttons] == ["Forrige side", "Neste side"] for card in between)
    assert [len(listed(card)) for card in (first, *between)] == [20] * (1 + len(between))
    assert 1 <= len(listed(last)) <= 20


def test_back_leads_to_the_page_before(story: Story) -> None:
    first, second, *_ = pages(story)
    (back,) = [button for button in second.buttons if button.label == "Forrige side"]
    assert shown(story.presses("ola", back.action, back.reference)) == first


def test_the_plan_says_of_when_it_is_and_that_these_are_its_own_words(story: Story) -> None:
    card = shown(story.types("ola", "/rus-plan"))
    assert texts(card) == ["Planen er fra 2022-09-06. Sitatene er planens egne ord."]
    assert (
        steps(card)[0].text
        == "Skolens ordensreglement og handlingsplan mot rus synliggjør skolens holdning til rusmisbruk."
    )


def test_a_long_sentence_is_cut_in_the_list_and_whole_behind_it(story: Story) -> None:
    (line,) = [step for card in pages(story) for step in steps(card) if step.note == "G4"]
    assert len(line.text) <= 160
    assert line.text.startswith("Noen av disse bedriftene krever at elevene inngår en skriftlig avtale")
    assert line.text.endswith("…")
    assert line.button is not None
    whole = shown(story.presses("ola", line.button.action, line.button.reference))
    assert texts(whole)[0].endswith("bedt om og samtykker til å avgi urinprøve.»")


@pytest.mark.parametrize("page", ["999", "4", "100"])
def test_a_page_beyond_the_end_is_the_last(story: Story, page: str) -> None:
    *_, last = pages(story)
    assert listed(shown(story.presses("ola", "plan", f"/{page}"))) == listed(last)


@pytest.mark.parametrize("page", ["-1", "1.5", "1e3", "1000", "9" * 100, "٣", "²", "x", "0x1", " 1", "1/2", "", "+1"])
def test_a_page_that_is_no_number_of_the_plans_is_the_first(story: Story, page: str) -> None:
    first = shown(story.types("ola", "/rus-plan"))
    assert shown(story.presses("ola", "plan", f"/{page}")) == first


@pytest.mark.parametrize("page", [-1, -1000])
def test_no_page_stands_before_the_first(story: Story, page: int) -> None:
    assert plan_dialog(story.view("ola"), page) == plan_dialog(story.view("ola"), 0)


def test_a_plan_that_fills_its_pages_exactly_has_no_empty_page(story: Story) -> None:
    """Thirty-four clauses, and six duties without one."""
    names = list(story.plan.clauses)[:34]
    story.plan = replace(story.plan, clauses={name: story.plan.clauses[name] for name in names})
    bound = {name: duty for name, duty in story.plan.duties.items() if set(duty.clauses) <= set(names)}
    story.plan = replace(story.plan, duties=bound)
    assert [len(listed(card)) for card in pages(story)] == [20, 20]
    assert listed(shown(story.presses("ola", "plan", "/2")))[-6:] == ["X1", "L1", "L2", "L3", "L4", "L5"]


@settings(deadline=None, max_examples=80)
@given(words=st.text(max_size=120))
def test_any_reference_of_a_page_or_a_clause_is_answered_with_a_page(plan: Plan, school: School, words: str) -> None:
    story = Story(plan, school)
    assert shown(story.presses("ola", "plan", f"/{words}")).title == "Planen"
    if words not in (*plan.clauses, *plan.duties):
        assert shown(story.presses("ola", "clause", f"/{words}")) == shown(story.types("ola", "/rus-plan"))


# --- /rus-plan: searching --------------------------------------------------------------------------------------------


def hits(story: Story, query: str, person: str = "ola") -> list[str]:
    return listed(shown(story.types(person, f"/rus-plan {query}")))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("urinprøve", ["G3", "G4"]),  # G3 by the measure that comes of both
        ("URINPRØVE", ["G3", "G4"]),
        ("  UrinPrøve  ", ["G3", "G4"]),
        ("urinprøve samtykker", ["G4"]),  # all of the words
        ("samtykker urinprøve", ["G4"]),  # in any order
        ("urinprøve\tsamtykker", ["G4"]),
        ("urinprøve foresatte", []),  # each is there, nowhere both
        ("foresatte rådgiver", ["B4.1"]),
        ("føresette", ["G2", "B1.4", "B1.5", "B4.2", "L1", "L3"]),  # nynorsk: duties, their guidance, a measure
        ("barnevernvakta", ["B1.4"]),  # only its guidance says it
        ("russemøtet", ["A5", "F7"]),  # only the measures say it with an ending
        ("heimel", []),  # stands in a note, which is no sentence of the plan's
        ("ÅLEINE", ["X1"]),  # the nynorsk of a duty without a clause
        ("medisinsk hjelp", ["X1"]),
        ("b1.4", ["B1.4"]),  # its name
        ("LEO ajkic", ["F2a"]),
        ("barnevernet bekymring", []),
    ],
)
def test_a_search_finds_what_holds_all_the_words_in_either_written_language(
    story: Story, query: str, expected: list[str]
) -> None:
    assert hits(story, query) == expected


def test_who_reads_nynorsk_finds_the_same_and_reads_it_in_nynorsk(story: Story) -> None:
    assert hits(story, "foresatte rådgiver", "per") == ["B4.1"]
    (line,) = steps(shown(story.types("per", "/rus-plan medisinsk")))
    assert line.text == "Vurder om eleven treng medisinsk hjelp. Ikkje lat eleven vere åleine."


def test_a_quotation_is_never_translated(story: Story) -> None:
    card = shown(story.presses("per", "clause", "/B1.2"))
    assert texts(card) == [
        "«Ved bortvisning skal minst to av skolens ansatte delta.»",
        "Ver minst to tilsette når eleven blir bortvist.",
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [("urinprøve", "Treff: 2"), ("samtykker urinprøve", "Treff: 1"), ("xyzzy", "Ingen treff. Prøv et annet ord.")],
)
def test_a_search_says_how_much_it_found(story: Story, query: str, words: str) -> None:
    assert texts(shown(story.types("ola", f"/rus-plan {query}"))) == [words]


def test_of_many_hits_the_first_twenty_are_shown_and_a_further_word_is_asked_for(story: Story) -> None:
    card = shown(story.types("ola", "/rus-plan e"))
    assert len(listed(card)) == 20
    assert texts(card)[-1] == "Det er flere treff. Skriv ett ord til."
    assert isinstance(card.blocks[-1], Paragraph)


@pytest.mark.parametrize(
    "query", ["Nordmann", "Kåre 1BAA drikker", "<script>alert(1)</script>", "{0} {name} %s", "{viewer}"]
)
def test_what_was_typed_is_not_repeated_and_not_filled_in(story: Story, query: str) -> None:
    """Somebody will type a pupil's name there."""
    for reply in (
        story.types("ola", f"/rus-plan {query}"),
        story.submits("ola", "search_plan", "/", query=query),
    ):
        words = said(reply)
        assert "Ingen treff" in words
        for word in query.split():
            assert word not in words
        assert [getattr(field, "value", "") for field in shown(reply).fields] == [""]


def test_the_form_searches_as_the_command_does(story: Story) -> None:
    card = shown(story.types("ola", "/rus-plan"))
    assert card.submit is not None
    found = shown(story.submits("ola", card.submit.action, "/", query="Foresatte RÅDGIVER"))
    assert listed(found) == ["B4.1"]
    assert found.submit == card.submit, "one can search on"
    assert [button.label for button in found.buttons] == ["Hele planen"]


@pytest.mark.parametrize("query", ["", "   ", "\t"])
def test_a_search_for_nothing_is_the_whole_plan(story: Story, query: str) -> None:
    first = shown(story.types("ola", "/rus-plan"))
    assert shown(story.submits("ola", "search_plan", "/", query=query)) == first
    assert shown(story.types("ola", f"/rus-plan {query}")) == first


@settings(deadline=None, max_examples=80)
@given(query=st.text(min_size=1, max_size=300))
def test_any_search_is_answered_with_a_card(plan: Plan, school: School, query: str) -> None:
    story = Story(plan, school)
    assert shown(story.types("ola", f"/rus-plan {query}")).title == "Planen"
    assert shown(story.submits("ola", "search_plan", "/", query=query)).title == "Planen"


# --- /rus-plan: one clause -------------------------------------------------------------------------------------------


def rows(card: Card) -> list[tuple[tuple[str, str], ...]]:
    return [block.rows for block in card.blocks if isinstance(block, Facts)]


def test_a_clause_shows_its_own_words_and_the_duty_that_comes_of_it(story: Story) -> None:
    card = shown(story.presses("ola", "clause", "/B1.4"))
    assert card.title == "Punkt B1.4"
    quote, sentence, guidance = texts(card)
    assert quote == "«Foresatte kontaktes (hvis eleven er under 18 år.»"
    assert sentence.startswith("Ring de foresatte før eleven forlater skolen.")
    assert guidance.startswith("Spør først om det kan være farlig for eleven at dere ringer.")
    assert rows(card) == [
        (
            ("Fra", "planen B1.4"),
            ("Hvem", "avdelingsleder, rektor"),
            ("Frist", "samme dag"),
            ("Forteller noe til", "foresatte"),
        )
    ]


def test_a_clause_shows_the_measure_that_comes_of_it(story: Story) -> None:
    card = shown(story.presses("ola", "clause", "/G4"))
    assert texts(card)[1] == "Gå gjennom praksisavtalene på avdelingen, og se etter krav om urinprøve."
    assert rows(card) == [(("Hvem", "avdelingsleder, rektor"), ("Når", "15.08.–01.10."))]


def test_a_measure_with_two_windows_shows_both(story: Story) -> None:
    (found,) = rows(shown(story.presses("ola", "clause", "/D3")))
    assert found == (("Hvem", "Elevtjenesten, rektor"), ("Når", "15.08.–31.12., 01.01.–10.06."))


@pytest.mark.parametrize(
    ("name", "source", "who", "when"),
    [
        ("B4.1", "planen B4.1", "avdelingsleder", "skoledager: 3"),
        ("B5.1", "planen B5.1, B1.3b, B3.2", "avdelingsleder", "til saken er avsluttet"),
        ("B3.2", "planen B5.1, B1.3b, B3.2", "avdelingsleder", "til saken er avsluttet"),
        ("K1c", "planen K1a, K1b, K1c (lov: opplæringslova § 13-1)", "rektor", "til saken er avsluttet"),
        ("B7.1", "planen B7.1", "rådgiver, Elevtjenesten, avdelingsleder", "før møtet"),
        ("L4", "lov: opplæringslova § 24-3", "alle i saken", "samme dag"),
        ("L2", "lov: forvaltningsloven § 16 og opplæringslova § 10-2", "rektor", "før avgjørelsen om bortvisning"),
        ("X1", "sikkerhet", "melder", "med en gang"),
        ("B6.1", "planen B6.1", "rektor", "skoledager: 1"),
    ],
)
def test_a_duty_says_whose_demand_it_is_who_has_it_and_when_it_is_due(
    story: Story, name: str, source: str, who: str, when: str
) -> None:
    (found,) = rows(shown(story.presses("ola", "clause", f"/{name}")))
    assert found[:3] == (("Fra", source), ("Hvem", who), ("Frist", when))


def test_a_duty_without_a_clause_quotes_nothing(story: Story) -> None:
    card = shown(story.presses("ola", "clause", "/L4"))
    assert "«" not in plain_text(card)
    assert texts(card) == ["Vurder selv om du må melde til barnevernet. Du trenger ikke tillatelse fra noen."]


def test_a_clause_of_which_nothing_comes_says_so(story: Story) -> None:
    card = shown(story.presses("ola", "clause", "/M0"))
    assert texts(card)[-1] == "Punktet gir ingen egen plikt eller frist."


def test_an_optional_module_that_the_school_has_not_adopted_is_no_part_of_its_plan(story: Story) -> None:
    assert hits(story, "Giftinformasjonen") == []
    assert shown(story.presses("ola", "clause", "/X3")).title == "Planen"


@pytest.mark.parametrize("name", ["B9.9", "", "../etc", "<script>", "{0}", "X" * 120])
def test_a_clause_that_the_plan_has_not_is_the_whole_plan_and_the_name_is_not_repeated(story: Story, name: str) -> None:
    reply = story.presses("ola", "clause", f"/{name}")
    assert shown(reply) == shown(story.types("ola", "/rus-plan"))
    assert not name or name not in said(reply)


def test_every_clause_can_be_opened_from_the_list_in_both_languages(story: Story) -> None:
    for person in ("ola", "per"):
        opened = [
            shown(story.presses(person, button.action, button.reference)).title
            for card in pages(story, person)
            for button in (step.button for step in steps(card))
            if button is not None
        ]
        assert opened == [f"Punkt {name}" for name in (*story.plan.clauses, "X1", "L1", "L2", "L3", "L4", "L5")]


# --- /rus-borte ------------------------------------------------------------------------------------------------------


def absence(story: Story, person: str) -> Card:
    return shown(story.types(person, "/rus-borte"))


def leaves(story: Story, person: str, first: str, last: str) -> Reply:
    return story.submits(person, "be_away", "/", **{"from": first, "until": last})


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("kari", ["avdelingsleder, Bygg og anlegg: Nils Eide"]),  # in helse she is herself the deputy
        ("berit", ["rektor: Jon Vik"]),
        (
            "siri",
            [
                "Elevtjenesten: Jon Vik",
                "rådgiver, Bygg og anlegg: Jon Vik (Elevtjenesten)",  # never herself, who leads Elevtjenesten
                "rådgiver, Helse og oppvekst: Jon Vik",
                "rådgiver, 3STA: Jon Vik (Elevtjenesten)",
            ],
        ),
        ("jon", ["MOT-koordinator: Siri Haug", "rådgiver, Studiespesialisering: Siri Haug (Elevtjenesten)"]),
        ("ola", ["kontaktlærer, 1BAA: Eva Sand", "kontaktlærer, 2TMA: Kari Moen (avdelingsleder)"]),
        ("tone", ["avdelingsleder, Helse og oppvekst: Kari Moen"]),
        ("nils", []),  # he is nobody's first
    ],
)
def test_who_takes_over_is_named_role_by_role(story: Story, person: str, expected: list[str]) -> None:
    lines = [line for text in texts(absence(story, person)) for line in text.split("\n")]
    assert lines[1:] == expected
    assert lines[0].startswith("Mens du er borte, går varsler og plikter til stedfortrederen din.")


def test_a_deputy_who_is_away_too_is_passed_over(story: Story) -> None:
    everybody = {"bygg": ("kari", "nils", "arne")}
    departments = {
        name: replace(
            found, roles={**found.roles, "avdelingsleder": everybody.get(name, found.roles["avdelingsleder"])}
        )
        for name, found in story.school.departments.items()
    }
    story.school = replace(story.school, departments=departments)
    story.absent = {"nils"}
    assert texts(absence(story, "kari"))[-1] == "avdelingsleder, Bygg og anlegg: Arne Lo"


def test_who_leaves_a_role_to_nobody_is_warned_first(story: Story) -> None:
    story.absent = {"nils"}
    card = absence(story, "kari")
    (caution,) = [block for block in card.blocks if isinstance(block, Caution)]
    assert caution.label == "Ingen stedfortreder"
    assert caution.text.startswith("En av rollene dine har ingen stedfortreder som er til stede.")
    assert "Bygg og anlegg" not in plain_text(card)
    assert card.submit is not None, "a warning forbids nothing"


@pytest.mark.parametrize("person", ["kari", "siri", "ola", "nils", "eva"])
def test_nobody_is_warned_while_somebody_stands_in(story: Story, person: str) -> None:
    """Of the roles with one holder alone, rådgiver and kontaktlærer have a stand-in in the plan."""
    assert not [block for block in absence(story, person).blocks if isinstance(block, Caution)]


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "since", "until"),
    [
        ("2026-11-23", "2026-11-23", "2026-11-23 09:00", "2026-11-23 23:00"),  # today: from now on
        ("2026-11-23", "2026-11-27", "2026-11-23 09:00", "2026-11-27 23:00"),
        ("2026-11-20", "2026-11-24", "2026-11-23 09:00", "2026-11-24 23:00"),  # begun before it was said
        ("2026-11-25", "2026-11-25", "2026-11-24 23:00", "2026-11-25 23:00"),  # from midnight to midnight
        ("2027-03-27", "2027-03-28", "2027-03-26 23:00", "2027-03-28 22:00"),  # the clocks go forward
        ("2027-06-14", "2027-06-18", "2027-06-13 22:00", "2027-06-18 22:00"),  # summer time
        ("2026-12-28", "2027-01-01", "2026-12-27 23:00", "2027-01-01 23:00"),
    ],
)
def test_an_absence_is_from_the_morning_of_a_day_or_now_to_the_end_of_another(
    story: Story, first: str, last: str, since: str, until: str
) -> None:
    reply = leaves(story, "kari", first, last)
    assert reply.notice == "Lagret. Stedfortrederne dine tar over."
    assert story.absences == [Absence("a0", "kari", utc(since), utc(until))]


@pytest.mark.parametrize(
    ("first", "last", "faults"),
    [
        ("2026-11-25", "2026-11-24", {"until": "Den siste dagen kan ikke være før den første."}),
        ("2026-11-16", "2026-11-22", {"until": "Den siste dagen kan ikke være før den første."}),  # all of it is over
        ("2026-11-25", "2030-11-25", {"until": "Velg en dag i dette skoleåret."}),
        ("2019-11-25", "2026-11-25", {"from": "Velg en dag i dette skoleåret."}),
        ("2026-11-31", "2026-12-01", {"from": "Velg en dag i dette skoleåret."}),
        (
            "i morgen",
            "i overmorgen",
            {"from": "Velg en dag i dette skoleåret.", "until": "Velg en dag i dette skoleåret."},
        ),
        ("", "2026-11-24", {"from": "Velg noe her."}),
        ("", "", {"from": "Velg noe her.", "until": "Velg noe her."}),
    ],
)
def test_days_that_make_no_absence_are_faults_at_their_field(
    story: Story, first: str, last: str, faults: dict[str, str]
) -> None:
    reply = leaves(story, "kari", first, last)
    assert reply.faults == faults
    assert story.absences == []


def test_the_form_begins_with_today_as_the_school_has_it(story: Story) -> None:
    story.now = utc("2026-11-23 23:30")  # half past midnight
    fields = [field for field in absence(story, "kari").fields if isinstance(field, DateField)]
    assert [(field.label, field.value) for field in fields] == [
        ("Fra og med", "2026-11-24"),
        ("Til og med", "2026-11-24"),
    ]


def test_who_is_away_has_the_alerts_go_to_the_deputy_and_is_back_after_the_last_day(story: Story) -> None:
    leaves(story, "kari", "2026-11-23", "2026-11-23")
    first = story.reports()
    assert story.told(Kind.ALERT, first) == ["nils"]
    story.waits(14 * 60)  # midnight
    second = story.reports()
    assert story.told(Kind.ALERT, second) == ["kari"]


def test_who_will_be_away_tomorrow_is_here_today(story: Story) -> None:
    leaves(story, "kari", "2026-11-24", "2026-11-24")
    assert story.told(Kind.ALERT, story.reports()) == ["kari"]


def test_several_absences_are_listed_each_with_its_end(story: Story) -> None:
    leaves(story, "kari", "2026-11-23", "2026-11-24")
    leaves(story, "kari", "2026-12-01", "2026-12-03")
    leaves(story, "kari", "2027-01-11", "2027-01-11")
    card = absence(story, "kari")
    assert [step.text for step in steps(card)] == [
        "Fra og med i dag til og med i morgen",
        "Fra og med tirsdag 01.12. til og med torsdag 03.12.",
        "Fra og med mandag 11.01.2027 til og med mandag 11.01.2027",
    ]
    assert {step.button.label for step in steps(card) if step.button} == {"Jeg er tilbake"}
    assert isinstance(card.blocks[0], Heading)
    assert card.blocks[0].text == "Du har meldt at du er borte"


def test_ending_one_absence_leaves_the_others(story: Story) -> None:
    leaves(story, "kari", "2026-11-23", "2026-11-24")
    leaves(story, "kari", "2026-12-01", "2026-12-03")
    (first, _) = steps(absence(story, "kari"))
    assert first.button is not None
    assert story.presses("kari", first.button.action, first.button.reference).notice == "Velkommen tilbake."
    assert [step.text for step in steps(absence(story, "kari"))] == [
        "Fra og med tirsdag 01.12. til og med torsdag 03.12."
    ]
    assert story.told(Kind.ALERT, story.reports()) == ["kari"]


def test_ones_own_absences_are_shown_and_nobody_elses(story: Story) -> None:
    leaves(story, "kari", "2026-11-23", "2026-11-24")
    leaves(story, "nils", "2026-12-01", "2026-12-03")
    assert [step.text for step in steps(absence(story, "nils"))] == [
        "Fra og med tirsdag 01.12. til og med torsdag 03.12."
    ]
    assert steps(absence(story, "eva")) == []


def test_an_absence_that_is_over_is_listed_no_more(story: Story) -> None:
    leaves(story, "kari", "2026-11-23", "2026-11-23")
    story.waits(14 * 60)
    assert steps(absence(story, "kari")) == []


def test_very_many_absences_fit_on_a_card(story: Story) -> None:
    for number in range(60):
        day = (MONDAY_MORNING + timedelta(days=number)).date().isoformat()
        leaves(story, "kari", day, day)
    assert len(steps(absence(story, "kari"))) == 10


def test_who_has_very_many_roles_still_gets_the_form(story: Story) -> None:
    """Siri is the counsellor of a hundred classes: the first fifteen are named."""
    one = story.school.classes["3STA"]
    many = {f"{n}STX": replace(one, id=f"{n}STX", roles={"rådgiver": ("siri", "jon")}) for n in range(100)}
    story.school = replace(story.school, classes={**story.school.classes, **many})
    assert len(texts(absence(story, "siri"))[-1].split("\n")) == 15


# --- /rus-språk ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["/rus-språk", "/rus-sprak", "rus-språk", "/RUS-SPRÅK"])
def test_the_command_for_the_language_can_be_typed_without_the_ring(story: Story, typed: str) -> None:
    assert shown(story.types("ola", typed)).title == "Språk"


@pytest.mark.parametrize(("person", "chosen"), [("ola", Language.NB), ("per", Language.NN)])
def test_both_written_languages_can_be_chosen_and_the_present_one_is(
    story: Story, person: str, chosen: Language
) -> None:
    (field,) = shown(story.types(person, "/rus-språk")).fields
    assert isinstance(field, ChoiceField)
    assert [(option.value, option.label) for option in field.options] == [("nb", "Bokmål"), ("nn", "Nynorsk")]
    assert field.value == (chosen,)


@pytest.mark.parametrize(
    ("person", "language", "notice", "no_cases"),
    [
        ("ola", "nn", "Lagra. Nye meldingar kjem på nynorsk.", "Du har ingen opne saker."),
        ("ola", "nb", "Lagret. Nye meldinger kommer på bokmål.", "Du har ingen åpne saker."),
        ("per", "nb", "Lagret. Nye meldinger kommer på bokmål.", "Du har ingen åpne saker."),
    ],
)
def test_the_answer_and_all_that_follows_is_in_the_chosen_language(
    story: Story, person: str, language: str, notice: str, no_cases: str
) -> None:
    assert story.submits(person, "choose_language", "/", language=language).notice == notice
    assert texts(cases(story, person)) == [no_cases]
    (field,) = shown(story.types(person, "/rus-språk")).fields
    assert isinstance(field, ChoiceField)
    assert field.value == (language,)


def test_ones_language_is_ones_own(story: Story) -> None:
    story.submits("ola", "choose_language", "/", language="nn")
    assert story.languages == {"ola": Language.NN}
    assert texts(cases(story, "eva")) == ["Du har ingen åpne saker."]


@pytest.mark.parametrize(
    ("values", "fault"),
    [({}, "Velg noe her."), ({"language": "en"}, "Velg fra lista."), ({"language": "{0}"}, "Velg fra lista.")],
)
def test_a_language_that_the_plan_has_not_is_refused(story: Story, values: dict[str, str], fault: str) -> None:
    reply = story.submits("ola", "choose_language", "/", **values)
    assert reply.faults == {"language": fault}
    assert story.languages == {}
