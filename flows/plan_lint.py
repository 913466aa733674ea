"""What must be true of every plan pack, beyond its shape: nothing undefined, total tables, and the limits of the law.

A plan that fails here could leave a duty without an outcome, or tell somebody outside the school something by default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from flows.drill_lint import drill_faults
from flows.duty import DECIDED, NEEDS_AGE, Disclosure, Duty, Origin, Outcome, Record, Row, WhileUnclear
from flows.faults import EntryPath, Fault, listed
from flows.language import Language
from flows.limits import MAX_BLOCKS, MAX_LABEL, MAX_OPTIONS
from flows.plan import ADULT, AGE, ASKED_BESIDE, BUILT_IN_ROLES, MINOR, PROTECTED_DUTIES, Fact, Level, Plan, Role, Scope
from flows.protocol import every_combination
from flows.school import Programme
from flows.sheet_lint import sheet_faults
from flows.year_wheel_lint import wheel_faults

WAITS = (Disclosure.GUARDIAN, Disclosure.CHILD_WELFARE, Disclosure.POLICE, Disclosure.HEALTH)
MAX_COMBINATIONS = 20_000
MAX_TEXT = 600  # a sentence on a card
MAX_SHOWN_DUTIES = MAX_BLOCKS - 3  # all of a case's duties stand in one dialog, under its facts and a caution
MAX_FACTS = 15
MAX_NAME = 20
MAX_WORD = 40


def lint(plan: Plan) -> list[Fault]:
    """Return every fault of a plan; none means that it can be carried out."""
    faults = [
        *_plan_faults(plan),
        *_size_faults(plan),
        *_role_faults(plan),
        *_fact_faults(plan),
        *_duty_faults(plan),
        *_escalation_faults(plan),
        *wheel_faults(plan),
        *sheet_faults(plan),
        *drill_faults(plan),
    ]
    # A table over unknown facts can't be walked; those faults come first.
    return faults or list(_table_faults(plan))


def _plan_faults(plan: Plan) -> Iterator[Fault]:
    for language in (Language.NB, Language.NN):
        if language not in plan.languages:
            yield Fault(("plan", "languages"), f"Både bokmål og nynorsk må være med: «{language}» mangler.")
    for name in PROTECTED_DUTIES:
        duty = plan.duties.get(name)
        if not duty:
            yield Fault(("duties",), f"Plikten {name} mangler. Sikkerhet og lov er med i alle planer.")
        elif not duty.adopted:
            yield Fault(("duties", name, "adopted"), f"Plikten {name} kan ikke slås av. Den er sikkerhet eller lov.")
        elif duty.origin is not (Origin.SAFETY if name.startswith("X") else Origin.LAW):
            yield Fault(("duties", name, "about"), f"Plikten {name} er sikkerhet eller lov, og må si det (origin).")


def _size_faults(plan: Plan) -> Iterator[Fault]:
    """Yield what would not fit on the cards: a card that is too large can't be shown at all."""
    if len(plan.duties_in_force) > MAX_SHOWN_DUTIES:
        yield Fault(
            ("duties",), f"Høyst {MAX_SHOWN_DUTIES} plikter kan være i bruk; her er {len(plan.duties_in_force)}."
        )
    if len(plan.facts) > MAX_FACTS:
        yield Fault(("facts",), f"Høyst {MAX_FACTS} opplysninger; her er {len(plan.facts)}.")
    for name, fact in plan.facts.items():
        longest = max(len(fact.question.in_(language)) for language in Language)
        if longest > MAX_LABEL:
            yield Fault(("facts", name), f"Spørsmålet er {longest} tegn. Høyst {MAX_LABEL} får plass i skjemaet.")
        if max(len(word) for word in (name, *fact.values)) > MAX_WORD:
            yield Fault(("facts", name), f"Navnet på en opplysning og på verdiene kan være høyst {MAX_WORD} tegn.")
        if not 1 <= len(fact.values) <= MAX_OPTIONS:
            yield Fault(("facts", name, "values"), f"En opplysning har fra 1 til {MAX_OPTIONS} verdier.")
    for name, duty in plan.duties.items():
        texts = [text for text in (duty.text, duty.question, duty.guidance) if text]
        texts += [duty.lasts.text] if duty.lasts else []
        if max(len(text.in_(language)) for text in texts for language in Language) > MAX_TEXT:
            yield Fault(("duties", name), f"Teksten er lengre enn {MAX_TEXT} tegn. Da leser ingen den når det haster.")
        if len(name) > MAX_NAME or len(f"{','.join(duty.clauses)} {duty.source}") > MAX_LABEL:
            yield Fault(("duties", name), f"Navnet kan være {MAX_NAME} tegn, punkter og kilde til sammen {MAX_LABEL}.")


