"""What Teams sends to a bot, field by field.

Source: learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
"""

from __future__ import annotations

import html
from datetime import UTC, datetime

from tests.e2e.teams.tenant import Chat, Json, Message, Tenant, User

BOT_NAME = "rusplan"
SUBMIT, EXECUTE = "Action.Submit", "Action.Execute"


class Activities:
    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.service_url = ""

    def said(self, user: User, chat: Chat, text: str) -> Json:
        """Return a message; among others the bot hears only what mentions it."""
        if chat.kind == "personal":
            return self._of("message", user, chat, text=html.escape(text, quote=False), textFormat="plain")
        mention = f"<at>{BOT_NAME}</at>"
        entity = {"type": "mention", "text": mention, "mentioned": {"id": self.tenant.bot, "name": BOT_NAME}}
        return self._of("message", user, chat, text=f"{mention} {html.escape(text, quote=False)}", entities=[entity])

    def executed(self, user: User, chat: Chat, message: Message, action: Json, data: Json) -> Json:
        sent = {"type": EXECUTE, "title": action["title"], "verb": action.get("verb", ""), "data": data}
        value = {"action": sent, "trigger": "manual"}
        return self._invoke("adaptiveCard/action", user, chat, value, replyToId=message.id)

    def submitted(self, user: User, chat: Chat, message: Message, data: Json) -> Json:
        return self._of("message", user, chat, value=data, replyToId=message.id)

    def searched(self, user: User, chat: Chat, dataset: str, query: str) -> Json:
        options = {"skip": 0, "top": 15}
        value = {"kind": "search", "queryText": query, "queryOptions": options, "dataset": dataset}
        return self._invoke("application/search", user, chat, value)

    def extension_opened(self, user: User, chat: Chat, command: str) -> Json:
        value = {"commandId": command, "commandContext": "compose", "context": {"theme": "default"}}
        return self._invoke("composeExtension/fetchTask", user, chat, value)

    def extension_submitted(self, user: User, chat: Chat, command: str, data: Json) -> Json:
        value = {"commandId": command, "commandContext": "compose", "data": data, "context": {"theme": "default"}}
        return self._invoke("composeExtension/submitAction", user, chat, value)

    def task_opened(self, user: User, chat: Chat, message: Message, data: Json) -> Json:
        value = {"data": data, "context": {"theme": "default"}}
        return self._invoke("task/fetch", user, chat, value, replyToId=message.id)

    def task_submitted(self, user: User, chat: Chat, data: Json) -> Json:
        return self._invoke("task/submit", user, chat, {"data": data, "context": {"theme": "default"}})

    def installed(self, user: User, chat: Chat) -> list[Json]:
        """Return both that come of an installation."""
        members = [{"id": user.id, "aadObjectId": user.aad}, {"id": self.tenant.bot}]
        added = self._of("conversationUpdate", user, chat, membersAdded=members)
        return [self._of("installationUpdate", user, chat, action="add"), added]

    def removed(self, user: User, chat: Chat) -> Json:
        return self._of("installationUpdate", user, chat, action="remove")

    def _invoke(self, name: str, user: User, chat: Chat, value: Json, **more: str) -> Json:
        return self._of("invoke", user, chat, name=name, value=value, **more)

    def _of(self, kind: str, user: User, chat: Chat, **more: object) -> Json:
        tenant = {"id": self.tenant.id}
        channel = {"team": {"id": "19:team@thread.tacv2"}, "channel": {"id": chat.id.partition(";")[0]}}
        return {
            "type": kind,
            "id": self.tenant.new_id(),
            "timestamp": datetime.now(UTC).isoformat(),
            "serviceUrl": self.service_url,
            "channelId": "msteams",
            "from": {"id": user.id, "name": user.real_name, "aadObjectId": user.aad},
            "conversation": {
                "id": chat.id,
                "conversationType": chat.kind,
                "tenantId": self.tenant.id,
                **({} if chat.kind == "personal" else {"isGroup": True}),
            },
            "recipient": {"id": self.tenant.bot, "name": BOT_NAME},
            "locale": "nb-NO",
            "channelData": {"tenant": tenant, **(channel if chat.kind == "channel" else {})},
            **more,
        }
