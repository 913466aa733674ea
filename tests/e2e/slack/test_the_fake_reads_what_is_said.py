"""What the fake finds in texts: words a person reads, and markup that Slack would resolve; and Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.e2e.slack.markup import entities, markup_in
from tests.e2e.slack.people import Person
from tests.e2e.slack.pieces import actions, asks, button, mrkdwn, plain, rich, rich_section, section, select, text_input
from tests.e2e.slack.slack import Slack
from tests.e2e.slack.tiny_bot import SocketBot
from tests.e2e.slack.visible import text_of

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        yield slack


@pytest.fixture
def ola(slack: Slack) -> Person:
    return slack.person("ola")


@pytest.mark.parametrize(
    ("kind", "found", "missed"),
    [
        ("special mention", "<!channel>", "&lt;!channel&gt;"),
        ("special mention", "<!here|here>", "<! here>"),
        ("group mention", "<!subteam^S1|@lærere>", "subteam^S1"),
        ("user mention", "<@U123>", "&lt;@U123&gt;"),
        ("channel link", "<#C123|general>", "#C"),
        ("link", "<https://x.no|her>", "&lt;https:x"),
        ("link", "<mailto:per@x.no|Per>", "mailto"),
        ("bare link", "se https://x.no/a?b=c", "https"),
        ("bare link", "www.x.no", "www"),
        ("bare mail address", "per@x.no", "per@x"),
        ("bare mention", "@channel", "per@channel.no"),
        ("channel name", "i #general", "&#39;"),
        ("bold", "et *fett* ord", "2*3*4"),
        ("italic", "_skrått_", "snake_case_navn"),
        ("strike", "~strøket~", "~ 5 ~"),
        ("code", "`kode`", "akutt ` aksent"),
        ("preformatted", "```kode```", "```"),
        ("quote", "> sitat", "a > b"),
        ("emoji", "hei :smile:", "kl. 10:30:45"),
    ],
)
def test_markup(kind: str, found: str, missed: str) -> None:
    assert kind in {entity.kind for entity in entities(found)}
    assert kind not in {entity.kind for entity in entities(missed)}


def test_where_markup_is_read() -> None:
    typed = "*Per* <@U1> https://x.no"
    inert = {
        "text": "Ny melding",
        "blocks": [section(text=plain(typed)), rich(rich_section({"type": "text", "text": typed}))],
    }
    assert markup_in(inert) == []
    assert {each.path for each in markup_in(inert | {"text": typed})} == {"/text"}
    assert markup_in(inert | {"text": typed, "mrkdwn": False}) == []
    read = markup_in({"text": "", "blocks": [section(text=mrkdwn(typed), fields=[mrkdwn(typed)])]})
    assert {each.path for each in read} == {"/blocks/0/text/text", "/blocks/0/fields/0/text"}
    assert {each.kind for each in read} == {"bold", "user mention", "bare link"}
    verbatim = markup_in({"blocks": [section(text=mrkdwn(typed) | {"verbatim": True})]})
    assert {each.kind for each in verbatim} == {"bold", "user mention"}
    assert [each.kind for each in markup_in({"blocks": [section(text=plain(":x:"))]})] == ["emoji"]
    assert markup_in({"blocks": [section(text=plain(":x:") | {"emoji": False})]}) == []
    link = rich(rich_section({"type": "link", "url": "https://x.no"}, {"type": "user", "user_id": "U1"}))
    assert [each.kind for each in markup_in({"blocks": [link]})] == ["rich text link", "rich text user"]
    assert markup_in({"text": "@here #general"}) == [], "in a text bare names stay names"
    assert len(markup_in({"text": "@here #general", "link_names": True})) == 2


async def test_all_that_was_ever_said_can_be_searched(slack: Slack, ola: Person) -> None:
    client = AsyncWebClient(slack.bot_token, slack.api_url)
    dm = (await client.conversations_open(users=ola.id))["channel"]["id"]
    ts = str((await client.chat_postMessage(channel=dm, text="Ny sak", blocks=[section(text=mrkdwn("*Per*"))]))["ts"])
    await client.chat_update(channel=dm, ts=ts, text="Tatt", blocks=[])
    home = {"type": "home", "blocks": [section(text=plain("Pål"))]}
    await client.views_publish(user_id=ola.id, view=home)
    assert "*Per*" in slack.workspace.everything_posted()
    assert "Pål" not in slack.workspace.everything_posted()
    assert "Pål" in slack.workspace.everything_shown()
    assert [each.kind for posted in slack.workspace.posted for each in markup_in(posted)] == ["bold"]


def test_what_can_be_read_in_blocks() -> None:
    menu = select() | {"options": [{"text": plain("Verksted"), "value": "1", "description": plain("i 2. etasje")}]}
    blocks = [
        section(text=mrkdwn("Sak"), fields=[plain("Felt")], accessory=button(text=plain("Ta"))),
        {"type": "header", "text": plain("Tittel")},
        {"type": "context", "elements": [plain("liten")]},
        actions(button(text=plain("Vis"))),
        asks(text_input(initial_value="Per"), hint=plain("Hint")) | {"label": plain("Navn")},
        asks(menu) | {"label": plain("Sted")},
        rich(rich_section({"type": "text", "text": "fri "}, {"type": "text", "text": "tekst"})),
    ]
    expected = "Sak Felt Ta Tittel liten Vis Navn Per Hint Sted Verksted i_2._etasje fri_tekst"
    assert text_of(blocks).replace(" ", "_").split() == expected.split()


async def test_socket_mode(slack: Slack, ola: Person) -> None:
    async with SocketBot(slack) as bot:
        assert bot.hello["type"] == "hello"
        bot.answer = lambda payload: {"text": "Hei"} if "command" in payload else None
        await ola.slash("/skjema")
        assert [each.text for each in ola.ephemerals] == ["Hei"]
        await ola.writes("hei")
        await slack.delivery.redeliver(1, "timeout")
        envelopes = [(each["type"], each.get("retry_attempt")) for each in bot.received]
        assert envelopes == [("slash_commands", None), ("events_api", 0), ("events_api", 1)]
        assert [each["accepts_response_payload"] for each in bot.received] == [True, False, False]
        assert not slack.faults
        await slack.sockets.ping()
        await slack.sockets.warn()
        await slack.sockets.refresh()
        await slack.until(lambda: len(bot.received) == 5)
        assert [each.get("reason") for each in bot.received[-2:]] == ["warning", "refresh_requested"]
        await slack.until(lambda: not slack.sockets.connected)


async def test_sockets_break_when_slack_is_down(slack: Slack) -> None:
    async with SocketBot(slack) as bot:
        slack.is_down()
        assert not slack.sockets.connected
        await slack.until(bot._task.done)
    slack.is_down(down=False)
    async with SocketBot(slack):
        assert slack.sockets.connected


async def test_socket_mode_refuses_strange_acknowledgements_and_used_tickets(slack: Slack, ola: Person) -> None:
    async with SocketBot(slack) as bot:
        slack.delivery.ack_within = 0.05
        with slack.expects("though it was never sent", "without an envelope_id"):
            await bot._socket.send_json({"envelope_id": "unknown"})
            await bot._socket.send_json({"payload": {}})
            await slack.until(lambda: len(slack.faults) == 2)
        bot._task.cancel()
        with slack.expects("operation_timeout"):
            await ola.slash("/skjema")
        used = str(bot._socket._response.url)
        async with slack.delivery.http.get(used) as answer:
            assert answer.status == 401
