"""What Teams remembers of one organisation: its people, their chats, and what nobody could have got away with."""

from __future__ import annotations

import copy
import itertools
import json
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.e2e.faults import Faults
from tests.e2e.slack.workspace import Clock

Json = dict[str, Any]
Kind = Literal["personal", "groupChat", "channel"]


def guid(name: str) -> str:
    """Return an id as Entra makes them, the same for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


@dataclass
class User:
    """Somebody as the bot knows him (`id`) and as Entra does (`aad`)."""

    name: str
    real_name: str
    email: str
    role: str = "user"
    id: str = ""
    aad: str = ""
    has_app: bool = True
    has_blocked: bool = False

    def __post_init__(self) -> None:
        self.aad = self.aad or guid(self.name)
        self.id = self.id or f"29:1{self.aad.replace('-', '')}"


@dataclass
class Message:
    """A message as it stands now. `bar` is a line under its card, `shown` every card that has stood there.

    `delivery` is the id that a message which nobody asked for carries unseen, `stored` the card that stays: what only
    answers a button is seen by who has pressed it, there alone.
    """

    id: str
    chat: str
    author: str
    text: str = ""
    summary: str = ""
    shown: list[Json] = field(default_factory=list)
    bar: str = ""
    filled: dict[str, str] = field(default_factory=dict)
    found: dict[str, list[Json]] = field(default_factory=dict)  # what a search has offered, by input
    is_deleted: bool = False
    delivery: str = ""
    stored: Json = field(default_factory=dict)

    @property
    def card(self) -> Json:
        return self.shown[-1] if self.shown else {}

    def becomes(self, card: Json) -> None:
        """Let a card take the place of what stood there, with all that was filled in."""
        self.shown.append(card)
        self.bar, self.filled, self.found = "", {}, {}


@dataclass
class Chat:
    id: str
    kind: Kind
    members: set[str]
    messages: list[Message] = field(default_factory=list)
    has_bot: bool = True


class Tenant(Faults):
    def __init__(self) -> None:
        self.id, self.app_id = guid("the school's tenant"), guid("rusplan's registration")
        self.bot = f"28:{self.app_id}"
        self.clock = Clock()
        self.users: dict[str, User] = {}
        self.chats: dict[str, Chat] = {}
        self.posted: list[Json] = []  # all that the bot ever put into a chat, never shortened
        self.shown: list[Json] = []  # all that dialogs of the message extension and searches ever showed
        self.faults: list[str] = []
        self._numbers = itertools.count(1)

    # People and chats

    def add_user(self, name: str, *, email: str, real_name: str = "", **more: Any) -> User:
        user = self.users[name] = User(name, real_name or name.capitalize(), email, **more)
        return user

    def user(self, id_: str) -> User | None:
        """Find somebody by either id."""
        return next((user for user in self.users.values() if id_ in (user.id, user.aad)), None)

    def personal(self, user: User) -> Chat:
        """Return somebody's own chat with the bot, which is the same one for ever."""
        known = (chat for chat in self.chats.values() if chat.kind == "personal" and chat.members == {user.id})
        return next(known, None) or self._add(f"a:1{user.aad}", "personal", user)

    def group(self, *users: User) -> Chat:
        return self._add(f"19:{next(self._numbers):032x}@thread.v2", "groupChat", *users)

    def between(self, *users: User) -> Chat:
        """Return a chat of two people: personal, too, and without the bot."""
        chat = self._add(f"19:{next(self._numbers):032x}@unq.gbl.spaces", "personal", *users)
        chat.has_bot = False
        return chat

    def channel(self, *users: User) -> Chat:
        """Return a new thread in a channel."""
        thread = f"19:{next(self._numbers):032x}@thread.tacv2;messageid={self.new_id()}"
        return self._add(thread, "channel", *users)

    def _add(self, id_: str, kind: Kind, *users: User) -> Chat:
        chat = self.chats[id_] = Chat(id_, kind, {user.id for user in users})
        return chat

    def message(self, chat: Chat, id_: str) -> Message | None:
        """Find a message of the bot's that still stands."""
        ours = (each for each in chat.messages if each.author == self.bot and not each.is_deleted)
        return next((each for each in ours if each.id == id_), None)

    def new_id(self) -> str:
        return f"{1_795_600_000_000 + next(self._numbers)}"

    # What has been seen

    def keep(self, chat: Chat, how: str, what: Json) -> None:
        """Write down what the bot has put into a chat, as it was at this moment."""
        self.posted.append(copy.deepcopy({"how": how, "chat": chat.id, "kind": chat.kind, **what}))

    def show(self, what: Json) -> None:
        self.shown.append(copy.deepcopy(what))

    def everything_posted(self) -> str:
        return "\n".join(json.dumps(each, ensure_ascii=False) for each in self.posted)

    def everything_shown(self) -> str:
        return "\n".join(json.dumps(each, ensure_ascii=False) for each in self.shown)
