"""What a story needs of the platform that it is told on: how people act there, what they see, how that is judged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Protocol, TypeVar

from aiohttp import web

from tests.e2e.slack.conftest import Workplace as WorkplaceInSlack
from tests.e2e.slack.trouble import Troubles
from tests.e2e.slack.workspace import Clock
from tests.e2e.teams.conftest import Workplace as WorkplaceInTeams
from tests.torture.in_slack import InSlack
from tests.torture.in_teams import InTeams
from tests.torture.manners import Asked
from tests.torture.tally import Tally

Work = TypeVar("Work", bound=WorkplaceInSlack | WorkplaceInTeams)
Shows = Callable[[Callable[[], object]], Awaitable[bool]]  # says whether something is seen soon


class Edge(Protocol):
    """People by their ids in the school file, in front of one platform's fake.

    `can_look`: the program can find what it has sent, `of_a_death` is what they, or the platform, say of a
    program that is dead, or stands still.
    """

    @property
    def name(self) -> str: ...

    @property
    def can_look(self) -> bool: ...

    @property
    def of_a_death(self) -> tuple[str, ...]: ...

    @property
    def faults(self) -> list[str]: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def runner(self) -> web.AppRunner: ...

    @property
    def port(self) -> int: ...

    def puts_up(self, troubles: Troubles) -> None:
        """Let these decide what goes wrong from now on."""
        ...

    def asked(self) -> Iterator[Asked]:
        """Yield what the program has asked for its messages' sake."""
        ...

    def count(self, person: str) -> int:
        """Return how many messages somebody has."""
        ...

    def beyond_recall(self) -> frozenset[str]:
        """Return the deliveries that stand somewhere, as far as nobody can find them to take them away."""
        ...

    def reads(self, person: str) -> str:
        """Return what somebody's messages say now."""
        ...

    async def opens_form(self, person: str, shows: Shows) -> bool:
        """Let somebody ask for the form to report in, unless it is there; say whether it is."""
        ...

    async def hands_in(self, person: str) -> bool:
        """Let somebody fill it in and hand it in; say whether it was accepted."""
        ...

    async def presses(self, person: str, label: str) -> bool:
        """Let somebody press a button of his newest message that has it; say whether that was answered."""
        ...

    async def presses_all(self, person: str, label: str) -> None:
        """Let somebody press it on each of his messages that has it."""
        ...

    async def nudge(self) -> bool:
        """Let somebody do something small; say whether it was taken."""
        ...

    def judge(self, messages: Mapping[str, int], tally: Tally, ambiguous: int) -> None:
        """Note which of each person's messages are lost or doubled.

        `ambiguous`: how often nobody could tell whether one that was sent has got there.
        """
        ...


def edge_of(work: WorkplaceInSlack | WorkplaceInTeams) -> Edge:
    return InTeams(work) if isinstance(work, WorkplaceInTeams) else InSlack(work)
