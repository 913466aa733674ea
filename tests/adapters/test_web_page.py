"""The page in Debian's Chromium: several chats side by side, live, by keyboard alone, on a phone, for everybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, Route, async_playwright, expect

from adapters.web.chats import WebChats
from adapters.web.people import address
from adapters.web.server import build_app
from flows.cards import Paragraph, message
from flows.port import Incoming, Pressed, Reply, Submitted, Typed
from tests.adapters.fake_bot import ALERT, SITE, TAKEN, FakeBot, clock
from tests.chromium import launched

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Desk:
    """The page in a browser, the bot behind it, and the port between."""

    page: Page
    bot: FakeBot
    chats: WebChats
    port: int

    def column(self, user: str) -> Locator:
        return self.page.locator(f"#c-{user}")

    def dialog(self, user: str) -> Locator:
        return self.column(user).get_by_role("dialog")

    async def say(self, user: str, text: str) -> None:
        await self.column(user).get_by_role("textbox", name="Skriv som").fill(text)
        await self.page.keyboard.press("Enter")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def focused(self) -> str:
        said: str = await self.page.evaluate("document.activeElement.id || document.activeElement.textContent")
        return said


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launched(playwright)
        yield browser
        await browser.close()


async def serve(bot: FakeBot, chats: WebChats, port: int = 0) -> web.AppRunner:
    """Serve the page on a port of this machine."""
    runner = web.AppRunner(build_app(bot.handle, chats, SITE), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
    return runner


def port_of(runner: web.AppRunner) -> int:
    port: int = runner.addresses[0][1]
    return port


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    """Open the page for a test; whatever the browser itself complains about fails it."""
    chats = WebChats(SITE.directory, clock)
    bot = FakeBot(chats)
    runner = await serve(bot, chats)
    context = await browser.new_context(viewport={"width": 1360, "height": 860}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
    await page.goto(f"http://127.0.0.1:{port_of(runner)}/")
    await settled(page)
    yield Desk(page, bot, chats, port_of(runner))
    await context.close()
    await runner.cleanup()
    assert errors == []


async def settled(page: Page) -> None:
    """Wait until the stream has brought its first state."""
    await expect(page.locator("#lost")).to_have_text("")
    await page.wait_for_function("performance.getEntriesByType('resource').some(r => r.name.includes('/live.js'))")


async def check(page: Page) -> None:
    """Fail with axe's own report when it finds anything."""
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


# Side by side and live.


async def test_a_teachers_alert_arrives_beside_it(desk: Desk) -> None:
    """The whole promise of the demo: one types, the other's chat shows it, the third's stays quiet."""
    await desk.say("ola", "/rus-hendelse")
    ola = desk.dialog("ola")
    await ola.get_by_label("Mistanke").check()
    await ola.get_by_label("Hvor er dere?").select_option("Verkstedet")
    await ola.get_by_role("combobox", name="Klasse").fill("1baa")
    await desk.press("Enter")
    await ola.get_by_role("button", name="Varsle").click()
    await expect(desk.column("kari").get_by_role("heading", name="Rushendelse på avdelingen din")).to_be_visible()
    await expect(desk.column("ola").get_by_text("Bare du ser dette")).to_be_visible()
    await expect(desk.column("ola").get_by_role("status").first).to_have_text("Varselet er sendt.")
    await expect(desk.column("berit").get_by_text("Ingen meldinger ennå")).to_be_visible()


async def test_a_press_changes_the_message_where_it_stands(desk: Desk) -> None:
    await desk.chats.send(address("kari"), ALERT, "d1")
    await desk.column("kari").get_by_role("button", name="Jeg tar saken").click()
    await expect(desk.column("kari").get_by_text("Kari Nesset har tatt saken")).to_be_visible()
    await expect(desk.column("kari").get_by_text("Oppdatert 10:42")).to_be_visible()
    await expect(desk.column("kari").locator(".entry")).to_have_count(1)


async def test_the_keyboard_stays_on_a_message_that_is_renewed(desk: Desk) -> None:
    """The button pressed is gone; the place is not lost, it's the message."""
    sent = await desk.chats.send(address("kari"), ALERT, "d1")
    await desk.column("kari").get_by_role("button", name="Jeg tar saken").focus()
    await desk.press("Enter")
    await expect(desk.column("kari").get_by_text("Kari Nesset har tatt saken")).to_be_visible()
    assert await desk.focused() == f"e-{sent.message}"


