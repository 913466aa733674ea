"""The five cases played by people at Slack, against the real process."""

from __future__ import annotations

import pytest

from tests.e2e.five_cases import STORIES, Story
from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.scene import SlackScene


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_case_goes_from_the_command_to_its_end(work: Workplace, story: Story) -> None:
    await story(SlackScene(work.slack))
