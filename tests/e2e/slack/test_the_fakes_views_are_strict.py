"""Triggers, modals and home tabs of the fake: what is refused, and what is taken."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.e2e.slack.people import Person
from tests.e2e.slack.pieces import asks, plain, section, text_input
from tests.e2e.slack.slack import Slack

Json = dict[str, Any]
MODAL: Json = {"type": "modal", "title": plain(), "blocks": [section()]}
HOME: Json = {"type": "home", "blocks": [section()]}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        yield slack


@pytest.fixture
def client(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, slack.api_url, timeout=1, retry_handlers=[])


@pytest.fixture
def ola(slack: Slack) -> Person:
    return slack.person("ola", email="ola@skole.no")


async def error_of(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_triggers_live_three_seconds_and_once(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    new = slack.workspace.new_trigger
    trigger = new(ola.id)
    slack.workspace.clock.advance(2.9)
    await client.views_open(trigger_id=trigger, view=MODAL)
    assert ola.modal
    assert await error_of(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
    assert await error_of(client.views_open(trigger_id="1.2.3", view=MODAL)) == "invalid_trigger_id"
    late = new(ola.id)
    slack.workspace.clock.advance(3.1)
    assert await error_of(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    with slack.expects("was open already"):
        await client.views_open(trigger_id=new(ola.id), view=MODAL)


async def test_modals_are_pushed_updated_and_closed(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    new = slack.workspace.new_trigger
    assert await error_of(client.views_push(trigger_id=new(ola.id), view=MODAL)) == "not_found"
    view = (await client.views_open(trigger_id=new(ola.id), view=MODAL))["view"]
    for _ in range(2):
        assert ola.modal
        pushed = (await client.views_push(trigger_id=new(ola.id, ola.modal.id), view=MODAL))["view"]
    assert pushed["root_view_id"] == view["id"]
    call = client.views_push(trigger_id=new(ola.id, pushed["id"]), view=MODAL)
    assert await error_of(call) == "push_limit_reached"
    updated = (await client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL))["view"]
    assert updated["hash"] != view["hash"]
    call = client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
    assert await error_of(call) == "hash_conflict"
    assert await error_of(client.views_update(view_id=view["id"], view=HOME)) == "invalid_arguments"
    await ola.closes(all_of_them=True)
    assert await error_of(client.views_update(view_id=view["id"], view=MODAL)) == "not_found"
    assert await error_of(client.api_call("views.update", json={"view": MODAL})) == "invalid_arguments"


async def test_views_that_slack_does_not_take(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    trigger = slack.workspace.new_trigger(ola.id)
    large = MODAL | {"blocks": [section(text=plain("x" * 2990)) for _ in range(100)]}
    named = MODAL | {"external_id": "one"}
    for view, error in [
        (MODAL | {"blocks": [asks(text_input())]}, "invalid_arguments"),
        (HOME, "invalid_arguments"),
        (large, "view_too_large"),
        ("{", "invalid_arguments"),
    ]:
        call = client.api_call("views.open", json={"trigger_id": trigger, "view": view})
        assert await error_of(call) == error
    await client.views_open(trigger_id=trigger, view=named)
    call = client.views_open(trigger_id=slack.workspace.new_trigger(ola.id), view=named)
    assert await error_of(call) == "duplicate_external_id"


async def test_home_tabs(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    first = (await client.views_publish(user_id=ola.id, view=HOME))["view"]
    second = (await client.views_publish(user_id=ola.id, view=HOME, hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    assert await error_of(client.views_publish(user_id=ola.id, view=HOME, hash=first["hash"])) == "hash_conflict"
    assert await error_of(client.views_publish(user_id="U1", view=HOME)) == "invalid_arguments"
    slack.workspace.home_tab_enabled = False
    assert await error_of(client.views_publish(user_id=ola.id, view=HOME)) == "not_enabled"
