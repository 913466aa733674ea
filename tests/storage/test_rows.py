"""The plain parts: schools, plans, accounts, people, inbox, messages, cases, and how instants are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from flows.language import Language
from flows.port import Address, MessageRef, OwnChat
from flows.roster import Absence
from storage.accounts import Account
from storage.cipher import KeyRing
from storage.columns import NaiveInstant
from storage.database import Database, open_database
from storage.messages import SentMessage
from storage.schools import StoredSchool
from storage.timers import Timer
from tests.storage.made import MINUTE, NOW, SCHOOL, append, case_id, case_row, payloads

KARI = Address("slack", "T1", "U1")


async def test_a_newer_school_file_takes_the_place_of_the_older_of_its_year(database: Database) -> None:
    last_year = StoredSchool(SCHOOL, "2025-2026", "e0", "{}", NOW)
    newer = StoredSchool(SCHOOL, "2026-2027", "e1", "{æ}", NOW + MINUTE)
    async with database.transaction() as tx:
        for file in (StoredSchool("rennebu", "2027-2028", "e0", "{}", NOW), last_year, replace(newer, document="{}")):
            await tx.schools.put(file)
        await tx.schools.put(newer)
        assert await tx.schools.newest(SCHOOL) == await tx.schools.get(SCHOOL, "2026-2027") == newer
        assert await tx.schools.get(SCHOOL, "2025-2026") == last_year
        assert await tx.schools.years(SCHOOL) == ("2025-2026", "2026-2027")
        assert await tx.schools.newest("nowhere") is await tx.schools.get(SCHOOL, "2027-2028") is None


async def test_a_plan_that_cases_are_under_stays_as_it_was(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.plans.put("oppdal", "2026", "first", NOW)
        await tx.plans.put("oppdal", "2026", "second", NOW)
        assert await tx.plans.get("oppdal", "2026") == "first"
        assert await tx.plans.get("oppdal", "2027") is None


async def test_a_chat_is_remembered_of_whoever_has_the_app_though_nobody_knows_who_he_is(database: Database) -> None:
    ola, kari = Address("teams", "t", "ola"), Address("teams", "t", "kari")
    async with database.transaction() as tx:
        await tx.chats.put(ola, OwnChat("a:1", "https://emea/", "29:1"), NOW)
        await tx.chats.put(kari, OwnChat("a:2", "https://amer/", "29:2"), NOW + MINUTE)
        assert await tx.chats.of_nobody("teams") == (kari, ola)
        await tx.accounts.link(kari, SCHOOL, "kari", NOW)
        assert await tx.chats.of_nobody("teams") == (ola,)
        assert await tx.chats.of_nobody("slack") == ()
        await tx.accounts.unlink(kari)
        assert await tx.chats.get(kari) == OwnChat("a:2", "https://amer/", "29:2")
        assert await tx.chats.route("teams", "a:1") == "https://emea/"
        await tx.chats.forget(ola)
        assert await tx.chats.get(ola) == OwnChat("", "", "29:1")
        assert await tx.chats.route("teams", "a:1") == await tx.chats.route("slack", "a:2") == ""


async def test_an_account_is_one_persons(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.accounts.link(KARI, SCHOOL, "ola", NOW)
        await tx.accounts.link(KARI, SCHOOL, "kari", NOW + MINUTE)
        await tx.accounts.link(Address("teams", "T9", "U1"), SCHOOL, "kari", NOW + 2 * MINUTE)
        assert await tx.accounts.find(KARI) == Account(KARI, SCHOOL, "kari", NOW + MINUTE)
        assert await tx.accounts.find(Address("slack", "T2", "U1")) is None
        assert [found.address.platform for found in await tx.accounts.of_person(SCHOOL, "kari")] == ["teams", "slack"]
        assert await tx.accounts.of_person(SCHOOL, "ola") == ()
        assert await tx.accounts.unlink(KARI)
        assert not await tx.accounts.unlink(KARI)


async def test_an_absence_counts_from_its_beginning_until_before_its_end(database: Database) -> None:
    first, second = Absence("a1", "kari", NOW, NOW + MINUTE), Absence("a2", "ola", NOW + MINUTE, NOW + 3 * MINUTE)
    async with database.transaction() as tx:
        for absence in (second, first):
            await tx.people.add_absence(SCHOOL, absence)
        assert await tx.people.said(SCHOOL, NOW) == ((first, second), {})
        assert await tx.people.said(SCHOOL, NOW + MINUTE - timedelta(microseconds=1)) == ((first, second), {})
        assert await tx.people.said(SCHOOL, NOW + MINUTE) == ((second,), {})
        assert await tx.people.said("rennebu", NOW) == ((), {})


async def test_an_absence_may_end_early(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.people.add_absence(SCHOOL, Absence("a1", "kari", NOW, NOW + 60 * MINUTE))
        assert not await tx.people.end_absence(SCHOOL, "ola", "a1", NOW + MINUTE), "nobody ends another's absence"
        assert not await tx.people.end_absence("rennebu", "kari", "a1", NOW + MINUTE)
        assert await tx.people.end_absence(SCHOOL, "kari", "a1", NOW + MINUTE)
        assert not await tx.people.end_absence(SCHOOL, "kari", "a1", NOW + 2 * MINUTE)
        assert await tx.people.said(SCHOOL, NOW + 2 * MINUTE) == ((), {})


async def test_a_person_chooses_a_language_and_may_choose_again(database: Database) -> None:
    async with database.transaction() as tx:
        for language in (Language.EN, Language.NN):
            await tx.people.choose_language(SCHOOL, "kari", language)
        assert await tx.people.languages(SCHOOL) == {"kari": Language.NN}
        assert await tx.people.said(SCHOOL, NOW) == ((), {"kari": Language.NN})
        assert await tx.people.languages("rennebu") == {}


async def test_a_delivery_that_is_repeated_is_known_again(database: Database) -> None:
    async def accept(key: str) -> bool:
        async with database.transaction() as tx:
            return await tx.inbox.accept("slack", key, SCHOOL, NOW)

    assert sum(await asyncio.gather(*(accept("Ev1") for _ in range(10)))) == 1
    assert await accept("Ev2")
    async with database.transaction() as tx:
        assert await tx.inbox.accept("teams", "Ev1", SCHOOL, NOW)


async def test_a_delivery_that_is_forgotten_is_new_again_and_no_other(database: Database) -> None:
    async with database.transaction() as tx:
        for source, key in (("slack", "Ev1"), ("slack", "Ev2"), ("teams", "Ev1")):
            assert await tx.inbox.accept(source, key, SCHOOL, NOW)
        await tx.inbox.forget("slack", "Ev1")
        assert await tx.inbox.accept("slack", "Ev1", SCHOOL, NOW)
        assert not await tx.inbox.accept("slack", "Ev2", SCHOOL, NOW)
        assert not await tx.inbox.accept("teams", "Ev1", SCHOOL, NOW)


async def test_a_delivery_whose_turn_failed_is_new_again(database: Database) -> None:
    async def failing_turn() -> None:
        async with database.transaction() as tx:
            await tx.inbox.accept("slack", "Ev1", SCHOOL, NOW)
            raise LookupError

    with pytest.raises(LookupError):
        await failing_turn()
    async with database.transaction() as tx:
        assert await tx.inbox.accept("slack", "Ev1", SCHOOL, NOW)


async def test_old_deliveries_are_forgotten(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.inbox.accept("slack", "old", SCHOOL, NOW)
        await tx.inbox.accept("slack", "new", SCHOOL, NOW + MINUTE)
        assert await tx.inbox.prune(NOW + MINUTE) == 1
        assert not await tx.inbox.accept("slack", "new", SCHOOL, NOW)


async def test_a_message_is_found_again_where_it_stands(database: Database) -> None:
    message = SentMessage("d1", SCHOOL, case_id("a"), "kari", "alert", KARI, MessageRef("slack", "D1", "1.2"), 3, NOW)
    async with database.transaction() as tx:
        await tx.messages.put(message)
        await tx.messages.put(replace(message, id="d2", sent_at=NOW + MINUTE, ref=MessageRef("slack", "D1", "1.3")))
        assert await tx.messages.get("d1") == await tx.messages.by_ref(message.ref) == message
        assert [found.id for found in await tx.messages.of_case(case_id("a"))] == ["d1", "d2"]
        assert await tx.messages.by_ref(MessageRef("teams", "D1", "1.2")) is None
        again = replace(message, ref=MessageRef("slack", "D1", "1.9"))
        await tx.messages.put(again)
        assert await tx.messages.get("d1") == again


async def test_a_late_answer_never_makes_a_message_look_older_than_it_is(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.messages.put(
            SentMessage("d1", SCHOOL, None, "kari", "alert", KARI, MessageRef("slack", "D1", "1.2"), 3, NOW)
        )
        for version in (5, 4):
            await tx.messages.set_shown("d1", version)
        found = await tx.messages.get("d1")
    assert found is not None
    assert found.shown_version == 5


async def test_open_cases_come_newest_first_and_closed_ones_not_at_all(database: Database) -> None:
    for place in range(4):
        await append(database, case_row(f"c{place}", reported_at=NOW + place * MINUTE), 0, payloads("en"))
    await append(database, case_row("other", reporter="ola"), 0, payloads("en"))
    await append(database, case_row("c1", status="closed", reported_at=NOW + MINUTE), 1, payloads("to"))
    async with database.transaction() as tx:
        own = await tx.cases.open_of_reporter(SCHOOL, "kari")
        assert [case.case_id for case in own] == [case_id(name) for name in ("c3", "c2", "c0")]
        assert await tx.cases.open_of_reporter(SCHOOL, "kari", 1) == own[:1]
        assert len(await tx.cases.open_of_school(SCHOOL)) == 4
        assert await tx.cases.number_taken(SCHOOL, own[0].number)
        assert not await tx.cases.number_taken("rennebu", own[0].number)
        assert await tx.cases.by_number(SCHOOL, own[0].number) == own[0]
        assert await tx.cases.get(case_id("nobody")) is None


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Oslo")),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Oslo")),
        datetime(2038, 1, 19, 3, 14, 8, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=5))),
    ],
)
async def test_an_instant_comes_back_as_the_same_instant(database: Database, instant: datetime) -> None:
    async with database.transaction() as tx:
        await tx.timers.arm(Timer("case", "name", SCHOOL, instant))
        found = await tx.timers.next_due()
    assert found is not None
    assert (found - instant, found.tzinfo) == (timedelta(0), UTC)


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001  that is the point
    with pytest.raises(NaiveInstant):
        async with database.transaction() as tx:
            await tx.timers.arm(Timer("case", "name", SCHOOL, naive))
    with pytest.raises(NaiveInstant):
        async with database.transaction() as tx:
            await tx.outbox.waiting(naive)
    with pytest.raises(NaiveInstant):
        await append(database, case_row(), 0, payloads("en"), naive)


async def test_what_a_delivery_said_can_not_be_tried_out_without_the_key(new_url: Callable[[], str]) -> None:
    digests = set()
    for _ in range(2):
        database = await open_database(new_url(), KeyRing.parse(KeyRing.new_key()))
        async with database.transaction() as tx:
            digests.add(tx.inbox.digest("t/ola/1/Typed(text='hei')"))
        await database.close()
    assert len(digests) == 2


async def test_a_delivery_is_known_again_when_the_ring_has_a_new_first_key(url: str) -> None:
    old, new = KeyRing.new_key(), KeyRing.new_key()
    known = []
    for ring in (old, f"{new},{old}", f"{new},{old}"):
        database = await open_database(url, KeyRing.parse(ring))
        async with database.transaction() as tx:
            known.append(await tx.inbox.accept("slack", "Ev1", SCHOOL, NOW))
        await database.close()
    assert known == [True, False, False]


async def test_a_department_with_a_comma_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="comma"):
        await append(database, case_row(departments=("a,b",)), 0, payloads("en"))
