"""Whatever has been seen and whatever people answer, doing what is offered leads to a closed case: none gets stuck."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from flows.cards import Button, Card, ChoiceField, Field, Style, TextField
from flows.effects import Timer
from flows.plan import Plan
from flows.port import Reply
from flows.school import School
from flows.wishes import Wish
from tests.flows.story import UNKNOWN_CLASS, Story, buttons

MOST_ACTS = 400


@dataclass
class Staff:
    """People who do what is theirs, in any order, and answer as chance has it."""

    story: Story
    random: random.Random

    def report(self) -> None:
        kinds = self.random.sample([*self.story.plan.facts["hendelsestype"].values], k=self.random.choice([1, 1, 2]))
        self.story.reports(
            self.random.choice(["ola", "per", "kari"]),
            hendelsestype=tuple(kinds),
            place=self.random.choice(["Kantine", "Tur"]),
            **{"class": self.random.choice(["1BAA", "3STA", UNKNOWN_CLASS])},
        )

    def work(self) -> list[tuple[str, Button]]:
        """Return everything that somebody is asked to do now: the buttons that stand out on what they are shown."""
        return [
            (person, button)
            for person in self.story.school.people
            for card in self._shown(person)
            for button in buttons(card)
            if button.style is Style.PRIMARY and button.action not in (Wish.SHOW, Wish.DUTIES)
        ]

    def _shown(self, person: str) -> list[Card]:
        kinds = dict.fromkeys(note.kind for _, note in self.story.promised if note.person == person)
        cards = [self.story.card(person, kind) for kind in kinds]
        dialogs = [self.story.presses(person, wish).dialog for wish in ("show", "duties")] if kinds else []
        return [*cards, *filter(None, dialogs)]

    def act(self, person: str, button: Button) -> None:
        reply = self.story.presses(person, button.action, button.reference)
        if reply.dialog is not None and reply.dialog.submit is not None:
            self.hand_in(person, reply.dialog)

    def hand_in(self, person: str, form: Card) -> Reply:
        """Hand a form in with any answers; where one won't do, with the one that will."""
        assert form.submit
        values = {field.name: self._value(field) for field in form.fields}
        reply = self._submit(person, form.submit, values)
        if reply.faults:
            reply = self._submit(person, form.submit, values | dict.fromkeys(set(reply.faults) & set(values), "ja"))
        return reply

    def _submit(self, person: str, submit: Button, values: dict[str, str]) -> Reply:
        return self.story.submits(person, submit.action, submit.reference, **{k: v for k, v in values.items() if v})

    def _value(self, field: Field) -> str:
        match field:
            case ChoiceField(options=options):
                return self.random.choice(options).value
            case TextField(name=name):
                return "2026/1234" if "archive" in name else "Avtalt utenom planen."
            case _ if field.value:
                return field.value
            case _:
                return "2026-11-25" if "on" in field.name else "10:30"


@pytest.mark.parametrize("seed", range(60))
def test_doing_what_is_offered_closes_every_case(plan: Plan, school: School, seed: int) -> None:
    staff = Staff(Story(plan, school), random.Random(seed))  # noqa: S311 - made to be repeatable
    staff.report()
    story = staff.story
    for _ in range(MOST_ACTS):
        work = staff.work()
        if work:
            staff.act(*staff.random.choice(work))
            continue
        owner = story.case().taken_by
        form = story.presses(owner, "open_closing").dialog
        assert form is not None
        assert form.submit is not None, form.blocks
        staff.hand_in(owner, form)
        break
    case = story.case()
    assert case.is_closed, f"still open after {MOST_ACTS} acts"
    assert story.armed(case.id, Timer.ERASURE)
    assert {timer for _, timer in story.timers} == {Timer.ERASURE}
    story.waits(60 * 24 * 31)
    assert story.stored == {}, "erased when its time is over"