async def test_while_an_act_is_under_way_another_press_is_nothing(desk: Desk) -> None:
    """A double click is one act, so is a double Enter, and the buttons say that they can't be pressed."""
    may_go = asyncio.Event()
    handle = desk.bot.handle

    async def slow(incoming: Incoming) -> Reply:
        await may_go.wait()
        return await handle(incoming)

    desk.bot.handle = slow  # type: ignore[method-assign]
    await desk.page.goto("about:blank")
    runner = await serve(desk.bot, desk.chats)
    alert = await desk.chats.send(address("kari"), ALERT, "d1")
    await desk.page.goto(f"http://127.0.0.1:{port_of(runner)}/")
    button = desk.column("kari").get_by_role("button", name="Se pliktene")
    await button.dblclick()
    await desk.say("ola", "hei")
    await desk.press("Enter")
    await expect(button).to_have_attribute("aria-disabled", "true")
    await desk.chats.edit(alert, TAKEN)
    await expect(desk.column("kari").get_by_text("Kari Nesset har tatt saken")).to_be_visible()
    await expect(button).to_have_attribute("aria-disabled", "true")
    may_go.set()
    await expect(desk.dialog("kari")).to_be_visible()
    await expect(desk.column("kari").locator("[aria-disabled]")).to_have_count(0)
    await expect(desk.column("ola").get_by_role("textbox", name="Skriv som")).to_have_value("")
    pressed, typed = (incoming.act for incoming in desk.bot.seen)
    assert isinstance(pressed, Pressed)
    assert (pressed.action, pressed.reference, typed) == ("open", "K7M2QD", Typed("hei"))
    await desk.page.goto("about:blank")
    await runner.cleanup()


async def test_hostile_words_are_shown_as_words(desk: Desk) -> None:
    """The browser runs nothing of it; the fixture also fails on what the policy had to stop."""
    words = "<img src=x onerror=\"document.title='owned'\"></p></li></ol><b>"
    await desk.chats.send(address("kari"), message("Ny sak", [Paragraph(words)], summary="s"), "d1")
    await desk.say("ola", words)
    await expect(desk.column("kari").get_by_text(words)).to_be_visible()
    await expect(desk.column("ola").get_by_text(words)).to_be_visible()
    assert await desk.page.title() == "rusplan · Dalen videregående skole"


async def test_the_offered_command_is_typed_and_not_sent(desk: Desk) -> None:
    await desk.column("berit").get_by_role("button", name="/rus-hjelp").click()
    await expect(desk.column("berit").get_by_role("textbox", name="Skriv som")).to_have_value("/rus-hjelp")
    assert desk.bot.seen == []
    await desk.press("Enter")
    await expect(desk.column("berit").get_by_text("Dette kan du skrive")).to_be_visible()
    await desk.column("berit").get_by_role("button", name="Skjul").click()
    await expect(desk.column("berit").get_by_text("Dette kan du skrive")).to_have_count(0)


# The dialog.


async def test_an_incident_is_reported_by_keyboard_alone(desk: Desk) -> None:
    """From the line to the alert without a mouse; the title has the keyboard first, for there is something to read."""
    await desk.column("ola").get_by_role("textbox", name="Skriv som").focus()
    await desk.page.keyboard.type("/rus-hendelse")
    await desk.press("Enter")
    await expect(desk.dialog("ola")).to_be_visible()
    assert await desk.focused() == "d-ola-title"
    await desk.press("Tab", "Tab", "Space", "ArrowDown")  # past «Lukk» to the radio buttons
    await desk.press("Tab")
    await desk.page.keyboard.type("Idr")
    await desk.press("Tab")
    await desk.page.keyboard.type("2b")
    await desk.press("Enter", "Tab")
    await desk.page.keyboard.type("nils")
    await desk.press("Enter")
    await desk.page.keyboard.type("siv")
    await desk.press("Enter", "Tab", "Enter")
    await expect(desk.column("kari").get_by_role("heading", name="Rushendelse")).to_be_visible()
    values = {"what": ("intoxicated",), "place": ("p3",), "class": ("2baa",), "with": ("nils", "siv")}
    assert desk.bot.seen[-1].act == Submitted("report", "", values)
    await expect(desk.dialog("ola")).to_have_count(0)
    assert await desk.focused() == "c-ola-text"


