"""People in Teams for `tests/e2e/five_cases.py`: what they see is waited for, as a person waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from adapters.teams import words
from adapters.teams.look import HANDS_IN
from tests.e2e.teams.people import Person
from tests.e2e.teams.teams import Teams
from tests.e2e.teams.tenant import Json, Message
from tests.e2e.teams.visible import appointment_at, inputs_of, pressables, steps_of, text_of

T = TypeVar("T")
WAYS_OUT = ("Avbryt", "Lukk")  # every dialog has one of them, in both languages


@dataclass
class TeamsChat:
    """One person of the staff. A dialog stands in the chat as a message; the newest one is what he looks at."""

    teams: Teams
    user: str

    @property
    def person(self) -> Person:
        return self.teams.person(self.user)

    @property
    def open(self) -> Message | None:
        """The newest message that is a dialog, or was one before it was answered."""
        return next((each for each in reversed(self.person.from_bot) if any(map(is_dialog, each.shown))), None)

    @property
    def reading(self) -> str:
        return f"{text_of(self.open.card)}\n{self.open.bar}" if self.open else ""

    async def types(self, text: str) -> None:
        before = len(self.person.from_bot)
        await self.person.writes(text)
        await self._until(lambda: len(self.person.from_bot) > before and not self._is_to_come())

    async def presses(self, label: str, *, about: str = "") -> None:
        """Press a button of a message; where that opens a dialog, wait for it."""
        message, before = await self._until(lambda: self._message_with(label, about)), self.open
        await self.person.presses(label, about=about, on=message)
        if message.bar in (words.BELOW.nb, words.BELOW.nn):
            await self._until(lambda: self.open is not before)

    async def presses_in_dialog(self, what: str) -> None:
        message, action = await self._until(lambda: self._in_dialog(lambda action: what in _called(action)))
        await self.person._act(message, action)

    async def opens(self, reference: str) -> None:
        message, action = await self._until(lambda: self._in_dialog(lambda action: _is_of(action, reference)))
        await self.person._act(message, action)

    async def hands_in(self, **values: str) -> None:
        message = await self._until(lambda: self.open if self.open and asks_for(self.open.card, values) else None)
        button = button_that_hands_in(message.card)
        assert button
        several = {each["id"].lstrip("*") for each in inputs_of(message.card) if each.get("isMultiSelect")}
        await self.person.fills({n: v.split("+") if n in several else v for n, v in values.items()}, on=message)
        await self.person._act(message, button)

    async def does(self, duty: str, **values: str) -> None:
        await self.opens(duty)
        await self._until(lambda: self.open and button_that_hands_in(self.open.card))
        await self.hands_in(**values)
        await self._until(lambda: self.open and not button_that_hands_in(self.open.card))

    async def sees(self, words: str) -> None:
        await self._until(
            lambda: any(words in text_of(each.card) for each in self.person.from_bot if not is_dialog(each.card))
        )

    async def reads(self, words: str) -> None:
        await self._until(lambda: words in self.reading)

    async def reads_of(self, step: str, words: str) -> None:
        await self._until(
            lambda: self.open and any(step in part and words in part for part in steps_of(self.open.card))
        )

    async def is_offered(self, label: str) -> None:
        await self._until(lambda: self._in_dialog(lambda action: action["title"] == label))

    async def is_done(self) -> None:
        await self._until(lambda: not (self.open and button_that_hands_in(self.open.card)))

    async def takes_the_appointment(self, label: str) -> str:
        """Return what Outlook makes of the link that it is opened with."""
        _, action = await self._until(lambda: self._in_dialog(lambda action: action["title"].startswith(label)))
        return appointment_at(action["url"])

    def _is_to_come(self) -> bool:
        """Say whether the newest message only says that something will stand there in a moment."""
        shown = text_of(self.person.from_bot[-1].card)
        return any(word in shown for word in (words.MOMENT.nb, words.MOMENT.nn))

    def _message_with(self, label: str, about: str) -> Message | None:
        for message in reversed(self.person.from_bot):
            hits = [each for each in pressables(message.card) if each.action["title"] == label and about in each.about]
            if hits and not is_dialog(message.card):
                return message
        return None

    def _in_dialog(self, is_it: Callable[[Json], bool]) -> tuple[Message, Json] | None:
        hits = [each.action for each in pressables(self.open.card) if is_it(each.action)] if self.open else []
        return (self.open, hits[0]) if self.open and hits else None

    async def _until(self, condition: Callable[[], T]) -> Any:
        return await self.teams.until(condition)


class TeamsScene:
    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    async def people(self, *users: str) -> list[TeamsChat]:
        return [TeamsChat(self._teams, user) for user in users]

    async def look(self, moment: str) -> None:
        """Find nothing that Teams, or somebody in front of it, would have refused."""
        assert not self._teams.faults, f"{moment}: {self._teams.faults}"

    async def nobody_sees(self, words: str) -> None:
        posted = [each for each in self._teams.tenant.posted if not is_dialog(card_of(each))]
        assert words not in str(posted)


def card_of(posted: Json) -> Json:
    """Return the card of what was put into a chat; nothing of words alone."""
    attachments = posted.get("attachments", [])
    card: Json = attachments[0]["content"] if attachments else posted.get("card", {})
    return card


def is_dialog(card: Json) -> bool:
    """Say whether a card is a dialog: one that is left by a way out, and gone then."""
    return any(action["title"] in WAYS_OUT for action in card.get("actions", []))


def _called(action: Json) -> tuple[str, str]:
    return action["title"], action.get("verb", "")


def _is_of(action: Json, reference: str) -> bool:
    return any(str(value).endswith(f"/{reference}") for value in action.get("data", {}).values())


def button_that_hands_in(card: Json) -> Json | None:
    """Return the button that hands the dialog in."""
    return next((each.action for each in pressables(card) if each.action.get("data", {}).get(HANDS_IN)), None)


def asks_for(card: Json, values: dict[str, str]) -> bool:
    """Say whether a card is a form that has a place for all of this."""
    names = {each["id"].lstrip("*") for each in inputs_of(card)}
    return button_that_hands_in(card) is not None and set(values) <= names
