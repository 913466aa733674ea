"""Second copies: a message whose first try comes up in the chat only after the next one has gone out.

It is looked for twice, some time after the delivery, on all of the person's accounts; nobody waits for that.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from flows.port import Address, NotDelivered, Platform, Refused
from storage.database import Database
from storage.deliveries import OutboxRow
from storage.messages import SentMessage

FIRST_LOOK, LAST_LOOK = timedelta(minutes=1), timedelta(minutes=10)  # after the delivery
LOOK_BACK = timedelta(minutes=10)  # two clocks may be apart by five before a platform refuses us
PAUSE, GIVE_UP = timedelta(minutes=2), timedelta(days=1)  # where a platform doesn't let itself be looked at
MOST = 10  # deliveries at a time

log = logging.getLogger("rusplan.copies")


@dataclass(frozen=True, slots=True)
class Copies:
    database: Database
    platforms: Mapping[str, Platform]
    clock: Clock

    async def take_away(self) -> None:
        """Look for the second copies whose time has come, and take them away; where nobody can look, again later."""
        now = self.clock.now()
        found: list[tuple[OutboxRow, SentMessage | None, tuple[Address, ...]]] = []
        async with self.database.transaction() as tx:
            for row in await tx.outbox.to_sweep(now, MOST):
                message, own = await tx.messages.get(row.id), await tx.accounts.of_person(row.school_id, row.person_id)
                found.append((row, message, tuple(account.address for account in own)))
        for row, message, addresses in found:
            places = dict.fromkeys((message.to, *addresses)) if message else {}
            has_looked = all([message and await self._has_looked(row, message, place) for place in places])
            async with self.database.transaction() as tx:
                await tx.outbox.sweep_again(row.id, _next_look(row, now, has_looked=has_looked))

    async def _has_looked(self, row: OutboxRow, message: SentMessage, place: Address) -> bool:
        platform = self.platforms.get(place.platform)
        if platform is None:
            return True
        try:
            for copy in await platform.find(place, row.id, looked_at_since(row, self.clock)):
                if copy != message.ref:
                    log.warning("second_copy", extra={"delivery": row.id})
                    await platform.remove(copy)
        except NotDelivered as failure:
            log.warning("not_looked", extra={"delivery": row.id, "error": str(failure)})
            return isinstance(failure, Refused) and failure.for_good
        return True


def looked_at_since(row: OutboxRow, clock: Clock) -> datetime:
    """Return since when a delivery may stand in a chat, by the platform's time."""
    return clock.as_others_have_it(row.created_at) - LOOK_BACK


def _next_look(row: OutboxRow, now: datetime, *, has_looked: bool) -> datetime | None:
    """Return when to look again; never more where all has been looked at late enough, or nobody can for a day."""
    finished_at = row.finished_at or now
    if not has_looked and now < finished_at + GIVE_UP:
        return now + PAUSE
    last = finished_at + LAST_LOOK
    return last if last > now else None
