"""Being asked to stop: by Ctrl+C, or by whoever runs the program."""

from __future__ import annotations

import asyncio
import signal


async def interrupted() -> None:
    """Wait until somebody asks for the end. Asked again it goes on ending; a second Ctrl+C breaks it off."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(*_: object) -> None:
        # not by the loop's own handler, which is gone, and the program with it, before it has come to its end
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(asked.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    await asked.wait()
