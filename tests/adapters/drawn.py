"""Adaptive Cards as Microsoft's own renderer draws them in a browser: what it has against one, what is to be seen."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from tests.chromium import launched

Json = Any

LIBRARY = Path(__file__).parents[1] / "npm" / "node_modules" / "adaptivecards" / "dist" / "adaptivecards.min.js"
BATCH = 200  # cards that are handed to the browser at once
LOOK = "body { width: 440px; margin: 16px; font-family: sans-serif } .ac-actionSet { flex-wrap: wrap; gap: 4px }"
# Markdown is left to whoever uses the renderer: here, a text read as such becomes links, and HTML as it stands.
SCRIPT = r"""
const {AdaptiveCard, CardElement, HostConfig, SerializationContext, Versions} = AdaptiveCards;

AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = text.replace(/\[(.*?)\]\((.*?)\)/g, '<a href="$2">$1</a>');
    result.didProcess = true;
};

function draw(made) {
    CardElement.langProperty.regEx.lastIndex = 0;  // it would go on from where it has found the last card's language
    const card = new AdaptiveCard(), context = new SerializationContext(Versions.v1_5);
    card.hostConfig = new HostConfig({actions: {maxActions: 6}});  // as in Teams
    card.parse(made, context);
    return {card, context, drawn: card.render()};
}

function words(part) {
    if (part.localName === "br") return "\n";
    return part.childNodes.length ? [...part.childNodes].map(words).join("") : part.textContent;
}

function seen(element) {
    if (element.matches(".ac-textRun:not([aria-hidden]), .ac-textBlock")) return [words(element)];
    if (element.matches("option")) return [element.textContent || element.value];
    if (element.matches("button")) return [element.title, words(element)];
    return element.placeholder ? [element.placeholder] : [];
}

function read(made) {
    const {card, context, drawn} = draw(made), elements = [...drawn.querySelectorAll("*")];
    const events = [...Array(context.eventCount).keys()].map(at => context.getEventAt(at));
    return {
        faults: [...events, ...card.validateProperties().validationEvents].map(event => event.message),
        seen: elements.flatMap(seen),
        values: Object.fromEntries(card.getAllInputs().map(input => [input.id, input.value ?? ""])),
        tags: [...new Set(elements.map(element => element.localName))],
    };
}
"""


@dataclass(frozen=True)
class Drawn:
    """A card on the screen: its texts in order, what its fields would hand in untouched, the HTML it is made of."""

    faults: list[str]
    seen: list[str]
    values: dict[str, str]
    tags: list[str]


@dataclass(frozen=True)
class Artist:
    page: Page

    async def draws(self, cards: Sequence[Json]) -> list[Drawn]:
        drawn: list[Drawn] = []
        for at in range(0, len(cards), BATCH):
            batch = json.dumps(cards[at : at + BATCH])
            found = await self.page.evaluate("cards => JSON.stringify(JSON.parse(cards).map(read))", batch)
            drawn += [Drawn(**each) for each in json.loads(found)]
        return drawn

    async def pictures(self, cards: Iterable[Json], name: str) -> None:
        """Take a picture of each card, where RUSPLAN_SHOTS names a folder."""
        if folder := os.environ.get("RUSPLAN_SHOTS"):
            for at, card in enumerate(cards):
                await self.page.evaluate("card => document.body.replaceChildren(draw(card).drawn)", card)
                await self.page.screenshot(path=Path(folder) / f"card-{name}-{at:02}.png", full_page=True)


@asynccontextmanager
async def artist() -> AsyncIterator[Artist]:
    async with async_playwright() as playwright:
        browser = await launched(playwright)
        page = await browser.new_page(viewport={"width": 480, "height": 400})
        await page.add_style_tag(content=LOOK)
        await page.add_script_tag(path=LIBRARY)
        await page.add_script_tag(content=SCRIPT)
        yield Artist(page)
        await browser.close()
