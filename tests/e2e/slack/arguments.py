"""The arguments of one call of the Web API, read as Slack reads them, and the way to refuse the call."""

from __future__ import annotations

import base64
import json
from typing import Any

from aiohttp import web

from tests.e2e.slack.workspace import Json

STRUCTURED = {"blocks", "view", "metadata", "attachments"}


class Refused(Exception):
    """Slack answers `ok: false` with this error; `details` go into `response_metadata.messages`."""

    def __init__(self, error: str, *details: str, **fields: Any) -> None:
        super().__init__(error)
        self.error, self.details, self.fields = error, details, fields

    def answer(self) -> Json:
        answer: Json = {"ok": False, "error": self.error, **self.fields}
        if self.details:
            # The shape of a real answer, as quoted at brainxx.org/blog/fixing-slack-api-error-message
            answer["response_metadata"] = {"messages": [f"[ERROR] {detail}" for detail in self.details]}
        return answer


async def read(request: web.Request) -> Json:
    """Collect the arguments from query string and body (form or JSON); raise Refused where Slack would."""
    given: Json = dict(request.query)
    body = await request.read()
    kind = request.content_type
    if body and kind == "application/json":
        try:
            parsed = json.loads(body)
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(parsed, dict):
            raise Refused("json_not_object")
        given |= parsed
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    elif body:
        raise Refused("invalid_post_type")
    return given


def decoded(given: Json) -> Json:
    """Turn the structures that came as JSON strings into what they say; leave what is no JSON to the rules."""
    result = dict(given)
    for name in STRUCTURED & set(given):
        if isinstance(given[name], str):
            try:
                result[name] = json.loads(given[name])
            except ValueError:
                result[name] = given[name]
    return result


class Arguments:
    def __init__(self, given: Json, scopes: set[str]) -> None:
        self.given = given
        self.scopes = scopes

    def __contains__(self, name: str) -> bool:
        return self.given.get(name) is not None

    def get(self, name: str) -> Any:
        return self.given.get(name)

    def text(self, name: str) -> str:
        value = self.given.get(name, "")
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Refused("invalid_arguments", f"must be a string [json-pointer:/{name}]")
        return value

    def listed(self, name: str) -> list[str]:
        """Read a list that is written with commas, as slack_sdk does, or given as JSON."""
        value = self.given.get(name) or []
        parts = value.split(",") if isinstance(value, str) else value
        return [str(part).strip() for part in parts if str(part).strip()]

    def flag(self, name: str) -> bool:
        return str(self.given.get(name, "")).lower() in {"1", "true"}

    def number(self, name: str, least: int, most: int, *, default: int) -> int:
        value = str(self.given.get(name, "") or default)
        if not value.isdecimal() or not least <= int(value) <= most:
            raise Refused("invalid_limit")
        return int(value)

    def moment(self, name: str) -> str | None:
        value = self.given.get(name)
        if value in (None, ""):
            return None
        try:
            return f"{float(str(value)):.6f}"
        except ValueError:
            raise Refused(f"invalid_ts_{name}") from None

    def cursor(self, kind: str, position: int) -> str:
        return base64.b64encode(f"{kind}:{position}".encode()).decode()

    def page_start(self, kind: str) -> int:
        cursor = self.text("cursor")
        if not cursor:
            return 0
        try:
            name, position = base64.b64decode(cursor, validate=True).decode().split(":")
        except ValueError:
            raise Refused("invalid_cursor") from None
        if name != kind or not position.isdecimal():
            raise Refused("invalid_cursor")
        return int(position)

    def need(self, scope: str) -> None:
        if scope not in self.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))
