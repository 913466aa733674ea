"""Whole cases at random: people mostly do what their cards offer them, now and then something stale or somebody else's.

After every step the promises of a case hold: pure, total, answered, stored whole, never without an alarm clock, and
nobody reads or changes what isn't theirs.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flows.access import Relation, holders, relations
from flows.cards import Button, Card, DateField, Paragraph, Step, Surface, TextField, TimeField, plain_text
from flows.commands import NoteDelivery, NoteUnreached
from flows.conversation import converse
from flows.decisions.draft import Decision
from flows.decisions.duties import is_decided_against
from flows.duty import Disclosure, Outcome, Until
from flows.effects import Kind, Timer
from flows.events import DutyAssessed, DutyBegun, DutyDelegated, DutyDeviated, DutyDone, DutyReopened
from flows.fold import fold
from flows.incident import Case, Progress
from flows.intent import understand
from flows.language import Language
from flows.plan import Plan
from flows.port import MessageRef, Pressed, Submitted, Typed
from flows.protocol import derive
from flows.school import School
from flows.situation import Response
from flows.wishes import Wish
from tests.flows.story import UNKNOWN_CLASS, Story, buttons, entry_of, said

Act = Typed | Pressed | Submitted

PEOPLE = ("ola", "per", "kari", "nils", "arne", "berit", "siri")
STEPS = 25
GROUPS = [
    ("ola", "kari"),
    ("ola", "per", "eva"),
    ("kari", "berit", "ola", "per"),
    ("nils", "arne", "siri", "ola", "eva"),
]
STALE = [
    *("report", "correct", "open_questions", "answer", "open_correction", "show"),
    *("take", "confirm", "decline", "tick", "untick", "nothing"),
    *(
        "duties",
        "duty",
        "do",
        "clarify",
        "open_delegation",
        "delegate",
        "open_deviation",
        "deviate",
        "open_assessment",
        "assess",
    ),
    *("end", "more", "open_hand_over", "hand_over", "open_refutation", "refute", "revoke_refutation", "reopen"),
    *("open_withdrawal", "withdraw", "open_pupil", "name_pupil", "open_closing", "close"),
    *("drill", "start_drill", "end_drill"),
    *("cases", "plan", "search_plan", "clause", "absence", "be_away", "come_back", "language", "choose_language"),
]
# What only these may change, by what they are to the case; written out by hand.
MAY_ANSWER = {Wish.ANSWER, Wish.CORRECT}
MAY_CONFIRM = {Wish.CONFIRM, Wish.DECLINE}
MAY_DO = {Wish.TICK, Wish.UNTICK, Wish.DO, Wish.END, Wish.CLARIFY, Wish.DELEGATE, Wish.DEVIATE}
MAY_LEAD = {Wish.HAND_OVER, Wish.REFUTE, Wish.REVOKE_REFUTATION, Wish.CLOSE}
OF_NO_CASE = {Wish.CASES, Wish.PLAN, Wish.SEARCH_PLAN, Wish.CLAUSE, Wish.ABSENCE, Wish.BE_AWAY, Wish.COME_BACK,
              Wish.LANGUAGE, Wish.CHOOSE_LANGUAGE, Wish.DRILL, Wish.UNKNOWN_COMMAND}  # fmt: skip
MARKS = {
    Language.NB: ("ØVELSE:", "Dette er ikke en ekte hendelse."),
    Language.NN: ("ØVING:", "Dette er ikkje ei ekte hending."),
}
ONLY_REKTOR = {"B1.1", "L1", "L2", "L3", "B6.1", "K1"}


@dataclass
class Walk:
    """A story, with the dialog that stands open for each person and what everybody did before."""

    story: Story
    draw: st.DataObject
    open_dialogs: dict[str, Card] = field(default_factory=dict)
    before: list[tuple[str, Act]] = field(default_factory=list)
    looked_at: dict[str, Case] = field(default_factory=dict)

    def pick(self, choices: list[object] | tuple[object, ...], label: str) -> object:
        return self.draw.draw(st.sampled_from(choices), label=label)

    # --- steps ---

    def step(self) -> None:
        others = ["command", "delivery", "absence", "stale", "repeat"]
        kind = self.pick(["offer"] * 12 + ["time"] * 3 + others, "step")
        getattr(self, f"_{kind}")()
        self.look()

    def look(self) -> None:
        """Hold every case that has changed to its promises; the clock's promise also where nothing has."""
        for case_id in self.story.stored:
            case = self.story.case(case_id)
            watched(self.story, case)
            if self.looked_at.get(case_id) != case:
                no_duty_is_lost(self.story, case)
                no_disclosure_without_its_rule(case, self.story)
                shows_only_what_it_may(self.story, case)
                is_told_from_a_real_one(self.story, case)
            self.looked_at[case_id] = case

    def _offer(self) -> None:
        offers = {person: offered for person in self.story.school.people if (offered := self._offers(person))}
        if not offers:
            return  # a drill is soon erased
        person = str(self.pick([*offers], "who"))
        act = self.pick(offers[person], "what")
        if isinstance(act, tuple):
            act = self._filled_in(*act)
        self.does(person, act)

    def _offers(self, person: str) -> list[Act | tuple[Card, Button]]:
        """Return what stands on this person's cards now: the messages promised to them, and the open dialog."""
        told = {(case_id, note.kind) for case_id, note in self.story.promised if note.person == person}
        cards: list[tuple[Card, MessageRef | None]] = [
            (self.story.card(person, kind, case_id), MessageRef("chat", person, kind)) for case_id, kind in sorted(told)
        ]
        cards += [(self.open_dialogs[person], None)] if person in self.open_dialogs else []
        return [
            (card, button) if button is card.submit else Pressed(button.action, button.reference, place)
            for card, place in cards
            for button in buttons(card)
        ]

    def _filled_in(self, form: Card, submit: Button) -> Submitted:
        values = {}
        for entry in form.fields:
            if isinstance(entry, TextField):
                values[entry.name] = (str(self.pick(["", "Eleven er borte.", "x" * 999], entry.name)),)
                continue
            if isinstance(entry, DateField | TimeField):
                values[entry.name] = (str(self.pick([entry.value, "", "i morgen"], entry.name)),)
                continue
            options = [option.value for option in entry.options]
            most = 3 if entry.several else 1
            drawn = self.draw.draw(st.lists(st.sampled_from(options), max_size=most, unique=True), label=entry.name)
            values[entry.name] = tuple(drawn) or entry.value
        return Submitted(submit.action, submit.reference, values)

    def _time(self) -> None:
        armed = [(arm.due_at - self.story.now).total_seconds() / 60 for arm in self.story.timers.values()]
        self.story.waits(min(armed) if armed else 30)

    def _command(self) -> None:
        command = self.pick(
            ["/rus-saker", "/rus-borte", "/rus-plan foresatte", "/rus-språk", "/rus-hendelse"], "command"
        )
        self.does(str(self.pick(PEOPLE, "who")), Typed(str(command)))

    def _delivery(self) -> None:
        for case_id in self.story.stored:
            for alert in self.story.case(case_id).alerts[-2:]:
                news = self.pick([NoteDelivery(alert.person, "chat"), NoteUnreached(alert.person)], "delivery")
                self.story.does(news, case_id)  # type: ignore[arg-type]

    def _absence(self) -> None:
        self.story.absent ^= {str(self.pick(PEOPLE, "who"))}

    def _stale(self) -> None:
        cases = [*self.story.stored, "f" * 32, ""]
        duty = self.pick([*self.story.plan.duties, "", "nothing"], "duty")
        reference = f"{self.pick(cases, 'case')}/{duty}"
        action = str(self.pick(STALE, "action"))
        extra = {"person": ("siri",), "reason": ("Eleven er borte.",), "applies": ("ja",), "decided": ("ja",)}
        values = {**extra, "under_18": ("ja",), "colleague": (str(self.pick(PEOPLE, "colleague")),), "class": ("2HEA",)}
        person = str(self.pick((*PEOPLE, "eva", "stranger"), "who"))
        self.does(person, self.pick([Pressed(action, reference), Submitted(action, reference, values)], "act"))

    def _repeat(self) -> None:
        if self.before:
            person, act = self.pick(self.before, "earlier")  # type: ignore[misc]
            stored = {name: list(rows) for name, rows in self.story.stored.items()}
            self.does(person, act, repeated=understand(act).wish is not Wish.REPORT or bool(self.story.stored))
            if understand(act).case_id in stored or understand(act).wish is not Wish.REPORT:
                assert self.story.stored == stored

    # --- one act, looked at from all sides ---

    def does(self, person: str, act: object, *, repeated: bool = False) -> None:
        assert isinstance(act, Typed | Pressed | Submitted)
        story, meant = self.story, understand(act)
        place = act.message if isinstance(act, Pressed) else None
        pressed = Kind(place.message) if place else None
        at = story.situation(person, meant.case_id, pressed=pressed, repeated=repeated)
        twin = story.situation(person, meant.case_id, pressed=pressed, repeated=repeated)
        response = converse(meant, act, at)
        assert response == converse(meant, act, twin), "the same input has the same outcome"
        assert at.case == twin.case, "what goes in isn't changed"
        answered_once(response)
        if at.case is not None and at.case.drill and meant.wish not in OF_NO_CASE:
            only_marked(story, person, response)
        if response.decision is not None:
            only_who_may(story, at.case, person, meant.wish, response)
            story.keep(response.decision, person)
        if response.own is not None and not repeated:
            assert person in story.school.people
            story.keep_own(response.own, person)
        if response.decision is not None and response.decision.case is not None:
            assert story.case(response.decision.case.id) == response.decision.case, "events make the case"
        self.open_dialogs.pop(person, None)
        if response.reply.dialog is not None:
            self.open_dialogs[person] = response.reply.dialog
        self.before.append((person, act))


