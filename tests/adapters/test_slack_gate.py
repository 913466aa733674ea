"""Who is let in: whoever has signed just now with a secret that we know; everybody else hears the same one word."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientSession, web

from adapters import payload
from adapters.payload import MAX_BODY
from adapters.slack.gate import Gate
from bot import run
from bot.settings import Listening
from tests.adapters.slack_door import (
    CANARY,
    ITS_PARTS,
    NOW,
    OLD_SECRET,
    SECRET,
    Door,
    Headers,
    door,
    nothing_is_logged_of,
    signature,
    signed,
)

BODY = f'{{"type": "event_callback", "text": "{CANARY}"}}'.encode()
READ = {"type": "event_callback", "text": CANARY}
REFUSED = (401, "unauthorized")
TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
STAMP = str(int(NOW.timestamp()))
SIGNED = signature(BODY, STAMP)


@pytest.fixture
async def slack() -> AsyncIterator[Door]:
    async with door(SECRET) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _nothing_of_a_body_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever is refused: the log holds nothing of what was sent, and no error; also once the server has closed."""
    caplog.set_level(logging.DEBUG)
    yield
    nothing_is_logged_of(ITS_PARTS, caplog)


async def test_what_slack_has_signed_just_now_comes_in(slack: Door) -> None:
    assert await slack.knock(BODY) == (200, "in")
    assert slack.let_in == [READ]


def test_a_signature_is_the_one_that_slacks_documentation_shows() -> None:
    """The example of docs.slack.dev/authentication/verifying-requests-from-slack, letter for letter."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
        b"foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2F"
        b"hooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
        b"47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature(body, "1531420618", "8f742231b10e8888abcd99yyyzzz85a5") == expected


@pytest.mark.parametrize("seconds", [0, -299, 299, -300, 300])
async def test_five_minutes_either_way_are_just_now(slack: Door, seconds: int) -> None:
    assert await slack.knock(BODY, signed(BODY, seconds=seconds)) == (200, "in")


@pytest.mark.parametrize("seconds", [-301, 301, -3600, 3600, -NOW.timestamp(), 10**10])
async def test_what_is_older_or_from_the_future_is_refused(slack: Door, seconds: float) -> None:
    assert await slack.knock(BODY, signed(BODY, seconds=seconds)) == REFUSED
    assert slack.let_in == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([], id="none"),
        pytest.param([(TIMESTAMP, STAMP)], id="no signature"),
        pytest.param([(SIGNATURE, SIGNED)], id="no timestamp"),
        pytest.param([(TIMESTAMP, STAMP), (TIMESTAMP, STAMP), (SIGNATURE, SIGNED)], id="two timestamps"),
        pytest.param([(TIMESTAMP, STAMP), (TIMESTAMP, "1"), (SIGNATURE, SIGNED)], id="two other timestamps"),
        pytest.param([(TIMESTAMP, STAMP), (SIGNATURE, SIGNED), (SIGNATURE, SIGNED)], id="two signatures"),
        pytest.param([(TIMESTAMP, STAMP), (SIGNATURE, "v0=" + "0" * 64), (SIGNATURE, SIGNED)], id="a wrong one too"),
        pytest.param(signed(BODY, secret=OLD_SECRET), id="another secret"),
        pytest.param(signed(BODY, secret=SECRET.upper()), id="nearly the secret"),
        pytest.param(signed(BODY + b" "), id="another body"),
        pytest.param(signed(b""), id="no body"),
    ],
)
async def test_what_is_not_signed_once_with_our_secret_is_refused(slack: Door, headers: Headers) -> None:
    assert await slack.knock(BODY, headers) == REFUSED
    assert slack.let_in == []


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "v0=",
        SIGNED.upper(),
        SIGNED.removeprefix("v0="),
        SIGNED.replace("v0=", "v1="),
        SIGNED[:-1],
        SIGNED + "0",
        SIGNED + " x",
        f'"{SIGNED}"',
        f"{SIGNED},{SIGNED}",
        "v0=" + "0" * 64,
        "v0=" + "g" * 64,
        "v0=" + "ø" * 64,
        "v0=" + "٣" * 64,
        "x" * 4000,
    ],
)
async def test_a_signature_of_another_form_is_refused(slack: Door, sent: str) -> None:
    assert await slack.knock(BODY, [(TIMESTAMP, STAMP), (SIGNATURE, sent)]) == REFUSED


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "abc",
        "-1",
        f"+{STAMP}",
        f"{STAMP}.0",
        f"{STAMP}e0",
        f"0x{int(STAMP):x}",
        STAMP.replace("1", "١"),
        STAMP.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        "²",
        "ø",
        "9" * 12,
        "9" * 5000,
        f"{STAMP[:5]}_{STAMP[5:]}",
        f"{STAMP} {STAMP}",
        "null",
        "NaN",
        "inf",
    ],
)
async def test_a_timestamp_that_is_no_number_of_seconds_is_refused(slack: Door, sent: str) -> None:
    """Though it be signed: nothing of it is ever counted with."""
    assert await slack.knock(BODY, [(TIMESTAMP, sent), (SIGNATURE, signature(BODY, sent))]) == REFUSED


@pytest.mark.parametrize("at", [0, 1, len(BODY) // 2, len(BODY) - 1])
async def test_one_changed_byte_is_refused(slack: Door, at: int) -> None:
    other = BODY[:at] + bytes([BODY[at] ^ 1]) + BODY[at + 1 :]
    assert await slack.knock(other, signed(BODY)) == REFUSED


@pytest.mark.parametrize("other", [BODY + b"\n", b" " + BODY, BODY.replace(b": ", b":"), b"\xef\xbb\xbf" + BODY, b""])
async def test_other_white_space_is_another_body(slack: Door, other: bytes) -> None:
    assert await slack.knock(other, signed(BODY)) == REFUSED


@pytest.mark.parametrize("raw", [b"\xff", BODY + b"\xfe", BODY.decode().encode("utf-16"), "ø".encode("latin-1")])
async def test_what_is_no_utf_8_is_refused_even_if_it_is_signed(slack: Door, raw: bytes) -> None:
    assert await slack.knock(raw) == REFUSED


async def test_while_the_secret_is_changed_the_old_one_opens_too() -> None:
    async with door(SECRET, OLD_SECRET) as slack:
        assert await slack.knock(BODY, signed(BODY, secret=SECRET)) == (200, "in")
        assert await slack.knock(BODY, signed(BODY, secret=OLD_SECRET)) == (200, "in")
        assert await slack.knock(BODY, signed(BODY, secret="x")) == REFUSED
        assert slack.let_in == [READ, READ]


async def test_a_gate_without_a_secret_lets_nobody_in() -> None:
    async with door() as slack:
        assert await slack.knock(BODY) == REFUSED


@pytest.mark.parametrize("secret", ["", " "])
def test_an_empty_secret_is_no_secret(secret: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        Gate([secret], lambda: NOW)


async def test_a_refusal_is_one_line_in_the_log(slack: Door, caplog: pytest.LogCaptureFixture) -> None:
    await slack.knock(BODY, [])
    assert [r.getMessage() for r in caplog.records if r.name == "rusplan.slack"] == ["slack_signature_refused"]


# How much, and how fast.


async def test_a_body_of_the_largest_size_is_read(slack: Door) -> None:
    body = b'{"a": "' + b"x" * (MAX_BODY - 9) + b'"}'
    assert len(body) == MAX_BODY
    assert await slack.knock(body) == (200, "in")


@pytest.mark.parametrize("headers", [None, []], ids=["signed", "unsigned"])
@pytest.mark.parametrize("size", [MAX_BODY + 1, 4 * MAX_BODY])
async def test_a_larger_body_is_too_large_whoever_sends_it(slack: Door, headers: Headers | None, size: int) -> None:
    assert await slack.knock(b"x" * size, headers) == (413, "too large")
    assert slack.let_in == []


@pytest.mark.parametrize("pieces", [257, 1000])
async def test_a_body_that_grows_too_large_on_the_way_is_cut_off(slack: Door, pieces: int) -> None:
    """Without a length beforehand; what is answered doesn't depend on how much came."""

    async def grows() -> AsyncIterator[bytes]:
        for _ in range(pieces):
            yield b"x" * 1024

    status, said = await slack.knock(grows(), [])
    assert (status, len(said) < 80) == (413, True)
    assert not [word for word in said.strip(".").split() if word.isdecimal() and int(word) != MAX_BODY]


