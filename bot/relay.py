"""The relay: keeps what the turns have promised, message by message, until a platform has taken each.

It composes a card when it sends it, from the case as it is then. What the platform says decides what happens next:
taken, refused (try again later), or no telling (look whether it stands there before sending again).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases import EDIT, Cases
from bot.clock import Clock, Dice
from flows.cards import Card
from flows.commands import BOT, NoteDelivery
from flows.decide import decide
from flows.effects import Kind
from flows.incident import Case
from flows.port import Address, MessageRef, Platform, Refused, Uncertain
from flows.screens.compose import compose
from flows.screens.words import View
from storage.database import Database
from storage.errors import Conflict
from storage.messages import SentMessage
from storage.outbox import OutboxRow, State
from storage.transaction import Transaction

log = logging.getLogger("rusplan.relay")

LEASE = timedelta(seconds=30)
SEND_WITHIN = timedelta(seconds=10)  # well inside the lease: whoever holds it is the only one who sends
HOLD_OFF = timedelta(seconds=15)  # after an answer that got lost, the platform's history may lag behind
LONGEST_PAUSE = timedelta(seconds=60)
POLL = timedelta(seconds=5)
BATCH = 10
LOOK_BACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Composed:
    """One promise, composed: what to send where, or which message to change."""

    row: OutboxRow
    platform: Platform
    to: Address
    card: Card
    version: int  # of the case that the card shows
    stands: MessageRef | None  # the message that an edit changes


class Relay:
    def __init__(
        self, database: Database, cases: Cases, platforms: Mapping[str, Platform], clock: Clock, dice: Dice
    ) -> None:
        self._database, self._cases, self._platforms = database, cases, platforms
        self._clock, self._dice = clock, dice
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Say that something may wait; cheap, and never lost: polling is the net."""
        self._woken.set()

    async def run(self) -> None:
        """Keep promises until cancelled; one that fails never stops the others."""
        while True:
            self._woken.clear()
            try:
                await self.drain()
            except Exception:  # the database may be away for a while; the rows are not
                log.exception("relay_failed")
            try:
                await asyncio.wait_for(self._woken.wait(), POLL.total_seconds())
            except TimeoutError:
                continue

    async def drain(self) -> int:
        """Keep everything that is due now; return how many rows were tried."""
        tried = 0
        while rows := await self._claim():
            await asyncio.gather(*(self._keep(row) for row in rows))
            tried += len(rows)
        return tried

    async def _claim(self) -> tuple[OutboxRow, ...]:
        async with self._database.transaction() as tx:
            return await tx.outbox.claim(self._clock.now(), self._dice.token(), LEASE, BATCH)

    async def _keep(self, row: OutboxRow) -> None:
        try:
            composed = await self._compose(row)
            if composed is None:
                return
            ref = await self._hand_over(composed)
        except Refused as refused:
            await self._later(row, refused.code, refused.retry_after or self._pause(row), uncertain=row.uncertain)
        except (Uncertain, TimeoutError) as unknown:
            await self._later(row, getattr(unknown, "code", "timeout"), HOLD_OFF, uncertain=True)
        except Exception:
            log.exception("delivery_failed", extra={"delivery": row.id, "kind": row.kind})
            await self._later(row, "failed", self._pause(row), uncertain=True)
        else:
            await self._kept(composed, ref)

    async def _compose(self, row: OutboxRow) -> Composed | None:
        """Return what to send now; None where nothing is left to do, or nobody can be reached yet."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            case = await self._cases.load(tx, row.school_id, row.case_id or "")
            message = await tx.messages.get(row.message_id) if row.message_id else None
            if case is None or _is_moot(row, case, message):
                await tx.outbox.finish(row.id, row.lease_token or "", now, State.CANCELLED)
                return None
            context = await self._cases.context(tx, row.school_id, now, case)
            to = message.to if message else await self._address(tx, row)
        if to is None:
            await self._later(row, "no_account", LONGEST_PAUSE, uncertain=False)
            return None
        kind = Kind(message.kind if message else row.kind)
        card = compose(kind, View(row.person_id, context), case)
        platform = self._platforms[to.platform]
        return Composed(row, platform, to, card, case.version, message.ref if message else None)

    async def _address(self, tx: Transaction, row: OutboxRow) -> Address | None:
        """Return an account of the person on a platform that runs here."""
        accounts = await tx.accounts.of_person(row.school_id, row.person_id)
        return next((a.address for a in accounts if a.address.platform in self._platforms), None)

    async def _hand_over(self, composed: Composed) -> MessageRef:
        async with asyncio.timeout(SEND_WITHIN.total_seconds()):
            if composed.stands:
                await composed.platform.edit(composed.stands, composed.card)
                return composed.stands
            if composed.row.uncertain and (found := await self._found(composed)):
                return found
            return await composed.platform.send(composed.to, composed.card, composed.row.id)

    async def _found(self, composed: Composed) -> MessageRef | None:
        """Return the message that an earlier try has left after all, and take away any further ones."""
        since = composed.row.created_at - LOOK_BACK
        first, *ghosts = await composed.platform.find(composed.to, composed.row.id, since) or (None,)
        for ghost in ghosts:
            await composed.platform.remove(ghost)
        return first

    async def _kept(self, composed: Composed, ref: MessageRef) -> None:
        """Note that the platform has it: the message, and in the case that an alert was delivered."""
        while True:
            try:
                return await self._note(composed, ref)
            except Conflict:
                continue

    async def _note(self, composed: Composed, ref: MessageRef) -> None:
        row, now = composed.row, self._clock.now()
        async with self._database.transaction() as tx:
            await tx.journal.lock(row.school_id, now)  # before the delivery's row, as in a turn
            if not await tx.outbox.finish(row.id, row.lease_token or "", now, State.SENT):
                return  # the lease ran out: whoever has it now will find this message
            if composed.stands:
                await tx.messages.set_shown(row.message_id or "", composed.version)
                return
            await tx.messages.put(_sent(composed, ref, now))
            case = await self._cases.load(tx, row.school_id, row.case_id or "")
            if case is None:
                return
            if case.version > composed.version:  # it has moved on while the message was on its way
                await tx.outbox.promise([self._cases.edit(row.id, row.school_id, case, row.person_id, now)])
            if row.kind == Kind.ALERT:
                await self._note_alert(tx, case, composed, now)
        self.wake()

    async def _note_alert(self, tx: Transaction, case: Case, composed: Composed, now: datetime) -> None:
        row = composed.row
        context = await self._cases.context(tx, row.school_id, now, case)
        decision = decide(case, NoteDelivery(row.person_id, composed.platform.name), context)
        await self._cases.keep(tx, row.school_id, case, BOT, decision, now)

    async def _later(self, row: OutboxRow, error: str, pause: timedelta, *, uncertain: bool) -> None:
        """Put a row back. There is no last try: an alert that can't be sent is found by the escalation."""
        log.warning("not_delivered", extra={"delivery": row.id, "error": error, "attempt": row.attempts})
        async with self._database.transaction() as tx:
            not_before = self._clock.now() + pause
            await tx.outbox.retry_later(row.id, row.lease_token or "", not_before, uncertain=uncertain, error=error)

    def _pause(self, row: OutboxRow) -> timedelta:
        """Return a pause that doubles with each try, with jitter so that many rows don't return at once."""
        longest = LONGEST_PAUSE.total_seconds()
        seconds = min(longest, 2.0 ** min(row.attempts, 10))
        return timedelta(seconds=seconds * (0.5 + self._dice.fraction() / 2))


def _is_moot(row: OutboxRow, case: Case, message: SentMessage | None) -> bool:
    """Say whether nobody needs this any more: an alert for a case that is taken, an edit that is already shown."""
    if row.kind == EDIT:
        return message is None or message.shown_version >= case.version
    return row.kind == Kind.ALERT and bool(case.taken_by)


def _sent(composed: Composed, ref: MessageRef, now: datetime) -> SentMessage:
    row = composed.row
    return SentMessage(
        id=row.id,
        school_id=row.school_id,
        case_id=row.case_id,
        person_id=row.person_id,
        kind=row.kind,
        to=composed.to,
        ref=ref,
        shown_version=composed.version,
        sent_at=now,
    )
