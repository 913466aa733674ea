"""Five cases in the real browser, each from the command to the closed case, by all who have a part in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import Camera, Chat

pytestmark = pytest.mark.chromium


MEETING = {"meeting_on": f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}", "meeting_at": "10:30"}
ARCHIVED = {"L5.registered": "ja", "L5.archive_number": "2026/1234-5"}


async def people(page: Page, *users: str) -> list[Chat]:
    """Show these people's chats side by side."""
    await page.goto(f"{page.url.partition('?')[0]}?as={','.join(users)}")
    return [Chat(page, user) for user in users]


async def report(reporter: Chat, kinds: str, place: str, school_class: str, **answers: str) -> None:
    await reporter.types("/rus-hendelse")
    await reporter.hands_in(hendelsestype=kinds, place=place, **{"class": school_class})
    await expect(reporter.dialog.get_by_text("Varselet er sendt.")).to_be_visible()
    await reporter.hands_in(**answers)


async def takes(owner: Chat) -> None:
    await owner.presses("Jeg tar saken")
    await owner.sees("Du har tatt saken kl.")


async def decides(rektor: Chat, *, decided: str, guardians: bool) -> None:
    """Let rektor hear those it is about, decide, and carry it out."""
    await rektor.presses("Sjå kva det er")
    await rektor.does("L2", told="ja", heard="ja")
    if guardians:
        await rektor.does("L3", told="ja", heard="ja")
    await rektor.does(
        "L1",
        decided=decided,
        milder_considered="ja",
        reason="To vaksne har sett det same.",
        until="14:30",
        oral_notice="ja",
        physical_intervention="nei",
    )
    if decided == "ja":
        await rektor.does("B1.1", until="14:30")


async def assesses(*chats: Chat) -> None:
    """Let each answer alone whether he must report. Source: opplæringslova § 24-3."""
    for chat in chats:
        label = "Meldeplikta di" if chat.user == "berit" else "Meldeplikten din"
        await chat.presses(label)
        await chat.hands_in(must_report="nei")
        await expect(chat.dialog).to_have_count(0)


async def informs(counsellor: Chat, consent: str) -> None:
    await counsellor.presses("Se hva det er")
    await counsellor.does("B7.1", informed="ja", at="10:30")
    await counsellor.does("B7.2", samtykke_hjelp=consent)
    if consent == "ja":
        await counsellor.does("B7.2", helped="ja", at="11:00")


async def closes(owner: Chat, name: str = "Kari Moen", **values: str) -> None:
    await owner.presses("Vis saken")
    await owner.presses_in_dialog("Avslutt saken")
    await expect(owner.dialog.get_by_text("Ingenting står åpent.")).to_be_visible()
    await owner.hands_in(**values)
    await expect(owner.dialog.get_by_text(f"Avsluttet av {name}")).to_be_visible()
    await owner.sees("Saken er avsluttet.")


