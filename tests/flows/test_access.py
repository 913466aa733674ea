"""Who may do what with a case, written out by hand: refused unless a line here allows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.access import ALLOWED, WHEN_CLOSED, Action, Relation, holders, may, relations
from flows.commands import Escalate, NoteDelivery, TickDuty
from flows.plan import Plan, Sees
from flows.port import Pressed, Submitted
from flows.school import School
from flows.wishes import Wish
from tests.flows.story import UNKNOWN_CLASS, Story, said

# One case of class 1BAA, reported by ola. Per is asked to be the second adult; nobody has taken it yet.
# kari leads the department and nils is her deputy; berit is rektor and jon hers; eva, siri, tone, arne have no part.
WAITING = {
    "ola": {"report", "read", "answer", "tick", "do", "follow", "assess", "withdraw"},
    "per": {"report", "tick", "confirm", "assess"},
    "kari": {"report", "read", "take", "assess"},
    "nils": {"report"},
    # only rektor decides about a bortvisning, and at once
    "berit": {"report", "read", "take", "tick", "do", "follow", "assess"},
    "jon": {"report"},
    "eva": {"report"},
    "siri": {"report"},
    "tone": {"report"},
    "arne": {"report"},
    "stranger": set(),
    "bot": set(),
    "": set(),
}
CLIMBED = {**WAITING, "nils": {"report", "read", "take", "assess"}}
TAKEN_BY_NILS = {
    **WAITING,
    "nils": {"report", "read", "answer", "tick", "do", "follow", "take", "assess", "withdraw", "lead"},
    "per": {"report", "tick", "confirm", "do", "follow", "assess"},  # everybody in the case has the duty of § 24-3
    "siri": {"report", "tick", "do", "follow", "assess"},  # is to give the pupil information
}


@pytest.fixture
def asked(story: Story) -> Story:
    story.reports("ola")
    story.answers(colleague="per")
    return story


def allowed(story: Story) -> dict[str, set[str]]:
    case = story.case()
    return {
        person: {str(action) for action in Action if may(person, action, case, story.context)} for person in WAITING
    }


def test_while_nobody_has_taken_the_case(asked: Story) -> None:
    assert allowed(asked) == WAITING


def test_the_deputy_may_when_the_alert_has_come_there(asked: Story) -> None:
    asked.waits(5)
    assert allowed(asked) == CLIMBED


def test_when_the_deputy_has_taken_it(asked: Story) -> None:
    asked.waits(5)
    asked.presses("nils", "take")
    assert allowed(asked) == TAKEN_BY_NILS


def test_who_was_alerted_neither_reads_nor_changes_it_when_somebody_else_has_taken_it(asked: Story) -> None:
    asked.waits(5)
    asked.presses("kari", "take")
    assert not allowed(asked)["nils"] & {"read", "answer", "tick", "confirm"}


def test_the_deputy_leads_while_the_head_is_away(asked: Story) -> None:
    asked.absent = {"kari"}
    assert "read" in allowed(asked)["nils"]


def test_a_head_who_is_away_and_was_not_alerted_reads_nothing(story: Story) -> None:
    story.absent = {"kari"}
    story.reports("ola")
    assert allowed(story)["kari"] == {"report"}


def test_somebody_who_has_left_has_no_part_in_anything(asked: Story) -> None:
    asked.presses("kari", "take")
    for leaver in ("ola", "per", "kari"):
        people = {name: person for name, person in asked.school.people.items() if name != leaver}
        left = replace(asked, school=replace(asked.school, people=people))
        assert relations(leaver, left.case(), left.context) == frozenset()
        assert allowed(left)[leaver] == set()


def test_who_was_asked_before_another_may_still_only_hear_that_nobody_asks(asked: Story) -> None:
    asked.answers(colleague="eva")
    assert allowed(asked)["per"] == {"report", "tick", "confirm", "assess"}
    assert relations("per", asked.case(), asked.context) == {Relation.STAFF, Relation.COLLEAGUE}
    assert "om dette lenger" in asked.presses("per", "confirm").notice


@pytest.mark.parametrize("action", list(Action))
def test_with_a_case_that_does_not_exist_nobody_may_anything_but_report(story: Story, action: Action) -> None:
    for person in story.school.people:
        assert may(person, action, None, story.context) is (action is Action.REPORT)


def test_every_action_has_its_line_and_none_is_for_everybody() -> None:
    """`staff` alone opens nothing but reporting."""
    assert set(ALLOWED) == set(Action)
    for table in (ALLOWED, WHEN_CLOSED):
        assert {action for action, who in table.items() if Relation.STAFF in who} == {Action.REPORT}


def test_no_role_sees_a_case_of_another_department(story: Story) -> None:
    story.reports("ola", **{"class": "3STA"})
    for person in ("kari", "nils", "tone"):
        assert relations(person, story.case(), story.context) == {Relation.STAFF}


def test_an_unknown_class_is_every_departments_affair(story: Story) -> None:
    story.reports("ola", **{"class": UNKNOWN_CLASS})
    for person in ("kari", "tone", "arne", "berit"):
        assert Relation.HEAD in relations(person, story.case(), story.context), person


@pytest.mark.parametrize("sees", [Sees.BROUGHT_IN, Sees.NONE])
def test_a_role_that_does_not_see_cases_as_its_own_is_no_head(story: Story, plan: Plan, sees: Sees) -> None:
    story.plan = replace(plan, roles={name: replace(role, sees=sees) for name, role in plan.roles.items()})
    story.reports("ola")
    assert Relation.HEAD not in relations("kari", story.case(), story.context)


def test_a_classs_role_that_sees_its_own_cases_sees_those_of_the_class(story: Story, plan: Plan) -> None:
    own = replace(plan.roles["kontaktlærer"], sees=Sees.OWN)
    story.plan = replace(plan, roles={**plan.roles, "kontaktlærer": own})
    story.reports("per", **{"class": "2HEA"})
    assert may("eva", Action.READ, story.case(), story.context)
    assert not may("ola", Action.READ, story.case(), story.context)


def test_the_bot_itself_needs_no_leave(asked: Story) -> None:
    assert asked.does(NoteDelivery("kari", "chat")).events
    assert asked.does(Escalate(0, 1)).events


# --- whose a duty is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duty", "absent", "whose"),
    [
        ("X1", (), ("ola",)),
        ("X1", ("ola",), ("ola",)),
        ("B1.4", (), ("kari",)),
        ("B1.4", ("kari",), ("nils",)),
        ("B1.4", ("kari", "nils"), ("berit",)),
        ("B1.4", ("kari", "nils", "berit", "jon"), ()),
        ("B6.1", ("berit",), ("jon",)),
        ("B7.1", (), ("siri",)),
        ("B7.1", ("siri",), ("jon",)),
        ("B7.1", ("siri", "jon"), ("kari",)),
        ("L4", (), ("kari", "ola")),
    ],
)
def test_a_duty_is_of_the_first_role_that_somebody_holds(
    story: Story, duty: str, absent: tuple[str, ...], whose: tuple[str, ...]
) -> None:
    story.reports("ola")
    story.absent = set(absent)
    assert holders(story.plan.duties[duty], story.case(), story.context) == whose


def test_a_duty_of_the_class_goes_to_the_classs_own_counsellor(story: Story) -> None:
    story.reports("ola", **{"class": "3STA"})
    assert holders(story.plan.duties["B7.1"], story.case(), story.context) == ("siri",)


def test_nobody_ticks_a_duty_that_is_somebody_elses(story: Story, school: School) -> None:
    story.reports("ola")
    for person in school.people:
        for duty in story.plan.duties:
            decision = story.does(TickDuty(person, duty))
            if decision.events:
                assert person in holders(story.plan.duties[duty], story.case(), story.context)
                assert person in ("ola", "berit")  # rektor alone decides about a bortvisning, before anybody else acts


@pytest.mark.parametrize("wish", [*Wish])
@pytest.mark.parametrize("declines", [False, True])
def test_a_second_adult_never_reads_the_case_whatever_is_pressed(story: Story, wish: Wish, *, declines: bool) -> None:
    story.reports("ola")
    story.answers(colleague="per", under_18="ja")
    story.presses("per", "decline" if declines else "confirm")
    story.presses("kari", "take")
    for reference in (story.only, f"{story.only}/X1", f"{story.only}/L4", f"{story.only}/zzz"):
        for act in (Pressed(wish, reference), Submitted(wish, reference, {"must_report": ("nei",)})):
            reply = story.act("per", act).reply
            if wish in (Wish.INTAKE, Wish.REPORT):
                continue  # a new case, with the school's classes to choose from
            assert "1BAA" not in said(reply)
            assert "beruset" not in said(reply).casefold()


def test_whoever_has_declined_to_be_the_second_adult_has_no_part_in_it(asked: Story) -> None:
    assert "per" in asked.case().people
    asked.presses("per", "decline")
    assert "per" not in asked.case().people


@pytest.mark.parametrize("duty", ["L1", "B1.1"])
def test_a_bare_tick_decides_nothing_and_goes_before_no_decision(story: Story, duty: str) -> None:
    story.reports("ola")
    assert story.does(TickDuty("berit", duty)).events == ()
