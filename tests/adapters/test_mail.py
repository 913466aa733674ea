"""E-mail through a real SMTP server on this machine, which takes it, refuses it, or falls silent."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from adapters.mail.sender import MailSender
from adapters.mail.settings import BadMailUrl, MailSettings, parse_mail_url
from flows.port import NotDelivered, Refused, Uncertain

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Office:
    """A post office that keeps what it is given; `says` is its answer to the letter."""

    port: int = 0
    says: str = "250 OK"
    letters: list[Envelope] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.says == "hangs":
            await asyncio.Event().wait()
        self.letters.append(envelope)
        return self.says

    def sender(self, *, in_clear: bool = True) -> MailSender:
        return MailSender(MailSettings("127.0.0.1", self.port, "rusplan@skole.example"), in_clear=in_clear)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(office, hostname="post.example", loop=loop), "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    yield office
    server.close()


async def test_a_letter_arrives_as_it_was_written(office: Office) -> None:
    await office.sender().send("kari@skole.example", "rusplan: sak ABC234", "Sak ABC234 venter på deg.\n", AT)
    (envelope,) = office.letters
    assert envelope.rcpt_tos == ["kari@skole.example"]
    assert envelope.mail_from == "rusplan@skole.example"
    assert isinstance(envelope.content, bytes)
    letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert letter["Subject"] == "rusplan: sak ABC234"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert letter["Message-ID"].endswith("@skole.example>")
    assert letter.get_content().replace("\r\n", "\n") == "Sak ABC234 venter på deg.\n"


@pytest.mark.parametrize(
    ("says", "code", "for_good"), [("550 No such user", "mail_550", True), ("451 Try later", "mail_451", False)]
)
async def test_a_no_is_a_no(office: Office, says: str, code: str, *, for_good: bool) -> None:
    office.says = says
    with pytest.raises(Refused) as refused:
        await office.sender().send("kari@skole.example", "x", "y", AT)
    assert (refused.value.code, refused.value.for_good) == (code, for_good)


class Closed(SMTP):
    """A server that lets nobody in, and takes nothing from whoever comes without a name."""

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        await self.push("550 You may not send from here")


@pytest.mark.parametrize("password", ["", "gammelt"])
async def test_what_the_server_has_against_us_is_not_for_good_for_whoever_is_written_to(
    office: Office, caplog: pytest.LogCaptureFixture, password: str
) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Closed(office, loop=loop, authenticator=_nobody, auth_require_tls=False), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    settings = MailSettings("127.0.0.1", port, "rusplan@skole.example", "bot" if password else "", password)
    with pytest.raises(Refused) as refused:
        await MailSender(settings, in_clear=True).send("kari@skole.example", "x", "y", AT)
    server.close()
    assert (refused.value.code, refused.value.for_good) == ("mail_535" if password else "mail_550", False)
    assert [record.getMessage() for record in caplog.records if record.name == "rusplan.mail"] == [
        "mail_server_refuses_us"
    ]


def _nobody(*_: object) -> AuthResult:
    return AuthResult(success=False, handled=False)


@pytest.mark.parametrize("says", ["", "220 post.example\r\n"], ids=["no_greeting", "no_more"])
async def test_a_server_that_falls_silent_before_the_letter_has_sent_nothing(
    monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    monkeypatch.setattr("adapters.mail.sender.ANSWER_WITHIN", 0.1)
    held: list[asyncio.StreamWriter] = []

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        writer.write(says.encode())

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sender = MailSender(MailSettings("127.0.0.1", port, "rusplan@skole.example"), in_clear=True)
    with pytest.raises(Refused) as refused:
        await sender.send("kari@skole.example", "x", "y", AT)
    for writer in held:
        writer.close()
    server.close()
    assert not refused.value.for_good


async def test_a_server_that_does_not_even_take_the_call_has_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.mail.sender.ANSWER_WITHIN", 0.1)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.settimeout(0)
            each.connect_ex(full.getsockname())
        settings = MailSettings("127.0.0.1", full.getsockname()[1], "rusplan@skole.example")
        with pytest.raises(Refused):
            await MailSender(settings, in_clear=True).send("kari@skole.example", "x", "y", AT)
        for each in waiting:
            each.close()


async def test_silence_is_no_answer(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.mail.sender.ANSWER_WITHIN", 0.1)
    office.says = "hangs"
    with pytest.raises(Uncertain):
        await office.sender().send("kari@skole.example", "x", "y", AT)


async def test_nobody_at_the_door_is_a_no() -> None:
    sender = MailSender(MailSettings("127.0.0.1", 9, "rusplan@skole.example"), in_clear=True)
    with pytest.raises(Refused):
        await sender.send("kari@skole.example", "x", "y", AT)


async def test_nothing_is_said_in_clear_to_a_server_that_can_not_encrypt(office: Office) -> None:
    with pytest.raises(NotDelivered):
        await office.sender(in_clear=False).send("kari@skole.example", "x", "y", AT)
    assert not office.letters


@pytest.mark.parametrize("address", ["kari@skole.example\r\nBcc: alle@skole.example", "kari", "", "k a@b"])
async def test_an_address_that_is_none_raises_nothing_else(office: Office, address: str) -> None:
    with contextlib.suppress(NotDelivered):
        await office.sender().send(address, "x", "y", AT)
    assert not [letter for letter in office.letters if "alle@skole.example" in letter.rcpt_tos]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtps://bot:hem%40lig@smtp.skole.no?from=rusplan@skole.no",
            MailSettings("smtp.skole.no", 465, "rusplan@skole.no", "bot", "hem@lig", is_encrypted=True),
        ),
        ("smtp://smtp.skole.no:2525?from=rusplan@skole.no", MailSettings("smtp.skole.no", 2525, "rusplan@skole.no")),
        ("smtp://127.0.0.1?from=a@b", MailSettings("127.0.0.1", 587, "a@b")),
    ],
)
def test_an_address_of_a_server_is_read(url: str, expected: MailSettings) -> None:
    assert parse_mail_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "smtp.skole.no",
        "http://smtp.skole.no?from=a@b",
        "smtp://smtp.skole.no",
        "smtp://?from=a@b",
        "smtp://smtp.skole.no:abc?from=a@b",
        "smtp://smtp.skole.no:99999?from=a@b",
        "smtp://smtp.skole.no?from=navn",
        "smtp://smtp.skole.no?from=a@b%0d%0aBcc:c@d",
    ],
)
def test_what_names_no_server_and_sender_is_refused(url: str) -> None:
    with pytest.raises(BadMailUrl):
        parse_mail_url(url)
