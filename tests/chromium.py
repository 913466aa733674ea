"""Debian's Chromium without a window, as every test starts it."""

from __future__ import annotations

import shutil

from playwright.async_api import Browser, Playwright

PROGRAM = "chromium-headless-shell"  # Chromium's own, for tests: it draws the same, and leaves out what nobody sees
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


async def launched(playwright: Playwright, *flags: str) -> Browser:
    return await playwright.chromium.launch(executable_path=shutil.which(PROGRAM), args=[*FLAGS, *flags])
