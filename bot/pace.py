"""How fast messages go out that can wait; an acute one waits for none of this.

Sources: Slack allows several hundred messages per minute in a workspace, and short bursts
(docs.slack.dev/apis/web-api/rate-limits); Teams fifty requests a second for a bot in a tenant.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.clock import Dice
from storage.claims import Rate

# A little less than five a second, so that what is acute finds room on the platform, too
RATE = Rate(burst=25, each=timedelta(seconds=1 / 4.75))
LONGEST_PAUSE = timedelta(seconds=60)  # between two tries, where a platform doesn't ask for more
AT_ONCE = 12  # deliveries under way
NOT_ACUTE_AT_ONCE = 8  # the rest is kept free for what is acute, however slowly a platform answers


class Pace:
    """Who has asked us to come back later, and what that leaves to begin."""

    def __init__(self, platforms: Iterable[str] = ()) -> None:
        self._platforms = tuple(platforms)
        self._paused: dict[str, datetime] = {}

    def free(self, now: datetime, under_way: int) -> int:
        """Return how many messages that aren't acute may begin now, beside those that are under way.

        While no platform takes any, none: each would be put back.
        """
        return 0 if self.nobody_takes_any(now) else max(0, NOT_ACUTE_AT_ONCE - under_way)

    def pause(self, platform: str, until: datetime) -> None:
        """Note that a platform wants nothing before an instant."""
        self._paused[platform] = max(until, self._paused.get(platform, until))

    def nobody_takes_any(self, now: datetime) -> bool:
        return bool(self._platforms) and all(self.pause_left(each, now) for each in self._platforms)

    def pause_left(self, platform: str, now: datetime) -> timedelta | None:
        """Return how long a platform still wants nothing; None where it takes messages."""
        until = self._paused.get(platform, now)
        return until - now if until > now else None


def pause_after(attempts: int, dice: Dice) -> timedelta:
    """Return a pause that doubles with each try, with jitter so that many rows don't return at once."""
    seconds = min(LONGEST_PAUSE.total_seconds(), 2.0 ** min(attempts, 10))
    return timedelta(seconds=seconds * (0.5 + dice.fraction() / 2))
