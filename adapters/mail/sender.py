"""E-mail over SMTP (`flows.port.Mailer`): the way that is left where no chat takes an alert."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

import aiosmtplib

from adapters.mail.settings import MailSettings
from flows.port import Refused, Uncertain

ANSWER_WITHIN = 9  # seconds
PERMANENT = 500  # from this code on trying again is no use. Source: RFC 5321 4.2.1

log = logging.getLogger("rusplan.mail")


class MailSender:
    """`in_clear`: talk unencrypted to a server that offers nothing else; only for one on this machine."""

    def __init__(self, settings: MailSettings, *, in_clear: bool = False) -> None:
        self._settings = settings
        self._start_tls = False if settings.is_encrypted else None if in_clear else True  # None: where it is offered

    async def send(self, to: str, subject: str, text: str, at: datetime) -> None:
        try:
            letter = self._letter(to, subject, text, at)
        except ValueError:
            raise Refused("mail_address", for_good=True) from None
        call = self._call()
        try:  # a server that answers drop by drop keeps each single time, and never comes to an end
            async with asyncio.timeout(ANSWER_WITHIN), call:
                await call.send_message(letter)
        except aiosmtplib.SMTPRecipientsRefused as error:
            is_for_good = all(each.code >= PERMANENT for each in error.recipients)
            raise Refused("mail_refused", for_good=is_for_good) from None
        except aiosmtplib.SMTPDataError as error:
            raise Refused(f"mail_{error.code}", for_good=error.code >= PERMANENT) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error.code) from None
        except (aiosmtplib.SMTPException, OSError, ValueError):
            if call.has_content:
                raise Uncertain("mail_no_answer") from None
            raise Refused("mail_no_answer") from None

    def _call(self) -> _Call:
        settings = self._settings
        return _Call(
            hostname=settings.host,
            port=settings.port,
            username=settings.user or None,
            password=settings.password or None,
            use_tls=settings.is_encrypted,
            start_tls=self._start_tls,
            timeout=ANSWER_WITHIN,
        )

    def _letter(self, to: str, subject: str, text: str, at: datetime) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._settings.sender, to, subject
        letter["Date"] = format_datetime(at)
        letter["Message-ID"] = make_msgid(domain=self._settings.sender.partition("@")[2])
        letter["Auto-Submitted"] = "auto-generated"  # nobody's holiday notice comes back. Source: RFC 3834
        letter.set_content(text)
        return letter


def _refused(code: int) -> Refused:
    """Return what it is when a server wants nothing from us: no fault of whoever is written to, but ours to mend."""
    if code >= PERMANENT:
        log.error("mail_server_refuses_us", extra={"code": str(code)})
    return Refused(f"mail_{code}")


class _Call(aiosmtplib.SMTP):
    """One conversation with a server: until the content of the letter is handed over, nothing has been sent."""

    has_content = False

    async def data(self, *content: Any, **options: Any) -> aiosmtplib.SMTPResponse:
        self.has_content = True
        return await super().data(*content, **options)
