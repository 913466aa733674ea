"""The relay: keeps what the turns have promised, message by message, until a platform has taken each.

It composes a card when it sends it, from the case as it is then. What the platform says decides what happens next:
taken, refused (try again later), or no telling (look whether it stands there before sending again).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from bot.cases import EDIT
from bot.clock import Clock, Dice
from bot.composer import Composer, Delivery, NotBefore, Nothing
from bot.copies import FIRST_LOOK
from bot.handing_over import HandingOver
from bot.metrics import Metrics
from bot.pace import AT_ONCE, LONGEST_PAUSE, RATE, Pace, pause_after
from bot.unreached import Unreached, note_contact
from bot.year import NewsOfTheYear
from flows.commands import BOT, NoteDelivery
from flows.decide import decide
from flows.effects import Kind
from flows.incident import Case
from flows.port import Address, MessageRef, Platform, Refused, Uncertain
from storage.database import Database
from storage.deliveries import ACUTE, OutboxRow, State
from storage.errors import Conflict
from storage.messages import SentMessage, sent_message
from storage.transaction import Transaction

log = logging.getLogger("rusplan.relay")

LEASE = timedelta(seconds=30)
HOLD_OFF = timedelta(seconds=15)  # after an answer that got lost, the platform's history may lag behind
POLL = timedelta(seconds=5)
SHORTEST_WAIT = timedelta(milliseconds=100)  # even where something is overdue: it may be in another's hands
SHUT_OUT = timedelta(hours=1)  # between two tries to change a message where nothing is taken
GIVE_UP = timedelta(weeks=4)  # such a change
TRIES = 5  # of noting a delivery beside others who act on the same case


class Relay:
    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        clock: Clock,
        dice: Dice,
        composer: Composer,
        unreached: Unreached,
        metrics: Metrics,
    ) -> None:
        self._database, self._unreached = database, unreached
        self._clock, self._dice, self._metrics = clock, dice, metrics
        self._composer, self._cases, self._year = composer, composer.cases, composer.year
        self._woken = asyncio.Event()
        self._is_stopping = False
        self._under_way: dict[asyncio.Task[None], OutboxRow] = {}
        self._pace, self._rate = Pace(platforms), RATE
        self._handing_over = HandingOver(platforms, self._pace, clock)

    def wake(self) -> None:
        """Say that something may wait; cheap, and never lost: polling is the net."""
        self._woken.set()

    async def run(self) -> None:
        """Keep promises until stopped; a slow or a failing one never holds up the others."""
        async with asyncio.TaskGroup() as group:
            while not self._is_stopping:
                self._woken.clear()
                try:
                    if await self._start(group):
                        continue
                    pause = await self._until_next()
                except Exception:  # the database may be away for a while; the rows are not
                    log.exception("relay_failed")
                    pause = POLL
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause.total_seconds()):  # wait_for may swallow a cancellation
                        await self._woken.wait()

    def stop(self) -> None:
        """Begin nothing more; `run` returns when what is under way is done, so that no row is left in our hands."""
        self._is_stopping = True
        self.wake()

    async def drain(self) -> int:
        """Keep everything that is due now; return how many rows were tried."""
        tried = 0
        async with asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                started = await self._start(group)
                tried += started
                if not started and not self._under_way:
                    return tried
                if not started:
                    await self._woken.wait()

    async def _start(self, group: asyncio.TaskGroup) -> int:
        """Begin what is due, as far as there is room for it; return how many rows."""
        room, now = AT_ONCE - len(self._under_way), self._clock.now()
        if not room:
            return 0
        others = self._pace.free(now, _not_acute(self._under_way.values()))
        async with self._database.transaction() as tx:
            rows = await tx.outbox.claim(now, self._dice.token(), LEASE, room, others=others, rate=self._rate)
        for row in rows:
            task = group.create_task(self._keep(row, now + LEASE))
            self._under_way[task] = row
            task.add_done_callback(self._ended)
        return len(rows)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self.wake()  # there is room again, and the same person's next message is free

    async def _until_next(self) -> timedelta:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            due = await tx.outbox.next_due(now, LEASE)
        return POLL if due is None else min(POLL, max(SHORTEST_WAIT, due - now))

    async def _keep(self, row: OutboxRow, until: datetime) -> None:
        """Try a promise once; whatever fails, the row comes back: by its pause, or when its lease has run out."""
        try:
            await self._try(row, until)
        except Exception:
            log.exception("delivery_failed", extra={"delivery": row.id, "kind": row.kind})

    async def _try(self, row: OutboxRow, until: datetime) -> None:
        uncertain, refused_by = row.uncertain, list[Address]()
        try:
            delivery = await self._composer.compose(row)
            if not isinstance(delivery, Delivery):
                await self._leave(row, delivery)
                return
            uncertain = True  # from here on it may stand in the chat, whatever we hear of it
            to, ref = await self._handing_over.of(delivery, refused_by, until)
            await (self._note(delivery, to, ref) if ref else self._cancel(row))
        except Refused as refused:
            if refused.for_good and row.kind == EDIT:
                refused_by += await self._shut_out(row, refused)
            else:
                if refused.retry_after and row.priority != ACUTE:
                    await self._give_back()
                if refused.for_good:
                    await self._unreached.stand_in(row)
                pause = (
                    await self._when_found(row, refused_by)
                    if refused.for_good
                    else refused.retry_after or pause_after(row.attempts, self._dice)
                )
                await self._later(row, refused.code, pause, uncertain=row.uncertain)
        except (Uncertain, TimeoutError) as unknown:
            longer = pause_after(row.attempts, self._dice)  # else of many that hang, one would always be due
            pause = max(HOLD_OFF, longer) if row.kind == EDIT else HOLD_OFF
            await self._later(row, getattr(unknown, "code", "timeout"), pause, uncertain=True)
        except Exception:
            await self._later(row, "failed", pause_after(row.attempts, self._dice), uncertain=uncertain)
            raise
        finally:
            await self._unreached.note_refusals(row, refused_by)

    async def _give_back(self) -> None:
        """Let a message that nobody had room for use up none of the pace.

        While another platform takes messages it does: else all that waits for this one would be tried in a row.
        """
        if self._pace.nobody_takes_any(self._clock.now()):
            async with self._database.transaction() as tx:
                await tx.outbox.give_back(self._rate)

    async def _shut_out(self, row: OutboxRow, refused: Refused) -> list[Address]:
        """Put a change off that nothing is taken for; return which account refuses it.

        It is given up where the message is gone: what that said stands in the case. What stands must not stay as it
        is; but one promise for each message is enough.
        """
        if refused.is_gone or self._clock.now() >= row.created_at + GIVE_UP:
            await self._drop(row, refused.code)
            return []
        async with self._database.transaction() as tx:
            message, is_overtaken = await tx.messages.get(row.message_id or ""), await tx.outbox.is_overtaken(row)
        if is_overtaken:
            await self._cancel(row)
        else:
            await self._later(row, refused.code, SHUT_OUT, is_late=False)
        return [message.to] if message else []

    async def _leave(self, row: OutboxRow, why: NotBefore | Nothing) -> None:
        """Leave a promise that there is nothing to send for, for good, for now or until its person can be reached."""
        match why:
            case Nothing.MOOT:
                await self._cancel(row)
            case Nothing.NO_PLATFORM:
                await self._drop(row, why)
            case Nothing.NO_ACCOUNT:
                await self._unreached.stand_in(row)
                await self._later(row, why, await self._when_found(row))
            case NotBefore(at):
                await self._later(row, "not_now", at - self._clock.now(), is_late=False)
            case Nothing.NOT_IN_FILE:
                await self._later(row, why, pause_after(row.attempts, self._dice))

    async def _note(self, delivery: Delivery, to: Address, ref: MessageRef) -> None:
        """Note that the platform has it: the message, and in the case that an alert was delivered."""
        for attempt in range(1, TRIES + 1):
            try:
                is_ours = await self._note_once(delivery, to, ref)
            except Conflict:
                if attempt == TRIES:
                    raise
            else:
                if not is_ours and not delivery.stands:
                    await self._handing_over.take_back(ref)
                return

    async def _note_once(self, delivery: Delivery, to: Address, ref: MessageRef) -> bool:
        """Note it, and say whether it was still ours to deliver: when the lease has run out, it may be another's."""
        row, now = delivery.row, self._clock.now()
        async with self._database.transaction() as tx:
            await tx.journal.lock(row.school_id, now)  # before the delivery's row, as in a turn
            if not await tx.outbox.finish(row.id, row.lease_token or "", now, State.SENT):
                await self._show_again(tx, row, delivery.version)
                return False
            if row.uncertain and not delivery.stands:  # an earlier try may come up in the chat only now
                await tx.outbox.sweep_again(row.id, now + FIRST_LOOK)
            if delivery.stands and row.attempts > 1:  # what was refused, and is taken now
                await note_contact(tx, row.school_id, row.person_id, to, now)
            if delivery.is_last:
                if not await tx.outbox.is_overtaken(row):  # a dialog may stand there anew
                    await tx.messages.forget(row.message_id or "")
            elif delivery.stands:
                await tx.messages.set_shown(row.message_id or "", delivery.version)
            else:
                await self._note_new(tx, delivery, to, sent_message(row, to, ref, delivery.version, now))
        return True

    async def _note_new(self, tx: Transaction, delivery: Delivery, to: Address, sent: SentMessage) -> None:
        """Note a new message that stands in a chat; what has moved on while it was on its way is shown anew."""
        row, now = delivery.row, sent.sent_at
        await note_contact(tx, row.school_id, row.person_id, to, now)
        case = await self._cases.load(tx, row.school_id, row.case_id or "")
        if case is None or not case.drill:
            self._metrics.delivered(row.priority, now - row.due_at)
        if row.kind in (NewsOfTheYear.TASKS, NewsOfTheYear.READING):
            await self._note_question(tx, delivery, sent, now)
        if row.case_id is None:  # a notice: nobody changes it after this
            return
        if (copy := await tx.messages.by_ref(sent.ref)) and copy.id != sent.id:  # its button was pressed before
            await tx.messages.forget(copy.id)
        await tx.messages.put(sent)
        if case is None:  # erased while the message was on its way: let it say so
            await tx.outbox.promise([self._cases.edit_erased(row.id, row.school_id, row.case_id, row.person_id, now)])
            return
        if case.version > delivery.version:
            await tx.outbox.promise([self._cases.edit(row.id, row.school_id, case, row.person_id, now)])
        if row.kind == Kind.ALERT:
            await self._note_alert(tx, case, row, to)

    async def _show_again(self, tx: Transaction, row: OutboxRow, version: int) -> None:
        """Let a message be brought up to date once more where what stands there came late, over something newer."""
        if row.message_id and (row.case_id is None or await tx.messages.set_back(row.message_id, version)):
            again = self._cases.edit_again(row, self._dice.token(), self._clock.now())
            await tx.outbox.promise([again])

    async def _note_question(self, tx: Transaction, delivery: Delivery, sent: SentMessage, now: datetime) -> None:
        """Note where the year asks for something; if it was answered on its way, that is shown."""
        await tx.messages.put(sent)
        if await self._year.has_changed(tx, sent, delivery.version, now):
            await tx.outbox.promise([self._cases.edit_of_no_case(sent, f"{delivery.version}", now)])

    async def _note_alert(self, tx: Transaction, case: Case, row: OutboxRow, to: Address) -> None:
        now = self._clock.now()
        context = await self._cases.context(tx, row.school_id, now, case)
        decision = decide(case, NoteDelivery(row.person_id, to.platform), context)
        await self._cases.keep(tx, row.school_id, case, BOT, decision, context)

    async def _when_found(self, row: OutboxRow, tried: Collection[Address] = ()) -> timedelta:
        """Look anew for somebody whom no account takes anything for; return when to try again."""
        pause = await self._unreached.look_anew(row, tried)
        return LONGEST_PAUSE if pause is None else max(pause, SHORTEST_WAIT)

    async def _cancel(self, row: OutboxRow) -> None:
        async with self._database.transaction() as tx:
            await tx.outbox.finish(row.id, row.lease_token or "", self._clock.now(), State.CANCELLED)

    async def _drop(self, row: OutboxRow, error: str) -> None:
        """Give up the change of a message; a new message is never given up."""
        log.warning("not_changed", extra={"delivery": row.id, "error": error})
        await self._cancel(row)

    async def _later(
        self, row: OutboxRow, error: str, pause: timedelta, *, uncertain: bool = False, is_late: bool = True
    ) -> None:
        """Put a row back. There is no last try: an alert that can't be sent is found by the escalation."""
        log.warning("not_delivered", extra={"delivery": row.id, "error": error, "attempt": row.attempts})
        async with self._database.transaction() as tx:
            token, not_before = row.lease_token or "", self._clock.now() + pause
            is_given_back = await tx.outbox.retry_later(
                row.id, token, not_before, uncertain=uncertain, error=error, is_late=is_late
            )
            if not is_given_back:
                await self._show_again(tx, row, 0)


def _not_acute(rows: Iterable[OutboxRow]) -> int:
    return sum(row.priority != ACUTE for row in rows)
