"""Which deliveries may be taken into somebody's hands now, and which of them first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal_column, or_, select

from storage.deliveries import ACUTE, State
from storage.tables import DELIVERY_IS_OPEN, outbox

LONGEST_BELIEVED = 10  # leases


@dataclass(frozen=True, slots=True)
class Hold:
    """By which clock a delivery is held, and for how long."""

    clock: ColumnElement[datetime]
    lease: timedelta

    def runs(self, until: ColumnElement[Any]) -> ColumnElement[bool]:
        """Say whether a lease still runs; one that runs far longer than any was given before the clock was set back.

        Not a little longer: on SQLite `now` was read before the claim has waited for its turn.
        """
        return and_(until > self.clock, until <= self.clock + LONGEST_BELIEVED * self.lease)


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast goes out what can wait, from all replicas together: so many at once, and then one in each such time."""

    burst: int
    each: timedelta

    def room(self, used_until: datetime | None, now: datetime) -> int:
        """Return how many may begin now; `used_until` is what `used` returned last."""
        return (self._furthest(now) - self._since(used_until, now)) // self.each

    def used(self, used_until: datetime | None, now: datetime, count: int) -> datetime:
        """Return until when the pace is used up if so many begin now."""
        return self._since(used_until, now) + count * self.each

    def _since(self, used_until: datetime | None, now: datetime) -> datetime:
        """Return from when on it is free; what is further ahead than a burst is from before the clock was set back."""
        return max(now, used_until) if used_until and used_until <= self._furthest(now) else now

    def _furthest(self, now: datetime) -> datetime:
        return now + self.burst * self.each


def is_free(now: ColumnElement[datetime], hold: Hold) -> ColumnElement[bool]:
    """Return the condition that a delivery is due and in nobody's hands."""
    due = and_(outbox.c.state == State.PENDING.value, outbox.c.not_before_at <= now)
    abandoned = and_(outbox.c.state == State.CLAIMED.value, ~hold.runs(outbox.c.lease_until_at))
    return and_(DELIVERY_IS_OPEN, or_(due, abandoned))


_OTHER = outbox.alias("other")
_HOLDS_UP = and_(
    literal_column("other.state IN ('pending', 'claimed')"),
    _OTHER.c.school_id == outbox.c.school_id,
    _OTHER.c.person_id == outbox.c.person_id,
    _OTHER.c.id != outbox.c.id,
    _OTHER.c.state == State.CLAIMED.value,
    _OTHER.c.priority <= outbox.c.priority,
)


def is_blocked(hold: Hold) -> ColumnElement[bool]:
    """Return the condition that something as urgent is on its way to the same person."""
    return exists().where(_HOLDS_UP, hold.runs(_OTHER.c.lease_until_at))


def first_of_each_person(
    now: ColumnElement[datetime], hold: Hold, most: ColumnElement[int], others: ColumnElement[int]
) -> Select[tuple[str]]:
    """Return the ids of what goes out next, at most `most`, of which `others` may be not acute."""
    order = (outbox.c.priority, outbox.c.created_at, outbox.c.id)
    was_tried = case((outbox.c.attempts > 0, 1), else_=0)  # what hangs for many holds up nobody's first try
    place = func.row_number().over(partition_by=(outbox.c.school_id, outbox.c.person_id), order_by=order)
    free = select(
        outbox.c.id, outbox.c.priority, outbox.c.created_at, was_tried.label("was_tried"), place.label("place")
    )
    ranked = free.where(is_free(now, hold), ~is_blocked(hold)).subquery("ranked")
    in_order = (ranked.c.priority, ranked.c.was_tried, ranked.c.created_at, ranked.c.id)
    is_acute = ranked.c.priority == ACUTE
    line = func.row_number().over(partition_by=is_acute, order_by=in_order)
    first = select(*in_order, line.label("line")).where(ranked.c.place == 1).subquery("first")
    chosen = select(first.c.id).where(or_(first.c.priority == ACUTE, first.c.line <= others))
    return chosen.order_by(first.c.priority, first.c.was_tried, first.c.created_at, first.c.id).limit(most)
