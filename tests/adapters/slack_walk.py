"""Schools at work, and everything that their staff are shown, each thing once; what is right about it is the tests'."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flows.cards import Button, Card, DateField, Field, Style, TextField
from flows.drill import may_ask, may_start
from flows.effects import Kind
from flows.intent import understand
from flows.language import Language
from flows.plan import Plan
from flows.port import Pressed, Reply, Submitted, Typed
from flows.school import School
from flows.situation import Response
from flows.wishes import OF_THE_YEAR, SEPARATOR, Wish
from tests.flows.story import STANDS_IN, Story, buttons
from tests.flows.test_every_case_comes_to_its_end import Staff
from tests.flows.test_walk import STALE

SCHOOLS = {
    "small": Path(__file__).parents[1] / "flows" / "school.yaml",
    "demo": Path(__file__).parents[2] / "bot" / "demo_school.yaml",
}
COMMANDS = (
    *("/rus-hendelse", "/rus-saker", "/rus-plan", "/rus-borte", "/rus-sprak", "/rus-hjelp", "/rus-tull", "hei", ""),
    *("/rus-plan foresatte", "/rus-plan elev", "/rus-plan finnes ikke i planen", "/rus-hendelse Per er full"),
    "/rus-ovelse",
)
TYPED = ("Avtalt.", "2026/1234", "-", "æøå <!channel> 👩‍🏫\n" * 90)


@dataclass(frozen=True, slots=True)
class Shown:
    """What one person is shown at once, and in which language; `is_home` for a person's own page."""

    language: Language
    card: Card | None = None
    dialog: Card | None = None
    notice: str = ""
    is_home: bool = False


def of_cases(card: Card) -> list[Button]:
    """Return the buttons of a card but those that lead into the prevention year, which a story has none of."""
    return [button for button in buttons(card) if button.action not in OF_THE_YEAR]


@dataclass
class Watched(Story):
    """A story that keeps what it shows, and which wishes and kinds of messages it has come by."""

    gallery: dict[Shown, None] = field(default_factory=dict)  # in the order in which things were first shown
    wishes: set[Wish] = field(default_factory=set)
    kinds: set[Kind] = field(default_factory=set)

    def act(
        self, person: str, act: Typed | Pressed | Submitted, *, pressed: Kind | None = None, repeated: bool = False
    ) -> Response:
        response = super().act(person, act, pressed=pressed, repeated=repeated)
        wish = understand(act).wish
        self.wishes |= {wish}
        self.shows(person, response.reply, is_home=wish is Wish.HOME)
        return response

    def card(self, person: str, kind: Kind = Kind.STATUS, case_id: str = "") -> Card:
        card = super().card(person, kind, case_id)
        self.kinds |= {kind}
        self.shows(person, Reply(card=card))
        return card

    def shows(self, person: str, reply: Reply, *, is_home: bool = False) -> None:
        notice = reply.notice or " ".join(reply.faults.values())
        self.gallery[Shown(self.view(person).language, reply.card, reply.dialog, notice, is_home)] = None


