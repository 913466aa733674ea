"""What is acute goes out at once; the rest as fast as a platform takes it, and not while it wants nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.app import build
from bot.pace import AT_ONCE, NOT_ACUTE_AT_ONCE, RATE, Pace
from flows.cards import Card
from flows.port import Address, MessageRef, Refused
from storage.deliveries import ACUTE, Promise
from tests.school import CHAT, MONDAY_MORNING, FakeChat, School

NOW = MONDAY_MORNING
SECOND = timedelta(seconds=1)


def test_a_burst_goes_at_once_and_the_rest_in_step() -> None:
    used_until, begun = None, 0
    for second in range(61):
        now = NOW + second * SECOND
        room = RATE.room(used_until, now)
        assert room == RATE.burst or second
        used_until, begun = RATE.used(used_until, now, room), begun + room
        assert RATE.room(used_until, now) == 0
    assert begun == RATE.burst + 60 * SECOND // RATE.each


@pytest.mark.parametrize("left", [None, NOW - 5 * SECOND, NOW + timedelta(hours=1)])
def test_after_a_rest_as_after_a_clock_was_set_back_a_burst_may_go(left: datetime | None) -> None:
    assert RATE.room(left, NOW) == RATE.burst
    assert RATE.used(left, NOW, 1) == NOW + RATE.each


@pytest.mark.parametrize(("under_way", "free"), [(0, NOT_ACUTE_AT_ONCE), (5, NOT_ACUTE_AT_ONCE - 5), (8, 0), (12, 0)])
def test_some_places_are_always_left_for_what_is_acute(under_way: int, free: int) -> None:
    assert Pace().free(NOW, under_way) == free
    assert AT_ONCE > NOT_ACUTE_AT_ONCE


def test_a_pause_is_one_platforms_and_never_gets_shorter() -> None:
    pace = Pace()
    pace.pause("slack", NOW + 30 * SECOND)
    pace.pause("slack", NOW + 5 * SECOND)
    assert pace.pause_left("slack", NOW + 10 * SECOND) == 20 * SECOND
    assert pace.pause_left("slack", NOW + 30 * SECOND) is None
    assert pace.pause_left("teams", NOW) is None


async def promise(school: School, count: int) -> None:
    """Promise as many quiet messages, each to another person."""
    own = school.library.schools[0]
    people = [*own.people][:count]
    async with school.database.transaction() as tx:
        await tx.outbox.promise(
            [
                Promise(f"n{n}", f"n{n}", own.id, person, "at_fault", 2, school.clock.now(), school.clock.now())
                for n, person in enumerate(people)
            ]
        )


class Hanging(FakeChat):
    """Takes acute alerts, and leaves everything else without an answer."""

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        if card.title in ("Noe er galt med boten", "Noko er gale med boten"):
            await asyncio.Event().wait()
        return await super().send(to, card, delivery_id)


async def test_an_alert_waits_for_none_of_many_that_hang(school: School) -> None:
    relay = school.app.relay
    relay._handing_over = replace(relay._handing_over, platforms={CHAT: Hanging()})
    await promise(school, 40)
    relay = asyncio.create_task(school.app.relay.run())
    try:
        async with asyncio.timeout(5):
            while len(school.app.relay._under_way) < NOT_ACUTE_AT_ONCE:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
        own = school.library.schools[0]
        async with school.database.transaction() as tx:
            now = school.clock.now()
            alert = Promise("a", "a", own.id, "kari", "unreached", ACUTE, now, now)
            await tx.outbox.promise([alert])
        school.app.relay.wake()
        async with asyncio.timeout(2):
            while True:
                async with school.database.transaction() as tx:
                    row = await tx.outbox.get("a")
                if row and row.finished_at:
                    break
                await asyncio.sleep(0.01)
    finally:
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)


async def test_a_platform_that_wants_nothing_is_left_alone_by_all_but_what_is_acute(school: School) -> None:
    await promise(school, 10)
    school.chat.faults = [Refused("ratelimited", retry_after=30 * SECOND)] * NOT_ACUTE_AT_ONCE
    await school.settles()
    left = len(school.chat.faults)
    school.chat.faults = []
    await school.settles()
    assert not school.chat.chats, "nobody is written to"
    await school["ola"].reports()
    assert len(school["kari"].alerts) == 1
    assert left < NOT_ACUTE_AT_ONCE
    await school.passes(seconds=30)
    await school.settles()
    assert sum(map(len, school.chat.chats.values())) > 10


def test_while_every_platform_wants_to_be_left_alone_nothing_is_begun_that_can_wait() -> None:
    pace = Pace(("slack", "teams"))
    pace.pause("slack", NOW + SECOND)
    assert pace.free(NOW, 0) == NOT_ACUTE_AT_ONCE, "the other one takes it"
    pace.pause("teams", NOW + 2 * SECOND)
    assert pace.free(NOW, 0) == 0
    assert pace.free(NOW + SECOND, 0) == NOT_ACUTE_AT_ONCE


async def test_what_one_of_two_has_no_room_for_uses_the_pace_up_all_the_same(school: School) -> None:
    """Else all that waits for it would be tried in a row, while the other one takes messages."""
    relay = build(school.database, school.library, {CHAT: school.chat, "other": FakeChat("other")}, school.clock).relay
    await promise(school, 40)
    school.chat.faults = [Refused("ratelimited", retry_after=30 * SECOND)]
    assert await relay.drain() == RATE.burst


async def test_replicas_share_one_pace(school: School) -> None:
    await promise(school, 40)
    one, other = (build(school.database, school.library, {CHAT: school.chat}, school.clock).relay for _ in range(2))
    assert await one.drain() == RATE.burst
    assert await other.drain() == 0
    school.clock.forward(2 * SECOND)
    assert await other.drain() == 2 * SECOND // RATE.each


async def test_what_a_platform_had_no_room_for_has_used_up_nothing(school: School) -> None:
    await promise(school, 40)
    school.chat.faults = [Refused("ratelimited", retry_after=SECOND)]
    await school.app.relay.drain()
    assert not school.chat.chats, "one is refused, and the rest of those that had begun wait as it says"
    school.clock.forward(SECOND)
    await school.app.relay.drain()
    assert sum(map(len, school.chat.chats.values())) == RATE.burst
