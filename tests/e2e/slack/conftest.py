"""The whole program beside a strict fake of Slack with the made-up school's staff in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.files import load_plan, load_school
from flows.school import School
from storage.cipher import KeyRing
from tests.e2e.program import Bot, Here, all_stop, begun, environment, starts_as_marked, up
from tests.e2e.slack.people import Person
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.workspace import User

SCHOOL_FILE = Path(__file__).parents[3] / "bot" / "demo_school.yaml"
PLAN = Path(__file__).parents[3] / "flows" / "plans" / "oppdal" / "plan.yaml"


@dataclass
class Workplace:
    """Slack with the school's staff in it, and the bot once it has been started, by itself or within this process."""

    slack: Slack
    folder: Path
    key: str
    bots: list[Bot] = field(default_factory=list)
    newest: asyncio.subprocess.Process | None = None  # it may not have come up yet
    here: Here | None = None

    def __getattr__(self, name: str) -> Person:
        """Return somebody of the staff, by the id in the school file."""
        if name.startswith("_") or name not in STAFF:
            raise AttributeError(name)
        return self.slack.person(name)

    @property
    def bot(self) -> Bot:
        return self.bots[-1]

    @property
    def school(self) -> School:
        return SCHOOL

    def settings(self, **environ: str) -> dict[str, str]:
        """Return the environment of the program; an empty value unsets one."""
        return environment(self.folder, self.key, SCHOOL_FILE, **{**self.slack.environment, **environ})

    async def opens(self, **environ: str) -> None:
        """Start the program within this process."""
        self.here = await Here.starts(self.settings(**environ))
        self.slack.bot_at(self.here.url)

    async def stops(self) -> None:
        """End the program that runs, if one does."""
        await all_stop([*self.bots, *([self.here] if self.here else [])])

    async def starts(self, *under: str, **environ: str) -> Bot:
        """Start the program as an administrator does; `under` is a command that starts it, as `strace` does."""
        self.newest = await begun(self.folder, self.settings(**environ), *under)
        bot = await up(self.newest)
        self.slack.bot_at(bot.url)
        self.bots.append(bot)
        return bot


SCHOOL = load_school(SCHOOL_FILE, {plan.id: plan for plan in [load_plan(PLAN)]})
STAFF = frozenset(SCHOOL.people)

New = Callable[[Path], AbstractAsyncContextManager[Workplace]]


def _rename(slack: Slack, user: User, user_id: str) -> None:
    """Give somebody the id that the school file says."""
    users, members = slack.workspace.users, slack.workspace.general.members
    users[user_id] = users.pop(user.id)
    members.remove(user.id)
    members.add(user_id)
    user.id = user_id


@asynccontextmanager
async def workplace(folder: Path) -> AsyncIterator[Workplace]:
    async with Slack() as slack:
        for person in SCHOOL.people.values():
            user = slack.person(person.id, email=person.email, real_name=person.name).user
            if person.slack:
                _rename(slack, user, person.slack)
        place = Workplace(slack, folder, KeyRing.new_key())
        try:
            yield place
        finally:
            await place.stops()


@pytest.fixture
async def work(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Workplace]:
    """The school at work: the bot runs, nothing has happened, and nothing goes wrong unseen."""
    async with workplace(tmp_path) as place:
        await starts_as_marked(place, request)
        yield place
        assert not place.slack.faults
