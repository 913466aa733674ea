"""What `strace` does to a program: count its system calls, hold one up, or let one fail."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path

from tests.torture.edge import Work

# Traced by a process of its own (-D), so that the one we started is the program; without a filter in the kernel
# (--seccomp-bpf) every call would be held up, which is ten times slower.
_STRACE = ("strace", "-D", "-f", "--seccomp-bpf", "-q", "-e", "signal=none")


def counting(call: str, output: Path) -> tuple[str, ...]:
    return (*_STRACE, "-o", str(output), "-e", f"trace={call}")


def most_of_one_thread(output: Path) -> int:
    """Return how many calls the busiest thread made: that is what `when` counts."""
    threads = Counter(line.split()[0] for line in output.read_text().splitlines())
    return max(threads.values(), default=0)


def stalling(call: str, when: int, microseconds: int) -> tuple[str, ...]:
    """Hold a call up before it is made."""
    return (
        *(*_STRACE, "-o", "/dev/null", "-e", f"trace={call}"),
        *("-e", f"inject={call}:delay_enter={microseconds}:when={when}"),
    )


def failing(call: str, when: str, error: str) -> tuple[str, ...]:
    """Let calls fail, without doing anything; `when` as strace has it: «7», «7+», «7..9»."""
    return (*_STRACE, "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}")


async def kill_when_held_up(process: asyncio.subprocess.Process) -> bool:
    """End a program, as by `kill -9`, in the place of a call before which it is held up; say whether it was.

    A signal that strace itself injects gets lost together with --seccomp-bpf.
    """
    if not await is_held_up(process):
        return False
    tracer = next((int(_field(task, "TracerPid") or 0) for task in _tasks(process.pid)), 0)
    process.send_signal(signal.SIGKILL)
    if tracer:
        os.kill(tracer, signal.SIGKILL)  # it would wait out the delay, and nobody would hear of the death
    return True


async def first_program(work: Work) -> asyncio.subprocess.Process:
    """Wait until a workplace has started a program; it may not have come up yet."""
    while work.newest is None:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.005)
    return work.newest


async def is_held_up(process: asyncio.subprocess.Process) -> bool:
    """Wait until a thread of a program is held up; say whether that came before its end."""
    before: set[str] = set()
    while process.returncode is None:
        stopped = {task.name for task in _tasks(process.pid) if _field(task, "State") == "t"}
        if stopped & before:
            return True
        before = stopped
        await asyncio.sleep(0.02)  # a call that is only looked at is stopped for far less
    return False


def _tasks(pid: int) -> list[Path]:
    try:
        return [*Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []


def _field(task: Path, name: str) -> str:
    """Return the first word of a line of a thread's status; nothing for one that is gone."""
    try:
        lines = (task / "status").read_text().splitlines()
    except OSError:
        return ""
    return next((line.split()[1] for line in lines if line.startswith(f"{name}:")), "")
