"""How a case is read from its events, and a decision kept with all it promises, in the caller's transaction."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Dice
from bot.library import Library
from bot.pace import LONGEST_PAUSE
from flows import effects
from flows.access import has_part, parties
from flows.commands import BOT
from flows.context import Context
from flows.decisions.draft import Decision
from flows.drill import inside
from flows.effects import Arm, Disarm, Effect, Erase, Kind, Notify, TellAll
from flows.events import (
    Alerted,
    CaseReminded,
    Delivered,
    DutyReminded,
    Entry,
    EscalationStarted,
    LevelSkipped,
    OwnerGone,
    Reported,
    Unreached,
    decode,
    encode,
)
from flows.fold import fold
from flows.handouts import Address, nowhere
from flows.incident import Case
from flows.roster import Roster
from flows.screens.words import View
from storage.cases import CLOSED, DRILL, ERASED, CaseRow
from storage.deliveries import ACUTE, OutboxRow, Promise
from storage.errors import Conflict
from storage.messages import SentMessage
from storage.timers import Timer
from storage.transaction import Transaction

OPEN = "open"
MOST_OPEN = 10_000
MOST_KEPT = 500  # cases in memory
DIALOG_STANDS = timedelta(minutes=15)
HOME = "home"  # a message that is a person's own page, about no case in particular
DIALOG = "dialog"  # a message that is a dialog, where a platform has no other place for one
EDIT = "edit"  # an outbox row that changes a message which stands already
ORDINARY, QUIET = 1, 2  # priorities in the outbox, behind ACUTE; quiet is what nobody waits for


_SAID_ONCE = (Kind.ALERT, Kind.REMINDER)  # one that waits tells all that the next would
_OF_NO_CARD = (DutyReminded, CaseReminded)  # what no message shows
_OF_THE_ALERT = (
    EscalationStarted,
    Alerted,
    LevelSkipped,
    Delivered,
    Unreached,
)  # what only the reporter's message tells of


class Cases:
    """Cases between `flows`, which decides, and `storage`, which remembers."""

    def __init__(self, library: Library, dice: Dice, addresses: Callable[[str], Address] = lambda _: nowhere) -> None:
        self._library, self._dice, self._addresses = library, dice, addresses
        # By era, id and version, the last used last.
        self._kept: OrderedDict[tuple[int, str, int], Case] = OrderedDict()

    async def load(self, tx: Transaction, school_id: str, case_id: str) -> Case | None:
        """Return a case of the school; None for another school's or an erased one, as for one that doesn't exist."""
        row = await tx.cases.get(case_id) if case_id else None
        if row is None or row.school_id != school_id or row.status == ERASED:
            return None
        return await self._read(tx, case_id)

    async def _read(self, tx: Transaction, case_id: str) -> Case | None:
        history = await tx.journal.history(case_id)
        return fold(case_id, (Entry(event.at, event.actor, decode(event.payload)) for event in history))

    async def context(self, tx: Transaction, school_id: str, now: datetime, case: Case | None) -> Context:
        """Return what a decision looks at: an existing case stays under the plan it began with."""
        plan = self._library.current_plan(school_id)
        if case is not None:
            plan = await self._library.edition(tx, case.plan, case.edition)
        context = Context(now, await self._library.roster(tx, school_id, now), plan, self._addresses(school_id))
        return inside(context, case.drill if case else None)

    async def past(self, tx: Transaction, school_id: str, school_year: str, now: datetime) -> Context | None:
        """Return a school and its plan as they were in a year that is over; None where nothing is kept of it."""
        kept = await self._library.of_year(tx, school_id, school_year)
        return Context(now, Roster(kept[0]), kept[1], self._addresses(school_id)) if kept else None

    def prefers(self, school_id: str, person_id: str) -> str:
        """Return the platform that somebody wants to be told on first; empty where any will do."""
        is_known = self._library.knows(school_id, person_id)
        return self._library.school(school_id).people[person_id].prefers if is_known else ""

    async def is_for_another(self, tx: Transaction, school_id: str, person_id: str) -> bool:
        """Say whether only a replica with a newer school file can tell who somebody is."""
        return await self._library.is_for_another(tx, school_id, person_id)

    @property
    def schools(self) -> tuple[str, ...]:
        return tuple(school.id for school in self._library.schools)

    async def look_at_all(self, tx: Transaction, school_id: str, now: datetime) -> None:
        """Let the clock look at every open case of a school now: somebody has gone, come back, or left the file."""
        rows = await tx.cases.open_of_school(school_id, MOST_OPEN)
        await self.promise_homes(tx, school_id, None, f"look/{self._dice.token()}", now)
        await tx.timers.arm_all(school_id, [row.case_id for row in rows], effects.Timer.FOLLOW_UP, now)

    async def keep(
        self, tx: Transaction, school_id: str, before: Case | None, by: str, decision: Decision, context: Context
    ) -> None:
        """Append the events, and promise what they ask for; raise `Conflict` where another was faster or knows more."""
        case, now = decision.case, context.now
        if case is None:
            return
        is_gone = any(isinstance(event, OwnerGone) for event in decision.events)
        if before and is_gone and await self.is_for_another(tx, school_id, before.taken_by):
            raise Conflict  # it comes again, until a replica has it that can tell
        if before is None:
            context = inside(context, case.drill)
        if decision.events:
            expected = before.version if before else 0
            payloads = [encode(event) for event in decision.events]
            await tx.journal.append_events(
                school_id, case.id, expected, now, by, payloads, _projection(school_id, case)
            )
            await self._promise_edits(tx, school_id, case, decision, now)
            people = parties(case, context) | (parties(before, context) if before else frozenset())
            await self.promise_homes(tx, school_id, people, f"{case.id}/{case.version}", now)
        for effect in decision.effects:
            await self._carry_out(tx, school_id, case, by, effect, now)

    async def _carry_out(
        self, tx: Transaction, school_id: str, case: Case, by: str, effect: Effect, now: datetime
    ) -> None:
        match effect:
            case Notify():
                await self._notify(tx, school_id, case, effect, now)
            case TellAll(kind, key):
                told = {message.person_id for message in await tx.messages.of_case(case.id)}
                told |= {row.person_id for row in await tx.outbox.of_case(case.id)}
                there = [person for person in sorted(told - {by}) if self._library.knows(school_id, person)]
                news = [Notify(person, kind, f"{key}/{person}", acute=True) for person in there]
                await tx.outbox.promise([self._message(school_id, case, each, now) for each in news])
            case Arm(timer, at, data):
                await tx.timers.arm(Timer(case.id, timer, school_id, at, data))
            case Disarm(timer):
                await tx.timers.disarm(case.id, timer)
            case Erase():
                await self._erase(tx, school_id, case, now)

    async def _notify(self, tx: Transaction, school_id: str, case: Case, note: Notify, now: datetime) -> None:
        """Promise a message; whoever can't be reached gets one of a kind as soon as he can, not one for each round."""
        promise = self._message(school_id, case, note, now)
        if note.kind not in _SAID_ONCE or not await tx.outbox.stands_in(promise, now, LONGEST_PAUSE):
            await tx.outbox.promise([promise])

    def _message(self, school_id: str, case: Case, note: Notify, now: datetime) -> Promise:
        return Promise(
            id=self._dice.token(),
            dedupe_key=f"{case.id}/{note.key}",
            school_id=school_id,
            case_id=case.id,
            person_id=note.person,
            kind=note.kind,
            priority=_priority(case, note),
            created_at=now,
            due_at=now,
        )

    async def promise_homes(
        self, tx: Transaction, school_id: str, people: Collection[str] | None, key: str, now: datetime
    ) -> None:
        """Promise that these people's own pages, or everybody's, will show what is new, where they have one."""
        homes = await tx.messages.of_no_case(school_id, HOME, people)
        edits = [self._edit(home.id, school_id, None, home.person_id, key, now, QUIET) for home in homes]
        await tx.outbox.promise(edits)

    async def own(
        self, tx: Transaction, school_id: str, person: str, context: Context
    ) -> tuple[tuple[View, Case], ...]:
        """Return the open cases that a person has a part in, each seen under its own plan.

        Not to be asked in a transaction that has changed a case: what it reads is kept for the next time.
        """
        found = []
        for row in await tx.cases.open_of_school(school_id, MOST_OPEN):
            case = await self._as_it_was(tx, row)
            if case is None:
                continue
            own = replace(context, plan=await self._library.edition(tx, case.plan, case.edition))
            own = inside(own, case.drill)
            if has_part(person, case, own):
                found.append((View(person, own), case))
        return tuple(found)

    async def _as_it_was(self, tx: Transaction, row: CaseRow) -> Case | None:
        """Return a case at its row's version; reading and opening its history anew costs far more than all the rest."""
        key = tx.era, row.case_id, row.version
        if key not in self._kept:
            case = await self._read(tx, row.case_id)
            if case is None:
                return None
            self._kept[key] = case
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]

    async def _erase(self, tx: Transaction, school_id: str, case: Case, now: datetime) -> None:
        """Destroy the content, and let every message that stands in a chat say so."""
        await tx.journal.destroy_key(case.id, now, BOT)
        for key in [key for key in self._kept if key[1] == case.id]:
            del self._kept[key]
        await tx.timers.disarm_all(case.id)
        messages = await tx.messages.of_case(case.id)
        await tx.outbox.promise(
            [self.edit_erased(message.id, school_id, case.id, message.person_id, now) for message in messages]
        )

    def edit_erased(self, message_id: str, school_id: str, case_id: str, person: str, now: datetime) -> Promise:
        """Return the promise to let a message say that its case is erased."""
        return self._edit(message_id, school_id, case_id, person, ERASED, now)

    async def _promise_edits(
        self, tx: Transaction, school_id: str, case: Case, decision: Decision, now: datetime
    ) -> None:
        """Promise that every message of the case will show it as it is now."""
        if isinstance(decision.events[0], Reported) or all(isinstance(event, _OF_NO_CARD) for event in decision.events):
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
        priority = QUIET if case.drill else ORDINARY
        return self._edit(message_id, school_id, case.id, person, str(case.version), now, priority)

    def edit_dialog(self, message: SentMessage, now: datetime) -> Promise:
        """Return the promise to take a dialog out of a chat, if nobody answers it before."""
        made = self._edit(message.id, message.school_id, None, message.person_id, self._dice.token(), now, QUIET)
        return replace(made, due_at=now + DIALOG_STANDS)

    def edit_of_no_case(self, message: SentMessage, key: str, now: datetime) -> Promise:
        """Return the promise to bring a message up to date that is about no case; `key` is what is new."""
        return self._edit(message.id, message.school_id, None, message.person_id, key, now)

    def edit_again(self, row: OutboxRow, key: str, now: datetime) -> Promise:
        """Return the promise to bring the message of an edit up to date once more."""
        return self._edit(row.message_id or "", row.school_id, row.case_id, row.person_id, key, now)

    def _edit(
        self,
        message_id: str,
        school_id: str,
        case_id: str | None,
        person: str,
        to: str,
        now: datetime,
        priority: int = ORDINARY,
    ) -> Promise:
        return Promise(
            id=self._dice.token(),
            dedupe_key=f"{message_id}/{to}",
            school_id=school_id,
            case_id=case_id,
            person_id=person,
            kind=EDIT,
            message_id=message_id,
            priority=priority,
            created_at=now,
            due_at=now,
        )


def _priority(case: Case, note: Notify) -> int:
    """Return how soon a message goes out; all that is of a drill comes behind what is real, and its briefing first."""
    if case.drill:
        return ORDINARY if note.kind is Kind.BRIEFING else QUIET
    return ACUTE if note.acute else ORDINARY


def _status(case: Case) -> str:
    if case.is_closed:
        return CLOSED
    return DRILL if case.drill else OPEN


def _projection(school_id: str, case: Case) -> CaseRow:
    return CaseRow(
        case_id=case.id,
        school_id=school_id,
        number=case.number,
        version=case.version,
        status=_status(case),
        departments=case.departments,
        reporter=case.reporter,
        owner=None if case.handed_over else case.taken_by or None,
        plan_id=case.plan,
        plan_version=case.edition,
        reported_at=case.reported_at,
    )
