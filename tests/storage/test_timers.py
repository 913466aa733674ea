"""A due timer is one replica's."""

from __future__ import annotations

import asyncio

import pytest

from storage.database import Database
from storage.timers import Timer
from tests.storage.made import MINUTE, NOW, SCHOOL

TIMER = Timer("case", "escalation", SCHOOL, NOW, {"round": 1, "level": "head"})


async def _arm(database: Database, *timers: Timer) -> None:
    async with database.transaction() as tx:
        for timer in timers:
            await tx.timers.arm(timer)


async def _fire(database: Database, timer: Timer) -> bool:
    async with database.transaction() as tx:
        return await tx.timers.fire(timer.case_id, timer.name, timer.due_at)


async def test_what_is_due_comes_with_its_data_the_longest_overdue_first(database: Database) -> None:
    early = Timer("case2", "nudge", SCHOOL, NOW - MINUTE)
    await _arm(database, TIMER, early, Timer("case3", "nudge", SCHOOL, NOW + MINUTE))
    async with database.transaction() as tx:
        assert await tx.timers.due(NOW, 10) == (early, TIMER)
        assert await tx.timers.due(NOW, 1) == (early,)
        assert await tx.timers.next_due() == NOW - MINUTE


async def test_a_timer_fires_once(database: Database) -> None:
    await _arm(database, TIMER)
    assert await _fire(database, TIMER)
    assert not await _fire(database, TIMER)
    async with database.transaction() as tx:
        assert await tx.timers.next_due() is None


async def test_of_many_who_fire_at_once_one_wins(database: Database) -> None:
    await _arm(database, TIMER)
    assert sum(await asyncio.gather(*(_fire(database, TIMER) for _ in range(20)))) == 1


async def test_of_two_replicas_one_wins(postgresql_database: tuple[Database, Database]) -> None:
    await _arm(postgresql_database[0], TIMER)
    tries = (_fire(postgresql_database[place % 2], TIMER) for place in range(20))
    assert sum(await asyncio.gather(*tries)) == 1


async def test_a_timer_that_was_set_anew_does_not_fire_for_its_old_time(database: Database) -> None:
    later = Timer("case", "escalation", SCHOOL, NOW + MINUTE, {"round": 2})
    await _arm(database, TIMER, later)
    assert not await _fire(database, TIMER)
    async with database.transaction() as tx:
        assert await tx.timers.of_case("case") == (later,)


async def _failing_turn(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.timers.fire("case", "escalation", NOW)
        raise LookupError


async def test_a_timer_is_given_back_when_its_turn_fails(database: Database) -> None:
    await _arm(database, TIMER)
    with pytest.raises(LookupError):
        await _failing_turn(database)
    assert await _fire(database, TIMER)


async def test_a_timer_that_is_tried_again_is_as_late_as_it_was_until_it_is_set_anew(database: Database) -> None:
    await _arm(database, TIMER)
    async with database.transaction() as tx:
        for tries in range(3):
            (timer,) = await tx.timers.due(NOW + tries * MINUTE, 10)
            assert await tx.timers.try_again(timer, NOW + (tries + 1) * MINUTE)
            assert not await tx.timers.try_again(timer, NOW + (tries + 1) * MINUTE), "another replica has"
        assert (await tx.timers.next_due(), await tx.timers.due_since()) == (NOW + 3 * MINUTE, NOW)
    await _arm(database, Timer("case", "escalation", SCHOOL, NOW + 4 * MINUTE))
    async with database.transaction() as tx:
        assert await tx.timers.due_since() == NOW + 4 * MINUTE


async def test_disarming_takes_one_or_all(database: Database) -> None:
    await _arm(database, *(Timer("case", name, SCHOOL, NOW) for name in "abc"), Timer("case2", "a", SCHOOL, NOW))
    async with database.transaction() as tx:
        assert await tx.timers.disarm("case", "a")
        assert not await tx.timers.disarm("case", "a")
        assert await tx.timers.disarm_all("case") == 2
        assert [timer.case_id for timer in await tx.timers.due(NOW, 10)] == ["case2"]
