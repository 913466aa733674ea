"""Second copies: a message whose first try comes up in the chat only after the next one has gone out.

It is looked for twice, some time after the delivery, on all of the person's accounts; nobody waits for that.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from flows.port import Address, NotDelivered, Platform
from storage.database import Database
from storage.messages import SentMessage
from storage.outbox import OutboxRow

FIRST_LOOK, LAST_LOOK = timedelta(minutes=1), timedelta(minutes=10)  # after the delivery
LOOK_BACK = timedelta(minutes=10)  # two clocks may be apart by five before a platform refuses us
MOST = 10  # deliveries at a time

log = logging.getLogger("rusplan.copies")


@dataclass(frozen=True, slots=True)
class Copies:
    database: Database
    platforms: Mapping[str, Platform]
    clock: Clock

    async def take_away(self) -> None:
        """Look for the second copies whose time has come, and take them away."""
        now = self.clock.now()
        places: list[tuple[OutboxRow, SentMessage, Address]] = []
        async with self.database.transaction() as tx:
            for row in await tx.outbox.to_sweep(now, MOST):
                last = row.finished_at + LAST_LOOK if row.finished_at else now
                await tx.outbox.sweep_again(row.id, last if last > now else None)
                if message := await tx.messages.get(row.id):
                    accounts = await tx.accounts.of_person(row.school_id, row.person_id)
                    everywhere = dict.fromkeys((message.to, *(account.address for account in accounts)))
                    places += [(row, message, place) for place in everywhere]
        for row, message, place in places:
            await self._look(row, message, place)

    async def _look(self, row: OutboxRow, message: SentMessage, place: Address) -> None:
        platform = self.platforms.get(place.platform)
        if platform is None:
            return
        try:
            for copy in await platform.find(place, row.id, row.created_at - LOOK_BACK):
                if copy != message.ref:
                    log.warning("second_copy", extra={"delivery": row.id})
                    await platform.remove(copy)
        except NotDelivered as failure:
            log.warning("not_looked", extra={"delivery": row.id, "error": str(failure)})
