"""Microsoft's playground for bots, kept on this machine: Teams as one person sees it, with a bot that is running."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from flows.school import Person

LOOPBACK_ONLY = Path(__file__).with_name("loopback_only.cjs")
CLI = Path(__file__).parents[2] / "npm" / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
TENANT = "11111111-1111-4111-8111-111111111111"
BOT_ID = "33333333-3333-4333-8333-333333333333"
BOT = {"id": f"28:{BOT_ID}", "name": "rusplan"}
OTHERS = 5  # people beside the one in front of it: no more, no fewer
START_WITHIN = 60.0  # seconds

Json = dict[str, Any]


@asynccontextmanager
async def playground(folder: Path, endpoint: str, person: Person, everybody: Sequence[Person]) -> AsyncIterator[str]:
    """Open the playground for one person; yield the address of its page."""
    settings = _written(folder, _settings(person, [each for each in everybody if each is not person][:OTHERS]))
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *("node", "--require", LOOPBACK_ONLY, CLI, "start", "--channel-id", "msteams", "--disable-telemetry"),
        *("--app-endpoint", endpoint, "--port", str(port), "--service-url", f"{url}/_connector"),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TEAMSAPPTESTER_BROWSER": "none",
            "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(settings),
            "M365_AGENTS_PLAYGROUND_LOGFILE": str(folder / "playground.log"),
        },
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        async with asyncio.timeout(START_WITHIN):
            assert (await process.stdout.readline()).decode() == f"Listening on {port}\n"
        yield url
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _written(folder: Path, settings: Json) -> Path:
    folder.mkdir()
    file = folder / "settings.yml"
    file.write_text(json.dumps(settings))  # JSON is YAML
    return file


def _settings(person: Person, others: Sequence[Person]) -> Json:
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": BOT,
        "currentUser": _user(person),
        "users": [_user(each) for each in others],
        "personalChat": {"id": f"a:personal-{person.id}"},
        "groupChat": {"id": "19:group@thread.v2", "name": "Group Chat"},
        "team": {
            "id": "19:general@thread.tacv2",
            "name": "My Team",
            "aadGroupId": "44444444-4444-4444-8444-444444444444",
            "channels": [{"id": "19:announcements@thread.tacv2", "name": "Announcements"}],
        },
    }


def _user(person: Person) -> Json:
    first, _, last = person.name.partition(" ")
    return {
        "id": f"29:{person.id}",
        "name": person.name,
        "userPrincipleName": person.email,
        "aadObjectId": str(uuid.uuid5(uuid.NAMESPACE_URL, person.email)),
        "givenName": first,
        "surname": last,
        "email": person.email,
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
