"""What comes in from Teams: signed by the channel's key, for this bot, from this tenant; all else is refused."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from adapters.payload import MAX_BODY
from adapters.teams import keys as keys_
from adapters.teams.gate import Gate, is_known_service
from adapters.teams.keys import Keys
from adapters.teams.settings import TeamsSettings

APP, TENANT = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
SERVICE = "https://smba.trafficmanager.net/emea/"
ISSUER = "https://api.botframework.com"
OURS, OTHERS, NEXT = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3))
ACTIVITY = {
    "type": "message",
    "id": "1",
    "channelId": "msteams",
    "serviceUrl": SERVICE,
    "text": "rus-hjelp",
    "from": {"id": "29:ola", "aadObjectId": "ola"},
    "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
    "channelData": {"tenant": {"id": TENANT}},
}


def jwk(key: rsa.RSAPrivateKey, kid: str, *endorsements: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return {**made, "kid": kid, "use": "sig", "endorsements": [*endorsements]}


def token(key: Any = OURS, *, kid: str | None = "k1", alg: str = "RS256", **changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": APP, "serviceurl": SERVICE, "nbf": now - 10, "exp": now + 600, **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm=alg, headers={"kid": kid} if kid else None)


@dataclass
class Microsoft:
    """The channel's keys, as they are published."""

    keys: list[dict[str, Any]] = field(
        default_factory=lambda: [jwk(OURS, "k1", "msteams"), jwk(OURS, "k2", "webchat"), jwk(OURS, "k3")]
    )
    asked: int = 0
    url: str = ""

    async def metadata(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}keys"})

    async def published(self, _: web.Request) -> web.Response:
        self.asked += 1
        return web.json_response({"keys": self.keys})


@pytest.fixture
async def microsoft() -> AsyncIterator[Microsoft]:
    fake, site = Microsoft(), web.Application()
    site.router.add_get("/openid", fake.metadata)
    site.router.add_get("/keys", fake.published)
    async with TestServer(site) as server:
        fake.url = str(server.make_url("/"))
        yield fake


@pytest.fixture
async def keys(microsoft: Microsoft) -> AsyncIterator[Keys]:
    async with aiohttp.ClientSession() as session:
        keys = Keys(f"{microsoft.url}openid", session)
        await keys.fetch()
        yield keys
        await keys.stop()


@pytest.fixture
async def door(keys: Keys) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    gate = Gate(TeamsSettings(APP, "x", TENANT), keys)

    async def take(request: web.Request) -> web.Response:
        activity = await gate.activity(request)
        return web.json_response({"text": activity.get("text")})

    site = web.Application(client_max_size=MAX_BODY)
    site.router.add_post("/", take)
    async with TestClient(TestServer(site)) as client:
        yield client


async def status(
    door: TestClient[web.Request, web.Application], authorization: str | None, body: Any = None
) -> tuple[int, str]:
    headers = {} if authorization is None else {"Authorization": authorization}
    sent = body if isinstance(body, bytes) else json.dumps({**ACTIVITY, **(body or {})}).encode()
    answer = await door.post("/", data=sent, headers={**headers, "Content-Type": "application/json"})
    return answer.status, await answer.text()


async def test_what_the_channel_has_signed_comes_in(door: TestClient[web.Request, web.Application]) -> None:
    assert await status(door, f"Bearer {token()}") == (200, '{"text": "rus-hjelp"}')


async def test_whoever_comes_before_there_are_keys_is_told_to_come_later(
    door: TestClient[web.Request, web.Application], keys: Keys
) -> None:
    keys._keys.clear()
    assert await status(door, f"Bearer {token()}") == (503, "later")
    assert await status(door, None) == (401, "unauthorized")
    assert await status(door, "Basic x") == (401, "unauthorized")
    await keys.fetch()
    assert (await status(door, f"Bearer {token()}"))[0] == 200


SECRET = OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
LATE = int(time.time()) - 600
HS = {"iss": ISSUER, "aud": APP, "serviceurl": SERVICE, "exp": int(time.time()) + 9999}


