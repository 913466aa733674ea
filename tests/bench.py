"""The figures that we hold ourselves to, measured in one run: `make bench` prints them, and fails beyond a limit."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.files import load_plan, shipped_plan
from flows.port import Address, Incoming, Submitted, Typed
from flows.protocol import derive, every_combination
from tests.bench_figures import beyond, figure
from tests.bench_promises import promises
from tests.bench_slack import slack
from tests.bench_teams import teams
from tests.bench_year import year
from tests.school import CHAT, KEY, School, opened

CLOSED_CASES = 100_000
EVENTS_PER_CASE = 10
TURNS = 150


def main() -> int:
    derivation()
    first_page()
    asyncio.run(turns())
    asyncio.run(promises())
    asyncio.run(slack())
    asyncio.run(teams())
    asyncio.run(year())
    print(*(f"beyond its limit: {line}" for line in beyond), sep="\n", end="\n" if beyond else "", file=sys.stderr)
    return 1 if beyond else 0


def derivation() -> None:
    """All 432 rows of the decision table: under 50 ms."""
    plan = load_plan(shipped_plan("oppdal"))
    combinations = [{name: frozenset({value}) for name, value in facts.items()} for facts in every_combination(plan)]
    times = [_timed(lambda: [derive(plan, facts) for facts in combinations]) for _ in range(7)]
    figure(f"derive {len(combinations)} rows", 1000 * statistics.median(times), " ms", most=50)


def first_page() -> None:
    """From the start of `rusplan demo` to its first page, once installed: within 2 s."""
    times = [_first_page() for _ in range(5)]
    figure("demo, start to first page, median", statistics.median(times), " s", most=2)


def _first_page() -> float:
    environ = {**os.environ, "PORT": "0", "HOST": "127.0.0.1"}
    start = time.perf_counter()
    command = [str(Path(sys.executable).with_name("rusplan")), "demo"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as demo:  # noqa: S603 - our own
        assert demo.stdout
        address = next(word for word in demo.stdout.readline().split() if word.startswith("http"))
        with urllib.request.urlopen(address) as page:  # noqa: S310 - our own page on loopback
            assert page.status == 200
        took = time.perf_counter() - start
        demo.terminate()
    return took


async def turns() -> None:
    """A turn beside 100,000 closed cases costs at most 1.1 times a turn on an empty database."""
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as full:
        async with opened(Path(full)):
            pass
        seed(Path(full) / "school.sqlite")
        async with opened(Path(empty)) as few, opened(Path(full)) as many:
            costs = await _side_by_side(few, many)
    for name, (alone, beside) in costs.items():
        said = f"{name}: its cost beside {CLOSED_CASES} closed cases, in costs on an empty database"
        figure(said, beside / alone, most=1.1)


def seed(file: Path) -> None:
    """Put closed cases beside the school's own, with their journal, keys, messages and deliveries."""
    database = sqlite3.connect(file)
    at, blob = 1_700_000_000_000_000, os.urandom(220)
    kek = hashlib.sha256(base64.b64decode(KEY)).hexdigest()[:8]
    cases = [f"{place:032x}" for place in range(CLOSED_CASES)]
    with database:
        database.executemany(
            "INSERT INTO cases (case_id, school_id, number, version, status, departments, reporter, plan_id,"
            " plan_version, reported_at) VALUES (?, 'fjellheim', ?, ?, 'closed', 'bygg', 'ola', 'oppdal', 'x', ?)",
            ((case, f"n{place}", EVENTS_PER_CASE, at + place) for place, case in enumerate(cases)),
        )
        database.executemany(
            "INSERT INTO sealed_keys (owner_id, school_id, kek, wrapped, created_at) VALUES (?, 'fjellheim', ?, ?, ?)",
            ((case, kek, blob[:61], at) for case in cases),
        )
        # The journal of another school: this one's chain must go on from its own head.
        database.executemany(
            "INSERT INTO journal (school_id, seq, at, actor, case_id, case_version, sealed, mac)"
            " VALUES ('arkiv', ?, ?, 'ola', ?, ?, ?, ?)",
            (
                (place * EVENTS_PER_CASE + version, at, case, version, blob, blob[:32])
                for place, case in enumerate(cases)
                for version in range(1, EVENTS_PER_CASE + 1)
            ),
        )
        database.executemany(
            "INSERT INTO outbox (id, dedupe_key, school_id, case_id, person_id, kind, priority, state, attempts,"
            " uncertain, due_at, not_before_at, created_at, finished_at)"
            " VALUES (?, ?, 'fjellheim', ?, 'kari', 'alert', 0, 'sent', 1, 0, ?, ?, ?, ?)",
            ((case, f"{case}/alert", case, at, at, at, at) for case in cases),
        )
        database.executemany(
            "INSERT INTO messages (id, school_id, case_id, person_id, kind, platform, tenant, user_id, conversation,"
            " message, shown_version, sent_at) VALUES (?, 'fjellheim', ?, 'kari', 'alert', 'chat', 't', 'kari', 'kari',"
            " ?, 9, ?)",
            ((case, case, case, at) for case in cases),
        )
    database.execute("ANALYZE")
    database.close()


async def _side_by_side(few: School, many: School) -> dict[str, tuple[float, float]]:
    """Return the median cost of each turn on both, taken in turns so that the machine's mood is the same for both."""
    costs: dict[str, tuple[list[float], list[float]]] = {}
    for place in range(TURNS):
        for side, school in enumerate((few, many) if place % 2 else (many, few)):
            column = side if place % 2 else 1 - side
            for name, act in _acts(school, place):
                start = time.perf_counter()
                await act()
                costs.setdefault(name, ([], []))[column].append(time.perf_counter() - start)
    warm = TURNS // 10
    return {
        name: (statistics.median(alone[warm:]), statistics.median(beside[warm:]))
        for name, (alone, beside) in costs.items()
    }


def _acts(school: School, place: int) -> list[tuple[str, Callable[[], Awaitable[object]]]]:
    case = f"f{place:031x}"  # none of the closed ones
    reported = {"hendelsestype": ("synlig_beruset",), "place": ("Verksted",), "class": ("1BAA",)}
    answered = {"under_18": ("ja",), "colleague": ("eva",)}

    def hand_in(key: str, act: Typed | Submitted) -> Callable[[], Awaitable[object]]:
        async def turn() -> None:
            reply = await school.app.turns.handle(Incoming(f"{key}{place}", Address(CHAT, "t", "ola"), act))
            assert reply.card is None, "a turn that fails is fast, and no figure"

        return turn

    return [
        ("command", hand_in("c", Typed("/rus-hendelse"))),
        ("report", hand_in("r", Submitted("report", case, reported))),
        ("answers", hand_in("a", Submitted("answer", case, answered))),
        ("relay", school.app.relay.drain),
    ]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