async def test_a_minor_on_yrkesfag_in_praksis_visibly_intoxicated(page: Page) -> None:
    camera = Camera(page, "1-minor")
    ola, kari, berit, siri = await people(page, "ola", "kari", "berit", "siri")
    await report(ola, "synlig_beruset", "Verksted", "1BAA", under_18="ja", yrkesfag="ja_i_praksis",
                 stoff="alkohol", colleague="Arne")  # fmt: skip
    await takes(kari)
    await ola.presses("Gjort", about="Vurder om eleven trenger medisinsk hjelp")
    await camera.look("taken")
    arne = (await people(page, "arne", "kari", "berit", "siri"))[0]
    await arne.presses("Jeg er med")
    await decides(berit, decided="ja", guardians=True)
    await camera.look("decided")
    await berit.does("K1", applies="nei")
    await kari.presses("Vis saken")
    await kari.opens("B1.4")
    await expect(kari.dialog.get_by_text("Spør først om det kan være farlig")).to_be_visible()
    await camera.look("guardians")
    await kari.hands_in(safe_to_call="nei", reached="nei", at="10:00")
    await expect(kari.dialog.get_by_text("Da er det ikke gjort ennå.").first).to_be_visible()
    await kari.hands_in(safe_to_call="ja", reached="ja", at="10:05")
    await kari.does("B1.5", consulted="ja", by="Kari", at="10:20")
    await kari.does("B2.1")
    await expect(kari.dialog.get_by_text("Pågår")).to_be_visible()
    await kari.does("B4.2", invited="ja")
    await kari.opens("B4.1")
    await kari.hands_in(**MEETING)
    await kari.opens("B4.1")
    await expect(kari.dialog.get_by_text("Med i møtet: eleven, foresatte,")).to_be_visible()
    await camera.look("invitation")
    async with page.expect_download() as started:
        await kari.dialog.get_by_role("link", name="Legg møtet i kalenderen").click()
    written = (await (await started.value).path()).read_text()
    assert "BEGIN:VEVENT" in written
    assert "1BAA" not in written
    await kari.presses("Vis saken")
    await kari.does("B5.2", informed_person="Siri", at="11:00")
    await kari.does("B1.6")
    await informs(siri, "nei")
    await kari.presses("Vis saken")
    await kari.presses_in_dialog("Avslutt saken")
    await expect(kari.dialog.get_by_text("Dette står åpent.")).to_be_visible()
    await expect(kari.dialog.get_by_text("Eleven er ute av praksis.")).to_be_visible()
    await camera.look("still-open")
    await kari.does("B2.1")
    await assesses(kari, siri, arne)
    await closes(kari, **ARCHIVED)
    await camera.look("closed")
    ola = (await people(page, "ola", "kari", "berit", "siri"))[0]
    await ola.sees("Saken er avsluttet.")
    await berit.sees("Saka er avslutta.")


async def test_an_adult_on_studieforberedende_and_alcohol(page: Page) -> None:
    camera = Camera(page, "2-adult")
    nina, marit, berit, hanne = await people(page, "nina", "marit", "berit", "hanne")
    await report(nina, "synlig_beruset", "Kantine", "1STA", under_18="nei", stoff="alkohol", colleague="Henrik")
    await takes(marit)
    await marit.presses("Vis saken")
    await expect(marit.dialog.get_by_text("Ikke kontakt foresatte uten at eleven sier ja.")).to_be_visible()
    for duty in ("Ring de foresatte", "Kontakt barnevernet", "Kall inn de foresatte", "Bruken anmeldes"):
        await expect(marit.dialog.locator(".step", has_text=duty)).to_contain_text("Gjelder ikke lenger")
    await camera.look("adult")
    await nina.presses("Gjort", about="Vurder om eleven trenger medisinsk hjelp")
    henrik = (await people(page, "henrik", "marit", "berit", "hanne"))[0]
    await henrik.presses("Jeg er med")
    await decides(berit, decided="nei", guardians=False)
    await berit.does("K1", applies="nei")
    await camera.look("decided-against")
    await informs(hanne, "ja")
    await marit.presses("Vis saken")
    await expect(marit.dialog.locator(".step", has_text="Ta ansvar for oppfølgingen")).to_contain_text(
        "Gjelder ikke lenger"
    )
    await marit.opens("B4.1")
    await marit.hands_in(**MEETING)
    await marit.does("B5.2", informed_person="Siri", at="11:00")
    await closes(marit, "Marit Bakke", **ARCHIVED)
    await camera.look("closed")


async def test_a_suspicion_that_is_refuted(page: Page) -> None:
    camera = Camera(page, "3-suspicion")
    ola, kari, _, siri = await people(page, "ola", "kari", "berit", "siri")
    await report(ola, "mistanke", "Uteområdet", "1BAA", under_18="ja", yrkesfag="ja_ikke_i_praksis")
    await takes(kari)
    await kari.presses("Vis saken")
    await kari.presses_in_dialog("Mer")
    await camera.look("more")
    await kari.dialog.locator("[data-action=open_refutation]").click()
    await kari.hands_in(reason="Eleven var trøtt etter en kamp.")
    await expect(kari.dialog.get_by_text("Mistanken er avkreftet").first).to_be_visible()
    await camera.look("refuted")
    await kari.does("L5", applies="nei")
    await closes(kari)
    await ola.sees("Saken er avsluttet.")
    await siri.sees("Saken er avsluttet.")
    await expect(page.locator(".log").get_by_text("trøtt")).to_have_count(0)
    await kari.presses("Vis saken")
    await kari.presses_in_dialog("Åpne saken igjen")
    await expect(kari.dialog.get_by_role("button", name="Avslutt saken")).to_be_visible()


