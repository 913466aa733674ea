"""The demo's page as a person uses it: type, press, fill in what is asked; it knows no rule of the plan."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect


def column(page: Page, user: str) -> Locator:
    return page.locator(f"#c-{user}")


async def no_violation(page: Page) -> None:
    await page.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0)))")  # not halfway
    found = await Axe().run(page)
    assert not found.response["violations"], found.generate_report()


@dataclass(frozen=True, slots=True)
class Chat:
    """One person's column."""

    page: Page
    user: str

    @property
    def column(self) -> Locator:
        return column(self.page, self.user)

    @property
    def dialog(self) -> Locator:
        return self.column.get_by_role("dialog")

    async def types(self, text: str) -> None:
        await self.column.locator(".composer input").fill(text)
        await self.page.keyboard.press("Enter")

    async def presses(self, label: str, *, about: str = "") -> None:
        """Press the newest button of a message with this label; `about` is the step that it stands at."""
        while await self.dialog.count():
            await self.dialog.locator("[data-close]").click()
            await expect(self.dialog).to_have_count(0)
        name = f"{label}: {about}" if about else label
        await self.column.locator(".log").get_by_role("button", name=name, exact=not about).last.click()

    async def presses_in_dialog(self, what: str) -> None:
        by_name = self.dialog.get_by_role("button", name=what, exact=True)
        await by_name.or_(self.dialog.locator(f"[data-action='{what}']")).first.click()

    async def opens(self, reference: str) -> None:
        """Open one duty from the list that stands open, by the end of its button's reference."""
        await self.dialog.locator(f"[data-reference$='/{reference}']").first.click()

    async def hands_in(self, **values: str) -> None:
        """Fill in the fields of the open form by name, and hand it in."""
        await self.fills(values)
        await self.dialog.locator("button[type=submit]").click()

    async def fills(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            place = self.dialog.locator(f"[data-field='{name}']")
            kind = await place.get_attribute("data-kind")
            if kind == "boxes":
                for each in value.split("+"):
                    await place.locator(f"input[value='{each}']").check()
            elif kind == "combo":
                await place.get_by_role("combobox").fill(value)
                await place.get_by_role("option").first.click()
            elif await place.locator("select").count():
                await place.locator("select").select_option(value)
            else:
                await place.locator("input, textarea").fill(value)

    async def does(self, duty: str, **values: str) -> None:
        """Open a duty from the list and hand its form in; the list comes back."""
        await self.opens(duty)
        await expect(self.dialog.locator("button[type=submit]")).to_be_visible()
        await self.hands_in(**values)
        await expect(self.dialog.locator(".step").first).to_be_visible()

    async def sees(self, words: str) -> None:
        await expect(self.column.get_by_text(words).first).to_be_attached()

    async def reads(self, words: str) -> None:
        await expect(self.dialog.get_by_text(words).first).to_be_visible()

    async def reads_of(self, step: str, words: str) -> None:
        await expect(self.dialog.locator(".step", has_text=step)).to_contain_text(words)

    async def is_offered(self, label: str) -> None:
        await expect(self.dialog.get_by_role("button", name=label)).to_be_visible()

    async def is_done(self) -> None:
        await expect(self.dialog).to_have_count(0)

    async def takes_the_appointment(self, label: str) -> str:
        async with self.page.expect_download() as started:
            await self.dialog.get_by_role("link", name=label).click()
        return (await (await started.value).path()).read_text()


@dataclass
class Camera:
    """Takes a picture of each moment that is worth a look, where RUSPLAN_SHOTS names a folder; always asks axe."""

    page: Page
    story: str
    taken: int = 0

    async def look(self, moment: str) -> None:
        await no_violation(self.page)
        self.taken += 1
        if folder := os.environ.get("RUSPLAN_SHOTS"):
            await self.page.screenshot(path=Path(folder) / f"{self.story}-{self.taken:02d}-{moment}.png")


class BrowserScene:
    """The page, for `tests/e2e/five_cases.py`."""

    def __init__(self, page: Page, story: str) -> None:
        self._page, self._camera = page, Camera(page, story)

    async def people(self, *users: str) -> list[Chat]:
        """Show these people's chats side by side."""
        await self._page.goto(f"{self._page.url.partition('?')[0]}?as={','.join(users)}")
        return [Chat(self._page, user) for user in users]

    async def look(self, moment: str) -> None:
        await self._camera.look(moment)

    async def nobody_sees(self, words: str) -> None:
        await expect(self._page.locator(".log").get_by_text(words)).to_have_count(0)
