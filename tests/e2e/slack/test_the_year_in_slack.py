"""The prevention year by the real program, with a clock that is moved: skolestart, summer time, New Year, August."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.slack.conftest import Workplace, workplace
from tests.e2e.slack.people import Person
from tests.e2e.slack.test_a_report_in_slack import in_dm, reads
from tests.torture.clockwork import Clockwork
from tests.torture.nudge import nudge

pytestmark = pytest.mark.faketime
WITHIN = 30.0  # true seconds
JUST = timedelta(seconds=4)
ELSEWHERE = "America/New_York"  # the host's own time zone: it must not matter


async def shows_the_year(work: Workplace, person: Person, year: str) -> None:
    """Wait until somebody's own year is planned, as he sees it."""
    until = time.monotonic() + WITHIN
    while True:
        await person.slash("/rus-arshjul")
        await work.slack.until(lambda: person.modal and "Skoleåret" in reads(person))  # not what holds its place
        said = reads(person)
        await person.closes()
        if f"Skoleåret {year}" in said and "Du har ingen oppgaver" not in said:
            return
        assert time.monotonic() < until, said
        await asyncio.sleep(0.2)


async def is_set(work: Workplace, clock: Clockwork, at: datetime) -> None:
    clock.set((at - datetime.now(UTC)).total_seconds())
    await nudge(work.slack)


@pytest.mark.parametrize(
    ("at", "year"),
    [
        pytest.param(datetime(2026, 8, 17, 6, tzinfo=UTC), "2026-2027", id="skolestart"),
        pytest.param(datetime(2026, 10, 26, 7, tzinfo=UTC), "2026-2027", id="after summer time"),
        pytest.param(datetime(2027, 1, 4, 7, tzinfo=UTC), "2026-2027", id="after week 53 and new year"),
        pytest.param(datetime(2027, 3, 30, 6, tzinfo=UTC), "2026-2027", id="when summer time has begun"),
        pytest.param(datetime(2027, 8, 10, 6, tzinfo=UTC), "2027-2028", id="in a new school year without its file"),
        pytest.param(datetime(2028, 2, 29, 7, tzinfo=UTC), "2027-2028", id="on the 29th of February"),
    ],
)
async def test_a_reminder_comes_at_eight_at_the_school_and_not_before(tmp_path: Path, at: datetime, year: str) -> None:
    async with workplace(tmp_path) as work:
        clock = Clockwork(work.folder, work.slack.workspace.clock)
        await is_set(work, clock, at - timedelta(days=1, hours=14))  # an afternoon before, when nobody is at work
        await work.starts(**clock.environment, TZ=ELSEWHERE)
        kari = work.kari
        await shows_the_year(work, kari, year)
        await is_set(work, clock, at - JUST)
        assert "årshjul" not in in_dm(kari).casefold()
        await work.slack.until(lambda: "årshjul" in in_dm(kari).casefold(), within=WITHIN)
        assert clock.now() >= at.timestamp()


async def test_a_task_is_confirmed_in_slack_and_a_restart_forgets_nothing(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        clock, at = Clockwork(work.folder, work.slack.workspace.clock), datetime(2026, 8, 17, 6, tzinfo=UTC)
        await is_set(work, clock, at - timedelta(days=3))
        await work.starts(**clock.environment)
        mikael = work.mikael
        await shows_the_year(work, mikael, "2026-2027")
        await work.bot.stops()
        await is_set(work, clock, at + timedelta(days=1, hours=2))  # it was down on the day itself
        await work.starts(**clock.environment)
        await work.slack.until(lambda: "Gå gjennom handlingsplanen i klassen" in in_dm(mikael), within=WITHIN)
        assert "Påminnelsen skulle ha kommet mandag 17.08." in in_dm(mikael)
        await mikael.presses("Gjennomført")
        await work.slack.until(lambda: mikael.modal)
        assert "Når ble det gjort?" in reads(mikael)
        await mikael.submits()
        await work.slack.until(lambda: "ingenting gjenstår her" in in_dm(mikael))
        await work.slack.until(lambda: "Lagret." in reads(mikael))
        await mikael.closes()
        await work.bot.stops()
        await work.starts(**clock.environment)
        await shows_the_year(work, mikael, "2026-2027")
        assert in_dm(mikael).count("Gå gjennom handlingsplanen i klassen") == 1
        assert not work.slack.faults


async def test_the_question_of_the_plan_is_replaced_when_it_is_answered(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        clock, at = Clockwork(work.folder, work.slack.workspace.clock), datetime(2026, 8, 17, 7, tzinfo=UTC)
        await is_set(work, clock, at - timedelta(days=3))
        await work.starts(**clock.environment)
        kari = work.kari
        await shows_the_year(work, kari, "2026-2027")
        await is_set(work, clock, at)
        await work.slack.until(lambda: "Kjenner du handlingsplanen mot rus?" in in_dm(kari), within=WITHIN)
        await kari.presses("Jeg har lest planen")
        await work.slack.until(lambda: "Du har bekreftet at du kjenner planen" in in_dm(kari), within=WITHIN)
        assert "Jeg har lest planen" not in in_dm(kari)
        assert not work.slack.faults
