"""The relay's promises through Slack's Web API, with a clock that is moved forward: each message comes, and once."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import aiohttp
import pytest

from adapters.slack.api import new_client
from adapters.slack.messages import SlackMessages
from bot.app import build
from bot.copies import Copies
from flows.port import Address, Incoming, Pressed
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.trouble import Answer, LoseAnswer, RateLimit, Refuse, Reset, Trouble
from tests.e2e.slack.visible import text_of
from tests.school import School, SeededDice


@dataclass
class Staffed:
    """The school of the stories, whose people are at Slack."""

    school: School
    slack: Slack
    platforms: dict[str, SlackMessages]

    def dm(self, person: str) -> list[str]:
        return [text_of(message.blocks) for message in self.slack.person(person).dm]

    async def takes(self, person: str) -> None:
        own = self.school.library.schools[0].id
        async with self.school.database.transaction() as tx:
            (case,) = await tx.cases.open_of_school(own)
        account = Address("slack", self.slack.workspace.team_id, self.slack.person(person).id)
        await self.school.app.turns.handle(Incoming("a click", account, Pressed("take", case.case_id)))

    async def passes(self, **time_: int) -> None:
        await self.school.passes(**time_)
        self.slack.workspace.clock.ahead = self.school.clock.now().timestamp() - time.time()


@pytest.fixture
async def staffed(school: School) -> AsyncIterator[Staffed]:
    async with Slack(echoes=False) as slack, aiohttp.ClientSession() as session:
        messages = SlackMessages(new_client(slack.bot_token, slack.api_url, session))
        own = school.library.schools[0]
        async with school.database.transaction() as tx:
            for person in own.people.values():
                user = slack.person(person.id, email=person.email)
                account = Address("slack", slack.workspace.team_id, user.id)
                await tx.accounts.link(account, own.id, person.id, school.clock.now())
        school.app = build(school.database, school.library, {"slack": messages}, school.clock, SeededDice())
        staffed = Staffed(school, slack, {"slack": messages})
        await staffed.passes(seconds=0)
        yield staffed
        assert not slack.faults


@pytest.mark.parametrize("how", ["close", "500", "cut", "html"])
@pytest.mark.parametrize("times", [1, 3])
async def test_an_answer_that_got_lost_makes_no_second_message(staffed: Staffed, how: str, times: int) -> None:
    staffed.slack.trouble("chat.postMessage", *[LoseAnswer(how)] * times)  # type: ignore[arg-type]
    await staffed.school["ola"].reports()
    await staffed.passes(minutes=2)
    assert len(staffed.dm("kari")) == 1
    assert len(staffed.dm("ola")) == 1
    assert "Kari Moen: levert kl." in staffed.dm("ola")[0]


@pytest.mark.parametrize(
    "troubles",
    [
        [RateLimit("1"), RateLimit("30")],
        [RateLimit(None), RateLimit("abc"), RateLimit("-1")],
        [Refuse("internal_error"), Refuse("fatal_error")],
        [Refuse("some_new_error")],
        [Answer(500, "no"), Answer(502, "<html>"), Answer(503, {"ok": False}), Answer(504, "")],
        [Answer(200, "<html>"), Answer(200, "{"), Answer(200, []), Answer(200, {"ok": True})],
        [Reset(), Reset()],
        [LoseAnswer("close"), RateLimit("20"), Reset(), Refuse("internal_error")],
    ],
    ids=lambda troubles: "-".join(type(each).__name__ for each in troubles),
)
async def test_a_message_that_slack_would_not_take_comes_later_and_once(
    staffed: Staffed, troubles: list[Trouble]
) -> None:
    staffed.slack.trouble("chat.postMessage", *troubles)
    await staffed.school["ola"].reports()
    await staffed.passes(minutes=2)
    assert len(staffed.dm("kari")) == 1
    assert len(staffed.dm("ola")) == 1


async def test_slack_is_not_asked_before_the_time_it_has_named(staffed: Staffed) -> None:
    staffed.slack.trouble("chat.postMessage", RateLimit("90"))
    await staffed.school["ola"].reports()
    asked = len(staffed.slack.calls_of("chat.postMessage"))
    await staffed.passes(seconds=80)
    assert len(staffed.slack.calls_of("chat.postMessage")) == asked
    await staffed.passes(seconds=60)
    assert len(staffed.dm("kari")) == 1


@pytest.mark.parametrize("trouble", [Reset(), RateLimit("5"), Answer(500, "no"), Refuse("internal_error")])
async def test_an_edit_that_slack_would_not_take_is_made_later(staffed: Staffed, trouble: Trouble) -> None:
    await staffed.school["ola"].reports()
    await staffed.passes(seconds=1)
    staffed.slack.trouble("chat.update", *[trouble] * 2)
    await staffed.takes("kari")
    await staffed.passes(minutes=2)
    assert "Kari Moen har tatt saken" in staffed.dm("ola")[0]


async def test_slack_is_away_for_ten_minutes_and_everybody_is_told_then(staffed: Staffed) -> None:
    staffed.slack.is_down()
    await staffed.school["ola"].reports()
    await staffed.passes(minutes=10)
    assert not staffed.dm("kari")
    staffed.slack.is_down(down=False)
    await staffed.passes(minutes=2)
    assert staffed.dm("kari")
    assert staffed.dm("berit"), "it has climbed meanwhile: the clock waits for nobody"
    assert all(staffed.dm(person).count(message) == 1 for person in ("ola",) for message in staffed.dm(person))


async def test_somebody_whose_account_is_closed_holds_nobody_up(staffed: Staffed) -> None:
    staffed.slack.person("kari").user.deleted = True
    await staffed.school["ola"].reports()
    await staffed.passes(minutes=6)
    assert not staffed.dm("kari")
    _, deputy = staffed.school.library.schools[0].departments["bygg"].roles["avdelingsleder"][:2]
    assert staffed.dm(deputy)


@pytest.mark.parametrize("looks_before", [0, 1])
async def test_a_copy_that_comes_up_late_is_taken_away(staffed: Staffed, looks_before: int) -> None:
    """Slack says nothing, the message goes out again, and then the first one stands there too."""
    staffed.slack.trouble("chat.postMessage", *[Answer(503, "no")] * 3)
    copies = Copies(staffed.school.database, staffed.platforms, staffed.school.clock)
    await staffed.school["ola"].reports()
    await staffed.passes(minutes=2)
    for _ in range(looks_before):
        await copies.take_away()
    (first,) = staffed.slack.person("kari").dm
    ghost = replace(first, ts=staffed.slack.workspace.ts())
    staffed.slack.workspace.channels[first.channel].messages.append(ghost)
    await staffed.passes(minutes=10)
    await copies.take_away()
    standing = {message.ts for message in staffed.slack.person("kari").dm}
    assert first.ts in standing
    assert ghost.ts not in standing
