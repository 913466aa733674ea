"""What is done for somebody whom no chat reaches: look for the account anew, and send an e-mail for an alert, once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from bot.cases import Cases
from bot.clock import Clock
from bot.staff import Staff
from flows.port import Mailer, NotDelivered
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
        return await self.staff.reach(row.school_id, row.person_id)

    async def stand_in(self, row: OutboxRow, *, is_unreachable: bool) -> None:
        """Send an e-mail for an alert that nobody has taken: at once where no chat will, after a while otherwise."""
        now = self.clock.now()
        is_time = is_unreachable or now - row.due_at >= PATIENCE
        if self.mailer is None or row.priority != ACUTE or row.mailed_at or row.message_id or not is_time:
            return
        async with self.database.transaction() as tx:
            case = await self.cases.load(tx, row.school_id, row.case_id or "")
            context = await self.cases.context(tx, row.school_id, now, case)
            person = context.roster.person(row.person_id)
            if case is None or person is None or not await tx.outbox.note_mailed(row.id, row.lease_token or "", now):
                return
        subject, text = mail(View(row.person_id, context), case)
        try:
            await self.mailer.send(person.email, subject, text, now)
        except NotDelivered as failure:
            log.warning("not_mailed", extra={"delivery": row.id, "error": str(failure)})
        else:
            log.info("mailed", extra={"delivery": row.id})
