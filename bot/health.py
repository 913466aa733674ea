"""`/healthz`, `/readyz` and `/metrics`: whether it lives, whether it may be relied on, and what it has counted."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from bot.auditor import OF_SOME, Auditor
from bot.clock import Clock
from bot.metrics import CONTENT_TYPE_LATEST, Metrics
from bot.scheduler import Scheduler
from storage.database import Database

OLDEST_TICK = timedelta(seconds=15)  # the sweep comes every five
OLDEST_AUDIT = timedelta(minutes=15)  # it comes every four
OLDEST_REMINDING = timedelta(minutes=10)  # a county's morning takes its time

log = logging.getLogger("rusplan.health")


@dataclass(frozen=True, slots=True)
class Health:
    """A platform that is down, a person whom none reaches, or a case that fails, doesn't make it unready for all."""

    database: Database
    clock: Clock
    scheduler: Scheduler
    auditor: Auditor
    metrics: Metrics

    def add_to(self, site: web.Application) -> None:
        site.router.add_get("/healthz", self.alive)
        site.router.add_get("/readyz", self.ready)
        site.router.add_get("/metrics", self.figures)

    async def alive(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def ready(self, _: web.Request) -> web.Response:
        faults = await self._faults()
        is_ready = not set(faults) - OF_SOME
        return web.json_response({"ready": is_ready, "faults": faults}, status=200 if is_ready else 503)

    async def figures(self, _: web.Request) -> web.Response:
        scheduler = self.scheduler
        page = await self.metrics.page(self.database, self.clock.now(), scheduler.tick_age, scheduler.reminding_age)
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _faults(self) -> list[str]:
        """Return in words that are never changed what is wrong."""
        faults = [finding.value for finding in self.auditor.findings]
        if self.auditor.age > OLDEST_AUDIT:
            faults.append("no_audit")
        if self.scheduler.tick_age > OLDEST_TICK:
            faults.append("no_tick")
        if self.scheduler.reminding_age > OLDEST_REMINDING:
            faults.append("no_reminders")
        try:
            await self.database.ping(self.clock.now())
        except Exception:  # whatever it is, nothing can be stored
            log.exception("not_ready")
            faults.append("database_away")
        return sorted(set(faults))
