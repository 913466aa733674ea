"""A3: one of three replicas dies every moment, while reports come in, each of them twice: each makes one case."""

from __future__ import annotations

import asyncio
import copy
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from tests.e2e.slack.delivery import encoded
from tests.e2e.slack.people import Person
from tests.e2e.slack.test_a_report_in_slack import SEEN
from tests.e2e.slack.workspace import Json
from tests.postgresql import EmbeddedPostgresql, embedded
from tests.torture.oracle import Tally
from tests.torture.replicas import COUNT, WITHIN, Replicas, meet, replicas
from tests.torture.story import MAY_LOG, NeverCame
from tests.torture.tally import said_of

WAVES, REPORTS = 4, 50  # so few at a time that everything is out before an alert that nobody takes climbs
REPORTERS = ("ola", "eva", "gro", "fatima", "bente", "nina")
LIVES = 1.2  # seconds between two deaths
REST = 0.3  # seconds between two reports: what comes of them goes out at five messages per second and replica
AGAIN = 0.2  # seconds until Slack, or somebody, tries once more
TRIES = 100
LOG_OF_DEATHS = MAY_LOG | {"turn_failed"}  # more than five others were faster, or its server cut the dead one off


@dataclass(frozen=True)
class Form:
    """A form as it was filled in once; each time under another reference it is another report."""

    payload: Json

    def under(self, reference: str) -> Json:
        payload = copy.deepcopy(self.payload)
        payload["view"]["private_metadata"] = f"report\n{reference}"
        payload["view"]["id"] = f"V{reference[:10].upper()}"
        return payload


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    with embedded() as server:
        for wave in range(0, WAVES, every):
            yield f"a death every moment, wave {wave}", await told(server, REPORTS)


async def told(server: EmbeddedPostgresql, count: int) -> Tally:
    with TemporaryDirectory(prefix="torture-") as folder:
        async with replicas(server, Path(folder)) as together:
            try:
                return await _reported_among_deaths(together, count)
            except (AssertionError, TimeoutError) as failed:
                return Tally(tried=count, others=[said_of(failed)])


async def _reported_among_deaths(together: Replicas, count: int) -> Tally:
    people = [getattr(together.work, name) for name in REPORTERS]
    await meet(together, *people)
    forms = [await _form(together, person) for person in people]
    dying = asyncio.create_task(_die(together))
    try:
        posts = []
        for number in range(count):
            posts.append(asyncio.create_task(_handed_in_twice(together, forms[number % len(forms)])))
            await asyncio.sleep(REST)
        await asyncio.gather(*posts)
    finally:
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
    while len(together.bots) < COUNT:
        await together.starts()
    await together.settles()
    tally = await together.judged(count, LOG_OF_DEATHS)
    tally.tried = count
    return tally


async def _form(together: Replicas, person: Person) -> Form:
    await person.slash("/rus-hendelse")
    await together.work.slack.until(lambda: person.modal, within=WITHIN)
    await person.fills(SEEN)
    assert person.modal
    form = Form(person.payloads.submission(person.user, person.modal))
    await person.closes(all_of_them=True)
    return form


async def _die(together: Replicas) -> None:
    """Kill the one that runs longest, again and again; never so many that nobody is left."""
    while True:
        await asyncio.sleep(LIVES)
        await together.dies()


async def _handed_in_twice(together: Replicas, form: Form) -> None:
    """Hand a form in until it is acknowledged, and then once more, as a double click does."""
    payload = form.under(secrets.token_hex(16))
    await asyncio.gather(*(_handed_in(together, payload) for _ in range(2)))


async def _handed_in(together: Replicas, payload: Json) -> None:
    delivery = together.work.slack.delivery
    body, kind = encoded("interactive", payload)
    for _ in range(TRIES):
        try:
            async with asyncio.timeout(delivery.ack_within):
                ack = await delivery.post(body, delivery.signed(body, kind=kind))
        except (aiohttp.ClientError, ConnectionError, TimeoutError):
            ack = None
        if ack and ack.status == 200 and "errors" not in json.loads(ack.body or "{}"):
            return
        await asyncio.sleep(AGAIN)
    raise NeverCame("an acknowledgement")
