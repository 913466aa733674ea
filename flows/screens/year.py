"""The prevention year at a glance: one's own tasks, a department's, the school's; what is late and who has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flows import messages as m
from flows import year_messages as y
from flows.calendar_words import years
from flows.cards import Block, Button, Card, DateField, Facts, Heading, Link, Mark, Paragraph, Step, Style, dialog
from flows.handouts import Handout
from flows.limits import MAX_LABEL, shortened
from flows.occurrences import Whole, Window
from flows.school_days import local_day
from flows.screens.form import Form, Values
from flows.screens.task_messages import for_whom, standing, task_line, whose, window
from flows.screens.words import View
from flows.screens.year_scope import DEPARTMENT, MINE, SCHOOL, address_of, picture_of, scope_label, scopes, within
from flows.task_answers import Moved
from flows.task_people import coordinates, may_answer
from flows.task_state import is_late
from flows.tasks import Seen, Standing
from flows.wishes import SEPARATOR, Wish
from flows.year_wheel import DatedBy

ON_A_PAGE = 20
MOST_NAMED = 4
MOST_DEPARTMENTS = 15
FIRST_DAY, LAST_DAY = "first_day", "last_day"  # as `task_answers.Wrong` names the fields


@dataclass(frozen=True, slots=True)
class Part:
    """What is looked at: whose tasks, or one measure of theirs, and which page."""

    scope: str
    measure: str = ""
    time: str = ""
    page: int = 0
    is_first: bool = False  # what somebody has typed the command for

    @classmethod
    def read(cls, reference: str) -> Part:
        scope, measure, time, page = (*reference.split("|"), "", "", "", "")[:4]
        return cls(scope, measure, time, int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 0)

    def __str__(self) -> str:
        return f"{SEPARATOR}{self.scope}|{self.measure}|{self.time}|{self.page}"


def year_dialog(view: View, part: Part, tasks: Sequence[Seen], has_read: int, last_year: str = "") -> Card:
    """Return a scope's year: one's own tasks one by one, those of others by measure; what is late stands first.

    `last_year`: the school year before this one, where there is a report of it.
    """
    found = within(view, part.scope, tasks)
    lines = _own_lines(view, found) if part.scope == MINE else _measure_lines(view, part, found)
    first = min(part.page, max(0, len(lines) - 1) // ON_A_PAGE) * ON_A_PAGE
    blocks: list[Block] = [Paragraph(_heading(view, part.scope)), *_picture(view, part, found)]
    if found:
        blocks.append(Paragraph(_counts(view, found)))
    if part.scope == SCHOOL:
        everybody = len(view.context.roster.school.people)
        blocks.append(Paragraph(view.say(y.READ_BY, count=has_read, all=everybody)))
        blocks += _reports(view, last_year)
    blocks += lines[first : first + ON_A_PAGE] or [Paragraph(view.say(y.NOTHING_MINE))]
    if departments := _departments(view, part):
        blocks += [Heading(view.say(y.DEPARTMENTS)), *departments]
    return dialog(
        view.say(y.YEAR_TITLE), blocks, buttons=[*_turning(view, part, first, len(lines)), *_others(view, part)]
    )


def _heading(view: View, scope: str) -> str:
    return view.say(y.SCOPE, year=view.context.roster.school.school_year, scope=scope_label(view, scope))


def _picture(view: View, part: Part, found: Sequence[Seen]) -> list[Block]:
    """Return the year as a picture, for whoever has just asked for it: turning pages shows it no second time."""
    if not found or not part.is_first:
        return []
    return [picture_of(address_of(view, part.scope), found, view.context, view.language)]


def _reports(view: View, last_year: str) -> Iterator[Link]:
    """Yield the ways to the reports, for whoever sees all of the year."""
    for year in filter(None, (view.context.roster.school.school_year, last_year)):
        if url := view.context.address(Handout.REPORT, year, view.language):
            yield Link(view.say(y.REPORT, year=years(year)), url)


def _counts(view: View, found: Sequence[Seen]) -> str:
    today = local_day(view.context.now)
    late = sum(is_late(seen, today) for seen in found)
    return view.say(
        y.COUNTS,
        done=_number(found, Standing.DONE),
        late=late,
        left=_number(found, Standing.OPEN) - late,
        dropped=_number(found, Standing.DROPPED),
    )


def _number(found: Iterable[Seen], standing: Standing) -> int:
    return sum(seen.task.standing is standing for seen in found)


def _own_lines(view: View, found: Iterable[Seen]) -> list[Step]:
    return [task_line(view, seen) for seen in sorted(found, key=lambda seen: _urgency(view, seen))]


def _urgency(view: View, seen: Seen) -> tuple[bool, bool, date, str]:
    """Sort what is open before what isn't, and by its last day."""
    is_far = seen.occurrence.window.first_day > local_day(view.context.now)
    return not seen.task.is_open, is_far, seen.occurrence.window.last_day, seen.occurrence.key.measure


