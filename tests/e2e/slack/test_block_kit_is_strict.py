"""Every limit of Block Kit that the fake knows: the neighbour at the limit is taken, the one beyond is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.slack.block_kit import validate
from tests.e2e.slack.pieces import (
    actions,
    asks,
    button,
    confirm,
    grouped,
    image,
    mrkdwn,
    option,
    options,
    plain,
    radio,
    rich,
    rich_section,
    section,
    select,
    text_input,
)

Json = dict[str, Any]


BOLD = {"type": "text", "text": "x", "style": {"bold": True}}
LIST = {"type": "rich_text_list", "style": "bullet", "elements": [rich_section(BOLD)]}
CHECKBOXES = {"type": "checkboxes", "options": options(10)}
BOXES = asks(CHECKBOXES | {"initial_options": options(2)})
FORMATTED = {"text": mrkdwn(), "value": "v"}
ON_ENTER, ON_BLUR = {"trigger_actions_on": ["on_enter_pressed"]}, {"trigger_actions_on": ["on_blur"]}
DAY, HOUR, EXTERNAL = {"type": "datepicker"}, {"type": "timepicker"}, {"type": "external_select"}
NUMBER = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}
SOME, UPLOAD = {"type": "multi_users_select"}, {"type": "file_input"}
MOMENT = {"type": "datetimepicker", "initial_date_time": 1_000_000_000}


def words(count: int) -> Json:
    return plain("x" * count)


def confirmed(**more: Any) -> Json:
    return actions(button(confirm=confirm(**more)))


def typed(**more: Any) -> Json:
    return asks(text_input(**more))


def menu(**more: Any) -> Json:
    return asks({"type": "static_select", **more})


def overflow(*choices: Json) -> Json:
    return actions({"type": "overflow", "options": list(choices)})


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


# What is fine up to a number and refused beyond it: its name, the number, how a block with so much of it looks.
UP_TO: list[tuple[str, int, Callable[[int], Json]]] = [
    ("section text", 3000, lambda n: section(text=words(n))),
    ("section mrkdwn", 3000, lambda n: section(text=mrkdwn("x" * n))),
    ("field text", 2000, lambda n: section(fields=[words(n)])),
    ("fields", 10, lambda n: section(fields=[plain()] * n)),
    ("block_id", 255, lambda n: section(block_id="x" * n)),
    ("header", 150, lambda n: {"type": "header", "text": words(n)}),
    ("context text", 3000, lambda n: context(words(n))),
    ("context mrkdwn", 3000, lambda n: context(mrkdwn("x" * n))),
    ("picture's alt text", 2000, lambda n: context(image(alt_text="x" * n))),
    ("picture's address", 3000, lambda n: context(image(image_url="x" * n))),
    ("menu's placeholder", 150, lambda n: asks(select(placeholder=words(n)))),
    ("seconds", 9_999_999_999, lambda n: asks({"type": "datetimepicker", "initial_date_time": n})),
    ("rich text block_id", 255, lambda n: rich(rich_section(BOLD)) | {"block_id": "x" * n}),
    ("rich text border", 1, lambda n: rich(LIST | {"border": n})),
    ("context", 10, lambda n: context(*[mrkdwn()] * n)),
    ("actions", 25, lambda n: actions(*[button()] * n)),
    ("action_id", 255, lambda n: actions(button(action_id="x" * n))),
    ("button text", 75, lambda n: actions(button(text=words(n)))),
    ("button value", 2000, lambda n: actions(button(value="x" * n))),
    ("button url", 3000, lambda n: actions(button(url="x" * n))),
    ("button's words for readers", 75, lambda n: actions(button(accessibility_label="x" * n))),
    ("confirm title", 100, lambda n: confirmed(title=words(n))),
    ("confirm text", 300, lambda n: confirmed(text=words(n))),
    ("confirm button", 30, lambda n: confirmed(confirm=words(n))),
    ("confirm's other button", 30, lambda n: confirmed(deny=words(n))),
    ("image alt text", 2000, lambda n: image(alt_text="x" * n)),
    ("image address", 3000, lambda n: image(image_url="x" * n)),
    ("image title", 2000, lambda n: image(title=words(n))),
    ("label", 2000, lambda n: typed() | {"label": words(n)}),
    ("hint", 2000, lambda n: typed() | {"hint": words(n)}),
    ("placeholder", 150, lambda n: typed(placeholder=words(n))),
    ("max_length", 3000, lambda n: typed(max_length=n)),
    ("min_length", 3000, lambda n: typed(min_length=n)),
    ("min_length under max_length", 5, lambda n: typed(min_length=n, max_length=5)),
    ("initial value", 9, lambda n: typed(initial_value="x" * n, max_length=9)),
    ("options", 100, lambda n: menu(options=options(n))),
    ("option groups", 100, lambda n: menu(option_groups=[grouped(f"{i}") for i in range(n)])),
    ("options in a group", 100, lambda n: menu(option_groups=[grouped() | {"options": options(n)}])),
    ("group label", 75, lambda n: menu(option_groups=[grouped() | {"label": words(n)}])),
    ("radio buttons", 10, lambda n: asks(radio(n))),
    ("checkboxes", 10, lambda n: asks(CHECKBOXES | {"options": options(n)})),
    ("overflow", 5, lambda n: overflow(*options(n))),
    ("option text", 75, lambda n: menu(options=[option(text="x" * n)])),
    ("option value", 150, lambda n: menu(options=[option("x" * n)])),
    ("description", 75, lambda n: asks(radio(options=[option(description=words(n))]))),
    ("option url", 3000, lambda n: overflow(option(url="x" * n))),
    ("max_selected_items", 1, lambda n: asks(SOME | {"max_selected_items": 1, "initial_users": ["U"] * n})),
    ("max_files", 10, lambda n: asks({"type": "file_input", "max_files": n})),
    ("rich text indent", 8, lambda n: rich(LIST | {"indent": n})),
]  # fmt: skip

# What is fine, and its neighbour that isn't.
PAIRS: list[tuple[str, Json, Json]] = [
    ("a block is an object", section(), []),  # type: ignore[list-item]
    ("a text is an object", section(), section(text="x")),
    ("words are a text", section(), section(text=plain() | {"text": 5})),
    ("fields are a list", section(fields=[plain()]), section(fields=plain())),
    ("seconds in ten digits", asks(MOMENT), asks(MOMENT | {"initial_date_time": 999_999_999})),
    ("at least one to select", asks(SOME | {"max_selected_items": 1}), asks(SOME | {"max_selected_items": 0})),
    ("at least one file", asks(UPLOAD | {"max_files": 1}), asks(UPLOAD | {"max_files": 0})),
    ("no text", section(text=plain("x")), section(text=plain(""))),
    ("astral characters count twice", section(text=plain("😀" * 1500)), section(text=plain("😀" * 1501))),
    ("lone surrogate", section(text=plain("æ")), section(text=plain("\ud800"))),
    ("text or fields", {"type": "section", "fields": [plain()]}, {"type": "section"}),
    ("no field", section(fields=[plain()]), section(fields=[])),
    ("plain_text knows emoji", section(text=plain() | {"emoji": False}), section(text=plain() | {"verbatim": True})),
    ("mrkdwn knows verbatim", section(text=mrkdwn() | {"verbatim": True}), section(text=mrkdwn() | {"emoji": True})),
    ("empty block_id", section(block_id="x"), section(block_id="")),
    ("null", section(), section(block_id=None)),
    ("unknown key", section(expand=True), section(colour="red")),
    ("unknown block", {"type": "divider"}, {"type": "ruler"}),
    ("a type must be a text", {"type": "divider"}, {"type": ["divider"]}),
    ("not modelled", {"type": "divider"}, {"type": "video"}),
    ("header is plain", {"type": "header", "text": plain()}, {"type": "header", "text": mrkdwn()}),
    ("no context", context(image()), context()),
    ("nothing to press in context", context(plain()), context(button())),
    ("no actions", actions(button()), actions()),
    ("nothing to type in actions", actions(select()), actions(text_input())),
    ("unknown element", actions(button()), actions({"type": "lever"})),
    ("action_id twice", actions(button(action_id="a"), button()), actions(*[button(action_id="a")] * 2)),
    ("button is plain", actions(button()), actions(button(text=mrkdwn()))),
    ("button style", actions(button(style="danger")), actions(button(style="default"))),
    ("confirm whole", confirmed(), actions(button(confirm={"title": plain()}))),
    ("image from somewhere", image(), {"type": "image", "alt_text": "x"}),
    ("image from one place", image(), image(slack_file={"id": "F1"})),
    ("accessory", section(accessory=select()), section(accessory=text_input())),
    ("label is plain", typed(), typed() | {"label": mrkdwn()}),
    ("nothing to press in input", asks(select()), asks(button())),
    ("optional", typed() | {"optional": True}, typed() | {"optional": "yes"}),
    ("max_length of nothing", typed(max_length=1), typed(max_length=0)),
    ("initial value too short", typed(initial_value="xx", min_length=2), typed(initial_value="x", min_length=2)),
    ("an integer is no text", typed(max_length=5), typed(max_length="5")),
    ("when to dispatch", typed(dispatch_action_config=ON_ENTER), typed(dispatch_action_config=ON_BLUR)),
    ("no options", menu(options=options(1)), menu(options=[])),
    ("options or groups", menu(option_groups=[grouped()]), menu()),
    ("not both", menu(options=options(1)), menu(options=options(1), option_groups=[grouped()])),
    ("option without value", menu(options=[option()]), menu(options=[{"text": plain()}])),
    ("option value twice", menu(options=[option("a"), option("b")]), menu(options=[option("a")] * 2)),
    ("mrkdwn only beside boxes", asks(radio(options=[FORMATTED])), menu(options=[FORMATTED])),
    ("url only in overflow", overflow(option(url="https://x.no")), menu(options=[option(url="https://x.no")])),
    ("initial option", asks(select(initial_option=option("1"))), asks(select(initial_option=option("2")))),
    ("the same words", asks(select(initial_option=option("1"))), asks(select(initial_option=option("1", "y")))),
    ("initial options", BOXES, asks(CHECKBOXES | {"initial_options": [option("10")]})),
    ("one is no list", asks(radio(initial_option=option("0"))), asks(radio(initial_options=[option("0")]))),
    ("min_query_length", asks(EXTERNAL | {"min_query_length": 0}), asks(EXTERNAL | {"min_query_length": -1})),
    ("external has no options", asks(EXTERNAL), asks(EXTERNAL | {"options": options(1)})),
    ("date", asks(DAY | {"initial_date": "2026-02-28"}), asks(DAY | {"initial_date": "2026-02-29"})),
    ("date form", asks(DAY | {"initial_date": "2026-02-01"}), asks(DAY | {"initial_date": "20260201"})),
    ("time", asks(HOUR | {"initial_time": "23:59"}), asks(HOUR | {"initial_time": "24:00"})),
    ("time form", asks(HOUR | {"initial_time": "09:05"}), asks(HOUR | {"initial_time": "9:05"})),
    ("time zone", asks(HOUR | {"timezone": "Europe/Oslo"}), asks(HOUR | {"timezone": "Oslo"})),
    ("number", asks(NUMBER | {"max_value": "1"}), asks(NUMBER | {"max_value": "0"})),
    ("rich text", rich(rich_section(BOLD)), rich(rich_section(BOLD | {"text": ""}))),
    ("rich text style", rich(rich_section(BOLD)), rich(rich_section(BOLD | {"style": {"loud": True}}))),
    ("rich text parts", rich(LIST), rich(BOLD)),
    ("rich text list holds sections", rich(LIST), rich(LIST | {"elements": [BOLD]})),
    ("rich text list style", rich(LIST | {"style": "ordered"}), rich(LIST | {"style": "roman"})),
    ("rich text nothing", rich(rich_section(BOLD)), rich()),
]  # fmt: skip


@pytest.mark.parametrize(("most", "make"), [pytest.param(most, make, id=name) for name, most, make in UP_TO])
def test_a_number_that_is_not_exceeded(most: int, make: Callable[[int], Json]) -> None:
    assert not validate([make(most)], "modal")
    assert validate([make(most + 1)], "modal")


@pytest.mark.parametrize(("fine", "wrong"), [pytest.param(fine, wrong, id=name) for name, fine, wrong in PAIRS])
def test_a_rule_for_blocks(fine: Json, wrong: Json) -> None:
    assert not validate([fine], "modal")
    faults = validate([wrong], "modal")
    assert faults
    assert all("[json-pointer:/blocks" in fault for fault in faults), "each fault says where"
