"""A school to tell stories about: its people, a clock that can be moved, and a chat to look into.

It drives the bot as people would: by typing, pressing what a card offers and handing in the open form.
"""

from __future__ import annotations

import functools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, build
from bot.clock import SPOKEN
from bot.files import plan_packs, plan_with_document, school_with_document
from bot.library import Library, load_library
from bot.pace import RATE
from bot.relay import LEASE
from flows.cards import Button, Card, Step, plain_text
from flows.plan import Plan
from flows.port import Address, Incoming, MessageRef, NotDelivered, Pressed, Reply, Submitted, Typed
from flows.roster import Absence
from flows.school import School as SchoolFile
from storage.cipher import KeyRing
from storage.claims import Rate
from storage.database import Database, open_database
from tests.sqlite_file import copy_migrated

DEMO_SCHOOL = Path(__file__).parent.parent / "bot" / "demo_school.yaml"
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 at the school
KEY = KeyRing.new_key()
CHAT = "chat"
FAST = Rate(burst=1_000_000, each=timedelta(microseconds=1))
REPORT = {"hendelsestype": "synlig_beruset", "place": "Verksted", "class": "1BAA"}


class FakeClock:
    """Time that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def as_others_have_it(self, at: datetime) -> datetime:
        return at

    def forward(self, by: timedelta) -> None:
        self._now += by


class SeededDice:
    """Randomness that is the same every time."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - made to be repeatable

    def token(self) -> str:
        return f"{self._random.getrandbits(128):032x}"

    def spoken(self, length: int) -> str:
        return "".join(self._random.choice(SPOKEN) for _ in range(length))

    def fraction(self) -> float:
        return self._random.random()


@dataclass
class Message:
    """A message in somebody's chat; `shown` holds every card that has stood there, the present one last."""

    ref: MessageRef
    delivery_id: str
    shown: list[Card]
    removed: bool = False

    @property
    def card(self) -> Card:
        return self.shown[-1]

    @property
    def text(self) -> str:
        return plain_text(self.card)


class FakeChat:
    """A chat platform with its own memory. `faults` are raised one per call, before or after the call has worked."""

    remembers = True

    def __init__(self, name: str = CHAT) -> None:
        self.name = name
        self.chats: dict[str, list[Message]] = {}
        self.faults: list[NotDelivered | Exception] = []
        self.faults_after: list[NotDelivered | Exception] = []

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        self._fail(self.faults)
        chat = self.chats.setdefault(to.user, [])
        ref = MessageRef(self.name, to.user, str(len(chat)))
        chat.append(Message(ref, delivery_id, [card]))
        self._fail(self.faults_after)
        return ref

    async def edit(self, message: MessageRef, card: Card) -> None:
        self._fail(self.faults)
        self.chats[message.conversation][int(message.message)].shown.append(card)

    async def remove(self, message: MessageRef) -> None:
        self.chats[message.conversation][int(message.message)].removed = True

    async def find(self, to: Address, delivery_id: str, since: datetime) -> tuple[MessageRef, ...]:
        return tuple(m.ref for m in self.chats.get(to.user, []) if m.delivery_id == delivery_id and not m.removed)

    def _fail(self, faults: list[NotDelivered | Exception]) -> None:
        if faults:
            raise faults.pop(0)


@dataclass
class Member:
    """Somebody at the school, with an open form or none."""

    id: str
    school: School
    dialog: Card | None = None
    answer: Card | None = None
    notice: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    acts: int = 0
    last: Typed | Pressed | Submitted | None = None

    @property
    def messages(self) -> list[Message]:
        return [message for message in self.school.chat.chats.get(self.id, []) if not message.removed]

    @property
    def alerts(self) -> list[Message]:
        """The messages that have asked this person to take a case."""
        return [m for m in self.messages if any(b.action == "take" for card in m.shown for b in buttons(card))]

    @property
    def message(self) -> Message:
        """The newest message."""
        return self.messages[-1]

    async def types(self, text: str) -> None:
        await self._does(Typed(text))

    async def reports(self, **values: str) -> None:
        """Report an incident; `values` in the place of those of `REPORT`."""
        await self.types("/rus-hendelse")
        await self.submits(**{**REPORT, **values})

    async def presses(
        self, label: str, *, message: int = -1, in_dialog: bool = False, reference: str | None = None
    ) -> None:
        """Press the button with this label: of a message (the newest), of the open dialog, or of an answer."""
        pressed = self.messages[message] if self.messages and not in_dialog else None
        card = self.dialog if in_dialog else pressed.card if pressed else self.answer
        assert card is not None
        button = next((b for b in buttons(card) if b.label == label and reference in (None, b.reference)), None)
        assert button, f"{label!r} is not among {[b.label for b in buttons(card)]}"
        await self._does(Pressed(button.action, button.reference, pressed.ref if pressed else None))

    async def submits(self, **values: str | tuple[str, ...]) -> None:
        """Hand in the open form: what it held, with these values put in."""
        assert self.dialog
        assert self.dialog.submit
        filled = {f.name: f.value if isinstance(f.value, tuple) else (f.value,) for f in self.dialog.fields}
        filled |= {name: (value,) if isinstance(value, str) else value for name, value in values.items()}
        submit = self.dialog.submit
        await self._does(
            Submitted(submit.action, submit.reference, {k: v for k, v in filled.items() if v and v != ("",)})
        )

    async def does_again(self, act: Typed | Pressed | Submitted, delivery_id: str) -> Reply:
        """Let the platform deliver an act with a given delivery id, as a redelivery does."""
        return await self.school.app.turns.handle(Incoming(delivery_id, Address(CHAT, "t", self.id), act))

    async def _does(self, act: Typed | Pressed | Submitted) -> None:
        self.acts, self.last = self.acts + 1, act
        reply = await self.does_again(act, f"{self.id}-{self.acts}")
        self.notice, self.faults = reply.notice, dict(reply.faults)
        if reply.card:
            self.answer = reply.card
        if not reply.faults and (reply.dialog or isinstance(act, Submitted)):
            self.dialog = reply.dialog
        await self.school.settles()


