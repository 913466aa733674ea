"""D2: Slack delivers what it has delivered already: late, out of order, or to another replica than before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.events import Taken
from tests.e2e.slack.delivery import Sent, encoded
from tests.e2e.slack.people import Person
from tests.postgresql import embedded
from tests.torture.oracle import Tally
from tests.torture.replicas import COUNT, WITHIN, Replicas, about, meet, messages, replicas, reported
from tests.torture.story import MAY_LOG

ROUNDS = 10
TAKE = "0.take"
TOO_OLD = 301.0  # seconds after which nothing that is signed is believed any more
Replay = Callable[[Replicas], Awaitable[list[str]]]
REASONS = ("http_timeout", "http_error", "connection_failed")  # docs.slack.dev/apis/events-api


async def cases(every: int = 1) -> AsyncIterator[tuple[str, Tally]]:
    with embedded() as server, TemporaryDirectory(prefix="torture-") as folder:
        async with replicas(server, Path(folder)) as together:
            work = together.work
            await meet(together, work.ola, work.kari, work.eva)
            async with aclosing(_tried(together, every)) as tried:
                async for name, tally in tried:
                    yield name, tally
            await together.settles()
            yield "all replays", await _judged(together)


async def _judged(together: Replicas) -> Tally:
    """Judge the whole; what a replay would open again has a trigger that is used up, which is no fault of the bot's."""
    tally = await together.judged(await together.count(), MAY_LOG)
    late = ("slack: views.open: ", "slack: views.update: not_found")
    tally.others = [each for each in tally.others if not each.startswith(late)]
    return tally


async def _tried(together: Replicas, every: int) -> AsyncGenerator[tuple[str, Tally], None]:
    kinds: tuple[Replay, ...] = (form, click, home, words, late_form, too_old)
    for number, kind in islice(((number, kind) for number in range(ROUNDS) for kind in kinds), 0, None, every):
        try:
            others = await kind(together)
        except AssertionError as failed:
            others = [str(failed)]
        yield f"{kind.__name__} {number}", Tally(tried=1, others=others)


async def form(together: Replicas) -> list[str]:
    """Replay a form that was accepted, at every replica."""
    sent, case = await _report(together, together.work.ola)
    before, events = await together.count(), await together.events(case)
    await _again(together, sent)
    made = await together.count() - before
    changed = [type(event).__name__ for event in (await together.events(case))[len(events) :]]
    unasked = [name for name in changed if name != "Delivered"]
    return [f"{made} more cases"] * bool(made) + [f"the case has changed: {unasked}"] * bool(unasked)


async def click(together: Replicas) -> list[str]:
    """Replay a click by which a case was taken, at every replica."""
    kari = together.work.kari
    _, case = await _report(together, together.work.ola)
    await together.work.slack.until(lambda: messages(kari, case), within=WITHIN)
    await kari.presses(TAKE, on=about(kari, case))
    await _again(together, together.work.slack.delivery.sent[-1])
    taken = sum(isinstance(event, Taken) for event in await together.events(case))
    return [] if taken == 1 else [f"taken {taken} times"]


async def home(together: Replicas) -> list[str]:
    """Tell once more that somebody has opened the App Home, as Slack does where it missed the answer."""
    eva, delivery = together.work.eva, together.work.slack.delivery
    await eva.opens_home()
    await together.work.slack.until(lambda: eva.home, within=WITHIN)
    sent = delivery.sent[-1]
    acks = [await delivery.send(sent.kind, sent.payload, sent.who, retry=(n, r)) for n, r in enumerate(REASONS, 1)]
    return [] if all(acks) else ["a retry is not acknowledged"]


async def words(together: Replicas) -> list[str]:
    """Tell once more what somebody has written: a replica that never saw it answers rather than leave it unanswered."""
    eva, delivery = together.work.eva, together.work.slack.delivery
    seen = len(eva.ephemerals)
    await eva.writes("rus-hjelp")
    await together.work.slack.until(lambda: len(eva.ephemerals) > seen, within=WITHIN)
    sent = delivery.sent[-1]
    acks = [await delivery.send(sent.kind, sent.payload, sent.who, retry=(n, r)) for n, r in enumerate(REASONS, 1)]
    await asyncio.sleep(0.5)
    more = len(eva.ephemerals) - seen - 1
    return ["a retry is not acknowledged"] * (not all(acks)) + [f"answered {more} more times"] * (more >= COUNT)


async def late_form(together: Replicas) -> list[str]:
    """Take a case, and let the form that made it come in once more after that."""
    kari = together.work.kari
    sent, case = await _report(together, together.work.ola)
    await together.work.slack.until(lambda: messages(kari, case), within=WITHIN)
    await kari.presses(TAKE, on=about(kari, case))
    before = await together.count()
    await _again(together, sent)
    owner = await together.owner(case)
    return [f"it is {owner}'s"] * (owner != "kari") + ["another case"] * (await together.count() != before)


async def too_old(together: Replicas) -> list[str]:
    """Replay a form more than five minutes later, as it was signed then."""
    sent, _ = await _report(together, together.work.ola)
    delivery, before = together.work.slack.delivery, await together.count()
    body, kind = encoded(sent.kind, sent.payload)
    then = time.time() + together.clock.ahead - TOO_OLD
    answers = [
        (await delivery.post(body, delivery.signed(body, timestamp=then, kind=kind))).status for _ in range(COUNT)
    ]
    made = await together.count() - before
    return [f"{made} more cases"] * bool(made) + [f"answered {answers}"] * (set(answers) != {401})


async def _report(together: Replicas, person: Person) -> tuple[Sent, str]:
    """Let somebody report; return what was sent, too."""
    sent = together.work.slack.delivery.sent
    since = len(sent)
    case = await reported(together, person)
    return next(each for each in sent[since:] if each.payload.get("type") == "view_submission"), case


async def _again(together: Replicas, sent: Sent) -> None:
    """Send the same at once to every replica, twice to one of them."""
    await asyncio.gather(*(together.work.slack.delivery.again(sent) for _ in range(COUNT + 1)))