def answered_once(response: Response) -> None:
    reply = response.reply
    assert said(reply).strip()
    assert not (reply.card and reply.dialog)
    if reply.faults:
        assert (reply.card, reply.dialog, reply.notice, response.decision) == (None, None, "", None)


def only_marked(story: Story, person: str, response: Response) -> None:
    """What somebody is shown of a drill says first of all that it is one."""
    for card in filter(None, (response.reply.card, response.reply.dialog)):
        assert is_marked(card, story.view(person).language), card


def is_marked(card: Card, language: Language) -> bool:
    mark, not_real = MARKS[language]
    first = card.blocks[0]
    summary = f"{mark} {not_real}" if card.surface is Surface.MESSAGE else ""
    is_first = isinstance(first, Paragraph) and first.text.startswith(not_real)
    return card.title.startswith(mark) and is_first and card.summary.startswith(summary)


def is_told_from_a_real_one(story: Story, case: Case) -> None:
    """Every message of a drill is marked, none of any other; nobody but its people has any part in it."""
    told = {(note.person, note.kind) for case_id, note in story.promised if case_id == case.id}
    for person, kind in sorted(told):
        card = story.card(person, kind, case.id)
        assert is_marked(card, story.view(person).language) == (case.drill is not None), card
    if case.drill is None:
        return
    assert {person for person, _ in told} <= {*case.drill.everybody}
    assert {case.reporter, *case.people} <= {*case.drill.participants}
    for person in set(story.school.people) - {*case.drill.everybody}:
        assert relations(person, case, story.context_of(case)) == frozenset()
        assert case not in story.open_cases(person)


