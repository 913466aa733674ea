"""A part of the torture by what the data stands on: replicas side by side, servers and disks that fail, damage."""

from __future__ import annotations

import pytest

from tests.postgresql import EmbeddedPostgresql
from tests.torture import corruption, disks, races, servers
from tests.torture.oracle import survives


@pytest.mark.faketime
async def test_of_many_who_take_a_case_at_once_one_has_it_and_the_others_know(
    postgresql: EmbeddedPostgresql,
) -> None:
    await survives(races.raced(postgresql, races.takes, 3), least=60)


@pytest.mark.faketime
async def test_a_click_at_the_moment_of_a_level_is_before_it_or_after_it(postgresql: EmbeddedPostgresql) -> None:
    await survives(races.raced(postgresql, races.levels, 20), least=20)


@pytest.mark.faketime
async def test_two_people_who_change_one_case_at_once_lose_nothing_unseen(postgresql: EmbeddedPostgresql) -> None:
    await survives(races.raced(postgresql, races.edits, 3), least=6)


@pytest.mark.faketime
async def test_a_server_that_is_restarted_loses_nothing_that_was_acknowledged() -> None:
    await survives(servers.cases(len(servers.CASES)), least=1)


@pytest.mark.faketime
@pytest.mark.strace
async def test_a_disk_that_fails_loses_nothing_that_was_acknowledged() -> None:
    await survives(disks.cases(11), least=5)


async def test_nothing_is_silently_wrong_in_a_file_that_was_damaged() -> None:
    await survives(corruption.cases(3), least=20)
