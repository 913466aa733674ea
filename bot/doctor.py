"""`rusplan doctor`: what an administrator must know before anything happens: settings, rights, who can't be reached.

It sends nothing to anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from adapters.slack.manifest import SCOPES
from adapters.slack.server import Slack
from adapters.teams.server import Teams
from bot.clock import wall
from bot.library import Library, load_library
from bot.settings import Settings, read_settings
from bot.settings_of_teams import ANONYMOUS, GUID
from bot.staff import account_of, own_id, people
from flows.port import Address, Directory, NotDelivered, Refused
from flows.school import Person
from flows.school_days import local_day
from storage.accounts import Account
from storage.database import open_database
from storage.engine import SQLITE, parse_url, sqlite_path
from storage.errors import DatabaseInUse

TRIES = 5  # of a look-up that is asked to wait
NOT_KNOWN = "Unauthorized"  # as Teams calls a bot that it doesn't know, whoever is asked for
UNKNOWN = "vet ikke ({failure}). Prøv igjen om litt."

Key = tuple[str, str]  # school and person
Unreached = Mapping[Key, str]  # why a platform doesn't reach somebody; empty where that can't be known


@dataclass(frozen=True, slots=True)
class Met:
    """Whose account is known, and how many have the app of whom nobody knows who they are."""

    accounts: Mapping[Key, Account]
    nobodys: int


_TO_ALL = "Gi alle appen med en setup policy i Teams admin center"
_NOT_SIGNED_IN = {
    "token_not_fetched": "Kontroller at nettet er åpent til login.microsoftonline.com.",
    "token_later": "Prøv igjen om litt.",
}
_REFUSED = (
    "MICROSOFT_APP_PASSWORD er hemmelighetens verdi, ikke id-en dens, og den går ut på dato; MICROSOFT_APP_ID og "
    "MICROSOFT_APP_TENANT_ID er fra samme app-registrering. Lag en ny hemmelighet i Entra, «Certificates & secrets»."
)


async def examine(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for every fault that is found; raise what `refusals` has sentences for."""
    settings = read_settings(environ)
    library = load_library(settings.plan, settings.schools)
    faults: list[str] = []
    found: list[Unreached | None] = []
    async with AsyncExitStack() as stack:
        if settings.slack:
            slack = Slack(settings.slack, wall)
            stack.push_async_callback(slack.close)
            found.append(await _slack(slack, library, faults))
        if settings.teams and settings.teams.is_anonymous:
            faults.append(f"{ANONYMOUS} er satt: ingen beviser hvem de er. Det er bare til å prøve på denne maskinen.")
        elif settings.teams:
            teams = Teams(settings.teams)
            stack.push_async_callback(teams.close)
            found.append(await _teams(teams, library, settings, faults))
    return [*faults, *_of_people(library, [each for each in found if each is not None])]


def _of_people(library: Library, found: list[Unreached]) -> list[str]:
    """Return the sentences about whoever none of the platforms reaches, and whoever stands in two files."""
    faults: list[str] = []
    for school_id, person in people(library):
        if (first := library.school_of_email(person.email)) != school_id:
            both = f"adressen står også i skolefila til {first}, som får alt. Fjern den ene."
            faults.append(f"{school_id}, {person.name}: {both}")
            continue
        said = [each[school_id, person.id] for each in found if (school_id, person.id) in each]
        if len(said) == len(found):
            faults += filter(None, said)
    return faults


async def _slack(slack: Slack, library: Library, faults: list[str]) -> Unreached | None:
    """Add what is wrong with Slack itself; return whom it doesn't reach, None where that can't be asked."""
    try:
        granted = await slack.staff.rights()
    except NotDelivered as failure:
        faults.append(f"Slack svarer ikke som det skal ({failure}). Kontroller SLACK_BOT_TOKEN og nettet.")
        return None
    for scope in SCOPES:
        if scope not in granted:
            what = f"boten mangler rettigheten {scope} ({SCOPES[scope]})"
            faults.append(f"Slack: {what}. Installer appen på nytt fra manifestet.")
    if fault := await slack.socket_fault():
        faults.append(
            f"SLACK_APP_TOKEN: Slack sier {fault}. Uten den kommer ingenting inn. Lag en ny, med connections:write."
        )
    return {
        (school_id, person.id): f"Slack: {school_id}, {person.name}: {fault}"
        for school_id, person in _everybody(library)
        if (fault := await _unreachable(slack.staff, person))
    }


async def _unreachable(directory: Directory, person: Person) -> str:
    """Return why somebody can't be reached; empty for whoever can."""
    try:
        found = await _patiently(lambda: account_of(directory, person))
    except NotDelivered as failure:
        return UNKNOWN.format(failure=failure)
    if found:
        return ""
    if own_id(person, directory.name):
        return "id-en i skolefila er ingen aktiv konto. Rett skolefila, eller aktiver kontoen."
    return f"ingen aktiv konto har adressen {person.email}. Rett adressen, inviter, eller skriv id-en i skolefila."


