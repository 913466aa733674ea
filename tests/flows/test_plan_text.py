"""Every sentence of the plan is in the shipped pack, verbatim and whole, under the ids that the domain gives them."""

from __future__ import annotations

import re
from pathlib import Path

from flows.plan import Plan

PLAN_TEXT = Path(__file__).parent / "handlingsplan-mot-rus.txt"

# The clause register gives the Hovedmål as M0, K1 and S2 in full, and F5b for the words that stand after F6.
# fmt: off
IDS = (
    "G1",
    "G2",
    "G3",
    "G4",
    "M0",
    "M1",
    "D0",
    "D1",
    "D2",
    "D3",
    "D4",
    "V1",
    "A1",
    "A2a",
    "A2b",
    "A3",
    "A4",
    "A5",
    "A6a",
    "A6b",
    "A6c",
    "A6d",
    "F1",
    "F2a",
    "F2b",
    "F3",
    "F4",
    "F5",
    "F5b",
    "F6",
    "F7",
    "F8",
    "B0",
    "B1.1",
    "B1.2",
    "B1.3a",
    "B1.3b",
    "B1.4",
    "B1.5",
    "B1.6",
    "B2.1",
    "B3.1",
    "B3.2",
    "B4.1",
    "B4.2",
    "B5.1",
    "B5.2",
    "B6.1",
    "B7.1",
    "B7.2",
    "K1a",
    "K1b",
    "K1c",
    "S1",
    "S2",
    "S3",
)
# fmt: on

# What is no sentence of the plan: its headings, the labels of its table, list marks, and addresses.
NOT_SENTENCES = {
    "Handlingsplan mot rus Bakgrunn",
    "Hovedmål",
    "Delmål",
    "Skolens ansvarsfordeling og tiltak 1.",
    "2.",
    "3.",
    "4.",
    "5.",
    "6.",
    "Konkrete tiltak på hvert årskull: Vg 1",
    "Vg2",
    "Vg3",
    "•",
    "https://www.udir.no/lk20/overordnet-del/om-overordnet-de",
    "https://www.blakors.no/ressursbank/snakkekort-for-ungdom/undervisningsopplegg-om-rusmidler-for-ungdom/"
    "#h-oppvarming-5-10-minutter",
    "https://tv.nrk.no/serie/rus",
    "Mulige konsekvenser",
    "Kompetanseheving for ansatte",
}


def one_line(text: str) -> str:
    return " ".join(text.split())


def sentences() -> str:
    """Return the plan as one line. List marks stand between sentences, never inside one."""
    return one_line(PLAN_TEXT.read_text(encoding="utf-8"))


def test_the_ids_of_the_clauses_are_those_of_the_domain(plan: Plan) -> None:
    assert sorted(plan.clauses) == sorted(IDS)


def test_every_clause_is_in_the_plan_word_for_word(plan: Plan) -> None:
    missing = [name for name, clause in plan.clauses.items() if one_line(clause) not in sentences()]
    assert missing == []


def test_nothing_of_the_plan_is_left_out_but_headings_list_marks_and_addresses(plan: Plan) -> None:
    rest = sentences()
    for clause in sorted(plan.clauses.values(), key=len, reverse=True):
        rest = rest.replace(one_line(clause), "\n", 1)
    left = {piece.strip() for line in rest.splitlines() for piece in re.split(r"(•|https://\S+)", line)}
    assert left - {""} <= NOT_SENTENCES


def test_the_headings_that_are_left_over_are_really_in_the_plan() -> None:
    missing = [heading for heading in NOT_SENTENCES if heading not in sentences()]
    assert missing == []


def test_the_clauses_stand_in_the_order_of_the_plan(plan: Plan) -> None:
    """A person who reads the two side by side finds each where it is expected; B4.2 repeats words of B4.1."""
    text, places = sentences(), []
    for name, clause in plan.clauses.items():
        if name != "B4.2":
            places.append((text.index(one_line(clause)), name))
    assert [name for _, name in places] == [name for _, name in sorted(places)]


def test_a_duty_of_the_plan_names_clauses_that_exist(plan: Plan) -> None:
    for duty in plan.duties.values():
        if duty.origin == "plan":
            assert duty.clauses, duty.id
            assert set(duty.clauses) <= set(plan.clauses), duty.id


def test_clauses_about_an_incident_belong_to_a_duty(plan: Plan) -> None:
    """B1.3b and B3.2 are the owner's, K1a-c stand on one duty; only the heading B0 asks for nothing."""
    owed = {name for name in plan.clauses if name[0] in "BK"} - {"B0"}
    named = {clause for duty in plan.duties.values() for clause in duty.clauses}
    assert owed - named == set()
