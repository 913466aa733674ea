"""The web adapter's routes: who is let in, what a browser may send, and what comes back."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientConnectionResetError, ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request, StreamResponse

from adapters.web import server
from adapters.web.chats import Answer, Posted, Said, WebChats
from adapters.web.people import address
from bot.log import LineFormatter
from flows.limits import MAX_TEXT
from flows.port import Incoming, Pressed, Submitted, Typed
from tests.adapters.fake_bot import ALERT, HELP, SITE, TAKEN, FakeBot, clock

Client = TestClient[Request, Application]

DELIVERY = "11111111-2222-3333-4444-555555555555"
SAY = {"user": "ola", "text": "hei", "delivery": DELIVERY}
PRESS = {"user": "kari", "action": "take", "reference": "K7M2QD", "entry": "", "delivery": DELIVERY}
SUBMIT = {"user": "ola", "action": "report", "reference": "", "values": {"class": ["1baa"]}, "delivery": DELIVERY}


@pytest.fixture
def chats() -> WebChats:
    return WebChats(SITE.directory, clock)


@pytest.fixture
def bot(chats: WebChats) -> FakeBot:
    return FakeBot(chats)


@pytest.fixture
async def client(bot: FakeBot, chats: WebChats) -> AsyncIterator[Client]:
    app = server.build_app(bot.handle, chats, SITE)
    async with TestClient(TestServer(app)) as client:
        yield client


async def notice(response: ClientResponse) -> str:
    said: str = (await response.json())["notice"]
    return said


# Who is let in.


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "127.0.0.1@evil.example",
        "[::2]",
        "10.0.0.1",
        "",
        "localhost:80:80",
        "xlocalhost",
    ],
)
@pytest.mark.parametrize("path", ["/", "/stream", "/static/page.js", "/nothing"])
async def test_another_host_name_is_refused_everywhere(client: Client, host: str, path: str) -> None:
    """A page that makes its own name point at this machine (DNS rebinding) reads nothing."""
    response = await client.get(path, headers={"Host": host})
    assert response.status == 403
    assert "Haugen" not in await response.text()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:3978", "[::1]", "[::1]:3978", "127.0.0.1:1"])
async def test_this_machines_names_are_let_in(client: Client, host: str) -> None:
    response = await client.get("/", headers={"Host": host})
    assert response.status == 200


@pytest.mark.parametrize("path", ["/say", "/press", "/submit", "/dismiss"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:1", "http://localhost:1", ""])
async def test_another_page_can_hand_nothing_in(client: Client, bot: FakeBot, path: str, origin: str) -> None:
    response = await client.post(path, json=SAY, headers={"Origin": origin})
    assert (response.status, bot.seen) == (403, [])


async def test_the_page_itself_can(client: Client, bot: FakeBot) -> None:
    origin = str(client.make_url("")).rstrip("/")
    response = await client.post("/say", json=SAY, headers={"Origin": origin})
    assert (response.status, len(bot.seen)) == (200, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json+x"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_only_plain_json_is_taken(client: Client, bot: FakeBot, headers: dict[str, str]) -> None:
    """What a foreign form could send without asking is refused, and so is a packed body."""
    response = await client.post("/say", data=json.dumps(SAY), headers=headers)
    assert (response.status, bot.seen) == (415, [])


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/nothing", "/stream"])
async def test_every_answer_tells_the_browser_to_keep_to_itself(client: Client, path: str) -> None:
    async with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"


async def test_the_page_holds_no_script_or_style_of_its_own(client: Client) -> None:
    """The policy would stop them, so none may be needed."""
    html = await (await client.get("/")).text()
    assert html.count("<script") == html.count('<script type="module" src="/static/page.js">') == 1
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html


# What may be sent.


def without(body: dict[str, Any], part: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != part}


MALFORMED: list[tuple[str, bytes]] = [
    *((path, body) for path in ("/say", "/press", "/submit", "/dismiss") for body in (
        b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe\x00", b"[" * 60_000, b'{"user": 1}',
        b'{"a": ' + b"1" * 5000 + b"}",
    )),
    *(("/say", json.dumps(body).encode()) for body in (
        without(SAY, "text"), without(SAY, "user"), without(SAY, "delivery"), SAY | {"text": 7}, SAY | {"text": " "},
        SAY | {"text": "\0"}, SAY | {"text": "x" * (MAX_TEXT + 1)}, SAY | {"delivery": "x"}, SAY | {"user": ["ola"]},
        SAY | {"delivery": "log\nline-of-my-own"}, SAY | {"delivery": "a" * 65},
    )),
    *(("/press", json.dumps(body).encode()) for body in (
        without(PRESS, "action"), without(PRESS, "entry"), PRESS | {"reference": None}, PRESS | {"action": ""},
        PRESS | {"action": "x" * 151},
    )),
    *(("/submit", json.dumps(body).encode()) for body in (
        without(SUBMIT, "values"), SUBMIT | {"values": []}, SUBMIT | {"values": {"a": "b"}},
        SUBMIT | {"values": {"a": [1]}},
        SUBMIT | {"values": {"a": []}}, SUBMIT | {"values": {str(at): ["x"] for at in range(21)}},
        SUBMIT | {"values": {"a": ["x" * (MAX_TEXT + 1)]}}, SUBMIT | {"values": {"a": ["x"] * 1001}},
        SUBMIT | {"values": {"a": [["x"]]}},
    )),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body"), MALFORMED, ids=range(len(MALFORMED)))
async def test_a_malformed_body_gets_a_sentence_and_reaches_nobody(
    client: Client, bot: FakeBot, path: str, body: bytes
) -> None:
    response = await client.post(path, data=body, headers={"Content-Type": "application/json"})
    assert (response.status, bot.seen) == (400, [])
    assert (await notice(response)).startswith("Forespørselen kan ikke leses: ")


async def test_the_sentence_names_the_part_in_the_pages_language(client: Client) -> None:
    response = await client.post("/say?lang=nn", json=without(SAY, "text"))
    assert await notice(response) == "Førespurnaden kan ikkje lesast: «text» manglar eller er feil."


async def test_a_body_beyond_64_kib_is_refused_with_a_sentence(client: Client, bot: FakeBot) -> None:
    body = json.dumps(SUBMIT | {"values": {str(at): ["x" * 2900] * 2 for at in range(12)}})
    assert len(body) > server.MAX_BODY
    response = await client.post("/submit", data=body, headers={"Content-Type": "application/json"})
    assert (response.status, await notice(response), bot.seen) == (413, "Dette er for langt. Skriv kortere.", [])


@pytest.mark.parametrize("path", ["/say", "/press", "/submit", "/dismiss"])
async def test_somebody_who_is_not_in_the_directory_is_not_there(client: Client, bot: FakeBot, path: str) -> None:
    body = SAY | PRESS | SUBMIT | {"user": "rektor@example.org"}
    response = await client.post(path, json=body)
    assert (response.status, await notice(response), bot.seen) == (404, "Denne personen finnes ikke her.", [])


async def test_what_no_platform_lets_through_is_left_out_and_the_rest_kept_as_typed(
    client: Client, bot: FakeBot
) -> None:
    """NUL and halves of characters would break a database later; spaces and emoji are the bot's own concern."""
    await client.post(
        "/say", data=json.dumps(SAY | {"text": " a\0b\ud800c 😀 "}), headers={"Content-Type": "application/json"}
    )
    assert bot.seen[0].act == Typed(" abc 😀 ")


