"""A turn: one incoming act, one transaction, one reply. No network stands in it, and no rule of the plan."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.at_once import MOST_OFFERED, AtOnce, Known
from bot.cases import HOME, Cases
from bot.clock import NUMBER_LENGTH, Clock, Dice
from bot.failures import Failures
from bot.library import Library
from bot.metrics import Metrics
from bot.unreached import note_contact
from bot.year import Year, as_today
from flows.access import Action
from flows.context import Context
from flows.conversation import converse
from flows.drill import numbered
from flows.effects import BeAway, ChooseLanguage, ComeBack, Kind, Own, ReadPlan
from flows.incident import Case
from flows.intent import Intent, understand
from flows.port import Incoming, MessageRef, Pressed, Reply
from flows.roster import Absence
from flows.screens.words import View
from flows.situation import Response, Situation
from flows.wishes import BEGINS_A_CASE, OF_A_TASK, OF_ALL_TASKS, OF_THE_YEAR, Wish
from storage.accounts import Account
from storage.database import Database
from storage.deliveries import State
from storage.errors import Conflict
from storage.messages import SentMessage, sent_message
from storage.transaction import Transaction

log = logging.getLogger("rusplan.turn")

_OF_ALL_CASES = (Wish.CASES, Wish.HOME, Wish.DRILL)  # what shows more than one case

TRIES = 5  # when several people act on one case at once, the losers run again on what is there now


@dataclass(frozen=True, slots=True)
class Turns:
    """What a platform's adapter hands its acts to. `wake` tells the relay that something has been promised."""

    database: Database
    library: Library
    cases: Cases
    year: Year
    failures: Failures
    clock: Clock
    dice: Dice
    wake: Callable[[], None]
    memory: AtOnce
    metrics: Metrics

    async def handle(self, incoming: Incoming, *, is_introduced: bool = True) -> Reply:
        """Carry an act out and answer it; the answer means that everything is stored. Never raises.

        `is_introduced`: whoever isn't known here is in no school file, as far as the platform could be asked.
        """
        with self.metrics.turn(incoming.sender.platform):
            return await self._handle(incoming, is_introduced=is_introduced)

    async def _handle(self, incoming: Incoming, *, is_introduced: bool) -> Reply:
        try:
            for attempt in range(1, TRIES + 1):
                try:
                    return await self._once(incoming, is_introduced=is_introduced)
                except Conflict:
                    log.info("conflict", extra={"attempt": attempt})
        except Exception as error:  # the last resort of every act: the person is told, the log says where it failed
            return self.failures.reply(incoming, self.memory.school_of(incoming.sender), error)
        return self.failures.reply(incoming, self.memory.school_of(incoming.sender), None)

    async def _once(self, incoming: Incoming, *, is_introduced: bool) -> Reply:
        async with self.database.transaction() as tx:
            account = await tx.accounts.find(incoming.sender)
            if account is None or not await self._is_known(tx, account):
                self.memory.forget(incoming.sender)  # another replica may have let go of the account
                return self.failures.stranger(incoming, is_certain=is_introduced)
            response = await self._respond(tx, account, incoming)
            is_met_again = account.refused_at and incoming.proves_reach
            if is_met_again:  # after the journal's lock, as the relay does
                await note_contact(tx, account.school_id, account.person_id, account.address, self.clock.now())
        if is_met_again or response.decision or response.own or response.changes:  # who only looks has nothing promised
            self.wake()
        return response.reply

    async def _is_known(self, tx: Transaction, account: Account) -> bool:
        """Say whether somebody is in the school's file; who isn't may be in one that another replica has stored."""
        if not self.library.knows(account.school_id, account.person_id):
            await self.library.catch_up(tx, account.school_id)
        return self.library.knows(account.school_id, account.person_id)

    async def _respond(self, tx: Transaction, account: Account, incoming: Incoming) -> Response:
        school, person, now = account.school_id, account.person_id, self.clock.now()
        source, key = incoming.sender.platform, _delivery_key(incoming)
        fresh = await tx.inbox.accept(source, key, school, now)
        intent = understand(incoming.act)
        if intent.wish in BEGINS_A_CASE and not intent.case_id:  # a form that was opened without asking the bot
            intent = replace(intent, case_id=tx.inbox.digest(key))
        is_of_year = intent.wish in OF_THE_YEAR
        case = None if is_of_year else await self.cases.load(tx, school, intent.case_id)
        context = await self.cases.context(tx, school, now, case)
        self.memory.learn(account.address, Known(school, person, context.roster.languages.get(person)))
        situation = Situation(
            view=View(person, as_today(context) if is_of_year else context),
            case=case,
            open_cases=await self._open_cases(tx, account, intent),
            case_id=await self._new_id(tx, intent),
            number=await self._number(tx, school, intent),
            pressed=await self._pressed(tx, account, incoming, case),
            repeated=not fresh,
            own_cases=await self.cases.own(tx, school, person, context) if intent.wish in _OF_ALL_CASES else (),
        )
        if is_of_year:
            situation = await self._with_tasks(tx, school, intent, situation)
        response = converse(intent, incoming.act, situation)
        await self._keep(tx, account, case, response, situation)
        if fresh and response.reply.faults:  # what was refused may be handed in again as it is, and be right by then
            await tx.inbox.forget(source, key)
        if intent.wish is Wish.HOME:
            await self._remember_home(tx, account, incoming, now)
        return response

    async def _with_tasks(self, tx: Transaction, school: str, intent: Intent, at: Situation) -> Situation:
        """Return the situation with what the act is about of the prevention year."""
        context, plan = at.view.context, at.view.context.plan
        if intent.wish in OF_A_TASK:
            return replace(at, task=await self.year.one(tx, school, intent.case_id, context))
        if intent.wish not in OF_ALL_TASKS:
            return at
        known, people = await tx.readings.of_version(school, plan.id, plan.version), context.roster.school.people
        read = [one for one in known.values() if one.read_at and one.person_id in people]
        before = [year for year in await tx.schools.years(school) if year < context.roster.school.school_year]
        found = await self.year.all(tx, school, context)
        return replace(at, year=found, have_read=len(read), last_year=max(before, default=""))

    async def _pressed(self, tx: Transaction, account: Account, incoming: Incoming, case: Case | None) -> Kind | None:
        """Return what the message shows whose button was pressed: one of this person's, about this case."""
        place = incoming.act.message if isinstance(incoming.act, Pressed) else None
        if place is None or case is None:
            return None
        message = await tx.messages.by_ref(place) or await self._first_copy(tx, account, place, case)
        if message is None or (message.person_id, message.case_id) != (account.person_id, case.id):
            return None
        return Kind(message.kind) if message.kind in set(Kind) else None

    async def _first_copy(self, tx: Transaction, account: Account, place: MessageRef, case: Case) -> SentMessage | None:
        """Note where a message stands that is only known from its button; None where there is none.

        Its platform never said so, or whoever sent it has died: it may be sent again. It changes with its case from now
        on, as a second one does.
        """
        tried = [row for row in await tx.outbox.of_case(case.id) if row.person_id == account.person_id]
        lost = [row for row in tried if row.kind in set(Kind) and (row.uncertain or row.state is State.CLAIMED)]
        if not lost:
            return None
        likeliest = min(lost, key=lambda row: (row.kind != Kind.ALERT, row.created_at))  # the button doesn't say which
        now = self.clock.now()
        first = sent_message(likeliest, account.address, place, 0, now)
        copy = replace(first, id=f"copy/{place.platform}/{place.conversation}/{place.message}")
        await tx.messages.put(copy)
        await tx.outbox.promise([self.cases.edit(copy.id, copy.school_id, case, copy.person_id, now)])
        return copy

    async def _remember_home(self, tx: Transaction, account: Account, incoming: Incoming, now: datetime) -> None:
        """Note where somebody's own page stands, so that it is kept up to date."""
        place = incoming.act.message if isinstance(incoming.act, Pressed) else None
        if place is None:
            return
        home = SentMessage(
            id=f"home/{place.platform}/{account.address.tenant}/{place.conversation}",
            school_id=account.school_id,
            case_id=None,
            person_id=account.person_id,
            kind=HOME,
            to=account.address,
            ref=place,
            shown_version=0,
            sent_at=now,
        )
        await tx.messages.put(home)

    async def _keep(
        self, tx: Transaction, account: Account, before: Case | None, response: Response, situation: Situation
    ) -> None:
        """Store what was decided, and that the person was let in or refused."""
        school, person, now = account.school_id, account.person_id, situation.view.context.now
        decision = response.decision
        if decision and not (situation.repeated and before):  # a report is the same by its case's id
            await self.cases.keep(tx, school, before, person, decision, situation.view.context)
        if response.changes and not situation.repeated:
            await self.year.keep(tx, school, person, response.changes, situation.view.context)
        if response.own and not situation.repeated:
            await self._keep_own(tx, account, response.own, situation.view.context)
        for looked_at in response.looked_at:
            await tx.journal.note_access(school, now, person, looked_at, Action.FOLLOW, allowed=True)
        if response.asked:
            action, allowed = response.asked
            case_id = before.id if before else decision.case.id if decision and decision.case else None
            await tx.journal.note_access(school, now, person, case_id, action, allowed=allowed)
            if not allowed:
                log.info("denied", extra={"platform": account.address.platform})

    async def _keep_own(self, tx: Transaction, account: Account, own: Own, context: Context) -> None:
        """Store what changes about a person, and let every open case see who is there now."""
        school, person, now = account.school_id, account.person_id, context.now
        match own:
            case ChooseLanguage(language):
                await self.cases.promise_homes(tx, school, {person}, f"own/{self.dice.token()}", now)
                await tx.people.choose_language(school, person, language)
                self.memory.learn(account.address, Known(school, person, language))
                return
            case ReadPlan():
                await self.year.note_read(tx, school, person, context)
                return
            case BeAway(from_at, until_at):
                await tx.people.add_absence(school, Absence(self.dice.token(), person, from_at, until_at))
            case ComeBack(absence):
                await tx.people.end_absence(school, person, absence, now)
        await self.cases.look_at_all(tx, school, now)

    async def _open_cases(self, tx: Transaction, account: Account, intent: Intent) -> tuple[tuple[str, str], ...]:
        if intent.wish is not Wish.INTAKE:
            return ()
        rows = await tx.cases.open_of_reporter(account.school_id, account.person_id, MOST_OFFERED)
        return tuple((row.case_id, row.number) for row in rows)

    async def _new_id(self, tx: Transaction, intent: Intent) -> str:
        """Return the id for a new case: its form's, so that the form makes one case however often it comes in."""
        if intent.wish in BEGINS_A_CASE and await tx.cases.get(intent.case_id) is None:
            return intent.case_id
        return self.dice.token()

    async def _number(self, tx: Transaction, school: str, intent: Intent) -> str:
        if intent.wish not in BEGINS_A_CASE:
            return ""
        number = self._some_number(intent)
        while await tx.cases.number_taken(school, number):
            number = self._some_number(intent)
        return number

    def _some_number(self, intent: Intent) -> str:
        spoken = self.dice.spoken(NUMBER_LENGTH)
        return numbered(spoken) if intent.wish is Wish.START_DRILL else spoken


def _delivery_key(incoming: Incoming) -> str:
    """Return what makes a delivery the same: who, the platform's id of it, and what it says; it is kept as a digest.

    A form that is corrected and handed in again may come under the same id; it is another act.
    """
    sender = incoming.sender
    return f"{sender.tenant}/{sender.user}/{incoming.delivery_id}/{incoming.act!r}"
