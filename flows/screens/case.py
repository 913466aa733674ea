"""A case as a dialog: its facts, and every duty with its origin and how far it has come; each reading is logged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flows import messages as m
from flows.access import Action, asked, concerned, hangs_on_question, holders, may, may_take
from flows.cards import Button, Card, Caution, Facts, Heading, Mark, Step, Style, dialog
from flows.decisions.course import COURSE, erased_at
from flows.decisions.duties import awaits_decision
from flows.decisions.own_duty import TAKEN_BACK
from flows.due import due_at, meeting_at
from flows.duty import Duty, Outcome, Until
from flows.incident import Case, DutyState, Progress
from flows.language import Text
from flows.limits import shortened
from flows.plan import ADULT, AGE, CLASS, MINOR, PLACE
from flows.school_days import local_day
from flows.screens.ways import open_ways
from flows.screens.words import View, class_label, origin, value_labels
from flows.wishes import SEPARATOR, Wish

MOST_NAMES = 2
MOST_REASON = 60  # characters


def case_dialog(view: View, case: Case) -> Card:
    """Return the whole case, for those who may read it."""
    known = view.context.plan.duties
    states = sorted(((known[n], s) for n, s in case.duties.items() if n in known), key=lambda d: _place(view, case, *d))
    duties = [step(view, case, duty, state, in_dialog=True) for duty, state in states]
    blocks = [
        _pupil(view, case),
        Facts(_rows(view, case)),
        _age_caution(view, case),
        Heading(view.say(m.DUTIES)),
        *duties,
    ]
    return dialog(view.say(m.CASE_TITLE, number=case.number), blocks, buttons=_case_buttons(view, case))


def _age_caution(view: View, case: Case) -> Caution | None:
    """Return what must not be overlooked about the guardians. Sources: T11, T15."""
    age = case.facts[AGE]
    if case.is_closed or age == {MINOR}:
        return None
    return Caution(view.say(m.GUARDIANS_NOT if age == {ADULT} else m.AGE_CHECK), view.say(m.LIMIT_AGE))


def _case_buttons(view: View, case: Case) -> list[Button]:
    wishes = (
        (Wish.QUESTIONS, Action.ANSWER, m.CHANGE_ANSWERS),
        (Wish.CLOSING, Action.LEAD, m.CLOSE_CASE),
        (Wish.MORE, Action.WITHDRAW, m.MORE),
        (Wish.REOPEN, Action.REOPEN, m.REOPEN),
    )
    context = view.context
    taking = [Button(Wish.TAKE, view.say(take_label(view, case)), case.id, Style.PRIMARY)]
    buttons = [
        Button(wish, view.say(label), case.id)
        for wish, action, label in wishes
        if may(view.viewer, action, case, context) and (wish is not Wish.MORE or open_ways(view, case))
    ]
    return [*(taking if may_take(view.viewer, case, context) else []), *buttons]


def take_label(view: View, case: Case) -> Text:
    return m.KEEP if case.taken_by == view.viewer else m.TAKE


def _place(view: View, case: Case, duty: Duty, state: DutyState) -> tuple[int, datetime]:
    """Return where a duty stands in the list: what is left for the viewer, what is left, and what is settled.

    Within each, what is due first stands first.
    """
    if state.progress.is_settled:
        return 2, state.at
    rank = 0 if view.viewer in concerned(duty, case, view.context) else 1
    return rank, due_at(duty, case, view.context)


def step(view: View, case: Case, duty: Duty, state: DutyState, *, in_dialog: bool) -> Step:
    """Return a duty as a step, with a button where it is the viewer's to tick; a dialog also says whose it is."""
    text = view.say(_sentence(duty, case, state))
    mark, mark_text = _mark(view, case, duty, state)
    who = _names(view, holders(duty, case, view.context))
    notes = (origin(duty, view), who if in_dialog else "", due_text(view, case, duty), _reason(view, state))
    said = " · ".join(filter(None, notes))
    button = _open_button(view, case, duty, state) if in_dialog else _button(view, case, duty, state)
    return Step(text, said, mark, mark_text, button)


def _sentence(duty: Duty, case: Case, state: DutyState) -> Text:
    """Return what the duty is now: a question, something to do, or something that is under way."""
    if state.progress is Progress.UNDER_WAY and duty.lasts:
        return duty.lasts.text
    is_asked = waits(duty, state) and not hangs_on_question(duty, case)
    return duty.question if duty.question and is_asked else duty.text


