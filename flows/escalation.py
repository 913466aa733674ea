"""How an alert climbs: which level comes next and when; who is told at each stands in the plan and the roster."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from flows.duty import Outcome
from flows.incident import Escalation
from flows.plan import Level, Plan
from flows.school import Calendar
from flows.school_days import after_at_school, day_end, local_day, when_told

SHORTEST_PAUSE = timedelta(minutes=15)  # between two levels that aren't acute
SHORTEST_ROUND = timedelta(minutes=10)
LONGEST_ROUND = timedelta(hours=4)  # unless the plan's own is longer
EQUAL_ROUNDS = 4  # of the plan's length; each one after them takes twice as long as the one before
MOST_DOUBLINGS = 10


class Position(NamedTuple):
    """A level of a round, both from 0."""

    round: int
    level: int


def chain_for(plan: Plan, outcomes: dict[str, Outcome]) -> str:
    """Return the most urgent escalation among the duties that alert. An avklar alerts too. Source: B1.3a, B3.1, T09."""
    chains = {duty.alerts for duty in plan.duties_in_force if duty.alerts and outcomes[duty.id] is not Outcome.NO}
    return min(chains, key=plan.urgency)


def next_position(levels: tuple[Level, ...], now_at: Position) -> Position:
    """Return what follows a level; after the last one the round begins again."""
    if now_at.level + 1 < len(levels):
        return Position(now_at.round, now_at.level + 1)
    return Position(now_at.round + 1, 0)


def due_at(
    levels: tuple[Level, ...], escalation: Escalation, position: Position, calendar: Calendar | None
) -> datetime:
    """Return when a level is due: counted from the start, whatever any platform does meanwhile.

    `calendar`: of what isn't acute, the first round is over within the school day, and of the next ones only the hours
    of school days count; None: every hour does.
    """
    earlier = (round_length(levels, number) for number in range(position.round))
    time = sum(earlier, levels[position.level].after)
    if calendar is None:
        return escalation.started_at + time
    if position.round == 0:
        return _same_day(levels, escalation, position.level, calendar)
    return after_at_school(calendar, escalation.started_at, time)


def _same_day(levels: tuple[Level, ...], escalation: Escalation, level: int, calendar: Calendar) -> datetime:
    """Return when a level of the first round is due: sooner than the plan says where the day would end before.

    The last comes at the day's end, those before it with a pause between them; where the day is too short for that,
    they follow each other all the same. Source: B3.1, T21.
    """
    begun_at = when_told(calendar, escalation.started_at)
    left = day_end(calendar, local_day(begun_at)) - begun_at
    latest = max(left - SHORTEST_PAUSE * (len(levels) - 1 - level), SHORTEST_PAUSE * level)
    return begun_at + min(levels[level].after, latest)


def latest_due(levels: tuple[Level, ...], calendar: Calendar | None, now: datetime) -> datetime:
    """Return the last instant that a level can be due at: a clock that has been wrong may have set another."""
    longest = max(round_length(levels), LONGEST_ROUND)
    return now + longest if calendar is None else after_at_school(calendar, now, longest)


def rounds_missed(
    levels: tuple[Level, ...], escalation: Escalation, position: Position, calendar: Calendar | None, now: datetime
) -> int:
    """Return how many whole rounds have gone by since a level was due: nobody is reminded of those after the fact."""
    missed = 0
    while due_at(levels, escalation, Position(position.round + missed + 1, position.level), calendar) <= now:
        missed += 1
    return missed


def round_length(levels: tuple[Level, ...], number: int = 0) -> timedelta:
    """Return a round's length: its last level, and once more the pause before that one.

    Who has not answered through the first rounds is asked less and less often, and never stops being asked: nobody
    hears an alarm any more that never pauses.
    """
    last = levels[-1].after
    pause = last - levels[-2].after if len(levels) > 1 else SHORTEST_ROUND
    length = max(last + pause, SHORTEST_ROUND)
    doubled = min(max(0, number - EQUAL_ROUNDS + 1), MOST_DOUBLINGS)
    return max(length, min(length * (1 << doubled), LONGEST_ROUND))
