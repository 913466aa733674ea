"""The settings of Teams, read from the environment; every fault is named at once, and no value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from adapters.addresses import is_loopback, is_safe_url
from adapters.teams.settings import SINGLE_TENANT, TeamsSettings

APP_ID, TENANT = "MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID"
VARIABLES = (APP_ID, "MICROSOFT_APP_PASSWORD", TENANT, "MICROSOFT_APP_TYPE")
ANONYMOUS = "RUSPLAN_TEAMS_ANONYMOUS"
URLS = ("TEAMS_TOKEN_URL", "TEAMS_OPENID_URL")
PLAYGROUND_ID = "00000000-0000-0000-0000-000000000000"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FOUND_AT = {
    APP_ID: "Den står i Azure, under boten, «Configuration».",
    TENANT: "Den står i Azure, under boten, «Configuration», «App Tenant ID».",
}


def read_teams(environ: Mapping[str, str], host: str, faults: list[str]) -> TeamsSettings | None:
    """Return how to reach Teams; None where none of its variables is set, which turns it off."""
    names = (*VARIABLES, ANONYMOUS, *URLS)
    written = {name: environ.get(name, "").strip() for name in names}
    if not any(written.values()):
        return None
    is_anonymous = bool(written[ANONYMOUS])
    is_public = bool(environ.get("RUSPLAN_URL", "").strip())
    found = [*_anonymous_faults(written, host, is_public=is_public)] if is_anonymous else [*_faults(written)]
    found += [f"{name} må begynne med https:// (http:// bare til denne maskinen)." for name in URLS
              if written[name] and not is_safe_url(written[name])]  # fmt: skip
    faults += found
    return TeamsSettings(
        written[APP_ID].lower() or PLAYGROUND_ID,
        written["MICROSOFT_APP_PASSWORD"],
        written[TENANT].lower(),
        written["TEAMS_TOKEN_URL"],
        written["TEAMS_OPENID_URL"],
        is_anonymous,
    )


def id_faults(written: Mapping[str, str], *names: str) -> Iterator[str]:
    """Yield a sentence for each of the named ids that is none."""
    for name in names:
        if not GUID.fullmatch(written[name].lower()):
            yield f"{name} mangler eller er ikke en id (8-4-4-4-12 tegn). {_FOUND_AT[name]}"


def _faults(written: Mapping[str, str]) -> Iterator[str]:
    yield from id_faults(written, APP_ID, TENANT)
    if not written["MICROSOFT_APP_PASSWORD"]:
        yield (
            "MICROSOFT_APP_PASSWORD mangler: uten den kan boten ikke skrive til noen. "
            "Lag den i Entra, «App registrations», «Certificates & secrets»."
        )
    if (written["MICROSOFT_APP_TYPE"] or SINGLE_TENANT) != SINGLE_TENANT:
        yield f"MICROSOFT_APP_TYPE må være {SINGLE_TENANT}: boten er for én organisasjon."


def _anonymous_faults(written: Mapping[str, str], host: str, *, is_public: bool) -> Iterator[str]:
    if written[ANONYMOUS] != "1":
        yield f"{ANONYMOUS} er 1, eller er ikke satt."
    if not is_loopback(host):
        yield f"{ANONYMOUS} kan bare brukes når HOST er denne maskinen: ingen beviser da hvem de er."
    if is_public:
        yield f"{ANONYMOUS} kan ikke settes sammen med RUSPLAN_URL: alle kunne da gi seg ut for hvem som helst."
    if written["MICROSOFT_APP_PASSWORD"]:
        yield f"{ANONYMOUS} kan ikke settes sammen med MICROSOFT_APP_PASSWORD."
