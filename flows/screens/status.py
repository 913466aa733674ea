"""The reporter's message: who has been alerted, who has taken the case, and what to do now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows import messages as m
from flows.access import holders
from flows.cards import Block, Button, Card, Caution, Heading, Paragraph, Step, Style, message
from flows.duty import EVERYONE, REPORTER
from flows.incident import Alert, Case, Progress
from flows.screens.case import department_label, step
from flows.screens.questions import unanswered
from flows.screens.words import View, role_label
from flows.wishes import Wish

MOST_LINES = 20  # of whom was alerted; the last ones say whom to ring


def status(view: View, case: Case) -> Card:
    """Return what the reporter sees of the case: nothing that tells who the pupil is."""
    steps: list[Block] = list(_own_steps(view, case))
    if steps:
        steps.insert(0, Heading(view.say(m.YOU_DO_NOW)))
    blocks: list[Block] = [
        Caution(view.say(m.CALL_AMBULANCE), view.say(m.SAFETY)),
        Heading(view.say(m.ALERTING)),
        Paragraph("\n".join([*alert_lines(view, case)][-MOST_LINES:])),
        *steps,
        *(Paragraph(line) for line in _colleague_lines(view, case)),
        Caution(f"{view.say(m.DO_NOT_SEARCH)} {view.say(m.NO_NAMES)}", view.say(m.LIMIT)),
    ]
    title = view.say(m.CASE_TITLE, number=case.number)
    return message(title, blocks, _buttons(view, case), summary=view.say(m.STATUS_SUMMARY, number=case.number))


def alert_lines(view: View, case: Case) -> Iterator[str]:
    """Yield how far the alert has come, truthfully: sent, delivered, taken."""
    for person in {alert.person: None for alert in case.alerts}:
        yield _alert_line(view, [alert for alert in case.alerts if alert.person == person])
    if case.taken_by and case.taken_at:
        yield view.say(m.TAKEN, name=view.name(case.taken_by), time=view.clock(case.taken_at))
        if not case.is_waiting:
            return
        where = ", ".join(department_label(view, department) for department in case.departments)
        yield view.say(m.HANDED_OVER_LINE, department=where, name=view.name(case.taken_by))
    for role, to_deputy in case.escalation.skipped if case.escalation else ():
        yield view.say(m.NOBODY_HOLDS, role=role_label(view, role, to_deputy=to_deputy))
    if not case.alerts:
        yield view.say(m.NOBODY_AT_ALL, phone=view.context.roster.school.phone)
        return
    last = case.alerts[-1].person
    yield view.say(m.NOT_TAKEN, name=view.name(last), phone=view.phone(last))


def _alert_line(view: View, alerts: Sequence[Alert]) -> str:
    """Return when a person's latest alert came that did; of whom none has reached, since when that is so."""
    name, delivered = view.name(alerts[0].person), [alert.delivered_at for alert in alerts if alert.delivered_at]
    if delivered:
        return view.say(m.DELIVERED, name=name, time=view.clock(delivered[-1]))
    if alerts[-1].unreached:
        return view.say(m.NOT_REACHED, name=name)
    return view.say(m.SENT, name=name, time=view.clock(alerts[0].sent_at))


def _own_steps(view: View, case: Case) -> Iterator[Step]:
    """Yield what is the reporter's to do as a reporter; all else, and what no longer applies, stands in the dialog."""
    for name, state in case.duties.items():
        duty = view.context.plan.duties.get(name)
        if not duty or state.progress is Progress.ENDED or duty.alerts or not {REPORTER, EVERYONE} & set(duty.who):
            continue
        if view.viewer in holders(duty, case, view.context):
            yield step(view, case, duty, state, in_dialog=False)


def _colleague_lines(view: View, case: Case) -> Iterator[str]:
    colleague = case.colleague
    if colleague is None:
        return
    text = m.COLLEAGUE_ASKED
    if colleague.confirmed_at:
        text = m.COLLEAGUE_THERE
    elif colleague.declined_at:
        text = m.COLLEAGUE_CANNOT
    yield view.say(text, name=view.name(colleague.person))


def _buttons(view: View, case: Case) -> list[Button]:
    left = unanswered(view, case)
    label, style = (m.QUESTIONS_LEFT, Style.PRIMARY) if left else (m.CHANGE_ANSWERS, Style.PLAIN)
    buttons = [
        Button(Wish.QUESTIONS, view.say(label), case.id, style),
        Button(Wish.SHOW, view.say(m.SHOW_CASE), case.id),
    ]
    if not case.taken_by:
        buttons.append(Button(Wish.WITHDRAWAL, view.say(m.WITHDRAW), case.id))
    return buttons
