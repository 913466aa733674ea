"""A school whose year goes by, and what one reads of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from flows.cards import Step, plain_text
from tests.school import Member, School, opened

EIGHT = datetime(2026, 8, 17, 6, 0, tzinfo=UTC)  # 8:00 at the school, the pupils' first day
BEFORE = datetime(2026, 8, 7, 10, 0, tzinfo=UTC)  # the Friday before the staff come back
CLASSES = ("1STB", "2TMA", "2HEA", "2STA")  # of the demo school's, whose year takes five times as long


@asynccontextmanager
async def year_of_few_classes(folder: Path, now: datetime = BEFORE) -> AsyncIterator[School]:
    async with opened(folder, now=now) as school:
        all_classes = school.library.schools[0].classes
        school.changes(classes={name: all_classes[name] for name in CLASSES})
        await school.restarts()
        await school.begins_its_year()
        yield school


def of_the_year(member: Member) -> list[str]:
    """Return the messages with tasks as they stand now, the oldest first."""
    return [message.text for message in member.messages if message.text.startswith("Årshjulet")]


def words(member: Member) -> str:
    assert member.dialog
    return plain_text(member.dialog)


async def press_step(member: Member, text: str) -> None:
    """Open what stands in the list under these words, on whichever page."""
    assert member.dialog
    while not (found := [b for b in member.dialog.blocks if isinstance(b, Step) and b.text.startswith(text)]):
        await member.presses("Neste side", in_dialog=True)
    assert found[0].button
    await member.presses(found[0].button.label, in_dialog=True, reference=found[0].button.reference)
