"""Cards that no school comes by at work: of strangers, of failures, of what is over, and what the bot says itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from flows.cards import Card
from flows.effects import Kind
from flows.language import Language
from flows.plan import Plan
from flows.school import School
from flows.screens import answers
from flows.screens.closed import erased, lapsed
from flows.screens.compose import compose, repeated
from flows.screens.home import farewell
from flows.screens.notices import at_fault, unreached
from tests.adapters.slack_walk import Shown, Watched

PHONES = tuple((f"Fjellheim videregående skole {at}", "+47 900 00 000") for at in range(3))


def rare_cards(plan: Plan, school: School, language: Language) -> Iterator[Shown]:
    yield from map(partial(Shown, language), _answers(plan, language))
    yield from (Shown(language, notice=line) for line in _lines(plan, language))
    story = Watched(plan, school, languages=dict.fromkeys(school.people, language))
    view, people = story.view("ola"), tuple(school.people)
    yield from map(partial(Shown, language), (erased(view, "K7Q2F"), at_fault(view)))
    yield from (Shown(language, unreached(view, some)) for some in (people[:1], people * 20))
    yield Shown(language, lapsed(view))
    yield Shown(language, dialog=farewell(view), is_home=True)
    story.reports()
    told = story.view("kari", story.case())
    yield Shown(language, repeated(told, story.case(), compose(Kind.ALERT, told, story.case())))


def _answers(plan: Plan, language: Language) -> Iterator[Card]:
    numbers = dict(plan.numbers)
    for phones in ((), PHONES[:1], PHONES):
        for is_certain in (True, False):
            yield answers.stranger(language, numbers, phones, is_certain=is_certain)
        yield answers.failure(language, numbers, phones, "K7Q2F")
        yield answers.late(language, numbers, phones, "K7Q2F")


def _lines(plan: Plan, language: Language) -> Iterator[str]:
    numbers = dict(plan.numbers)
    yield answers.stranger_line(language, numbers, PHONES)
    yield answers.failure_line(language, numbers, PHONES, "K7Q2F")
    yield answers.late_line(language, numbers, PHONES, "K7Q2F")
