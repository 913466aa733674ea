"""Every card that the flows come by, in both languages, as Teams is given it: valid, small, and read literally."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft6Validator

from adapters.teams import acts, look, real_dialog
from adapters.teams.fields import SEVERAL, values
from adapters.teams.server import compact
from flows.cards import Card, ChoiceField, DateField, Field, Option, Surface, TextField, TimeField
from flows.language import Language
from tests.adapters.rare_cards import rare_cards
from tests.adapters.slack_walk import SCHOOLS, Shown
from tests.adapters.teams_scene import RING, brought
from tests.adapters.test_slack_every_card import LANGUAGES, by_hand, plan, school, work
from tests.adapters.year_cards import year_cards

Json = Any

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "adaptive-card-1.5.json").read_text())
# A field that one types to find something in came with 1.5, too; the published schema has forgotten it.
SCHEMA["definitions"]["ChoiceInputStyle"]["anyOf"][0]["enum"].append("filtered")
VALIDATOR = Draft6Validator(SCHEMA)
MOST_BYTES = 28 * 1024
MOST_ACTIONS = 6  # that Teams shows at the end of a card


def gallery(name: str, language: Language) -> Iterator[Shown]:
    stories = (*work(name, language), *by_hand(name, language))
    yield from dict.fromkeys(shown for story in stories for shown in story.gallery)
    yield from dict.fromkeys(year_cards(plan(), school(name), language))
    yield from rare_cards(plan(), school(name), language)


@cache
def cards(name: str, language: Language) -> tuple[tuple[Card, Json], ...]:
    """Return every card that is shown, and what Teams gets of it; nothing of it is to be changed."""
    return tuple(
        (card, look.card(card, language, shown.notice, in_chat=not card.is_private))
        for shown in gallery(name, language)
        for card in filter(None, (shown.card, shown.dialog))
    )


def elements(made: Json) -> Iterator[dict[str, Json]]:
    """Yield every element, action and text run of a card."""
    if isinstance(made, dict):
        if "type" in made:
            yield made
        for each in made.values():
            yield from elements(each)
    elif isinstance(made, list):
        for each in made:
            yield from elements(each)


def shape(made: Json) -> str:
    """Return what a card is made of, without what it says."""
    return json.dumps(sorted({"/".join([each["type"], *sorted(each)]) for each in elements(made)}))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCHOOLS)
def test_teams_takes_whatever_a_school_is_shown(name: str, language: Language) -> None:
    seen = {compact(made): made for _, made in cards(name, language)}
    assert len(seen) > 300
    first_of_its_kind = {shape(made): made for made in seen.values()}
    for made in first_of_its_kind.values():  # the validator takes its time
        assert not [error.message[:200] for error in VALIDATOR.iter_errors(made)], made["body"][0]
    for text, made in seen.items():
        assert len(text.encode()) < MOST_BYTES
        assert len(made["actions"]) <= MOST_ACTIONS
        ids = Counter(each["id"] for each in elements(made) if "id" in each)
        assert max(ids.values(), default=1) == 1
        kinds = {each["type"] for each in elements(made)}
        assert not kinds & {"TextBlock", "FactSet"}, "they read markdown"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCHOOLS)
def test_a_form_comes_back_as_it_was_shown(name: str, language: Language) -> None:
    """What a client sends of an untouched form are the values that stand in it, under their names."""
    forms = [(card, made) for card, made in cards(name, language) if card.fields]
    assert len(forms) > 50
    for card, made in forms:
        inputs = [each for each in elements(made) if each["type"].startswith("Input.")]
        sent = {each["id"]: each["value"] for each in inputs if each.get("value")}
        expected = {f.name: f.value if isinstance(f, ChoiceField) else (f.value,) for f in card.fields if f.value}
        assert values(sent) == {name: value for name, value in expected.items() if any(value)}
        assert {each["id"].removeprefix(SEVERAL) for each in inputs} == {field.name for field in card.fields}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCHOOLS)
async def test_every_form_that_is_a_real_dialog_brings_itself_back_filled_in(name: str, language: Language) -> None:
    """With what is wrong above each field; whoever answers has not seen it before."""
    forms = {compact(made): card for card, made in cards(name, language) if card.submit}
    assert len({card.submit.action for card in forms.values() if card.submit}) > 15
    kinds: dict[str, Json] = {}
    for card in forms.values():
        opened = real_dialog.opened(card, language, RING)
        filled = dict(map(_filled, card.fields))
        faults = {each.name: "Feil." for each in card.fields}
        form = brought(opened)[look.FORM]
        again = await real_dialog.again(form, values(filled), faults, language, RING, _find)
        assert again
        made = again["task"]["value"]["card"]["content"]
        inputs = {each["id"]: each for each in made["body"] if "id" in each}
        assert {name: each["value"] for name, each in inputs.items()} == filled
        assert all(made["body"][made["body"].index(each) - 1]["items"] == FAULT for each in inputs.values())
        assert brought(again) == brought(opened)
        assert len(compact(again).encode()) < MOST_BYTES
        kinds.setdefault(shape(made), made)
    for made in kinds.values():
        assert not [error.message[:200] for error in VALIDATOR.iter_errors(made)], made["body"][0]


FAULT = [look.paragraph("Feil.")]


def _filled(field: Field) -> tuple[str, str]:
    """Return an input's id, and what a client sends of it."""
    match field:
        case ChoiceField(several=True):
            return f"{SEVERAL}{field.name}", ",".join(each.value for each in field.options[-2:])
        case ChoiceField():
            return field.name, field.options[-1].value
        case DateField():
            return field.name, "2026-11-27"
        case TimeField():
            return field.name, "09:30"
        case TextField():
            return field.name, "Noe, som er skrevet"


async def _find(_: str, value: str) -> tuple[Option, ...]:
    return (Option(value, f"Navnet på {value}"),)


@pytest.mark.parametrize("name", SCHOOLS)
def test_every_button_says_who_it_is_whichever_way_a_client_sends_it(name: str) -> None:
    for card, made in cards(name, Language.NB):
        for action in [each for each in elements(made) if each["type"] == "Action.Execute"]:
            plain = action["fallback"]
            assert plain["data"] == action["data"]
            assert plain["data"][look.VERB] == action["verb"]
            is_handed_in = bool(card.submit) and action["verb"] == (card.submit and card.submit.action)
            if card.fields:
                assert action["associatedInputs"] == ("auto" if is_handed_in else "none")
            assert acts._handed_in(action["data"], action["verb"]).action == action["verb"]


@pytest.mark.parametrize("name", SCHOOLS)
def test_a_dialog_can_always_be_left(name: str) -> None:
    dialogs = [made for card, made in cards(name, Language.NB) if card.surface is Surface.DIALOG]
    assert dialogs
    for made in dialogs:
        assert [action["verb"] for action in made["actions"]][-1] == look.CANCEL
