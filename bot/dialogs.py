"""Dialogs that stand in chats as messages, where a platform has no other place for one: noted, and taken out again."""

from __future__ import annotations

import asyncio

from bot.at_once import AtOnce
from bot.cases import DIALOG, Cases
from bot.clock import Clock
from bot.unreached import note_contact
from flows.port import Address, MessageRef
from storage.accounts import Account
from storage.database import Database
from storage.messages import SentMessage


class Dialogs:
    """One transaction serves all that have come while another was under way: forms open in bursts."""

    def __init__(self, database: Database, cases: Cases, memory: AtOnce, clock: Clock) -> None:
        self._database, self._cases, self._memory, self._clock = database, cases, memory, clock
        self._noting = asyncio.Lock()
        self._waiting: list[SentMessage] = []
        self._next: asyncio.Task[None] | None = None

    async def note(self, sender: Address, place: MessageRef) -> bool:
        """Note a dialog that stands in somebody's chat, and promise to take it out again; not for who isn't known."""
        known = self._memory.known(sender)
        if known is None:
            return False
        dialog = SentMessage(
            id=f"dialog/{place.platform}/{place.conversation}/{place.message}",
            school_id=known.school_id,
            case_id=None,
            person_id=known.person_id,
            kind=DIALOG,
            to=sender,
            ref=place,
            shown_version=0,
            sent_at=self._clock.now(),
        )
        self._waiting.append(dialog)
        if self._next is None:
            self._next = asyncio.create_task(self._note())
        await asyncio.shield(self._next)
        return True

    async def _note(self) -> None:
        async with self._noting:
            self._next, dialogs, self._waiting = None, self._waiting, []
            async with self._database.transaction() as tx:
                await tx.messages.put(*dialogs)
                await tx.outbox.promise([self._cases.edit_dialog(dialog, dialog.sent_at) for dialog in dialogs])
                accounts = [await tx.accounts.find(dialog.to) for dialog in dialogs]
            for account in accounts:
                if account and account.refused_at:
                    await self._note_contact(account)

    async def _note_contact(self, account: Account) -> None:
        """Note that somebody in whose chat a dialog stands is reached there again."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await tx.journal.lock(account.school_id, now)  # before the account, as the relay does
            await note_contact(tx, account.school_id, account.person_id, account.address, now)

    async def forget(self, place: MessageRef) -> None:
        """Forget a dialog that stands in a chat no more, and what was promised about it."""
        async with self._database.transaction() as tx:
            message = await tx.messages.by_ref(place)
            if message and message.kind == DIALOG:
                await tx.messages.forget(message.id)
