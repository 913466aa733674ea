"""Whose account is whose: asked of a directory that is slow, refuses, or doesn't know."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot import staff as staff_
from bot.app import App, Outside, build
from flows.cards import plain_text
from flows.port import WHOLE_FORM, Address, Incoming, NotDelivered, Refused, Submitted, Typed, Uncertain
from storage.errors import DatabaseUnavailable
from tests.bot.test_relay import REPORTED
from tests.school import CHAT, FakeChat, School, SeededDice


@dataclass
class FakeDirectory:
    """A platform's directory: addresses by user, faults that come first, and how often it was asked."""

    emails: dict[str, str] = field(default_factory=dict)
    faults: list[NotDelivered] = field(default_factory=list)
    asked: int = 0
    hangs: bool = False
    name: str = "slack"
    finds_by_email: bool = True

    async def tenant(self) -> str:
        return "T1"

    async def account(self, *, user: str = "", email: str = "") -> Address | None:
        await self._ask()
        found = user if user in self.emails else next((u for u, e in self.emails.items() if email and e == email), "")
        return Address(self.name, "T1", found) if found else None

    async def email(self, address: Address) -> str:
        await self._ask()
        return self.emails.get(address.user, "") if address.tenant == "T1" else ""

    async def _ask(self) -> None:
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.faults:
            raise self.faults.pop(0)


@pytest.fixture
def directory(school: School) -> FakeDirectory:
    people = school.library.schools[0].people
    return FakeDirectory({f"U{person.id}": person.email for person in people.values() if not person.slack})


def bot(school: School, directory: FakeDirectory) -> App:
    chats = {CHAT: school.chat, "slack": FakeChat()}
    return build(school.database, school.library, chats, school.clock, SeededDice(), outside=Outside([directory]))


async def accounts(school: School, person: str) -> set[Address]:
    async with school.database.transaction() as tx:
        found = await tx.accounts.of_person(school.library.schools[0].id, person)
    return {account.address for account in found if account.address.platform == "slack"}


async def test_whoever_acts_for_the_first_time_is_looked_up_and_known_from_then_on(
    school: School, directory: FakeDirectory
) -> None:
    app = bot(school, directory)
    sender = Address("slack", "T1", "Uola")
    reply = await app.reception.handle(Incoming("1", sender, Typed("/rus-hjelp")))
    assert reply.card
    assert reply.card.title == "Hjelp"
    assert directory.asked == 1
    await app.reception.handle(Incoming("2", sender, Typed("/rus-hjelp")))
    assert directory.asked == 1
    assert app.reception.at_once(Incoming("3", sender, Typed("/rus-hendelse")))


@pytest.mark.parametrize("sender", [Address("slack", "T1", "Ukjent"), Address("slack", "T2", "Uola")])
async def test_a_stranger_is_asked_about_once_in_a_while_and_let_in_nowhere(
    school: School, directory: FakeDirectory, sender: Address
) -> None:
    app = bot(school, directory)
    for number in range(3):
        reply = await app.reception.handle(Incoming(str(number), sender, Typed("/rus-hendelse")))
        assert reply.card
        assert reply.card.title == "Jeg finner deg ikke"
    assert directory.asked == 1
    assert app.reception.at_once(Incoming("4", sender, Typed("/rus-hendelse"))) is None
    assert await app.reception.find(sender, "staff", "") == ()
    school.clock.forward(timedelta(minutes=3))
    await app.reception.handle(Incoming("5", sender, Typed("/rus-hendelse")))
    assert directory.asked == 2


