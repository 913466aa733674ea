"""What is needed to send an e-mail; read from the environment elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

SCHEMES = {"smtp": 587, "smtps": 465}  # STARTTLS, and TLS from the beginning


class BadMailUrl(ValueError):
    """An address that names no mail server and sender."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """`is_encrypted` from the beginning; else it must be made so before anything is said, save on this machine."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_encrypted: bool = False


def parse_mail_url(url: str) -> MailSettings:
    """Return what `smtp[s]://user:password@host:port?from=address` says; raise `BadMailUrl`."""
    parts = urlsplit(url)
    sender = parse_qs(parts.query).get("from", [""])[-1]
    try:
        port = parts.port or SCHEMES.get(parts.scheme, 0)
    except ValueError as error:
        raise BadMailUrl from error
    if parts.scheme not in SCHEMES or not parts.hostname or not _is_address(sender):
        raise BadMailUrl
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailSettings(parts.hostname, port, sender, user, password, parts.scheme == "smtps")


def _is_address(text: str) -> bool:
    name, _, domain = text.partition("@")
    return bool(name and domain) and text.isprintable() and not set(text) & set(" <>\r\n")
