"""Where Slack would read markup in what was posted or shown: mentions, links, formatting, emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

# docs.slack.dev/messaging/formatting-message-text
ALWAYS = {
    "special mention": r"<!(?:channel|here|everyone)(?:\|[^>]*)?>",
    "group mention": r"<!subteam\^[^>]+>",
    "date": r"<!date\^[^>]+>",
    "user mention": r"<@[A-Z0-9]+(?:\|[^>]*)?>",
    "channel link": r"<#[A-Z0-9]+(?:\|[^>]*)?>",
    "link": r"<(?:https?://|mailto:|tel:|slack:)[^>]+>",
    "preformatted": r"```[^`]+```",
    "code": r"(?<![`\w])`[^`\n]+`(?![`\w])",
    "bold": r"(?<![*\w])\*[^*\s](?:[^*\n]*[^*\s])?\*(?![*\w])",
    "italic": r"(?<![_\w])_[^_\s](?:[^_\n]*[^_\s])?_(?![_\w])",
    "strike": r"(?<![~\w])~[^~\s](?:[^~\n]*[^~\s])?~(?![~\w])",
    "quote": r"(?m)^(?:>|&gt;)[^\n]*",
    "emoji": r":(?=[^:\s]*[a-z])[a-z0-9_+'-]+:",
}
# Only where the text object doesn't say `verbatim`.
UNLESS_VERBATIM = {
    "bare link": r"(?<![<|\w])(?:https?://|www\.)[^\s<>|]+",
    "bare mail address": r"(?<![<|:\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
}
NAMES = {
    "bare mention": r"(?<![<\w])@(?:channel|here|everyone)\b",
    "channel name": r"(?<![<\w&])#[a-zæøå0-9_-]+",
}
RICH = {"user", "usergroup", "channel", "team", "broadcast", "link", "emoji", "date"}


@dataclass(frozen=True)
class Entity:
    """One piece of text that Slack would not show as it stands."""

    path: str
    kind: str
    text: str


def entities(text: str, path: str = "", *, verbatim: bool = False, names: bool = True) -> list[Entity]:
    """Find what Slack would resolve in a piece of mrkdwn; `names` for bare channel names and @here."""
    kinds = ALWAYS | ({} if verbatim else UNLESS_VERBATIM | (NAMES if names else {}))
    return [Entity(path, kind, found) for kind, rule in kinds.items() for found in _all(rule, text)]


def markup_in(posted: Json) -> list[Entity]:
    """Find all markup in a message, an ephemeral or a view, given as JSON with `text` and `blocks`.

    The text of a message is markup unless `mrkdwn` is false; bare names in it are read only where `parse` is "full" or
    `link_names` is set.
    """
    found: list[Entity] = []
    if isinstance(posted.get("text"), str) and posted.get("mrkdwn") is not False:
        names = posted.get("parse") == "full" or bool(posted.get("link_names"))
        found += entities(posted["text"], "/text", names=names)
    for name, value in posted.items():
        if name not in ("text", "metadata"):
            found += _within(value, f"/{name}")
    return found


def _within(value: Any, path: str) -> Iterator[Entity]:
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _within(part, f"{path}/{index}")
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind in ("mrkdwn", "markdown"):
            yield from entities(value["text"], f"{path}/text", verbatim=value.get("verbatim") is True)
        elif kind == "plain_text" and value.get("emoji", True):
            yield from (Entity(f"{path}/text", "emoji", each) for each in _all(ALWAYS["emoji"], value["text"]))
        elif kind in RICH and path.split("/")[-2:-1] == ["elements"]:
            yield Entity(path, f"rich text {kind}", str(value))
        for name, part in value.items():
            yield from _within(part, f"{path}/{name}")


def _all(rule: str, text: str) -> list[str]:
    return [found.group() for found in re.finditer(rule, text)]
