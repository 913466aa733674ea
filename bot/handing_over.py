"""One message handed over to a platform: to the first account that takes it, and not where it stands already."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.composer import Delivery
from bot.copies import looked_at_since
from bot.pace import Pace
from flows.cards import Card
from flows.port import Address, MessageRef, NotDelivered, Platform, Refused
from storage.deliveries import ACUTE, OutboxRow

SEND_WITHIN = timedelta(seconds=10)  # well inside the lease: whoever holds it is the only one who sends

log = logging.getLogger("rusplan.relay")


@dataclass(frozen=True, slots=True)
class HandingOver:
    platforms: Mapping[str, Platform]
    pace: Pace
    clock: Clock

    async def of(
        self, delivery: Delivery, refused_by: list[Address], until: datetime
    ) -> tuple[Address, MessageRef | None]:
        """Return whom the platform has taken it for and where it stands; raise a refusal, rather one that may pass.

        What is acute goes over the next account as soon as one refuses it, and last over one whose platform has asked
        to be left alone: only where no other will take it. All else waits for the preferred one. `refused_by` gets the
        accounts that take no message at all. From `until` on the delivery may be in somebody else's hands: a new
        message is not sent any more.
        """
        refusals, is_acute, now = list[Refused](), delivery.row.priority == ACUTE, self.clock.now()
        pauses = {to: left for to in delivery.to if (left := self.pace.pause_left(to.platform, now))}
        async with asyncio.timeout(SEND_WITHIN.total_seconds()):
            for to in sorted(delivery.to, key=pauses.__contains__) if is_acute else delivery.to:
                if to in pauses and not is_acute:
                    raise Refused("paused", retry_after=pauses[to])
                if to in pauses and any(not each.for_good for each in refusals):
                    break
                try:
                    return to, await self._put(delivery, to, refused_by, until)
                except Refused as refused:
                    if refused.retry_after:
                        self.pace.pause(to.platform, self.clock.now() + refused.retry_after)
                    if not refused.for_good and not is_acute:
                        raise
                    refusals.append(refused)
        passing = [each for each in refusals if not each.for_good]
        raise min(passing, key=_pause, default=refusals[-1])

    async def _put(
        self, delivery: Delivery, to: Address, refused_by: list[Address], until: datetime
    ) -> MessageRef | None:
        platform, row = self.platforms[to.platform], delivery.row
        if delivery.stands:
            await platform.edit(delivery.stands, delivery.card)
            return delivery.stands
        try:
            if row.uncertain and (found := await self._found(platform, to, row)):
                await _show_as_it_is_now(platform, found, delivery.card)
                return found
            if delivery.is_moot:
                return None
            if self.clock.now() >= until:
                raise TimeoutError  # this process has stood still
            return await platform.send(to, self._card(delivery), row.id)
        except Refused as refused:
            refused_by += [to] if refused.for_good else []
            raise

    def _card(self, delivery: Delivery) -> Card:
        """Return the card that says so where the message may stand on a platform that can't be looked at."""
        may_stand = any(not self.platforms[each.platform].remembers for each in delivery.to)
        return delivery.again or delivery.card if may_stand else delivery.card

    async def _found(self, platform: Platform, to: Address, row: OutboxRow) -> MessageRef | None:
        """Return the message that an earlier try has left after all, and take away any further ones."""
        first, *ghosts = await platform.find(to, row.id, looked_at_since(row, self.clock)) or (None,)
        for ghost in ghosts:
            await platform.remove(ghost)
        return first

    async def take_back(self, message: MessageRef) -> None:
        """Take away what was sent when the delivery was another's already: nobody would ever find it, or edit it.

        Where it can be looked for, the other may have found it and made it his own; there one is left in the end.
        """
        platform = self.platforms[message.platform]
        if platform.remembers:
            return
        try:
            async with asyncio.timeout(SEND_WITHIN.total_seconds()):
                await platform.remove(message)
        except (NotDelivered, TimeoutError) as failure:
            log.warning("second_copy_stays", extra={"error": getattr(failure, "code", "timeout")})


async def _show_as_it_is_now(platform: Platform, found: MessageRef, card: Card) -> None:
    """Put a card in the place of a message that shows the case as it was then; one that can't be edited stays."""
    try:
        await platform.edit(found, card)
    except Refused as refused:
        if not refused.for_good:
            raise


def _pause(refused: Refused) -> timedelta:
    return refused.retry_after or timedelta()
