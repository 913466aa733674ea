"""What somebody who was brought in sees of a case: that there is something to do, and then those duties alone."""

from __future__ import annotations

from collections.abc import Iterator

from flows import messages as m
from flows.access import Action, acting_for, concerned, holders_of, may
from flows.cards import Block, Button, Card, Facts, Heading, Paragraph, Style, dialog, message
from flows.commands import AnswerFact
from flows.decisions.own_duty import asked_of_a_role
from flows.due import meeting_at
from flows.duty import Duty
from flows.incident import Case, Progress
from flows.limits import MAX_BUTTONS
from flows.screens.case import fact_label, step
from flows.screens.form import Form, Values, fact_field
from flows.screens.reminder import next_due, open_for
from flows.screens.words import View
from flows.wishes import SEPARATOR, Wish


def duties_message(view: View, case: Case) -> Card:
    """Return the message: neutral, with whom to ask and the way to one's duties."""
    title = view.say(m.CASE_TITLE, number=case.number)
    summary = view.say(m.ALERT_SUMMARY, number=case.number)
    if not may(view.viewer, Action.FOLLOW, case, view.context):
        return message(title, [Paragraph(view.say(m.NOTHING_LEFT))], summary=summary)
    left = open_for(view, case)
    text = view.say(m.KEPT_INFORMED if view.viewer in case.participants else m.DUTIES_DONE)
    if left:
        text = f"{view.say(m.DUTIES_LEFT, count=len(left))} {next_due(view, case, left)}"
    buttons = [Button(Wish.DUTIES, view.say(m.SEE_DUTIES), case.id, Style.PRIMARY if left else Style.PLAIN)]
    if may(view.viewer, Action.READ, case, view.context):
        buttons.append(Button(Wish.SHOW, view.say(m.SHOW_CASE), case.id))
    said = [*_acts_for(view, case, left), text, *_whom_to_ask(view, case)]
    return message(title, [Paragraph(line) for line in said], buttons, summary=summary)


def _acts_for(view: View, case: Case, left: list[Duty]) -> list[str]:
    """Return for whom the viewer acts on these duties, and how long."""
    acting = (each for duty in left for each in acting_for(duty, case, view.context))
    absences = dict.fromkeys(absence for person, absence in acting if person == view.viewer)
    return [
        view.say(m.ACTS_FOR, name=view.name(each.person), last=view.day_at_the_end(each.last_on)) for each in absences
    ]


def duties_dialog(view: View, case: Case) -> Card:
    """Return one's own duties, and how far the rest has come for those who are kept informed; no fact of the case.

    Sources: B5.2, T40.
    """
    own = own_duties(view, case)
    steps: list[Block] = [step(view, case, duty, case.duties[duty.id], in_dialog=True) for duty in own]
    rows = [(view.say(m.FACT_OWNER), _owner(view, case))]
    if held_at := meeting_at(case, view.context.plan):
        rows.append((view.say(m.FACT_MEETING), view.moment(held_at)))
    left = steps or [Paragraph(view.say(m.NOTHING_LEFT))]
    blocks = [Facts(tuple(rows)), *left, *_rest(view, case, own)]
    return dialog(view.say(m.CASE_TITLE, number=case.number), blocks, buttons=_fact_buttons(view, case))


def _fact_buttons(view: View, case: Case) -> list[Button]:
    """Return the way to what only the viewer's role is asked: the pupil may change its mind at any time. T25."""
    return [
        Button(Wish.FACT, fact_label(name, view), f"{case.id}{SEPARATOR}{name}")
        for name in view.context.plan.facts
        if _is_asked(view, case, name)
    ][:MAX_BUTTONS]


def _is_asked(view: View, case: Case, name: str) -> bool:
    fact = view.context.plan.facts.get(name)
    if fact is None or name not in case.facts or not asked_of_a_role(fact):
        return False
    return view.viewer in holders_of(fact.ask, case, view.context)


def fact_dialog(view: View, case: Case, name: str) -> Card | None:
    """Return the question that is the viewer's role's, with the present answer; None where it is not."""
    if not _is_asked(view, case, name):
        return None
    fact = view.context.plan.facts[name]
    submit = Button(Wish.ANSWER_FACT, view.say(m.SAVE), f"{case.id}{SEPARATOR}{name}", Style.PRIMARY)
    value = tuple(sorted(case.facts[name]))
    return dialog(view.say(m.CASE_TITLE, number=case.number), [], [fact_field(name, fact, view, value=value)], submit)


def read_fact(values: Values, view: View, name: str) -> tuple[AnswerFact, dict[str, str]]:
    form, fact = Form(values, view), view.context.plan.facts.get(name)
    chosen = form.chosen(name, fact, required=True) if fact else ()
    return AnswerFact(view.viewer, name, chosen), form.faults


def _rest(view: View, case: Case, own: list[Duty]) -> Iterator[Block]:
    if view.viewer not in case.participants:
        return
    yield Heading(view.say(m.DUTIES_OF_OTHERS))
    known = view.context.plan.duties
    for name, state in case.duties.items():
        if name in known and known[name] not in own and state.progress is not Progress.ENDED:
            yield step(view, case, known[name], state, in_dialog=True)


def own_duties(view: View, case: Case) -> list[Duty]:
    """Return the duties that apply and are the viewer's, or that the viewer is asked about."""
    known = view.context.plan.duties
    return [
        known[name]
        for name, state in case.duties.items()
        if name in known
        and state.progress is not Progress.ENDED
        and view.viewer in concerned(known[name], case, view.context)
    ]


def _whom_to_ask(view: View, case: Case) -> list[str]:
    """Return who can tell whom the case is about: the owner, or the reporter as long as the owner is away."""
    knowing = [person for person in (case.taken_by, case.reporter) if person]
    if view.viewer in knowing:
        return []
    person = next((each for each in knowing if view.context.roster.is_here(each)), knowing[0])
    return [view.say(m.ASK_OWNER, name=view.name(person), phone=view.phone(person))]


def _owner(view: View, case: Case) -> str:
    person = case.taken_by or case.reporter
    return f"{view.name(person)}, {view.phone(person)}"
