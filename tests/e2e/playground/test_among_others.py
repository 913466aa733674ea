"""What is done among others, in a group or a channel: they learn nothing of it."""

from __future__ import annotations

import pytest

from tests.e2e.playground.chat import TeamsChat
from tests.e2e.playground.conftest import Office
from tests.e2e.playground.screen import Posted, expect

pytestmark = [pytest.mark.chromium, pytest.mark.node]

IN_PERSON = "Jeg svarer deg i din egen chat med boten, så ingen andre ser det."


def among_others(chat: TeamsChat) -> list[Posted]:
    return [each for each in chat.screen.posted if each.conversation.startswith("19:")]


async def test_a_mention_among_others_opens_the_form_in_ones_own_chat_alone(office: Office) -> None:
    (ola,) = await office.people("ola")
    for place in ("Group Chat", "My Team - Announcements"):
        await ola.screen.enter(place)
        await ola.screen.write("rus-hendelse Per er full", to="rusplan")
        await expect(ola.screen.page.get_by_text(IN_PERSON).last).to_be_visible()
        await expect(ola.screen.shown).to_have_count(0)
        await office.look(f"mentioned-in-{place[:5].lower()}")
        await ola.screen.open_chat("Personal Chat")
        await ola.reads("Skriv aldri navnet på en elev")
        await ola.reads("Hva har dere sett?")
        await ola.closes()
    assert [(each.text, each.card) for each in among_others(ola)] == [(IN_PERSON, None)] * 2


async def test_a_command_of_the_message_extension_opens_a_dialog_of_ones_own(office: Office) -> None:
    (ola,) = await office.people("ola")
    await ola.screen.enter("Group Chat")
    dialog = await ola.screen.open_command("rus-hendelse")
    await dialog.get_by_text("Mistanke", exact=True).check()
    for at, choice in enumerate(("Kantine", "1BAA (Bygg og elektro)")):
        await dialog.get_by_role("combobox").nth(at).click()
        await ola.screen.page.get_by_role("option", name=choice).click()
    await office.look("extension")
    await dialog.get_by_role("button", name="Varsle avdelingsleder").click()
    await expect(dialog).to_contain_text("Varselet er sendt.")
    await dialog.get_by_role("button", name="Avbryt").click()
    await expect(dialog).to_contain_text("Lukket.")
    assert among_others(ola) == []


async def test_a_form_of_the_message_extension_stays_open_with_what_is_wrong(office: Office) -> None:
    (ola,) = await office.people("ola")
    await ola.screen.enter("Group Chat")
    dialog = await ola.screen.open_command("rus-borte")
    await dialog.get_by_label("Fra og med").fill("2027-01-08")
    await dialog.get_by_label("Til og med").fill("2027-01-07")
    await dialog.get_by_role("button", name="Lagre").click()
    await expect(dialog).to_contain_text("Den siste dagen kan ikke være før den første.")
    await expect(dialog.get_by_label("Fra og med")).to_have_value("January 8, 2027")
    await expect(dialog.get_by_label("Til og med")).to_have_value("January 7, 2027")
    await office.look("extension-fault")
    await dialog.get_by_label("Til og med").fill("2027-01-09")
    await dialog.get_by_role("button", name="Lagre").click()
    await expect(dialog).to_contain_text("Lagret.")
