"""One act of one person, and what the person sees: commands, buttons and forms, right and wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows import intent
from flows.access import Action
from flows.cards import ChoiceField, Surface
from flows.conversation import converse
from flows.effects import Kind
from flows.intent import Intent, understand
from flows.language import Language
from flows.port import WHOLE_FORM, Pressed, Reply, Submitted, Typed
from flows.wishes import Wish
from tests.flows.story import UNKNOWN_CLASS, Story, buttons, said

SECRET = "Kari Nordmann 3STA fnr 01010112345"  # what must never come back
FULL = {"hendelsestype": ("synlig_beruset",), "place": ("Kantine",), "class": ("1BAA",)}


@pytest.fixture
def reported(story: Story) -> Story:
    story.reports("ola")
    return story


# --- what is typed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "/rus-hendelse",
        "rus-hendelse",
        "/RUS-HENDELSE",
        "Rus-Hendelse",
        "  /rus-hendelse  ",
        "\u200b/rus-hendelse\ufeff",
        "rus\u2011hendelse",
        "/rus\u2013hendelse",
        "rus-hendelse.",
        "«rus-hendelse»",
        "@rusplan rus-hendelse",
        "@rusplan\u00a0/Rus-Hendelse!",
    ],
)
def test_the_report_is_opened_however_the_command_is_spelt(story: Story, text: str) -> None:
    reply = story.types("ola", text)
    assert reply.dialog is not None
    assert reply.dialog.title == "Ny rushendelse"
    assert understand(Typed(text)) == Intent(Wish.INTAKE)
    assert not reply.notice


@pytest.mark.parametrize("text", ["/rus-hendelse Kari i 2A", "rus-hendelse\nog mer", "\t/rus-hendelse\tmer"])
def test_whoever_writes_more_than_the_command_is_asked_for_no_names(story: Story, text: str) -> None:
    reply = story.types("ola", text)
    assert reply.dialog is not None
    assert reply.notice.startswith("Det du skrev bak kommandoen, er ikke lest eller lagret her. Skriv aldri navnet")
    assert "Kari i 2A" not in said(reply)


def test_words_behind_the_command_that_searches_are_what_is_searched_for(story: Story) -> None:
    assert not story.types("ola", "/rus-plan skolehelsetjenesten").notice


@pytest.mark.parametrize("text", ["/rus-hjelp", "rus-hjelp", "/Rus-Hjelp nå"])
def test_help_names_every_command(story: Story, text: str) -> None:
    words = said(story.types("ola", text))
    ascii_words = words.replace("å", "a").replace("ø", "o")
    assert all(f"/{command}" in ascii_words for command in intent.COMMANDS)


@pytest.mark.parametrize(
    "text",
    [
        *("/rus-øvelse", "rus-øvelse", "/RUS-ØVELSE", "/rus-ovelse", "/rus-oevelse", "/rus-øving"),
        *("/rus-årshjul", "rus-Årshjul", "/rus-arshjul", "rus-aarshjul"),
    ],
)
def test_a_command_is_known_with_and_without_its_norwegian_letters(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    for name in ("rus-ovelse", "rus-arshjul"):
        monkeypatch.setitem(intent.COMMANDS, name, Wish.HELP)
    assert understand(Typed(text)).wish is Wish.HELP


@pytest.mark.parametrize("text", ["/rus-tull", "rus-tull", "/help", "/", "/rushendelse", "rus-"])
def test_an_unknown_command_is_said_to_be_unknown(story: Story, text: str) -> None:
    words = said(story.types("ola", text))
    assert "kjenner ikke den kommandoen" in words
    assert "/rus-hendelse" in words


@pytest.mark.parametrize(
    "text", ["", " ", "hei", "rus hendelse", "en elev på rus-hendelse", "🙂", "a" * 5000, "%s {0}"]
)
def test_words_that_are_no_command_are_answered_and_not_kept(story: Story, text: str) -> None:
    reply = story.types("ola", text)
    assert reply.card is not None
    assert "lagrer ikke det du skrev" in said(reply)
    assert [button.action for button in buttons(reply.card)] == ["start"]
    assert story.stored == {}


@pytest.mark.parametrize("text", [SECRET, f"/rus-hendelse {SECRET}", f"/rus-hjelp {SECRET}", f"/rus-x {SECRET}"])
def test_what_is_typed_never_comes_back(story: Story, text: str) -> None:
    words = said(story.types("ola", text))
    assert "Nordmann" not in words
    assert "01010112345" not in words
    assert story.stored == {}


def test_the_button_of_the_help_opens_the_report(story: Story) -> None:
    help_card = story.types("ola", "/rus-hjelp").card
    assert help_card is not None
    (start,) = buttons(help_card)
    assert story.act("ola", Pressed(start.action, start.reference)).reply.dialog is not None


@pytest.mark.parametrize(
    "act", [Pressed("nope"), Pressed("", ""), Submitted("nope", "x", {"a": ("b",)}), Pressed("take ")]
)
def test_a_button_that_no_screen_has_is_answered(story: Story, act: Pressed | Submitted) -> None:
    assert said(story.act("ola", act).reply)


# --- the report ------------------------------------------------------------------------------------------------------


def test_a_report_is_a_case_and_asks_on(story: Story) -> None:
    response = story.act("ola", Submitted("report", story.fresh_id(), FULL))
    case = story.case()
    assert (case.reporter, case.place, case.school_class, case.departments) == ("ola", "Kantine", "1BAA", ("bygg",))
    assert case.facts["hendelsestype"] == {"synlig_beruset"}
    assert response.asked == (Action.REPORT, True)
    assert response.reply.dialog is not None
    assert case.number in response.reply.notice
    assert [entry.name for entry in response.reply.dialog.fields] == ["under_18", "yrkesfag", "stoff", "colleague"]


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({}, {"hendelsestype": "Velg noe her.", "place": "Velg noe her.", "class": "Velg noe her."}),
        ({**FULL, "hendelsestype": ()}, {"hendelsestype": "Velg noe her."}),
        ({**FULL, "hendelsestype": ("",)}, {"hendelsestype": "Velg noe her."}),
        ({**FULL, "hendelsestype": ("tull",)}, {"hendelsestype": "Velg fra lista."}),
        ({**FULL, "hendelsestype": ("mistanke", "tull")}, {"hendelsestype": "Velg fra lista."}),
        ({**FULL, "place": ("Månen",)}, {"place": "Velg et sted fra lista."}),
        ({**FULL, "place": ("Kantine", "Tur")}, {"place": "Velg bare én."}),
        ({**FULL, "class": ("9ZZZ",)}, {"class": "Vi kjenner ikke denne klassen. Velg fra lista, eller «Vet ikke»."}),
        ({**FULL, "class": ("1BAA", "2HEA")}, {"class": "Velg bare én."}),
        ({**FULL, "class": ("1baa",)}, {"class": "Vi kjenner ikke denne klassen. Velg fra lista, eller «Vet ikke»."}),
    ],
)
def test_a_field_that_cannot_be_used_is_said_beside_it_and_nothing_is_lost(
    story: Story, values: dict[str, tuple[str, ...]], faults: dict[str, str]
) -> None:
    response = story.act("ola", Submitted("report", story.fresh_id(), values))
    assert response.reply == Reply(faults=faults)
    assert response.decision is None
    assert story.stored == {}


def test_several_kinds_may_be_seen_at_once(story: Story) -> None:
    story.reports(hendelsestype=("mistanke", "bruk_pa_omradet"))
    assert story.case().facts["hendelsestype"] == {"mistanke", "bruk_pa_omradet"}


def test_the_same_report_twice_is_one_case_and_the_same_form(story: Story) -> None:
    act = Submitted("report", story.fresh_id(), FULL)
    first = story.act("ola", act)
    before = story.stored[story.only][:]
    again = story.act("ola", act, repeated=True)
    assert again.decision is not None
    assert again.decision.events == ()
    assert again.reply.dialog == first.reply.dialog
    assert story.stored == {story.only: before}


def test_a_report_under_somebody_elses_case_shows_nothing_of_it(reported: Story) -> None:
    before = {name: list(rows) for name, rows in reported.stored.items()}
    response = reported.act("eva", Submitted("report", reported.only, FULL))
    assert response.reply == Reply(notice="Du har ikke tilgang til denne saken.")
    assert reported.stored == before


def test_the_command_typed_again_offers_to_go_on(reported: Story) -> None:
    dialog = reported.types("ola", "/rus-hendelse").dialog
    assert dialog is not None
    (go_on,) = dialog.buttons
    assert go_on.label == f"Fortsett med sak {reported.case().number}"
    questions = reported.act("ola", Pressed(go_on.action, go_on.reference)).reply.dialog
    assert questions is not None
    assert questions.submit is not None
    assert questions.submit.action == "answer"


def test_nobody_is_offered_somebody_elses_case(reported: Story) -> None:
    dialog = reported.types("eva", "/rus-hendelse").dialog
    assert dialog is not None
    assert dialog.buttons == ()


def test_a_teacher_with_many_open_cases_can_still_report(story: Story) -> None:
    for _ in range(8):
        story.reports("ola")
    assert story.types("ola", "/rus-hendelse").dialog is not None


# --- the answers -----------------------------------------------------------------------------------------------------


def test_answers_are_kept_and_shown_again(reported: Story) -> None:
    assert reported.answers(under_18="ja", stoff="alkohol", yrkesfag="ja_i_praksis").notice == "Lagret."
    case = reported.case()
    assert (case.facts["under_18"], case.facts["stoff"]) == ({"ja"}, {"alkohol"})
    dialog = reported.presses("ola", "open_questions").dialog
    assert dialog is not None
    held = {entry.name: entry.value for entry in dialog.fields}
    assert held["under_18"] == ("ja",)
    assert held["yrkesfag"] == ("ja_i_praksis",)


def test_an_untouched_field_changes_nothing(reported: Story) -> None:
    before = reported.case()
    assert reported.answers().notice == "Ingenting er endret."
    assert reported.case() == before


def test_an_answer_of_i_dont_know_is_an_answer(reported: Story) -> None:
    assert reported.answers(under_18="ukjent").notice == "Lagret."
    assert "under_18" in reported.case().answered


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"under_18": "kanskje"}, {"under_18": "Velg fra lista."}),
        ({"under_18": ("ja", "nei")}, {"under_18": "Velg bare én."}),
        ({"colleague": "ingen"}, {"colleague": "Velg en kollega fra lista."}),
        (
            {"colleague": "ola"},
            {"colleague": "Det må være to forskjellige voksne. Velg en annen enn deg selv."},
        ),
    ],
)
def test_an_answer_that_cannot_be_used_is_said_beside_it(
    reported: Story, values: dict[str, str | tuple[str, ...]], faults: dict[str, str]
) -> None:
    before = reported.case()
    assert reported.answers(**values) == Reply(faults=faults)
    assert reported.case() == before


def test_a_value_that_the_class_rules_out_is_not_taken(story: Story) -> None:
    """The form of a yrkesfag class doesn't offer «Går ikke på yrkesfag»."""
    story.reports("ola", **{"class": "1BAA"})
    dialog = story.presses("ola", "open_questions").dialog
    assert dialog is not None
    (field,) = [entry for entry in dialog.fields if entry.name == "yrkesfag"]
    assert isinstance(field, ChoiceField)
    assert "nei" not in [option.value for option in field.options]
    story.answers(yrkesfag="nei")
    assert story.case().facts["yrkesfag"] == {"ukjent"}


