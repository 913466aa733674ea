"""Who has the app though nobody knows yet who he is: looked at again until a school file has him.

It may be that nobody could be asked when he installed it, that his address in the file wasn't right, or that he was
let go of. He is remembered by his ids alone.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.library import Library
from bot.staff import BREATH, LOOK_OVER, PAUSE, Staff
from flows.port import Address, Directory, NotDelivered
from storage.database import Database

LONGEST_PAUSE = timedelta(hours=1)  # between two tries to find out who it is
MOST_AT_ONCE = 40  # who can be asked about in a minute; whoever came last goes first

log = logging.getLogger("rusplan.newcomers")


@dataclass(slots=True)
class Newcomers:
    database: Database
    library: Library
    staff: Staff
    clock: Clock
    _again: dict[Address, tuple[datetime, timedelta]] = field(default_factory=dict)  # when, after which pause
    _followed: int = 0

    async def keep_looking(self) -> None:
        """Look as long as the bot runs; a platform that finds its people by e-mail finds them so."""
        while True:
            for directory in self.staff.directories:
                if not directory.finds_by_email:
                    try:
                        await self.look(directory)
                    except Exception:  # the database may be away for a while; who has come stands there
                        log.exception("look_up_failed", extra={"platform": directory.name})
            await asyncio.sleep(PAUSE.total_seconds())

    async def look(self, directory: Directory) -> None:
        """Look at those whose time it is; when a school file has come into force, it is everybody's."""
        if self._followed != self.library.followed:
            self._again, self._followed = {}, self.library.followed
        async with self.database.transaction() as tx:
            nobodys = await tx.chats.of_nobody(directory.name)
        self._again = {each: self._again[each] for each in nobodys if each in self._again}
        now = self.clock.now()
        due = [each for each in nobodys if each not in self._again or self._again[each][0] <= now]
        for address in due[:MOST_AT_ONCE]:
            await self._look_at(directory, address, now)
            await asyncio.sleep(BREATH.total_seconds())

    async def _look_at(self, directory: Directory, address: Address, now: datetime) -> None:
        """Look who somebody is, and note when to look again: where it couldn't be said, after longer and longer."""
        _, before = self._again.pop(address, (now, PAUSE / 2))
        try:
            if await self.staff.recognise(directory, address):
                return
            pause = LOOK_OVER
        except NotDelivered as failure:
            log.warning("not_introduced", extra={"platform": address.platform, "error": str(failure)})
            pause = min(2 * before, LONGEST_PAUSE)
        self._again[address] = now + pause, pause
