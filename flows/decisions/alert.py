"""The alert: whom it reaches, how it climbs, and that a human takes the case."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows import commands as c
from flows import events as e
from flows.access import may_take
from flows.context import Context
from flows.decisions.draft import Decision, Draft, Hint
from flows.decisions.duties import finish_alert_duties
from flows.effects import Arm, Disarm, Kind, Notify, Timer
from flows.escalation import Position, chain_for, due_at, latest_due, next_position, rounds_missed
from flows.incident import Case
from flows.plan import Plan
from flows.protocol import derive
from flows.school import Calendar

ACUTE_FOR = timedelta(hours=2)  # after that nobody stands beside the pupil any more, and waits


def needs_new_alert(before: Case, draft: Draft) -> bool:
    """Say whether the new facts alert others, or sooner; an alert never slows down."""
    case, plan = draft.case, draft.context.plan
    all_released = bool(before.alerts) and not case.alerts
    if case.escalation is None or all_released or set(case.departments) - set(before.departments):
        return True
    earlier, wanted = _wanted(before, plan), _wanted(case, plan)
    return plan.urgency(wanted) < min(plan.urgency(earlier), plan.urgency(case.escalation.chain))


def _wanted(case: Case, plan: Plan) -> str:
    return chain_for(plan, derive(plan, case.facts, elsewhere=case.elsewhere))


def released_by(draft: Draft, departments: tuple[str, ...]) -> tuple[str, ...]:
    """Return who was alerted and has no part in the right departments: they need to know no more."""
    case, roster = draft.case, draft.context.roster
    roles = {level.role for levels in draft.context.plan.escalation.values() for level in levels}
    concerned = {p for role in roles for d in departments for p in roster.holders(role, department=d)}
    alerted = {alert.person for alert in case.alerts}
    return tuple(sorted(alerted - concerned - {case.taken_by}))


def escalate_anew(draft: Draft) -> None:
    """Alert from the first level on; a case that has been in hands before is no longer acute after a while."""
    case, plan = draft.case, draft.context.plan
    is_old = draft.context.now - case.reported_at > ACUTE_FOR and bool(case.escalation)
    chain = [*plan.escalation][-1] if is_old else _wanted(case, plan)
    draft.add(e.EscalationStarted(chain))
    _reach(draft, Position(0, 0))


def _reach(draft: Draft, position: Position) -> None:
    """Alert a level, or the first after it in this round that somebody holds; then wait for the next."""
    case, roster = draft.case, draft.context.roster
    escalation = case.escalation
    if escalation is None:
        return
    levels = draft.context.plan.escalation[escalation.chain]
    for place in range(position.level, len(levels)):
        level = levels[place]
        position = Position(position.round, place)
        people = roster.acting(level.role, case.departments, deputy=level.to_deputy)
        if people:
            draft.add(e.Alerted(*position, level.role, level.to_deputy, people))
            draft.effects.extend(_alert(draft, person) for person in people)
            break
        draft.add(e.LevelSkipped(*position, level.role, level.to_deputy))
    _wait_after(draft, position)


def _wait_after(draft: Draft, position: Position) -> None:
    """Arm the level that follows: an alert that nobody has taken is never without a next time."""
    escalation = draft.case.escalation
    if escalation is None:
        return
    levels = draft.context.plan.escalation[escalation.chain]
    following = next_position(levels, position)
    place = {"round": following.round, "level": following.level}
    at = due_at(levels, escalation, following, _hours(draft.case, draft.context))
    draft.effects.append(Arm(Timer.ESCALATION, at, place))


def look_at_alert(draft: Draft) -> None:
    """Alert who acts now at a level that this round has reached, and hasn't been: somebody has gone or come back.

    Where a clock that was wrong has set the next level out of reach, the alert begins anew.
    """
    case, roster = draft.case, draft.context.roster
    if not case.is_waiting or case.escalation is None:
        return
    reached = case.escalation
    levels = draft.context.plan.escalation[reached.chain]
    if is_out_of_reach(case, draft.context):
        escalate_anew(draft)
        return
    for level in levels[: reached.level + 1]:
        known = {alert.person for alert in draft.case.alerts if alert.sent_at >= reached.started_at}
        acting = roster.acting(level.role, case.departments, deputy=level.to_deputy)
        if new := tuple(person for person in acting if person not in known):
            draft.add(e.Alerted(reached.round, reached.level, level.role, level.to_deputy, new))
            draft.effects.extend(_alert(draft, person) for person in new)


def is_out_of_reach(case: Case, context: Context) -> bool:
    """Say whether the level that comes next is further ahead than the plan could ever set it."""
    if case.escalation is None:
        return False
    levels, hours = context.plan.escalation[case.escalation.chain], _hours(case, context)
    following = next_position(levels, Position(case.escalation.round, case.escalation.level))
    return is_too_far(due_at(levels, case.escalation, following, hours), case, context)


def is_too_far(at: datetime, case: Case, context: Context) -> bool:
    """Say whether the plan could not have set a level of the case's alert at an instant, as it is now."""
    if case.escalation is None:
        return False
    return at > latest_due(context.plan.escalation[case.escalation.chain], _hours(case, context), context.now)


