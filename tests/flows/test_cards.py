"""The cards: their limits, their words alone, and that every card the plan can make fits on every platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from string import Formatter

import pytest

from flows import drill_messages, messages, paper_messages, site_messages, year_messages
from flows.cards import (
    Appointment,
    Button,
    Card,
    Caution,
    ChoiceField,
    DateField,
    Facts,
    Heading,
    Link,
    Mark,
    Option,
    Paragraph,
    Picture,
    Step,
    Surface,
    TextField,
    TimeField,
    dialog,
    message,
    plain_text,
)
from flows.commands import Report
from flows.decide import decide
from flows.drawing import Drawing
from flows.effects import Kind
from flows.incident import Case
from flows.language import Language, Text
from flows.limits import CardTooLarge
from flows.plan import Plan
from flows.screens.answers import failure, failure_line, help_card, not_understood, stranger
from flows.screens.case import case_dialog
from flows.screens.compose import compose
from flows.screens.intake import correction, intake
from flows.screens.questions import questions
from tests.flows.story import MONDAY_MORNING as NOON
from tests.flows.story import Story

A, B = Option("a", "A"), Option("b", "B")
SUBMIT = Button("send", "Send")


# --- limits -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "make"),
    [
        (75, lambda n: Button("a", "x" * n)),
        (150, lambda n: Button("a", "x", "x" * n)),
        (3000, lambda n: Paragraph("x" * n)),
        (150, lambda n: Heading("x" * n)),
        (3000, lambda n: Caution("x" * n, "x")),
        (150, lambda n: Caution("x", "x" * n)),
        (40, lambda n: Facts((("x", "y"),) * n)),
        (150, lambda n: Facts((("x" * n, "y"),))),
        (3000, lambda n: Facts((("x", "y" * n),))),
        (3000, lambda n: Step("x" * n)),
        (300, lambda n: Step("x", "x" * n)),
        (150, lambda n: Step("x", mark_text="x" * n)),
        (150, lambda n: Link("x" * n, "https://a.example")),
        (75, lambda n: Option("x", "x" * n)),
        (75, lambda n: Option("x", "x", "x" * n)),
        (150, lambda n: Option("x" * n, "x")),
        (150, lambda n: ChoiceField("a", "x" * n, (A,))),
        (150, lambda n: ChoiceField("a", "x", (A,), hint="x" * n)),
        (100, lambda n: ChoiceField("a", "x", tuple(Option(str(i), "x") for i in range(n)))),
        (150, lambda n: TextField("a", "x" * n)),
        (150, lambda n: TextField("a", "x", hint="x" * n)),
        (3000, lambda n: TextField("a", "x", max_length=n)),
        (45, lambda n: message("t", [Paragraph("x")] * n, summary="s")),
        (5, lambda n: message("t", [], [SUBMIT] * n, summary="s")),
        (150, lambda n: message("t" * n, summary="s")),
        (150, lambda n: message("t", summary="s" * n)),
        (24, lambda n: dialog("t" * n)),
        (20, lambda n: dialog("t", fields=[TextField("a", "x")] * n, submit=SUBMIT)),
        (24, lambda n: dialog("t", submit=Button("a", "x" * n))),
    ],
)
def test_what_fits_everywhere_is_built_and_one_more_is_refused(limit: int, make: object) -> None:
    assert callable(make)
    assert make(limit)
    with pytest.raises(CardTooLarge, match=str(limit)):
        make(limit + 1)


def test_a_field_that_searches_may_hold_any_number() -> None:
    field = ChoiceField("a", "x", tuple(Option(str(i), "x") for i in range(900)), searches="classes")
    assert len(field.options) == 900


@pytest.mark.parametrize(
    "make",
    [
        lambda: ChoiceField("a", "x", ()),
        lambda: ChoiceField("a", "x", (A, A)),
        lambda: ChoiceField("a", "x", (A, B), ("c",)),
        lambda: Link("x", "http://a.example"),
        lambda: Link("x", "javascript:alert(1)"),
        lambda: message("t", summary=""),
        lambda: Card(Surface.MESSAGE, "t", summary="s", fields=(TextField("a", "x"),), submit=SUBMIT),
        lambda: Card(Surface.MESSAGE, "t", summary="s", fields=(DateField("a", "x"),)),
        lambda: Card(Surface.MESSAGE, "t", summary="s", submit=SUBMIT),
        lambda: dialog("t", fields=[TimeField("a", "x")]),
        lambda: message("Sak", [Facts((("Gjelder", "E."),), Button("show", "Se"))], summary="Sak"),
        lambda: replace(message("Sak", summary="Sak"), is_private=True),
    ],
)
def test_what_no_card_may_be_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"\w"):
        make()


def test_a_block_that_is_none_is_left_out() -> None:
    assert message("t", [None, Paragraph("a"), None], summary="s").blocks == (Paragraph("a"),)
    assert dialog("t", [None, Paragraph("a")]).blocks == (Paragraph("a"),)


def test_every_block_has_its_words() -> None:
    card = message(
        "Tittel",
        [
            Heading("Del"),
            Paragraph("Avsnitt"),
            Caution("Ring 113.", "Sikkerhet"),
            Facts((("Sted", "Kantine"), ("Er eleven trygg?", "Ja"))),
            Step("Gjør dette", "planen B1.2", Mark.OPEN, "Å gjøre", SUBMIT),
            Step("Bare dette"),
            Link("Planen", "https://a.example/plan"),
            Picture(Drawing(1, 1, ()), "Et kart over skolen"),
            Appointment("Legg i kalenderen", "1@a", "Møte", "Tekst", NOON, timedelta(minutes=45), NOON),
        ],
        summary="s",
    )
    assert plain_text(card).splitlines() == [
        "Tittel",
        "Del",
        "Avsnitt",
        "Sikkerhet: Ring 113.",
        "Sted: Kantine",
        "Er eleven trygg? Ja",
        "[Å gjøre] Gjør dette (planen B1.2)",
        "- Bare dette",
        "Planen: https://a.example/plan",
        "Et kart over skolen",
        "Legg i kalenderen: Møte",
    ]


# --- the words --------------------------------------------------------------------------


def _texts(name: str, value: object) -> Iterator[tuple[str, Text]]:
    """Yield the texts under a name, also those of a list or a table."""
    match value:
        case Text():
            yield name, value
        case dict():
            yield from ((f"{name} {key}", text) for key, text in value.items() if isinstance(text, Text))
        case tuple():
            yield from ((f"{name} {place}", text) for place, text in enumerate(value) if isinstance(text, Text))


BOOKS = (messages, year_messages, paper_messages, drill_messages, site_messages)
TEXTS = {
    f"{book.__name__} {name}": text
    for book in BOOKS
    for place, value in vars(book).items()
    for name, text in _texts(place, value)
}

AVOIDED = ("rusmisbruker", "tatt for", "skyldig", "avslørt", "narkoman", "gjerningsperson", "varsling av", "alarm")
AVOIDED_NYNORSK = (
    *("ikke ", "hvem", "hva ", "hvor ", "jeg ", " fra ", "noen ", "saken ", "skoler ", "å kunna", "elever "),
)
ENGLISH = r"\b(the|case|please|error|button|click|submit|undo|cancel|alert|help|chat-bot|ok|you)\b"


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_says_the_same_in_both_languages_calmly(name: str) -> None:
    text = TEXTS[name]
    blanks = [sorted(field for _, field, _, _ in Formatter().parse(words) if field is not None) for words in _two(text)]
    assert blanks[0] == blanks[1]
    for words in _two(text):
        assert words.strip() == words
        assert words
        assert "!" not in words
        assert not re.search(ENGLISH, words, re.IGNORECASE), words
        assert not [avoided for avoided in AVOIDED if avoided in words.casefold()]
    assert not [word for word in AVOIDED_NYNORSK if word in f" {text.nn.casefold()} "], text.nn


def _two(text: Text) -> tuple[str, str]:
    return text.nb, text.nn


def test_the_plans_own_words_are_calm_too(plan: Plan) -> None:
    texts = [text for duty in plan.duties.values() for text in (duty.text, duty.question) if text]
    texts += [fact.question for fact in plan.facts.values()]
    texts += [label for fact in plan.facts.values() for label in fact.values.values()]
    texts += [role.label for role in plan.roles.values()]
    for text in texts:
        for words in _two(text):
            assert "!" not in words
            spoken = words.replace("Alarmtelefonen", "").casefold()
            assert not [avoided for avoided in AVOIDED if avoided in spoken], words
        assert not [word for word in AVOIDED_NYNORSK if word in f" {text.nn.casefold()} "], text.nn


# --- every card there can be -------------------------------------------------------------


def every_card(story: Story, case: Case) -> list[Card]:
    """Return what each person is shown of a case: the reporter, who is alerted, and the second adult."""
    reporter, head = story.view("ola"), story.view("kari")
    return [
        compose(Kind.STATUS, reporter, case),
        compose(Kind.ALERT, head, case),
        compose(Kind.COLLEAGUE, story.view("per"), case),
        case_dialog(reporter, case),
        case_dialog(head, case),
        questions(reporter, case),
        correction(reporter, case),
        intake(reporter, case.id, ((case.id, case.number),)),
    ]


@pytest.mark.parametrize("language", [Language.NB, Language.NN])
def test_every_card_of_every_combination_fits(story: Story, plan: Plan, language: Language) -> None:
    """A card that doesn't fit raises when it is built."""
    story.languages = dict.fromkeys(story.school.people, language)
    count = 0
    for combination in product(*(fact.values for fact in plan.facts.values())):
        facts = {name: (value,) for name, value in zip(plan.facts, combination, strict=True)}
        decision = decide(None, Report("ola", "1" * 32, "K00001", "Tur", "", facts), story.context)
        assert decision.case is not None
        assert all(plain_text(card) for card in every_card(story, decision.case))
        count += 1
    assert count == 432


