"""The fake in the place of Teams takes what the documentation says, answers all else as Teams would, and notes it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from adapters.teams.messages import activity, line
from tests.adapters.fake_bot import ALERT, REPORT
from tests.adapters.fake_connector import MOST_BYTES, TOKEN_FORM, FakeConnector, fake_connector
from tests.adapters.teams_payloads import APP, OWN_CHAT, TENANT, USER

Json = dict[str, Any]

CHAT = f"v3/conversations/{OWN_CHAT}/activities"
OPEN: Json = {
    "bot": {"id": f"28:{APP}"},
    "isGroup": False,
    "members": [{"id": USER}],
    "tenantId": TENANT,
    "channelData": {"tenant": {"id": TENANT}},
}
CARD = activity(ALERT)


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        fake.installs(USER, OWN_CHAT)
        fake.chats[OWN_CHAT] = {"1": {}}
        fake.tokens.append("good")
        yield fake
        fake.complaints.clear()


async def call(teams: FakeConnector, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    sent = {"Authorization": "Bearer good"} | ({"Content-Type": "application/json"} if data else {}) | headers
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{teams.url}{path}", data=data, headers=sent) as answer,
    ):
        found = await answer.json(content_type=None) if answer.content_length else None
        return answer.status, found.get("error", {}).get("code", "") if found else ""


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "v3/conversations", OPEN),
        ("POST", "emea/v3/conversations", OPEN),
        ("POST", CHAT, CARD),
        ("POST", CHAT, activity(REPORT)),
        ("POST", CHAT, CARD | {"channelData": {"delivery": "d1"}}),
        ("POST", CHAT, line("Hei")),
        ("PUT", f"{CHAT}/1", CARD | {"id": "1"}),
        ("DELETE", f"{CHAT}/1", None),
    ],
)
async def test_what_is_documented_is_taken(teams: FakeConnector, method: str, path: str, body: Any) -> None:
    status, _ = await call(teams, method, path, body)
    assert status in (200, 201)
    assert teams.complaints == []


def card(**changes: Any) -> Json:
    attachment = CARD["attachments"][0]
    return CARD | {"attachments": [attachment | {"content": attachment["content"] | changes}]}


@pytest.mark.parametrize(
    ("method", "path", "body", "answer"),
    [
        ("GET", "", None, (404, "NotFound")),
        ("POST", "v3/conversations/", OPEN, (404, "NotFound")),
        ("POST", f"v3/conversations/{OWN_CHAT}/members", {}, (405, "MethodNotAllowed")),
        ("GET", CHAT, None, (405, "MethodNotAllowed")),
        ("PUT", CHAT, CARD, (405, "MethodNotAllowed")),
        ("POST", "v3/conversations/a/b/activities", CARD, (404, "NotFound")),
        ("POST", "v3/conversations", OPEN | {"isGroup": True}, (400, "BadSyntax")),
        ("POST", "v3/conversations", OPEN | {"tenantId": "another"}, (400, "BadSyntax")),
        ("POST", "v3/conversations", OPEN | {"members": []}, (400, "BadSyntax")),
        ("POST", "v3/conversations", OPEN | {"topicName": "x"}, (400, "BadSyntax")),
        ("POST", CHAT, b"", (415, "UnsupportedMediaType")),
        ("POST", CHAT, b"{", (400, "BadSyntax")),
        ("POST", CHAT, b"[]", (400, "BadSyntax")),
        ("POST", CHAT, b'{"type": NaN}', (400, "BadSyntax")),
        ("POST", CHAT, line("x" * MOST_BYTES), (413, "MessageSizeTooBig")),
        ("POST", CHAT, line(""), (400, "BadSyntax")),
        ("POST", CHAT, {"type": "message", "text": "Hei"}, (400, "BadSyntax")),
        ("POST", CHAT, line("Hei") | {"textFormat": "markdown"}, (400, "BadSyntax")),
        ("POST", CHAT, CARD | {"summary": ""}, (400, "BadSyntax")),
        ("POST", CHAT, CARD | {"text": "Hei"}, (400, "BadSyntax")),
        ("POST", CHAT, CARD | {"attachments": CARD["attachments"] * 2}, (400, "BadSyntax")),
        ("POST", CHAT, CARD | {"channelData": {"secret": "x"}}, (400, "BadSyntax")),
        ("POST", CHAT, card(version="1.6"), (400, "BadSyntax")),
        ("POST", CHAT, card(type="Card"), (400, "BadSyntax")),
        ("POST", CHAT, card(body=[{"type": "TextBlock", "text": "x"}]), (400, "BadSyntax")),
        ("PUT", f"{CHAT}/1", CARD, (400, "BadSyntax")),
        ("PUT", f"{CHAT}/1", CARD | {"id": "2"}, (400, "BadSyntax")),
        ("DELETE", f"{CHAT}/1", CARD, (400, "BadSyntax")),
    ],
)
async def test_what_is_not_documented_is_refused_and_noted(
    teams: FakeConnector, method: str, path: str, body: Any, answer: tuple[int, str]
) -> None:
    assert await call(teams, method, path, body) == answer
    assert len(teams.complaints) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "answer"),
    [
        ("POST", "v3/conversations", OPEN | {"members": [{"id": "kari"}]}, (403, "ForbiddenOperationException")),
        ("POST", "v3/conversations/a:x/activities", CARD, (404, "ConversationNotFound")),
        ("PUT", f"{CHAT}/9", CARD | {"id": "9"}, (404, "ActivityNotFoundInConversation")),
        ("DELETE", f"{CHAT}/9", None, (404, "ActivityNotFoundInConversation")),
        ("GET", f"v3/conversations/{OWN_CHAT}/members/29:x", None, (404, "MemberNotFoundInConversation")),
    ],
)
async def test_what_is_not_there_is_no_fault_of_the_call(
    teams: FakeConnector, method: str, path: str, body: Any, answer: tuple[int, str]
) -> None:
    assert await call(teams, method, path, body) == answer
    assert teams.complaints == []


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer bad", "bearer good", "Basic good"])
async def test_only_a_token_that_was_given_is_good(teams: FakeConnector, authorization: str) -> None:
    assert await call(teams, "POST", CHAT, CARD, Authorization=authorization) == (401, "Unauthorized")
    assert teams.stands(OWN_CHAT) == [{}]


@pytest.mark.parametrize("name", TOKEN_FORM)
async def test_a_token_is_given_for_the_documented_form_alone(teams: FakeConnector, name: str) -> None:
    form = TOKEN_FORM | {name: "another"}
    async with aiohttp.ClientSession() as session, session.post(f"{teams.url}token", data=form) as answer:
        assert answer.status == 401
    assert teams.complaints == ["token"]


async def test_what_was_not_taken_fails_the_test_at_its_end() -> None:
    with pytest.raises(AssertionError):
        async with fake_connector() as fake:
            await call(fake, "GET", "v1/nothing")
