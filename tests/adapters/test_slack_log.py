"""What the program logs of itself is heard after Slack has come in: bolt must not set our loggers' level."""

from __future__ import annotations

import logging

import pytest

from adapters.slack.listeners import Listeners
from adapters.slack.stage import Stage
from tests.adapters.fake_slack import fake_slack


async def test_a_payload_of_slacks_leaves_our_loggers_alone(caplog: pytest.LogCaptureFixture) -> None:
    ours = logging.getLogger("rusplan")
    before = ours.level
    async with fake_slack() as slack:
        listeners = Listeners(slack.client, None, Stage(slack.client, None, None, None))  # type: ignore[arg-type]
        await listeners.dispatch({"type": "event_callback", "event": {"type": "unheard_of"}})
        await listeners.stop()
    assert ours.level == before
    with caplog.at_level(logging.INFO, "rusplan"):
        logging.getLogger("rusplan.relay").info("still_heard")
    assert "still_heard" in caplog.messages
