"""The shape of a plan pack's file and the way from it to a `Plan`; what the plan says is checked in `plan_lint.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from flows.drill_file import DrillsEntry
from flows.duty import (
    REPORTER,
    Deadline,
    Disclosure,
    Duty,
    Lasting,
    Meeting,
    Origin,
    Outcome,
    Record,
    Row,
    Until,
    When,
    WhileUnclear,
)
from flows.faults import EntryPath, Fault, Faulty, listed
from flows.language import Language, Text
from flows.plan import DEPUTY, Fact, Level, Plan, Role, Scope, Sees
from flows.schema import Day, FileEntry, Label, Languages, Number, OneOrMore, Sentences, Words, YesNo, read
from flows.sheet_file import SheetsEntry
from flows.year_wheel_file import MeasureEntry


def _deadline(value: object) -> object:
    if value in ("immediate", "same_day"):
        return Deadline(immediate=value == "immediate", school_days=0)
    if isinstance(value, dict) and len(value) == 1:
        [(word, written)] = value.items()
        if word == "school_days" and isinstance(written, str) and re.fullmatch("[0-9]{1,3}", written):
            return Deadline(school_days=int(written))
        if word == "until" and isinstance(written, str) and written in set(Until):
            return Deadline(until=Until(written))
    raise ValueError(
        f"Skriv fristen som «immediate», «same_day», «{{school_days: 3}}» eller «{{until: …}}» med {', '.join(Until)}."
    )


DeadlineWord = Annotated[Deadline, BeforeValidator(_deadline)]


class PlanEntry(FileEntry):
    id: Words
    version: Day
    school_rules: Words
    languages: Languages
    retention_days: Number
    pupil_reference: YesNo


Dialled = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ]{1,18}[0-9]$")]


class NumbersEntry(FileEntry):
    """The phone numbers that texts may name, by the word in the braces; Norway's own where the pack has none."""

    ambulance: Dialled = "113"
    police_emergency: Dialled = "112"
    police: Dialled = "02800"
    doctor: Dialled = "116117"
    poison: Dialled = "22 59 13 00"
    children: Dialled = "116 111"


class RoleEntry(FileEntry):
    scope: Scope
    sees: Sees
    label: Label
    stand_in: str = ""
    coordinates: YesNo = False

    def build(self) -> Role:
        return Role(self.scope, self.sees, self.label, self.stand_in, self.coordinates)


class FactEntry(Sentences):
    values: dict[str, Label]
    start: str = ""
    several: YesNo = False
    ask: str = REPORTER
    by_programme: dict[str, OneOrMore] = Field(default_factory=dict)
    refutable: OneOrMore = ()

    def build(self) -> Fact:
        return Fact(self.text, self.values, self.start, self.several, self.ask, self.by_programme, self.refutable)


class WhenEntry(FileEntry):
    like: str = ""
    ja: tuple[dict[str, OneOrMore], ...] = ()
    nei: tuple[dict[str, OneOrMore], ...] = ()
    avklar: tuple[dict[str, OneOrMore], ...] = ()
    otherwise: Outcome | None = None

    def build(self) -> When:
        written = ((Outcome.YES, self.ja), (Outcome.NO, self.nei), (Outcome.CLARIFY, self.avklar))
        return When(tuple((outcome, _row(row)) for outcome, rows in written for row in rows), self.otherwise)


class DutyAbout(FileEntry):
    origin: Origin
    who: tuple[Words, ...] = Field(min_length=1)
    deadline: DeadlineWord
    disclosure: Disclosure
    clauses: tuple[str, ...] = ()
    source: str = ""
    ask: str = ""
    delegate: YesNo = True


class LastingEntry(Sentences):
    ask_after: tuple[Number, ...] = Field(min_length=1)
    record: dict[str, Record] = Field(min_length=1)

    def build(self, numbers: Mapping[str, str]) -> Lasting:
        return Lasting(self.text.with_(**numbers), self.ask_after, self.record)


class MeetingEntry(Sentences):
    roles: tuple[Words, ...] = Field(min_length=1)
    guardians: str = ""
    minutes: Number

    def build(self) -> Meeting:
        return Meeting(self.text, self.roles, self.guardians, timedelta(minutes=self.minutes))


