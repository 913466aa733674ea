"""What is answered from memory alone: a form that must open, a list that is searched; the database may be slow or away.

Who an account belongs to is learned from the database at the start and with every turn.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock, Dice
from bot.library import Library
from flows.cards import Option
from flows.context import Context
from flows.conversation import converse
from flows.intent import understand
from flows.language import Language
from flows.port import Address, Incoming, Reply
from flows.roster import Roster
from flows.screens.lists import find
from flows.screens.words import View
from flows.situation import Situation
from flows.wishes import Wish
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who has been here; `language` is the person's own choice."""

    school_id: str
    person_id: str
    language: Language | None


class AtOnce:
    def __init__(self, library: Library, clock: Clock, dice: Dice) -> None:
        self._library, self._clock, self._dice = library, clock, dice
        self._known: dict[Address, Known] = {}

    async def learn_all(self, database: Database) -> None:
        """Learn whose all accounts are."""
        async with database.transaction() as tx:
            for school in self._library.schools:
                languages = await tx.people.languages(school.id)
                for account in await tx.accounts.of_school(school.id):
                    language = languages.get(account.person_id)
                    self._known[account.address] = Known(school.id, account.person_id, language)

    def learn(self, address: Address, known: Known) -> None:
        self._known[address] = known

    def school_of(self, address: Address) -> str | None:
        known = self._known.get(address)
        return known.school_id if known else None

    def language(self, address: Address) -> Language:
        """Return what a person reads; a stranger reads what the first school does."""
        view = self._view(address)
        return view.language if view else self._library.schools[0].language

    def reply(self, incoming: Incoming) -> Reply | None:
        """Return the empty form for a report; None for all else, and for whoever isn't known."""
        intent, view = understand(incoming.act), self._view(incoming.sender)
        if intent.wish is not Wish.INTAKE or view is None:
            return None
        situation = Situation(view=view, case=None, open_cases=(), case_id=self._dice.token(), number="")
        return converse(intent, incoming.act, situation).reply

    def find(self, address: Address, source: str, query: str) -> tuple[Option, ...]:
        """Return what a list of one's own school has for a few letters."""
        view = self._view(address)
        return find(source, query, view) if view else ()

    def _view(self, address: Address) -> View | None:
        known = self._known.get(address)
        if known is None or not self._library.knows(known.school_id, known.person_id):
            return None
        languages = {known.person_id: known.language} if known.language else {}
        roster = Roster(self._library.school(known.school_id), languages=languages)
        plan = self._library.current_plan(known.school_id)
        return View(known.person_id, Context(self._clock.now(), roster, plan))
