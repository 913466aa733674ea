"""What goes on after an act has been answered, and which acts have been: the same on every platform."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, TypeVar

FINISH_WITHIN = 5.0  # seconds, for what is still being shown when the program stops
MOST_SEEN = 1000  # deliveries that are remembered, so that a repeated one isn't answered twice

T = TypeVar("T")


class UnderWay:
    """Tasks that nobody waits for; the loop itself doesn't hold on to them."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._tasks: set[asyncio.Task[Any]] = set()

    def keep(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin something and hold on to it until it is done."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def later(self, showing: Coroutine[Any, Any, object]) -> None:
        """Begin something that is told of in the log alone, should it fail."""
        self.keep(self._logged(showing))

    async def stop(self) -> None:
        """Let what is under way be finished, for a while."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=FINISH_WITHIN)
            for task in late:
                task.cancel()

    async def _logged(self, showing: Coroutine[Any, Any, object]) -> None:
        try:
            await showing
        except Exception:  # nobody waits for it: the log is the only place left
            self._log.exception("show_failed")


class Seen:
    """The deliveries that came in last."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()

    def is_new(self, key: str) -> bool:
        """Say whether a delivery has not come before, and remember it: platforms repeat what they believe lost."""
        if key in self._keys:
            return False
        self._keys[key] = None
        while len(self._keys) > MOST_SEEN:
            self._keys.popitem(last=False)
        return True
