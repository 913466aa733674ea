"""The chats of the web platform, in memory: it keeps and shows messages as Slack or Teams would; it decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from adapters.web.people import PLATFORM, TENANT, Directory
from flows.cards import Card, Surface
from flows.port import Address, MessageRef, Refused

MAX_ENTRIES = 300  # in one chat; older ones are dropped


@dataclass(frozen=True, slots=True)
class Said:
    """What the person typed; a delivery that comes twice is one entry."""

    id: str
    at: datetime
    text: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A message from the bot; `edited_at` once another card has taken its place."""

    id: str
    at: datetime
    card: Card
    delivery_id: str
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A card that answers what was typed; only this person sees it, until the next act."""

    id: str
    at: datetime
    card: Card


Entry = Said | Posted | Answer


class Watch:
    """The chats that changed since they were last asked for; all of them at first."""

    def __init__(self, users: Collection[str]) -> None:
        self._users = frozenset(users)
        self._changed = dict.fromkeys(users)
        self._event = asyncio.Event()
        self._event.set()
        self._ended = False

    def note(self, user: str) -> None:
        """Remember that a chat has changed."""
        if user in self._users:
            self._changed[user] = None
            self._event.set()

    def end(self) -> None:
        """Let whoever waits go home."""
        self._ended = True
        self._event.set()

    async def changed(self) -> tuple[str, ...]:
        """Wait for changes and return whose chats they are in; nobody's when there will be no more."""
        await self._event.wait()
        users, self._changed = tuple(self._changed), {}
        if not self._ended:
            self._event.clear()
        return () if self._ended else users


class WebChats:
    """A chat platform in itself (`flows.port.Platform`), and the page's view into it."""

    name = PLATFORM
    remembers = True

    def __init__(self, directory: Directory, now: Callable[[], datetime]) -> None:
        self._directory = directory
        self._now = now
        self._chats: dict[str, tuple[Entry, ...]] = {}
        self._watches: set[Watch] = set()

    # What the bot asks of a platform.

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        """Post a message; the same delivery twice is two messages, as on a real platform."""
        if not self._knows(to):
            raise Refused("unknown_user", for_good=True)
        _check_surface(card)
        entry = Posted(uuid4().hex, self._now(), card, delivery_id)
        self._keep(to.user, (*self.entries(to.user), entry))
        return MessageRef(PLATFORM, to.user, entry.id)

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Put a card in the place of a message."""
        _check_surface(card)
        if not self.replace(message.conversation, message.message, card):
            raise Refused("message_not_found", for_good=True, is_gone=True)

    async def remove(self, message: MessageRef) -> None:
        """Take a message away."""
        self.take_away(message.conversation, message.message)

    async def find(self, to: Address, delivery_id: str, since: datetime) -> tuple[MessageRef, ...]:
        """Return the messages in a chat that carry a delivery id, oldest first."""
        posted = (entry for entry in self.entries(to.user) if isinstance(entry, Posted))
        found = (entry for entry in posted if entry.delivery_id == delivery_id and entry.at >= since)
        return tuple(MessageRef(PLATFORM, to.user, entry.id) for entry in found)

    # What the page does.

    def entries(self, user: str) -> tuple[Entry, ...]:
        """Return a chat, oldest first."""
        return self._chats.get(user, ())

    def hear(self, user: str, text: str, delivery_id: str) -> None:
        """Keep what a person typed; the answer to what they typed before goes."""
        kept = _without_answer(self.entries(user))
        if not any(isinstance(entry, Said) and entry.delivery_id == delivery_id for entry in kept):
            kept = (*kept, Said(uuid4().hex, self._now(), text, delivery_id))
        self._keep(user, kept)

    def unhear(self, user: str, delivery_id: str) -> None:
        """Take typed words back that the bot could not take in."""
        said = (entry for entry in self.entries(user) if isinstance(entry, Said))
        for entry in [entry for entry in said if entry.delivery_id == delivery_id]:
            self.take_away(user, entry.id)

    def answer(self, user: str, card: Card) -> None:
        """Show a card to this person only, in the place of the last such card."""
        self._keep(user, (*_without_answer(self.entries(user)), Answer(uuid4().hex, self._now(), card)))

    def dismiss_answer(self, user: str) -> None:
        """Take the answer away, if one is there."""
        self._keep(user, _without_answer(self.entries(user)))

    def replace(self, user: str, entry_id: str, card: Card) -> bool:
        """Put a card in the place of a message or an answer; say whether it was there."""
        entries = self.entries(user)
        after = tuple(self._renewed(entry, card) if entry.id == entry_id else entry for entry in entries)
        self._keep(user, after)
        return any(entry.id == entry_id and not isinstance(entry, Said) for entry in entries)

    def is_answer(self, user: str, entry_id: str) -> bool:
        """Say whether an entry is the answer that only this person sees."""
        return any(entry.id == entry_id and isinstance(entry, Answer) for entry in self.entries(user))

    def take_away(self, user: str, entry_id: str) -> None:
        """Take an entry away, if it is there."""
        self._keep(user, tuple(entry for entry in self.entries(user) if entry.id != entry_id))

    @contextmanager
    def watch(self, users: Collection[str]) -> Iterator[Watch]:
        """Follow some people's chats."""
        watch = Watch(users)
        self._watches.add(watch)
        try:
            yield watch
        finally:
            self._watches.discard(watch)

    def end_watches(self) -> None:
        """Let everybody go who follows a chat: the server stops."""
        for watch in self._watches:
            watch.end()

    def _renewed(self, entry: Entry, card: Card) -> Entry:
        match entry:
            case Posted(card=present) if present != card:
                return replace(entry, card=card, edited_at=self._now())
            case Answer():
                return replace(entry, card=card)
            case _:
                return entry

    def _knows(self, to: Address) -> bool:
        is_here = (to.platform, to.tenant) == (PLATFORM, TENANT)
        return is_here and any(person.user == to.user for person in self._directory())

    def _keep(self, user: str, entries: tuple[Entry, ...]) -> None:
        if entries == self.entries(user):
            return
        self._chats[user] = entries[-MAX_ENTRIES:]
        for watch in self._watches:
            watch.note(user)


def _check_surface(card: Card) -> None:
    if card.surface is not Surface.MESSAGE:
        raise Refused("not_a_message", for_good=True)


def _without_answer(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if not isinstance(entry, Answer))
