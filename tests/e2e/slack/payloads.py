"""What Slack sends to a bot: the bodies of events, commands and interactions (docs.slack.dev/reference)."""

from __future__ import annotations

import html
from typing import Any

from tests.e2e.slack.workspace import Channel, Json, Message, User, View, Workspace


class Payloads:
    def __init__(self, workspace: Workspace, verification_token: str) -> None:
        self.workspace = workspace
        self.token = verification_token

    # Events

    def event(self, event: Json) -> Json:
        ws = self.workspace
        authorization = {"enterprise_id": None, "team_id": ws.team_id, "user_id": ws.bot.id, "is_bot": True}
        payload: Json = {"token": self.token, "team_id": ws.team_id, "context_team_id": ws.team_id}
        payload |= {"context_enterprise_id": None, "api_app_id": ws.app_id, "event": event, "type": "event_callback"}
        payload |= {"event_id": ws.id("Ev"), "event_time": int(ws.clock.now()), "is_ext_shared_channel": False}
        payload["authorizations"] = [authorization | {"is_enterprise_install": False}]
        return payload | {"event_context": ws.id("4-")}

    def home_opened(self, user: User, channel: Channel) -> Json:
        event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
        event["event_ts"] = self.workspace.ts()
        if home := self.workspace.homes.get(user.id):
            event["view"] = self.workspace.as_slack_gives(home)
        return self.event(event)

    def message(self, channel: Channel, message: Message, subtype: str = "") -> Json:
        """Describe a message that came, was edited or went; Slack tells a bot of its own ones as well."""
        where: Json = {"channel": channel.id, "channel_type": "im"}
        described = self.workspace.described(message, metadata=True)
        if not subtype:
            return self.event(described | where | {"event_ts": message.ts})
        now = self.workspace.ts()
        event: Json = {"type": "message", "subtype": subtype, "hidden": True, "ts": now, "event_ts": now} | where
        if subtype == "message_deleted":
            return self.event(event | {"previous_message": described, "deleted_ts": message.ts})
        return self.event(event | {"message": described, "previous_message": {"ts": message.ts}})

    # Commands and interactions

    def _base(self, kind: str, user: User) -> Json:
        ws = self.workspace
        who = {"id": user.id, "username": user.name, "name": user.name, "team_id": ws.team_id}
        base: Json = {"type": kind, "user": who, "api_app_id": ws.app_id, "token": self.token}
        base |= {"team": {"id": ws.team_id, "domain": ws.domain}, "enterprise": None}
        return base | {"is_enterprise_install": False}

    def command(self, user: User, channel: Channel, command: str, text: str, response_url: str) -> Json:
        ws = self.workspace
        payload: Json = {"token": self.token, "team_id": ws.team_id, "team_domain": ws.domain}
        payload |= {"channel_id": channel.id, "channel_name": channel.name, "user_id": user.id, "user_name": user.name}
        payload |= {"command": command, "text": text, "api_app_id": ws.app_id, "is_enterprise_install": "false"}
        return payload | {"response_url": response_url, "trigger_id": ws.new_trigger(user.id)}

    def on_message(self, user: User, message: Message, actions: list[Json], response_url: str) -> Json:
        channel = self.workspace.channels[message.channel]
        payload = self._base("block_actions", user) | self._in_message(message)
        if not message.only_for:  # Slack hands out no copy of an ephemeral
            payload["message"] = self.workspace.described(message, metadata=True)
        payload |= {"trigger_id": self.workspace.new_trigger(user.id), "response_url": response_url}
        payload |= {"channel": {"id": channel.id, "name": channel.name}, "state": {"values": message.state}}
        return payload | {"actions": actions}

    def on_view(self, user: User, view: View, actions: list[Json]) -> Json:
        payload = self._base("block_actions", user) | self._in_view(view)
        return payload | {"trigger_id": self.workspace.new_trigger(user.id, view.id), "actions": actions}

    def _in_message(self, message: Message) -> Json:
        container: Json = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        return {"container": container | {"is_ephemeral": message.only_for is not None}}

    def _in_view(self, view: View) -> Json:
        given = self.workspace.as_slack_gives(view)
        return {"container": {"type": "view", "view_id": view.id}, "view": given}

    def suggestion(self, user: User, place: Message | View, block: Json, element: Json, query: str) -> Json:
        within = self._in_view(place) if isinstance(place, View) else self._in_message(place)
        asked = {"block_id": block["block_id"], "action_id": element["action_id"], "value": query}
        return self._base("block_suggestion", user) | within | asked

    def submission(self, user: User, view: View) -> Json:
        given: Json = {"view": self.workspace.as_slack_gives(view), "response_urls": []}
        return self._base("view_submission", user) | given | {"trigger_id": self._trigger(user, view)}

    def _trigger(self, user: User, view: View) -> str:
        return self.workspace.new_trigger(user.id, view.id)

    def closing(self, user: User, view: View, *, cleared: bool) -> Json:
        return self._base("view_closed", user) | {"view": self.workspace.as_slack_gives(view), "is_cleared": cleared}

    # Parts

    def action(self, block: Json, element: Json, value: Json) -> Json:
        """Describe what was pressed or chosen; `value` is what the element's kind adds."""
        action: Json = {"type": element["type"], "block_id": block["block_id"], "action_id": element["action_id"]}
        for name in ("text", "style", "placeholder", "url"):
            if name in element:
                action[name] = element[name]
        return action | value | {"action_ts": self.workspace.ts()}

    def written(self, text: str) -> tuple[str, list[Json]]:
        """Give what a person wrote as Slack hands it on: three characters escaped in `text`, and as rich text."""
        piece: list[Any] = [{"type": "text", "text": text}]
        block: Json = {"type": "rich_text", "block_id": self.workspace.id("b")}
        block["elements"] = [{"type": "rich_text_section", "elements": piece}]
        return html.escape(text, quote=False), [block]
