"""`rusplan plan …` and `rusplan school check`: reading packs for people who proofread them; no database, no network."""

from __future__ import annotations

import csv
import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping

from bot.clock import SystemClock
from bot.exits import FAULTS_FOUND, FINE, WRONG_USAGE
from bot.files import FaultyFile, load_plan, load_plans, load_school, shipped_plan
from flows.duty import Deadline, Duty, Outcome
from flows.faults import listed
from flows.language import Language, Text
from flows.plan import Plan
from flows.planning import has_begun
from flows.protocol import derive, every_combination, starting_facts
from flows.school_days import local_day
from flows.year_wheel import Measure

DEFAULT_PLAN = "oppdal"


class BadFact(ValueError):
    """A FACT=VALUE that the plan doesn't have."""


def check_plan(arguments: Namespace) -> int:
    plan = _plan(arguments)
    if plan is None:
        return FAULTS_FOUND
    print(
        f"Ingen feil. {plan.id} {plan.version}: {len(plan.clauses)} punkter, {len(plan.duties_in_force)} plikter, "
        f"{len(plan.wheel)} tiltak i årshjulet."
    )
    return FINE


def check_school(arguments: Namespace) -> int:
    try:
        school = load_school(arguments.file, load_plans(arguments.plan))
    except FaultyFile as faulty:
        return _print_faults(faulty)
    print(
        f"Ingen feil. {school.name} {school.school_year}: {len(school.departments)} avdelinger, "
        f"{len(school.classes)} klasser, {len(school.people)} ansatte."
    )
    if not has_begun(school, local_day(SystemClock().now())):
        first, last = school.school_year.split("-")
        print(
            f"Skoleåret {school.school_year} har ikke begynt. Fila gjelder fra 1. august {first}. Til da fortsetter "
            f"boten med fila for {int(first) - 1}-{int(last) - 1}, hvis den har startet med den før."
        )
    return FINE


def show_plan(arguments: Namespace) -> int:
    plan = _plan(arguments)
    if plan is None:
        return FAULTS_FOUND
    print("\n".join(_shown(plan)))
    return FINE


def show_duties(arguments: Namespace) -> int:
    plan = _plan(arguments)
    if plan is None:
        return FAULTS_FOUND
    if arguments.all:
        _write_table(plan, elsewhere=arguments.elsewhere)
        return FINE
    try:
        facts = {**starting_facts(plan), **_named_facts(arguments.facts, plan)}
        _require_all(facts, plan)
    except BadFact as bad:
        print(bad, file=sys.stderr)
        return WRONG_USAGE
    outcomes = derive(plan, facts, elsewhere=arguments.elsewhere)
    if arguments.json:
        print(json.dumps(_as_json(plan, facts, outcomes), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_duty_lines(plan, outcomes)))
    return FINE


def _plan(arguments: Namespace) -> Plan | None:
    try:
        return load_plan(arguments.plan or shipped_plan(DEFAULT_PLAN))
    except FaultyFile as faulty:
        _print_faults(faulty)
        return None


def _print_faults(faulty: FaultyFile) -> int:
    for fault in faulty.faults:
        print(fault, file=sys.stderr)
    return FAULTS_FOUND


def _named_facts(written: list[str], plan: Plan) -> dict[str, frozenset[str]]:
    """Read FACT=VALUE[+VALUE…]; raise `BadFact` with a sentence."""
    facts: dict[str, frozenset[str]] = {}
    for word in written:
        name, equals, values = word.partition("=")
        if not equals or name not in plan.facts:
            raise BadFact(f"«{word}»: skriv OPPLYSNING=VERDI. Opplysningene er {listed(plan.facts)}.")
        chosen = frozenset(values.split("+"))
        known = plan.facts[name].values
        if not chosen <= set(known):
            raise BadFact(f"«{word}»: verdiene til {name} er {listed(known)}.")
        if name in facts:
            raise BadFact(f"«{name}» står to ganger. Flere verdier skrives med + mellom.")
        facts[name] = chosen
    return facts


def _require_all(facts: Mapping[str, frozenset[str]], plan: Plan) -> None:
    missing = [name for name in plan.facts if name not in facts]
    if missing:
        raise BadFact(
            f"Mangler {listed(missing)}. Skriv for eksempel {missing[0]}={next(iter(plan.facts[missing[0]].values))}."
        )


def _as_json(plan: Plan, facts: Mapping[str, frozenset[str]], outcomes: Mapping[str, Outcome]) -> dict[str, object]:
    return {
        "plan": plan.id,
        "version": plan.version,
        "facts": {name: sorted(facts[name]) for name in plan.facts},
        "duties": [_duty_json(plan, plan.duties[name], outcome) for name, outcome in outcomes.items()],
    }