def only_who_may(story: Story, case: Case | None, person: str, wish: Wish, response: Response) -> None:
    """Whoever changes a case is who the plan lets do just that."""
    decision = response.decision
    if decision is None or not decision.events:
        return
    assert person in story.school.people
    if case is None:
        assert wish is Wish.REPORT
        return
    if wish in MAY_ANSWER:
        assert person in (case.reporter, case.taken_by)
    elif wish in MAY_DO:
        only_ones_own(story, case, person, decision)
    elif wish in MAY_CONFIRM:
        assert case.colleague is not None
        assert person == case.colleague.person != case.reporter
    elif wish in MAY_LEAD:
        assert person == case.taken_by
    elif wish in (Wish.WITHDRAW, Wish.END_DRILL):
        assert person in ((case.taken_by or case.reporter,) if wish is Wish.WITHDRAW else in_drill(case))
    elif wish is Wish.REOPEN:
        assert case.is_closed
        assert Relation.OWNER in relations(person, case, story.context_of(case)) or is_head(story, case, person)
    elif wish is Wish.ASSESS:
        assert {type(event) for event in decision.events} <= {DutyAssessed, DutyDone}
        assert relations(person, case, story.context_of(case)) != {Relation.STAFF}
    else:
        assert wish is Wish.TAKE
        assert case.is_waiting or not story.context_of(case).roster.is_here(case.taken_by)
        assert is_head(story, case, person) or person in {alert.person for alert in case.alerts}


