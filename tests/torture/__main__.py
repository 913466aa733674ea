# ruff: noqa: T201 - a program of its own that prints a table
"""`make torture`: every row's full figures as a table; what was tried, what was lost, what was doubled."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
import time

from tests.torture.oracle import Tally

PARTS = (
    "kill",
    "stall",
    "stop",
    "clocks",
    "stuck",
    "faults",
    "outages",
    "races",
    "deaths",
    "replays",
    "databases",
    "corruption",
    "years",
)
LEAST = {"kill": 460, "stall": 160, "faults": 240, "races": 640, "clocks": 12}  # that are tried of each, or it failed
COLUMNS = ("tried", "reports lost", "messages lost", "doubled", "other")


async def run(parts: list[str], every: int) -> dict[str, tuple[Tally, int, int]]:
    """Return each part's sum, and how many of its cases passed and failed."""
    found: dict[str, tuple[Tally, int, int]] = {}
    for part in parts:
        total, passed, failed, start = Tally(), 0, 0, time.monotonic()
        async for name, tally in importlib.import_module(f"tests.torture.{part}").cases(every):
            total.add(tally)
            passed += tally.is_clean and tally.tried > 0  # what wasn't reached this time is no case
            failed += not tally.is_clean
            if not tally.is_clean:
                print(f"{part}: {name}: {tally}", file=sys.stderr, flush=True)
            print(
                f"\r{part}: {passed} passed, {failed} failed, {time.monotonic() - start:.0f} s", end="", file=sys.stderr
            )
        print(file=sys.stderr)
        found[part] = total, passed, failed
    return found


def print_table(found: dict[str, tuple[Tally, int, int]]) -> None:
    print(f"{'':12}" + "".join(f"{column:>15}" for column in COLUMNS))
    for part, (total, _, _) in found.items():
        figures = (total.tried, total.lost_reports, total.lost_messages, total.repeats, len(total.others))
        print(f"{part:12}" + "".join(f"{figure:15}" for figure in figures))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--every", type=int, default=1, help="try each so-manieth case only")
    arguments = parser.parse_args()
    found = asyncio.run(run(arguments.parts or list(PARTS), arguments.every))
    print_table(found)
    passed, failed = sum(row[1] for row in found.values()), sum(row[2] for row in found.values())
    print(f"{passed} passed, {failed} failed")
    too_few = [part for part in found if arguments.every == 1 and found[part][0].tried < LEAST.get(part, 1)]
    for part in too_few:
        print(f"{part}: only {found[part][0].tried} of at least {LEAST.get(part, 1)} were tried")
    return 1 if failed or too_few else 0


if __name__ == "__main__":
    sys.exit(main())
