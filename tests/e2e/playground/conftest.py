"""`rusplan run` as for a trial of Teams, and Microsoft's playground in front of it for whoever takes part."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from storage.cipher import KeyRing
from tests.chromium import launched
from tests.e2e.playground.chat import TeamsChat
from tests.e2e.playground.playground import BOT_ID, TENANT, playground
from tests.e2e.playground.screen import Screen, expect
from tests.e2e.program import COMMAND, environment
from tests.e2e.slack.conftest import SCHOOL, SCHOOL_FILE

ON_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"  # the page asks for Microsoft's fonts
LOG = "rusplan.log"


@dataclass
class Office:
    """The school's staff, each in front of a screen as soon as somebody looks at it."""

    folder: Path
    endpoint: str
    browser: Browser
    stack: AsyncExitStack
    chats: dict[str, TeamsChat] = field(default_factory=dict)

    @property
    def logged(self) -> str:
        return (self.folder / LOG).read_text()

    async def people(self, *users: str) -> list[TeamsChat]:
        """Return these people's chats; whoever wasn't there yet installs the app, and is welcomed."""
        await asyncio.gather(*(self._comes(user) for user in users if user not in self.chats))
        return [self.chats[user] for user in users]

    async def look(self, moment: str) -> None:
        """Take a picture of everybody's screen, where RUSPLAN_SHOTS names a folder."""
        if folder := os.environ.get("RUSPLAN_SHOTS"):
            for chat in self.chats.values():
                await chat.screen.page.screenshot(path=Path(folder) / f"teams-{moment}-{chat.user}.png")

    async def nobody_sees(self, words: str) -> None:
        for chat in self.chats.values():
            await expect(chat.messages.filter(has_text=words)).to_have_count(0)

    async def _comes(self, user: str) -> None:
        person, everybody = SCHOOL.people[user], list(SCHOOL.people.values())
        url = await self.stack.enter_async_context(playground(self.folder / user, self.endpoint, person, everybody))
        # In a window of its own: pages that share one are drawn once a second, but for the one in front.
        page = await self.browser.new_page(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
        self.chats[user] = TeamsChat(await Screen.of(page, url), user)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The bot runs, nobody has installed the app, and nothing goes wrong unseen."""
    async with bot_to_try(tmp_path) as url, async_playwright() as playwright, AsyncExitStack() as stack:
        browser = await launched(playwright, ON_THIS_MACHINE)
        opened = Office(tmp_path, f"{url}/api/messages", browser, stack)
        yield opened
        await browser.close()
    assert '"level": "error"' not in opened.logged


@asynccontextmanager
async def bot_to_try(folder: Path) -> AsyncIterator[str]:
    """Start the program as somebody does who tries it with the playground; yield its address."""
    teams = {"RUSPLAN_TEAMS_ANONYMOUS": "1", "MICROSOFT_APP_ID": BOT_ID, "MICROSOFT_APP_TENANT_ID": TENANT}
    environ = environment(folder, KeyRing.new_key(), SCHOOL_FILE, **teams)
    with (folder / LOG).open("wb") as log:
        bot = await asyncio.create_subprocess_exec(
            COMMAND, "run", cwd=folder, env=environ, stdout=asyncio.subprocess.PIPE, stderr=log
        )
        try:
            assert bot.stdout
            greeting = (await bot.stdout.readline()).decode()
            yield next(word for word in greeting.split() if word.startswith("http"))
        finally:
            bot.terminate()
            await bot.wait()
    assert bot.returncode == 0
