"""The prevention work of a school year as a plan sets it out; what an incident asks for stands in `plan.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.language import Text


class Binding(StrEnum):
    MUST = "skal"
    SHOULD = "bør"
    PROPOSED = "forslag"


class DatedBy(StrEnum):
    """Who set a measure's time: the plan, a regulation, or a proposal that the coordinator confirms."""

    PLAN = "plan"
    REGULATION = "forskrift"
    PROPOSAL = "forslag"


@dataclass(frozen=True, slots=True)
class Time:
    """When in the school year: first and last day as MM-DD, and reminders as `MM-DD`, `skolestart+7d`, `W10+7d`."""

    first_day: str
    last_day: str
    dated_by: DatedBy
    remind: tuple[str, ...]


class Asked(StrEnum):
    """What whoever confirms a measure is asked for."""

    DATE = "date"
    DATE_AND_TEXT = "date_and_text"
    COUNT = "count"
    COUNT_OF_GROUP = "count_of_group"  # of its pupils, whose number the school file has
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Resource:
    url: str
    checked: str  # the day somebody last saw that it works, YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing of the prevention year; one occurrence per time, audience and school year."""

    id: str
    text: Text
    done_when: Text | None
    note: Text | None
    clauses: tuple[str, ...]
    binding: Binding
    who: tuple[str, ...]
    audience: str
    asked: Asked
    times: Mapping[str, Time]
    performed_by: Text | None = None  # where it is somebody else than `who`
    resource: Resource | None = None
    sheet: str = ""  # the name of what is handed out for it
