"""The end-of-year report: what was done of the plan's year wheel, what wasn't and why; for the school's own control.

Staff only, by role and name. What is counted are numbers, never who.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flows import paper_messages as p
from flows import year_messages as y
from flows.calendar_words import written, years
from flows.language import Language, Text
from flows.papers.paper import Block, Column, Heading, Line, Paper, Paragraph, Table
from flows.papers.sheets import footer
from flows.plan import Plan
from flows.roster import Roster
from flows.task_state import State, state_of
from flows.tasks import Seen, Standing, Task
from flows.year_rows import audience_label, counted, sees_to
from flows.year_wheel import Measure

_UNDONE = frozenset(State) - {State.DONE, State.DROPPED}


@dataclass(frozen=True, slots=True)
class Year:
    """What a report is made of; `left` was done for classes and groups that are no more."""

    tasks: Sequence[Seen]
    left: Sequence[Task]
    plan: Plan
    roster: Roster
    today: date
    language: Language

    def say(self, text: Text, **values: str | int) -> str:
        return text.in_(self.language).format(**values)

    def state(self, seen: Seen) -> State:
        return state_of(seen, self.today)

    def role(self, role: str) -> str:
        return self.plan.roles[role].label.in_(self.language)

    def day(self, day: date) -> str:
        return written(day, self.language)


def year_report(year: Year) -> Paper:
    """Return the report; a class that is no more has left what was done, and nothing else to answer for."""
    kept = replace(year, tasks=[seen for seen in year.tasks if seen.task.standing is not Standing.GONE])
    school = year.roster.school
    return Paper(
        title=year.say(p.REPORT_TITLE, year=years(school.school_year)),
        subtitle=school.name,
        language=year.language,
        blocks=tuple(_blocks(kept)),
        footer=footer(year.plan, year.language, year.today),
    )


def _blocks(year: Year) -> Iterator[Block]:
    yield Paragraph(year.say(p.REPORT_ABOUT, day=year.day(year.today)))
    yield Heading(year.say(p.REPORT_SUMS))
    yield _sums(year)
    yield Heading(year.say(p.REPORT_UNDONE))
    undone = [seen for seen in year.tasks if year.state(seen) in _UNDONE]
    yield _undone(undone, year) if undone else Paragraph(year.say(p.REPORT_ALL_DONE))
    yield Heading(year.say(p.REPORT_MEASURES))
    yield _measures(year)
    if year.left:
        yield Heading(year.say(p.REPORT_LEFT))
        yield _left(year)


def _sums(year: Year) -> Table:
    names = (p.REPORT_IN_ALL, p.REPORT_DONE, p.REPORT_DROPPED, p.REPORT_UNDONE)
    numbers = [Column(year.say(name), 2, is_number=True) for name in names]
    lines = []
    for binding, name in p.REPORT_BINDING.items():
        own = [seen for seen in year.tasks if seen.occurrence.measure.binding is binding]
        lines.append(Line((year.say(name), *_counts(own, year))))
    lines.append(Line((year.say(p.REPORT_IN_ALL), *_counts(year.tasks, year))))
    return Table((Column(year.say(p.REPORT_KIND), 6), *numbers), tuple(lines))


def _counts(tasks: Sequence[Seen], year: Year) -> tuple[str, ...]:
    states = Counter(year.state(seen) for seen in tasks)
    undone = sum(states[state] for state in _UNDONE)
    return tuple(str(number) for number in (len(tasks), states[State.DONE], states[State.DROPPED], undone))


def _undone(tasks: Sequence[Seen], year: Year) -> Table:
    """List what wasn't done by the role that sees to it, and each measure once with all it is missing for."""
    roles: dict[str, dict[str, list[Seen]]] = {}
    for seen in tasks:
        roles.setdefault(sees_to(seen, year.roster).role, {}).setdefault(seen.occurrence.measure.id, []).append(seen)
    lines = []
    for role, measures in roles.items():
        label = year.role(role)
        lines.append(Line((f"{label[:1].upper()}{label[1:]}",)))
        for own in measures.values():
            measure = own[0].occurrence.measure
            where = ", ".join(dict.fromkeys(_where(seen, year) for seen in own))
            lines.append(Line((f"{measure.id} {measure.text.in_(year.language)}", where)))
    return Table((Column(year.say(p.REPORT_KIND), 5), Column(year.say(p.REPORT_WHERE), 4)), tuple(lines))


