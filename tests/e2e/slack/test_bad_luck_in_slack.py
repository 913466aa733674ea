"""Slack is slow, refuses, loses answers, or the bot dies: nothing that was accepted is lost, and the person is told."""

from __future__ import annotations

import pytest

from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.test_a_report_in_slack import SEEN, reads, reports, whispered
from tests.e2e.slack.trouble import Answer, Delay, RateLimit, Refuse, Reset, Trouble
from tests.e2e.slack.visible import text_of


@pytest.mark.parametrize(
    "trouble",
    [
        RateLimit("1"),
        Refuse("internal_error"),
        Reset(),
        Answer(503, "Service Unavailable"),
        Answer(200, "<html>"),
        Delay(before=3.2),
    ],
    ids=lambda trouble: str(trouble).partition("(")[0],
)
async def test_a_form_that_slack_does_not_open_is_a_press_away(work: Workplace, trouble: Trouble) -> None:
    await work.ola.slash("/rus-hjelp")  # so that the bot knows him
    work.slack.trouble("views.open", trouble)
    with work.slack.expects(*(["expired_trigger_id"] if isinstance(trouble, Delay) else [])):
        await work.ola.slash("/rus-hendelse")
        await work.slack.until(lambda: "Ingenting er gått tapt" in whispered(work.ola))
        if isinstance(trouble, Delay):  # by then we have given it up
            await work.slack.until(lambda: work.slack.faults)
    await work.ola.presses("Åpne")
    await work.slack.until(lambda: "Hva har dere sett?" in reads(work.ola))


async def test_a_form_opens_though_slack_is_slow_elsewhere(work: Workplace) -> None:
    await reports(work, work.ola)
    await work.ola.closes()
    work.slack.trouble("chat.postMessage", *[Delay(before=2.0)] * 5)
    await work.eva.slash("/rus-hjelp")
    await work.eva.slash("/rus-hendelse")
    await work.slack.until(lambda: work.eva.modal)
    await work.eva.fills(SEEN)
    ack = await work.eva.submits()
    assert ack
    assert ack.took < 1.0


@pytest.mark.process
async def test_a_report_that_was_accepted_survives_the_death_of_the_program(work: Workplace) -> None:
    work.slack.trouble("chat.postMessage", *[Reset()] * 3)
    await work.ola.slash("/rus-hendelse")
    await work.slack.until(lambda: work.ola.modal)
    await work.ola.fills(SEEN)
    await work.ola.submits()
    await work.bot.is_killed()
    work.slack.troubles._queues.clear()
    await work.starts()
    await work.slack.until(lambda: work.kari.dm, within=40)
    assert "Sted: Verksted." in text_of(work.kari.dm[0].blocks)
    assert len(work.kari.dm) == 1


@pytest.mark.process
async def test_a_form_that_reaches_nobody_stays_and_makes_one_case_later(work: Workplace) -> None:
    await work.ola.slash("/rus-hendelse")
    await work.slack.until(lambda: work.ola.modal)
    await work.ola.fills(SEEN)
    await work.bot.is_killed()
    with work.slack.expects("submits"):
        await work.ola.submits()
    assert work.ola.modal, "Slack keeps the form with all that was filled in"
    await work.starts()
    await work.ola.submits(times=2)
    await work.slack.until(lambda: work.kari.dm)
    assert "Er eleven under 18 år?" in reads(work.ola)
    await work.ola.closes()
    await work.ola.slash("/rus-saker")
    await work.slack.until(lambda: "Sak " in reads(work.ola))
    assert len([line for line in reads(work.ola).split("\n") if line.startswith("Sak ")]) == 1


@pytest.mark.process
async def test_a_stop_finishes_what_is_under_way(work: Workplace) -> None:
    await reports(work, work.ola)
    assert await work.bot.stops() == 0
    assert not [line for line in work.bot.log if '"level": "error"' in line]


@pytest.mark.process
async def test_a_redelivered_event_is_answered_and_does_nothing_twice(work: Workplace) -> None:
    await work.ola.opens_home()
    await work.slack.until(lambda: work.ola.home)
    payload = work.ola.payloads.home_opened(work.ola.user, work.slack.workspace.open_im(work.ola.id))
    for _ in range(3):
        await work.slack.delivery.send("events_api", payload, "the same event again")
    assert not [line for line in work.bot.log if '"level": "error"' in line]
