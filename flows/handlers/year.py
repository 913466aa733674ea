"""Acts about the prevention year: one's tasks, the year at a glance, the plan that everybody is to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flows import year_messages as y
from flows.cards import Card
from flows.effects import ReadPlan
from flows.handouts import Handout
from flows.intent import Intent
from flows.papers.sheets import SHEETS
from flows.port import WHOLE_FORM, Reply
from flows.school_days import local_day
from flows.screens import task, year
from flows.screens.plan_reader import plan_dialog, sheet_dialog
from flows.screens.task_messages import read_message, reading_message, what_is_read
from flows.screens.words import View
from flows.screens.year_scope import first_scope, scopes
from flows.situation import Response, Situation, Values, WithoutCase
from flows.task_answers import Answer, Changed, Reopened, SentOn, Wrong, answered, is_made
from flows.task_people import coordinates, may_answer
from flows.tasks import At, Seen


def show_year(at: Situation, intent: Intent, _: Values) -> Response:
    part = year.Part.read(intent.part)
    if part.scope not in scopes(at.view):
        part = year.Part(first_scope(at.view), is_first=True)
    return Response(Reply(dialog=year.year_dialog(at.view, part, at.year, at.have_read, at.last_year)))


def show_measure(at: Situation, intent: Intent, _: Values) -> Response:
    return Response(Reply(dialog=year.measure_dialog(at.view, year.Part.read(intent.part), at.year)))


def show_moving(at: Situation, intent: Intent, _: Values) -> Response:
    part = year.Part.read(intent.part)
    found = year.of_measure(part, at.year)
    if not found or not coordinates(at.view.viewer, at.view.context.roster, at.view.context.plan):
        return Response(Reply(notice=at.view.say(y.NOT_YOURS)))
    last = max(found, key=lambda seen: seen.occurrence.window.last_day)  # of some it is over once another was done
    return Response(Reply(dialog=year.moving_dialog(at.view, part, last)))


def move(at: Situation, intent: Intent, values: Values) -> Response:
    """Give a measure another time for all who have it: what is done stays so, and has it if it is opened again."""
    if not coordinates(at.view.viewer, at.view.context.roster, at.view.context.plan):
        return Response(Reply(faults={WHOLE_FORM: at.view.say(y.NOT_YOURS)}))
    answer, faults = year.read_moved(values, at.view)
    if answer is None:
        return Response(Reply(faults=faults))
    of_measure = year.of_measure(year.Part.read(intent.part), at.year)
    if not of_measure:
        return Response(Reply(faults={WHOLE_FORM: at.view.say(y.NO_SUCH_TASK)}))
    if at.repeated:
        is_so = all(is_made(seen.task, answer, at.view.viewer, _at(at, seen)) for seen in of_measure)
        faults = {WHOLE_FORM: at.view.say(y.MOVED_SINCE)}
        return Response(Reply(notice=at.view.say(y.SAVED)) if is_so else Reply(faults=faults))
    changes: list[Changed] = []
    for seen in of_measure:
        found = answered(seen.task, answer, at.view.viewer, _at(at, seen))
        if found.wrong:
            return Response(Reply(faults=task.said_wrong(at.view, found.wrong)))
        changes.append(Changed(seen.task, found.task, _name(answer)))
    return Response(Reply(notice=at.view.say(y.SAVED)), changes=tuple(changes))


def opens(screen: Callable[[View, Seen], Card]) -> WithoutCase:
    """Return the handler of a button that opens a task, or a way to answer it; who may not is told why."""

    def handle(at: Situation, _: Intent, __: Values) -> Response:
        if why := _why_not(at):
            return Response(Reply(notice=why))
        assert at.task  # noqa: S101 - otherwise there would be a reason why not
        return Response(Reply(dialog=screen(at.view, at.task)))

    return handle


def answers(read: Callable[[Values, View], task.Read]) -> WithoutCase:
    """Return the handler of a form that answers a task."""

    def handle(at: Situation, _: Intent, values: Values) -> Response:
        if why := _why_not(at):
            return Response(Reply(faults={WHOLE_FORM: why}))
        answer, faults = read(values, at.view)
        return Response(Reply(faults=faults)) if answer is None else _answer(at, answer)

    return handle


def reopen(at: Situation, _: Intent, __: Values) -> Response:
    """Open a task again that was confirmed or dropped by mistake, and show it."""
    if why := _why_not(at):
        return Response(Reply(notice=why))
    assert at.task  # noqa: S101 - otherwise there would be a reason why not
    response = _answer(at, Reopened())
    now = replace(at.task, task=response.changes[0].after) if response.changes else at.task
    return replace(response, reply=Reply(dialog=task.task_dialog(at.view, now)))


def show_sheet(at: Situation, intent: Intent, _: Values) -> Response:
    """Show what stands on a sheet that is handed out; the whole plan where it has no such sheet any more."""
    context, name = at.view.context, intent.part
    make = SHEETS.get(Handout(name)) if name in set(Handout) else None
    sheet = make and make(context.plan, context.roster.school, at.view.language, local_day(context.now))
    return Response(Reply(dialog=sheet_dialog(at.view, sheet) if sheet else plan_dialog(at.view)))


def have_read(at: Situation, intent: Intent, _: Values) -> Response:
    """Note that somebody has read the plan that he was asked about; where that is another by now, ask for this one."""
    if intent.part != what_is_read(at.view):
        return Response(Reply(card=reading_message(at.view), notice=at.view.say(y.READING_IS_ANOTHER)))
    return Response(Reply(card=read_message(at.view)), own=ReadPlan())


def _answer(at: Situation, answer: Answer) -> Response:
    seen, view = at.task, at.view
    assert seen  # noqa: S101 - who has no task was told so
    if at.repeated:  # it was stored; somebody may have answered otherwise since
        is_so = is_made(seen.task, answer, view.viewer, _at(at, seen))
        faults = task.said_wrong(view, {"": Wrong.NOT_OPEN})
        return Response(Reply(notice=_said(view, answer)) if is_so else Reply(faults=faults))
    found = answered(seen.task, answer, view.viewer, _at(at, seen))
    if found.wrong:
        return Response(Reply(faults=task.said_wrong(view, found.wrong)))
    changed = Changed(seen.task, found.task, _name(answer))
    if isinstance(answer, SentOn) and answer.person != view.viewer:
        changed = replace(changed, tells=answer.person)
    return Response(Reply(notice=_said(view, answer)), changes=(changed,))


def _said(view: View, answer: Answer) -> str:
    if isinstance(answer, SentOn) and answer.person != view.viewer:
        return view.say(y.SENT_ON, name=view.name(answer.person))
    return view.say(y.SAVED)


def _at(at: Situation, seen: Seen) -> At:
    return At(seen.occurrence, at.view.context.roster, at.view.context.now)


def _why_not(at: Situation) -> str:
    """Return why somebody may not open or answer a task; nothing where he may."""
    if at.task is None:
        return at.view.say(y.NO_SUCH_TASK)
    roster, plan = at.view.context.roster, at.view.context.plan
    if not may_answer(at.view.viewer, at.task.task, at.task.occurrence, roster, plan):
        return at.view.say(y.NOT_YOURS)
    return ""


def _name(answer: Answer) -> str:
    """Return the kind of an answer as it is noted; the words stand in rows."""
    return type(answer).__name__
