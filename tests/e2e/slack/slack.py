"""A strict fake of Slack for a bot that runs as a process of its own.

    async with Slack() as slack:
        ola = slack.person("ola", email="ola@skole.no")
        slack.bot_at("http://127.0.0.1:3000")       # started with slack.environment
        await ola.slash("/rus-hendelse")
        await slack.until(lambda: ola.modal)
        assert not slack.faults

It refuses what Slack refuses. What a bot or a person could not have got away with stands in `slack.faults`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.e2e.slack.delivery import Delivery
from tests.e2e.slack.payloads import Payloads
from tests.e2e.slack.people import Person
from tests.e2e.slack.response_url import ResponseUrls
from tests.e2e.slack.socket_mode import Sockets
from tests.e2e.slack.trouble import Trouble, Troubles, reset
from tests.e2e.slack.web_api import Call, Tokens, WebApi
from tests.e2e.slack.workspace import Channel, Clock, Message, Workspace

T = TypeVar("T")


class Slack:
    """One workspace, its server, and the people in it.

    `commands` are the slash commands of the bot's manifest: others can't be typed. `echoes` says whether the bot is
    told of its own direct messages, as Slack does wherever an app listens to `message.im`.
    """

    def __init__(
        self, *, clock: Clock | None = None, commands: Iterable[str] | None = None, echoes: bool = True
    ) -> None:
        self.workspace = Workspace(clock)
        self.bot_token, self.app_token = "xoxb-1-fake", "xapp-1-fake"
        self.signing_secret = "8f742231b10e8888abcd99yyyzzz85a5"  # the example of Slack's documentation
        self.troubles = Troubles()
        self.sockets = Sockets(self.workspace)
        self.responses = ResponseUrls(self.workspace)
        self.delivery = Delivery(self.workspace, self.signing_secret, self.sockets)
        tokens = Tokens(self.bot_token, self.app_token)
        self.web_api = WebApi(self.workspace, self.troubles, tokens, self.sockets.new_url)
        self.commands = set(commands) if commands is not None else None
        self.base_url = ""
        self._people: dict[str, Person] = {}
        self._echoing: set[asyncio.Task[None]] = set()
        if echoes:
            self.workspace.listeners.append(self._echo)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024, middlewares=[self._unless_down])
        for part in (self.web_api, self.sockets, self.responses):
            app.add_routes(part.routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.responses.base_url = self.web_api.files.base_url = self.base_url
        self.sockets.base_url = self.base_url.replace("http", "ws", 1)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.troubles.closing.set()
        for task in self._echoing:
            task.cancel()
        await asyncio.gather(*self._echoing, return_exceptions=True)
        await self.delivery.close()
        await self.sockets.drop()
        await self._runner.cleanup()

    @web.middleware
    async def _unless_down(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        if self.troubles.is_down and not request.path.startswith("/api/"):
            return reset(request)
        answer: web.StreamResponse = await handler(request)
        return answer

    # What the bot is started with

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/"

    @property
    def environment(self) -> dict[str, str]:
        """Give the bot's settings for requests over HTTP; for Socket Mode add SLACK_APP_TOKEN."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
        }

    def bot_at(self, url: str) -> None:
        """Say where the bot listens; it is reached at /slack/events there."""
        self.delivery.url = f"{url.rstrip('/')}/slack/events"

    # Who is there

    def person(self, name: str, *, email: str | None = None, real_name: str | None = None, **flags: bool) -> Person:
        """Give the person of this name, who joins the workspace if nobody is called so yet."""
        if name not in self._people:
            user = self.workspace.add_user(name, email=email, real_name=real_name, **flags)
            self._people[name] = Person(user, self.workspace, self.delivery, self.responses)
            self._people[name].commands = self.commands
        return self._people[name]

    # What is looked at afterwards

    @property
    def calls(self) -> list[Call]:
        return self.web_api.calls

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def faults(self) -> list[str]:
        return self.workspace.faults

    def expects(self, *patterns: str) -> AbstractContextManager[None]:
        """Take out the faults that match one of these patterns; each must match one that came up inside."""
        return self.workspace.expects(*patterns)

    async def until(self, condition: Callable[[], T], *, within: float = 20.0) -> T:
        """Wait until a condition holds, and give its value. Raises AssertionError when it never does."""
        for _ in range(int(within / 0.01)):
            if value := condition():
                return value
            await asyncio.sleep(0.01)
        raise AssertionError(f"not within {within:g} s; faults so far: {self.faults}")

    # What goes wrong

    def trouble(self, method: str, *troubles: Trouble) -> None:
        """Order what happens to the next calls of a method, one each."""
        self.troubles.order(method, *troubles)

    def is_down(self, *, down: bool = True) -> None:
        """Reset every connection from now on, or no longer."""
        self.troubles.is_down = self.sockets.is_down = down
        if down:
            self.sockets.cut()

    def hangs(self, *, hanging: bool = True) -> None:
        """Answer nothing from now on, or again."""
        self.troubles.hangs = hanging

    def _echo(self, channel: Channel, message: Message, subtype: str) -> None:
        if not channel.is_im or "im:history" not in self.workspace.scopes:
            return
        if not self.delivery.url and not self.sockets.connected:
            return
        payload = Payloads(self.workspace, self.delivery.verification_token).message(channel, message, subtype)
        task = asyncio.get_running_loop().create_task(self.delivery.send_quietly(payload, "the bot's own message"))
        self._echoing.add(task)
        task.add_done_callback(self._echoing.discard)
