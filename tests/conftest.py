"""Fixtures that every folder uses."""

from __future__ import annotations

import os
import shutil
from asyncio import Server
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import AsyncIterator
from pathlib import Path
from socket import socket

import pytest

from tests import chromium
from tests.postgresql import migrated_once, postgresql, postgresql_url
from tests.school import School, opened

__all__ = ["migrated_once", "postgresql", "postgresql_url"]  # fixtures for every folder

# Tests that need a program which pip does not bring, by their mark. The check in .ci/ leaves none of them out.
PROGRAMS = {"chromium": chromium.PROGRAM, "strace": "strace", "faketime": "faketime", "node": "npm"}
FETCHED = Path(__file__).parent / "npm" / "node_modules" / ".package-lock.json"  # npm writes it when it has everything
LONG = (Path(__file__).parent / "torture", Path(__file__).parent / "e2e" / "playground")
LEAVE_NOTHING_OUT = "RUSPLAN_LEAVE_NOTHING_OUT"
NOT_INSTALLED = "{program} is not installed (Debian's package {program})"
NOT_FETCHED = "tests/npm/node_modules is not there: npm could not fetch it"


def pytest_xdist_auto_num_workers() -> int:
    """Return one more than there are cores: a test often waits for a program, a page or a clock."""
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    """Let a connection that is accepted while its server closes be closed, too, as Python does from 3.13 on.

    Before, its socket was forgotten, and the next test was told so. Source: github.com/python/cpython/issues/109564.
    """
    accepts = BaseSelectorEventLoop._accept_connection2  # type: ignore[attr-defined]

    async def accepts_while_open(
        loop: BaseSelectorEventLoop,
        factory: object,
        new: socket,
        extra: object,
        tls: object,
        server: Server,
        *how: object,
    ) -> None:
        if server.is_serving():
            await accepts(loop, factory, new, extra, tls, server, *how)
        else:
            new.close()

    BaseSelectorEventLoop._accept_connection2 = accepts_while_open  # type: ignore[attr-defined]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long; leave out what can't run here, by name and counted, or fail, where nothing may be."""
    items.sort(key=lambda item: not any(map(item.path.is_relative_to, LONG)))  # else one worker is left with it
    for mark, program in PROGRAMS.items():
        why = missing(program)
        if why and os.environ.get(LEAVE_NOTHING_OUT):
            raise pytest.UsageError(f"{why}, and no test may be left out here")
        for item in items if why else ():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=why))


def missing(program: str) -> str:
    """Return why the tests that need a program can't run here; empty where they can."""
    if not shutil.which(program):
        return NOT_INSTALLED.format(program=program)
    return NOT_FETCHED if program == "npm" and not FETCHED.exists() else ""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail on any skip where nothing may be left out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get(LEAVE_NOTHING_OUT) and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    for why in (NOT_FETCHED, *(NOT_INSTALLED.format(program=program) for program in PROGRAMS.values())):
        count = sum(why in str(report.longrepr) for report in skipped)
        if count:
            terminalreporter.write_line(f"{count} tests left out: {why}")


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    """The demo's school: ola teaches 1BAA, kari heads its department, arne is her deputy, berit is rektor."""
    async with opened(tmp_path) as school:
        yield school
