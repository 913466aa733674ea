"""What became of an alert that climbed: level by level, as the journal says, and of each message, as Slack does.

For stories whose messages can't be counted beforehand, since the program's own time is what they go by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bot.cases import EDIT, HOME
from bot.files import load_plan
from flows import escalation
from flows.events import Alerted, EscalationStarted, decode
from flows.incident import Escalation
from storage.cipher import KeyRing
from storage.database import open_database
from storage.deliveries import State
from storage.journal import StoredEvent
from tests.e2e.slack.conftest import PLAN, Workplace
from tests.torture.oracle import Tally, judge
from tests.torture.story import MAY_LOG, Story


async def judge_levels(story: Story[Workplace], skew: float = 0.0, may_log: frozenset[str] = frozenset()) -> Tally:
    """Stop everything, and say what is lost or doubled, and which level was reached too early or twice.

    `skew` is how far apart, in seconds, the clocks of those are who write the journal.
    """
    codes = [code for bot in story.work.bots if bot.process.returncode is None and (code := await bot.stops())]
    database = await open_database(story.url, KeyRing.parse(story.work.key))
    try:
        async with database.snapshot() as tx:
            cases = await tx.cases.open_of_school(story.work.school.id, 10)
            rows = [row for case in cases for row in await tx.outbox.of_case(case.case_id)]
            histories = [await tx.journal.history(case.case_id) for case in cases]
    finally:
        await database.close()
    sent = [row for row in rows if row.state is State.SENT and row.kind not in (EDIT, HOME)]
    stand = _standing(story.work)
    tally = await judge(story.work, story.url, reports=1, messages={}, may_log=MAY_LOG | may_log)
    tally.others += [f"exit code {code}" for code in codes]
    tally.others += [fault for history in histories for fault in _faults_of(history, skew)]
    tally.lost_messages += sum(row.id not in stand for row in sent)
    tally.repeats += sum(count - 1 for count in stand.values())
    return tally


def _standing(work: Workplace) -> Counter[str]:
    """Return how often each delivery stands in somebody's chat."""
    return Counter(
        message.metadata["event_payload"]["delivery_id"]
        for channel in work.slack.workspace.channels.values()
        for message in channel.messages
        if message.metadata and not message.deleted
    )


def _faults_of(history: Sequence[StoredEvent], skew: float) -> Iterator[str]:
    """Yield what is wrong with the order and the times at which the levels were reached."""
    started_at, chain, reached = datetime.min.replace(tzinfo=UTC), "", (-1, -1)
    for stored in history:
        event = decode(stored.payload)
        if isinstance(event, EscalationStarted):
            started_at, chain, reached = stored.at, event.chain, (-1, -1)
        if isinstance(event, Alerted):
            place = (event.round, event.level)
            early = _due(chain, started_at, place) - stored.at
            if place <= reached:
                yield f"level {place} after {reached}"
            if early > timedelta(seconds=skew):
                yield f"level {place} came {early.total_seconds():.1f} s too early"
            reached = place


def _due(chain: str, started_at: datetime, place: tuple[int, int]) -> datetime:
    levels = PLAN_FILE.escalation[chain]
    always = None  # what the stories tell of is acute: every hour counts
    return escalation.due_at(levels, Escalation(chain, started_at), escalation.Position(*place), always)


PLAN_FILE = load_plan(PLAN)
