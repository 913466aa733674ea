"""What is answered from memory alone: a form that must open, a list that is searched; the database may be slow or away.

Who an account belongs to is learned from the database at the start and with every turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock, Dice
from bot.library import Library
from flows.cards import Card, Option
from flows.context import Context
from flows.conversation import word_on_names
from flows.intent import understand
from flows.language import Language
from flows.port import Address, Incoming, Reply
from flows.roster import Roster
from flows.screens.intake import intake
from flows.screens.lists import find
from flows.screens.words import View
from flows.wishes import Wish
from storage.accounts import Account
from storage.cases import CaseRow
from storage.database import Database

MOST_OFFERED = 3  # cases that «Fortsett» is offered for
Reported = Mapping[tuple[str, str], Sequence[CaseRow]]  # by school and person


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who has been here; `language` is the person's own choice."""

    school_id: str
    person_id: str
    language: Language | None


class _OpenCases:
    """Who has reported what is open. One reading serves all who ask before it has begun: forms open in bursts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = asyncio.Lock()
        self._next: asyncio.Task[Reported] | None = None

    async def now(self) -> Reported:
        """Return the open cases of each reporter, the newest first, as of now or later."""
        if self._next is None:
            self._next = asyncio.create_task(self._read())
        return await asyncio.shield(self._next)

    async def _read(self) -> Reported:
        async with self._reading:
            self._next = None  # whoever asks from here on might miss what is stored meanwhile
            async with self._database.snapshot() as tx:
                rows = await tx.cases.open_by_reporter(MOST_OFFERED)
        return rows


class AtOnce:
    def __init__(self, database: Database, library: Library, clock: Clock, dice: Dice) -> None:
        self._database, self._library, self._clock, self._dice = database, library, clock, dice
        self._open = _OpenCases(database)
        self._known: dict[Address, Known] = {}
        self._forms: dict[tuple[str, Language], Card] = {}

    async def learn_all(self) -> None:
        """Learn whose all accounts are, forget all others, and make the forms anew."""
        self._forms.clear()
        found: dict[Address, Known] = {}
        async with self._database.transaction() as tx:
            for school in self._library.schools:
                languages = await tx.people.languages(school.id)
                accounts = await tx.accounts.of_school(school.id)
                found |= {account.address: _known(account, languages) for account in accounts}
        self._known = found

    async def look_up(self, address: Address) -> None:
        """Learn whose an account is, if it is anybody's."""
        async with self._database.snapshot() as tx:
            account = await tx.accounts.find(address)
            if account:
                self.learn(address, _known(account, await tx.people.languages(account.school_id)))

    def learn(self, address: Address, known: Known) -> None:
        self._known[address] = known

    def forget(self, address: Address) -> None:
        self._known.pop(address, None)

    def known(self, address: Address) -> Known | None:
        """Return whose an account is; None for whoever has left the school, as for somebody nobody has met."""
        known = self._known.get(address)
        return known if known and self._library.knows(known.school_id, known.person_id) else None

    def school_of(self, address: Address) -> str | None:
        """Return the school that the person of an account is at; None as above."""
        known = self.known(address)
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
        form = self._form(view)
        assert form.submit  # noqa: S101 - says to mypy what a form is
        fresh = replace(form, submit=replace(form.submit, reference=self._dice.token()))
        return Reply(dialog=fresh, notice=word_on_names(intent, view))

    async def unfinished(self, address: Address, form: Card) -> Card | None:
        """Return a form with the person's own open cases beside it; None where there are none.

        It stays the same form: whichever of the two is handed in, it makes one case.
        """
        known, view = self.known(address), self._view(address)
        if known is None or view is None or form.submit is None:
            return None
        rows = (await self._open.now()).get((known.school_id, known.person_id), [])
        cases = tuple((row.case_id, row.number) for row in rows)
        return intake(view, form.submit.reference, cases) if cases else None

    def _form(self, view: View) -> Card:
        """Return the empty form, the same for all who read one language at a school: files change with a restart."""
        key = view.context.roster.school.id, view.language
        if key not in self._forms:
            self._forms[key] = intake(view, "")
        return self._forms[key]

    def find(self, address: Address, source: str, query: str) -> tuple[Option, ...]:
        """Return what a list of one's own school has for a few letters."""
        view = self._view(address)
        return find(source, query, view) if view else ()

    def _view(self, address: Address) -> View | None:
        known = self.known(address)
        if known is None:
            return None
        languages = {known.person_id: known.language} if known.language else {}
        roster = Roster(self._library.school(known.school_id), languages=languages)
        plan = self._library.current_plan(known.school_id)
        return View(known.person_id, Context(self._clock.now(), roster, plan))


def _known(account: Account, languages: Mapping[str, Language]) -> Known:
    return Known(account.school_id, account.person_id, languages.get(account.person_id))
