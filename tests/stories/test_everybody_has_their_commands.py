"""What each can ask the bot for: one's cases, the plan, being away, the language; and who a case is about, if that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.files import SHIPPED_PLANS
from flows.cards import Step, plain_text
from tests.school import Member, School, buttons, opened


def words(member: Member) -> str:
    assert member.dialog
    return plain_text(member.dialog)


def stored(school: School, said: bytes) -> list[Path]:
    """Return the files of the database that hold these words in clear."""
    folder = Path(school.url.removeprefix("sqlite:///")).parent
    return [file for file in folder.glob("school.sqlite*") if said in file.read_bytes()]


async def test_ones_cases_are_listed_with_what_is_to_do_and_lead_there(school: School) -> None:
    ola, kari, siri = school["ola"], school["kari"], school["siri"]
    await ola.reports()
    first = ola.message.text.split()[1]
    await kari.presses("Jeg tar saken")
    await kari.types("/rus-saker")
    assert f"Sak {first}" in words(kari)
    assert "Kari Moen har saken" in words(kari)
    assert "1BAA" not in words(kari)
    assert kari.dialog
    (button,) = [b for b in buttons(kari.dialog) if b.reference.endswith("/B5.2")]
    await kari.presses(button.label, reference=button.reference, in_dialog=True)
    await kari.submits(informed_person="siri")
    await kari.types("/rus-saker")
    assert kari.dialog
    assert not [b for b in buttons(kari.dialog) if b.reference.endswith("/B5.2")]
    await siri.types("/rus-saker")
    assert "Gi eleven informasjon og tilbud" in words(siri)
    assert "Kontakt barnevernet" not in words(siri)
    await school["marit"].types("/rus-saker")
    assert "Du har ingen åpne saker." in words(school["marit"])


async def test_a_closed_case_is_in_nobodys_list(school: School) -> None:
    await school["ola"].reports()
    await school["ola"].presses("Trekk varselet")
    await school["ola"].submits(reason="Jeg trykket feil.")
    await school["ola"].types("/rus-saker")
    assert "Du har ingen åpne saker." in words(school["ola"])


async def test_the_plan_is_searched_with_the_command_and_what_was_typed_stays_nowhere(school: School) -> None:
    ola = school["ola"]
    await ola.types("/rus-plan russemøte Kjell")
    assert "Ingen treff" in words(ola)
    assert "Kjell" not in words(ola)
    await ola.submits(query="russemøte")
    assert "Mars: Russemøte" in words(ola)
    assert ola.dialog
    (button,) = [b for b in buttons(ola.dialog) if b.reference == "/F7"]
    await ola.presses(button.label, reference="/F7", in_dialog=True)
    assert "MOT-koordinator" in words(ola)
    assert "01.03.–31.03." in words(ola)
    assert not stored(school, b"Kjell")


async def test_the_chosen_language_is_the_one_that_comes(school: School) -> None:
    ola = school["ola"]
    await ola.types("/rus-språk")
    await ola.submits(language="nn")
    assert ola.notice == "Lagra. Nye meldingar kjem på nynorsk."
    await ola.reports()
    assert "Ikkje leit i eigedelane" in ola.message.text
    await school.restarts()
    await ola.types("/rus-hjelp")
    assert ola.answer
    assert "Eg leier dykk" in plain_text(ola.answer)


async def test_an_absence_that_comes_twice_is_one(school: School) -> None:
    kari = school["kari"]
    await kari.types("/rus-borte")
    assert kari.dialog
    assert kari.dialog.submit
    await kari.submits(until="2026-11-27")
    act = kari.last
    assert act
    await kari.does_again(act, f"kari-{kari.acts}")
    await kari.types("/rus-borte")
    assert kari.dialog
    away = [block for block in kari.dialog.blocks if isinstance(block, Step)]
    assert [step.text for step in away] == ["Fra og med i dag til og med fredag 27.11."]


async def test_who_registers_absence_for_later_is_asked_until_then(school: School) -> None:
    ola, kari, arne = school["ola"], school["kari"], school["arne"]
    await kari.types("/rus-borte")
    await kari.submits(**{"from": "2026-11-24", "until": "2026-11-25"})
    await ola.reports()
    assert len(kari.messages) == 1
    await kari.presses("Jeg tar saken")
    assert arne.messages == []
    await school.passes(hours=14)  # past midnight
    assert "Du har noe å gjøre i denne saken" in arne.message.text


async def test_who_is_back_is_back_from_every_absence_that_has_begun(school: School) -> None:
    kari = school["kari"]
    for until in ("2026-11-25", "2026-11-27"):
        await kari.types("/rus-borte")
        await kari.submits(until=until)
    await kari.types("/rus-borte")
    assert kari.dialog
    back = [button for button in buttons(kari.dialog) if button.action == "come_back"]
    await kari.presses("Jeg er tilbake", reference=back[0].reference, in_dialog=True)
    assert kari.notice == "Velkommen tilbake."
    await school["ola"].reports()
    assert len(kari.messages) == 1, "she is alerted again"
    kari.dialog = None
    await kari.types("/rus-borte")
    assert kari.dialog
    assert "come_back" not in [button.action for button in buttons(kari.dialog)]


async def test_who_leaves_a_role_empty_for_a_while_is_told_so(school: School) -> None:
    kari, arne = school["kari"], school["arne"]
    await arne.types("/rus-borte")
    await arne.submits(**{"from": "2026-12-02", "until": "2026-12-04"})
    await kari.types("/rus-borte")
    assert "Ingen stedfortreder" not in words(kari)
    await kari.submits(**{"from": "2026-12-01", "until": "2026-12-02"})
    assert "har ingen stedfortreder hele tiden" in kari.notice
    await kari.types("/rus-borte")
    await kari.submits(**{"from": "2026-12-07", "until": "2026-12-08"})
    assert kari.notice == "Lagret. Stedfortrederne dine tar over."


@pytest.fixture
async def naming(tmp_path: Path) -> AsyncIterator[School]:
    """The same school under a plan that allows a short reference to the pupil."""
    written = (
        (SHIPPED_PLANS / "oppdal" / "plan.yaml").read_text().replace("pupil_reference: off", "pupil_reference: on")
    )
    plan = tmp_path / "plan.yaml"
    plan.write_text(written)
    async with opened(tmp_path, plan=plan) as school:
        yield school


async def test_a_short_reference_stands_in_the_case_and_nowhere_else(naming: School) -> None:
    ola, kari, siri = naming["ola"], naming["kari"], naming["siri"]
    await ola.reports()
    await kari.presses("Jeg tar saken")
    await ola.presses("Vis saken")
    await ola.presses("Mer", in_dialog=True)
    await ola.presses("Hvem gjelder det?", in_dialog=True)
    await ola.submits(pupil="Q.Zx.")
    assert "Gjelder: Q.Zx." in words(ola)
    await kari.presses("Vis saken")
    assert "Gjelder: Q.Zx." in words(kari)
    await siri.presses("Se hva det er")
    assert "Q.Zx." not in words(siri)
    for chat in naming.chat.chats.values():
        assert not [
            card for message in chat for card in message.shown if "Q.Zx." in f"{plain_text(card)}{card.summary}"
        ]
    await ola.presses("Vis saken")
    await ola.presses("Mer", in_dialog=True)
    await ola.presses("Hvem gjelder det?", in_dialog=True)
    await ola.submits(pupil="Ola Nordmann, født 2009")
    assert ola.faults == {"pupil": "Skriv det kortere."}
    assert not stored(naming, b"Q.Zx.")


async def test_the_shipped_plan_asks_for_no_reference(school: School) -> None:
    await school["ola"].reports()
    await school["kari"].presses("Jeg tar saken")
    await school["kari"].presses("Vis saken")
    await school["kari"].presses("Mer", in_dialog=True)
    card = school["kari"].dialog
    assert card
    assert "open_pupil" not in [button.action for button in buttons(card)]
