"""The settings of an installation, read from the environment once; every fault is named at once, and no value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from adapters.addresses import is_safe_url
from adapters.mail.settings import BadMailUrl, MailSettings, parse_mail_url
from adapters.slack.settings import SLACK_URL, SlackSettings
from adapters.teams.settings import TeamsSettings
from bot.settings_of_teams import read_teams
from storage.cipher import KeyRing
from storage.engine import parse_url
from storage.errors import BadDatabaseUrl, BadKeyRing, KeyFault

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 3978
NO_DATABASE_URL = "DATABASE_URL må begynne med sqlite:/// eller postgresql://."
NO_PUBLIC_URL = "RUSPLAN_URL mangler, eller er ikke en offentlig adresse. Den ser slik ut: https://rusplan.skole.no."
_PUBLIC_NAME = re.compile(
    r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+(?!local$|localhost$|internal$|lan$|home$)[a-z][a-z0-9-]*"
)
DEFAULT_DATABASE = "sqlite:///rusplan.sqlite"
SLACK_VARIABLES = ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL")
SLACK_TRAPS = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")  # set, bolt would drop our token and keep others' on disk
MOST_SECRETS = 2
SECRET = re.compile(r"[0-9a-z]{32}")
BOT_TOKEN, APP_TOKEN = (re.compile(rf"{kind}-[\w-]+", re.ASCII) for kind in ("xoxb", "xapp"))

_KEY_FAULTS = {
    KeyFault.EMPTY: "er tom",
    KeyFault.NOT_BASE64: "er ikke base64",
    KeyFault.WRONG_LENGTH: "er ikke 32 byte lang",
    KeyFault.REPEATED: "står to ganger",
    KeyFault.NOT_RANDOM: "er ikke tilfeldig. Lag en med «rusplan keys new»",
}


class BadSettings(ValueError):
    """Settings that the program won't start with; `faults` are sentences for whoever runs it."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} faults")


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the program listens."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Settings:
    listening: Listening
    database_url: str
    keys: KeyRing
    plan: Path | None
    schools: tuple[Path, ...]
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None
    heartbeat_url: str = ""
    url: str = ""  # the public address, for links
    mail: MailSettings | None = None


def read_listening(environ: Mapping[str, str]) -> Listening:
    """Return HOST and PORT; raise `BadSettings`."""
    faults: list[str] = []
    listening = _listening(environ, faults)
    if faults:
        raise BadSettings(faults)
    return listening


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings of `rusplan run`; raise `BadSettings` with every fault."""
    faults: list[str] = []
    listening, database = _listening(environ, faults), _database(environ, faults)
    keys = read_keys(environ, faults)
    schools = _schools(environ, faults)
    plan = Path(environ["RUSPLAN_PLAN"]) if environ.get("RUSPLAN_PLAN") else None
    if plan and not plan.exists():
        faults.append("RUSPLAN_PLAN: fila eller mappa finnes ikke.")
    slack, teams = _slack(environ, faults), read_teams(environ, listening.host, faults)
    heartbeat, mail = _heartbeat(environ, faults), _mail(environ, faults)
    url = public_url(environ)
    if environ.get("RUSPLAN_URL", "").strip() and not url:
        faults.append(NO_PUBLIC_URL)
    if slack is None and teams is None:
        faults.append("Ingen plattform er satt opp. Se .env.example, eller prøv med «rusplan demo».")
    if faults or keys is None:
        raise BadSettings(faults)
    return Settings(listening, database, keys, plan, schools, slack, teams, heartbeat, url, mail)


def database_url(environ: Mapping[str, str]) -> str:
    return environ.get("DATABASE_URL") or DEFAULT_DATABASE


def _database(environ: Mapping[str, str], faults: list[str]) -> str:
    database = database_url(environ)
    try:
        parse_url(database)
    except BadDatabaseUrl:
        faults.append(NO_DATABASE_URL)
    return database


def read_keys(environ: Mapping[str, str], faults: list[str]) -> KeyRing | None:
    """Return the key ring, or add why it can't be used."""
    written = environ.get("RUSPLAN_KEYS", "").strip()
    if not written:
        faults.append("RUSPLAN_KEYS mangler. Lag en nøkkel med «rusplan keys new», og ta godt vare på den.")
        return None
    try:
        return KeyRing.parse(written)
    except BadKeyRing as bad:
        faults.append(f"RUSPLAN_KEYS: nøkkel nummer {bad.place} {_KEY_FAULTS[bad.why]}.")
        return None


