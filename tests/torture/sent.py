"""What the program has promised, and what of it stands in Slack twice."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from bot.cases import EDIT
from storage.deliveries import State
from storage.tables import outbox
from tests.e2e.slack.conftest import Workplace
from tests.torture.edge import Work, edge_of
from tests.torture.in_slack import delivery_of
from tests.torture.oracle import opened


def twice(work: Workplace) -> int:
    """Return how many messages stand there that another one with the same delivery id does, too."""
    standing: Counter[tuple[str, str]] = Counter()
    for channel in work.slack.workspace.channels.values():
        for message in channel.messages:
            found = delivery_of({"metadata": message.metadata})
            if found and not message.deleted:
                standing[channel.id, found] += 1
    return sum(count - 1 for count in standing.values())


async def promised(work: Work, url: str) -> Counter[str]:
    """Return how many messages each person should have by now; to be asked when nothing runs any more.

    What nobody needed any more may have come all the same, where nobody can take it away again.
    """
    beyond_recall = edge_of(work).beyond_recall()
    async with opened(work, url) as database, database.snapshot() as tx:
        columns = outbox.c.id, outbox.c.person_id, outbox.c.kind, outbox.c.state
        rows = await tx.outbox._connection.rows(select(*columns))
    sent = (row for row in rows if row.state != State.CANCELLED or row.id in beyond_recall)
    return Counter(row.person_id for row in sent if row.kind != EDIT)
