"""The story's people in Teams, where nobody can look what stands there: a message may come once more, and says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

from tests.e2e.slack.workspace import Clock
from tests.e2e.teams.conftest import Workplace
from tests.e2e.teams.people import Person
from tests.e2e.teams.scene import asks_for, button_that_hands_in, is_dialog
from tests.e2e.teams.staffed import SEEN
from tests.e2e.teams.tenant import Json, Message
from tests.e2e.teams.test_the_relay_and_teams import AGAIN
from tests.e2e.teams.visible import text_of
from tests.torture.nudge import nudge_in_teams
from tests.torture.tally import Tally

LABELS = (AGAIN, "Gjenteke varsel: du kan ha fått det før. Det er same sak.")
TAKEN = ("har tatt saken kl.", "har teke saka kl.")  # by whomever


class InTeams:
    name, can_look = "teams", False
    of_a_death = ("the bot is out of reach", "no answer within")

    def __init__(self, work: Workplace) -> None:
        self.work = work

    @property
    def faults(self) -> list[str]:
        return self.work.teams.faults

    @property
    def clock(self) -> Clock:
        return self.work.teams.tenant.clock

    def count(self, person: str) -> int:
        """Return how many there are of which none is another's repeat."""
        return len(self.deliveries(person))

    def reads(self, person: str) -> str:
        return "\n".join(text_of(each.card) for times in self.deliveries(person).values() for each in times)

    def deliveries(self, person: str) -> dict[str, list[Message]]:
        """Return what stands in somebody's chat and was no dialog: by the id of its delivery, oldest first."""
        found = defaultdict(list)
        for message in self._person(person).from_bot:
            if message.shown and not any(map(is_dialog, message.shown)):
                found[message.delivery or message.id].append(message)
        return dict(found)

    async def reports(self, person: str, shows: Callable[[Callable[[], object]], Awaitable[bool]]) -> bool:
        reporter = self._person(person)
        if self._form(reporter) is None:
            await reporter.writes("rus-hendelse")
            await shows(lambda: self._form(reporter))
        form = self._form(reporter)
        if form is None:
            return False
        await reporter.fills(SEEN, on=form)
        await reporter.presses(_button(form.card)["title"], on=form)
        return not asks_for(form.card, SEEN)  # what follows may be a form, too

    async def presses(self, person: str, label: str) -> bool:
        return await self._person(person).presses(label) is not None

    async def nudge(self) -> bool:
        return await nudge_in_teams(self.work.teams)

    def judge(self, messages: Mapping[str, int], tally: Tally, ambiguous: int) -> None:
        """Note what is lost, and what stands there twice without a word; a word for each ambiguity is no fault."""
        for person, expected in messages.items():
            deliveries = self.deliveries(person)
            tally.lost_messages += max(0, expected - len(deliveries))
            tally.repeats += max(0, len(deliveries) - expected)
            is_taken = any(_says(each.card, TAKEN) for times in deliveries.values() for each in times)
            for times in deliveries.values():
                labelled = [each for each in times if _says(each.shown[0], LABELS)]
                tally.repeats += max(0, len(times) - len(labelled) - 1)
                if len(labelled) > ambiguous:
                    tally.others.append(f"{person} has been told {len(labelled)} times that it is a repeat")
                if is_taken and not any(_says(each.card, TAKEN) for each in times):
                    tally.others.append(f"{person} sees a message that knows nothing of who has the case")

    def _form(self, person: Person) -> Message | None:
        """Return the newest form for a report that nobody has handed in."""
        return next((each for each in reversed(person.from_bot) if asks_for(each.card, SEEN)), None)

    def _person(self, name: str) -> Person:
        person: Person = getattr(self.work, name)
        return person


def _says(card: Json, words: tuple[str, ...]) -> bool:
    return any(each in text_of(card) for each in words)


def _button(card: Json) -> Json:
    button = button_that_hands_in(card)
    assert button
    return button
