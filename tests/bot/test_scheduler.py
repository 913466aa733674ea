"""What is due is fired, whatever fails beside it; APScheduler only says when to look."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot import scheduler as schedulers
from bot.app import build, running
from bot.clock import SystemClock
from bot.library import Library
from flows.port import Submitted, Typed
from storage.pings import Ping
from storage.timers import Timer
from tests.school import CHAT, REPORT, School, SeededDice

SOON = 10.0  # seconds; what is waited for here takes a fraction of one
HOUR = timedelta(hours=1)


async def arm(school: School, *names: str, case_id: str = "") -> None:
    async with school.database.transaction() as tx:
        for name in names:
            timer = Timer(case_id or name, name, school.library.schools[0].id, school.clock.now())
            await tx.timers.arm(timer)


async def timers(school: School, case_id: str) -> list[str]:
    async with school.database.transaction() as tx:
        return [timer.name for timer in await tx.timers.of_case(case_id)]


async def the_case(school: School) -> str:
    async with school.database.transaction() as tx:
        case, *_ = await tx.cases.open_of_school(school.library.schools[0].id)
        return case.case_id


async def test_timers_that_fail_keep_no_other_from_firing(school: School) -> None:
    await school["ola"].reports()
    case_id = await the_case(school)
    await arm(school, *(f"broken-{n}" for n in range(schedulers.MOST + 10)), case_id=case_id)
    await school.passes(minutes=5)
    assert len(school["arne"].messages) == 1


async def test_a_timer_of_a_newer_version_waits_for_that_version(school: School) -> None:
    await school["ola"].reports()
    case_id = await the_case(school)
    await arm(school, "unheard-of", case_id=case_id)
    await school.passes(minutes=5)
    assert "unheard-of" in await timers(school, case_id)


async def test_a_timer_that_has_been_set_anew_since_it_was_looked_up_has_no_effect(school: School) -> None:
    await school["ola"].reports(hendelsestype="mistanke")
    school.clock.forward(HOUR)
    async with school.database.transaction() as tx:
        due = await tx.timers.due(school.clock.now(), 10)
    facts = {name: (value,) for name, value in REPORT.items()}
    await school["ola"].does_again(Submitted("correct", await the_case(school), facts), "corrected")
    await school.settles()
    alerted = len(school["kari"].alerts)
    for timer in due:
        await school.app.timekeeper._fire(timer)
    await school.settles()
    assert len(school["kari"].alerts) == alerted == 2, "the climb that has begun anew is not hurried by the old one"


async def test_a_timer_of_a_case_that_is_gone_goes_too(school: School) -> None:
    await arm(school, "escalation", case_id="nowhere")
    await school.passes(minutes=1)
    assert await timers(school, "nowhere") == []


async def test_while_an_alert_may_climb_the_time_is_written_down(school: School) -> None:
    async def known() -> datetime | None:
        async with school.database.transaction() as tx:
            return await tx.pings.get(Ping.SOMEBODY_WAITS)

    await school.app.timekeeper.next_due()
    assert await known() is None
    await school["ola"].reports()
    school.clock.forward(timedelta(minutes=1))
    assert await school.app.timekeeper.next_due() == school.clock.now() + timedelta(minutes=2)
    assert await known() == school.clock.now()


async def test_what_came_in_and_went_out_long_ago_is_forgotten(school: School) -> None:
    await school["ola"].reports()
    case_id = await the_case(school)
    school.clock.forward(schedulers.OUTBOX_KEPT - HOUR)
    await school["ola"].does_again(Typed("hei"), "late")
    await school.app.timekeeper.tidy()
    async with school.database.transaction() as tx:
        promised = len(await tx.outbox.of_case(case_id))
    assert promised
    school.clock.forward(2 * HOUR)
    await school.app.timekeeper.tidy()
    async with school.database.transaction() as tx:
        assert not await tx.outbox.of_case(case_id)
        forgotten = await tx.inbox.prune(school.clock.now())
    assert forgotten == 1  # the late one alone was still known


async def test_what_is_due_fires_at_its_time_and_not_at_the_next_sweep(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedulers, "SWEEP", HOUR)
    fired = asyncio.Event()
    clock = SystemClock()

    async def fire(_: schedulers.Timekeeper, timer: Timer) -> None:
        async with school.database.transaction() as tx:
            await tx.timers.disarm(timer.case_id, timer.name)
        fired.set()

    monkeypatch.setattr(schedulers.Timekeeper, "_fire", fire)
    app = build(school.database, school.library, {CHAT: school.chat}, clock, SeededDice(7))
    async with running(app):
        for _ in range(3):
            fired.clear()
            due_at = clock.now() + timedelta(milliseconds=300)
            async with school.database.transaction() as tx:
                await tx.timers.arm(Timer("a", "x", school.library.schools[0].id, due_at))
            app.scheduler.wake()
            await asyncio.wait_for(fired.wait(), SOON)
            assert clock.now() >= due_at


async def test_a_sweep_that_fails_is_followed_by_the_next(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedulers, "SWEEP", timedelta(seconds=1))
    swept = asyncio.Event()
    failures = 1
    sweep = schedulers.Timekeeper.sweep

    async def failing(timekeeper: schedulers.Timekeeper) -> int:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionResetError
        swept.set()
        return await sweep(timekeeper)

    monkeypatch.setattr(schedulers.Timekeeper, "sweep", failing)
    async with running(build(school.database, school.library, {CHAT: school.chat}, SystemClock(), SeededDice(7))):
        await asyncio.wait_for(swept.wait(), SOON)
    assert failures == 0


async def test_a_sweep_that_hangs_is_broken_off_and_followed_by_the_next(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedulers, "SWEEP_WITHIN", timedelta(milliseconds=50))
    monkeypatch.setattr(schedulers, "SWEEP", timedelta(seconds=1))
    sweep, begun = schedulers.Timekeeper.sweep, 0

    async def hanging(timekeeper: schedulers.Timekeeper) -> int:
        nonlocal begun
        begun += 1
        if begun == 1:
            await asyncio.Event().wait()
        return await sweep(timekeeper)

    monkeypatch.setattr(schedulers.Timekeeper, "sweep", hanging)
    app = build(school.database, school.library, {CHAT: school.chat}, SystemClock(), SeededDice(7))
    ticked_at = app.scheduler._sweep.went_well_at
    async with running(app), asyncio.timeout(SOON):
        while app.scheduler._sweep.went_well_at == ticked_at:  # noqa: ASYNC110 - the scheduler tells nobody
            await asyncio.sleep(0.01)
    assert begun > 1


async def test_a_job_that_hangs_holds_up_no_stop(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedulers, "STOP_WITHIN", timedelta(milliseconds=50))
    begun = asyncio.Event()

    async def hanging(_: schedulers.Timekeeper) -> int:
        begun.set()
        await asyncio.Event().wait()
        return 0

    monkeypatch.setattr(schedulers.Timekeeper, "sweep", hanging)
    app = build(school.database, school.library, {CHAT: school.chat}, SystemClock(), SeededDice(7))
    async with asyncio.timeout(SOON):
        async with running(app):
            app.turns.wake()
            await begun.wait()


async def test_a_job_that_apscheduler_does_not_run_is_said(
    school: School, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def raising(_: schedulers.Scheduler) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(schedulers.Scheduler, "_tick", raising)
    app = build(school.database, school.library, {CHAT: school.chat}, SystemClock(), SeededDice(7))
    async with running(app), asyncio.timeout(SOON):
        app.turns.wake()
        while "job_not_run" not in caplog.messages:  # noqa: ASYNC110 - a log is a plain list
            await asyncio.sleep(0.01)


class SetBack(datetime):
    """The system's clock, set back by so much."""

    by = timedelta()

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return datetime.now(UTC) - cls.by


