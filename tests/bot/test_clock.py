"""The system's clock may be set forward and back; ours goes forward only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import clock


def test_time_never_runs_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wall(datetime):
        behind = timedelta()

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) - cls.behind

    monkeypatch.setattr(clock, "datetime", Wall)
    ours = clock.SystemClock()
    first = ours.now()
    Wall.behind = timedelta(hours=1)
    second = ours.now()
    assert timedelta() <= second - first < timedelta(minutes=1)
    Wall.behind = -timedelta(hours=1)
    assert ours.now() - second > timedelta(minutes=59)