# What comes of it.


async def test_an_act_reaches_the_bot_as_the_page_sent_it(client: Client, bot: FakeBot) -> None:
    for path, body in (("/say", SAY), ("/press", PRESS), ("/submit", SUBMIT)):
        assert (await client.post(path, json=body)).status == 200
    assert bot.seen == [
        Incoming(DELIVERY, address("ola"), Typed("hei")),
        Incoming(DELIVERY, address("kari"), Pressed("take", "K7M2QD")),
        Incoming(DELIVERY, address("ola"), Submitted("report", "", {"class": ("1baa",)})),
    ]


async def test_typed_words_are_a_bubble_and_the_card_an_answer(client: Client, chats: WebChats) -> None:
    response = await client.post("/say", json=SAY | {"text": "/rus-hjelp"})
    said, answer = chats.entries("ola")
    assert isinstance(said, Said)
    assert isinstance(answer, Answer)
    assert (said.text, answer.card) == ("/rus-hjelp", HELP)
    assert await response.json() == {"dialog": "", "notice": "", "faults": {}, "answered": True}


async def test_a_dialog_comes_back_as_html_and_stays_in_no_chat(client: Client, chats: WebChats) -> None:
    response = await client.post("/say?lang=nn", json=SAY | {"text": "/rus-hendelse"})
    said = await response.json()
    assert 'role="dialog"' in said["dialog"]
    assert "må fyllast ut" in said["dialog"]
    assert [type(entry) for entry in chats.entries("ola")] == [Said]


