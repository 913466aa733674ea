"""What watches the bot: alive, ready, counted, and proven every few minutes to have forgotten nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot import health
from bot.app import build
from bot.auditor import REMINDER_LATE, Finding
from bot.health import OLDEST_AUDIT, OLDEST_REMINDING, OLDEST_TICK
from bot.reminders import Reminders
from bot.scheduler import Timekeeper
from flows.cards import Card
from flows.port import Address, MessageRef, Pressed, Refused, Submitted, Typed
from storage import verification
from storage.chain import Head
from storage.deliveries import ACUTE
from storage.errors import DatabaseUnavailable
from storage.verification import Verification
from tests.school import CHAT, School


@pytest.fixture
async def site(school: School) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    site = web.Application()
    school.app.health.add_to(site)
    async with TestClient(TestServer(site)) as client:
        yield client


async def run(school: School, *statements: str) -> None:
    async with school.database._engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def broken(*_: object) -> None:
    raise ZeroDivisionError


async def the_case(school: School) -> str:
    async with school.database.transaction() as tx:
        (case,) = await tx.cases.open_of_school(school.library.schools[0].id)
        return case.case_id


async def audited(school: School) -> tuple[Finding, ...]:
    return await school.app.health.auditor.audit()


async def test_a_bot_that_lives_is_alive_ready_and_says_what_it_has_counted(
    school: School, site: TestClient[web.Request, web.Application]
) -> None:
    await school["ola"].reports()
    assert (await site.get("/healthz")).status == 200
    answer = await site.get("/readyz")
    assert (answer.status, await answer.json()) == (200, {"ready": True, "faults": []})
    figures = await (await site.get("/metrics")).text()
    assert "rusplan_open_cases 1.0" in figures
    assert 'rusplan_delivery_seconds_count{urgency="acute"}' in figures
    assert 'rusplan_turn_seconds_count{platform="chat"}' in figures
    for secret in ("kari", "ola", "Kari", "1BAA", "Verksted", "fjellheim"):
        assert secret not in figures


async def test_who_is_refused_is_counted(
    school: School, site: TestClient[web.Request, web.Application], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "rusplan")
    await school["ola"].reports()
    with school.app.health.metrics.counting():
        await school["eva"].does_again(Pressed("take", school["ola"].message.card.buttons[0].reference), "curious")
        await school["nobody"].does_again(Typed("/rus-saker"), "lost")
    await school["eva"].does_again(Typed("/rus-saker"), "allowed")
    figures = await (await site.get("/metrics")).text()
    assert 'rusplan_events_total{event="denied",level="info"} 1.0' in figures
    assert 'rusplan_events_total{event="stranger",level="info"} 1.0' in figures


async def test_a_database_that_takes_nothing_is_not_ready(
    school: School, site: TestClient[web.Request, web.Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: object) -> None:
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(type(school.database), "ping", lambda *_: away(_))
    answer = await site.get("/readyz")
    assert (answer.status, await answer.json()) == (503, {"ready": False, "faults": ["database_away"]})
    assert (await site.get("/healthz")).status == 200, "a restart would not help"


async def test_a_clock_that_has_stopped_ticking_is_not_ready(
    school: School, site: TestClient[web.Request, web.Application]
) -> None:
    school.app.scheduler._sweep.went_well_at -= OLDEST_TICK.total_seconds() + 1
    answer = await site.get("/readyz")
    assert (answer.status, await answer.json()) == (503, {"ready": False, "faults": ["no_tick"]})


async def test_a_look_for_reminders_that_no_longer_goes_well_is_not_ready(
    school: School, site: TestClient[web.Request, web.Application]
) -> None:
    school.app.scheduler._reminding.went_well_at -= OLDEST_REMINDING.total_seconds() + 1
    answer = await site.get("/readyz")
    assert (answer.status, await answer.json()) == (503, {"ready": False, "faults": ["no_reminders"]})
    figures = await (await site.get("/metrics")).text()
    assert "rusplan_reminding_age_seconds 60" in figures


async def test_a_platform_that_is_down_leaves_it_ready(
    school: School, site: TestClient[web.Request, web.Application]
) -> None:
    school.chat.faults = [Refused("down")] * 5
    await school["ola"].reports()
    assert (await site.get("/readyz")).status == 200


async def test_the_auditor_finds_nothing_where_all_is_well(school: School) -> None:
    assert await audited(school) == ()
    await school["ola"].reports()
    await school["kari"].presses("Jeg tar saken")
    assert await audited(school) == ()


async def test_a_case_that_nothing_will_wake_is_found(
    school: School, site: TestClient[web.Request, web.Application]
) -> None:
    await school["ola"].reports()
    await run(school, "DELETE FROM timers")
    assert await audited(school) == (Finding.FORGOTTEN,)
    answer = await site.get("/readyz")
    assert (answer.status, (await answer.json())["faults"]) == (503, ["case_without_next_time"])


async def test_a_case_in_nobodys_hands_that_will_not_climb_is_found_though_something_else_will_wake_it(
    school: School,
) -> None:
    await school["ola"].reports()
    await run(school, "DELETE FROM timers WHERE name = 'escalation'")
    case = await the_case(school)
    async with school.database.transaction() as tx:
        assert await tx.timers.of_case(case)
    assert await audited(school) == (Finding.FORGOTTEN,)


async def test_a_case_that_is_handed_over_is_in_nobodys_hands_until_it_is_taken_there(school: School) -> None:
    await school["ola"].reports()
    await school["kari"].presses("Jeg tar saken")
    handing_over = Submitted("hand_over", await the_case(school), {"department": ("stud",)})
    await school["kari"].does_again(handing_over, "handed over")
    assert await audited(school) == ()
    await run(school, "DELETE FROM timers WHERE name = 'escalation'")
    assert await audited(school) == (Finding.FORGOTTEN,)


async def test_a_timer_that_nobody_fires_is_found(school: School) -> None:
    await school["ola"].reports()
    school.clock.forward(timedelta(minutes=6))
    assert Finding.TIMER_LATE in await audited(school)


async def test_a_timer_that_fails_is_as_late_as_it_was_however_often_it_is_tried_again(
    site: TestClient[web.Request, web.Application], school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "OLDEST_TICK", timedelta(hours=1))  # nothing ticks here
    monkeypatch.setattr(Timekeeper, "_fire", broken)
    await school["ola"].reports()
    await school.passes(minutes=5)
    assert await audited(school) == ()
    await school.passes(minutes=1)
    assert await audited(school) == (Finding.TIMER_LATE,)
    assert "rusplan_timer_lateness_seconds 180.0" in await (await site.get("/metrics")).text()
    answer = await site.get("/readyz")
    assert (answer.status, (await answer.json())["faults"]) == (200, ["timer_late"]), "the others are served as ever"
    monkeypatch.undo()
    await school.passes(minutes=2)
    assert await audited(school) == ()


@pytest.mark.parametrize("kind", ["synlig_beruset", "mistanke"])
async def test_what_a_clock_that_was_wrong_has_armed_far_ahead_is_found_and_armed_anew_at_the_next_start(
    school: School, kind: str
) -> None:
    await school["ola"].reports(hendelsestype=kind)
    school.chat.faults = [Refused("down")] * 2
    school.clock.forward(timedelta(days=30))
    await school.app.timekeeper.sweep()
    await school.settles()
    alerts = len(school["kari"].alerts)
    school.clock.forward(timedelta(minutes=1) - timedelta(days=30))
    assert await audited(school) == (Finding.TIMER_FAR,)
    await school.restarts()
    await school.app.timekeeper.sweep()
    await school.settles()
    assert len(school["kari"].alerts) > alerts
    assert await audited(school) == ()
    await school.passes(hours=5, minutes=1)
    assert school["arne"].alerts
    assert school["berit"].alerts
    async with school.database.transaction() as tx:
        waiting = await tx.outbox.waiting(school.clock.now() + timedelta(days=40))
    assert not waiting.count, "nothing is left to the wrong clock's next month"


async def test_an_open_case_of_a_school_whose_file_is_gone_is_found(school: School) -> None:
    await school["ola"].reports()
    school.changes(id="another")
    school.app = build(school.database, school.library, {CHAT: school.chat}, school.clock, school.dice)
    await school.passes(minutes=1)
    assert await audited(school) == (Finding.NO_SCHOOL,)


@pytest.mark.parametrize("fails", ["_remind", "_remind_person", "_ask_reader"])
async def test_a_reminder_of_the_year_that_fails_is_as_late_as_it_was_however_often_it_is_tried_again(
    school: School, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    await school.begins_its_year()
    due = await school.app.reminders.next_due()
    assert due
    await school.comes(due - timedelta(minutes=1))
    monkeypatch.setattr(Reminders, fails, broken)
    await school.comes(due + REMINDER_LATE)
    assert await audited(school) == ()
    await school.comes(due + REMINDER_LATE + timedelta(hours=1))
    assert await audited(school) == (Finding.REMINDER_LATE,)
    monkeypatch.undo()
    await school.passes(hours=1)
    assert await audited(school) == ()


async def test_a_reminder_of_the_year_that_nobody_gives_is_found(school: School) -> None:
    await school.begins_its_year()
    assert await audited(school) == ()
    due = await school.app.reminders.next_due()
    assert due
    school.clock.forward(due - school.clock.now() + REMINDER_LATE)
    assert await audited(school) == ()
    school.clock.forward(timedelta(seconds=1))
    assert await audited(school) == (Finding.REMINDER_LATE,)
    while await school.app.reminders.remind():
        pass
    assert await audited(school) == ()


async def test_an_acute_message_that_nobody_takes_is_found_and_takes_nobody_elses_bot_away(
    site: TestClient[web.Request, web.Application], school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "OLDEST_TICK", timedelta(hours=1))  # nothing ticks here
    school.chat.faults = [Refused("down")] * 100
    await school["ola"].reports()
    await school.passes(minutes=4)
    assert await audited(school) == ()
    await school.passes(minutes=2)
    assert await audited(school) == (Finding.MESSAGE_WAITS,)
    answer = await site.get("/readyz")
    assert (answer.status, (await answer.json())["faults"]) == (200, ["acute_message_waits"])


async def test_a_platform_that_takes_nothing_for_long_is_found_whatever_waits(
    site: TestClient[web.Request, web.Application], school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "OLDEST_TICK", timedelta(hours=1))  # nothing ticks here
    school.chat.faults = [Refused("token_revoked")] * 500
    await school["ola"].reports(hendelsestype="mistanke")
    await school.passes(minutes=30)
    assert await audited(school) == ()
    await school.passes(minutes=1)
    assert await audited(school) == (Finding.NOTHING_TAKEN,)
    answer = await site.get("/readyz")
    assert (answer.status, (await answer.json())["faults"]) == (200, ["messages_not_taken"])
    school.chat.faults = []
    await school.passes(minutes=2)
    assert await audited(school) == ()


async def test_whom_the_coordinators_list_names_is_no_finding(school: School) -> None:
    await school["ola"].reports(hendelsestype="mistanke")
    async with school.database.transaction() as tx:
        for person in ("kari", "arne"):
            await tx.accounts.unlink(Address(CHAT, "t", person))
        await tx.accounts.note_refusal(Address(CHAT, "t", "ola"), school.clock.now())
    await school["berit"].does_again(Pressed("take", await the_case(school)), "berit takes it")
    school.chat.faults = [Refused("user_disabled", for_good=True)] * 20
    await school.passes(hours=1)
    assert await audited(school) == ()


async def test_an_alert_that_reaches_nobody_at_all_is_found(school: School) -> None:
    """As where an administrator has shut the bot out: everybody's account refuses, and nobody hears of the case."""
    school.chat.faults = [Refused("bot_disabled", for_good=True)] * 1000
    await school["ola"].reports()
    await school.passes(minutes=6)
    assert Finding.MESSAGE_WAITS in await audited(school)
    school.chat.faults = []
    await school.passes(minutes=2)
    assert Finding.MESSAGE_WAITS not in await audited(school)


