"""A school file comes into force, at the start or on a first of August: what was learnt of the old is learnt anew."""

from __future__ import annotations

from dataclasses import dataclass

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
    _is_behind: bool = False

    async def look(self) -> None:
        """Let what has waited for its year be in force when that begins; what fails on the way is tried again."""
        self._is_behind |= await self.library.begin_years(self.database, self.clock.now())
        if self._is_behind:
            await self.follow()
            self._is_behind = False

    async def follow(self) -> None:
        """Let whoever the files no longer name go, and people, forms and open cases be as they say."""
        await self.staff.let_go()
        await self.memory.learn_all()
        await self.timekeeper.look_at_all()
