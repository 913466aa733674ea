"""Somebody whom no chat reaches: an e-mail with a number stands in for an alert, once, and the chat is tried on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot import unreached
from bot.app import Outside, build, running
from bot.clock import SystemClock
from bot.unreached import Unreached
from flows.cards import Card
from flows.port import Address, MessageRef, NotDelivered, Pressed, Refused, Submitted, Uncertain
from storage.deliveries import OutboxRow, State
from storage.errors import DatabaseUnavailable
from tests.bot.test_relay import SOON, linked
from tests.school import CHAT, School, SeededDice


@dataclass
class FakeMail:
    letters: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[NotDelivered] = field(default_factory=list)

    async def send(self, to: str, subject: str, text: str, at: datetime) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.letters.append((to, subject, text))

    def to(self, school: School, person: str) -> list[tuple[str, str]]:
        address = school.library.schools[0].people[person].email
        return [(subject, text) for to, subject, text in self.letters if to == address]


@pytest.fixture
def mail(school: School) -> FakeMail:
    mail = FakeMail()
    school.app = build(
        school.database, school.library, {CHAT: school.chat}, school.clock, SeededDice(), Outside(mailer=mail)
    )
    return mail


async def without_account(school: School, person: str) -> None:
    async with school.database.transaction() as tx:
        await tx.accounts.unlink(Address(CHAT, "t", person))


async def test_whoever_has_no_account_gets_one_letter_with_a_number_and_nothing_else(
    school: School, mail: FakeMail
) -> None:
    await without_account(school, "kari")
    await school["ola"].reports()
    await school.passes(minutes=2)
    ((subject, text),) = mail.to(school, "kari")
    number = school["ola"].message.card.title.removeprefix("Sak ")
    assert subject == f"rusplan: sak {number}"
    assert text.startswith(f"Sak {number} venter på deg.")
    for secret in ("Ola", "Verksted", "1BAA", "rus ", "elev", "+47"):
        assert secret not in subject + text


@pytest.mark.parametrize("kind", ["synlig_beruset", "mistanke"])
async def test_whom_no_chat_reaches_is_passed_by_at_once(school: School, mail: FakeMail, kind: str) -> None:
    await without_account(school, "kari")
    await school["ola"].reports(hendelsestype=kind)
    assert len(school["arne"].alerts) == 1
    assert "Kari Moen: kan ikke nås i chatten" in school["ola"].message.text
    await school.passes(minutes=4)
    assert (len(school["arne"].alerts), len(school["berit"].alerts)) == (1, 0), "he has his time"


async def test_whose_account_is_found_while_he_is_being_alerted_is_passed_by_nobody(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the first minutes of an installation, when everybody is looked up one after the other."""
    await without_account(school, "kari")

    class Meanwhile:
        name, finds_by_email = CHAT, True

        async def account(self, **_: str) -> Address:
            await linked(school, "kari", CHAT)
            return Address(CHAT, "t", "kari")

    monkeypatch.setattr(school.app.reception.staff, "directories", [Meanwhile()])
    await school["ola"].reports()
    await school.passes(seconds=2)
    assert len(school["kari"].alerts) == 1
    assert not school["arne"].alerts


async def test_where_no_chat_reaches_anybody_nothing_spins_and_each_gets_one_letter_a_round(
    school: School, mail: FakeMail
) -> None:
    for person in ("kari", "arne", "berit"):
        await without_account(school, person)
    await school["ola"].reports()
    assert [len(mail.to(school, person)) for person in ("kari", "arne", "berit")] == [1, 1, 1]
    await school.passes(minutes=29)
    assert max(len(mail.to(school, person)) for person in ("kari", "arne", "berit")) <= 2


async def test_a_chat_that_is_only_slow_is_given_time(school: School, mail: FakeMail) -> None:
    school.chat.faults = [Refused("down"), Refused("down")] * 3
    await school["ola"].reports()
    await school.passes(minutes=1)
    assert not mail.letters
    assert school["kari"].messages


async def test_a_chat_that_is_down_is_stood_in_for_after_a_while_and_once(school: School, mail: FakeMail) -> None:
    school.chat.faults = [Uncertain("down")] * 200
    await school["ola"].reports()
    await school.passes(minutes=2, seconds=50)
    assert len(mail.to(school, "kari")) == 1
    school.chat.faults = []
    await school.passes(minutes=2)
    assert school["kari"].messages, "the chat has been tried on"
    assert len(mail.to(school, "kari")) == 1


