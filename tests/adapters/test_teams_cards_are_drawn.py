"""Every card that the flows come by, drawn by Microsoft's own renderer: nothing is missing, and all of it is words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any

import pytest
import pytest_asyncio

from adapters.teams.server import compact
from flows.language import Language
from tests.adapters.drawn import Artist, Drawn, artist
from tests.adapters.hostile import HOSTILE, cut
from tests.adapters.slack_walk import SCHOOLS
from tests.adapters.test_slack_every_card import LANGUAGES
from tests.adapters.test_teams_every_card import cards, elements, shape
from tests.adapters.test_teams_literal import SURFACES

Json = Any

pytestmark = [pytest.mark.chromium, pytest.mark.node, pytest.mark.asyncio(loop_scope="module")]

PLAIN = {"br", "button", "datalist", "div", "input", "label", "option", "select", "span", "textarea"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Artist]:
    async with artist() as opened:
        yield opened


def to_be_seen(made: Json) -> Iterator[str]:
    """Yield the texts of a card, in order; what a button says first is its name for whoever hovers over it."""
    for each in elements([made["body"], made["actions"]]):
        match each:
            case {"type": "TextRun"}:
                yield each["text"]
            case {"label": label}:
                yield label
                is_chosen = each.get("style") == "filtered" and each.get("value")
                if "placeholder" in each and not is_chosen and not each.get("isMultiSelect"):
                    yield each["placeholder"]  # several choices are drawn as a list to tick, whatever the style
                yield from (choice["title"] for choice in each.get("choices", ()))
            case {"type": "Action.Execute" | "Action.OpenUrl", "title": title}:
                yield from (each.get("tooltip", title), title)
            case {"type": "Action.Submit", "title": title, "data": {"msteams": _}}:  # no other button's stand-in
                yield from (title, title)


def to_be_handed_in(made: Json) -> dict[str, set[str]]:
    return {each["id"]: _chosen(each.get("value", "")) for each in elements(made) if each["type"].startswith("Input.")}


def _chosen(value: str) -> set[str]:
    return set(value.split(","))


def _lines(texts: Iterable[str]) -> list[str]:
    """Return texts in which every line ends the same way: a browser makes no difference."""
    return [re.sub(r"\r\n?", "\n", text) for text in texts]


def faults(made: Json, drawn: Drawn) -> list[str]:
    found = list(drawn.faults)
    if _lines(drawn.seen) != _lines(to_be_seen(made)):
        found.append("something else is seen")
    if "" in drawn.seen:
        found.append("nothing to read")
    if {name: _chosen(value) for name, value in drawn.values.items()} != to_be_handed_in(made):
        found.append("something else would be handed in")
    pictures = {"img"} if any(each["type"] == "Image" for each in elements(made)) else set[str]()
    if more := set(drawn.tags) - PLAIN - pictures:
        found.append(f"more than words: {more}")
    return found


async def all_faults(browser: Artist, made: Sequence[Json]) -> list[str]:
    drawn = await browser.draws(made)
    return [f"{fault} in {compact(card)[:300]}" for card, seen in zip(made, drawn, strict=True)
            for fault in faults(card, seen)]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCHOOLS)
async def test_a_card_is_drawn_with_all_that_is_in_it(browser: Artist, name: str, language: Language) -> None:
    made = [*{compact(card): card for _, card in cards(name, language)}.values()]
    assert len(made) > 300
    assert await all_faults(browser, made) == []
    await browser.pictures({shape(card): card for card in made}.values(), f"{name}-{language}")


@pytest.mark.parametrize("surface", ["message", "page"])
async def test_whatever_somebody_has_typed_is_drawn_as_words(browser: Artist, surface: str) -> None:
    made = [SURFACES[surface](lambda most, words=words: cut(words, most)) for words in HOSTILE.values()]
    assert await all_faults(browser, made) == []


# That this can fail.

WORDS = {"type": "TextRun", "text": "Ord"}
CHOICES = [{"title": "A", "value": "a"}]
FIELD = {"type": "Input.ChoiceSet", "id": "f", "label": "F", "style": "expanded", "choices": CHOICES}
DAY = {"type": "Input.Date", "id": "f", "label": "F", "value": "i morgen"}
BUTTON = {"type": "Action.Execute", "verb": "save", "title": "Lagre"}


def a_card(*body: Json, actions: Sequence[Json] = (), **more: Json) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": [*body], "actions": [*actions], **more}


@pytest.mark.parametrize(
    ("made", "found"),
    [
        pytest.param(a_card({"type": "TextBlock", "text": "[x](https://x.example)"}), "words: {'a'}", id="a link"),
        pytest.param(a_card({"type": "TextBlock", "text": "<img src=x>"}), "words: {'img'}", id="a picture"),
        pytest.param(a_card({"type": "Typewriter", "inlines": [WORDS]}), "something else is seen", id="no such part"),
        pytest.param(a_card(actions=[BUTTON] * 7), "Maximum number of actions", id="too many buttons"),
        pytest.param(a_card(actions=[{**BUTTON, "title": ""}]), "nothing to read", id="a button without a title"),
        pytest.param(a_card({**FIELD, "value": "b"}), "handed in", id="a choice that isn't there"),
        pytest.param(a_card({**FIELD, "choices": []}), "choices", id="nothing to choose from"),
        pytest.param(a_card(DAY), "handed in", id="no day"),
    ],
)
async def test_what_is_wrong_with_a_card_is_found(browser: Artist, made: Json, found: str) -> None:
    assert [fault for fault in await all_faults(browser, [made]) if found in fault]
