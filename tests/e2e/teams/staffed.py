"""The school of the stories, whose people are in Teams: the whole bot beside the fake, with a clock that is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from adapters.teams import server
from adapters.teams.settings import TeamsSettings
from bot.app import Outside, build
from bot.places import StoredPlaces
from flows.port import Address
from tests.e2e.teams.people import Person
from tests.e2e.teams.scene import TeamsChat, TeamsScene, is_dialog
from tests.e2e.teams.teams import Teams
from tests.e2e.teams.visible import text_of
from tests.school import School

SEEN = {"hendelsestype": "synlig_beruset", "place": "Verksted", "class": "1BAA"}


@dataclass
class Letters:
    """Where e-mail goes."""

    sent: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, to: str, subject: str, text: str, at: datetime) -> None:
        self.sent.append((to, f"{subject}\n{text}"))


@dataclass
class Staffed:
    school: School
    teams: Teams
    mail: Letters

    def person(self, name: str) -> Person:
        return self.teams.person(name)

    async def people(self, *names: str) -> list[TeamsChat]:
        return await TeamsScene(self.teams).people(*names)

    def chat(self, name: str) -> list[str]:
        """Return what somebody's messages from the bot say now."""
        return [text_of(message.card) for message in self.person(name).from_bot]

    def lasting(self, name: str) -> list[str]:
        """Return what those of them say that are no dialogs."""
        return [text_of(each.card) for each in self.person(name).from_bot if not any(map(is_dialog, each.shown))]

    async def report(self) -> None:
        """Let Ola report, and what is due then be done."""
        (ola,) = await self.people("ola")
        await ola.types("rus-hendelse")
        await ola.hands_in(**SEEN)
        await self.school.settles()

    async def presses(self, name: str, what: str, *, message: int = -1) -> None:
        person = self.person(name)
        await person.presses(what, on=person.from_bot[message])
        await self.school.settles()


@asynccontextmanager
async def staffed_school(school: School) -> AsyncIterator[Staffed]:
    """Put everybody of a school into Teams, each known to the bot by the id that Entra has for him."""
    async with Teams() as teams:
        own, environ, mail = school.library.schools[0], teams.environment, Letters()
        settings = TeamsSettings(
            teams.tenant.app_id,
            environ["MICROSOFT_APP_PASSWORD"],
            teams.tenant.id,
            environ["TEAMS_TOKEN_URL"],
            environ["TEAMS_OPENID_URL"],
        )
        async with school.database.transaction() as tx:
            for person in own.people.values():
                user = teams.person(person.id, email=person.email, real_name=person.name).user
                account = Address("teams", teams.tenant.id, user.aad)
                await tx.accounts.link(account, own.id, person.id, school.clock.now())
        ours = server.Teams(settings)
        outside = Outside([ours.staff], mail)
        school.app = build(
            school.database, school.library, {"teams": ours.messages}, school.clock, school.dice, outside
        )
        site = web.Application()
        ours.serve(school.app.reception, StoredPlaces(school.database, school.clock), site)
        runner = web.AppRunner(site, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        teams.bot_at(f"http://127.0.0.1:{runner.addresses[0][1]}")
        await teams.until(lambda: teams.identity.keys_asked)
        try:
            yield Staffed(school, teams, mail)
        finally:
            await ours.close()
            await runner.cleanup()
