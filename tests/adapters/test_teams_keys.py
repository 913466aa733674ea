"""Whatever the address of the channel's keys answers, the old ones are kept and it is asked again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.teams import keys as keys_
from adapters.teams.keys import Keys
from tests.adapters.fake_slack import Answer, breaks_off, raw, resets, says
from tests.adapters.test_teams_gate import NEXT, OURS, jwk

TROUBLE = {
    "500": says("", 500),
    "404": says("<html>", 404, "text/html"),
    "another place": says("", 302, Location="/keys"),
    "nothing": says(""),
    "html": says("<html>Logg inn</html>", 200, "text/html"),
    "cut": says('{"keys": ['),
    "no UTF-8": raw(b'{"keys": "\xff"}'),
    "depth": says("[" * 100_000),
    "a huge number": says('{"keys": ' + "1" * 5000 + "}"),
    "null": says("null"),
    "a list": says("[]"),
    "no keys": says("{}"),
    "keys of nothing": says({"keys": None}),
    "keys in an object": says({"keys": {"k9": {}}}),
    "a number of keys": says({"keys": 7}),
    "reset": resets,
    "broken off": breaks_off,
}


@pytest.fixture
async def published() -> AsyncIterator[tuple[list[Answer], str]]:
    """What the address of the keys answers, one after the other and the last for ever; and where they begin."""
    answers = [says({"keys": [jwk(OURS, "k1", "msteams")]})]

    async def take(request: web.Request) -> web.StreamResponse:
        return await (answers.pop(0) if len(answers) > 1 else answers[0])(request)

    async def metadata(request: web.Request) -> web.Response:
        return web.json_response({"jwks_uri": str(request.url.origin().with_path("/keys"))})

    site = web.Application()
    site.router.add_get("/openid", metadata)
    site.router.add_get("/keys", take)
    async with TestServer(site) as server:
        yield answers, str(server.make_url("/openid"))


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE)
async def test_the_old_keys_are_kept_and_new_ones_asked_for_again(
    published: tuple[list[Answer], str], trouble: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_, "RETRY_EVERY", 0.01)
    answers, url = published
    answers += [trouble, trouble, says({"keys": [jwk(OURS, "k1", "msteams"), jwk(NEXT, "k9", "msteams")]})]
    async with aiohttp.ClientSession() as session:
        keys = Keys(url, session)
        await keys.fetch()
        keys.start()
        async with asyncio.timeout(5):
            while not keys.find("k9"):
                assert keys.find("k1")
                await asyncio.sleep(0.005)
        await keys.stop()


@pytest.mark.parametrize("trouble", [says("", 503), resets, says({"keys": []})], ids=["503", "reset", "none"])
async def test_whoever_starts_without_any_asks_again_soon(
    published: tuple[list[Answer], str], trouble: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_, "RETRY_SOON", 0.01)
    answers, url = published
    answers[:0] = [trouble, trouble]
    async with aiohttp.ClientSession() as session:
        keys = Keys(url, session)
        keys.start()
        async with asyncio.timeout(5):
            while not keys.find("k1"):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.005)
        await keys.stop()


@pytest.mark.parametrize(
    "broken", [None, 7, [], {}, {"kid": "k2"}, {"kid": "k2", "endorsements": ["msteams"]}, jwk(NEXT, "k2", "msteams")]
)
async def test_a_key_that_cannot_be_read_leaves_the_others_good(
    published: tuple[list[Answer], str], broken: object
) -> None:
    answers, url = published
    if isinstance(broken, dict) and "n" in broken:
        broken = broken | {"n": "!"}
    answers[0] = says({"keys": [broken, jwk(OURS, "k1", "msteams")]})
    async with aiohttp.ClientSession() as session:
        keys = Keys(url, session)
        await keys.fetch()
        assert keys.find("k1")
        assert keys.find("k2") is None
