"""The program as an administrator starts it: its environment, its process, what it has logged."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("rusplan")


@dataclass
class Bot:
    """The running program: what it was started with, and what it has logged."""

    process: asyncio.subprocess.Process
    url: str
    log: list[str] = field(default_factory=list)

    async def stops(self) -> int:
        self.process.terminate()
        return await self.process.wait()

    async def is_killed(self) -> None:
        self.process.kill()
        await self.process.wait()


def environment(folder: Path, key: str, school: Path, **environ: str) -> dict[str, str]:
    """Return the environment of the program; an empty value unsets one."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PORT": "0",
        "RUSPLAN_KEYS": key,
        "RUSPLAN_SCHOOL": str(school),
        "DATABASE_URL": f"sqlite:///{folder}/rusplan.sqlite",
        **environ,
    }


async def begun(folder: Path, environ: Mapping[str, str], *under: str) -> asyncio.subprocess.Process:
    """Begin to start the program; `under` is a command that starts it in its turn, as `strace` does."""
    return await asyncio.create_subprocess_exec(
        *under,
        COMMAND,
        "run",
        cwd=folder,
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def up(process: asyncio.subprocess.Process) -> Bot:
    """Wait until the program says where it is; fail with what it says if it doesn't come up."""
    assert process.stdout
    assert process.stderr
    async with asyncio.timeout(20):
        greeting = (await process.stdout.readline()).decode()
    if not greeting:
        pytest.fail((await process.stderr.read()).decode())
    bot = Bot(process, next(word for word in greeting.split() if word.startswith("http")))
    bot.reader = asyncio.create_task(_read(process.stderr, bot.log))  # type: ignore[attr-defined]
    return bot


async def all_stop(bots: Iterable[Bot]) -> None:
    for bot in bots:
        if bot.process.returncode is None:
            await bot.stops()


async def _read(stream: asyncio.StreamReader, lines: list[str]) -> None:
    lines.extend([line.decode() async for line in stream])
