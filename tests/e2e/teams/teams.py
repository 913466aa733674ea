"""A strict fake of Microsoft Teams for a bot that runs as a process of its own.

    async with Teams() as teams:
        ola = teams.person("ola", email="ola@skole.no")
        teams.bot_at("http://127.0.0.1:3978")       # started with teams.environment
        await ola.writes("rus-hendelse")
        await teams.until(lambda: ola.from_bot)
        assert not teams.faults

It refuses what Teams refuses. What a bot or a person could not have got away with stands in `teams.faults`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.e2e.teams.activities import Activities
from tests.e2e.teams.connector import Call, Connector
from tests.e2e.teams.delivery import PATH, Delivery
from tests.e2e.teams.identity import Identity
from tests.e2e.teams.people import Person
from tests.e2e.teams.tenant import Tenant
from tests.e2e.teams.trouble import Trouble, Troubles

T = TypeVar("T")


class Teams:
    """One organisation, what serves it, and the people in it."""

    def __init__(self) -> None:
        self.tenant, self.troubles = Tenant(), Troubles()
        self.identity = Identity(self.tenant, self.troubles)
        self.connector = Connector(self.tenant, self.troubles, self.identity)
        self.delivery = Delivery(self.tenant, self.identity)
        self.activities = Activities(self.tenant)
        self._people: dict[str, Person] = {}

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        for part in (self.identity, self.connector):
            app.add_routes(part.routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.identity.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.activities.service_url = self.identity.service_url
        return self

    async def __aexit__(self, *_: object) -> None:
        self.troubles.closing.set()
        await self.delivery.close()
        await self._runner.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """Give the bot's settings."""
        return self.identity.environment

    def bot_at(self, url: str) -> None:
        """Say where the bot listens."""
        self.delivery.url = f"{url.rstrip('/')}{PATH}"

    def moves_to(self, region: str) -> None:
        """Let the tenant be served by another region from now on, which what comes from there names."""
        self.activities.service_url = f"{self.identity.service_url}{region}"

    def person(self, name: str, **more: Any) -> Person:
        """Give the person of this name, who joins the organisation if nobody is called so yet."""
        if name not in self._people:
            user = self.tenant.add_user(name, **more)
            self._people[name] = Person(user, self.tenant, self.delivery, self.activities)
        return self._people[name]

    # What is looked at afterwards

    @property
    def calls(self) -> list[Call]:
        return self.connector.calls

    def calls_of(self, kind: str) -> list[Call]:
        return [call for call in self.calls if call.kind == kind]

    @property
    def faults(self) -> list[str]:
        return self.tenant.faults

    def expects(self, *patterns: str) -> AbstractContextManager[None]:
        """Take out the faults that match one of these patterns; each must match one that came up inside."""
        return self.tenant.expects(*patterns)

    async def until(self, condition: Callable[[], T], *, within: float = 20.0) -> T:
        """Wait until a condition holds, and give its value. Raises AssertionError when it never does."""
        for _ in range(int(within / 0.01)):
            if value := condition():
                return value
            await asyncio.sleep(0.01)
        raise AssertionError(f"not within {within:g} s; faults so far: {self.faults}")

    def trouble(self, kind: str, *troubles: Trouble) -> None:
        """Order what happens to the next calls of a kind, one each: create, post, update, delete, member, token."""
        self.troubles.order(kind, *troubles)
