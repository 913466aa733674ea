"""Every card that the flows come by, in both languages, as Slack is given it: nothing in it that Slack would refuse."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from adapters.slack import look, views
from adapters.slack.fields import option
from bot.files import load_plan, load_school, shipped_plan
from flows.cards import (
    Button,
    Card,
    ChoiceField,
    DateField,
    Option,
    Paragraph,
    Step,
    TextField,
    TimeField,
    dialog,
    message,
)
from flows.effects import Kind
from flows.language import Language
from flows.plan import Plan
from flows.school import School
from flows.screens import answers, lists
from flows.wishes import OF_THE_YEAR, Wish
from tests.adapters.rare_cards import PHONES, rare_cards
from tests.adapters.slack_rules import message_faults, view_faults
from tests.adapters.slack_walk import (
    SCHOOLS,
    Shown,
    Watched,
    find_nobody,
    have_many_cases,
    practise,
    read_all,
    refute,
    wander,
)
from tests.adapters.year_cards import year_cards
from tests.e2e.slack.block_kit import validate_options
from tests.flows.story import buttons

Json = Any

NB, NN = Language.NB, Language.NN
LANGUAGES = (NB, NN)
SEEDS, STEPS = 3, 20


@cache
def plan() -> Plan:
    """Return the plan as it is shipped, with the one thing in force that a school may leave out."""
    return replace(load_plan(shipped_plan("oppdal")), pupil_reference=True)


@cache
def school(name: str) -> School:
    return load_school(SCHOOLS[name], {plan().id: plan()})


@cache
def work(name: str, language: Language) -> tuple[Watched, ...]:
    """Return what a school does when left alone, a few times over; each language sees other days."""
    first = 100 * LANGUAGES.index(language)
    return tuple(wander(plan(), school(name), language, first + seed, STEPS) for seed in range(SEEDS))


@cache
def by_hand(name: str, language: Language) -> tuple[Watched, ...]:
    """Return what no school comes by on any day: each a story of its own."""
    people = school(name).people
    stories = []
    for happens in (read_all, refute, find_nobody, have_many_cases, practise):
        stories.append(Watched(plan(), school(name), languages=dict.fromkeys(people, language)))
        happens(stories[-1])
    return tuple(stories)


def surfaces(shown: Shown) -> Iterator[Json]:
    """Yield everything that Slack is given to show this, wherever it was asked for."""
    language, notice = shown.language, shown.notice
    if card := shown.card:
        below = [look.aside(notice)] if notice else []
        yield {"text": look.fallback(card), "blocks": look.message(card)}
        yield {"text": look.fallback(card), "blocks": [*look.message(card), *below]}
        yield views.modal(views.of_message(card), language)
    if shown.dialog:
        yield views.modal(shown.dialog, language)
        yield views.modal(shown.dialog, language, notice)
    if shown.dialog and shown.is_home:
        yield views.home_view(shown.dialog)
    if notice:
        yield {"text": look.escaped(notice), "blocks": [look.paragraph(notice)]}
        yield views.modal(views.line(notice, language), language)
        yield {"text": look.escaped(notice), "blocks": views.opener(notice, Button("start", "Åpne"))}


def rendered(gallery: Iterable[Shown]) -> list[Json]:
    """Return all of it, each once."""
    return [json.loads(text) for text in dict.fromkeys(json.dumps(each) for one in gallery for each in surfaces(one))]


def faults(made: Json) -> list[str]:
    return view_faults(made) if "type" in made else message_faults(made["blocks"], made["text"])


def all_faults(gallery: Iterable[Shown]) -> list[str]:
    return [f"{fault} in {json.dumps(made, ensure_ascii=False)[:300]}" for made in rendered(gallery)
            for fault in faults(made)]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCHOOLS)
def test_slack_takes_whatever_a_school_at_work_is_shown(name: str, language: Language) -> None:
    gallery = {shown: None for story in work(name, language) for shown in story.gallery}
    assert len(rendered(gallery)) > 1000
    assert all_faults(gallery) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCHOOLS)
def test_slack_takes_the_whole_plan_and_what_rarely_happens(name: str, language: Language) -> None:
    gallery = {shown: None for story in by_hand(name, language) for shown in story.gallery}
    titles = {shown.dialog.title for shown in gallery if shown.dialog}
    assert {f"Punkt {clause}" for clause in plan().clauses} <= titles
    assert all_faults(gallery) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCHOOLS)
def test_slack_takes_whatever_is_shown_of_the_year(name: str, language: Language) -> None:
    gallery = dict.fromkeys(year_cards(plan(), school(name), language))
    assert len(rendered(gallery)) > 300
    assert all_faults(gallery) == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", SCHOOLS)
def test_slack_takes_what_strangers_see_and_what_is_said_when_something_fails_or_is_over(
    name: str, language: Language
) -> None:
    gallery = list(rare_cards(plan(), school(name), language))
    assert len(gallery) > 15
    assert all_faults(gallery) == []


def test_slack_takes_a_fault_above_every_form_that_has_no_fields() -> None:
    """Such a form can't show a fault anywhere else."""
    line = answers.failure_line(NB, dict(plan().numbers), PHONES, "K7Q2F")
    shown = {one.dialog for story in work("small", NB) for one in story.gallery if one.dialog}
    forms = [card for card in shown if card.submit and not card.fields]
    assert forms
    for card in forms:
        assert faults(views.with_fault(views.modal(card, NB, "Notis."), line)) == []


