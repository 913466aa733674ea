"""One duty as a dialog: what the plan says, and the form by which it is done, answered, given on or deviated from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from flows import messages as m
from flows.access import asked, holders
from flows.cards import (
    Block,
    Button,
    Card,
    Caution,
    ChoiceField,
    DateField,
    Facts,
    Field,
    Option,
    Paragraph,
    Style,
    TextField,
    TimeField,
    dialog,
)
from flows.commands import ClarifyDuty, DelegateDuty, DeviateFromDuty, DoDuty, EndDuty
from flows.decisions.duties import awaits_decision
from flows.duty import DECIDED, NO, YES, Disclosure, Duty, Outcome, Record, Until
from flows.incident import Case, DutyState, Progress
from flows.language import Text
from flows.school_days import OSLO
from flows.screens.case import due_text, mark_text, reference, waits
from flows.screens.form import MAX_ARCHIVE_NUMBER, MAX_REASON, Form, Values, fact_field
from flows.screens.lists import STAFF, staff_options
from flows.screens.meeting import invitation
from flows.screens.words import View, origin
from flows.wishes import SEPARATOR, Wish

APPLIES = "applies"
PERSON = "person"
REASON = "reason"


def duty_dialog(view: View, case: Case, duty: Duty) -> Card:
    """Return a duty with the form that is the viewer's to fill in now; without one, what has come of it."""
    state = case.duties[duty.id]
    fields, submit = _form(view, case, duty, state)
    return dialog(
        view.say(m.CASE_TITLE, number=case.number),
        _about(view, case, duty, state),
        fields,
        submit,
        _buttons(view, case, duty, state),
    )


def delegation(view: View, case: Case, duty: Duty) -> Card:
    submit = Button(Wish.DELEGATE, view.say(m.GIVE_ON), reference(case, duty), Style.PRIMARY)
    person = _person_field(view, PERSON, view.say(m.GIVE_ON_TO))
    return dialog(view.say(m.CASE_TITLE, number=case.number), [Paragraph(view.say(duty.text))], [person], submit)


def deviation(view: View, case: Case, duty: Duty) -> Card:
    submit = Button(Wish.DEVIATE, view.say(m.SAVE), reference(case, duty), Style.PRIMARY)
    reason = TextField(REASON, view.say(m.DEVIATION_REASON), MAX_REASON, lines=3, hint=view.say(m.NO_NAMES_HERE))
    return dialog(view.say(m.CASE_TITLE, number=case.number), [Paragraph(view.say(duty.text))], [reason], submit)


def read_done(values: Values, view: View, duty: Duty) -> tuple[DoDuty, dict[str, str]]:
    """Return what was noted, and a sentence for each field that can't be used."""
    form = Form(values, view)
    decided = form.optional(DECIDED, (YES, NO)) if DECIDED in duty.form else ""
    needed = duty.needed({DECIDED: decided})
    noted = form.noted({name: kind for name, kind in duty.form.items() if name in needed})
    return DoDuty(view.viewer, duty.id, noted), form.faults


def read_ended(values: Values, view: View, duty: Duty) -> tuple[EndDuty, dict[str, str]]:
    form = Form(values, view)
    return EndDuty(view.viewer, duty.id, form.noted(duty.lasts.record if duty.lasts else {})), form.faults


def read_clarified(values: Values, view: View, duty: Duty) -> tuple[ClarifyDuty, dict[str, str]]:
    form = Form(values, view)
    chosen = {name: form.chosen(name, view.context.plan.facts[name], required=False) for name in _facts(view, duty)}
    said = form.optional(APPLIES, (YES, NO))
    facts = {name: answer for name, answer in chosen.items() if answer}
    return ClarifyDuty(view.viewer, duty.id, facts, said == YES if said else None), form.faults


def read_delegation(values: Values, view: View, duty: Duty) -> tuple[DelegateDuty, dict[str, str]]:
    form = Form(values, view)
    return DelegateDuty(view.viewer, duty.id, form.record(PERSON, Record.PERSON)), form.faults


