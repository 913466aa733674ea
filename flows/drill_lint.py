"""What must be true of a plan's made-up cases, so that each can be practised on; the rest of a plan: `plan_lint.py`."""

from __future__ import annotations

from collections.abc import Iterator

from flows.faults import EntryPath, Fault, listed
from flows.language import Language
from flows.limits import MAX_OPTIONS
from flows.plan import FictiveCase, Plan

MAX_TEXT = 600  # characters that are read before a drill
MAX_NAME = 40


def drill_faults(plan: Plan) -> Iterator[Fault]:
    """Yield what keeps a made-up case from being practised on: unknown facts, texts too long, unknown measures."""
    drills = plan.drills
    for measure in drills.measures:
        if measure not in plan.wheel:
            yield Fault(("drills", "measures"), f"Det finnes ikke noe tiltak «{measure}» i årshjulet.")
    if len(drills.cases) > MAX_OPTIONS:
        yield Fault(("drills", "cases"), f"Høyst {MAX_OPTIONS} oppdiktede saker; her er {len(drills.cases)}.")
    for name, case in drills.cases.items():
        path: EntryPath = ("drills", "cases", name)
        longest = max(len(case.text.in_(language)) for language in Language)
        if longest > MAX_TEXT:
            yield Fault(path, f"Teksten er {longest} tegn. Høyst {MAX_TEXT}: alle skal rekke å lese den.")
        if len(name) > MAX_NAME:
            yield Fault(path, f"Navnet kan være høyst {MAX_NAME} tegn.")
        yield from _fact_faults((*path, "known"), case, plan)


def _fact_faults(path: EntryPath, case: FictiveCase, plan: Plan) -> Iterator[Fault]:
    missing = [name for name in plan.facts_asked_first() if name not in case.known]
    if missing:
        yield Fault(path, f"{listed(missing)} mangler: det spør det første skjemaet om.")
    for name, values in case.known.items():
        fact = plan.facts.get(name)
        if fact is None:
            yield Fault(path, f"Det finnes ingen opplysning «{name}».")
            continue
        possible = fact.by_programme.get(case.programme, tuple(fact.values))
        for value in sorted(set(values) - set(fact.values)):
            yield Fault((*path, name), f"«{value}» er ikke blant verdiene til {name}.")
        for value in sorted((set(values) & set(fact.values)) - set(possible)):
            yield Fault((*path, name), f"«{value}» kan ikke være på {case.programme}.")
        if len(values) > 1 and not fact.several:
            yield Fault((*path, name), f"«{name}» kan bare ha én verdi.")
