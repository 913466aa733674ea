"""What a promise comes to when it is to be kept: the card as things stand then, or nothing any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.cases import DIALOG, EDIT, HOME, Cases
from bot.clock import Clock
from bot.notices import Notice, Notices
from bot.unreached import PATIENCE, is_to_hear
from bot.year import NewsOfTheYear, Year
from flows.cards import Card
from flows.effects import Kind
from flows.incident import Case
from flows.port import Address, MessageRef
from flows.screens.closed import erased, lapsed
from flows.screens.compose import compose, repeated
from flows.screens.home import farewell, home
from flows.screens.words import View
from storage.cases import ERASED
from storage.database import Database
from storage.deliveries import ACUTE, OutboxRow
from storage.messages import SentMessage
from storage.transaction import Transaction

LONG_PATIENCE = timedelta(minutes=20)  # with the platform that somebody prefers, where nothing is urgent


@dataclass(frozen=True, slots=True)
class Delivery:
    """One promise, composed: what is to stand where."""

    row: OutboxRow
    card: Card
    version: int  # of the case that the card shows
    stands: MessageRef | None  # the message that an edit changes
    to: tuple[Address, ...]  # a new message goes to the first of them that takes it
    is_last: bool = False  # nobody changes the message after this: the case is erased, say
    again: Card | None = None  # the same, where an earlier try may have left it, and nobody can look
    is_moot: bool = False  # nobody needs it any more; but an earlier try may have left it standing


class Nothing(StrEnum):
    """Why there is nothing to send; the words stand in the log."""

    MOOT = "moot"  # nobody needs it any more
    NO_PLATFORM = "no_platform"  # the message stands where this program doesn't reach
    NO_ACCOUNT = "no_account"
    NOT_IN_FILE = "not_in_file"  # a replica with a newer school file may know whose it is


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Nobody is to hear of it before an instant."""

    at: datetime


