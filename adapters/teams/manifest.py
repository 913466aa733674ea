"""The app package: what an administrator uploads so that Teams knows the bot, its commands and its name.

Its slash commands are actions of the message extension: they open a dialog, which nobody else in a group sees. The bot
asks for no targeted messages, since what it says in a group would be seen by all of it.
Source: learn.microsoft.com/microsoft-365/extensibility/schema, microsoftteams/platform/agents-in-teams
"""

from __future__ import annotations

import json
import zipfile
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows import messages as m
from flows.language import Language, Text

Json = dict[str, Any]

VERSION = "1.2.0"  # Teams takes a changed package only under a higher one
SCHEMA_VERSION = "1.30"  # slash commands came with 1.29
NAME = "rusplan"
FULL_NAME = Text("rusplan: skolens handlingsplan mot rus", "rusplan: skulen sin handlingsplan mot rus")
SHORT = Text(
    "Skolens handlingsplan mot rus: meld fra, og bli ledet steg for steg.",
    "Skulen sin handlingsplan mot rus: meld frå, og bli leidd steg for steg.",
)
FULL = Text(
    "Skriv rus-hendelse når en elev er beruset eller dere har mistanke. Avdelingsleder får beskjed med en gang, og "
    "alle som er med, ser hva planen og loven krever av dem. Ingenting som sier hvem eleven er, står i chatten.",
    "Skriv rus-hendelse når ein elev er rusa eller de har mistanke. Avdelingsleiaren får beskjed med ein gong, og "
    "alle som er med, ser kva planen og lova krev av dei. Ingenting som seier kven eleven er, står i chatten.",
)
NO_DIALOG = ("/rus-hjelp",)  # the command whose answer is a message: the extension has no place for it
PRIVACY, TERMS = "/personvern", "/vilkar"  # pages of the bot's own site, as its first one
COLOR, OUTLINE, MANIFEST, NYNORSK = "color.png", "outline.png", "manifest.json", "nn.json"
_SCHEMAS = f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA_VERSION}"
_SCOPES = ("personal", "team", "groupChat")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name


def package(app_id: str, url: str) -> bytes:
    """Return the package as a zip file, always the same for the same registration and public address."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in _files(app_id, url).items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same wherever it is made
            archive.writestr(entry, content)
    return made.getvalue()


def is_package(file: Path) -> bool:
    """Say whether a file is a package that `package` has made, be it for another bot or by another version."""
    try:
        with zipfile.ZipFile(file) as archive:
            found = json.loads(archive.read(MANIFEST))
        return bool(found["name"]["short"] == NAME)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, RuntimeError, NotImplementedError):
        return False


def manifest(app_id: str, url: str) -> Json:
    return {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA_VERSION,
        "version": VERSION,
        "id": app_id,
        "localizationInfo": {
            "defaultLanguageTag": Language.NB.value,
            "additionalLanguages": [{"languageTag": Language.NN.value, "file": NYNORSK}],
        },
        "developer": {
            "name": NAME,
            "websiteUrl": url,
            "privacyUrl": f"{url}{PRIVACY}",
            "termsOfUseUrl": f"{url}{TERMS}",
        },
        "name": {"short": NAME, "full": FULL_NAME.nb},
        "description": {"short": SHORT.nb, "full": FULL.nb},
        "icons": {"color": COLOR, "outline": OUTLINE},
        "accentColor": "#0f5a5e",
        "defaultInstallScope": "personal",
        "bots": [
            {
                "botId": app_id,
                "scopes": [*_SCOPES],
                "commandLists": [{"scopes": [*_SCOPES], "triggers": ["mention"], "commands": _commands()}],
            }
        ],
        "composeExtensions": [{"botId": app_id, "commands": _actions()}],
        "permissions": ["messageTeamMembers"],
        "validDomains": [urlsplit(url).hostname],
    }


def nynorsk() -> Json:
    """Return what whoever reads nynorsk in Teams sees instead, by where it stands in the manifest."""
    made = {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.Localization.schema.json",
        "name.short": NAME,
        "name.full": FULL_NAME.nn,
        "description.short": SHORT.nn,
        "description.full": FULL.nn,
    }
    for place, commands in (
        ("bots[0].commandLists[0]", _commands(Language.NN)),
        ("composeExtensions[0]", _actions(Language.NN)),
    ):
        for number, command in enumerate(commands):
            made[f"{place}.commands[{number}].description"] = command["description"]
    return made


def _files(app_id: str, url: str) -> dict[str, bytes]:
    icons = files(__package__) / "icons"
    return {
        MANIFEST: _written(manifest(app_id, url)),
        NYNORSK: _written(nynorsk()),
        COLOR: (icons / COLOR).read_bytes(),
        OUTLINE: (icons / OUTLINE).read_bytes(),
    }


def _written(made: Json) -> bytes:
    return json.dumps(made, ensure_ascii=False, indent=2).encode()


def _commands(language: Language = Language.NB) -> list[Json]:
    """Return what can be written to the bot; a click on one writes its title."""
    return [{"title": name.lstrip("/"), "description": _about(text, language)} for name, text in m.COMMANDS.items()]


def _actions(language: Language = Language.NB) -> list[Json]:
    """Return what opens a dialog; the id of each is what it would be written as."""
    return [
        {
            "id": name.lstrip("/"),
            "type": "action",
            "title": name.lstrip("/"),
            "description": _about(text, language),
            "context": ["compose", "commandBox"],
            "triggers": ["slash"],
            "fetchTask": True,
        }
        for name, text in m.COMMANDS.items()
        if name not in NO_DIALOG
    ]


def _about(text: Text, language: Language) -> str:
    about = text.in_(language)
    return about[:1].upper() + about[1:]