def _is_acute(case: Case, context: Context) -> bool:
    return case.escalation is not None and context.plan.urgency(case.escalation.chain) == 0


def _hours(case: Case, context: Context) -> Calendar | None:
    """Return whose hours an alert climbs in: what is not acute, in those of school days (B3.1)."""
    return None if _is_acute(case, context) else context.roster.school.calendar


def _alert(draft: Draft, person: str) -> Notify:
    return Notify(
        person, Kind.ALERT, f"alert/{draft.case.version}/{person}", acute=_is_acute(draft.case, draft.context)
    )


def escalate(draft: Draft, command: c.Escalate) -> Decision:
    escalation = draft.case.escalation
    if not draft.case.is_waiting or escalation is None:
        draft.effects.append(Disarm(Timer.ESCALATION))
        return draft.decision(Hint.NO_LONGER)
    reached = Position(escalation.round, escalation.level)
    if Position(command.round, command.level) <= reached:
        _wait_after(draft, reached)
        return draft.decision(Hint.NO_LONGER)
    levels = draft.context.plan.escalation[escalation.chain]
    position = Position(command.round, command.level)
    hours = _hours(draft.case, draft.context)
    missed = rounds_missed(levels, escalation, position, hours, draft.context.now)
    _reach(draft, Position(command.round + missed, command.level))
    return draft.decision()


def take(draft: Draft, command: c.Take) -> Decision:
    case = draft.case
    if not may_take(command.by, case, draft.context):
        return draft.decision(Hint.ALREADY_YOURS if case.taken_by == command.by else Hint.ALREADY_TAKEN)
    draft.add(e.Taken())
    finish_alert_duties(draft)
    draft.effects.append(Disarm(Timer.ESCALATION))
    return draft.decision()


def note_delivery(draft: Draft, command: c.NoteDelivery) -> Decision:
    waiting = any(alert.person == command.person and not alert.delivered_at for alert in draft.case.alerts)
    if waiting:
        draft.add(e.Delivered(command.person, command.platform))
    return draft.decision(Hint.NONE if waiting else Hint.ALREADY_DONE)


def note_unreached(draft: Draft, command: c.NoteUnreached) -> Decision:
    """Let the alert climb at once where nobody of its level can be reached: that can't be delivered is an answer."""
    alerts = (alert for alert in draft.case.alerts if alert.person == command.person)
    if all(alert.delivered_at or alert.unreached for alert in alerts):
        return draft.decision(Hint.ALREADY_DONE)
    draft.add(e.Unreached(command.person))
    _pass_by(draft)
    return draft.decision()


def _pass_by(draft: Draft) -> None:
    """Go to the next level of the round at which anybody may be reached; a new round keeps its time."""
    case, roster, reached = draft.case, draft.context.roster, draft.case.escalation
    if not case.is_waiting or reached is None:
        return
    own = [alert for alert in case.alerts if alert.round == reached.round and alert.sent_at >= reached.started_at]
    if any(alert.level == reached.level and not alert.unreached for alert in own):
        return
    levels, unreached = draft.context.plan.escalation[reached.chain], {alert.person for alert in own if alert.unreached}
    for place in range(reached.level + 1, len(levels)):
        level = levels[place]
        acting = roster.acting(level.role, case.departments, deputy=level.to_deputy)
        if not acting or not unreached.issuperset(acting):
            _reach(draft, Position(reached.round, place))
            return
