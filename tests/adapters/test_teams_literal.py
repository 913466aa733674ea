"""Row G1 in Teams: words that people type, through every place of every card; they are shown, and they do nothing."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from adapters.teams import look, words
from adapters.teams.fields import SEVERAL, field, option, values
from adapters.teams.messages import activity, line
from adapters.teams.stage import refilled
from flows import messages as m
from flows import paper_messages as p
from flows.cards import Appointment, Button, Card, ChoiceField, Option, Step, TextField, dialog, message
from flows.language import Language, Text
from flows.port import Reply, Submitted, Typed
from tests.adapters.fake_bot import EVERYTHING, TAKEN
from tests.adapters.fake_connector import FakeConnector, elements, fake_connector
from tests.adapters.hostile import HOSTILE, cut
from tests.adapters.teams_payloads import (
    GROUP,
    OWN_CHAT,
    SAID,
    SAID_IN_GROUP,
    USER,
    answered,
    executed,
    fetched,
    hand_in,
)
from tests.adapters.teams_scene import KeptPlaces, Scene, brought, said, scene
from tests.adapters.test_slack_literal import AT, Say, a_dialog, a_message, a_page, filled, gap, strings
from tests.adapters.test_teams_every_card import VALIDATOR

Json = Any

NB = Language.NB
every_string = pytest.mark.parametrize("said_by_somebody", HOSTILE.values(), ids=HOSTILE)
# Where a string is shown to somebody: the object's type, and the name of the string in it.
PLAIN = {("TextRun", "text"), ("AdaptiveCard", "speak"), ("Input.Text", "value"), ("message", "summary")}
NAMES = {(kind, "title") for kind in ("Action.Execute", "Action.Submit", "Action.OpenUrl", "")} | {
    *((f"Input.{kind}", name) for kind in ("Text", "ChoiceSet", "Date", "Time") for name in ("label", "placeholder")),
    ("Action.Execute", "tooltip"),
}

SURFACES: dict[str, Callable[[Say], Json]] = {
    "message": lambda say: look.card(a_message(say), NB, say(3000)),
    "posted message": lambda say: activity(a_message(say), NB, say(3000)),
    "form": lambda say: look.card(a_dialog(say), NB, say(3000)),
    "page": lambda say: look.card(a_page(say), NB),
    "form with faults": lambda say: look.card(with_faults(say), NB),
}


def with_faults(say: Say) -> Card:
    shown = replace(a_dialog(say), blocks=())
    done = Submitted("report", "", {"text": (say(3000),), "lines": (say(3000),)})
    return refilled(shown, done, Reply(faults={"text": say(3000), "": say(3000)}))


def whole(shown: Json) -> Json:
    """Put the runs of a text together, and leave out what is shortened or written in another alphabet."""
    match shown:
        case {"type": "RichTextBlock", "inlines": runs}:
            looks = [tuple(sorted((name, each) for name, each in run.items() if name != "text")) for run in runs]
            return {**shown, "inlines": "".join(run["text"] for run in runs), "looks": list(dict.fromkeys(looks))}
        case dict():
            return {name: whole(each) for name, each in shown.items() if name not in ("tooltip", "url")}
        case list():
            return [whole(each) for each in shown]
    return shown


@every_string
@pytest.mark.parametrize("surface", SURFACES)
def test_words_come_out_as_they_went_in_and_change_nothing_around_them(surface: str, said_by_somebody: str) -> None:
    made = SURFACES[surface](lambda most: cut(said_by_somebody, most))
    assert whole(made) == whole(filled(SURFACES[surface](gap), said_by_somebody))


@pytest.mark.parametrize("surface", SURFACES)
def test_words_stand_only_where_teams_looks_for_no_markup(surface: str) -> None:
    made = SURFACES[surface](gap)
    assert {(kind, name) for kind, name, text in strings([made]) if "⟦" in text} <= PLAIN | NAMES
    assert not {"TextBlock", "FactSet"} & {each["type"] for each in elements(made)}


@pytest.mark.parametrize("words", ["{{DATE(2026-01-01T00:00:00Z, SHORT)}}", "{{{{TIME(2026-01-01T00:00:00Z)}}}}"])
@pytest.mark.parametrize("surface", SURFACES)
def test_no_words_are_taken_for_a_date(surface: str, words: str) -> None:
    """A client's own renderer writes one in their place, in text runs, too."""
    made = SURFACES[surface](lambda most: cut(words, most))
    assert whole(made) == whole(filled(SURFACES[surface](gap), words))
    texts = [each["text"] for each in elements(made) if each["type"] == "TextRun"]
    assert any("DATE(" in text or "TIME(" in text for text in texts)
    assert not [text for text in texts if "{{" in text]


@pytest.mark.parametrize("surface", ["message", "form", "page", "form with faults"])
def test_a_card_with_words_in_every_place_is_valid(surface: str) -> None:
    assert not [error.message[:200] for error in VALIDATOR.iter_errors(SURFACES[surface](gap))]


@every_string
def test_a_button_is_read_out_with_what_it_is_about(said_by_somebody: str) -> None:
    about = cut(said_by_somebody, 2000)
    card = message("T", [Step(about, button=Button("tick", "Gjort"))], summary="s")
    [name] = [text for _, at, text in strings(look.card(card)) if at == "tooltip"]
    assert len(name) <= look.MAX_TOOLTIP
    assert name == f"Gjort: {about}" or f"Gjort: {about}".startswith(name.removesuffix("…"))