def buttons(card: Card) -> list[Button]:
    """Return all that can be pressed on a card."""
    steps = [block.button for block in card.blocks if isinstance(block, Step) and block.button]
    return [*steps, *card.buttons]


class School:
    """The bot with a made-up school, on a database of its own."""

    def __init__(self, url: str, library: Library, clock: FakeClock) -> None:
        self.url, self.library, self.clock = url, library, clock
        self.chat = FakeChat()
        self.dice = SeededDice()
        self.members: dict[str, Member] = {}
        self.has_a_year = False
        self.database: Database
        self.app: App

    async def opens(self) -> None:
        self.database = await open_database(self.url, KeyRing.parse(KEY))
        await self.library.keep(self.database, self.clock.now())
        async with self.database.transaction() as tx:
            for person in self.library.schools[0].people:
                await tx.accounts.link(Address(CHAT, "t", person), self.library.schools[0].id, person, self.clock.now())
        self.app = build(self.database, self.library, {CHAT: self.chat}, self.clock, self.dice)
        await self.app.timekeeper.look_at_all()
        if self.has_a_year:
            await self.app.reminders.plan()

    async def begins_its_year(self) -> None:
        """Let the prevention year run beside the cases, from now on and after every restart."""
        self.has_a_year = True
        await self.app.school_files.look()
        await self.app.reminders.plan()

    def changes(self, **parts: object) -> None:
        """Let another edition of the school's file be in force from the next start on."""
        school = replace(self.library.schools[0], **parts)  # type: ignore[arg-type]
        self.library = Library([school], shipped_plans())

    async def restarts(self) -> None:
        """Stop at once, whatever is under way, and come up again on the same database."""
        await self.database.close()
        await self.opens()

    def __getitem__(self, person: str) -> Member:
        return self.members.setdefault(person, Member(person, self))

    async def settles(self) -> None:
        """Let everything that is due now reach its chat, however fast that is for a platform."""
        relay, self.app.relay._rate = self.app.relay, FAST
        while await relay.drain():
            pass
        relay._rate = RATE

    async def passes(self, **time: int) -> None:
        """Let time pass, `minutes=5`, stopping wherever something falls due."""
        await self.comes(self.clock.now() + timedelta(**time))

    async def comes(self, end: datetime) -> None:
        """Let an instant come, stopping wherever something falls due, in the last hour also for what is tried again."""
        while self.clock.now() < end:
            left = end - self.clock.now()
            self.clock.forward(min(left, await self._to_next_timer(left)))
            await self.app.timekeeper.sweep()
            if self.has_a_year:
                await self.app.school_files.look()
                await self.app.reminders.plan()
                await self.app.reminders.remind()
            await self.settles()
            await self.app.unreached.write()

    async def _to_next_timer(self, longest: timedelta) -> timedelta:
        async with self.database.transaction() as tx:
            timers = [await tx.timers.next_due(), await tx.tasks.next_due(), await tx.readings.next_due()]
            if longest < timedelta(hours=1):
                timers.append(await tx.outbox.next_due(self.clock.now(), LEASE))
        due = min((at for at in timers if at), default=None)
        if due is None:
            return longest
        now = self.clock.now()
        return due - now if due > now else timedelta(seconds=30)

    async def absent(self, person: str, **time: int) -> None:
        now, school = self.clock.now(), self.library.schools[0].id
        async with self.database.transaction() as tx:
            await tx.people.add_absence(school, Absence(f"absence-{person}", person, now, now + timedelta(**time)))


def demo_library() -> Library:
    """Return what `load_library` makes of the files that come with the program, each of which is read once."""
    school, document = _demo_school()
    return Library([school], shipped_plans(), {school.id: document})


@functools.cache
def _demo_school() -> tuple[SchoolFile, str]:
    return school_with_document(DEMO_SCHOOL, {plan.id: plan for plan, _ in shipped_plans()})


@functools.cache
def shipped_plans() -> tuple[tuple[Plan, str], ...]:
    return tuple(plan_with_document(pack) for pack in plan_packs(None))


@asynccontextmanager
async def opened(
    folder: Path, school_file: Path = DEMO_SCHOOL, plan: Path | None = None, now: datetime = MONDAY_MORNING
) -> AsyncIterator[School]:
    """Open a school on an SQLite file in a folder."""
    is_demo = (school_file, plan) == (DEMO_SCHOOL, None)
    library = demo_library() if is_demo else load_library(plan, [school_file])
    school = School(f"sqlite:///{folder}/school.sqlite", library, FakeClock(now))
    copy_migrated(folder / "school.sqlite")
    await school.opens()
    try:
        yield school
    finally:
        await school.database.close()
