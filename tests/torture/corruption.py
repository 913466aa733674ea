"""E3: the SQLite file is damaged while nothing runs: it is refused, or named, or what is read is what was written."""

# ruff: noqa: ASYNC240 - small files, and nothing else runs meanwhile

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.library import Library
from bot.refusals import refusals
from storage.chain import Head
from storage.cipher import KeyRing
from storage.database import Database, open_database
from storage.deliveries import OutboxRow, State
from storage.transaction import Transaction
from tests.school import KEY, MONDAY_MORNING, School, opened
from tests.torture.oracle import Tally

FILE, LOG = "school.sqlite", "school.sqlite-wal"
PAGE = 4096  # bytes
FLIPS, FLIPS_OF_ACTORS, FLIPS_IN_LOG, PAGES = 48, 6, 12, 4
ACTED = re.compile(rb"(kari|arne|ola|eva|gro)[0-9a-f]{32}[a-z]{4}")  # a row of the journal: who did what, in which case
FAR_OFF = datetime(2100, 1, 1, tzinfo=UTC)

Files = Mapping[str, bytes]
Read = dict[str, object]


@dataclass(frozen=True)
class Damage:
    name: str
    files: Files

    @property
    def is_of_log(self) -> bool:
        return "log" in self.name or LOG in self.name


@dataclass(frozen=True)
class Written:
    """A school's file after a proper stop, the same as a kill would have left it, and what stands in it."""

    stopped: Files
    killed: Files
    read: Read


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        written = await _written(Path(folder))
        for damage in list(_damages(written))[::every]:
            yield damage.name, await _judged(damage, Path(folder) / "damaged", written)


async def _written(folder: Path) -> Written:
    """Write what a morning brings: reports, an alert that climbs, people who take cases and do their duties."""
    async with opened(folder) as school:
        await _works(school)
        killed = _files(folder)
        read = await _reads(school.database)
    return Written(_files(folder), killed, read)


async def _works(school: School) -> None:
    for reporter, place in (("ola", "Verksted"), ("eva", "Kantine"), ("gro", "Buss"), ("ola", "Tur")):
        await school[reporter].reports(place=place)
        school[reporter].dialog = None
    await school["kari"].presses("Jeg tar saken")
    await school.passes(minutes=6)
    await school["arne"].presses("Jeg tar saken")
    await school["ola"].presses("Gjort")
    await school.absent("hanne", hours=5)


def _files(folder: Path) -> Files:
    return {path.name: path.read_bytes() for path in sorted(folder.glob(f"{FILE}*"))}