def due_text(view: View, case: Case, duty: Duty) -> str:
    """Return when an open duty is due, as the plan says it, with the day where there is one."""
    state, context = case.duties[duty.id], view.context
    if state.progress.is_settled or duty.alerts or case.is_closed:
        return ""
    if state.progress is Progress.UNDER_WAY:
        return view.say(m.UNDER_WAY_SINCE, day=view.day(local_day(state.at)))
    due = due_at(duty, case, context)
    if due < context.now and duty.deadline.until is None:
        return view.say(m.OVERDUE, when=view.moment(due))
    if duty.deadline.immediate:
        return view.say(m.DUE_AT_ONCE)
    if duty.deadline.until is Until.MEETING and meeting_at(case, context.plan) is None:
        return view.say(m.DUE_BEFORE_MEETING)
    if duty.deadline.until in m.DUE_UNTIL:
        return view.say(m.DUE_UNTIL[duty.deadline.until])
    return view.say(m.DUE, when=view.moment(due))


def _reason(view: View, state: DutyState) -> str:
    """Return which answers were changed when a duty ended."""
    if state.progress is not Progress.ENDED:
        return ""
    labels = {
        PLACE: view.say(m.FACT_WHERE),
        CLASS: view.say(m.FACT_CLASS),
        COURSE: view.say(m.COURSE),
        TAKEN_BACK: view.say(m.CONSENT_TAKEN_BACK),
    }
    known = view.context.plan.facts
    what = [labels.get(name) or fact_label(name, view) for name in state.because if name in labels or name in known]
    return shortened(view.say(m.ENDED_BECAUSE, what=", ".join(what)), MOST_REASON) if what else ""


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
        return Mark.DONE, view.say(m.STEP_DONE, time=view.clock(state.at))
    if state.progress is Progress.ENDED:
        return Mark.ENDED, view.say(m.STEP_ENDED)
    if state.progress is Progress.DEVIATED:
        return Mark.ENDED, view.say(m.STEP_DEVIATED)
    if state.progress is Progress.UNDER_WAY:
        return Mark.OPEN, view.say(m.STEP_UNDER_WAY)
    if duty.alerts:
        return Mark.OPEN, view.say(m.STEP_WAITS_TAKEN)
    if duty.asks_colleague and case.colleague and not case.colleague.declined_at:
        return Mark.OPEN, view.say(m.STEP_WAITS_COLLEAGUE)
    if waits(duty, state) and not hangs_on_question(duty, case):
        return Mark.QUESTION, view.say(m.STEP_CLARIFY)
    if hangs_on_question(duty, case) or awaits_decision(duty, case):
        return Mark.OPEN, view.say(m.STEP_WAITS_DECISION)
    return Mark.OPEN, view.say(m.STEP_OPEN)


def mark_text(view: View, case: Case, duty: Duty, state: DutyState) -> str:
    """Return how far a duty has come, in words."""
    return _mark(view, case, duty, state)[1]


def _open_button(view: View, case: Case, duty: Duty, state: DutyState) -> Button | None:
    """Return the way to a duty's own dialog, for those who have something to do with it."""
    if duty.is_personal:
        return _assess_button(view, case, duty, state)
    if state.progress is Progress.ENDED or not may(view.viewer, Action.DO, case, view.context):
        return None
    is_asked = state.outcome is Outcome.CLARIFY and view.viewer in asked(duty, case, view.context)
    is_own = duty.ticked_by_hand and view.viewer in holders(duty, case, view.context)
    if not (is_asked or is_own or view.viewer == case.taken_by):
        return None
    label, style = m.OPEN_TO_SEE, Style.PLAIN
    if state.progress is Progress.OPEN and is_asked:
        label, style = m.OPEN_TO_ANSWER, Style.PRIMARY
    elif is_own and _is_to_do(duty, case, state):
        label, style = m.OPEN_TO_DO, Style.PRIMARY
    return Button(Wish.DUTY, view.say(label), reference(case, duty), style)


def _is_to_do(duty: Duty, case: Case, state: DutyState) -> bool:
    return not (state.progress.is_settled or waits(duty, state) or awaits_decision(duty, case))


def _assess_button(view: View, case: Case, duty: Duty, state: DutyState) -> Button | None:
    """Return the way to what the viewer must decide alone, also when others have, and when the case is closed."""
    if state.progress is Progress.ENDED or not may(view.viewer, Action.ASSESS, case, view.context):
        return None
    is_left = view.viewer not in state.assessed and view.viewer in case.people
    label, style = (m.OPEN_TO_ANSWER, Style.PRIMARY) if is_left else (m.OPEN_TO_SEE, Style.PLAIN)
    return Button(Wish.ASSESSMENT, view.say(label), reference(case, duty), style)


