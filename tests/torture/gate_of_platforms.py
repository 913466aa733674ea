"""A part of the torture by what lies outside the program: Slack's calls that go wrong, and Slack away for minutes."""

from __future__ import annotations

import pytest

from tests.torture import faults, outages, replays
from tests.torture.oracle import survives

pytestmark = [pytest.mark.faketime]


async def test_whatever_goes_wrong_with_a_call_everybody_is_told_and_once() -> None:
    await survives(faults.cases(30), least=24)


async def test_slack_is_away_for_ten_minutes_and_nothing_is_lost() -> None:
    await survives(outages.cases(8), least=1)


async def test_what_slack_delivers_again_is_done_once() -> None:
    await survives(replays.cases(4), least=10)
