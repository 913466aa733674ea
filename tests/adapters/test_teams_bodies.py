"""Row F3 at Teams' endpoint: a thousand malformed bodies and more, signed and not; each is refused, none is trouble."""

from __future__ import annotations

import asyncio
import json
import logging
import resource
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.payload import MAX_BODY, MAX_DEPTH
from adapters.teams.handler import Handler
from adapters.teams.look import CANCEL
from adapters.teams.server import PATH, Teams
from flows.port import Reply
from tests.adapters.fake_connector import FakeConnector, fake_connector
from tests.adapters.fuzz import each, objects, paths
from tests.adapters.hostile import HOSTILE
from tests.adapters.slack_door import CANARY, ITS_PARTS
from tests.adapters.slack_payloads import changed, without
from tests.adapters.teams_payloads import OWN_CHAT, SAID, SERVICE, USER, answered, press, searched
from tests.adapters.teams_scene import KeptPlaces, ToldBot, settled
from tests.adapters.test_slack_bodies import NO_OBJECT, anything
from tests.adapters.test_teams_gate import token
from tests.adapters.test_teams_malformed import NAMES, NO_TEXT, OBJECTS, READERS, TEXTS, WORDS
from tests.adapters.test_teams_malformed import NO_OBJECT as NO_OBJECT_THERE

Json = dict[str, Any]

JSON = {"Content-Type": "application/json"}
MALFORMED, UNAUTHORIZED, FORBIDDEN = (400, "malformed"), (401, "unauthorized"), (403, "forbidden")
TAKEN = (200, 202)
UNKNOWN = (501, "")  # an invoke that nobody here knows


@dataclass
class Endpoint:
    """The program's own endpoint, its gate and all, as it is served."""

    runner: asyncio.Runner
    handler: Handler
    client: TestClient[web.Request, web.Application]
    teams: FakeConnector
    bot: ToldBot
    logged: list[logging.LogRecord]
    headers: dict[str, str]
    answers: Counter[int] = field(default_factory=Counter)

    def take(self, raw: bytes, *, signed: bool = True) -> tuple[int, str]:
        """Post a body as it is; return the answer's status and words."""
        return self.runner.run(self._take(raw, self.headers if signed else {}))

    async def _take(self, raw: bytes, headers: dict[str, str]) -> tuple[int, str]:
        async with self.client.post(PATH, data=BytesIO(raw), headers=headers | JSON) as answer:
            self.answers[answer.status] += 1
            return answer.status, await answer.text()

    def written(self, activity: Any) -> bytes:
        """Write an activity of Microsoft's service as one of the fake's."""
        return json.dumps(activity).replace(SERVICE, self.teams.url).encode()


class _Keeps(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


async def _opened(runner: asyncio.Runner, stack: AsyncExitStack, kept: _Keeps) -> Endpoint:
    fake, bot = await stack.enter_async_context(fake_connector()), ToldBot(Reply(notice="Hei"))
    fake.installs(USER, OWN_CHAT)
    teams, site = Teams(fake.settings), web.Application(client_max_size=MAX_BODY)
    stack.push_async_callback(teams.close)
    teams.serve(bot, KeptPlaces(), site)
    client = await stack.enter_async_context(TestClient(TestServer(site)))
    assert teams._keys
    while not teams._keys.find("k1"):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)
    headers = {"Authorization": f"Bearer {token(serviceurl=fake.url)}"}
    assert teams._handler
    return Endpoint(runner, teams._handler, client, fake, bot, kept.records, headers)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    kept, root = _Keeps(), logging.getLogger()
    level, stack = root.level, AsyncExitStack()
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    with asyncio.Runner() as runner:
        opened = runner.run(_opened(runner, stack, kept))
        yield opened
        runner.run(stack.aclose())
    root.removeHandler(kept)
    root.setLevel(level)
    assert not [status for status in opened.answers if status >= 500 and status != UNKNOWN[0]]


@pytest.fixture(autouse=True)
def _nothing_of_a_body_is_logged(endpoint: Endpoint) -> Iterator[None]:
    yield
    endpoint.runner.run(settled(endpoint.handler))
    ours = [record for record in endpoint.logged if record.name != "aiohttp.access"]  # the fake's own has its paths
    lines = [logging.Formatter().format(record) + str(vars(record)) for record in ours]
    endpoint.logged.clear()
    assert not [line for line in lines if any(word in line for word in ITS_PARTS)]
    assert not [record.getMessage() for record in ours if record.exc_info or record.levelno >= logging.ERROR]


