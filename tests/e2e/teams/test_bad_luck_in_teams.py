"""Teams is slow or delivers twice, or the bot dies: nothing that was accepted is lost, and nothing is done twice."""

from __future__ import annotations

import asyncio

import pytest

from tests.e2e.teams.conftest import Workplace
from tests.e2e.teams.scene import TeamsScene
from tests.e2e.teams.staffed import SEEN
from tests.e2e.teams.trouble import Answer, Delay, error, throttled
from tests.e2e.teams.visible import inputs_of, text_of


@pytest.mark.process
async def test_a_report_that_was_accepted_survives_the_death_of_the_program(work: Workplace) -> None:
    ola, kari = await TeamsScene(work.teams).people("ola", "kari")
    await ola.types("rus-hendelse")
    work.teams.trouble("post", *[throttled("4")] * 6)  # more than are posted at first, Kari's alert among them
    await ola.hands_in(**SEEN)
    await work.teams.until(lambda: work.teams.troubles.left("post") < 6)
    await asyncio.sleep(1)  # so that it is noted that it will be tried again; else its lease has to run out
    await work.bot.is_killed()
    assert not kari.person.from_bot
    await work.starts()
    await work.teams.until(lambda: kari.person.from_bot, within=40)
    assert "Sted: Verksted." in text_of(kari.person.from_bot[0].card)
    await kari.presses("Jeg tar saken")
    await ola.sees("Kari Moen har tatt saken")


@pytest.mark.process
async def test_what_is_written_while_the_program_is_down_is_answered_when_it_is_up_again(work: Workplace) -> None:
    (ola,) = await TeamsScene(work.teams).people("ola")
    await work.bot.is_killed()
    work.teams.delivery.tries, work.teams.delivery.again_after = 40, 0.25
    await asyncio.gather(ola.person.writes("rus-hendelse"), work.starts())
    await ola.reads("Hva har dere sett?")
    assert len(ola.person.from_bot) == 1


@pytest.mark.process
async def test_a_button_that_reaches_nobody_says_so_and_the_form_stays(work: Workplace) -> None:
    ola, kari = await TeamsScene(work.teams).people("ola", "kari")
    await ola.types("rus-hendelse")
    await work.bot.is_killed()
    with work.teams.expects("Varsle avdelingsleder: the bot is out of reach"):
        await ola.hands_in(**SEEN)
    assert ola.open
    assert ola.open.filled["place"] == "Verksted"
    await work.starts()
    await ola.person.presses("Varsle avdelingsleder", on=ola.open, times=2)
    await work.teams.until(lambda: kari.person.from_bot)
    assert "Varselet er sendt." in ola.reading
    await ola.types("rus-saker")
    assert len([line for line in ola.reading.split("\n") if line.startswith("Sak ")]) == 1


@pytest.mark.process
async def test_a_dialog_that_another_process_has_opened_stays_open_until_it_is_right(work: Workplace) -> None:
    (ola,) = await TeamsScene(work.teams).people("ola")
    await ola.person.opens("rus-borte")
    await work.bot.is_killed()
    await work.starts()
    assert ola.person.dialog
    await ola.person.fills({"from": "2027-01-08", "until": "2027-01-07"}, on=ola.person.dialog)
    await ola.person.presses("Lagre")
    assert "Den siste dagen kan ikke være før den første." in text_of(ola.person.dialog.card)
    assert [each["value"] for each in inputs_of(ola.person.dialog.card)] == ["2027-01-08", "2027-01-07"]
    await ola.person.fills({"until": "2027-01-09"}, on=ola.person.dialog)
    await ola.person.presses("Lagre")
    assert ola.person.dialog is None


async def test_nobody_waits_for_a_service_that_is_slow(work: Workplace) -> None:
    ola, eva = await TeamsScene(work.teams).people("ola", "eva")
    await ola.types("rus-hendelse")
    await eva.types("rus-hendelse")
    work.teams.trouble("post", *[Delay(before=2.0)] * 9)
    work.teams.trouble("token", Answer(500, error("ServiceError")))
    for chat in (ola, eva):
        assert chat.open
        await chat.person.fills(SEEN, on=chat.open)
        answer = await chat.person.presses("Varsle avdelingsleder", on=chat.open)
        assert answer
        assert answer.took < 1.0
        await chat.reads("Varselet er sendt.")


@pytest.mark.process
async def test_what_is_delivered_again_is_done_once_and_a_stop_finishes_it(work: Workplace) -> None:
    (ola,) = await TeamsScene(work.teams).people("ola")
    activity = ola.person.activities.said(ola.person.user, work.teams.tenant.personal(ola.person.user), "rus-hendelse")
    work.teams.trouble("post", *[Delay(before=0.5)] * 4)
    await asyncio.gather(*(work.teams.delivery.again(activity) for _ in range(4)))
    assert not ola.person.from_bot
    assert await work.bot.stops() == 0
    assert len(ola.person.from_bot) == 1
    assert not [line for line in work.bot.log if '"level": "error"' in line]
