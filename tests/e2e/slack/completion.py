"""What Slack adds to blocks it stores: ids that were left out, and the switches of texts."""

from __future__ import annotations

import copy
from typing import Any

from tests.e2e.slack.block_kit import elements_of
from tests.e2e.slack.workspace import Json, Workspace


def complete(blocks: list[Json], workspace: Workspace) -> list[Json]:
    """Give the blocks as Slack returns them: a fresh id for each that has none, `emoji` and `verbatim` said."""
    result = copy.deepcopy(blocks)
    for block in result:
        block.setdefault("block_id", workspace.id("b"))
        _texts(block)
    for _, element in elements_of(result):
        element.setdefault("action_id", workspace.id("a"))
    return result


def _texts(value: Any) -> None:
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        for part in value.values():
            _texts(part)
    elif isinstance(value, list):
        for part in value:
            _texts(part)
