"""Where an act's answer is shown: in the answer that Teams waits for, or afterwards in the person's own chat.

A dialog stands in that chat as a card of its own, which is replaced in its place when it is answered: nothing that was
filled in ever becomes a message. What is private, and what the message extension opens, is a real dialog.

The answer to a button shows its card to whoever has pressed it, where he has. Only a change of the message itself
stays, and is seen on his other devices.
Source: learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from adapters.teams import real_dialog, words
from adapters.teams.acts import PLATFORM, Act, Chat, Place
from adapters.teams.chats import Chats
from adapters.teams.connector import Connector, Unfit
from adapters.teams.look import CONTENT_TYPE, Opener, card
from adapters.teams.messages import activity, line
from flows.cards import Card, Caution, ChoiceField, Field, Paragraph, dialog, message
from flows.language import Language
from flows.limits import MAX_BLOCKS, MAX_DIALOG_TITLE
from flows.port import Address, Bot, MessageRef, Refused, Reply, Submitted, Typed, Uncertain

Json = dict[str, Any]
Done = TypeVar("Done")

NO_ANSWER: Json = {}  # goes out as no body at all, which closes a real dialog
SAID = "application/vnd.microsoft.activity.message"  # a line under the card, which stays as it is
MOST_OPEN = 1000  # dialogs in chats that are remembered
PAUSES = tuple(timedelta(seconds=each) for each in (1, 3, 10))  # between tries
LONGEST_PAUSE = timedelta(minutes=2)  # that Teams may ask for: whoever waits longer has asked anew


class Stage:
    """`is_playground`: Microsoft's playground, to which no answer is an error."""

    def __init__(self, connector: Connector, chats: Chats, bot: Bot, *, is_playground: bool = False) -> None:
        self._connector, self._chats, self._bot = connector, chats, bot
        self._is_playground = is_playground
        self._open: OrderedDict[MessageRef, Card] = OrderedDict()  # to show them again with what is wrong

    async def answer(self, act: Act, reply: Reply) -> Json:
        """Return the body of the answer that Teams waits for."""
        language = self._bot.language(act.incoming.sender)
        if act.origin.place is Place.REAL_DIALOG:
            return await self._real_dialog(act, reply, language)
        if act.origin.place is Place.ELSEWHERE:
            return _said(words.IN_PERSON.in_(language))
        reply = _for_chat(act, reply, language)
        if reply.faults:
            return _said(" ".join(reply.faults.values()))
        if act.origin.place is Place.DIALOG:
            closing = ended(act, reply, language)
            return _shown(card(closing, language, reply.notice if reply.dialog else ""))
        if reply.card:
            return _shown(card(reply.card, language, reply.notice))
        below = words.BELOW if reply.dialog else words.DONE  # Teams has no answer without words
        return _said(reply.notice or below.in_(language))

    async def show(self, act: Act, reply: Reply) -> None:
        """Show what the answer itself had no place for."""
        origin, language = act.origin, self._bot.language(act.incoming.sender)
        reply = _for_chat(act, reply, language)
        match origin.place:
            case Place.CHAT:
                await self._post(act, origin.chat, reply, language)
            case Place.ELSEWHERE:
                await self._show_in_person(act, reply, language)
            case Place.MESSAGE:
                if reply.card and not origin.is_invoke:
                    await self._connector.update(origin.chat, origin.message, activity(reply.card, language))
                rest = reply if not origin.is_invoke else Reply(dialog=reply.dialog)
                await self._post(act, origin.chat, replace(rest, card=None), language)
            case Place.DIALOG if not reply.faults:
                await self._go_on(act, reply, language)
            case Place.DIALOG if not origin.is_invoke:
                await self._show_faults(act, reply, language)
            case _:
                return

    async def _go_on(self, act: Act, reply: Reply, language: Language) -> None:
        """Let the next dialog, or the end, take a dialog's place. One that nobody answers must not stay there.

        It isn't tried again where the answer has shown a form: it may have begun to be filled in, and the client would
        begin it anew.
        """
        chat, place, following = act.origin.chat, _ref(act.origin.chat, act.origin.message), reply.dialog
        made = activity(ended(act, reply, language), language, reply.notice if following else "")
        if following is None:
            self._open.pop(place, None)
        elif not await self._note(act.incoming.sender, place, following):
            following, made = None, activity(said(words.NOT_NOW.in_(language), language), language)
        is_begun = act.origin.is_invoke and following is not None and bool(following.fields)
        put = partial(self._put, chat, place, made, following)
        try:
            await (put() if is_begun else _patiently(put))
        except Refused as refused:
            if not refused.is_gone:  # what was promised for a dialog that nobody answers takes it out later
                raise
        if not following:
            await self._bot.left(place)

    async def _show_faults(self, act: Act, reply: Reply, language: Language) -> None:
        """Let what is wrong take the place of a form that can't be used, for a client that waits for no answer.

        What was filled in comes back with it where the form is noted anew: the first note may have been kept by now.
        """
        chat, place, done = act.origin.chat, _ref(act.origin.chat, act.origin.message), act.incoming.act
        known, shown = self._open.get(place), said(" ".join(reply.faults.values()), language)
        if known and isinstance(done, Submitted):
            known = replace(known, is_neutral=False)  # another one: an answer before this one doesn't come after it
            if await self._note(act.incoming.sender, place, known):
                shown = refilled(known, done, reply)
            else:
                known = None
        await _patiently(partial(self._put, chat, place, activity(shown, language), known))

    async def _put(self, chat: Chat, place: MessageRef, made: Json, standing: Card | None) -> None:
        """Put something where a dialog is, or has been; not where the next answer has been quicker."""
        if self._open.get(place) is standing:
            await self._connector.update(chat, place.message, made)

    async def _note(self, sender: Address, place: MessageRef, dialog: Card) -> bool:
        """Remember a dialog in a chat, and let the bot know that it stands there; say whether it may.

        What nobody knows of nobody takes out again: unless it is neutral, it is forgotten and must not be shown.
        """
        self._open[place] = dialog
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        for pause in () if dialog.is_neutral else PAUSES:
            if await self._bot.stands(sender, place):
                return True
            await asyncio.sleep(pause.total_seconds())
        if await self._bot.stands(sender, place) or dialog.is_neutral:
            return True
        if self._open.get(place) is dialog:
            del self._open[place]
        return False

    async def _post(self, act: Act, chat: Chat, reply: Reply, language: Language) -> None:
        """Post an answer: its message, or its dialog, or its one line, or what was wrong with a form."""
        if reply.card:
            await self._say(chat, reply.card, reply.notice, language)
        if reply.dialog:
            await self._open_in(chat, act.incoming.sender, reply.dialog, reply.notice, language)
        text = reply.notice or " ".join(reply.faults.values())
        if text and not reply.card and not reply.dialog:
            await self._say(chat, None, text, language)

    async def _open_in(self, chat: Chat, sender: Address, shown: Card, notice: str, language: Language) -> None:
        """Let a dialog stand in a chat; unless it is neutral, in the place of a word that is noted before.

        So nothing of a case stands where nobody knows of: should the bot die, or Teams not say where it has posted.
        """
        if shown.is_neutral:
            await self._note(sender, _ref(chat, await self._say(chat, shown, notice, language)), shown)
            return
        place = _ref(chat, await self._say(chat, said(words.MOMENT.in_(language), language), "", language))
        if await self._note(sender, place, shown):
            await _patiently(partial(self._put, chat, place, activity(shown, language, notice), shown))
        else:
            not_now = activity(said(words.NOT_NOW.in_(language), language), language)
            await _patiently(partial(self._put, chat, place, not_now, None))

    async def _show_in_person(self, act: Act, reply: Reply, language: Language) -> None:
        """Answer what was done among others in the person's own chat; there it is only said that it is so."""
        try:
            chat = await _patiently(lambda: self._chats.of(act.incoming.sender))
            await self._post(act, chat, reply, language)
            where = words.IN_PERSON
        except Refused as refused:
            if not refused.for_good:
                raise
            await self._chats.forget(act.incoming.sender)
            where = words.NOT_INSTALLED
        if where is words.NOT_INSTALLED or not act.origin.is_invoke:  # an invoke has been answered so
            await self._say(act.origin.chat, None, where.in_(language), language)

    async def _say(self, chat: Chat, shown: Card | None, notice: str, language: Language) -> str:
        """Post what somebody waits for, a card or one line; return its id.

        What may stand there or not is posted once more and says so: silence is worse than to read it twice.
        """
        try:
            return await self._posted(chat, shown, notice, language)
        except Uncertain:
            await asyncio.sleep(PAUSES[0].total_seconds())
            return await self._posted(chat, shown, f"{words.REPEATED.in_(language)} {notice}".rstrip(), language)

    async def _posted(self, chat: Chat, shown: Card | None, notice: str, language: Language) -> str:
        made = activity(shown, language, notice) if shown else line(notice)
        return await _patiently(lambda: self._connector.post(chat, made), may_be_twice=False)

    async def _real_dialog(self, act: Act, reply: Reply, language: Language) -> Json:
        """Return what a real dialog shows now: the next one, the same with what is wrong, or a line, and it closes.

        One that is cancelled closes without a word, which no answer at all stands for.
        """
        if act.origin.is_cancelled:
            return _words_alone(words.CLOSED.in_(language)) if self._is_playground else NO_ANSWER
        sender, done = act.incoming.sender, act.incoming.act
        if following := reply.dialog or (_as_dialog(reply.card, language) if isinstance(done, Typed) else None):
            return real_dialog.opened(following, language, self._bot, reply.notice)
        if reply.faults and isinstance(done, Submitted):
            form, find = act.origin.form, partial(self._bot.find, sender)
            if again := await real_dialog.again(form, done.values, reply.faults, language, self._bot, find):
                return again
        return _words_alone(" ".join(reply.faults.values()) or _line(reply, language))