async def test_a_pressed_message_gets_its_new_card_in_place(client: Client, chats: WebChats) -> None:
    sent = await chats.send(address("kari"), ALERT, "d1")
    chats.answer("kari", HELP)
    response = await client.post("/press", json=PRESS | {"entry": sent.message})
    (entry,) = chats.entries("kari")
    assert isinstance(entry, Posted)
    assert (entry.id, entry.card) == (sent.message, TAKEN)
    assert await notice(response) == "Du har tatt saken."


async def test_a_pressed_answer_stays_until_another_takes_its_place(client: Client, chats: WebChats) -> None:
    chats.answer("ola", HELP)
    first = chats.entries("ola")[0].id
    press = PRESS | {"user": "ola", "entry": first}
    await client.post("/press", json=press | {"action": "report-form"})
    assert chats.entries("ola")[0].id == first
    await client.post("/press", json=press | {"action": "again"})
    (entry,) = chats.entries("ola")
    assert isinstance(entry, Answer)
    assert (entry.id, entry.card.title) == (first, "Dette kan du skrive, en gang til")


async def test_nobody_reaches_into_another_persons_chat(client: Client, chats: WebChats) -> None:
    """A message's id counts in its own chat only."""
    sent = await chats.send(address("kari"), ALERT, "d1")
    await client.post("/press", json=PRESS | {"user": "ola", "entry": sent.message})
    (entry,) = chats.entries("kari")
    assert isinstance(entry, Posted)
    assert entry.card == ALERT


async def test_an_answer_can_be_put_away(client: Client, chats: WebChats) -> None:
    chats.answer("ola", HELP)
    response = await client.post("/dismiss", json={"user": "ola"})
    assert (response.status, chats.entries("ola")) == (200, ())


async def test_faults_come_back_by_field(client: Client, chats: WebChats) -> None:
    response = await client.post("/submit", json=SUBMIT | {"values": {"class": ["3sta"]}})
    said = await response.json()
    assert said["faults"] == {"class": "3STA har ingen avdelingsleder. Velg en annen klasse."}
    assert chats.entries("kari") == ()


async def test_a_breakdown_says_so_without_details_and_the_log_holds_the_delivery_alone(
    client: Client, bot: FakeBot, chats: WebChats, caplog: pytest.LogCaptureFixture
) -> None:
    bot.failures = 1
    with caplog.at_level(logging.DEBUG):
        response = await client.post("/say", json=SAY)
    assert response.status == 500
    assert await response.json() == {"notice": "Noe gikk galt hos oss. Teksten din er her ennå. Prøv igjen."}
    [line] = [LineFormatter().format(record) for record in caplog.records if record.name == "rusplan.web"]
    assert json.loads(line)["delivery"] == DELIVERY
    assert "secret" not in caplog.text
    assert "hei" not in caplog.text
    assert chats.entries("ola") == ()


async def test_the_same_act_again_after_a_breakdown_is_the_same_delivery_and_one_bubble(
    client: Client, bot: FakeBot, chats: WebChats
) -> None:
    bot.failures = 1
    statuses = [(await client.post("/say", json=SAY)).status for _ in range(3)]
    assert statuses == [500, 200, 200]
    assert {incoming.delivery_id for incoming in bot.seen} == {DELIVERY}
    assert len(chats.entries("ola")) == 1


