"""`rusplan run` as an administrator starts it, beside a strict fake of Slack with the made-up school's staff in it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.files import load_plan, load_school
from flows.school import School
from storage.cipher import KeyRing
from tests.e2e.slack.people import Person
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.workspace import User

SCHOOL_FILE = Path(__file__).parents[3] / "bot" / "demo_school.yaml"
PLAN = Path(__file__).parents[3] / "flows" / "plans" / "oppdal" / "plan.yaml"


@dataclass
class Bot:
    """The running program: what it was started with, and what it has logged."""

    process: asyncio.subprocess.Process
    url: str
    log: list[str] = field(default_factory=list)

    async def stops(self) -> int:
        self.process.terminate()
        return await self.process.wait()

    async def is_killed(self) -> None:
        self.process.kill()
        await self.process.wait()


@dataclass
class Workplace:
    """Slack with the school's staff in it, and the bot once it has been started."""

    slack: Slack
    folder: Path
    key: str
    bots: list[Bot] = field(default_factory=list)
    newest: asyncio.subprocess.Process | None = None  # it may not have come up yet

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
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PORT": "0",
            "RUSPLAN_KEYS": self.key,
            "RUSPLAN_SCHOOL": str(SCHOOL_FILE),
            "DATABASE_URL": f"sqlite:///{self.folder}/rusplan.sqlite",
            **self.slack.environment,
            **environ,
        }

    async def starts(self, *under: str, **environ: str) -> Bot:
        """Start the program; `under` is a command that starts it in its turn, as `strace` does."""
        command = Path(sys.executable).with_name("rusplan")
        process = await asyncio.create_subprocess_exec(
            *under,
            command,
            "run",
            cwd=self.folder,
            env=self.settings(**environ),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self.newest = process
        assert process.stdout
        async with asyncio.timeout(20):
            greeting = (await process.stdout.readline()).decode()
        if not greeting:
            assert process.stderr
            pytest.fail((await process.stderr.read()).decode())
        bot = Bot(process, next(word for word in greeting.split() if word.startswith("http")))
        bot.reader = asyncio.create_task(_read(process, bot.log))  # type: ignore[attr-defined]
        self.slack.bot_at(bot.url)
        self.bots.append(bot)
        return bot


async def _read(process: asyncio.subprocess.Process, lines: list[str]) -> None:
    assert process.stderr
    lines.extend([line.decode() async for line in process.stderr])


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
            for bot in place.bots:
                if bot.process.returncode is None:
                    await bot.stops()


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    """The school at work: the bot runs, nothing has happened, and nothing goes wrong unseen."""
    async with workplace(tmp_path) as place:
        await place.starts()
        yield place
        assert not place.slack.faults
