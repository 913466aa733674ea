"""Block Kit as a whole: what fits a message, a modal and a home tab, and how much of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.slack.block_kit import too_long, validate, validate_options, validate_view, view_too_large
from tests.e2e.slack.pieces import asks, grouped, option, options, plain, section, text_input

Json = dict[str, Any]

CELL = {"type": "raw_text", "text": "x"}
TABLE: Json = {"type": "table", "rows": [[CELL]]}


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_how_many_blocks(surface: str, most: int) -> None:
    assert not validate([{"type": "divider"}] * most, surface)
    assert validate([{"type": "divider"}] * (most + 1), surface)
    assert validate([], surface)


def test_ids_and_focus_are_unique_among_blocks() -> None:
    assert not validate([section(block_id="a"), section(block_id="b")], "message")
    assert validate([section(block_id="a"), section(block_id="a")], "message")
    focused = asks(text_input(focus_on_load=True))
    assert not validate([focused, asks(text_input(focus_on_load=False))], "modal")
    assert validate([focused, copy.deepcopy(focused)], "modal")


def test_some_blocks_and_elements_belong_on_one_surface() -> None:
    upload, markdown = asks({"type": "file_input"}), {"type": "markdown", "text": "**x**"}
    assert not validate([upload], "modal")
    assert validate([upload], "message")
    assert validate([upload | {"dispatch_action": True}], "modal")
    assert not validate([markdown], "message")
    assert validate([markdown], "modal")
    assert not validate([asks(text_input())], "message"), "since April 2021"
    assert not validate([TABLE], "message")
    assert validate([TABLE], "home")
    assert validate([TABLE, TABLE], "message")


@pytest.mark.parametrize(
    ("most", "make"),
    [
        (12_000, lambda n: {"type": "markdown", "text": "x" * n}),
        (100, lambda n: TABLE | {"rows": [[CELL]] * n}),
        (20, lambda n: TABLE | {"rows": [[CELL] * n]}),
        (20, lambda n: TABLE | {"column_settings": [{"align": "left"}] * n}),
    ],
)
def test_a_number_that_is_not_exceeded_in_messages(most: int, make: Callable[[int], Json]) -> None:
    assert not validate([make(most)], "message")
    assert validate([make(most + 1)], "message")


def test_every_fault_is_named_at_once() -> None:
    wrong = [section(text=plain("")), {"type": "header", "text": plain("x" * 151), "block_id": "b", "size": 1}]
    assert validate(wrong, "message") == [
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        "must be less than 151 characters [json-pointer:/blocks/1/text/text]",
        "invalid additional property: size [json-pointer:/blocks/1]",
    ]


def sized(count: int, blocks: list[Json], size: Callable[[list[Json]], int]) -> list[Json]:
    """Lengthen the last text until everything together has this size."""
    blocks[-1]["text"]["text"] += "x" * (count - size(blocks))
    assert size(blocks) == count
    return blocks


def test_all_blocks_of_a_message_together() -> None:
    def make(count: int) -> list[Json]:
        blocks = [section(text=plain("x" * 3000)) for _ in range(4)] + [section()]
        return sized(count, blocks, lambda each: len(json.dumps(each, separators=(",", ":"))))

    assert not too_long(make(13_200))
    assert too_long(make(13_201))


MODAL: Json = {"type": "modal", "title": plain(), "blocks": [section()]}
HOME: Json = {"type": "home", "blocks": [section()]}
VIEWS: list[tuple[str, Json, Json]] = [
    ("title", MODAL | {"title": plain("x" * 24)}, MODAL | {"title": plain("x" * 25)}),
    ("title needed", MODAL, {"type": "modal", "blocks": [section()]}),
    ("submit", MODAL | {"submit": plain("x" * 24)}, MODAL | {"submit": plain("x" * 25)}),
    ("close", MODAL | {"close": plain("x" * 24)}, MODAL | {"close": plain("x" * 25)}),
    ("private_metadata", MODAL | {"private_metadata": "x" * 3000}, MODAL | {"private_metadata": "x" * 3001}),
    ("callback_id", MODAL | {"callback_id": "x" * 255}, MODAL | {"callback_id": "x" * 256}),
    ("external_id", MODAL | {"external_id": "x" * 255}, MODAL | {"external_id": "x" * 256}),
    ("blocks needed", MODAL, {"type": "modal", "title": plain()}),
    (
        "input needs submit",
        MODAL | {"blocks": [asks(text_input())], "submit": plain()},
        MODAL | {"blocks": [asks(text_input())]},
    ),
    ("unknown key", MODAL | {"notify_on_close": True}, MODAL | {"colour": "red"}),
    ("home", HOME, HOME | {"title": plain()}),
    ("home needs no submit", HOME | {"blocks": [asks(text_input())]}, HOME | {"submit": plain()}),
]


@pytest.mark.parametrize(("fine", "wrong"), [pytest.param(fine, wrong, id=name) for name, fine, wrong in VIEWS])
def test_a_limit_of_views(fine: Json, wrong: Json) -> None:
    assert not validate_view(fine, fine["type"])
    assert validate_view(wrong, wrong["type"])


def test_how_large_a_view_may_be() -> None:
    def make(count: int) -> Json:
        blocks = [section(text=plain("ø" * 1210)) for _ in range(100)]
        whole = MODAL | {"blocks": blocks}
        sized(count, blocks, lambda _: len(json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode()))
        return whole

    assert not view_too_large(make(250_000))
    assert view_too_large(make(250_001))


def test_options_found_by_a_search() -> None:
    assert not validate_options({"options": []})
    assert not validate_options({"options": options(100)})
    assert not validate_options({"option_groups": [grouped(str(number)) for number in range(100)]})
    assert validate_options({"option_groups": [grouped(str(number)) for number in range(101)]})
    for wrong in ({"options": options(101)}, {"options": [option(text="x" * 76)]}, {}, "x", {"options": [], "x": 1}):
        assert validate_options(wrong)
    assert validate_options({"options": [], "option_groups": [grouped()]})
