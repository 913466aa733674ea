"""Three whole school years with a clock that is moved, of the demo school and of a county: each reminder once.

Source: the row "never twice, never lost" of the prevention year. Where everybody confirms at once, each task is told
once; where nobody does, it is told again and again.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from flows.school import School
from tests.torture.oracle import Tally
from tests.year import (
    Reminded,
    as_told,
    county,
    demo_school,
    downtime,
    expected,
    expected_once,
    on_the_first_of_august,
    reminded,
    school_in,
    wrong_of,
    years,
)

Each = TypeVar("Each")

BEGIN, END = datetime(2026, 8, 1, 3, 0, tzinfo=UTC), datetime(2029, 7, 31, 3, 0, tzinfo=UTC)
YEARS = 3
SEEDS = range(1, 7)
REPLICAS = 3
SCHOOLS, CLASSES = 35, 86  # with about three thousand contact teachers
AFTER_ANOTHER = "W11"  # it is due when another measure was done, so its day follows from a downtime


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    """Every downtime, or each so-manieth; of the county one school in so many."""
    demo = [demo_school()]
    yield "nobody answers", await _go_by(demo)
    yield f"{REPLICAS} replicas", await _go_by(demo, replicas=REPLICAS)
    for seed in SEEDS[::every]:
        yield f"down now and then, seed {seed}", await _goes_by_with_downtimes(seed)
    yield "a county", await _go_by(county(SCHOOLS, CLASSES)[::every], confirms=True)


async def _go_by(schools: Sequence[School], *, replicas: int = 1, confirms: bool = False) -> Tally:
    files = on_the_first_of_august(schools)
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        async with years(Path(folder), files, BEGIN, replicas=replicas, confirms=confirms) as going_by:
            await going_by.come(END)
    wanted = sum((_wanted(school, confirms=confirms) for school in schools), Reminded())
    return _compared(wanted, as_told(going_by.told))


def _wanted(school: School, *, confirms: bool) -> Reminded:
    editions = [school_in(school, later) for later in range(YEARS)]
    due = [(each, expected_once(each).values() if confirms else expected(each)) for each in editions]
    return sum((reminded(*each) for each in due), Reminded())


def _compared(wanted: Counter[Each], told: Counter[Each]) -> Tally:
    missing, too_many = wanted - told, told - wanted
    return Tally(tried=wanted.total(), lost_messages=missing.total(), repeats=too_many.total())


async def _goes_by_with_downtimes(seed: int) -> Tally:
    pattern, down = demo_school(), downtime(seed, BEGIN, END)
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        files = on_the_first_of_august([pattern])
        async with years(Path(folder), files, BEGIN, replicas=2, confirms=True, down=down) as going_by:
            await going_by.come(END)
    editions = [school_in(pattern, later) for later in range(YEARS)]
    first = {key: (each, school) for school in editions for key, each in expected_once(school).items()}
    tally = _compared(Counter(first.keys()), Counter(each.key for each in going_by.told))
    own = [each for each in going_by.told if each.key in first and each.key.measure != AFTER_ANOTHER]
    wrong = [(each, wrong_of(each, *first[each.key], down)) for each in own]
    tally.others += [f"{each.key}: {reason}" for each, reason in wrong if reason]
    return tally
