"""The ways that are open to somebody with a case as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows import messages as m
from flows.access import Action, may
from flows.incident import Case
from flows.language import Text
from flows.screens.words import View
from flows.wishes import Wish


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be done with the case as a whole."""

    wish: Wish
    action: Action
    label: Text
    about: Text


def open_ways(view: View, case: Case) -> list[Way]:
    return [way for way in _ways(view, case) if may(view.viewer, way.action, case, view.context)]


def _ways(view: View, case: Case) -> Iterator[Way]:
    if view.context.plan.pupil_reference:
        yield Way(Wish.PUPIL, Action.ANSWER, m.NAME_PUPIL, m.NAME_PUPIL_ABOUT)
    if len(view.context.roster.school.departments) > 1:
        yield Way(Wish.HAND_OVER_FORM, Action.LEAD, m.HAND_OVER, m.HAND_OVER_ABOUT)
    if case.refuted:
        yield Way(Wish.REVOKE_REFUTATION, Action.LEAD, m.REVOKE, m.REVOKE_ABOUT)
    elif view.context.plan.may_be_refuted(case.facts):
        yield Way(Wish.REFUTATION, Action.LEAD, m.REFUTE, m.REFUTE_ABOUT)
    if not case.taken_by or case.taken_by == view.viewer:
        yield Way(Wish.WITHDRAWAL, Action.WITHDRAW, m.WITHDRAW, m.WITHDRAW_ABOUT)
