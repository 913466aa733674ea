"""The plan to read and to search: its own sentences, and the duties and measures that come of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows import messages as m
from flows import year_messages as y
from flows.cards import Block, Button, Card, Facts, Heading, Mark, Paragraph, Step, Style, TextField, dialog
from flows.duty import Deadline, Duty
from flows.language import Language, Text
from flows.limits import shortened
from flows.papers import paper
from flows.papers.paper import Paper
from flows.plan import BUILT_IN_ROLES, Plan
from flows.screens.form import Form, Values
from flows.screens.words import View, origin
from flows.wishes import SEPARATOR, Wish
from flows.year_wheel import Measure

QUERY = "query"
MAX_QUERY = 80
ON_A_PAGE = 20
SHOWN = 160  # characters of a sentence in a list


@dataclass(frozen=True, slots=True)
class _PlanEntry:
    """A clause, or a duty of law or safety that has none."""

    id: str
    sentence: Text
    duties: tuple[Duty, ...]
    measures: tuple[Measure, ...]

    def mentions(self, words: list[str]) -> bool:
        texts = [self.sentence, *(duty.text for duty in self.duties), *(measure.text for measure in self.measures)]
        texts += [duty.guidance for duty in self.duties if duty.guidance]
        said = " ".join([self.id, *(text.in_(language) for text in texts for language in Language)]).casefold()
        return all(word in said for word in words)


def _entries(plan: Plan) -> Iterator[_PlanEntry]:
    for clause, sentence in plan.clauses.items():
        duties = tuple(duty for duty in plan.duties_in_force if clause in duty.clauses)
        measures = tuple(measure for measure in plan.wheel.values() if clause in measure.clauses)
        yield _PlanEntry(clause, Text(sentence, sentence), duties, measures)
    for duty in plan.duties_in_force:
        if not duty.clauses:
            yield _PlanEntry(duty.id, duty.text, (duty,), ())


def plan_dialog(view: View, page: int = 0) -> Card:
    """Return a page of the plan in its own order."""
    entries = list(_entries(view.context.plan))
    first = min(max(page, 0) * ON_A_PAGE, (len(entries) - 1) // ON_A_PAGE * ON_A_PAGE)
    shown = entries[first : first + ON_A_PAGE]
    buttons = []
    if first:
        buttons.append(_page_button(view, m.PAGE_BACK, first // ON_A_PAGE - 1))
    if first + ON_A_PAGE < len(entries):
        buttons.append(_page_button(view, m.PAGE_ON, first // ON_A_PAGE + 1))
    version = view.say(m.PLAN_VERSION, version=view.context.plan.version)
    return _list(view, [Paragraph(version), *(_line(view, entry) for entry in shown)], buttons)


def sheet_dialog(view: View, sheet: Paper) -> Card:
    """Return what stands on a sheet, to be read out or copied."""
    blocks = [Heading(sheet.title), *(_as_block(each) for each in sheet.blocks)]
    return dialog(view.say(y.SHEET_TITLE), blocks, buttons=[Button(Wish.YEAR, view.say(y.BACK))])


def _as_block(block: paper.Block) -> Block:
    match block:
        case paper.Heading(text):
            return Heading(text)
        case paper.Bullet(text):
            return Paragraph(f"• {text}")
        case paper.Paragraph(text):
            return Paragraph(text)
        case paper.Table():
            raise TypeError(block)  # no sheet has one


def found_dialog(view: View, query: str) -> Card:
    """Return what in the plan holds all the words; what was typed isn't repeated."""
    words = query.casefold().split()
    hits = [entry for entry in _entries(view.context.plan) if entry.mentions(words)]
    said = view.say(m.PLAN_HITS, count=len(hits)) if hits else view.say(m.PLAN_NO_HITS)
    lines = [_line(view, entry) for entry in hits[:ON_A_PAGE]]
    more = [Paragraph(view.say(m.PLAN_MORE_HITS))] if len(hits) > ON_A_PAGE else []
    return _list(view, [Paragraph(said), *lines, *more], [_page_button(view, m.PLAN_WHOLE, 0)])


