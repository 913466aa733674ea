"""The Bot Connector of the fake: each rule that refuses is shown to refuse, and to take its neighbour."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.e2e.slack.trouble import Delay, LoseAnswer, Reset
from tests.e2e.teams.cards import MOST_BYTES
from tests.e2e.teams.people import Person
from tests.e2e.teams.teams import Teams
from tests.e2e.teams.tenant import Json
from tests.e2e.teams.tiny_bot import button, card, choices, field_, message, words
from tests.e2e.teams.trouble import blocked, throttled

CARD = card(words("Hei"), actions=(button(),))


@dataclass
class Client:
    """A bot as the service sees it."""

    teams: Teams
    http: aiohttp.ClientSession
    token: str = ""

    async def signs_in(self, **changes: str) -> int:
        """Ask for a token as the bot does, with changes."""
        environ = self.teams.environment
        form = {"grant_type": "client_credentials", "scope": "https://api.botframework.com/.default"}
        form |= {"client_id": environ["MICROSOFT_APP_ID"], "client_secret": environ["MICROSOFT_APP_PASSWORD"]}
        async with self.http.post(environ["TEAMS_TOKEN_URL"], data=form | changes) as answer:
            self.token = (await answer.json()).get("access_token", "")
            return answer.status

    async def asks(self, method: str, path: str, body: Any = None) -> tuple[int, Json]:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.teams.identity.base_url}/v3/conversations{path}"
        async with self.http.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def opens(self, user: str, **changes: Any) -> tuple[int, Json]:
        tenant = self.teams.tenant
        asked = {"bot": {"id": tenant.bot}, "isGroup": False, "members": [{"id": user}], "tenantId": tenant.id}
        return await self.asks("POST", "", asked | {"channelData": {"tenant": {"id": tenant.id}}} | changes)

    async def posts(self, activity: Any, chat: str) -> tuple[int, Json]:
        return await self.asks("POST", f"/{chat}/activities", activity)


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams() as teams:
        yield teams


@pytest.fixture
async def client(teams: Teams) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        client = Client(teams, http)
        await client.signs_in()
        yield client


@pytest.fixture
def ola(teams: Teams) -> Person:
    return teams.person("ola", email="ola@skole.no")


def code(answer: tuple[int, Json]) -> tuple[int, str]:
    status, body = answer
    return status, body["error"]["code"]


async def test_tokens(teams: Teams, client: Client, ola: Person) -> None:
    assert (await client.opens(ola.user.aad))[0] == 200
    assert await client.signs_in(client_secret="another") == 401
    assert await client.signs_in(scope="https://graph.microsoft.com/.default") == 401
    assert code(await client.opens(ola.user.aad)) == (401, "Unauthorized")
    assert await client.signs_in() == 200
    teams.identity.tokens[client.token] = 0  # it is over
    assert code(await client.opens(ola.user.aad)) == (401, "Unauthorized")
    assert len(teams.faults) == 4


async def test_a_chat_is_opened_with_one_person_of_the_tenant_who_has_the_app(
    teams: Teams, client: Client, ola: Person
) -> None:
    _, made = await client.opens(ola.user.aad)
    assert made == (await client.opens(ola.user.id))[1] == {"id": teams.tenant.personal(ola.user).id}
    for changes in (
        {"isGroup": True},
        {"tenantId": "another"},
        {"channelData": {"tenant": {"id": "another"}}},
        {"bot": {"id": "28:another"}},
        {"members": []},
        {"members": [{"id": ola.user.id}] * 2},
        {"activity": {}},
    ):
        assert code(await client.opens(ola.user.aad, **changes)) == (400, "BadSyntax"), changes
    assert len(teams.faults) == 7
    ola.user.has_app = False
    assert code(await client.opens(ola.user.aad)) == (403, "BotNotInConversationRoster")
    assert code(await client.opens("nobody")) == (403, "BotNotInConversationRoster")
    assert len(teams.faults) == 7, "that the bot could not know"


LINK = {"type": "Action.OpenUrl", "title": "x", "url": "http://x"}
WRONG: dict[str, tuple[Any, str]] = {
    "no message": ({"type": "typing"}, "no message"),
    "no object": ([], "no message"),
    "nothing": ({"type": "message"}, "neither words nor a card"),
    "a card and words": (message(CARD, text="x", textFormat="plain"), "or both"),
    "words in no format": ({"type": "message", "text": "x"}, "neither words"),
    "words in another format": ({"type": "message", "text": "x", "textFormat": "html"}, "neither words"),
    "an unknown name": (message(CARD, replyTo="1"), "unknown: .'replyTo'"),
    "nothing for a lock screen": (message(CARD, summary=""), "lock screen"),
    "two cards": ({**message(CARD), "attachments": message(CARD)["attachments"] * 2}, "not one attachment"),
    "another kind of card": (
        {**message(CARD), "attachments": [{"contentType": "application/json", "content": CARD}]},
        "no Adaptive Card",
    ),
    "no card": (message({}), "no Adaptive Card"),
    "a newer card": (message({**CARD, "version": "1.6"}), "no Adaptive Card 1.5"),
    "an unknown element": (message(card({"type": "Label", "text": "x"})), "schema"),
    "an unknown property": (message(card({**words("x"), "bold": True})), "schema"),
    "a value of another type": (message(card({**words("x"), "separator": "yes"})), "schema"),
    "words that a client replaces": (message(card(words("{{DATE(2026-01-01T00:00:00Z)}}"))), "writes a date"),
    "an id twice": (message(card(field_("Text"), field_("Date"))), "the id 'a' is there 2 times"),
    "an input without a label": (message(card({"type": "Input.Text", "id": "a"})), "a label"),
    "a required input that says nothing": (message(card(field_("Text", isRequired=True))), "left empty"),
    "a value that is no choice": (message(card(choices("ja", "nei", value="ja,kanskje"))), "'kanskje' is no choice"),
    "nothing to choose from": (message(card(choices())), "nothing to choose from"),
    "a query without a name": (message(card(choices("ja", **{"choices.data": {"type": "Data.Query"}}))), "schema"),
    "seven actions": (message(card(words("x"), actions=(button(),) * 7)), "7 actions"),
    "an action without words": (message(card(words("x"), actions=(button(""),))), "without a title"),
    "an action that an older client lacks": (
        message(card(words("x"), actions=({**button(), "fallback": "drop"},))),
        "doesn't know Action.Execute",
    ),
    "a link to anywhere": (message(card(words("x"), actions=(LINK,))), "opens no page"),
}


@pytest.mark.parametrize(("activity", "why"), WRONG.values(), ids=WRONG)
async def test_a_message_that_teams_would_refuse_or_show_wrongly(
    teams: Teams, client: Client, ola: Person, activity: Any, why: str
) -> None:
    with teams.expects(f"post: 400 BadSyntax: .*{why}"):
        assert code(await client.posts(activity, teams.tenant.personal(ola.user).id)) == (400, "BadSyntax")
    assert not teams.faults
    assert not ola.chat


async def test_messages_that_teams_takes(teams: Teams, client: Client, ola: Person) -> None:
    chat = teams.tenant.personal(ola.user).id
    for activity in (
        message(CARD, channelData={"delivery": "1"}),
        {"type": "message", "text": "Hei", "textFormat": "plain"},
        message(card(choices("ja", "nei", value="ja"), actions=(button(),) * 6)),
        message(card(choices("ja", style="filtered", **{"choices.data": {"type": "Data.Query", "dataset": "x"}}))),
    ):
        assert (await client.posts(activity, chat))[0] == 200
    assert [message.author for message in ola.chat] == [teams.tenant.bot] * 4
    assert not teams.faults


async def test_a_message_has_room_for_twenty_eight_kilobytes(teams: Teams, client: Client, ola: Person) -> None:
    chat = teams.tenant.personal(ola.user).id
    assert (await client.posts(message(card(words("å" * (MOST_BYTES // 2 - 200)))), chat))[0] == 200
    assert code(await client.posts(message(card(words("å" * (MOST_BYTES // 2)))), chat)) == (413, "MessageSizeTooBig")


async def test_a_message_is_changed_and_taken_away_in_its_place(teams: Teams, client: Client, ola: Person) -> None:
    chat = teams.tenant.personal(ola.user).id
    id_ = (await client.posts(message(CARD), chat))[1]["id"]
    path, changed = f"/{chat}/activities/{id_}", card(words("Nytt"))
    assert (await client.asks("PUT", path, message(changed, id=id_)))[0] == 200
    assert [each.card for each in ola.chat] == [changed]
    assert code(await client.asks("PUT", path, message(CARD, id="another"))) == (400, "BadSyntax")
    assert code(await client.asks("PUT", f"/{chat}/activities/1", message(CARD, id="1")))[0] == 404
    assert (await client.asks("DELETE", path))[0] == 200
    assert not ola.chat
    assert code(await client.asks("DELETE", path)) == (404, "ActivityNotFoundInConversation")
    assert len(teams.tenant.posted) == 2


async def test_a_bot_writes_where_it_is_and_where_nobody_has_shut_it_out(
    teams: Teams, client: Client, ola: Person
) -> None:
    kari = teams.person("kari", email="kari@skole.no")
    tenant, user = teams.tenant, ola.user
    assert (await client.posts(message(CARD), tenant.group(user, kari.user).id))[0] == 200
    among_two = tenant.between(user, kari.user).id
    assert code(await client.posts(message(CARD), among_two)) == (403, "BotNotInConversationRoster")
    assert code(await client.posts(message(CARD), "19:nowhere")) == (404, "ConversationNotFound")
    own = tenant.personal(user).id
    user.has_blocked = True
    assert code(await client.posts(message(CARD), own)) == (403, "ConversationBlockedByUser")
    user.has_blocked, user.has_app = False, False
    assert code(await client.posts(message(CARD), own)) == (403, "BotNotInConversationRoster")
    assert not teams.faults


async def test_somebody_is_known_in_a_chat_that_he_is_in(teams: Teams, client: Client, ola: Person) -> None:
    kari = teams.person("kari", email="kari@skole.no", role="guest")
    group = teams.tenant.group(kari.user)
    status, found = await client.asks("GET", f"/{group.id}/members/{kari.user.id}")
    assert (status, found["email"], found["userRole"]) == (200, "kari@skole.no", "guest")
    assert (await client.asks("GET", f"/{group.id}/members/{ola.user.id}"))[0] == 404


async def test_troubles_come_in_their_order_and_before_or_after_the_effect(
    teams: Teams, client: Client, ola: Person
) -> None:
    chat = teams.tenant.personal(ola.user).id
    teams.trouble("post", throttled("7"), blocked(), Reset(), LoseAnswer("500"), LoseAnswer("close"), Delay(after=0.2))
    assert code(await client.posts(message(CARD), chat)) == (429, "Throttled")
    assert code(await client.posts(message(CARD), chat)) == (403, "ConversationBlockedByUser")
    with pytest.raises(aiohttp.ClientError):
        await client.posts(message(CARD), chat)
    assert not ola.chat
    with pytest.raises(aiohttp.ContentTypeError):
        await client.posts(message(CARD), chat)
    with pytest.raises(aiohttp.ClientError):
        await client.posts(message(CARD), chat)
    assert len(ola.chat) == 2
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.posts(message(CARD), chat), 0.1)
    assert len(ola.chat) == 3
    assert (await client.posts(message(CARD), chat))[0] == 200
    assert [call.status for call in teams.calls_of("post")][:5] == [429, 403, None, 500, None]
