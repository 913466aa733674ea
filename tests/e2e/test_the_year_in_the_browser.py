"""The demo in a real browser: the year at a glance, a task that is confirmed, a time that is moved."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.browser import BrowserScene, no_violation

pytestmark = pytest.mark.chromium


async def test_the_year_is_seen_a_task_confirmed_and_a_time_moved(page: Page) -> None:
    scene = BrowserScene(page, "year")
    siri, mikael = await scene.people("siri", "mikael")
    await mikael.types("/rus-årshjul")
    await mikael.reads("Gå gjennom handlingsplanen i klassen.")
    picture = mikael.dialog.get_by_role("img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") == 1170
    assert "Gå gjennom handlingsplanen i klassen" in (await picture.get_attribute("alt") or "")
    await scene.look("mine")
    await no_violation(page)
    await mikael.dialog.get_by_role("button", name="Åpne: Gå gjennom handlingsplanen").first.click()
    await mikael.reads("Planen sier (A3)")
    await scene.look("task")
    await mikael.hands_in(day="2026-08-20")
    await mikael.types("/rus-årshjul")
    await mikael.reads("Gjort")
    await siri.types("/rus-årshjul")
    await siri.reads("Hele skolen")
    await scene.look("school")
    assert (await paper(page, siri.dialog, "Årsrapporten 2026–2027 (PDF)")).startswith(b"%PDF-")
    await siri.dialog.get_by_role("button", name="Åpne: Gå gjennom handlingsplanen").first.click()
    await siri.reads("2TMA")
    await scene.look("measure")
    await siri.presses_in_dialog("Bekreft eller flytt tiden")
    await siri.reads("Planen har selv satt denne tiden")
    await scene.look("moving")
    await no_violation(page)


async def paper(page: Page, dialog: Locator, name: str) -> bytes:
    """Return what is behind a link of a dialog."""
    address = await dialog.get_by_role("link", name=name).get_attribute("href")
    answer = await page.request.get(address or "")
    assert answer.headers["content-type"] == "application/pdf"
    return await answer.body()
