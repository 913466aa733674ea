"""Whose year somebody looks at: one's own, a department's, the school's; and the picture of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flows import year_messages as y
from flows.cards import Picture
from flows.context import Context
from flows.handouts import Handout
from flows.language import Language
from flows.occurrences import Whole
from flows.plan import Scope
from flows.roster import Roster
from flows.school_days import local_day
from flows.screens.words import View
from flows.screens.year_picture import Frame, year_picture
from flows.task_people import asked, coordinates
from flows.tasks import Seen, Standing
from flows.year_rows import rows

MINE, SCHOOL = "mine", "school"  # in references of buttons that are out there, never changed
DEPARTMENT, PERSON = "department:", "person:"


def scopes(view: View) -> tuple[str, ...]:
    """Return what somebody may look at: the own tasks, the departments that he leads, the school if he has a part."""
    roster, plan = view.context.roster, view.context.plan
    roles = {role for measure in plan.wheel.values() for role in measure.who}
    at_school = (role for role in roles if role in plan.roles and plan.roles[role].scope is Scope.SCHOOL)
    has_school = coordinates(view.viewer, roster, plan) or any(view.viewer in roster.holders(r) for r in at_school)
    own = [name for name in roster.school.departments if _leads(view, name) or has_school]
    return (MINE, *(DEPARTMENT + name for name in own), *([SCHOOL] if has_school else []))


def _leads(view: View, department: str) -> bool:
    roster = view.context.roster
    return any(view.viewer in roster.holders(role, department=department) for role in view.context.plan.owning_roles)


def first_scope(view: View) -> str:
    """Return what somebody wants to see first: whoever coordinates all of it, a leader the own department."""
    if coordinates(view.viewer, view.context.roster, view.context.plan):
        return SCHOOL
    leading = (DEPARTMENT + name for name in view.context.roster.school.departments if _leads(view, name))
    return next(leading, MINE)


def within(view: View, scope: str, tasks: Iterable[Seen]) -> list[Seen]:
    """Return the tasks of a scope; nothing of one that the viewer may not look at."""
    return in_scope(address_of(view, scope), tasks, view.context.roster) if scope in scopes(view) else []


def address_of(view: View, scope: str) -> str:
    """Return a scope in words that mean the same whoever looks: «mine» is a person's."""
    return PERSON + view.viewer if scope == MINE else scope


def in_scope(scope: str, tasks: Iterable[Seen], roster: Roster) -> list[Seen]:
    """Return the tasks of a person, a department or the school."""
    return [seen for seen in tasks if seen.task.standing is not Standing.GONE and _is_in(scope, seen, roster)]


def _is_in(scope: str, seen: Seen, roster: Roster) -> bool:
    if scope.startswith(PERSON):
        return asked(seen.task, seen.occurrence, roster) == scope.removeprefix(PERSON)
    return scope in (SCHOOL, DEPARTMENT + _department(seen, roster))


def _department(seen: Seen, roster: Roster) -> str:
    school, audience = roster.school, seen.occurrence.key.audience
    if audience.kind is Whole.DEPARTMENT:
        return audience.id
    own = school.classes.get(audience.id) if audience.kind is Whole.CLASS else school.groups.get(audience.id)
    return own.department if own else ""


def scope_label(view: View, scope: str) -> str:
    return view.say(y.MINE) if scope == MINE else label(scope, view.context, view.language)


def label(scope: str, context: Context, language: Language) -> str:
    """Return whose year it is, as people say it."""
    if scope.startswith(PERSON):
        return context.roster.name(scope.removeprefix(PERSON))
    department = context.roster.school.departments.get(scope.removeprefix(DEPARTMENT))
    return department.name if department else y.SCHOOL.in_(language)


def picture_of(scope: str, found: Sequence[Seen], context: Context, language: Language) -> Picture:
    """Return a scope's year as a picture, with where it can be fetched if it can."""
    roster, today = context.roster, local_day(context.now)
    frame = Frame(label(scope, context, language), roster.school.school_year, today, language)
    drawn = year_picture(rows(in_scope(scope, found, roster), context.plan, roster, today), frame)
    return replace(drawn, url=context.address(Handout.YEAR, scope, language))
