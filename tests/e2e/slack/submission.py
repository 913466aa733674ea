"""What happens on the screen after a form was sent: it closes, or shows errors or another view."""

from __future__ import annotations

from typing import Any

from tests.e2e.door import Answer
from tests.e2e.slack.arguments import Refused
from tests.e2e.slack.views import Views
from tests.e2e.slack.workspace import DEEPEST_STACK, Json, View

FIELDS = {"errors": {"errors"}, "update": {"view"}, "push": {"view"}, "clear": set[str]()}


def take_answer(views: Views, view: View, ack: Answer) -> str:
    """Do what the bot's answer to a submission says; give what is wrong with it, or "".

    docs.slack.dev/surfaces/modals: an empty 200 closes the view.
    """
    answer = ack.json() if ack.body else {}
    if not isinstance(answer, dict):
        return f"it is no JSON object: {ack.body!r}"
    if not answer:
        _remove(views, view)
        return ""
    action = answer.get("response_action")
    if action not in FIELDS:
        return f"response_action is {action!r}"
    if set(answer) != FIELDS[action] | {"response_action"}:
        return f"response_action {action} with the fields {sorted(answer)}"
    if action == "errors":
        return _show_errors(views, view, answer["errors"])
    if action == "clear":
        views.workspace.close(view.user)
        return ""
    return _show(views, view, answer["view"], action)


def _remove(views: Views, view: View) -> None:
    stack = views.workspace.stack(view.user)
    if view in stack:
        stack.remove(view)
        views.workspace.closed_views.add(view.id)


def _show_errors(views: Views, view: View, errors: Any) -> str:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        return "errors must name at least one block"
    if strange := sorted(set(errors) - inputs):
        return f"errors for {strange}, which are no block_ids of input blocks in this view"
    if not all(isinstance(each, str) and each for each in errors.values()):
        return "errors must be texts"
    view.errors = dict(errors)
    views.workspace.show({"errors": errors}, "errors", view.user)
    return ""


def _show(views: Views, view: View, shown: Json, action: str) -> str:
    stack = views.workspace.stack(view.user)
    try:
        payload = views.checked(shown, "modal", replacing=view if action == "update" else None)
    except Refused as refused:
        return ": ".join([refused.error, *refused.details])
    if view not in stack:
        return f"response_action {action} for a view that isn't open any more"
    if action == "update":
        views.replace(view, payload, "updated")
    elif len(stack) >= DEEPEST_STACK:
        return "push_limit_reached"
    else:
        views.add(view.user, payload, view, "pushed")
    return ""