async def test_escape_closes_and_the_keyboard_returns(desk: Desk) -> None:
    await desk.chats.send(address("kari"), ALERT, "d1")
    button = desk.column("kari").get_by_role("button", name="Se pliktene")
    await button.focus()
    await desk.press("Enter")
    await expect(desk.dialog("kari")).to_be_visible()
    await desk.press("Escape")
    await expect(desk.dialog("kari")).to_have_count(0)
    await expect(button).to_be_focused()


async def test_behind_an_open_dialog_nothing_takes_the_keyboard_and_other_columns_do(desk: Desk) -> None:
    await desk.say("ola", "sak")
    await expect(desk.dialog("ola")).to_be_visible()
    await expect(desk.column("ola").locator(".talk")).to_have_js_property("inert", value=True)
    await desk.say("kari", "/rus-hjelp")
    await expect(desk.column("kari").get_by_text("Dette kan du skrive")).to_be_visible()
    await expect(desk.dialog("ola")).to_be_visible()


async def test_a_dialog_that_takes_anothers_place_keeps_the_keyboard_in_it(desk: Desk) -> None:
    """A step done: the same button is gone, so the title is read; the panel is never left."""
    await desk.say("ola", "sak")
    await desk.dialog("ola").get_by_role("button", name="Gjort: Snakk").focus()
    await desk.press("Enter")
    await expect(desk.dialog("ola").locator(".step.done")).to_have_count(1)
    assert await desk.focused() == "d-ola-title"
    await desk.dialog("ola").get_by_role("button", name="Gjort: Hold").focus()
    await desk.press("Enter")
    await expect(desk.dialog("ola").locator(".step.done")).to_have_count(0)
    await expect(desk.dialog("ola").get_by_role("button", name="Gjort: Hold")).to_be_focused()


async def test_a_button_in_a_dialog_hands_nothing_in_and_keeps_what_is_typed(desk: Desk) -> None:
    await desk.say("ola", "/rus-hendelse")
    await desk.dialog("ola").get_by_label("Bruk").check()
    await desk.dialog("ola").get_by_role("button", name="Hva skjer nå?").click()
    await expect(desk.column("ola").get_by_role("status").first).to_have_text(
        "Avdelingsleder får en melding med en gang."
    )
    assert desk.bot.seen[-1].act == Pressed("help")
    await expect(desk.dialog("ola").get_by_label("Bruk")).to_be_checked()


async def test_a_card_instead_of_a_dialog_ends_the_dialog(desk: Desk) -> None:
    await desk.say("ola", "sak")
    await desk.dialog("ola").get_by_role("button", name="Be om hjelp").click()
    await expect(desk.dialog("ola")).to_have_count(0)
    await expect(desk.column("ola").get_by_text("Dette kan du skrive")).to_be_visible()


async def test_what_must_be_answered_is_asked_for_before_it_is_handed_in(desk: Desk) -> None:
    """As Slack and Teams do; the field chosen anew is no longer wrong."""
    await desk.say("ola", "/rus-hendelse")
    dialog = desk.dialog("ola")
    await dialog.get_by_role("button", name="Varsle").click()
    await expect(dialog.locator(".faults")).to_contain_text("3 felt må rettes før du kan sende:")
    await expect(dialog.get_by_label("Mistanke")).to_be_focused()
    assert [incoming.act for incoming in desk.bot.seen] == [Typed("/rus-hendelse")]
    await dialog.get_by_role("link", name="Klasse").click()
    await expect(dialog.get_by_role("combobox", name="Klasse")).to_be_focused()
    await dialog.get_by_label("Mistanke").check()
    await expect(dialog.locator(".faults")).to_contain_text("2 felt må rettes før du kan sende:")
    await expect(dialog.locator(".wrong")).to_have_count(2)


async def test_faults_keep_all_that_was_typed_and_stand_beside_their_fields(desk: Desk) -> None:
    await desk.say("ola", "alt")
    dialog = desk.dialog("ola")
    await dialog.get_by_label("Hvem er den andre?").fill("Siv")
    await dialog.get_by_label("Hvorfor?").fill("Første linje\nAndre linje")
    await dialog.get_by_label("Dag").fill("2026-10-14")
    await dialog.get_by_label("Brosjyre").check()
    await dialog.get_by_role("button", name="Lagre").click()
    name = dialog.get_by_label("Hvem er den andre?")
    await expect(name).to_be_focused()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await expect(name).to_have_accessible_description("En kollega som var der. Skriv etternavnet også.")
    await expect(dialog.locator(".faults")).to_contain_text("2 felt må rettes før du kan sende:")
    await expect(dialog.locator(".faults")).to_contain_text("Prøv nå.")  # a fault of no field
    await expect(name).to_have_value("Siv")
    await expect(dialog.get_by_label("Hvorfor?")).to_have_value("Første linje\nAndre linje")
    await expect(dialog.get_by_label("Brosjyre")).to_be_checked()
    # An untouched field is absent, one that was filled in beforehand is there.
    values = {"name": ("Siv",), "why": ("Første linje\nAndre linje",), "day": ("2026-10-14",), "given": ("b",),
              "helper": ("kari",)}  # fmt: skip
    assert desk.bot.seen[-1].act == Submitted("everything", "", values)


