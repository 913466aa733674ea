"""Messages that come unasked in Teams: in a chat that is known or made, kept over a restart, made anew where gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from adapters.teams import chats as chats_
from adapters.teams import messages as messages_
from adapters.teams.messages import activity
from flows.port import Address, MessageRef, OwnChat, Pressed, Refused, Reply, Uncertain
from tests.adapters.fake_bot import ALERT, TAKEN
from tests.adapters.fake_connector import FakeConnector, fake_connector
from tests.adapters.fake_slack import says
from tests.adapters.teams_payloads import (
    GROUP,
    IN_GROUP,
    MEMBER,
    OLA,
    OWN_CHAT,
    PERSONAL,
    SAID,
    SAID_IN_GROUP,
    SERVICE,
    TENANT,
    USER,
    answered,
    executed,
    fetched,
    installed,
    press,
    submitted,
)
from tests.adapters.teams_scene import KeptPlaces, Scene, ref, scene

KARI, KARIS = Address("teams", TENANT, "kari"), "a:kari"
DELIVERED = activity(ALERT) | {"channelData": {"delivery": "d1"}}
OPENED, POSTED = ("POST", ""), ("POST", f"{OWN_CHAT}/activities")


@pytest.fixture
async def teams() -> AsyncIterator[FakeConnector]:
    async with fake_connector() as fake:
        fake.installs(USER, OWN_CHAT)
        fake.installs(KARI.user, KARIS)
        fake.chats[GROUP] = {}
        yield fake


@pytest.fixture
def places() -> KeptPlaces:
    return KeptPlaces()


@pytest.fixture
async def at(teams: FakeConnector, places: KeptPlaces) -> AsyncIterator[Scene]:
    async with scene(teams, places) as opened:
        yield opened


@dataclass
class Restarts:
    teams: FakeConnector
    places: KeptPlaces

    def __call__(self) -> AbstractAsyncContextManager[Scene]:
        """Start the program anew: it knows what the database does."""
        self.teams.asked.clear()
        return scene(self.teams, self.places)


@pytest.fixture
def restarted(teams: FakeConnector, places: KeptPlaces) -> Restarts:
    return Restarts(teams, places)


async def sends(at: Scene, to: Address = OLA) -> MessageRef:
    return await at.messages.send(to, ALERT, "d1")


# Where nobody has met.


async def test_a_chat_is_made_for_somebody_whom_the_bot_has_not_met(at: Scene, teams: FakeConnector) -> None:
    sent = await sends(at)
    assert sent == ref(*teams.chats[OWN_CHAT])
    assert teams.stands(OWN_CHAT) == [DELIVERED]
    await sends(at)
    assert teams.asked == [OPENED, POSTED, POSTED]


async def test_two_messages_at_once_come_into_the_same_chat(at: Scene, teams: FakeConnector) -> None:
    await asyncio.gather(*(sends(at) for _ in range(5)))
    assert teams.stands(OWN_CHAT) == [DELIVERED] * 5


async def test_a_chat_is_made_where_the_tenant_was_served_last(at: Scene, teams: FakeConnector) -> None:
    await at.take(SAID | {"serviceUrl": f"{SERVICE}amer/"})
    teams.addresses.clear()
    await sends(at, KARI)
    assert teams.addresses == ["/amer/v3/conversations", f"/amer/v3/conversations/{KARIS}/activities"]


@pytest.mark.parametrize(("status", "for_good"), [(403, True), (404, True), (429, False), (401, False)])
async def test_whoever_has_not_got_the_app_cannot_be_written_to(
    at: Scene, teams: FakeConnector, status: int, *, for_good: bool
) -> None:
    teams.told.append(says({"error": {"code": "X"}}, status))
    with pytest.raises(Refused) as refused:
        await sends(at)
    assert refused.value.for_good is for_good
    assert teams.asked == [OPENED]
    await sends(at)
    assert teams.stands(OWN_CHAT) == [DELIVERED]


# Where somebody was met.


@pytest.mark.parametrize(
    "body",
    [SAID, executed(press("take")), submitted(press("x", in_dialog=True)), installed()],
    ids=["said", "pressed", "submitted", "installed"],
)
async def test_the_own_chat_is_known_as_soon_as_something_comes_from_it(
    at: Scene, teams: FakeConnector, places: KeptPlaces, body: dict[str, Any]
) -> None:
    teams.people.clear()
    await at.take(body)
    teams.asked.clear()
    await sends(at)
    assert teams.asked == [POSTED]
    assert places.known == {OLA: OwnChat(OWN_CHAT, teams.url, MEMBER)}


@pytest.mark.parametrize(
    "body",
    [
        SAID_IN_GROUP,
        executed(press("take"), conversation=IN_GROUP),
        fetched(),
        fetched(conversation=PERSONAL | {"id": "19:ola_kari@unq.gbl.spaces"}),
        answered(press("x"), conversation=PERSONAL | {"id": "19:ola_kari@unq.gbl.spaces"}),
    ],
    ids=["group", "pressed in a group", "extension in a group", "extension in a chat of two people", "its form"],
)
async def test_where_others_read_too_is_nobodys_own_chat(at: Scene, teams: FakeConnector, body: dict[str, Any]) -> None:
    at.bot.reply = Reply(card=TAKEN)
    await at.take(body)
    await sends(at)
    assert teams.stands(OWN_CHAT)[-1] == DELIVERED
    assert {each: chat.id for each, chat in at.chats._own.items()} == {OLA: OWN_CHAT}
    assert not any("attachments" in each for each in teams.stands(GROUP))


async def test_a_chat_that_has_moved_is_written_to_where_it_is_now(at: Scene, teams: FakeConnector) -> None:
    await at.take(SAID)
    teams.chats["a:moved"] = {}
    await at.take(SAID | {"id": "2", "conversation": PERSONAL | {"id": "a:moved"}})
    await sends(at)
    assert teams.stands("a:moved") == [DELIVERED]


async def test_no_more_people_are_remembered_than_there_is_room_for(at: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chats_, "MOST_SEEN", 3)
    for number in range(9):
        who = {"id": f"29:{number}", "aadObjectId": str(number)}
        await at.take(SAID_IN_GROUP | {"id": str(number), "from": who})
    assert len(at.chats._met) <= 3


# Over a restart.


async def test_where_the_bot_is_for_certain_goes_before_where_a_dialog_was_opened_from(at: Scene) -> None:
    await at.take(fetched(conversation=IN_GROUP))
    await at.take(SAID)
    own = await at.chats.where(OLA)
    await at.take(fetched(conversation=IN_GROUP))
    assert own
    assert own[0].id == OWN_CHAT
    assert await at.chats.where(OLA) == own


async def test_a_chat_is_kept_over_a_restart(at: Scene, teams: FakeConnector, restarted: Restarts) -> None:
    await at.take(SAID | {"serviceUrl": f"{SERVICE}amer/"})
    teams.people.clear()
    async with restarted() as later:
        await sends(later)
        await sends(later)
    assert teams.asked == [POSTED, POSTED]
    assert teams.stands(OWN_CHAT) == [DELIVERED, DELIVERED]
    assert all(address.startswith("/amer/") for address in teams.addresses)


async def test_a_chat_that_was_made_is_kept_too(at: Scene, teams: FakeConnector, restarted: Restarts) -> None:
    await sends(at)
    async with restarted() as later:
        await sends(later)
    assert teams.asked == [POSTED]


async def test_a_message_is_changed_and_taken_away_after_a_restart(
    at: Scene, teams: FakeConnector, restarted: Restarts
) -> None:
    sent = await sends(at)
    async with restarted() as later:
        await later.messages.edit(sent, TAKEN)
        assert teams.stands(OWN_CHAT) == [activity(TAKEN)]
        await later.messages.remove(sent)
    assert teams.stands(OWN_CHAT) == []


async def test_a_message_is_changed_by_the_service_that_leads_to_its_chat_now(
    at: Scene, teams: FakeConnector, restarted: Restarts
) -> None:
    """Teams moves a tenant from one to another; what stands in a chat stands there all the same."""
    sent = await sends(at)
    await at.take(SAID | {"serviceUrl": f"{SERVICE}amer/"})
    async with restarted() as later:
        for scene_ in (at, later):
            teams.addresses.clear()
            await scene_.messages.edit(sent, TAKEN)
            assert teams.addresses == [f"/amer/v3/conversations/{OWN_CHAT}/activities/{sent.message}"]


async def test_what_is_pressed_is_what_was_sent_whatever_service_it_comes_by(at: Scene) -> None:
    sent = await sends(at)
    for service in (SERVICE, f"{SERVICE}amer/"):
        await at.take(executed(press("take"), serviceUrl=service, replyToId=sent.message, id=service))
        act = at.bot.seen[-1].act
        assert isinstance(act, Pressed)
        assert act.message == sent


# When a chat is gone.


async def test_a_chat_that_is_gone_is_made_anew(
    at: Scene, teams: FakeConnector, places: KeptPlaces, restarted: Restarts
) -> None:
    await sends(at)
    del teams.chats[OWN_CHAT]
    teams.installs(USER, "a:anew")
    await sends(at)
    assert teams.stands("a:anew") == [DELIVERED]
    assert places.known[OLA] == OwnChat("a:anew", teams.url, USER)


async def test_a_chat_that_was_gone_before_a_restart_is_made_anew(
    at: Scene, teams: FakeConnector, restarted: Restarts
) -> None:
    await sends(at)
    del teams.chats[OWN_CHAT]
    teams.installs(USER, "a:anew")
    async with restarted() as later:
        await sends(later)
    assert teams.stands("a:anew") == [DELIVERED]


@pytest.mark.parametrize(
    "answer", [(403, "BadArgument"), (403, "InvalidBotApiHost"), (404, "ConversationNotFound"), (404, "")], ids=str
)
async def test_a_service_that_does_not_lead_there_is_no_refusal_of_the_persons(
    at: Scene, teams: FakeConnector, places: KeptPlaces, answer: tuple[int, str]
) -> None:
    """The tenant's own is tried at once, and then everybody's: for a new message, and for one that stands there."""
    sent = await sends(at)
    await at.take(SAID | {"serviceUrl": f"{SERVICE}amer/"})
    teams.astray["amer"] = answer
    teams.addresses.clear()
    await at.messages.edit(sent, TAKEN)
    await sends(at)
    assert [address.startswith("/amer/") for address in teams.addresses] == [True, False, True, True, False, False]
    assert teams.stands(OWN_CHAT)[-1] == DELIVERED
    assert places.known[OLA].route == teams.url
    await at.messages.remove(sent)
    assert len(teams.stands(OWN_CHAT)) == 1


async def test_where_no_service_leads_there_the_person_is_refused(at: Scene, teams: FakeConnector) -> None:
    await at.take(SAID)
    teams.astray[""] = (403, "BadArgument")
    with pytest.raises(Refused) as refused:
        await sends(at)
    assert (refused.value.code, refused.value.for_good) == ("BadArgument", True)


@pytest.mark.parametrize("body", [SAID_IN_GROUP, fetched()], ids=["group", "extension"])
async def test_what_comes_from_among_others_redirects_nobody(
    at: Scene, teams: FakeConnector, body: dict[str, Any]
) -> None:
    at.bot.reply = Reply()
    await at.take(body | {"serviceUrl": f"{SERVICE}amer/"})
    teams.addresses.clear()
    await sends(at, KARI)
    assert not any(address.startswith("/amer/") for address in teams.addresses)


async def test_a_chat_is_kept_where_the_refusal_is_the_installations(
    at: Scene, teams: FakeConnector, places: KeptPlaces
) -> None:
    await at.take(SAID)
    teams.told.append(says({"error": {"code": "BotDisabledByAdmin"}}, 403))
    with pytest.raises(Refused):
        await sends(at)
    assert places.known[OLA].id == OWN_CHAT


async def test_whoever_blocks_the_bot_gets_nothing_and_is_reached_again_afterwards(
    at: Scene, teams: FakeConnector
) -> None:
    await at.take(SAID)
    teams.blocked.add(OWN_CHAT)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            await sends(at)
        assert (refused.value.code, refused.value.for_good) == ("MessageWritesBlocked", True)
    teams.blocked.clear()
    await sends(at)
    assert teams.stands(OWN_CHAT) == [DELIVERED]


@pytest.mark.parametrize("status", [400, 401, 412, 413, 429, 500, 503])
async def test_a_chat_that_takes_nothing_for_a_while_is_not_forgotten(
    at: Scene, teams: FakeConnector, status: int
) -> None:
    await at.take(SAID)
    teams.people.clear()
    teams.told.append(says({"error": {"code": "X"}}, status))
    with pytest.raises((Refused, Uncertain)):
        await sends(at)
    await sends(at)
    assert teams.stands(OWN_CHAT) == [DELIVERED]


@pytest.mark.parametrize("status", [500, 503, 0])
async def test_a_chat_that_cannot_be_opened_is_a_clean_refusal_since_nothing_was_posted(
    at: Scene, teams: FakeConnector, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Where it may have been posted, the next try would say that it may stand there twice."""

    async def dawdles(_: web.Request) -> web.Response:
        await teams.released.wait()
        return web.json_response({"id": OWN_CHAT})

    teams.told.append(says("", status) if status else dawdles)
    with monkeypatch.context() as hurried:
        hurried.setattr(messages_, "CHAT_WITHIN", timedelta(seconds=0.2))
        with pytest.raises(Refused) as refused:
            await sends(at)
    assert not refused.value.for_good
    assert teams.asked == [OPENED]
    await sends(at)
    assert teams.stands(OWN_CHAT) == [DELIVERED]


# A message that stands there.


async def test_a_message_that_is_gone_is_no_fault_to_take_away_and_one_to_change(
    at: Scene, teams: FakeConnector
) -> None:
    sent = await sends(at)
    teams.chats[OWN_CHAT].clear()
    await at.messages.remove(sent)
    with pytest.raises(Refused) as refused:
        await at.messages.edit(sent, TAKEN)
    assert refused.value.for_good


@pytest.mark.parametrize("status", [429, 412, 401])
async def test_a_message_that_cannot_be_taken_away_now_is_a_fault(at: Scene, teams: FakeConnector, status: int) -> None:
    sent = await sends(at)
    teams.told.append(says("", status))
    with pytest.raises(Refused):
        await at.messages.remove(sent)


async def test_no_history_can_be_read(at: Scene, teams: FakeConnector) -> None:
    """So a message whose answer got lost is sent again, and says so."""
    await sends(at)
    teams.asked.clear()
    assert await at.messages.find(OLA, "d1", datetime(2026, 11, 23, tzinfo=UTC)) == ()
    assert not at.messages.remembers
    assert teams.asked == []
