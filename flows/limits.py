"""How large a card and its parts may be so that every platform shows them; what a card is stands in `cards.py`."""

from __future__ import annotations

# The tightest of Slack's and Teams' limits. Sources: docs.slack.dev/reference/block-kit, .../views/modal-views,
# learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
MAX_DIALOG_TITLE = 24
MAX_TITLE = 150
MAX_TEXT = 3000
MAX_ALTERNATIVE = 2000  # a picture's text
MAX_LABEL = 150
MAX_BUTTON_LABEL = 75
MAX_SUBMIT_LABEL = 24
MAX_OPTION_LABEL = 75
MAX_OPTIONS = 100  # more only in a field that searches
MAX_BLOCKS = 45
MAX_FACTS = 40
MAX_BUTTONS = 5
MAX_FIELDS = 20
MAX_REFERENCE = 150


class CardTooLarge(ValueError):
    """A card that some platform would refuse."""


def within(limit: int, size: str | int, what: str) -> None:
    """Raise `CardTooLarge` where a text or a number of things is over the limit."""
    length = size if isinstance(size, int) else len(size)
    if length > limit:
        raise CardTooLarge(f"{what} is {length} long, {limit} is allowed")


def shortened(text: str, limit: int) -> str:
    """Return a text in at most so many characters, an ellipsis where something is left out."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
