"""What is needed to reach Slack; read from the environment elsewhere, and imported without Slack's libraries."""

from __future__ import annotations

from dataclasses import dataclass, field

SLACK_URL = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """`secrets`: the signing secret, during a change the new one and the old one. `app_token`: Socket Mode."""

    bot_token: str = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = SLACK_URL
