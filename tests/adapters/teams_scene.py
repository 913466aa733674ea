"""Everything of Teams' adapter behind its gate, in front of a bot that answers as it is told, and a fake connector."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.teams.chats import Chats
from adapters.teams.connector import Connector
from adapters.teams.handler import Edge, Handler
from adapters.teams.look import FORM, card
from adapters.teams.messages import TeamsMessages
from adapters.teams.server import compact
from adapters.teams.staff import TeamsStaff
from adapters.teams.stage import Stage
from flows.cards import Card, Option, Paragraph, message
from flows.language import Language
from flows.port import Address, Incoming, MessageRef, OwnChat, Reply, Typed
from storage.cipher import KeyRing
from tests.adapters.fake_bot import CLASSES
from tests.adapters.fake_connector import FakeConnector
from tests.adapters.teams_payloads import CARD, OWN_CHAT, SERVICE, TENANT

Json = dict[str, Any]

PATIENCE = 7.0  # seconds: a test that takes longer has failed
RING = KeyRing.parse(KeyRing.new_key())
LATE = Reply(notice="Det tar lengre tid enn vanlig.")


@dataclass
class ToldBot:
    """Gives the answer that it is told to give; a slow one waits until it is released."""

    reply: Reply = field(default_factory=Reply)
    first: Reply | None = None
    more: Card | None = None
    late_reply: Reply = LATE
    language_of: Language = Language.NB
    is_slow: bool = False
    released: asyncio.Event = field(default_factory=asyncio.Event)
    seen: list[Incoming] = field(default_factory=list)
    carried_out: list[Incoming] = field(default_factory=list)
    open: set[MessageRef] = field(default_factory=set)
    notes: list[MessageRef] = field(default_factory=list)  # each try of one
    forgetful: int = 0  # tries that fail
    looked_up: list[str] = field(default_factory=list)

    async def handle(self, incoming: Incoming) -> Reply:
        self.seen.append(incoming)
        if self.is_slow:
            await self.released.wait()
        self.carried_out.append(incoming)
        return self.reply

    def at_once(self, incoming: Incoming) -> Reply | None:
        return self.first if isinstance(incoming.act, Typed) else None

    def late(self, incoming: Incoming) -> Reply:
        return self.late_reply

    async def afterwards(self, incoming: Incoming, dialog: Card) -> Card | None:
        if self.is_slow:
            await self.released.wait()
        return self.more

    async def find(self, sender: Address, source: str, query: str) -> tuple[Option, ...]:
        self.looked_up.append(query)
        if source == "slow":
            await self.released.wait()
        return tuple(each for each in CLASSES if each.value.startswith(query)) if source == "classes" else ()

    async def stands(self, sender: Address, dialog: MessageRef) -> bool:
        self.notes.append(dialog)
        if self.forgetful:
            self.forgetful -= 1
            return False
        self.open.add(dialog)
        return True

    async def left(self, dialog: MessageRef) -> None:
        self.open.discard(dialog)

    def sign(self, text: str) -> str:
        return RING.sign(text)

    def has_signed(self, text: str, signature: str) -> bool:
        return RING.has_signed(text, signature)

    def language(self, sender: Address) -> Language:
        return self.language_of


@dataclass
class KeptPlaces:
    """What the database remembers of people's chats."""

    known: dict[Address, OwnChat] = field(default_factory=dict)
    gone: list[Address] = field(default_factory=list)

    async def get(self, address: Address) -> OwnChat | None:
        return self.known.get(address)

    async def route(self, platform: str, chat: str) -> str:
        return next((own.route for own in self.known.values() if own.id == chat), "")

    async def put(self, address: Address, own: OwnChat) -> None:
        self.known[address] = own

    async def forget(self, address: Address) -> None:
        if address in self.known:
            self.known[address] = OwnChat("", "", self.known[address].member)

    async def left(self, address: Address) -> None:
        await self.forget(address)
        self.gone.append(address)


@dataclass
class Scene:
    """Where Microsoft's service stands in an activity, the fake takes its place."""

    teams: FakeConnector
    bot: ToldBot
    connector: Connector
    chats: Chats
    handler: Handler
    messages: TeamsMessages
    staff: TeamsStaff
    edge: Edge = field(default_factory=Edge)

    async def take(self, activity: Json) -> Any:
        """Hand an activity in, and wait until all that it brings about is shown; return what an invoke is answered."""
        answer = await self.hand_in(activity)
        await self.settled()
        return answer

    async def hand_in(self, activity: Json) -> Any:
        url = activity["serviceUrl"].replace(SERVICE, self.teams.url)
        async with asyncio.timeout(PATIENCE):
            return await self.edge.process({**activity, "serviceUrl": url}, self.handler)

    async def settled(self) -> None:
        await settled(self.handler)


async def settled(handler: Handler) -> None:
    """Wait until nothing goes on that nobody waits for."""
    async with asyncio.timeout(PATIENCE):
        while tasks := set(handler._under_way._tasks):
            await asyncio.wait(tasks)


@asynccontextmanager
async def scene(teams: FakeConnector, places: KeptPlaces) -> AsyncIterator[Scene]:
    """Start the adapter, as a program does; what it has learned is gone at the end, but for the places."""
    async with aiohttp.ClientSession(json_serialize=compact) as session:
        connector = Connector(teams.settings, session)
        chats, bot = Chats(connector, teams.url), ToldBot()
        chats.kept_in(places)
        handler = Handler(bot, Stage(connector, chats, bot), chats)
        messages, staff = TeamsMessages(connector, chats), TeamsStaff(TENANT, connector, chats)
        yield Scene(teams, bot, connector, chats, handler, messages, staff)
        bot.released.set()
        await handler.stop()


def shown(made: Card, notice: str = "", language: Language = Language.NB) -> Json:
    """Return the documented answer that puts a card in the place of the one that was pressed."""
    value = card(made, language, notice)
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": value}


def said(text: str) -> Json:
    """Return the documented answer that leaves it as it is, with a line below it."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text}


def brought(answer: Json, **filled: str) -> Json:
    """Return what the own button of a form sends that a real dialog shows, with what was filled in."""
    return {**_own_button(answer)["data"], **filled}


def bare(answer: Json) -> Json:
    """Return such an answer as it is seen, without what its form brings with it."""
    answer = deepcopy(answer)
    if "value" in answer["task"] and "card" in answer["task"]["value"]:
        _own_button(answer)["data"].pop(FORM, None)
    return answer


def _own_button(answer: Json) -> Json:
    return answer["task"]["value"]["card"]["content"]["actions"][0]


def a_line(text: str) -> Card:
    """Return what stands where a dialog has ended with no more than a sentence."""
    return message("Melding", [Paragraph(text)], summary="Melding")


def ref(message: str = CARD) -> MessageRef:
    """Return where a message of Ola's own chat stands."""
    return MessageRef("teams", OWN_CHAT, message)
