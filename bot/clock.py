"""Time and randomness, handed to whoever needs them, so that a test can hold both still."""

from __future__ import annotations

import logging
import secrets
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Protocol

SPOKEN = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I and 1, no O and 0: it's said over a phone
NUMBER_LENGTH = 6
CODE_LENGTH = 6
JUMP = timedelta(seconds=5)  # that a clock may be set by without a word
FURTHEST = timedelta(hours=25)  # that a clock is believed to have been set back over a restart
CATCHING_UP = 0.98  # how fast ours goes while it is ahead: what it wakes is hardly later, an hour is over in two days

log = logging.getLogger("rusplan.clock")


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def as_others_have_it(self, at: datetime) -> datetime:
        """Return an instant of this clock's as others put it on what they keep: this one may be ahead of them."""
        ...


class SystemClock:
    """The system's time, which may be set forward but never runs back: an alert must not wait for it to catch up.

    Where it was ahead, and was set right, ours goes a little slower until the system's is there, too.
    `not_before` is the latest that the database knows of: over a restart the clock may have been set back, too.
    """

    def __init__(self, not_before: datetime | None = None) -> None:
        now = datetime.now(UTC)
        self._latest = not_before if not_before and now < not_before <= now + FURTHEST else now
        self._read_at = time.monotonic()
        self._is_behind = False  # the system's time, of ours

    def now(self) -> datetime:
        elapsed = timedelta(seconds=time.monotonic() - self._read_at)
        wall, expected = datetime.now(UTC), self._latest + elapsed * (CATCHING_UP if self._is_behind else 1)
        if wall - expected > JUMP and not self._is_behind:  # what has gone by unseen is due at once
            log.warning("clock_jump")
        if (expected - wall > JUMP) != self._is_behind:
            self._is_behind = not self._is_behind
            log.warning("clock_set_back" if self._is_behind else "clock_caught_up")
        self._latest = max(wall, expected)
        self._read_at = time.monotonic()
        return self._latest

    def as_others_have_it(self, at: datetime) -> datetime:
        return at - max(timedelta(), self.now() - datetime.now(UTC))


def wall() -> datetime:
    """Return the system's time as it is: what others have put a time on is compared with that."""
    return datetime.now(UTC)


class Dice(Protocol):
    """Where everything random comes from."""

    def token(self) -> str:
        """Return 128 random bits as 32 hex digits."""
        ...

    def spoken(self, length: int) -> str:
        """Return random characters that can be told apart over a phone."""
        ...

    def fraction(self) -> float:
        """Return a number from 0 up to 1."""
        ...


class SystemDice:
    def token(self) -> str:
        return uuid.uuid4().hex

    def spoken(self, length: int) -> str:
        return "".join(secrets.choice(SPOKEN) for _ in range(length))

    def fraction(self) -> float:
        return secrets.randbelow(1_000_000) / 1_000_000
