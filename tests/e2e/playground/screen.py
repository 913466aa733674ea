"""The playground's page as one person has it on the screen: the chats, and what they were sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from playwright.async_api import Expect, Locator, Page, Route, WebSocketRoute

from adapters.teams.look import CONTENT_TYPE
from tests.e2e.teams.visible import elements_of

Json = dict[str, Any]

SEEN_WITHIN, PAUSE = 30.0, 0.05  # seconds
expect = Expect()
expect.set_options(timeout=SEEN_WITHIN * 1000)
_SHOWN = """() => [...document.querySelectorAll(".ac-adaptiveCard")].map(
    card => [...card.querySelectorAll(".ac-textRun:not([aria-hidden])")].map(run => run.textContent))"""


class Posted(NamedTuple):
    """What the bot has written."""

    conversation: str
    text: str
    card: Json | None


@dataclass
class Screen:
    page: Page
    posted: list[Posted] = field(default_factory=list)
    cards: dict[str, Json] = field(default_factory=dict)  # as each message has its card now
    answered: int = 0  # buttons that have been pressed here
    _kept: list[Callable[[], None]] | None = None

    @classmethod
    async def of(cls, page: Page, url: str) -> Self:
        screen = cls(page)
        await page.route_web_socket("**", screen._listen)
        await page.goto(url)
        await expect(screen.shown.first).to_be_visible()
        return screen

    @property
    def shown(self) -> Locator:
        return self.page.locator(".ac-adaptiveCard")

    async def write(self, text: str, *, to: str = "") -> None:
        """Write in the chat that is open; `to` is whom it mentions first."""
        await self.page.locator("[data-lexical-editor=true]").first.click()
        if to:
            await self.page.keyboard.type(f"@{to}")
            await self.page.locator("#typeahead-menu").get_by_role("menuitem").first.click()
        await self.page.keyboard.type(f" {text}" if to else text)
        await self.page.keyboard.press("Enter")

    async def enter(self, name: str) -> None:
        """Open a group or a channel for the first time: the app is installed there, which takes a moment."""
        async with self.page.expect_response(lambda response: response.url.endswith("/installation")):
            await self.open_chat(name)

    async def open_chat(self, name: str) -> None:
        await self.page.get_by_role("treeitem", name=name, exact=True).click()

    async def open_command(self, command: str) -> Locator:
        """Choose a command of the message extension beside the box that one writes in; return its dialog.

        The playground shows nothing where the answer comes before the dialog's frame is there: the question waits.
        """
        dialog = self.page.get_by_role("dialog")

        async def ask(route: Route) -> None:
            await expect(dialog.get_by_text("Your Message Extension App")).to_be_visible()
            await route.continue_()

        await self.page.get_by_role("button", name="Trigger Message Extension App").first.click()
        await self.page.get_by_role("menuitem", name="Action Command").click()
        await dialog.get_by_role("textbox").fill(command)
        await self.page.route("**/invoke", ask, times=1)
        await dialog.get_by_role("button", name="Create").click()
        return dialog

    async def press(self, button: Locator) -> None:
        """Press a button, and wait for what comes of it."""
        pressed = self.answered + 1
        await button.click()
        await self.is_answered(pressed)

    async def is_answered(self, pressed: int) -> None:
        await until(lambda: self.answered >= pressed)
        await self.catches_up()

    async def catches_up(self) -> None:
        """Wait until the page shows, text by text, the cards of the person's own chat."""
        for _ in range(int(SEEN_WITHIN / PAUSE)):
            if await self.page.evaluate(_SHOWN) == [[*_texts(card)] for card in self.cards.values()]:
                return
            await asyncio.sleep(PAUSE)
        raise AssertionError("the page shows something else than was sent")

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Keep back what arrives meanwhile: the playground empties an open form whenever a message comes."""
        self._kept = []
        try:
            yield
        finally:
            kept, self._kept = self._kept, None
            for arrives in kept:
                arrives()

    def _listen(self, socket: WebSocketRoute) -> None:
        def arrives(frame: str | bytes) -> None:
            self._note(json.loads(frame))
            socket.send(frame)

        def comes(frame: str | bytes) -> None:
            if self._kept is None:
                arrives(frame)
            else:
                self._kept.append(lambda: arrives(frame))

        socket.connect_to_server().on_message(comes)

    def _note(self, frame: Json) -> None:
        match frame:
            case {"action": action, "actionConversationId": where, "message": message}:
                card = _card(message)
                if card:
                    self.cards[message["messageId"]] = card
                if action == "createMessage":
                    self.posted.append(Posted(where, message.get("text", ""), card))
            case {"log": {"activityName": "invoke", "request": {"body": asked}, "response": {"body": answer}}}:
                self.answered += 1
                if answer.get("type") == CONTENT_TYPE:
                    self.cards[asked["replyToId"]] = answer["value"]


def _card(message: Json) -> Json | None:
    attachments = message["attachments"]
    return attachments[0]["content"] if attachments else None


def _texts(card: Json) -> Iterator[str]:
    """Yield the texts of a card, its fields' labels among them, in order."""
    for each in elements_of(card["body"]):
        if each["type"] == "TextRun":
            yield each["text"]
        elif label := each.get("label"):
            yield label


async def until(seen: Callable[[], Any]) -> Any:
    """Wait until something is to be seen, and return it."""
    for _ in range(int(SEEN_WITHIN / PAUSE)):
        if found := seen():
            return found
        await asyncio.sleep(PAUSE)
    raise AssertionError("it never came")
