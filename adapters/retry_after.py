"""How long a platform asks us to wait."""

from __future__ import annotations

from datetime import timedelta

LONGEST_PAUSE = timedelta(hours=1)  # whatever a platform asks for
MOST_DIGITS = 9  # of a number of seconds that is read at all


def pause(written: str) -> timedelta | None:
    """Return what a Retry-After header says; None where it doesn't say so in seconds."""
    if not written.isascii() or not written.isdecimal():
        return None
    if len(written) > MOST_DIGITS:
        return LONGEST_PAUSE
    return min(timedelta(seconds=int(written)), LONGEST_PAUSE)
