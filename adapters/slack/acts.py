"""What Slack sends, read strictly: a payload in, an `Incoming` and where it came from out; it decides nothing."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adapters.payload import MAX_TEXT, Malformed, Search
from adapters.slack.fields import values
from adapters.slack.views import ViewRef, handed_in
from flows.limits import MAX_FIELDS
from flows.port import Address, Incoming, MessageRef, Pressed, Submitted, Typed
from flows.wishes import Wish

PLATFORM = "slack"
HOME = "home"  # where a person's App Home stands, as a message's id
_WRITTEN = (None, "file_share", "me_message", "thread_broadcast")  # kinds of messages that a person has written

Body = Mapping[str, Any]


class Place(StrEnum):
    """Where an act happened, which says where its answer can be shown."""

    COMMAND = "command"  # typed in any conversation
    CHAT = "chat"  # written to the bot
    MESSAGE = "message"  # a button of a message, which its relay keeps up to date
    EPHEMERAL = "ephemeral"  # a button of a message that only this person sees
    MODAL = "modal"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act came from, so that its answer is shown there; what a place doesn't have, is empty.

    `trigger` opens a modal within three seconds, once; `response_url` answers five times within half an hour.
    """

    place: Place
    user: str
    trigger: str = ""
    response_url: str = ""
    channel: str = ""
    view: ViewRef | None = None  # the modal


@dataclass(frozen=True, slots=True)
class Act:
    incoming: Incoming
    origin: Origin


def command(body: Body) -> Act:
    """Return the act of a slash command."""
    trigger = _text(body, "trigger_id")
    typed = f"{_text(body, 'command')} {_text(body, 'text', default='')}".strip()
    user, url = _text(body, "user_id"), _text(body, "response_url", default="")
    origin = Origin(Place.COMMAND, user, trigger, url, _text(body, "channel_id"))
    return Act(Incoming(trigger, _outer_sender(body, user), Typed(typed[:MAX_TEXT])), origin)


def pressed(body: Body) -> Act:
    """Return the act of a button, in a message, a modal or the App Home."""
    action = _part(_parts(body, "actions")[0])
    container, user = _part(body, "container"), _text(body, "user", "id")
    stands_in = _text(container, "type", default="")
    view = _part(body, "view") if stands_in == "view" else {}
    message = _message(container) if stands_in == "message" else None
    ref = None if message is None else MessageRef(PLATFORM, *message)
    name = _text(action, "action_id").partition(".")[2] or _text(action, "action_id")
    key = (_text(action, "action_ts"), _text(action, "action_id"), *(message or (_text(view, "id", default=""),)))
    act = Pressed(name, _text(action, "value", default=""), None if _is_ephemeral(container) else ref)
    ref_of_modal = _view(view) if _text(view, "type", default="") == "modal" else None
    origin = Origin(
        _place(container, ref_of_modal),
        user,
        _text(body, "trigger_id"),
        _text(body, "response_url", default=""),
        message[0] if message else "",
        ref_of_modal,
    )
    return Act(Incoming("/".join(key), sender(body), act), origin)


def submitted(body: Body) -> Act:
    """Return the act of handing in a modal."""
    view = _part(body, "view")
    action, reference = handed_in(_text(view, "private_metadata", default=""))
    filled = values(_state(view))
    if len(filled) > MAX_FIELDS:
        raise Malformed("fields")
    ref = _view(view)
    user, trigger = _text(body, "user", "id"), _text(body, "trigger_id", default="")
    origin = Origin(Place.MODAL, user, trigger, view=ref)
    return Act(Incoming(f"{ref.id}/{ref.hash}", sender(body), Submitted(action, reference, filled)), origin)


def said(body: Body) -> Act | None:
    """Return the act of writing to the bot; None for a message that nobody has written to it just now."""
    event = _part(body, "event")
    is_written = event.get("channel_type") == "im" and not event.get("bot_id") and event.get("subtype") in _WRITTEN
    if not is_written:
        return None
    user = _text(event, "user")
    typed = html.unescape(_text(event, "text", default="")).strip()[:MAX_TEXT]
    origin = Origin(Place.CHAT, user, channel=_text(event, "channel"))
    return Act(Incoming(_text(body, "event_id"), _outer_sender(body, user), Typed(typed)), origin)


def home_opened(body: Body) -> Act | None:
    """Return the act of opening the App Home; None for its other tabs."""
    event = _part(body, "event")
    if event.get("tab") != "home":
        return None
    user = _text(event, "user")
    act = Pressed(Wish.HOME, message=MessageRef(PLATFORM, user, HOME))
    return Act(Incoming(_text(body, "event_id"), _outer_sender(body, user), act), Origin(Place.HOME, user))


def search(body: Body) -> Search:
    """Return what is looked for in a field."""
    return Search(sender(body), _text(body, "action_id").partition(".")[2], _text(body, "value", default=""))


def sender(body: Body) -> Address:
    """Return whose interaction it is; an organisation's users belong to it and not to one workspace."""
    enterprise, team, user = _optional(body, "enterprise"), _optional(body, "team"), _part(body, "user")
    tenant = _text(enterprise, "id", default="") or _text(team, "id", default="") or _text(user, "team_id")
    return Address(PLATFORM, tenant, _text(user, "id"))


def _outer_sender(body: Body, user: str) -> Address:
    """Return the same for a command or an event, which say it beside what has happened."""
    return Address(PLATFORM, _text(body, "enterprise_id", default="") or _text(body, "team_id"), user)


def _message(container: Body) -> tuple[str, str]:
    return _text(container, "channel_id"), _text(container, "message_ts")


def _place(container: Body, modal: ViewRef | None) -> Place:
    if container.get("type") == "message":
        return Place.EPHEMERAL if _is_ephemeral(container) else Place.MESSAGE
    return Place.MODAL if modal else Place.HOME


def _is_ephemeral(container: Body) -> bool:
    return container.get("is_ephemeral") is True


def _view(view: Body) -> ViewRef:
    return ViewRef(_text(view, "id"), _text(view, "hash"))


def _state(view: Body) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    state = _optional(_optional(view, "state"), "values")
    for actions in state.values():
        for element in _part(actions).values():
            _check_element(_part(element))
    return state


def _check_element(element: Body) -> None:
    _optional(element, "selected_option")
    chosen = element.get("selected_options")
    if chosen is not None:
        for each in _parts(element, "selected_options", least=0):
            _part(each)


def _part(value: Any, name: str | None = None) -> Body:
    found = value.get(name) if name is not None else value
    if not isinstance(found, dict):
        raise Malformed(name or "object")
    return found


def _optional(value: Body, name: str) -> Body:
    return {} if value.get(name) is None else _part(value, name)


def _parts(value: Body, name: str, *, least: int = 1) -> list[Any]:
    found = value.get(name)
    if not isinstance(found, list) or len(found) < least:
        raise Malformed(name)
    return found


def _text(value: Body, *path: str, default: str | None = None) -> str:
    *objects, last = path
    for name in objects:
        value = _part(value, name)
    found = value.get(last)
    if found is None and default is not None:
        return default
    if not isinstance(found, str) or (not found and default is None):
        raise Malformed(last)
    return found
