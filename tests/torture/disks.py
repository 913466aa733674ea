"""E2: the disk under SQLite fails while people report: it is full, broken or read-only, or somebody holds the file."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.slack.conftest import Workplace, workplace
from tests.torture import strace
from tests.torture.clockwork import Clockwork
from tests.torture.load import Load, Watch
from tests.torture.oracle import Tally
from tests.torture.points import each
from tests.torture.servers import MAY_LOG

AT_ONCE = 2
UNDER_LOAD, LONGEST = 6.0, 30.0  # seconds
READY_WITHIN = 10.0  # seconds
FOR_GOOD = 0  # calls: it never works again
IN_USE, READ_ONLY = "Databasen er i bruk", "Databasen svarer ikke"
FREE = tuple(1024 * kib for kib in (40, 60, 80, 100, 120, 160, 240, 320))  # bytes that are left on the disk
DISK = "3m"
HELD = 10.0  # seconds


@dataclass(frozen=True)
class Fault:
    """From the `first` of these calls on, `length` of them fail, in each thread: a new connection has a new one."""

    call: str
    error: str
    first: int
    length: int

    def __str__(self) -> str:
        return f"{self.error} at {self.call} {self.first}, {self.length or 'all'} of them"

    @property
    def under(self) -> tuple[str, ...]:
        when = f"{self.first}..{self.first + self.length - 1}" if self.length else f"{self.first}+"
        return strace.failing(self.call, when, self.error)


@dataclass(frozen=True)
class Full:
    """A disk on which so many bytes are left, until somebody makes room."""

    free: int

    def __str__(self) -> str:
        return f"{self.free} bytes left"


@dataclass(frozen=True)
class Held:
    """Somebody else would like to have the file, or has it already."""

    before: bool

    def __str__(self) -> str:
        return "held by somebody else" if self.before else "wanted by somebody else"


@dataclass(frozen=True)
class ReadOnly:
    call: str

    def __str__(self) -> str:
        return f"read-only from the start: {self.call}"


Case = Fault | Full | Held | ReadOnly


def every_case() -> Iterator[Case]:
    for number in range(10):
        yield Fault("pwrite64", "ENOSPC", 200 + 131 * number, (1, 30, 400)[number % 3])
        yield Fault("pwrite64", "EIO", 230 + 131 * number, (1, 30, 400)[number % 3])
        yield Fault("fdatasync", "EIO", 12 + 7 * number, (1, 4, 12)[number % 3])
    for number in range(4):
        yield Fault("fdatasync", "ENOSPC", 15 + 9 * number, 4)
        yield Fault("pwrite64", "EROFS", 300 + 170 * number, 60)
        yield Fault("pwrite64", "ENOSPC", 310 + 170 * number, FOR_GOOD)
        yield Fault("fdatasync", "EIO", 14 + 9 * number, FOR_GOOD)
    yield from (Full(free) for free in FREE if may_mount())
    yield from (Held(before) for before in (False, True, False, True))
    yield from (ReadOnly(call) for call in ("pwrite64", "fdatasync"))


async def cases(every: int = 1) -> AsyncGenerator[tuple[str, Tally]]:
    async with aclosing(each(list(every_case())[::every], told, AT_ONCE)) as tried:
        async for name, tally in tried:
            yield name, tally


async def told(case: Case, folder: Path) -> Tally:
    try:
        return await _told(case, folder)
    except (AssertionError, TimeoutError) as failed:
        return Tally(tried=1, others=[f"{type(failed).__name__}: {failed}"])


async def _told(case: Case, folder: Path) -> Tally:
    folder.mkdir(parents=True)  # noqa: ASYNC240 - before anything runs
    async with workplace(folder) as work:
        match case:
            case Fault():
                return await _fails(case, work)
            case Full():
                with _disk(folder / "disk") as disk:
                    return await _is_full(case, work, disk)
            case Held():
                return await (_is_held(work) if case.before else _is_wanted(work))
            case ReadOnly():
                return await _is_read_only(case, work)


async def _fails(fault: Fault, work: Workplace) -> Tally:
    """Let calls fail while people report; if that never ends, let the program be started on a good disk."""
    load, url = (
        Load(work, Clockwork(work.folder, work.slack.workspace.clock)),
        f"sqlite:///{work.folder}/rusplan.sqlite",
    )
    await work.starts(*fault.under, **load.clock.environment)
    async with load.goes_on():
        if fault.length == FOR_GOOD:
            await load.goes_wrong(LONGEST)
        else:
            await asyncio.sleep(UNDER_LOAD)
        if fault.length == FOR_GOOD or work.bot.process.returncode is not None:
            await _started_anew(work, load)
    await load.settles()
    tally = await load.judged(url, MAY_LOG)
    if fault.length == FOR_GOOD and not any("DatabaseUnavailable" in line for bot in work.bots for line in bot.log):
        tally.others.append("it never happened")
    return tally


async def _started_anew(work: Workplace, load: Load) -> None:
    faults, before = work.slack.faults, len(work.slack.faults)
    if work.bot.process.returncode is None:
        await work.bot.stops()
    await work.starts(**load.clock.environment)
    await asyncio.sleep(0.5)
    del faults[before:]  # what people saw of a program that was being stopped


async def _is_full(case: Full, work: Workplace, disk: Path) -> Tally:
    """Let people report until the disk is full, and on, and then make room."""
    load, url = Load(work, Clockwork(work.folder, work.slack.workspace.clock)), f"sqlite:///{disk}/rusplan.sqlite"
    environ = {"DATABASE_URL": url, **load.clock.environment}
    await work.starts(**environ)
    ballast, usage = disk / "ballast", os.statvfs(disk)
    ballast.write_bytes(bytes(max(0, usage.f_bavail * usage.f_frsize - case.free)))
    async with Watch.over(work) as watch:
        async with load.goes_on():
            await watch.comes(503, 30.0)
            ballast.unlink()
            since = time.monotonic()
            await watch.comes(200, READY_WITHIN)
            back = watch.after(since, 200)
            await asyncio.sleep(1.0)
        await load.settles()
    tally = await load.judged(url, MAY_LOG)
    tally.others += [f"ready again only after {back:.1f} s"] if back > READY_WITHIN else []
    tally.others += [] if load.said else ["nobody was told that nothing can be stored"]
    return tally


async def _is_wanted(work: Workplace) -> Tally:
    """Let somebody else try to get at the file for ten seconds while people report: it can't be had."""
    load, url = (
        Load(work, Clockwork(work.folder, work.slack.workspace.clock)),
        f"sqlite:///{work.folder}/rusplan.sqlite",
    )
    await work.starts(**load.clock.environment)
    had: list[str] = []
    async with load.goes_on():
        until = time.monotonic() + HELD
        while time.monotonic() < until:
            had += await asyncio.to_thread(_writes, work.folder / "rusplan.sqlite")
            await asyncio.sleep(0.1)
    await load.settles()
    tally = await load.judged(url, frozenset())
    tally.others += had[:1] + sorted(load.said)
    return tally


