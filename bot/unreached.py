"""What is done for somebody whom no chat reaches: look for the account anew, and send an e-mail for an alert, once."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.cases import Cases
from bot.clock import Clock
from bot.staff import Staff
from flows.effects import Kind
from flows.port import Address, Mailer, NotDelivered, Refused
from flows.screens.mail import mail
from flows.screens.words import View
from storage.database import Database
from storage.outbox import ACUTE, OutboxRow

PATIENCE = timedelta(minutes=2)  # with a chat that is only slow

log = logging.getLogger("rusplan.mail")


@dataclass(frozen=True, slots=True)
class Unreached:
    """The chat is tried on all the same. Without a `mailer` nothing is mailed."""

    database: Database
    cases: Cases
    clock: Clock
    staff: Staff
    mailer: Mailer | None

    async def look_anew(self, row: OutboxRow) -> timedelta | None:
        """Look for an account that takes it; return when to try again, None where nobody can say."""
        try:
            return await self.staff.reach(row.school_id, row.person_id)
        except Exception:
            log.exception("not_looked_for", extra={"delivery": row.id})
            return None

    async def note_refusals(self, row: OutboxRow, refused_by: Sequence[Address]) -> None:
        """Note whose accounts take no message, so that it is known before the next one."""
        with _alone(row):
            if refused_by:
                async with self.database.transaction() as tx:
                    for address in refused_by:
                        await tx.accounts.note_refusal(address, self.clock.now())

    async def stand_in(self, row: OutboxRow, *, is_unreachable: bool) -> None:
        """Send an e-mail for an alert that nobody has taken: at once where no chat will, after a while otherwise."""
        is_time = is_unreachable or self.clock.now() - row.due_at >= PATIENCE
        is_alert = row.kind == Kind.ALERT or (row.priority == ACUTE and row.kind != Kind.WITHDRAWN)
        if self.mailer and is_alert and is_time and not row.message_id and not row.mailed_at:
            with _alone(row):
                await self._mail(row, self.mailer)

    async def _mail(self, row: OutboxRow, mailer: Mailer) -> None:
        """Send one e-mail for a promise; where it is only put off, the next try sends it again."""
        now, token = self.clock.now(), row.lease_token or ""
        async with self.database.transaction() as tx:
            case = await self.cases.load(tx, row.school_id, row.case_id or "")
            context = await self.cases.context(tx, row.school_id, now, case)
            person = context.roster.person(row.person_id)
            if case is None or case.drill or person is None or not await tx.outbox.note_mailed(row.id, token, now):
                return
        subject, text = mail(View(row.person_id, context), case)
        try:
            await mailer.send(person.email, subject, text, now)
        except NotDelivered as failure:
            log.warning("not_mailed", extra={"delivery": row.id, "error": str(failure)})
            if isinstance(failure, Refused) and not failure.for_good:
                async with self.database.transaction() as tx:
                    await tx.outbox.forget_mailed(row.id, token)
        else:
            log.info("mailed", extra={"delivery": row.id})


@contextmanager
def _alone(row: OutboxRow) -> Iterator[None]:
    """Let what fails here cost nothing of the delivery itself."""
    try:
        yield
    except Exception:
        log.exception("not_stood_in", extra={"delivery": row.id})
