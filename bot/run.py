"""`rusplan run`: the bot for a school or a county, on the platforms whose settings are there, until it is stopped."""

from __future__ import annotations

import contextlib
import logging
import resource
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.addresses import is_loopback
from adapters.mail.sender import MailSender
from adapters.payload import MAX_BODY
from bot.app import App, Outside, build, running
from bot.clock import SystemClock, wall
from bot.library import Library, read_library
from bot.pages import Pages
from bot.places import StoredPlaces
from bot.refusals import refusals
from bot.settings import Listening, Settings, read_settings
from bot.signals import interrupted
from bot.watchdog import watched
from storage.database import Database, open_database
from storage.pings import Ping

if TYPE_CHECKING:  # each loads its platform's libraries, which a school that hasn't it is spared
    from adapters.slack.server import Slack
    from adapters.teams.server import Teams

LONGEST_HEADER = 32_768  # bytes: a longer token than any is refused as other bad ones are

log = logging.getLogger("rusplan.run")


async def run(environ: Mapping[str, str]) -> None:
    """Serve until a signal comes; raise what `refusals` has sentences for."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump of the memory would hold the keys
    async with serving(environ) as (app, address):
        print(f"rusplan: {address}", flush=True)
        with watched(lambda: app.scheduler.swept_at, lambda: app.scheduler.reminded_at):
            log.info("started")
            await interrupted()
            log.info("stopping")


@asynccontextmanager
async def serving(environ: Mapping[str, str]) -> AsyncIterator[tuple[App, str]]:
    """Serve as long as the block lasts, at an address; raise as `run` does."""
    settings = read_settings(environ)
    library, faulty = read_library(settings.plan, settings.schools)
    database = await open_database(settings.database_url, settings.keys)
    try:
        if faulty:
            await library.stand_in(database, faulty)
            print(
                *refusals(faulty),
                "Skolefila slik den var sist, gjelder til feilen er rettet.",
                sep="\n",
                file=sys.stderr,
            )
        clock = SystemClock(not_before=await _last_known(database))
        await library.keep(database, clock.now())
        async with _serving(settings, library, database, clock) as served:
            yield served
    finally:
        await database.close()


async def _last_known(database: Database) -> datetime | None:
    """Return the latest time that anybody has written down, if anything was."""
    async with database.snapshot() as tx:
        known = (await tx.journal.newest_at(), await tx.pings.get(Ping.SOMEBODY_WAITS))
    return max((at for at in known if at), default=None)


@asynccontextmanager
async def _serving(
    settings: Settings, library: Library, database: Database, clock: SystemClock
) -> AsyncIterator[tuple[App, str]]:
    async with contextlib.AsyncExitStack() as stack:
        slack, teams = _slack(settings), _teams(settings)
        ours = [platform for platform in (slack, teams) if platform]
        for platform in ours:
            stack.push_async_callback(platform.close)
        platforms = {platform.messages.name: platform.messages for platform in ours}
        outside = Outside(
            [platform.staff for platform in ours], _mailer(settings), settings.heartbeat_url, settings.url
        )
        app = build(database, library, platforms, clock, outside=outside)
        await stack.enter_async_context(running(app))
        site = web.Application(client_max_size=MAX_BODY)
        if slack:
            slack.serve(app.reception, site)
        if teams:
            teams.serve(app.reception, StoredPlaces(database, clock), site)
        app.health.add_to(site)
        app.handouts.add_to(site)
        Pages(library).add_to(site)
        yield app, await stack.enter_async_context(_listening(settings.listening, site))


def _slack(settings: Settings) -> Slack | None:
    if settings.slack is None:
        return None
    from adapters.slack.server import Slack  # noqa: PLC0415 - as above

    return Slack(settings.slack, wall)


def _teams(settings: Settings) -> Teams | None:
    if settings.teams is None:
        return None
    from adapters.teams.server import Teams  # noqa: PLC0415 - as above

    return Teams(settings.teams)


def _mailer(settings: Settings) -> MailSender | None:
    """Return what sends e-mail, if anything does; unencrypted only to this machine."""
    mail = settings.mail
    return MailSender(mail, in_clear=is_loopback(mail.host)) if mail else None


@asynccontextmanager
async def _listening(listening: Listening, site: web.Application) -> AsyncIterator[str]:
    """Take requests at an address as long as the block lasts; those under way are finished."""
    # Nothing is unpacked: that would be work for whoever asks, before anybody has proven who he is.
    runner = web.AppRunner(
        site, access_log=None, shutdown_timeout=5, auto_decompress=False, max_field_size=LONGEST_HEADER
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, listening.host, listening.port).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
