"""What a platform sends, before it is understood: read within limits, strict JSON, text that can't play tricks."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from flows.port import Address

MAX_BODY = 256 * 1024  # bytes; also what the site takes at most
READ_WITHIN = 3.0  # seconds: what is slower, the platform has given up
MAX_TEXT = 4000  # characters of what is typed; nobody reads more of it than a command
MAX_DEPTH = 40  # of a payload; the platforms' own are far from it
_DIRECTION_MARKS = (
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # turn what follows around
)


class Malformed(ValueError):
    """A payload that its platform would not send."""


@dataclass(frozen=True, slots=True)
class Search:
    """Letters typed into a field that searches; `source` is the list's name."""

    sender: Address
    source: str
    query: str


async def read(request: web.Request) -> bytes:
    """Return a request's body; raise the answer to one that is packed, too large or too slow."""
    if "Content-Encoding" in request.headers:  # no platform packs anything, and unpacking comes before any proof
        raise web.HTTPUnsupportedMediaType(text="malformed")
    if request.content_length is not None and request.content_length > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, text="too large")
    try:
        async with asyncio.timeout(READ_WITHIN):
            return await request.read()  # the application cuts off what grows beyond the limit
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="too slow") from None


def from_json(text: str) -> Any:
    """Read JSON as it is defined; Python also takes what is no number."""
    return json.loads(text, parse_constant=_no_number)


def _no_number(_: str) -> Any:
    raise Malformed("number")


def clean(value: Any, depth: int = 0) -> Any:
    """Return a payload in composed letters, without what breaks or turns around a text; raise `Malformed`.

    Platforms pass on half a letter (a lone surrogate) as it was typed.
    """
    if depth > MAX_DEPTH:
        raise Malformed("depth")
    match value:
        case str():
            return _clean_text(value)
        case dict():
            return {_clean_text(str(name)): clean(each, depth + 1) for name, each in value.items()}
        case list():
            return [clean(each, depth + 1) for each in value]
        case _:
            return value


def _clean_text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    kept = (letter for letter in text if not _breaks(letter))
    return unicodedata.normalize("NFC", "".join(kept))


def _breaks(letter: str) -> bool:
    is_control = letter < " " and letter not in "\n\t\r"
    return is_control or letter in _DIRECTION_MARKS or "\ud800" <= letter <= "\udfff" or letter == "\x7f"
