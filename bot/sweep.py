"""Looking for what is due, again and again: one look at a time, and none that is asked for is dropped."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

log = logging.getLogger("rusplan.scheduler")


class Sweep:
    """`look` does all that is due now, `next_due` says when something is due next; what takes longer is ended."""

    def __init__(
        self,
        failed: str,
        within: timedelta,
        look: Callable[[], Awaitable[object]],
        next_due: Callable[[], Awaitable[datetime | None]],
    ) -> None:
        self._failed, self._within = failed, within
        self._look, self._next_due = look, next_due
        self._lock = asyncio.Lock()
        self._must_look = False
        self.went_well_at = self.ended_at = time.monotonic()

    async def run(self) -> datetime | None:
        """Look once, and once more for whoever has asked meanwhile; return when to look next, if that is known."""
        self._must_look = True
        next_due = None
        if self._lock.locked():
            return next_due
        async with self._lock:
            while self._must_look:
                self._must_look = False
                next_due = await self._once()
                self.ended_at = time.monotonic()
        return next_due

    async def _once(self) -> datetime | None:
        try:
            async with asyncio.timeout(self._within.total_seconds()):
                await self._look()
                next_due = await self._next_due()
        except Exception:
            log.exception(self._failed)
            return None
        self.went_well_at = time.monotonic()
        return next_due
