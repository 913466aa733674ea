"""The program's time at many times its speed, never while it waits for an answer: that would hold up the network."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Generic

from tests.torture.clockwork import Clockwork
from tests.torture.edge import Work, edge_of
from tests.torture.story import NeverCame, pending
from tests.torture.weather import Weather

STEP = 4.0  # seconds that the clock is moved on by
BEAT = 0.15  # true seconds between two steps
SHOWN_WITHIN = 20.0  # true seconds, of what somebody asks for
SETTLED = 0.3  # true seconds in which what somebody has done is answered


class Hurry(Generic[Work]):
    def __init__(self, work: Work) -> None:
        self.work, self.edge = work, edge_of(work)
        self.clock = Clockwork(work.folder, self.edge.clock)
        self.weather = Weather.over(self.edge)

    async def starts(self) -> bool:
        """Start the program; say whether it came up, which on a machine with too much other work to do it may not."""
        try:
            await self.work.starts(**self.clock.environment)
        except TimeoutError:
            assert self.work.newest
            self.work.newest.kill()
            await self.work.newest.wait()
            return False
        return True

    async def shows(self, seen: Callable[[], object]) -> bool:
        """Say whether something is seen while the clock is left alone."""
        end = time.monotonic() + SHOWN_WITHIN
        while not seen() and time.monotonic() < end:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        return bool(seen())

    async def until(self, seen: Callable[[], object], what: str, *, most: float = 900.0) -> None:
        """Let time pass until something is seen; raise `NeverCame` after so many seconds of the program's time."""
        end = self.clock.now() + most
        while not seen():
            if self.clock.now() > end:
                raise NeverCame(what)
            await self.beats()

    async def beats(self) -> None:
        """Move the clock one step on, unless the program waits for an answer, and let it look at it."""
        if not self.weather.is_busy:
            self.clock.forward(STEP)
            await self.nudges()
        await asyncio.sleep(BEAT)

    async def settles(self) -> None:
        """Let everything that is promised get out, also what comes of it."""
        end = self.clock.now() + 900
        while not await self._is_settled():
            if self.clock.now() > end:
                raise NeverCame("an end of what was promised")
            await self.beats()

    async def _is_settled(self) -> bool:
        """Say whether nothing is to be sent, and nothing comes up for a moment in which the clock is left alone."""
        for _ in range(2):
            if self.weather.is_busy or await pending(self.work.bot) != 0:
                return False
            await asyncio.sleep(BEAT)
        return True

    async def jumps(self, seconds: float, seen: Callable[[], object], within: float) -> None:
        """Move the clock on at once, and wait so many true seconds for what is to be seen then."""
        self.clock.forward(seconds)
        end = time.monotonic() + within
        while not seen() and time.monotonic() < end:
            await self.nudges()
            await asyncio.sleep(0.5)

    async def nudges(self) -> None:
        """Let the program look whether anything is due."""
        assert await self.edge.nudge()
