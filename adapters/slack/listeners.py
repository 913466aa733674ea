"""What Slack delivers, handed to the bot by slack-bolt: store first, acknowledge then, show what comes of it last.

Bolt's own order would lose work: it acknowledges first. With `process_before_response` its answer waits for ours.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import acts, calendar
from adapters.slack.acts import Act, Body
from adapters.slack.fields import SEARCH, option
from adapters.slack.pictures import pictures
from adapters.slack.stage import Stage
from adapters.slack.views import answer, with_fault
from adapters.under_way import Seen, UnderWay
from flows.port import Bot, Pressed, Reply

ANY = re.compile(".*", re.DOTALL)
ANSWER_WITHIN = 2.4  # seconds, of the three that Slack waits

log = logging.getLogger("rusplan.slack")


class Listeners:
    """A bolt app whose listeners hand everything to the bot."""

    def __init__(self, client: AsyncWebClient, bot: Bot, stage: Stage) -> None:
        self._bot, self._stage = bot, stage
        self._under_way, self._events = UnderWay(log), Seen()
        self.app = _bolt(client)
        self.app.command(ANY)(self._command)
        self.app.block_action({"action_id": calendar.ACTION})(self._calendar)
        self.app.block_action(ANY)(self._pressed)
        self.app.view_submission(ANY)(self._submitted)
        self.app.view_closed(ANY)(self._ignored)
        self.app.options(re.compile(re.escape(SEARCH)))(self._searched)
        self.app.event("message")(self._message)
        self.app.event("app_home_opened")(self._home_opened)
        self.app.event(ANY)(self._ignored)

    async def dispatch(self, body: dict[str, Any]) -> BoltResponse:
        """Answer a payload, whichever way it came; one that can't be Slack's gets a 400."""
        try:
            return await self.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        except Exception:  # bolt itself stumbles over a payload of the wrong shape
            log.warning("slack_body_malformed")
            return BoltResponse(status=400, body="malformed")

    async def stop(self) -> None:
        """Let what is under way be finished, for a while."""
        await self._under_way.stop()

    async def _handled(self, act: Act) -> Reply:
        """Let the bot carry an act out; where that takes longer than Slack waits, say so: it goes on all the same."""
        turn = self._under_way.keep(self._bot.handle(act.incoming))
        done, _ = await asyncio.wait({turn}, timeout=ANSWER_WITHIN)
        reply = turn.result() if done else self._bot.late(act.incoming)
        if drawn := pictures(reply):
            self._under_way.later(self._stage.hand_out_pictures(act, drawn))
        return reply

    async def _command(self, ack: AsyncAck, body: Body) -> None:
        act = acts.command(body)
        if first := self._bot.at_once(act.incoming):
            self._under_way.later(self._open_at_once(act, first))
            await ack(**self._stage.said_at_once(Reply(notice=first.notice)))
            return
        reply = await self._handled(act)
        await ack(**self._stage.said_at_once(reply))
        if reply.dialog:
            self._under_way.later(self._stage.show(act, Reply(dialog=reply.dialog, notice=reply.notice)))

    async def _open_at_once(self, act: Act, first: Reply) -> None:
        """Open a form that waits for no database; what the database knows is put into it afterwards."""
        if first.dialog is None:
            return
        view = await self._stage.open(act, Reply(dialog=first.dialog))
        more = await self._bot.afterwards(act.incoming, first.dialog) if view else None
        if view and more:
            await self._stage.freshen(view, act, more)

    async def _pressed(self, ack: AsyncAck, body: Body) -> None:
        act = acts.pressed(body)
        self._stage.arrived(act)
        reply = await self._handled(act)
        await ack()
        self._under_way.later(self._stage.show(act, reply))

    async def _calendar(self, ack: AsyncAck, body: Body) -> None:
        act = acts.pressed(body)
        await ack()
        pressed = act.incoming.act
        file = calendar.unpacked(pressed.reference) if isinstance(pressed, Pressed) else None
        if file:
            self._under_way.later(self._stage.hand_out(act, file))

    async def _submitted(self, ack: AsyncAck, body: Body) -> None:
        act = acts.submitted(body)
        self._stage.arrived(act)
        reply = await self._handled(act)
        await ack(**self._closes_with(act, reply, body["view"]))

    def _closes_with(self, act: Act, reply: Reply, view: dict[str, Any]) -> dict[str, Any]:
        """Return what becomes of the modal that was handed in: faults at their fields, another dialog, or nothing."""
        language = self._bot.language(act.incoming.sender)
        if reply.faults:
            return _with_faults(reply.faults, view)
        if reply.dialog or reply.card or reply.notice:
            return {"response_action": "update", "view": answer(reply, language)}
        return {}

    async def _searched(self, ack: AsyncAck, body: Body) -> None:
        asked = acts.search(body)
        found = await self._bot.find(asked.sender, asked.source, asked.query)
        await ack(options=[option(each) for each in found])

    async def _message(self, ack: AsyncAck, body: Body) -> None:
        act = acts.said(body)
        reply = await self._handled(act) if act and self._events.is_new(act.incoming.delivery_id) else None
        await ack()
        if act and reply:
            self._under_way.later(self._stage.show(act, reply))

    async def _home_opened(self, ack: AsyncAck, body: Body) -> None:
        """Acknowledge at once: to show somebody's page stores nothing that could get lost."""
        act = acts.home_opened(body)
        await ack()
        if act and self._events.is_new(act.incoming.delivery_id):
            self._under_way.later(self._open_home(act))

    async def _open_home(self, act: Act) -> None:
        await self._stage.publish(act, await self._bot.handle(act.incoming))

    async def _ignored(self, ack: AsyncAck) -> None:
        await ack()


def _bolt(client: AsyncWebClient) -> AsyncApp:
    """Return a bolt app for one workspace; who may come in is settled before, so nothing is asked of Slack for it."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)

    quiet = logging.getLogger("slack_bolt.rusplan")
    quiet.setLevel(logging.ERROR)  # its warnings are about what is meant so here, and some repeat whole payloads
    return AsyncApp(
        logger=quiet,
        name="bolt",  # it sets the level of the logger with this name: never of ours
        client=client,
        authorize=authorize,
        signing_secret="",
        request_verification_enabled=False,  # `gate.py` has done it, before anything was parsed
        ignoring_self_events_enabled=False,  # that would ask Slack who we are; `acts.said` leaves bots' messages out
        process_before_response=True,
    )


def _with_faults(faults: Mapping[str, str], view: dict[str, Any]) -> dict[str, Any]:
    """Return faults at their fields; what is no field's stands at the last one, and keeps what has been typed."""
    fields = [block["block_id"] for block in view["blocks"] if block.get("type") == "input"]
    if not fields:
        return {"response_action": "update", "view": with_fault(view, " ".join(faults.values()))}
    placed: dict[str, list[str]] = {}
    for name, said in faults.items():
        placed.setdefault(name if name in fields else fields[-1], []).append(said)
    return {"response_action": "errors", "errors": {name: " ".join(said) for name, said in placed.items()}}
