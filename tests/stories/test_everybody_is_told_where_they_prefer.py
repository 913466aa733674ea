"""Somebody who is on several platforms is told on the one that the school's file says, and else on another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import build
from flows.cards import Card
from flows.port import Address, MessageRef, Refused
from tests.school import FakeChat, School

SLACK, TEAMS = "slack", "teams"


class Blocked(FakeChat):
    """A platform on which nobody has the bot any more."""

    async def send(self, to: Address, card: Card, delivery_id: str) -> MessageRef:
        raise Refused("blocked", for_good=True)


async def on_both(school: School, person: str, prefers: str, *chats: FakeChat) -> None:
    """Let somebody be on the platforms, linked in their order; the one linked last is the first where any will do."""
    people = dict(school.library.schools[0].people)
    school.changes(people={**people, person: replace(people[person], prefers=prefers)})
    await school.restarts()
    for chat in chats:
        school.clock.forward(timedelta(seconds=1))
        async with school.database.transaction() as tx:
            own = school.library.schools[0].id
            await tx.accounts.link(Address(chat.name, "t", person), own, person, school.clock.now())
    platforms = {"chat": school.chat, **{chat.name: chat for chat in chats}}
    school.app = build(school.database, school.library, platforms, school.clock, school.dice)


@pytest.mark.parametrize("prefers", [SLACK, TEAMS])
@pytest.mark.parametrize("order", [(SLACK, TEAMS), (TEAMS, SLACK)])
async def test_an_alert_comes_where_its_receiver_prefers(school: School, prefers: str, order: tuple[str, str]) -> None:
    chats = {name: FakeChat(name) for name in order}
    await on_both(school, "kari", prefers, *chats.values())
    await school["ola"].reports()
    assert [name for name, chat in chats.items() if chat.chats.get("kari")] == [prefers]


async def test_who_prefers_nothing_is_told_where_he_was_met_last(school: School) -> None:
    slack, teams = FakeChat(SLACK), FakeChat(TEAMS)
    await on_both(school, "kari", "", slack, teams)
    await school["ola"].reports()
    assert (len(slack.chats), len(teams.chats)) == (0, 1)


async def test_where_the_preferred_platform_takes_nothing_the_other_is_tried_at_once(school: School) -> None:
    slack = FakeChat(SLACK)
    await on_both(school, "kari", TEAMS, slack, Blocked(TEAMS))
    await school["ola"].reports()
    assert len(slack.chats["kari"]) == 1


async def test_a_platform_that_is_preferred_and_not_in_use_keeps_nobody_from_anything(school: School) -> None:
    slack = FakeChat(SLACK)
    await on_both(school, "kari", "carrier pigeon", slack)
    await school["ola"].reports()
    assert len(slack.chats["kari"]) == 1
