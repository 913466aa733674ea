"""The second adult: named by the reporter, there when that person says so. Source: B1.2, T07."""

from __future__ import annotations

from flows import commands as c
from flows import events as e
from flows.decisions.draft import Decision, Draft, Hint
from flows.decisions.duties import UNDONE, rederive, set_colleague_duties
from flows.effects import Kind, Notify


def name_colleague(draft: Draft, person: str | None) -> None:
    """Ask a colleague to confirm being there; nobody is a colleague of himself. Source: B1.2, T07."""
    case = draft.case
    if person is None or person == case.reporter or draft.context.roster.person(person) is None:
        return
    if case.colleague and case.colleague.person == person and not case.colleague.declined_at:
        return
    draft.add(e.ColleagueAsked(person))
    set_colleague_duties(draft, done=False)
    rederive(draft, (UNDONE,))
    draft.effects.append(Notify(person, Kind.COLLEAGUE, f"colleague/{draft.case.version}", acute=True))


def confirm(draft: Draft, command: c.ConfirmPresence) -> Decision:
    colleague = draft.case.colleague
    if colleague is None or colleague.person != command.by:
        return draft.decision(Hint.NOT_ASKED)
    if colleague.confirmed_at:
        return draft.decision(Hint.ALREADY_DONE)
    draft.add(e.ColleagueConfirmed(command.by))
    set_colleague_duties(draft, done=True)
    return draft.decision()


def decline(draft: Draft, command: c.DeclinePresence) -> Decision:
    colleague = draft.case.colleague
    if colleague is None or colleague.person != command.by:
        return draft.decision(Hint.NOT_ASKED)
    if colleague.declined_at:
        return draft.decision(Hint.ALREADY_DONE)
    draft.add(e.ColleagueDeclined(command.by))
    set_colleague_duties(draft, done=False)
    rederive(draft, (UNDONE,))
    return draft.decision()
