"""The form after the alert: what the plan asks the reporter next, and who the second adult is."""

from __future__ import annotations

from flows import messages as m
from flows.cards import Button, Card, Caution, ChoiceField, Paragraph, Style, dialog
from flows.commands import Answer
from flows.duty import REPORTER, Outcome
from flows.incident import Case
from flows.plan import AGE, COLLEAGUE, Fact
from flows.screens.form import Form, Values, as_of, fact_field
from flows.screens.lists import STAFF, staff_options
from flows.screens.words import View
from flows.wishes import Wish


def questions(view: View, case: Case) -> Card:
    """Return the form, with what has been answered already."""
    asked = facts_asked(view, case)
    intro = m.QUESTIONS_INTRO if unanswered(view, case) else m.QUESTIONS_AGAIN
    return dialog(
        view.say(m.CASE_TITLE, number=case.number),
        [
            Paragraph(view.say(intro)),
            Caution(view.say(m.AGE_UNKNOWN), view.say(m.SAFETY)) if AGE in asked else None,
        ],
        [*(_field(view, case, name, fact) for name, fact in asked.items()), *_colleague_field(view, case)],
        Button(Wish.ANSWER, view.say(m.SAVE_ANSWERS), as_of(case), Style.PRIMARY),
        [Button(Wish.CORRECTION, view.say(m.CORRECT_REPORT), case.id)],
    )


def read_questions(values: Values, view: View, case: Case) -> tuple[Answer, dict[str, str]]:
    """Return what was answered, and a sentence for each field that can't be used; an untouched field says nothing."""
    form = Form(values, view)
    chosen = {
        name: form.chosen(name, fact, required=False, only=_possible(view, case, fact))
        for name, fact in facts_asked(view, case).items()
    }
    colleague = form.colleague(COLLEAGUE, case.reporter)
    facts = {name: answer for name, answer in chosen.items() if answer}
    return Answer(view.viewer, facts, colleague=colleague or None), form.faults


def facts_asked(view: View, case: Case) -> dict[str, Fact]:
    """Return the facts that the reporter is asked now; one that the class settles isn't asked. Source: T18."""
    return {
        name: fact
        for name, fact in view.context.plan.facts.items()
        if fact.start and fact.ask == REPORTER and len(_possible(view, case, fact)) != 1
    }


def unanswered(view: View, case: Case) -> bool:
    """Say whether something that the reporter is asked has no answer yet."""
    waits = any(name not in case.answered for name in facts_asked(view, case))
    return waits or (needs_colleague(view, case) and (case.colleague is None or bool(case.colleague.declined_at)))


def needs_colleague(view: View, case: Case) -> bool:
    """Say whether a duty that applies, or may apply, wants a second adult. Source: B1.2."""
    states = (case.duties.get(duty.id) for duty in view.context.plan.duties_in_force if duty.asks_colleague)
    return any(state is not None and state.outcome is not Outcome.NO for state in states)


def _possible(view: View, case: Case, fact: Fact) -> tuple[str, ...]:
    school_class = view.context.roster.school.classes.get(case.school_class)
    return fact.by_programme.get(school_class.programme, ()) if school_class else ()


def _field(view: View, case: Case, name: str, fact: Fact) -> ChoiceField:
    value = tuple(sorted(case.facts[name])) if name in case.answered else ()
    return fact_field(name, fact, view, value=value, only=_possible(view, case, fact), required=False)


def _colleague_field(view: View, case: Case) -> list[ChoiceField]:
    if not needs_colleague(view, case):
        return []
    options = staff_options(view, without=case.reporter)
    named = case.colleague.person if case.colleague and not case.colleague.declined_at else ""
    value = (named,) if named and named in {option.value for option in options} else ()
    hint = view.say(m.SECOND_ADULT_HINT)
    label = view.say(m.SECOND_ADULT)
    return [ChoiceField(COLLEAGUE, label, options, value, required=False, searches=STAFF, hint=hint)] if options else []
