"""What the app package links to is there, in the program as an administrator runs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiohttp

from adapters.teams.manifest import manifest
from tests.e2e.teams.conftest import Workplace

URL = "https://rusplan.example.no"


def links(made: Any) -> Iterator[str]:
    """Yield every address of our own that stands anywhere in the manifest."""
    if isinstance(made, dict | list):
        for each in made.values() if isinstance(made, dict) else made:
            yield from links(each)
    elif isinstance(made, str) and made.startswith(URL):
        yield made


async def test_every_link_to_the_bots_own_site_leads_to_a_page(work: Workplace) -> None:
    found = sorted(set(links(manifest(work.teams.tenant.app_id, URL))))
    assert len(found) == 3
    assert work.here
    async with aiohttp.ClientSession() as http:
        for link in found:
            async with http.get(f"{work.here.url}{link.removeprefix(URL)}") as answer:
                page = await answer.text()
            assert (answer.status, answer.content_type) == (200, "text/html"), link
            assert "Fjellheim" in page