# The combobox.


async def test_the_combobox_follows_the_keys(desk: Desk) -> None:
    """Arrows open and move, Escape closes the list and not the dialog, Enter takes; what is pointed at is announced."""
    await desk.say("ola", "/rus-hendelse")
    dialog = desk.dialog("ola")
    combo = dialog.get_by_role("combobox", name="Klasse")
    await combo.focus()
    await desk.press("ArrowDown")
    await expect(combo).to_have_attribute("aria-expanded", "true")
    await expect(combo).to_have_attribute("aria-activedescendant", "d-ola-2-o0")
    await desk.press("ArrowUp")
    await expect(combo).to_have_attribute("aria-activedescendant", "d-ola-2-o11")
    await desk.press("ArrowDown")
    await expect(combo).to_have_attribute("aria-activedescendant", "d-ola-2-o0")
    await desk.press("Escape")
    await expect(combo).to_have_attribute("aria-expanded", "false")
    await expect(dialog).to_be_visible()
    await desk.page.keyboard.type("helse")
    await expect(dialog.get_by_role("listbox", name="Klasse").get_by_role("option")).to_have_count(3)
    await desk.press("ArrowDown", "Enter")
    await expect(combo).to_have_value("2HOA")
    await expect(combo).to_have_attribute("aria-expanded", "false")


async def test_the_combobox_takes_a_mouse_too(desk: Desk) -> None:
    await desk.say("ola", "/rus-hendelse")
    combo = desk.dialog("ola").get_by_role("combobox", name="Klasse")
    await combo.click()
    await desk.dialog("ola").get_by_role("option", name="3ELA").click()
    await expect(combo).to_have_value("3ELA")
    await expect(combo).to_be_focused()


async def test_words_that_name_nothing_are_not_handed_in_silently(desk: Desk) -> None:
    """Also where the field may stay empty: what was typed meant something."""
    await desk.say("ola", "/rus-hendelse")
    dialog = desk.dialog("ola")
    colleagues = dialog.get_by_role("combobox", name="Hvem er sammen")
    await colleagues.fill("ukjent")
    await expect(dialog.get_by_text("Ingen treff")).to_be_visible()
    await dialog.get_by_role("button", name="Varsle").click()
    await expect(colleagues).to_have_attribute("aria-invalid", "true")


async def test_a_name_written_in_full_counts_without_enter(desk: Desk) -> None:
    await desk.say("ola", "/rus-hendelse")
    combo = desk.dialog("ola").get_by_role("combobox", name="Klasse")
    await combo.fill("1sta")
    await desk.press("Tab")
    await expect(combo).to_have_value("1STA")


async def test_one_of_several_can_be_taken_away_by_keyboard(desk: Desk) -> None:
    await desk.say("ola", "/rus-hendelse")
    dialog = desk.dialog("ola")
    await dialog.get_by_role("combobox", name="Hvem er sammen").fill("siv")
    await desk.press("Enter", "Shift+Tab")
    await expect(dialog.get_by_role("button", name="Fjern Siv Moen")).to_be_focused()
    await desk.press("Enter")
    await expect(dialog.get_by_role("button", name="Fjern Siv Moen")).to_have_count(0)
    await expect(dialog.get_by_role("combobox", name="Hvem er sammen")).to_be_focused()


# When something fails.


async def test_without_contact_the_words_stay_and_trying_again_is_the_same_delivery(desk: Desk) -> None:
    """The server took it in and the answer got lost: the retry must not be a second act."""

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await desk.page.route("**/say*", lose_the_answer, times=1)
    line = desk.column("ola").get_by_role("textbox", name="Skriv som")
    await desk.say("ola", "hei")
    status = desk.column("ola").get_by_role("status").first
    await expect(status).to_have_text("Fikk ikke kontakt. Teksten din er her ennå. Prøv igjen.")
    await expect(line).to_have_value("hei")
    await line.press("Enter")
    await expect(line).to_have_value("")
    assert len(desk.bot.seen) == 2
    assert desk.bot.seen[0].delivery_id == desk.bot.seen[1].delivery_id
    await expect(desk.column("ola").locator(".said")).to_have_count(1)
    await desk.say("ola", "hei")
    await expect(desk.column("ola").locator(".said")).to_have_count(2)


