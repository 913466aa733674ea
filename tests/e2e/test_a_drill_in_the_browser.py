"""The demo in a real browser: Siri lets a department practise, three people act, and all read how it went."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import BrowserScene, Chat

pytestmark = pytest.mark.chromium


async def chooses(chat: Chat, *names: str) -> None:
    """Choose people one after the other in the field that is typed in."""
    field = chat.dialog.locator("[data-field='participants']")
    for name in names:
        await field.get_by_role("combobox").fill(name)
        await field.get_by_role("option").first.click()


async def test_a_drill_from_the_command_to_the_review(page: Page) -> None:
    scene = BrowserScene(page, "drill")
    siri, ola, kari = await scene.people("siri", "ola", "kari")
    await siri.types("/rus-øvelse")
    await siri.reads("Øv på en oppdiktet hendelse")
    await siri.fills({"fictive": "bortvisning"})
    await chooses(siri, "Ola Rise", "Kari Moen", "Reidar Holte", "Berit Aune")
    await scene.look("form")
    await siri.dialog.get_by_role("button", name="Start øvelsen").click()
    await siri.reads("Dette er ikke en ekte hendelse.")
    await ola.sees("Du er den som har sett dette")
    await scene.look("started")
    await kari.presses("Jeg tar saken")
    await kari.sees("Du har tatt saken kl.")
    await ola.presses("Svar på resten")
    await ola.hands_in(under_18="ja", colleague="reidar")
    await ola.is_done()
    await kari.presses("Vis saken")
    await kari.reads("Dette er ikke en ekte hendelse.")
    await scene.look("under-way")
    await kari.does("B5.2", informed_person="berit", at="10:05")
    await siri.presses("Avslutt øvelsen")
    await siri.sees("Slik gikk det")
    await ola.sees("Slik gikk det")
    await scene.look("review")
    await expect(page.locator(".log").get_by_text("Ny sak")).to_have_count(0)
    for chat in (siri, ola, kari):
        titles = await chat.column.locator(".log h3").all_inner_texts()
        assert titles
        assert all(title.startswith("ØVELSE:") for title in titles), titles