@pytest.mark.parametrize("label", [m.MEETING_INTO_CALENDAR, p.DAY_INTO_CALENDAR], ids=str)
@pytest.mark.parametrize("language", [Language.NB, Language.NN])
def test_what_leads_into_a_calendar_speaks_of_outlook_and_of_no_file(label: Text, language: Language) -> None:
    shown = Appointment(label.in_(language), "u", "Møte", "", AT, timedelta(minutes=45), AT)
    made = look.card(message("T", [shown], summary="s"))
    [title] = [each["title"] for each in elements(made) if each["type"] == "Action.OpenUrl"]
    assert title in ("Legg møtet i kalenderen (Outlook)", "Legg dagen i kalenderen (Outlook)")


@every_string
def test_words_in_an_appointment_are_written_into_its_address_and_nothing_else(said_by_somebody: str) -> None:
    title, text = cut(said_by_somebody, 150), cut(said_by_somebody, 500)
    shown = Appointment("Legg i kalenderen", "u", title, text, AT, timedelta(minutes=45), AT)
    made = look.card(message("T", [shown], summary="s"))
    [url] = [each["url"] for each in elements(made) if each["type"] == "Action.OpenUrl"]
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "outlook.office.com", "")
    query = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert (query["subject"], query["body"]) == ([title], [text])
    assert set(query) == {"subject", "body", "startdt", "enddt"}


def test_a_planned_day_takes_the_whole_day_at_the_school() -> None:
    at_eight = datetime(2026, 10, 24, 6, 0, tzinfo=UTC)  # summer time ends the night after
    shown = Appointment("l", "u", "t", "", at_eight, timedelta(days=1), AT, is_all_day=True)
    [url] = [each["url"] for each in elements(look.card(message("T", [shown], summary="s"))) if "url" in each]
    query = dict(parse_qsl(urlsplit(url).query))
    assert (query["startdt"], query["enddt"], query["allday"]) == ("2026-10-24", "2026-10-25", "true")


@every_string
def test_what_a_search_finds_is_a_title_and_a_value(said_by_somebody: str) -> None:
    label = cut(said_by_somebody, 75)
    assert option(Option("a", label, label)) == {"title": f"{label} ({label})", "value": "a"}


# There and back.


@every_string
def test_what_is_typed_into_a_field_comes_back_as_it_was_typed(said_by_somebody: str) -> None:
    """But for the spaces around it."""
    made = field(TextField("why", "Hvorfor?", 3000, cut(said_by_somebody, 3000)), NB)
    assert values({made["id"]: made["value"]}) == {"why": (cut(said_by_somebody, 3000).strip(),)}


@every_string
def test_words_as_a_reference_or_a_value_come_back_as_they_are(said_by_somebody: str) -> None:
    """None of the flows names things so; a crafted one changes nothing but itself."""
    name = cut(said_by_somebody, 150)
    shown = dialog("T", [], [ChoiceField("what", "Hva?", (Option(name, "a"),), (name,))], Button("save", "Lagre", name))
    made = look.card(shown, NB)
    [chosen] = [each for each in elements(made) if each["type"] == "Input.ChoiceSet"]
    assert chosen["choices"] == [{"title": "a", "value": name}]
    assert made["actions"][0]["data"][look.REFERENCE] == name


@every_string
def test_a_line_of_words_alone_is_plain(said_by_somebody: str) -> None:
    assert line(said_by_somebody) == {"type": "message", "text": said_by_somebody, "textFormat": "plain"}


# Through the whole adapter.


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        fake.installs(USER, OWN_CHAT)
        fake.chats[GROUP] = {}
        yield fake


@pytest.fixture
async def at(teams: FakeConnector) -> AsyncIterator[Scene]:
    async with scene(teams, KeptPlaces()) as opened:
        yield opened


@every_string
async def test_words_reach_the_bot_as_they_were_typed_and_the_person_and_nobody_else(
    at: Scene, teams: FakeConnector, said_by_somebody: str
) -> None:
    at.bot.reply = Reply(notice=said_by_somebody)
    await at.take(SAID | {"text": html.escape(said_by_somebody)})
    assert at.bot.seen[-1].act == Typed(" ".join(said_by_somebody.split()))
    assert teams.stands(OWN_CHAT) == [line(said_by_somebody)]
    at.bot.reply = Reply(card=TAKEN, notice=cut(said_by_somebody, 3000))
    await at.take(SAID_IN_GROUP)
    assert teams.stands(OWN_CHAT)[1:] == [activity(TAKEN, NB, cut(said_by_somebody, 3000))]
    assert teams.stands(GROUP) == [line(words.IN_PERSON.nb)]


@every_string
async def test_words_in_a_form_come_to_the_bot_and_back_with_a_fault(at: Scene, said_by_somebody: str) -> None:
    typed = cut(said_by_somebody, 80).strip() or "x"
    at.bot.first = Reply(dialog=EVERYTHING)
    opened = await at.take(fetched())
    at.bot.reply = Reply(faults={"name": said_by_somebody[:3000]})
    answer = await at.take(answered(brought(opened, name=typed, **{f"{SEVERAL}given": "a,b"})))
    act = at.bot.seen[-1].act
    assert isinstance(act, Submitted)
    assert act.values == {"name": (typed,), "given": ("a", "b")}
    shown = answer["task"]["value"]["card"]["content"]
    [name] = [each for each in elements(shown) if each.get("id") == "name"]
    assert name["value"] == typed
    at.bot.reply = Reply(faults={"name": said_by_somebody})
    assert await at.take(executed(hand_in("everything", name=typed))) == said(said_by_somebody)
