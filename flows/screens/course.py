"""What whoever leads a case does with it as a whole: give it on, find it to be nothing, take it back, close it."""

from __future__ import annotations

from dataclasses import replace

from flows import drill_messages as d
from flows import messages as m
from flows.cards import (
    Block,
    Button,
    Card,
    ChoiceField,
    Field,
    Heading,
    Mark,
    Paragraph,
    Step,
    Style,
    TextField,
    dialog,
)
from flows.commands import Close, HandOver, NamePupil, Refute, Withdraw
from flows.decisions.course import done_by_closing, erased_at, still_open
from flows.duty import Record
from flows.incident import Case
from flows.language import Text
from flows.school_days import local_day
from flows.screens.case import step
from flows.screens.duty import record_field
from flows.screens.form import MAX_PUPIL, MAX_REASON, Form, Values
from flows.screens.lists import DEPARTMENTS, department_options
from flows.screens.ways import open_ways
from flows.screens.words import View
from flows.wishes import Wish

DEPARTMENT = "department"
REASON = "reason"
PUPIL = "pupil"
MOST_OPEN = 30  # of what keeps a case from being closed


def more(view: View, case: Case) -> Card:
    """Return the ways that are open to the viewer, each with what it means."""
    steps = [
        Step(view.say(way.about), mark=Mark.NONE, button=Button(way.wish, view.say(way.label), case.id))
        for way in open_ways(view, case)
    ]
    return dialog(view.say(m.CASE_TITLE, number=case.number), steps or [Paragraph(view.say(m.NOTHING_MORE))])


def hand_over_form(view: View, case: Case) -> Card:
    options = department_options(view, without=case.departments if len(case.departments) == 1 else ())
    if not options:
        return more(view, case)
    field = ChoiceField(DEPARTMENT, view.say(m.WHICH_DEPARTMENT), options, searches=DEPARTMENTS)
    return _form(view, case, m.HAND_OVER_ABOUT, [field], Wish.HAND_OVER, m.HAND_OVER)


def refutation(view: View, case: Case) -> Card:
    return _form(view, case, m.REFUTE_ABOUT, [_reason(view)], Wish.REFUTE, m.SAVE)


def withdrawal(view: View, case: Case) -> Card:
    return _form(view, case, m.WITHDRAW_ABOUT, [_reason(view)], Wish.WITHDRAW, m.WITHDRAW)


def pupil(view: View, case: Case) -> Card:
    """Return the one place where a short reference to the pupil is typed, where the plan allows it."""
    if not view.context.plan.pupil_reference:
        return more(view, case)
    field = TextField(PUPIL, view.say(m.PUPIL_FIELD), MAX_PUPIL, case.pupil, required=False,
                      hint=view.say(m.PUPIL_HINT))  # fmt: skip
    return replace(_form(view, case, m.NAME_PUPIL_ABOUT, [field], Wish.NAME_PUPIL, m.SAVE), is_private=True)


def closing(view: View, case: Case) -> Card:
    """Return what keeps the case from being closed; where nothing does, the form that closes it."""
    title = view.say(m.CLOSE_CASE)
    left = still_open(case, view.context, view.viewer)
    if left:
        steps: list[Block] = [step(view, case, duty, case.duties[duty.id], in_dialog=True) for duty in left]
        return dialog(title, [Paragraph(view.say(m.STILL_OPEN)), Heading(view.say(m.DUTIES)), *steps[:MOST_OPEN]])
    day = view.day_at_the_end(local_day(erased_at(case, view.context)))
    text = view.say(d.DRILL_CLOSING_ABOUT if case.drill else m.CLOSING_ABOUT, day=day)
    return dialog(
        title,
        [Paragraph(text)],
        [
            record_field(view, name, kind, prefix=f"{duty.id}.")
            for duty in done_by_closing(case, view.context, view.viewer)
            for name, kind in duty.form.items()
        ],
        Button(Wish.CLOSE, view.say(m.CLOSE_CASE), case.id, Style.PRIMARY),
    )


def read_hand_over(values: Values, view: View, _: Case) -> tuple[HandOver, dict[str, str]]:
    form = Form(values, view)
    return HandOver(view.viewer, form.department(DEPARTMENT)), form.faults


def read_refutation(values: Values, view: View, _: Case) -> tuple[Refute, dict[str, str]]:
    form = Form(values, view)
    return Refute(view.viewer, form.record(REASON, Record.REASON)), form.faults


def read_withdrawal(values: Values, view: View, _: Case) -> tuple[Withdraw, dict[str, str]]:
    form = Form(values, view)
    return Withdraw(view.viewer, form.record(REASON, Record.REASON)), form.faults


def read_pupil(values: Values, view: View, _: Case) -> tuple[NamePupil, dict[str, str]]:
    form = Form(values, view)
    return NamePupil(view.viewer, form.short(PUPIL, MAX_PUPIL)), form.faults


def read_closing(values: Values, view: View, case: Case) -> tuple[Close, dict[str, str]]:
    form = Form(values, view)
    duties = done_by_closing(case, view.context, view.viewer)
    return Close(view.viewer, {duty.id: form.noted(duty.form, f"{duty.id}.") for duty in duties}), form.faults


def _form(view: View, case: Case, about: Text, fields: list[Field], wish: Wish, label: Text) -> Card:
    submit = Button(wish, view.say(label), case.id, Style.PRIMARY)
    return dialog(view.say(m.CASE_TITLE, number=case.number), [Paragraph(view.say(about))], fields, submit)


def _reason(view: View) -> TextField:
    return TextField(REASON, view.say(m.WHY), MAX_REASON, lines=3, hint=view.say(m.NO_NAMES_HERE))
