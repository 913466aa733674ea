"""The shipped plan's duties against docs/decision-table.md, by hand: all combinations, and several kinds at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product

import pytest

from flows.duty import Origin, Outcome
from flows.plan import Plan
from flows.protocol import derive, starting_facts

KINDS = ("synlig_beruset", "bruk_pa_omradet", "besittelse_eller_omsetning", "mistanke")
AGES = ("ja", "nei", "ukjent")
PRAKSIS = ("nei", "ja_i_praksis", "ja_ikke_i_praksis", "ukjent")
SUBSTANCES = ("alkohol", "illegalt", "ukjent")
CONSENTS = ("ja", "nei", "ikke_spurt")

JA, NEI, AVKLAR = "ja", "nei", "avklar"
RANK = (NEI, AVKLAR, JA)

Cell = str | tuple[str, Mapping[str, str]]

# Cells that depend on one more fact: the fact, and the outcome for each of its values.
MINORS: Cell = ("under_18", {"ja": JA, "nei": NEI, "ukjent": AVKLAR})
MINORS_ASKED: Cell = ("under_18", {"ja": AVKLAR, "nei": NEI, "ukjent": AVKLAR})
OUT_OF_PRAKSIS: Cell = ("yrkesfag", {"nei": NEI, "ja_i_praksis": JA, "ja_ikke_i_praksis": AVKLAR, "ukjent": AVKLAR})
PRAKSIS_ASKED: Cell = ("yrkesfag", {"nei": NEI, "ja_i_praksis": AVKLAR, "ja_ikke_i_praksis": AVKLAR, "ukjent": AVKLAR})
NOT_ALCOHOL: Cell = ("stoff", {"alkohol": NEI, "illegalt": AVKLAR, "ukjent": AVKLAR})
ILLEGAL: Cell = ("stoff", {"alkohol": NEI, "illegalt": JA, "ukjent": AVKLAR})
CONSENT: Cell = ("samtykke_hjelp", {"ja": JA, "nei": NEI, "ikke_spurt": AVKLAR})

# docs/decision-table.md; the columns are those of KINDS.
TABLE: dict[str, tuple[Cell, Cell, Cell, Cell]] = {
    "X1": (JA, JA, AVKLAR, AVKLAR),
    "B1.1": (JA, AVKLAR, NEI, NEI),
    "B1.2": (JA, AVKLAR, NEI, NEI),
    "B1.6": (JA, AVKLAR, NEI, NEI),
    "L1": (JA, AVKLAR, NEI, NEI),
    "L2": (JA, AVKLAR, NEI, NEI),
    "B1.3a": (JA, AVKLAR, AVKLAR, NEI),
    "B3.1": (JA, JA, JA, JA),
    "B4.1": (JA, JA, JA, JA),
    "B5.1": (JA, JA, JA, JA),
    "B5.2": (JA, JA, JA, JA),
    "B7.1": (JA, JA, JA, JA),
    "B1.4": (MINORS, MINORS_ASKED, MINORS_ASKED, MINORS_ASKED),
    "B1.5": (MINORS, MINORS_ASKED, MINORS_ASKED, MINORS_ASKED),
    "B2.1": (OUT_OF_PRAKSIS, OUT_OF_PRAKSIS, OUT_OF_PRAKSIS, PRAKSIS_ASKED),
    "B4.2": (MINORS, MINORS, MINORS, MINORS),
    "B6.1": (NOT_ALCOHOL, ILLEGAL, NOT_ALCOHOL, NOT_ALCOHOL),
    "B7.2": (CONSENT, CONSENT, CONSENT, CONSENT),
    "K1": (AVKLAR, AVKLAR, AVKLAR, NEI),
    "L3": (MINORS, MINORS_ASKED, NEI, NEI),
    "L4": (MINORS, MINORS, MINORS, MINORS),
    "L5": (JA, JA, JA, AVKLAR),
}


def facts_of(kinds: tuple[str, ...], age: str, praksis: str, substance: str, consent: str) -> dict[str, frozenset[str]]:
    return {
        "hendelsestype": frozenset(kinds),
        "under_18": frozenset({age}),
        "yrkesfag": frozenset({praksis}),
        "stoff": frozenset({substance}),
        "samtykke_hjelp": frozenset({consent}),
    }


def others() -> Iterator[tuple[str, str, str, str]]:
    return product(AGES, PRAKSIS, SUBSTANCES, CONSENTS)


def cell(duty: str, kind: str, facts: Mapping[str, frozenset[str]]) -> str:
    entry = TABLE[duty][KINDS.index(kind)]
    if isinstance(entry, str):
        return entry
    fact, outcomes = entry
    (value,) = facts[fact]
    return outcomes[value]


def expected(facts: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Return the outcome of every duty: each kind alone, then ja > avklar > nei."""
    kinds = facts["hendelsestype"]
    return {duty: max((cell(duty, kind, facts) for kind in kinds), key=RANK.index) for duty in TABLE}