def _button(view: View, case: Case, duty: Duty, state: DutyState) -> Button | None:
    """Return the button for a duty's holder; what the bot sees itself (the alert, the colleague) has none."""
    if not duty.ticked_by_hand or waits(duty, state) or not may(view.viewer, Action.TICK, case, view.context):
        return None
    if view.viewer not in holders(duty, case, view.context) or state.progress is Progress.ENDED:
        return None
    if state.progress is Progress.DONE:
        return Button(Wish.UNTICK, view.say(m.UNDO), reference(case, duty))
    if duty.form:
        return Button(Wish.DUTY, view.say(m.OPEN_TO_DO), reference(case, duty), Style.PRIMARY)
    return Button(Wish.TICK, view.say(m.DONE), reference(case, duty), Style.PRIMARY)


def _pupil(view: View, case: Case) -> Facts | None:
    """Return the pupil's reference, where the plan allows one."""
    if not case.pupil or not view.context.plan.pupil_reference:
        return None
    return Facts(((view.say(m.FACT_PUPIL), case.pupil),), Button(Wish.SHOW, view.say(m.OPEN_TO_SEE), case.id))


def _rows(view: View, case: Case) -> tuple[tuple[str, str], ...]:
    plan = view.context.plan
    facts = [
        (fact_label(name, view), _fact_value(case, name, view)) for name in plan.facts if name in case.facts
    ]  # fmt: skip
    colleague = case.colleague
    there = view.name(colleague.person) if colleague and colleague.confirmed_at else view.say(m.NOBODY_YET)
    owner = _signed(view, case.taken_by, case) if case.taken_by else view.say(m.NOBODY_YET)
    return (
        *_course_rows(view, case),
        *_reason_row(view, case),
        (view.say(m.FACT_REPORTED), view.moment(case.reported_at)),
        (view.say(m.FACT_REPORTER), f"{view.name(case.reporter)}, {view.phone(case.reporter)}"),
        (view.say(m.FACT_OWNER), owner),
        (view.say(m.FACT_WHERE), case.place),
        (view.say(m.FACT_CLASS), class_label(case, view)),
        *facts,
        (view.say(m.FACT_COLLEAGUE), there),
        *_participant_rows(view, case),
    )


def _participant_rows(view: View, case: Case) -> Iterator[tuple[str, str]]:
    if case.participants:
        yield view.say(m.FACT_PARTICIPANTS), _names(view, tuple(sorted(case.participants)))


def _course_rows(view: View, case: Case) -> Iterator[tuple[str, str]]:
    """Yield what is to be known of the course of the case."""
    if case.closed_at:
        said = m.WITHDRAWN_STATE if case.withdrawn else m.CLOSED_STATE
        yield view.say(m.DUTY_STATE), view.say(said, when=view.moment(case.closed_at), name=view.name(case.closed_by))
        yield view.say(m.FACT_ERASED), view.day(local_day(erased_at(case, view.context)))
    elif case.handed_over:
        departments = ", ".join(department_label(view, each) for each in case.departments)
        yield view.say(m.DUTY_STATE), view.say(m.HANDED_OVER_STATE, department=departments)
    elif case.refuted:
        yield view.say(m.DUTY_STATE), view.say(m.REFUTED_STATE)


def _reason_row(view: View, case: Case) -> Iterator[tuple[str, str]]:
    if case.reason and (case.refuted or case.withdrawn):
        yield view.say(m.FACT_REASON), case.reason


def department_label(view: View, department: str) -> str:
    known = view.context.roster.school.departments.get(department)
    return known.name if known else department


def _signed(view: View, person: str, case: Case) -> str:
    return view.say(m.BY_CLOCK, name=view.name(person), time=view.clock(case.taken_at)) if case.taken_at else ""


def fact_label(name: str, view: View) -> str:
    """Return a fact's question up to its first question mark: the label of its row."""
    question = view.say(view.context.plan.facts[name].question)
    return question.partition("?")[0] + "?" if "?" in question else question


def _fact_value(case: Case, name: str, view: View) -> str:
    value = value_labels(case, name, view)
    settled = name in case.answered or not view.context.plan.facts[name].start
    return value if settled else view.say(m.NOT_ANSWERED, value=value)
