"""Acts about no case in particular: help, one's own cases, the plan, being away, one's language."""

from __future__ import annotations

from dataclasses import replace

from flows import messages as m
from flows.effects import ComeBack
from flows.intent import Intent
from flows.port import Reply
from flows.screens.answers import help_card, not_understood
from flows.screens.home import home, home_cases
from flows.screens.intake import intake
from flows.screens.own import (
    absence_dialog,
    cases_dialog,
    cases_shown,
    language_dialog,
    leaves_nobody,
    read_absence,
    read_language,
)
from flows.screens.plan_reader import clause_dialog, found_dialog, plan_dialog, read_query
from flows.situation import Response, Situation, Values


def show_help(at: Situation, _: Intent, __: Values) -> Response:
    return Response(Reply(card=help_card(at.view)))


def unknown_command(at: Situation, _: Intent, __: Values) -> Response:
    return Response(Reply(card=not_understood(at.view, command=True)))


def free_text(at: Situation, _: Intent, __: Values) -> Response:
    return Response(Reply(card=not_understood(at.view, command=False)))


def show_intake(at: Situation, _: Intent, __: Values) -> Response:
    return Response(Reply(dialog=intake(at.view, at.case_id, at.open_cases)))


def show_home(at: Situation, _: Intent, __: Values) -> Response:
    shown = tuple(case.id for _, case in home_cases(at.own_cases))
    return Response(Reply(dialog=home(at.view, at.own_cases)), looked_at=shown)


def show_cases(at: Situation, intent: Intent, _: Values) -> Response:
    page = _page(intent)
    reply = Reply(dialog=cases_dialog(at.view, at.own_cases, page))
    return Response(reply, looked_at=cases_shown(at.own_cases, page))


def _page(intent: Intent) -> int:
    """Return the page that a button leads to; the first one where there is no such number."""
    return int(intent.part) if intent.part.isascii() and intent.part.isdecimal() and len(intent.part) < 4 else 0


def show_plan(at: Situation, intent: Intent, _: Values) -> Response:
    """Show the plan from its beginning or from a page, or what was searched for with the command."""
    if intent.query:
        return Response(Reply(dialog=found_dialog(at.view, intent.query)))
    return Response(Reply(dialog=plan_dialog(at.view, _page(intent))))


def search_plan(at: Situation, _: Intent, values: Values) -> Response:
    query = read_query(values, at.view)
    return Response(Reply(dialog=found_dialog(at.view, query) if query else plan_dialog(at.view)))


def show_clause(at: Situation, intent: Intent, _: Values) -> Response:
    return Response(Reply(dialog=clause_dialog(at.view, intent.part)))


def show_absence(at: Situation, _: Intent, __: Values) -> Response:
    return Response(Reply(dialog=absence_dialog(at.view)))


def be_away(at: Situation, _: Intent, values: Values) -> Response:
    absence, faults = read_absence(values, at.view)
    if absence is None:
        return Response(Reply(faults=faults))
    said = m.ABSENCE_SAVED_ALONE if leaves_nobody(at.view, absence) else m.ABSENCE_SAVED
    return Response(Reply(notice=at.view.say(said)), own=absence)


def come_back(at: Situation, intent: Intent, _: Values) -> Response:
    absences = at.view.context.roster.absences
    if not any((absence.id, absence.person) == (intent.part, at.view.viewer) for absence in absences):
        return Response(Reply(dialog=absence_dialog(at.view), notice=at.view.say(m.HINT_NO_LONGER)))
    return Response(Reply(notice=at.view.say(m.BACK_SAVED)), own=ComeBack(intent.part))


def show_language(at: Situation, _: Intent, __: Values) -> Response:
    return Response(Reply(dialog=language_dialog(at.view)))


def choose_language(at: Situation, _: Intent, values: Values) -> Response:
    chosen, faults = read_language(values, at.view)
    if chosen is None:
        return Response(Reply(faults=faults))
    roster = at.view.context.roster
    now = replace(roster, languages={**roster.languages, at.view.viewer: chosen.language})
    view = replace(at.view, context=replace(at.view.context, roster=now))
    return Response(Reply(notice=view.say(m.LANGUAGE_SAVED)), own=chosen)
