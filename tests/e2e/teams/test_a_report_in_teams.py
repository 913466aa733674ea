"""A teacher reports in Teams: two interactions, and the head of the department has a message; nothing else is seen."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.teams.conftest import Workplace, workplace
from tests.e2e.teams.scene import TeamsChat, TeamsScene, card_of, is_dialog
from tests.e2e.teams.staffed import SEEN, Staffed
from tests.e2e.teams.visible import inputs_of, text_of


async def people(work: Workplace, *users: str) -> list[TeamsChat]:
    return await TeamsScene(work.teams).people(*users)


async def reports(person: TeamsChat) -> None:
    await person.types("/rus-hendelse")
    await person.hands_in(**SEEN)


def in_chat(person: TeamsChat) -> str:
    return "\n".join(text_of(message.card) + message.text for message in person.person.from_bot)


async def test_two_interactions_later_the_head_of_the_department_has_a_message(work: Workplace) -> None:
    ola, kari = await people(work, "ola", "kari")
    await reports(ola)
    (alert,) = await work.teams.until(lambda: kari.person.from_bot)
    assert "Sted: Verksted. Ola Rise er hos eleven. Ring +47 900 00 012." in text_of(alert.card)
    assert alert.summary.startswith("Ny sak ")
    await kari.presses("Jeg tar saken")
    assert "Du har tatt saken" in text_of(alert.card), "the answer itself shows it"
    await ola.sees("Kari Moen har tatt saken")
    assert kari.person.from_bot == [alert], "the message is changed in its place"
    assert {call.status for call in work.teams.calls_of("update")} == {200}


async def test_nothing_that_was_filled_in_stays_in_the_chat(work: Workplace) -> None:
    ola, kari = await people(work, "ola", "kari")
    await reports(ola)
    await ola.reads("Varselet er sendt.")
    await ola.hands_in(under_18="ja", stoff="alkohol")
    await work.teams.until(lambda: kari.person.from_bot)
    await ola.types("/rus-hendelse")
    await ola.presses_in_dialog("Avbryt")
    assert text_of(ola.open.card) == "Melding\nLukket." if ola.open else None
    assert not [each for each in ola.person.chat if inputs_of(each.card)]
    await kari.presses("Jeg tar saken")
    await ola.sees("Kari Moen har tatt saken")
    for person in (ola.person, kari.person):  # on their other devices, too
        await work.teams.until(lambda person=person: all(each.stored == each.card for each in person.from_bot))  # type: ignore[misc]
    lasting = [posted for posted in work.teams.tenant.posted if not is_dialog(card_of(posted))]
    for typed in ("1BAA", "synlig_beruset", "Synlig beruset", "alkohol", "Alkohol"):
        assert typed not in str(lasting)
    assert "Verksted" not in in_chat(ola).replace("Sted: Verksted", "")


async def test_a_form_that_can_not_be_used_keeps_what_was_typed_and_says_why(staffed: Staffed) -> None:
    (ola,) = await staffed.people("ola")
    await ola.types("rus-hendelse")
    form = ola.open
    assert form
    await ola.person.fills(SEEN, on=form)
    form.filled["place"] = "Månen"  # a school file that has changed meanwhile
    await ola.person.presses("Varsle avdelingsleder", on=form)
    assert form.bar == "Velg et sted fra lista."
    assert form.filled["class"] == "1BAA"
    assert "Månen" not in staffed.teams.tenant.everything_posted()


async def test_what_is_done_twice_is_done_once(work: Workplace) -> None:
    ola, kari = await people(work, "ola", "kari")
    await ola.types("Rus-Hendelse")
    await work.teams.delivery.again()
    form = ola.open
    assert form
    await ola.person.fills(SEEN, on=form)
    await ola.person.presses("Varsle avdelingsleder", on=form, times=2)
    (alert,) = await work.teams.until(lambda: kari.person.from_bot)
    as_it_was = alert.card
    await kari.person.presses("Jeg tar saken", on=alert, times=2)
    alert.shown.append(as_it_was)  # what a phone shows that has been without a net
    await kari.person.presses("Jeg tar saken", on=alert)
    assert "Du har allerede tatt saken." in text_of(alert.card)
    await ola.types("rus-saker")
    assert len([line for line in ola.reading.split("\n") if line.startswith("Sak ")]) == 1
    assert len([message for message in ola.person.from_bot if any(map(is_dialog, message.shown))]) == 2
    assert len(kari.person.from_bot) == 1


async def test_a_client_that_does_not_know_the_newer_buttons_reports_all_the_same(work: Workplace) -> None:
    ola, kari = await people(work, "ola", "kari")
    ola.person.knows_execute = kari.person.knows_execute = False
    await reports(ola)
    await ola.reads("Varselet er sendt.")
    await kari.presses("Jeg tar saken")
    await kari.sees("Du har tatt saken")
    await kari.presses("Vis saken")
    await kari.reads("Avslutt saken")
    await ola.sees("Kari Moen har tatt saken")
    assert len(kari.person.from_bot) == 2


async def test_the_message_extension_opens_a_dialog_from_any_chat(staffed: Staffed) -> None:
    """A chat of two people is personal, too, and not the one with the bot."""
    ola, kari = await staffed.people("ola", "kari")
    await ola.types("rus-hjelp")
    group = staffed.teams.tenant.group(ola.person.user, kari.person.user)
    among_two = staffed.teams.tenant.between(ola.person.user, staffed.person("eva").user)
    seen = len(ola.person.from_bot)
    for chat in (group, among_two):
        await ola.person.opens("rus-hendelse", chat=chat)
        assert ola.person.dialog
        await ola.person.fills(SEEN, on=ola.person.dialog)
        await ola.person.presses("Varsle avdelingsleder")
        assert "Varselet er sendt." in text_of(ola.person.dialog.card)
        await ola.person.presses("Avbryt")
        assert (ola.person.dialog, ola.person.told) == (None, "")
    await staffed.school.settles()
    assert len(kari.person.from_bot) == 2
    assert not group.messages
    assert not among_two.messages
    assert not [message for message in ola.person.from_bot[seen:] if is_dialog(message.card)]
    assert len(ola.person.from_bot) == seen + 2


async def test_every_command_answers_in_the_chat_and_in_ones_own_language(staffed: Staffed) -> None:
    (ola,) = await staffed.people("ola")
    for command, words in (
        ("/rus-saker", "Du har ingen åpne saker."),
        ("rus-plan skolehelsetjenesten", "B7.1"),
        ("/rus-borte", "Fra og med"),
        ("/rus-språk", "Hvilket språk vil du lese?"),
    ):
        await ola.types(command)
        await ola.reads(words)
    await ola.hands_in(language="nn")
    await ola.reads("Lagra. Nye meldingar kjem på nynorsk.")
    await ola.types("/rus-hjelp")
    await ola.sees("Meld ei rushending")
    await ola.presses("Meld ei rushending")
    await ola.reads("Kva har de sett?")


async def test_letters_are_looked_up_where_there_are_too_many_to_choose_from(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        more = "".join(
            f"  a{n}: {{name: Ansatt Nr{n}, email: a{n}@fjellheim.example, phone: +47 900 01 {n:03}}}\n"
            for n in range(150)
        )
        file = tmp_path / "school.yaml"
        file.write_text(file.read_text() + more)
        await work.opens()
        (ola,) = await people(work, "ola")
        await reports(ola)
        await ola.reads("Hvem er den andre voksne?")
        assert ola.open
        assert [each["title"] for each in await ola.person.searches("colleague", "lo arn", on=ola.open)] == ["Arne Lo"]
        assert not await ola.person.searches("colleague", "finnes ikke", on=ola.open)
        await ola.hands_in(colleague="Nr149", under_18="ja")
        assert not work.teams.faults
