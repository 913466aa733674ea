"""One person in front of the playground: types, presses, fills in what is asked; it knows no rule of the plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator

from adapters.teams.fields import SEVERAL
from adapters.teams.look import HANDS_IN, REFERENCE, VERB
from tests.e2e.playground.screen import Json, Screen, expect, until
from tests.e2e.teams.visible import appointment_at, elements_of, inputs_of

OUTLOOK = "https://outlook.office.com/calendar/"
WAY_OUT = re.compile(r"^(Avbryt|Lukk)$")  # a card with such a button is a dialog


@dataclass(frozen=True)
class TeamsChat:
    """What can be seen is read from the page; how fields and buttons are called in a story, from what was sent."""

    screen: Screen
    user: str

    @property
    def dialog(self) -> Locator:
        return self.screen.shown.filter(has=self._way_out)

    @property
    def messages(self) -> Locator:
        return self.screen.shown.filter(has_not=self._way_out)

    async def types(self, text: str) -> None:
        await self.closes()
        await self.screen.write(text)

    async def presses(self, label: str, *, about: str = "") -> None:
        await self.closes()
        place = _parts(self.messages).filter(has_text=about) if about else self.messages
        await self.screen.press(place.get_by_role("button", name=label, exact=True).last)

    async def presses_in_dialog(self, what: str) -> None:
        await self._press(lambda action: what in (action["title"], action["data"][VERB]))

    async def opens(self, reference: str) -> None:
        await self._press(lambda action: action["data"].get(REFERENCE, "").endswith(f"/{reference}"))

    async def hands_in(self, **values: str) -> None:
        form = await self._open(lambda card: _submit(card) and _fields(card).keys() >= values.keys())
        with self.screen.undisturbed():
            await self.fills(form, values)
            pressed = self.screen.answered + 1
            await self._button(_submit(form)).click()
        await self.screen.is_answered(pressed)

    async def fills(self, form: Json, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            field = _fields(form)[name]
            label = self.screen.page.get_by_text(field["label"], exact=True)
            place = self.dialog.last.locator(":has(> label)").filter(has=label)
            if field["type"] == "Input.ChoiceSet":
                await self._choose(place, field, value)
            else:
                await place.locator("input, textarea").fill(value)

    async def does(self, duty: str, **values: str) -> None:
        await self.opens(duty)
        await self.hands_in(**values)
        await self._open(lambda card: not _fields(card))

    async def sees(self, words: str) -> None:
        await expect(self.messages.filter(has_text=words).first).to_be_attached()

    async def reads(self, words: str) -> None:
        """See words in the open dialog, or in the line that Teams shows below it."""
        await expect(self.dialog.last.locator("xpath=../..")).to_contain_text(words)

    async def reads_of(self, step: str, words: str) -> None:
        await expect(_parts(self.dialog.last).filter(has_text=step).first).to_contain_text(words)

    async def is_offered(self, label: str) -> None:
        await expect(self.dialog.get_by_role("button", name=label, exact=True)).to_be_visible()

    async def is_done(self) -> None:
        await expect(self.dialog).to_have_count(0)

    async def takes_the_appointment(self, label: str) -> str:
        """Return what Outlook makes of the link that is opened, in a window of its own."""
        await self._open(lambda card: any(each["type"] == "Action.OpenUrl" for each in elements_of(card)))
        context = self.screen.page.context
        async with context.expect_event("request", lambda request: request.url.startswith(OUTLOOK)) as opening:
            await self.dialog.last.get_by_role("link", name=label).click()
        url: str = (await opening.value).url
        for window in context.pages[1:]:
            await window.close()
        return appointment_at(url)

    async def closes(self) -> None:
        await self.screen.catches_up()
        while await self.dialog.count():
            await self.screen.press(self.dialog.last.get_by_role("button", name=WAY_OUT))

    @property
    def _way_out(self) -> Locator:
        return self.screen.page.get_by_role("button", name=WAY_OUT)

    async def _open(self, is_it: Callable[[Json], Any]) -> Json:
        """Return the newest dialog, as soon as it is the one that is looked for, and can be seen."""
        found: Json = await until(lambda: (card := self._newest()) and is_it(card) and card)
        await self.screen.catches_up()
        return found

    def _newest(self) -> Json | None:
        dialogs = [card for card in self.screen.cards.values() if _is_dialog(card)]
        return dialogs[-1] if dialogs else None

    async def _press(self, is_it: Callable[[Json], bool]) -> None:
        """Press the first button of the open dialog that is it, as soon as there is one."""
        dialog = await self._open(lambda card: any(map(is_it, _actions(card))))
        await self.screen.press(self._button(next(filter(is_it, _actions(dialog)))))

    def _button(self, action: Json) -> Locator:
        return self.dialog.last.get_by_title(action.get("tooltip", action["title"]), exact=True).first

    async def _choose(self, place: Locator, field: Json, value: str) -> None:
        if field["style"] == "expanded":
            titles = {choice["value"]: choice["title"] for choice in field["choices"]}
            for each in value.split("+"):
                await place.get_by_text(titles[each], exact=True).check()
            return
        await place.get_by_role("combobox").click()
        if field["style"] == "filtered":
            await self.screen.page.keyboard.type(value)
        await self.screen.page.get_by_role("option").filter(has_text=value).first.click()


def _parts(cards: Locator) -> Locator:
    """Return the steps of cards, and whatever else has a frame of its own."""
    return cards.locator(".ac-container:not(:has(.ac-container))")


def _is_dialog(card: Json) -> bool:
    return any(WAY_OUT.match(action["title"]) for action in _actions(card))


def _actions(card: Json) -> list[Json]:
    return [each for each in elements_of(card) if each["type"] == "Action.Execute"]


def _submit(card: Json) -> Json:
    return next((action for action in _actions(card) if HANDS_IN in action["data"]), {})


def _fields(card: Json) -> dict[str, Json]:
    return {each["id"].removeprefix(SEVERAL): each for each in inputs_of(card)}
