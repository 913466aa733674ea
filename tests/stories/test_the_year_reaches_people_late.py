"""What people are told of the prevention year when the chat, the account or the plan has kept them waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.files import plan_with_document, shipped_plan
from bot.library import Library
from flows.plan import Plan
from flows.port import Address, Refused, Submitted, Uncertain
from tests.school import CHAT, Member, School, buttons
from tests.stories.the_year import EIGHT, year_of_few_classes

STAFF_COME = datetime(2026, 8, 10, 6, 0, tzinfo=UTC)


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with year_of_few_classes(tmp_path) as school:
        yield school


def told(member: Member, words: str) -> list[str]:
    """Return the messages that begin so, as they stand now."""
    return [message.text for message in member.messages if message.text.startswith(words)]


def questions(member: Member) -> list[str]:
    return told(member, "Kjenner du handlingsplanen")


async def unlink(school: School, *people: str) -> None:
    async with school.database.transaction() as tx:
        for person in people:
            assert await tx.accounts.unlink(Address(CHAT, "t", person))


async def link(school: School, *people: str) -> None:
    async with school.database.transaction() as tx:
        for person in people:
            await tx.accounts.link(Address(CHAT, "t", person), school.library.schools[0].id, person, school.clock.now())


async def has_plan(school: School, **parts: object) -> Plan:
    """Let another plan be in force from now on."""
    (one,) = school.library.schools
    plan = replace(school.library.current_plan(one.id), **parts)  # type: ignore[arg-type]
    school.library = Library([replace(one, plan=plan.id)], [(plan, plan_with_document(shipped_plan("oppdal"))[1])])
    await school.restarts()
    return plan


async def confirms_for_mikael(school: School) -> None:
    """Let the leader of his department confirm what Mikael is to do at skolestart."""
    async with school.database.transaction() as tx:
        known = await tx.tasks.of_year(school.library.schools[0].id, "2026-2027")
    (task,) = (each for key, each in known.items() if (key.measure, key.audience.id) == ("W04", "2TMA"))
    reply = await school["kari"].does_again(Submitted("confirm_task", task.id, {"day": ("2026-08-17",)}), "kari-1")
    assert reply.notice == "Lagret."


async def test_who_is_met_late_gets_one_message_of_each_kind(school: School) -> None:
    await unlink(school, "kari", "siri")
    await school.comes(EIGHT + timedelta(days=29))
    await link(school, "kari", "siri")
    await school.passes(minutes=5)
    kari, siri = school["kari"], school["siri"]
    tasks = [text for text in told(siri, "Årshjulet") if "til deg" in text.splitlines()[0]]
    assert [text.splitlines()[0] for text in tasks] == ["Årshjulet: 10 oppgaver til deg"]
    late = [text for text in told(kari, "Årshjulet") if "forsinket" in text.splitlines()[0]]
    assert len(late) == 1
    assert [len(questions(who)) for who in (kari, siri)] == [1, 1]


async def test_what_others_have_answered_meanwhile_is_not_sent(school: School) -> None:
    await school.comes(EIGHT - timedelta(minutes=1))
    await unlink(school, "mikael")
    await school.comes(EIGHT)
    await confirms_for_mikael(school)
    await link(school, "mikael")
    await school.passes(minutes=5)
    assert not told(school["mikael"], "Årshjulet")


async def test_what_may_have_come_all_the_same_shows_that_it_is_answered(school: School) -> None:
    await school.comes(EIGHT - timedelta(minutes=1))
    school.chat.faults_after = [Uncertain("lost") for _ in range(300)]
    await school.comes(EIGHT)
    school.chat.faults_after.clear()
    await confirms_for_mikael(school)
    await school.passes(minutes=5)
    (text,) = told(school["mikael"], "Årshjulet")
    assert text.startswith("Årshjulet: ingenting gjenstår her")


async def test_of_several_tasks_a_late_message_shows_what_is_still_to_do(school: School) -> None:
    classes = school.library.schools[0].classes
    school.changes(classes={**classes, "NY": replace(classes["2TMA"], id="NY")})
    await school.restarts()
    await school.comes(EIGHT - timedelta(minutes=1))
    await unlink(school, "mikael")
    await school.comes(EIGHT)
    await confirms_for_mikael(school)
    await link(school, "mikael")
    await school.passes(minutes=5)
    (text,) = told(school["mikael"], "Årshjulet")
    assert text.startswith("Årshjulet: én oppgave til deg")
    assert "Gjelder: NY" in text


async def test_the_question_for_a_plan_confirms_no_newer_one(school: School) -> None:
    await school.comes(STAFF_COME)
    gerd = school["gerd"]
    plan = await has_plan(school, version="2026-08-09")
    await gerd.presses("Jeg har lest planen", message=[m.text for m in gerd.messages].index(questions(gerd)[0]))
    assert gerd.notice == "Spørsmålet du svarte på, gjaldt ikke planen som er i bruk nå."
    assert gerd.answer
    assert "(versjon 2026-08-09)" in str(gerd.answer)
    async with school.database.transaction() as tx:
        asked = await tx.readings.of_version(school.library.schools[0].id, plan.id, plan.version)
    assert not asked["gerd"].read_at
    (button,) = (each for each in buttons(gerd.answer) if each.label == "Jeg har lest planen")
    school.chat.chats["gerd"][0].shown.append(gerd.answer)
    await gerd.presses(button.label, message=0)
    async with school.database.transaction() as tx:
        asked = await tx.readings.of_version(school.library.schools[0].id, plan.id, plan.version)
    assert asked["gerd"].read_at


async def test_a_question_that_waits_for_an_account_is_dropped_when_the_plan_is_another(school: School) -> None:
    await unlink(school, "gerd")
    await school.comes(STAFF_COME + timedelta(hours=3))
    await has_plan(school, version="2026-08-09")
    await link(school, "gerd")
    await school.passes(minutes=5)
    assert questions(school["gerd"]) == []
    await school.comes(STAFF_COME + timedelta(days=1))
    assert len(questions(school["gerd"])) == 1


async def test_another_plan_of_the_same_date_is_asked_for_once(school: School) -> None:
    plan = await has_plan(school, id="another")
    await school.comes(STAFF_COME + timedelta(minutes=5))
    assert len(questions(school["gerd"])) == 1
    async with school.database.transaction() as tx:
        for name, times in (("another", 1), ("oppdal", 0)):
            asked = await tx.readings.of_version(school.library.schools[0].id, name, plan.version)
            assert (asked["gerd"].asked, asked["gerd"].next_at is None) == (times, name == "oppdal")


async def test_a_corrected_text_of_the_same_date_is_not_asked_for_again(school: School) -> None:
    await school.comes(STAFF_COME)
    (before,) = (school.library.current_plan(each.id) for each in school.library.schools)
    await has_plan(school, edition=f"{before.version}+corrected")
    gerd = school["gerd"]
    await gerd.presses("Jeg har lest planen", message=[m.text for m in gerd.messages].index(questions(gerd)[0]))
    await school.comes(STAFF_COME + timedelta(days=20))
    assert not questions(gerd)
    assert len(told(gerd, "Du har bekreftet at du kjenner planen")) == 1


@pytest.mark.parametrize(
    ("back", "comes"),
    [
        (datetime(2026, 8, 22, 12, 0, tzinfo=UTC), datetime(2026, 8, 24, 6, 0, tzinfo=UTC)),  # Saturday, Monday
        (datetime(2026, 8, 18, 1, 0, tzinfo=UTC), datetime(2026, 8, 18, 6, 0, tzinfo=UTC)),  # at night
        (datetime(2026, 8, 18, 9, 0, tzinfo=UTC), datetime(2026, 8, 18, 9, 0, tzinfo=UTC)),
    ],
)
async def test_when_a_chat_is_there_again_nobody_hears_of_the_year_at_night_or_at_a_weekend(
    school: School, back: datetime, comes: datetime
) -> None:
    await school.comes(EIGHT - timedelta(seconds=1))
    had = len(school["mikael"].messages)

    def has_heard() -> bool:
        return len(school["mikael"].messages) > had

    school.chat.faults.extend([Refused("away")] * 100_000)
    await school.comes(EIGHT + timedelta(seconds=1))
    school.chat.faults.clear()
    school.clock.forward(back - school.clock.now())
    await school.passes(minutes=2)
    assert has_heard() == (back == comes)
    school.clock.forward(max(timedelta(), comes - timedelta(minutes=1) - school.clock.now()))
    assert not await school.app.health.auditor.audit()
    await school.comes(comes + timedelta(minutes=2))
    assert has_heard()