def _measures(year: Year) -> Table:
    groups: dict[str, list[Seen]] = {}
    for seen in year.tasks:
        groups.setdefault(seen.occurrence.measure.id, []).append(seen)
    lines = []
    for own in groups.values():
        lines.append(Line((_measure_head(own[0].occurrence.measure, own, year),)))
        lines += [_line(seen, year) for seen in own]
    columns = (
        Column(year.say(p.REPORT_WHERE), 8),
        Column(year.say(p.REPORT_ROLE), 9),
        Column(year.say(p.REPORT_WHEN), 9),
        Column(year.say(p.REPORT_WHAT), 13),
    )
    return Table(columns, tuple(lines))


def _left(year: Year) -> Table:
    columns = (
        Column(year.say(p.REPORT_KIND), 6),
        Column(year.say(p.REPORT_WHERE), 2),
        Column(year.say(p.REPORT_WHEN), 3),
    )
    lines = [
        Line((_left_measure(task, year), task.key.audience.id, year.day(task.done_on)))
        for task in year.left
        if task.done_on
    ]
    return Table(columns, tuple(lines))


def _left_measure(task: Task, year: Year) -> str:
    measure = year.plan.wheel.get(task.key.measure)
    return f"{task.key.measure} {measure.text.in_(year.language)}" if measure else task.key.measure


def _measure_head(measure: Measure, own: Sequence[Seen], year: Year) -> str:
    states = Counter(year.state(seen) for seen in own)
    total = len(own) - states[State.DROPPED]
    return year.say(
        p.REPORT_MEASURE,
        measure=f"{measure.id} {measure.text.in_(year.language)}",
        origin=", ".join((*measure.clauses, measure.binding.value, year.role(measure.who[0]))),
        done=states[State.DONE],
        total=total,
    )


def _line(seen: Seen, year: Year) -> Line:
    who = sees_to(seen, year.roster)
    is_first = who.role == seen.occurrence.measure.who[0] and who.person
    names = (year.roster.name(who.person) if who.person else "", "" if is_first else year.role(who.role))
    return Line((_where(seen, year), ", ".join(filter(None, names)), _when(seen, year), _what(seen, year)))


def _where(seen: Seen, year: Year) -> str:
    return audience_label(seen.occurrence.key.audience, year.roster.school).in_(year.language)


def _when(seen: Seen, year: Year) -> str:
    occurrence, task = seen.occurrence, seen.task
    match year.state(seen):
        case State.DONE if task.done_on:
            return year.day(task.done_on)
        case State.DROPPED | State.DONE:
            return "–"
        case State.PLANNED | State.LATE if task.planned_for and task.planned_for >= year.today:
            return year.say(p.REPORT_PLANNED, day=year.day(task.planned_for))
        case _:
            said = p.REPORT_PROPOSED if occurrence.is_proposed else p.REPORT_DEADLINE
            return year.say(said, day=year.day(occurrence.window.last_day))


def _what(seen: Seen, year: Year) -> str:
    """Say what was noted: the count and the words; or that it wasn't relevant, or isn't done."""
    task = seen.task
    words = year.say(y.UNREADABLE) if task.words is None else task.words
    match task.standing:
        case Standing.DROPPED:
            return year.say(p.REPORT_DROPPED_BECAUSE, why=words)
        case Standing.DONE:
            return ". ".join(filter(None, (counted(seen, year.roster.school, year.language), words))) or year.say(
                p.REPORT_DONE
            )
        case _:
            return year.say(p.REPORT_UNDONE)
