"""Servers for the benches: each a process of its own, and what stands for a platform answers at once."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from storage.cipher import KeyRing

SCHOOL_FILE = Path(__file__).parent.parent / "bot" / "demo_school.yaml"
RUSPLAN = ["-c", "import sys; from bot.cli import main; sys.exit(main(['run']))"]

_ANSWERS = """
import asyncio, json, re

LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


class Platform(asyncio.Protocol):
    # As little as there can be, so that what is measured is the bot.
    def connection_made(self, transport):
        self.transport, self.got = transport, b""

    def data_received(self, data):
        self.got += data
        while b"\\r\\n\\r\\n" in self.got:
            head, _, rest = self.got.partition(b"\\r\\n\\r\\n")
            found = LENGTH.search(head)
            length = int(found.group(1)) if found else 0
            if len(rest) < length:
                return
            self.got = rest[length:]
            path, port = head.split(b" ", 2)[1].decode(), self.transport.get_extra_info("sockname")[1]
            body = json.dumps(answer(path, port)).encode()
            kind = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n"
            self.transport.write(kind % len(body) + body)


async def start():
    server = await asyncio.get_running_loop().create_server(Platform, "127.0.0.1", 0)
    print(f"platform: http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


asyncio.run(start())
"""


def platform(answer: str) -> list[str]:
    """Return what starts a platform; `answer` is code that defines `answer(path, port)`, which returns JSON."""
    return ["-c", answer + _ANSWERS]


def settings(folder: str) -> dict[str, str]:
    """Return what the program needs besides its platform."""
    return {
        "RUSPLAN_KEYS": KeyRing.new_key(),
        "RUSPLAN_SCHOOL": str(SCHOOL_FILE),
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite",
        "PORT": "0",
    }


@asynccontextmanager
async def server(words: list[str], environ: dict[str, str]) -> AsyncIterator[str]:
    """Start a Python process that prints its address, and stop it in the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, env={**os.environ, **environ}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        greeting = (await process.stdout.readline()).decode()
        yield next(word for word in greeting.split() if word.startswith("http"))
    finally:
        process.terminate()
        await process.wait()
