"""The five cases played by people in Teams, one against its own process; what they typed stays in no message."""

from __future__ import annotations

import re

import pytest

from tests.e2e.five_cases import STORIES, Story
from tests.e2e.slack.test_five_cases_in_slack import KINDS, TYPED
from tests.e2e.teams.conftest import Workplace
from tests.e2e.teams.scene import TeamsScene, card_of, is_dialog

# What a lock screen may show: which case, and that there is something about it.
NEUTRAL = re.compile(r"(Ny sak|Sak) [A-Z0-9]{6}\. (Åpne|Opne) for å (svare|se|sjå)\.|Melding")


@pytest.mark.parametrize(
    "story",
    [pytest.param(STORIES[0], marks=pytest.mark.process), *STORIES[1:]],
    ids=lambda story: story.__name__,
)
async def test_a_case_goes_from_the_command_to_its_end(work: Workplace, story: Story) -> None:
    await story(TeamsScene(work.teams))
    posted = work.teams.tenant.posted
    lasting = str([each for each in posted if not is_dialog(card_of(each))])
    assert not [words for words in (*TYPED, *KINDS) if words in lasting]
    summaries = {each["summary"] for each in posted if "summary" in each}
    assert len(summaries) > 2
    assert not [summary for summary in summaries if not NEUTRAL.fullmatch(summary)]
