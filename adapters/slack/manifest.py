"""Slack's app manifest: what an administrator pastes to make the app, with as few rights as it can work with.

Source: docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from typing import Any

from flows import messages as m

NAME = "rusplan"
SCOPES = {
    "chat:write": "skrive til de ansatte i deres egen chat med boten",
    "commands": "kommandoene",
    "files:write": "legge møtets kalenderfil i den ansattes egen chat",
    "im:history": "se etter i chatten om et varsel kom fram da svaret uteble, så det ikke sendes to ganger, og høre "
    "når noen skriver til boten",
    "im:write": "åpne chatten med en ansatt",
    "users:read": "se hvem en konto tilhører, og om den er i bruk",
    "users:read.email": "finne kontoen ved e-postadressen i skolefila",
}
EVENTS = ("app_home_opened", "message.im")


def manifest(url: str) -> dict[str, Any]:
    """Return the manifest for an endpoint; for Socket Mode where `url` is empty."""
    endpoint = {"request_url": url} if url else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": "Skolens handlingsplan mot rus: meld fra, og bli ledet gjennom planen steg for steg.",
            "background_color": "#0f5a5e",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [_command(name, url) for name in m.COMMANDS],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**endpoint, "bot_events": list(EVENTS)},
            "interactivity": {
                "is_enabled": True,
                **endpoint,
                **({"message_menu_options_url": url} if url else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _command(name: str, url: str) -> dict[str, Any]:
    about = m.COMMANDS[name].nb
    made: dict[str, Any] = {"command": name, "description": about[:1].upper() + about[1:], "should_escape": False}
    return made | ({"url": url} if url else {})