def in_drill(case: Case) -> tuple[str, ...]:
    return case.drill.everybody if case.drill else ()


def is_head(story: Story, case: Case, person: str) -> bool:
    roster = story.context_of(case).roster
    leads = roster.acting("avdelingsleder", case.departments)
    return person in (*leads, *roster.acting("rektor", case.departments))


def only_ones_own(story: Story, case: Case, person: str, decision: Decision) -> None:
    """What only rektor may decide, nobody else does, gives on or deviates from; the rest is its holder's or owner's."""
    for event in decision.events:
        match event:
            case DutyDone(duty) | DutyBegun(duty) | DutyReopened(duty) | DutyDelegated(duty) | DutyDeviated(duty):
                if duty in ONLY_REKTOR:
                    assert person == (story.context_of(case).roster.acting("rektor", ()) or ("",))[0], duty
                else:
                    own = holders(story.plan.duties[duty], case, story.context_of(case))
                    assert person in (*own, case.taken_by, case.reporter), duty


def no_disclosure_without_its_rule(case: Case, story: Story) -> None:
    """Guardians and child welfare only for a minor, health only with the pupil's own yes; whatever anybody said."""
    for name, state in case.duties.items():
        if state.outcome is Outcome.YES and state.progress is Progress.OPEN:
            disclosure = story.plan.duties[name].disclosure
            if disclosure in (Disclosure.GUARDIAN, Disclosure.CHILD_WELFARE):
                assert case.facts["under_18"] == {"ja"}, name
            if disclosure is Disclosure.HEALTH:
                assert case.facts["samtykke_hjelp"] == {"ja"}, name


def watched(story: Story, case: Case) -> None:
    """Somebody has taken the case, or a clock is set for the next who could; and every case has a next look."""
    armed = {timer: story.armed(case.id, timer) for timer in Timer}
    if case.is_closed:
        assert [timer for timer in armed if armed[timer]] == [Timer.ERASURE]
        return
    assert armed[Timer.ERASURE] is None
    assert bool(armed[Timer.DRILL]) == bool(case.drill)
    if case.is_waiting:
        assert armed[Timer.ESCALATION]
        assert armed[Timer.ESCALATION].due_at > story.now
    else:
        assert armed[Timer.ESCALATION] is None
        assert armed[Timer.FOLLOW_UP]


def no_duty_is_lost(story: Story, case: Case) -> None:
    rows = [json.loads(stored) for _, _, stored in story.stored[case.id]]
    raised = {row["duty"] for row in rows if row["event"] == "DutyRaised"}
    assert raised == set(case.duties)
    if case.is_closed:
        nothing_is_open_without_a_reason(story, case)
        return
    outcomes = derive(story.plan, case.facts, elsewhere=case.elsewhere)
    for name, outcome in outcomes.items():
        if is_decided_against(story.plan.duties[name], case) or (case.refuted and ends_with_a_suspicion(story, name)):
            assert name not in case.duties or case.duties[name].progress is not Progress.OPEN
            continue
        state = case.duties.get(name)
        if outcome is not Outcome.NO:
            assert state is not None
            said_no = outcome is Outcome.CLARIFY and state.clarified is False
            assert state.progress is not Progress.ENDED or said_no
        if state is not None and state.progress is Progress.OPEN:
            said_yes = outcome is Outcome.CLARIFY and state.clarified is True and state.outcome is Outcome.YES
            assert said_yes or state.outcome is outcome, f"{name} is open as {state.outcome}, the facts say {outcome}"
    if case.facts["under_18"] == {"nei"}:
        for name in ("B1.4", "B1.5", "B4.2", "L3"):
            assert name not in case.duties or case.duties[name].progress is not Progress.OPEN