class Composer:
    """Composes each promise in a transaction of its own; `platforms` are those that this program reaches."""

    def __init__(
        self,
        database: Database,
        cases: Cases,
        notices: Notices,
        year: Year,
        platforms: Collection[str],
        clock: Clock,
    ) -> None:
        self._database, self.cases, self._notices, self.year = database, cases, notices, year
        self._platforms, self._clock = platforms, clock

    async def compose(self, row: OutboxRow) -> Delivery | NotBefore | Nothing:
        """Return what is to stand where now."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            if await self.cases.is_for_another(tx, row.school_id, row.person_id):
                return Nothing.NOT_IN_FILE
            message = await tx.messages.get(row.message_id) if row.message_id else None
            if message and message.to.platform not in self._platforms:
                return Nothing.NO_PLATFORM
            if message and message.kind == HOME:
                return await self._home(tx, row, message, now)
            if message and message.kind == DIALOG:
                return await self._dialog(tx, row, message, now)
            kind = message.kind if message else row.kind
            if kind in set(NewsOfTheYear):
                return await self._of_year(tx, row, message, now)
            if row.case_id is None:
                return await self._notice(tx, row, now) if row.kind in set(Notice) else Nothing.MOOT
            case = await self.cases.load(tx, row.school_id, row.case_id)
            if case is None:
                return await self._erased(tx, row, message, now) if message else Nothing.MOOT
            return await self._of_case(tx, row, message, case, now)

    async def _of_case(
        self, tx: Transaction, row: OutboxRow, message: SentMessage | None, case: Case, now: datetime
    ) -> Delivery | Nothing:
        context = await self.cases.context(tx, row.school_id, now, case)
        has_left = context.roster.known(row.person_id) is None  # and is told no more
        is_moot = _is_moot(row, case, message) or (row.kind == Kind.WITHDRAWN and not await is_to_hear(tx, row))
        if has_left or (is_moot and (message or not row.uncertain)):
            return Nothing.MOOT
        past = case.escalation.round if case.escalation and row.kind == Kind.ALERT else 0
        to = (message.to,) if message else await self._accounts(tx, row, now, past)
        if not to:
            return Nothing.NO_ACCOUNT
        view = View(row.person_id, context)
        card = compose(Kind(message.kind if message else row.kind), view, case)
        again = repeated(view, case, card) if row.uncertain and not message else None
        ref = message.ref if message else None
        return Delivery(row, card, case.version, ref, to, again=again, is_moot=is_moot)

    async def _notice(self, tx: Transaction, row: OutboxRow, now: datetime) -> Delivery | Nothing:
        card, to = await self._notices.card(tx, row, now), await self._accounts(tx, row, now)
        if card is None:
            return Nothing.MOOT
        return Delivery(row, card, 0, None, to) if to else Nothing.NO_ACCOUNT

    async def _of_year(
        self, tx: Transaction, row: OutboxRow, message: SentMessage | None, now: datetime
    ) -> Delivery | NotBefore | Nothing:
        """Return a message of the prevention year as things stand; a newer promise shows all that this would."""
        if message and await tx.outbox.is_overtaken(row):
            return Nothing.MOOT
        kind = NewsOfTheYear(message.kind if message else row.kind)
        card = await self.year.card(tx, row, kind, now)
        is_moot = message is None and kind is NewsOfTheYear.TASKS and await self.year.is_answered(tx, row, now)
        if card is None or (is_moot and not row.uncertain):
            return Nothing.MOOT
        if message is None and not row.uncertain and now < (at := await self.year.comes_at(tx, row.school_id, now)):
            return NotBefore(at)
        to = (message.to,) if message else await self._accounts(tx, row, now)
        version = await self.year.version(tx, row.school_id, row.message_id or row.id)
        ref = message.ref if message else None
        is_last = ref is not None and kind is NewsOfTheYear.READING
        return Delivery(row, card, version, ref, to, is_last, is_moot=is_moot) if to else Nothing.NO_ACCOUNT

    async def _home(self, tx: Transaction, row: OutboxRow, message: SentMessage, now: datetime) -> Delivery | Nothing:
        """Return somebody's own page as it is now; a newer promise will show all that this one would."""
        if await tx.outbox.is_overtaken(row):
            return Nothing.MOOT
        context = await self.cases.context(tx, row.school_id, now, None)
        view = View(row.person_id, context)
        if context.roster.person(row.person_id) is None:
            return Delivery(row, farewell(view), message.shown_version, message.ref, (message.to,), is_last=True)
        card = home(view, await self.cases.own(tx, row.school_id, row.person_id, context))
        return Delivery(row, card, message.shown_version, message.ref, (message.to,))

    async def _dialog(self, tx: Transaction, row: OutboxRow, message: SentMessage, now: datetime) -> Delivery | Nothing:
        """Return what takes the place of a dialog that nobody has answered; a newer promise is for a newer one."""
        if await tx.outbox.is_overtaken(row):
            return Nothing.MOOT
        view = View(row.person_id, await self.cases.context(tx, row.school_id, now, None))
        return Delivery(row, lapsed(view), message.shown_version, message.ref, (message.to,), is_last=True)

    async def _erased(self, tx: Transaction, row: OutboxRow, message: SentMessage, now: datetime) -> Delivery | Nothing:
        """Return what takes the place of a message whose case has been erased."""
        case = await tx.cases.get(row.case_id or "")
        if case is None or case.status != ERASED:
            return Nothing.MOOT
        view = View(row.person_id, await self.cases.context(tx, row.school_id, now, None))
        return Delivery(row, erased(view, case.number), case.version, message.ref, (message.to,), is_last=True)

    async def _accounts(self, tx: Transaction, row: OutboxRow, now: datetime, past: int = 0) -> tuple[Address, ...]:
        """Return where somebody is told: on the platform that he prefers first, then by the account linked last.

        Another one is the first in each round of an alert, of which so many are past, and where one keeps it waiting.
        """
        accounts = await tx.accounts.of_person(row.school_id, row.person_id)
        reached = [account.address for account in accounts if account.address.platform in self._platforms]
        preferred = self.cases.prefers(row.school_id, row.person_id)
        in_order = tuple(sorted(reached, key=lambda address: address.platform != preferred))
        is_urgent = row.kind == Kind.ALERT or row.priority == ACUTE
        if now - row.due_at >= (PATIENCE if is_urgent else LONG_PATIENCE):
            past += row.attempts
        first = past % max(1, len(in_order))
        return in_order[first:] + in_order[:first]


def _is_moot(row: OutboxRow, case: Case, message: SentMessage | None) -> bool:
    """Say whether nobody needs this any more: nobody waits for what it asks, or an edit is already shown."""
    if row.kind == EDIT:
        return message is None or message.shown_version >= case.version
    if row.kind == Kind.COLLEAGUE:
        return not case.waits_for_answer_of(row.person_id)
    return row.kind == Kind.ALERT and not case.is_waiting
