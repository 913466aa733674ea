"""Who can sit at the page: the people of the demo and which of them are shown; not what they may do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flows.port import Address

PLATFORM = "web"
TENANT = "demo"
MAX_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Person:
    """`role` is a short label: «Avdelingsleder, Bygg og elektro»."""

    user: str
    name: str
    role: str


Directory = Callable[[], Sequence[Person]]


@dataclass(frozen=True, slots=True)
class Site:
    """What the page shows besides the chats; `default_people` are users, `commands` are offered for typing."""

    school: str
    directory: Directory
    default_people: tuple[str, ...] = ()
    commands: tuple[str, ...] = (
        "/rus-hendelse",
        "/rus-saker",
        "/rus-arshjul",
        "/rus-ovelse",
        "/rus-plan",
        "/rus-hjelp",
    )

    def person(self, user: str) -> Person | None:
        """Return the person of that user name."""
        return next((person for person in self.directory() if person.user == user), None)

    def shown(self, asked: str) -> tuple[Person, ...]:
        """Return who is asked for (users with commas between): known ones, each once, else the default people."""
        people = self.directory()
        return _among(people, asked.split(",")) or _among(people, self.default_people) or tuple(people[:3])


def _among(people: Sequence[Person], users: Iterable[str]) -> tuple[Person, ...]:
    by_user = {person.user: person for person in people}
    return tuple(by_user[user] for user in dict.fromkeys(users) if user in by_user)[:MAX_COLUMNS]


def address(user: str) -> Address:
    """Return the account of a user on this platform."""
    return Address(PLATFORM, TENANT, user)


def anchor(user: str) -> str:
    """Return a user name as a piece of an HTML id; different names stay different."""
    return re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found.group()):x}_", user)