async def test_a_packed_body_is_not_let_in_though_it_be_signed(slack: Door) -> None:
    status, _ = await slack.knock(gzip.compress(BODY), signed(BODY), **{"Content-Encoding": "gzip"})
    assert 400 <= status < 500
    assert slack.let_in == []


async def at_the_gate(request: web.Request) -> web.Response:
    """Stand in Slack's place in the program's own server: whatever comes, goes through a gate."""
    await Gate([SECRET], lambda: NOW).body(request)
    return web.Response()


@pytest.mark.parametrize("packing", ["gzip", "deflate", "x"])
@pytest.mark.parametrize("size", [10, 100_000])
async def test_a_body_that_says_it_is_packed_and_is_not_is_no_fault_of_ours(packing: str, size: int) -> None:
    """Slack packs nothing. It comes before any signature is looked at, so anybody could fill the log with errors.

    The program's own server, since it is aiohttp's server that unpacks.
    """
    site = web.Application(client_max_size=MAX_BODY)
    site.router.add_post("/", at_the_gate)
    async with run._listening(Listening("127.0.0.1", 0), site) as url, ClientSession() as client:
        headers = {"Content-Encoding": packing, "Content-Type": "application/json"}
        async with client.post(url, data=b"x" * size, headers=headers, compress=None) as answer:
            assert 400 <= answer.status < 500
            assert await answer.text() in ("unauthorized", "malformed")


async def test_a_body_that_comes_too_slowly_is_given_up(slack: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "READ_WITHIN", 0.05)
    released = asyncio.Event()

    async def dawdles() -> AsyncIterator[bytes]:
        yield BODY[:10]
        await released.wait()

    assert await slack.knock(dawdles(), signed(BODY)) == (408, "too slow")
    released.set()
    assert slack.let_in == []


def test_a_body_is_waited_for_as_long_as_slack_waits_for_an_answer() -> None:
    assert payload.READ_WITHIN == 3


async def test_somebody_who_hangs_up_in_the_middle_leaves_no_trace(slack: Door) -> None:
    """The autouse fixture looks: no error is logged."""
    _, writer = await asyncio.open_connection(slack.client.host, slack.client.port)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n" + BODY)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.05)
    assert slack.let_in == []
