"""B1 in Teams: each call of the relay's goes wrong in each way that the Bot Connector knows, or its token does.

Where nobody can tell whether a message has got there, it comes once more and says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.slack.conftest import STAFF
from tests.e2e.teams.conftest import Workplace, workplace
from tests.e2e.teams.trouble import Answer, Delay, Hang, LoseAnswer, Reset, Trouble, blocked, error, failed, throttled
from tests.torture.hurry import Hurry
from tests.torture.in_teams import InTeams, labelled_of
from tests.torture.trials import NOT_SO_BEFORE, Case
from tests.torture.weather import Drip, LateGhost, Shut

POST, UPDATE, CREATE, TOKEN = "post", "update", "create", "token"
OVER = "401 Unauthorized: a token that nobody has handed out"  # by which the program learns that its own is over


def _no(status: int, code: str) -> Answer:
    return Answer(status, error(code))


THROTTLED_FOR_LONG = throttled("30")
REFUSED: tuple[Trouble, ...] = (  # nothing was done, and the program can tell
    *(throttled(after) for after in ("1", "5", None, "abc", "-1")),
    THROTTLED_FOR_LONG,
    failed(),
    *(_no(status, code) for status, code in ((400, "BadSyntax"), (401, "Unauthorized"), (413, "MessageSizeTooBig"))),
)
GONE: tuple[Trouble, ...] = (  # for good, as it is said; but who is looked for again is found again
    blocked(),
    _no(403, "BotNotInConversationRoster"),
    _no(404, "ConversationNotFound"),
)
QUICK: tuple[Trouble, ...] = (
    *(Answer(status, "no") for status in (500, 502, 503, 504)),
    *(LoseAnswer(how) for how in ("close", "500", "cut", "html")),
    Reset(),
    Shut(20.0),
    Answer(200, "<html><body>Teams is taking a nap.</body></html>"),
)
SLOW: tuple[Trouble, ...] = (Hang(), Delay(after=12.0), Drip(), Drip(done=True), *map(LateGhost, (5.0, 12.0, 40.0)))


@dataclass(frozen=True)
class CaseInTeams(Case):
    changes = edits = (UPDATE,)

    def __str__(self) -> str:
        return f"teams: {super().__str__()}"

    @property
    def ambiguous(self) -> int:
        may_be_lost = self.method == POST and _is_unknown(self.trouble)
        return self.times if may_be_lost or isinstance(self.trouble, Shut) else 0  # which cuts all that is under way

    def opens(self, folder: Path) -> AbstractAsyncContextManager[Workplace]:
        return workplace(folder)

    def goes_wrong(self, hurry: Hurry[Workplace]) -> None:
        super().goes_wrong(hurry)
        if self.method == TOKEN:  # which is asked for when the old one is no good
            hurry.work.teams.identity.tokens.clear()

    async def ends(self, hurry: Hurry[Workplace]) -> None:
        await super().ends(hurry)
        if self.method == TOKEN:
            hurry.edge.faults[:] = [fault for fault in hurry.edge.faults if OVER not in fault]

    def finds(self, hurry: Hurry[Workplace]) -> Iterator[str]:
        """Yield where it was said of a message more often that it is a repeat than its answer had got lost."""
        if isinstance(self.trouble, Shut):
            return
        unknown = Counter(call.what for call in hurry.edge.asked() if call.kind == POST and _is_unknown(call.trouble))
        for person in STAFF:
            for delivery, times in InTeams(hurry.work).deliveries(person).items():
                if (labelled := len(labelled_of(times))) > unknown[delivery]:
                    yield f"{person} has a repeat {labelled} times, and it was unknown {unknown[delivery]} times"


def every_case() -> Iterator[CaseInTeams]:
    for trouble in (*QUICK, *SLOW, *REFUSED, *GONE):
        for method in (POST, UPDATE, CREATE, TOKEN):
            if _is_possible(method, trouble):
                yield CaseInTeams(method, trouble)
                yield from (CaseInTeams(method, trouble, 0, 3),) if method != CREATE else ()
        yield CaseInTeams(POST, trouble, before=1)


def _is_unknown(trouble: Trouble | None) -> bool:
    """Say whether nobody could tell after it whether it was done."""
    return trouble not in (None, NOT_SO_BEFORE, *REFUSED, *GONE)


def _is_possible(method: str, trouble: Trouble) -> bool:
    """Say whether it is answered so: what is refused for good is changed no more, or only after an hour.

    A token is waited for in true seconds, for which nobody waits here that long.
    """
    if method == TOKEN:
        return trouble not in (*GONE, failed(), THROTTLED_FOR_LONG)
    return not (method == UPDATE and trouble in GONE)


# One of each kind that takes another way through the relay
TELLING = (
    CaseInTeams(POST, LoseAnswer("close")),
    CaseInTeams(POST, throttled("30"), times=3),
    CaseInTeams(CREATE, Shut(20.0)),
    CaseInTeams(TOKEN, throttled("5")),
)