@pytest.mark.parametrize("hours", [1, 24])
async def test_a_clock_that_is_set_back_does_not_stop_the_sweep(
    school: School, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    monkeypatch.setattr(schedulers, "SWEEP", timedelta(seconds=1))
    monkeypatch.setattr(SetBack, "by", timedelta())
    monkeypatch.setattr(schedulers, "wall", SetBack.now)
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", SetBack)
    swept = asyncio.Event()
    sweep = schedulers.Timekeeper.sweep

    async def noted(timekeeper: schedulers.Timekeeper) -> int:
        swept.set()
        return await sweep(timekeeper)

    monkeypatch.setattr(schedulers.Timekeeper, "sweep", noted)
    async with running(build(school.database, school.library, {CHAT: school.chat}, SystemClock(), SeededDice(7))):
        await asyncio.wait_for(swept.wait(), SOON)
        SetBack.by = timedelta(hours=hours)
        for _ in range(3):
            swept.clear()
            await asyncio.wait_for(swept.wait(), SOON)


@pytest.mark.parametrize(("has_new_file", "looks"), [(True, 1), (False, 0)])
async def test_when_next_years_file_begins_every_open_case_is_looked_at(
    school: School, monkeypatch: pytest.MonkeyPatch, *, has_new_file: bool, looks: int
) -> None:
    await school["ola"].reports()
    await school["kari"].presses("Jeg tar saken")

    async def begin_years(library: Library, *_: object) -> None:
        library.followed += has_new_file

    monkeypatch.setattr(type(school.library), "begin_years", begin_years)
    await school.app.scheduler._plan()
    async with school.database.transaction() as tx:
        due = await tx.timers.due(school.clock.now(), 10)
    assert len(due) == looks
