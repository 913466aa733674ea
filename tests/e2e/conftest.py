"""`rusplan demo` as a newcomer starts it, and a browser in front of it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from tests.chromium import launched


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """Start `rusplan demo` as a newcomer does: no account, no configuration, an empty folder."""
    command = Path(sys.executable).with_name("rusplan")
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PORT": "0"}
    environ |= {"DATABASE_URL": f"sqlite:///{tmp_path}/a-real-school.sqlite", "RUSPLAN_KEYS": "not for the demo"}
    demo = await asyncio.create_subprocess_exec(
        command, "demo", cwd=tmp_path, env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert demo.stdout
    greeting = (await demo.stdout.readline()).decode()
    yield next(word for word in greeting.split() if word.startswith("http"))
    demo.terminate()
    _, errors = await demo.communicate()
    assert demo.returncode == 0
    faults = [line for line in errors.decode().splitlines() if '"level": "info"' not in line]
    assert not faults, "a story without a fault logs no fault"
    assert not os.listdir(tmp_path), "the demo opens no real database and leaves nothing behind"  # noqa: PTH208 - a path's own way blocks alike


@pytest.fixture
async def page(address: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await launched(playwright)
        context = await browser.new_context(
            viewport={"width": 1500, "height": 1000}, bypass_csp=True, reduced_motion="reduce"
        )  # for axe alone
        page = await context.new_page()
        await page.goto(address)
        yield page
        await browser.close()
