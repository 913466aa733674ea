"""What a `/rus-hendelse` costs in Slack, beside a bare bolt app that only acknowledges: same machine, same run.

Each server is a process of its own; Slack's Web API is a third that answers at once. Bounded, and on loopback.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
import urllib.parse
import urllib.request

import aiohttp
from slack_sdk.signature import SignatureVerifier

from tests.bench_figures import figure
from tests.bench_servers import RUSPLAN, platform, server, settings

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, USER = "T1", "U1"
TURNS = 600
ROUNDS = 5
IN_FLIGHT = 50

BARE = """
import os
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

app = AsyncApp(
    client=AsyncWebClient(token="xoxb-1", base_url=os.environ["SLACK_API_URL"]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
)


@app.command("/rus-hendelse")
async def acknowledge(ack):
    await ack()


async def start():
    runner = web.AppRunner(app.web_app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"bare: http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    return runner


import asyncio
loop = asyncio.new_event_loop()
loop.run_until_complete(start())
loop.run_forever()
"""

API = """
USER = {"id": "U1", "profile": {"email": "ola.rise@fjellheim.example"}}
ANSWERS = {
    "auth.test": {"team_id": "T1", "user_id": "U0", "bot_id": "B0", "url": "https://x.slack.com/", "user": "r"},
    "users.info": {"user": USER}, "users.lookupByEmail": {"user": USER},
    "views.open": {"view": {"id": "V1", "hash": "1.a"}}, "views.update": {"view": {"id": "V1", "hash": "1.b"}},
    "conversations.open": {"channel": {"id": "D1"}}, "chat.postMessage": {"ts": "1.1", "channel": "D1"},
    "chat.update": {"ts": "1.1"},
}
opened = 0


def answer(path, port):
    global opened
    method = path.split("?")[0].rsplit("/", 1)[1]
    opened += method == "views.open"
    return {"ok": True, **ANSWERS.get(method, {"opened": opened})}


"""


async def slack() -> None:
    """Throughput at least 0.7 of the bare app's, the acknowledgement's p99 at most twice and under 200 ms."""
    with tempfile.TemporaryDirectory() as folder:
        async with server(platform(API), {}) as api:
            environ = {
                "SLACK_API_URL": f"{api}/api/",
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_SIGNING_SECRET": SECRET,
                **settings(folder),
            }
            async with server(["-c", BARE], environ) as bare, server(RUSPLAN, environ) as ours:
                await _compare(bare, ours, f"{api}/api/count")


async def _compare(bare: str, ours: str, count: str) -> None:
    """A turn is whole when its form is open, which the bare app leaves out."""
    for in_flight in (1, 10, IN_FLIGHT):
        rates: dict[str, list[float]] = {bare: [], ours: []}
        p99: dict[str, list[float]] = {bare: [], ours: []}
        async with aiohttp.ClientSession() as session:
            for place in range(ROUNDS + 1):
                for address in (bare, ours) if place % 2 else (ours, bare):
                    rate, late = await _round(session, address, in_flight, count if address == ours else "")
                    if place:  # the first one warms up
                        rates[address].append(rate)
                        p99[address].append(late)
        rate = statistics.median(rates[ours]) / statistics.median(rates[bare])
        late = statistics.median(p99[ours])
        said = f"/rus-hendelse in Slack, {in_flight} in flight"
        figure(f"{said}: its turns, in those of a bare bolt app", rate, least=0.7)
        figure(f"{said}: acknowledged, p99, in the bare one's", late / statistics.median(p99[bare]), most=2)
        figure(f"{said}: acknowledged, p99", 1000 * late, " ms", most=200)


async def _round(session: aiohttp.ClientSession, address: str, in_flight: int, count: str) -> tuple[float, float]:
    """Return turns a second, and the 99th percentile of their acknowledgements in seconds."""
    took: list[float] = []
    waiting = iter([_command() for _ in range(TURNS)])
    before = await _opened(session, count)

    async def one_after_the_other() -> None:
        for body, headers in waiting:
            start = time.perf_counter()
            async with session.post(f"{address}/slack/events", data=body, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
                await answer.read()
            took.append(time.perf_counter() - start)

    start = time.perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(in_flight)))
    while count and await _opened(session, count) < before + TURNS:  # noqa: ASYNC110 - another process counts
        await asyncio.sleep(0.001)
    return TURNS / (time.perf_counter() - start), statistics.quantiles(took, n=100)[98]


async def _opened(session: aiohttp.ClientSession, count: str) -> int:
    """Return how many forms have been opened."""
    if not count:
        return 0
    async with session.post(count) as answer:
        return int((await answer.json())["opened"])


_numbers = itertools.count()


def _command() -> tuple[str, dict[str, str]]:
    fields = {
        "command": "/rus-hendelse",
        "text": "",
        "team_id": TEAM,
        "user_id": USER,
        "channel_id": "C1",
        "trigger_id": f"{next(_numbers)}.1.x",
        "response_url": "https://hooks.slack.com/commands/1",
        "api_app_id": "A1",
        "is_enterprise_install": "false",
    }
    body, at = urllib.parse.urlencode(fields), str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=at, body=body)
    return body, {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": str(signature),
    }


if __name__ == "__main__":
    asyncio.run(slack())
