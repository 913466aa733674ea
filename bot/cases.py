"""How a case is read from its events, and a decision kept with all it promises, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from bot.clock import Dice
from bot.library import Library
from flows.context import Context
from flows.decisions.draft import Decision
from flows.effects import Arm, Disarm, Kind, Notify
from flows.events import Alerted, Delivered, Entry, EscalationStarted, LevelSkipped, Reported, decode, encode
from flows.incident import Case, fold
from storage.cases import ERASED, CaseRow
from storage.outbox import Promise
from storage.timers import Timer
from storage.transaction import Transaction

OPEN = "open"
EDIT = "edit"  # an outbox row that changes a message which stands already
ACUTE, ORDINARY, QUIET = 0, 1, 2  # priorities in the outbox


_OF_THE_ALERT = (EscalationStarted, Alerted, LevelSkipped, Delivered)  # what only the reporter's message tells of


class Cases:
    """Cases between `flows`, which decides, and `storage`, which remembers."""

    def __init__(self, library: Library, dice: Dice) -> None:
        self._library, self._dice = library, dice

    async def load(self, tx: Transaction, school_id: str, case_id: str) -> Case | None:
        """Return a case of the school; None for another school's or an erased one, as for one that doesn't exist."""
        row = await tx.cases.get(case_id) if case_id else None
        if row is None or row.school_id != school_id or row.status == ERASED:
            return None
        history = await tx.journal.history(case_id)
        return fold(case_id, (Entry(event.at, event.actor, decode(event.payload)) for event in history))

    async def context(self, tx: Transaction, school_id: str, now: datetime, case: Case | None) -> Context:
        """Return what a decision looks at: an existing case stays under the plan it began with."""
        plan = self._library.current_plan(school_id)
        if case is not None:
            plan = await self._library.edition(tx, case.plan, case.edition)
        return Context(now, await self._library.roster(tx, school_id, now), plan)

    async def keep(
        self, tx: Transaction, school_id: str, before: Case | None, by: str, decision: Decision, now: datetime
    ) -> None:
        """Append the events, and promise what they ask for; raise `Conflict` where somebody was faster."""
        case = decision.case
        if case is None:
            return
        if decision.events:
            expected = before.version if before else 0
            payloads = [encode(event) for event in decision.events]
            await tx.journal.append_events(
                school_id, case.id, expected, now, by, payloads, _projection(school_id, case)
            )
            await self._promise_edits(tx, school_id, case, decision, now)
        for effect in decision.effects:
            await self._carry_out(tx, school_id, case, effect, now)

    async def _carry_out(
        self, tx: Transaction, school_id: str, case: Case, effect: Notify | Arm | Disarm, now: datetime
    ) -> None:
        match effect:
            case Notify(person, kind, key, acute):
                promise = Promise(
                    id=self._dice.token(),
                    dedupe_key=f"{case.id}/{key}",
                    school_id=school_id,
                    case_id=case.id,
                    person_id=person,
                    kind=kind,
                    priority=ACUTE if acute else ORDINARY,
                    created_at=now,
                    due_at=now,
                )
                await tx.outbox.promise([promise])
            case Arm(timer, due_at, data):
                await tx.timers.arm(Timer(case.id, timer, school_id, due_at, data))
            case Disarm(timer):
                await tx.timers.disarm(case.id, timer)

    async def _promise_edits(
        self, tx: Transaction, school_id: str, case: Case, decision: Decision, now: datetime
    ) -> None:
        """Promise that every message of the case will show it as it is now."""
        if isinstance(decision.events[0], Reported):
            return
        only_status = all(isinstance(event, _OF_THE_ALERT) for event in decision.events)
        edits = [
            self.edit(message.id, school_id, case, message.person_id, now)
            for message in await tx.messages.of_case(case.id)
            if not only_status or message.kind == Kind.STATUS
        ]
        await tx.outbox.promise(edits)

    def edit(self, message_id: str, school_id: str, case: Case, person: str, now: datetime) -> Promise:
        """Return the promise to bring a message up to date with this version of its case."""
        return Promise(
            id=self._dice.token(),
            dedupe_key=f"{message_id}/{case.version}",
            school_id=school_id,
            case_id=case.id,
            person_id=person,
            kind=EDIT,
            message_id=message_id,
            priority=QUIET,
            created_at=now,
            due_at=now,
        )


def _projection(school_id: str, case: Case) -> CaseRow:
    return CaseRow(
        case_id=case.id,
        school_id=school_id,
        number=case.number,
        version=case.version,
        status=OPEN,
        departments=case.departments,
        due_at=None,
        reporter=case.reporter,
        owner=case.taken_by or None,
        plan_id=case.plan,
        plan_version=case.edition,
        reported_at=case.reported_at,
    )
