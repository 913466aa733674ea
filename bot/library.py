"""The plans and schools that this installation knows, in memory; their documents are kept by `storage`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.files import (
    FaultyFile,
    FileFault,
    fingerprint,
    kept_school,
    plan_packs,
    plan_with_document,
    school_id_in,
    school_with_document,
)
from flows.faults import Faulty
from flows.occurrences import AUGUST
from flows.plan import Plan
from flows.plan_file import read_plan
from flows.planning import has_begun, school_on
from flows.roster import Roster, roster_of
from flows.school import School
from flows.school_days import local_day
from storage.database import Database
from storage.errors import Unreadable
from storage.schools import StoredSchool
from storage.transaction import Transaction

LOOK_AGAIN = timedelta(seconds=1)
EVER = datetime.min.replace(tzinfo=UTC)

log = logging.getLogger("rusplan.library")


class UnknownEdition(LookupError):
    """A case is under a plan whose text is nowhere: neither shipped nor kept in the database."""


class Library:
    """Schools by id, and every edition of a plan that a case may be under.

    `school_files`: their documents, by school. Next year's file waits until its year begins, where this year's is
    known; it would end this year's tasks, and move every deadline to August. Of several replicas' files the one that
    was stored last is in force with all of them; `followed` is how many times any has come into force. `stood_in_for`
    are the schools whose own file can't be used as it is now, so that the one that was stored last is in force.
    """

    def __init__(
        self,
        schools: Iterable[School],
        plans: Iterable[tuple[Plan, str]],
        school_files: Mapping[str, str] | None = None,
    ) -> None:
        self._schools: dict[str, School] = {}
        self._by_email: dict[str, str] = {}
        self.followed = 0
        self.stood_in_for: frozenset[str] = frozenset()
        self._follow(schools)
        self._last_import: dict[str, tuple[str, datetime] | None] = {}
        self._started_at = EVER  # when the files are stored
        self._asked_at: dict[str, datetime] = {}
        self._behind: set[str] = set()  # where the file that was stored last is none that can be followed here
        self._school_files = dict(school_files or {})
        self._waiting: dict[str, School] = {}
        self._documents = {(plan.id, plan.edition): document for plan, document in plans}
        self._editions = {(plan.id, plan.edition): plan for plan, _ in plans}
        self._current = {plan.id: plan for plan, _ in plans}

    def _follow(self, schools: Iterable[School]) -> None:
        """Let these be in force, in the place of what was before."""
        self._schools |= {school.id: school for school in schools}
        everybody = [(person.email.casefold(), s.id) for s in self._schools.values() for person in s.people.values()]
        self._by_email = dict(reversed(everybody))  # the first one counts
        self.followed += 1

    @property
    def schools(self) -> tuple[School, ...]:
        return tuple(self._schools.values())

    def school(self, school_id: str) -> School:
        return self._schools[school_id]

    def knows(self, school_id: str, person_id: str) -> bool:
        """Say whether somebody is in the school's file: who isn't has no part in anything."""
        return school_id in self._schools and person_id in self._schools[school_id].people

    async def is_for_another(self, tx: Transaction, school_id: str, person_id: str) -> bool:
        """Say whether it is another replica that can tell who somebody is: its file is newer, and not to be read here.

        In the file that was stored last, and can be read, whoever isn't there has left.
        """
        if not self.knows(school_id, person_id):
            await self.catch_up(tx, school_id)
        return school_id in self._behind and not self.knows(school_id, person_id)

    def school_of_email(self, email: str) -> str | None:
        """Return the school whose file is the first that names an e-mail."""
        return self._by_email.get(email.casefold())

    def current_plan(self, school_id: str) -> Plan:
        """Return the plan that a new case at the school is under."""
        return self._current[self._schools[school_id].plan]

    async def edition(self, tx: Transaction, plan_id: str, edition: str) -> Plan:
        """Return the plan that a case is pinned to, from the database where it's no longer shipped."""
        known = self._editions.get((plan_id, edition))
        if known is None:
            document = await tx.plans.get(plan_id, edition)
            if document is None:
                raise UnknownEdition(plan_id, edition)
            content, expected = json.loads(document), edition.partition("+")[2]
            if fingerprint(content) != expected:
                raise Unreadable(plan_id)  # no longer the words that the case began under
            known = read_plan(content, expected)
            self._editions[plan_id, edition] = known
        return known

    async def roster(self, tx: Transaction, school_id: str, now: datetime) -> Roster:
        """Return who is where at a school now: the school file that was stored last, less those who are absent.

        Whether another one was stored is asked once a second: every turn would pay for it.
        """
        if not timedelta() <= now - self._asked_at.get(school_id, EVER) < LOOK_AGAIN:
            await self.catch_up(tx, school_id)
            self._asked_at[school_id] = now
        away, languages = await tx.people.said(school_id, now)
        return roster_of(self._schools[school_id], away, languages, now)

    async def catch_up(self, tx: Transaction, school_id: str) -> None:
        """Let the file be in force that another replica has stored since this one stored its own."""
        last = await tx.schools.last_import(school_id)
        if school_id not in self._schools or last == self._last_import.setdefault(school_id, last):
            return
        kept = await self._kept(tx, school_id)
        self._last_import[school_id] = last
        if kept:
            self._behind.discard(school_id)
            self._follow([kept])
        else:
            self._behind.add(school_id)

    async def catch_up_all(self, database: Database) -> None:
        for school_id in sorted(self._schools):
            async with database.transaction() as tx:
                await self.catch_up(tx, school_id)

    async def stand_in(self, database: Database, faulty: FaultyFile) -> None:
        """Let stored files be in force in the place of faulty ones; raise the faults where that isn't all of them.

        Whoever restarts the bot at night may have nothing to do with what somebody wrote into a file in the afternoon.
        Where a file doesn't even say whose it is, every school that has a stored file and no other is taken.
        """
        async with database.transaction() as tx:
            stored = {school_id: await self._kept(tx, school_id) for school_id in await tx.schools.ids()}
        named = {school_id for school_id in faulty.school_ids if school_id}
        left = set(stored) - self._schools.keys() - named if "" in faulty.school_ids else set[str]()
        missing = [school for school_id in sorted(named | left) if (school := stored.get(school_id))]
        if named & self._schools.keys() or len(missing) < len(faulty.school_ids):
            raise faulty
        self._follow(missing)
        self.stood_in_for = frozenset(school.id for school in missing)
        for school in missing:
            log.error("school_file_faulty", extra={"school_id": school.id})

    async def follow_stored(self, database: Database) -> None:
        """Let the stored files be in force, and store none; a school that has none goes by its own."""
        async with database.snapshot() as tx:
            stored = [await self._kept(tx, school_id) for school_id in self._schools]
        self._follow(school for school in stored if school)

    async def keep(self, database: Database, now: datetime) -> None:
        """Store the documents: a case finishes under a plan that is no longer shipped, a year under its school file.

        Where a school's file waits for its year, the one that was stored before is in force until then.
        """
        before: list[School] = []
        self._started_at = now
        async with database.transaction() as tx:
            for (plan_id, edition), document in self._documents.items():
                await tx.plans.put(plan_id, edition, document, now)
            for school_id in sorted(self._school_files.keys() - self._waiting.keys()):
                school = self._schools[school_id]
                if has_begun(school, local_day(now)):
                    await self._put(tx, school, now)
                    continue
                self._waiting[school_id] = school  # where none was stored, it counts now, and is stored in August
                if kept := await self._kept(tx, school_id):
                    log.info("school_file_waits", extra={"school_id": school_id})
                    before.append(kept)
            imports = {school_id: await tx.schools.last_import(school_id) for school_id in self._schools}
        self._follow(before)
        self._last_import |= imports

    async def _is_newest(self, tx: Transaction, school: School, now: datetime) -> bool:
        """Say whether no replica that was started later has stored its file for the year."""
        stored, year = await tx.schools.newest(school.id), school_on(school, local_day(now)).school_year
        return stored is None or stored.school_year < year or stored.imported_at < self._started_at

    async def _put(self, tx: Transaction, school: School, now: datetime) -> None:
        """Store a file as that of the year that it is in force in; what an earlier year's said stays as it was."""
        edition, document = self._current[school.plan].edition, self._school_files[school.id]
        year = school_on(school, local_day(now)).school_year
        await tx.schools.put(StoredSchool(school.id, year, edition, document, self._started_at))

    async def _kept(self, tx: Transaction, school_id: str) -> School | None:
        """Return the school as its stored file says; None where there is none that can still be followed."""
        stored = await tx.schools.newest(school_id)
        try:
            school = kept_school(stored.document) if stored else None
        except Faulty:
            log.exception("kept_school_unreadable", extra={"school_id": school_id})
            return None
        return school if school and school.plan in self._current else None

    async def of_year(self, tx: Transaction, school_id: str, school_year: str) -> tuple[School, Plan] | None:
        """Return a school as its file of a year said last, and the plan that it followed; None where none is kept."""
        stored = await tx.schools.get(school_id, school_year)
        if stored is None:
            return None
        school = school_on(kept_school(stored.document), date(int(school_year.split("-", maxsplit=1)[0]), AUGUST, 1))
        plan = await self.edition(tx, school.plan, stored.edition) if stored.edition else self._current.get(school.plan)
        return (school, plan) if plan else None

    async def begin_years(self, database: Database, now: datetime) -> None:
        """Let the files be in force that have waited and whose year has begun; elsewhere the old one goes on."""
        begun = [school for school in self._waiting.values() if has_begun(school, local_day(now))]
        if begun:
            await self._begin(begun, database, now)
        for school_id, last in tuple(self._last_import.items()):
            year = school_on(self._schools[school_id], local_day(now)).school_year
            if last and last[0] < year:
                await self._go_on(school_id, year, database)

    async def _begin(self, begun: Sequence[School], database: Database, now: datetime) -> None:
        async with database.transaction() as tx:
            newest = [school for school in begun if await self._is_newest(tx, school, now)]
            for school in newest:
                await self._put(tx, school, now)
            imports = {school.id: await tx.schools.last_import(school.id) for school in newest}
        self._follow(newest)  # once they are stored, so that a database that is away costs only that minute
        self._last_import |= imports
        for school in begun:
            del self._waiting[school.id]

    async def _go_on(self, school_id: str, school_year: str, database: Database) -> None:
        """Store last year's file as this year's, too: what is changed from now on changes nothing of last year.

        It stays as old as it is: whatever a later start has brought, and has waited, is newer.
        """
        async with database.transaction() as tx:
            stored = await tx.schools.newest(school_id)
            if stored is None or stored.school_year >= school_year:  # another replica has begun it, maybe with a newer
                return
            edition = self.current_plan(school_id).edition
            await tx.schools.put(replace(stored, school_year=school_year, edition=edition))