def _measure_lines(view: View, part: Part, found: Iterable[Seen]) -> list[Step]:
    together: dict[tuple[str, str], list[Seen]] = {}
    for seen in found:
        together.setdefault((seen.occurrence.key.measure, seen.occurrence.key.time), []).append(seen)
    today = local_day(view.context.now)
    in_order = sorted(together.values(), key=lambda own: (not any(is_late(seen, today) for seen in own), min(
        _urgency(view, seen) for seen in own)))  # fmt: skip
    return [_measure_line(view, part, own) for own in in_order]


def _measure_line(view: View, part: Part, own: Sequence[Seen]) -> Step:
    one, today = own[0].occurrence, local_day(view.context.now)
    counted = [seen for seen in own if seen.task.standing is not Standing.DROPPED]
    done = _number(counted, Standing.DONE)
    late = [seen for seen in own if is_late(seen, today)]
    said = view.say(y.OF_ALL, done=done, count=len(counted)) if len(own) > 1 else standing(view, own[0])
    note = f"{one.key.measure} · {window(view, one)}"
    if late:
        note = f"{note} · {view.say(y.LATE_WITH, names=_late_with(view, late))}"
    at = Part(part.scope, one.key.measure, one.key.time)
    button = Button(Wish.MEASURE, view.say(y.OPEN), str(at))
    mark = Mark.OPEN if any(seen.task.is_open for seen in own) else Mark.DONE
    return Step(view.say(one.measure.text), shortened(note, 2 * MAX_LABEL), mark, said, button)


def _late_with(view: View, late: Sequence[Seen]) -> str:
    names = [_whose(view, seen) for seen in late[:MOST_NAMED]]
    more = [view.say(m.AND_MORE, count=len(late) - MOST_NAMED)] if len(late) > MOST_NAMED else []
    return ", ".join([*names, *more])


def _whose(view: View, seen: Seen) -> str:
    name = whose(view, seen)
    is_for_all = seen.occurrence.key.audience.kind is Whole.SCHOOL
    return name if is_for_all else f"{for_whom(view, seen.occurrence.key.audience)} ({name})"


def _turning(view: View, part: Part, first: int, count: int) -> Iterator[Button]:
    page = first // ON_A_PAGE
    if page:
        yield _to(m.PAGE_BACK.in_(view.language), Part(part.scope, part.measure, part.time, page - 1))
    if first + ON_A_PAGE < count:
        yield _to(m.PAGE_ON.in_(view.language), Part(part.scope, part.measure, part.time, page + 1))


def _others(view: View, part: Part) -> list[Button]:
    """Return the ways to the school's year and one's own; those of the departments are steps."""
    elsewhere = _elsewhere(view, part)
    return [_to(scope_label(view, scope), Part(scope)) for scope in (SCHOOL, MINE) if scope in elsewhere]


def _elsewhere(view: View, part: Part) -> list[str]:
    return [scope for scope in scopes(view) if scope != part.scope]


