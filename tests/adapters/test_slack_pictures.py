"""A picture in Slack: its words stand in the dialog, and it itself comes into the person's own chat."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from PIL import Image

from adapters.slack.listeners import Listeners
from adapters.slack.messages import SlackMessages
from adapters.slack.stage import Stage
from flows.cards import Picture, dialog, message
from flows.drawing import Drawing
from flows.language import Language
from flows.port import Incoming, Reply
from tests.adapters.fake_slack import FakeSlack, fake_slack

YEAR = Picture(Drawing(390, 100, ()), "Årshjulet: 4 av 5 er gjort. " * 60)
COMMAND = {
    "command": "/rus-arshjul", "text": "", "user_id": "U0OLA", "team_id": "T1", "channel_id": "C1", "trigger_id": "t.1",
    "response_url": "https://hooks.slack.com/x", "channel_name": "directmessage", "api_app_id": "A1",
}  # fmt: skip


class Bot:
    """Answers everything with one reply."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    async def handle(self, _: Incoming) -> Reply:
        return self.reply

    def at_once(self, _: Incoming) -> None:
        return None

    def language(self, _: object) -> Language:
        return Language.NB


class Uploads:
    """What Slack is handed: the calls by name, and the file's own bytes."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack, self.calls, self.file = slack, dict[str, Any](), b""
        slack.answer = self.answer

    async def answer(self, request: web.Request) -> web.Response:
        name = request.path.rpartition("/")[2]
        if name == "upload":
            self.file = await request.read()
            return web.Response(text="OK")
        is_json = request.content_type == "application/json"
        self.calls[name] = json.loads(await request.text()) if is_json else {**await request.post(), **request.query}
        found = {"ok": True, "channel": {"id": "D1"}, "view": {"id": "V1", "hash": "h"}}
        where = {"file_id": "F1", "upload_url": f"{self.slack.url}upload", "files": [{"id": "F1"}]}
        return web.json_response({**found, **where})


@pytest.fixture
async def uploads() -> AsyncIterator[Uploads]:
    async with fake_slack() as slack:
        yield Uploads(slack)


async def type_command(uploads: Uploads, reply: Reply) -> None:
    """Let somebody type the command, and wait until all that comes of it has been shown."""
    client: Any = uploads.slack.client
    bot: Any = Bot(reply)
    async with aiohttp.ClientSession() as session:
        listeners = Listeners(client, bot, Stage(client, SlackMessages(client), bot, session))
        answer = await listeners.dispatch(COMMAND)
        assert answer.status == 200
        await listeners.stop()


@pytest.mark.parametrize("reply", [
    Reply(dialog=dialog("Årshjulet", [YEAR])), Reply(card=message("Årshjulet", [YEAR], summary="Årshjulet")),
], ids=["dialog", "card"])  # fmt: skip
async def test_it_comes_into_the_persons_own_chat_and_says_itself_to_a_screen_reader(
    uploads: Uploads, reply: Reply
) -> None:
    await type_command(uploads, reply)
    assert uploads.calls["conversations.open"]["users"] == "U0OLA"
    assert uploads.calls["files.completeUploadExternal"]["channel_id"] == "D1"
    begun = uploads.calls["files.getUploadURLExternal"]
    assert begun["filename"] == "rusplan.png"
    assert begun["alt_txt"].startswith("Årshjulet: 4 av 5 er gjort.")
    assert len(begun["alt_txt"]) <= 1000
    found = uploads.file
    image = Image.open(BytesIO(found[found.index(b"\x89PNG") :]))
    assert image.size == (1170, 300)


async def test_nothing_is_uploaded_where_there_is_no_picture(uploads: Uploads) -> None:
    await type_command(uploads, Reply(dialog=dialog("Årshjulet")))
    assert list(uploads.calls) == ["views.open"]


async def test_a_picture_that_slack_does_not_take_is_logged_and_the_words_stand(
    uploads: Uploads, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer(request: web.Request) -> web.Response:
        if "files." in request.path:
            return web.json_response({"ok": False, "error": "file_uploads_disabled"})
        return await uploads.answer(request)

    uploads.slack.answer = answer
    with caplog.at_level(logging.WARNING, "rusplan.slack"):
        await type_command(uploads, Reply(dialog=dialog("Årshjulet", [YEAR])))
    assert "views.open" in uploads.calls
    assert "4 av 5 er gjort" in json.dumps(uploads.calls["views.open"]["view"])
    assert "not_handed_out" in caplog.messages
