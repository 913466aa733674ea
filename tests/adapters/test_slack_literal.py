"""Words that people type, through every place of every block, field and view: Slack shows them, and they do nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.slack import calendar, look, views
from adapters.slack.fields import field, option
from flows.cards import (
    Appointment,
    Block,
    Button,
    Card,
    Caution,
    ChoiceField,
    DateField,
    Facts,
    Field,
    Heading,
    Link,
    Mark,
    Option,
    Paragraph,
    Picture,
    Step,
    Style,
    TextField,
    TimeField,
    dialog,
    message,
)
from flows.drawing import Drawing
from flows.language import Language
from tests.adapters.hostile import HOSTILE, cut
from tests.adapters.slack_rules import message_faults, view_faults
from tests.e2e.slack.block_kit import validate_options
from tests.e2e.slack.markup import entities

Json = Any
Say = Callable[[int], str]  # words that fill a place of so many characters

NB = Language.NB
AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
# Where a string is shown to somebody: the object's type, and the name of the string in it.
SHOWN = {("plain_text", "text"), ("text", "text"), ("link", "text"), ("plain_text_input", "initial_value")}
# Where a string is only sent and comes back, or is read out as it is.
SENT = {"action_id", "block_id", "callback_id", "private_metadata", "value", "accessibility_label", "url"}
SETTINGS = {"type", "style", "initial_date", "initial_time"}


def gap(most: int) -> str:
    """Mark a place, to be filled later by words of so many characters."""
    return f"⟦{most}⟧"


def filled(shown: Json, words: str) -> Json:
    """Return the same with words in each marked place."""
    match shown:
        case str():
            return re.sub(r"⟦(\d+)⟧", lambda found: cut(words, int(found[1])), shown)
        case dict():
            return {name: filled(each, words) for name, each in shown.items()}
        case list():
            return [filled(each, words) for each in shown]
    return shown


def strings(shown: Json, kind: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield every string: the type of the object that it stands in, its name there, and what it says."""
    for name, each in shown.items() if isinstance(shown, dict) else enumerate(shown):
        if isinstance(each, str):
            yield kind, str(name), each
        elif isinstance(each, dict | list):
            yield from strings(each, str(each.get("type", "")) if isinstance(each, dict) else kind)


def blocks(say: Say) -> tuple[Block, ...]:
    return (
        Paragraph(say(3000)),
        Heading(say(150)),
        Caution(say(3000), say(150)),
        Facts(((say(150), say(2000)), ("Sted", say(2000)))),
        Step(say(2000), say(300), Mark.DONE, say(150), Button("tick", say(75), "r", Style.PRIMARY)),
        Link(say(150), "https://example.org/plan"),
        Picture(Drawing(1, 1, ()), say(2000)),
        Appointment(say(75), "u", "Møte", "", AT, timedelta(minutes=45), AT),
    )


def buttons(say: Say) -> list[Button]:
    return [Button("take", say(75), "r", Style.PRIMARY), Button("show", say(75), style=Style.DANGER)]


def fields(say: Say) -> list[Field]:
    few = (Option("a", say(75), say(75)), Option("b", say(75)))
    many = (*few, *(Option(str(at), say(75)) for at in range(9)))
    return [
        TextField("text", say(150), 3000, say(3000), hint=say(150)),
        TextField("lines", say(150), 3000, say(3000), lines=3),
        ChoiceField("radio", say(150), few, ("a",), hint=say(150)),
        ChoiceField("optional", say(150), few, required=False),
        ChoiceField("select", say(150), many, ("a",)),
        ChoiceField("boxes", say(150), few, ("a", "b"), several=True),
        ChoiceField("multi", say(150), many, ("a",), several=True),
        ChoiceField("search", say(150), many, ("a",), searches="classes", hint=say(150)),
        ChoiceField("searches", say(150), many, ("a", "b"), several=True, searches="staff"),
        DateField("day", say(150), "2026-11-26", hint=say(150)),
        TimeField("hour", say(150), "10:30", hint=say(150)),
    ]


def a_message(say: Say) -> Card:
    return message(say(150), blocks(say), buttons(say), summary=say(150))


def a_dialog(say: Say) -> Card:
    return dialog(say(24), blocks(say), fields(say), Button("report", say(24), "r"), buttons(say))


def a_page(say: Say) -> Card:
    return dialog(say(24), blocks(say), buttons=buttons(say))


SURFACES: dict[str, Callable[[Say], Json]] = {
    "message": lambda say: look.message(a_message(say)),
    "modal": lambda say: views.modal(a_dialog(say), NB, say(3000)),
    "notice": lambda say: views.modal(views.line(say(3000), NB), NB),
    "home": lambda say: views.home_view(a_page(say)),
    "opener": lambda say: views.opener(say(3000), Button("start", say(75))),
    "fault above": lambda say: views.with_fault(views.modal(a_page(say), NB), say(3000)),
}


