"""A taste of the torture that `make torture` tries to the full: a few points of each kind that is over soon."""

from __future__ import annotations

import pytest

from tests.torture import clocks, faults, kill, outages, races, replays, servers, stall, stop
from tests.torture.kill import Series
from tests.torture.oracle import survives

pytestmark = [pytest.mark.strace, pytest.mark.faketime]


async def test_killed_at_a_write_to_its_file_it_loses_and_repeats_nothing() -> None:
    await survives(kill.cases(300, [Series("sqlite", "pwrite64", 2)]), least=1)


async def test_killed_at_a_commit_in_teams_it_loses_nothing_and_repeats_nothing_without_a_word() -> None:
    await survives(kill.cases(40, [Series("sqlite", "fdatasync", is_in_teams=True)]), least=1)


async def test_killed_at_something_it_says_to_its_server_it_loses_and_repeats_nothing() -> None:
    await survives(kill.cases(375, [Series("postgresql", "sendto", 2)]), least=1)


async def test_a_replica_that_stands_still_beside_another_loses_and_repeats_nothing() -> None:
    await survives(stall.cases(100), least=1)


async def test_it_stops_when_it_is_asked_and_leaves_nothing_behind() -> None:
    await survives(stop.cases(22), least=2)


async def test_a_server_that_is_restarted_loses_nothing_that_was_acknowledged() -> None:
    await survives(servers.cases(len(servers.CASES)), least=1)


async def test_whatever_goes_wrong_with_a_call_everybody_is_told_and_once() -> None:
    await survives(faults.cases(250), least=2)


async def test_what_slack_delivers_again_is_done_once() -> None:
    await survives(replays.cases(16), least=2)


async def test_with_a_clock_that_is_set_back_every_level_comes_at_its_time() -> None:
    await survives(clocks.cases(len(clocks.FAULTS)), least=1)


async def test_of_several_who_act_at_the_same_moment_one_is_first() -> None:
    await survives(races.cases(races.TAKES, kinds=[races.takes]), least=1)


async def test_ten_minutes_without_a_platform_cost_nobody_an_alert() -> None:
    await survives(outages.cases(len(outages.OUTAGES)), least=1)
