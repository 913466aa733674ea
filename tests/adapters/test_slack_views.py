"""Dialogs as Slack's views, and what a view says of itself when it comes back."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import views
from adapters.slack.views import ViewRef
from flows.cards import (
    Button,
    ChoiceField,
    Heading,
    Option,
    Paragraph,
    Step,
    Style,
    TextField,
    dialog,
    message,
)
from flows.language import Language
from flows.limits import MAX_BLOCKS, MAX_BUTTONS, MAX_FIELDS, MAX_REFERENCE
from tests.adapters.slack_rules import message_faults, view_faults

Json = dict[str, Any]

NB, NN, EN = Language
FORM = dialog(
    "Sak K7Q2F",
    [Heading("Gjøremål"), Paragraph("Ring hjem.")],
    [TextField("note", "Notat")],
    Button("do", "Lagre", "0123/B1.4", Style.PRIMARY),
    [Button("open_deviation", "Avvik", "0123/B1.4")],
)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def test_a_form_is_a_modal_with_its_blocks_its_fields_and_then_its_other_buttons() -> None:
    made = views.modal(FORM, NB)
    assert view_faults(made) == []
    assert made == {
        "type": "modal",
        "callback_id": "rusplan",
        "title": plain("Sak K7Q2F"),
        "close": plain("Avbryt"),
        "submit": plain("Lagre"),
        "private_metadata": "do\n0123/B1.4",
        "blocks": [
            {"type": "header", "text": plain("Gjøremål")},
            {"type": "section", "text": plain("Ring hjem.")},
            {
                "type": "input",
                "block_id": "note",
                "label": plain("Notat"),
                "element": {"type": "plain_text_input", "action_id": "value", "max_length": 300, "multiline": False},
                "optional": False,
            },
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "text": plain("Avvik"),
                        "action_id": "0.open_deviation",
                        "value": "0123/B1.4",
                    }
                ],
            },
        ],
    }


def test_a_dialog_without_a_form_can_only_be_closed() -> None:
    made = views.modal(dialog("Planen", [Paragraph("p")]), NB)
    assert view_faults(made) == []
    assert made == {
        "type": "modal",
        "callback_id": "rusplan",
        "title": plain("Planen"),
        "close": plain("Lukk"),
        "blocks": [{"type": "section", "text": plain("p")}],
    }


@pytest.mark.parametrize("language", Language)
def test_a_notice_is_said_first_and_smaller_than_the_rest(language: Language) -> None:
    made = views.modal(FORM, language, "Dette er ikke lenger aktuelt.")
    assert view_faults(made) == []
    assert made["blocks"][0] == {"type": "context", "elements": [plain("Dette er ikke lenger aktuelt.")]}
    assert made["blocks"][1:] == views.modal(FORM, language)["blocks"]


def test_the_largest_dialog_that_a_card_can_be_is_taken_by_slack() -> None:
    steps = [Step(str(at), button=Button("tick", "Gjort", "r")) for at in range(MAX_BLOCKS)]
    fields = [ChoiceField(str(at), "F", (Option("a", "A"), Option("b", "B"))) for at in range(MAX_FIELDS)]
    buttons = [Button("show", str(at)) for at in range(MAX_BUTTONS)]
    card = dialog("T" * 24, steps, fields, Button("a" * 40, "L" * 24, "r" * MAX_REFERENCE), buttons)
    assert view_faults(views.modal(card, NB, "n" * 3000)) == []
    assert view_faults(views.home_view(dialog("T", steps, buttons=buttons))) == []


@pytest.mark.parametrize("words", ["Lagret.", "x" * 3000])
@pytest.mark.parametrize("language", Language)
def test_one_sentence_is_a_dialog_of_its_own(words: str, language: Language) -> None:
    made = views.modal(views.line(words, language), language)
    assert view_faults(made) == []
    assert made["title"] == plain("Melding")
    assert made["blocks"] == [{"type": "section", "text": plain(words)}]


def test_a_home_begins_with_its_title_and_what_can_be_pressed() -> None:
    """A list may be long: nobody scrolls to its end to report."""
    card = dialog("Rusplan", [Paragraph("Ingenting å gjøre.")], buttons=[Button("start", "Meld fra")])
    made = views.home_view(card)
    assert view_faults(made) == []
    assert made == {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Rusplan")},
            {
                "type": "actions",
                "elements": [{"type": "button", "text": plain("Meld fra"), "action_id": "0.start"}],
            },
            {"type": "section", "text": plain("Ingenting å gjøre.")},
        ],
    }


def test_a_message_as_a_dialog_says_the_same_under_a_title_that_fits() -> None:
    card = message("Du har ikke tilgang til dette", [Paragraph("p")], [Button("start", "Meld fra")], summary="s")
    shown = views.of_message(card)
    assert (shown.title, shown.blocks, shown.buttons) == ("Du har ikke tilgang til…", card.blocks, card.buttons)
    made = views.modal(shown, NB)
    assert view_faults(made) == []
    assert [block["type"] for block in made["blocks"]] == ["section", "actions"]
    assert views.of_message(message("Hjelp", summary="s")).title == "Hjelp"


def test_an_opener_is_a_line_and_a_button() -> None:
    made = views.opener("Trykk her.", Button("start", "Åpne", "r"))
    assert message_faults(made) == []
    assert made == [
        {"type": "section", "text": plain("Trykk her.")},
        {
            "type": "actions",
            "elements": [{"type": "button", "text": plain("Åpne"), "action_id": "0.start", "value": "r"}],
        },
    ]


# What comes back.


@pytest.mark.parametrize(
    ("action", "reference"),
    [
        ("report", "0" * 32),
        ("do", "0123/B1.4"),
        ("clarify", "0123/B1.4/7"),
        ("report", ""),
        ("a", "én\nto\n"),
        ("x" * 100, "r" * MAX_REFERENCE),
    ],
)
def test_a_form_says_when_it_comes_back_which_button_handed_it_in(action: str, reference: str) -> None:
    made = views.modal(dialog("T", [Paragraph("p")], submit=Button(action, "Lagre", reference)), NB)
    assert view_faults(made) == []
    assert views.handed_in(made["private_metadata"]) == (action, reference)


@pytest.mark.parametrize(
    ("metadata", "said"), [("", ("", "")), ("report", ("report", "")), ("\n", ("", "")), ("\nr", ("", "r"))]
)
def test_metadata_that_no_form_of_ours_has_is_read_all_the_same(metadata: str, said: tuple[str, str]) -> None:
    assert views.handed_in(metadata) == said


def as_slack_gives_it(view: Json) -> Json:
    """Return a view as it comes back in a submission: with ids, and with what was left out filled in."""
    blocks = [{"block_id": f"b{at}", **block} for at, block in enumerate(view["blocks"])]
    return {
        **view,
        "id": "V0123",
        "team_id": "T0123",
        "hash": "1.abc",
        "state": {"values": {}},
        "submit": view.get("submit"),
        "private_metadata": view.get("private_metadata", ""),
        "clear_on_close": False,
        "notify_on_close": False,
        "previous_view_id": None,
        "root_view_id": "V0123",
        "app_id": "A0123",
        "external_id": "",
        "app_installed_team_id": "T0123",
        "bot_id": "B0123",
        "blocks": blocks,
    }


def test_a_form_without_fields_shows_its_fault_above_all_else_and_keeps_what_it_is() -> None:
    """Slack shows a fault at a field, and nowhere else."""
    card = dialog("Trekk varselet", [Paragraph("Er du sikker?")], submit=Button("withdraw", "Trekk", "c1"))
    back = as_slack_gives_it(views.modal(card, NB))
    made = views.with_fault(back, "Prøv igjen.")
    assert view_faults(made) == []
    assert made == {
        "type": "modal",
        "callback_id": "rusplan",
        "title": plain("Trekk varselet"),
        "close": plain("Avbryt"),
        "submit": plain("Trekk"),
        "private_metadata": "withdraw\nc1",
        "blocks": [
            {"type": "context", "elements": [plain("Prøv igjen.")]},
            {"type": "section", "text": plain("Er du sikker?"), "block_id": "b0"},
        ],
    }


def test_a_new_fault_takes_the_place_of_the_old_one() -> None:
    back = as_slack_gives_it(views.modal(dialog("T", [Paragraph("p")], submit=Button("a", "A")), NB, "En notis."))
    once = views.with_fault(back, "Feil.")
    twice = views.with_fault(as_slack_gives_it(once), "Ny feil.")
    assert [block["type"] for block in twice["blocks"]] == ["context", "section"]
    assert twice["blocks"][0]["elements"] == [plain("Ny feil.")]


def test_a_fault_above_a_view_without_a_form_adds_none() -> None:
    back = as_slack_gives_it(views.modal(dialog("T", [Paragraph("p")]), NB))
    made = views.with_fault(back, "Feil.")
    assert view_faults(made) == []
    assert not {"submit", "private_metadata"} & set(made)


def test_a_view_is_known_by_its_id_and_how_new_it_is() -> None:
    assert ViewRef("V1", "1.a") != ViewRef("V1", "1.b")
