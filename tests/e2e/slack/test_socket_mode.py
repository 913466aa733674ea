"""Socket Mode: the same bot without a public address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.program import starts_as_marked
from tests.e2e.slack.conftest import Workplace, workplace
from tests.e2e.slack.test_a_report_in_slack import SEEN, in_dm, reads, reports


@pytest.fixture
async def socket(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Workplace]:
    async with workplace(tmp_path) as work:
        await starts_as_marked(work, request, SLACK_APP_TOKEN=work.slack.app_token, SLACK_SIGNING_SECRET="")
        await work.slack.until(lambda: work.slack.sockets.connected, within=10)
        yield work
        assert not work.slack.faults


async def test_a_case_is_reported_and_taken_through_the_socket(socket: Workplace) -> None:
    await reports(socket, socket.ola)
    await socket.slack.until(lambda: socket.kari.dm)
    await socket.kari.presses("Jeg tar saken")
    await socket.slack.until(lambda: "Kari Moen har tatt saken" in in_dm(socket.ola))
    assert "Er eleven under 18 år?" in reads(socket.ola)
    assert [option["text"]["text"] for option in await socket.ola.searches("colleague", "arne")] == ["Arne Lo"]


async def test_there_is_no_endpoint_beside_the_socket(socket: Workplace) -> None:
    assert socket.here
    async with aiohttp.ClientSession() as session, session.post(f"{socket.here.url}/slack/events") as answer:
        assert answer.status == 404


async def test_a_socket_that_breaks_is_opened_again(socket: Workplace) -> None:
    await socket.slack.sockets.drop()
    await socket.slack.until(lambda: socket.slack.sockets.connected, within=25)
    await reports(socket, socket.ola)
    await socket.slack.until(lambda: socket.kari.dm)


async def test_a_ticket_that_has_run_out_is_asked_for_anew(socket: Workplace) -> None:
    sockets = socket.slack.sockets
    asked = len(socket.slack.calls_of("apps.connections.open"))
    sockets.is_down = True
    sockets.cut()
    await socket.slack.until(lambda: len(socket.slack.calls_of("apps.connections.open")) > asked, within=30)
    sockets._tickets.clear()
    sockets.is_down = False
    await socket.slack.until(lambda: sockets.connected, within=30)
    await reports(socket, socket.ola)
    socket.slack.faults.clear()  # a ticket that nobody knows any more


@pytest.mark.process
async def test_what_has_come_through_the_socket_is_answered_before_the_program_stops(socket: Workplace) -> None:
    await socket.ola.slash("/rus-hendelse")
    await socket.slack.until(lambda: socket.ola.modal)
    await socket.ola.fills(SEEN)
    handing_in = asyncio.create_task(socket.ola.submits())
    await asyncio.sleep(0.01)
    assert await socket.bot.stops() == 0
    assert await handing_in
    assert "Er eleven under 18 år?" in reads(socket.ola)