async def test_somebody_the_app_can_not_reach_is_the_next_levels_business_and_no_fault_of_the_bots(
    school: School,
) -> None:
    async with school.database.transaction() as tx:
        for person in ("kari", "eva"):
            await tx.accounts.unlink(Address(CHAT, "t", person))
    await school["ola"].reports()
    await school["ola"].submits(colleague="eva")
    await school.passes(minutes=10)
    case = await the_case(school)
    async with school.database.transaction() as tx:
        rows = await tx.outbox.of_case(case)
    acute = {(row.person_id, row.kind) for row in rows if row.priority == ACUTE and not row.finished_at}
    assert acute == {("kari", "alert"), ("eva", "colleague")}
    assert await audited(school) == ()
    school.chat.faults = [Refused("down")] * 100
    await school.passes(minutes=11)
    assert await audited(school) == (Finding.MESSAGE_WAITS,), "berit could be reached, and isn't"


async def test_whoever_blocked_the_app_after_an_alert_is_told_of_its_end_when_he_can_be_and_that_is_no_finding(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    await school["ola"].reports()
    send = school.chat.send

    async def sends(to: Address, card: Card, delivery_id: str) -> MessageRef:
        if to.user == "kari":
            raise Refused("user_disabled", for_good=True)
        return await send(to, card, delivery_id)

    monkeypatch.setattr(school.chat, "send", sends)
    withdrawing = Submitted("withdraw", await the_case(school), {"reason": ("Meldt to ganger.",)})
    await school["ola"].does_again(withdrawing, "withdrawn")
    await school.passes(minutes=10)
    assert await audited(school) == ()
    monkeypatch.undo()
    await school.passes(minutes=10)
    assert "trakk varselet" in school["kari"].message.text


async def test_that_no_audit_comes_to_an_end_is_said(
    site: TestClient[web.Request, web.Application], school: School
) -> None:
    school.app.health.auditor._ended_at -= OLDEST_AUDIT.total_seconds() + 1
    answer = await site.get("/readyz")
    assert answer.status == 503
    assert "no_audit" in (await answer.json())["faults"]
    await audited(school)
    answer = await site.get("/readyz")
    assert "no_audit" not in (await answer.json())["faults"]


async def test_a_journal_that_was_changed_is_found(school: School) -> None:
    await school["ola"].reports()
    await run(school, "DROP TRIGGER journal_refuses_update", "UPDATE journal SET actor = 'per' WHERE seq = 1")
    assert await audited(school) == (Finding.CHAIN,)


async def test_that_it_can_not_look_is_a_finding(school: School) -> None:
    await run(school, "ALTER TABLE timers RENAME TO gone")
    assert await audited(school) == (Finding.NO_DATABASE,)


class Watcher:
    """Somebody who waits for the heartbeat."""

    def __init__(self, status: int = 200) -> None:
        self.beats, self.status = 0, status

    async def beat(self, _: web.Request) -> web.Response:
        self.beats += 1
        return web.Response(status=self.status)


@pytest.mark.parametrize("status", [200, 500])
async def test_the_heart_beats_only_as_long_as_everything_holds(school: School, status: int) -> None:
    watcher, watching = Watcher(status), web.Application()
    watching.router.add_get("/beat", watcher.beat)
    async with TestServer(watching) as server:
        school.app.health.auditor.heartbeat_url = str(server.make_url("/beat"))
        await audited(school)
        assert watcher.beats == 1
        await school["ola"].reports()
        await run(school, "DELETE FROM timers")
        await audited(school)
        assert watcher.beats == 1


async def test_a_watcher_that_is_away_is_no_fault_of_the_bots(school: School) -> None:
    school.app.health.auditor.heartbeat_url = "http://127.0.0.1:9/beat"
    async with asyncio.timeout(20):
        assert await audited(school) == ()


async def test_a_long_journal_is_checked_by_and_by_and_others_go_on_meanwhile(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "BATCH", 5)
    await school["ola"].reports()
    steps, has_begun = list[int](), asyncio.Event()
    goes_on = Verification.goes_on

    async def beside(check: Verification, witness: Head | None = None) -> bool:
        steps.append(check._read or 0)
        has_begun.set()
        return await goes_on(check, witness)

    monkeypatch.setattr(Verification, "goes_on", beside)
    auditing = asyncio.create_task(audited(school))
    await has_begun.wait()
    await school["kari"].presses("Jeg tar saken")
    assert await auditing == ()
    assert steps[:3] == [0, 5, 10]
    await run(school, "DROP TRIGGER journal_refuses_update", "UPDATE journal SET actor = 'per' WHERE seq = 2")
    assert await audited(school) == (Finding.CHAIN,)
