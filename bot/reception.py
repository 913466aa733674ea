"""The bot as a platform meets it (`flows.port.Bot`): whoever nobody has met is introduced first."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.at_once import AtOnce
from bot.dialogs import Dialogs
from bot.staff import Staff
from bot.turn import Turns
from flows.cards import Card, Option
from flows.language import Language
from flows.port import Address, Incoming, MessageRef, Reply

log = logging.getLogger("rusplan.reception")

_OF_A_FORM = "form "


@dataclass(frozen=True, slots=True)
class Reception:
    turns: Turns
    staff: Staff
    memory: AtOnce
    dialogs: Dialogs

    async def handle(self, incoming: Incoming) -> Reply:
        """Carry an act out and answer it; never raises."""
        if self._is_remembered(incoming.sender):
            reply = await self.turns.handle(incoming)
            if self._is_remembered(incoming.sender):
                return reply
        return await self.turns.handle(incoming, is_introduced=await self._introduced(incoming.sender))

    def _is_remembered(self, sender: Address) -> bool:
        """Say whether somebody is known here; a turn forgets whose account another replica has let go of."""
        return self.memory.school_of(sender) is not None

    async def _introduced(self, sender: Address) -> bool:
        """Find out who somebody is; say whether the platform could be asked."""
        try:
            return await self.staff.introduce(sender)
        except Exception:  # the database, say: the turn answers for that
            log.exception("introduction_failed")
            return False

    def late(self, incoming: Incoming) -> Reply:
        """Answer an act that takes too long: it goes on, and doing it again does nothing twice."""
        return self.turns.failures.late(incoming, self.memory.school_of(incoming.sender))

    def at_once(self, incoming: Incoming) -> Reply | None:
        """Answer from memory; None where that can't be, and `handle` answers."""
        return self.memory.reply(incoming)

    async def afterwards(self, incoming: Incoming, dialog: Card) -> Card | None:
        """Return a dialog that was shown at once, with what only the database knows; None where that is nothing."""
        try:
            return await self.memory.unfinished(incoming.sender, dialog)
        except Exception:  # the form stands; handing it in says what is wrong
            log.exception("afterwards_failed")
            return None

    async def find(self, sender: Address, source: str, query: str) -> tuple[Option, ...]:
        """Return what a list has for a few letters; it may be another replica that has met this person."""
        if self.memory.school_of(sender) is None:
            try:
                await self.memory.look_up(sender)
            except Exception:  # there is nothing to choose from until the database is back
                log.exception("not_looked_up")
        return self.memory.find(sender, source, query)

    async def stands(self, sender: Address, dialog: MessageRef) -> bool:
        """Note that a dialog stands in a chat as a message: what nobody answers is taken out of it after a while."""
        try:
            return await self.dialogs.note(sender, dialog)
        except Exception:  # whoever asks shows nothing there that must not stay
            log.exception("dialog_not_noted")
            return False

    async def left(self, dialog: MessageRef) -> None:
        """Note that a dialog stands there no more."""
        try:
            await self.dialogs.forget(dialog)
        except Exception:  # it says a little later that it is closed
            log.exception("dialog_not_noted")

    def sign(self, text: str) -> str:
        """Return what proves that a form is ours; it opens no link, whose proof is of another text."""
        return self.turns.database.keys.sign(f"{_OF_A_FORM}{text}")

    def has_signed(self, text: str, signature: str) -> bool:
        """Say whether a form that comes back is one of ours."""
        return self.turns.database.keys.has_signed(f"{_OF_A_FORM}{text}", signature)

    def language(self, sender: Address) -> Language:
        """Return what a person reads."""
        return self.memory.language(sender)