def _role_faults(plan: Plan) -> Iterator[Fault]:
    for name, role in plan.roles.items():
        path: EntryPath = ("roles", name)
        if name in BUILT_IN_ROLES:
            yield Fault(path, f"«{name}» er innebygd og kan ikke defineres på nytt.")
        if "." in name:
            yield Fault(path, "Et rollenavn kan ikke ha punktum i seg.")
        if role.stand_in and role.stand_in not in plan.roles:
            yield Fault((*path, "stand_in"), f"Det finnes ingen rolle «{role.stand_in}».")
        elif role.stand_in == name:
            yield Fault((*path, "stand_in"), "En rolle kan ikke være sin egen vikar.")
    coordinating = [role for role in plan.roles.values() if role.coordinates]
    if len(coordinating) != 1 or coordinating[0].scope is not Scope.SCHOOL:
        yield Fault(("roles",), "Én rolle for hele skolen skal ha «coordinates: yes»: den som koordinerer (A1).")


def _fact_faults(plan: Plan) -> Iterator[Fault]:
    if AGE not in plan.facts or not {MINOR, ADULT} <= set(plan.facts[AGE].values):
        yield Fault(("facts",), f"Opplysningen «{AGE}» med verdiene «ja» og «nei» mangler. Loven skiller ved 18 år.")
    elif plan.facts[AGE].several:
        yield Fault(("facts", AGE, "several"), f"Ingen er både under og over 18: «{AGE}» kan bare ha én verdi.")
    if not plan.facts_asked_first():
        yield Fault(("facts",), "Minst én opplysning må være uten «start»: den som det første skjemaet spør om.")
    for name, fact in plan.facts.items():
        yield from _one_fact_faults(("facts", name), name, fact, plan)


def _one_fact_faults(path: EntryPath, name: str, fact: Fact, plan: Plan) -> Iterator[Fault]:
    if name in ASKED_BESIDE:
        yield Fault(path, f"«{name}» er et felt i skjemaene og kan ikke være navnet på en opplysning.")
    if fact.start and fact.start not in fact.values:
        yield Fault((*path, "start"), f"«{fact.start}» er ikke blant verdiene til {name}.")
    if fact.ask not in (*BUILT_IN_ROLES, *plan.roles):
        yield Fault((*path, "ask"), f"Det finnes ingen rolle «{fact.ask}».")
    for value in set(fact.refutable) - set(fact.values):
        yield Fault((*path, "refutable"), f"«{value}» er ikke blant verdiene til {name}.")
    for programme, values in fact.by_programme.items():
        if programme not in tuple(Programme):
            yield Fault((*path, "by_programme", programme), f"Programmet er {listed(tuple(Programme))}.")
        for value in set(values) - set(fact.values):
            yield Fault((*path, "by_programme", programme), f"«{value}» er ikke blant verdiene til {name}.")


def _duty_faults(plan: Plan) -> Iterator[Fault]:
    for name, duty in plan.duties.items():
        path: EntryPath = ("duties", name)
        yield from _reference_faults(path, duty, plan)
        yield from _caution_faults(path, duty)
        if duty.only_if and DECIDED not in (plan.duties[duty.only_if].record if duty.only_if in plan.duties else {}):
            yield Fault((*path, "only_if"), f"«{duty.only_if}» er ikke en plikt som noterer «{DECIDED}».")
        yield from _record_faults(path, duty.record, plan)
        yield from _lasting_faults(path, duty, plan)
        yield from _meeting_faults(path, duty, plan)


def _record_faults(path: EntryPath, record: Mapping[str, Record], plan: Plan) -> Iterator[Fault]:
    for name, kind in record.items():
        if name not in plan.records and kind is not Record.COLLEAGUE:
            yield Fault((*path, "record", name), f"Spørsmålet for «{name}» mangler under «records».")


