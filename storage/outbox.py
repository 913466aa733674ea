"""The promised messages and who is sending which; what one says is composed when it is sent, from the case's state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from storage.claims import Hold, Rate, first_of_each_person, is_blocked, is_free
from storage.connection import Connection, shared_clock
from storage.deliveries import ACUTE, OutboxRow, Promise, State
from storage.pings import Ping
from storage.tables import DELIVERY_IS_OPEN, TO_BE_SWEPT, outbox, pings

_ONE_CLAIM_AT_A_TIME = 0x72757370_6C616E02  # "rusplan": an advisory lock is only a number


@dataclass(frozen=True, slots=True)
class Waiting:
    """What should be out and isn't; `oldest`: since when, by priority."""

    oldest: Mapping[int, datetime]
    count: int
    uncertain: int


_IS_PENDING = and_(DELIVERY_IS_OPEN, outbox.c.state == State.PENDING.value)  # the first: as the index says it


class Outbox:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def promise(self, promises: Sequence[Promise]) -> tuple[str, ...]:
        """Promise messages; return the ids of those that weren't promised before."""
        if not promises:
            return ()
        statement = self._connection.insert(outbox).on_conflict_do_nothing(index_elements=["dedupe_key"])
        rows = [_promised(promise) for promise in promises]
        fresh = await self._connection.rows(statement.returning(outbox.c.id), rows)
        self._connection.must_call |= bool(fresh)
        return tuple(row.id for row in fresh)

    async def take_back(
        self, school_id: str, person_id: str, kind: str, now: datetime, *, but: str = ""
    ) -> tuple[str, ...]:
        """Cancel what waits for a person of a kind, but for what has this key; return the ids.

        What may stand in the chat already is left to whoever looks for it there.
        """
        waits = and_(
            _IS_PENDING,
            outbox.c.school_id == school_id,
            outbox.c.person_id == person_id,
            outbox.c.kind == kind,
            ~outbox.c.uncertain,
            outbox.c.dedupe_key != but,
        )
        gone = update(outbox).where(waits).values(state=State.CANCELLED.value, finished_at=now)
        return tuple(row.id for row in await self._connection.rows(gone.returning(outbox.c.id)))

    async def claim(
        self, now: datetime, token: str, lease: timedelta, limit: int, *, others: int, rate: Rate | None = None
    ) -> tuple[OutboxRow, ...]:
        """Take what is due and not in anybody's hands, the most urgent first; to be a transaction of its own.

        At most `limit` rows, of which `others` may be not acute, and no more than `rate` allows of those.
        One message per person at a time, so that they come in order; only a more urgent one may overtake. What comes
        back from a lease that ran out is uncertain: its sender may have died after sending. Leases go by the clock
        that all share: a replica whose own one is ahead would take from the others what they are sending.
        """
        if not self._connection.is_sqlite:
            # two claims at the same moment would each see the other's person as free
            await self._connection.run(select(func.pg_advisory_xact_lock(_ONE_CLAIM_AT_A_TIME)))
        (pace,) = await self._connection.rows(_pace(is_sqlite=self._connection.is_sqlite), {"now": now})
        room = rate.room(pace.used_until, pace.clock) if rate else others
        values = {"now": now, "token": token, "most": limit, "others": min(others, room)}
        rows = await self._connection.rows(_claim(lease, is_sqlite=self._connection.is_sqlite), values)
        claimed = [_delivery(row) for row in rows]
        begun = sum(row.priority != ACUTE for row in claimed)
        if rate and begun:
            used_until = rate.used(pace.used_until, pace.clock, begun)
            await self._connection.put(pings, {"id": Ping.PACE.value, "at": used_until})
        return tuple(sorted(claimed, key=lambda one: (one.priority, one.created_at, one.id)))

    async def give_back(self, rate: Rate) -> None:
        """Note that one that had begun was not taken for want of room: it has used up none of the pace."""
        pace = update(pings).where(pings.c.id == Ping.PACE.value)
        await self._connection.run(pace.values(at=pings.c.at - rate.each))

    async def finish(self, delivery_id: str, token: str, now: datetime, state: State) -> bool:
        """Note that a delivery is sent or moot; False if the lease has gone to somebody else meanwhile."""
        values = {"state": state.value, "finished_at": now, "lease_until_at": None, "lease_token": None}
        held = _is_held(delivery_id, token)
        return await self._connection.hits(update(outbox).where(held).values(**values)) == 1

    async def retry_later(
        self, delivery_id: str, token: str, not_before: datetime, *, uncertain: bool, error: str, is_late: bool = True
    ) -> bool:
        """Give a delivery back for a later attempt; False if the lease has gone to somebody else meanwhile.

        `error` is a code. Once uncertain stays uncertain: a refusal now says nothing of the attempt before. What is
        not late is due no sooner than that attempt: until then nobody misses it.
        """
        values = {
            "state": State.PENDING.value,
            "not_before_at": not_before,
            "due_at": outbox.c.due_at if is_late else literal(not_before, outbox.c.due_at.type),
            "uncertain": true() if uncertain else outbox.c.uncertain,
            "lease_until_at": None,
            "lease_token": None,
            "last_error": error,
        }
        held = _is_held(delivery_id, token)
        return await self._connection.hits(update(outbox).where(held).values(**values)) == 1

    async def hurry(self, school_id: str, person_id: str, now: datetime) -> int:
        """Let what waits for a person be tried now: there is an account that may take it; return how many.

        Not what may stand in the chat already: its history may lag behind.
        """
        waits = and_(
            _IS_PENDING,
            outbox.c.school_id == school_id,
            outbox.c.person_id == person_id,
            outbox.c.not_before_at > now,
            outbox.c.attempts > 0,
            ~outbox.c.uncertain,
        )
        found = await self._connection.hits(update(outbox).where(waits).values(not_before_at=now))
        self._connection.must_call |= found > 0
        return found

    async def set_right(self, now: datetime, furthest: timedelta) -> int:
        """Let what a clock that was wrong has promised, or put off, too far ahead be tried now; return how many."""
        put_off = and_(outbox.c.attempts > 0, outbox.c.not_before_at > now + furthest)
        wrong = and_(_IS_PENDING, or_(outbox.c.created_at > now + furthest, put_off))
        at = literal(now, outbox.c.due_at.type)
        since = {name: case((outbox.c[name] > now, at), else_=outbox.c[name]) for name in ("created_at", "due_at")}
        return await self._connection.hits(update(outbox).where(wrong).values(not_before_at=now, **since))

    async def stands_in(self, promise: Promise, now: datetime, longest_pause: timedelta) -> bool:
        """Let what waits for the same person, of the same kind and about the same case, stand for a new promise.

        Return whether anything does. It is as urgent as the new one from now on, is tried now, and an e-mail may go
        out for it again; but what may stand in the chat already waits on, and what is paused for longer than that and
        no more urgent than before.
        """
        waits = and_(
            _IS_PENDING,
            outbox.c.case_id == promise.case_id,
            outbox.c.person_id == promise.person_id,
            outbox.c.kind == promise.kind,
        )
        is_paused = and_(outbox.c.not_before_at > now + longest_pause, outbox.c.priority <= promise.priority)
        is_to_wait = or_(outbox.c.uncertain, is_paused)
        values = {
            "not_before_at": case(
                (is_to_wait, outbox.c.not_before_at), else_=literal(now, outbox.c.not_before_at.type)
            ),
            "priority": case((outbox.c.priority > promise.priority, promise.priority), else_=outbox.c.priority),
            "mailed_at": None,
        }
        found = await self._connection.hits(update(outbox).where(waits).values(**values)) > 0
        self._connection.must_call |= found
        return found

    async def to_sweep(self, now: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """Return the finished deliveries of which a second copy may have come up."""
        due = select(outbox).where(TO_BE_SWEPT, outbox.c.sweep_at <= now).order_by(outbox.c.sweep_at).limit(limit)
        return tuple(_delivery(row) for row in await self._connection.rows(due))

    async def sweep_again(self, delivery_id: str, at: datetime | None) -> None:
        """Let a delivery be looked at again at an instant, or never more."""
        await self._connection.run(update(outbox).where(outbox.c.id == delivery_id).values(sweep_at=at))

    async def to_be_mailed(self, before: datetime, kind: str) -> tuple[OutboxRow, ...]:
        """Return the new messages of a kind, or acute, due before an instant, that are neither sent nor mailed."""
        is_urgent = or_(outbox.c.kind == kind, outbox.c.priority == ACUTE)
        waits = and_(DELIVERY_IS_OPEN, is_urgent, outbox.c.due_at <= before, outbox.c.message_id.is_(None))
        due = select(outbox).where(waits, outbox.c.mailed_at.is_(None)).order_by(outbox.c.due_at, outbox.c.id)
        return tuple(_delivery(row) for row in await self._connection.rows(due))

    async def note_mailed(self, delivery_id: str, at: datetime) -> bool:
        """Note that an e-mail goes out for a delivery; False if one has, or it is out of everybody's hands."""
        first = and_(outbox.c.id == delivery_id, DELIVERY_IS_OPEN, outbox.c.mailed_at.is_(None))
        return await self._connection.hits(update(outbox).where(first).values(mailed_at=at)) == 1

    async def forget_mailed(self, delivery_id: str, at: datetime) -> None:
        """Note that no e-mail went out after all."""
        this = and_(outbox.c.id == delivery_id, outbox.c.mailed_at == at)
        await self._connection.run(update(outbox).where(this).values(mailed_at=None))

    async def next_due(self, now: datetime, lease: timedelta) -> datetime | None:
        """Return when `claim` may find something: an instant that is past already means now."""
        waiting = _waiting(lease, is_sqlite=self._connection.is_sqlite)
        (row,) = await self._connection.rows(waiting, {"now": now})
        runs_out_at = row.run_out and now + (row.run_out - row.clock)
        return min((at for at in (row.put_off, runs_out_at) if at), default=None)

    async def is_overtaken(self, row: OutboxRow) -> bool:
        """Say whether another promise waits to change the same message: whatever this one shows, that one shows too."""
        other = and_(
            _IS_PENDING,
            outbox.c.school_id == row.school_id,
            outbox.c.person_id == row.person_id,
            outbox.c.message_id == row.message_id,
            outbox.c.created_at >= row.created_at,
            outbox.c.id != row.id,
        )
        return await self._connection.value(select(exists().where(other))) or False

    async def waiting(self, now: datetime) -> Waiting:
        """Return what should be out and isn't: since when for each priority, and how many."""
        overdue = and_(DELIVERY_IS_OPEN, outbox.c.due_at <= now)
        uncertain = func.sum(case((outbox.c.uncertain, 1), else_=0))
        rows = await self._connection.rows(
            select(
                outbox.c.priority,
                func.min(outbox.c.due_at, type_=outbox.c.due_at.type).label("oldest"),
                func.count().label("number"),
                uncertain.label("uncertain"),
            )
            .where(overdue)
            .group_by(outbox.c.priority)
        )
        return Waiting(
            {row.priority: row.oldest for row in rows},
            sum(row.number for row in rows),
            sum(row.uncertain for row in rows),
        )

    async def waited_for(self, school_id: str, before: datetime, *, acute: bool = False) -> frozenset[str]:
        """Return for whom of a school anything, or anything acute, should have been out before an instant and isn't."""
        overdue = and_(DELIVERY_IS_OPEN, outbox.c.school_id == school_id, outbox.c.due_at < before)
        if acute:
            overdue = and_(overdue, outbox.c.priority == ACUTE)
        rows = await self._connection.rows(select(outbox.c.person_id).distinct().where(overdue))
        return frozenset(row.person_id for row in rows)

    async def unheard(self, school_ids: Sequence[str], before: datetime, kind: str) -> bool:
        """Say whether of a case an acute message of a kind should be out since before an instant, and none ever was."""
        heard = outbox.alias("heard")
        has_come = exists().where(
            heard.c.case_id == outbox.c.case_id, heard.c.kind == kind, heard.c.state == State.SENT.value
        )
        overdue = and_(DELIVERY_IS_OPEN, outbox.c.due_at < before, outbox.c.school_id.in_(school_ids))
        unheard = exists().where(overdue, outbox.c.kind == kind, outbox.c.priority == ACUTE, ~has_come)
        return await self._connection.value(select(unheard)) or False

    async def get(self, delivery_id: str) -> OutboxRow | None:
        row = await self._connection.row(select(outbox).where(outbox.c.id == delivery_id))
        return _delivery(row) if row else None

    async def of_case(self, case_id: str) -> tuple[OutboxRow, ...]:
        """Return a case's deliveries in the order they were promised."""
        in_order = select(outbox).where(outbox.c.case_id == case_id).order_by(outbox.c.created_at, outbox.c.id)
        return tuple(_delivery(row) for row in await self._connection.rows(in_order))

    async def prune(self, before: datetime) -> int:
        """Forget deliveries that were finished before an instant; return how many.

        Their dedupe keys are forgotten with them: `before` must be further back than anything is promised again.
        """
        return await self._connection.hits(delete(outbox).where(outbox.c.finished_at < before))


_NOW = bindparam("now", type_=outbox.c.due_at.type)


@cache
def _pace(*, is_sqlite: bool) -> Executable:
    """Return the statement that reads until when the pace is used up, and the time that all go by."""
    used_until = select(pings.c.at).where(pings.c.id == Ping.PACE.value).scalar_subquery()
    return select(used_until.label("used_until"), shared_clock(_NOW, is_sqlite=is_sqlite).label("clock"))


@cache
def _claim(lease: timedelta, *, is_sqlite: bool) -> Executable:
    """Return the statement that takes deliveries: to put it together takes longer than to run it."""
    hold = Hold(shared_clock(_NOW, is_sqlite=is_sqlite), lease)
    first = first_of_each_person(_NOW, hold, bindparam("most", type_=Integer), bindparam("others", type_=Integer))
    chosen = select(outbox.c.id).where(outbox.c.id.in_(first))
    return (
        update(outbox)
        .where(outbox.c.id.in_(chosen.with_for_update(skip_locked=True)), is_free(_NOW, hold))
        .values(
            state=State.CLAIMED.value,
            attempts=outbox.c.attempts + 1,
            uncertain=case((outbox.c.state == State.CLAIMED.value, true()), else_=outbox.c.uncertain),
            lease_until_at=hold.clock + lease,
            lease_token=bindparam("token"),
        )
        .returning(outbox)
    )


@cache
def _waiting(lease: timedelta, *, is_sqlite: bool) -> Executable:
    """Return the statement that finds out when the next delivery is due, and when the next lease runs out."""
    hold = Hold(shared_clock(_NOW, is_sqlite=is_sqlite), lease)
    is_claimed = outbox.c.state == State.CLAIMED.value
    put_off = func.min(case((~is_claimed, outbox.c.not_before_at)), type_=_NOW.type)
    run_out = func.min(case((is_claimed, outbox.c.lease_until_at)), type_=_NOW.type)
    found = select(put_off.label("put_off"), run_out.label("run_out"), hold.clock.label("clock"))
    return found.where(DELIVERY_IS_OPEN, or_(is_claimed, ~is_blocked(hold)))


def _promised(promise: Promise) -> dict[str, object]:
    return {
        **asdict(promise),
        "state": State.PENDING.value,
        "attempts": 0,
        "uncertain": False,
        "not_before_at": promise.due_at,
    }


def _is_held(delivery_id: str, token: str) -> ColumnElement[bool]:
    return and_(outbox.c.id == delivery_id, outbox.c.lease_token == token, outbox.c.state == State.CLAIMED.value)


def _delivery(row: Row[Any]) -> OutboxRow:
    return OutboxRow(**{**row._asdict(), "state": State(row.state)})
