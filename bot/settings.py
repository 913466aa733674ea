"""The settings of an installation, read from the environment once; every fault is named at once, and no value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from storage.cipher import KeyRing
from storage.errors import BadKeyRing, KeyFault

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 3978
DEFAULT_DATABASE = "sqlite:///rusplan.sqlite"
PLATFORM_VARIABLES = {
    "Slack": ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"),
    "Teams": ("MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID", "MICROSOFT_APP_TYPE"),
}

_KEY_FAULTS = {
    KeyFault.EMPTY: "er tom",
    KeyFault.NOT_BASE64: "er ikke base64",
    KeyFault.WRONG_LENGTH: "er ikke 32 byte lang",
    KeyFault.REPEATED: "står to ganger",
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


def read_listening(environ: Mapping[str, str]) -> Listening:
    """Return HOST and PORT; raise `BadSettings`."""
    faults: list[str] = []
    listening = _listening(environ, faults)
    if faults:
        raise BadSettings(faults)
    return listening


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine alone: an address of the loopback range, or its name."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings of `rusplan run`; raise `BadSettings` with every fault."""
    faults: list[str] = []
    listening = _listening(environ, faults)
    keys = read_keys(environ, faults)
    schools = _schools(environ, faults)
    plan = Path(environ["RUSPLAN_PLAN"]) if environ.get("RUSPLAN_PLAN") else None
    if plan and not plan.exists():
        faults.append("RUSPLAN_PLAN: fila eller mappa finnes ikke.")
    faults += _platform_faults(environ)
    if faults or keys is None:
        raise BadSettings(faults)
    return Settings(listening, database_url(environ), keys, plan, schools)


def database_url(environ: Mapping[str, str]) -> str:
    return environ.get("DATABASE_URL") or DEFAULT_DATABASE


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


def _platform_faults(environ: Mapping[str, str]) -> list[str]:
    """Return why no platform can be started: this version has none but the demo's."""
    wanted = [name for name, variables in PLATFORM_VARIABLES.items() if any(environ.get(v) for v in variables)]
    if wanted:
        return [f"{name} er ikke med i denne versjonen ennå." for name in wanted]
    return ["Ingen plattform er satt opp. Denne versjonen kan bare prøves med «rusplan demo»."]