async def _patiently(do: Callable[[], Awaitable[Done]], *, may_be_twice: bool = True) -> Done:
    """Do what somebody waits for, again after a while where Teams does nothing just now.

    `may_be_twice`: it comes to the same however often it is done, so it is done again where it may have been, too.
    """
    for pause in PAUSES:
        asked = pause
        try:
            return await do()
        except Unfit:
            raise
        except Refused as refused:
            asked = max(refused.retry_after or pause, pause)
            if refused.for_good or asked > LONGEST_PAUSE:
                raise
        except Uncertain:
            if not may_be_twice:
                raise
        await asyncio.sleep(asked.total_seconds())
    return await do()


def _ref(chat: Chat, message: str) -> MessageRef:
    return MessageRef(PLATFORM, chat.place, message)


def _for_chat(act: Act, reply: Reply, language: Language) -> Reply:
    """Return an answer with a way to a private dialog in its place: it must not stand in a chat."""
    done = act.incoming.act
    if reply.dialog is None or not reply.dialog.is_private:
        return reply
    opener = [] if isinstance(done, Typed) else [Opener(done.action, words.OPEN.in_(language), done.reference)]
    shown = dialog(reply.dialog.title, [Paragraph(words.OPENS_OUTSIDE.in_(language))], buttons=opener)
    return replace(reply, dialog=shown)


