"""The program, as an administrator starts it or within this process: its environment, its end, what it has logged."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

import pytest

from bot.run import serving

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

    @property
    def is_running(self) -> bool:
        return self.process.returncode is None


@dataclass
class Here:
    """The program within this process: all of it but its start, which takes longer than most of what people do."""

    url: str
    _work: asyncio.Task[None]
    _is_over: asyncio.Event

    @classmethod
    async def starts(cls, environ: Mapping[str, str]) -> Self:
        """Start it, and wait until it takes requests."""
        is_over, up = asyncio.Event(), asyncio.get_running_loop().create_future()

        async def works() -> None:
            async with serving(environ) as (_, url):
                up.set_result(url)
                await is_over.wait()

        work = asyncio.create_task(works())
        await asyncio.wait({work, up}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            await work  # it raises why it didn't come up
        return cls(up.result(), work, is_over)

    async def stops(self) -> None:
        self._is_over.set()
        await self._work

    @property
    def is_running(self) -> bool:
        return not self._work.done()


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


class Startable(Protocol):
    async def starts(self, *under: str, **environ: str) -> Bot: ...

    async def opens(self, **environ: str) -> None: ...


async def starts_as_marked(place: Startable, request: pytest.FixtureRequest, **environ: str) -> None:
    """Start the program as a test asks for: by its mark `process` as one of its own, else within the test's."""
    is_process = request.node.get_closest_marker("process") is not None
    await (place.starts(**environ) if is_process else place.opens(**environ))


async def all_stop(bots: Iterable[Bot | Here]) -> None:
    for bot in bots:
        if bot.is_running:
            await bot.stops()


async def _read(stream: asyncio.StreamReader, lines: list[str]) -> None:
    lines.extend([line.decode() async for line in stream])