def ends_with_a_suspicion(story: Story, name: str) -> bool:
    duty = story.plan.duties[name]
    return not duty.is_personal and duty.deadline.until is not Until.CLOSED


def nothing_is_open_without_a_reason(story: Story, case: Case) -> None:
    if case.drill:
        return  # it may be ended where it stands
    left = [name for name, state in case.duties.items() if not state.progress.is_settled]
    assert [name for name in left if not story.plan.duties[name].is_personal] == []


def shows_only_what_it_may(story: Story, case: Case) -> None:
    told = {(note.person, note.kind) for case_id, note in story.promised if case_id == case.id}
    secret = secrets_of(story)
    for person, kind in sorted(told):
        card = story.card(person, kind, case.id)
        assert card.surface is Surface.MESSAGE
        assert card.fields == ()
        words = f"{plain_text(card)} {card.summary}"
        assert not secret.search(words), words
        offers_no_disclosure_unasked(story, case, card)
    dialog = story.act(case.reporter, Pressed("show", case.id)).reply.dialog
    leads = case.reporter == case.taken_by or is_head(story, case, case.reporter)
    assert (dialog is None) == (case.is_closed and (case.drill is not None or not leads))
    if dialog:
        offers_no_disclosure_unasked(story, case, dialog)


def secrets_of(story: Story) -> re.Pattern[str]:
    """Return what finds a class, a kind of incident or a substance in words."""
    words = [*story.school.classes]
    for fact in ("hendelsestype", "stoff"):
        for value, label in story.plan.facts[fact].values.items():
            words += [] if value == "ukjent" else [label.nb, label.nn]
    return re.compile(rf"\b({'|'.join(map(re.escape, words))})\b")


def offers_no_disclosure_unasked(story: Story, case: Case, card: Card) -> None:
    for block in card.blocks:
        if isinstance(block, Step) and block.button and block.button.action in ("tick", "untick"):
            name = block.button.reference.partition("/")[2]
            duty, state = story.plan.duties[name], case.duties[name]
            if duty.disclosure.leaves_the_school and state.progress is Progress.OPEN:
                assert state.outcome is Outcome.YES or duty.while_unclear.value == "act", name


@settings(
    deadline=None,
    max_examples=60,
    derandomize=True,
    phases=[Phase.generate],  # a walk that fails is told as it was: making it shorter takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(draw=st.data())
def test_whatever_people_do_a_case_keeps_its_promises(plan: Plan, school: School, draw: st.DataObject) -> None:
    away = draw.draw(st.sampled_from([(), (), ("kari", "nils"), ("kari", "berit", "siri", "jon")]), label="away")
    walk = Walk(Story(plan, school, absent=set(away)), draw)
    reporter = str(walk.pick(("ola", "per", "kari"), "reporter"))
    walk.does(reporter, Typed("/rus-hendelse"))
    one_or_two = st.lists(st.sampled_from([*plan.facts["hendelsestype"].values]), min_size=1, max_size=2, unique=True)
    kinds = draw.draw(one_or_two, label="kinds")
    first = {
        "hendelsestype": tuple(kinds),
        "place": (str(walk.pick(("Kantine", "Tur"), "place")),),
        "class": (str(walk.pick(("1BAA", "3STA", UNKNOWN_CLASS), "class")),),
    }
    submit = walk.open_dialogs[reporter].submit
    assert submit is not None
    walk.does(reporter, Submitted(submit.action, submit.reference, first))
    assert len(walk.story.stored) == 1
    walk.look()
    for _ in range(STEPS):
        walk.step()
    for case_id, rows in walk.story.stored.items():
        assert fold(case_id, map(entry_of, rows)) == walk.story.case(case_id)


@settings(
    deadline=None,
    max_examples=40,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(draw=st.data())
def test_whatever_people_do_in_a_drill_it_is_marked_and_nobody_else_hears_of_it(
    plan: Plan, school: School, draw: st.DataObject
) -> None:
    walk = Walk(Story(plan, school), draw)
    people = draw.draw(st.sampled_from(GROUPS), label="who")
    walk.story.drills(*people, starter=str(walk.pick(("siri", "berit"), "starter")))
    walk.look()
    for _ in range(STEPS):
        walk.step()