async def test_a_breakdown_leaves_the_dialog_as_it_was(desk: Desk) -> None:
    await desk.say("ola", "alt")
    dialog = desk.dialog("ola")
    await dialog.get_by_label("Hvem er den andre?").fill("Siv Moen")
    await dialog.get_by_label("Dag").fill("2026-10-14")
    await dialog.get_by_label("Samtale").check()
    desk.bot.failures = 1
    await dialog.get_by_role("button", name="Lagre").click()
    status = desk.column("ola").get_by_role("status").first
    await expect(status).to_have_text("Noe gikk galt hos oss. Teksten din er her ennå. Prøv igjen.")
    await expect(dialog.get_by_label("Hvem er den andre?")).to_have_value("Siv Moen")
    await dialog.get_by_role("button", name="Lagre").click()
    await expect(dialog.locator(".faults")).to_be_visible()
    assert desk.bot.seen[-1].delivery_id == desk.bot.seen[-2].delivery_id


async def test_a_lost_connection_is_said_and_made_up_for(browser: Browser) -> None:
    """The server goes and comes back; what happened meanwhile is there."""
    chats = WebChats(SITE.directory, clock)
    bot = FakeBot(chats)
    runner = await serve(bot, chats)
    port = port_of(runner)
    page = await browser.new_page()
    await page.goto(f"http://127.0.0.1:{port}/")
    await settled(page)
    await runner.cleanup()
    await expect(page.locator("#lost")).to_have_text("Mistet kontakten. Prøver igjen …")
    await chats.send(address("kari"), ALERT, "d1")
    runner = await serve(bot, chats, port)
    await expect(page.locator("#c-kari").get_by_text(ALERT.title)).to_be_visible(timeout=20_000)
    await expect(page.locator("#lost")).to_have_text("")
    await page.close()
    await runner.cleanup()


# Who sits there.


async def test_another_person_takes_a_column_and_the_others_lose_nothing(desk: Desk) -> None:
    """By keyboard: open, find, go; the half-written line and the open dialog beside it stay, and it is live."""
    await desk.column("kari").get_by_role("textbox", name="Skriv som").fill("halvskrevet")
    await desk.say("ola", "/rus-hendelse")
    await expect(desk.dialog("ola")).to_be_visible()
    await desk.column("berit").get_by_label("Bytt ut Berit Sande").focus()
    await desk.press("Enter", "Tab")
    await desk.page.keyboard.type("rådg")
    await desk.press("Tab", "Enter")
    await expect(desk.column("nils").get_by_role("heading", name="Nils Åsen")).to_be_focused()
    await expect(desk.column("berit")).to_have_count(0)
    await expect(desk.column("kari").get_by_role("textbox", name="Skriv som")).to_have_value("halvskrevet")
    await expect(desk.dialog("ola")).to_be_visible()
    assert desk.page.url.endswith("/?as=ola,kari,nils")
    await desk.chats.send(address("nils"), ALERT, "d1")
    await expect(desk.column("nils").get_by_text(ALERT.title)).to_be_visible()


async def test_columns_are_added_and_taken_away_and_back_goes_back(desk: Desk) -> None:
    await desk.page.get_by_label("Legg til person").click()
    await desk.page.locator("#adder").get_by_role("link", name="Siv Moen").click()
    await expect(desk.page.locator(".column")).to_have_count(4)
    await expect(desk.page.get_by_label("Legg til person")).to_have_count(0)
    await desk.page.get_by_label("Fjern Ola Haugen").click()
    await expect(desk.page.locator(".column")).to_have_count(3)
    await expect(desk.column("ola")).to_have_count(0)
    await desk.page.go_back()
    await expect(desk.page.locator(".column")).to_have_count(4)
    await expect(desk.page.locator(".column").first).to_have_id("c-ola")


# On a phone.


