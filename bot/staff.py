"""Whose account is whose: found by the id or the e-mail in the school file, before anything happens.

An account that nobody has met, of somebody who has just come to the school, is looked up when it first acts; one that
takes nothing more is looked for anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.at_once import AtOnce, Known
from bot.clock import Clock
from bot.library import Library
from flows.port import Address, Directory, NotDelivered, Refused
from flows.school import Person
from storage.accounts import Account
from storage.database import Database
from storage.transaction import Transaction

LOOK_UP_WITHIN = timedelta(seconds=1.5)  # of the three seconds in which Slack wants an answer
FORGET_STRANGERS_AFTER = timedelta(minutes=2)
PAUSE = timedelta(minutes=1)  # between two rounds of looking for those who weren't found out about
LOOK_OVER = timedelta(days=1)
BREATH = timedelta(seconds=1.2)  # between two look-ups: Slack takes fifty a minute, and others must look, too
MOST_STRANGERS = 1000  # that are remembered

log = logging.getLogger("rusplan.staff")


@dataclass(slots=True)
class Staff:
    """Links the accounts of the platforms to the people of the school files."""

    database: Database
    library: Library
    directories: Sequence[Directory]
    clock: Clock
    memory: AtOnce
    platforms: Collection[str]  # that this installation has now; it may have had others
    strangers: dict[Address, datetime] = field(default_factory=dict)  # until when nobody asks for them again
    unknown: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)  # whom a directory couldn't say

    async def let_go(self) -> None:
        """Unlink whatever the school files no longer say: a corrected address must not leave the wrong one inside."""
        async with self.database.transaction() as tx:
            for account in await tx.accounts.all():
                if account.found_by and not self._is_still_so(account):
                    await tx.accounts.unlink(account.address)
                    self.memory.forget(account.address)
                    log.info("account_let_go", extra={"platform": account.address.platform})

    @property
    def has_looked(self) -> bool:
        """Say whether everybody has been looked for everywhere, once."""
        return bool(self.directories) and all(directory.name in self.unknown for directory in self.directories)

    async def unreached(self, tx: Transaction, school_id: str) -> tuple[str, ...]:
        """Return those of a school whom no account takes a message for, as far as that is known.

        Of somebody without an account nobody knows while a platform can't say; that all of his refuse is known.
        """
        accounts = [one for one in await tx.accounts.of_school(school_id) if one.address.platform in self.platforms]
        reached = {one.person_id for one in accounts if not one.refused_at}
        unsure = {person for unknown in self.unknown.values() for school, person in unknown if school == school_id}
        unsure -= {one.person_id for one in accounts}
        return tuple(person for person in self.library.school(school_id).people if person not in reached | unsure)

    async def keep_linked(self) -> None:
        """Link everybody, and look every day whether their accounts are still there."""
        async with asyncio.TaskGroup() as group:
            for directory in self.directories:
                group.create_task(self._keep_linked(directory))

    async def _keep_linked(self, directory: Directory) -> None:
        while True:
            try:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_OVER.total_seconds()):
                        await self._link_all(directory)
                        await asyncio.Event().wait()
                await self._look_over(directory)
            except Exception:  # the database may be away for a while: whom it is about is looked for again
                log.exception("look_up_failed", extra={"platform": directory.name})
                await asyncio.sleep(PAUSE.total_seconds())

    async def _look_over(self, directory: Directory) -> None:
        """Let go of accounts that take nothing any more, and move people to those they have instead."""
        async with self.database.transaction() as tx:
            found = [each for each in await tx.accounts.all() if each.address.platform == directory.name]
        for account in found:
            if account.found_by and self._is_still_so(account):
                try:
                    await self._look_at(directory, account)
                except NotDelivered as failure:
                    log.warning("look_up_failed", extra={"platform": directory.name, "error": str(failure)})
                await asyncio.sleep(BREATH.total_seconds())

    async def _look_at(self, directory: Directory, account: Account) -> None:
        person = self.library.school(account.school_id).people[account.person_id]
        if directory.finds_by_email or own_id(person, directory.name):
            found = await account_of(directory, person)
        else:
            found = await directory.account(user=account.address.user)
        if found and found != account.address:
            await self._move(found, account.school_id, person, ())
        elif not found:
            async with self.database.transaction() as tx:
                await tx.accounts.unlink(account.address)
            self.memory.forget(account.address)
            log.info("account_let_go", extra={"platform": directory.name})

    async def link_all(self) -> None:
        """Link everybody who has no account yet, as often as it takes, and no faster than a platform wants."""
        async with asyncio.TaskGroup() as group:
            for directory in self.directories:
                group.create_task(self._link_all(directory))

    async def introduce(self, address: Address) -> bool:
        """Find out who somebody is that nobody has met, and say whether that could be found out now."""
        directory = next((each for each in self.directories if each.name == address.platform), None)
        now = self.clock.now()
        if directory is None or self.strangers.get(address, now) > now:
            return True
        try:
            async with asyncio.timeout(LOOK_UP_WITHIN.total_seconds()):
                is_known = await self.recognise(directory, address)
        except (NotDelivered, TimeoutError):
            log.warning("not_introduced", extra={"platform": address.platform})
            return False
        if not is_known:
            self._note_stranger(address, now)
        return True

    async def recognise(self, directory: Directory, address: Address) -> bool:
        """Link an account to the person whose it is; say whether there is one, or raise as the directory does."""
        found = await self._who(directory, address)
        if found:
            await self._link(address, *found)
        return found is not None

    async def reach(self, school_id: str, person_id: str, tried: Collection[Address]) -> timedelta | None:
        """Look anew for the accounts of somebody who must be told something and can't be reached where it was tried.

        Return how long to wait before the next try: nothing where one was found, None where there is none.
        """
        person = self.library.school(school_id).people.get(person_id)
        pause: timedelta | None = None
        for directory in self.directories if person and not self._is_elsewhere(school_id, person) else ():
            try:
                found = await account_of(directory, person) if person else None
            except Refused as refused:
                pause = refused.retry_after
            except NotDelivered:
                pause = pause or PAUSE
            else:
                if found and person and await self._move(found, school_id, person, tried):
                    pause = timedelta(0)
        return pause

    async def _who(self, directory: Directory, address: Address) -> tuple[str, Person] | None:
        """Return whose account this is: by its id in a school file, else by its e-mail."""
        everybody = [each for each in people(self.library) if not self._is_elsewhere(*each)]
        if address.tenant == await directory.tenant():
            by_id = next((each for each in everybody if own_id(each[1], directory.name) == address.user), None)
            if by_id:
                return by_id
        email = (await directory.email(address)).casefold()
        without_id = (each for each in everybody if not own_id(each[1], directory.name))
        return next((each for each in without_id if email and each[1].email.casefold() == email), None)

    async def _link_all(self, directory: Directory) -> None:
        """Look for those without an account, round by round: one who can't be asked about holds nobody else up."""
        waiting = [each for each in people(self.library) if not self._is_elsewhere(*each)]
        while waiting:
            waiting = [each for each in waiting if not await self._is_settled(directory, *each)]
            self.unknown[directory.name] = frozenset((school_id, person.id) for school_id, person in waiting)
            log.info("staff_looked_up", extra={"platform": directory.name, "count": len(waiting)})
            if waiting:
                await asyncio.sleep(PAUSE.total_seconds())

    async def _is_settled(self, directory: Directory, school_id: str, person: Person) -> bool:
        """Say whether somebody's account is known, or known not to be there."""
        try:
            if await self._has_account(school_id, person, directory.name):
                return True
            found = await account_of(directory, person)
            if found:
                await self._link(found, school_id, person)
            await asyncio.sleep(BREATH.total_seconds())
        except Refused as refused:
            if refused.retry_after:
                await asyncio.sleep(refused.retry_after.total_seconds())
            return False
        except Exception as error:  # the database, or an answer that nobody has thought of: the next one, then again
            log.warning("look_up_failed", extra={"platform": directory.name, "error": type(error).__name__})
            return False
        return True

    async def _has_account(self, school_id: str, person: Person, platform: str) -> bool:
        async with self.database.transaction() as tx:
            accounts = await tx.accounts.of_person(school_id, person.id)
        key = _key(person, platform)
        return any(each.address.platform == platform and each.found_by in ("", key) for each in accounts)

    async def _link(self, address: Address, school_id: str, person: Person) -> None:
        async with self.database.transaction() as tx:
            found_by = _key(person, address.platform)
            now = self.clock.now()
            await tx.accounts.link(address, school_id, person.id, now, found_by=found_by)
            await tx.outbox.hurry(school_id, person.id, now)
            languages = await tx.people.languages(school_id)
        self.memory.learn(address, Known(school_id, person.id, languages.get(person.id)))

    async def _move(self, found: Address, school_id: str, person: Person, tried: Collection[Address]) -> bool:
        """Let somebody be reached at another account from now on; say whether it is another one than was tried.

        Somebody else may have linked it just now.
        """
        async with self.database.transaction() as tx:
            own = await tx.accounts.of_person(school_id, person.id)
            old = [each for each in own if each.address.platform == found.platform and each.found_by]
            if found in [each.address for each in own]:
                return found not in tried
            for each in old:
                await tx.accounts.unlink(each.address)
                self.memory.forget(each.address)
        await self._link(found, school_id, person)
        return True

    def _is_still_so(self, account: Account) -> bool:
        person = None
        if self.library.knows(account.school_id, account.person_id):
            person = self.library.school(account.school_id).people[account.person_id]
        return person is not None and account.found_by == _key(person, account.address.platform)

    def _is_elsewhere(self, school_id: str, person: Person) -> bool:
        """Say whether the address stands in another school's file that comes first: an account has one school."""
        return self.library.school_of_email(person.email) != school_id

    def _note_stranger(self, address: Address, now: datetime) -> None:
        self.strangers = {each: until for each, until in self.strangers.items() if until > now}
        if len(self.strangers) < MOST_STRANGERS:
            self.strangers[address] = now + FORGET_STRANGERS_AFTER


def people(library: Library) -> Iterator[tuple[str, Person]]:
    """Yield everybody of every school, with the school's id; those first who are told of everything."""
    for school in library.schools:
        plan = library.current_plan(school.id)
        levels = {level.role for chain in plan.escalation.values() for level in chain}
        places = (school.roles, *(department.roles for department in school.departments.values()))
        first = {person for roles in places for role in levels for person in roles.get(role, ())}
        yield from ((school.id, person) for person in school.people.values() if person.id in first)
        yield from ((school.id, person) for person in school.people.values() if person.id not in first)


def own_id(person: Person, platform: str) -> str:
    """Return the id that the school file gives for a platform; empty where the e-mail decides."""
    return {"slack": person.slack, "teams": person.teams}.get(platform, "")


def _key(person: Person, platform: str) -> str:
    """Return the entry of the school file that an account is found by."""
    return own_id(person, platform) or person.email.casefold()


async def account_of(directory: Directory, person: Person) -> Address | None:
    """Return a person's account, by the id in the school file or else by e-mail; raise as the directory does."""
    wanted = own_id(person, directory.name)
    return await directory.account(user=wanted) if wanted else await directory.account(email=person.email)
