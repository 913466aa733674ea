"""Teams' activities, handed to the bot by the Bot Framework's own classes; they are known in this one module.

Its adapter for the cloud answers every invoke with an error and stops the loop to fetch its token, so only what routes
an activity is used of it: `gate.py` has proven who calls, `connector.py` sends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botbuilder.core import ActivityHandler, BotAdapter, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ActivityTypes, ConversationReference, ResourceResponse

from adapters.teams import acts
from adapters.teams.acts import Act, Place
from adapters.teams.chats import Chats
from adapters.teams.fields import option
from adapters.teams.stage import Json, Stage
from adapters.under_way import Seen, UnderWay
from flows.port import Bot, Incoming, NotDelivered, Reply

ANSWER_WITHIN = 8.0  # seconds, of the fifteen that Teams waits for an invoke
ANSWER_A_DIALOG_WITHIN = 3.5  # seconds, of the five that it waits for one from a real dialog
OPEN_A_FORM_WITHIN = 0.5  # seconds: a form that is awaited in an emergency
OPEN_IN_A_CHAT_WITHIN = 2.0  # seconds: there nothing turns meanwhile, and what is open can't come later
HELP = "rus-hjelp"
SEARCHED = "application/vnd.microsoft.search.searchResponse"
UPGRADED, REMOVED = "add-upgrade", "remove"  # what makes room for a newer app is a «remove-upgrade»
_RAW = "rusplan.activity"  # as it came: the SDK's model of one leaves out what it doesn't know, the tenant among it

log = logging.getLogger("rusplan.teams")


class Edge(BotAdapter):
    """The SDK's turn around one activity: it sends nothing itself, and hands back what an invoke is answered."""

    async def process(self, raw: Mapping[str, Any], handler: ActivityHandler) -> Json | None:
        """Return the body that answers an invoke; None for any other activity. Raise `Malformed`.

        The SDK is told what it routes by. To let it read a whole activity takes longer than to answer one.
        """
        routed = {name: raw.get(name) for name in ("type", "name", "action")}
        context = TurnContext(self, Activity(**routed))
        context.turn_state[_RAW] = raw
        await self.run_pipeline(context, handler.on_turn)
        answered = context.turn_state.get(self._INVOKE_RESPONSE_KEY)
        return answered.value.body if answered else None

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        for activity in activities:
            if activity.type == ActivityTypes.invoke_response:
                context.turn_state[self._INVOKE_RESPONSE_KEY] = activity
        return [ResourceResponse() for _ in activities]

    # The SDK asks for these two; nothing here calls them, since `connector.py` sends.

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        raise NotImplementedError

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        raise NotImplementedError


class Handler(ActivityHandler):
    """Stores first, answers then, and shows last what the answer has no place for."""

    def __init__(self, bot: Bot, stage: Stage, chats: Chats) -> None:
        self._bot, self._stage, self._chats = bot, stage, chats
        self._under_way, self._messages = UnderWay(log), Seen()

    async def stop(self) -> None:
        """Let what is under way be finished, for a while."""
        await self._under_way.stop()

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        act = acts.act(turn_context.turn_state[_RAW])
        if act:
            await self._answer_in_chat(act)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse | None:
        raw = turn_context.turn_state[_RAW]
        if raw.get("name") == "application/search":
            return InvokeResponse(status=200, body=await self._found(raw))
        act = acts.act(raw)
        if act is None:
            return None
        reply = await self._handled(act)
        self._under_way.later(self._show(act, reply))
        return InvokeResponse(status=200, body=await self._stage.answer(act, reply))

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        """Meet whoever has installed the app, before anything happens: from now on he can be alerted.

        Whoever gets a newer one and has been met is not written to.
        """
        raw = turn_context.turn_state[_RAW]
        if not acts.is_personal(raw):
            return
        if raw.get("action") != UPGRADED or await self._chats.kept(acts.sender(raw)) is None:
            await self._answer_in_chat(acts.installed(raw, HELP))
        else:
            await self._chats.note(acts.sender(raw), acts.chat(raw), acts.member(raw))

    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        """Note who has taken the app away, before somebody is to be alerted there."""
        raw = turn_context.turn_state[_RAW]
        if acts.is_personal(raw) and raw.get("action") == REMOVED:
            await self._chats.left(acts.sender(raw))

    async def _answer_in_chat(self, act: Act) -> None:
        """Answer what awaits no answer, once: its id is that of one chat, others may have the same."""
        if self._messages.is_new(f"{act.origin.chat.id} {act.incoming.delivery_id}"):
            reply = await self._handled(act)
            self._under_way.later(self._show(act, reply))

    async def _handled(self, act: Act) -> Reply:
        """Let the bot carry an act out; where that takes longer than Teams waits, say so: it goes on all the same."""
        incoming, is_in_real_dialog = act.incoming, act.origin.place is Place.REAL_DIALOG
        if act.origin.is_cancelled:
            return Reply()
        self._chats.met(incoming.sender, act.origin.chat, act.origin.member, is_own=incoming.proves_reach)
        if incoming.proves_reach:  # whoever it is: where he is reached must not get lost with the turn
            self._under_way.later(self._chats.note(incoming.sender, act.origin.chat, act.origin.member))
        if first := self._bot.at_once(incoming):
            patience = OPEN_A_FORM_WITHIN if is_in_real_dialog else OPEN_IN_A_CHAT_WITHIN
            return await self._with_what_is_open(incoming, first, patience)
        turn = self._under_way.keep(self._bot.handle(incoming))
        patience = ANSWER_A_DIALOG_WITHIN if is_in_real_dialog else ANSWER_WITHIN
        done, _ = await asyncio.wait({turn}, timeout=patience)
        return turn.result() if done else self._bot.late(incoming)

    async def _with_what_is_open(self, incoming: Incoming, first: Reply, patience: float) -> Reply:
        """Return a form with what only the database knows, or without where that takes long.

        It can't come later: a real dialog takes nothing then, and in a chat it would empty a form that is filled in.
        """
        if first.dialog is None:
            return first
        asked = self._under_way.keep(self._bot.afterwards(incoming, first.dialog))
        await asyncio.wait({asked}, timeout=patience)
        return replace(first, dialog=asked.result() or first.dialog) if asked.done() else first

    async def _found(self, raw: Mapping[str, Any]) -> Json:
        asked = acts.search(raw)
        found = await self._bot.find(asked.sender, asked.source, asked.query)
        return {"statusCode": 200, "type": SEARCHED, "value": {"results": [option(each) for each in found]}}

    async def _show(self, act: Act, reply: Reply) -> None:
        try:
            await self._stage.show(act, reply)
        except NotDelivered as failure:
            log.warning("not_shown", extra={"platform": acts.PLATFORM, "error": str(failure)})