async def test_a_chat_that_has_closed_somebody_out_is_stood_in_for_at_once(school: School, mail: FakeMail) -> None:
    school.chat.faults = [Refused("user_disabled", for_good=True)] * 50
    await school["ola"].reports()
    await school.passes(seconds=1)
    assert len(mail.to(school, "kari")) == 1


async def test_what_is_not_urgent_waits_for_the_chat(school: School, mail: FakeMail) -> None:
    await school["ola"].reports()
    await school["kari"].presses("Jeg tar saken")
    mail.letters.clear()
    await without_account(school, "siri")
    await school.passes(minutes=10)
    assert not mail.to(school, "siri")


async def test_a_letter_that_is_not_taken_holds_up_nothing(school: School, mail: FakeMail) -> None:
    mail.faults = [Refused("mail_550", for_good=True)] * 50
    await without_account(school, "kari")
    await school["ola"].reports()
    await school.passes(minutes=6)
    assert mail.to(school, "kari") == []
    deputy = school.library.schools[0].departments["bygg"].roles["avdelingsleder"][1]
    assert school[deputy].messages, "it has climbed all the same"


async def test_a_letter_that_is_put_off_is_sent_again_and_once(school: School, mail: FakeMail) -> None:
    mail.faults = [Refused("mail_451")]
    await without_account(school, "kari")
    await school["ola"].reports()
    assert mail.to(school, "kari") == []
    await school.passes(minutes=2, seconds=50)
    assert len(mail.to(school, "kari")) == 1


async def test_a_mailer_that_breaks_keeps_no_alert_from_being_tried_on(school: School, mail: FakeMail) -> None:
    mail.faults = [ZeroDivisionError()] * 50  # type: ignore[list-item]
    await without_account(school, "kari")
    await school["ola"].reports()
    await school.passes(seconds=10)
    async with school.database.transaction() as tx:
        (row,) = [row for row in await tx.outbox.of_case(case_of(school)) if row.person_id == "kari"]
    assert (row.state, row.uncertain, row.last_error) == (State.PENDING, False, "no_account")


async def test_a_calm_alert_that_waits_becomes_as_urgent_as_the_case(school: School, mail: FakeMail) -> None:
    await without_account(school, "kari")
    await school["ola"].reports(hendelsestype="mistanke")
    await school.settles()
    assert len(mail.to(school, "kari")) == 1, "a suspicion has the day, and nobody else to see it"
    await school["ola"].presses("Rett hva, hvor eller klasse", in_dialog=True)
    await school["ola"].submits(hendelsestype="synlig_beruset")
    await school.settles()
    assert len(mail.to(school, "kari")) == 2


async def is_withdrawn(school: School) -> str:
    """Let the one case be withdrawn by who reported it; return its id."""
    case = case_of(school)
    await school["ola"].does_again(Submitted("withdraw", case, {"reason": ("Meldt to ganger.",)}), "withdraw")
    return case


async def waiting(school: School, case: str, person: str) -> list[OutboxRow]:
    async with school.database.transaction() as tx:
        return [row for row in await tx.outbox.of_case(case) if row.person_id == person and not row.finished_at]


async def test_whoever_never_heard_of_a_case_is_not_told_that_it_was_withdrawn(school: School, mail: FakeMail) -> None:
    mail.faults = [Refused("mail_451")] * 500
    await without_account(school, "kari")
    await school["ola"].reports()
    await school.settles()
    case = await is_withdrawn(school)
    mail.faults = []
    await school.passes(minutes=10)
    assert not mail.letters
    assert not await waiting(school, case, "kari")


async def test_whoever_heard_of_a_case_by_a_letter_hears_by_one_that_it_was_withdrawn(
    school: School, mail: FakeMail
) -> None:
    await without_account(school, "kari")
    await school["ola"].reports()
    await school.settles()
    case = await is_withdrawn(school)
    await school.passes(minutes=10)
    (_, first), (subject, second) = mail.to(school, "kari")
    number = school["ola"].message.card.title.removeprefix("Sak ")
    assert (subject, first.splitlines()[0]) == (
        f"rusplan: sak {number}",
        f"Sak {number} venter på deg. Åpne chatten med rusplan.",
    )
    assert second.startswith(f"Sak {number} venter ikke på deg lenger.")
    assert "Ola" not in subject + second
    assert not await waiting(school, case, "kari")


