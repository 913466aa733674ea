"""A case as a dialog: its facts, and every duty with its origin and how far it has come; each reading is logged."""

from __future__ import annotations

from flows import messages as m
from flows.access import Action, asked, concerned, holders, may
from flows.cards import Block, Button, Card, Facts, Heading, Mark, Step, Style, dialog
from flows.incident import Case, DutyState, Progress
from flows.plan import CLASS, PLACE, Duty, Outcome
from flows.screens.words import View, class_label, clock, origin, value_labels
from flows.wishes import SEPARATOR, Wish

MOST_NAMES = 2
MOST_REASON = 60  # characters


def case_dialog(view: View, case: Case) -> Card:
    """Return the whole case, for those who may read it."""
    known = view.context.plan.duties
    states = sorted(((known[n], s) for n, s in case.duties.items() if n in known), key=lambda d: _place(view, case, *d))
    duties = [step(view, case, duty, state, in_dialog=True) for duty, state in states]
    blocks: list[Block] = [Facts(_rows(view, case)), Heading(view.say(m.DUTIES)), *duties]
    return dialog(view.say(m.CASE_TITLE, number=case.number), blocks)


def _place(view: View, case: Case, duty: Duty, state: DutyState) -> int:
    """Return where a duty stands in the list: what is left for the viewer, what is left, and what is settled."""
    if state.progress.is_settled:
        return 2
    return 0 if view.viewer in concerned(duty, case, view.context) else 1


def step(view: View, case: Case, duty: Duty, state: DutyState, *, in_dialog: bool) -> Step:
    """Return a duty as a step, with a button where it is the viewer's to tick; a dialog also says whose it is."""
    question = duty.question if waits(duty, state) else None
    text = view.say(question or duty.text)
    mark, mark_text = _mark(view, case, duty, state)
    who = _names(view, holders(duty, case, view.context))
    said = " · ".join(filter(None, (origin(duty, view), who if in_dialog else "", _reason(view, state))))
    button = _open_button(view, case, duty, state) if in_dialog else _button(view, case, duty, state)
    return Step(text, said, mark, mark_text, button)


def _reason(view: View, state: DutyState) -> str:
    """Return which answers were changed when a duty ended."""
    if state.progress is not Progress.ENDED:
        return ""
    labels = {PLACE: view.say(m.FACT_WHERE), CLASS: view.say(m.FACT_CLASS)}
    known = view.context.plan.facts
    what = [labels.get(name) or _fact_label(name, view) for name in state.because if name in labels or name in known]
    return view.say(m.ENDED_BECAUSE, what=", ".join(what))[:MOST_REASON] if what else ""


def _names(view: View, people: tuple[str, ...]) -> str:
    """Return the names of a few people, and how many more there are."""
    shown = ", ".join(view.name(person) for person in people[:MOST_NAMES])
    more = len(people) - MOST_NAMES
    return view.say(m.AND_MORE, names=shown, count=more) if more > 0 else shown


def reference(case: Case, duty: Duty) -> str:
    return f"{case.id}{SEPARATOR}{duty.id}"


def waits(duty: Duty, state: DutyState) -> bool:
    """Say whether an open duty waits for somebody's answer."""
    return state.progress is Progress.OPEN and duty.waits_while(state.outcome)


def _mark(view: View, case: Case, duty: Duty, state: DutyState) -> tuple[Mark, str]:
    if state.progress is Progress.DONE:
        return Mark.DONE, view.say(m.STEP_DONE, time=clock(state.at))
    if state.progress is Progress.ENDED:
        return Mark.ENDED, view.say(m.STEP_ENDED)
    if state.progress is Progress.DEVIATED:
        return Mark.ENDED, view.say(m.STEP_DEVIATED)
    if duty.alerts:
        return Mark.OPEN, view.say(m.STEP_WAITS_TAKEN)
    if duty.asks_colleague and case.colleague and not case.colleague.declined_at:
        return Mark.OPEN, view.say(m.STEP_WAITS_COLLEAGUE)
    if waits(duty, state):
        return Mark.QUESTION, view.say(m.STEP_CLARIFY)
    return Mark.OPEN, view.say(m.STEP_OPEN)


def mark_text(view: View, case: Case, duty: Duty, state: DutyState) -> str:
    """Return how far a duty has come, in words."""
    return _mark(view, case, duty, state)[1]


def _open_button(view: View, case: Case, duty: Duty, state: DutyState) -> Button | None:
    """Return the way to a duty's own dialog, for those who have something to do with it."""
    if state.progress is Progress.ENDED or not may(view.viewer, Action.DO, case, view.context):
        return None
    is_asked = state.outcome is Outcome.CLARIFY and view.viewer in asked(duty, case, view.context)
    is_own = duty.ticked_by_hand and view.viewer in holders(duty, case, view.context)
    if not (is_asked or is_own or view.viewer == case.taken_by):
        return None
    label, style = m.OPEN_TO_SEE, Style.PLAIN
    if state.progress is Progress.OPEN and is_asked:
        label, style = m.OPEN_TO_ANSWER, Style.PRIMARY
    elif state.progress is Progress.OPEN and is_own and not waits(duty, state):
        label, style = m.OPEN_TO_DO, Style.PRIMARY
    return Button(Wish.DUTY, view.say(label), reference(case, duty), style)


def _button(view: View, case: Case, duty: Duty, state: DutyState) -> Button | None:
    """Return the button for a duty's holder; what the bot sees itself (the alert, the colleague) has none."""
    if not duty.ticked_by_hand or waits(duty, state) or not may(view.viewer, Action.TICK, case, view.context):
        return None
    if view.viewer not in holders(duty, case, view.context) or state.progress is Progress.ENDED:
        return None
    if state.progress is Progress.DONE:
        return Button(Wish.UNTICK, view.say(m.UNDO), reference(case, duty))
    return Button(Wish.TICK, view.say(m.DONE), reference(case, duty), Style.PRIMARY)


def _rows(view: View, case: Case) -> tuple[tuple[str, str], ...]:
    plan = view.context.plan
    facts = [
        (_fact_label(name, view), _fact_value(case, name, view)) for name in plan.facts if name in case.facts
    ]  # fmt: skip
    colleague = case.colleague
    there = view.name(colleague.person) if colleague and colleague.confirmed_at else view.say(m.NOBODY_YET)
    owner = _signed(view, case.taken_by, case) if case.taken_by else view.say(m.NOBODY_YET)
    return (
        (view.say(m.FACT_REPORTED), clock(case.reported_at)),
        (view.say(m.FACT_REPORTER), f"{view.name(case.reporter)}, {view.phone(case.reporter)}"),
        (view.say(m.FACT_OWNER), owner),
        (view.say(m.FACT_WHERE), case.place),
        (view.say(m.FACT_CLASS), class_label(case, view)),
        *facts,
        (view.say(m.FACT_COLLEAGUE), there),
    )


def _signed(view: View, person: str, case: Case) -> str:
    return view.say(m.BY_CLOCK, name=view.name(person), time=clock(case.taken_at)) if case.taken_at else ""


def _fact_label(name: str, view: View) -> str:
    """Return a fact's question up to its first question mark: the label of its row."""
    question = view.say(view.context.plan.facts[name].question)
    return question.partition("?")[0] + "?" if "?" in question else question


def _fact_value(case: Case, name: str, view: View) -> str:
    value = value_labels(case, name, view)
    settled = name in case.answered or not view.context.plan.facts[name].start
    return value if settled else view.say(m.NOT_ANSWERED, value=value)