def _duty_json(plan: Plan, duty: Duty, outcome: Outcome) -> dict[str, object]:
    return {
        "duty": duty.id,
        "outcome": outcome.value,
        "origin": duty.origin.value,
        "clauses": [{"id": clause, "sentence": plan.clauses[clause]} for clause in duty.clauses],
        "source": duty.source,
        "who": list(duty.who),
        "text": {"nb": duty.text.nb, "nn": duty.text.nn},
    }


def _duty_lines(plan: Plan, outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    for name, outcome in outcomes.items():
        duty = plan.duties[name]
        said = [plan.clauses[clause] for clause in duty.clauses] or [duty.source or "sikkerhet, ikke fra planen"]
        yield f"{outcome.value:<7} {name:<6} {duty.text.nb}"
        yield from (f"{'':<15}«{sentence}»" if duty.clauses else f"{'':<15}{sentence}" for sentence in said)


def _write_table(plan: Plan, *, elsewhere: bool) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*plan.facts, *(duty.id for duty in plan.duties_in_force)])
    for facts in every_combination(plan):
        outcomes = derive(plan, {name: frozenset({value}) for name, value in facts.items()}, elsewhere=elsewhere)
        writer.writerow([*facts.values(), *(outcome.value for outcome in outcomes.values())])


def _shown(plan: Plan) -> Iterator[str]:
    """Yield a pack as text for proofreading: everything a person will read, in both languages."""
    yield f"PLAN {plan.id}, versjon {plan.version}. Skoleregler: {plan.school_rules}"
    yield "\nPUNKTER"
    yield from (f"  {name:<6} {sentence}" for name, sentence in plan.clauses.items())
    yield "\nOPPLYSNINGER"
    for name, fact in plan.facts.items():
        yield f"  {name}"
        yield from _both(fact.question, "    ")
        yield from (f"    {value:<28} {label.nb} / {label.nn}" for value, label in fact.values.items())
    yield "\nPLIKTER"
    for duty in plan.duties.values():
        yield from _duty_shown(duty)
    yield "\nVARSLING"
    for chain, levels in plan.escalation.items():
        steps = [f"{int(s.after.total_seconds() // 60)} min {s.role}{' (stedfortreder)' * s.to_deputy}" for s in levels]
        yield f"  {chain}: {', '.join(steps)}"
    yield "\nÅRSHJUL"
    for measure in plan.wheel.values():
        yield from _measure_shown(measure)
    for name, sheet in plan.sheets.items():
        yield f"\nARK: {name}"
        for part in sheet:
            yield from _both(part.title, "  ")
            for point in part.points:
                yield from _both(point.text, "    ")
                origins = dict.fromkeys(point.origin(language) for language in (Language.NB, Language.NN))
                yield f"      fra: {' / '.join(origins) or point.duty}"
    yield "\nØVELSER"
    for name, case in plan.drills.cases.items():
        yield f"  {name}: {case.place}, {case.level} {case.programme}, {_facts_shown(case.known)}"
        yield from _both(case.title, "    ")
        yield from _both(case.text, "    ")


def _facts_shown(facts: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{name}={'+'.join(values)}" for name, values in facts.items())


def _duty_shown(duty: Duty) -> Iterator[str]:
    off = "" if duty.adopted else " (av)"
    yield f"  {duty.id}{off} [{duty.origin.value}] {', '.join(duty.who)}, frist: {_deadline(duty.deadline)}"
    yield from _both(duty.text, "    ")
    if duty.question:
        yield from _both(duty.question, "    avklar: ")
    for outcome, row in duty.when.rows:
        conditions = " og ".join(f"{name}={'/'.join(sorted(values))}" for name, values in row.wanted)
        yield f"    {outcome.value} når {conditions}"
    if duty.when.otherwise:
        yield f"    ellers {duty.when.otherwise.value}"


def _deadline(deadline: Deadline) -> str:
    if deadline.immediate:
        return "med en gang"
    if deadline.until:
        return f"til {deadline.until.value}"
    return f"{deadline.school_days} skoledager" if deadline.school_days else "samme dag"


def _measure_shown(measure: Measure) -> Iterator[str]:
    clauses = ", ".join(measure.clauses) or "ikke fra planen"
    yield f"  {measure.id} [{measure.binding.value}] {', '.join(measure.who)}, {measure.audience}, {clauses}"
    yield from _both(measure.text, "    ")
    if measure.done_when:
        yield from _both(measure.done_when, "    ferdig når: ")
    for name, time in measure.times.items():
        reminders = ", ".join(time.remind)
        yield f"    {name}: {time.first_day} til {time.last_day} ({time.dated_by.value}), påminnelser {reminders}"


def _both(text: Text, indent: str) -> Iterator[str]:
    yield from (f"{indent}{language.value}: {text.in_(language)}" for language in (Language.NB, Language.NN))