def test_what_is_for_another_role_to_answer_is_not_taken_from_the_reporter(reported: Story) -> None:
    reported.answers(samtykke_hjelp="ja", tull="ja", hendelsestype="mistanke")
    case = reported.case()
    assert case.facts["samtykke_hjelp"] == {"ikke_spurt"}
    assert case.facts["hendelsestype"] == {"synlig_beruset"}


def test_a_class_of_studieforberedende_is_not_asked_about_praksis(story: Story) -> None:
    story.reports("ola", **{"class": "3STA"})
    dialog = story.presses("ola", "open_questions").dialog
    assert dialog is not None
    assert "yrkesfag" not in [entry.name for entry in dialog.fields]


def test_no_second_adult_is_asked_for_where_nobody_may_be_sent_away(story: Story) -> None:
    story.reports("ola", hendelsestype="mistanke")
    dialog = story.presses("ola", "open_questions").dialog
    assert dialog is not None
    assert "colleague" not in [entry.name for entry in dialog.fields]


def test_the_status_says_whether_questions_are_left(reported: Story) -> None:
    assert "Svar på resten" in [button.label for button in reported.card("ola").buttons]
    reported.answers(under_18="ja", stoff="ukjent", yrkesfag="ukjent", colleague="per")
    assert "Endre svarene" in [button.label for button in reported.card("ola").buttons]
    reported.presses("per", "decline")
    assert "Svar på resten" in [button.label for button in reported.card("ola").buttons]


