"""E-mail over SMTP (`flows.port.Mailer`): the way that is left where no chat takes an alert."""

from __future__ import annotations

import asyncio
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import aiosmtplib

from adapters.mail.settings import MailSettings
from flows.port import Refused, Uncertain

ANSWER_WITHIN = 9  # seconds
PERMANENT = 500  # from this code on trying again is no use. Source: RFC 5321 4.2.1


class MailSender:
    """`in_clear`: talk unencrypted to a server that offers nothing else; only for one on this machine."""

    def __init__(self, settings: MailSettings, *, in_clear: bool = False) -> None:
        self._settings = settings
        self._start_tls = False if settings.is_encrypted else None if in_clear else True  # None: where it is offered

    async def send(self, to: str, subject: str, text: str, at: datetime) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):  # a server that answers drop by drop keeps each single time
                await self._hand_in(self._letter(to, subject, text, at))
        except aiosmtplib.SMTPResponseException as error:
            raise Refused(f"mail_{error.code}", for_good=error.code >= PERMANENT) from None
        except aiosmtplib.SMTPRecipientsRefused as error:
            is_for_good = all(each.code >= PERMANENT for each in error.recipients)
            raise Refused("mail_refused", for_good=is_for_good) from None
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPNotSupported):
            raise Refused("mail_refused") from None
        except (aiosmtplib.SMTPException, OSError, ValueError):
            raise Uncertain("mail_no_answer") from None

    async def _hand_in(self, letter: EmailMessage) -> None:
        settings = self._settings
        await aiosmtplib.send(
            letter,
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
