"""A drill begins: the roles are dealt, and then a made-up case is reported as a real one is. Source: S2."""

from __future__ import annotations

from flows import commands as c
from flows import events as e
from flows.context import Context
from flows.decisions.draft import Decision, Draft, Hint
from flows.decisions.report import begin
from flows.drill import DEPARTMENT, FEWEST, MOST, Drill, class_of, deal, ends_at, inside, is_drill, may_ask, may_start
from flows.effects import Arm, Kind, Notify, Timer
from flows.incident import Case
from flows.protocol import starting_facts


def start_drill(case: Case | None, command: c.StartDrill, context: Context) -> Decision:
    """Begin a drill; nobody but its participants, and who starts it, ever hears of it."""
    if case is not None:
        return Decision(case, hint=Hint.ALREADY_DONE)
    if not may_start(command.by, context):
        return Decision(None, hint=Hint.NO_ACCESS)
    people = tuple(dict.fromkeys(command.participants))
    is_whole = command.fictive in context.plan.drills.cases and FEWEST <= len(people) <= MOST
    if not (is_whole and is_drill(command.number)):
        return Decision(None, hint=Hint.NO_LONGER)
    if not all(context.roster.is_here(each) and may_ask(command.by, each, context) for each in people):
        return Decision(None, hint=Hint.NOBODY_THERE)
    cast = deal(people, context.plan, context.roster)
    drill = Drill(command.fictive, command.by, cast.reporter, people, cast.roles)
    draft = Draft(None, command.case_id, command.by, inside(context, drill))
    begin(draft, _reported(command, drill, context))
    draft.effects.extend(Notify(each, Kind.BRIEFING, f"briefing/{each}") for each in drill.everybody)
    draft.effects.append(Arm(Timer.DRILL, ends_at(context.roster.school, context.now)))
    return draft.decision()


def _reported(command: c.StartDrill, drill: Drill, context: Context) -> e.Reported:
    plan, fictive = context.plan, context.plan.drills.cases[drill.fictive]
    start = starting_facts(plan, fictive.programme)
    return e.Reported(
        number=command.number,
        plan=plan.id,
        edition=plan.edition,
        place=fictive.place,
        grounds=fictive.grounds,
        school_class=class_of(fictive),
        departments=(DEPARTMENT,),
        facts={**{name: tuple(sorted(values)) for name, values in start.items()}, **fictive.known},
        answered=tuple(fictive.known),
        drill=drill,
    )
