"""`rusplan report`: the report of a school year as a PDF, out of the database; for a school that has no links to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from adapters.papers import pdf
from bot.app import build
from bot.audit import require_existing
from bot.clock import SystemClock
from bot.handouts import report_of
from bot.library import Library, load_library
from bot.settings import Settings, read_settings
from flows.faults import listed
from flows.language import Language
from flows.papers.paper import Paper
from flows.planning import school_on
from flows.school_days import local_day
from storage.database import open_database


async def write_report(environ: Mapping[str, str], school_id: str, school_year: str, file: Path) -> list[str]:
    """Write the report of a school, the only one where none is named, and of a year, this one where none is.

    Return what keeps it from being written, as sentences; raise `BadSettings`, and what an unusable database raises.
    """
    settings = read_settings(environ)
    require_existing(settings.database_url)
    library = load_library(settings.plan, settings.schools)
    schools = [school.id for school in library.schools if school_id in ("", school.id)]
    if len(schools) != 1:
        return [f"Velg skole med --school. Skolene er {listed([school.id for school in library.schools])}."]
    paper = await _report(settings, library, schools[0], school_year)
    if paper is None:
        return [f"Det finnes ingenting om skoleåret {school_year}. Det skrives slik: 2026-2027."]
    try:
        file.write_bytes(pdf(paper))  # noqa: ASYNC240 - nothing else runs
    except OSError:
        return [f"{file} kan ikke skrives. Finnes mappa, og er fila åpen i et annet program?"]
    return []


async def _report(settings: Settings, library: Library, school_id: str, school_year: str) -> Paper | None:
    clock, database = SystemClock(), await open_database(settings.database_url, settings.keys)
    try:
        await library.follow_stored(database)
        school = school_on(library.school(school_id), local_day(clock.now()))
        year, language = build(database, library, {}, clock).reminders.year, Language(school.language)
        async with database.snapshot() as tx:
            return await report_of(year, tx, school_id, school_year or school.school_year, language, clock.now())
    finally:
        await database.close()
