"""The five cases played by people at Slack, one against a process of its own; what they typed stands in no message."""

from __future__ import annotations

import pytest

from tests.e2e.five_cases import STORIES, Story
from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.markup import markup_in
from tests.e2e.slack.scene import SlackScene

# All that is typed or chosen in the stories and says something of a pupil.
TYPED = ("1BAA", "1STA", "2ELA", "To vaksne har sett det same.", "Eleven var trøtt etter en kamp.", "2026/1234-5")
KINDS = ("Synlig beruset", "synlig_beruset", "Bruk på skolens område", "Mistanke", "Alkohol", "Illegalt stoff")


@pytest.mark.parametrize(
    "story",
    [pytest.param(STORIES[0], marks=pytest.mark.process), *STORIES[1:]],
    ids=lambda story: story.__name__,
)
async def test_a_case_goes_from_the_command_to_its_end(work: Workplace, story: Story) -> None:
    await story(SlackScene(work.slack))
    posted = work.slack.workspace.everything_posted()
    assert not [words for words in (*TYPED, *KINDS) if words in posted]
    assert not [found for message in work.slack.workspace.posted for found in markup_in(message)]
    assert not work.slack.workspace.general.messages
