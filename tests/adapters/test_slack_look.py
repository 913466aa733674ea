"""Blocks as Slack is given them: each kind to the letter, nothing that Slack would refuse, and signs beside words."""

from __future__ import annotations

import base64
import random
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.calendar_file import calendar_file
from adapters.slack import calendar, look
from flows.cards import (
    Appointment,
    Block,
    Button,
    Caution,
    Facts,
    Heading,
    Link,
    Mark,
    Paragraph,
    Picture,
    Step,
    Style,
    message,
)
from flows.drawing import Drawing
from tests.adapters.slack_rules import message_faults

Json = dict[str, Any]

MEETING = Appointment(
    label="Legg møtet i kalenderen",
    uid="0123456789abcdef-B4.1@rusplan",
    title="Møte, sak K7Q2F",
    text="Åpne sak K7Q2F i boten for å se mer.",
    starts_at=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
    duration=timedelta(minutes=45),
    stamped_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def bold(text: str) -> Json:
    return {"type": "text", "text": text, "style": {"bold": True}}


def text(text: str) -> Json:
    return {"type": "text", "text": text}


def rich(kind: str, *elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def shown(*blocks: Block) -> list[Json]:
    made = look.blocks(blocks)
    assert message_faults(made) == []
    return made


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Paragraph("Ring 113."), {"type": "section", "text": plain("Ring 113.")}),
        (Heading("Dette gjør du nå"), {"type": "header", "text": plain("Dette gjør du nå")}),
        (
            Caution("Ring 113.", "Sikkerhet"),
            rich("rich_text_quote", bold("Sikkerhet\n"), text("Ring 113.")),
        ),
        (
            Facts((("Sted", "Kantine"), ("Er eleven under 18?", "Ja"))),
            rich("rich_text_section", bold("Sted: "), text("Kantine\n"), bold("Er eleven under 18? "), text("Ja")),
        ),
        (
            Link("Planen", "https://example.org/?a=1&b=<2>"),
            rich("rich_text_section", {"type": "link", "url": "https://example.org/?a=1&b=<2>", "text": "Planen"}),
        ),
        (
            Link("Ring rektor", "tel:+4790000000"),
            rich("rich_text_section", {"type": "link", "url": "tel:+4790000000", "text": "Ring rektor"}),
        ),
        (Picture(Drawing(1, 1, ()), "Årshjulet"), {"type": "section", "text": plain("Årshjulet")}),
        (Step("Ring hjem", mark=Mark.NONE), {"type": "section", "text": plain("Ring hjem")}),
        (
            Step("Ring hjem", "B1.4 · Kari Moen", Mark.DONE, "Gjort 10:14", Button("untick", "Angre", "c/B1.4")),
            {
                "type": "section",
                "text": plain("✓ Ring hjem\nGjort 10:14 · B1.4 · Kari Moen"),
                "accessory": {
                    "type": "button",
                    "text": plain("Angre"),
                    "action_id": "s0.untick",
                    "value": "c/B1.4",
                    "accessibility_label": "Angre: Ring hjem",
                },
            },
        ),
    ],
    ids=lambda each: type(each).__name__ if not isinstance(each, dict) else "",
)
def test_every_block_has_its_look(block: Block, expected: Json) -> None:
    assert shown(block) == [expected]


def test_a_whole_message_is_its_title_what_it_says_and_a_row_of_buttons() -> None:
    card = message(
        "Ny sak K7Q2F",
        [Paragraph("Ola har meldt fra.")],
        [
            Button("take", "Jeg tar saken", "c1", Style.PRIMARY),
            Button("decline", "Jeg kan ikke", "c1", Style.DANGER),
            Button("help", "Hjelp"),
        ],
        summary="Ny sak",
    )
    made = look.message(card)
    assert message_faults(made, look.fallback(card)) == []
    assert look.fallback(card) == "Ny sak"
    assert made == [
        {"type": "header", "text": plain("Ny sak K7Q2F")},
        {"type": "section", "text": plain("Ola har meldt fra.")},
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": plain("Jeg tar saken"),
                    "action_id": "0.take",
                    "value": "c1",
                    "style": "primary",
                },
                {
                    "type": "button",
                    "text": plain("Jeg kan ikke"),
                    "action_id": "1.decline",
                    "value": "c1",
                    "style": "danger",
                },
                {"type": "button", "text": plain("Hjelp"), "action_id": "2.help"},
            ],
        },
    ]


def test_a_message_without_buttons_has_no_empty_row() -> None:
    assert look.actions([]) == []
    assert [block["type"] for block in look.message(message("T", [Paragraph("p")], summary="s"))] == [
        "header",
        "section",
    ]


@pytest.mark.parametrize(
    ("mark", "words", "said"),
    [
        (Mark.OPEN, "Gjenstår", "○ Ring hjem\nGjenstår"),
        (Mark.DONE, "Gjort 10:14", "✓ Ring hjem\nGjort 10:14"),
        (Mark.QUESTION, "Må avklares", "? Ring hjem\nMå avklares"),
        (Mark.ENDED, "Faller bort", "– Ring hjem\nFaller bort"),
        (Mark.NONE, "Ingen har saken", "Ring hjem\nIngen har saken"),
        (Mark.OPEN, "", "○ Ring hjem"),
    ],
)
def test_a_step_says_in_words_how_far_it_has_come_and_has_a_sign_beside_them(mark: Mark, words: str, said: str) -> None:
    (made,) = shown(Step("Ring hjem", mark=mark, mark_text=words))
    assert made["text"]["text"] == said


