"""What Slack sends, read: who did what, and where its answer is to be shown. Payloads as the documentation has them."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.payload import MAX_TEXT, Search
from adapters.slack import acts
from adapters.slack.acts import Act, Origin, Place
from adapters.slack.views import ViewRef
from flows.intent import understand
from flows.port import Address, Incoming, MessageRef, Pressed, Submitted, Typed
from flows.wishes import Wish
from tests.adapters.slack_payloads import (
    CHANNEL,
    COMMAND,
    DM,
    HOME_OPENED,
    IN_EPHEMERAL,
    IN_HOME,
    IN_MESSAGE,
    IN_MODAL,
    MESSAGE,
    RESPONSE_URL,
    SUBMISSION,
    SUGGESTION,
    TEAM,
    TRIGGER,
    USER,
    changed,
    read,
    without,
)

Json = dict[str, Any]

OLA = Address("slack", TEAM, USER)
CASE = "0123456789abcdef0123456789abcdef"


def test_a_slash_command_is_typed_words_that_can_open_a_form() -> None:
    assert acts.command(COMMAND) == Act(
        Incoming(TRIGGER, OLA, Typed("/rus-plan foresatte")),
        Origin(Place.COMMAND, USER, TRIGGER, RESPONSE_URL, CHANNEL),
    )


def test_a_slash_command_alone_has_no_words_behind_it() -> None:
    bare = without(without(COMMAND, "text"), "response_url")
    assert acts.command(bare) == Act(
        Incoming(TRIGGER, OLA, Typed("/rus-plan")), Origin(Place.COMMAND, USER, TRIGGER, channel=CHANNEL)
    )
    assert acts.command(changed(COMMAND, "text", "")).incoming.act == Typed("/rus-plan")
    assert acts.command(changed(COMMAND, "text", "  foresatte  ")).incoming.act == Typed("/rus-plan   foresatte")


def test_a_button_in_a_message_says_which_message() -> None:
    assert acts.pressed(IN_MESSAGE) == Act(
        Incoming(
            f"1795424461.123456/0.take/{DM}/1795424400.000100",
            OLA,
            Pressed("take", CASE, MessageRef("slack", DM, "1795424400.000100")),
        ),
        Origin(Place.MESSAGE, USER, TRIGGER, "https://hooks.slack.com/actions/T0123ABCD/1234/5678", DM),
    )


def test_a_button_in_what_only_one_person_sees_stands_in_no_message() -> None:
    """An ephemeral can't be edited by its id: only the response URL reaches it."""
    assert acts.pressed(IN_EPHEMERAL) == Act(
        Incoming(f"1795424461.123456/0.start/{CHANNEL}/1795424400.000200", OLA, Pressed("start")),
        Origin(Place.EPHEMERAL, USER, TRIGGER, "https://hooks.slack.com/actions/T0123ABCD/1234/5678", CHANNEL),
    )


def test_a_button_in_a_modal_is_answered_in_that_modal() -> None:
    assert acts.pressed(IN_MODAL) == Act(
        Incoming("1795424461.123456/s3.duty/V0123ABCD", OLA, Pressed("duty", "0123/B1.4")),
        Origin(Place.MODAL, USER, TRIGGER, view=ViewRef("V0123ABCD", "1795424460.abcDEF12")),
    )


def test_a_button_in_the_home_opens_a_modal_over_it() -> None:
    assert acts.pressed(IN_HOME) == Act(
        Incoming("1795424461.123456/s3.duty/V0123ABCD", OLA, Pressed("duty", "0123/B1.4")),
        Origin(Place.HOME, USER, TRIGGER),
    )


@pytest.mark.parametrize(
    ("action_id", "action"),
    [("0.take", "take"), ("s12.tick", "tick"), ("calendar", "calendar"), ("0.a.b", "a.b"), ("x.", "x.")],
)
def test_a_buttons_action_is_what_stands_behind_its_place(action_id: str, action: str) -> None:
    act = acts.pressed(changed(IN_MESSAGE, "actions.0.action_id", action_id)).incoming.act
    assert isinstance(act, Pressed)
    assert act.action == action


def test_a_button_without_a_value_is_about_nothing_in_particular() -> None:
    assert acts.pressed(without(IN_MODAL, "actions.0.value")).incoming.act == Pressed("duty")


@pytest.mark.parametrize(
    "path",
    ["actions.0.action_ts", "actions.0.action_id", "container.message_ts", "container.channel_id"],
)
def test_another_press_is_another_delivery(path: str) -> None:
    ids = {acts.pressed(body).incoming.delivery_id for body in (IN_MESSAGE, changed(IN_MESSAGE, path, "9.take"))}
    assert len(ids) == 2


def test_a_press_in_another_view_is_another_delivery() -> None:
    ids = {acts.pressed(body).incoming.delivery_id for body in (IN_MODAL, changed(IN_MODAL, "view.id", "V9"))}
    assert len(ids) == 2


@pytest.mark.parametrize(
    "body", [COMMAND, IN_MESSAGE, IN_EPHEMERAL, IN_MODAL, IN_HOME, SUBMISSION, MESSAGE, HOME_OPENED]
)
def test_the_same_payload_again_is_the_same_delivery(body: Json) -> None:
    """Slack repeats an event whose answer it missed."""
    assert read(body) == read(dict(body))