def load_library(plan_path: Path | None, school_files: Iterable[Path]) -> Library:
    """Read the plan packs and the schools; raise `FaultyFile` with every fault of all files."""
    library, faulty = read_library(plan_path, school_files)
    if faulty:
        raise faulty
    return library


def read_library(plan_path: Path | None, school_files: Iterable[Path]) -> tuple[Library, FaultyFile | None]:
    """Read the plan packs, and the schools as far as they can be; return the latter's faults, raise a plan's."""
    plans = [plan_with_document(pack) for pack in plan_packs(plan_path)]
    schools: dict[str, tuple[School, str, Path]] = {}
    faults, faulty_ids = list[FileFault](), list[str]()
    for file in school_files:
        try:
            school, document = school_with_document(file, {plan.id: plan for plan, _ in plans})
        except FaultyFile as faulty:
            faults += faulty.faults
            faulty_ids.append(school_id_in(file))
            continue
        if school.id in schools:
            other = schools[school.id][2]
            faults.append(FileFault(file, 1, f"Skolen «{school.id}» står allerede i {other}. Hver skole har én fil."))
            faulty_ids.append(school.id)
        schools[school.id] = school, document, file
    documents = {school_id: document for school_id, (_, document, _) in schools.items()}
    library = Library([school for school, _, _ in schools.values()], plans, documents)
    return library, FaultyFile(faults, faulty_ids) if faults else None
