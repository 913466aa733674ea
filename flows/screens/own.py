"""What is a person's own: the cases one has a part in, when one is away, and the language one reads."""

from __future__ import annotations

from datetime import time

from flows import messages as m
from flows.access import Action, may
from flows.cards import (
    Block,
    Button,
    Card,
    Caution,
    ChoiceField,
    DateField,
    Heading,
    Mark,
    Option,
    Paragraph,
    Step,
    Style,
    dialog,
)
from flows.due import due_at
from flows.effects import BeAway, ChooseLanguage
from flows.incident import Case
from flows.language import LANGUAGE_NAMES, Language
from flows.limits import MAX_BLOCKS
from flows.roster import Absence, StandIn
from flows.school_days import DAY, instant, local_day
from flows.screens.case import step
from flows.screens.form import Form, Values
from flows.screens.mark import marked_step
from flows.screens.reminder import open_for
from flows.screens.words import View, role_label
from flows.wishes import SEPARATOR, Wish

FROM, UNTIL, LANGUAGE = "from", "until", "language"
_MIDNIGHT = time(0)
MOST_ABSENCES = 10
MOST_STAND_INS = 15
ROOM = MAX_BLOCKS  # for the cases of a page and their duties

OwnCases = tuple[tuple[View, Case], ...]  # each seen under its own plan


def cases_dialog(view: View, cases: OwnCases, page: int = 0) -> Card:
    """Return a page of one's own cases, each with what is one's to do in it: what is due first stands first."""
    pages = _pages(cases)
    at = min(page, len(pages) - 1)
    blocks: list[Block] = [block for seen, case in pages[at] for block in _part(seen, case)]
    turning = [(m.PAGE_BACK, at - 1)] if at else []
    turning += [(m.PAGE_ON, at + 1)] if at + 1 < len(pages) else []
    buttons = [Button(Wish.CASES, view.say(label), f"{SEPARATOR}{to}") for label, to in turning]
    return dialog(view.say(m.MY_CASES), blocks or [Paragraph(view.say(m.NO_CASES))], buttons=[_report(view), *buttons])


def cases_shown(cases: OwnCases, page: int = 0) -> tuple[str, ...]:
    """Return the ids of the cases on a page."""
    pages = _pages(cases)
    return tuple(case.id for _, case in pages[min(page, len(pages) - 1)])


def _pages(cases: OwnCases) -> list[list[tuple[View, Case]]]:
    """Return the cases in pages that fit into a dialog; one page at least, if an empty one."""
    pages: list[list[tuple[View, Case]]] = [[]]
    room = ROOM
    for seen, case in sorted(cases, key=lambda each: (each[1].drill is not None, _first_due(*each))):
        needed = len(_part(seen, case))
        if needed > room:
            pages.append([])
            room = ROOM
        pages[-1].append((seen, case))
        room -= needed
    return pages


def _part(view: View, case: Case) -> list[Step]:
    return [case_line(view, case), *_own_steps(view, case)][:ROOM]


def _first_due(view: View, case: Case) -> tuple[bool, float, float]:
    left = open_for(view, case)
    due = due_at(left[0], case, view.context).timestamp() if left else 0.0
    return not left, due, case.reported_at.timestamp()


def case_line(view: View, case: Case) -> Step:
    """Return the case itself, with the way into it; neutral, as its messages are."""
    who = view.say(m.CASE_OWNER, name=view.name(case.taken_by)) if case.taken_by else view.say(m.CASE_NOT_TAKEN)
    note = view.say(m.CASE_REPORTED, when=view.moment(case.reported_at), place=case.place)
    wish, label = Wish.DUTIES, m.SEE_DUTIES
    if may(view.viewer, Action.READ, case, view.context):
        wish, label = Wish.SHOW, m.SHOW_CASE
    may_open = wish is Wish.SHOW or may(view.viewer, Action.FOLLOW, case, view.context)
    button = Button(wish, view.say(label), case.id) if may_open else None
    return marked_step(view, case, Step(view.say(m.CASE_TITLE, number=case.number), note, Mark.NONE, who, button))


def _own_steps(view: View, case: Case) -> list[Step]:
    duties = (step(view, case, duty, case.duties[duty.id], in_dialog=True) for duty in open_for(view, case))
    return [marked_step(view, case, each) for each in duties]


def _report(view: View) -> Button:
    return Button(Wish.INTAKE, view.say(m.START_INCIDENT))


