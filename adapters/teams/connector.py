"""The calls that Teams takes from a bot: four about messages, one about a person; each asked once, in our words.

Source: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from adapters.addresses import is_loopback
from adapters.retry_after import pause
from adapters.teams.acts import Chat
from adapters.teams.settings import TOKEN_URL, TeamsSettings
from flows.port import Refused, Uncertain

# Together less than the relay gives a delivery: what fails before anything is posted is then known to have failed.
TOKEN_WITHIN = timedelta(seconds=2.5)  # that anybody waits for a token; the fetching itself goes on
ANSWER_WITHIN = aiohttp.ClientTimeout(total=7, connect=4)  # seconds
TOKEN_AGAIN = timedelta(seconds=1)  # after none was to be had, unless we are asked to wait for longer
SCOPE = "https://api.botframework.com/.default"
RENEW_BEFORE = 300.0  # seconds before a token ends
Json = dict[str, Any]

# As learn.microsoft.com says of messages that a bot sends unasked:
_REFUSED = (403, 404)  # blocked, not installed, no such chat or message; whom it is about, the code says:
_OF_ONE = ("MemberNotFoundInConversation", "BotNotInConversationRoster", "ForbiddenOperationException")
_OF_THE_WAY = ("ConversationNotFound", "BadArgument", "InvalidBotApiHost")  # another service may lead there
_NO_SUCH_PLACE = "status_404"  # without a word of Teams' own
_NOT_FOUND = 404
_STANDS = (*_OF_ONE, "BadArgument", "InvalidBotApiHost")  # a message stands all the same, whatever it comes with
_LATER = (412, 429)  # nothing was done
_UNFIT = (400, 413)  # nothing was done, and the same again would be refused again
UNAUTHORIZED = 401

STAYS_HERE = "nothing_leaves_this_machine"

_TOKEN = re.compile(r"[\w.~+/-]+=*", re.ASCII)  # as RFC 6750 writes one
_NO_ANSWER = (aiohttp.ClientError, TimeoutError, OSError, ValueError, RecursionError)  # none, or none that can be read


class Gone(Refused):
    """The one person whom it is about hasn't got the app, or isn't in the chat."""


class Astray(Refused):
    """There is no such chat where it was asked for: it may be that another service leads there."""


class Unfit(Refused):
    """Teams doesn't take what was said as it is said; whoever it was said to may take something else."""


