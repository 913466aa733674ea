"""A school in memory that acts as its staff do, and keeps what the shell would keep; it knows no rule of the plan.

Cases live here as the JSON of their events, so that every step also goes through what storage would do to them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.access import has_part
from flows.cards import Button, Card, Step, plain_text
from flows.commands import Command, NoteDelivery, due
from flows.context import Context
from flows.conversation import converse
from flows.decide import decide
from flows.decisions.draft import Decision
from flows.drill import inside, numbered
from flows.effects import Arm, BeAway, ChooseLanguage, ComeBack, Disarm, Erase, Kind, Notify, Own, TellAll, Timer
from flows.events import Entry, Event, decode, encode
from flows.fold import evolve
from flows.incident import Case
from flows.intent import understand
from flows.language import Language
from flows.plan import Plan
from flows.port import Pressed, Reply, Submitted, Typed
from flows.roster import Absence, roster_of
from flows.school import School
from flows.screens.compose import compose
from flows.screens.lists import UNKNOWN_CLASS as UNKNOWN
from flows.screens.words import View
from flows.situation import Response, Situation
from flows.wishes import Wish

UNKNOWN_CLASS = UNKNOWN  # what the forms hand in for «vet ikke»
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 at the school

# The message that a button usually stands in.
STANDS_IN = {
    "take": Kind.ALERT,
    "confirm": Kind.COLLEAGUE,
    "decline": Kind.COLLEAGUE,
    "tick": Kind.STATUS,
    "untick": Kind.STATUS,
}

Row = tuple[datetime, str, str]  # when, who, and the event as JSON


def entry_of(row: Row) -> Entry:
    at, by, stored = row
    return Entry(at, by, decode(json.loads(stored)))


@dataclass
class Story:
    """People who report, answer, press and wait. `timers` and `promised` are what flows has asked the shell for."""

    plan: Plan
    school: School
    now: datetime = MONDAY_MORNING
    absent: set[str] = field(default_factory=set)
    languages: dict[str, Language] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    stored: dict[str, list[Row]] = field(default_factory=dict)
    read: dict[str, tuple[int, Case | None]] = field(default_factory=dict)  # how far the rows are folded already
    timers: dict[tuple[str, Timer], Arm] = field(default_factory=dict)
    promised: list[tuple[str, Notify]] = field(default_factory=list)

    # --- what is there ---------------------------------------------------------------------------------------------

    @property
    def context(self) -> Context:
        day, year = timedelta(days=1), timedelta(days=365)
        absent = [Absence(f"of-{person}", person, self.now - day, self.now + year) for person in sorted(self.absent)]
        return Context(
            self.now, roster_of(self.school, [*self.absences, *absent], dict(self.languages), self.now), self.plan
        )

    def view(self, person: str, case: Case | None = None) -> View:
        """Return somebody looking at a case, or at nothing in particular."""
        return View(person, self.context_of(case))

    def context_of(self, case: Case | None) -> Context:
        """Return what a decision about a case looks at, as the shell makes it."""
        return inside(self.context, case.drill if case else None)

    def case(self, case_id: str = "") -> Case:
        """Return a case as its stored events make it; the only one where none is named."""
        name = case_id or self.only
        length, case = self.read.get(name, (0, None))
        rows = self.stored[name]
        if length > len(rows):
            length, case = 0, None
        for row in rows[length:]:
            case = evolve(case, entry_of(row), case_id=name)
        assert case is not None
        self.read[name] = (len(rows), case)
        return case

    @property
    def only(self) -> str:
        (name,) = self.stored
        return name

    def events(self, kind: type[Event], case_id: str = "") -> list[Event]:
        """Return the events of one kind, oldest first."""
        events = [entry_of(row).event for row in self.stored[case_id or self.only]]
        return [event for event in events if isinstance(event, kind)]

    def situation(
        self, person: str, case_id: str = "", *, pressed: Kind | None = None, repeated: bool = False
    ) -> Situation:
        mine = [
            name for name in reversed(self.stored) if self.case(name).reporter == person and not self.case(name).drill
        ]
        case = self.case(case_id) if case_id in self.stored else None
        return Situation(
            view=self.view(person, case),
            case=case,
            open_cases=tuple((name, self.case(name).number) for name in mine),
            case_id=case_id or self.fresh_id(),
            number=f"K{len(self.stored):05d}",
            pressed=pressed,
            repeated=repeated,
            own_cases=tuple((self.view(person, each), each) for each in self.open_cases(person)),
        )

    def open_cases(self, person: str) -> list[Case]:
        """Return the open cases that a person has a part in."""
        cases = (self.case(name) for name in self.stored)
        return [case for case in cases if not case.is_closed and has_part(person, case, self.context_of(case))]

    def fresh_id(self) -> str:
        return f"{len(self.stored) + 1:032x}"

    def forget(self) -> None:
        """Begin again with no case."""
        for kept in (self.stored, self.read, self.timers, self.promised):
            kept.clear()

    @staticmethod
    def changed(thing: Any, **values: object) -> Any:
        """Return a plan, a case or a duty that is another in some of its parts."""
        return replace(thing, **values)

    # --- what people do --------------------------------------------------------------------------------------------

    def act(
        self,
        person: str,
        act: Typed | Pressed | Submitted,
        *,
        pressed: Kind | None = None,
        repeated: bool = False,
    ) -> Response:
        """Do one act, keep what it decides, and return what the person sees."""
        intent = understand(act)
        at = self.situation(person, intent.case_id, pressed=pressed, repeated=repeated)
        if intent.wish is Wish.START_DRILL:
            at = replace(at, number=numbered(at.number))
        response = converse(intent, act, at)
        if response.decision is not None:
            self.keep(response.decision, person)
        if response.own is not None and not repeated:
            self.keep_own(response.own, person)
        return response

    def keep_own(self, own: Own, person: str) -> None:
        """Store what changes about a person, as the shell does."""
        match own:
            case ChooseLanguage(language):
                self.languages[person] = language
            case BeAway(from_at, until_at):
                self.absences.append(Absence(f"a{len(self.absences)}", person, from_at, until_at))
            case ComeBack(absence):
                mine = [a for a in self.absences if (a.id, a.person) == (absence, person)]
                self.absences = [replace(a, until_at=self.now) if a in mine else a for a in self.absences]
        for name in self.stored:
            if not self.case(name).is_closed:
                self.timers[name, Timer.FOLLOW_UP] = Arm(Timer.FOLLOW_UP, self.now)

    def types(self, person: str, text: str) -> Reply:
        return self.act(person, Typed(text)).reply

    def presses(self, person: str, action: str, reference: str = "", *, in_dialog: bool = False) -> Reply:
        """Press a button of the message that usually has it, or of a dialog."""
        pressed = None if in_dialog else STANDS_IN.get(action)
        return self.act(person, Pressed(action, reference or self.only), pressed=pressed).reply

    def submits(self, person: str, action: str, reference: str = "", **values: str | tuple[str, ...]) -> Reply:
        given = {name: (value,) if isinstance(value, str) else value for name, value in values.items()}
        return self.act(person, Submitted(action, reference or self.only, given)).reply

    def reports(self, person: str = "ola", **values: str | tuple[str, ...]) -> str:
        """Report as the first form does; what isn't named is a visibly intoxicated pupil of 1BAA in the canteen."""
        case_id = self.fresh_id()
        usual = {"hendelsestype": "synlig_beruset", "place": "Kantine", "class": "1BAA"}
        reply = self.submits(person, "report", case_id, **{**usual, **values})
        assert not reply.faults, reply.faults
        return case_id

    def drills(self, *people: str, starter: str = "siri", fictive: str = "bortvisning") -> str:
        """Start a drill as its form does; return its case."""
        case_id = self.fresh_id()
        reply = self.submits(starter, "start_drill", case_id, fictive=fictive, participants=people)
        assert not reply.faults, reply.faults
        return case_id

    def answers(self, person: str = "ola", case_id: str = "", **values: str | tuple[str, ...]) -> Reply:
        return self.submits(person, "answer", case_id, **values)

    def corrects(self, person: str = "ola", case_id: str = "", **values: str | tuple[str, ...]) -> Reply:
        """Hand in the correction form: as the case has it, save for what is named."""
        case = self.case(case_id)
        as_it_is: dict[str, str | tuple[str, ...]] = {
            name: tuple(sorted(case.facts[name])) for name in self.plan.facts_asked_first()
        }
        as_it_is |= {"place": case.place, "class": case.school_class or UNKNOWN_CLASS}
        return self.submits(person, "correct", case_id, **{**as_it_is, **values})

    # --- what happens by itself ------------------------------------------------------------------------------------

    def does(self, command: Command, case_id: str = "") -> Decision:
        """Let a command have its way with a case, as the clock or a platform would."""
        case = self.case(case_id)
        decision = decide(case, command, self.context_of(case))
        self.keep(decision, command.by)
        return decision

    def delivers(self, person: str, case_id: str = "") -> None:
        self.does(NoteDelivery(person, "chat"), case_id)

    def waits(self, minutes: float) -> None:
        """Let time pass; every timer goes off when it is due, the earliest first."""
        until, rings = self.now + timedelta(minutes=minutes), 0
        while waiting := sorted((arm.due_at, *name) for name, arm in self.timers.items() if arm.due_at <= until):
            due_at, case_id, timer = waiting[0]
            arm = self.timers.pop((case_id, timer))
            self.now, rings = max(self.now, due_at), rings + 1
            assert rings < 1000, "a timer that is armed in the past goes off for ever"
            self.does(due(timer, arm.data), case_id)
        self.now = until

    def keep(self, decision: Decision, by: str) -> None:
        """Store the events and take on the effects, as the shell does."""
        case = decision.case
        if case is None:
            assert not decision.events
            assert not decision.effects
            return
        stored = self.stored.setdefault(case.id, []) if decision.events else self.stored.get(case.id, [])
        stored.extend((self.now, by, json.dumps(encode(event), ensure_ascii=False)) for event in decision.events)
        for effect in decision.effects:
            match effect:
                case Arm(timer):
                    self.timers[case.id, timer] = effect
                case Disarm(timer):
                    self.timers.pop((case.id, timer), None)
                case TellAll(kind, key):
                    people = {note.person for of, note in self.promised if of == case.id} - {by}
                    self.promised += [(case.id, Notify(p, kind, f"{key}/{p}")) for p in sorted(people)]
                case Erase():
                    for kept in (self.stored, self.read):
                        kept.pop(case.id, None)
                    self.promised = [(of, note) for of, note in self.promised if of != case.id]
                    self.timers = {name: arm for name, arm in self.timers.items() if name[0] != case.id}
                case Notify() if effect.key not in [note.key for of, note in self.promised if of == case.id]:
                    self.promised.append((case.id, effect))

    def armed(self, case_id: str = "", timer: Timer = Timer.ESCALATION) -> Arm | None:
        return self.timers.get((case_id or self.only, timer))

    # --- what people see -------------------------------------------------------------------------------------------

    def told(self, kind: Kind | None = None, case_id: str = "") -> list[str]:
        """Return whom a message has been promised to, oldest first."""
        name = case_id or self.only
        return [note.person for of, note in self.promised if of == name and kind in (None, note.kind)]

    def card(self, person: str, kind: Kind = Kind.STATUS, case_id: str = "") -> Card:
        """Return a message as it stands in a person's chat now."""
        case = self.case(case_id)
        return compose(kind, self.view(person, case), case)

    def reads(self, person: str, kind: Kind = Kind.STATUS, case_id: str = "") -> str:
        return plain_text(self.card(person, kind, case_id))


def said(reply: Reply) -> str:
    """Return all that a reply says in words, fields and buttons too."""
    cards = [card for card in (reply.card, reply.dialog) if card]
    words = [reply.notice, *reply.faults.values(), *(plain_text(card) for card in cards)]
    for card in cards:
        words += [card.summary, *(button.label for button in buttons(card))]
        for entry in card.fields:
            words += [entry.label, entry.hint, *(option.label for option in getattr(entry, "options", ()))]
    return "\n".join(filter(None, words))


def buttons(card: Card) -> list[Button]:
    """Return everything on a card that can be pressed or handed in."""
    steps = [block.button for block in card.blocks if isinstance(block, Step) and block.button]
    return [*steps, *card.buttons, *([card.submit] if card.submit else [])]