async def test_a_directory_that_does_not_answer_holds_nobody_up_for_long(
    school: School, directory: FakeDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.staff.LOOK_UP_WITHIN", timedelta(milliseconds=10))
    directory.hangs = True
    app = bot(school, directory)
    sender = Address("slack", "T1", "Uola")
    reply = await app.reception.handle(Incoming("1", sender, Typed("/rus-hjelp")))
    assert reply.card
    assert "Jeg kan ikke finne ut hvem du er akkurat nå" in plain_text(reply.card)
    reply = await app.reception.handle(Incoming("1", sender, Submitted("report")))
    assert reply.faults[WHOLE_FORM].startswith("Jeg kan ikke finne ut hvem du er akkurat nå"), "the form stays open"
    directory.hangs = False
    monkeypatch.setattr("bot.staff.LOOK_UP_WITHIN", timedelta(minutes=1))
    reply = await app.reception.handle(Incoming("2", sender, Typed("/rus-hjelp")))
    assert reply.card
    assert reply.card.title == "Hjelp", "no answer doesn't make a stranger"


async def test_everybody_is_linked_whatever_the_directory_says_first(
    school: School, directory: FakeDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pause in ("PAUSE", "BREATH"):
        monkeypatch.setattr(f"bot.staff.{pause}", timedelta(0))
    directory.faults = [Refused("ratelimited", retry_after=timedelta(0)), Uncertain("no_answer"), Refused("other")]
    people = [person for person in school.library.schools[0].people.values() if not person.slack]
    app = bot(school, directory)
    await app.reception.staff.link_all()
    assert [await accounts(school, person.id) for person in people] == [
        {Address("slack", "T1", f"U{person.id}")} for person in people
    ]
    asked = directory.asked
    await app.reception.staff.link_all()
    assert directory.asked - asked == len(school.library.schools[0].people) - len(people), "the rest is known"


async def test_an_alert_for_somebody_nobody_has_met_finds_the_way(school: School, directory: FakeDirectory) -> None:
    async with school.database.transaction() as tx:
        await tx.accounts.unlink(Address(CHAT, "t", "kari"))
    school.app = bot(school, directory)
    await school["ola"].reports()
    await school.passes(seconds=30)
    assert await accounts(school, "kari") == {Address("slack", "T1", "Ukari")}


async def test_searching_finds_in_the_own_school_alone(school: School, directory: FakeDirectory) -> None:
    app = bot(school, directory)
    sender = Address("slack", "T1", "Uola")
    await app.reception.handle(Incoming("1", sender, Typed("/rus-hjelp")))
    assert [option.label for option in await app.reception.find(sender, "staff", "moen kar")] == ["Kari Moen"]
    assert [option.value for option in await app.reception.find(sender, "classes", "1baa")] == ["1BAA"]
    assert len(await app.reception.find(sender, "staff", "")) == min(100, len(school.library.schools[0].people))
    assert [option.label for option in await app.reception.find(sender, "classes", "?")] == ["Vet ikke"]
    assert await app.reception.find(sender, "passwords", "") == ()


async def test_what_waits_for_somebody_comes_as_soon_as_he_is_met(school: School, directory: FakeDirectory) -> None:
    async with school.database.transaction() as tx:
        await tx.accounts.unlink(Address(CHAT, "t", "kari"))
    emails, directory.emails = directory.emails, {}
    school.app = bot(school, directory)
    await school["ola"].reports()
    await school.passes(seconds=5)
    assert not await accounts(school, "kari")
    directory.emails = emails
    await school.app.reception.handle(Incoming("1", Address("slack", "T1", "Ukari"), Typed("/rus-hjelp")))
    await school.settles()
    assert len(school.app.relay._handing_over.platforms["slack"].chats["Ukari"]) == 1  # type: ignore[attr-defined]


async def test_whom_another_replica_has_met_finds_what_is_searched_for_here_too(
    school: School, directory: FakeDirectory
) -> None:
    sender = Address("slack", "T1", "Uola")
    await bot(school, directory).reception.handle(Incoming("1", sender, Typed("/rus-hjelp")))
    other = bot(school, directory)
    assert [option.value for option in await other.reception.find(sender, "classes", "1baa")] == ["1BAA"]
    assert await other.reception.find(Address("slack", "T1", "Unobody"), "classes", "1baa") == ()


async def test_whom_another_replica_has_let_go_of_is_introduced_anew_with_her_report(
    school: School, directory: FakeDirectory
) -> None:
    sender, one, other = Address("slack", "T1", "Ukari"), bot(school, directory), bot(school, directory)
    for app in (one, other):
        await app.reception.handle(Incoming(f"{id(app)}", sender, Typed("/rus-hjelp")))
    emails, directory.emails = directory.emails, {}
    async with school.database.transaction() as tx:
        await tx.accounts.unlink(sender)  # what the daily look of the other does while she is on leave
    other.reception.memory.forget(sender)
    directory.emails = emails
    reply = await one.reception.handle(Incoming("report", sender, Submitted("report", "e" * 32, REPORTED)))
    assert not reply.faults
    assert reply.notice or reply.dialog
    async with school.database.transaction() as tx:
        assert await tx.cases.get("e" * 32)


async def test_whom_nobody_knows_any_more_no_replica_shows_the_form(school: School, directory: FakeDirectory) -> None:
    sender, app = Address("slack", "T1", "Ukari"), bot(school, directory)
    await app.reception.handle(Incoming("1", sender, Typed("/rus-hjelp")))
    async with school.database.transaction() as tx:
        await tx.accounts.unlink(sender)
    directory.emails = {}
    await app.reception.handle(Incoming("2", sender, Typed("/rus-hjelp")))
    assert app.reception.at_once(Incoming("3", sender, Typed("/rus-hendelse"))) is None
    assert await app.reception.find(sender, "staff", "") == ()


async def test_a_database_that_is_away_for_a_while_ends_no_looking(
    school: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    directory, looked = FakeDirectory(), asyncio.Event()
    monkeypatch.setattr(staff_, "LOOK_OVER", timedelta(0))
    monkeypatch.setattr(staff_, "PAUSE", timedelta(0))
    tried = 0

    async def look_over(*_: object) -> None:
        nonlocal tried
        tried += 1
        if tried == 1:
            raise DatabaseUnavailable("away")
        looked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(staff_.Staff, "_look_over", look_over)
    looking = asyncio.create_task(bot(school, directory).reception.staff.keep_linked())
    async with asyncio.timeout(5):
        await looked.wait()
    looking.cancel()
    assert "look_up_failed" in caplog.messages
