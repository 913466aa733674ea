"""What an act costs in Teams, beside botbuilder's own CloudAdapter that takes it and answers nothing: same run.

Both prove each request by the same keys. Each server is a process of its own; what stands for Microsoft is a third
that answers at once: the keys, the token, the Bot Connector. Bounded, and on loopback.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import tempfile
import time
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.bench_figures import figure
from tests.bench_servers import RUSPLAN, platform, server, settings

APP, TENANT = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
TURNS = 200
ROUNDS = 5
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)

# What `botbuilder.integration.aiohttp.CloudAdapter.process` does, without its checks of the request: those cost it
# nothing here. It never sends, so it fetches no token.
BARE = """
import asyncio, os
from aiohttp import web
from botbuilder.core import CloudAdapterBase
from botbuilder.schema import Activity
from botframework.connector.auth import (
    BotFrameworkAuthenticationFactory,
    ChannelValidation,
    PasswordServiceClientCredentialFactory,
)

ChannelValidation.open_id_metadata_endpoint = os.environ["TEAMS_OPENID_URL"]
credentials = PasswordServiceClientCredentialFactory(
    *(os.environ[f"MICROSOFT_APP_{name}"] for name in ("ID", "PASSWORD", "TENANT_ID"))
)
adapter = CloudAdapterBase(BotFrameworkAuthenticationFactory.create(credential_factory=credentials))


async def nothing(context):
    pass


async def take(request):
    activity = Activity().deserialize(await request.json())
    await adapter.process_activity(request.headers["Authorization"], activity, nothing)
    return web.Response(status=201)


async def start():
    app = web.Application()
    app.router.add_post("/api/messages", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"bare: http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


asyncio.run(start())
"""

MICROSOFT = """
import json, os

KEYS = json.loads(os.environ["KEYS"])
OLA = {"id": "29:ola", "email": "ola.rise@fjellheim.example", "userRole": "user"}
posted = 0


def answer(path, port):
    global posted
    match path.rsplit("/", 1)[1]:
        case "openid":
            return {"jwks_uri": f"http://127.0.0.1:{port}/keys"}
        case "keys":
            return KEYS
        case "token":
            return {"access_token": "token", "expires_in": 86_400}
        case "posted":
            return {"posted": posted}
        case "activities":
            posted += 1
            return {"id": str(posted)}
    return OLA if "/members/" in path else {"id": "a:1"}


"""


@dataclass(frozen=True)
class Act:
    """`parts` are what makes an activity one of its kind; `posts`: it is answered by a message that comes after."""

    name: str
    parts: dict[str, Any]
    posts: bool = False
    least: float = 3


SLASH = Act(
    "/rus-hendelse in Teams",
    {"type": "invoke", "name": "composeExtension/fetchTask", "value": {"commandId": "rus-hendelse"}},
)
HELP = Act("rus-hjelp written in Teams, stored and answered", {"type": "message", "text": "rus-hjelp"}, posts=True)
FORM = Act(
    "rus-hendelse written in Teams, its form kept account of",
    {"type": "message", "text": "rus-hendelse"},
    posts=True,
)


async def teams() -> None:
    """At least three times the throughput of the bare adapter, also of what is on the disk before it is answered.

    Ten in flight share commits: what the disk takes for one would be half of what the bare adapter takes for a request.
    """
    public = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
    keys = {"keys": [{**public, "kid": "k1", "use": "sig", "endorsements": ["msteams"]}]}
    with tempfile.TemporaryDirectory() as folder:
        async with server(platform(MICROSOFT), {"KEYS": json.dumps(keys)}) as microsoft:
            environ = {
                "MICROSOFT_APP_ID": APP,
                "MICROSOFT_APP_PASSWORD": "x",
                "MICROSOFT_APP_TENANT_ID": TENANT,
                "TEAMS_TOKEN_URL": f"{microsoft}/token",
                "TEAMS_OPENID_URL": f"{microsoft}/openid",
                **settings(folder),
            }
            async with server(["-c", BARE], environ) as bare, server(RUSPLAN, environ) as ours:
                for act, in_flight in ((HELP, 10), (FORM, 10), (SLASH, 1), (SLASH, 10), (SLASH, 50)):
                    await _compare(act, in_flight, bare, ours, microsoft)


async def _compare(act: Act, in_flight: int, bare: str, ours: str, microsoft: str) -> None:
    rates: dict[str, list[float]] = {bare: [], ours: []}
    async with aiohttp.ClientSession() as session:
        for place in range(ROUNDS + 1):
            for address in (bare, ours) if place % 2 else (ours, bare):
                rate = await _round(session, address, in_flight, act, microsoft, is_ours=address == ours)
                if place:  # the first one warms up, and introduces the sender
                    rates[address].append(rate)
    rate = statistics.median(rates[ours]) / statistics.median(rates[bare])
    figure(f"{act.name}, {in_flight} in flight: its turns, in requests of a bare CloudAdapter", rate, least=act.least)


async def _round(
    session: aiohttp.ClientSession, address: str, in_flight: int, act: Act, microsoft: str, *, is_ours: bool
) -> float:
    """Return acts a second; one that is answered by a message counts when that has been posted."""
    headers = {"Authorization": f"Bearer {_token(microsoft)}", "Content-Type": "application/json"}
    waiting = iter([_activity(act, microsoft) for _ in range(TURNS)])
    before = await _posted(session, microsoft)

    async def one_after_the_other() -> None:
        for body in waiting:
            async with session.post(f"{address}/api/messages", data=body, headers=headers) as answer:
                said = await answer.text()
                assert answer.status < 300, said
                assert act.posts or not is_ours or '"continue"' in said, "a form that doesn't open is no figure"

    start = time.perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(in_flight)))
    while act.posts and is_ours and await _posted(session, microsoft) < before + TURNS:  # noqa: ASYNC110 - another process counts
        await asyncio.sleep(0.001)
    return TURNS / (time.perf_counter() - start)


async def _posted(session: aiohttp.ClientSession, microsoft: str) -> int:
    """Return how many messages have been posted."""
    async with session.get(f"{microsoft}/posted") as answer:
        return int((await answer.json())["posted"])


_numbers = itertools.count()


def _activity(act: Act, microsoft: str) -> bytes:
    made = {
        "id": f"{next(_numbers)}-{time.time_ns()}",
        "timestamp": "2026-11-23T09:00:00.1750000Z",
        "localTimestamp": "2026-11-23T10:00:00.1750000+01:00",
        "channelId": "msteams",
        "serviceUrl": f"{microsoft}/emea/",
        "from": {"id": "29:ola", "name": "Ola Rise", "aadObjectId": "cccccccc-cccc-4ccc-8ccc-cccccccccccc"},
        "conversation": {"conversationType": "personal", "id": "a:1", "tenantId": TENANT},
        "recipient": {"id": f"28:{APP}", "name": "rusplan"},
        "entities": [{"locale": "nb-NO", "country": "NO", "platform": "Windows", "type": "clientInfo"}],
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "nb-NO",
        **act.parts,
    }
    return json.dumps(made).encode()


def _token(microsoft: str) -> str:
    now = int(time.time())
    claims = {"iss": "https://api.botframework.com", "aud": APP, "serviceurl": f"{microsoft}/emea/"}
    return jwt.encode({**claims, "nbf": now - 10, "exp": now + 3600}, KEY, algorithm="RS256", headers={"kid": "k1"})


if __name__ == "__main__":
    asyncio.run(teams())
