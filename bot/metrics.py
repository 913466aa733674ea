"""What is counted, for Prometheus: how long things take and how often they happen; no id and no name in any label."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.log import OWN
from storage.database import Database
from storage.deliveries import ACUTE

__all__ = ["CONTENT_TYPE_LATEST", "Metrics"]

_ACUTE, _ORDINARY = "acute", "ordinary"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)
_LATENESS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)


class Metrics:
    """The figures of one process. What rows can tell is read from them when somebody asks."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._turns = Histogram(
            "rusplan_turn_seconds",
            "How long an act takes until its answer",
            ["platform"],
            registry=registry,
            buckets=_SECONDS,
        )
        self._deliveries = Histogram(
            "rusplan_delivery_seconds",
            "How long after it was due a message was taken by its platform",
            ["urgency"],
            registry=registry,
            buckets=_LATENESS,
        )
        self._events = Counter(
            "rusplan_events", "What the log tells of, by the event's name", ["event", "level"], registry=registry
        )
        self._oldest = Gauge(
            "rusplan_outbox_oldest_pending_seconds", "Age of the oldest message that should be out", ["urgency"],
            registry=registry,
        )  # fmt: skip
        self._pending = Gauge("rusplan_outbox_pending", "Messages that should be out", registry=registry)
        self._uncertain = Gauge(
            "rusplan_outbox_uncertain", "Messages of which nobody knows whether they arrived", registry=registry
        )
        self._late = Gauge(
            "rusplan_timer_lateness_seconds", "How long the most overdue timer has been due", registry=registry
        )
        self._open = Gauge("rusplan_open_cases", "Cases that aren't closed", registry=registry)
        self._drills = Gauge("rusplan_open_drills", "Drills under way: no case among them is real", registry=registry)
        self._tick_age = Gauge("rusplan_tick_age_seconds", "Time since the last good sweep", registry=registry)
        self._reminding_age = Gauge(
            "rusplan_reminding_age_seconds", "Time since the last good look for reminders", registry=registry
        )

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count our own log lines by their event, which is a name and never somebody's words."""
        own, counter = logging.getLogger(OWN), _CountEvents(self._events)
        own.addHandler(counter)
        try:
            yield
        finally:
            own.removeHandler(counter)

    @contextmanager
    def turn(self, platform: str) -> Iterator[None]:
        """Take the time of an act."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self._turns.labels(platform).observe(time.perf_counter() - start)

    def delivered(self, priority: int, late: timedelta) -> None:
        """Note how long after its time a message was taken by its platform."""
        self._deliveries.labels(_urgency(priority)).observe(max(0.0, late.total_seconds()))

    async def page(self, database: Database, now: datetime, tick_age: timedelta, reminding_age: timedelta) -> bytes:
        """Return everything in Prometheus' words, with what the rows say now."""
        self._tick_age.set(tick_age.total_seconds())
        self._reminding_age.set(reminding_age.total_seconds())
        async with database.snapshot() as tx:
            waiting = await tx.outbox.waiting(now)
            due = await tx.timers.due_since()
            self._open.set(await tx.cases.count_open())
            self._drills.set(await tx.cases.count_drills())
        for urgency in (_ACUTE, _ORDINARY):
            since = [at for priority, at in waiting.oldest.items() if _urgency(priority) == urgency]
            self._oldest.labels(urgency).set(_age(min(since, default=None), now))
        self._pending.set(waiting.count)
        self._uncertain.set(waiting.uncertain)
        self._late.set(_age(due, now))
        return generate_latest(self._registry)


class _CountEvents(logging.Handler):
    def __init__(self, events: Counter) -> None:
        super().__init__()
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        self._events.labels(record.getMessage(), record.levelname.lower()).inc()


def _urgency(priority: int) -> str:
    return _ACUTE if priority == ACUTE else _ORDINARY


def _age(at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at else 0.0
