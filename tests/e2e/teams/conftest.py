"""The whole program beside a strict fake of Teams (and of Slack) with the school's staff."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flows.school import School
from storage.cipher import KeyRing
from tests.e2e.program import Bot, Here, all_stop, begun, environment, starts_as_marked, up
from tests.e2e.slack.conftest import SCHOOL, SCHOOL_FILE, STAFF
from tests.e2e.slack.slack import Slack
from tests.e2e.teams.people import Person
from tests.e2e.teams.staffed import Staffed, staffed_school
from tests.e2e.teams.teams import Teams
from tests.e2e.teams.tenant import guid
from tests.school import School as SchoolInProcess


@dataclass
class Workplace:
    """Teams with the school's staff in it, Slack where the school has it, too, and the bot once it has been started."""

    teams: Teams
    folder: Path
    slack: Slack | None = None
    bots: list[Bot] = field(default_factory=list)
    key: str = field(default_factory=KeyRing.new_key)
    newest: asyncio.subprocess.Process | None = None  # it may not have come up yet
    here: Here | None = None
    gets_keys: bool = True  # of what the channel signs with, once it is up

    def __getattr__(self, name: str) -> Person:
        """Return somebody of the staff in Teams, by the id in the school file."""
        if name.startswith("_") or name not in STAFF:
            raise AttributeError(name)
        return self.teams.person(name)

    @property
    def bot(self) -> Bot:
        return self.bots[-1]

    @property
    def school(self) -> School:
        return SCHOOL

    def settings(self, **environ: str) -> dict[str, str]:
        """Return the environment of the program; an empty value unsets one."""
        platforms = {**self.teams.environment, **(self.slack.environment if self.slack else {})}
        return environment(self.folder, self.key, self.folder / "school.yaml", **{**platforms, **environ})

    async def starts(self, *under: str, **environ: str) -> Bot:
        """Start the program, and wait until it knows what the channel signs with, or has ended.

        `under` is a command that starts it in its turn, as `strace` does.
        """
        asked = self.teams.identity.keys_asked
        self.newest = await begun(self.folder, self.settings(**environ), *under)
        bot = await up(self.newest)
        self.bots.append(bot)
        self._is_at(bot.url)
        if self.gets_keys:
            identity, process = self.teams.identity, bot.process
            await self.teams.until(lambda: identity.keys_asked > asked or process.returncode is not None)
        return bot

    async def opens(self, **environ: str) -> None:
        """Start the program within this process, and wait until it knows what the channel signs with."""
        asked = self.teams.identity.keys_asked
        self.here = await Here.starts(self.settings(**environ))
        self._is_at(self.here.url)
        await self.teams.until(lambda: self.teams.identity.keys_asked > asked)

    async def stops(self) -> None:
        """End the program that runs, if one does."""
        await all_stop([*self.bots, *([self.here] if self.here else [])])

    def _is_at(self, url: str) -> None:
        for platform in filter(None, (self.teams, self.slack)):
            platform.bot_at(url)


def write_school(folder: Path, *, known: Collection[str] = STAFF, **prefers: str) -> None:
    """Write the demo's school with the ids that Entra has for some of the staff, and which platform they prefer."""
    text = re.sub(r", prefers: \w+", "", SCHOOL_FILE.read_text())
    for person in SCHOOL.people.values():
        more = f", teams: {guid(person.id)}" if person.id in known else ""
        more += f", prefers: {prefers[person.id]}" if person.id in prefers else ""
        text = text.replace(f"email: {person.email}", f"email: {person.email}{more}")
    (folder / "school.yaml").write_text(text)


@asynccontextmanager
async def workplace(
    folder: Path, *, on_teams: Collection[str] = STAFF, on_slack: Collection[str] = ()
) -> AsyncIterator[Workplace]:
    """Let some of the staff have the app in Teams, and some be in Slack; everybody is in the organisation."""
    async with AsyncExitStack() as stack:
        teams = await stack.enter_async_context(Teams())
        slack = await stack.enter_async_context(Slack()) if on_slack else None
        for person in SCHOOL.people.values():
            has_app = person.id in on_teams
            teams.person(person.id, email=person.email, real_name=person.name, has_app=has_app)
            if slack and person.id in on_slack:
                slack.person(person.id, email=person.email, real_name=person.name)
        write_school(folder)
        place = Workplace(teams, folder, slack)
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
        assert not place.teams.faults


@pytest.fixture
async def staffed(school: SchoolInProcess) -> AsyncIterator[Staffed]:
    """The same school within this process, so that its clock can be moved."""
    async with staffed_school(school) as staffed:
        yield staffed
        assert not staffed.teams.faults
