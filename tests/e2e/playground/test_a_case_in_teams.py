"""One of the five cases from the command to its end, played by people in front of Microsoft's own playground."""

from __future__ import annotations

import pytest

from tests.e2e.five_cases import a_suspicion_that_is_refuted
from tests.e2e.playground.conftest import Office

pytestmark = [pytest.mark.chromium, pytest.mark.node]


async def test_a_case_goes_from_the_command_to_its_end(office: Office) -> None:
    await a_suspicion_that_is_refuted(office)
