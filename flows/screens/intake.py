"""The first form: safety, then what, where and which class; when it's handed in, the alert leaves.

The same form corrects a report that has been made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flows import messages as m
from flows.cards import Block, Button, Card, Caution, ChoiceField, Option, Paragraph, Style, dialog
from flows.incident import Case
from flows.limits import MAX_BUTTONS, MAX_SUBMIT_LABEL
from flows.plan import CLASS, PLACE
from flows.screens.form import Form, Values, as_of, fact_field
from flows.screens.lists import CLASSES, UNKNOWN_CLASS, class_options
from flows.screens.words import View, first_alerted
from flows.wishes import Wish


@dataclass(frozen=True, slots=True)
class Intake:
    """What the first form holds; `school_class` is empty where it isn't known."""

    facts: dict[str, tuple[str, ...]]
    place: str
    school_class: str


def intake(view: View, reference: str, open_cases: tuple[tuple[str, str], ...] = ()) -> Card:
    """Return the empty form. `open_cases` are the person's own (id, number): an unfinished one can be continued."""
    submit = Button(Wish.REPORT, _alert_label(view), reference, Style.PRIMARY)
    offered = open_cases[:MAX_BUTTONS]
    buttons = [Button(Wish.QUESTIONS, view.say(m.CONTINUE_WITH, number=number), case) for case, number in offered]
    empty = dialog(
        view.say(m.INTAKE_TITLE),
        [*_cautions(view), Paragraph(view.say(m.OPEN_CASES)) if buttons else None],
        _fields(view, None),
        submit,
        buttons,
    )
    return replace(empty, is_neutral=True)


def _alert_label(view: View) -> str:
    """Return «Varsle avdelingsleder», with the role that the plan alerts first; shorter where that is too long."""
    said = view.say(m.ALERT_NOW, role=first_alerted(view.context.plan))
    return said if len(said) <= MAX_SUBMIT_LABEL else view.say(m.ALERT_NOW_SHORT)


def correction(view: View, case: Case) -> Card:
    """Return the form as the case has it."""
    submit = Button(Wish.CORRECT, view.say(m.SAVE_CORRECTION), as_of(case), Style.PRIMARY)
    return dialog(view.say(m.CORRECT_TITLE), [], _fields(view, case), submit)


def read_intake(values: Values, view: View) -> tuple[Intake, dict[str, str]]:
    """Return what was handed in, and a sentence for each field that can't be used."""
    form = Form(values, view)
    asked = view.context.plan.facts_asked_first()
    facts = {name: form.chosen(name, fact, required=True) for name, fact in asked.items()}
    return Intake(facts, form.place(PLACE), form.school_class(CLASS, UNKNOWN_CLASS)), form.faults


def _cautions(view: View) -> list[Block]:
    safety = "\n".join(view.say(text) for text in (m.INTAKE_SAFE, m.CALL_AMBULANCE, m.NOT_ALONE))
    return [Caution(safety, view.say(m.SAFETY)), Paragraph(view.say(m.NO_NAMES))]


def _fields(view: View, case: Case | None) -> list[ChoiceField]:
    school = view.context.roster.school
    facts = [
        fact_field(name, fact, view, value=tuple(sorted(case.facts[name])) if case else ())
        for name, fact in view.context.plan.facts_asked_first().items()
    ]
    places = tuple(Option(name, name) for name in school.places)
    return [
        *facts,
        ChoiceField(PLACE, view.say(m.WHERE), places, (case.place,) if case and case.place in school.places else ()),
        ChoiceField(
            CLASS,
            view.say(m.WHICH_CLASS),
            class_options(view),
            _class_value(case, view),
            searches=CLASSES,
            hint=view.say(m.CLASS_HINT),
        ),
    ]


def _class_value(case: Case | None, view: View) -> tuple[str, ...]:
    if case is None:
        return ()
    return (case.school_class if case.school_class in view.context.roster.school.classes else UNKNOWN_CLASS,)