def clause_dialog(view: View, name: str) -> Card:
    """Return one clause, or duty without one, with all that comes of it; the whole plan where there is none."""
    entry = next((entry for entry in _entries(view.context.plan) if entry.id == name), None)
    if entry is None:
        return plan_dialog(view)
    quote = [Paragraph(f"«{view.context.plan.clauses[name]}»")] if name in view.context.plan.clauses else []
    blocks: list[Block] = [*quote, Heading(view.say(m.PLAN_MEANS))]
    for duty in entry.duties:
        blocks += _duty(view, duty)
    for measure in entry.measures:
        blocks += _measure(view, measure)
    if not (entry.duties or entry.measures):
        blocks.append(Paragraph(view.say(m.PLAN_NO_DUTY)))
    return dialog(view.say(m.PLAN_ENTRY, id=name), blocks, buttons=[_page_button(view, m.PLAN_WHOLE, 0)])


def read_query(values: Values, view: View) -> str:
    return Form(values, view).short(QUERY, MAX_QUERY)[:MAX_QUERY]


def _list(view: View, blocks: list[Block], buttons: list[Button]) -> Card:
    field = TextField(QUERY, view.say(m.PLAN_SEARCH), MAX_QUERY, required=False, hint=view.say(m.PLAN_SEARCH_HINT))
    submit = Button(Wish.SEARCH_PLAN, view.say(m.PLAN_SEARCH_BUTTON), style=Style.PRIMARY)
    return dialog(view.say(m.PLAN_TITLE), blocks, [field], submit, buttons)


def _page_button(view: View, label: Text, page: int) -> Button:
    return Button(Wish.PLAN, view.say(label), f"{SEPARATOR}{page}")


def _line(view: View, entry: _PlanEntry) -> Step:
    sentence = entry.sentence.in_(view.language)  # may hold braces, which are no blanks
    short = shortened(sentence, SHOWN)
    return Step(
        short, entry.id, Mark.NONE, button=Button(Wish.CLAUSE, view.say(m.OPEN_TO_SEE), f"{SEPARATOR}{entry.id}")
    )


def _duty(view: View, duty: Duty) -> Iterator[Block]:
    yield Paragraph(view.say(duty.text))
    rows = [
        (view.say(m.DUTY_FROM), origin(duty, view)),
        (view.say(m.DUTY_WHOSE), ", ".join(_role(view, role) for role in duty.who)),
        (view.say(m.DUTY_DUE), _deadline(view, duty.deadline)),
    ]
    if duty.disclosure.leaves_the_school:
        rows.append((view.say(m.DUTY_TELLS), view.say(m.DISCLOSURES[duty.disclosure])))
    yield Facts(tuple(rows))
    if duty.guidance:
        yield Paragraph(view.say(duty.guidance))


def _measure(view: View, measure: Measure) -> Iterator[Block]:
    yield Paragraph(view.say(measure.text))
    times = ", ".join(f"{_day(time.first_day)}–{_day(time.last_day)}" for time in measure.times.values())
    yield Facts(
        (
            (view.say(m.DUTY_WHOSE), ", ".join(_role(view, role) for role in measure.who)),
            (view.say(m.MEASURE_WHEN), times),
        )
    )


def _day(written: str) -> str:
    month, _, day = written.partition("-")
    return f"{day}.{month}."


def _role(view: View, role: str) -> str:
    if role in BUILT_IN_ROLES:
        return view.say(m.BUILT_IN[role])
    known = view.context.plan.roles.get(role)
    return view.say(known.label) if known else role


def _deadline(view: View, deadline: Deadline) -> str:
    if deadline.immediate:
        return view.say(m.DUE_AT_ONCE)
    if deadline.until is not None:
        return view.say(m.DUE_UNTIL[deadline.until])
    days = deadline.school_days or 0
    return view.say(m.DEADLINE_SAME_DAY if not days else m.DEADLINE_DAYS, count=days)