async def test_whoever_heard_of_a_case_by_a_letter_hears_in_the_chat_that_it_was_withdrawn_if_that_works_again(
    school: School, mail: FakeMail
) -> None:
    await without_account(school, "kari")
    await school["ola"].reports()
    await school.settles()
    async with school.database.transaction() as tx:
        await tx.accounts.link(Address(CHAT, "t", "kari"), "fjellheim", "kari", school.clock.now())
    await is_withdrawn(school)
    await school.passes(minutes=10)
    assert len(mail.to(school, "kari")) == 1
    assert "trakk varselet" in school["kari"].message.text


def falls_silent(school: School, person: str) -> None:
    """Let the chat take nothing for somebody, and not say so."""
    send, find = school.chat.send, school.chat.find

    async def sends(to: Address, card: Card, delivery_id: str) -> MessageRef:
        if to.user == person:
            raise Uncertain("timeout")
        return await send(to, card, delivery_id)

    async def finds(to: Address, delivery_id: str, since: datetime) -> tuple[MessageRef, ...]:
        if to.user == person:
            raise Uncertain("timeout")
        return await find(to, delivery_id, since)

    school.chat.send, school.chat.find = sends, finds  # type: ignore[method-assign]


async def test_no_letter_says_that_a_case_waits_when_it_was_withdrawn(school: School, mail: FakeMail) -> None:
    falls_silent(school, "kari")
    await school["ola"].reports()
    await school.passes(seconds=30)
    await is_withdrawn(school)
    await school.passes(minutes=5)
    assert [text for _, text in mail.to(school, "kari") if "venter på deg" in text] == []


async def test_no_letter_says_that_a_case_waits_when_somebody_has_taken_it(school: School, mail: FakeMail) -> None:
    falls_silent(school, "kari")
    await school["ola"].reports()
    await school.passes(minutes=1)
    await school["kari"].does_again(Pressed("take", case_of(school)), "take")
    await school.passes(minutes=5)
    assert not mail.letters


@pytest.mark.parametrize(("answer", "letters"), [("", 1), ("confirm", 0), ("decline", 0)])
async def test_a_letter_asks_a_colleague_who_has_not_answered_yet(
    school: School, mail: FakeMail, answer: str, letters: int
) -> None:
    falls_silent(school, "eva")
    await school["ola"].reports()
    await school["ola"].submits(colleague="eva")
    if answer:
        await school["eva"].does_again(Pressed(answer, case_of(school)), "answer")
    await school.passes(minutes=3)
    assert len(mail.to(school, "eva")) == letters


