"""Who is who in Teams: an account by its id where the app is installed, an e-mail of our own tenant's people alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.teams.acts import Chat
from flows.port import Address, Refused, Uncertain
from tests.adapters.fake_connector import FakeConnector, fake_connector
from tests.adapters.fake_slack import says
from tests.adapters.teams_payloads import (
    GROUP,
    MEMBER,
    OLA,
    OWN_CHAT,
    SAID,
    SAID_IN_GROUP,
    TENANT,
    USER,
)
from tests.adapters.teams_scene import KeptPlaces, Scene, scene

EMAIL = "ola.haugen@skole.example"
OLAS: dict[str, Any] = {
    "id": MEMBER,
    "name": "Ola Haugen",
    "aadObjectId": USER,
    "email": EMAIL,
    "userPrincipalName": "ola@skole.example",
    "tenantId": TENANT,
    "userRole": "user",
}


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        fake.installs(USER, OWN_CHAT)
        fake.chats[GROUP] = {}
        fake.members[OWN_CHAT, MEMBER] = fake.members[OWN_CHAT, USER] = OLAS
        yield fake


@pytest.fixture
async def at(teams: FakeConnector) -> AsyncIterator[Scene]:
    async with scene(teams, KeptPlaces()) as opened:
        yield opened


# By an e-mail.


async def test_the_e_mail_of_somebody_who_was_met_is_asked_for_in_that_chat(at: Scene) -> None:
    await at.take(SAID)
    assert await at.staff.email(OLA) == EMAIL


async def test_somebody_met_in_a_group_is_asked_for_there(at: Scene, teams: FakeConnector) -> None:
    teams.people.clear()
    teams.members = {(GROUP, MEMBER): OLAS}
    await at.take(SAID_IN_GROUP)
    assert await at.staff.email(OLA) == EMAIL


async def test_somebody_met_before_a_restart_is_asked_for_in_the_own_chat(teams: FakeConnector) -> None:
    """Where that has been forgotten, it is made anew: whoever has the app can always be asked for."""
    places = KeptPlaces()
    async with scene(teams, places) as before:
        await before.take(SAID)
    async with scene(teams, places) as later:
        assert await later.staff.email(OLA) == EMAIL
        await later.chats.forget(OLA)
        assert await later.staff.email(OLA) == EMAIL
    assert teams.asked[-3:] == [
        ("GET", f"{OWN_CHAT}/members/{MEMBER}"),
        ("POST", ""),
        ("GET", f"{OWN_CHAT}/members/{MEMBER}"),
    ]


@pytest.mark.parametrize(
    ("changes", "email"),
    [
        ({}, EMAIL),
        ({"email": None}, "ola@skole.example"),
        ({"email": ""}, "ola@skole.example"),
        ({"email": None, "userPrincipalName": None}, ""),
        ({"email": 7}, ""),
        ({"email": [EMAIL]}, ""),
        ({"userRole": "guest"}, ""),
        ({"userRole": "anonymous"}, ""),
        ({"userRole": "a role of tomorrow"}, ""),
        ({"userRole": None}, ""),
        ({"userRole": ["user"]}, ""),
        ({"tenantId": "another"}, ""),
        ({"tenantId": None}, ""),
        ({"tenantId": [TENANT]}, ""),
    ],
    ids=str,
)
async def test_nobody_elses_e_mail_is_trusted(
    at: Scene, teams: FakeConnector, changes: dict[str, Any], email: str
) -> None:
    """A guest's is whatever his own organisation has written there."""
    teams.members[OWN_CHAT, MEMBER] = OLAS | changes
    await at.take(SAID)
    assert await at.staff.email(OLA) == email


async def test_where_teams_says_neither_role_nor_tenant_it_is_our_own(at: Scene, teams: FakeConnector) -> None:
    teams.members[OWN_CHAT, MEMBER] = {"id": MEMBER, "email": EMAIL}
    await at.take(SAID)
    assert await at.staff.email(OLA) == EMAIL


async def test_nobody_is_asked_about_somebody_who_was_never_met_or_is_of_another_tenant(
    at: Scene, teams: FakeConnector
) -> None:
    assert await at.staff.email(OLA) == ""
    stranger = SAID | {
        "conversation": SAID["conversation"] | {"tenantId": "another"},
        "channelData": {"tenant": {"id": "another"}},
    }
    await at.take(stranger)
    assert [each.sender.tenant for each in at.bot.seen] == ["another"]
    assert await at.staff.email(Address("teams", "another", USER)) == ""
    assert teams.asked == []