class Tokens:
    """The bot's own token: fetched when it is needed first, renewed shortly before it ends, by one for all."""

    def __init__(self, settings: TeamsSettings, session: aiohttp.ClientSession) -> None:
        self._settings, self._session = settings, session
        self._token, self._ends_at = "", 0.0
        self._refused, self._not_before = Refused("token_later"), 0.0  # the last failure, and when to ask again
        self._fetching: asyncio.Task[None] | None = None

    async def headers(self) -> Mapping[str, str]:
        """Return what proves who we are; raise `Refused`: nothing has been sent to anybody."""
        if self._settings.is_anonymous:
            return {}
        now = time.monotonic()
        if now > self._ends_at - RENEW_BEFORE and now >= self._not_before:
            fetching = self._begun()
            if now > self._ends_at:  # as long as the old one is good, nobody waits
                await _waited(fetching)
        elif now > self._ends_at:
            left = timedelta(seconds=self._not_before - now) if self._refused.retry_after else None
            raise Refused(self._refused.code, retry_after=left)
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        self._ends_at = 0.0

    def _begun(self) -> asyncio.Task[None]:
        """Return the fetching that is under way, or a new one."""
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(_heard)
        return self._fetching

    async def _fetch(self) -> None:
        try:
            self._token, self._ends_at = await self._asked()
        except Refused as refused:  # whoever needs one next doesn't ask sooner
            pause = refused.retry_after or TOKEN_AGAIN
            self._refused, self._not_before = refused, time.monotonic() + pause.total_seconds()
            raise

    async def _asked(self) -> tuple[str, float]:
        """Return a new token, and when it ends."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.app_id,
            "client_secret": self._settings.password,
            "scope": SCOPE,
        }
        url = self._settings.token_url or TOKEN_URL.format(tenant=self._settings.tenant)
        try:
            async with self._session.post(url, data=form, timeout=ANSWER_WITHIN, allow_redirects=False) as answer:
                if answer.status == 429:
                    raise Refused("token_later", retry_after=_pause(answer))
                if answer.status != 200:
                    raise Refused("token_refused")
                found = await answer.json(content_type=None)
            token, lasts = _TOKEN.fullmatch(found["access_token"]), float(found["expires_in"])
        except (*_NO_ANSWER, KeyError, TypeError):
            raise Refused("token_not_fetched") from None
        if token is None:
            raise Refused("token_not_fetched")
        return token[0], time.monotonic() + lasts


async def _waited(fetching: asyncio.Task[None]) -> None:
    try:
        async with asyncio.timeout(TOKEN_WITHIN.total_seconds()):
            await asyncio.shield(fetching)
    except TimeoutError:
        raise Refused("token_not_fetched") from None


def _heard(fetching: asyncio.Task[None]) -> None:
    """Look at what came of it: whoever has waited for it may have given up."""
    if not fetching.cancelled():
        fetching.exception()


class Connector:
    def __init__(self, settings: TeamsSettings, session: aiohttp.ClientSession) -> None:
        self._settings, self._session = settings, session
        self.tokens = Tokens(settings, session)

    async def open_chat(self, service_url: str, user: str) -> Chat:
        """Return a person's own chat with the bot, by the id that Entra knows the person by."""
        tenant = self._settings.tenant
        asked = {
            "bot": {"id": f"28:{self._settings.app_id}"},
            "isGroup": False,
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        made = await self._call("POST", service_url, "v3/conversations", asked)
        return Chat(service_url, _text(made, "id"))

    async def post(self, chat: Chat, activity: Json) -> str:
        """Post a message; return its id."""
        path = f"v3/conversations/{quote(chat.id, safe='')}/activities"
        return _text(await self._call("POST", chat.service_url, path, activity), "id")

    async def update(self, chat: Chat, message: str, activity: Json) -> None:
        await self._call("PUT", chat.service_url, _message(chat, message), {**activity, "id": message})

    async def delete(self, chat: Chat, message: str) -> None:
        await self._call("DELETE", chat.service_url, _message(chat, message))

    async def member(self, chat: Chat, user: str) -> Mapping[str, Any]:
        """Return what Teams knows of somebody in a chat."""
        path = f"v3/conversations/{quote(chat.id, safe='')}/members/{quote(user, safe='')}"
        return await self._call("GET", chat.service_url, path)

    async def _call(self, method: str, service_url: str, path: str, body: Json | None = None) -> Mapping[str, Any]:
        headers, url = await self.tokens.headers(), f"{service_url.rstrip('/')}/{path}"
        try:
            if self._settings.is_anonymous and not is_loopback(urlsplit(url).hostname or ""):
                raise Refused(STAYS_HERE)
            async with self._session.request(
                method, url, json=body, headers=headers, timeout=ANSWER_WITHIN, allow_redirects=False
            ) as answer:
                if answer.status == UNAUTHORIZED:
                    self.tokens.forget()
                if answer.status >= 300:
                    raise await _said(answer)
                found = await answer.json(content_type=None) if answer.content_length != 0 else {}
        except aiohttp.ClientConnectorError:
            raise Refused("not_connected") from None  # nothing was sent
        except _NO_ANSWER:
            raise Uncertain("no_answer") from None
        return found if isinstance(found, Mapping) else {}


def _message(chat: Chat, message: str) -> str:
    return f"v3/conversations/{quote(chat.id, safe='')}/activities/{quote(message, safe='')}"


async def _said(answer: aiohttp.ClientResponse) -> Refused | Uncertain:
    status = answer.status
    if status in _LATER:
        return Refused("ratelimited" if status == 429 else "precondition", retry_after=_pause(answer))
    if status >= 500:
        return Uncertain(f"status_{status}")
    if status in _UNFIT:
        return Unfit(await _code(answer))
    return _refusal(await _code(answer), status)


def _refusal(code: str, status: int) -> Refused:
    """Return what a refusal is about: one person, the way that was taken, or else the bot, the tenant or a message."""
    for_good, is_gone = status in _REFUSED, status == _NOT_FOUND and code not in _STANDS
    if for_good and code in _OF_ONE:
        return Gone(code, for_good=True)
    if for_good and code in (*_OF_THE_WAY, _NO_SUCH_PLACE):
        return Astray(code, for_good=True, is_gone=is_gone)
    return Refused(code, for_good=for_good, is_gone=is_gone)


async def _code(answer: aiohttp.ClientResponse) -> str:
    """Return the service's own word for a refusal, if it is one: it may stand in a log."""
    try:
        code = (await answer.json(content_type=None))["error"]["code"]
    except (*_NO_ANSWER, KeyError, TypeError):
        code = ""
    is_word = isinstance(code, str) and code.isascii() and code.isalnum() and len(code) < 60
    return code if is_word else f"status_{answer.status}"


def _pause(answer: aiohttp.ClientResponse) -> timedelta | None:
    return pause(answer.headers.get("Retry-After", ""))


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise Uncertain("strange_answer")
    return value
