"""Acts about one duty: open it, do it, answer it, give it on, deviate from it, assess it alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flows import commands as c
from flows import messages as m
from flows.access import concerned
from flows.cards import Card
from flows.decisions.draft import Decision, Hint
from flows.duty import Duty
from flows.handlers.case import back_to_the_list
from flows.incident import Case
from flows.intent import Intent
from flows.port import WHOLE_FORM, Reply
from flows.screens.answers import hint
from flows.screens.duties import fact_dialog, read_fact
from flows.screens.duty import duty_dialog, read_clarified
from flows.screens.words import View
from flows.situation import Response, Situation, Values, WithCase
from flows.wishes import SEPARATOR

_Screen = Callable[[View, Case, Duty], Card]
_Find = Callable[[Situation, Case, Intent], Duty | None]
_Show = Callable[[Situation, Case, Decision], Response]
_Reader = Callable[[Values, View, Duty], tuple[c.Command, dict[str, str]]]


def opens(screen: _Screen, find: _Find) -> WithCase:
    """Return a handler that opens a dialog about one duty."""

    def handle(at: Situation, case: Case, intent: Intent, _: Values) -> Response:
        duty = find(at, case, intent)
        if duty is None:
            return Response(Reply(notice=hint(Hint.NO_LONGER, at.view, case)))
        return Response(Reply(dialog=screen(at.view, case, duty)))

    return handle


def hands_in(read: _Reader, find: _Find, show: _Show) -> WithCase:
    """Return a handler for a form about one duty; it stays open as long as it can't be used."""

    def handle(at: Situation, case: Case, intent: Intent, values: Values) -> Response:
        duty = find(at, case, intent)
        if duty is None:
            return Response(Reply(faults={WHOLE_FORM: hint(Hint.NO_LONGER, at.view, case)}))
        command, faults = read(values, at.view, duty)
        if faults:
            return Response(Reply(faults=faults))
        return show(at, case, at.decided(case, command))

    return handle


def show_fact(at: Situation, case: Case, intent: Intent, _: Values) -> Response:
    dialog = fact_dialog(at.view, case, intent.part)
    return Response(Reply(dialog=dialog, notice="" if dialog else hint(Hint.NO_LONGER, at.view, case)))


def answer_fact(at: Situation, case: Case, intent: Intent, values: Values) -> Response:
    command, faults = read_fact(values, at.view, intent.part)
    if faults:
        return Response(Reply(faults=faults))
    return back_to_the_list(at, case, at.decided(case, command))


def clarify(at: Situation, case: Case, intent: Intent, values: Values) -> Response:
    """Take an answer to what is asked now; where something has been found out meanwhile, show the question anew."""
    name, _, as_of = intent.part.partition(SEPARATOR)
    about = replace(intent, part=name)
    duty = own(at, case, about)
    if duty is not None and as_of and as_of != str(case.answers) and not at.repeated:
        return Response(Reply(dialog=duty_dialog(at.view, case, duty), notice=at.view.say(m.CHANGED_MEANWHILE)))
    return hands_in(read_clarified, own, back_to_the_list)(at, case, about, values)


def closed(at: Situation, _: Case, decision: Decision) -> Response:
    return Response(Reply(notice=at.said(decision, m.SAVED)), decision)


def personal(at: Situation, case: Case, intent: Intent) -> Duty | None:
    """Return the duty that is meant, where it is one that each must do alone."""
    duty = at.view.context.plan.duties.get(intent.part)
    return duty if duty and duty.is_personal and duty.id in case.duties else None


def own(at: Situation, case: Case, intent: Intent) -> Duty | None:
    """Return the duty that is meant, where this person has something to do with it."""
    duty = at.view.context.plan.duties.get(intent.part)
    if duty is None or intent.part not in case.duties:
        return None
    people = (*concerned(duty, case, at.view.context), case.taken_by)
    return duty if at.view.viewer in people else None
