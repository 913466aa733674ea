"""The relay beside platforms, people and a database that fail: each promise is kept, and none holds up another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot import composer
from bot import relay as relays
from bot.app import App, build, running
from bot.clock import SystemClock
from bot.copies import Copies
from bot.library import load_library
from flows.cards import Card, plain_text
from flows.effects import Kind
from flows.port import Address, MessageRef, NotDelivered, Platform, Refused, Submitted, Uncertain
from flows.screens.compose import compose
from storage.deliveries import OutboxRow, State
from storage.errors import DatabaseUnavailable
from tests.school import CHAT, DEMO_SCHOOL, MONDAY_MORNING, REPORT, FakeChat, FakeClock, School, SeededDice

OTHER = "other"
REPORTED = {name: (value,) for name, value in REPORT.items()}
SOON = 10.0  # seconds; what is waited for here takes a fraction of one


async def outbox(school: School, person: str) -> list[OutboxRow]:
    """Return all that was ever promised to a person about the one case, in order."""
    async with school.database.transaction() as tx:
        case, *_ = await tx.cases.open_of_school(school.library.schools[0].id)
        return [row for row in await tx.outbox.of_case(case.case_id) if row.person_id == person]


async def linked(school: School, person: str, platform: str) -> None:
    """Give a person an account on a further platform, later than the first and so to be tried before it."""
    school.clock.forward(timedelta(seconds=1))
    async with school.database.transaction() as tx:
        await tx.accounts.link(Address(platform, "t", person), school.library.schools[0].id, person, school.clock.now())


def bot_on(school: School, **platforms: Platform) -> App:
    return build(school.database, school.library, platforms, school.clock, SeededDice(7))


class Unreachable(FakeChat):
    """A platform that has blocked everybody for good."""

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        raise Refused("user_not_found", for_good=True)


async def test_whoever_can_not_be_reached_on_one_platform_is_written_to_on_the_other(school: School) -> None:
    await linked(school, "kari", OTHER)
    school.app = bot_on(school, chat=school.chat, other=Unreachable(OTHER))
    await school["ola"].reports()
    assert len(school["kari"].messages) == 1


async def alerted_over_two(school: School, other: FakeChat) -> None:
    """Let Kari have a further platform, which this is the chat of and which is tried first, and be alerted."""
    await linked(school, "kari", OTHER)
    school.app = bot_on(school, chat=school.chat, other=other)
    await school["ola"].reports()


async def test_each_round_of_an_alert_goes_over_another_of_somebodys_platforms(school: School) -> None:
    other = FakeChat(OTHER)
    await alerted_over_two(school, other)
    assert (len(other.chats["kari"]), len(school["kari"].messages)) == (1, 0)
    await school.passes(minutes=14)
    assert (len(other.chats["kari"]), len(school["kari"].messages)) == (2, 0)
    await school.passes(minutes=2)
    assert (len(other.chats["kari"]), len(school["kari"].messages)) == (2, 1)


class LateChat(FakeChat):
    """A platform that loses every answer, and whose history lags behind."""

    is_late = True

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        ref = await super().send(to, card, delivery_id)
        if self.is_late:
            raise Uncertain("timeout")
        return ref

    async def find(self, to: Address, delivery_id: str, since: datetime) -> tuple[MessageRef, ...]:
        return () if self.is_late else await super().find(to, delivery_id, since)


async def test_an_alert_that_one_platform_refuses_goes_over_the_other_at_once(school: School) -> None:
    other = FakeChat(OTHER)
    other.faults.extend([Refused("down")] * 50)
    await alerted_over_two(school, other)
    assert len(school["kari"].messages) == 1


async def test_a_refusal_that_may_pass_counts_before_one_that_will_not(school: School) -> None:
    other = FakeChat(OTHER)
    other.faults.extend([Refused("down", retry_after=timedelta(seconds=9))] * 2)
    school.chat.faults = [Refused("user_disabled", for_good=True)] * 2
    await linked(school, "kari", OTHER)
    school.app = bot_on(school, chat=school.chat, other=other)
    await school["ola"].does_again(Submitted("report", "f" * 32, {k: (v,) for k, v in REPORT.items()}), "report")
    await school.app.relay.drain()
    (row,) = await outbox(school, "kari")
    assert (row.last_error, row.not_before_at) == ("down", school.clock.now() + timedelta(seconds=9))


class Asked(FakeChat):
    """A platform that notes when it is asked to post for Kari, and refuses some of the first times."""

    def __init__(self, school: School, name: str, *faults: NotDelivered) -> None:
        super().__init__(name)
        self.school, self.of_kari, self.asked_at = school, [*faults], list[datetime]()

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        if to.user == "kari":
            self.asked_at.append(self.school.clock.now())
            if self.of_kari:
                raise self.of_kari.pop(0)
        return await super().send(to, card, delivery_id)


async def test_while_one_platform_has_asked_for_a_long_pause_the_other_is_tried_on_and_that_one_is_not(
    school: School,
) -> None:
    other = Asked(school, OTHER, *[Refused("ratelimited", retry_after=timedelta(minutes=10))] * 50)
    own = Asked(school, CHAT, Refused("not_connected"))
    await linked(school, "kari", OTHER)
    school.app = bot_on(school, chat=own, other=other)
    await school["ola"].reports()
    await school.passes(seconds=30)
    assert len(own.chats["kari"]) == 1
    await school.passes(minutes=8)
    assert len(other.asked_at) == 1


async def test_where_one_platform_wants_a_pause_and_the_other_refuses_for_good_nobody_is_asked_all_the_time(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0

    class Known:
        name, finds_by_email = OTHER, True

        async def account(self, **_: str) -> Address:
            nonlocal looked
            looked += 1
            return Address(OTHER, "t", "kari")

    own = Asked(school, CHAT, *[Refused("blocked", for_good=True)] * 500)
    other = Asked(school, OTHER, Refused("ratelimited", retry_after=timedelta(seconds=30)))
    await linked(school, "kari", OTHER)
    school.app = bot_on(school, chat=own, other=other)
    monkeypatch.setattr(school.app.reception.staff, "directories", [Known()])
    school.app.relay._pace.pause(OTHER, school.clock.now() + timedelta(seconds=30))
    await school["ola"].reports()
    await school.passes(seconds=29)
    assert (len(own.asked_at), len(other.asked_at)) == (1, 1)
    assert not looked
    await school.passes(seconds=2)
    assert len(other.chats["kari"]) == 1


async def test_a_suspicion_that_becomes_acute_waits_no_longer_for_a_platform_that_has_asked_for_a_pause(
    school: School,
) -> None:
    other = Asked(school, OTHER, *[Refused("ratelimited", retry_after=timedelta(minutes=30))] * 50)
    await linked(school, "kari", OTHER)
    school.app = bot_on(school, chat=school.chat, other=other)
    await school["ola"].reports(hendelsestype="mistanke")
    await school.passes(minutes=2)
    assert not school["kari"].messages
    await school["ola"].presses("Rett hva, hvor eller klasse", in_dialog=True)
    await school["ola"].submits(hendelsestype="synlig_beruset")
    await school.passes(minutes=1)
    assert len(school["kari"].messages) == 1
    assert len(other.asked_at) == 1


@pytest.mark.parametrize("why", [Refused("token_refused"), Uncertain("status_503")])
async def test_what_is_not_urgent_goes_over_the_other_platform_when_the_preferred_one_is_down_for_long(
    school: School, why: NotDelivered
) -> None:
    other = FakeChat(OTHER)
    other.faults.extend([why] * 5000)
    for person in ("kari", "siri"):
        await linked(school, person, OTHER)
    school.app = bot_on(school, chat=school.chat, other=other)
    await school["ola"].reports()
    await school.passes(minutes=4)
    await school["kari"].presses("Jeg tar saken")
    assert not school["siri"].messages
    school.clock.forward(timedelta(minutes=20))
    await school.passes(minutes=3)
    assert len(school["siri"].messages) == 1
    assert not await school.app.health.auditor.audit()


@pytest.mark.parametrize("of", ["edit", "find"])
async def test_what_is_found_and_can_not_be_changed_or_not_be_looked_for_is_not_asked_for_all_the_time(
    school: School, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    """As a message that got there, whose answer was lost, and that the platform lets nobody edit any more."""
    asked = 0

    async def refuses(*_: object) -> None:
        nonlocal asked
        asked += 1
        raise Refused("no_longer", for_good=True)

    class Known:
        name, finds_by_email = CHAT, True

        async def account(self, **_: str) -> Address:
            return Address(CHAT, "t", "kari")

    monkeypatch.setattr(school.app.reception.staff, "directories", [Known()])
    school.chat.faults_after = [Uncertain("timeout")]
    await school["ola"].does_again(Submitted("report", "f" * 32, REPORTED), "report")
    await school.app.relay.drain()
    assert [row.uncertain for row in await outbox(school, "kari")] == [True]
    monkeypatch.setattr(school.chat, of, refuses)
    await school.passes(seconds=45)
    assert asked <= 2
    if of == "edit":
        assert [row.state for row in await outbox(school, "kari")] == [State.SENT]


async def test_an_alert_that_one_platform_does_not_answer_goes_over_the_other_after_a_while(school: School) -> None:
    other = FakeChat(OTHER)
    other.faults.extend([Uncertain("down")] * 50)
    await alerted_over_two(school, other)
    await school.passes(seconds=90)
    assert not school["kari"].messages
    await school.passes(minutes=1)
    assert len(school["kari"].messages) == 1


async def test_what_comes_up_on_the_first_platform_after_all_is_taken_away(school: School) -> None:
    other = LateChat(OTHER)
    await alerted_over_two(school, other)
    await school.passes(minutes=2, seconds=50)
    assert len(school["kari"].messages) == 1
    other.is_late = False
    assert not all(message.removed for message in other.chats["kari"])
    school.clock.forward(timedelta(minutes=2))
    await Copies(school.database, {CHAT: school.chat, OTHER: other}, school.clock).take_away()
    assert all(message.removed for message in other.chats["kari"])
    assert len(school["kari"].messages) == 1


class Forgetful(FakeChat):
    """A platform whose history nobody can read."""

    remembers = False

    async def find(self, to: Address, delivery_id: str, since: datetime) -> tuple[MessageRef, ...]:
        return ()


async def test_what_may_stand_where_nobody_can_look_says_so_on_the_other_platform_too(school: School) -> None:
    other = Forgetful(OTHER)
    other.faults_after = [Uncertain("timeout")]
    await alerted_over_two(school, other)
    other.faults = [Refused("down")] * 50
    await school.passes(seconds=20)
    (first,), (second,) = other.chats["kari"], school["kari"].messages
    assert ("Gjentatt varsel" in first.text, "Gjentatt varsel" in second.text) == (False, True)


async def test_where_all_can_be_looked_at_nothing_says_that_it_may_have_come_before(school: School) -> None:
    other = LateChat(OTHER)
    await alerted_over_two(school, other)
    await school.passes(minutes=2, seconds=50)
    (message,) = school["kari"].messages
    assert "Gjentatt varsel" not in message.text


async def test_where_nobody_can_look_for_a_second_copy_it_is_looked_for_later(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = LateChat(OTHER)
    await alerted_over_two(school, other)
    await school.passes(minutes=2, seconds=50)
    other.is_late = False
    school.clock.forward(timedelta(minutes=2))
    copies = Copies(school.database, {CHAT: school.chat, OTHER: other}, school.clock)

    async def busy(*_: object) -> tuple[MessageRef, ...]:
        raise Refused("ratelimited")

    with monkeypatch.context() as away:
        away.setattr(FakeChat, "find", busy)
        await copies.take_away()
        school.clock.forward(timedelta(minutes=20))
        await copies.take_away()
    assert not all(message.removed for message in other.chats["kari"])
    school.clock.forward(timedelta(minutes=3))
    await copies.take_away()
    assert all(message.removed for message in other.chats["kari"])


async def test_whoever_can_be_reached_nowhere_is_tried_again_and_the_alert_climbs(school: School) -> None:
    school.app = bot_on(school, chat=Unreachable())
    await school["ola"].reports()
    await school.passes(minutes=4)
    assert {row.state for row in await outbox(school, "kari")} == {State.PENDING}
    school.app = bot_on(school, chat=school.chat)
    await school.passes(minutes=2)
    assert len(school["kari"].messages) == 1  # for the alert and its reminder
    assert len(school["arne"].messages) == 1


async def test_the_change_of_a_message_that_is_gone_is_given_up(school: School) -> None:
    await school["ola"].reports()
    school.chat.faults = [Refused("message_not_found", for_good=True, is_gone=True)] * 9
    await school["kari"].presses("Jeg tar saken")
    await school.passes(minutes=5)
    assert {row.state for row in await outbox(school, "ola")} == {State.SENT, State.CANCELLED}
    assert len(school["ola"].messages) == 1


async def test_a_platform_that_no_longer_runs_here_keeps_nothing_waiting(school: School) -> None:
    await school["ola"].reports()
    await linked(school, "arne", OTHER)
    other = FakeChat(OTHER)
    school.app = bot_on(school, other=other)
    await school.passes(minutes=5)
    assert len(other.chats["arne"]) == 1
    assert (await outbox(school, "ola"))[-1].state is State.CANCELLED


async def test_a_card_that_can_not_be_composed_was_certainly_not_sent(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(kind: Kind, *rest: object) -> Card:
        if kind is Kind.ALERT:
            raise LookupError(kind)
        return compose(kind, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(composer, "compose", broken)
    await school["ola"].reports()
    assert len(school["ola"].messages) == 1
    (waiting,) = await outbox(school, "kari")
    assert (waiting.state, waiting.uncertain, waiting.last_error) == (State.PENDING, False, "failed")
    monkeypatch.undo()
    await school.passes(minutes=1)
    assert len(school["kari"].messages) == 1


async def test_a_message_that_could_not_be_noted_is_found_and_not_sent_again(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise DatabaseUnavailable("SQLITE_FULL")

    monkeypatch.setattr(relays.Relay, "_note_once", broken)
    monkeypatch.setattr(relays.Relay, "_later", broken)  # nor can that be noted
    await school["ola"].reports()
    assert {row.state for row in await outbox(school, "kari")} == {State.CLAIMED}
    monkeypatch.undo()
    await school.passes(minutes=1)
    assert len(school["kari"].messages) == len(school["ola"].messages) == 1
    assert {row.state for row in await outbox(school, "kari")} == {State.SENT}
    assert "levert" in school["ola"].message.text


async def test_whoever_has_no_account_yet_is_written_to_when_there_is_one(school: School) -> None:
    async with school.database.transaction() as tx:
        await tx.accounts.unlink(Address(CHAT, "t", "kari"))
    await school["ola"].reports()
    await school.passes(minutes=1)
    assert {row.state for row in await outbox(school, "kari")} == {State.PENDING}
    await linked(school, "kari", CHAT)
    await school.passes(minutes=1)
    assert len(school["kari"].messages) == 1


async def test_a_platform_that_says_when_to_come_back_is_not_asked_before(school: School) -> None:
    school.chat.faults = [Refused("ratelimited", retry_after=timedelta(minutes=10))] * 3
    await school["ola"].reports()
    rows = await outbox(school, "kari")
    assert [row.not_before_at - school.clock.now() for row in rows] == [timedelta(minutes=10)]


async def test_of_two_copies_that_went_out_one_is_taken_away(school: School) -> None:
    school.chat.faults_after = [Uncertain("reset")] * 2
    await school["ola"].reports()
    copy = school["kari"].messages[0]
    await school.chat.send(Address(CHAT, "t", "kari"), copy.card, copy.delivery_id)  # another replica was as unsure
    await school.passes(minutes=1)
    assert len(school["kari"].messages) == 1


# The relay as it runs, with the time that everybody has.


class SlowFor(FakeChat):
    """A platform that never answers for one person."""

    def __init__(self, person: str) -> None:
        super().__init__()
        self.person = person
        self.asked = asyncio.Event()

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        if to.user == self.person:
            self.asked.set()
            await asyncio.Event().wait()
        return await super().send(to, card, delivery_id)


@asynccontextmanager
async def real_time(school: School, chat: FakeChat) -> AsyncIterator[None]:
    school.chat = chat
    school.app = build(school.database, school.library, {CHAT: chat}, SystemClock(), SeededDice(7))
    school.settles = never  # type: ignore[method-assign]  # the running bot does it
    async with running(school.app):
        yield


async def never() -> None:
    return


async def until(school: School, person: str, count: int) -> None:
    async with asyncio.timeout(SOON):
        while len(school[person].messages) < count:  # noqa: ASYNC110 - the made-up chat is a plain list
            await asyncio.sleep(0.01)


async def test_a_platform_that_hangs_for_one_person_holds_up_nobody_else(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "POLL", timedelta(hours=1))
    chat = SlowFor("kari")
    async with real_time(school, chat):
        await school["ola"].reports()
        await asyncio.wait_for(chat.asked.wait(), SOON)
        await until(school, "ola", 1)
        await school["ola"].reports()
        await until(school, "ola", 2)


async def test_what_is_put_back_comes_again_in_its_time_and_not_at_the_next_poll(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "POLL", timedelta(hours=1))
    chat = FakeChat()
    chat.faults = [Refused("ratelimited", retry_after=timedelta(milliseconds=300))] * 2
    async with real_time(school, chat):
        await school["ola"].reports()
        await until(school, "kari", 1)
        await until(school, "ola", 1)


async def test_a_database_that_is_away_for_a_while_does_not_end_it(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "POLL", timedelta(milliseconds=10))
    away = 3
    claim = relays.Relay._start

    async def failing(relay: relays.Relay, group: asyncio.TaskGroup) -> int:
        nonlocal away
        if away:
            away -= 1
            raise DatabaseUnavailable("08006")
        return await claim(relay, group)

    monkeypatch.setattr(relays.Relay, "_start", failing)
    async with real_time(school, FakeChat()):
        await school["ola"].reports()
        await until(school, "kari", 1)
    assert away == 0


async def test_two_relays_send_each_message_once(school: School) -> None:
    second = bot_on(school, chat=school.chat)

    async def both() -> None:
        await asyncio.gather(school.app.relay.drain(), second.relay.drain())

    school.settles = both  # type: ignore[method-assign]
    for _ in range(5):
        await school["ola"].reports()
    assert len(school["kari"].messages) == len(school["ola"].messages) == 5


async def test_a_replica_that_does_nothing_else_sends_at_once_what_another_has_promised(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "POLL", timedelta(hours=1))
    files = load_library(None, [DEMO_SCHOOL])
    asked, sends = (School(postgresql_url, files, FakeClock(MONDAY_MORNING)) for _ in range(2))
    await asked.opens()
    await sends.opens()
    try:
        async with running(sends.app):
            await asyncio.sleep(0.5)  # until it listens, and has found nothing to do
            await asked["ola"].does_again(Submitted("report", "f" * 32, REPORTED), "report")
            await until(sends, "kari", 1)
    finally:
        await asked.database.close()
        await sends.database.close()


@dataclass
class StandsStill:
    """A composer of a process that stands still for a while."""

    composer: composer.Composer
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def compose(self, row: OutboxRow) -> composer.Delivery | composer.Nothing:
        composed = await self.composer.compose(row)
        self.asked.set()
        await self.goes_on.wait()
        return composed


async def test_who_has_stood_still_until_another_sent_it_sends_it_no_more(school: School) -> None:
    settles, stalled = school.settles, bot_on(school, chat=school.chat).relay
    still = StandsStill(stalled._composer)
    stalled._composer = still  # type: ignore[assignment]
    school.settles = never  # type: ignore[method-assign]
    await school["ola"].reports()
    late = asyncio.create_task(stalled.drain())
    await asyncio.wait_for(still.asked.wait(), SOON)
    school.clock.forward(relays.LEASE + timedelta(seconds=1))
    await settles()
    still.goes_on.set()
    await late
    assert len(school["kari"].messages) == len(school["ola"].messages) == 1
    assert {row.state for row in await outbox(school, "kari")} == {State.SENT}


class HoldsSends(Forgetful):
    """A platform that gets a message long after its sender began with it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        self.asked.set()
        await self.goes_on.wait()
        return await super().send(to, card, delivery_id)


