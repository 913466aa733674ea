"""A Slack user as a test drives one. It does what Slack's client lets a person do, and sees what the client shows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from tests.e2e.door import Answer
from tests.e2e.slack import block_kit
from tests.e2e.slack.block_kit import elements_of
from tests.e2e.slack.delivery import Delivery, Kind
from tests.e2e.slack.filling import ClientRefuses, dispatches, find, pressed, value_for, why_not_submitted
from tests.e2e.slack.form import initial_state, value_of
from tests.e2e.slack.payloads import Payloads
from tests.e2e.slack.response_url import ResponseUrls, faults_of_response
from tests.e2e.slack.submission import take_answer
from tests.e2e.slack.views import Views
from tests.e2e.slack.visible import label_of, text_of
from tests.e2e.slack.workspace import Channel, Json, Message, User, View, Workspace

Place = Message | View


class Person:
    """One user. Each act gives the bot's answer, or None when the person would see an error (then a fault is noted)."""

    def __init__(self, user: User, workspace: Workspace, delivery: Delivery, responses: ResponseUrls) -> None:
        self.user = user
        self.workspace = workspace
        self.delivery = delivery
        self.responses = responses
        self.payloads = Payloads(workspace, delivery.verification_token)
        self.views = Views(workspace)
        self.commands: set[str] | None = None

    # What the person sees

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def dm(self) -> list[Message]:
        """The direct messages with the bot as they stand now, oldest first."""
        channel = self.workspace.im(self.user.id)
        return [message for message in channel.messages if not message.deleted] if channel else []

    @property
    def ephemerals(self) -> list[Message]:
        return [each for each in self.workspace.ephemerals if each.only_for == self.user.id and not each.deleted]

    @property
    def modal(self) -> View | None:
        stack = self.workspace.stack(self.user.id)
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        return self.workspace.homes.get(self.user.id)

    # What starts something

    async def slash(self, command: str, text: str = "", *, channel: Channel | None = None) -> Answer | None:
        """Type a command in a channel (`general` unless said); its answer becomes an ephemeral or a message."""
        self._may_act()
        if self.commands is not None and command not in self.commands:
            raise ClientRefuses(f"{command} is not a valid command")
        where = channel or self.workspace.general
        address = self.responses.new(self.user.id, where.id)
        payload = self.payloads.command(self.user, where, command, text, address)
        ack = await self._send("slash_commands", payload, command)
        if ack and ack.body:
            answer = ack.json()
            self._answered(where, {"text": ack.body} if not isinstance(answer, dict) else answer, command)
        return ack

    def _answered(self, channel: Channel, answer: Json, command: str) -> None:
        if not answer:
            return
        if error := faults_of_response(answer):
            self.workspace.fault(f"{self.user.name}: {command}: invalid_command_response, {error}")
        else:
            self.responses.respond(self.user.id, channel.id, answer)

    async def writes(self, text: str) -> Answer | None:
        """Write to the bot in the direct messages with it."""
        self._may_act()
        if not self.workspace.messages_tab_enabled:
            raise ClientRefuses("sending messages to this app has been turned off")
        channel = self.workspace.open_im(self.user.id)
        escaped, blocks = self.payloads.written(text)
        now = self.workspace.clock.now()
        message = Message(channel.id, self.workspace.ts(), escaped, blocks, self.user.id, posted_at=now)
        channel.messages.append(message)
        if "im:history" not in self.workspace.scopes:
            self.workspace.fault(f"{self.user.name}: without im:history the bot is not told of this message")
            return None
        return await self._send("events_api", self.payloads.message(channel, message), "writes")

    async def opens_home(self) -> Answer | None:
        self._may_act()
        channel = self.workspace.open_im(self.user.id)
        return await self._send("events_api", self.payloads.home_opened(self.user, channel), "opens home")

    # Pressing and choosing

    async def presses(
        self, what: str, *, about: str = "", on: Place | None = None, times: int = 1, confirms: bool = True
    ) -> Answer | None:
        """Press a button, or an entry of an overflow menu, by its words or its action_id.

        In the open modal if there is one; else in the newest message or ephemeral that has it (and contains `about`),
        else on the home tab; `on` names the place. `times=2` is a double click: two requests at once, each its own.
        """
        self._may_act()
        place, block, element, value = self._to_press(what, about, on)
        if "confirm" in element and not confirms:
            return None
        clicks = [self._act(place, block, element, value) for _ in range(times)]
        return (await asyncio.gather(*clicks))[-1]

    def _to_press(self, what: str, about: str, on: Place | None) -> tuple[Place, Json, Json, Json]:
        for place in [on] if on else self._places(about):
            found = [hit for block, element in elements_of(place.blocks) if (hit := pressed(block, element, what))]
            if len(found) > 1:
                raise ClientRefuses(f"{what!r} is there {len(found)} times; use the action_id")
            if found:
                return (place, *found[0])
        seen = [text_of(place.blocks) for place in ([on] if on else self._places(about))]
        raise ClientRefuses(f"{self.user.name} sees nothing to press called {what!r}, but: {seen}")

    def _places(self, about: str) -> list[Place]:
        if self.modal:
            return [self.modal]  # it covers everything else
        messages = sorted([*self.dm, *self.ephemerals, *self._in_channels()], key=lambda each: float(each.ts))
        seen = [each for each in reversed(messages) if about in each.text or about in text_of(each.blocks)]
        return [*seen, *([self.home] if self.home and not about else [])]

    def _in_channels(self) -> list[Message]:
        """Give the messages of the channels that this person is in."""
        channels = [
            each for each in self.workspace.channels.values() if not each.is_im and self.user.id in each.members
        ]
        return [message for channel in channels for message in channel.messages if not message.deleted]

    async def _act(self, place: Place, block: Json, element: Json, value: Json) -> Answer | None:
        actions = [self.payloads.action(block, element, value)]
        if isinstance(place, View):
            payload = self.payloads.on_view(self.user, place, actions)
        else:
            address = self.responses.new(self.user.id, place.channel, place)
            payload = self.payloads.on_message(self.user, place, actions, address)
        ack = await self._send("interactive", payload, f"presses {element['action_id']}")
        if ack and ack.json() not in (None, {}):
            self.workspace.fault(f"{self.user.name}: a click is answered with an empty 200, not {ack.body!r}")
        return ack

    # Forms

    async def fills(self, values: Mapping[str, Any], *, on: Place | None = None) -> None:
        """Put values into inputs, called by block_id, action_id or label, in the open modal (or `on`).

        Words for a text, an option's words or a list of them for a choice, None to empty it. A menu that has to be
        searched is searched for these words. Inputs that dispatch send their request.
        """
        self._may_act()
        for name, wanted in values.items():
            place = on or self._modal()
            block, element = find(place.blocks, name)
            offered = await self._offered(place, block, element, wanted)
            entry = value_of(element, value_for(element, wanted, offered))
            if isinstance(place, Message) and not place.state:
                place.state = initial_state(place.blocks)
            place.state.setdefault(block["block_id"], {})[element["action_id"]] = entry
            if dispatches(block, element):
                await self._act(place, block, element, {key: entry[key] for key in entry if key != "type"})

    async def _offered(self, place: Place, block: Json, element: Json, wanted: Any) -> list[Json]:
        if "external" not in element["type"] or wanted is None:
            return []
        found: list[Json] = []
        for words in [wanted] if isinstance(wanted, str) else wanted:
            found += await self.searches(block["block_id"], words, on=place)
        return found

    async def searches(self, name: str, query: str, *, on: Place | None = None) -> list[Json]:
        """Type into a menu that asks the bot for its options, and give those it shows."""
        self._may_act()
        place = on or self._modal()
        block, element = find(place.blocks, name)
        if "external" not in element["type"]:
            raise ClientRefuses(f"{name!r} asks nobody for its options")
        if len(query) < (least := element.get("min_query_length", 3)):
            raise ClientRefuses(f"{name!r} asks only from {least} characters on")
        payload = self.payloads.suggestion(self.user, place, block, element, query)
        ack = await self._send("interactive", payload, f"searches {name}")
        if not ack:
            return []
        answer = ack.json()
        if faults := block_kit.validate_options(answer):
            self.workspace.fault(f"{self.user.name}: options that Slack refuses: {'; '.join(faults)}")
            return []
        self.workspace.show(answer, "options", self.user.id)
        return [*answer.get("options", []), *(each for g in answer.get("option_groups", []) for each in g["options"])]

    async def submits(self, *, times: int = 1) -> Answer | None:
        """Send the form on top; two times is a double click."""
        self._may_act()
        view = self._modal()
        if not view.payload.get("submit"):
            raise ClientRefuses("there is no button to submit this view")
        errors = {}
        for block, element in elements_of(view.blocks):
            if block["type"] == "input":
                entry = view.state[block["block_id"]][element["action_id"]]
                if error := why_not_submitted(element, entry, optional=block.get("optional", False)):
                    errors[label_of(block["label"])] = error
        if errors:
            raise ClientRefuses(f"the form can't be sent: {errors}")
        return (await asyncio.gather(*(self._submit(view) for _ in range(times))))[-1]

    async def _submit(self, view: View) -> Answer | None:
        view.errors = {}
        ack = await self._send("interactive", self.payloads.submission(self.user, view), "submits")
        if ack:
            error = take_answer(self.views, view, ack)
            if error:
                # What the client shows then is "We had some trouble connecting. Try again?"
                self.workspace.fault(f"{self.user.name}: the answer to a form is refused: {error}")
        return ack

    async def closes(self, *, all_of_them: bool = False) -> None:
        """Close the view on top with its close button; the bot hears of it where the view says `notify_on_close`."""
        self._may_act()
        view = self._modal()
        cleared = all_of_them or bool(view.payload.get("clear_on_close"))
        stack = self.workspace.stack(self.user.id)
        for closed in reversed(self.workspace.close(self.user.id, from_depth=0 if cleared else len(stack) - 1)):
            if closed.payload.get("notify_on_close"):
                payload = self.payloads.closing(self.user, closed, cleared=cleared)
                await self._send("interactive", payload, "closes")

    # Common

    def _modal(self) -> View:
        if not self.modal:
            raise ClientRefuses(f"{self.user.name} has no modal open")
        return self.modal

    def _may_act(self) -> None:
        if self.user.deleted:
            raise ClientRefuses(f"{self.user.name} is deactivated and can't sign in")

    async def _send(self, kind: Kind, payload: Json, what: str) -> Answer | None:
        return await self.delivery.send(kind, payload, f"{self.user.name}: {what}")
