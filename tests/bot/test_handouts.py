"""Papers and pictures behind links: whoever has a good one gets what it says, everybody else nothing."""

from __future__ import annotations

import base64
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image
from pypdf import PdfReader

from bot.app import Outside, build
from bot.handouts import VALID
from flows.handouts import Handout
from flows.language import Language
from storage.cipher import KeyRing
from tests.school import CHAT, KEY, School, opened

URL = "https://rusplan.example"


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with opened(tmp_path) as school:
        outside = Outside(url=URL)
        school.app = build(school.database, school.library, {CHAT: school.chat}, school.clock, school.dice, outside)
        await school.begins_its_year()
        yield school


@pytest.fixture
async def client(school: School) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    site = web.Application()
    school.app.handouts.add_to(site)
    async with TestClient(TestServer(site)) as client:
        yield client


THIS_YEAR = "2026-2027"


def link(school: School, kind: Handout, scope: str = "school", language: Language = Language.NB) -> str:
    address = school.app.turns.cases._addresses("fjellheim")(kind, scope, language)
    assert address.startswith(f"{URL}/handouts/")
    return address.removeprefix(URL)


Client = TestClient[web.Request, web.Application]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Handout.CLASS_SHEET, "Fjellheim"),
        (Handout.GUARDIANS, "Fjellheim"),
        (Handout.REPORT, "Fjellheim"),
    ],
)
async def test_a_paper_is_what_its_link_says(school: School, client: Client, kind: Handout, words: str) -> None:
    answer = await client.get(link(school, kind, THIS_YEAR if kind is Handout.REPORT else "school"))
    assert answer.status == 200
    assert answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    pages = PdfReader(io.BytesIO(await answer.read())).pages
    assert words in "".join(page.extract_text() for page in pages)
    assert kind is Handout.REPORT or len(pages) == 1


@pytest.mark.parametrize("year", ["", "school", "2025-2026", "2027-2028"])
async def test_of_a_year_that_nothing_is_known_of_there_is_no_report(school: School, client: Client, year: str) -> None:
    assert (await client.get(link(school, Handout.REPORT, year))).status == 404


@pytest.mark.parametrize("scope", ["school", "department:bygg", "person:mikael"])
async def test_the_year_is_a_picture_of_its_scope(school: School, client: Client, scope: str) -> None:
    answer = await client.get(link(school, Handout.YEAR, scope))
    assert answer.content_type == "image/png"
    with Image.open(io.BytesIO(await answer.read())) as picture:
        assert picture.width == 1170
        assert picture.height > 800


async def test_whoever_changes_a_link_or_comes_too_late_gets_nothing(school: School, client: Client) -> None:
    good = link(school, Handout.REPORT, THIS_YEAR)
    encoded, _, signature = good.rpartition(".")
    other = link(school, Handout.YEAR, "person:mikael").rpartition(".")
    for bad in (
        f"{encoded}.{other[2]}",
        f"{other[0]}.{signature}",
        encoded,
        f"{encoded}.",
        f"{good}0",
        "/handouts/x.y",
    ):
        assert (await client.get(bad)).status == 404
    school.clock.forward(VALID[Handout.REPORT])
    assert (await client.get(good)).status == 200
    school.clock.forward(timedelta(days=1))
    assert (await client.get(good)).status == 404


@pytest.mark.parametrize("scope", ["department:a|b", "person:å/«ø».\n", "", "department:" + "x" * 200])
async def test_whatever_its_scope_is_called_a_link_leads_to_it(school: School, client: Client, scope: str) -> None:
    assert (await client.get(link(school, Handout.YEAR, scope))).status == 200


@pytest.mark.parametrize(
    "said",
    [
        "year|fjellheim|school|nb|2030-01-01",
        "7",
        "{}",
        "[[], [], [], [], []]",
        '["year", "fjellheim", "school", "nb"]',
        '["poster", "fjellheim", "school", "nb", "2030-01-01"]',
        '["year", "fjellheim", "school", "xx", "2030-01-01"]',
        '["year", "fjellheim", "school", "nb", "soon"]',
        '["year", ["fjellheim"], "school", "nb", "2030-01-01"]',
        '["year", "nowhere", "school", "nb", "2030-01-01"]',
    ],
)
async def test_what_is_signed_and_makes_no_sense_is_nothing(school: School, client: Client, said: str) -> None:
    token = base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")
    assert (await client.get(f"/handouts/{token}.{school.database.keys.sign(said)}")).status == 404


async def test_a_link_of_before_a_key_was_renewed_is_still_good(school: School, client: Client) -> None:
    good = link(school, Handout.CLASS_SHEET)

    school.database.keys = KeyRing.parse(f"{KeyRing.new_key()},{KEY}")
    assert (await client.get(good)).status == 200
    school.database.keys = KeyRing.parse(KeyRing.new_key())
    assert (await client.get(good)).status == 404


async def test_without_an_address_of_its_own_nobody_is_given_a_link(tmp_path: Path) -> None:
    async with opened(tmp_path) as school:
        async with school.database.transaction() as tx:
            context = await school.app.turns.cases.context(tx, "fjellheim", school.clock.now(), None)
        assert not context.address(Handout.REPORT, "school", Language.NB)
