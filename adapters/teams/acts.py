"""What Teams sends, read strictly: an activity in, an `Incoming` and where it came from out; it decides nothing.

Source: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adapters.payload import MAX_TEXT, Malformed, Search
from adapters.teams.fields import values
from adapters.teams.look import CANCEL, FORM, HANDS_IN, IN_DIALOG, OWN, PLACE, REFERENCE, VERB
from flows.port import Address, Incoming, MessageRef, Pressed, Submitted, Typed

PLATFORM = "teams"
# Each stops at the next «<»: a long text of them must not be gone through once for every one.
_MENTION = re.compile(r"<at\b[^<>]*>[^<]*</at>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")

Activity = Mapping[str, Any]


class Place(StrEnum):
    """Where an act happened, which says where its answer can be shown."""

    CHAT = "chat"  # written in the person's own chat with the bot
    ELSEWHERE = "elsewhere"  # written in a group or a channel, or a button of a card that somebody took there
    MESSAGE = "message"  # a button of a message, which its relay keeps up to date
    DIALOG = "dialog"  # a button or a form of a card that stands in the chat for this one dialog
    REAL_DIALOG = "real_dialog"  # opened by a command of the message extension, or by a button in the chat


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation, and the service that leads to it."""

    service_url: str
    id: str

    @property
    def place(self) -> str:
        """Return what a chat is known by: the service that leads to it moves."""
        return self.id


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act came from; `message` is the card that it was done on, `is_invoke`: an answer is awaited.

    `form` is what a real dialog's button brings with it of the form that it hands in.
    """

    place: Place
    chat: Chat
    member: str = ""  # who the person is in that chat
    message: str = ""
    is_invoke: bool = False
    is_cancelled: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    incoming: Incoming
    origin: Origin


def act(activity: Activity) -> Act | None:
    """Return what a person has done; None for an activity that is nobody's act."""
    match activity.get("type"), activity.get("name", ""):
        case "message", _:
            return _pressed(activity, _part(activity, "value")) if activity.get("value") else _said(activity)
        case "invoke", "adaptiveCard/action":
            action = _part(_part(activity, "value"), "action")
            return _pressed(activity, _part(action, "data"), _text(action, "verb", default=""))
        case "invoke", "composeExtension/fetchTask":
            command = _text(_part(activity, "value"), "commandId")
            return _in_real_dialog(activity, Typed(command))
        case "invoke", "composeExtension/submitAction":
            data = _part(activity, "value", "data")
            return _in_real_dialog(activity, _handed_in(data, _text(data, VERB, default="")), data)
        case "invoke", "task/fetch" | "task/submit" if _optional(activity, "value", "data", VERB):
            data = _part(activity, "value", "data")
            return _in_real_dialog(activity, _handed_in(data, _text(data, VERB)), data)
    return None


def installed(activity: Activity, word: str) -> Act:
    """Return the act of installing the app, which is answered as a command is."""
    key = f"installed/{_text(activity, 'id', default='') or _text(activity, 'conversation', 'id')}"
    return Act(Incoming(key, sender(activity), Typed(word)), Origin(Place.CHAT, chat(activity), member(activity)))


def search(activity: Activity) -> Search:
    """Return what is looked for in a field."""
    value = _part(activity, "value")
    return Search(sender(activity), _text(value, "dataset"), _text(value, "queryText", default="")[:MAX_TEXT])


def sender(activity: Activity) -> Address:
    """Return whose act it is: by the tenant that the channel names and the id that Entra knows the person by."""
    tenant, said_by = tenant_of(activity), _part(activity, "from")
    return Address(PLATFORM, tenant, _text(said_by, "aadObjectId"))


def tenant_of(activity: Activity) -> str:
    """Return the tenant; raise where two places name two of them."""
    named = (_optional(activity, "channelData", "tenant", "id"), _optional(activity, "conversation", "tenantId"))
    found = {each for each in named if each}
    if len(found) != 1:
        raise Malformed("tenant")
    return found.pop()


def chat(activity: Activity) -> Chat:
    return Chat(_text(activity, "serviceUrl"), _text(activity, "conversation", "id"))


def member(activity: Activity) -> str:
    return _text(activity, "from", "id")


def is_personal(activity: Activity) -> bool:
    """Say whether it comes from a person's own chat with the bot; Teams always says what it comes from."""
    return _optional(_part(activity, "conversation"), "conversationType") == "personal"


def _said(activity: Activity) -> Act:
    """Return the act of writing: without the mentions and the markup that Teams puts around words."""
    typed = _TAG.sub(" ", _MENTION.sub(" ", _text(activity, "text", default="")))
    try:
        typed = html.unescape(typed)
    except ValueError:  # the number of a letter that has too many digits
        raise Malformed("text") from None
    is_own = is_personal(activity)
    place = Place.CHAT if is_own else Place.ELSEWHERE
    return Act(
        Incoming(_text(activity, "id"), sender(activity), Typed(" ".join(typed.split())[:MAX_TEXT]), is_own),
        Origin(place, chat(activity), member(activity)),
    )


def _pressed(activity: Activity, data: Activity, verb: str = "") -> Act:
    action = verb or _text(data, VERB, default="")
    place = Place.DIALOG if data.get(PLACE) == IN_DIALOG else Place.MESSAGE
    if not is_personal(activity):
        place = Place.ELSEWHERE
    message, where = _text(activity, "replyToId", default=""), chat(activity)
    done: Pressed | Submitted = _handed_in(data, action)
    if isinstance(done, Pressed) and place is Place.MESSAGE and message:
        done = Pressed(done.action, done.reference, MessageRef(PLATFORM, where.place, message))
    origin = Origin(place, where, member(activity), message, activity.get("type") == "invoke", action == CANCEL)
    return Act(Incoming(_text(activity, "id"), sender(activity), done, is_personal(activity)), origin)


def _in_real_dialog(activity: Activity, done: Typed | Pressed | Submitted, data: Activity | None = None) -> Act:
    is_cancelled = isinstance(done, Pressed | Submitted) and done.action == CANCEL
    form = _text(data or {}, FORM, default="")
    origin = Origin(
        Place.REAL_DIALOG, chat(activity), member(activity), is_invoke=True, is_cancelled=is_cancelled, form=form
    )
    # The extension also works in a group, and in a chat of two people: personal, and not the bot's.
    return Act(Incoming(_text(activity, "id"), sender(activity), done, proves_reach=False), origin)


def _handed_in(data: Activity, action: str) -> Pressed | Submitted:
    """Return a button, or a form with what was filled in: a form's button says that it hands it in."""
    reference = _text(data, REFERENCE, default="")
    if data.get(HANDS_IN) is not True:
        return Pressed(action, reference)
    filled = {name: value for name, value in data.items() if not name.startswith(OWN)}
    return Submitted(action, reference, values(filled))


def _part(body: Activity, *path: str) -> Activity:
    found: Any = body
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        raise Malformed(".".join(path))
    return found


def _text(body: Activity, *path: str, default: str | None = None) -> str:
    found: Any = body
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if found is None and default is not None:
        return default
    if not isinstance(found, str) or (default is None and not found):
        raise Malformed(".".join(path))
    return found


def _optional(body: Activity, *path: str) -> str:
    return _text(body, *path, default="")
