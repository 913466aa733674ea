"""What is done for somebody whom no chat reaches: look for the account anew, and send an e-mail for what is urgent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases import Cases
from bot.clock import Clock
from bot.staff import Staff
from flows.commands import BOT, NoteUnreached
from flows.decide import decide
from flows.effects import Kind
from flows.port import Address, Mailer, NotDelivered, Refused
from flows.screens.mail import mail
from flows.screens.words import View
from storage.database import Database
from storage.deliveries import ACUTE, OutboxRow
from storage.transaction import Transaction

PATIENCE = timedelta(minutes=2)  # with a chat that is only slow
LOOK = timedelta(seconds=15)

log = logging.getLogger("rusplan.mail")


@dataclass(frozen=True, slots=True)
class Unreached:
    """The chat is tried on all the same. Without a `mailer` nothing is mailed."""

    database: Database
    cases: Cases
    clock: Clock
    staff: Staff
    mailer: Mailer | None

    async def look_anew(self, row: OutboxRow, tried: Collection[Address]) -> timedelta | None:
        """Look for an account that takes it, other than those that were tried; return when to try again.

        None where there is none: then an alert climbs at once.
        """
        try:
            pause = await self.staff.reach(row.school_id, row.person_id, tried)
        except Exception:
            log.exception("not_looked_for", extra={"delivery": row.id})
            return None
        if pause is None and row.kind == Kind.ALERT:
            with _alone(row):
                await self._pass_by(row)
        return pause

    async def _pass_by(self, row: OutboxRow) -> None:
        """Note in the case that nobody hears of an alert where it was sent."""
        now = self.clock.now()
        async with self.database.transaction() as tx:
            await tx.journal.lock(row.school_id, now)
            case = await self.cases.load(tx, row.school_id, row.case_id or "")
            if case is not None:
                context = await self.cases.context(tx, row.school_id, now, case)
                decision = decide(case, NoteUnreached(row.person_id), context)
                await self.cases.keep(tx, row.school_id, case, BOT, decision, context)

    async def note_refusals(self, row: OutboxRow, refused_by: Sequence[Address]) -> None:
        """Note whose accounts take no message, so that it is known before the next one."""
        with _alone(row):
            if refused_by:
                async with self.database.transaction() as tx:
                    for address in refused_by:
                        await tx.accounts.note_refusal(address, self.clock.now())

    async def keep_writing(self) -> None:
        """Write, as long as the program runs, to those whom no try of the chat brings to our notice."""
        while self.mailer:
            await asyncio.sleep(LOOK.total_seconds())
            try:
                await self.write()
            except Exception:  # the database may be away for a while; the rows are not
                log.exception("letters_failed")

    async def write(self) -> None:
        """Send an e-mail for what a chat has not taken for a while, whether it is slow or has asked us to wait."""
        async with self.database.transaction() as tx:
            rows = await tx.outbox.to_be_mailed(self.clock.now() - PATIENCE, Kind.ALERT)
        for row in rows:
            await self.stand_in(row)

    async def stand_in(self, row: OutboxRow) -> None:
        """Send an e-mail for what is urgent, and no chat will take now; once, and once more for each new round."""
        is_urgent = row.kind == Kind.ALERT or row.priority == ACUTE
        if self.mailer and is_urgent and not row.message_id and not row.mailed_at:
            with _alone(row):
                await self._mail(row, self.mailer)

    async def _mail(self, row: OutboxRow, mailer: Mailer) -> None:
        """Send one e-mail for a promise; where nothing was sent, the next look sends it again.

        It is noted before: whoever dies in between may have sent it, and the next round writes anew.
        """
        now = self.clock.now()
        async with self.database.transaction() as tx:
            case = await self.cases.load(tx, row.school_id, row.case_id or "")
            context = await self.cases.context(tx, row.school_id, now, case)
            person = context.roster.person(row.person_id)
            letter = mail(Kind(row.kind), View(row.person_id, context), case) if case and not case.drill else None
            is_news = row.kind != Kind.WITHDRAWN or await is_to_hear(tx, row)
            if person is None or letter is None or not is_news or not await tx.outbox.note_mailed(row.id, now):
                return
        try:
            await mailer.send(person.email, *letter, now)
        except (NotDelivered, asyncio.CancelledError) as failure:
            log.warning("not_mailed", extra={"delivery": row.id, "error": str(failure)})
            is_broken_off = isinstance(failure, asyncio.CancelledError)  # the program is told to stop
            if is_broken_off or (isinstance(failure, Refused) and not failure.for_good):
                async with self.database.transaction() as tx:
                    await tx.outbox.forget_mailed(row.id, now)
            if is_broken_off:
                raise
        else:
            log.info("mailed", extra={"delivery": row.id})


async def note_contact(tx: Transaction, school_id: str, person_id: str, address: Address, now: datetime) -> None:
    """Note that somebody is reached at an account; where it has refused something, what waits for him is tried now."""
    if await tx.accounts.note_contact(address):
        await tx.outbox.hurry(school_id, person_id, now)


async def is_to_hear(tx: Transaction, row: OutboxRow) -> bool:
    """Say whether somebody who has heard of a case, or may have, is still to hear that it was withdrawn.

    Whom no chat has reached hears it by a letter, as he heard of the case; that is enough.
    """
    own = [each for each in await tx.outbox.of_case(row.case_id or "") if each.person_id == row.person_id]
    in_chat = {message.person_id for message in await tx.messages.of_case(row.case_id or "")}
    if row.person_id in in_chat or any(each.uncertain for each in own):
        return True
    return not row.mailed_at and any(each.mailed_at for each in own)


@contextmanager
def _alone(row: OutboxRow) -> Iterator[None]:
    """Let what fails here cost nothing of the delivery itself."""
    try:
        yield
    except Exception:
        log.exception("not_stood_in", extra={"delivery": row.id})