def in_table(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    return {duty: str(outcome) for duty, outcome in outcomes.items()}


def every_single() -> list[dict[str, frozenset[str]]]:
    return [facts_of((kind,), *other) for kind in KINDS for other in others()]


def test_there_are_432_combinations() -> None:
    assert len(every_single()) == 432


def test_the_pack_holds_these_duties_and_no_other(plan: Plan) -> None:
    assert [duty.id for duty in plan.duties_in_force if duty.id not in TABLE] == []
    assert len(TABLE) == len(plan.duties_in_force) == 22


def test_the_pack_knows_the_facts_and_values_of_the_domain(plan: Plan) -> None:
    known = {name: tuple(fact.values) for name, fact in plan.facts.items()}
    assert known == {
        "hendelsestype": KINDS,
        "under_18": AGES,
        "yrkesfag": PRAKSIS,
        "stoff": SUBSTANCES,
        "samtykke_hjelp": CONSENTS,
    }


def test_every_combination_comes_out_as_the_domain_says(plan: Plan) -> None:
    wrong = [facts for facts in every_single() if in_table(derive(plan, facts)) != expected(facts)]
    assert wrong == []


@pytest.mark.parametrize("size", [2, 3, 4])
def test_several_kinds_at_once_are_each_alone_then_the_strongest(plan: Plan, size: int) -> None:
    for kinds in combinations(KINDS, size):
        for other in others():
            facts = facts_of(kinds, *other)
            assert in_table(derive(plan, facts)) == expected(facts), facts


def test_an_adult_never_makes_it_ja_to_tell_guardians_or_child_welfare(plan: Plan) -> None:
    telling = [duty.id for duty in plan.duties.values() if duty.disclosure in ("guardian", "child_welfare")]
    assert set(telling) == {"B1.4", "B1.5", "B4.2", "L3"}
    for facts in every_single():
        if facts["under_18"] == {"nei"}:
            outcomes = derive(plan, facts)
            assert {outcomes[duty] for duty in telling} == {Outcome.NO}, facts


def test_an_unknown_age_never_makes_it_ja_to_tell_guardians_or_child_welfare(plan: Plan) -> None:
    for facts in every_single():
        if facts["under_18"] == {"ukjent"}:
            outcomes = derive(plan, facts)
            assert Outcome.YES not in {outcomes[duty] for duty in ("B1.4", "B1.5", "B4.2", "L3", "L4")}, facts


def test_alcohol_alone_never_goes_to_the_police(plan: Plan) -> None:
    for facts in every_single():
        if facts["stoff"] == {"alkohol"}:
            assert derive(plan, facts)["B6.1"] is Outcome.NO, facts


def test_only_use_of_something_illegal_is_ja_to_the_police(plan: Plan) -> None:
    reported = [facts for facts in every_single() if derive(plan, facts)["B6.1"] is Outcome.YES]
    assert len(reported) == 36
    for facts in reported:
        assert facts["hendelsestype"] == {"bruk_pa_omradet"}
        assert facts["stoff"] == {"illegalt"}


def test_bortvisning_comes_with_two_members_of_staff_the_rektor_and_a_hearing(plan: Plan) -> None:
    for facts in every_single():
        outcomes = derive(plan, facts)
        assert outcomes["B1.1"] is outcomes["B1.2"] is outcomes["L1"] is outcomes["L2"] is outcomes["B1.6"], facts


def test_the_decision_about_bortvisning_is_the_rektors_alone(plan: Plan) -> None:
    """Opplæringslova § 13-1: «Det er rektor sjølv som vedtar bortvising»."""
    for name in ("B1.1", "L1"):
        assert plan.duties[name].who == ("rektor",)
        assert not plan.duties[name].may_delegate


def test_safety_is_never_nei(plan: Plan) -> None:
    safe = [duty.id for duty in plan.duties_in_force if duty.origin is Origin.SAFETY]
    assert safe == ["X1"]
    for facts in every_single():
        assert derive(plan, facts)["X1"] is not Outcome.NO


def test_somewhere_else_than_on_school_grounds_only_the_police_report_must_be_clarified(plan: Plan) -> None:
    for facts in every_single():
        here, there = derive(plan, facts), derive(plan, facts, elsewhere=True)
        if here["B6.1"] is Outcome.YES:
            assert there["B6.1"] is Outcome.CLARIFY, facts
        assert {d: o for d, o in there.items() if d != "B6.1"} == {d: o for d, o in here.items() if d != "B6.1"}
        assert here["B6.1"] is Outcome.YES or there["B6.1"] is here["B6.1"], facts


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("programme", ["", "yrkesfag", "studieforberedende"])
def test_before_anybody_has_answered_nothing_is_told_outside_and_safety_stands(
    plan: Plan, kind: str, programme: str
) -> None:
    facts = {**starting_facts(plan, programme), "hendelsestype": frozenset({kind})}
    outcomes = derive(plan, facts)
    outside = [d.id for d in plan.duties_in_force if d.disclosure.leaves_the_school]
    assert {outcomes[duty] for duty in outside} <= {Outcome.CLARIFY, Outcome.NO}
    assert outcomes["X1"] is not Outcome.NO
    assert outcomes["B7.2"] is Outcome.CLARIFY


def test_a_class_of_studieforberedende_settles_that_nobody_is_in_praksis(plan: Plan) -> None:
    assert starting_facts(plan, "studieforberedende")["yrkesfag"] == {"nei"}
    assert starting_facts(plan, "yrkesfag")["yrkesfag"] == {"ukjent"}
    assert starting_facts(plan)["yrkesfag"] == {"ukjent"}


@pytest.mark.parametrize(
    ("duty", "source"),
    [("L1", "§ 13-1"), ("L2", "§ 16"), ("L3", "§ 16"), ("L4", "§ 24-3"), ("L5", "arkivlova")],
)
def test_a_duty_of_the_law_says_which_law(plan: Plan, duty: str, source: str) -> None:
    assert plan.duties[duty].origin is Origin.LAW
    assert source in plan.duties[duty].source


def test_the_optional_modules_of_other_plans_are_in_the_pack_and_off(plan: Plan) -> None:
    """X1 always, X2-X20 until adopted; X21 is not this protocol."""
    off = [duty.id for duty in plan.duties.values() if not duty.adopted]
    assert off == [f"X{number}" for number in range(2, 21)]