async def _patiently(look_up: Callable[[], Awaitable[Address | None]]) -> Address | None:
    """Look somebody up, and wait as long as the platform asks for in between."""
    for _ in range(TRIES):
        try:
            return await look_up()
        except Refused as refused:
            if refused.retry_after is None:
                raise
            await asyncio.sleep(refused.retry_after.total_seconds())
    return await look_up()


async def _teams(teams: Teams, library: Library, settings: Settings, faults: list[str]) -> Unreached | None:
    """Add what is wrong with Teams itself; return whom it doesn't reach, None where that can't be asked."""
    if fault := await teams.fault():
        faults.append(f"Teams: boten får ikke logget inn ({fault}). {_NOT_SIGNED_IN.get(fault, _REFUSED)}")
        return None
    if fault := await teams.keys_fault():
        faults.append(
            f"Teams: nøklene som alt fra Teams er signert med, kan ikke hentes ({fault}), og uten dem kommer ingenting "
            "inn. Kontroller at nettet er åpent til login.botframework.com."
        )
    try:
        met = await _met(settings, teams.staff.name)
    except DatabaseInUse:
        met = None
        faults.append("Teams: boten er i gang, så det kan ikke sees hvem som har appen. Stopp den, og prøv igjen.")
    try:
        return await _without_app(teams.staff, library, met)
    except NotDelivered as failure:
        faults.append(
            f"Teams tar ikke imot boten ({failure}). Kontroller at Azure Bot har samme id som MICROSOFT_APP_ID, at "
            "kanalen Microsoft Teams er på, og at nettet er åpent til smba.trafficmanager.net. Prøv igjen om litt."
        )
        return None


async def _met(settings: Settings, platform: str) -> Met:
    """Return who has introduced himself by installing the app, as the database remembers."""
    if not _has_database(settings.database_url):
        return Met({}, 0)
    database = await open_database(settings.database_url, settings.keys)
    try:
        async with database.snapshot() as tx:
            known, nobodys = await tx.accounts.all(), await tx.chats.of_nobody(platform)
            in_use = [each for each in nobodys if (own := await tx.chats.get(each)) and own.id]
    finally:
        await database.close()
    accounts = {(each.school_id, each.person_id): each for each in known if each.address.platform == platform}
    return Met(accounts, len(in_use))


def _has_database(url: str) -> bool:
    """Say whether there is one yet: opening an SQLite file that isn't there would make it."""
    address = parse_url(url)
    return address.get_backend_name() != SQLITE or Path(sqlite_path(address)).exists()


async def _without_app(directory: Directory, library: Library, met: Met | None) -> Unreached:
    """Return who hasn't got the app, as far as that is known; raise `NotDelivered` where Teams says it of nobody."""
    unreached: dict[Key, str] = {}
    said, unsaid = 0, list[NotDelivered]()
    for school_id, person in _everybody(library):
        key, own = (school_id, person.id), own_id(person, directory.name)
        account = met.accounts.get(key) if met else None
        user = own or (account.address.user if account else "")
        if not user and met is None:
            unreached[key] = ""
            continue
        try:
            nobodys = met.nobodys if met else 0
            fault = await _no_app(directory, person, own, user, nobodys) or _has_blocked(account, user)
            said += bool(user)
        except NotDelivered as failure:
            if str(failure) == NOT_KNOWN:
                raise
            unsaid.append(failure)
            fault = UNKNOWN.format(failure=failure)
        if fault:
            unreached[key] = f"Teams: {school_id}, {person.name}: {fault}"
    if unsaid and not said:
        raise unsaid[0]
    return unreached


async def _no_app(directory: Directory, person: Person, own: str, user: str, nobodys: int) -> str:
    """Return why somebody can't be reached; empty for whoever can. A chat is opened for that, which nobody sees.

    `nobodys`: how many have the app whom no school file names; he may be one of them.
    """
    if not user and not nobodys:
        return f"har ikke appen. {_TO_ALL}."
    if not user:
        id_ = "rett adressen, eller skriv «teams:» og personens «Object ID» fra Entra i skolefila"
        others = f"Appen er i bruk hos {nobodys} som ingen skolefil har adressen til"
        without = f"ingen med adressen {person.email} har appen"
        return f"{without}. {others}: er personen blant dem, {id_}. {_TO_ALL}, hvis ikke."
    if own and not GUID.fullmatch(own):
        return "id-en i skolefila er ikke en «Object ID» fra Entra."
    if await _patiently(lambda: directory.account(user=user)):
        return ""
    if own:
        return f"ingen med id-en i skolefila har appen. {_TO_ALL}, eller rett id-en."
    return f"har fjernet eller blokkert appen. {_TO_ALL}, eller be om at den legges til igjen."


def _has_blocked(account: Account | None, user: str) -> str:
    """Return that an account refuses messages, as the bot has learnt by sending one: opening a chat doesn't show it."""
    if account is None or account.refused_at is None or account.address.user != user:
        return ""
    day = local_day(account.refused_at)
    since = f"har ikke tatt imot meldinger siden {day:%d.%m.%Y}"
    return f"{since}, og har trolig blokkert eller fjernet appen. Be om at det rettes."


def _everybody(library: Library) -> list[tuple[str, Person]]:
    """Return everybody, each at the one school that he is told things at."""
    return [each for each in people(library) if library.school_of_email(each[1].email) == each[0]]