def _lasting_faults(path: EntryPath, duty: Duty, plan: Plan) -> Iterator[Fault]:
    if duty.lasts is None:
        return
    yield from _record_faults((*path, "lasts"), duty.lasts.record, plan)
    days = duty.lasts.ask_after
    if not days[0] or any(later <= earlier for earlier, later in pairwise(days)):
        yield Fault((*path, "lasts", "ask_after"), "Skoledagene må øke, og den første er minst 1: [1, 3, 5].")
    for name in set(duty.lasts.record) & set(duty.record):
        yield Fault((*path, "lasts", "record", name), f"«{name}» noteres allerede når plikten begynner.")
    if not duty.ticked_by_hand or DECIDED in duty.record:
        yield Fault((*path, "lasts"), "Bare en plikt som én person gjør, og som ikke er et vedtak, kan vare.")


def _meeting_faults(path: EntryPath, duty: Duty, plan: Plan) -> Iterator[Fault]:
    meeting = duty.meeting
    if meeting is None:
        return
    if plan.meeting_duty not in (None, duty):
        yield Fault((*path, "meeting"), "Bare én plikt kan kalle inn til møtet.")
    if not meeting.duration:
        yield Fault((*path, "meeting", "minutes"), "Møtet må vare minst ett minutt.")
    for role in meeting.roles:
        if role not in plan.roles:
            yield Fault((*path, "meeting", "roles"), f"Det finnes ingen rolle «{role}».")
    guardians = plan.duties.get(meeting.guardians)
    if meeting.guardians and (guardians is None or guardians.disclosure is not Disclosure.GUARDIAN):
        yield Fault((*path, "meeting", "guardians"), "Skriv plikten som sier at de foresatte skal kalles inn.")
    if list(duty.record.values()) != [Record.DATE_AHEAD, Record.TIME_AHEAD]:
        yield Fault((*path, "record"), "Møtet noteres med dag og klokkeslett: date_ahead, så time_ahead.")


def _reference_faults(path: EntryPath, duty: Duty, plan: Plan) -> Iterator[Fault]:
    about = (*path, "about")
    for role in (*duty.who, *filter(None, (duty.ask,))):
        if role not in (*BUILT_IN_ROLES, *plan.roles):
            yield Fault((*about, "who"), f"Det finnes ingen rolle «{role}».")
    for clause in duty.clauses:
        if clause not in plan.clauses:
            yield Fault((*about, "clauses"), f"Det finnes ikke noe punkt «{clause}» i planen.")
    if duty.origin is Origin.PLAN and not duty.clauses:
        yield Fault(about, "En plikt fra planen må vise til punktet sitt (clauses), eller hete det samme som punktet.")
    if duty.origin is Origin.PLAN and not duty.adopted:
        yield Fault((*path, "adopted"), "En plikt fra planen kan ikke slås av.")
    if duty.origin is Origin.LAW and not duty.source:
        yield Fault(about, "En plikt fra loven må ha kilde (source), for eksempel «opplæringslova § 13-1».")
    if duty.alerts and duty.alerts not in plan.escalation:
        yield Fault((*path, "alerts"), f"Det finnes ingen varslingsrekke «{duty.alerts}» under «escalation».")
    for outcome, row in duty.when.rows:
        yield from _row_faults((*path, "when", outcome), row, plan)


def _row_faults(path: EntryPath, row: Row, plan: Plan) -> Iterator[Fault]:
    for name, values in row.wanted:
        if name not in plan.facts:
            yield Fault(path, f"Det finnes ingen opplysning «{name}».")
            continue
        for value in sorted(values - set(plan.facts[name].values)):
            yield Fault(path, f"«{value}» er ikke blant verdiene til {name}.")


def _caution_faults(path: EntryPath, duty: Duty) -> Iterator[Fault]:
    """Yield where a duty would tell somebody outside, or drop safety, by default. Source: docs/decision-table.md."""
    otherwise = (*path, "when", "otherwise")
    if duty.disclosure.leaves_the_school and duty.when.otherwise is Outcome.YES:
        yield Fault(otherwise, "Noe som går ut av skolen, kan aldri være «ja» når ingen rad passer. Skriv «avklar».")
    if duty.disclosure in WAITS and duty.while_unclear is WhileUnclear.ACT:
        yield Fault((*path, "while_avklar"), "Det som går ut av skolen, må vente til noen har svart: «wait».")
    if duty.elsewhere is Outcome.YES:
        yield Fault((*path, "elsewhere"), "Et annet sted kan ikke gjøre noe til «ja».")
    if duty.alerts and duty.elsewhere is Outcome.NO:
        yield Fault((*path, "elsewhere"), "Noen må bli varslet uansett hvor det er: «elsewhere» kan ikke være «nei».")
    if duty.origin is not Origin.SAFETY:
        return
    if duty.elsewhere is Outcome.NO:
        yield Fault((*path, "elsewhere"), "Sikkerhet gjelder overalt: «elsewhere» kan ikke være «nei».")
    if duty.when.otherwise is Outcome.NO:
        yield Fault(otherwise, "Sikkerhet kan aldri være «nei» når ingen rad passer. Skriv «avklar» eller «ja».")
    if duty.while_unclear is WhileUnclear.WAIT:
        yield Fault((*path, "while_avklar"), "Sikkerhet venter ikke på svar: «act».")