def test_the_case_fits_with_every_optional_module_adopted(story: Story, plan: Plan) -> None:
    story.plan = Story.changed(
        plan, duties={name: Story.changed(duty, adopted=True) for name, duty in plan.duties.items()}
    )
    story.reports("ola", hendelsestype=("synlig_beruset", "mistanke"))
    assert len(story.case().duties) == 41
    assert every_card(story, story.case())


def test_a_duty_of_a_module_that_is_not_adopted_is_in_no_case(story: Story) -> None:
    story.reports()
    assert not {f"X{number}" for number in range(2, 21)} & set(story.case().duties)


@pytest.mark.parametrize("reporter", ["ola", "kari", "siri", "berit"])
def test_a_message_tells_nobody_what_has_happened_to_whom(story: Story, reporter: str) -> None:
    for kind in story.plan.facts["hendelsestype"].values:
        story.forget()
        story.reports(reporter, hendelsestype=kind)
        story.answers(reporter, under_18="ja", stoff="illegalt", yrkesfag="ja_i_praksis", colleague="per")
        for person, which in ((reporter, Kind.STATUS), ("kari", Kind.ALERT), ("per", Kind.COLLEAGUE)):
            card = story.card(person, which)
            words = f"{plain_text(card)}\n{card.summary}"
            assert "1BAA" not in words
            for fact, value in (("hendelsestype", kind), ("stoff", "illegalt"), ("yrkesfag", "ja_i_praksis")):
                for label in _two(story.plan.facts[fact].values[value]):
                    assert label.casefold() not in words.casefold(), (person, which)


