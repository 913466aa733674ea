"""How far a task of the prevention year has come: the one notion behind lists, pictures, papers and notices."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from flows.tasks import Seen, Standing


class State(StrEnum):
    """How far something has come, the most pressing first."""

    LATE = "late"
    DUE = "due"
    PLANNED = "planned"
    COMING = "coming"
    DONE = "done"
    DROPPED = "dropped"


def state_of(seen: Seen, today: date) -> State:
    """Return how far a task has come; what should have been done by now is late, whatever day it is planned for."""
    task, window = seen.task, seen.occurrence.window
    match task.standing:
        case Standing.DONE:
            return State.DONE
        case Standing.DROPPED | Standing.GONE:
            return State.DROPPED
        case Standing.OPEN:
            if window.last_day < today:
                return State.LATE
            if task.planned_for and task.planned_for >= today:
                return State.PLANNED
            return State.DUE if window.first_day <= today else State.COMING


def is_late(seen: Seen, today: date) -> bool:
    """Say whether something should have been done by now."""
    return state_of(seen, today) is State.LATE
