"""Small pieces of Block Kit for the tests of the fake."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "v", text: str = "x", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def section(**more: Any) -> Json:
    return {"type": "section", "text": plain(), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def asks(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": options(2), **more}


def radio(count: int = 2, **more: Any) -> Json:
    return {"type": "radio_buttons", "options": options(count), **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def rich_section(*pieces: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(pieces)}


def confirm(**more: Any) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()} | more


def image(**more: Any) -> Json:
    return {"type": "image", "alt_text": "x", "image_url": "https://x.no/x.png", **more}


def grouped(value: str = "v") -> Json:
    return {"label": plain(), "options": [option(value)]}


FORM: Json = {
    "type": "modal",
    "title": plain("Skjema"),
    "submit": plain("Send"),
    "callback_id": "form",
    "notify_on_close": True,
    "blocks": [
        asks(text_input(action_id="a", max_length=5, min_length=2), block_id="name") | {"label": plain("Navn")},
        asks(radio(2, action_id="a", options=[option("1", "Ja"), option("2", "Nei")]), block_id="sure"),
        asks({"type": "checkboxes", "action_id": "a", "options": options(3)}, block_id="seen", optional=True),
        asks({"type": "datepicker", "action_id": "a"}, block_id="day", optional=True),
        asks({"type": "timepicker", "action_id": "a", "timezone": "Europe/Oslo"}, block_id="hour", optional=True),
        asks({"type": "external_select", "action_id": "a", "min_query_length": 2}, block_id="who", optional=True),
        asks(select(action_id="a"), block_id="where", dispatch_action=True, optional=True),
        section(block_id="more", accessory=button(action_id="more", value="1", text=plain("Mer"))),
    ],
}