@pytest.mark.parametrize("school_class", ["1BAA", "2HEA", UNKNOWN_CLASS])
def test_the_correction_shows_what_was_reported(story: Story, school_class: str) -> None:
    story.reports("ola", place="Tur", hendelsestype=("bruk_pa_omradet", "mistanke"), **{"class": school_class})
    dialog = story.presses("ola", "open_correction").dialog
    assert dialog is not None
    assert {entry.name: entry.value for entry in dialog.fields} == {
        "hendelsestype": ("bruk_pa_omradet", "mistanke"),
        "place": ("Tur",),
        "class": (school_class,),
    }


def test_a_faulty_correction_changes_nothing(reported: Story) -> None:
    before = reported.case()
    assert set(reported.corrects(place="Månen").faults) == {"place"}
    assert reported.case() == before


# --- buttons that are late, doubled or forged ------------------------------------------------------------------------


def test_the_case_can_be_taken_once_and_pressing_again_says_so(reported: Story) -> None:
    assert "Du har tatt saken kl. 10:00." in said(reported.presses("kari", "take"))
    before = reported.case()
    again = reported.presses("kari", "take")
    assert again.notice == "Du har allerede tatt saken."
    assert again.card is not None
    assert reported.case() == before


def test_who_comes_second_is_told_who_has_it_and_since_when(reported: Story) -> None:
    reported.presses("kari", "take")
    reported.waits(7)
    reply = reported.presses("berit", "take")
    assert reply.notice == "Kari Moen har allerede tatt saken, kl. 10:00."
    assert "Kari Moen har tatt saken kl. 10:00." in said(reply)
    assert reported.case().taken_by == "kari"


