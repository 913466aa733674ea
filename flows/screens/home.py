"""A person's own page, where a platform has one: what is to be done, the cases, and when one is away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flows import messages as m
from flows import year_messages as y
from flows.cards import Block, Button, Card, Heading, Mark, Paragraph, Step, Style, dialog
from flows.due import due_at
from flows.duty import Duty
from flows.incident import Case
from flows.language import Text
from flows.limits import MAX_LABEL
from flows.screens.case import step
from flows.screens.mark import marked_step
from flows.screens.own import OwnCases, absence_line, case_line
from flows.screens.reminder import open_for
from flows.screens.words import View
from flows.wishes import Wish

MOST_DUTIES = 20
MOST_CASES = 12
MOST_ABSENCES = 5

_BUTTONS = (
    (Wish.CASES, m.MY_CASES),
    (Wish.PLAN, m.READ_PLAN),
    (Wish.ABSENCE, m.ABSENCE_TITLE),
    (Wish.LANGUAGE, m.LANGUAGE_TITLE),
)


def home(view: View, cases: OwnCases) -> Card:
    """Return the page as it is now; neutral, as messages are."""
    starts = Button(Wish.INTAKE, view.say(m.START_INCIDENT), style=Style.PRIMARY)
    others = [Button(wish, view.say(label)) for wish, label in _BUTTONS]
    return dialog(view.say(m.HOME_TITLE), tuple(_blocks(view, cases)), buttons=[starts, *others])


def farewell(view: View) -> Card:
    """Return the page of somebody who is on the staff no more: nothing of the school is left on it."""
    return dialog(view.say(m.HOME_TITLE), [Paragraph(view.say(m.STRANGER))])


def home_cases(cases: OwnCases) -> OwnCases:
    """Return the cases that the page shows, the newest first."""
    return tuple(sorted(cases, key=lambda each: (not each[1].drill, each[1].reported_at), reverse=True))[:MOST_CASES]


def _blocks(view: View, cases: OwnCases) -> Iterator[Block]:
    duties = sorted(
        _open_duties(cases), key=lambda each: (each[1].drill is not None, due_at(each[2], each[1], each[0].context))
    )
    yield Heading(view.say(m.HOME_DUTIES))
    yield from (_duty_line(*each) for each in duties[:MOST_DUTIES])
    yield from _rest(view, len(duties) - MOST_DUTIES, m.HOME_NOTHING_TO_DO if not duties else None)
    yield Heading(view.say(m.MY_CASES))
    yield from (case_line(seen, case) for seen, case in home_cases(cases))
    yield from _rest(view, len(cases) - MOST_CASES, m.NO_CASES if not cases else None)
    yield Heading(view.say(y.TITLE))
    to_the_year = Button(Wish.YEAR, view.say(y.OPEN))
    yield Step(view.say(y.HOME_LINE), mark=Mark.NONE, button=to_the_year)
    absences = [each for each in view.context.roster.absences if each.person == view.viewer]
    if absences:
        yield Heading(view.say(m.ABSENCE_NOW))
        yield from (absence_line(view, absence) for absence in absences[:MOST_ABSENCES])


def _open_duties(cases: OwnCases) -> Iterator[tuple[View, Case, Duty]]:
    for seen, case in cases:
        yield from ((seen, case, duty) for duty in open_for(seen, case))


def _duty_line(view: View, case: Case, duty: Duty) -> Step:
    shown = step(view, case, duty, case.duties[duty.id], in_dialog=True)
    note = f"{view.say(m.CASE_TITLE, number=case.number)} · {shown.note}"
    return marked_step(view, case, replace(shown, note=note[: 2 * MAX_LABEL]))


def _rest(view: View, count: int, nothing: Text | None) -> Iterator[Paragraph]:
    if nothing:
        yield Paragraph(view.say(nothing))
    elif count > 0:
        yield Paragraph(view.say(m.HOME_MORE, count=count))
