"""Who proves what to whom: the channel's signing key and how it is published, and the bot's own token.

Source: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from __future__ import annotations

import functools
import json
import secrets
import time
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.e2e.teams.tenant import Json, Tenant
from tests.e2e.teams.trouble import Trouble, Troubles

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
OPENID = "/v1/.well-known/openidconfiguration"
KEYS = "/v1/.well-known/keys"
KEY_ID = "channel-1"
TOKEN_LASTS = 3599  # seconds


@functools.cache
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Identity:
    def __init__(self, tenant: Tenant, troubles: Troubles) -> None:
        self.tenant, self.troubles = tenant, troubles
        self.password = secrets.token_urlsafe(12)
        self.base_url = self.token_base = self.keys_base = ""  # the last two where they are reached by other doors
        self.keys_asked = 0
        self.tokens: dict[str, float] = {}  # and when each ends
        self.asked: list[tuple[float, Trouble | None]] = []  # when one was asked for, and what went wrong

    def routes(self) -> list[web.RouteDef]:
        token = f"/{self.tenant.id}/oauth2/v2.0/token"
        return [web.get(OPENID, self._openid), web.get(KEYS, self._keys), web.post(token, self._token)]

    @property
    def environment(self) -> dict[str, str]:
        """Give the settings that lead the bot here."""
        return {
            "MICROSOFT_APP_ID": self.tenant.app_id,
            "MICROSOFT_APP_PASSWORD": self.password,
            "MICROSOFT_APP_TENANT_ID": self.tenant.id,
            "MICROSOFT_APP_TYPE": "SingleTenant",
            "TEAMS_TOKEN_URL": f"{self.token_base or self.base_url}/{self.tenant.id}/oauth2/v2.0/token",
            "TEAMS_OPENID_URL": f"{self.base_url}{OPENID}",
        }

    @property
    def service_url(self) -> str:
        return f"{self.base_url}/"

    def signed(self, key: Any = None, **claims: Any) -> dict[str, str]:
        """Give the header with which Teams would send an activity; forged ones start here, too."""
        now = int(self.tenant.clock.now())
        right = {"iss": ISSUER, "aud": self.tenant.app_id, "serviceurl": self.service_url}
        said = {**right, "nbf": now - 300, "exp": now + 3300, **claims}
        token = jwt.encode(said, key or signing_key(), algorithm="RS256", headers={"kid": KEY_ID})
        return {"Authorization": f"Bearer {token}"}

    def knows(self, header: str) -> bool:
        """Say whether a token is one of those that were handed out, and not over."""
        scheme, _, token = header.partition(" ")
        return scheme == "Bearer" and self.tokens.get(token, 0.0) > time.time()

    async def _openid(self, request: web.Request) -> web.Response:
        config = {"issuer": ISSUER, "jwks_uri": f"{self.keys_base or self.base_url}{KEYS}"}
        return await self.troubles.happen(self.troubles.next("openid"), request, lambda: config)

    async def _keys(self, request: web.Request) -> web.Response:
        made: Json = json.loads(RSAAlgorithm.to_jwk(signing_key().public_key()))
        key = {**made, "kid": KEY_ID, "use": "sig", "endorsements": ["msteams"]}
        answer = await self.troubles.happen(self.troubles.next("keys"), request, lambda: {"keys": [key]})
        self.keys_asked += 1
        return answer

    async def _token(self, request: web.Request) -> web.Response:
        form = dict(await request.post())
        right = {
            "grant_type": "client_credentials",
            "client_id": self.tenant.app_id,
            "client_secret": self.password,
            "scope": SCOPE,
        }
        if wrong := sorted(name for name in {*right, *form} if form.get(name) != right.get(name)):
            self.tenant.fault(f"token: invalid_client, {wrong}")
            return web.json_response({"error": "invalid_client"}, status=401)
        trouble = self.troubles.next("token")
        self.asked.append((time.monotonic(), trouble))
        return await self.troubles.happen(trouble, request, self._new_token)

    def _new_token(self) -> Json:
        token = secrets.token_urlsafe(40)
        self.tokens[token] = time.time() + TOKEN_LASTS
        return {"token_type": "Bearer", "expires_in": TOKEN_LASTS, "access_token": token}
