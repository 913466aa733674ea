"""What crosses between the bot and a chat platform: people's acts in, cards out; no domain word among it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from flows.cards import Card, Option
from flows.language import Language


@dataclass(frozen=True, slots=True)
class Address:
    """A person's account on a platform: always from the verified envelope, never from something that was typed."""

    platform: str  # slack, teams, web
    tenant: str  # workspace or tenant; accounts are only unique within one
    user: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a message stands, in the platform's own ids."""

    platform: str
    conversation: str
    message: str


@dataclass(frozen=True, slots=True)
class OwnChat:
    """A person's own chat, in the platform's own ids; `route` leads there just now, `member` is who he is in it.

    Without an id: the person has been met, and where his chat is isn't known any more.
    """

    id: str
    route: str
    member: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Words in a chat: a command, or anything else."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button; `message` is the one that it stands in, none for a dialog's."""

    action: str
    reference: str = ""
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A dialog that was handed in; each field's values by its name, an untouched field is absent."""

    action: str
    reference: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One act of one person. `delivery_id` is the same when the platform delivers the same act again.

    `proves_reach`: whoever can do this takes the bot's messages, too.
    """

    delivery_id: str
    sender: Address
    act: Typed | Pressed | Submitted
    proves_reach: bool = True


WHOLE_FORM = ""  # the field name of a fault that is no single field's


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person sees now. What must not be lost isn't here: that is promised through the outbox.

    `card` is the present state of the message that was pressed, or the answer to typed words. `dialog` opens, or
    takes the place of the open one; without it an answered dialog closes. `faults` (by field name) keep the dialog
    open with all that was typed; they come alone. `notice` is one line for this person, which isn't kept.
    """

    card: Card | None = None
    dialog: Card | None = None
    notice: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


class Signer(Protocol):
    """Proves that what comes back is what went out, also after a restart and on another replica."""

    def sign(self, text: str) -> str:
        """Return what proves that a text is ours: letters and digits."""
        ...

    def has_signed(self, text: str, signature: str) -> bool:
        """Say whether a signature proves it."""
        ...


class Bot(Signer, Protocol):
    """What the bot does for a platform's adapter; none of it raises."""

    async def handle(self, incoming: Incoming) -> Reply:
        """Carry an act out and answer it; the answer means that everything is stored."""
        ...

    def at_once(self, incoming: Incoming) -> Reply | None:
        """Answer without waiting for anything; None where that can't be, and `handle` answers."""
        ...

    def late(self, incoming: Incoming) -> Reply:
        """Answer an act that takes too long: it goes on, and doing it again does nothing twice."""
        ...

    async def afterwards(self, incoming: Incoming, dialog: Card) -> Card | None:
        """Return a dialog that was shown at once, with what only the database knows; None where that is nothing."""
        ...

    async def find(self, sender: Address, source: str, query: str) -> tuple[Option, ...]:
        """Return what a list has for a few letters."""
        ...

    async def stands(self, sender: Address, dialog: MessageRef) -> bool:
        """Note that a dialog stands in a chat as a message: what nobody answers is taken out of it after a while.

        Say whether it is noted: where it isn't, nothing will take it out.
        """
        ...

    async def left(self, dialog: MessageRef) -> None:
        """Note that a dialog stands there no more."""
        ...

    def language(self, sender: Address) -> Language:
        """Return what a person reads."""
        ...


class NotDelivered(Exception):
    """The platform did not take a message."""


class Refused(NotDelivered):
    """The platform said no: nothing has been shown to anybody.

    `for_good`: trying again soon won't help: the person can't be reached here, or the message can't be changed.
    `is_gone`: that is so because the message that was to be changed, or its chat, isn't there any more.
    """

    def __init__(
        self, code: str, *, retry_after: timedelta | None = None, for_good: bool = False, is_gone: bool = False
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.for_good = for_good
        self.is_gone = is_gone


class Uncertain(NotDelivered):
    """No answer, or one that can't be read: the message may stand in the chat or not."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Mailer(Protocol):
    """What sends an e-mail; it raises `Refused` or `Uncertain`, nothing else."""

    async def send(self, to: str, subject: str, text: str, at: datetime) -> None:
        """Hand an e-mail over; what it says may be read by anybody on its way."""
        ...


class Directory(Protocol):
    """Who is who on a platform; it raises `Refused` or `Uncertain`, nothing else."""

    name: str
    finds_by_email: bool  # where not, whoever has no id in the school file is known only once he has been met

    async def tenant(self) -> str:
        """Return the id of the workspace or tenant that the bot is installed in."""
        ...

    async def account(self, *, user: str = "", email: str = "") -> Address | None:
        """Return the account with an id, or else with an e-mail; None where a member of staff has none."""
        ...

    async def email(self, address: Address) -> str:
        """Return the confirmed e-mail of an account of our own; nothing for anybody else's."""
        ...


class Places(Protocol):
    """Where people's own chats are, whoever they are, kept for a platform that doesn't say so again."""

    async def get(self, address: Address) -> OwnChat | None:
        """Return where an account's chat is; None for one that nobody has met."""
        ...

    async def route(self, platform: str, chat: str) -> str:
        """Return what leads to a chat; empty where that isn't kept."""
        ...

    async def put(self, address: Address, own: OwnChat) -> None:
        """Keep where an account's chat is."""
        ...

    async def forget(self, address: Address) -> None:
        """Forget a chat that takes nothing any more, though not whose it was."""
        ...

    async def left(self, address: Address) -> None:
        """Note that the bot is no longer in somebody's chat: nothing will be taken there until they meet again."""
        ...


class Platform(Protocol):
    """What a chat platform does for the bot; it raises `Refused` or `Uncertain`, nothing else.

    `remembers`: `find` looks into the chat's history. Where it can't, a message may have to be sent a second time.
    """

    name: str
    remembers: bool

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        """Post a message in the person's own chat; `delivery_id` travels with it unseen."""
        ...

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Put a card in the place of a message."""
        ...

    async def remove(self, message: MessageRef) -> None:
        """Take a message away; one that is gone already is no fault."""
        ...

    async def find(self, to: Address, delivery_id: str, since: datetime) -> tuple[MessageRef, ...]:
        """Return the messages in a chat that carry a delivery id, oldest first; none where history can't be read."""
        ...
