"""The playground as the tests start it: nobody reaches it from elsewhere, and it reaches nobody."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.playground.playground import LOOPBACK_ONLY, playground
from tests.e2e.slack.conftest import SCHOOL

pytestmark = pytest.mark.node

LISTENS = "0A"  # in the kernel's list of sockets
ELSEWHERE = "require('net').connect(9, '192.0.2.1').on('error', refused => console.log(refused.message))"


async def test_it_listens_on_this_machine_alone(tmp_path: Path) -> None:
    everybody = list(SCHOOL.people.values())
    async with playground(tmp_path / "ola", "http://127.0.0.1:9/api/messages", SCHOOL.people["ola"], everybody) as url:
        port = f":{urlsplit(url).port:04X}"
        sockets = [line.split() for name in ("tcp", "tcp6") for line in _lines(name)]
    listening = [local for _, local, _, state, *_ in sockets if local.endswith(port) and state == LISTENS]
    assert listening == [f"0100007F{port}"]


def _lines(name: str) -> list[str]:
    return Path("/proc/net", name).read_text().splitlines()[1:]


def test_it_is_connected_to_nothing_elsewhere() -> None:
    command = ["node", "--require", LOOPBACK_ONLY, "--eval", ELSEWHERE]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout  # noqa: S603 - our own
    assert said == "192.0.2.1 is not on this machine\n"
