"""Whose account is whose: found by the id or the e-mail in the school file, before anything happens.

An account that nobody has met, of somebody who has just come to the school, is looked up when it first acts.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.at_once import AtOnce, Known
from bot.clock import Clock
from bot.library import Library
from bot.turn import Turns
from flows.cards import Card, Option
from flows.language import Language
from flows.port import Address, Directory, Incoming, NotDelivered, Refused, Reply
from flows.school import Person
from storage.database import Database

LOOK_UP_WITHIN = timedelta(seconds=1.5)  # of the three seconds in which Slack wants an answer
FORGET_STRANGERS_AFTER = timedelta(minutes=2)
PAUSE = timedelta(seconds=30)  # after an answer that didn't come
BREATH = timedelta(seconds=0.1)  # between two look-ups; a platform that wants longer ones says so

log = logging.getLogger("rusplan.staff")


@dataclass(slots=True)
class Staff:
    """Links the accounts of the platforms to the people of the school files."""

    database: Database
    library: Library
    directories: Sequence[Directory]
    clock: Clock
    memory: AtOnce
    strangers: dict[Address, datetime] = field(default_factory=dict)  # until when nobody asks for them again

    async def link_all(self) -> None:
        """Link everybody who has no account yet; ask as long as it takes, and no faster than a platform wants."""
        async with asyncio.TaskGroup() as group:
            for directory in self.directories:
                group.create_task(self._link_all(directory))

    async def introduce(self, address: Address) -> None:
        """Find out who somebody is that nobody has met; where that can't be said soon, it is a stranger for now."""
        directory = next((each for each in self.directories if each.name == address.platform), None)
        now = self.clock.now()
        if directory is None or self.strangers.get(address, now) > now:
            return
        try:
            async with asyncio.timeout(LOOK_UP_WITHIN.total_seconds()):
                found = await self._who(directory, address)
        except (NotDelivered, TimeoutError):
            log.warning("not_introduced", extra={"platform": address.platform})
            return
        if found is None:
            self.strangers = {each: until for each, until in self.strangers.items() if until > now}
            self.strangers[address] = now + FORGET_STRANGERS_AFTER
        else:
            await self._link(address, *found)

    async def reach(self, school_id: str, person_id: str) -> bool:
        """Look for the account of somebody who must be told something now; say whether there is one."""
        person = self.library.school(school_id).people.get(person_id)
        for directory in self.directories:
            if person and not await self._has_account(school_id, person, directory.name):
                with contextlib.suppress(NotDelivered):
                    if found := await account_of(directory, person):
                        await self._link(found, school_id, person)
        async with self.database.transaction() as tx:
            return bool(await tx.accounts.of_person(school_id, person_id))

    async def _who(self, directory: Directory, address: Address) -> tuple[str, Person] | None:
        """Return whose account this is: by its id in a school file, else by its e-mail."""
        everybody = list(people(self.library))
        if address.tenant == await directory.tenant():
            by_id = next((each for each in everybody if own_id(each[1], directory.name) == address.user), None)
            if by_id:
                return by_id
        email = (await directory.email(address)).casefold()
        without_id = (each for each in everybody if not own_id(each[1], directory.name))
        return next((each for each in without_id if email and each[1].email.casefold() == email), None)

    async def _link_all(self, directory: Directory) -> None:
        missing = [each for each in people(self.library) if not await self._has_account(*each, directory.name)]
        for school_id, person in missing:
            while True:
                try:
                    found = await account_of(directory, person)
                except Refused as refused:
                    await asyncio.sleep((refused.retry_after or PAUSE).total_seconds())
                except NotDelivered:
                    await asyncio.sleep(PAUSE.total_seconds())
                else:
                    break
            if found:
                await self._link(found, school_id, person)
            await asyncio.sleep(BREATH.total_seconds())
        log.info("staff_linked", extra={"platform": directory.name, "count": len(missing)})

    async def _has_account(self, school_id: str, person: Person, platform: str) -> bool:
        async with self.database.transaction() as tx:
            accounts = await tx.accounts.of_person(school_id, person.id)
        wanted = own_id(person, platform)
        own = [each.address.user for each in accounts if each.address.platform == platform]
        return wanted in own if wanted else bool(own)

    async def _link(self, address: Address, school_id: str, person: Person) -> None:
        async with self.database.transaction() as tx:
            await tx.accounts.link(address, school_id, person.id, self.clock.now())
            languages = await tx.people.languages(school_id)
        self.memory.learn(address, Known(school_id, person.id, languages.get(person.id)))


@dataclass(frozen=True, slots=True)
class Reception:
    """The bot as a platform meets it (`flows.port.Bot`): whoever nobody has met is introduced first."""

    turns: Turns
    staff: Staff

    async def handle(self, incoming: Incoming) -> Reply:
        if self.turns.memory.school_of(incoming.sender) is None:
            try:
                await self.staff.introduce(incoming.sender)
            except Exception:  # the database, say: the turn answers for that
                log.exception("introduction_failed")
        return await self.turns.handle(incoming)

    def at_once(self, incoming: Incoming) -> Reply | None:
        return self.turns.at_once(incoming)

    async def afterwards(self, incoming: Incoming) -> Card | None:
        return await self.turns.afterwards(incoming)

    def find(self, sender: Address, source: str, query: str) -> tuple[Option, ...]:
        return self.turns.find(sender, source, query)

    def language(self, sender: Address) -> Language:
        return self.turns.language(sender)


def people(library: Library) -> Iterator[tuple[str, Person]]:
    """Yield everybody of every school, with the school's id."""
    for school in library.schools:
        yield from ((school.id, person) for person in school.people.values())


def own_id(person: Person, platform: str) -> str:
    """Return the id that the school file gives for a platform; empty where the e-mail decides."""
    return {"slack": person.slack, "teams": person.teams}.get(platform, "")


async def account_of(directory: Directory, person: Person) -> Address | None:
    """Return a person's account, by the id in the school file or else by e-mail; raise as the directory does."""
    wanted = own_id(person, directory.name)
    return await directory.account(user=wanted) if wanted else await directory.account(email=person.email)
