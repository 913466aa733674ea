"""Promises are kept by one sender at a time, in order, and come back when the sender is gone."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.deliveries import OutboxRow, Promise, State
from storage.engine import POSTGRESQL
from storage.outbox import Waiting
from tests.storage.made import MINUTE, NOW, SCHOOL, case_id, promise

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


async def _promise(database: Database, *promises: Promise) -> tuple[str, ...]:
    async with database.transaction() as tx:
        return await tx.outbox.promise(promises)


async def _claim(
    database: Database, now: datetime = NOW, by: str = "me", limit: int = 10, lease: timedelta = LEASE
) -> list[str]:
    return [row.id for row in await _claim_rows(database, now, by, limit, lease)]


async def _claim_rows(
    database: Database,
    now: datetime = NOW,
    by: str = "me",
    limit: int = 10,
    lease: timedelta = LEASE,
    others: int = 10,
) -> tuple[OutboxRow, ...]:
    await _set_clock(database, now)
    return await _claim_as_it_is(database, now, by, limit, lease, others)


async def _set_clock(database: Database, at: datetime) -> None:
    """Let the server that shares its clock, where there is one, have this instant."""
    if database._engine.dialect.name == POSTGRESQL:
        async with database._engine.begin() as connection:
            await connection.execute(text("UPDATE test_clock SET stands_at = :at"), {"at": at})


async def _claim_as_it_is(
    database: Database,
    now: datetime,
    by: str,
    limit: int = 10,
    lease: timedelta = LEASE,
    others: int = 10,
) -> tuple[OutboxRow, ...]:
    """Claim with a clock of one's own, whatever the server's says."""
    async with database.transaction() as tx:
        return await tx.outbox.claim(now, by, lease, limit, others=others)


async def _finish(database: Database, row_id: str, by: str = "me", state: State = State.SENT) -> bool:
    async with database.transaction() as tx:
        return await tx.outbox.finish(row_id, by, NOW, state)


async def _later(database: Database, row_id: str, until: datetime, by: str = "me", *, uncertain: bool = False) -> bool:
    async with database.transaction() as tx:
        return await tx.outbox.retry_later(row_id, by, until, uncertain=uncertain, error="ratelimited")


async def _row(database: Database, row_id: str) -> OutboxRow:
    async with database.transaction() as tx:
        row = await tx.outbox.get(row_id)
    assert row is not None
    return row


async def test_a_promise_is_made_once(database: Database) -> None:
    assert await _promise(database, promise("a"), promise("b", "per")) == ("a", "b")
    assert await _promise(database, promise("c", dedupe_key="key-a"), promise("d", "eli")) == ("d",)
    async with database.transaction() as tx:
        assert [row.id for row in await tx.outbox.of_case(case_id("a"))] == ["a", "b", "d"]
        assert await tx.outbox.promise([]) == ()


async def test_a_thousand_promises_are_made_at_once(database: Database) -> None:
    many = [promise(f"{place:04}", f"person{place}") for place in range(1200)]
    assert len(await _promise(database, *many)) == 1200


async def test_what_is_claimed_is_in_one_hand(database: Database) -> None:
    await _promise(database, promise("a"))
    (row,) = await _claim_rows(database)
    assert (row.state, row.lease_token, row.lease_until_at, row.attempts) == (State.CLAIMED, "me", NOW + LEASE, 1)
    assert await _claim(database, NOW + LEASE - SECOND, "you") == []


async def test_what_is_not_due_waits(database: Database) -> None:
    await _promise(database, promise("a", due_at=NOW + MINUTE))
    assert await _claim(database) == []
    assert await _claim(database, NOW + MINUTE) == ["a"]


async def test_the_acute_goes_first_then_the_oldest(database: Database) -> None:
    await _promise(
        database,
        promise("quiet", "p1", priority=2, created_at=NOW - MINUTE),
        promise("young", "p2", priority=0, created_at=NOW),
        promise("old", "p3", priority=0, created_at=NOW - SECOND),
    )
    assert await _claim(database, limit=2) == ["old", "young"]
    assert await _claim(database) == ["quiet"]


async def test_a_person_gets_one_message_at_a_time_and_in_order(database: Database) -> None:
    await _promise(database, promise("a", created_at=NOW - SECOND), promise("b"), promise("other", "per"))
    assert await _claim(database) == ["a", "other"]
    assert await _claim(database) == []
    await _finish(database, "a")
    assert await _claim(database) == ["b"]


async def test_the_acute_overtakes_what_is_under_way(database: Database) -> None:
    await _promise(database, promise("quiet", priority=2, created_at=NOW - MINUTE), promise("quiet2", priority=2))
    assert await _claim(database) == ["quiet"]
    await _promise(database, promise("acute"))
    assert await _claim(database) == ["acute"]
    assert await _claim(database) == []


async def test_the_same_person_id_at_another_school_is_another_person(database: Database) -> None:
    await _promise(database, promise("a"), promise("b", school_id="rennebu"))
    assert await _claim(database) == ["a", "b"]
    await _promise(database, promise("c", school_id="soknedal"))
    assert await _claim(database) == ["c"]


async def test_a_lease_that_ran_out_gives_the_row_back_as_uncertain(database: Database) -> None:
    await _promise(database, promise("a"), promise("b"))
    await _claim(database)
    (row,) = await _claim_rows(database, NOW + LEASE, "you")
    assert (row.id, row.lease_token, row.attempts, row.uncertain) == ("a", "you", 2, True)
    assert not await _finish(database, "a", "me")
    assert not await _later(database, "a", NOW, "me")
    assert await _finish(database, "a", "you")


async def test_a_late_sender_may_still_finish_while_nobody_else_has_the_row(database: Database) -> None:
    await _promise(database, promise("a"))
    await _claim(database)
    assert await _finish(database, "a")
    assert (await _row(database, "a")).state is State.SENT
    assert not await _finish(database, "a")


async def test_a_finished_row_never_comes_back(database: Database) -> None:
    await _promise(database, promise("a"), promise("b", "per"))
    await _claim(database)
    await _finish(database, "a", state=State.SENT)
    await _finish(database, "b", state=State.CANCELLED)
    assert await _claim(database, NOW + timedelta(days=365)) == []
    row = await _row(database, "b")
    assert (row.state, row.finished_at, row.lease_token, row.lease_until_at) == (State.CANCELLED, NOW, None, None)


async def test_what_is_put_off_comes_when_it_is_time(database: Database) -> None:
    await _promise(database, promise("a"))
    await _claim(database)
    assert await _later(database, "a", NOW + MINUTE)
    assert await _claim(database, NOW + MINUTE - SECOND) == []
    (row,) = await _claim_rows(database, NOW + MINUTE)
    assert (row.attempts, row.uncertain, row.last_error, row.due_at) == (2, False, "ratelimited", NOW)


async def test_once_uncertain_stays_uncertain(database: Database) -> None:
    await _promise(database, promise("a"))
    for uncertain in (True, False):
        await _claim(database)
        await _later(database, "a", NOW, uncertain=uncertain)
    assert (await _row(database, "a")).uncertain


async def test_what_is_put_off_does_not_hold_up_the_next_one(database: Database) -> None:
    await _promise(database, promise("a", created_at=NOW - SECOND), promise("b"))
    await _claim(database)
    await _later(database, "a", NOW + MINUTE)
    assert await _claim(database) == ["b"]
    assert await _claim(database, NOW + MINUTE) == ["a"]  # its time has come, and it is the older one


async def test_the_next_due_is_when_claiming_is_worth_while(database: Database) -> None:
    async def next_due(now: datetime = NOW) -> datetime | None:
        async with database.transaction() as tx:
            return await tx.outbox.next_due(now, LEASE)

    assert await next_due() is None
    await _promise(
        database, promise("a", created_at=NOW - SECOND), promise("b"), promise("c", "per", due_at=NOW + MINUTE)
    )
    assert await next_due() == NOW
    await _claim(database)
    assert await next_due() == NOW + LEASE  # b stands behind a
    await _finish(database, "a")
    assert await next_due() == NOW
    await _claim(database)
    await _finish(database, "b")
    assert await next_due() == NOW + MINUTE


async def test_what_waits_is_counted_from_when_it_was_due_by_priority(database: Database) -> None:
    async def waiting(now: datetime) -> Waiting:
        async with database.transaction() as tx:
            return await tx.outbox.waiting(now)

    await _promise(database, promise("later", created_at=NOW - 60 * MINUTE, due_at=NOW + MINUTE))
    assert await waiting(NOW) == Waiting({}, 0, 0)
    await _promise(database, promise("a", "per"))
    await _claim(database)
    await _later(database, "a", NOW + 10 * MINUTE)
    found = await waiting(NOW + SECOND)
    assert list(found.oldest.values()) == [NOW]
    assert (found.count, found.uncertain) == (1, 0)
    await _promise(database, promise("b", "eva", priority=0))
    found = await waiting(NOW + 2 * MINUTE)
    assert found.oldest[0] == NOW
    assert found.count == 3


async def test_old_finished_rows_are_forgotten_and_no_others(database: Database) -> None:
    await _promise(database, promise("a"), promise("b", "per"))
    await _claim(database, limit=1)
    await _finish(database, "a")
    async with database.transaction() as tx:
        assert await tx.outbox.prune(NOW) == 0
        assert await tx.outbox.prune(NOW + SECOND) == 1
        assert await tx.outbox.get("b") is not None


@pytest.mark.parametrize("replicas", [1, 2])
async def test_two_senders_never_have_the_same_row_or_person(
    postgresql_database: tuple[Database, Database], replicas: int
) -> None:
    databases = postgresql_database[:replicas]
    for batch in range(5):
        await _promise(
            databases[0],
            *(promise(f"{batch}-{place:03}", f"{batch}-person{place % 40}") for place in range(120)),
        )
        claims = [_claim_rows(databases[place % replicas], by=f"{batch}-{place}", limit=7) for place in range(8)]
        rows = [row for claimed in await asyncio.gather(*claims) for row in claimed]
        assert len(rows) == 40
        assert len({row.id for row in rows}) == 40
        assert len({row.person_id for row in rows}) == 40


async def test_two_tasks_share_out_the_rows(database: Database) -> None:
    await _promise(database, *(promise(f"{place:02}", f"person{place}") for place in range(20)))
    claimed = await asyncio.gather(*(_claim(database, by=f"{place}", limit=5) for place in range(5)))
    assert sorted(row for batch in claimed for row in batch) == [f"{place:02}" for place in range(20)]


async def test_a_lease_from_before_the_clock_was_set_back_holds_up_nobody(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.outbox.promise([promise("a"), promise("b")])
    later = NOW + timedelta(hours=1)
    assert await _claim(database, later, limit=1)
    rows = await _claim_rows(database, NOW + MINUTE, "other", 10, LEASE)
    assert [row.uncertain for row in rows] == [True]


async def test_a_claim_that_has_waited_for_its_turn_takes_nothing_from_another(database: Database) -> None:
    """Its instant was read before the other one's: the other's lease ends later than any that it could give itself."""
    await _promise(database, promise("a"))
    assert await _claim(database, NOW + SECOND, by="other") == ["a"]
    assert await _claim(database, NOW, by="late") == []
    assert await _claim(database, NOW - MINUTE, by="a clock that is behind") == []


@pytest.mark.parametrize("apart", [timedelta(minutes=2), timedelta(hours=2), -timedelta(hours=2)])
async def test_replicas_with_clocks_apart_take_nothing_from_each_other(
    postgresql_database: tuple[Database, Database], apart: timedelta
) -> None:
    one, other = postgresql_database
    await _set_clock(one, NOW)
    await _promise(one, promise("a", due_at=NOW - 3 * timedelta(hours=1)), promise("b"))
    assert [row.id for row in await _claim_as_it_is(one, NOW, "one", limit=1)] == ["a"]
    assert await _claim_as_it_is(other, NOW + apart, "other") == ()
    async with other.transaction() as tx:
        assert await tx.outbox.next_due(NOW + apart, LEASE) == NOW + apart + LEASE
    await _set_clock(one, NOW + LEASE)
    assert [row.id for row in await _claim_as_it_is(other, NOW + apart, "other")] == ["a"]


async def test_what_waits_for_a_person_is_taken_back_and_nothing_else(database: Database) -> None:
    await _promise(database, promise("uncertain", kind="tasks"))
    await _claim(database)
    await _later(database, "uncertain", NOW + MINUTE, uncertain=True)
    await _promise(database, promise("under way", kind="tasks"))
    await _claim(database)
    await _promise(database, *(promise(name, kind="tasks") for name in ("waits", "newest")))
    await _promise(database, promise("late", kind="late_tasks"), promise("of another", "eva", kind="tasks"))
    await _promise(database, promise("elsewhere", kind="tasks", school_id="soknedal"))
    async with database.transaction() as tx:
        assert await tx.outbox.take_back(SCHOOL, "ola", "tasks", NOW, but="key-newest") == ("waits",)
    row = await _row(database, "waits")
    assert (row.state, row.finished_at) == (State.CANCELLED, NOW)


async def _stands_in(database: Database, new: Promise, now: datetime = NOW) -> bool:
    async with database.transaction() as tx:
        return await tx.outbox.stands_in(new, now, MINUTE)


async def test_what_waits_stands_for_a_new_promise_and_is_as_urgent_and_tried_at_once(database: Database) -> None:
    await _promise(database, promise("a", priority=1))
    assert await _claim(database) == ["a"]
    assert await _later(database, "a", NOW + MINUTE)
    assert await _stands_in(database, promise("b", priority=0))
    row = await _row(database, "a")
    assert (row.priority, row.not_before_at, row.mailed_at) == (0, NOW, None)
    assert await _stands_in(database, promise("b", priority=1))
    assert (await _row(database, "a")).priority == 0, "it never gets less urgent"


async def test_what_may_stand_there_already_or_is_paused_for_longer_is_not_hurried(database: Database) -> None:
    await _promise(database, promise("a"))
    await _claim(database)
    await _later(database, "a", NOW + SECOND * 15, uncertain=True)
    assert await _stands_in(database, promise("b"))
    assert (await _row(database, "a")).not_before_at == NOW + SECOND * 15
    await _claim(database, NOW + SECOND * 15)
    await _later(database, "a", NOW + 10 * MINUTE)
    assert await _stands_in(database, promise("b"), NOW + SECOND * 15)
    assert (await _row(database, "a")).not_before_at == NOW + 10 * MINUTE


async def test_nothing_else_stands_for_a_promise(database: Database) -> None:
    await _promise(database, promise("a"))
    for other in (
        promise("b", "arne"),
        promise("b", kind="status"),
        promise("b", case_id=case_id("another")),
    ):
        assert not await _stands_in(database, other)
    await _claim(database)
    assert not await _stands_in(database, promise("b")), "it is being sent"
    await _finish(database, "a")
    assert not await _stands_in(database, promise("b"))


async def test_what_hangs_for_many_holds_up_nobodys_first_try(database: Database) -> None:
    hang = [promise(f"h{number}", f"h{number}") for number in range(4)]
    await _promise(database, *hang)
    for row in await _claim_rows(database):
        await _later(database, row.id, NOW + SECOND, uncertain=True)
    await _promise(database, promise("new", "kari", created_at=NOW + SECOND, due_at=NOW + SECOND))
    assert await _claim(database, NOW + 2 * SECOND, limit=1) == ["new"]


async def test_an_e_mail_is_due_for_what_is_urgent_new_and_open_and_goes_out_once(database: Database) -> None:
    urgent = promise("acute", "p1", priority=0), promise("of_the_kind", "p2", kind="alert", priority=1)
    edit, later = promise("edit", "p3", message_id="m"), promise("later", "p4", due_at=NOW + SECOND)
    sent, calm = promise("sent", "p5", priority=0), promise("calm", "p6", kind="status", priority=1)
    await _promise(database, *urgent, edit, later, sent, calm)
    await _claim(database, limit=20)
    await _finish(database, "sent")
    await _later(database, "acute", NOW + 60 * MINUTE)
    async with database.transaction() as tx:
        assert [row.id for row in await tx.outbox.to_be_mailed(NOW, "alert")] == ["acute", "of_the_kind"]
        assert await tx.outbox.note_mailed("acute", NOW)
        assert not await tx.outbox.note_mailed("acute", NOW + SECOND)
        assert not await tx.outbox.note_mailed("sent", NOW)
        await tx.outbox.forget_mailed("acute", NOW + SECOND)
        assert [row.id for row in await tx.outbox.to_be_mailed(NOW, "alert")] == ["of_the_kind"]
        await tx.outbox.forget_mailed("acute", NOW)
        assert [row.id for row in await tx.outbox.to_be_mailed(NOW, "alert")] == ["acute", "of_the_kind"]
