"""Everything that a school's staff are shown of the prevention year, in each state that a task may be in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from flows.cards import Card
from flows.context import Context
from flows.handouts import Handout
from flows.language import Language
from flows.occurrences import occurrences
from flows.papers.sheets import SHEETS
from flows.plan import Plan
from flows.planning import school_on
from flows.roster import Roster
from flows.school import School
from flows.screens import task as tasks
from flows.screens.plan_reader import sheet_dialog
from flows.screens.task_messages import digest_message, late_message, read_message, reading_message
from flows.screens.words import View
from flows.screens.year import Part, measure_dialog, moving_dialog, year_dialog
from flows.screens.year_scope import scopes
from flows.task_state import is_late
from flows.tasks import Seen, Standing, Task
from tests.adapters.slack_walk import Shown

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
LATER = datetime(2027, 9, 1, 9, tzinfo=UTC)  # last year's file still stands
TODAY = NOW.date()
WORDS = "Vi tok det på fagdagen <!channel> *uten* navn. " * 4


def link(kind: Handout, scope: str, language: Language) -> str:
    return f"https://rusplan.example/handouts/{kind}-{language}-{len(scope)}"


def year_cards(plan: Plan, school: School, language: Language) -> Iterator[Shown]:
    """Yield it for everybody who coordinates, leads or teaches."""
    for now in (NOW, LATER):
        own = school_on(school, now.date())
        roster = Roster(own, languages=dict.fromkeys(own.people, language))
        context = Context(now, roster, plan, link)
        seen = tuple(_seen(plan, own, now.date()))
        for person in _people(plan, roster):
            yield from _of_person(View(person, context), seen, language)


def _people(plan: Plan, roster: Roster) -> Iterable[str]:
    school = roster.school
    found = [*roster.holders(plan.coordinator)[:1]]
    for department in school.departments.values():
        found += [who for holders in department.roles.values() for who in holders[:1]]
    found += [who for each in school.classes.values() for holders in each.roles.values() for who in holders[:1]][:2]
    return dict.fromkeys(found)


def _seen(plan: Plan, school: School, today: date) -> Iterator[Seen]:
    """Yield each task in one of the states that a task may be in, one after the other."""
    week = timedelta(weeks=1)
    for number, one in enumerate(occurrences(plan, school)):
        made = Task(one.key, id=f"{number:032x}", reminded_on=today - week, told="ola")
        done = replace(made, standing=Standing.DONE, done_on=today, done_by="ola", count=7, words=WORDS[:180])
        states = (
            made,
            done,
            replace(made, planned_for=today + week),
            replace(made, put_off_to=today + week),
            replace(made, standing=Standing.DROPPED, words=WORDS[:180]),
            replace(made, meant_for=today - 3 * week),
            replace(made, reminded_on=None),
        )
        yield Seen(states[number % len(states)], one)


def _of_person(view: View, seen: tuple[Seen, ...], language: Language) -> Iterator[Shown]:
    for scope in scopes(view):
        for page in range(3):
            yield Shown(language, dialog=year_dialog(view, Part(scope, page=page, is_first=not page), seen, 3))
        for one in {(each.occurrence.key.measure, each.occurrence.key.time): each for each in seen}.values():
            key = one.occurrence.key
            yield Shown(language, dialog=measure_dialog(view, Part(scope, key.measure, key.time), seen))
            yield Shown(language, dialog=moving_dialog(view, Part(scope, key.measure, key.time), one))
    for own in (seen[:1], seen[1:2], seen[2:6], seen[:30], ()):
        yield Shown(language, card=digest_message(view, own))
    context = view.context
    for make in SHEETS.values():
        if sheet := make(context.plan, context.roster.school, language, local(view)):
            yield Shown(language, dialog=sheet_dialog(view, sheet))
    late = [each for each in seen if is_late(each, local(view))]
    for found in (late, late[:2]):
        yield Shown(language, card=late_message(view, found))
    yield Shown(language, card=reading_message(view))
    yield Shown(language, card=read_message(view))
    for each in seen[:90]:
        yield from (Shown(language, dialog=card) for card in _of_task(view, each))


def _of_task(view: View, seen: Seen) -> Iterator[Card]:
    yield tasks.task_dialog(view, seen)
    if seen.task.is_open:
        yield tasks.planning_dialog(view, seen)
        yield tasks.putting_off_dialog(view, seen)
        yield tasks.dropping_dialog(view, seen)
        yield tasks.sending_on_dialog(view, seen)


def local(view: View) -> date:
    return view.context.now.date()
