"""Whose act it is: an account, and the workspace or the organisation that it belongs to."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import acts
from flows.port import Address
from tests.adapters.slack_payloads import (
    COMMAND,
    ENTERPRISE,
    HOME_OPENED,
    IN_MESSAGE,
    IN_MODAL,
    MESSAGE,
    SUBMISSION,
    TEAM,
    USER,
    changed,
    read,
    without,
)

Json = dict[str, Any]

OLA = Address("slack", TEAM, USER)
INTERACTIONS = [IN_MESSAGE, IN_MODAL, SUBMISSION]


@pytest.mark.parametrize("body", INTERACTIONS)
@pytest.mark.parametrize(
    ("enterprise", "team", "tenant"),
    [
        (None, {"id": TEAM, "domain": "fjellheim"}, TEAM),
        ({"id": ENTERPRISE, "name": "Fylket"}, {"id": TEAM, "domain": "fjellheim"}, ENTERPRISE),
        ({"id": ENTERPRISE, "name": "Fylket"}, None, ENTERPRISE),  # installed for the whole organisation
        (None, None, "T9"),  # nothing but the user's own team
    ],
)
def test_an_organisations_people_belong_to_it_whatever_workspace_they_sit_in(
    body: Json, enterprise: Any, team: Any, tenant: str
) -> None:
    body = changed(body | {"enterprise": enterprise, "team": team}, "user.team_id", "T9")
    assert read(body).incoming.sender == Address("slack", tenant, USER)
    assert acts.sender(body) == Address("slack", tenant, USER)


@pytest.mark.parametrize("body", INTERACTIONS)
def test_an_interaction_without_enterprise_or_team_is_its_users(body: Json) -> None:
    bare = without(without(body, "enterprise"), "team")
    assert read(bare).incoming.sender == OLA


@pytest.mark.parametrize("body", [COMMAND, MESSAGE, HOME_OPENED])
@pytest.mark.parametrize(
    ("ids", "tenant"),
    [
        ({"team_id": TEAM}, TEAM),
        ({"team_id": TEAM, "enterprise_id": None}, TEAM),
        ({"team_id": TEAM, "enterprise_id": ENTERPRISE}, ENTERPRISE),
        ({"team_id": None, "enterprise_id": ENTERPRISE}, ENTERPRISE),
    ],
)
def test_commands_and_events_name_the_organisation_or_the_workspace(body: Json, ids: Json, tenant: str) -> None:
    assert read(body | ids).incoming.sender == Address("slack", tenant, USER)


def test_users_of_an_organisation_have_ids_of_their_own_kind() -> None:
    assert acts.command(changed(COMMAND, "user_id", "W0123ABCD")).incoming.sender.user == "W0123ABCD"