@pytest.mark.parametrize(("status", "failure"), [(403, Refused), (404, Refused), (429, Refused), (500, Uncertain)])
async def test_a_question_that_is_not_answered_is_no_e_mail(
    at: Scene, teams: FakeConnector, status: int, failure: type[Exception]
) -> None:
    await at.take(SAID)
    teams.told.append(says({"error": {"code": "X"}}, status))
    with pytest.raises(failure):
        await at.staff.email(OLA)


@pytest.mark.parametrize("body", ["null", "[]", '"x"', "7", "{}"])
async def test_an_answer_of_another_shape_holds_no_e_mail(at: Scene, teams: FakeConnector, body: str) -> None:
    await at.take(SAID)
    teams.told.append(says(body))
    assert await at.staff.email(OLA) == ""


# By an id.


async def test_an_account_is_one_whose_chat_can_be_opened(at: Scene, teams: FakeConnector) -> None:
    assert await at.staff.account(user=USER) == OLA
    assert teams.asked == [("POST", "")]
    assert await at.staff.account(user="kari") is None


async def test_a_chat_that_is_remembered_is_looked_at(at: Scene, teams: FakeConnector) -> None:
    await at.take(SAID)
    assert await at.staff.account(user=USER) == OLA
    assert teams.asked == [("GET", f"{OWN_CHAT}/members/{USER}")]


@pytest.mark.parametrize("status", [403, 404])
async def test_whoever_is_no_longer_in_his_chat_and_can_have_no_other_has_no_account(
    at: Scene, teams: FakeConnector, status: int
) -> None:
    await at.take(SAID)
    teams.people.clear()
    teams.told.append(says({"error": {"code": "MemberNotFoundInConversation"}}, status))
    assert await at.staff.account(user=USER) is None
    assert await at.chats.kept(OLA) is None


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "BotDisabledByAdmin"),
        (403, "NotEnoughPermissions"),
        (403, "InvalidBotApiHost"),
        (403, "ConversationBlockedByUser"),
        (403, "a word of tomorrow"),
        (404, ""),
    ],
)
async def test_what_says_nothing_of_the_one_person_takes_nobodys_account(
    at: Scene, teams: FakeConnector, status: int, code: str
) -> None:
    await at.take(SAID)
    teams.told += [says({"error": {"code": code}}, status)] * 4
    with pytest.raises(Refused):
        await at.staff.account(user=USER)
    teams.told.clear()
    assert await at.staff.account(user=USER) == OLA


async def test_whoever_has_another_chat_now_keeps_his_account(at: Scene, teams: FakeConnector) -> None:
    await at.take(SAID)
    teams.members.clear()
    teams.installs(USER, "a:anew")
    assert await at.staff.account(user=USER) == OLA
    assert await at.chats.of(OLA) == Chat(teams.url, "a:anew")


@pytest.mark.parametrize(("status", "failure"), [(429, Refused), (401, Refused), (400, Refused), (503, Uncertain)])
async def test_an_account_that_has_a_chat_stays_where_teams_does_not_say(
    at: Scene, teams: FakeConnector, status: int, failure: type[Exception]
) -> None:
    await at.take(SAID)
    teams.told.append(says("", status))
    with pytest.raises(failure):
        await at.staff.account(user=USER)
    assert await at.chats.kept(OLA) == Chat(teams.url, OWN_CHAT)


@pytest.mark.parametrize(("status", "failure"), [(429, Refused), (401, Refused), (503, Uncertain)])
async def test_an_account_that_cannot_be_asked_about_now_may_be_there(
    at: Scene, teams: FakeConnector, status: int, failure: type[Exception]
) -> None:
    teams.told.append(says("", status))
    with pytest.raises(failure):
        await at.staff.account(user=USER)


async def test_by_an_e_mail_alone_nobody_is_found(at: Scene, teams: FakeConnector) -> None:
    assert await at.staff.account(email=EMAIL) is None
    assert not at.staff.finds_by_email
    assert teams.asked == []


async def test_the_tenant_is_the_settings_own(at: Scene) -> None:
    assert (at.staff.name, await at.staff.tenant()) == ("teams", TENANT)
