"""B1: each call of the relay's goes wrong in each way that its platform knows, and everybody is told, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from bot.copies import FIRST_LOOK
from bot.relay import HOLD_OFF
from tests.e2e.slack.conftest import Workplace, workplace
from tests.e2e.slack.trouble import Answer, Delay, Hang, LoseAnswer, RateLimit, Refuse, Reset, Trouble
from tests.torture import faults_in_teams
from tests.torture.hurry import Hurry
from tests.torture.oracle import Tally
from tests.torture.points import each
from tests.torture.sent import twice
from tests.torture.story import NeverCame
from tests.torture.trials import Case, told
from tests.torture.weather import Drip, LateGhost, Shut

AT_ONCE = 3  # they mostly wait
POST, UPDATE, OPEN = "chat.postMessage", "chat.update", "conversations.open"
HISTORY, PUBLISH = "conversations.history", "views.publish"
SWEPT_WITHIN = 25.0  # true seconds: the program looks for second copies every twenty

QUICK: tuple[Trouble, ...] = (
    *(RateLimit(after) for after in ("1", "30", None, "abc", "-1")),
    *(Answer(status, "no") for status in (500, 502, 503, 504)),
    *(LoseAnswer(how) for how in ("close", "500", "cut", "html")),
    Reset(),
    Shut(20.0),
    Answer(200, "<html><body>Slack is taking a nap.</body></html>"),
    *(Refuse(code) for code in ("internal_error", "channel_not_found", "account_inactive", "invalid_auth")),
    *(Refuse(code) for code in ("token_revoked", "msg_too_long")),
)
SLOW: tuple[Trouble, ...] = (Hang(), Delay(after=12.0), Drip(), Drip(done=True), LateGhost(5.0), LateGhost(12.0))
GHOST_AFTER_ALL = LateGhost(40.0)  # when the message has long gone out again
STALE = (2.0, 10.0, 20.0)  # seconds that a history lags behind


@dataclass(frozen=True)
class CaseInSlack(Case):
    """`stale` is how far the history lags behind."""

    stale: float = 0.0

    changes, edits = (UPDATE, PUBLISH), (UPDATE,)

    def __str__(self) -> str:
        return f"{super().__str__()}{f', stale {self.stale:g} s' * bool(self.stale)}"

    @property
    def may_stand_twice(self) -> bool:
        """Whether Slack itself lets nobody know in time that the message stands there already."""
        return self.trouble is GHOST_AFTER_ALL or self.stale > HOLD_OFF.total_seconds()

    def opens(self, folder: Path) -> AbstractAsyncContextManager[Workplace]:
        return workplace(folder)

    async def begins(self, hurry: Hurry[Workplace]) -> None:
        work = hurry.work
        work.slack.workspace.history_lags_by = self.stale
        if self.method == PUBLISH:
            await work.kari.opens_home()
            await work.slack.until(lambda: work.kari.home)
        if self.method == HISTORY:  # it is only read where nobody knows
            work.slack.trouble(POST, *[LoseAnswer()] * (self.before + 1))

    async def ends(self, hurry: Hurry[Workplace]) -> None:
        """Let ghosts come, and second copies be taken away."""
        await super().ends(hurry)
        work = hurry.work
        if twice(work) and not self.may_stand_twice:
            raise NeverCame("a look whether it stands there already")
        if twice(work):
            await hurry.jumps(FIRST_LOOK.total_seconds() + 1, lambda: not twice(work), SWEPT_WITHIN)

    def finds(self, hurry: Hurry[Workplace]) -> Iterator[str]:
        if twice(hurry.work):
            yield f"{twice(hurry.work)} second copies"
        if self.method == PUBLISH and "Kari" not in str(hurry.work.kari.home):
            yield "kari's own page doesn't show that she has it"


def every_case() -> Iterator[CaseInSlack]:
    for trouble in (*QUICK, *SLOW):
        for method in (POST, UPDATE, OPEN, HISTORY, PUBLISH):
            for before, times in ((0, 1), (1, 1), (0, 3)) if method == POST or trouble in QUICK else ((0, 1), (0, 3)):
                if _is_possible(method, trouble):
                    yield CaseInSlack(method, trouble, before, times)
    yield from (CaseInSlack(POST, GHOST_AFTER_ALL, before, times) for before, times in ((0, 1), (1, 1), (0, 3)))
    for lag in STALE:
        yield from (CaseInSlack(POST, LoseAnswer(how), stale=lag) for how in ("close", "500", "cut", "html"))


def _is_possible(method: str, trouble: Trouble) -> bool:
    """Say whether Slack answers so: a message that is gone for good is not changed any more, and is given up."""
    if not isinstance(trouble, Refuse):
        return True
    in_a_chat = trouble.error in ("channel_not_found", "msg_too_long")
    return not (in_a_chat and method in (PUBLISH, OPEN)) and (method, trouble.error) != (UPDATE, "channel_not_found")


# One of each kind that takes another way through the relay, but for what is alike in Teams and tried there
TELLING = (
    CaseInSlack(POST, LateGhost(5.0)),
    CaseInSlack(POST, GHOST_AFTER_ALL),
    CaseInSlack(POST, LoseAnswer("cut"), stale=STALE[-1]),
    CaseInSlack(UPDATE, RateLimit("1"), before=1),
    CaseInSlack(HISTORY, Answer(503, "no")),
)


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    """Try each so-manieth case; where some are left out, the telling ones before them."""
    telling = (*TELLING, *faults_in_teams.TELLING) if every > 1 else ()
    chosen = islice(chain(every_case(), faults_in_teams.every_case()), every // 2, None, every)
    async with aclosing(each(chain(telling, chosen), told, AT_ONCE)) as tried:
        async for name, tally in tried:
            yield name, tally
