"""An appointment as a button: what stands in the file travels in the button, and comes back when it is pressed.

Slack can't hand out a file from a modal, so pressing it puts the file into the person's own chat with the bot.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import replace
from typing import Any

from adapters.calendar_file import calendar_file
from flows.cards import Appointment

ACTION = "calendar"
MAX_VALUE = 2000  # characters of a button's value. Source: docs.slack.dev/reference/block-kit/block-elements
MAX_FILE = 20_000  # bytes of a file that a value may unfold to


def calendar_button(shown: Appointment, label: dict[str, Any]) -> dict[str, Any]:
    return {"type": "button", "text": label, "action_id": ACTION, "value": _packed(shown)}


def unpacked(value: str) -> bytes | None:
    """Return the file that a button holds; None for anything else."""
    try:
        packed = base64.b64decode(value, validate=True)
        folded = zlib.decompressobj()
        file = folded.decompress(packed, MAX_FILE)
    except (binascii.Error, ValueError, zlib.error):
        return None
    return file if folded.eof else None


def _packed(shown: Appointment) -> str:
    """Return the file as a value; a text too long for one is left out, the time and the title are what counts."""
    packed = _pack(shown)
    return packed if len(packed) <= MAX_VALUE else _pack(replace(shown, text=""))


def _pack(shown: Appointment) -> str:
    return base64.b64encode(zlib.compress(calendar_file(shown), 9)).decode("ascii")
