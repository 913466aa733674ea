"""What Slack remembers of one workspace: people, conversations, messages, views, triggers. It answers no request."""

from __future__ import annotations

import copy
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.faults import Faults

Json = dict[str, Any]

TRIGGER_LIVES = 3.0  # seconds; docs.slack.dev/interactivity/handling-user-interaction
DEEPEST_STACK = 3  # a root view and two pushed ones; docs.slack.dev/surfaces/modals
BOT_SCOPES = frozenset(
    {"chat:write", "commands", "files:write", "im:history", "im:write", "users:read", "users:read.email"}
)


class Clock:
    """Wall time that a test can move forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


@dataclass
class User:
    id: str
    name: str
    real_name: str
    email: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False


@dataclass
class Message:
    """One message, or one ephemeral: then `only_for` names who sees it, and no history knows it."""

    channel: str
    ts: str
    text: str
    blocks: list[Json]
    user: str
    bot_id: str | None = None
    metadata: Json | None = None
    only_for: str | None = None
    edited_ts: str | None = None
    deleted: bool = False
    posted_at: float = 0.0
    thread_ts: str | None = None
    state: Json = field(default_factory=dict)  # what people have chosen in it, as in `state.values`
    parsing: Json = field(default_factory=dict)  # `mrkdwn`, `parse` and `link_names`, where the bot gave them


@dataclass
class Channel:
    id: str
    name: str
    members: set[str]
    is_im: bool = False
    is_private: bool = False
    is_archived: bool = False
    messages: list[Message] = field(default_factory=list)


@dataclass
class View:
    """A modal in somebody's stack, or somebody's home tab. `payload` is the view as Slack completed it."""

    id: str
    user: str
    payload: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    state: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    offered: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # options found by a search

    @property
    def blocks(self) -> list[Json]:
        return list(self.payload["blocks"])


@dataclass
class Trigger:
    user: str
    issued_at: float
    view_id: str | None = None
    exchanged: bool = False


class Workspace(Faults):
    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.team_id, self.domain, self.app_id, self.bot_id = "T0SCHOOL01", "skolen", "A0RUSPLAN1", "B0RUSPLAN1"
        self.bot = User("U0RUSPLAN1", "rusplan", "Rusplan", is_bot=True)
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Message] = []
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.closed_views: set[str] = set()
        self.triggers: dict[str, Trigger] = {}
        self.posted: list[Json] = []  # all that the bot ever posted, never shortened
        self.shown: list[Json] = []  # all that views, their errors and their options ever showed
        self.files: list[Any] = []  # that the bot has put into a conversation
        self.faults: list[str] = []
        self.scopes = set(BOT_SCOPES)
        self.token_refused_as: str | None = None  # "token_revoked", "account_inactive", …
        self.history_lags_by = 0.0
        self.listeners: list[Callable[[Channel, Message, str], None]] = []
        self.messages_tab_enabled = self.home_tab_enabled = True
        self._numbers = itertools.count(1)
        self._last_ts = 0.0
        self.general = self.add_channel("general")

    # People and conversations

    def id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):09d}"

    def ts(self) -> str:
        """Give the next timestamp; no two are equal in a workspace."""
        self._last_ts = max(self.clock.now(), self._last_ts + 0.000001)
        return f"{self._last_ts:.6f}"

    def add_user(self, name: str, *, email: str | None = None, real_name: str | None = None, **flags: bool) -> User:
        user = User(self.id("U"), name, real_name or name.capitalize(), email, **flags)
        self.users[user.id] = user
        self.general.members.add(user.id)
        return user

    def add_channel(self, name: str, *members: str, is_private: bool = False) -> Channel:
        channel = Channel(self.id("C"), name, set(members), is_private=is_private)
        self.channels[channel.id] = channel
        return channel

    def im(self, user_id: str) -> Channel | None:
        """Find the direct messages between the bot and this user, if they were ever opened."""
        both = {self.bot.id, user_id}
        return next((c for c in self.channels.values() if c.is_im and c.members == both), None)

    def open_im(self, user_id: str) -> Channel:
        found = self.im(user_id)
        if not found:
            found = Channel(self.id("D"), "directmessage", {self.bot.id, user_id}, is_im=True)
            self.channels[found.id] = found
        return found

    def channel(self, id_or_name: str) -> Channel | None:
        by_name = id_or_name.removeprefix("#")
        return self.channels.get(id_or_name) or next(
            (c for c in self.channels.values() if c.name == by_name and not c.is_im), None
        )

    # What was posted and shown

    def keep(self, message: Message, how: str) -> None:
        """Write down what the bot has posted, as it was at this moment."""
        kept: Json = {"how": how, "channel": message.channel, "ts": message.ts, "text": message.text}
        kept |= {"blocks": message.blocks, "metadata": message.metadata, "only_for": message.only_for}
        self.posted.append(copy.deepcopy(kept | message.parsing))
        if not message.only_for:
            self.changed(self.channels[message.channel], message, "message_changed" if how == "updated" else "")

    def changed(self, channel: Channel, message: Message, subtype: str) -> None:
        """Tell whoever listens that a message came, was edited, or went: Slack sends an event of each."""
        for listen in self.listeners:
            listen(channel, message, subtype)

    def described(self, message: Message, *, metadata: bool = False) -> Json:
        """Give a message as Slack's answers and payloads hold it."""
        described: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
        described["team"] = self.team_id
        if message.bot_id:
            described |= {"bot_id": message.bot_id, "app_id": self.app_id}
        if message.blocks:
            described["blocks"] = message.blocks
        if message.edited_ts:
            described["edited"] = {"user": message.bot_id or message.user, "ts": message.edited_ts}
        if message.thread_ts:
            described["thread_ts"] = message.thread_ts
        if metadata and message.metadata:
            described["metadata"] = message.metadata
        return copy.deepcopy(described)

    def show(self, what: Json, how: str, user: str) -> None:
        self.shown.append({"how": how, "user": user, "content": copy.deepcopy(what)})

    def everything_posted(self) -> str:
        """Give all messages, ephemerals and notification texts of the bot there ever were, also edited and deleted."""
        return "\n".join(json.dumps(each, ensure_ascii=False) for each in self.posted)

    def everything_shown(self) -> str:
        """Give all that modals, home tabs, their errors and their options ever showed."""
        return "\n".join(json.dumps(each, ensure_ascii=False) for each in self.shown)

    # Triggers and views

    def new_trigger(self, user_id: str, view_id: str | None = None) -> str:
        number = next(self._numbers)
        trigger = f"{number:013d}.{number * 7919:013d}.{number:032x}"
        self.triggers[trigger] = Trigger(user_id, self.clock.now(), view_id)
        return trigger

    def exchange(self, trigger_id: str) -> Trigger | str:
        """Use up a trigger, or name the error with which Slack refuses it."""
        trigger = self.triggers.get(trigger_id)
        if not trigger:
            return "invalid_trigger_id"
        if trigger.exchanged:
            return "exchanged_trigger_id"
        if self.clock.now() - trigger.issued_at > TRIGGER_LIVES:
            return "expired_trigger_id"
        trigger.exchanged = True
        return trigger

    def new_hash(self) -> str:
        return f"{int(self.clock.now())}.{next(self._numbers):08x}"

    def new_view(self, user_id: str, payload: Json, previous: View | None = None) -> View:
        view_id = self.id("V")
        root = previous.root_view_id if previous else view_id
        return View(view_id, user_id, payload, self.new_hash(), root, previous.id if previous else None)

    def stack(self, user_id: str) -> list[View]:
        return self.stacks.setdefault(user_id, [])

    def close(self, user_id: str, *, from_depth: int = 0) -> list[View]:
        """Close this user's views from one depth upwards and give them back."""
        stack = self.stack(user_id)
        closed = stack[from_depth:]
        del stack[from_depth:]
        self.closed_views |= {view.id for view in closed}
        return closed

    def open_view(self, view_id: str | None, external_id: str | None) -> View | None:
        """Find a view that is on somebody's screen, by either of its ids."""
        views = [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
        if view_id:
            return next((view for view in views if view.id == view_id), None)
        return next((view for view in views if external_id and view.payload.get("external_id") == external_id), None)

    def as_slack_gives(self, view: View) -> Json:
        """Give a view as it stands in an answer or in an interaction, with what people have filled in."""
        given = {"id": view.id, "team_id": self.team_id, **view.payload, "hash": view.hash}
        given |= {"root_view_id": view.root_view_id, "previous_view_id": view.previous_view_id}
        given |= {"app_id": self.app_id, "app_installed_team_id": self.team_id, "bot_id": self.bot_id}
        return copy.deepcopy(given | {"state": {"values": view.state}})
