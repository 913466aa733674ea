"""Where the school's year stands, measure by measure, for whoever looks; how it is shown is the pictures' affair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flows import paper_messages as p
from flows import year_messages as y
from flows.language import Language, Text, same
from flows.occurrences import Audience, Occurrence, Responsible, Whole, Window, responsible, whole_of
from flows.plan import Plan
from flows.roster import Roster
from flows.school import School
from flows.task_people import asked
from flows.task_state import State, state_of
from flows.tasks import Seen, Standing, Task


@dataclass(frozen=True, slots=True)
class Row:
    """One measure at one of its times, in one or several places.

    `audience` is a short label where it is one place, «3 av 5 klasser» where it is several. `on`: when it was done or
    is planned, where it is one place. `counts`: how many of its places are in which state.
    """

    text: Text
    audience: Text
    who: Text
    window: Window
    counts: Mapping[State, int]
    on: date | None = None
    is_proposed: bool = False  # its time

    @property
    def state(self) -> State:
        """The most pressing state of its places."""
        return next(state for state in State if self.counts.get(state))

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def rows(found: Iterable[Seen], plan: Plan, roster: Roster, today: date) -> list[Row]:
    """Return one row for each measure and time, by when it is to be done; classes that are no more are left out."""
    groups: dict[tuple[str, str], list[Seen]] = {}
    for seen in found:
        if seen.task.standing is not Standing.GONE:
            groups.setdefault((seen.occurrence.key.measure, seen.occurrence.key.time), []).append(seen)
    made = (_row(group, plan, roster, today) for group in groups.values())
    return sorted(made, key=lambda row: (row.window.last_day, row.window.first_day))


def counted(seen: Seen, school: School, language: Language) -> str:
    """Return how many have taken part, of how many where the school file says so, and never who; empty: not counted."""
    count, whole = seen.task.count, whole_of(seen.occurrence, school)
    if count is None:
        return ""
    return y.COUNT_OF.in_(language).format(count=count, whole=whole) if whole else str(count)


def sees_to(seen: Seen, roster: Roster) -> Responsible:
    """Return who sees to a task, and in which role."""
    return Responsible(responsible(seen.occurrence, roster).role, asked(seen.task, seen.occurrence, roster))


def audience_label(audience: Audience, school: School) -> Text:
    """Return for whom something is, as people say it; by its id where the school has no such thing any more."""
    match audience.kind:
        case Whole.DEPARTMENT if audience.id in school.departments:
            return same(school.departments[audience.id].name)
        case Whole.GROUP if audience.id in school.groups:
            return same(school.groups[audience.id].name)
        case _:
            return same(audience.id) if audience.id else p.WHOLE_SCHOOL


def _row(group: list[Seen], plan: Plan, roster: Roster, today: date) -> Row:
    first = group[0].occurrence
    counts = Counter(state_of(seen, today) for seen in group)
    pressing = next(state for state in State if counts[state])
    until = [seen.occurrence.window.last_day for seen in group if state_of(seen, today) is pressing]
    last = min(until) if pressing is State.LATE else max(until)
    window = Window(min(seen.occurrence.window.first_day for seen in group), last)
    alone = len(group) == 1
    return Row(
        text=first.measure.text,
        audience=audience_label(first.key.audience, roster.school) if alone else _summed(first, counts),
        who=_who(group, plan, roster),
        window=window,
        counts=counts,
        on=_on(group[0].task, state_of(group[0], today)) if alone else None,
        is_proposed=first.is_proposed,
    )


def _on(task: Task, state: State) -> date | None:
    return {State.DONE: task.done_on, State.PLANNED: task.planned_for}.get(state)


def _summed(first: Occurrence, counts: Mapping[State, int]) -> Text:
    """Say in how many of the places where it is relevant it has been done: «3 av 5 klasser»."""
    every = sum(counts.values())
    total = every - counts.get(State.DROPPED, 0) or every
    return p.DONE_OF_ALL[first.key.audience.kind].with_(done=counts.get(State.DONE, 0), total=total)


def _who(group: list[Seen], plan: Plan, roster: Roster) -> Text:
    """Name who sees to it: the one person, or the role where there are several or nobody."""
    found = [sees_to(seen, roster) for seen in group]
    if found[0].person and len({each.person for each in found}) == 1:
        return same(roster.name(found[0].person))
    roles = {each.role for each in found}
    return plan.roles[found[0].role if len(roles) == 1 else group[0].occurrence.measure.who[0]].label
