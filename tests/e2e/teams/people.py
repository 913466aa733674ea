"""Somebody in Teams as a test drives him. It does what Teams' client lets a person do, and sees what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.door import Answer
from tests.e2e.teams.activities import EXECUTE, SUBMIT, Activities
from tests.e2e.teams.cards import ADAPTIVE, faults_of
from tests.e2e.teams.delivery import Delivery
from tests.e2e.teams.filling import ClientRefuses, filled_in, find, value_for
from tests.e2e.teams.tenant import Chat, Json, Message, Tenant, User
from tests.e2e.teams.visible import Pressable, pressables, text_of

BAR = "application/vnd.microsoft.activity.message"
SEARCHED = "application/vnd.microsoft.search.searchResponse"


@dataclass
class Dialog:
    """A dialog that a command of the message extension has opened, or, without one, a button of a card."""

    command: str
    chat: Chat
    card: Json
    filled: dict[str, str] = field(default_factory=dict)
    found: dict[str, list[Json]] = field(default_factory=dict)


Place = Message | Dialog


class Person:
    """One user. Each act gives the bot's answer, or None when the person would see an error (then a fault is noted)."""

    def __init__(self, user: User, tenant: Tenant, delivery: Delivery, activities: Activities) -> None:
        self.user, self.tenant = user, tenant
        self.delivery, self.activities = delivery, activities
        self.knows_execute = True  # a client of before 2021 presses what stands in for it
        self.dialog: Dialog | None = None
        self.told = ""  # by the message extension, when its dialog closes

    # What the person sees

    @property
    def chat(self) -> list[Message]:
        """The messages in the person's own chat with the bot as they stand now, oldest first."""
        return self.all_in(self.tenant.personal(self.user))

    @property
    def from_bot(self) -> list[Message]:
        return [message for message in self.chat if message.author == self.tenant.bot]

    def all_in(self, chat: Chat) -> list[Message]:
        if self.user.id not in chat.members:
            raise ClientRefuses(f"{self.user.name} is not in this chat")
        return [message for message in chat.messages if not message.is_deleted]

    # What starts something

    async def writes(self, text: str, *, chat: Chat | None = None) -> Answer | None:
        """Write in the chat with the bot, or among others with a mention of it."""
        where = chat or self.tenant.personal(self.user)
        if where.kind == "personal" and not self.user.has_app:
            raise ClientRefuses(f"{self.user.name} has no chat with this app")
        activity = self.activities.said(self.user, where, text)
        where.messages.append(Message(activity["id"], where.id, self.user.id, text))
        return await self._send(activity, "writes")

    async def installs(self) -> None:
        self.user.has_app = True
        for activity in self.activities.installed(self.user, self.tenant.personal(self.user)):
            await self._send(activity, "installs the app")

    async def uninstalls(self) -> Answer | None:
        self.user.has_app = False
        return await self._send(self.activities.removed(self.user, self.tenant.personal(self.user)), "uninstalls")

    # Pressing

    def to_press(self, what: str, *, about: str = "", on: Place | None = None) -> tuple[Place, Json] | None:
        """Return the newest card with a button of this title or verb that stands at certain words, and the button."""
        places = [on] if on else [self.dialog] if self.dialog else [*reversed(self.chat)]
        for place in places:
            hits = [each for each in pressables(place.card) if _is_called(each, what) and about in each.about]
            if len(hits) > 1:
                raise ClientRefuses(f"{what!r} is there {len(hits)} times; say at what")
            if hits:
                return place, hits[0].action
        return None

    async def presses(self, what: str, *, about: str = "", on: Place | None = None, times: int = 1) -> Answer | None:
        """Press a button; `times=2` is a double click: two requests at once."""
        found = self.to_press(what, about=about, on=on)
        if not found:
            seen = [text_of(place.card) for place in ([on] if on else self.chat)]
            raise ClientRefuses(f"{self.user.name} sees nothing to press called {what!r}, but: {seen}")
        return (await asyncio.gather(*(self._act(*found) for _ in range(times))))[-1]

    async def _act(self, place: Place, action: Json) -> Answer | None:
        if action["type"] not in (EXECUTE, SUBMIT):
            raise ClientRefuses(f"{action['title']!r} opens something else")
        plain = action if self.knows_execute or action["type"] == SUBMIT else action["fallback"]
        hands_in = plain.get("associatedInputs", "auto") == "auto"
        data = {**plain["data"], **(filled_in(place.card, place.filled) if hands_in else {})}
        if isinstance(place, Dialog):
            return await self._submit(place, data)
        chat = self.tenant.chats[place.chat]
        if plain["data"].get("msteams") == {"type": "task/fetch"}:
            answer = await self._send(self.activities.task_opened(self.user, chat, place, data), action["title"])
            if answer:
                self._take_task("", chat, answer.json())
            return answer
        if plain["type"] == SUBMIT:
            return await self._send(self.activities.submitted(self.user, chat, place, data), action["title"])
        answer = await self._send(self.activities.executed(self.user, chat, place, plain, data), action["title"])
        if answer:
            self._take(chat, place, answer.json())
        return answer

    def _take(self, chat: Chat, message: Message, body: Any) -> None:
        """Show what a button was answered: a card in the place of the one that it stands on, or a line under it."""
        match body:
            case {"statusCode": 200, "type": kind, "value": dict(card)} if kind == ADAPTIVE:
                if faults := faults_of(card):
                    self._fault(f"the card that answers is refused: {'; '.join(faults)}")
                    return
                message.becomes(card)
                self.tenant.keep(chat, "answered", {"card": card})
            case {"statusCode": 200, "type": kind, "value": str(text)} if kind == BAR and text:
                message.bar = text
                self.tenant.keep(chat, "answered", {"bar": text})
            case _:
                self._fault(f"a button is not answered like this: {str(body)[:200]}")

    # Forms

    async def fills(self, values: Mapping[str, str | list[str]], *, on: Place) -> None:
        """Put values into inputs, called by id or label; an input that has to be searched is searched for them."""
        for name, wanted in values.items():
            element = find(on.card, name)
            if "choices.data" in element:
                await self.searches(name, str(wanted), on=on)
            on.filled[element["id"]] = value_for(element, wanted, on.found.get(element["id"], []))

    async def searches(self, name: str, query: str, *, on: Place) -> list[Json]:
        """Type into an input that asks the bot for its choices, and return those it shows."""
        element = find(on.card, name)
        if "choices.data" not in element:
            raise ClientRefuses(f"{name!r} asks nobody for its choices")
        chat = on.chat if isinstance(on, Dialog) else self.tenant.chats[on.chat]
        dataset = element["choices.data"]["dataset"]
        answer = await self._send(self.activities.searched(self.user, chat, dataset, query), f"searches {name}")
        match answer and answer.json():
            case {"statusCode": 200, "type": kind, "value": {"results": list(found)}} if kind == SEARCHED:
                if any(set(each) != {"title", "value"} for each in found):
                    self._fault("a search is answered with titles and values")
                self.tenant.show({"found": found})
                on.found[element["id"]] = found
                return found
            case other:
                self._fault(f"a search is not answered like this: {str(other)[:200]}")
                return []

    # The message extension

    async def opens(self, command: str, *, chat: Chat | None = None) -> Answer | None:
        """Choose a command of the app beside the box that one writes in; it opens a real dialog."""
        where = chat or self.tenant.personal(self.user)
        answer = await self._send(self.activities.extension_opened(self.user, where, command), f"opens {command}")
        if answer:
            self._take_task(command, where, answer.json())
        return answer

    async def _submit(self, dialog: Dialog, data: Json) -> Answer | None:
        if dialog.command:
            activity = self.activities.extension_submitted(self.user, dialog.chat, dialog.command, data)
        else:
            activity = self.activities.task_submitted(self.user, dialog.chat, data)
        answer = await self._send(activity, f"submits {dialog.command}")
        if answer and not answer.body:  # it closes without a word
            self.dialog = None
        elif answer:
            self._take_task(dialog.command, dialog.chat, answer.json())
        return answer

    def _take_task(self, command: str, chat: Chat, body: Any) -> None:
        match body:
            case {
                "task": {"type": "continue", "value": {"title": str(), "card": {"contentType": kind, "content": card}}}
            }:
                faults = faults_of(card) if kind == ADAPTIVE else [kind]
                if any(each.action["type"] == EXECUTE for each in pressables(card)):
                    faults.append(f"{EXECUTE} does nothing in a dialog")
                if faults:
                    self._fault(f"the card of a dialog is refused: {'; '.join(faults)}")
                    return
                self.dialog = Dialog(command, chat, card)
                self.tenant.show({"card": card})
            case {"task": {"type": "message", "value": str(text)}} if text:
                self.dialog, self.told = None, text
                self.tenant.show({"told": text})
            case _:
                self._fault(f"a dialog is not answered like this: {str(body)[:200]}")

    async def _send(self, activity: Json, what: str) -> Answer | None:
        return await self.delivery.send(activity, f"{self.user.name}: {what}")

    def _fault(self, what: str) -> None:
        self.tenant.fault(f"{self.user.name}: {what}")


def _is_called(pressable: Pressable, what: str) -> bool:
    return what in (pressable.action["title"], pressable.action.get("verb"))