def _damages(written: Written) -> Iterator[Damage]:
    draw, sound = random.Random(20), written.stopped[FILE]  # noqa: S311 - the same faults each time
    yield from (_flipped(written.stopped, FILE, draw.randrange(len(sound)), draw) for _ in range(FLIPS))
    rows = draw.sample([found.start() for found in ACTED.finditer(sound)], FLIPS_OF_ACTORS)
    yield from (_flipped(written.stopped, FILE, place, draw) for place in rows)
    log = len(written.killed[LOG])
    yield from (_flipped(written.killed, LOG, draw.randrange(log), draw) for _ in range(FLIPS_IN_LOG))
    for name, changed in _changes(sound, draw):
        yield Damage(name, {FILE: changed})
    yield Damage("no log", {name: content for name, content in written.killed.items() if name != LOG})
    yield Damage("half a log", {**written.killed, LOG: written.killed[LOG][: log // 2]})
    yield Damage("a log of nothing", {**written.killed, LOG: bytes(log)})


def _changes(sound: bytes, draw: random.Random) -> Iterator[tuple[str, bytes]]:
    yield "no header", b"x" * 100 + sound[100:]
    yield "another format", b"Dear diary. " + sound[12:]
    yield "another page size", sound[:16] + b"\x08\x00" + sound[18:]
    yield "cut in the middle", sound[: len(sound) // 2]
    yield "cut by a page", sound[:-PAGE]
    yield "cut by a byte", sound[:-1]
    for page in draw.sample(range(len(sound) // PAGE), PAGES):
        yield f"page {page} of zeros", sound[: page * PAGE] + bytes(PAGE) + sound[(page + 1) * PAGE :]


def _flipped(files: Files, name: str, place: int, draw: random.Random) -> Damage:
    bit, content = draw.randrange(8), files[name]
    flipped = content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]
    return Damage(f"bit {bit} of byte {place} in {name}", {**files, name: flipped})


async def _judged(damage: Damage, folder: Path, written: Written) -> Tally:
    """Open what is damaged, and say what is wrong with what is shown of it."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in damage.files.items():
        (folder / name).write_bytes(content)
    tally = Tally(tried=1)
    try:
        database = await open_database(f"sqlite:///{folder / FILE}", KeyRing.parse(KEY))
    except Exception as refused:
        tally.others += [] if refusals(refused) else [f"refused without a sentence: {type(refused).__name__}"]
        return tally
    try:
        tally.others += await _told(database, written, is_older=damage.is_of_log)
    finally:
        await database.close()
    return tally


async def _told(database: Database, written: Written, *, is_older: bool) -> list[str]:
    """Return what is shown wrongly without anybody being told; `is_older` where it may be how things once stood.

    What is gone from the end of the log is gone as a whole, and only what stands beside the file can say so.
    """
    try:
        if await _is_named(database):
            return []
        read = await _reads(database)
    except Exception:  # the person is told that it can't be shown
        return []
    if not read:
        return ["it starts with nothing in it, and says nothing"]
    is_right = read == written.read or (is_older and _is_earlier(read, written.read))
    return [] if is_right else list(_differences(read, written.read))


async def _is_named(database: Database) -> bool:
    """Say whether the journal's check finds anything."""
    async with database.snapshot() as tx:
        return any([await tx.journal.verify(school) for school in await tx.journal.schools()])


async def _reads(database: Database) -> Read:
    """Read everything as the program does: by its own queries, and so by their indexes."""
    async with database.transaction() as tx:
        schools = await tx.journal.schools()
        if not schools:
            return {}
        (school,) = schools
        rows = await tx.cases.open_of_school(school)
        read: Read = {"cases": rows, "head": await tx.journal.head(school), "due": await tx.timers.due(FAR_OFF, 100)}
        read |= {"accounts": await tx.accounts.of_school(school), "waiting": await tx.outbox.waiting(FAR_OFF)}
        read["accesses"] = await tx.journal.accesses(school)
        read |= {"languages": await tx.people.languages(school), "said": await tx.people.said(school, MONDAY_MORNING)}
        for row in rows:
            read |= await _reads_case(tx, row.case_id)
            # As one that is no longer shipped: a library that knows no plan reads it where it is kept.
            read[f"plan of {row.case_id}"] = await Library([], []).edition(tx, row.plan_id, row.plan_version)
        return read


async def _reads_case(tx: Transaction, case: str) -> Read:
    """Read what a case's cards are composed of; where they stand, only their keeping up to date hangs on."""
    return {
        f"history of {case}": await tx.journal.history(case),
        f"deliveries of {case}": tuple(_as_read(row) for row in await tx.outbox.of_case(case)),
        f"timers of {case}": await tx.timers.of_case(case),
    }


def _as_read(row: OutboxRow) -> OutboxRow | tuple[str, ...]:
    """Return what the program goes by: of what is over, only that it is, and whether a second copy is looked for."""
    if row.state in (State.PENDING, State.CLAIMED):
        return row
    return row.state, row.person_id, row.kind, str(row.sweep_at)


def _is_earlier(read: Read, whole: Read) -> bool:
    """Say whether this is how things once stood: the end of the log is gone, and what is left fits together."""
    before, after = read["head"], whole["head"]
    if not isinstance(before, Head) or not isinstance(after, Head) or before.seq > after.seq:
        return False
    histories = {name: each for name, each in read.items() if name.startswith("history of ")}
    return all(_begins(whole.get(name), each) for name, each in histories.items())


def _begins(whole: object, part: object) -> bool:
    return isinstance(whole, tuple) and isinstance(part, tuple) and whole[: len(part)] == part


def _differences(read: Read, whole: Read) -> Iterator[str]:
    for name in sorted(read.keys() | whole.keys()):
        if read.get(name) != whole.get(name):
            yield f"silently wrong: {name.partition(' of ')[0]}: {read.get(name)} for {whole.get(name)}"
