"""The five cases in the real browser, looked at by axe."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.e2e.browser import BrowserScene
from tests.e2e.five_cases import STORIES, Story

pytestmark = pytest.mark.chromium


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_case_goes_from_the_command_to_its_end(page: Page, story: Story) -> None:
    await story(BrowserScene(page, story.__name__))