# How far this has looked.


def test_the_schools_have_come_by_everything_that_can_be_wished_and_every_kind_of_message() -> None:
    stories = [story for name in SCHOOLS for each in LANGUAGES for story in (*work(name, each), *by_hand(name, each))]
    assert set().union(*(story.wishes for story in stories)) == set(Wish) - OF_THE_YEAR
    of_the_year = [shown for name in SCHOOLS for shown in year_cards(plan(), school(name), NB)]
    cards = [card for shown in of_the_year for card in (shown.card, shown.dialog) if card]
    pressed = {b.action for card in cards for b in (*buttons(card), *([card.submit] if card.submit else []))}
    assert pressed >= OF_THE_YEAR
    assert set().union(*(story.kinds for story in stories)) == set(Kind)
    assert any(shown.is_home for story in stories for shown in story.gallery)


def test_the_schools_have_been_shown_every_input_that_a_form_may_have() -> None:
    made = [each for name in SCHOOLS for story in work(name, NB) for each in rendered(story.gallery)]
    blocks = [block for each in made for block in each["blocks"]]
    assert {block["type"] for block in blocks} == {"header", "section", "context", "actions", "input", "rich_text"}
    inputs = {block["element"]["type"] for block in blocks if block["type"] == "input"}
    assert inputs >= {"plain_text_input", "datepicker", "timepicker", "radio_buttons", "checkboxes", "external_select"}


@pytest.mark.parametrize(("language", "said"), [(NB, "Skriv for å søke"), (NN, "Skriv for å søkje")])
@pytest.mark.parametrize("name", SCHOOLS)
def test_what_is_shown_is_in_one_language(name: str, language: Language, said: str) -> None:
    """Also in the few words that are Slack's own."""
    gallery = [shown for story in by_hand(name, language) for shown in story.gallery]
    blocks = [block for made in rendered(gallery) for block in made["blocks"] if block["type"] == "input"]
    searching = [block["element"] for block in blocks if "external" in block["element"]["type"]]
    assert {shown.language for shown in gallery} == {language}
    assert {each["placeholder"]["text"] for each in searching} == {said}


@pytest.mark.parametrize("query", ["", "a", "ø", "1", "finnes ikke"])
@pytest.mark.parametrize("source", [lists.CLASSES, lists.STAFF, lists.DEPARTMENTS, "nothing"])
@pytest.mark.parametrize("name", SCHOOLS)
def test_slack_takes_what_a_search_finds(name: str, source: str, query: str) -> None:
    found = lists.find(source, query, Watched(plan(), school(name)).view("ola"))
    assert validate_options({"options": [option(each) for each in found]}) == []
    if not query:
        assert bool(found) is (source != "nothing")


# That this can fail.

TAKEN = TextField("f", "F")
SAVE = Button("save", "Lagre")


@pytest.mark.parametrize(
    ("card", "found"),
    [
        pytest.param(message("T", [Paragraph("")], summary="s"), "more than 0 characters", id="an empty paragraph"),
        pytest.param(message("", summary="s"), "more than 0 characters", id="an empty title"),
        pytest.param(message("T", [Step("x" * 3000)] * 5, summary="s"), "too long", id="a very long message"),
        pytest.param(message("T", [], [Button("a" * 300, "A")], summary="s"), "action_id", id="a long action"),
        pytest.param(message("T", [], [Button("a", "")], summary="s"), "more than 0 characters", id="no label"),
        pytest.param(dialog("T"), "no fewer than 1 items", id="an empty dialog"),
        pytest.param(dialog("T", [], [TAKEN, TAKEN], SAVE), "block_id already exists", id="a field twice"),
        pytest.param(dialog("T", [], [TextField("x" * 256, "F")], SAVE), "less than 256", id="a long name"),
        pytest.param(dialog("T", [], [TextField("f", "F", 3, "four")], SAVE), "from 0 to 3", id="too long a value"),
        pytest.param(dialog("T", [], [DateField("f", "F", "i morgen")], SAVE), "YYYY-MM-DD", id="no day"),
        pytest.param(dialog("T", [], [TimeField("f", "F", "25:00")], SAVE), "must be of the form", id="no time"),
        pytest.param(
            dialog("T", [], [ChoiceField("f", "F", (Option("", "A"),))], SAVE), "0 characters", id="an empty option"
        ),
    ],
)
def test_a_card_that_slack_would_refuse_is_found(card: Card, found: str) -> None:
    """All of these can be made: a card has fewer limits than Slack."""
    shown = Shown(NB, card=card) if card.summary else Shown(NB, dialog=card)
    assert [fault for fault in all_faults([shown]) if found in fault]


def test_markup_is_found_too() -> None:
    made = {"text": "<!channel>", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}}]}
    assert len([fault for fault in faults(made) if "Entity" in fault]) == 2
