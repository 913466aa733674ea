"""What each method of Slack's Web API does to the workspace. How a call arrives and leaves is in web_api.py."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.e2e.slack.arguments import Arguments, Refused
from tests.e2e.slack.files import Files
from tests.e2e.slack.messages import Messages
from tests.e2e.slack.views import Views
from tests.e2e.slack.workspace import Channel, Json, User, Workspace


@dataclass(frozen=True)
class Method:
    """One method: what it needs (`token` is "bot" or "app"), which arguments it has, what it does."""

    do: Callable[[Arguments], Json]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    scope: str | None = None
    token: str = "bot"


class Methods:
    def __init__(self, workspace: Workspace, new_socket_url: Callable[[], str], files: Files) -> None:
        self.workspace = workspace
        self.new_socket_url = new_socket_url
        messages, views = Messages(workspace), Views(workspace)
        said = ("text", "blocks", "attachments", "thread_ts", "link_names", "parse", "as_user")
        looks = ("icon_emoji", "icon_url", "username")
        post = (*said, *looks, "metadata", "mrkdwn", "reply_broadcast", "unfurl_links", "unfurl_media")
        named = ("view_id", "external_id", "hash")
        read = ("cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest")
        self.table: dict[str, Method] = {
            "auth.test": Method(self.auth_test),
            "chat.postMessage": Method(messages.post, ("channel",), post, "chat:write"),
            "chat.update": Method(messages.update, ("channel", "ts"), (*said, "metadata"), "chat:write"),
            "chat.delete": Method(messages.delete, ("channel", "ts"), ("as_user",), "chat:write"),
            "chat.postEphemeral": Method(messages.post_ephemeral, ("channel", "user"), (*said, *looks), "chat:write"),
            "conversations.open": Method(self.open, (), ("users", "channel", "return_im", "prevent_creation")),
            "conversations.history": Method(messages.history, ("channel",), read),
            "files.getUploadURLExternal": Method(files.new_url, ("filename", "length"), ("alt_txt",), "files:write"),
            "files.completeUploadExternal": Method(files.complete, ("files",), ("channel_id",), "files:write"),
            "views.open": Method(views.open, ("trigger_id", "view")),
            "views.push": Method(views.push, ("trigger_id", "view")),
            "views.update": Method(views.update, ("view",), named),
            "views.publish": Method(views.publish, ("user_id", "view"), ("hash",)),
            "users.lookupByEmail": Method(self.lookup, ("email",), (), "users:read.email"),
            "users.info": Method(self.user_info, ("user",), ("include_locale",), "users:read"),
            "users.list": Method(self.users, (), ("cursor", "limit", "include_locale", "team_id"), "users:read"),
            "apps.connections.open": Method(self.connect, token="app", scope="connections:write"),
        }

    def auth_test(self, _: Arguments) -> Json:
        ws = self.workspace
        names = {"url": f"https://{ws.domain}.slack.com/", "team": ws.domain.capitalize(), "user": ws.bot.name}
        return names | {
            "team_id": ws.team_id,
            "user_id": ws.bot.id,
            "bot_id": ws.bot_id,
            "is_enterprise_install": False,
        }

    def connect(self, _: Arguments) -> Json:
        return {"url": self.new_socket_url()}

    # Conversations

    def open(self, given: Arguments) -> Json:
        """Open the direct messages with one person; several at once are not modelled."""
        if channel_id := given.text("channel"):
            channel = self.workspace.channels.get(channel_id)
            if not channel or not channel.is_im:
                raise Refused("channel_not_found")
            return self._opened(channel, given, already=True)
        ids = given.listed("users")
        if not ids:
            raise Refused("users_list_not_supplied")
        if len(ids) > 1:
            given.need("mpim:write")
            raise Refused("invalid_arguments", "this fake opens no conversations of several people")
        given.need("im:write")
        user = self.workspace.users.get(ids[0])
        if not user or user is self.workspace.bot:
            raise Refused("user_not_found")
        if user.deleted:
            raise Refused("user_disabled")
        found = self.workspace.im(user.id)
        return self._opened(self.workspace.open_im(user.id), given, already=bool(found))

    def _opened(self, channel: Channel, given: Arguments, *, already: bool) -> Json:
        answer: Json = {"channel": {"id": channel.id}}
        if given.flag("return_im"):
            other = next(iter(channel.members - {self.workspace.bot.id}))
            answer["channel"] |= {"is_im": True, "user": other, "is_open": True, "is_org_shared": False}
        return answer | ({"no_op": True, "already_open": True} if already else {})

    # People

    def described(self, user: User) -> Json:
        profile: Json = {"real_name": user.real_name, "display_name": user.name, "team": self.workspace.team_id}
        if user.email and "users:read.email" in self.workspace.scopes:
            profile["email"] = user.email
        described: Json = {"id": user.id, "team_id": self.workspace.team_id, "name": user.name}
        described |= {"deleted": user.deleted, "profile": profile, "is_bot": user.is_bot, "is_app_user": False}
        if not user.deleted:  # Slack says less about whoever is gone
            described |= {"real_name": user.real_name, "tz": "Europe/Oslo", "tz_offset": 3600, "updated": 1}
            described |= {"is_restricted": user.is_restricted, "is_ultra_restricted": False}
            described |= {"is_admin": False, "is_owner": False, "is_primary_owner": False}
        return copy.deepcopy(described)

    def lookup(self, given: Arguments) -> Json:
        wanted = given.text("email").lower()
        for user in self.workspace.users.values():
            if (user.email or "").lower() == wanted and not user.deleted and not user.is_bot:
                return {"user": self.described(user)}
        raise Refused("users_not_found")

    def user_info(self, given: Arguments) -> Json:
        user = self.workspace.users.get(given.text("user"))
        if not user:
            raise Refused("user_not_found")
        return {"user": self.described(user)}

    def users(self, given: Arguments) -> Json:
        everybody = list(self.workspace.users.values())
        start = given.page_start("users")
        end = start + given.number("limit", 1, 1000, default=1000)
        answer: dict[str, Any] = {"members": [self.described(user) for user in everybody[start:end]]}
        more = given.cursor("users", end) if end < len(everybody) else ""
        return answer | {"cache_ts": int(self.workspace.clock.now()), "response_metadata": {"next_cursor": more}}