class DutyEntry(Sentences):
    when: WhenEntry
    about: DutyAbout
    question: Sentences | None = None
    while_avklar: WhileUnclear | None = None
    elsewhere: Outcome | None = None
    alerts: str = ""
    record: dict[str, Record] = Field(default_factory=dict)
    only_if: str = ""
    guidance: Sentences | None = None
    lasts: LastingEntry | None = None
    meeting: MeetingEntry | None = None
    adopted: YesNo = True

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that may name a phone number."""
        return tuple(entry.text for entry in (self, self.question, self.guidance, self.lasts) if entry)

    def build(self, name: str, written: PlanFile) -> Duty:
        about = self.about
        own = (name,) if name in written.clauses else ()
        numbers = written.numbers.model_dump()
        default = WhileUnclear.ACT if about.origin is Origin.SAFETY else WhileUnclear.WAIT
        return Duty(
            id=name,
            text=self.text.with_(**numbers),
            when=(written.duties[self.when.like] if self.when.like else self).when.build(),
            origin=about.origin,
            who=about.who,
            deadline=about.deadline,
            disclosure=about.disclosure,
            while_unclear=self.while_avklar or default,
            clauses=about.clauses or own,
            source=about.source,
            ask=about.ask,
            question=self.question.text.with_(**numbers) if self.question else None,
            record=self.record,
            may_delegate=about.delegate,
            alerts=self.alerts,
            elsewhere=self.elsewhere,
            only_if=self.only_if,
            guidance=self.guidance.text.with_(**numbers) if self.guidance else None,
            lasts=self.lasts.build(numbers) if self.lasts else None,
            meeting=self.meeting.build() if self.meeting else None,
            adopted=self.adopted,
        )


class LevelEntry(FileEntry):
    after: Number
    to: Words

    def build(self) -> Level:
        role = self.to.removesuffix(f".{DEPUTY}")
        return Level(timedelta(minutes=self.after), role, to_deputy=role != self.to)


class PlanFile(FileEntry):
    """A whole plan pack as written."""

    plan: PlanEntry
    numbers: NumbersEntry = NumbersEntry()
    roles: dict[str, RoleEntry]
    clauses: dict[str, Words]
    facts: dict[str, FactEntry]
    duties: dict[str, DutyEntry]
    records: dict[str, Label] = Field(default_factory=dict)
    escalation: dict[str, tuple[LevelEntry, ...]]
    wheel: dict[str, MeasureEntry]
    sheets: SheetsEntry = SheetsEntry()
    drills: DrillsEntry = DrillsEntry()


def _row(written: Mapping[str, tuple[str, ...]]) -> Row:
    return Row(tuple((fact, frozenset(values)) for fact, values in written.items()))


def read_plan(raw: object, fingerprint: str) -> Plan:
    """Read a plan pack from what its file holds; raise `Faulty` with every fault of its shape.

    `fingerprint` is the file's: it becomes part of the edition that cases are pinned to.
    """
    written, faults = read(PlanFile, raw)
    if written is None:
        raise Faulty(faults)
    faults = [fault for name, duty in written.duties.items() for fault in _like_faults(name, duty, written)]
    faults += _brace_faults(written)
    if faults:
        raise Faulty(faults)
    return _build(written, fingerprint)


def _like_faults(name: str, duty: DutyEntry, written: PlanFile) -> list[Fault]:
    like = duty.when.like
    if not like:
        return []
    path = ("duties", name, "when", "like")
    if duty.when != WhenEntry(like=like):
        return [Fault(path, "«like» står alene: betingelsene er de samme som i den andre plikten.")]
    if like not in written.duties:
        return [Fault(path, f"Det finnes ingen plikt «{like}».")]
    if written.duties[like].when.like:
        return [Fault(path, f"«{like}» peker selv videre. Skriv plikten som har betingelsene.")]
    return []


def _brace_faults(written: PlanFile) -> Iterator[Fault]:
    """Yield where braces stand that no phone number fills: the text could not be shown in the chat at all."""
    known = tuple(NumbersEntry.model_fields)
    for name, duty in written.duties.items():
        for text in duty.texts:
            for word in _unfilled(text, known):
                yield Fault(("duties", name), f"«{word}» er ikke et nummer i planen. Velg blant {listed(known)}.")
    for path, text in _plain_texts(written):
        for word in _unfilled(text, ()):
            yield Fault(path, f"«{word}»: krøllparenteser kan ikke stå her.")


def _plain_texts(written: PlanFile) -> Iterator[tuple[EntryPath, Text]]:
    for name, role in written.roles.items():
        yield ("roles", name, "label"), role.label
    for name, label in written.records.items():
        yield ("records", name), label
    for name, measure in written.wheel.items():
        yield from ((("wheel", name), text) for text in measure.texts)
    yield from written.sheets.texts()
    for name, duty in written.duties.items():
        if duty.meeting:
            yield ("duties", name, "meeting"), duty.meeting.text
    for name, fact in written.facts.items():
        yield ("facts", name), fact.text
        yield from ((("facts", name, "values", value), label) for value, label in fact.values.items())
    yield from written.drills.texts()


def _unfilled(text: Text, known: tuple[str, ...]) -> list[str]:
    """Return the pieces with braces that aren't a known word's."""
    pieces = {piece for language in Language for piece in re.findall(r"{[^{}]*}?|}", text.in_(language))}
    return sorted(pieces - {f"{{{word}}}" for word in known})


def _build(written: PlanFile, fingerprint: str) -> Plan:
    head = written.plan
    return Plan(
        id=head.id,
        version=head.version.isoformat(),
        edition=f"{head.version.isoformat()}+{fingerprint}",
        school_rules=head.school_rules,
        languages=head.languages,
        retention=timedelta(days=head.retention_days),
        pupil_reference=head.pupil_reference,
        numbers=written.numbers.model_dump(),
        roles={name: role.build() for name, role in written.roles.items()},
        clauses=written.clauses,
        facts={name: fact.build() for name, fact in written.facts.items()},
        duties={name: duty.build(name, written) for name, duty in written.duties.items()},
        records=written.records,
        escalation={name: tuple(level.build() for level in levels) for name, levels in written.escalation.items()},
        wheel={name: measure.build(name) for name, measure in written.wheel.items()},
        sheets=written.sheets.build(),
        drills=written.drills.build(),
    )
