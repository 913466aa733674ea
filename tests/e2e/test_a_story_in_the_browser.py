"""The real process in a real browser: a pupil of 17 on yrkesfag, in praksis, visibly intoxicated; three people act."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.browser import column, no_violation

pytestmark = pytest.mark.chromium


async def report(page: Page) -> Locator:
    """Ola types the command and hands in the first form; the form after it is returned."""
    ola = column(page, "ola")
    await ola.get_by_role("textbox", name="Skriv som").fill("/rus-hendelse")
    await page.keyboard.press("Enter")
    form = ola.get_by_role("dialog", name="Ny rushendelse")
    await form.get_by_label("Synlig beruset").check()
    await form.get_by_label("Hvor er det?").select_option("Verksted")
    await form.get_by_role("combobox", name="Hvilken klasse").fill("1BA")
    await form.get_by_role("option", name="1BAA").click()
    await form.get_by_role("button", name="Varsle avdelingsleder").click()
    return ola.get_by_role("dialog")


async def test_from_the_command_to_the_taken_case(page: Page, request: pytest.FixtureRequest) -> None:
    shots = Path(os.environ["RUSPLAN_SHOTS"]) if os.environ.get("RUSPLAN_SHOTS") else None

    async def look(name: str) -> None:
        await no_violation(page)
        if shots:
            await page.screenshot(path=shots / f"{name}.png")

    ola, kari, eva = (column(page, user) for user in ("ola", "kari", "eva"))
    await look("1-empty")
    more = await report(page)
    await expect(kari.get_by_role("button", name="Jeg tar saken")).to_be_visible()
    await expect(ola.get_by_text("Kari Moen: levert kl.")).to_be_attached()
    await look("2-alerted")

    await more.get_by_role("radio", name="Ja", exact=True).check()
    await more.get_by_role("radio", name="Ja, i praksis nå").check()
    await more.get_by_role("combobox", name="Hvem er den andre voksne").fill("Eva")
    await more.get_by_role("option", name="Eva Sand").click()
    await more.get_by_role("button", name="Lagre svarene").click()
    await expect(eva.get_by_role("button", name="Jeg er med")).to_be_visible()
    await look("3-asked")

    await eva.get_by_role("button", name="Jeg er med").click()
    await expect(ola.get_by_text("Eva Sand er den andre voksne.")).to_be_visible()
    await kari.get_by_role("button", name="Jeg tar saken").click()
    await expect(kari.get_by_text("Du har tatt saken kl.")).to_be_visible()
    await expect(ola.get_by_text("Kari Moen har tatt saken kl.")).to_be_visible()
    await look("4-taken")

    await kari.get_by_role("button", name="Vis saken").click()
    case = kari.get_by_role("dialog")
    await expect(case.get_by_text("Ring de foresatte før eleven forlater skolen.")).to_be_attached()
    await expect(case.get_by_text("planen B2.1")).to_be_attached()
    await look("5-case")


async def test_the_whole_report_by_keyboard_alone(page: Page) -> None:
    keys = page.keyboard
    await column(page, "ola").get_by_role("textbox", name="Skriv som").focus()
    await keys.type("/rus-hendelse")
    await keys.press("Enter")
    form = column(page, "ola").get_by_role("dialog", name="Ny rushendelse")
    await expect(form).to_be_visible()
    await _tab_to(page, form.get_by_label("Synlig beruset"))
    await keys.press("Space")
    await _tab_to(page, form.get_by_label("Hvor er det?"))
    await keys.type("Verk")
    await _tab_to(page, form.get_by_role("combobox", name="Hvilken klasse"))
    await keys.type("1BAA")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await _tab_to(page, form.get_by_role("button", name="Varsle avdelingsleder"))
    await keys.press("Enter")
    await expect(column(page, "kari").get_by_role("button", name="Jeg tar saken")).to_be_visible()


async def test_a_stranger_is_told_kindly_and_learns_nothing(page: Page) -> None:
    await page.goto(f"{page.url.partition('?')[0]}?as=vikar")
    stranger = column(page, "vikar")
    await stranger.get_by_role("textbox", name="Skriv som").fill("/rus-hendelse")
    await page.keyboard.press("Enter")
    await expect(stranger.get_by_text("Du står ikke på skolens liste")).to_be_visible()
    await expect(stranger.get_by_text("113")).to_be_visible()
    await expect(stranger.get_by_role("dialog")).to_have_count(0)


async def test_it_works_on_a_phone(page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await report(page)
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, "nothing needs sideways scrolling"
    await page.get_by_role("tab", name="Kari").click()
    take = column(page, "kari").get_by_role("button", name="Jeg tar saken")
    await expect(take).to_be_visible()
    await take.click()
    await expect(column(page, "kari").get_by_text("Du har tatt saken kl.")).to_be_visible()
    await no_violation(page)


async def _tab_to(page: Page, target: Locator) -> None:
    for _ in range(40):
        if await target.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("not reached by the Tab key")