def _listening(environ: Mapping[str, str], faults: list[str]) -> Listening:
    written = environ.get("PORT") or str(DEFAULT_PORT)
    port = int(written) if written.isdecimal() and len(written) < 6 else -1
    if not 0 <= port <= 65535:
        faults.append("PORT må være et tall fra 0 til 65535.")
    return Listening(environ.get("HOST") or DEFAULT_HOST, port)


def _schools(environ: Mapping[str, str], faults: list[str]) -> tuple[Path, ...]:
    written = environ.get("RUSPLAN_SCHOOL")
    if not written:
        faults.append("RUSPLAN_SCHOOL mangler: en skolefil, eller en mappe med skolefiler.")
        return ()
    path = Path(written)
    files = tuple(sorted(path.glob("*.yaml"))) if path.is_dir() else (path,) if path.is_file() else ()
    if not files:
        faults.append("RUSPLAN_SCHOOL: fant ingen skolefil (.yaml) der.")
    return files


def _slack(environ: Mapping[str, str], faults: list[str]) -> SlackSettings | None:
    """Return how to reach Slack; None where none of its variables is set, which turns it off."""
    written = {name: environ.get(name, "").strip() for name in SLACK_VARIABLES}
    if not any(written.values()):
        return None
    url = written["SLACK_API_URL"] or SLACK_URL
    secrets = tuple(each.strip() for each in written["SLACK_SIGNING_SECRET"].split(",") if each.strip())
    faults += _slack_faults(written, secrets, url)
    faults += [f"{name} må ikke være satt: boten er for ett arbeidsområde, og Slacks bibliotek ville bruke den."
               for name in SLACK_TRAPS if environ.get(name)]  # fmt: skip
    return SlackSettings(written["SLACK_BOT_TOKEN"], secrets, written["SLACK_APP_TOKEN"], url)


def _slack_faults(written: Mapping[str, str], secrets: tuple[str, ...], url: str) -> Iterator[str]:
    if not BOT_TOKEN.fullmatch(written["SLACK_BOT_TOKEN"]):
        yield "SLACK_BOT_TOKEN mangler eller er ikke hel: den begynner med xoxb-. Den står under «OAuth & Permissions»."
    if written["SLACK_APP_TOKEN"] and not APP_TOKEN.fullmatch(written["SLACK_APP_TOKEN"]):
        yield "SLACK_APP_TOKEN er ikke hel: xapp- og noe mer. Den står under «Basic Information», «App-Level Tokens»."
    if not secrets and not written["SLACK_APP_TOKEN"]:
        yield (
            "SLACK_SIGNING_SECRET mangler: uten den kan ingen vite at noe kommer fra Slack. "
            "Bruker skolen Socket Mode, settes SLACK_APP_TOKEN i stedet."
        )
    if len(secrets) > MOST_SECRETS:
        yield "SLACK_SIGNING_SECRET: høyst to, den nye og den gamle mens de byttes."
    if any(not SECRET.fullmatch(secret) for secret in secrets):
        yield "SLACK_SIGNING_SECRET er ikke 32 bokstaver og tall. Den står under «Basic Information»."
    if not is_safe_url(url):
        yield "SLACK_API_URL må begynne med https:// (http:// bare til denne maskinen)."


def _heartbeat(environ: Mapping[str, str], faults: list[str]) -> str:
    url = environ.get("RUSPLAN_HEARTBEAT_URL", "").strip()
    if url and not is_safe_url(url):
        faults.append("RUSPLAN_HEARTBEAT_URL må begynne med https:// (http:// bare til denne maskinen).")
    return url


def _mail(environ: Mapping[str, str], faults: list[str]) -> MailSettings | None:
    url = environ.get("SMTP_URL", "").strip()
    try:
        return parse_mail_url(url) if url else None
    except BadMailUrl:
        faults.append("SMTP_URL skrives smtps://bruker:passord@server?from=avsender@skole.no (eller smtp://).")
        return None


def slack_endpoint(environ: Mapping[str, str]) -> str:
    """Return where Slack delivers to, below the public address; raise `BadSettings` where there is none."""
    url = public_url(environ)
    if not url:
        raise BadSettings([f"{NO_PUBLIC_URL} Uten offentlig adresse: «manifest slack --socket»."])
    return f"{url}/slack/events"


def public_url(environ: Mapping[str, str]) -> str:
    """Return the public address; empty where there is none, or it isn't one, or it isn't encrypted."""
    url = environ.get("RUSPLAN_URL", "").strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    is_plain = parts.scheme == "https" and port != 0 and not re.search(r"[@?#\s]", url)
    return url if is_plain and _PUBLIC_NAME.fullmatch(host) else ""
