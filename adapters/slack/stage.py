"""Where the answer to an act is shown: a modal, the message that was pressed, or a line that only this person sees.

What is shown here is a view of what is stored already; if it gets lost, the person asks again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.calendar_file import NAME
from adapters.slack import words
from adapters.slack.acts import HOME, PLATFORM, Act, Origin, Place
from adapters.slack.api import in_our_words, text_in
from adapters.slack.look import Json, aside, escaped, fallback, message, paragraph
from adapters.slack.messages import SlackMessages
from adapters.slack.pictures import upload
from adapters.slack.views import ViewRef, answer, as_dialog, line, modal, opener
from flows.cards import Button, Card, Picture
from flows.intent import understand
from flows.language import Language, Text
from flows.port import Bot, MessageRef, NotDelivered, Pressed, Refused, Reply

RESPONSES = "https://hooks.slack.com/"  # where Slack's own response URLs lead

TRIGGER_LIVES = 3.0  # seconds
FORMS, PAGES = 8, 4  # that are opened or published at once: in a rush, acknowledging goes on beside them
MOST_MODALS = 1000  # whose last act is remembered

log = logging.getLogger("rusplan.slack")


class Stage:
    def __init__(
        self, client: AsyncWebClient, messages: SlackMessages, bot: Bot, session: aiohttp.ClientSession
    ) -> None:
        self._client, self._messages, self._bot, self._session = client, messages, bot, session
        parts = urlsplit(client.base_url)
        self._responses = (RESPONSES, f"{parts.scheme}://{parts.netloc}/")  # a test double answers itself
        self._forms, self._pages = asyncio.Semaphore(FORMS), asyncio.Semaphore(PAGES)
        self._newest: OrderedDict[str, Act] = OrderedDict()  # by the modal that it happened in

    def arrived(self, act: Act) -> None:
        """Note an act in a modal: if two answers cross, the later act's is what stands there."""
        if act.origin.view is None:
            return
        self._newest[act.origin.view.id] = act
        self._newest.move_to_end(act.origin.view.id)
        while len(self._newest) > MOST_MODALS:
            self._newest.popitem(last=False)

    async def show(self, act: Act, reply: Reply) -> None:
        """Show an answer where its act came from; nobody waits for this, so nothing is raised."""
        try:
            await self._show(act, reply)
        except NotDelivered as failure:
            log.warning("not_shown", extra={"error": str(failure)})

    async def open(self, act: Act, reply: Reply) -> ViewRef | None:
        """Open a modal; where Slack lets that pass, leave a line to open it from. Return the modal if it stands."""
        try:
            async with asyncio.timeout(TRIGGER_LIVES), self._forms:
                view = answer(reply, self._language(act))
                with in_our_words():
                    opened = await self._client.views_open(trigger_id=act.origin.trigger, view=view)
                return ViewRef(text_in(opened, "view", "id"), text_in(opened, "view", "hash"))
        except (NotDelivered, TimeoutError) as failure:
            log.warning("not_opened", extra={"error": str(failure) or "timeout"})
            await self._leave_opener(act, words.DID_NOT_OPEN)
        return None

    async def freshen(self, ref: ViewRef, act: Act, card: Card) -> None:
        """Put more into a dialog that has just opened, unless something else has come in its place."""
        try:
            await self._put(ref, modal(card, self._language(act)))
        except NotDelivered as failure:
            log.info("not_freshened", extra={"error": str(failure)})

    async def _update(self, ref: ViewRef, act: Act, reply: Reply) -> None:
        """Put a dialog in the place of an open one that may have changed meanwhile: the later act's answer stays."""
        view = answer(reply, self._language(act))
        try:
            await self._put(ref, view)
        except Refused as refused:
            if refused.code != "hash_conflict" or self._newest.get(ref.id) is not act:
                raise
            await self._put(ViewRef(ref.id, ""), view)

    async def _put(self, ref: ViewRef, view: Json) -> None:
        """Put a view in the place of one, if that is still as it was then; whatever it is, without a hash."""
        unchanged = {"hash": ref.hash} if ref.hash else {}
        with in_our_words():
            await self._client.views_update(view_id=ref.id, view=view, **unchanged)

    async def publish(self, act: Act, reply: Reply) -> None:
        """Put an answer into the person's App Home."""
        try:
            async with self._pages:
                await self._messages.edit(
                    MessageRef(PLATFORM, act.origin.user, HOME), as_dialog(reply, self._language(act))
                )
        except NotDelivered as failure:
            log.warning("not_shown", extra={"error": str(failure)})

    async def hand_out(self, act: Act, file: bytes) -> None:
        """Put a calendar's file into the person's own chat with the bot, and say so above the open dialog."""
        language = self._language(act)
        coming = modal(line(words.FILE_COMES.in_(language), language), language)
        try:
            with in_our_words():
                await self._client.views_push(trigger_id=act.origin.trigger, view=coming)
                chat = await self._messages.chat(act.origin.user)
                await self._client.files_upload_v2(channel=chat, content=file, filename=NAME, title=NAME)
        except NotDelivered as failure:
            log.warning("not_handed_out", extra={"error": str(failure)})

    async def hand_out_pictures(self, act: Act, shown: Sequence[Picture]) -> None:
        """Put a card's pictures into the person's own chat with the bot; the card itself says them in words."""
        try:
            with in_our_words():
                chat = await self._messages.chat(act.origin.user)
                for picture in shown:
                    await upload(self._client, chat, picture)
        except NotDelivered as failure:
            log.warning("not_handed_out", extra={"error": str(failure)})

    def said_at_once(self, reply: Reply) -> dict[str, Any]:
        """Return what the acknowledgement of a command says, to this person alone."""
        return _ephemeral(reply) if reply.card or (reply.notice and not reply.dialog) else {}

    async def _show(self, act: Act, reply: Reply) -> None:
        origin = act.origin
        match origin.place:
            case Place.MODAL if origin.view:
                await self._update(origin.view, act, reply)
            case Place.MESSAGE | Place.EPHEMERAL:
                await self._show_beside(act, reply)
            case Place.CHAT if reply.dialog:
                await self._leave_opener(act, words.PRESS_TO_OPEN)
            case Place.CHAT:
                await self._whisper(origin, _ephemeral(reply))
            case _:
                await self.open(act, reply)

    async def _show_beside(self, act: Act, reply: Reply) -> None:
        """Open or say what there is beside the message that was pressed.

        The message itself is the relay's to edit; only one that nobody else sees is replaced from here.
        """
        if reply.dialog:
            await self.open(act, reply)
        elif reply.notice:
            await self._respond(act.origin, **_ephemeral(Reply(notice=reply.notice)), replace_original=False)
        if reply.card and act.origin.place is Place.EPHEMERAL:
            await self._respond(act.origin, **_ephemeral(Reply(card=reply.card)), replace_original=True)

    async def _leave_opener(self, act: Act, said: Text) -> None:
        """Leave a line with a button: pressing it is a new act, and opens what this one couldn't."""
        language = self._language(act)
        asked = act.incoming.act
        if isinstance(asked, Pressed):
            button = Button(asked.action, words.OPEN.in_(language), asked.reference)
        else:
            button = Button(understand(asked).wish, words.OPEN.in_(language))
        text = said.in_(language)
        shown: Json = {"response_type": "ephemeral", "text": text, "blocks": opener(text, button)}
        try:
            if act.origin.response_url:
                await self._respond(act.origin, **shown, replace_original=False)
            elif act.origin.channel:
                await self._whisper(act.origin, shown)
        except NotDelivered as failure:
            log.warning("not_said", extra={"error": str(failure)})

    async def _whisper(self, origin: Origin, shown: Json) -> None:
        """Say something in the chat that only this person sees, and that isn't kept."""
        text, blocks = shown["text"], shown["blocks"]
        with in_our_words():
            await self._client.chat_postEphemeral(
                channel=origin.channel, user=origin.user, text=text, blocks=blocks, parse="none"
            )

    async def _respond(self, origin: Origin, **said: Any) -> None:
        if not origin.response_url.startswith(self._responses):
            raise Refused("foreign_response_url")
        with in_our_words():
            hook = AsyncWebhookClient(origin.response_url, session=self._session, retry_handlers=[])
            response = await hook.send_dict(said)
            if response.status_code != 200:
                raise Refused(f"response_{response.status_code}")

    def _language(self, act: Act) -> Language:
        return self._bot.language(act.incoming.sender)


def _ephemeral(reply: Reply) -> dict[str, Any]:
    if reply.card:
        below = [aside(reply.notice)] if reply.notice else []
        return {"response_type": "ephemeral", "text": fallback(reply.card), "blocks": [*message(reply.card), *below]}
    return {"response_type": "ephemeral", "text": escaped(reply.notice), "blocks": [paragraph(reply.notice)]}
