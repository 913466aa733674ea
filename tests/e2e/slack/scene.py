"""People at Slack for `tests/e2e/five_cases.py`: what they see is waited for, as a person waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.e2e.slack.block_kit import elements_of
from tests.e2e.slack.filling import find
from tests.e2e.slack.people import Person
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.visible import label_of, text_of
from tests.e2e.slack.workspace import Message, View

T = TypeVar("T")


@dataclass
class SlackChat:
    """One person of the staff."""

    slack: Slack
    user: str

    @property
    def person(self) -> Person:
        return self.slack.person(self.user)

    async def types(self, text: str) -> None:
        await self._closes()
        await self.person.slash(text)

    async def presses(self, label: str, *, about: str = "") -> None:
        await self._closes()
        place, action = await self._until(lambda: self._button(label, about))
        await self.person.presses(action, on=place)

    async def presses_in_dialog(self, what: str) -> None:
        view, action = await self._until(lambda: _in_view(self.person.modal, what))
        await self.person.presses(action, on=view)

    async def opens(self, reference: str) -> None:
        view, action = await self._until(lambda: _by_reference(self.person.modal, reference))
        await self.person.presses(action, on=view)

    async def hands_in(self, **values: str) -> None:
        view = await self._until(lambda: _with_fields(self.person.modal, values))
        for name, value in values.items():
            _, element = find(view.blocks, name)
            wanted: Any = value
            if element["type"] == "external_select":
                wanted = label_of((await self.person.searches(name, value))[0]["text"])
            elif element["type"] in ("checkboxes", "multi_static_select"):
                wanted = value.split("+")
            await self.person.fills({name: wanted})
        await self.person.submits()

    async def does(self, duty: str, **values: str) -> None:
        await self.opens(duty)
        await self._until(lambda: self.person.modal and self.person.modal.payload.get("submit"))
        await self.hands_in(**values)
        await self._until(lambda: self.person.modal and not self.person.modal.payload.get("submit"))

    async def sees(self, words: str) -> None:
        await self._until(lambda: any(words in text_of(message.blocks) for message in self.person.dm))

    async def reads(self, words: str) -> None:
        await self._until(lambda: words in self._reading())

    async def reads_of(self, step: str, words: str) -> None:
        def at_it() -> bool:
            blocks = self.person.modal.blocks if self.person.modal else []
            return any(step in (text := text_of([block])) and words in text for block in blocks)

        await self._until(at_it)

    async def is_offered(self, label: str) -> None:
        await self._until(lambda: _in_view(self.person.modal, label))

    async def is_done(self) -> None:
        await self._until(lambda: not (self.person.modal and self.person.modal.payload.get("submit")))

    async def takes_the_appointment(self, label: str) -> str:
        """Return the file that the bot puts into the person's own chat."""
        before = len(self.slack.workspace.files)
        await self.presses_in_dialog(label)
        await self._until(lambda: len(self.slack.workspace.files) > before)
        return self.slack.workspace.files[-1].content.decode()

    def _reading(self) -> str:
        view = self.person.modal
        return "\n".join([text_of(view.blocks), *view.errors.values()]) if view else ""

    def _button(self, label: str, about: str) -> tuple[Message, str] | None:
        """Return the newest message with such a button, and the button's action."""
        for message in reversed(self.person.dm):
            for block, element in elements_of(message.blocks):
                is_it = element["type"] == "button" and label_of(element["text"]) == label
                if is_it and about in text_of([block]):
                    return message, element["action_id"]
        return None

    async def _closes(self) -> None:
        while self.person.modal:
            await self.person.closes()

    async def _until(self, condition: Callable[[], T]) -> Any:
        return await self.slack.until(condition, within=10)


class SlackScene:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def people(self, *users: str) -> list[SlackChat]:
        return [SlackChat(self._slack, user) for user in users]

    async def look(self, moment: str) -> None:
        """Find nothing that Slack, or somebody in front of it, would have refused."""
        assert not self._slack.faults, moment

    async def nobody_sees(self, words: str) -> None:
        assert words not in "\n".join(self._slack.workspace.everything_posted())


def _in_view(view: View | None, what: str) -> tuple[View, str] | None:
    return _first(view, lambda element: what in (label_of(element["text"]), element["action_id"].partition(".")[2]))


def _by_reference(view: View | None, reference: str) -> tuple[View, str] | None:
    return _first(view, lambda element: element.get("value", "").endswith(f"/{reference}"))


def _first(view: View | None, is_it: Callable[[Any], bool]) -> tuple[View, str] | None:
    for _, element in elements_of(view.blocks) if view else ():
        if element["type"] == "button" and is_it(element):
            return view, element["action_id"]  # type: ignore[return-value]
    return None


def _with_fields(view: View | None, values: dict[str, str]) -> View | None:
    """Return the modal once it asks for all that somebody wants to fill in."""
    names = {block["block_id"] for block in view.blocks if block["type"] == "input"} if view else set()
    return view if view and set(values) <= names and view.payload.get("submit") else None