async def test_a_phone_shows_one_chat_and_says_where_there_is_something_new(desk: Desk) -> None:
    await desk.page.set_viewport_size({"width": 375, "height": 740})
    await expect(desk.column("ola")).to_be_visible()
    await expect(desk.column("kari")).to_be_hidden()
    await desk.chats.send(address("kari"), ALERT, "d1")
    tab = desk.page.get_by_role("tab", name="Kari")
    await expect(tab).to_have_accessible_name("Kari 1 ny")
    await desk.chats.send(address("kari"), ALERT, "d2")
    await expect(tab).to_have_accessible_name("Kari 2 nye")
    await desk.page.get_by_role("tab", name="Ola").focus()
    await desk.press("ArrowRight")
    await expect(tab).to_be_focused()
    await expect(tab).to_have_attribute("aria-selected", "true")
    await expect(tab).to_have_accessible_name("Kari")
    await expect(desk.page.get_by_role("tabpanel", name="Kari Nesset")).to_be_visible()
    await expect(desk.column("ola")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 375, 640])
async def test_nothing_is_wider_than_the_phone(desk: Desk, width: int) -> None:
    """320 px is also a wide window at 400 %."""
    await desk.page.set_viewport_size({"width": width, "height": 700})
    await desk.chats.send(address("ola"), message("A" * 120, [Paragraph("B" * 200)], summary="s"), "d1")
    await desk.say("ola", "alt")
    await expect(desk.dialog("ola")).to_be_visible()
    widths = "[document.documentElement.scrollWidth, document.querySelector('.dialog-body').scrollWidth - " \
        "document.querySelector('.dialog-body').clientWidth]"  # fmt: skip
    assert await desk.page.evaluate(widths) == [width, 0]


# For everybody.


async def _empty(desk: Desk) -> None:
    await expect(desk.column("ola").get_by_text("Ingen meldinger ennå")).to_be_visible()


async def _messages(desk: Desk) -> None:
    await desk.chats.send(address("ola"), ALERT, "d1")
    await desk.say("ola", "/rus-hjelp")
    await expect(desk.column("ola").get_by_text("Bare du ser dette")).to_be_visible()
    await desk.say("ola", "hva")
    await expect(desk.column("ola").locator(".notice")).not_to_have_text("")


async def _report(desk: Desk) -> None:
    await desk.say("ola", "/rus-hendelse")
    await desk.dialog("ola").get_by_role("combobox", name="Hvem er sammen").fill("siv")
    await desk.press("Enter")
    await desk.dialog("ola").get_by_role("combobox", name="Klasse").fill("2")
    await expect(desk.dialog("ola").get_by_role("option", name="2BAA")).to_be_visible()


async def _duties(desk: Desk) -> None:
    await desk.say("ola", "sak")
    await desk.dialog("ola").get_by_role("button", name="Gjort: Snakk").click()
    await expect(desk.dialog("ola").locator(".step.done")).to_have_count(1)


async def _reading(desk: Desk) -> None:
    await desk.say("ola", "les")
    await expect(desk.dialog("ola")).to_be_visible()


async def _faults(desk: Desk) -> None:
    await desk.say("ola", "alt")
    await desk.dialog("ola").get_by_label("Hvem er den andre?").fill("Siv")
    await desk.dialog("ola").get_by_role("button", name="Lagre").click()
    await expect(desk.dialog("ola").locator(".faults")).to_be_visible()


async def _failure(desk: Desk) -> None:
    desk.bot.failures = 1
    await desk.say("ola", "hei")
    await expect(desk.column("ola").locator(".notice.bad")).to_be_visible()


async def _menu(desk: Desk) -> None:
    await desk.column("ola").get_by_label("Bytt ut Ola Haugen").click()
    await expect(desk.column("ola").get_by_role("link", name="Siv Moen")).to_be_visible()


@pytest.mark.parametrize("reach", [_empty, _messages, _report, _duties, _reading, _faults, _failure, _menu])
async def test_axe_finds_nothing(desk: Desk, reach: Callable[[Desk], Awaitable[None]]) -> None:
    """Each state of the page, light and dark, wide and as a phone shows it."""
    await reach(desk)
    for width in (1360, 375):
        await desk.page.set_viewport_size({"width": width, "height": 800})
        await desk.page.emulate_media(color_scheme="light")
        await check(desk.page)
        await desk.page.emulate_media(color_scheme="dark")
        await check(desk.page)


async def test_axe_would_find_something(desk: Desk) -> None:
    """The check itself can fail."""
    await desk.page.evaluate("document.querySelector('h2').style.color = '#eee'")
    with pytest.raises(AssertionError, match="color-contrast"):
        await check(desk.page)