def _departments(view: View, part: Part) -> list[Block]:
    """Return the ways to the departments that somebody may look at."""
    others = [scope for scope in _elsewhere(view, part) if scope.startswith(DEPARTMENT)][:MOST_DEPARTMENTS]
    return [
        Step(scope_label(view, scope), mark=Mark.NONE, button=Button(Wish.YEAR, view.say(y.OPEN), str(Part(scope))))
        for scope in others
    ]


def _to(label: str, part: Part) -> Button:
    wish = Wish.MEASURE if part.measure else Wish.YEAR
    return Button(wish, shortened(label, 75), str(part))


def measure_dialog(view: View, part: Part, tasks: Sequence[Seen]) -> Card:
    """Return one measure of a scope: for each class or department how far it is and who has it."""
    own = of_measure(part, within(view, part.scope, tasks))
    back = _to(view.say(y.BACK), Part(part.scope))
    if not own:
        return dialog(view.say(y.YEAR_TITLE), [Paragraph(view.say(y.NO_SUCH_TASK))], buttons=[back])
    first = min(part.page, (len(own) - 1) // ON_A_PAGE) * ON_A_PAGE
    one = own[0].occurrence
    facts = Facts(
        ((view.say(y.WHEN), window(view, one)), (view.say(y.DEMAND), view.say(y.BINDING[one.measure.binding])))
    )
    lines = [_audience_line(view, seen) for seen in own[first : first + ON_A_PAGE]]
    buttons = [*_turning(view, part, first, len(own)), back]
    if coordinates(view.viewer, view.context.roster, view.context.plan):
        buttons.append(Button(Wish.MOVING, view.say(y.MOVE_BUTTON), str(Part(part.scope, part.measure, part.time))))
    title = view.say(y.MEASURE_TITLE, id=one.key.measure)
    return dialog(shortened(title, 24), [Paragraph(view.say(one.measure.text)), facts, *lines], buttons=buttons)


def _audience_line(view: View, seen: Seen) -> Step:
    is_mine = may_answer(view.viewer, seen.task, seen.occurrence, view.context.roster, view.context.plan)
    button = Button(Wish.TASK, view.say(y.OPEN), seen.task.id) if is_mine else None
    mark = Mark.OPEN if seen.task.is_open else Mark.DONE
    return Step(
        for_whom(view, seen.occurrence.key.audience),
        shortened(whose(view, seen), MAX_LABEL),
        mark,
        standing(view, seen),
        button,
    )


def moving_dialog(view: View, part: Part, seen: Seen) -> Card:
    """Return the form that confirms or moves a measure's time, for all who have it."""
    one = seen.occurrence
    blocks = [Paragraph(view.say(one.measure.text)), Paragraph(view.say(y.MOVE_INTRO))]
    if one.measure.times[one.key.time].dated_by is not DatedBy.PROPOSAL:
        first, last = (f"{day:%d.%m.}" for day in (one.window.first_day, one.window.last_day))
        blocks.append(Paragraph(view.say(y.PLANS_OWN_TIME, first=first, last=last)))
    fields = [
        DateField(FIRST_DAY, view.say(y.FIRST_DAY), one.window.first_day.isoformat()),
        DateField(LAST_DAY, view.say(y.LAST_DAY), one.window.last_day.isoformat()),
    ]
    submit = Button(Wish.MOVE, view.say(y.MOVE), str(part), Style.PRIMARY)
    return dialog(view.say(y.MOVE_TITLE), blocks, fields, submit)


def read_moved(values: Values, view: View) -> tuple[Moved | None, dict[str, str]]:
    form = Form(values, view)
    first, last = form.day(FIRST_DAY), form.day(LAST_DAY)
    if first is None or last is None:
        return None, form.faults
    return Moved(Window(first, last)), {}


def of_measure(part: Part, tasks: Iterable[Seen]) -> list[Seen]:
    """Return all tasks of a measure's time, whatever scope it is looked at from."""
    at = (part.measure, part.time)
    there = (seen for seen in tasks if seen.task.standing is not Standing.GONE)
    return [seen for seen in there if (seen.occurrence.key.measure, seen.occurrence.key.time) == at]
