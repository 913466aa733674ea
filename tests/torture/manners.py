"""How the program asks a platform again after something went wrong: not too early, and not too often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.e2e.slack.trouble import Answer, RateLimit, Trouble

STORM = 0.95  # seconds of the program's time: whoever asks again sooner than this storms
EARLY = 0.5  # seconds before the time that the platform has named


@dataclass(frozen=True)
class Asked:
    """One call of the program's: `what` is the same for one that is made again for the same thing.

    `repeats_itself`: aiohttp asks once more at once where a connection broke that it had kept, if that does no harm.
    """

    kind: str
    what: str
    at: float  # of the program's clock
    trouble: Trouble | None
    repeats_itself: bool = False


def bad_manners(calls: Iterable[Asked]) -> Iterator[str]:
    """Yield where the same was asked again too soon after it had failed."""
    rows: defaultdict[tuple[str, str], list[Asked]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: call.at):
        rows[call.kind, call.what].append(call)
    for (kind, _), tries in rows.items():
        is_by_itself = False
        for before, after in pairwise(tries):
            pause = after.at - before.at
            is_by_itself = before.repeats_itself and pause < STORM and not is_by_itself  # and once only
            if before.trouble is not None and pause < STORM and not is_by_itself:
                yield f"storm: {kind} again after {pause:.2f} s"
            if pause < (wanted := _asked_for(before.trouble)) - EARLY:
                yield f"early: {kind} after {pause:.1f} s of {wanted:.0f}"


def _asked_for(trouble: Trouble | None) -> float:
    """Return how long the platform has asked to be left alone; nothing where it hasn't said so in seconds."""
    match trouble:
        case RateLimit(retry_after=said):
            pass
        case Answer(status=429, headers=headers):
            said = headers.get("Retry-After")
        case _:
            said = None
    return float(said) if said and said.isdecimal() else 0.0