def read_deviation(values: Values, view: View, duty: Duty) -> tuple[DeviateFromDuty, dict[str, str]]:
    form = Form(values, view)
    return DeviateFromDuty(view.viewer, duty.id, form.record(REASON, Record.REASON)), form.faults


def is_asked(view: View, case: Case, duty: Duty, state: DutyState) -> bool:
    """Say whether the viewer is the one to say whether this duty applies."""
    return (
        state.progress is Progress.OPEN
        and state.outcome is Outcome.CLARIFY
        and view.viewer in asked(duty, case, view.context)
    )


def _form(view: View, case: Case, duty: Duty, state: DutyState) -> tuple[list[Field], Button | None]:
    if is_asked(view, case, duty, state):
        as_of = f"{reference(case, duty)}{SEPARATOR}{case.answers}"
        return _clarifying(view, case, duty), Button(Wish.CLARIFY, view.say(m.SAVE), as_of, Style.PRIMARY)
    is_holder = view.viewer in holders(duty, case, view.context)
    if not is_holder or not duty.ticked_by_hand or awaits_decision(duty, case):
        return [], None
    if state.progress is Progress.UNDER_WAY and duty.lasts:
        return record_fields(view, duty.lasts.record), _submit(view, Wish.END, m.SAVE, case, duty)
    if state.progress is Progress.OPEN and not waits(duty, state):
        return _form_fields(view, duty), _submit(view, Wish.DO, m.SAVE if duty.form else m.DONE, case, duty)
    return [], None


def _submit(view: View, wish: Wish, label: Text, case: Case, duty: Duty) -> Button:
    return Button(wish, view.say(label), reference(case, duty), Style.PRIMARY)


def _facts(view: View, duty: Duty) -> tuple[str, ...]:
    """Return the facts that the duty depends on and that somebody may have found out."""
    return tuple(name for name, fact in view.context.plan.facts.items() if name in duty.facts and fact.start)


def _clarifying(view: View, case: Case, duty: Duty) -> list[Field]:
    facts = [
        fact_field(
            name,
            view.context.plan.facts[name],
            view,
            value=tuple(sorted(case.facts[name])) if name in case.answered else (),
            required=False,
        )
        for name in _facts(view, duty)
    ]
    if duty.disclosure is Disclosure.HEALTH:
        return [*facts]  # only the pupil's own yes can settle it
    question = view.say(duty.question or m.APPLIES)
    return [*facts, ChoiceField(APPLIES, question, _yes_no(view), required=False)]


def _form_fields(view: View, duty: Duty) -> list[Field]:
    """Return the fields of a duty's form; what only a yes needs may be left out."""
    always = duty.needed({DECIDED: NO})
    return [
        record_field(view, name, kind) if name in always else replace(record_field(view, name, kind), required=False)
        for name, kind in duty.form.items()
    ]


def record_fields(view: View, record: Mapping[str, Record]) -> list[Field]:
    return [record_field(view, name, kind) for name, kind in record.items()]


def record_field(view: View, record: str, kind: Record, value: str = "", *, prefix: str = "") -> Field:
    """Return the field that asks for what is noted; a time and a day are now until somebody says otherwise.

    `prefix` tells apart what two duties note in one form.
    """
    label, now = view.say(view.context.plan.records[record]), view.context.now.astimezone(OSLO)
    name = f"{prefix}{record}"
    match kind:
        case Record.YES_NO | Record.YES | Record.YES_BEFORE:
            return ChoiceField(name, label, _yes_no(view), (value,) if value in (YES, NO) else ())
        case Record.TIME:
            return TimeField(name, label, f"{now:%H:%M}")
        case Record.DATE:
            return DateField(name, label, f"{now:%Y-%m-%d}")
        case Record.TIME_AHEAD:
            return TimeField(name, label)
        case Record.DATE_AHEAD:
            return DateField(name, label)
        case Record.PERSON | Record.PARTICIPANT | Record.COLLEAGUE:
            return _person_field(view, name, label)
        case Record.ARCHIVE_NUMBER:
            return TextField(name, label, MAX_ARCHIVE_NUMBER, hint=view.say(m.ARCHIVE_HINT))
        case Record.NUMBER:
            return TextField(name, label, 10)
        case Record.REASON:
            return TextField(name, label, MAX_REASON, lines=3, hint=view.say(m.NO_NAMES_HERE))


