"""A part of the torture that `python -m tests.torture` tries to the full: points from all over each story."""

from __future__ import annotations

import pytest

from tests.torture import clocks, kill, stall, stop, stuck
from tests.torture.oracle import survives

pytestmark = [pytest.mark.strace, pytest.mark.faketime]


async def test_killed_at_any_write_to_its_file_it_loses_and_repeats_nothing() -> None:
    await survives(kill.cases(20, ["sqlite"]), least=18)


async def test_killed_at_anything_it_says_to_its_server_it_loses_and_repeats_nothing() -> None:
    await survives(kill.cases(42, ["postgresql"]), least=12)


async def test_a_replica_that_stands_still_beside_another_loses_and_repeats_nothing() -> None:
    await survives(stall.cases(27), least=4)


async def test_it_stops_when_it_is_asked_and_leaves_nothing_behind() -> None:
    await survives(stop.cases(8), least=6)


async def test_a_clock_that_goes_wrong_makes_no_level_early_late_or_doubled() -> None:
    await survives(clocks.cases(3), least=4)


async def test_a_loop_that_is_stuck_is_ended_and_nothing_is_lost() -> None:
    await survives(stuck.cases(10), least=1)
