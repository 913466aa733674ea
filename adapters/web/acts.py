"""What a browser sends, read strictly: JSON in, `Incoming` out; it neither answers nor knows who may do what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.web import words
from adapters.web.people import PLATFORM, address
from flows.language import Text
from flows.limits import MAX_FIELDS, MAX_REFERENCE, MAX_TEXT
from flows.port import Incoming, MessageRef, Pressed, Submitted, Typed

MAX_CHOSEN = 1000  # values of one field
_DELIVERY = re.compile(r"[A-Za-z0-9-]{8,64}")

Body = Mapping[str, object]


class Malformed(ValueError):
    """A body that can't be an act; `sentence` says why."""

    def __init__(self, what: Text) -> None:
        super().__init__(what.nb)
        self.sentence = words.NOT_UNDERSTOOD.with_(what=what)


@dataclass(frozen=True, slots=True)
class Act:
    """An act as it came; `entry` is the message whose button was pressed, empty for one in a dialog."""

    user: str
    incoming: Incoming
    entry: str = ""


def body(raw: bytes) -> Body:
    """Return the JSON object that a request carries."""
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed(words.NOT_JSON) from error
    if not isinstance(read, dict):
        raise Malformed(words.NOT_JSON)
    return read


def said(read: Body) -> Act:
    """Return the act of typing."""
    text = _text(read, "text", MAX_TEXT)
    if not text.strip():
        raise _wrong("text")
    return _act(read, Typed(text))


def pressed(read: Body) -> Act:
    """Return the act of pressing a button."""
    entry = _text(read, "entry", MAX_REFERENCE)
    message = MessageRef(PLATFORM, user(read), entry) if entry else None
    act = Pressed(_filled(read, "action"), _text(read, "reference", MAX_REFERENCE), message)
    return _act(read, act, entry)


def submitted(read: Body) -> Act:
    """Return the act of handing in a dialog."""
    reference = _text(read, "reference", MAX_REFERENCE)
    return _act(read, Submitted(_filled(read, "action"), reference, _values(read)))


READERS: Mapping[str, Callable[[Body], Act]] = {"/say": said, "/press": pressed, "/submit": submitted}


def _text(read: Body, part: str, limit: int) -> str:
    """Return a part that must be text, without what no platform would let through."""
    return _clean(read.get(part), part, limit)


def user(read: Body) -> str:
    """Return whose act it is said to be."""
    return _text(read, "user", MAX_REFERENCE)


def _act(read: Body, act: Typed | Pressed | Submitted, entry: str = "") -> Act:
    delivery = _text(read, "delivery", MAX_REFERENCE)
    if not _DELIVERY.fullmatch(delivery):
        raise _wrong("delivery")
    return Act(user(read), Incoming(delivery, address(user(read)), act), entry)


def _filled(read: Body, part: str) -> str:
    filled = _text(read, part, MAX_REFERENCE)
    if not filled:
        raise _wrong(part)
    return filled


def _clean(value: object, part: str, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise _wrong(part)
    return "".join(letter for letter in value if letter != "\0" and not "\ud800" <= letter <= "\udfff")


def _values(read: Body) -> Mapping[str, tuple[str, ...]]:
    values = read.get("values")
    if not isinstance(values, dict) or len(values) > MAX_FIELDS:
        raise _wrong("values")
    return {_clean(name, "values", MAX_REFERENCE): _chosen(chosen) for name, chosen in values.items()}


def _chosen(chosen: object) -> tuple[str, ...]:
    if not isinstance(chosen, list) or not 0 < len(chosen) <= MAX_CHOSEN:
        raise _wrong("values")
    return tuple(_clean(value, "values", MAX_TEXT) for value in chosen)


def _wrong(part: str) -> Malformed:
    return Malformed(words.WRONG_PART.with_(part=part))
