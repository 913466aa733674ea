"""Slack's settings: none is off, half is refused, and every fault is named at once without repeating a secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.slack.settings import SlackSettings
from bot.cli import main
from bot.settings import BadSettings, read_settings
from storage.cipher import KeyRing
from tests.school import DEMO_SCHOOL

SECRET, OLD = "8f742231b10e8888abcd99yyyzzz85a5", "0" * 32
GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET}


def environ(**slack: str) -> dict[str, str]:
    return {"RUSPLAN_KEYS": KeyRing.new_key(), "RUSPLAN_SCHOOL": str(DEMO_SCHOOL), **slack}


def faults(**slack: str) -> list[str]:
    with pytest.raises(BadSettings) as refused:
        read_settings(environ(**slack))
    return refused.value.faults


@pytest.mark.parametrize(
    ("slack", "expected"),
    [
        (GOOD, SlackSettings("xoxb-1", (SECRET,))),
        ({**GOOD, "SLACK_SIGNING_SECRET": f"{SECRET}, {OLD}"}, SlackSettings("xoxb-1", (SECRET, OLD))),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, SlackSettings("xoxb-1", (), "xapp-1")),
        ({**GOOD, "SLACK_APP_TOKEN": "xapp-1"}, SlackSettings("xoxb-1", (SECRET,), "xapp-1")),
        (
            {**GOOD, "SLACK_API_URL": "http://127.0.0.1:4003/api/"},
            SlackSettings("xoxb-1", (SECRET,), "", "http://127.0.0.1:4003/api/"),
        ),
        (
            {**GOOD, "SLACK_API_URL": "https://proxy.fylke.no/slack/"},
            SlackSettings("xoxb-1", (SECRET,), "", "https://proxy.fylke.no/slack/"),
        ),
    ],
)
def test_good_settings_are_read(slack: dict[str, str], expected: SlackSettings) -> None:
    assert read_settings(environ(**slack)).slack == expected


@pytest.mark.parametrize(
    ("slack", "named"),
    [
        ({"SLACK_SIGNING_SECRET": SECRET}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_SIGNING_SECRET"]),
        ({"SLACK_APP_TOKEN": "xapp-1"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_API_URL": "https://slack.com/api/"}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
        ({**GOOD, "SLACK_BOT_TOKEN": "xoxp-1"}, ["SLACK_BOT_TOKEN"]),
        ({**GOOD, "RUSPLAN_HEARTBEAT_URL": "https://hc-ping.com/..."}, ["RUSPLAN_HEARTBEAT_URL"]),
        ({**GOOD, "RUSPLAN_KEYS": "A" * 43 + "="}, ["RUSPLAN_KEYS"]),
        ({**GOOD, "SLACK_APP_TOKEN": "xoxb-2"}, ["SLACK_APP_TOKEN"]),
        ({**GOOD, "SLACK_SIGNING_SECRET": "changeme"}, ["SLACK_SIGNING_SECRET"]),
        ({**GOOD, "SLACK_SIGNING_SECRET": ",".join([SECRET, OLD, "1" * 32])}, ["SLACK_SIGNING_SECRET"]),
        ({**GOOD, "SLACK_API_URL": "http://slack.example/api/"}, ["SLACK_API_URL"]),
        ({**GOOD, "SLACK_API_URL": "ftp://127.0.0.1/"}, ["SLACK_API_URL"]),
        ({**GOOD, "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}, ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"]),
        ({}, ["Ingen plattform"]),
        ({"PORT": "abc", "DATABASE_URL": "mysql://x"}, ["PORT", "DATABASE_URL", "Ingen plattform"]),
    ],
)
def test_every_fault_is_named_and_no_value_repeated(slack: dict[str, str], named: list[str]) -> None:
    found = faults(**slack)
    assert [sentence.split(" ")[0].rstrip(":") for sentence in found] == [name.split(" ")[0] for name in named]
    assert not [value for value in slack.values() if len(value) > 1 and value in " ".join(found)]


@pytest.mark.parametrize("token", ["xoxb-", "xoxb-…", "xapp-", "xapp-<token>"])
def test_what_the_template_leaves_open_is_no_token(token: str) -> None:
    name = "SLACK_BOT_TOKEN" if token.startswith("xoxb") else "SLACK_APP_TOKEN"
    (fault,) = faults(**{**GOOD, name: token})
    assert fault.startswith(name)


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"])
def test_an_empty_value_is_no_value(name: str) -> None:
    assert name in faults(**{**GOOD, name: "  "})[0]


def test_the_manifest_is_printed_for_an_address_or_for_the_socket(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUSPLAN_URL", "https://rusplan.skole.no/")
    assert main(["manifest", "slack"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["settings"]["interactivity"]["request_url"] == "https://rusplan.skole.no/slack/events"
    assert main(["manifest", "slack", "--socket"]) == 0
    assert json.loads(capsys.readouterr().out)["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize("url", [None, "", "http://rusplan.skole.no", "rusplan.skole.no", "https://"])
def test_a_manifest_without_an_address_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str | None
) -> None:
    monkeypatch.delenv("RUSPLAN_URL", raising=False)
    if url is not None:
        monkeypatch.setenv("RUSPLAN_URL", url)
    assert main(["manifest", "slack"]) == 78
    assert "RUSPLAN_URL" in capsys.readouterr().err


def test_a_school_file_that_is_wrong_is_named_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "school.yaml"
    file.write_text("name: [")
    for name, value in {**environ(**GOOD), "RUSPLAN_SCHOOL": str(file)}.items():
        monkeypatch.setenv(name, value)
    assert main(["run"]) == 78
    assert str(file) in capsys.readouterr().err