@dataclass
class Wanderers(Staff):
    """Staff who also do what isn't asked of them: look around, change their minds, press what is stale, go away."""

    story: Watched
    pressed: Counter[tuple[str, str]] = field(default_factory=Counter)  # by action and what of the case it is about

    def step(self) -> None:
        kinds = ("work", "look_around", "type", "stale", "wait", "home")
        getattr(self, f"_{self.random.choices(kinds, (8, 8, 1, 1, 1, 1))[0]}")()

    def practise(self) -> None:
        """Do some of what is asked, and look around."""
        for _ in range(4):
            self._work()
            self._look_around()

    def finish(self, most: int = 120) -> None:
        """Do what is asked until the newest case can be closed; close it, open it again, and let it be erased."""
        self.story.absent.clear()
        case_id = list(self.story.stored)[-1]
        for _ in range(most):
            if not self._work() and self._close(case_id):
                break
        look(self.story, case_id)
        for duty in self.story.case(case_id).duties:
            self.story.act(self._owner(case_id), Pressed(Wish.DUTY, f"{case_id}{SEPARATOR}{duty}"))
        self.story.act(self._owner(case_id), Pressed(Wish.REOPEN, case_id))
        look(self.story, case_id)
        self._close(case_id)
        self.story.waits(60 * 24 * 31)

    def press(self, person: str, button: Button, depth: int = 3) -> None:
        """Press a button, and then something on what it leads to."""
        self.pressed[_about(button)] += 1
        act = Pressed(button.action, button.reference)
        dialog = self.story.act(person, act, pressed=STANDS_IN.get(button.action)).reply.dialog
        if dialog is None:
            return
        others = [each for each in of_cases(dialog) if each is not dialog.submit]
        if dialog.submit and self.random.random() < 0.8:
            self.fill_in(person, dialog)
        elif depth and others:
            self.press(person, self.newest(others), depth - 1)

    def newest(self, offered: list[Button]) -> Button:
        """Return a button that has been pressed least often, most of the time."""
        if self.random.random() < 0.2:
            return self.random.choice(offered)
        return min(offered, key=lambda button: (self.pressed[_about(button)], self.random.random()))

    def fill_in(self, person: str, form: Card) -> None:
        """Hand a form in; now and then with nothing in it."""
        assert form.submit
        is_empty = self.random.random() < 0.1
        values = {} if is_empty else {each.name: self._values(each) for each in form.fields}
        reply = self.story.act(person, Submitted(form.submit.action, form.submit.reference, values)).reply
        if reply.faults:
            self.hand_in(person, form)

    def _values(self, entry: Field) -> tuple[str, ...]:
        if isinstance(entry, TextField) and self.random.random() < 0.3:
            return (self.random.choice(TYPED)[: entry.max_length],)
        if isinstance(entry, DateField) and self.random.random() < 0.5:
            return (f"{self.story.now + timedelta(days=self.random.randrange(5)):%Y-%m-%d}",)
        count = 3 if getattr(entry, "several", False) else 1
        return tuple(sorted({self._value(entry) for _ in range(count)}))

    def _submit(self, person: str, submit: Button, values: dict[str, str]) -> Reply:
        given = {name: (value,) for name, value in values.items() if value}
        return self.story.act(person, Submitted(submit.action, submit.reference, given)).reply

    def _told(self) -> list[str]:
        """Return whoever has been told of something, in any order."""
        told = sorted({note.person for _, note in self.story.promised})
        self.random.shuffle(told)
        return told or ["ola"]

    def _cards(self, person: str) -> list[Card]:
        """Return what stands in a person's chat, and what opens from there."""
        told = dict.fromkeys((case, note.kind) for case, note in self.story.promised if note.person == person)
        known = [(case, kind) for case, kind in told if case in self.story.stored]
        cards: list[Card | None] = [self.story.card(person, kind, case) for case, kind in known]
        for case in dict.fromkeys(case for case, _ in known):
            cards += [self.story.act(person, Pressed(wish, case)).reply.dialog for wish in (Wish.SHOW, Wish.DUTIES)]
        return [card for card in cards if card]

    def _work(self) -> bool:
        """Do something that is asked of somebody; say whether there was anything."""
        for person in self._told():
            offered = [button for card in self._cards(person) for button in of_cases(card)]
            asked = [b for b in offered if b.style is Style.PRIMARY and b.action not in (Wish.SHOW, Wish.DUTIES)]
            if asked:
                self.press(person, self.newest(asked))
                return True
        return False

    def _look_around(self) -> None:
        person = self._told()[0]
        if offered := [button for card in self._cards(person) for button in of_cases(card)]:
            self.press(person, self.newest(offered))

    def _type(self) -> None:
        person, words = self.random.choice([*self._told(), "eva", "per"]), self.random.choice(COMMANDS)
        dialog = self.story.act(person, Typed(words)).reply.dialog
        if dialog and dialog.submit and "hendelse" not in words:
            self.fill_in(person, dialog)

    def _stale(self) -> None:
        case = self.random.choice([*self.story.stored, "f" * 32, ""])
        part = self.random.choice([*self.story.plan.duties, "nothing", "3"])
        person = self.random.choice([*self._told(), "eva"])
        self.press(person, Button(self.random.choice(STALE), "x", f"{case}/{part}"))

    def _wait(self) -> None:
        self.story.absent ^= {self._told()[0]}
        for case_id in self.story.stored:
            for alert in self.story.case(case_id).alerts[-1:]:
                self.story.delivers(alert.person, case_id)
        self.story.waits(self.random.choice([5, 30, 60 * 24]))

    def _home(self) -> None:
        self.press(self._told()[0], Button(Wish.HOME, "x"))

    def _owner(self, case_id: str) -> str:
        case = self.story.case(case_id)
        return case.taken_by or case.reporter

    def _close(self, case_id: str) -> bool:
        form = self.story.act(self._owner(case_id), Pressed(Wish.CLOSING, case_id)).reply.dialog
        if form and form.submit:
            self.hand_in(self._owner(case_id), form)
        return self.story.case(case_id).is_closed


