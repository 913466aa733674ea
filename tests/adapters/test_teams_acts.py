"""What a person does in Teams becomes an act of ours: who, what, where; whichever way a client sends it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from adapters.payload import MAX_TEXT, Malformed, Search
from adapters.teams import acts
from adapters.teams.acts import Chat, Place, act, search
from adapters.teams.fields import SEVERAL
from adapters.teams.look import CANCEL
from flows.intent import understand
from flows.port import Address, MessageRef, Pressed, Submitted, Typed
from flows.wishes import Wish
from tests.adapters.teams_payloads import (
    CARD,
    CHANNEL,
    GROUP,
    IN_CHANNEL,
    IN_GROUP,
    MEMBER,
    OLA,
    OWN_CHAT,
    SAID,
    SAID_IN_CHANNEL,
    SAID_IN_GROUP,
    SERVICE,
    TENANT,
    activity,
    answered,
    executed,
    fetched,
    hand_in,
    installed,
    press,
    searched,
    submitted,
)

Json = dict[str, Any]

STANDS = MessageRef("teams", OWN_CHAT, CARD)


def read(body: Json) -> acts.Act:
    found = act(body)
    assert found
    return found


def typed(text: str) -> str:
    done = read(SAID | {"text": text}).incoming.act
    assert isinstance(done, Typed)
    return done.text


# What is written.


@pytest.mark.parametrize(
    "text",
    [
        "rus-hendelse",
        "/rus-hendelse",
        "  rus-hendelse\n",
        "RUS-HENDELSE",
        "<at>rusplan</at> rus-hendelse",
        "<at>rusplan</at>rus-hendelse",
        '<at id="0">rusplan</at>&nbsp;/Rus-Hendelse\r\n',
        "rus-hendelse <AT>rusplan</AT>",
        "<at>Ola</at> <at>Kari</at> rus-hendelse",
        "<p>rus-hendelse</p>",
        "<div><div>rus-hendelse<br></div></div>",
    ],
)
def test_a_command_is_heard_however_teams_wraps_it(text: str) -> None:
    assert understand(Typed(typed(text))).wish is Wish.INTAKE


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("rus-plan  foresatte\n og elev", "rus-plan foresatte og elev"),
        ("rus-plan &lt;foresatte&gt; &amp; elev", "rus-plan <foresatte> & elev"),
        ("rus-plan &amp;lt;", "rus-plan &lt;"),
        ("blåbær &aring; &#229; &nbsp;ø", "blåbær å å ø"),
        ("5 &gt; 3", "5 > 3"),
        ("1 < 2", "1 < 2"),
        ("<at>rusplan", "rusplan"),
        ("a<b>c</b>d", "a c d"),
        ("<attribute>x</attribute>", "x"),
        ("", ""),
        ("<at>rusplan</at>", ""),
    ],
)
def test_words_are_read_without_what_teams_puts_around_them(sent: str, words: str) -> None:
    assert typed(sent) == words


def test_a_message_without_text_says_nothing() -> None:
    """A picture, say."""
    assert read({name: part for name, part in SAID.items() if name != "text"}).incoming.act == Typed("")
    assert read(SAID | {"text": None, "value": None}).incoming.act == Typed("")


@pytest.mark.parametrize("part", ["<at>", "<at ", "<", "<at>x</at>", "&lt;", "<b", "</at>", "<at>&", "x "])
def test_a_long_text_is_cut_and_takes_no_time(part: str) -> None:
    """Nobody else is answered meanwhile."""
    began = time.process_time()
    assert len(typed(part * (240_000 // len(part)))) <= MAX_TEXT
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("body", "place", "chat"),
    [
        (SAID, Place.CHAT, OWN_CHAT),
        (SAID_IN_GROUP, Place.ELSEWHERE, GROUP),
        (SAID_IN_CHANNEL, Place.ELSEWHERE, CHANNEL),
        (SAID | {"conversation": {"id": OWN_CHAT, "tenantId": TENANT}}, Place.ELSEWHERE, OWN_CHAT),
        (SAID | {"conversation": IN_GROUP | {"conversationType": "meeting"}}, Place.ELSEWHERE, GROUP),
    ],
    ids=["personal", "group", "channel", "nothing said of it", "a kind of tomorrow"],
)
def test_only_a_chat_that_says_so_is_somebodys_own(body: Json, place: Place, chat: str) -> None:
    found = read(body)
    assert found.origin == acts.Origin(place, Chat(SERVICE, chat), MEMBER)
    assert found.incoming.sender == OLA
    assert found.incoming.delivery_id == body["id"]


# What is pressed and handed in.


@pytest.mark.parametrize("send", [executed, submitted])
def test_a_button_of_a_message_says_which_message(send: Any) -> None:
    found = read(send(press("take", "K7M2QD")))
    assert found.incoming.act == Pressed("take", "K7M2QD", STANDS)
    assert found.origin == acts.Origin(
        Place.MESSAGE, Chat(SERVICE, OWN_CHAT), MEMBER, CARD, is_invoke=send is executed, is_cancelled=False
    )


@pytest.mark.parametrize("send", [executed, submitted])
def test_a_button_of_a_dialog_is_of_no_message(send: Any) -> None:
    found = read(send(press("done", "talk", in_dialog=True)))
    assert found.incoming.act == Pressed("done", "talk")
    assert (found.origin.place, found.origin.message) == (Place.DIALOG, CARD)


@pytest.mark.parametrize("send", [executed, submitted, answered])
def test_a_form_comes_with_what_was_filled_in(send: Any) -> None:
    filled = {"what": "use", "why": " Avtalt.\nTo. ", f"{SEVERAL}with": "kari,siv", "place": "", "day": "  "}
    expected = {"what": ("use",), "why": ("Avtalt.\nTo.",), "with": ("kari", "siv")}
    assert read(send(hand_in("report", "r1", **filled))).incoming.act == Submitted("report", "r1", expected)


def test_a_button_beside_a_forms_own_hands_nothing_in() -> None:
    """A client that sends the fields all the same changes nothing."""
    assert read(executed(press("help", in_dialog=True, what="use"))).incoming.act == Pressed("help")


@pytest.mark.parametrize("says", [False, None, 1, "true", [], {}])
def test_only_a_forms_own_button_hands_it_in(says: Any) -> None:
    assert read(executed(press("report", in_dialog=True, _f=says, what="use"))).incoming.act == Pressed("report")


@pytest.mark.parametrize("send", [executed, submitted, answered])
def test_the_way_out_of_a_dialog_is_known_as_one(send: Any) -> None:
    assert read(send(press(CANCEL, in_dialog=True))).origin.is_cancelled
    assert not read(send(press("close-case", in_dialog=True))).origin.is_cancelled


@pytest.mark.parametrize("conversation", [IN_GROUP, IN_CHANNEL, {"id": OWN_CHAT, "tenantId": TENANT}])
@pytest.mark.parametrize(
    "data", [press("take", "K7M2QD"), press("done", in_dialog=True), hand_in("report", what="use")]
)
@pytest.mark.parametrize("send", [executed, submitted])
def test_a_card_that_somebody_took_among_others_is_pressed_there(send: Any, data: Json, conversation: Json) -> None:
    """Whatever it answers would stand there for everybody to read."""
    found = read(send(data, conversation=conversation))
    assert found.origin.place is Place.ELSEWHERE
    assert getattr(found.incoming.act, "message", None) is None


def test_a_button_says_its_word_in_its_data_too_where_a_client_has_no_verb() -> None:
    body = executed(press("take"))
    body["value"] = {"action": {"type": "Action.Execute", "data": press("take")}}
    assert read(body).incoming.act == Pressed("take", "", STANDS)


# What comes through the message extension.


@pytest.mark.parametrize("conversation", [IN_GROUP, IN_CHANNEL, SAID["conversation"]])
def test_a_command_of_the_extension_is_typed_words(conversation: Json) -> None:
    found = read(fetched("rus-saker", conversation=conversation))
    assert found.incoming.act == Typed("rus-saker")
    assert (found.origin.place, found.origin.is_invoke) == (Place.REAL_DIALOG, True)


def test_a_button_of_the_extensions_dialog_is_of_no_message() -> None:
    found = read(answered(press("help", "r")))
    assert found.incoming.act == Pressed("help", "r")
    assert (found.origin.place, found.origin.is_invoke) == (Place.REAL_DIALOG, True)


def test_a_button_that_opens_a_dialog_and_what_is_handed_in_there() -> None:
    opened = activity("invoke", name="task/fetch", id="f:6", value={"data": press("pupil", "r")})
    given = activity("invoke", name="task/submit", id="f:7", value={"data": hand_in("name", "r", pupil="Q")})
    for body, done in ((opened, Pressed("pupil", "r")), (given, Submitted("name", "r", {"pupil": ("Q",)}))):
        found = read(body)
        assert found.incoming.act == done
        assert (found.origin.place, found.origin.is_invoke) == (Place.REAL_DIALOG, True)


# Lists, installations, and what is nobody's act.


def test_what_is_looked_for_in_a_field_says_in_which_list() -> None:
    assert search(searched("classes", "1b")) == Search(OLA, "classes", "1b")
    assert search(searched("classes", "x" * 9000)).query == "x" * MAX_TEXT


def test_whoever_installs_the_app_is_answered_in_his_own_chat() -> None:
    found = acts.installed(installed(), "rus-hjelp")
    assert found.incoming.act == Typed("rus-hjelp")
    assert found.incoming.sender == OLA
    assert found.origin == acts.Origin(Place.CHAT, Chat(SERVICE, OWN_CHAT), MEMBER)
    assert found.incoming.delivery_id != read(SAID | {"id": "f:5"}).incoming.delivery_id


@pytest.mark.parametrize(
    "body",
    [
        activity("typing"),
        activity("messageReaction", reactionsAdded=[{"type": "like"}]),
        activity("messageUpdate", text="rus-hendelse"),
        activity("conversationUpdate", membersAdded=[{"id": MEMBER}]),
        activity("event", name="application/vnd.microsoft.meetingStart", value={}),
        activity("invoke", name="task/fetch", value={"data": {}}),
        activity("invoke", name="composeExtension/query", value={"commandId": "x"}),
        activity("invoke", value={}),
        activity("invoke", name=["adaptiveCard/action"], value={}),
    ],
    ids=lambda body: f"{body['type']} {body.get('name', '')}",
)
def test_what_is_nobodys_act_is_none(body: Json) -> None:
    assert act(body) is None


# Whose it is.


def with_tenants(channel: Any, conversation: Any) -> Json:
    return SAID | {
        "channelData": {"tenant": {"id": channel}},
        "conversation": SAID["conversation"] | {"tenantId": conversation},
    }


@pytest.mark.parametrize(
    "body",
    [
        with_tenants(TENANT, TENANT),
        with_tenants(TENANT, None),
        with_tenants(TENANT, ""),
        with_tenants(None, TENANT),
        SAID | {"channelData": None},
        SAID | {"channelData": {}},
        SAID | {"channelData": {"tenant": None}},
    ],
)
def test_a_tenant_named_in_either_place_is_the_senders(body: Json) -> None:
    assert read(body).incoming.sender == Address("teams", TENANT, OLA.user)


@pytest.mark.parametrize(
    "body",
    [
        with_tenants(TENANT, "another"),
        with_tenants("another", TENANT),
        with_tenants(TENANT, TENANT.upper()),
        with_tenants("", None),
        with_tenants([TENANT], None),
        with_tenants(7, TENANT),
        with_tenants(TENANT, {"id": TENANT}),
    ],
)
def test_two_tenants_or_none_are_malformed(body: Json) -> None:
    with pytest.raises(Malformed):
        act(body)


def test_nothing_that_is_filled_in_says_whose_it_is() -> None:
    data = hand_in("report", **{"aadObjectId": "rektor", "from": "rektor", "tenantId": "another", "serviceUrl": "evil"})
    found = read(executed(data))
    assert found.incoming.sender == OLA
    assert found.origin.chat == Chat(SERVICE, OWN_CHAT)


def test_a_message_is_the_same_by_whatever_service_it_is_pressed() -> None:
    acts = [read(executed(press("take"), serviceUrl=url)).incoming.act for url in (SERVICE, f"{SERVICE}amer/")]
    assert acts[0] == acts[1] == Pressed("take", "", STANDS)