def without_names(shown: Json) -> Json:
    """Leave out the names for those who don't see: they are shortened, so they are looked at on their own."""
    if isinstance(shown, dict):
        return {name: without_names(each) for name, each in shown.items() if name != "accessibility_label"}
    return [without_names(each) for each in shown] if isinstance(shown, list) else shown


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("surface", SURFACES)
def test_words_come_out_as_they_went_in_and_change_nothing_around_them(surface: str, words: str) -> None:
    made = SURFACES[surface](lambda most: cut(words, most))
    assert without_names(made) == without_names(filled(SURFACES[surface](gap), words))


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("surface", SURFACES)
def test_words_stand_only_where_slack_looks_for_no_markup(surface: str, words: str) -> None:
    """In `plain_text` without emoji codes, in a text of rich text, or where they are sent and not shown."""
    made = SURFACES[surface](lambda most: cut(words, most))
    assert not {"mrkdwn", "markdown"} & {each["type"] for each in objects(made)}
    assert all(each["emoji"] is False for each in objects(made) if each["type"] == "plain_text")
    rich = [block for block in objects(made) if block["type"] in ("rich_text_section", "rich_text_quote")]
    assert {each["type"] for block in rich for each in block["elements"]} <= {"text", "link"}
    assert {(kind, name) for kind, name, _ in strings(made) if name not in SENT | SETTINGS} <= SHOWN


def objects(shown: Json) -> Iterator[dict[str, Any]]:
    """Yield every object that has a type."""
    for each in shown.values() if isinstance(shown, dict) else shown:
        if isinstance(each, dict | list):
            yield from objects(each)
    if isinstance(shown, dict) and "type" in shown:
        yield shown


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("surface", SURFACES)
def test_words_are_within_slacks_limits_and_nothing_in_them_is_markup(surface: str, words: str) -> None:
    """Only how much a message holds in all is left out: no card of the flows comes near it."""
    made = SURFACES[surface](lambda most: cut(words, most))
    faults = view_faults(made) if isinstance(made, dict) else message_faults(made)
    assert set(faults) <= {"too long"}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_the_first_words_on_a_lock_screen_are_escaped(words: str) -> None:
    """Slack reads markup in a message's text: it gets three characters escaped, as its own documentation says."""
    text = look.fallback(message("T", summary=cut(words, 150)))
    assert not {"<", ">"} & set(text)
    assert not re.search(r"&(?!amp;|lt;|gt;)", text)
    read = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert read == cut(words, 150)
    mentions = {"special mention", "group mention", "user mention", "channel link", "link", "date"}
    assert not mentions & {each.kind for each in entities(text, verbatim=True)}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_a_button_is_read_out_with_what_it_is_about(words: str) -> None:
    card = message("T", [Step(cut(words, 2000), button=Button("tick", "Gjort"))], summary="s")
    (name,) = [said for _, at, said in strings(look.message(card)) if at == "accessibility_label"]
    assert len(name) <= 75
    whole = f"Gjort: {cut(words, 2000)}"
    assert name == whole or whole.startswith(name.removesuffix("…"))


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_what_a_search_finds_is_plain(words: str) -> None:
    found = {"options": [option(Option("a", cut(words, 75), cut(words, 75)))]}
    assert validate_options(found) == []
    assert found["options"][0] == {
        "text": {"type": "plain_text", "text": cut(words, 75), "emoji": False},
        "value": "a",
        "description": {"type": "plain_text", "text": cut(words, 75), "emoji": False},
    }


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_words_in_an_appointment_fit_into_its_button_and_come_back_in_the_file(words: str) -> None:
    """A text too long for a button is left out; what the meeting is called never is."""
    shown = Appointment("Legg i kalenderen", "u", cut(words, 150), words, AT, timedelta(minutes=45), AT)
    button = calendar.calendar_button(shown, look.plain(shown.label))
    assert len(button["value"]) <= 2000
    file = calendar.unpacked(button["value"])
    assert file is not None
    assert file.count(b"BEGIN:VEVENT") == 1
    assert b"DTSTART:20261126T093000Z" in file


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_words_as_a_fields_name_or_a_reference_come_back_as_they_are(words: str) -> None:
    """None of the flows names things so; a crafted one changes nothing but itself."""
    name = cut(words, 150)
    assert field(TextField(name, "Felt"), NB)["block_id"] == name
    made = views.modal(dialog("T", [], [DateField(name, "Dag")], Button("save", "Lagre", name)), NB)
    assert views.handed_in(made["private_metadata"]) == ("save", name)
