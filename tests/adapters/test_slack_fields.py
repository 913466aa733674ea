"""Fields as Slack's inputs, and what a person has filled into them as the flows read it."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import views
from adapters.slack.fields import NOT_CHOSEN, field, values
from flows.cards import Button, Card, ChoiceField, DateField, Field, Option, TextField, TimeField, dialog
from flows.language import Language
from flows.limits import MAX_OPTIONS
from tests.adapters.slack_rules import view_faults

Json = dict[str, Any]

NB, NN, EN = Language
YES_NO = (Option("ja", "Ja"), Option("nei", "Nei", "Også når du er i tvil"))


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(str(at), f"Svar {at}") for at in range(count))


def form(*fields: Field) -> Card:
    return dialog("Skjema", [], fields, Button("save", "Lagre"))


def shown(one: Field, language: Language = NB) -> Json:
    """Return the block of a field, once Slack would take a form that holds it."""
    (block,) = views.modal(form(one), language)["blocks"]
    assert view_faults(views.modal(form(one), language)) == []
    assert block == field(one, language)
    return block


def element(one: Field, language: Language = NB) -> Json:
    found: Json = shown(one, language)["element"]
    return found


def made(value: str, label: str, note: str = "") -> Json:
    return {"text": plain(label), "value": value} | ({"description": plain(note)} if note else {})


# What is asked.


def test_a_field_says_what_it_asks_and_what_helps_and_whether_it_may_stay_empty() -> None:
    assert shown(TextField("who", "Hvem?", 80, hint="En kollega")) == {
        "type": "input",
        "block_id": "who",
        "label": plain("Hvem?"),
        "element": {"type": "plain_text_input", "action_id": "value", "max_length": 80, "multiline": False},
        "optional": False,
        "hint": plain("En kollega"),
    }
    assert "hint" not in shown(TextField("who", "Hvem?"))
    assert shown(TextField("who", "Hvem?", required=False))["optional"] is True


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (
            TextField("f", "F", 600, "Avtalt.", lines=3),
            {"type": "plain_text_input", "max_length": 600, "multiline": True, "initial_value": "Avtalt."},
        ),
        (DateField("f", "F"), {"type": "datepicker"}),
        (DateField("f", "F", "2026-11-26"), {"type": "datepicker", "initial_date": "2026-11-26"}),
        (TimeField("f", "F"), {"type": "timepicker"}),
        (TimeField("f", "F", "10:30"), {"type": "timepicker", "initial_time": "10:30"}),
        (
            ChoiceField("f", "F", YES_NO),
            {"type": "radio_buttons", "options": [made("ja", "Ja"), made("nei", "Nei", "Også når du er i tvil")]},
        ),
        (
            ChoiceField("f", "F", YES_NO, ("nei",)),
            {
                "type": "radio_buttons",
                "options": [made("ja", "Ja"), made("nei", "Nei", "Også når du er i tvil")],
                "initial_option": made("nei", "Nei", "Også når du er i tvil"),
            },
        ),
        (
            ChoiceField("f", "F", YES_NO, ("nei", "ja"), several=True),
            {
                "type": "checkboxes",
                "options": [made("ja", "Ja"), made("nei", "Nei", "Også når du er i tvil")],
                "initial_options": [made("ja", "Ja"), made("nei", "Nei", "Også når du er i tvil")],
            },
        ),
        (
            ChoiceField("f", "F", options(11), ("7",)),
            {
                "type": "static_select",
                "options": [made(str(at), f"Svar {at}") for at in range(11)],
                "placeholder": plain("Velg"),
                "initial_option": made("7", "Svar 7"),
            },
        ),
        (
            ChoiceField("f", "F", options(11), ("7", "2"), several=True),
            {
                "type": "multi_static_select",
                "options": [made(str(at), f"Svar {at}") for at in range(11)],
                "placeholder": plain("Velg"),
                "initial_options": [made("2", "Svar 2"), made("7", "Svar 7")],
            },
        ),
        (
            ChoiceField("f", "F", options(120), searches="classes"),
            {
                "type": "external_select",
                "action_id": "search.classes",
                "min_query_length": 0,
                "placeholder": plain("Skriv for å søke"),
            },
        ),
        (
            ChoiceField("f", "F", options(120), ("119",), searches="staff"),
            {
                "type": "external_select",
                "action_id": "search.staff",
                "min_query_length": 0,
                "placeholder": plain("Skriv for å søke"),
                "initial_option": made("119", "Svar 119"),
            },
        ),
        (
            ChoiceField("f", "F", options(120), ("3", "119"), several=True, searches="staff"),
            {
                "type": "multi_external_select",
                "action_id": "search.staff",
                "min_query_length": 0,
                "placeholder": plain("Skriv for å søke"),
                "initial_options": [made("3", "Svar 3"), made("119", "Svar 119")],
            },
        ),
    ],
    ids=lambda each: each["type"] if isinstance(each, dict) else "",
)
def test_every_kind_of_field_has_its_input(one: Field, expected: Json) -> None:
    assert element(one) == {"action_id": "value"} | expected


@pytest.mark.parametrize(
    ("count", "several", "required", "kind"),
    [
        (10, False, True, "radio_buttons"),
        (11, False, True, "static_select"),
        (9, False, False, "radio_buttons"),  # «Ikke valgt» is the tenth
        (10, False, False, "static_select"),
        (10, True, True, "checkboxes"),
        (11, True, True, "multi_static_select"),
        (10, True, False, "checkboxes"),
        (11, True, False, "multi_static_select"),
        (1, False, True, "radio_buttons"),
        (100, False, True, "static_select"),
    ],
)
def test_more_options_than_slack_shows_at_once_are_a_menu(
    *, count: int, several: bool, required: bool, kind: str
) -> None:
    assert element(ChoiceField("f", "F", options(count), several=several, required=required))["type"] == kind


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("required", [False, True])
def test_as_many_options_as_a_card_allows_are_taken_by_slack(*, several: bool, required: bool) -> None:
    """Also where one for «nothing» comes on top of them."""
    element(ChoiceField("f", "F", options(MAX_OPTIONS), several=several, required=required))


@pytest.mark.parametrize(("language", "words"), [(NB, "Ikke valgt"), (NN, "Ikkje vald"), (EN, "Ikke valgt")])
def test_an_optional_choice_can_be_taken_back(language: Language, words: str) -> None:
    """Neither a radio button nor a menu can be emptied in Slack, so nothing is an option; none is chosen at first."""
    few = element(ChoiceField("f", "F", options(3), required=False), language)
    many = element(ChoiceField("f", "F", options(30), ("4",), required=False), language)
    for each in (few, many):
        assert each["options"][-1] == made(NOT_CHOSEN, words)
    assert "initial_option" not in few
    assert many["initial_option"] == made("4", "Svar 4")


@pytest.mark.parametrize(
    "one",
    [
        ChoiceField("f", "F", options(3)),
        ChoiceField("f", "F", options(3), several=True, required=False),
        ChoiceField("f", "F", options(3), searches="classes", required=False),
    ],
    ids=["required", "several", "searches"],
)
def test_what_must_be_chosen_or_can_be_emptied_has_no_option_for_nothing(one: ChoiceField) -> None:
    assert NOT_CHOSEN not in [each["value"] for each in element(one).get("options", [])]


@pytest.mark.parametrize(
    ("language", "choose", "search"), [(NB, "Velg", "Skriv for å søke"), (NN, "Vel", "Skriv for å søkje")]
)
def test_a_menu_says_what_to_do_in_the_persons_language(language: Language, choose: str, search: str) -> None:
    said = [
        element(ChoiceField("f", "F", options(12), several=several, searches=searches), language)["placeholder"]
        for searches in ("", "classes")
        for several in (False, True)
    ]
    assert said == [plain(choose), plain(choose), plain(search), plain(search)]


# What is handed in.


def given(kind: str, **filled: Any) -> dict[str, dict[str, Json]]:
    return {"f": {"value": {"type": kind, **filled}}}


@pytest.mark.parametrize(
    ("state", "read"),
    [
        (given("plain_text_input", value="Avtalt.\nTo."), ("Avtalt.\nTo.",)),
        (given("plain_text_input", value=" "), (" ",)),
        (given("datepicker", selected_date="2026-11-26"), ("2026-11-26",)),
        (given("timepicker", selected_time="10:30"), ("10:30",)),
        (given("radio_buttons", selected_option=made("ja", "Ja")), ("ja",)),
        (given("static_select", selected_option=made("7", "Svar 7")), ("7",)),
        (given("external_select", selected_option=made("1BAA", "1BAA")), ("1BAA",)),
        (given("checkboxes", selected_options=[made("a", "A"), made("b", "B")]), ("a", "b")),
        (given("multi_static_select", selected_options=[made("b", "B")]), ("b",)),
        (given("multi_external_select", selected_options=[made("b", "B"), made("a", "A")]), ("b", "a")),
    ],
    ids=lambda each: each["f"]["value"]["type"] if isinstance(each, dict) else "",
)
def test_what_is_filled_in_is_read_by_the_fields_name(state: Any, read: tuple[str, ...]) -> None:
    assert values(state) == {"f": read}


@pytest.mark.parametrize(
    "state",
    [
        given("plain_text_input", value=None),
        given("plain_text_input"),
        given("plain_text_input", value=""),
        given("datepicker", selected_date=None),
        given("timepicker", selected_time=None),
        given("radio_buttons", selected_option=None),
        given("radio_buttons", selected_option=made(NOT_CHOSEN, "Ikke valgt")),
        given("static_select", selected_option=None),
        given("static_select", selected_option=made(NOT_CHOSEN, "Ikke valgt")),
        given("external_select", selected_option=None),
        given("checkboxes", selected_options=[]),
        given("checkboxes"),
        given("multi_static_select", selected_options=None),
        given("multi_external_select", selected_options=[]),
        given("nothing_that_we_show", value="x"),
        {"f": {}},
        {},
    ],
    ids=repr,
)
def test_what_is_empty_or_taken_back_is_untouched(state: Any) -> None:
    assert values(state) == {}


def test_a_dash_that_somebody_types_is_a_dash() -> None:
    """Only where «Ikke valgt» stands among the options can it be what was meant."""
    assert values(given("plain_text_input", value=NOT_CHOSEN)) == {"f": (NOT_CHOSEN,)}


def test_many_fields_are_read_each_by_its_own_name() -> None:
    state = {
        "what": {"value": {"type": "radio_buttons", "selected_option": made("bruk", "Bruk")}},
        "class": {"search.classes": {"type": "external_select", "selected_option": made("1BAA", "1BAA")}},
        "note": {"value": {"type": "plain_text_input", "value": None}},
        "second": {"value": {"type": "radio_buttons", "selected_option": made(NOT_CHOSEN, "Ikke valgt")}},
    }
    assert values(state) == {"what": ("bruk",), "class": ("1BAA",)}


def test_what_a_form_holds_from_the_start_is_read_back_as_the_card_said_it() -> None:
    """A form that is handed in untouched says what it showed."""
    fields = (
        TextField("text", "T", value="Avtalt."),
        DateField("day", "D", "2026-11-26"),
        TimeField("hour", "H", "10:30"),
        ChoiceField("radio", "R", YES_NO, ("nei",)),
        ChoiceField("taken_back", "R", YES_NO, required=False),
        ChoiceField("menu", "M", options(30), ("7",), required=False),
        ChoiceField("boxes", "B", options(3), ("0", "2"), several=True),
        ChoiceField("search", "S", options(120), ("119",), searches="classes"),
    )
    state = {
        block["block_id"]: {block["element"]["action_id"]: untouched(block["element"])}
        for block in views.modal(form(*fields), NB)["blocks"]
    }
    said = {each.name: each.value if isinstance(each.value, tuple) else (each.value,) for each in fields}
    assert values(state) == {name: value for name, value in said.items() if value}


def untouched(shown: Json) -> Json:
    """Return what Slack sends of an element that nobody has touched."""
    names = {
        "initial_value": "value",
        "initial_date": "selected_date",
        "initial_time": "selected_time",
        "initial_option": "selected_option",
        "initial_options": "selected_options",
    }
    return {"type": shown["type"]} | {after: shown[before] for before, after in names.items() if before in shown}
