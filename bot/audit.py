"""`rusplan audit verify`: whether the journal is whole and every case agrees with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.settings import BadSettings, database_url, read_keys
from storage.database import open_database
from storage.verification import ChainFault, FaultKind

_SENTENCES = {
    FaultKind.ALTERED: "En rad er endret, flyttet eller lagt inn utenfra.",
    FaultKind.MISSING: "Rader mangler fra og med denne.",
    FaultKind.CUT: "De siste radene er borte.",
    FaultKind.HEAD: "Enden av loggen er ikke skrevet av programmet.",
    FaultKind.WITNESS: "Loggen er en annen enn den som ble bevitnet.",
    FaultKind.VERSIONS: "Hendelsene i en sak er ikke nummerert etter hverandre.",
    FaultKind.PROJECTION: "En sak står ikke der hendelsene dens sier.",
    FaultKind.KEY: "En nøkkel mangler, eller ligger der ennå etter at den skulle være slettet.",
    FaultKind.ERASURE: "En sak er merket som slettet uten at loggen vet om det.",
}


async def verify(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for every fault of every school's journal; raise `BadSettings` without a usable key."""
    settings: list[str] = []
    keys = read_keys(environ, settings)
    if keys is None:
        raise BadSettings(settings)
    require_existing(database_url(environ))
    database = await open_database(database_url(environ), keys)
    try:
        async with database.snapshot() as tx:
            schools = await tx.journal.schools()
            return [_said(school, fault) for school in schools for fault in await tx.journal.verify(school)]
    finally:
        await database.close()


def _said(school: str, fault: ChainFault) -> str:
    place = f", rad {fault.seq}" if fault.seq is not None else ""
    return f"{school}{place}: {_SENTENCES[fault.kind]}"


def require_existing(url: str) -> None:
    """Raise `BadSettings` for an SQLite file that isn't there: opening it would make an empty one, and praise it."""
    file = url.partition(":///")[2] if url.startswith("sqlite") else ""
    if file and not Path(file).exists():
        raise BadSettings(["DATABASE_URL: det finnes ingen database der."])
    if file and not Path(file).stat().st_size:
        raise BadSettings(["DATABASE_URL: fila er tom. Er en sikkerhetskopi bare halvveis lagt tilbake?"])
