"""The plans and schools that this installation knows, in memory; their documents are kept by `storage`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from bot.files import FaultyFile, FileFault, fingerprint, load_plan, load_school, plan_document, plan_packs
from flows.plan import Plan
from flows.plan_file import read_plan
from flows.roster import Roster, roster_of
from flows.school import School
from storage.database import Database
from storage.errors import Unreadable
from storage.transaction import Transaction


class UnknownEdition(LookupError):
    """A case is under a plan whose text is nowhere: neither shipped nor kept in the database."""


class Library:
    """Schools by id, and every edition of a plan that a case may be under."""

    def __init__(self, schools: Iterable[School], plans: Iterable[tuple[Plan, str]]) -> None:
        self._schools = {school.id: school for school in schools}
        self._documents = {(plan.id, plan.edition): document for plan, document in plans}
        self._editions = {(plan.id, plan.edition): plan for plan, _ in plans}
        self._current = {plan.id: plan for plan, _ in plans}
        everybody = [(person.email.casefold(), s.id) for s in self._schools.values() for person in s.people.values()]
        self._by_email = dict(reversed(everybody))  # the first one counts

    @property
    def schools(self) -> tuple[School, ...]:
        return tuple(self._schools.values())

    def school(self, school_id: str) -> School:
        return self._schools[school_id]

    def knows(self, school_id: str, person_id: str) -> bool:
        """Say whether somebody is in the school's file: who isn't has no part in anything."""
        return school_id in self._schools and person_id in self._schools[school_id].people

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
        """Return who is where at a school now: the school file, less those who are absent."""
        away, languages = await tx.people.away(school_id, now), await tx.people.languages(school_id)
        return roster_of(self._schools[school_id], away, languages, now)

    async def keep(self, database: Database, now: datetime) -> None:
        """Store the documents, so that a case can finish under a plan that is no longer shipped."""
        async with database.transaction() as tx:
            for (plan_id, edition), document in self._documents.items():
                await tx.plans.put(plan_id, edition, document, now)


def load_library(plan_path: Path | None, school_files: Iterable[Path]) -> Library:
    """Read the plan packs and the schools; raise `FaultyFile` with every fault of all files."""
    plans = [(load_plan(pack), plan_document(pack)) for pack in plan_packs(plan_path)]
    schools: dict[str, tuple[School, Path]] = {}
    faults: list[FileFault] = []
    for file in school_files:
        try:
            school = load_school(file, {plan.id: plan for plan, _ in plans})
        except FaultyFile as faulty:
            faults += faulty.faults
            continue
        if school.id in schools:
            other = schools[school.id][1]
            faults.append(FileFault(file, 1, f"Skolen «{school.id}» står allerede i {other}. Hver skole har én fil."))
        schools[school.id] = school, file
    if faults:
        raise FaultyFile(faults)
    return Library([school for school, _ in schools.values()], plans)
