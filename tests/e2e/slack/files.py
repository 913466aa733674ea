"""Uploading a file in Slack's three steps: ask where to, put it there, and hand it over to a conversation.

Source: docs.slack.dev/messaging/working-with-files
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass

from aiohttp import web

from tests.e2e.slack.arguments import Arguments, Refused
from tests.e2e.slack.workspace import Json, Workspace


@dataclass
class File:
    """A file; it stands in a conversation once it has been completed."""

    id: str
    name: str
    length: int
    content: bytes = b""
    title: str = ""
    channel: str = ""


class Files:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.base_url = ""
        self._asked: dict[str, File] = {}
        self._numbers = itertools.count(1)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/upload/{id}", self.take)]

    def new_url(self, given: Arguments) -> Json:
        name, length = given.text("filename"), given.number("length", 1, 1_000_000_000, default=0)
        file = File(f"F{next(self._numbers):09d}", name, length)
        self._asked[file.id] = file
        return {"upload_url": f"{self.base_url}/upload/{file.id}", "file_id": file.id}

    async def take(self, request: web.Request) -> web.Response:
        file = self._asked.get(request.match_info["id"])
        content = await request.read()
        if file is None or len(content) != file.length:
            self.workspace.fault("upload: another file than was announced")
            return web.Response(status=400)
        file.content = content
        return web.Response(text=f"OK - {file.length}")

    def complete(self, given: Arguments) -> Json:
        written = given.get("files")
        files = json.loads(written) if isinstance(written, str) else written
        channel = self.workspace.channels.get(given.text("channel_id"))
        if channel is None or self.workspace.bot.id not in channel.members:
            raise Refused("channel_not_found")
        for each in files:
            file = self._asked.pop(each["id"], None)
            if file is None or not file.content:
                raise Refused("file_not_found")
            file.title, file.channel = each.get("title") or file.name, channel.id
            self.workspace.files.append(file)
        return {"files": [{"id": each["id"], "title": each.get("title")} for each in files]}
