"""A teacher reports in front of Microsoft's own playground; the head of the department takes the case there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows import messages as m
from flows.language import Language
from tests.e2e.playground.conftest import Office
from tests.e2e.playground.screen import expect

pytestmark = [pytest.mark.chromium, pytest.mark.node]

SEEN = {"hendelsestype": "synlig_beruset", "place": "Verksted", "class": "1BAA"}
TYPED = ("1BAA", "synlig_beruset", "Synlig beruset", "alkohol", "Alkohol", "2026/1234-5")


async def test_whoever_installs_the_app_is_welcomed_and_comes_to_the_form_by_any_way(office: Office) -> None:
    (ola,) = await office.people("ola")
    await ola.sees("Jeg leder dere gjennom skolens handlingsplan mot rus.")
    await office.look("welcome")
    for command in ("rus-hendelse", "/rus-hendelse", "Rus-Hendelse Per er full"):
        await ola.types(command)
        await ola.reads("Hva har dere sett?")
        await ola.closes()
        await ola.sees("Lukket.")
    await ola.presses("Meld en rushendelse")
    await ola.reads("Hva har dere sett?")
    await office.look("form")


async def test_the_head_of_the_department_takes_the_case_and_what_was_filled_in_stays_nowhere(office: Office) -> None:
    ola, kari = await office.people("ola", "kari")
    await ola.types("/rus-hendelse")
    await ola.hands_in(**SEEN)
    await ola.reads("Varselet er sendt.")
    await office.look("reported")
    await ola.hands_in(under_18="ja", stoff="alkohol")
    await ola.sees("Lagret.")
    await kari.sees("Sted: Verksted. Ola Rise er hos eleven. Ring +47 900 00 012.")
    await office.look("alerted")
    await kari.presses("Jeg tar saken")
    await kari.sees("Du har tatt saken kl.")
    await ola.sees("Kari Moen har tatt saken kl.")
    await kari.presses("Vis saken")
    await office.look("case")
    await kari.opens("L5")
    await office.look("duty")
    await kari.hands_in(registered="ja", archive_number="2026/1234-5")
    await kari.reads_of("Før saken inn i arkivsystemet", "Gjort kl.")
    await kari.closes()
    await office.look("taken")
    for chat in (ola, kari):
        await expect(chat.screen.shown.locator("input, textarea")).to_have_count(0)
        stands = f"{await chat.screen.page.locator('body').inner_text()} {chat.screen.cards} {office.logged}"
        assert not [words for words in TYPED if words in stands]


async def test_a_form_that_can_not_be_used_says_what_is_wrong_and_can_be_handed_in_again(office: Office) -> None:
    (ola,) = await office.people("ola")
    sooner, later = (f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}" for days in (2, 3))
    await ola.types("/rus-borte")
    await ola.hands_in(**{"from": later, "until": sooner})
    await ola.reads(m.FAULT_ABSENCE_ORDER.in_(Language.NB))
    await office.look("fault")
    await ola.hands_in(**{"from": sooner, "until": later})
    await ola.sees("Lagret.")
    await ola.types("/rus-hendelse")
    await ola.reads("Hva har dere sett?")
    await ola.dialog.get_by_role("button", name="Varsle avdelingsleder").click()
    await expect(ola.dialog.get_by_text("Fyll ut dette feltet.")).to_have_count(3)
    await office.look("required")


async def test_a_few_letters_find_a_class(office: Office) -> None:
    (ola,) = await office.people("ola")
    await ola.types("/rus-hendelse")
    await ola.reads("Hva har dere sett?")
    field, found = ola.dialog.get_by_role("combobox").last, ola.screen.page.get_by_role("option")
    await field.click()
    await expect(found).to_have_count(22)
    await field.fill("2e")
    await expect(found).to_have_text(["2ELA (Bygg og elektro)"])
    await field.fill("idrett")
    await expect(found).to_have_text([f"{level}IDA (Idrettsfag)" for level in (1, 2, 3)])
    await office.look("class")
    await field.fill("finnes ikke")
    await expect(found).to_have_count(0)
