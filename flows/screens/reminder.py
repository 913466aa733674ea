"""A reminder: how much is left, until when and whom to ask; what it is stands only in the dialog behind it."""

from __future__ import annotations

from flows import messages as m
from flows.access import Action, leaders, may, waited_for
from flows.cards import Button, Card, Paragraph, Style, message
from flows.decisions.follow_up import remindable
from flows.due import due_at
from flows.duty import Duty
from flows.incident import Case
from flows.screens.words import View
from flows.wishes import Wish


def reminder(view: View, case: Case) -> Card:
    """Return the reminder as things stand now: one's own part, others' that is late, or that nothing is left."""
    reads = may(view.viewer, Action.READ, case, view.context)
    wish, label = (Wish.SHOW, m.SHOW_CASE) if reads else (Wish.DUTIES, m.SEE_DUTIES)
    left = open_for(view, case)
    buttons = [Button(wish, view.say(label), case.id, Style.PRIMARY if left else Style.PLAIN)]
    return message(
        view.say(m.REMINDER_TITLE, number=case.number),
        [Paragraph(line) for line in _lines(view, case, left, reads=reads)],
        buttons if reads or may(view.viewer, Action.FOLLOW, case, view.context) else [],
        summary=view.say(m.REMINDER_SUMMARY, number=case.number),
    )


def open_for(view: View, case: Case) -> list[Duty]:
    """Return what is the viewer's to do now, what is due first at the beginning."""
    own = [
        duty
        for duty in remindable(case, view.context)
        if view.viewer in waited_for(duty, case, view.context)
        and not (duty.is_personal and view.viewer in case.duties[duty.id].assessed)
    ]
    return sorted(own, key=lambda duty: due_at(duty, case, view.context))


def next_due(view: View, case: Case, left: list[Duty]) -> str:
    """Return when the first of them is due; as a clause of its own."""
    at = due_at(left[0], case, view.context)
    said = m.FIRST_OVERDUE if at < view.context.now else m.FIRST_DUE
    return view.say(said, when=view.moment(at))


def _lines(view: View, case: Case, left: list[Duty], *, reads: bool) -> list[str]:
    own = [f"{view.say(m.DUTIES_LEFT, count=len(left))} {next_due(view, case, left)}"] if left else []
    late = _late_of_others(view, case, left) if reads else 0
    if not own and not late:
        leads = view.viewer in leaders(case, view.context)
        return [view.say(m.READY_TO_CLOSE if leads else m.NOTHING_LEFT)]
    if not late:
        return own
    owner = next(iter(leaders(case, view.context)), case.reporter)
    said = m.OTHERS_LATE_OWNER if view.viewer == owner else m.OTHERS_LATE
    return [*own, view.say(said, count=late, name=view.name(owner), phone=view.phone(owner))]


def _late_of_others(view: View, case: Case, own: list[Duty]) -> int:
    """Return how many duties of others are late; not what each must decide alone, that is nobody else's affair."""
    context = view.context
    late = (d for d in remindable(case, context) if not d.is_personal and due_at(d, case, context) < context.now)
    return sum(duty not in own for duty in late)