def ended(act: Act, reply: Reply, language: Language) -> Card:
    """Return what stands where a dialog stood: the next one, or that it is done."""
    if reply.dialog:
        return reply.dialog
    if act.origin.is_cancelled:
        return said(words.CLOSED.in_(language), language)
    if reply.card:
        return reply.card
    return said(_line(reply, language), language)


def said(text: str, language: Language) -> Card:
    """Return one sentence as a message: nothing can be done with it any more."""
    title = words.NOTICE.in_(language)
    return message(title, [Paragraph(text)], summary=title)


def _as_dialog(made: Card | None, language: Language) -> Card | None:
    """Return what a command is answered in words as a dialog: of a failure, whom to ring must not get lost."""
    if made is None:
        return None
    is_short = len(made.title) <= MAX_DIALOG_TITLE
    title, above = (made.title, []) if is_short else (words.NOTICE.in_(language), [Paragraph(made.title)])
    return dialog(title, [*above, *made.blocks][:MAX_BLOCKS], buttons=made.buttons)


def refilled(shown: Card, done: Submitted, reply: Reply) -> Card:
    """Return a form with what was filled in, and what is wrong with it above."""
    faults = [Caution(said, _label(shown, name)) for name, said in reply.faults.items()]
    fields = tuple(_filled(field, done.values.get(field.name, ())) for field in shown.fields)
    return replace(shown, blocks=(*faults, *shown.blocks)[:MAX_BLOCKS], fields=fields)


def _label(shown: Card, name: str) -> str:
    return next((field.label for field in shown.fields if field.name == name), shown.title)


def _filled(field: Field, given: tuple[str, ...]) -> Field:
    if isinstance(field, ChoiceField):
        known = {option.value for option in field.options}
        return replace(field, value=tuple(each for each in given if each in known))
    return replace(field, value=given[0] if given else "")


def _line(reply: Reply, language: Language) -> str:
    return reply.notice or (reply.card.title if reply.card else words.DONE.in_(language))


def _words_alone(text: str) -> Json:
    """Return what a real dialog ends with."""
    return {"task": {"type": "message", "value": text}}


def _shown(made: Json) -> Json:
    return {"statusCode": HTTPStatus.OK, "type": CONTENT_TYPE, "value": made}


def _said(text: str) -> Json:
    return {"statusCode": HTTPStatus.OK, "type": SAID, "value": text}