def test_a_deputy_who_was_alerted_and_comes_second_is_told_the_same(reported: Story) -> None:
    """Both had the same button; whoever is slower must not read that the case is none of their business."""
    reported.waits(5)
    reported.presses("kari", "take")
    reply = reported.presses("nils", "take")
    assert reply.notice == "Kari Moen har allerede tatt saken, kl. 10:05."


@pytest.mark.parametrize("in_dialog", [False, True])
def test_a_tick_is_shown_and_a_second_one_is_answered(reported: Story, *, in_dialog: bool) -> None:
    reference = f"{reported.only}/X1"
    first = reported.presses("ola", "tick", reference, in_dialog=in_dialog)
    assert "Gjort kl. 10:00" in said(first)
    assert first.notice == ""
    second = reported.presses("ola", "tick", reference, in_dialog=in_dialog)
    assert second.notice == "Dette er allerede gjort."
    assert (second.card or second.dialog) == (first.card or first.dialog)
    undone = reported.presses("ola", "untick", reference, in_dialog=in_dialog)
    assert "Gjort kl." not in said(undone)


def test_the_answer_to_a_tick_stands_where_it_was_pressed(reported: Story) -> None:
    in_message = reported.presses("ola", "tick", f"{reported.only}/X1")
    in_dialog = reported.presses("ola", "untick", f"{reported.only}/X1", in_dialog=True)
    assert in_message.card is not None
    assert in_message.card.surface is Surface.MESSAGE
    assert in_message.dialog is None
    assert in_dialog.dialog is not None
    assert in_dialog.dialog.surface is Surface.DIALOG
    assert in_dialog.card is None


@pytest.mark.parametrize("duty", ["", "X99", "K1", "B1.4", "L1", "B3.1", "B1.2", "X2", "a/b", "x" * 500])
def test_a_forged_duty_changes_nothing_and_is_answered(reported: Story, duty: str) -> None:
    before = reported.case()
    assert reported.presses("ola", "tick", f"{reported.only}/{duty}").notice
    assert reported.case() == before


def test_what_the_bot_ticks_itself_is_said_so(reported: Story) -> None:
    assert reported.presses("ola", "tick", f"{reported.only}/B1.2").notice == "Dette krysser boten av selv."
    assert reported.presses("ola", "tick", f"{reported.only}/B3.1").notice == "Dette krysser boten av selv."