def _yes_no(view: View) -> tuple[Option, ...]:
    return (Option(YES, view.say(m.YES)), Option(NO, view.say(m.NO)))


def _person_field(view: View, name: str, label: str) -> ChoiceField:
    return ChoiceField(name, label, staff_options(view), searches=STAFF)


def _about(view: View, case: Case, duty: Duty, state: DutyState) -> list[Block]:
    text = duty.lasts.text if duty.lasts and state.progress is Progress.UNDER_WAY else duty.text
    quotes = [f"{clause}: «{view.context.plan.clauses[clause]}»" for clause in duty.clauses]
    return [
        Paragraph(view.say(text)),
        *_guidance(view, duty, state),
        Facts(tuple(_rows(view, case, duty, state))),
        *invitation(view, case, duty),
        *(Paragraph(quote) for quote in quotes),
    ]


def _guidance(view: View, duty: Duty, state: DutyState) -> Iterator[Caution]:
    if duty.guidance and not state.progress.is_settled:
        yield Caution(view.say(duty.guidance), view.say(m.GUIDANCE))


def _rows(view: View, case: Case, duty: Duty, state: DutyState) -> Iterator[tuple[str, str]]:
    who = ", ".join(view.name(person) for person in holders(duty, case, view.context))
    yield view.say(m.DUTY_FROM), origin(duty, view)
    yield view.say(m.DUTY_WHOSE), who or view.say(m.NOBODY_YET)
    yield view.say(m.DUTY_STATE), mark_text(view, case, duty, state)
    if due := due_text(view, case, duty):
        yield view.say(m.DUTY_DUE), due
    if state.progress is Progress.DEVIATED:
        yield view.say(m.DEVIATION), state.reason
    yield from _heard_rows(view, case, duty)
    for name in _asked(duty):
        if value := state.record.get(name):
            yield view.say(view.context.plan.records[name]), _noted(view, duty, name, value)


def _heard_rows(view: View, case: Case, decided: Duty) -> Iterator[tuple[str, str]]:
    """Yield whether those who are to be heard before a decision have been. Source: forvaltningsloven § 16."""
    for name, state in case.duties.items():
        duty = view.context.plan.duties.get(name)
        if duty and duty.only_if == decided.id and duty.deadline.until is Until.BORTVISNING:
            yield view.say(m.HEARD[duty.disclosure is Disclosure.GUARDIAN]), mark_text(view, case, duty, state)


def _asked(duty: Duty) -> Mapping[str, Record]:
    """Return all that is noted of a duty, in the plan's order, but who the second adult is."""
    return {**duty.form, **(duty.lasts.record if duty.lasts else {})}


def _noted(view: View, duty: Duty, name: str, value: str) -> str:
    match _asked(duty)[name]:
        case Record.YES_NO | Record.YES | Record.YES_BEFORE:
            return view.say(m.YES if value == YES else m.NO)
        case Record.PERSON | Record.PARTICIPANT:
            return view.name(value)
        case Record.DATE | Record.DATE_AHEAD:
            return view.day(date.fromisoformat(value))
        case _:
            return value


def _buttons(view: View, case: Case, duty: Duty, state: DutyState) -> list[Button]:
    if view.viewer not in (*holders(duty, case, view.context), case.taken_by):
        return []
    is_own = view.viewer in holders(duty, case, view.context) or duty.may_delegate
    buttons = []
    if state.progress is Progress.OPEN and is_own and not waits(duty, state):
        if duty.may_delegate and duty.ticked_by_hand:
            buttons.append(Button(Wish.DELEGATION, view.say(m.GIVE_ON_LONG), reference(case, duty)))
        buttons.append(Button(Wish.DEVIATION, view.say(m.DEVIATE), reference(case, duty)))
    elif state.progress not in (Progress.OPEN, Progress.ENDED) and is_own and duty.ticked_by_hand:
        buttons.append(Button(Wish.UNTICK, view.say(m.UNDO), reference(case, duty)))
    return buttons