def _escalation_faults(plan: Plan) -> Iterator[Fault]:
    if not plan.escalation:
        yield Fault(("escalation",), "Minst én varslingsrekke må finnes.")
    for chain, levels in plan.escalation.items():
        path: EntryPath = ("escalation", chain)
        if not levels or levels[0].after:
            yield Fault(path, "Det første trinnet må være «after: 0».")
        if any(later.after <= earlier.after for earlier, later in pairwise(levels)):
            yield Fault(path, "Minuttene må øke fra trinn til trinn.")
        for place, level in enumerate(levels):
            yield from _level_faults((*path, str(place)), level, plan)
    if not any(duty.alerts for duty in plan.duties_in_force):
        yield Fault(("duties",), "Ingen plikt varsler noen. Minst én må ha «alerts».")


def _level_faults(path: EntryPath, level: Level, plan: Plan) -> Iterator[Fault]:
    role: Role | None = plan.roles.get(level.role)
    if not role:
        yield Fault((*path, "to"), f"Det finnes ingen rolle «{level.role}».")
    elif role.scope not in (Scope.SCHOOL, Scope.DEPARTMENT):
        yield Fault((*path, "to"), f"«{level.role}» er ikke en rolle for avdelingen eller skolen.")


def _table_faults(plan: Plan) -> Iterator[Fault]:
    """Walk every combination of facts: each duty has exactly one outcome, and the law's limits hold."""
    size = 1
    for fact in plan.facts.values():
        size *= len(fact.values)
    if size > MAX_COMBINATIONS:
        yield Fault(("facts",), f"Opplysningene gir {size} kombinasjoner. Høyst {MAX_COMBINATIONS} kan kontrolleres.")
        return
    combinations = list(every_combination(plan))
    for duty in plan.duties.values():
        fault = next((f for facts in combinations for f in _outcome_faults(duty, facts, plan)), None)
        if fault:
            yield fault
    for facts in combinations:
        if not any(_outcome(d, facts) is not Outcome.NO for d in plan.duties_in_force if d.alerts):
            yield Fault(("duties",), f"Ingen blir varslet når {_said(facts)}.")
            return


def _outcome(duty: Duty, facts: dict[str, str]) -> Outcome | None:
    outcomes = duty.when.outcomes(facts)
    return next(iter(outcomes)) if len(outcomes) == 1 else None


def _outcome_faults(duty: Duty, facts: dict[str, str], plan: Plan) -> Iterator[Fault]:
    path: EntryPath = ("duties", duty.id, "when")
    outcomes = duty.when.outcomes(facts)
    if len(outcomes) > 1:
        yield Fault(path, f"Både {listed(sorted(outcomes))} når {_said(facts)}. Radene må ikke overlappe.")
    elif not outcomes:
        yield Fault(path, f"Ingen verdi når {_said(facts)}. Legg til en rad eller «otherwise».")
    elif outcomes == {Outcome.YES} and duty.disclosure in NEEDS_AGE and facts[AGE] != MINOR:
        yield Fault(path, f"«ja» når {_said(facts)}. Foresatte og barnevern kan bare være «ja» når {AGE} er «ja».")
    elif outcomes == {Outcome.YES} and duty.disclosure in WAITS and _unanswered(facts, plan):
        yield Fault(path, "«ja» før noen har svart på noe. Det som går ut av skolen, kan ikke være «ja» fra start.")
    elif outcomes == {Outcome.NO} and duty.origin is Origin.SAFETY and _unanswered(facts, plan):
        yield Fault(path, "«nei» før noen har svart på noe. Sikkerhet kan ikke være «nei» fra start.")


def _unanswered(facts: dict[str, str], plan: Plan) -> bool:
    """Say whether nobody has answered anything after the first form; where that one asks the age, somebody has."""
    return bool(plan.facts[AGE].start) and all(
        value == plan.facts[name].start for name, value in facts.items() if plan.facts[name].start
    )


def _said(facts: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in facts.items())
