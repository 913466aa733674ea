"""What may come in: an activity that Microsoft's channel has signed for this bot, from our own tenant.

The token proves the channel, not the person: tenant, channel and service are checked against what the activity says.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import jwt
from aiohttp import web

from adapters.payload import Malformed, clean, from_json, read
from adapters.teams.acts import tenant_of
from adapters.teams.keys import CHANNEL, Keys
from adapters.teams.settings import TeamsSettings

ISSUER = "https://api.botframework.com"
LEEWAY = 60  # seconds that two clocks may be apart
MAX_TOKEN = 4096  # characters
_HOSTS = ("smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com", "botframework.com", "teams.microsoft.com")

_HOST = re.compile(r"[a-z0-9.-]+", re.ASCII)

log = logging.getLogger("rusplan.teams")


class Gate:
    """Opens for a signed activity of our tenant; `keys` are None only where nobody has to prove anything."""

    def __init__(self, settings: TeamsSettings, keys: Keys | None) -> None:
        self._settings, self._keys = settings, keys

    async def activity(self, request: web.Request) -> dict[str, Any]:
        """Return what a request says; raise the answer that it gets instead."""
        claims = self._claims(request)
        raw = await read(request)
        try:
            activity = parsed(raw)
            tenant = tenant_of(activity)
        except (Malformed, ValueError, RecursionError):
            log.warning("teams_body_malformed")
            raise web.HTTPBadRequest(text="malformed") from None
        if not self._is_ours(activity, claims, tenant):
            log.warning("teams_activity_refused")
            raise web.HTTPForbidden(text="forbidden")
        return activity

    def _claims(self, request: web.Request) -> Mapping[str, Any] | None:
        """Return what the token says; raise the answer to one that proves nothing."""
        if self._keys is None:
            return None
        headers = request.headers.getall("Authorization", [])
        scheme, _, token = headers[0].partition(" ") if len(headers) == 1 else ("", "", "")
        try:
            if scheme != "Bearer" or len(token) > MAX_TOKEN:
                raise jwt.InvalidTokenError
            return self._verified(token, self._keys)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            if scheme == "Bearer" and token and self._keys.are_missing:  # as yet nothing can be proven
                raise web.HTTPServiceUnavailable(text="later") from None
            log.warning("teams_token_refused")
            raise web.HTTPUnauthorized(text="unauthorized") from None

    def _verified(self, token: str, keys: Keys) -> Mapping[str, Any]:
        key_id = jwt.get_unverified_header(token).get("kid")
        key = keys.find(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise jwt.InvalidTokenError
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=self._settings.app_id,
            issuer=ISSUER,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "serviceurl"], "strict_aud": True},
        )
        return claims

    def _is_ours(self, activity: Mapping[str, Any], claims: Mapping[str, Any] | None, tenant: str) -> bool:
        """Say whether an activity is of this channel, this tenant, and a service that the token names."""
        if activity.get("channelId") != CHANNEL:
            return False
        if claims is None:
            return True
        service = activity.get("serviceUrl")
        if tenant != self._settings.tenant or not isinstance(service, str) or service != claims["serviceurl"]:
            return False
        double = self._settings.double
        return is_known_service(service) or bool(double and f"{service.rstrip('/')}/".startswith(double))


def is_known_service(url: str) -> bool:
    """Say whether an address is Microsoft's: the bot's token is sent there."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.netloc.lower()
    is_host_alone = _HOST.fullmatch(host) is not None  # no port, nobody's name, nothing that others read otherwise
    return parts.scheme == "https" and is_host_alone and any(f".{host}".endswith(f".{known}") for known in _HOSTS)


def parsed(raw: bytes) -> dict[str, Any]:
    """Return the activity of a body."""
    found = from_json(raw.decode())
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise Malformed("object")
    cleaned: dict[str, Any] = clean(found)
    return cleaned