def test_what_a_lock_screen_shows_is_a_number_and_nothing_more(story: Story) -> None:
    story.reports()
    number = story.case().number
    of_a_drill = {Kind.BRIEFING, Kind.REVIEW}
    for person, kind in product(("ola", "kari", "per"), set(Kind) - of_a_drill):
        summary = story.card(person, kind).summary
        assert number in summary
        assert not [word for word in ("rus", "elev", "Kantine", "Ola", "1BAA") if word in summary]


@pytest.mark.parametrize("language", [Language.NB, Language.NN])
def test_an_error_names_a_code_and_whom_to_ring(story: Story, language: Language) -> None:
    phones = (("Fjellheim videregående skole", "+47 72 00 00 00"), ("Berit Aune", "+47 900 00 001"))
    numbers = dict(story.plan.numbers)
    for words in (
        plain_text(failure(language, numbers, phones, "F-42")),
        failure_line(language, numbers, phones, "F-42"),
    ):
        assert all(part in words for part in ("F-42", "113", "+47 72 00 00 00", "+47 900 00 001"))
    words = plain_text(stranger(language, numbers, phones[:1]))
    assert "113" in words
    assert "+47 72 00 00 00" in words
    assert "Berit" not in words


def test_the_answers_without_a_case_are_in_the_persons_language(story: Story) -> None:
    for card in (help_card(story.view("per")), not_understood(story.view("per"), command=True)):
        assert "Skriv" in plain_text(card)
        assert "Eg " in plain_text(card)
