"""The pages that the app package links to: both languages, whom one rings, and nothing that follows anybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.pages import PAGES, Pages
from tests.school import School

Client = TestClient[web.Request, web.Application]


@asynccontextmanager
async def opened(school: School) -> AsyncIterator[Client]:
    site = web.Application()
    Pages(school.library).add_to(site)
    async with TestClient(TestServer(site)) as client:
        yield client


@pytest.fixture
async def site(school: School) -> AsyncIterator[Client]:
    async with opened(school) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_says_it_in_both_languages_and_whom_one_rings(school: School, site: Client, path: str) -> None:
    page = await (await site.get(path)).text()
    title, lines = PAGES[path]
    for language, words in (("nb", [title.nb, *(line.nb for line in lines)]),
                            ("nn", [title.nn, *(line.nn for line in lines)])):  # fmt: skip
        (part,) = [each for each in page.split("<section") if f'lang="{language}"' in each.partition(">")[0]]
        assert [each for each in words if each not in part] == []
        (own,) = school.library.schools
        assert own.name in part
        assert f'href="tel:{own.phone.replace(" ", "")}"' in part


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_follows_nobody_and_names_nobody(school: School, site: Client, path: str) -> None:
    answer = await site.get(path)
    page = await answer.text()
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert not [each for each in ("<script", "src=", "<link", "http:", "https:", "url(") if each in page]
    people = school.library.schools[0].people.values()
    assert not [each.name for each in people if each.name in page or each.email in page or each.phone in page]


async def test_a_schools_name_is_text(school: School) -> None:
    school.changes(name="<b>Fjell</b> & dal")
    async with opened(school) as site:
        assert "&lt;b&gt;Fjell&lt;/b&gt; &amp; dal" in await (await site.get("/")).text()
