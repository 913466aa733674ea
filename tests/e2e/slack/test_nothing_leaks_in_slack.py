"""What people write, and what comes in unasked: shown literally where it belongs, stored sealed, logged nowhere."""

from __future__ import annotations

import base64
import json
import time
import urllib.parse
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.five_cases import report, takes
from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.markup import markup_in
from tests.e2e.slack.scene import SlackScene
from tests.e2e.slack.visible import text_of
from tests.e2e.stored import rows_of_cases

HOSTILE = (
    "<!channel> <!here|alle> <!subteam^S012> <@U000000001> <#C01|klasse>",
    "<http://ondt.example|Klikk her> https://ondt.example www.ondt.example",
    "*fet* _kursiv_ ~strøket~ `kode` ```blokk``` >sitat",
    "&lt;b&gt; &amp; <b>&</b> {{DATE(2026)}} ${HOME} {0} %s",
    "[x](javascript:alert(1)) =HYPERLINK(1) '; DROP TABLE cases; --",
    "Čáŋgor šiella đuođđi ŧ ž – æøå ÆØÅ",
    "e\u0301 o\u0308 👩‍👩‍👧‍👦 :smile: :warning:",
    "nul\u0000 \u001b[31mrødt\u001b[0m \u200bnull",
    "linje1\r\nlinje2\nlinje3",
)


@pytest.mark.parametrize("written", HOSTILE)
async def test_what_is_written_is_shown_as_it_is_and_nowhere_but_in_a_dialog(work: Workplace, written: str) -> None:
    ola, kari = await SlackScene(work.slack).people("ola", "kari")
    await report(ola, "mistanke", "Kantine", "1BAA", under_18="ja")
    await takes(kari)
    await kari.presses("Vis saken")
    await kari.presses_in_dialog("Mer")
    await kari.presses_in_dialog("open_refutation")
    await kari.hands_in(reason=written)
    await kari.reads("Mistanken er avkreftet")
    kept = " ".join(written.replace("\x00", "").replace("\x1b", "").split())
    assert kari.person.modal
    shown = " ".join(text_of(kari.person.modal.blocks).split())
    assert kept in shown or "e\u0301" in written  # two ways to write é are one
    assert written not in work.slack.workspace.everything_posted()
    for posted in [*work.slack.workspace.posted, *(each["content"] for each in work.slack.workspace.shown)]:
        if isinstance(posted, dict):
            assert not markup_in(posted)


CANARY = "Kanarifugl Æriksen 01020312345"


@pytest.mark.process
async def test_what_somebody_has_written_is_in_no_file_and_no_log(work: Workplace, tmp_path: Path) -> None:
    ola, kari = await SlackScene(work.slack).people("ola", "kari")
    for command in ("/rus-hendelse", "/rus-plan", "/rus-ukjent"):
        await work.ola.slash(command, CANARY)
        await work.slack.until(lambda: work.ola.modal or work.ola.ephemerals)
        while work.ola.modal:
            await work.ola.closes()
    await work.ola.writes(CANARY)
    await report(ola, "mistanke", "Kantine", "1BAA", under_18="ja")
    await takes(kari)
    await kari.presses("Vis saken")
    await kari.presses_in_dialog("Mer")
    await kari.presses_in_dialog("open_refutation")
    await kari.hands_in(reason=CANARY)
    await kari.reads("Mistanken er avkreftet")
    await work.bot.stops()
    stored = _files(tmp_path)
    logged = "".join(work.bot.log)
    posted = work.slack.workspace.everything_posted()
    called = json.dumps([call.arguments for call in work.slack.calls if not call.method.startswith("views.")])
    for form in _forms(CANARY):
        assert form.encode() not in stored
        assert form not in logged + posted + called
    assert b"1BAA" not in rows_of_cases(tmp_path), "the pupil's class is sealed too"


def _files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def _forms(text: str) -> list[str]:
    return [
        text,
        json.dumps(text)[1:-1],
        urllib.parse.quote(text),
        urllib.parse.quote_plus(text),
        base64.b64encode(text.encode()).decode(),
        text.encode("utf-16-le").decode("latin-1"),
        text.partition(" ")[0],
    ]


@pytest.mark.process
async def test_a_request_that_slack_has_not_signed_just_now_gets_in_nowhere(work: Workplace) -> None:
    """The corpus is in tests/adapters/test_slack_gate.py; this is the door of the real process."""
    delivery, body = work.slack.delivery, "command=%2Frus-hendelse&text=Per+Hansen&user_id=U1&team_id=T1&trigger_id=1"
    right = delivery.signed(body)
    stale = delivery.signed(body, timestamp=int(time.time()) - 301)
    other = delivery.signed(body, secret="0" * 32)
    for headers in ({}, stale, other, {**right, "X-Slack-Request-Timestamp": "abc"}):
        ack = await delivery.post(body, headers)
        assert (ack.status, ack.body) == (401, "unauthorized")
    ack = await delivery.post(body + " ", right)
    assert ack.status == 401
    for malformed in ("[]", "null", '"x"', '{"a":', "[" * 100_000, "payload=1", "payload=%7B", "", "1" * 5000):
        ack = await delivery.post(malformed, delivery.signed(malformed))
        assert ack.status in (400, 404), malformed[:20]
    async with aiohttp.ClientSession() as session, session.get(f"{work.bot.url}/metrics") as answer:
        assert 'rusplan_events_total{event="slack_signature_refused",level="warning"}' in await answer.text()
    assert "Per" not in "".join(work.bot.log)
    assert not [line for line in work.bot.log if '"level": "error"' in line]
