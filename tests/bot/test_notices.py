"""What the coordinator is told: once a week whom no message reaches, and once a day that the bot is at fault."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.app import Outside, build
from bot.notices import Notices
from flows.port import Address, Uncertain
from flows.screens.notices import MOST_NAMES
from tests.bot.test_staff import FakeDirectory
from tests.school import CHAT, FakeChat, School, SeededDice

TITLE = "Ansatte uten chat"


@pytest.fixture
def notices(school: School, monkeypatch: pytest.MonkeyPatch) -> Notices:
    """The school on a platform whose directory knows everybody; all have an account."""
    for pause in ("PAUSE", "BREATH"):
        monkeypatch.setattr(f"bot.staff.{pause}", timedelta(0))
    directory = FakeDirectory({p.id: p.email for p in school.library.schools[0].people.values()}, name=CHAT)
    outside = Outside([directory])
    school.app = build(school.database, school.library, {CHAT: school.chat}, school.clock, SeededDice(), outside)
    school.app.reception.staff.unknown[CHAT] = frozenset()
    return school.app.scheduler._notices


async def loses_accounts(school: School, *people: str) -> None:
    async with school.database.transaction() as tx:
        for person in people:
            await tx.accounts.unlink(Address(CHAT, "t", person))


async def has_accounts(school: School, *people: str) -> None:
    async with school.database.transaction() as tx:
        for person in people:
            address = Address(CHAT, "t", person)
            await tx.accounts.link(address, school.library.schools[0].id, person, school.clock.now())


async def told(school: School, notices: Notices, person: str = "siri") -> list[str]:
    await notices.promise_weekly()
    await school.settles()
    return [message.text for message in school[person].messages]


async def test_the_coordinator_gets_the_list_once_a_week_until_it_is_empty(school: School, notices: Notices) -> None:
    assert not await told(school, notices)
    await loses_accounts(school, "kari", "eva")
    (first,) = await told(school, notices)
    assert first.startswith(f"{TITLE}: 2")
    assert "Eva Sand, Kari Moen." in first
    assert len(await told(school, notices)) == 1
    school.clock.forward(timedelta(days=3))
    assert len(await told(school, notices)) == 1
    school.clock.forward(timedelta(days=4))
    assert len(await told(school, notices)) == 2
    await has_accounts(school, "kari", "eva")
    school.clock.forward(timedelta(days=7))
    assert len(await told(school, notices)) == 2


async def test_who_is_known_to_be_closed_out_is_listed_while_another_platform_can_not_say_who_is_who(
    school: School, notices: Notices
) -> None:
    await loses_accounts(school, "eva")
    async with school.database.transaction() as tx:
        await tx.accounts.note_refusal(Address(CHAT, "t", "kari"), school.clock.now())
    everybody = frozenset(("fjellheim", person) for person in school.library.schools[0].people)
    notices.staff.unknown["another"] = everybody
    (first,) = await told(school, notices)
    assert first.startswith(f"{TITLE}: 1")
    assert "Kari Moen." in first


@pytest.mark.parametrize(
    ("moved", "comes"),
    [
        ({"hours": -3}, False),  # Monday, seven in the morning
        ({"hours": -2}, True),
        ({"hours": 5}, True),
        ({"hours": 6}, False),  # after school
        ({"hours": 24}, True),  # the bot was down on Monday
        ({"days": 5}, False),  # Saturday
        ({"days": 31}, False),  # the holidays before Christmas
    ],
)
async def test_it_comes_on_a_school_day_while_there_is_school(
    school: School, notices: Notices, moved: dict[str, int], *, comes: bool
) -> None:
    await loses_accounts(school, "kari")
    school.clock.forward(timedelta(**moved))
    assert bool(await told(school, notices)) is comes


async def test_whoever_has_refused_a_message_is_listed_until_he_is_reached_again(
    school: School, notices: Notices
) -> None:
    async with school.database.transaction() as tx:
        await tx.accounts.note_refusal(Address(CHAT, "t", "kari"), school.clock.now())
    (notice,) = await told(school, notices)
    assert "Kari Moen." in notice
    await school["kari"].types("/rus-hjelp")
    school.clock.forward(timedelta(weeks=1))
    assert await told(school, notices) == [notice]


async def test_nobody_is_listed_before_everybody_was_looked_for(school: School, notices: Notices) -> None:
    await loses_accounts(school, "kari", "eva")
    staff = school.app.reception.staff
    staff.unknown.clear()
    assert not await told(school, notices)
    staff.unknown[CHAT] = frozenset({("fjellheim", "eva")})  # the directory couldn't say
    (notice,) = await told(school, notices)
    assert "Kari Moen." in notice
    assert "Eva" not in notice


@pytest.mark.parametrize("why", ["away", "unreached"])
async def test_the_next_in_the_role_hears_of_it_where_the_first_does_not(
    school: School, notices: Notices, why: str
) -> None:
    await loses_accounts(school, "kari", *(["siri"] if why == "unreached" else []))
    if why == "away":
        await school.absent("siri", hours=2)
    assert not await told(school, notices)
    assert len(school["jon"].messages) == 1


async def test_an_account_that_is_found_meanwhile_makes_it_moot(school: School, notices: Notices) -> None:
    await loses_accounts(school, "kari")
    await notices.promise_weekly()
    await has_accounts(school, "kari")
    await school.settles()
    assert not school["siri"].messages


async def test_a_long_list_is_cut(school: School, notices: Notices) -> None:
    people = [person for person in school.library.schools[0].people if person != "siri"]
    await loses_accounts(school, *people)
    (notice,) = await told(school, notices)
    assert f" og {len(people) - MOST_NAMES} til." in notice


async def test_whoever_reads_nynorsk_reads_nynorsk(school: School, notices: Notices) -> None:
    await loses_accounts(school, "kari")
    await school["siri"].types("/rus-sprak")
    await school["siri"].submits(language="nn")
    assert (await told(school, notices))[0].startswith("Tilsette utan chat: 1")


async def test_a_fault_of_its_own_is_told_once_a_day(school: School, notices: Notices) -> None:
    await school["ola"].reports()
    async with school.database._engine.begin() as connection:
        await connection.execute(text("DELETE FROM timers"))
    for _ in range(3):
        assert await school.app.health.auditor.audit()
        await school.settles()
        school.clock.forward(timedelta(minutes=4))
    assert [message.card.title for message in school["siri"].messages] == ["Noe er galt med boten"]
    school.clock.forward(timedelta(days=1))
    await school.app.health.auditor.audit()
    await school.settles()
    assert len(school["siri"].messages) == 2


async def test_after_days_without_a_chat_one_notice_comes_and_none_of_a_fault_that_is_over(
    school: School, notices: Notices
) -> None:
    await loses_accounts(school, "kari")
    school.chat.faults.extend([Uncertain("down")] * 10_000)
    for _ in range(3):
        await notices.promise_that_at_fault()
        await notices.promise_weekly()
        await school.app.relay.drain()
        school.clock.forward(timedelta(days=7))
    school.chat.faults.clear()
    assert [text.partition(":")[0] for text in await told(school, notices)] == [TITLE]


async def test_an_account_on_a_platform_that_the_school_has_no_more_reaches_nobody(
    school: School, notices: Notices
) -> None:
    await loses_accounts(school, "kari")
    async with school.database.transaction() as tx:
        address = Address("formerly", "t", "kari")
        await tx.accounts.link(address, "fjellheim", "kari", school.clock.now())
    (first,) = await told(school, notices)
    assert "Kari Moen." in first


async def test_a_notice_whose_answer_got_lost_comes_once(school: School, notices: Notices) -> None:
    await loses_accounts(school, "kari")
    school.chat.faults_after = [Uncertain("timeout")]
    await told(school, notices)
    await school.passes(minutes=1)
    assert len(school["siri"].messages) == 1


async def test_an_account_that_is_gone_or_moved_is_noticed_though_nobody_is_written_to(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.staff.BREATH", timedelta(0))
    people = school.library.schools[0].people.values()
    directory = FakeDirectory({f"U{person.id}": person.email for person in people})
    outside = Outside([directory])
    app = build(school.database, school.library, {"slack": FakeChat("slack")}, school.clock, SeededDice(), outside)
    staff = app.reception.staff
    await staff.link_all()
    emails = directory.emails
    del emails["Ukari"]
    emails["Unew"] = emails.pop("Ueva")
    await staff._look_over(directory)
    async with school.database.transaction() as tx:
        accounts = {a.person_id: a.address.user for a in await tx.accounts.all() if a.address.platform == "slack"}
    assert "kari" not in accounts
    assert accounts["eva"] == "Unew"
    assert accounts["ola"] == "Uola"
