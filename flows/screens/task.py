"""The dialogs of one task of the prevention year, and what they hand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flows import messages as m
from flows import year_messages as y
from flows.cards import Block, Button, Card, ChoiceField, DateField, Field, Paragraph, Style, TextField, dialog
from flows.language import Text
from flows.port import WHOLE_FORM
from flows.school_days import local_day
from flows.screens.form import MAX_REASON, Form, Values
from flows.screens.lists import STAFF, staff_options
from flows.screens.task_messages import about, answers
from flows.screens.words import View
from flows.task_answers import Answer, Done, Dropped, Planned, PutOff, SentOn, Wrong
from flows.tasks import Seen
from flows.wishes import Wish
from flows.year_wheel import Asked

DAY, COUNT, WORDS, PERSON = "day", "count", "words", "person"  # as `task_answers.Wrong` names the fields
MOST_DIGITS = 4

Read = tuple[Answer | None, dict[str, str]]


def task_dialog(view: View, seen: Seen) -> Card:
    """Return a task with all that one may do with it; confirming it is the form itself."""
    blocks: list[Block] = list(about(view, seen))
    if seen.task.words != "":
        blocks.append(Paragraph(view.say(y.UNREADABLE) if seen.task.words is None else seen.task.words))
    if not seen.task.is_open:
        undo = Button(Wish.REOPEN_TASK, view.say(y.REOPEN), seen.task.id)
        return dialog(view.say(y.TASK_TITLE), blocks, buttons=[undo])
    submit = Button(Wish.CONFIRM_TASK, view.say(y.CONFIRM), seen.task.id, Style.PRIMARY)
    others = [button for button in answers(view, seen) if button.action != Wish.TASK]
    return dialog(view.say(y.TASK_TITLE), blocks, _done_fields(view, seen), submit, others)


def _done_fields(view: View, seen: Seen) -> list[Field]:
    fields: list[Field] = [DateField(DAY, view.say(y.WHEN_DONE), local_day(view.context.now).isoformat())]
    match seen.occurrence.measure.asked:
        case Asked.COUNT | Asked.COUNT_OF_GROUP:
            fields.append(TextField(COUNT, view.say(y.HOW_MANY), MOST_DIGITS, hint=view.say(y.HOW_MANY_HINT)))
        case Asked.DATE_AND_TEXT | Asked.CHOICE:
            fields.append(
                TextField(WORDS, view.say(y.WHAT_WAS_DONE), MAX_REASON, lines=2, hint=view.say(y.NO_NAMES_HINT))
            )
    return fields


def read_done(values: Values, view: View) -> Read:
    form = Form(values, view)
    day, count = form.day(DAY), form.short(COUNT, MOST_DIGITS)
    if count and not (count.isascii() and count.isdecimal()):
        form.refuse(COUNT, y.WRONG[Wrong.NO_COUNT])
    words = form.short(WORDS, MAX_REASON)
    if form.faults or day is None:
        return None, form.faults
    return Done(day, int(count) if count else None, words), {}


def planning_dialog(view: View, seen: Seen) -> Card:
    field = DateField(DAY, view.say(y.WHICH_DAY), hint=view.say(y.PLAN_HINT))
    return _small(view, seen, y.PLAN_TITLE, field, Wish.PLAN_TASK)


def read_planned(values: Values, view: View) -> Read:
    return _read_day(values, view, Planned)


def putting_off_dialog(view: View, seen: Seen) -> Card:
    return _small(view, seen, y.PUT_OFF_TITLE, DateField(DAY, view.say(y.PUT_OFF_UNTIL)), Wish.PUT_OFF_TASK)


def read_put_off(values: Values, view: View) -> Read:
    return _read_day(values, view, PutOff)


def _read_day(values: Values, view: View, answer: Callable[[date], Answer]) -> Read:
    form = Form(values, view)
    day = form.day(DAY)
    return (None, form.faults) if day is None else (answer(day), {})


def dropping_dialog(view: View, seen: Seen) -> Card:
    field = TextField(WORDS, view.say(y.WHY_NOT), MAX_REASON, lines=2, hint=view.say(y.NO_NAMES_HINT))
    return _small(view, seen, y.DROP_TITLE, field, Wish.DROP_TASK)


def read_dropped(values: Values, view: View) -> Read:
    form = Form(values, view)
    words = form.short(WORDS, MAX_REASON)
    return (None, form.faults) if form.faults else (Dropped(words), {})


def sending_on_dialog(view: View, seen: Seen) -> Card:
    options = staff_options(view)
    return _small(
        view,
        seen,
        y.SEND_ON_TITLE,
        ChoiceField(PERSON, view.say(y.TO_WHOM), options, searches=STAFF),
        Wish.SEND_TASK_ON,
    )


def read_sent_on(values: Values, view: View) -> Read:
    form = Form(values, view)
    person = next(iter(form.given(PERSON)), "")
    if not person:
        form.refuse(PERSON, m.FAULT_REQUIRED)
        return None, form.faults
    return SentOn(person), {}


def _small(view: View, seen: Seen, title: Text, field: Field, wish: Wish) -> Card:
    said = Paragraph(view.say(seen.occurrence.measure.text))
    submit = Button(wish, view.say(y.SAVE), seen.task.id, Style.PRIMARY)
    return dialog(view.say(title), [said], [field], submit)


def said_wrong(view: View, wrong: Mapping[str, Wrong]) -> dict[str, str]:
    """Return what is wrong with an answer, by field, in words."""
    return {name or WHOLE_FORM: view.say(y.WRONG[why]) for name, why in wrong.items()}
