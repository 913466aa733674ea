"""Ends a program that no longer does its work, so that whoever runs it starts it again; nothing is lost by that.

A thread of its own, since what it watches for is a loop that runs nothing more. A database that is away is no reason:
a program that is there can say so to a teacher, one that isn't can't.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from bot.exits import STUCK

LOOK = timedelta(seconds=1)
LONGEST_STALL = timedelta(seconds=10)  # of the loop
LONGEST_SILENCE = timedelta(seconds=60)  # between two sweeps that came to an end, well or not
LONGEST_REMINDING = timedelta(minutes=10)  # the same of the year's, of which one may take minutes
LAST_WORDS = timedelta(seconds=1)

log = logging.getLogger("rusplan.watchdog")


class Watchdog:
    """Looks every second; `swept_at`, `reminded_at`: the monotonic time at which such a sweep last came to an end."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        swept_at: Callable[[], float],
        reminded_at: Callable[[], float],
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._loop, self._swept_at, self._reminded_at, self._end = loop, swept_at, reminded_at, end
        self._is_over = threading.Event()
        self._beat_at = self._looked_at = self._since = time.monotonic()

    def watch(self) -> None:
        """Look until `stop`; end the program as soon as something is stuck."""
        while not self._is_over.wait(LOOK.total_seconds()):
            if stuck := self._stuck(time.monotonic()):
                # in yet another thread: the lock of the log may be among what is stuck
                threading.Thread(target=log.critical, args=(stuck,), daemon=True).start()
                self._is_over.wait(LAST_WORDS.total_seconds())
                self._end(STUCK)
                return

    def stop(self) -> None:
        self._is_over.set()

    def _stuck(self, now: float) -> str:
        """Return what is stuck, as the log says it; empty where nothing is."""
        if now - self._looked_at > 3 * LOOK.total_seconds():  # the whole machine stood still, this thread as well
            self._beat_at = self._since = now
        self._looked_at = now
        if now - self._beat_at > LONGEST_STALL.total_seconds():
            return "loop_stuck"
        if now - max(self._swept_at(), self._since) > LONGEST_SILENCE.total_seconds():
            return "sweep_stuck"
        if now - max(self._reminded_at(), self._since) > LONGEST_REMINDING.total_seconds():
            return "reminding_stuck"
        self._loop.call_soon_threadsafe(self._beat)
        return ""

    def _beat(self) -> None:
        self._beat_at = time.monotonic()


@contextmanager
def watched(swept_at: Callable[[], float], reminded_at: Callable[[], float]) -> Iterator[None]:
    """Let the running loop be watched as long as the block lasts."""
    watchdog = Watchdog(asyncio.get_running_loop(), swept_at, reminded_at)
    threading.Thread(target=watchdog.watch, name="watchdog", daemon=True).start()
    try:
        yield
    finally:
        watchdog.stop()