def test_a_duty_that_must_be_clarified_waits(story: Story) -> None:
    """Kari leads the department, reports herself and takes the case: B1.4 is hers, and nobody knows the age."""
    story.reports("kari")
    story.presses("kari", "take")
    assert story.presses("kari", "tick", f"{story.only}/B1.4").notice == "Dette må avklares først."
    story.answers("kari", under_18="ja")
    assert "fyll ut skjemaet" in story.presses("kari", "tick", f"{story.only}/B1.4").notice
    reply = story.submits("kari", "do", f"{story.only}/B1.4", safe_to_call="ja", reached="ja", at="10:05")
    assert reply.notice == "Lagret."
    assert str(story.case().duties["B1.4"].progress) == "done"


ALL = [
    Pressed("open_questions"),
    Pressed("open_correction"),
    Pressed("show"),
    Pressed("take"),
    Pressed("confirm"),
    Pressed("decline"),
    Pressed("tick"),
    Pressed("untick"),
    Submitted("answer", values={"under_18": ("ja",)}),
    Submitted("correct", values=FULL),
]


@pytest.mark.parametrize("act", ALL, ids=lambda act: act.action)
@pytest.mark.parametrize("person", ["eva", "siri", "arne", "nils", "stranger"])
def test_a_case_of_others_and_no_case_at_all_read_exactly_the_same(
    reported: Story, person: str, act: Pressed | Submitted
) -> None:
    before = {name: list(rows) for name, rows in reported.stored.items()}
    forbidden = reported.act(person, replace(act, reference=f"{reported.only}/X1"))
    unknown = reported.act(person, replace(act, reference=f"{'f' * 32}/X1"))
    tampered = [reported.act(person, replace(act, reference=text)) for text in ("", "../x", "F" * 32, "1" * 33)]
    said = "Du har ikke tilgang til denne saken."
    is_form = isinstance(act, Submitted)  # it stays open, with what has been written
    assert forbidden.reply == unknown.reply == (Reply(faults={WHOLE_FORM: said}) if is_form else Reply(notice=said))
    assert forbidden.asked == unknown.asked
    assert [response.reply for response in tampered] == [forbidden.reply] * len(tampered)
    assert forbidden.decision is None
    assert reported.stored == before


@pytest.mark.parametrize("act", ALL, ids=lambda act: act.action)
@pytest.mark.parametrize("person", ["ola", "kari", "per"])
def test_a_repeated_delivery_is_answered_and_changes_nothing(
    reported: Story, person: str, act: Pressed | Submitted
) -> None:
    reported.answers(colleague="per")
    before = {name: list(rows) for name, rows in reported.stored.items()}
    response = reported.act(person, replace(act, reference=f"{reported.only}/X1"), repeated=True)
    assert said(response.reply)
    assert reported.stored == before


@pytest.mark.parametrize("wish", list(Wish))
def test_every_wish_has_an_answer(reported: Story, wish: Wish) -> None:
    for person in ("ola", "kari", "eva"):
        for case_id in (reported.only, "f" * 32, ""):
            at = reported.situation(person, case_id)
            response = converse(Intent(wish, case_id, "X1"), Pressed("whatever"), at)
            assert said(response.reply), (wish, person)


# --- the language ----------------------------------------------------------------------------------------------------


def test_a_person_who_reads_nynorsk_gets_nynorsk(story: Story) -> None:
    assert "Ny rushending" in said(story.types("per", "/rus-hendelse"))
    assert "Eg leier dykk" in said(story.types("per", "/rus-hjelp"))
    story.reports("per")
    assert "Ingen har teke saka enno" in story.reads("per")
    assert set(story.submits("per", "report", "e" * 32).faults.values()) == {"Vel noko her."}
    story.answers("per", colleague="ola")
    assert "Per Dahl ber deg være den andre voksne" in story.reads("ola", Kind.COLLEAGUE)


def test_the_language_a_person_has_chosen_is_used_at_once(reported: Story) -> None:
    reported.languages["ola"] = Language.NN
    assert "Varsling" in reported.reads("ola")
    assert "Ikkje lei" in reported.reads("ola")
    reported.languages["ola"] = Language.EN
    assert "Ikke let" in reported.reads("ola"), "where nobody has written English, bokmål stands in"
