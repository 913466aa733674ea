"""What Teams' service says when it doesn't do as it was told, in its own words; how it fails stands in Slack's fake.

Source: learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages#status-codes
"""

from __future__ import annotations

from typing import Any

from tests.e2e.slack.trouble import Answer, Delay, Hang, LoseAnswer, Reset, Trouble, Troubles

__all__ = [
    "Answer",
    "Delay",
    "Hang",
    "LoseAnswer",
    "Reset",
    "Trouble",
    "Troubles",
    "blocked",
    "error",
    "failed",
    "throttled",
]


def error(code: str, message: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message or code}}


def throttled(retry_after: str | None = "1") -> Answer:
    """Take nothing more for a while; None leaves out for how long."""
    return Answer(
        429, error("Throttled", "Too many requests."), {} if retry_after is None else {"Retry-After": retry_after}
    )


def failed() -> Answer:
    """Do nothing, because somebody else does something in the same chat."""
    return Answer(412, error("PreconditionFailed", "Precondition failed, please try again."))


def blocked() -> Answer:
    return Answer(403, error("ConversationBlockedByUser", "User blocked the conversation with the bot."))