def _about(button: Button) -> tuple[str, str]:
    return button.action, button.reference.partition(SEPARATOR)[2]


def wander(plan: Plan, school: School, language: Language, seed: int, steps: int) -> Watched:
    """Let a school work on two cases, everybody in one language; the second one comes to its end."""
    story = Watched(plan, school, languages=dict.fromkeys(school.people, language))
    staff = Wanderers(story, random.Random(seed))  # noqa: S311 - made to be repeatable
    for is_second in (False, True):
        if seed % 3 == is_second:
            story.reports(hendelsestype="mistanke")
        else:
            staff.report()
        for _ in range(steps):
            staff.step()
            story.languages |= dict.fromkeys(school.people, language)
    staff.finish()
    return story


def read_all(story: Watched) -> None:
    """Read the whole plan, and everything that is there without a case."""
    for page in range(5):
        story.act("ola", Pressed(Wish.PLAN, f"/{page}"))
    for name in [*story.plan.clauses, *story.plan.duties, "nothing"]:
        story.act("ola", Pressed(Wish.CLAUSE, f"/{name}"))
    for person in story.school.people:
        for words in COMMANDS:
            story.act(person, Typed(words))
        story.act(person, Pressed(Wish.HOME))


def refute(story: Watched) -> None:
    """Let a suspicion turn out to be nothing, then something after all, then nothing again."""
    case_id = story.reports(hendelsestype="mistanke")
    for action in (Wish.TAKE, Wish.MORE, Wish.REFUTATION):
        story.presses("kari", action, case_id)
    for reason in ("", "Det var brus."):
        story.submits("kari", Wish.REFUTE, case_id, reason=reason)
    look(story, case_id)
    story.presses("kari", Wish.MORE, case_id)
    story.presses("kari", Wish.REVOKE_REFUTATION, case_id)


def practise(story: Watched) -> None:
    """Practise on every made-up case; one is done to its end, the others are ended where they stand."""
    leader = next(person for person in story.school.people if may_start(person, story.context))
    people = [person for person in story.school.people if may_ask(leader, person, story.context)][:5]
    staff = Wanderers(story, random.Random(1))  # noqa: S311 - made to be repeatable
    for name in story.plan.drills.cases:
        story.act(leader, Typed("/rus-ovelse"))
        drill = story.drills(*people, starter=leader, fictive=name)
        look(story, drill)
        staff.practise()
        story.act(leader, Pressed(Wish.DRILL))
        story.act(leader, Pressed(Wish.END_DRILL, drill))
        if drill in story.stored:
            look(story, drill)


def find_nobody(story: Watched) -> None:
    """Report when nobody else is there."""
    story.absent = set(story.school.people) - {"ola"}
    case_id = story.reports()
    look(story, case_id)
    story.waits(60)
    look(story, case_id)


def have_many_cases(story: Watched) -> None:
    """Look at the lists of somebody with more cases than a page has room for."""
    for at in range(46):
        story.reports(hendelsestype="mistanke" if at else "synlig_beruset")
    for act in (Pressed(Wish.HOME), Pressed(Wish.CASES), Pressed(Wish.CASES, "/1"), Pressed(Wish.INTAKE)):
        story.act("ola", act)


def look(story: Watched, case_id: str) -> None:
    """Let everybody who has been told of a case look at what stands in their chats now, and at the case."""
    for case, note in list(story.promised):
        if case == case_id:
            story.card(note.person, note.kind, case)
            story.presses(note.person, Wish.SHOW, case)
