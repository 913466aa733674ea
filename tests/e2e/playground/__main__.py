# ruff: noqa: T201 - a program of its own that prints addresses
"""`python -m tests.e2e.playground`: the bot in Microsoft's playground, for a teacher and an avdelingsleder.

Everything stays on this machine, and is deleted when it ends.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from bot.signals import interrupted
from tests.e2e.playground.conftest import bot_to_try
from tests.e2e.playground.playground import playground
from tests.e2e.slack.conftest import SCHOOL


async def main(*users: str) -> None:
    everybody = list(SCHOOL.people.values())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with bot_to_try(folder) as url, AsyncExitStack() as stack:
            for user in users:
                person = SCHOOL.people[user]
                address = await stack.enter_async_context(
                    playground(folder / user, f"{url}/api/messages", person, everybody)
                )
                print(f"{person.name}: {address}", flush=True)
            await interrupted()


if __name__ == "__main__":
    with suppress(ProcessLookupError):  # Ctrl-C in a terminal ends what was started as well
        asyncio.run(main("ola", "kari"))
