"""The story's people in Teams, where nobody can look what stands there: a message may come once more, and says so."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping

from aiohttp import web

from tests.e2e.slack.workspace import Clock
from tests.e2e.teams.conftest import Workplace
from tests.e2e.teams.people import Person
from tests.e2e.teams.scene import asks_for, button_that_hands_in, is_dialog
from tests.e2e.teams.staffed import SEEN
from tests.e2e.teams.tenant import Json, Message
from tests.e2e.teams.test_the_relay_and_teams import AGAIN
from tests.e2e.teams.trouble import Answer, Delay, Troubles
from tests.e2e.teams.visible import pressables, text_of
from tests.torture.manners import Asked
from tests.torture.nudge import nudge_in_teams
from tests.torture.tally import Tally

LABELS = (AGAIN, "Gjenteke varsel: du kan ha fått det før. Det er same sak.")
OTHER_WAYS = 2  # services that may lead to a chat where the one that did doesn't: our tenant's, and everybody's
STILL_OPEN = ("Jeg tar saken", "Eg tek saka", "Ingen har tatt saken", "Ingen har teke saka")


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

    @property
    def runner(self) -> web.AppRunner:
        return self.work.teams._runner

    @property
    def port(self) -> int:
        return int(self.work.teams.identity.base_url.rpartition(":")[2])

    def puts_up(self, troubles: Troubles) -> None:
        teams = self.work.teams
        teams.troubles = teams.identity.troubles = teams.connector.troubles = troubles

    def asked(self) -> Iterator[Asked]:
        """Yield what the relay has asked about messages, and its token, which is fetched by one for all.

        Whoever waits for a chat may be another row. How long a token is good, and when to ask for one, is counted in
        true seconds: no clock that is set may decide it. What another service is asked, as one doesn't lead to the
        chat, is something else.
        """
        astray: Counter[str] = Counter()
        yield from (Asked("token", "", at, trouble) for at, trouble in self.work.teams.identity.asked)
        for call in self.work.teams.calls:
            delivery = call.body.get("channelData", {}).get("delivery") if isinstance(call.body, dict) else ""
            if call.kind == "update" or delivery:
                itself = call.kind == "update" and call.status is None
                what = delivery or json.dumps([call.path, call.body])
                by = f" by another way, {astray[what]}" if astray[what] else ""
                yield Asked(call.kind, what + by, call.at, call.trouble, itself)
                is_astray = isinstance(call.trouble, Answer) and call.trouble.status == 404
                astray[what] = astray[what] + 1 if is_astray and astray[what] < OTHER_WAYS else 0

    def count(self, person: str) -> int:
        """Return how many there are of which none is another's repeat."""
        return len(self.deliveries(person))

    def beyond_recall(self) -> frozenset[str]:
        chats = self.work.teams.tenant.chats.values()
        return frozenset(message.delivery for chat in chats for message in chat.messages)

    def reads(self, person: str) -> str:
        return "\n".join(text_of(each.card) for times in self.deliveries(person).values() for each in times)

    def deliveries(self, person: str) -> dict[str, list[Message]]:
        """Return what stands in somebody's chat and was no dialog: by the id of its delivery, oldest first."""
        found = defaultdict(list)
        for message in self._person(person).from_bot:
            if message.shown and not any(map(is_dialog, message.shown)):
                found[message.delivery or message.id].append(message)
        return dict(found)

    async def opens_form(self, person: str, shows: Callable[[Callable[[], object]], Awaitable[bool]]) -> bool:
        reporter = self._person(person)
        if self._form(reporter) is None:
            await reporter.writes("rus-hendelse")
            await shows(lambda: self._form(reporter))
        return self._form(reporter) is not None

    async def hands_in(self, person: str) -> bool:
        reporter = self._person(person)
        form = self._form(reporter)
        if form is None:
            return False
        await reporter.fills(SEEN, on=form)
        await reporter.presses(_button(form.card)["title"], on=form)
        return not asks_for(form.card, SEEN)  # what follows may be a form, too

    async def presses(self, person: str, label: str) -> bool:
        return await self._person(person).presses(label) is not None

    async def presses_all(self, person: str, label: str) -> None:
        for message in self._person(person).from_bot:
            if any(each.action["title"] == label for each in pressables(message.card)):
                await self._person(person).presses(label, on=message)

    async def nudge(self) -> bool:
        return await nudge_in_teams(self.work.teams)

    def judge(self, messages: Mapping[str, int], tally: Tally, ambiguous: int) -> None:
        """Note what is lost, and what stands there twice without a word; a word for each ambiguity is no fault.

        In the end each case has been taken: a message of which no copy knows that contradicts it. Where every answer to
        it got lost, and nobody needed it any more, the program can't tell where it stands: whoever presses it is told.
        """
        answered = {call.what for call in self.asked() if call.kind == "post" and call.trouble in (None, Delay())}
        for person, expected in messages.items():
            deliveries = self.deliveries(person)
            tally.lost_messages += max(0, expected - len(deliveries))
            tally.repeats += max(0, len(deliveries) - expected)
            for delivery, times in deliveries.items():
                labelled = len(labelled_of(times))
                tally.repeats += max(0, len(times) - labelled - 1)
                if labelled > ambiguous:
                    tally.others.append(f"{person} has been told {labelled} times that it is a repeat")
                if delivery in answered and all(_says(each.card, STILL_OPEN) for each in times):
                    tally.others.append(f"{person} sees a message that asks still who takes the case")

    def _form(self, person: Person) -> Message | None:
        """Return the newest form for a report that nobody has handed in."""
        return next((each for each in reversed(person.from_bot) if asks_for(each.card, SEEN)), None)

    def _person(self, name: str) -> Person:
        person: Person = getattr(self.work, name)
        return person


def labelled_of(times: list[Message]) -> list[Message]:
    """Return those that said when they came that it may be for the second time."""
    return [each for each in times if _says(each.shown[0], LABELS)]


def _says(card: Json, words: tuple[str, ...]) -> bool:
    return any(each in text_of(card) for each in words)


def _button(card: Json) -> Json:
    button = button_that_hands_in(card)
    assert button
    return button