@pytest.mark.parametrize(
    "faults", [[], [Refused("down")], [Uncertain("timeout")]], ids=["goes", "refused", "no_answer"]
)
async def test_what_was_sent_when_it_was_anothers_already_is_taken_away_where_nobody_could_find_it(
    school: School, monkeypatch: pytest.MonkeyPatch, faults: list[NotDelivered]
) -> None:
    quick, slow = Forgetful(), HoldsSends()
    slow.chats = quick.chats
    school.chat, settles = quick, school.settles
    school.app, stalled = bot_on(school, chat=quick), bot_on(school, chat=slow)
    school.settles = never  # type: ignore[method-assign]
    remove = slow.remove

    async def removes(message: MessageRef) -> None:
        if faults:
            raise faults[0]
        await remove(message)

    monkeypatch.setattr(slow, "remove", removes)
    await school["ola"].reports()
    late = asyncio.create_task(stalled.relay.drain())
    await asyncio.wait_for(slow.asked.wait(), SOON)
    school.clock.forward(relays.LEASE + timedelta(seconds=1))
    await settles()
    slow.goes_on.set()
    await late
    assert "Gjentatt varsel" in school["kari"].messages[0].text, "the one that is known"
    assert len(school["kari"].messages) == (2 if faults else 1)
    assert [row.state for row in await outbox(school, "kari")] == [State.SENT]


class HoldsEdits(FakeChat):
    """A platform that takes a change of a message long after it was asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()

    async def edit(self, message: MessageRef, card: Card) -> None:
        self.asked.set()
        await self.goes_on.wait()
        await super().edit(message, card)


async def test_what_is_written_late_over_something_newer_does_not_stay(school: School) -> None:
    slow = HoldsEdits()
    slow.chats = school.chat.chats
    await school["ola"].reports()
    stalled, settles = bot_on(school, chat=slow), school.settles
    school.settles = never  # type: ignore[method-assign]
    await school["ola"].presses("Gjort")
    late = asyncio.create_task(stalled.relay.drain())
    await asyncio.wait_for(slow.asked.wait(), SOON)
    school.clock.forward(relays.LEASE + timedelta(seconds=1))
    await school["kari"].presses("Jeg tar saken")
    await settles()
    assert "Kari Moen har tatt saken" in school["ola"].message.text
    slow.goes_on.set()
    await late
    await settles()
    assert "Kari Moen har tatt saken" not in plain_text(school["ola"].message.shown[-2])  # what came late
    assert "Kari Moen har tatt saken" in school["ola"].message.text