# The page and its stream.


@pytest.mark.parametrize(
    ("query", "users"),
    [
        ("", ["ola", "kari", "berit"]),
        ("?as=kari", ["kari"]),
        ("?as=siv,ola,siv,nobody,%3Cb%3E", ["siv", "ola"]),
        ("?as=nobody", ["ola", "kari", "berit"]),
        ("?as=ola,kari,berit,nils,siv", ["ola", "kari", "berit", "nils"]),
    ],
)
async def test_the_page_shows_whom_one_asks_for(client: Client, query: str, users: list[str]) -> None:
    html = await (await client.get(f"/{query}")).text()
    shown = [part.split('"')[0] for part in html.split('data-user="')[1:]]
    assert shown == users
    assert "nobody" not in html


async def test_the_page_speaks_nynorsk_when_asked(client: Client) -> None:
    html = await (await client.get("/?lang=nn")).text()
    assert '<html lang="nn">' in html
    assert "Skriv ei melding" in html
    assert "Skriv en melding" not in html


async def next_state(response: ClientResponse) -> dict[str, str]:
    """Return the next chat that the stream tells of."""
    while True:
        line = (await response.content.readline()).decode()
        if line.startswith("data: "):
            state: dict[str, str] = json.loads(line.removeprefix("data: "))
            return state


async def test_the_stream_begins_with_the_present_state_and_tells_of_changes(client: Client, chats: WebChats) -> None:
    chats.hear("ola", "hei", DELIVERY)
    async with client.get("/stream?as=ola,kari") as response:
        assert response.content_type == "text/event-stream"
        first, second = await next_state(response), await next_state(response)
        assert [first["user"], second["user"]] == ["ola", "kari"]
        assert ">hei<" in first["html"]
        chats.hear("berit", "not shown here", DELIVERY)
        await chats.send(address("kari"), ALERT, "d1")
        third = await next_state(response)
        assert third["user"] == "kari"
        assert ALERT.title in third["html"]


async def test_whoever_connects_again_has_missed_nothing(client: Client, chats: WebChats) -> None:
    async with client.get("/stream?as=kari") as response:
        await next_state(response)
    await chats.send(address("kari"), ALERT, "d1")
    async with client.get("/stream?as=kari") as response:
        assert ALERT.title in (await next_state(response))["html"]


async def test_a_quiet_stream_gives_a_sign_of_life(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a server notices that a page has gone, and a proxy that it hasn't."""
    monkeypatch.setattr(server, "HEARTBEAT", 0.001)
    async with client.get("/stream?as=kari") as response:
        await next_state(response)
        await response.content.readline()
        assert await response.content.readline() == b": still here\n"


async def test_the_streams_end_when_the_server_stops(bot: FakeBot, chats: WebChats) -> None:
    async with TestClient(TestServer(server.build_app(bot.handle, chats, SITE))) as client:
        response = await client.get("/stream?as=kari")
        await next_state(response)
        await client.server.close()
        assert (await response.content.read()).strip() == b""
    assert chats._watches == set()


async def test_a_page_that_has_gone_is_let_go(
    client: Client, chats: WebChats, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Closing the browser leaves no watch behind, and is no error to anybody."""
    monkeypatch.setattr(server, "HEARTBEAT", 0.001)
    response = await client.get("/stream?as=kari")
    await next_state(response)
    watch = next(iter(chats._watches))
    response.close()
    async with client.get("/stream?as=ola") as other:
        while watch in chats._watches:
            await other.content.readline()
        await other.content.readline()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_page_that_goes_while_it_is_written_to_is_no_error(
    client: Client, chats: WebChats, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def write(_response: StreamResponse, _data: bytes) -> None:
        raise ClientConnectionResetError("Cannot write to closing transport")

    monkeypatch.setattr(StreamResponse, "write", write)
    async with client.get("/stream?as=kari") as response:
        assert await response.content.read() == b""
    assert chats._watches == set()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
