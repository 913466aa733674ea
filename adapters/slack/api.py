"""Slack's Web API as we call it: one session, a time limit, no retries of the SDK's own, and answers in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.retry_after import pause
from flows.port import Refused, Uncertain

ANSWER_WITHIN = aiohttp.ClientTimeout(total=9, connect=5)  # seconds; less than the relay gives a delivery

# Source: the errors that docs.slack.dev lists for chat.postMessage, chat.update and conversations.open.
_GONE = frozenset({"cant_update_message", "channel_not_found", "edit_window_closed", "message_not_found"})
_FOR_GOOD = _GONE | {
    "cannot_dm_bot", "is_archived", "not_in_channel", "user_disabled", "user_not_found", "user_not_visible",
    "users_not_found",
}  # fmt: skip
# What the SDK, or we, stumble over in an answer of another shape than Slack's.
_STRANGE = (AttributeError, KeyError, RecursionError, TypeError)
_UNCERTAIN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})


def new_client(token: str, url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client that asks once: what is tried again is the outbox's to say, and a repeat could be shown twice."""
    return AsyncWebClient(token=token, base_url=url, session=session, retry_handlers=[])


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise `Refused` where Slack has said no, and `Uncertain` where nobody knows."""
    try:
        yield
    except SlackApiError as error:
        raise _said(error) from None
    except SlackRequestError:
        raise Refused("upload_refused") from None
    except aiohttp.ClientConnectorError:
        raise Refused("not_connected") from None  # nothing was sent
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        raise Uncertain("no_answer") from None
    except _STRANGE:
        raise Uncertain("strange_answer") from None


def text_in(answer: AsyncSlackResponse, *path: str) -> str:
    """Return a text of an answer; raise `Uncertain` where it isn't there: the SDK reads what is missing as None."""
    found: Any = answer.data
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, str):
        raise Uncertain("strange_answer")
    return found


def _said(error: SlackApiError) -> Refused | Uncertain:
    response: Any = error.response  # the SDK's, or aiohttp's own where there was no reading the answer
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    status = getattr(response, "status_code", getattr(response, "status", 0))
    if status == 429:
        return Refused("ratelimited", retry_after=_pause(response.headers))
    if isinstance(code, str) and code in _UNCERTAIN:
        return Uncertain(code)
    if not isinstance(code, str) or status >= 500:
        return Uncertain("no_answer")
    return Refused(code, for_good=code in _FOR_GOOD, is_gone=code in _GONE)


def _pause(headers: Any) -> timedelta | None:
    """Return how long Slack asks us to wait; None where it doesn't say so in seconds."""
    written = next((value for name, value in dict(headers).items() if name.lower() == "retry-after"), "")
    return pause(written) if isinstance(written, str) else None