def test_every_mark_but_none_has_a_sign_of_its_own() -> None:
    signs = {look.blocks([Step("x", mark=mark)])[0]["text"]["text"] for mark in Mark}
    assert len(signs) == len(Mark)


@pytest.mark.parametrize(
    ("note", "words", "below"),
    [("B1.4", "Gjort", "Gjort · B1.4"), ("B1.4", "", "B1.4"), ("", "Gjort", "Gjort"), ("", "", None)],
)
def test_what_stands_below_a_step_is_one_line_or_none(note: str, words: str, below: str | None) -> None:
    (made,) = shown(Step("Ring", note, Mark.NONE, words))
    assert made["text"]["text"].split("\n") == ["Ring", *([below] if below else [])]


def test_a_step_that_is_too_long_for_slack_ends_with_three_dots() -> None:
    """A card allows a text, a note and a mark that are together longer than a section."""
    (made,) = shown(Step("x" * 3000, "n" * 300, Mark.OPEN, "m" * 150))
    assert made["text"]["text"] == "○ " + "x" * 2997 + "…"


def test_steps_keep_their_buttons_apart() -> None:
    """Two buttons that read the same are heard apart, and no action's id comes twice."""
    first, _, second = shown(
        Step("Ring hjem", button=Button("tick", "Gjort")), Paragraph("p"), Step("Skriv", button=Button("tick", "Gjort"))
    )
    assert [each["accessory"]["action_id"] for each in (first, second)] == ["s0.tick", "s2.tick"]
    names = [each["accessory"]["accessibility_label"] for each in (first, second)]
    assert names == ["Gjort: Ring hjem", "Gjort: Skriv"]


def test_a_buttons_name_for_those_who_do_not_see_is_shortened() -> None:
    (made,) = shown(Step("Vurder om eleven trenger medisinsk hjelp. " * 3, button=Button("tick", "Gjort")))
    name = made["accessory"]["accessibility_label"]
    assert len(name) <= 75
    assert name.startswith("Gjort: Vurder om eleven trenger medisinsk hjelp.")
    assert name.endswith("…")


def test_a_button_of_no_reference_sends_no_value_and_one_of_no_style_has_none() -> None:
    assert look.button(Button("help", "Hjelp"), "0") == {
        "type": "button",
        "text": plain("Hjelp"),
        "action_id": "0.help",
    }


def test_no_facts_are_no_block_at_all() -> None:
    assert shown(Paragraph("p"), Facts(())) == shown(Paragraph("p"))


def test_a_fact_that_says_nothing_is_still_a_line() -> None:
    """Slack refuses an empty text."""
    (made,) = shown(Facts((("Telefon", ""), ("Sted", ""))))
    assert made == rich("rich_text_section", bold("Telefon: "), text("\n"), bold("Sted: "), text(" "))


def test_escaping_takes_the_ampersand_first() -> None:
    assert look.escaped("<a> & &lt;") == "&lt;a&gt; &amp; &amp;lt;"


def test_an_appointment_is_a_button_that_holds_the_file() -> None:
    (made,) = shown(MEETING)
    (button,) = made["elements"]
    assert made["type"] == "actions"
    assert {**button, "value": ""} == {
        "type": "button",
        "text": plain("Legg møtet i kalenderen"),
        "action_id": "calendar",
        "value": "",
    }
    assert calendar.unpacked(button["value"]) == calendar_file(MEETING)


@pytest.mark.parametrize(("length", "is_kept"), [(400, True), (1500, True), (3000, False)])
def test_a_text_that_no_button_has_room_for_is_left_out_of_the_file(*, length: int, is_kept: bool) -> None:
    """The time and the title are what counts. Words that can't be folded small stand for any."""
    words = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyzæøåABCDEFGHIJKLMNOPQRSTUVWXYZ", k=length))  # noqa: S311
    (made,) = shown(replace(MEETING, text=words))
    value = made["elements"][0]["value"]
    assert len(value) <= 2000
    assert calendar.unpacked(value) == calendar_file(replace(MEETING, text=words if is_kept else ""))


def test_two_appointments_are_two_buttons() -> None:
    first, second = shown(MEETING, MEETING)
    assert first == second


@pytest.mark.parametrize(
    "value",
    [
        "",
        "K7Q2F",
        "æøå",
        "AAAA",
        "eJw=",  # the beginning of a file
        "\ud800",
        " eJwDAAAAAAE=",
        "eJwDAAAAAAE=\n",
        "A" * 2001,
    ],
)
def test_what_is_no_packed_file_is_no_file(value: str) -> None:
    assert calendar.unpacked(value) is None


def test_a_value_that_unfolds_to_too_much_is_no_file() -> None:
    """Somebody may send what no button of ours holds: a hundred bytes that become a megabyte."""

    folded = base64.b64encode(zlib.compress(b"x" * 1_000_000, 9)).decode()
    assert calendar.unpacked(folded) is None
    assert calendar.unpacked(base64.b64encode(zlib.compress(b"x" * 20_000)).decode()) == b"x" * 20_000
