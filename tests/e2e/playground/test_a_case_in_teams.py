"""The five cases from the command to their end, played by people in front of Microsoft's own playground."""

from __future__ import annotations

import pytest

from tests.e2e.five_cases import STORIES, Story
from tests.e2e.playground.conftest import Office

pytestmark = [pytest.mark.chromium, pytest.mark.node]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_case_goes_from_the_command_to_its_end(office: Office, story: Story) -> None:
    await story(office)
