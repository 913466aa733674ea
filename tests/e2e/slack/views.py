"""Opening, pushing and updating modals, and publishing home tabs, with everything Slack refuses."""

from __future__ import annotations

from typing import Any

from tests.e2e.slack import block_kit
from tests.e2e.slack.arguments import Arguments, Refused
from tests.e2e.slack.completion import complete
from tests.e2e.slack.form import initial_state, kept_state
from tests.e2e.slack.workspace import DEEPEST_STACK, Json, Trigger, View, Workspace


class Views:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    # The checks

    def checked(self, view: Any, kind: str, *, replacing: View | None = None) -> Json:
        """Give the view as Slack completes it; raise Refused for one that it doesn't take."""
        if not isinstance(view, dict):
            raise Refused("invalid_arguments", "must provide an object [json-pointer:/view]")
        if view.get("type") not in ("modal", "home"):
            raise Refused("invalid_arguments", "must be modal or home [json-pointer:/view/type]")
        if view["type"] != kind:
            raise Refused("invalid_arguments", f"must be {kind} [json-pointer:/view/type]")
        if block_kit.view_too_large(view):
            raise Refused("view_too_large")
        if faults := block_kit.validate_view(view, kind):
            raise Refused("invalid_arguments", *faults)
        same = self.workspace.open_view(None, view.get("external_id"))
        if same and same is not replacing:
            raise Refused("duplicate_external_id")
        nothing: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "submit": None, "close": None}
        nothing |= {"clear_on_close": False, "notify_on_close": False}
        return nothing | view | {"blocks": complete(view["blocks"], self.workspace)}

    def _exchanged(self, given: Arguments) -> Trigger:
        trigger = self.workspace.exchange(given.text("trigger_id"))
        if isinstance(trigger, str):
            raise Refused(trigger)
        return trigger

    # What a user sees

    def add(self, user_id: str, payload: Json, previous: View | None, how: str) -> View:
        view = self.workspace.new_view(user_id, payload, previous)
        view.state = initial_state(view.blocks)
        if previous is None and self.workspace.close(user_id):
            # Slack says ok, and whether anything shows is chance: github.com/slackapi/bolt-js/issues/1827
            self.workspace.fault("views.open: a modal was open already; update it or push onto it")
        self.workspace.stack(user_id).append(view)
        self.workspace.show(payload, how, user_id)
        return view

    def replace(self, view: View, payload: Json, how: str) -> View:
        """Show other content in a view; what was filled in stays where block_id and action_id are the same."""
        view.state = kept_state(payload["blocks"], view.state)
        view.payload, view.errors, view.hash = payload, {}, self.workspace.new_hash()
        self.workspace.show(payload, how, view.user)
        return view

    # The methods

    def open(self, given: Arguments) -> Json:
        payload = self.checked(given.get("view"), "modal")
        trigger = self._exchanged(given)
        return {"view": self.workspace.as_slack_gives(self.add(trigger.user, payload, None, "opened"))}

    def push(self, given: Arguments) -> Json:
        payload = self.checked(given.get("view"), "modal")
        trigger = self._exchanged(given)
        stack = self.workspace.stack(trigger.user)
        if not stack or trigger.view_id not in {view.id for view in stack}:
            raise Refused("not_found")
        if len(stack) >= DEEPEST_STACK:
            raise Refused("push_limit_reached")
        return {"view": self.workspace.as_slack_gives(self.add(trigger.user, payload, stack[-1], "pushed"))}

    def update(self, given: Arguments) -> Json:
        if "view_id" not in given and "external_id" not in given:
            raise Refused("invalid_arguments", "either view_id or external_id is required")
        view = self.workspace.open_view(given.get("view_id"), given.get("external_id"))
        if not view:
            raise Refused("not_found")
        payload = self.checked(given.get("view"), view.payload["type"], replacing=view)
        if "hash" in given and given.get("hash") != view.hash:
            raise Refused("hash_conflict")
        return {"view": self.workspace.as_slack_gives(self.replace(view, payload, "updated"))}

    def publish(self, given: Arguments) -> Json:
        user = self.workspace.users.get(given.text("user_id"))
        if not user or user.deleted or user.is_bot:
            raise Refused("invalid_arguments", "invalid `user_id`")
        if not self.workspace.home_tab_enabled:
            raise Refused("not_enabled")
        home = self.workspace.homes.get(user.id)
        payload = self.checked(given.get("view"), "home", replacing=home)
        if home and "hash" in given and given.get("hash") != home.hash:
            raise Refused("hash_conflict")
        if home:
            self.replace(home, payload, "published")
        else:
            home = self.workspace.homes[user.id] = self.workspace.new_view(user.id, payload)
            home.state = initial_state(home.blocks)
            self.workspace.show(payload, "published", user.id)
        return {"view": self.workspace.as_slack_gives(home)}