async def test_a_chat_that_asks_for_a_long_pause_is_stood_in_for_meanwhile(
    school: School, mail: FakeMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[tuple[str, datetime]] = []
    send = school.chat.send

    async def sends(to: Address, card: Card, delivery_id: str) -> MessageRef:
        if to.user == "ola":
            return await send(to, card, delivery_id)
        tries.append((to.user, school.clock.now()))
        raise Refused("ratelimited", retry_after=timedelta(hours=1))

    monkeypatch.setattr(school.chat, "send", sends)
    await school["ola"].reports()
    reported_at = school.clock.now()
    await school.passes(minutes=1, seconds=50)
    assert not mail.letters
    await school.passes(seconds=20)
    assert len(mail.to(school, "kari")) == 1
    await school.passes(seconds=40)
    assert len(mail.to(school, "kari")) == 1
    await school.passes(minutes=1)
    assert len(mail.to(school, "kari")) == 2, "she has been reminded after three minutes"
    await school.passes(minutes=26)
    assert len(mail.to(school, "kari")) > 2, "and so is she in each round"
    assert mail.to(school, "arne")
    assert [at for user, at in tries if user == "kari"] == [reported_at], "none before its pause is over"


ANOTHER = Submitted("answer", "", {"colleague": ("reidar",)})
WITHDRAWN = Submitted("withdraw", "", {"reason": ("Meldt to ganger.",)})


@pytest.mark.parametrize(
    ("by", "act"),
    [("ola", ANOTHER), ("ola", WITHDRAWN), ("eva", Pressed("confirm", "")), ("eva", Pressed("decline", ""))],
)
async def test_a_colleague_whom_no_chat_reaches_is_asked_only_as_long_as_his_answer_is_waited_for(
    school: School, by: str, act: Submitted | Pressed
) -> None:
    await school["ola"].reports()
    await without_account(school, "eva")
    await school["ola"].submits(colleague="eva")
    case = case_of(school)
    await school.passes(minutes=10)
    assert [row.kind for row in await waiting(school, case, "eva")] == ["colleague"]
    await linked(school, by, CHAT)
    await school[by].does_again(replace(act, reference=case), "act")
    await school.passes(minutes=10)
    assert "colleague" not in [row.kind for row in await waiting(school, case, "eva")]
    await linked(school, "eva", CHAT)
    await school.passes(minutes=10)
    asked = {button.action for message in school["eva"].messages for button in message.card.buttons}
    assert asked.isdisjoint({"confirm", "decline"})


def case_of(school: School) -> str:
    return school["ola"].message.card.buttons[0].reference


async def test_no_mail_server_is_no_fault(school: School) -> None:
    await without_account(school, "kari")
    await school["ola"].reports()
    school.clock.forward(timedelta(minutes=1))
    await school.settles()
    assert school["ola"].messages


async def test_nobody_is_written_to_about_a_drill(school: School, mail: FakeMail) -> None:
    await without_account(school, "kari")
    await school["siri"].types("/rus-øvelse")
    await school["siri"].submits(fictive="praksis", participants=("ola", "kari"))
    await school.passes(minutes=30)
    assert "ØVELSE" in school["ola"].message.text
    assert not mail.letters


async def test_whoever_is_reached_at_last_gets_one_alert_and_not_one_for_each_round(
    school: School, mail: FakeMail
) -> None:
    await without_account(school, "kari")
    await school["ola"].reports()
    await school.passes(minutes=90)
    assert len(mail.to(school, "kari")) > 2, "each round is written again"
    case = case_of(school)
    async with school.database.transaction() as tx:
        waiting = [row for row in await tx.outbox.of_case(case) if row.person_id == "kari"]
        await tx.accounts.link(Address(CHAT, "t", "kari"), "fjellheim", "kari", school.clock.now())
    assert len(waiting) == 1
    await school.passes(minutes=2)
    assert len(school["kari"].alerts) == 1
    await school.passes(minutes=60)
    assert len(school["kari"].alerts) > 1, "as long as nobody takes it"


async def test_the_running_bot_looks_for_whom_to_write_to_and_goes_on_when_the_database_was_away(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = FakeMail()
    monkeypatch.setattr(unreached, "LOOK", timedelta(milliseconds=10))
    monkeypatch.setattr(unreached, "PATIENCE", timedelta())
    write, looks = Unreached.write, 0

    async def away_at_first(of: Unreached) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise DatabaseUnavailable("08006")
        await write(of)

    monkeypatch.setattr(Unreached, "write", away_at_first)
    falls_silent(school, "kari")
    await school["ola"].reports()
    app = build(
        school.database, school.library, {CHAT: school.chat}, SystemClock(), SeededDice(7), Outside(mailer=mail)
    )
    async with running(app), asyncio.timeout(SOON):
        while not mail.to(school, "kari"):  # noqa: ASYNC110 - the made-up mail is a plain list
            await asyncio.sleep(0.01)


async def test_no_letter_says_that_a_case_waits_no_longer_when_it_does_again(school: School, mail: FakeMail) -> None:
    falls_silent(school, "kari")
    await school["ola"].reports()
    await school.passes(minutes=3)
    case = await is_withdrawn(school)
    await school.passes(seconds=40)
    await school["berit"].does_again(Pressed("reopen", case), "reopen")
    await school.passes(minutes=5)
    assert not [text for _, text in mail.to(school, "kari") if "ikke på deg lenger" in text]


async def test_a_letter_that_the_end_of_the_program_breaks_off_is_sent_by_the_next(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unreached, "LOOK", timedelta(milliseconds=10))
    monkeypatch.setattr(unreached, "PATIENCE", timedelta())
    begun = asyncio.Event()

    class Slow(FakeMail):
        async def send(self, to: str, subject: str, text: str, at: datetime) -> None:
            begun.set()
            await asyncio.sleep(SOON)
            await super().send(to, subject, text, at)

    falls_silent(school, "kari")
    await school["ola"].reports()
    for mailer in (Slow(), mail := FakeMail()):
        outside = Outside(mailer=mailer)
        app = build(school.database, school.library, {CHAT: school.chat}, school.clock, SeededDice(7), outside)
        async with running(app), asyncio.timeout(SOON):
            await begun.wait()
            while mailer is mail and not mail.letters:  # noqa: ASYNC110 - nothing else says it
                await asyncio.sleep(0.01)
    assert len(mail.to(school, "kari")) == 1
