"""Why the program won't start, in sentences for whoever runs it; no key, no password and no content is repeated."""

from __future__ import annotations

import errno
import socket

from bot.files import FaultyFile
from bot.settings import NO_DATABASE_URL, BadSettings
from storage import errors as s

NO_PLACE_TO_LISTEN = (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES)


def refusals(error: Exception) -> list[str]:
    """Return the sentences for an error that is known; nothing for one that isn't."""
    match error:
        case BadSettings():
            return list(error.faults)
        case FaultyFile():
            return [str(fault) for fault in error.faults]
        case socket.gaierror():
            return ["HOST er ikke en adresse på denne maskinen."]
        case OSError() if error.errno in NO_PLACE_TO_LISTEN:
            return [f"Kan ikke lytte der HOST og PORT sier: {error.strerror or type(error).__name__}."]
        case s.StorageFault():
            return [_storage(error)]
    return []


def _storage(error: s.StorageFault) -> str:
    match error:
        case s.DatabaseTooNew():
            return (
                f"Databasen er laget av en nyere versjon av programmet ({error.found}; denne kjenner {error.known}). "
                "Bruk den nyere versjonen. Ingenting er endret."
            )
        case s.DatabaseInUse():
            return "Databasen er i bruk av et annet program. SQLite tåler bare ett; bruk PostgreSQL for flere."
        case s.DatabaseDamaged():
            return "Databasefila er skadet. Ingenting av den blir vist. Legg tilbake en sikkerhetskopi."
        case s.DatabaseOutdated():
            return (
                f"Databasefila {error.path} mangler det som ble skrevet sist. Enten er loggfila {error.path}-wal borte "
                f"eller skadet, eller fila er en eldre kopi. Legg tilbake begge filene sammen. Er det meningen å gå "
                f"tilbake til en eldre kopi, slett {error.note}."
            )
        case s.WrongKey():
            missing = ", ".join(sorted(error.missing))
            return f"RUSPLAN_KEYS passer ikke til databasen. Nøkkel {missing} mangler. Uten den kan ingen sak leses."
        case s.BadDatabaseUrl():
            return NO_DATABASE_URL
        case _:
            return f"Databasen svarer ikke ({error.code})."