def _writes(file: Path) -> list[str]:
    """Try to write into the file as another program would; return what it could do."""
    with closing(sqlite3.connect(file, timeout=0.2)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return []
        other.rollback()
        return ["another program got the file"]


async def _is_held(work: Workplace) -> Tally:
    """Start while somebody else holds the file, and again when it is free."""
    tally = Tally(tried=1)
    with closing(sqlite3.connect(work.folder / "rusplan.sqlite")) as other:
        other.execute("BEGIN EXCLUSIVE")
        tally.others += await _refuses(work, IN_USE)
    await work.starts()
    await work.ola.slash("/rus-hjelp")
    await work.bot.stops()
    tally.others += work.slack.faults
    return tally


async def _is_read_only(case: ReadOnly, work: Workplace) -> Tally:
    """Start where nothing can be written, and again where it can."""
    tally = Tally(tried=1, others=await _refuses(work, READ_ONLY, *strace.failing(case.call, "1+", "EROFS")))
    await work.starts()
    await work.bot.stops()
    return tally


async def _refuses(work: Workplace, sentence: str, *under: str) -> list[str]:
    """Return what is wrong with how the program refuses to start."""
    try:
        await work.starts(*under)
    except pytest.fail.Exception as refused:
        return [] if sentence in str(refused) and "Traceback" not in str(refused) else [f"refused with: {refused}"]
    await work.bot.stops()
    return ["it has started"]


def may_mount() -> bool:
    return os.geteuid() == 0


@contextmanager
def _disk(place: Path) -> Iterator[Path]:
    """Give a small disk of its own."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", place], check=True)  # noqa: S603, S607
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)  # noqa: S603, S607
