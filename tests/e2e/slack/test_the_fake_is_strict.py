"""The Web API of the fake: each rule that refuses is shown to refuse, and to take its neighbour."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.e2e.slack.people import Person
from tests.e2e.slack.pieces import plain, section
from tests.e2e.slack.slack import Slack

Json = dict[str, Any]
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


async def dm_with(client: AsyncWebClient, person: Person) -> str:
    return str((await client.conversations_open(users=person.id))["channel"]["id"])


async def test_tokens(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    me = await client.auth_test()
    assert (me["team_id"], me["bot_id"]) == (slack.workspace.team_id, slack.workspace.bot_id)
    assert not slack.faults
    assert await error_of(AsyncWebClient("", slack.api_url).auth_test()) == "not_authed"
    assert await error_of(AsyncWebClient("xoxb-2", slack.api_url).auth_test()) == "invalid_auth"
    assert await error_of(AsyncWebClient(slack.app_token, slack.api_url).auth_test()) == "not_allowed_token_type"
    assert await error_of(client.apps_connections_open(app_token=slack.bot_token)) == "not_allowed_token_type"
    slack.workspace.token_refused_as = "token_revoked"
    assert await error_of(client.auth_test()) == "token_revoked"
    assert len(slack.faults) == 5


@pytest.mark.parametrize(
    ("scope", "method", "arguments"),
    [
        ("chat:write", "chat.postMessage", {"channel": "D", "text": "x"}),
        ("im:write", "conversations.open", {"users": "ola"}),
        ("im:history", "conversations.history", {"channel": "D"}),
        ("users:read", "users.info", {"user": "ola"}),
        ("users:read", "users.list", {}),
        ("users:read.email", "users.lookupByEmail", {"email": "ola@skole.no"}),
    ],
)
async def test_scopes(slack: Slack, ola: Person, scope: str, method: str, arguments: Json) -> None:
    known = {"D": slack.workspace.open_im(ola.id).id, "ola": ola.id}
    arguments = {name: known.get(value, value) for name, value in arguments.items()}
    client = AsyncWebClient(slack.bot_token, slack.api_url)
    await client.api_call(method, json=arguments)
    slack.workspace.scopes.discard(scope)
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert scope not in answer["provided"].split(",")
    slack.workspace.scopes.clear()
    assert (await client.views_publish(user_id=ola.id, view=HOME))["ok"], "views need no scope"


async def test_people_are_found_by_mail_unless_they_are_gone(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    assert (await client.users_lookupByEmail(email="OLA@skole.no"))["user"]["id"] == ola.id
    assert await error_of(client.users_lookupByEmail(email="kari@skole.no")) == "users_not_found"
    assert await error_of(client.users_info(user="U1")) == "user_not_found"
    dm = await dm_with(client, ola)
    ola.user.deleted = True
    assert await error_of(client.users_lookupByEmail(email="ola@skole.no")) == "users_not_found"
    assert await error_of(client.conversations_open(users=ola.id)) == "user_disabled"
    assert (await client.users_info(user=ola.id))["user"]["deleted"]
    assert (await client.chat_postMessage(channel=dm, text="x"))["ok"], "Slack takes it, and nobody reads it"
    assert not slack.faults, "none of this could be known beforehand"
    slack.workspace.scopes.discard("users:read.email")
    assert "email" not in (await client.users_info(user=ola.id))["user"]["profile"]


async def test_users_come_in_pages(slack: Slack, client: AsyncWebClient) -> None:
    names = {slack.person(f"person{number}").user.name for number in range(5)}
    found, cursor = [], ""
    while True:
        page = await client.users_list(limit=2, cursor=cursor)
        found += [member["name"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert sorted(found) == sorted({*names, "rusplan"})
    assert await error_of(client.users_list(cursor="no cursor")) == "invalid_cursor"


async def test_where_one_may_post(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    ws = slack.workspace
    ours, theirs = ws.add_channel("ours", ws.bot.id), ws.add_channel("theirs")
    hidden = ws.add_channel("hidden", is_private=True)
    await client.chat_postMessage(channel=ours.id, text="x")
    await client.chat_postMessage(channel="#ours", text="x")
    assert not slack.faults
    assert await error_of(client.chat_postMessage(channel=theirs.id, text="x")) == "not_in_channel"
    assert await error_of(client.chat_postMessage(channel=hidden.id, text="x")) == "channel_not_found"
    assert await error_of(client.chat_postMessage(channel="C1", text="x")) == "channel_not_found"
    ours.is_archived = True
    assert await error_of(client.chat_postMessage(channel=ours.id, text="x")) == "is_archived"
    with slack.expects("leads to Slackbot"):
        await client.chat_postMessage(channel=ola.id, text="x")
    dm = await dm_with(client, ola)
    ws.messages_tab_enabled = False
    assert await error_of(client.chat_postMessage(channel=dm, text="x")) == "messages_tab_disabled"


async def test_what_one_may_post(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    dm = await dm_with(client, ola)
    posted = await client.chat_postMessage(channel=dm, text="x" * 4000, blocks=[section()])
    assert posted["message"]["blocks"][0]["block_id"], "Slack gives each block an id"
    assert posted["message"]["blocks"][0]["text"]["emoji"] is True
    assert not slack.faults
    post, update = "chat.postMessage", "chat.update"
    this = {"channel": dm, "ts": posted["ts"]}
    wrong = section(text=plain("x" * 3001))
    refused: list[tuple[str, Json, str]] = [
        (post, {"channel": dm, "text": ""}, "no_text"),
        (post, {"channel": dm, "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        (post, {"channel": dm, "text": "x", "blocks": [wrong]}, "invalid_blocks"),
        (post, {"channel": dm, "text": "x", "blocks": json.dumps([wrong])}, "invalid_blocks"),
        (post, {"channel": dm, "text": "x", "blocks": [section(text=plain("x" * 3000))] * 5}, "msg_blocks_too_long"),
        (post, {"text": "x"}, "invalid_arguments"),
        (post, {"channel": dm, "text": 5}, "invalid_arguments"),
        (update, this | {"text": "x" * 4001}, "msg_too_long"),
        ("chat.postmessage", {"channel": dm, "text": "x"}, "unknown_method"),
    ]
    for method, arguments, error in refused:
        assert await error_of(client.api_call(method, json=arguments)) == error
    with slack.expects("without words"):
        await client.api_call(post, json={"channel": dm, "blocks": [section()]})
    with slack.expects("split or cut"):
        await client.chat_postMessage(channel=dm, text="x" * 4001)
    with slack.expects("unknown arguments chanel"):
        await client.api_call(post, json={"channel": dm, "text": "x", "chanel": dm})
    with pytest.raises(SlackApiError, match=r"must be less than 3001 characters \[json-pointer:/blocks/0/text/text\]"):
        await client.chat_postMessage(channel=dm, text="x", blocks=[wrong])


async def test_arguments_come_in_three_ways(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    dm = await dm_with(client, ola)
    blocks = json.dumps([section()])
    for how in ({"params": {"channel": dm, "text": "q", "blocks": blocks}}, {"data": {"channel": dm, "text": "f"}}):
        await client.api_call("chat.postMessage", **how)  # type: ignore[arg-type]
    await client.api_call("chat.postMessage", json={"channel": dm, "text": "j", "blocks": blocks})
    assert [message.text for message in ola.dm] == ["q", "f", "j"]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {slack.bot_token}"}) as http:
        for body, kind, error in [("{", "application/json", "invalid_json"), ("x", "text/css", "invalid_post_type")]:
            answer = await http.post(f"{slack.api_url}auth.test", data=body, headers={"Content-Type": kind})
            assert (await answer.json())["error"] == error


async def test_metadata(client: AsyncWebClient, ola: Person) -> None:
    dm = await dm_with(client, ola)
    event: Json = {"event_type": "delivery", "event_payload": {"delivery_id": "7"}}
    ts = str((await client.chat_postMessage(channel=dm, text="x", metadata=event))["ts"])
    assert "metadata" not in (await client.conversations_history(channel=dm))["messages"][0]
    changes: list[tuple[Json, Json | None]] = [({}, event), ({"metadata": {}}, None)]
    for change, kept in changes:
        await client.api_call("chat.update", json={"channel": dm, "ts": ts, "text": "y"} | change)
        found = (await client.conversations_history(channel=dm, include_all_metadata=True))["messages"][0]
        assert found.get("metadata") == kept
    for payload in ({"a": [1]}, {"a": {"b": {"c": 1}}}, {"a": None}, "x"):
        wrong = {"event_type": "delivery", "event_payload": payload}
        call = client.api_call("chat.postMessage", json={"channel": dm, "text": "x", "metadata": wrong})
        assert await error_of(call) == "invalid_metadata_schema"


async def test_only_ones_own_messages_are_changed(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    dm = await dm_with(client, ola)
    slack.workspace.scopes.discard("im:history")
    with slack.expects("is not told"):
        await ola.writes("hei & <hallo>")
    assert ola.dm[0].text == "hei &amp; &lt;hallo&gt;"
    theirs = ola.dm[0].ts
    assert await error_of(client.chat_update(channel=dm, ts=theirs, text="x")) == "cant_update_message"
    assert await error_of(client.chat_delete(channel=dm, ts=theirs)) == "cant_delete_message"
    ours = (await client.chat_postMessage(channel=dm, text="x", blocks=[section()]))["ts"]
    await client.chat_update(channel=dm, ts=ours, text="y")
    assert ola.dm[1].blocks, "blocks that aren't mentioned stay"
    await client.chat_update(channel=dm, ts=ours, text="y", blocks=[])
    assert not ola.dm[1].blocks
    await client.chat_delete(channel=dm, ts=ours)
    assert await error_of(client.chat_update(channel=dm, ts=ours, text="x")) == "message_not_found"
    assert await error_of(client.chat_delete(channel=dm, ts="1.0")) == "message_not_found"
    assert slack.workspace.everything_posted().count('"y"') == 2, "what was edited and deleted is still known"


async def test_ephemerals_are_for_members_and_in_no_history(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    ws, kari = slack.workspace, slack.person("kari")
    channel = ws.add_channel("ours", ws.bot.id, ola.id)
    ws.scopes.add("channels:history")
    await client.chat_postEphemeral(channel=channel.id, user=ola.id, text="psst")
    assert [each.text for each in ola.ephemerals] == ["psst"]
    assert not kari.ephemerals
    assert not (await client.conversations_history(channel=channel.id))["messages"]
    call = client.chat_postEphemeral(channel=channel.id, user=kari.id, text="x")
    assert await error_of(call) == "user_not_in_channel"
    assert "psst" in ws.everything_posted()


async def test_history(slack: Slack, client: AsyncWebClient, ola: Person) -> None:
    dm = await dm_with(client, ola)
    at = [str((await client.chat_postMessage(channel=dm, text=f"{number}"))["ts"]) for number in range(5)]

    async def texts(**arguments: Any) -> str:
        found = await client.conversations_history(channel=dm, **arguments)
        return "".join(message["text"] for message in found["messages"])

    assert await texts() == "43210"
    assert await texts(oldest=at[2]) == "43"
    assert await texts(oldest=at[2], inclusive=True) == "432"
    assert await texts(latest=at[2]) == "10"
    page = await client.conversations_history(channel=dm, limit=3)
    assert page["has_more"]
    assert await texts(limit=3, cursor=page["response_metadata"]["next_cursor"]) == "10"
    assert await error_of(client.conversations_history(channel=dm, limit=1000)) == "invalid_limit"
    assert await error_of(client.conversations_history(channel=dm, oldest="yesterday")) == "invalid_ts_oldest"
    slack.workspace.history_lags_by = 5
    assert await texts() == ""
    slack.workspace.clock.advance(5.1)
    assert await texts() == "43210"
