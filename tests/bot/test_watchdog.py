"""A loop that stands still, or a sweep that never comes to its end, ends the program; nothing else does."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from bot import watchdog as watchdogs
from bot.exits import STUCK
from bot.watchdog import LONGEST_REMINDING, LONGEST_SILENCE, LONGEST_STALL, Watchdog

STALL, SILENCE = LONGEST_STALL.total_seconds(), LONGEST_SILENCE.total_seconds()
REMINDING = LONGEST_REMINDING.total_seconds()


class Loop:
    """A loop that runs what it is given, or stands still."""

    stands = False

    def call_soon_threadsafe(self, what: Callable[[], None]) -> None:
        if not self.stands:
            what()


class Hours:
    """Monotonic time that a test moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.swept_at = self.reminded_at = 1000.0
        monkeypatch.setattr(watchdogs.time, "monotonic", lambda: self.now)

    def pass_by(self, watchdog: Watchdog, seconds: int, *, sweeps: bool = True, reminds: bool = True) -> list[str]:
        found = []
        for _ in range(seconds):
            self.now += 1
            if sweeps:
                self.swept_at = self.now
            if reminds:
                self.reminded_at = self.now
            found.append(watchdog._stuck(self.now))
        return found


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    return Hours(monkeypatch)


def watchdog_on(loop: Loop, hours: Hours) -> Watchdog:
    return Watchdog(loop, lambda: hours.swept_at, lambda: hours.reminded_at)  # type: ignore[arg-type]


def test_a_program_that_works_is_left_alone(hours: Hours) -> None:
    assert not any(hours.pass_by(watchdog_on(Loop(), hours), 1000))


def test_a_loop_that_stands_still_is_found_after_ten_seconds(hours: Hours) -> None:
    loop = Loop()
    watchdog = watchdog_on(loop, hours)
    hours.pass_by(watchdog, 5)
    loop.stands = True
    found = hours.pass_by(watchdog, int(STALL) + 1)
    assert [*filter(None, found)] == ["loop_stuck"]
    assert found[-1]


def test_a_stall_that_ends_in_time_is_no_reason(hours: Hours) -> None:
    loop = Loop()
    watchdog = watchdog_on(loop, hours)
    for _ in range(20):
        loop.stands = True
        assert not any(hours.pass_by(watchdog, int(STALL) - 1))
        loop.stands = False
        assert not any(hours.pass_by(watchdog, 2))


def test_a_sweep_that_never_ends_is_found_after_a_minute(hours: Hours) -> None:
    watchdog = watchdog_on(Loop(), hours)
    hours.pass_by(watchdog, 5)
    found = hours.pass_by(watchdog, int(SILENCE) + 1, sweeps=False)
    assert [*filter(None, found)] == ["sweep_stuck"]
    assert found[-1]


def test_a_look_for_reminders_that_never_ends_is_found_too(hours: Hours) -> None:
    watchdog = watchdog_on(Loop(), hours)
    hours.pass_by(watchdog, 5)
    found = hours.pass_by(watchdog, int(REMINDING) + 1, reminds=False)
    assert [*filter(None, found)] == ["reminding_stuck"]
    assert found[-1]


def test_a_machine_that_slept_is_no_reason(hours: Hours) -> None:
    watchdog = watchdog_on(Loop(), hours)
    hours.pass_by(watchdog, 5)
    hours.now += 8 * 60 * 60
    assert not any(hours.pass_by(watchdog, int(SILENCE) - 1, sweeps=False))
    assert not any(hours.pass_by(watchdog, 100))


async def test_it_ends_the_program_with_its_own_code(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, seconds in (("LOOK", 0.02), ("LONGEST_STALL", 0.1), ("LAST_WORDS", 0.05)):
        monkeypatch.setattr(watchdogs, name, watchdogs.timedelta(seconds=seconds))
    ended: list[int] = []
    watchdog = Watchdog(asyncio.get_running_loop(), time.monotonic, time.monotonic, ended.append)
    thread = threading.Thread(target=watchdog.watch)
    thread.start()
    await asyncio.sleep(0.3)
    assert not ended
    time.sleep(0.5)  # noqa: ASYNC251 - the loop is to stand still
    thread.join()
    assert ended == [STUCK]
    assert "loop_stuck" in caplog.messages
