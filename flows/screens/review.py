"""What is said when a drill is over: what was done, by whom and how soon, and what the plan asks for that was not.

It compares with the plan's own deadlines and judges nobody; what each must decide alone stays out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flows import drill_messages as d
from flows import messages as m
from flows.cards import Block, Card, Heading, Mark, Paragraph, Step, message
from flows.decisions.duties import awaits_decision
from flows.due import due_at
from flows.duty import Duty, Outcome, Until
from flows.incident import Case, DutyState, Progress
from flows.limits import MAX_LABEL, shortened
from flows.screens.words import View, origin, role_label

MOST_DONE, MOST_MISSED, MOST_NAMES = 15, 15, 6
HOUR = 60  # minutes


def review(view: View, case: Case) -> Card:
    """Return how the drill went."""
    ended_at = case.closed_at or view.context.now
    blocks: list[Block] = [
        Heading(view.say(d.REVIEW_TITLE)),
        Paragraph(view.say(d.REVIEW_ABOUT, time=_lasted(view, case, ended_at))),
        Heading(view.say(d.REVIEW_ALERT)),
        Paragraph("\n".join(_alert_lines(view, case, ended_at))),
        *_done(view, case),
        *_missed(view, case, ended_at),
        *_confirm(view, case),
    ]
    return message(
        view.say(m.CASE_TITLE, number=case.number), blocks, summary=view.say(d.REVIEW_SUMMARY, number=case.number)
    )


def _alert_lines(view: View, case: Case, ended_at: datetime) -> Iterator[str]:
    """Yield how long the alert waited beside how long the plan lets it, and whether a second adult was there."""
    if case.withdrawn:
        yield view.say(m.WITHDRAWN, name=view.name(case.closed_by), time=view.clock(ended_at))
    if case.taken_by and case.taken_at:
        yield view.say(d.REVIEW_TAKEN, name=view.name(case.taken_by), time=_lasted(view, case, case.taken_at))
    else:
        names = dict.fromkeys(view.name(alert.person) for alert in case.alerts)
        yield view.say(d.REVIEW_NOT_TAKEN, names=", ".join([*names][:MOST_NAMES]))
    yield from _next_level(view, case)
    colleague = case.colleague
    if colleague and colleague.confirmed_at:
        said = _lasted(view, case, colleague.confirmed_at)
        yield view.say(d.REVIEW_COLLEAGUE, name=view.name(colleague.person), time=said)
    elif any(duty.asks_colleague and state.outcome is Outcome.YES for duty, state in _duties(view, case)):
        yield view.say(d.REVIEW_NO_COLLEAGUE)


def _next_level(view: View, case: Case) -> Iterator[str]:
    """Yield when the plan lets an alert climb: to the first who wasn't alerted from the beginning."""
    levels = view.context.plan.escalation[case.escalation.chain] if case.escalation else ()
    later = (each for each in levels if (each.role, each.to_deputy) != (levels[0].role, levels[0].to_deputy))
    for level in (*later,)[:1]:
        role = role_label(view, level.role, to_deputy=level.to_deputy)
        yield view.say(d.REVIEW_NEXT_LEVEL, role=role, time=_time(view, level.after))


def _duties(view: View, case: Case) -> list[tuple[Duty, DutyState]]:
    """Return the duties that people had in it."""
    known = view.context.plan.duties
    found = [(known[name], state) for name, state in case.duties.items() if name in known]
    return [(duty, state) for duty, state in found if not (duty.alerts or duty.is_personal)]


def _done(view: View, case: Case) -> Iterator[Block]:
    yield Heading(view.say(d.REVIEW_DONE))
    under_way = (Progress.DONE, Progress.UNDER_WAY, Progress.DEVIATED)
    done = sorted((each for each in _duties(view, case) if each[1].progress in under_way), key=lambda each: each[1].at)
    if not done:
        yield Paragraph(view.say(d.REVIEW_NOTHING_DONE))
    for duty, state in done[:MOST_DONE]:
        by = view.say(d.REVIEW_BY, name=view.name(state.by), time=_lasted(view, case, state.at))
        is_late = state.at > due_at(duty, case, view.context) and duty.deadline.until is None
        note = f"{by} · {view.say(d.REVIEW_LATE)}" if is_late else by
        said = m.STEP_DEVIATED if state.progress is Progress.DEVIATED else m.DONE
        yield Step(view.say(duty.text), shortened(note, MAX_LABEL), Mark.DONE, view.say(said))
    yield from _more(view, len(done) - MOST_DONE)


def _missed(view: View, case: Case, ended_at: datetime) -> Iterator[Block]:
    """Yield what the plan says a clear yes to and nobody had done, what was due first at the beginning.

    Not what nobody could do yet, nor what is left to do until a case is closed.
    """
    yield Heading(view.say(d.REVIEW_MISSED))
    left = [duty for duty, state in _duties(view, case) if _is_missed(duty, state, case)]
    left.sort(key=lambda duty: due_at(duty, case, view.context))
    if not left:
        yield Paragraph(view.say(d.REVIEW_NOTHING_MISSED))
    for duty in left[:MOST_MISSED]:
        due = due_at(duty, case, view.context)
        said = view.say(m.OVERDUE if due < ended_at else d.REVIEW_DEADLINE, when=view.moment(due))
        yield Step(view.say(duty.text), f"{origin(duty, view)} · {said}", Mark.OPEN, view.say(d.REVIEW_LEFT))
    yield from _more(view, len(left) - MOST_MISSED)


def _is_missed(duty: Duty, state: DutyState, case: Case) -> bool:
    could_be_done = not awaits_decision(duty, case) and duty.deadline.until is not Until.CLOSED
    return state.progress is Progress.OPEN and state.outcome is Outcome.YES and could_be_done


def _more(view: View, count: int) -> Iterator[Paragraph]:
    if count > 0:
        yield Paragraph(view.say(d.REVIEW_MORE, count=count))


def _confirm(view: View, case: Case) -> Iterator[Block]:
    """Yield for who has started it which measures of the year wheel it may have been; confirming is theirs."""
    plan = view.context.plan
    measures = [plan.wheel[name] for name in plan.drills.measures if name in plan.wheel]
    if case.drill is None or view.viewer != case.drill.starter or not measures:
        return
    yield Heading(view.say(d.REVIEW_CONFIRM))
    yield Paragraph(view.say(d.REVIEW_CONFIRM_ABOUT))
    yield from (Step(view.say(measure.text), measure.id, Mark.NONE) for measure in measures)


def _lasted(view: View, case: Case, until: datetime) -> str:
    return _time(view, until - case.reported_at)


def _time(view: View, time: timedelta) -> str:
    """Return a time as people say it."""
    minutes = int(time.total_seconds() // 60)
    if minutes < HOUR:
        few = {0: d.AT_ONCE, 1: d.ONE_MINUTE}
        return view.say(few[minutes]) if minutes in few else view.say(d.MINUTES, count=minutes)
    return view.say(d.HOURS_AND_MINUTES, hours=minutes // HOUR, minutes=minutes % HOUR)
