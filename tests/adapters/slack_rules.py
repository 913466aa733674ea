"""What finds a fault in blocks and views: Slack's rules, the models of Slack's own library, and markup nobody meant."""

from __future__ import annotations

from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.e2e.slack.block_kit import too_long, validate, validate_view, view_too_large
from tests.e2e.slack.markup import markup_in

Json = dict[str, Any]


def message_faults(blocks: list[Json], text: str = "") -> list[str]:
    """Return everything that is wrong with a message of these blocks and this fallback text."""
    faults = validate(blocks, "message") + model_faults(blocks) + markup({"text": text, "blocks": blocks})
    return faults + (["too long"] if too_long(blocks) else [])


def view_faults(view: Json) -> list[str]:
    """Return everything that is wrong with a modal or an App Home."""
    faults = validate_view(view, view["type"]) + markup(view)
    faults += ["too large"] if view_too_large(view) else []
    try:
        read = View(**view).to_dict()
    except SlackObjectFormationError as error:
        return [*faults, str(error)]
    return faults + ([] if read == view else ["Slack's own library reads another view in it"])


def model_faults(blocks: list[Json]) -> list[str]:
    """Return what Slack's own library doesn't accept, or reads otherwise."""
    try:
        read = [block.to_dict() for block in Block.parse_all(blocks)]
    except (SlackObjectFormationError, AttributeError) as error:  # a block that it doesn't know is None there
        return [str(error)]
    return [] if read == blocks else ["Slack's own library reads other blocks in it"]


def markup(shown: Json) -> list[str]:
    """Return the markup in what is shown; a link of the plan's own is meant."""
    return [str(each) for each in markup_in(shown) if each.kind != "rich text link"]