@pytest.fixture
def _no_act(endpoint: Endpoint) -> Iterator[None]:
    endpoint.bot.seen.clear()
    endpoint.teams.asked.clear()
    yield
    assert (endpoint.bot.seen, endpoint.teams.asked) == ([], [])


def test_what_teams_sends_is_taken(endpoint: Endpoint) -> None:
    endpoint.bot.seen.clear()
    for kind, (_, body) in READERS.items():
        status, text = endpoint.take(endpoint.written(body))
        assert status in TAKEN, (kind, text)
    assert len(endpoint.bot.seen) == len(READERS) - 1  # a search is nobody's act


def test_what_awaits_an_answer_gets_it_as_json_and_all_else_gets_nothing(endpoint: Endpoint) -> None:
    status, text = endpoint.take(endpoint.written(searched("classes", "1b")))
    assert (status, json.loads(text)["statusCode"]) == (200, 200)
    assert endpoint.take(endpoint.written(SAID | {"id": "no answer"})) == (202, "")


def test_a_real_dialog_that_is_cancelled_is_answered_by_nothing_which_closes_it(endpoint: Endpoint) -> None:
    assert endpoint.take(endpoint.written(answered(press(CANCEL, in_dialog=True)))) == (200, "")


@pytest.mark.usefixtures("_no_act")
@pytest.mark.parametrize("name", ["signin/verifyState", "of tomorrow", ""])
def test_an_invoke_that_is_not_known_is_said_to_be(endpoint: Endpoint, name: str) -> None:
    assert endpoint.take(endpoint.written({**SAID, "type": "invoke", "name": name, "value": {}})) == UNKNOWN


# Fixed ones.


@pytest.mark.usefixtures("_no_act")
@pytest.mark.parametrize("sent", NO_OBJECT.values(), ids=NO_OBJECT)
def test_what_is_no_json_object_is_malformed(endpoint: Endpoint, sent: bytes) -> None:
    assert endpoint.take(sent) == MALFORMED
    assert endpoint.take(sent[:MAX_BODY], signed=False) == UNAUTHORIZED


@pytest.mark.usefixtures("_no_act")
@pytest.mark.parametrize(("kind", "path"), each(TEXTS))
def test_a_text_that_must_be_there_is_a_text(endpoint: Endpoint, kind: str, path: str) -> None:
    body = READERS[kind][1]
    wrong = [changed(body, path, [value, CANARY] if isinstance(value, list) else value) for value in (*NO_TEXT, None)]
    for each_body in [*wrong, changed(body, path, {CANARY: CANARY}), without(body, path)]:
        answer = endpoint.take(endpoint.written(each_body))
        assert answer == (FORBIDDEN if path == "serviceUrl" and answer[0] == 403 else MALFORMED)


@pytest.mark.usefixtures("_no_act")
@pytest.mark.parametrize(("kind", "path"), each(OBJECTS))
def test_an_object_that_must_be_there_is_an_object(endpoint: Endpoint, kind: str, path: str) -> None:
    for value in (*NO_OBJECT_THERE, CANARY, [CANARY]):
        assert endpoint.take(endpoint.written(changed(READERS[kind][1], path, value))) == MALFORMED


@pytest.mark.parametrize("kind", READERS)
def test_whatever_stands_in_any_one_place_is_taken_or_refused(endpoint: Endpoint, kind: str) -> None:
    body = READERS[kind][1]
    for path in paths(body):
        for value in (7, CANARY, [CANARY], {CANARY: [None]}):
            answer = endpoint.take(endpoint.written(changed(body, path, value)))
            assert answer[0] in TAKEN or answer in (MALFORMED, FORBIDDEN, UNKNOWN), path


@pytest.mark.usefixtures("_no_act")
@pytest.mark.parametrize("kind", READERS)
def test_what_is_not_signed_hears_only_that(endpoint: Endpoint, kind: str) -> None:
    """Nothing is read before it is proven who sends."""
    body = READERS[kind][1]
    for path in paths(body):
        for value in (None, 7, CANARY, [CANARY]):
            assert endpoint.take(endpoint.written(changed(body, path, value)), signed=False) == UNAUTHORIZED


