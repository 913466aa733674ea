"""A school file comes into force, at the start, on a first of August or with another replica: all is learnt anew."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.at_once import AtOnce
from bot.clock import Clock
from bot.library import Library
from bot.scheduler import Timekeeper
from bot.staff import Staff
from storage.database import Database


@dataclass(slots=True)
class SchoolFiles:
    database: Database
    library: Library
    staff: Staff
    memory: AtOnce
    timekeeper: Timekeeper
    clock: Clock
    _learnt: int = field(init=False)

    def __post_init__(self) -> None:
        self._learnt = self.library.followed

    async def look(self) -> None:
        """Learn anew what the files say where another has come into force; what fails on the way is tried again.

        One that has waited does when its year begins; one that another replica has stored does now.
        """
        await self.library.begin_years(self.database, self.clock.now())
        await self.library.catch_up_all(self.database)
        if self._learnt != self.library.followed:
            await self.follow()

    async def follow(self) -> None:
        """Let whoever the files no longer name go, and people, forms and open cases be as they say."""
        followed = self.library.followed
        await self.staff.let_go()
        await self.memory.learn_all()
        await self.timekeeper.look_at_all()
        self._learnt = followed