def absence_dialog(view: View) -> Card:
    """Return when one is away, who acts for one then, and the form for being away."""
    own = [absence for absence in view.context.roster.absences if absence.person == view.viewer]
    lasting: list[Block] = [absence_line(view, absence) for absence in own[:MOST_ABSENCES]]
    today = f"{local_day(view.context.now):%Y-%m-%d}"
    return dialog(
        view.say(m.ABSENCE_TITLE),
        [
            Heading(view.say(m.ABSENCE_NOW)) if lasting else None,
            *lasting,
            Paragraph(view.say(m.ABSENCE_ABOUT)),
            *_stand_ins(view),
        ],
        [DateField(FROM, view.say(m.ABSENCE_FROM), today), DateField(UNTIL, view.say(m.ABSENCE_UNTIL), today)],
        Button(Wish.BE_AWAY, view.say(m.SAVE), style=Style.PRIMARY),
    )


def absence_line(view: View, absence: Absence) -> Step:
    text = view.say(m.ABSENCE_SPAN, first=view.day(local_day(absence.from_at)), last=view.day(absence.last_on))
    return Step(
        text, mark=Mark.NONE, button=Button(Wish.COME_BACK, view.say(m.ABSENCE_END), f"{SEPARATOR}{absence.id}")
    )


def _stand_ins(view: View) -> list[Block]:
    """Return who takes over, role by role; somebody who leaves nobody behind is told so first."""
    today = instant(local_day(view.context.now), _MIDNIGHT)
    now = BeAway(view.context.now, today + DAY)
    found = view.context.roster.stand_ins(view.viewer, now.from_at, now.until_at, view.context.plan)
    warning = [Caution(view.say(m.ABSENCE_NOBODY), view.say(m.ABSENCE_WARNING))] if leaves_nobody(view, now) else []
    lines = [_stand_in(view, each) for each in found if each.person][:MOST_STAND_INS]
    return [*warning, *([Paragraph("\n".join(lines))] if lines else [])]


def leaves_nobody(view: View, absence: BeAway) -> bool:
    """Say whether a role of the viewer's has nobody in it the whole time."""
    found = view.context.roster.stand_ins(view.viewer, absence.from_at, absence.until_at, view.context.plan)
    return any(each.role in view.context.plan.roles and not each.person for each in found)


def _stand_in(view: View, each: StandIn) -> str:
    said = m.ABSENCE_STAND_IN if each.where else m.ABSENCE_STAND_IN_SCHOOL
    name = view.name(each.person)
    if each.acts_as:
        name = view.say(m.ABSENCE_ACTS_AS, name=name, role=view.say(role_label(view, each.acts_as)))
    return view.say(said, role=view.say(role_label(view, each.role)), where=each.where, name=name)


def read_absence(values: Values, view: View) -> tuple[BeAway | None, dict[str, str]]:
    """Return the time that somebody is away: from now or the morning of a day to the end of another."""
    form = Form(values, view)
    first, last, today = form.day(FROM), form.day(UNTIL), local_day(view.context.now)
    if first and last and last < max(first, today):
        form.refuse(UNTIL, m.FAULT_ABSENCE_ORDER)
    if form.faults or first is None or last is None:
        return None, form.faults
    midnight = instant(last + DAY, _MIDNIGHT)
    return BeAway(max(view.context.now, instant(first, _MIDNIGHT)), midnight), {}


def language_dialog(view: View) -> Card:
    options = tuple(Option(each, LANGUAGE_NAMES[each]) for each in view.context.plan.languages)
    field = ChoiceField(LANGUAGE, view.say(m.WHICH_LANGUAGE), options, (view.language,) if view.language in
                        view.context.plan.languages else ())  # fmt: skip
    return dialog(view.say(m.LANGUAGE_TITLE), [], [field], Button(Wish.CHOOSE_LANGUAGE, view.say(m.SAVE),
                  style=Style.PRIMARY))  # fmt: skip


def read_language(values: Values, view: View) -> tuple[ChooseLanguage | None, dict[str, str]]:
    form = Form(values, view)
    chosen = form.optional(LANGUAGE, tuple(view.context.plan.languages))
    if not chosen and not form.faults:
        form.refuse(LANGUAGE, m.FAULT_REQUIRED)
    return (None if form.faults else ChooseLanguage(Language(chosen))), form.faults
