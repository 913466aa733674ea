"""The system's clock may be set forward and back; ours goes forward only."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot import clock


class Wall(datetime):
    """The system's clock, set back by so much."""

    behind = timedelta()

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return datetime.now(UTC) - cls.behind


@pytest.fixture(autouse=True)
def wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Wall, "behind", timedelta())
    monkeypatch.setattr(clock, "datetime", Wall)


def test_a_clock_that_was_set_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    ours = clock.SystemClock()
    for hours in (0, 1, 1, 0, 0, -2, -2):
        Wall.behind = timedelta(hours=hours)
        ours.now()
    assert [record.getMessage() for record in caplog.records] == ["clock_set_back", "clock_caught_up", "clock_jump"]


def test_a_clock_that_is_kept_in_time_is_not_worth_a_word(caplog: pytest.LogCaptureFixture) -> None:
    ours = clock.SystemClock()
    for seconds in (0, 2, -2, 1, -1):
        Wall.behind = timedelta(seconds=seconds)
        ours.now()
    assert not caplog.records


def test_time_never_runs_back() -> None:
    ours = clock.SystemClock()
    first = ours.now()
    Wall.behind = timedelta(hours=1)
    second = ours.now()
    assert timedelta() <= second - first < timedelta(minutes=1)
    Wall.behind = -timedelta(hours=1)
    assert ours.now() - second > timedelta(minutes=59)


def test_what_was_ahead_is_caught_up_with_in_some_days_and_meanwhile_hardly_slower(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed = timedelta()
    began_at, read_at = datetime.now(UTC), time.monotonic()

    class Passing(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return began_at - timedelta(hours=passed > timedelta()) + passed

    monkeypatch.setattr(clock, "datetime", Passing)
    monkeypatch.setattr(clock.time, "monotonic", lambda: read_at + passed.total_seconds())
    ours = clock.SystemClock()
    ahead = []
    for _ in range(24 * 60 * 3):
        passed += timedelta(minutes=1)
        ahead.append(ours.now() - Passing.now())
        assert abs(ours.as_others_have_it(ours.now()) - Passing.now()) < timedelta(seconds=1)
    assert ahead[0] > timedelta(minutes=59)
    assert ahead[60] > timedelta(minutes=58), "an alert's minutes are as long as ever"
    assert ahead[-1] <= clock.JUMP


def test_a_clock_that_was_set_back_over_a_restart_goes_on_from_the_newest_instant() -> None:
    noted = datetime.now(UTC) + timedelta(hours=1)
    ours = clock.SystemClock(not_before=noted)
    assert timedelta() <= ours.now() - noted < timedelta(minutes=1)


@pytest.mark.parametrize("noted", [timedelta(hours=26), timedelta(days=400), -timedelta(hours=1), None])
def test_an_instant_that_is_past_or_too_far_ahead_is_not_believed(noted: timedelta | None) -> None:
    now = datetime.now(UTC)
    ours = clock.SystemClock(not_before=now + noted if noted else None)
    assert abs(ours.now() - now) < timedelta(minutes=1)