async def test_use_of_an_illegal_substance_on_school_grounds_with_the_age_unknown(page: Page) -> None:
    camera = Camera(page, "4-illegal")
    ola, kari, berit, siri = await people(page, "ola", "kari", "berit", "siri")
    await report(ola, "bruk_pa_omradet", "Uteområdet", "1BAA", yrkesfag="ja_ikke_i_praksis", stoff="illegalt")
    await takes(kari)
    await kari.presses("Vis saken")
    await expect(kari.dialog.get_by_text("Sjekk alderen i det skoleadministrative systemet")).to_be_visible()
    await kari.opens("B1.4")
    await kari.hands_in(applies="ja")
    await expect(kari.dialog.get_by_text("Sjekk alderen først.").first).to_be_visible()
    await camera.look("age-first")
    await kari.hands_in(under_18="ja", applies="ja")
    await kari.does("B1.4", safe_to_call="ja", reached="ja", at="10:05")
    await kari.does("B1.5", applies="ja")
    await kari.does("B1.5", consulted="ja", by="Kari", at="10:20")
    await kari.does("L1", applies="nei")
    await expect(kari.dialog.locator(".step", has_text="Vær minst to ansatte")).to_contain_text("Gjelder ikke lenger")
    await kari.does("B2.1", applies="nei")
    await kari.does("B4.1", **MEETING)
    await kari.does("B4.2", invited="ja")
    await kari.does("B5.2", informed_person="Siri", at="11:00")
    await ola.presses("Gjort", about="Vurder om eleven trenger medisinsk hjelp")
    await berit.presses("Sjå kva det er")
    await berit.does("B6.1", reported="ja", at="12:00")
    await berit.does("K1", applies="nei")
    await camera.look("police")
    await informs(siri, "ja")
    await assesses(ola, kari, siri)
    await closes(kari, **ARCHIVED)
    await camera.look("closed")


async def test_two_kinds_at_once_and_a_consent_that_is_withdrawn(page: Page) -> None:
    camera = Camera(page, "5-two-kinds")
    ola, kari, berit, siri = await people(page, "ola", "kari", "berit", "siri")
    await report(ola, "synlig_beruset+bruk_pa_omradet", "Uteområdet", "2ELA", under_18="nei",
                 yrkesfag="ja_ikke_i_praksis", stoff="illegalt", colleague="Eva")  # fmt: skip
    await takes(kari)
    await ola.presses("Gjort", about="Vurder om eleven trenger medisinsk hjelp")
    await decides(berit, decided="ja", guardians=False)
    await berit.does("B6.1", reported="ja", at="12:00")
    await berit.does("K1", applies="nei")
    await siri.presses("Se hva det er")
    await siri.does("B7.1", informed="ja", at="10:30")
    await siri.does("B7.2", samtykke_hjelp="ja")
    await camera.look("consented")
    await kari.presses("Vis saken")
    await kari.does("B2.1", applies="nei")
    await kari.does("B4.1", **MEETING)
    await kari.does("B1.6")
    await kari.does("B5.2", informed_person="Siri", at="11:00")
    await siri.presses("Se hva det er")
    await siri.presses_in_dialog("Ønsker eleven hjelp til å ta kontakt?")
    await siri.hands_in(samtykke_hjelp="nei")
    await expect(siri.dialog.get_by_text("Gi eleven informasjon og tilbud").first).to_be_visible()
    await kari.presses("Vis saken")
    ended = kari.dialog.locator(".step", has_text="Hjelp eleven i kontakt")
    await expect(ended).to_contain_text("eleven har trukket samtykket")
    await camera.look("withdrawn")
    eva = (await people(page, "eva", "kari", "berit", "siri"))[0]
    await eva.presses("Jeg er med")
    await closes(kari, **ARCHIVED)
    await camera.look("closed")
