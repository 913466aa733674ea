"""Teams' settings: none is off, half is refused, and nobody is let in unproven but on this machine."""

from __future__ import annotations

import pytest

from adapters.teams.settings import TeamsSettings
from bot.settings import BadSettings, read_settings
from bot.settings_of_teams import PLAYGROUND_ID
from storage.cipher import KeyRing
from tests.school import DEMO_SCHOOL

APP, TENANT = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
PASSWORD = "MICROSOFT_APP_PASSWORD"
GOOD = {"MICROSOFT_APP_ID": APP, "MICROSOFT_APP_PASSWORD": "hemmelig", "MICROSOFT_APP_TENANT_ID": TENANT}


def environ(**teams: str) -> dict[str, str]:
    return {"RUSPLAN_KEYS": KeyRing.new_key(), "RUSPLAN_SCHOOL": str(DEMO_SCHOOL), **teams}


def faults(**teams: str) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        read_settings(environ(**teams))
    return refused.value.faults


@pytest.mark.parametrize(
    ("teams", "expected"),
    [
        (GOOD, TeamsSettings(APP, "hemmelig", TENANT)),
        ({**GOOD, "MICROSOFT_APP_TYPE": "SingleTenant"}, TeamsSettings(APP, "hemmelig", TENANT)),
        ({**GOOD, "MICROSOFT_APP_ID": APP.upper()}, TeamsSettings(APP, "hemmelig", TENANT)),
        (
            {
                **GOOD,
                "TEAMS_TOKEN_URL": "http://127.0.0.1:9/token",
                "TEAMS_OPENID_URL": "https://proxy.fylke.no/openid",
            },
            TeamsSettings(APP, "hemmelig", TENANT, "http://127.0.0.1:9/token", "https://proxy.fylke.no/openid"),
        ),
        (
            {"RUSPLAN_TEAMS_ANONYMOUS": "1", "MICROSOFT_APP_TENANT_ID": TENANT},
            TeamsSettings(PLAYGROUND_ID, "", TENANT, is_anonymous=True),
        ),
    ],
)
def test_good_settings_are_read(teams: dict[str, str], expected: TeamsSettings) -> None:
    found = read_settings(environ(**teams))
    assert found.teams == expected
    assert found.slack is None


@pytest.mark.parametrize(
    ("teams", "named"),
    [
        ({"MICROSOFT_APP_ID": APP}, ["MICROSOFT_APP_TENANT_ID", "MICROSOFT_APP_PASSWORD"]),
        ({"MICROSOFT_APP_PASSWORD": "x"}, ["MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID"]),
        ({**GOOD, "MICROSOFT_APP_ID": "changeme"}, ["MICROSOFT_APP_ID"]),
        ({**GOOD, "MICROSOFT_APP_TENANT_ID": "skole.no"}, ["MICROSOFT_APP_TENANT_ID"]),
        ({**GOOD, "MICROSOFT_APP_PASSWORD": "  "}, ["MICROSOFT_APP_PASSWORD"]),
        ({**GOOD, "MICROSOFT_APP_TYPE": "MultiTenant"}, ["MICROSOFT_APP_TYPE"]),
        ({**GOOD, "TEAMS_TOKEN_URL": "http://proxy.example/"}, ["TEAMS_TOKEN_URL"]),
        ({**GOOD, "TEAMS_OPENID_URL": "ftp://127.0.0.1/"}, ["TEAMS_OPENID_URL"]),
        ({"TEAMS_OPENID_URL": "https://x.example/"}, ["MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID", PASSWORD]),
        ({"RUSPLAN_TEAMS_ANONYMOUS": "1", "HOST": "0.0.0.0"}, ["RUSPLAN_TEAMS_ANONYMOUS"]),  # noqa: S104 - refused
        ({"RUSPLAN_TEAMS_ANONYMOUS": "1", "RUSPLAN_URL": "https://rus.skole.no"}, ["RUSPLAN_TEAMS_ANONYMOUS"]),
        ({**GOOD, "TEAMS_OPENID_URL": "http://[x"}, ["TEAMS_OPENID_URL"]),
        ({"RUSPLAN_TEAMS_ANONYMOUS": "yes"}, ["RUSPLAN_TEAMS_ANONYMOUS"]),
        ({**GOOD, "RUSPLAN_TEAMS_ANONYMOUS": "1"}, ["RUSPLAN_TEAMS_ANONYMOUS"]),
    ],
)  # fmt: skip
def test_every_fault_is_named_and_no_value_repeated(teams: dict[str, str], named: list[str]) -> None:
    found = faults(**teams)
    assert [sentence.split(" ")[0] for sentence in found] == named
    assert "hemmelig" not in " ".join(found)