@pytest.mark.usefixtures("_no_act")
@pytest.mark.parametrize(
    "body",
    [
        SAID | {"channelId": "webchat"},
        SAID | {"channelId": "emulator"},
        SAID | {"serviceUrl": "https://evil.example/"},
        SAID | {"channelData": {"tenant": {"id": "another"}}, "conversation": {"id": OWN_CHAT}},
    ],
    ids=["web chat", "emulator", "another service", "another tenant"],
)
def test_what_is_signed_and_not_ours_is_forbidden(endpoint: Endpoint, body: Json) -> None:
    assert endpoint.take(endpoint.written(body)) == FORBIDDEN


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", ["text", "from.name", "id", "locale", "conversation.name", "entities.0.locale"])
def test_words_in_any_place_are_taken_and_do_nothing(endpoint: Endpoint, path: str, words: str) -> None:
    assert endpoint.take(endpoint.written(changed(SAID, path, words)))[0] in TAKEN


@pytest.mark.parametrize("path", ["text", "from.name", "value"])
def test_many_names_are_no_trouble(endpoint: Endpoint, path: str) -> None:
    """As many as go into a body at all; a hundred thousand don't."""
    for count, statuses in ((15_000, (202, 400)), (100_000, (413,))):
        body = SAID | {"from": SAID["from"] | {"name": ""}, "value": {}}
        many = changed(body, path, {str(at): 1 for at in range(count)})
        assert endpoint.take(endpoint.written(many))[0] in statuses


@pytest.mark.parametrize(("depth", "is_taken"), [(MAX_DEPTH - 1, True), (MAX_DEPTH + 1, False), (900, False)])
def test_depth_has_an_end(endpoint: Endpoint, depth: int, *, is_taken: bool) -> None:
    deep: Any = "x"
    for _ in range(depth):
        deep = [deep]
    assert (endpoint.take(endpoint.written(SAID | {"deep": deep}))[0] in TAKEN) is is_taken


def test_a_letter_with_too_long_a_number_is_malformed(endpoint: Endpoint) -> None:
    assert endpoint.take(endpoint.written(SAID | {"text": f"&#{'1' * 5000};"})) == MALFORMED


def test_only_a_post_is_taken(endpoint: Endpoint) -> None:
    async def status(method: str) -> int:
        async with endpoint.client.request(method, PATH, headers=endpoint.headers) as answer:
            return answer.status

    for method in ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        assert endpoint.runner.run(status(method)) == 405


@pytest.mark.usefixtures("_no_act")
def test_a_thousand_malformed_bodies_take_no_memory(endpoint: Endpoint) -> None:
    bodies = [*NO_OBJECT.values(), endpoint.written({"type": "message", "deep": [[CANARY] * 20_000] * 2})]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers = Counter(endpoint.take(raw, signed=at % 4 > 0)[0] for at in range(40) for raw in bodies)
    assert set(answers) == {400, 401, 413}
    assert answers.total() > 1000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024, "KB"


# Anything at all.

bodies = (
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
    | anything.map(lambda value: json.dumps(value).encode())
    | st.tuples(objects(NAMES, WORDS).map(json.dumps), st.integers(0, 80)).map(lambda cut: cut[0][: cut[1]].encode())
    | objects(NAMES, WORDS).map(lambda value: json.dumps(value).encode())
)


@settings(deadline=None, max_examples=250)
@given(raw=bodies)
def test_any_body_at_all_is_malformed(endpoint: Endpoint, raw: bytes) -> None:
    answer = endpoint.take(raw)
    assert answer in (MALFORMED, FORBIDDEN)


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_any_activity_with_anything_in_some_of_its_places_is_taken_or_refused(
    endpoint: Endpoint, data: st.DataObject
) -> None:
    body = READERS[data.draw(st.sampled_from(sorted(READERS)))][1]
    top = data.draw(st.dictionaries(st.sampled_from(sorted({*body} - {"type", "channelId"})), anything, max_size=3))
    answer = endpoint.take(endpoint.written({**body, **top}))
    assert answer[0] in TAKEN or answer in (MALFORMED, FORBIDDEN, UNKNOWN)


def test_the_endpoint_goes_on_all_the_same(endpoint: Endpoint) -> None:
    endpoint.bot.seen.clear()
    endpoint.teams.chats[OWN_CHAT].clear()
    assert endpoint.take(endpoint.written(SAID | {"id": "the last"})) == (202, "")
    assert [each_act.delivery_id for each_act in endpoint.bot.seen] == ["the last"]


def test_the_settings_are_those_of_a_double_on_this_machine(endpoint: Endpoint) -> None:
    """Nothing here would be let in, or sent, if it were otherwise."""
    assert endpoint.teams.settings.double == endpoint.teams.url
