"""The shipped plan and a made-up school, read from their files once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import pytest

from bot.files import load_plan, load_school, shipped_plan
from flows.context import Context
from flows.plan import Plan
from flows.roster import Roster
from flows.school import School
from tests.flows.story import MONDAY_MORNING, Story

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan(shipped_plan("oppdal"))


@pytest.fixture(scope="session")
def school(plan: Plan) -> School:
    return load_school(HERE / "school.yaml", {plan.id: plan})


@pytest.fixture
def context(plan: Plan, school: School) -> Callable[..., Context]:
    """Return what makes a context: the made-up school, those who are absent, and a given instant."""

    def make(absent: Iterable[str] = (), now: datetime = MONDAY_MORNING) -> Context:
        return Context(now, Roster(school, frozenset(absent)), plan)

    return make


@pytest.fixture
def story(plan: Plan, school: School) -> Story:
    return Story(plan, school)