def test_a_form_is_handed_in_with_what_each_kind_of_input_holds() -> None:
    assert acts.submitted(SUBMISSION) == Act(
        Incoming(
            "V0123ABCD/1795424460.abcDEF12",
            OLA,
            Submitted(
                "do",
                "0123/B1.4",
                {
                    "note": ("Avtalt.\nTo.",),
                    "day": ("2026-11-26",),
                    "hour": ("10:30",),
                    "yes": ("ja",),
                    "place": ("kantine",),
                    "class": ("1baa",),
                    "what": ("a", "b"),
                    "many": ("c",),
                    "people": ("ola", "eva"),
                },
            ),
        ),
        Origin(Place.MODAL, USER, TRIGGER, view=ViewRef("V0123ABCD", "1795424460.abcDEF12")),
    )


@pytest.mark.parametrize("body", [without(SUBMISSION, "view.state"), changed(SUBMISSION, "view.state", None)])
def test_a_form_without_fields_is_handed_in_all_the_same(body: Json) -> None:
    assert acts.submitted(body).incoming.act == Submitted("do", "0123/B1.4")


def test_a_form_may_come_without_a_trigger() -> None:
    assert acts.submitted(without(SUBMISSION, "trigger_id")).origin.trigger == ""


def test_an_updated_form_that_is_handed_in_is_another_delivery() -> None:
    again = changed(SUBMISSION, "view.hash", "1795424470.other")
    assert acts.submitted(again).incoming.delivery_id == "V0123ABCD/1795424470.other"


def test_words_in_the_bots_own_chat_are_an_act() -> None:
    assert acts.said(MESSAGE) == Act(
        Incoming("Ev0123ABCD", OLA, Typed("/rus-plan <foresatte> & elev")), Origin(Place.CHAT, USER, channel=DM)
    )


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("&lt;!channel&gt;", "<!channel>"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        ("  rus-hjelp\n", "rus-hjelp"),
        ("Å ringe hjem: blåbærsyltetøy", "Å ringe hjem: blåbærsyltetøy"),
        ("", ""),
    ],
)
def test_what_slack_has_escaped_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    act = acts.said(changed(MESSAGE, "event.text", sent))
    assert act is not None
    assert act.incoming.act == Typed(typed)


@pytest.mark.parametrize("subtype", ["file_share", "me_message", "thread_broadcast"])
def test_words_beside_a_picture_or_in_a_thread_are_words(subtype: str) -> None:
    assert acts.said(changed(MESSAGE, "event.subtype", subtype)) == acts.said(MESSAGE)


def test_words_without_any_text_are_empty_words() -> None:
    """Somebody has sent nothing but a picture or a sticker."""
    act = acts.said(without(MESSAGE, "event.text"))
    assert act is not None
    assert act.incoming.act == Typed("")


@pytest.mark.parametrize(
    "body",
    [
        changed(MESSAGE, "event.channel_type", "channel"),
        changed(MESSAGE, "event.channel_type", "group"),
        changed(MESSAGE, "event.channel_type", "mpim"),
        changed(MESSAGE, "event.channel_type", "app_home"),
        changed(MESSAGE, "event.channel_type", None),
        changed(MESSAGE, "event.channel_type", ["im"]),
        without(MESSAGE, "event.channel_type"),
        changed(MESSAGE, "event.bot_id", "B0123ABCD"),
        changed(MESSAGE, "event.subtype", "message_changed"),
        changed(MESSAGE, "event.subtype", "message_deleted"),
        changed(MESSAGE, "event.subtype", "bot_message"),
        changed(MESSAGE, "event.subtype", "channel_join"),
        changed(MESSAGE, "event.subtype", ["file_share"]),
    ],
    ids=repr,
)
def test_what_nobody_has_written_to_the_bot_just_now_is_no_act(body: Json) -> None:
    assert acts.said(body) is None


def test_opening_the_home_asks_for_ones_own_page() -> None:
    act = acts.home_opened(HOME_OPENED)
    assert act == Act(
        Incoming("Ev0123ABCD", OLA, Pressed("home", message=MessageRef("slack", USER, "home"))),
        Origin(Place.HOME, USER),
    )
    assert understand(act.incoming.act).wish is Wish.HOME


@pytest.mark.parametrize("tab", ["messages", "about", None, ["home"]])
def test_opening_another_tab_is_no_act(tab: Any) -> None:
    assert acts.home_opened(changed(HOME_OPENED, "event.tab", tab)) is None


def test_letters_in_a_field_that_searches_say_which_list_is_looked_through() -> None:
    assert acts.search(SUGGESTION) == Search(OLA, "classes", "1b")
    assert acts.search(without(SUGGESTION, "value")) == Search(OLA, "classes", "")
    assert acts.search(changed(SUGGESTION, "action_id", "value")).source == ""


# How much.


@pytest.mark.parametrize("body", [changed(COMMAND, "text", "ø" * 9000), changed(MESSAGE, "event.text", "ø" * 9000)])
def test_nobody_reads_more_than_a_command(body: Json) -> None:
    act = read(body).incoming.act
    assert isinstance(act, Typed)
    assert len(act.text) == MAX_TEXT


@pytest.mark.parametrize("count", [20, 21])
def test_a_form_has_at_most_as_many_fields_as_a_card(count: int) -> None:
    fields = {str(at): {"value": {"type": "plain_text_input", "value": "x"}} for at in range(count)}
    body = changed(SUBMISSION, "view.state.values", fields)
    if count == 20:
        assert len(getattr(acts.submitted(body).incoming.act, "values", ())) == 20
    else:
        with pytest.raises(acts.Malformed, match=r"^fields$"):
            acts.submitted(body)
