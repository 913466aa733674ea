"""`rusplan doctor`: what an administrator must know before anything happens: settings, rights, who can't be reached."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

from adapters.slack.manifest import SCOPES
from adapters.slack.server import Slack
from bot.clock import wall
from bot.library import Library, load_library
from bot.settings import read_settings
from bot.staff import account_of, own_id, people
from flows.port import Address, Directory, NotDelivered, Refused
from flows.school import Person

TRIES = 5  # of a look-up that is asked to wait


async def examine(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for every fault that is found; raise what `refusals` has sentences for."""
    settings = read_settings(environ)
    library = load_library(settings.plan, settings.schools)
    if settings.slack is None:
        return []
    slack = Slack(settings.slack, wall)
    try:
        return [fault async for fault in _slack_faults(slack, library)]
    finally:
        await slack.close()


async def _slack_faults(slack: Slack, library: Library) -> AsyncIterator[str]:
    try:
        granted = await slack.staff.rights()
    except NotDelivered as failure:
        yield f"Slack svarer ikke som det skal ({failure}). Kontroller SLACK_BOT_TOKEN og nettet."
        return
    for scope in SCOPES:
        if scope not in granted:
            yield f"Slack: boten mangler rettigheten {scope} ({SCOPES[scope]}). Installer appen på nytt fra manifestet."
    if fault := await slack.socket_fault():
        yield f"SLACK_APP_TOKEN: Slack sier {fault}. Uten den kommer ingenting inn. Lag en ny, med connections:write."
    for school_id, person in people(library):
        if (first := library.school_of_email(person.email)) != school_id:
            yield f"{school_id}, {person.name}: adressen står også i skolefila til {first}, som får alt. Fjern den ene."
            continue
        if fault := await _unreachable(slack.staff, person):
            yield f"Slack: {school_id}, {person.name}: {fault}"


async def _unreachable(directory: Directory, person: Person) -> str:
    """Return why somebody can't be reached; empty for whoever can."""
    try:
        found = await _patiently(directory, person)
    except NotDelivered as failure:
        return f"vet ikke ({failure}). Prøv igjen om litt."
    if found:
        return ""
    if own_id(person, directory.name):
        return "id-en i skolefila er ingen aktiv konto. Rett skolefila, eller aktiver kontoen."
    return f"ingen aktiv konto har adressen {person.email}. Rett adressen, inviter, eller skriv id-en i skolefila."


async def _patiently(directory: Directory, person: Person) -> Address | None:
    """Look somebody up, and wait as long as the platform asks for in between."""
    for _ in range(TRIES):
        try:
            return await account_of(directory, person)
        except Refused as refused:
            if refused.retry_after is None:
                raise
            await asyncio.sleep(refused.retry_after.total_seconds())
    return await account_of(directory, person)
