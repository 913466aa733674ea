"""A drill is chosen, and those who take part read what it is about; what is marked on its cards stands in `mark.py`."""

from __future__ import annotations

from collections.abc import Iterator

from flows import drill_messages as d
from flows import messages as m
from flows.cards import Block, Button, Card, ChoiceField, Facts, Heading, Mark, Option, Paragraph, Step, Style, dialog
from flows.cards import message as message_card
from flows.commands import StartDrill
from flows.drill import FEWEST, MOST, Drill, ends_at, leading, may_ask, may_start
from flows.incident import Case
from flows.screens.form import Form, Values
from flows.screens.lists import STAFF, staff_options
from flows.screens.mark import marked_step
from flows.screens.own import OwnCases
from flows.screens.words import View, role_label
from flows.wishes import Wish

FICTIVE, PARTICIPANTS = "fictive", "participants"
MOST_SHOWN = 20  # drills under way


def drill_dialog(view: View, reference: str, cases: OwnCases) -> Card:
    """Return the form for a drill, under the viewer's own that are under way; who may start none is told who may."""
    under_way = list(_under_way(view, cases))
    drills = view.context.plan.drills.cases
    if not may_start(view.viewer, view.context):
        roles = ", ".join(view.say(role_label(view, role)) for role in leading(view.context.plan))
        return dialog(view.say(d.DRILL_TITLE), [Paragraph(view.say(d.DRILL_NOT_YOURS, roles=roles)), *under_way])
    if not drills:
        return dialog(view.say(d.DRILL_TITLE), [Paragraph(view.say(d.DRILL_NONE)), *under_way])
    options = tuple(Option(name, view.say(fictive.title)) for name, fictive in drills.items())
    return dialog(
        view.say(d.DRILL_TITLE),
        [Paragraph(f"{view.say(d.DRILL_ABOUT)} {view.say(d.DRILL_GROUPS)}"), *under_way],
        [
            ChoiceField(FICTIVE, view.say(d.DRILL_WHICH), options),
            ChoiceField(
                PARTICIPANTS,
                view.say(d.DRILL_WHO),
                _candidates(view),
                several=True,
                searches=STAFF,
                hint=view.say(d.DRILL_WHO_HINT),
            ),
        ],
        Button(Wish.START_DRILL, view.say(d.DRILL_START), reference, Style.PRIMARY),
    )


def _under_way(view: View, cases: OwnCases) -> Iterator[Block]:
    drills = [(seen, case) for seen, case in cases if case.drill][:MOST_SHOWN]
    if drills:
        yield Heading(view.say(d.DRILL_UNDER_WAY))
    for seen, case in drills:
        title = seen.say(seen.context.plan.drills.cases[case.drill.fictive].title) if case.drill else ""
        end = Button(Wish.END_DRILL, view.say(d.DRILL_END), case.id)
        yield marked_step(view, case, Step(view.say(m.CASE_TITLE, number=case.number), title, Mark.NONE, button=end))


def _candidates(view: View) -> tuple[Option, ...]:
    return tuple(each for each in staff_options(view) if may_ask(view.viewer, each.value, view.context))


def coordinator(view: View) -> str:
    return view.say(role_label(view, view.context.plan.coordinator))


def read_drill(values: Values, view: View, case_id: str, number: str) -> tuple[StartDrill, dict[str, str]]:
    """Return the drill that was chosen, and a sentence for each field that can't be used."""
    form = Form(values, view)
    people = tuple(dict.fromkeys(form.given(PARTICIPANTS)))
    command = StartDrill(view.viewer, case_id, number, form.one_of(FICTIVE, view.context.plan.drills.cases), people)
    roster = view.context.roster
    if not all(roster.person(each) for each in people):
        form.refuse(PARTICIPANTS, m.FAULT_UNKNOWN_PERSON)
    elif not FEWEST <= len(people) <= MOST:
        few = len(people) < FEWEST
        form.refuse(PARTICIPANTS, d.FAULT_FEW_PARTICIPANTS if few else d.FAULT_MANY_PARTICIPANTS.with_(count=MOST))
    elif away := next((each for each in people if not roster.is_here(each)), ""):
        form.refuse(PARTICIPANTS, d.FAULT_AWAY.with_(name=view.name(away)))
    elif other := next((each for each in people if not may_ask(view.viewer, each, view.context)), ""):
        said = d.FAULT_OTHER_DEPARTMENT.with_(name=view.name(other), coordinator=coordinator(view))
        form.refuse(PARTICIPANTS, said)
    return command, form.faults


def briefing(view: View, case: Case) -> Card:
    """Return what somebody reads who takes part: what has been seen, who is who, and how it ends."""
    return message_card(
        view.say(m.CASE_TITLE, number=case.number),
        _briefed(view, case),
        [Button(Wish.END_DRILL, view.say(d.DRILL_END), case.id)],
        summary=view.say(d.DRILL_BRIEFING_SUMMARY, number=case.number),
    )


def briefing_dialog(view: View, case: Case) -> Card:
    """Return the same for who has just started it, with the way to the next group's."""
    another = Button(Wish.DRILL, view.say(d.DRILL_START_ANOTHER))
    return dialog(view.say(m.CASE_TITLE, number=case.number), _briefed(view, case), buttons=[another])


def _briefed(view: View, case: Case) -> list[Block]:
    drill = case.drill
    assert drill  # noqa: S101 - says to mypy what the caller has seen
    fictive = view.context.plan.drills.cases[drill.fictive]
    end = view.moment(ends_at(view.context.roster.school, case.reported_at))
    return [
        Heading(view.say(fictive.title)),
        Paragraph(view.say(fictive.text)),
        Paragraph(_own_part(view, drill)),
        Facts(tuple(_cast(view, drill))),
        Paragraph(view.say(d.DRILL_STARTED_BY, name=view.name(drill.starter), when=end)),
        Paragraph(view.say(d.DRILL_IF_REAL)),
    ]


def _own_part(view: View, drill: Drill) -> str:
    if view.viewer == drill.reporter:
        return view.say(d.DRILL_YOU_REPORT)
    if view.viewer not in drill.participants:
        return view.say(d.DRILL_YOU_LEAD)
    own = [view.say(role_label(view, role)) for role, people in _roles(view, drill) if view.viewer in people]
    return view.say(d.DRILL_YOU_ARE, role=", ".join(own)) if own else view.say(d.DRILL_YOU_HELP)


def _roles(view: View, drill: Drill) -> list[tuple[str, tuple[str, ...]]]:
    """Return who stands in which role, in the plan's order."""
    return [(role, drill.roles[role]) for role in view.context.plan.roles if role in drill.roles]


def _cast(view: View, drill: Drill) -> Iterator[tuple[str, str]]:
    yield view.say(m.FACT_REPORTER), view.name(drill.reporter)
    for role, people in _roles(view, drill):
        label = view.say(role_label(view, role))
        yield label[:1].upper() + label[1:], ", ".join(view.name(person) for person in people)
    busy = {drill.reporter, *(person for people in drill.roles.values() for person in people)}
    others = [view.name(person) for person in drill.participants if person not in busy]
    if others:
        yield view.say(d.DRILL_OTHERS), ", ".join(others)
