"""What must be true of a plan's sheets: every sentence is the plan's, the law's or an adopted duty's, on one page."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from flows.drawing import lines_needed
from flows.faults import EntryPath, Fault
from flows.language import Language
from flows.papers.page import LINES, PART_LINES, SIZE, WIDTH
from flows.plan import Plan
from flows.sheet import Point, Sheet, places

MAX_TITLE = 80


def sheet_faults(plan: Plan) -> Iterator[Fault]:
    for name, sheet in plan.sheets.items():
        path: EntryPath = ("sheets", name)
        for place, point in places(sheet):
            yield from _origin_faults((*path, *place), point, plan)
        for at, part in enumerate(sheet):
            if max(len(part.title.in_(language)) for language in Language) > MAX_TITLE:
                yield Fault((*path, str(at)), f"En overskrift kan være høyst {MAX_TITLE} tegn.")
        longest = max(lines_of(sheet, language) for language in (Language.NB, Language.NN))
        if longest > LINES:
            yield Fault(path, f"Arket blir {ceil(longest)} linjer. Høyst {LINES} får plass på én side.")


def _origin_faults(path: EntryPath, point: Point, plan: Plan) -> Iterator[Fault]:
    if not (point.clauses or point.source or point.duty):
        yield Fault(path, "Skriv hvor setningen kommer fra: punkter i planen (clauses), eller lov (source).")
    for clause in point.clauses:
        if clause not in plan.clauses:
            yield Fault((*path, "clauses"), f"Det finnes ikke noe punkt «{clause}» i planen.")
    if point.duty and point.duty not in plan.duties:
        yield Fault((*path, "duty"), f"Det finnes ingen plikt «{point.duty}».")


def lines_of(sheet: Sheet, language: Language) -> float:
    """Return how many lines of a page a sheet takes at the most, with every duty adopted."""
    lines = PART_LINES * len(sheet)
    for _, point in places(sheet):
        lines += lines_needed(f"{point.text.in_(language)} ({point.origin(language)})", SIZE, WIDTH)
    return lines
