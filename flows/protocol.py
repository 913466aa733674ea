"""The protocol: from the facts of an incident to what each duty's outcome is; not who has done what since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from flows.duty import Duty, Outcome
from flows.plan import Plan

_WEIGHTS = {outcome: outcome.weight for outcome in Outcome}

Facts = Mapping[str, frozenset[str]]  # each fact's values; more than one only where the fact may have several


def starting_facts(plan: Plan, programme: str = "") -> dict[str, frozenset[str]]:
    """Return every fact's value before anybody has answered, as far as it has one.

    A class of a `programme` settles the facts that leave it a single value.
    """
    facts = {name: frozenset({fact.start}) for name, fact in plan.facts.items() if fact.start}
    for name, fact in plan.facts.items():
        possible = fact.by_programme.get(programme, ())
        if len(possible) == 1:
            facts[name] = frozenset(possible)
    return facts


def derive(plan: Plan, facts: Facts, *, elsewhere: bool = False) -> dict[str, Outcome]:
    """Return each duty's outcome for the facts.

    Several kinds at once: each alone, then ja > avklar > nei. `elsewhere`: the place is not school grounds (T44).
    Source: docs/decision-table.md.
    """
    singles = tuple(combinations(facts))
    return {duty.id: _outcome(duty, singles, elsewhere=elsewhere) for duty in plan.duties_in_force}


def combinations(facts: Facts) -> Iterator[dict[str, str]]:
    """Yield the facts with one value each, for every choice among several."""
    for values in product(*(sorted(chosen) for chosen in facts.values())):
        yield dict(zip(facts, values, strict=True))


def every_combination(plan: Plan) -> Iterator[dict[str, str]]:
    """Yield all single-valued combinations of the plan's facts, in the pack's order."""
    for values in product(*(fact.values for fact in plan.facts.values())):
        yield dict(zip(plan.facts, values, strict=True))


def _outcome(duty: Duty, singles: tuple[dict[str, str], ...], *, elsewhere: bool) -> Outcome:
    outcome = max((duty.when.outcome(single) for single in singles), key=_WEIGHTS.__getitem__)
    if elsewhere and duty.elsewhere and outcome is Outcome.YES:
        return duty.elsewhere
    return outcome