def hs256() -> str:
    """Sign with the public key as if it were a secret: what a verifier takes that lets the token choose."""
    import base64  # noqa: PLC0415
    import hmac  # noqa: PLC0415

    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
             for part in ({"alg": "HS256", "typ": "JWT", "kid": "k1"}, HS)]  # fmt: skip
    mac = hmac.new(SECRET, b".".join(parts), "sha256").digest()
    return b".".join([*parts, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


BAD = {
    "none": None,
    "empty": "",
    "no token": "Bearer ",
    "garbage": "Bearer abc.def.ghi",
    "not base64": "Bearer æøå",
    "another scheme": f"Basic {token()}",
    "lower case": f"bearer {token()}",
    "too long": f"Bearer {token(x='x' * 4000)}",
    "wrong audience": f"Bearer {token(aud='someone-else')}",
    "several audiences": f"Bearer {token(aud=[APP, 'someone-else'])}",
    "no audience": f"Bearer {token(aud=None)}",
    "wrong issuer": f"Bearer {token(iss='https://evil.example')}",
    "the emulator's issuer": f"Bearer {token(iss='https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/')}",
    "expired": f"Bearer {token(exp=LATE)}",
    "expired two minutes ago": f"Bearer {token(exp=int(time.time()) - 120)}",
    "never expires": f"Bearer {token(exp=None)}",
    "not yet": f"Bearer {token(nbf=int(time.time()) + 600)}",
    "no service": f"Bearer {token(serviceurl=None)}",
    "unknown key": f"Bearer {token(kid='nope')}",
    "a path as key": f"Bearer {token(kid='../../etc/passwd')}",
    "no key": f"Bearer {token(kid=None)}",
    "another's key": f"Bearer {token(OTHERS)}",
    "for the web chat": f"Bearer {token(kid='k2')}",
    "without endorsement": f"Bearer {token(kid='k3')}",
    "HS256 with the public key": f"Bearer {hs256()}",
    "no algorithm": f"Bearer {jwt.encode(HS, None, algorithm='none', headers={'kid': 'k1'})}",
    "another algorithm": f"Bearer {token(alg='RS384')}",
}


@pytest.mark.parametrize("why", BAD)
async def test_a_token_that_proves_nothing_is_refused(door: TestClient[web.Request, web.Application], why: str) -> None:
    headers = {} if BAD[why] is None else {"Authorization": str(BAD[why])}
    answer = await door.post("/", json=ACTIVITY, headers=headers)
    assert (answer.status, await answer.text()) == (401, "unauthorized")


async def test_two_tokens_are_none(door: TestClient[web.Request, web.Application]) -> None:
    headers = [("Authorization", f"Bearer {token()}"), ("Authorization", f"Bearer {token()}")]
    answer = await door.post("/", json=ACTIVITY, headers=headers)
    assert answer.status == 401


@pytest.mark.parametrize(
    "body",
    [
        {"channelId": "webchat"},
        {"channelId": None},
        {"serviceUrl": "https://evil.example/"},
        {"serviceUrl": None},
        {"channelData": {"tenant": {"id": "c" * 36}}, "conversation": {"id": "a:1"}},
    ],
    ids=str,
)
async def test_a_signed_activity_that_is_not_ours_is_forbidden(
    door: TestClient[web.Request, web.Application], body: dict[str, Any]
) -> None:
    assert await status(door, f"Bearer {token()}", body) == (403, "forbidden")


async def test_a_service_that_is_not_microsofts_is_forbidden_though_the_token_names_it(
    door: TestClient[web.Request, web.Application],
) -> None:
    evil = "https://smba.trafficmanager.net.evil.example/"
    assert (await status(door, f"Bearer {token(serviceurl=evil)}", {"serviceUrl": evil}))[0] == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"type": 1}', b"\xff", b'{"type": NaN}', b"[" * 100_000,
        b'{"type":"message","x":' + b"[" * 60 + b"]" * 60 + b"}",
        json.dumps({**ACTIVITY, "channelData": {}, "conversation": {"id": "a"}}).encode(),
        json.dumps({**ACTIVITY, "conversation": {"tenantId": "c" * 36}}).encode(),
        json.dumps({**ACTIVITY, "channelData": {"tenant": {"id": 7}}}).encode(),
    ],
)  # fmt: skip
async def test_a_signed_body_that_teams_would_not_send_is_malformed(
    door: TestClient[web.Request, web.Application], body: bytes
) -> None:
    assert await status(door, f"Bearer {token()}", body) == (400, "malformed")


async def test_a_body_that_is_too_large_or_packed_is_not_read(door: TestClient[web.Request, web.Application]) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    assert (await door.post("/", data=b"x" * (MAX_BODY + 1), headers=headers)).status == 413
    assert (await door.post("/", data=b"x", headers={**headers, "Content-Encoding": "gzip"})).status == 415


async def test_a_new_key_is_known_within_a_minute_and_asked_for_no_more_often(
    keys: Keys, microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_, "RETRY_EVERY", 0.2)
    keys.start()
    while microsoft.asked < 2:  # noqa: ASYNC110 - the fixture's own, then the task's
        await asyncio.sleep(0.01)
    microsoft.keys.append(jwk(NEXT, "k9", "msteams"))
    began = time.monotonic()
    async with asyncio.timeout(3):
        while keys.find("k9") is None:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    for _ in range(50):
        assert keys.find("forged") is None
        await asyncio.sleep(0.01)
    assert microsoft.asked <= 3 + (time.monotonic() - began) / 0.2
    assert keys.find("k1")


async def test_an_answer_without_keys_takes_none_away(keys: Keys, microsoft: Microsoft) -> None:
    microsoft.keys.clear()
    with pytest.raises(ValueError, match="none"):
        await keys.fetch()
    assert keys.find("k1")


async def test_old_keys_are_used_while_nobody_answers_and_not_for_ever(
    keys: Keys, microsoft: Microsoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys._url = "http://127.0.0.1:9/"
    with pytest.raises(aiohttp.ClientError):
        await keys.fetch()
    assert keys.find("k1")
    monkeypatch.setattr(keys_, "KEPT_FOR", 0.0)
    assert keys.find("k1") is None


@pytest.mark.parametrize(
    ("url", "is_known"),
    [
        (SERVICE, True),
        ("https://smba.trafficmanager.net/teams/", True),
        ("https://europe.botframework.com/x", True),
        ("http://smba.trafficmanager.net/", False),
        ("https://[foo", False),
        ("https://evil.example\\.botframework.com/", False),
        ("https://smba.trafficmanager.net:8443/", False),
        ("https://trafficmanager.net/", False),
        ("https://evilbotframework.com/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("", False),
    ],
)
def test_a_service_is_known_by_its_host(url: str, *, is_known: bool) -> None:
    assert is_known_service(url) is is_known
