"""What Teams sends, as its documentation shows it: one of each kind, whole, with what we never read among it.

Source: learn.microsoft.com/microsoftteams/platform, bots/build-conversational-capability,
messaging-extensions/how-to/action-commands, task-modules-and-cards/cards
"""

from __future__ import annotations

from typing import Any

from adapters.teams.acts import PLATFORM
from adapters.teams.look import HANDS_IN, IN_DIALOG, PLACE, REFERENCE, VERB
from flows.port import Address

Json = dict[str, Any]

APP, TENANT = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
SERVICE = "https://smba.trafficmanager.net/emea/"
USER, MEMBER = "cccccccc-cccc-4ccc-8ccc-cccccccccccc", "29:1aBjVi5MwCFfhPIV03E5uDdfpBFXp_2Yz-sjrvVg12o"
OLA = Address(PLATFORM, TENANT, USER)
OWN_CHAT, GROUP = "a:1oMztUmXDLcAm7WwesEO8", "19:d77be72390a1416e9644261e9064fa00@thread.v2"
CHANNEL = "19:6decf54d86d945e4b3924b63a9161a78@thread.tacv2;messageid=1611060744833"
CARD = "1795424400000"  # the message whose card is pressed

PERSONAL: Json = {"conversationType": "personal", "id": OWN_CHAT, "tenantId": TENANT}
IN_GROUP: Json = {"isGroup": True, "conversationType": "groupChat", "id": GROUP, "tenantId": TENANT}
IN_CHANNEL: Json = {
    "isGroup": True,
    "conversationType": "channel",
    "id": CHANNEL,
    "name": "Lærerrommet",
    "tenantId": TENANT,
}


def activity(kind: str, **parts: Any) -> Json:
    return {
        "type": kind,
        "timestamp": "2026-11-23T09:00:00.1750000Z",
        "localTimestamp": "2026-11-23T10:00:00.1750000+01:00",
        "localTimezone": "Europe/Oslo",
        "id": "1795424461123",
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "from": {"id": MEMBER, "name": "Ola Haugen", "aadObjectId": USER},
        "conversation": PERSONAL,
        "recipient": {"id": f"28:{APP}", "name": "rusplan"},
        "entities": [{"locale": "nb-NO", "country": "NO", "platform": "Windows", "type": "clientInfo"}],
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "nb-NO",
    } | parts


SAID = activity("message", textFormat="plain", text="rus-plan foresatte", attachments=[])
MENTION: Json = {"mentioned": {"id": f"28:{APP}", "name": "rusplan"}, "text": "<at>rusplan</at>", "type": "mention"}
SAID_IN_GROUP = SAID | {"conversation": IN_GROUP, "text": "<at>rusplan</at> rus-hjelp\n", "entities": [MENTION]}
SAID_IN_CHANNEL = SAID_IN_GROUP | {
    "conversation": IN_CHANNEL,
    "channelData": {
        "tenant": {"id": TENANT},
        "team": {"id": "19:t@thread.tacv2"},
        "channel": {"id": "19:c@thread.tacv2"},
    },
}


def press(action: str, reference: str = "", *, in_dialog: bool = False, **more: Any) -> Json:
    """Return what a button of our cards sends; `more` is what was filled in beside it."""
    data: Json = {VERB: action, **more}
    if reference:
        data[REFERENCE] = reference
    if in_dialog:
        data[PLACE] = IN_DIALOG
    return data


def hand_in(action: str, reference: str = "", *, in_dialog: bool = True, **filled: Any) -> Json:
    """Return what a form's own button sends."""
    return press(action, reference, in_dialog=in_dialog, **{HANDS_IN: True}, **filled)


def executed(data: Json, **parts: Any) -> Json:
    """Return a button that awaits its answer."""
    action = {"type": "Action.Execute", "id": "x", "verb": data[VERB], "data": data}
    value = {"action": action, "trigger": "manual"}
    return activity("invoke", name="adaptiveCard/action", id="f:1", value=value, replyToId=CARD) | parts


def submitted(data: Json, **parts: Any) -> Json:
    """Return a button of a client that knows no other: a message without words."""
    return activity("message", id="1795424461124", value=data, replyToId=CARD) | parts


def fetched(command: str = "rus-hendelse", **parts: Any) -> Json:
    """Return a command of the message extension, which opens a dialog."""
    value = {"commandId": command, "commandContext": "compose", "requestId": "fe50", "context": {"theme": "default"}}
    return activity("invoke", name="composeExtension/fetchTask", id="f:2", value=value, conversation=IN_GROUP) | parts


def answered(data: Json, **parts: Any) -> Json:
    """Return a button of such a dialog."""
    value = {"commandId": "rus-hendelse", "commandContext": "compose", "data": data}
    return (
        activity("invoke", name="composeExtension/submitAction", id="f:3", value=value, conversation=IN_GROUP) | parts
    )


def searched(dataset: str, text: str) -> Json:
    value = {"queryText": text, "queryOptions": {"skip": 0, "top": 15}, "dataset": dataset, "kind": "search"}
    return activity("invoke", name="application/search", id="f:4", value=value)


def installed(**parts: Any) -> Json:
    return activity("installationUpdate", action="add", id="f:5") | parts
