"""Posting, editing, deleting and reading messages, with everything Slack refuses."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.e2e.slack import block_kit
from tests.e2e.slack.arguments import Arguments, Refused
from tests.e2e.slack.completion import complete
from tests.e2e.slack.workspace import Channel, Json, Message, Workspace

TRUNCATED_AFTER = 40_000  # docs.slack.dev/changelog/2018-04-truncating-really-long-messages
# chat.update refuses beyond this, and a posted text falls apart: github.com/seratch/ChatGPT-in-Slack/issues/102
LONGEST = 4_000
METADATA_BYTES = 8_000  # the error metadata_too_large is documented, its limit is not: kept small
HISTORY_SCOPES = {"D": "im:history", "C": "channels:history", "G": "groups:history"}


class Messages:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    # What is said

    def _content(self, given: Arguments, method: str) -> tuple[str, list[Json]]:
        """Check text and blocks together; a message with neither is refused."""
        text, blocks = given.text("text"), given.get("blocks") or []
        if "attachments" in given:
            raise Refused("invalid_attachments", "this fake knows no attachments")
        if isinstance(blocks, str):
            raise Refused("invalid_blocks_format")
        if blocks and (faults := block_kit.validate(blocks, "message")):
            raise Refused("invalid_blocks", *faults, errors=faults)
        if block_kit.too_long(blocks):
            raise Refused("msg_blocks_too_long")
        if not text and not blocks:
            raise Refused("no_text")
        if not text:
            # What a phone shows then is "This content can't be displayed".
            self.workspace.fault(f"{method}: blocks without text leave the notification without words")
        if len(text) > LONGEST and method == "chat.update":
            raise Refused("msg_too_long")
        if len(text) > LONGEST:
            self.workspace.fault(f"{method}: a text of {len(text)} characters is split or cut")
        return text[:TRUNCATED_AFTER], complete(blocks, self.workspace)

    def _metadata(self, given: Arguments) -> Json | None:
        """Check metadata; `{}` means to take it away (docs.slack.dev/reference/methods/chat.update)."""
        metadata = given.get("metadata")
        if metadata is None or metadata == {}:
            return None
        if not isinstance(metadata, dict):
            raise Refused("invalid_metadata_format")
        payload = metadata.get("event_payload")
        named = isinstance(metadata.get("event_type"), str) and re.fullmatch(r"\w{1,255}", metadata["event_type"])
        if set(metadata) != {"event_type", "event_payload"} or not named or not isinstance(payload, dict):
            raise Refused("invalid_metadata_schema")
        if not all(_is_payload(value) for value in payload.values()):
            raise Refused("invalid_metadata_schema", "values are strings, numbers, booleans, or flat objects of them")
        if len(json.dumps(metadata).encode()) > METADATA_BYTES:
            raise Refused("metadata_too_large")
        return metadata

    # Where it is said

    def _channel(self, given: Arguments) -> Channel:
        """Find the conversation if the bot is in it."""
        channel = self.workspace.channel(given.text("channel"))
        if not channel:
            raise Refused("channel_not_found")
        if self.workspace.bot.id not in channel.members:
            raise Refused("channel_not_found" if channel.is_im or channel.is_private else "not_in_channel")
        return channel

    def _to_post_in(self, given: Arguments) -> Channel:
        user = self.workspace.users.get(given.text("channel"))
        if user and not user.is_bot:
            self.workspace.fault("chat.postMessage: a user id for a channel leads to Slackbot; open the DM first")
            return self.workspace.open_im(user.id)
        channel = self.workspace.channel(given.text("channel"))
        if not (channel and "chat:write.public" in given.scopes and not channel.is_im and not channel.is_private):
            channel = self._channel(given)
        if channel.is_archived:
            raise Refused("is_archived")
        if channel.is_im and not self.workspace.messages_tab_enabled:
            raise Refused("messages_tab_disabled")
        return channel

    def _own(self, given: Arguments, error: str) -> tuple[Channel, Message]:
        channel = self._channel(given)
        found = next((m for m in channel.messages if m.ts == given.text("ts") and not m.deleted), None)
        if not found:
            raise Refused("message_not_found")
        if found.bot_id != self.workspace.bot_id:
            raise Refused(error)
        return channel, found

    # The methods

    def post(self, given: Arguments) -> Json:
        """Post. To somebody who was deactivated it succeeds, and nobody sees it (python-slack-sdk issue 1156)."""
        channel = self._to_post_in(given)
        text, blocks = self._content(given, "chat.postMessage")
        message = self._new(channel, text, blocks, given)
        message.metadata, message.thread_ts = self._metadata(given), given.text("thread_ts") or None
        channel.messages.append(message)
        self.workspace.keep(message, "posted")
        answer = {"channel": channel.id, "ts": message.ts, "message": self.described(message, metadata=True)}
        if len(given.text("text")) > TRUNCATED_AFTER:
            answer["response_metadata"] = {"warnings": ["message_truncated"]}
        return answer

    def update(self, given: Arguments) -> Json:
        channel, message = self._own(given, "cant_update_message")
        text, blocks = self._content(given, "chat.update")
        if "metadata" in given:
            message.metadata = self._metadata(given)
        if "blocks" not in given:
            # Only an empty array takes blocks away (docs.slack.dev/reference/methods/chat.update), so the old ones stay
            # on the screen: github.com/slackapi/python-slack-sdk/issues/523
            blocks = message.blocks
        message.text, message.blocks, message.edited_ts, message.state = text, blocks, self.workspace.ts(), {}
        self.workspace.keep(message, "updated")
        described = self.described(message, metadata=True)
        return {"channel": channel.id, "ts": message.ts, "text": text, "message": described}

    def delete(self, given: Arguments) -> Json:
        channel, message = self._own(given, "cant_delete_message")
        message.deleted = True
        self.workspace.changed(channel, message, "message_deleted")
        return {"channel": channel.id, "ts": message.ts}

    def post_ephemeral(self, given: Arguments) -> Json:
        channel = self._channel(given)
        user = self.workspace.users.get(given.text("user"))
        if not user or user.deleted or user.id not in channel.members:
            raise Refused("user_not_in_channel")
        message = self._new(channel, *self._content(given, "chat.postEphemeral"), given)
        message.only_for = user.id
        self.workspace.ephemerals.append(message)
        self.workspace.keep(message, "ephemeral")
        return {"message_ts": message.ts}

    def history(self, given: Arguments) -> Json:
        """Give the newest messages first; what is ephemeral, or too new for the history, isn't there."""
        channel = self._channel(given)
        given.need(HISTORY_SCOPES["G" if channel.is_private else channel.id[0]])
        oldest, latest = given.moment("oldest"), given.moment("latest")
        seen_until = self.workspace.clock.now() - self.workspace.history_lags_by
        found = [m for m in reversed(channel.messages) if not m.deleted and m.posted_at <= seen_until]
        edge = given.flag("inclusive")
        found = [m for m in found if oldest is None or _after(m.ts, oldest) or (edge and m.ts == oldest)]
        found = [m for m in found if latest is None or _after(latest, m.ts) or (edge and m.ts == latest)]
        start = given.page_start(channel.id)
        end = start + given.number("limit", 1, 999, default=100)
        whole = given.flag("include_all_metadata")
        answer: Json = {"messages": [self.described(m, metadata=whole) for m in found[start:end]]}
        answer |= {"has_more": end < len(found), "pin_count": 0}
        if answer["has_more"]:
            answer["response_metadata"] = {"next_cursor": given.cursor(channel.id, end)}
        return answer

    # How Slack describes a message

    def _new(self, channel: Channel, text: str, blocks: list[Json], given: Arguments) -> Message:
        ws = self.workspace
        message = Message(channel.id, ws.ts(), text, blocks, ws.bot.id, ws.bot_id, posted_at=ws.clock.now())
        message.parsing = {name: given.get(name) for name in ("mrkdwn", "parse", "link_names") if name in given}
        return message

    def described(self, message: Message, *, metadata: bool = False) -> Json:
        return self.workspace.described(message, metadata=metadata)


def _after(one: str, other: str) -> bool:
    return float(one) > float(other)


def _is_payload(value: Any) -> bool:
    """Tell whether Slack takes this in an event_payload (MessageMetadata in @slack/types)."""
    flat = (str, int, float, bool)
    if isinstance(value, dict):
        return all(isinstance(part, flat) for part in value.values())
    if isinstance(value, list):
        return all(isinstance(part, dict) and _is_payload(part) for part in value)
    return isinstance(value, flat)
