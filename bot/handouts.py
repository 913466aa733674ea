"""Papers and pictures behind a link: who has the link may read it until it runs out; nothing of a pupil is in any.

The link says itself what it leads to, signed, so that nothing is kept and every replica can answer.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiohttp import web

from bot.clock import Clock
from bot.library import Library
from bot.year import Year
from flows.drawing import Drawing
from flows.handouts import Address, Handout
from flows.language import Language
from flows.papers.paper import Paper
from flows.papers.sheets import SHEETS
from flows.papers.year_report import Year as Report
from flows.papers.year_report import year_report
from flows.school_days import local_day
from flows.screens.year_scope import picture_of
from storage.database import Database
from storage.transaction import Transaction

PATH = "/handouts"
VALID = {
    Handout.CLASS_SHEET: timedelta(days=60),
    Handout.GUARDIANS: timedelta(days=60),
    Handout.YEAR: timedelta(days=7),
    Handout.REPORT: timedelta(days=7),
}
LONGEST = 1000  # characters of a link's own part
PDF, PNG = "application/pdf", "image/png"
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff"}

log = logging.getLogger("rusplan.handouts")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a link leads to."""

    kind: Handout
    school: str
    scope: str
    language: Language
    until: date


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the links. `url` is the installation's own address; where there is none, there are none."""

    database: Database  # whose keys sign
    clock: Clock
    url: str = ""

    def of_school(self, school_id: str) -> Address:
        """Return what makes the links of a school."""

        def address(kind: Handout, scope: str, language: Language) -> str:
            if not self.url:
                return ""
            until = local_day(self.clock.now()) + VALID[kind]
            said = json.dumps((kind, school_id, scope, language, until.isoformat()), ensure_ascii=False)
            token = base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")
            return f"{self.url}{PATH}/{token}.{self.database.keys.sign(said)}"

        return address


@dataclass(frozen=True, slots=True)
class Handouts:
    """Answers whoever follows a link."""

    database: Database
    library: Library
    year: Year
    clock: Clock

    def add_to(self, site: web.Application) -> None:
        site.router.add_get(PATH + "/{token}", self.give)

    async def give(self, request: web.Request) -> web.Response:
        """Answer with the paper or picture; to whoever has no good link, nothing says whether there was one."""
        wanted = self._read(request.match_info["token"])
        if wanted is None or wanted.until < local_day(self.clock.now()):
            raise web.HTTPNotFound
        made = await self._make(wanted)
        if made is None:
            raise web.HTTPNotFound
        log.info("handed_out", extra={"kind": wanted.kind.value, "school_id": wanted.school})
        kind = PNG if wanted.kind is Handout.YEAR else PDF
        return web.Response(body=made, content_type=kind, headers=HEADERS)

    def _read(self, token: str) -> Wanted | None:
        encoded, _, signature = token.partition(".")
        try:
            said = base64.b64decode(
                encoded[:LONGEST] + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True
            ).decode()
            if not self.database.keys.has_signed(said, signature):
                return None
            kind, school, scope, language, until = map(str, json.loads(said))
            wanted = Wanted(Handout(kind), school, scope, Language(language), date.fromisoformat(until))
        except (ValueError, TypeError):  # not ours, or of a time when links were written otherwise
            return None
        return wanted if wanted.school in {each.id for each in self.library.schools} else None

    async def _make(self, wanted: Wanted) -> bytes | None:
        from adapters.drawings import png  # noqa: PLC0415 - both are paid for where they are used
        from adapters.papers import pdf  # noqa: PLC0415 - as above

        async with self.database.transaction() as tx:
            found = await self._found(tx, wanted)
        if isinstance(found, Drawing):
            return await asyncio.to_thread(png, found)
        return await asyncio.to_thread(pdf, found) if found else None

    async def _found(self, tx: Transaction, wanted: Wanted) -> Drawing | Paper | None:
        if wanted.kind is Handout.REPORT:
            return await report_of(self.year, tx, wanted.school, wanted.scope, wanted.language, self.clock.now())
        context = await self.year.context(tx, wanted.school, self.clock.now())
        plan, roster, today = context.plan, context.roster, local_day(context.now)
        match wanted.kind:
            case Handout.CLASS_SHEET | Handout.GUARDIANS as sheet:
                return SHEETS[sheet](plan, roster.school, wanted.language, today)
            case Handout.YEAR:
                found = await self.year.all(tx, wanted.school, context)
                return picture_of(wanted.scope, found, context, wanted.language).drawing


async def report_of(
    year: Year, tx: Transaction, school_id: str, school_year: str, language: Language, now: datetime
) -> Paper | None:
    """Return the report of a school year, as it was at its end where it is over; None where nothing is kept of it."""
    context = await year.of_year(tx, school_id, school_year, now)
    if context is None:
        return None
    found, left = await year.all(tx, school_id, context), await year.left_behind(tx, school_id, context)
    return year_report(Report(found, left, context.plan, context.roster, local_day(now), language))
