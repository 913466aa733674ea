"""B1: each call of the relay's goes wrong in each way that Slack knows, and everybody is told in the end, and once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from bot.copies import FIRST_LOOK
from bot.relay import HOLD_OFF
from tests.e2e.slack.conftest import workplace
from tests.e2e.slack.test_a_report_in_slack import SEEN, in_dm
from tests.e2e.slack.trouble import Answer, Delay, Hang, LoseAnswer, RateLimit, Refuse, Reset, Trouble
from tests.torture.hurry import SETTLED, Hurry
from tests.torture.oracle import Tally, judge
from tests.torture.points import each
from tests.torture.sent import bad_manners, promised, twice
from tests.torture.story import MAY_LOG, NeverCame, last_lines
from tests.torture.weather import Drip, LateGhost, Shut

AT_ONCE = 3  # they mostly wait
POST, UPDATE, OPEN = "chat.postMessage", "chat.update", "conversations.open"
HISTORY, PUBLISH = "conversations.history", "views.publish"
SWEPT_WITHIN = 25.0  # true seconds: the program looks for second copies every twenty
TAKEN = "Kari Moen har tatt saken"

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
NOT_SO_BEFORE = Delay()  # a call that goes well


@dataclass(frozen=True)
class Case:
    """`before` calls of the method go well, `times` don't; `stale` is how far the history lags behind."""

    method: str
    trouble: Trouble
    before: int = 0
    times: int = 1
    stale: float = 0.0

    def __str__(self) -> str:
        where = f"{self.method} {self.trouble}"
        return f"{where} ×{self.times} after {self.before}{f', stale {self.stale:g} s' * bool(self.stale)}"

    @property
    def watched(self) -> float:
        """Return how many true seconds nobody hurries: it would not be seen then how soon something is asked again."""
        return SETTLED if self.times == 1 else 1.2

    @property
    def may_stand_twice(self) -> bool:
        """Whether Slack itself lets nobody know in time that the message stands there already."""
        return self.trouble is GHOST_AFTER_ALL or self.stale > HOLD_OFF.total_seconds()

    @property
    def order(self) -> tuple[Trouble, ...]:
        return (NOT_SO_BEFORE,) * self.before + (self.trouble,) * self.times


def every_case() -> Iterator[Case]:
    for trouble in (*QUICK, *SLOW):
        for method in (POST, UPDATE, OPEN, HISTORY, PUBLISH):
            for before, times in ((0, 1), (1, 1), (0, 3)) if method == POST or trouble in QUICK else ((0, 1), (0, 3)):
                if _is_possible(method, trouble):
                    yield Case(method, trouble, before, times)
    yield from (Case(POST, GHOST_AFTER_ALL, before, times) for before, times in ((0, 1), (1, 1), (0, 3)))
    for lag in STALE:
        yield from (Case(POST, LoseAnswer(how), stale=lag) for how in ("close", "500", "cut", "html"))


def _is_possible(method: str, trouble: Trouble) -> bool:
    """Say whether Slack answers so: a message that is gone for good is not changed any more, and is given up."""
    if not isinstance(trouble, Refuse):
        return True
    in_a_chat = trouble.error in ("channel_not_found", "msg_too_long")
    return not (in_a_chat and method in (PUBLISH, OPEN)) and (method, trouble.error) != (UPDATE, "channel_not_found")


# One of each kind that takes another way through the relay
TELLING = (
    Case(POST, RateLimit("30"), times=3),
    Case(POST, LoseAnswer("500")),
    Case(POST, LateGhost(5.0)),
    Case(POST, GHOST_AFTER_ALL),
    Case(POST, Refuse("invalid_auth"), times=3),
    Case(POST, LoseAnswer("cut"), stale=STALE[-1]),
    Case(UPDATE, Reset(), times=3),
    Case(UPDATE, RateLimit("1"), before=1),
    Case(OPEN, Shut(20.0)),
    Case(HISTORY, Answer(503, "no")),
    Case(PUBLISH, LoseAnswer("html")),
)


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    """Try each so-manieth case; where some are left out, the telling ones before them."""
    chosen = islice(every_case(), every // 2, None, every)
    async with aclosing(each(chain(TELLING if every > 1 else (), chosen), told, AT_ONCE)) as tried:
        async for name, tally in tried:
            yield name, tally


async def told(case: Case, folder: Path) -> Tally:
    """Tell of a report that is taken, while one thing goes wrong."""
    folder.mkdir(parents=True)  # noqa: ASYNC240 - before anything runs
    async with workplace(folder) as work:
        hurry = Hurry(work)
        if not await hurry.starts():
            return Tally()
        try:
            await _reported_and_taken(hurry, case)
            await _swept(hurry, case)
        except (AssertionError, TimeoutError) as failed:
            return Tally(tried=1, others=[f"{type(failed).__name__}: {failed}", *last_lines(work)])
        return await _judged(hurry, case)


async def _reported_and_taken(hurry: Hurry, case: Case) -> None:
    work = hurry.work
    ola, kari = work.ola, work.kari
    work.slack.workspace.history_lags_by = case.stale
    if case.method == PUBLISH:
        await kari.opens_home()
        await work.slack.until(lambda: kari.home)
    if case.method == HISTORY:  # it is only read where nobody knows
        work.slack.trouble(POST, *[LoseAnswer()] * (case.before + 1))
    if case.method != UPDATE:
        work.slack.trouble(case.method, *case.order)
    await ola.slash("/rus-hendelse")
    await work.slack.until(lambda: ola.modal)
    await ola.fills(SEEN)
    await ola.submits()
    await asyncio.sleep(case.watched)
    await hurry.until(lambda: kari.dm and ola.dm, "an alert to kari and a message to ola")
    if case.method in (UPDATE, PUBLISH):  # what isn't out yet is overtaken by what comes next
        await hurry.settles()
    if case.method == UPDATE:
        work.slack.trouble(case.method, *case.order)
    await kari.presses("Jeg tar saken")
    await asyncio.sleep(case.watched)  # and what is said to her stands on a trigger, which lives for seconds only
    await hurry.until(lambda: TAKEN in in_dm(ola) and work.berit.dm, "the news that kari has it")
    await hurry.settles()


async def _swept(hurry: Hurry, case: Case) -> None:
    """Let ghosts come, and second copies be taken away."""
    work = hurry.work
    await hurry.until(lambda: hurry.weather.is_calm, "the ghosts")
    if twice(work) and not case.may_stand_twice:
        raise NeverCame("a look whether it stands there already")
    if twice(work):
        await hurry.jumps(FIRST_LOOK.total_seconds() + 1, lambda: not twice(work), SWEPT_WITHIN)
    if left := hurry.weather.left(case.method):
        raise NeverCame(f"the trouble itself, {left} times")


async def _judged(hurry: Hurry, case: Case) -> Tally:
    work, url = hurry.work, f"sqlite:///{hurry.work.folder}/rusplan.sqlite"
    await work.bot.stops()
    expected = await promised(work, url)
    tally = await judge(work, url, reports=1, messages=expected, may_log=MAY_LOG)
    tally.others += bad_manners(work.slack.calls)
    if twice(work):
        tally.others.append(f"{twice(work)} second copies")
    if missing := {"ola", "kari", "berit"} - set(expected):
        tally.others.append(f"nothing was ever promised to {sorted(missing)}")
    if case.method == PUBLISH and "Kari" not in str(work.kari.home):
        tally.others.append("kari's own page doesn't show that she has it")
    return tally
