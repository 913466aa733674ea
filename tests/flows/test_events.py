"""What was stored once is read for ever: `stored_events.jsonl` holds each kind of event as it stands in databases.

A new kind, or a new field with a default, adds a line; a line that is there is never changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flows.events import Event, decode, encode

STORED = [json.loads(line) for line in Path(__file__).with_name("stored_events.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: stored["event"])
def test_an_event_that_was_stored_is_read_as_what_it_was(stored: dict[str, Any]) -> None:
    again = json.loads(json.dumps(encode(decode(stored))))
    assert stored.items() <= again.items()


def test_every_kind_of_event_has_a_line() -> None:
    assert {type(decode(stored)) for stored in STORED} == set(Event.__args__)


@pytest.mark.parametrize(
    "stored", [{}, {"event": "Unheard"}, {"event": "DutyDone"}, {"event": "DutyDone", "duty": ["X1"]}]
)
def test_anything_else_is_no_event(stored: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"event|duty"):
        decode(stored)
