"""The story's people in Slack, where a message that came twice is taken away again."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping

from aiohttp import web

from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.people import Person
from tests.e2e.slack.test_a_report_in_slack import SEEN, in_dm
from tests.e2e.slack.trouble import Troubles
from tests.e2e.slack.workspace import Clock
from tests.torture.manners import Asked
from tests.torture.nudge import nudge
from tests.torture.tally import Tally

BY_THE_RELAY = ("chat.postMessage", "chat.update", "conversations.open", "conversations.history", "views.publish")


class InSlack:
    name, can_look = "slack", True
    of_a_death = ("dispatch_failed", "operation_timeout", "expired_trigger_id", "invalid_trigger")

    def __init__(self, work: Workplace) -> None:
        self.work = work

    @property
    def faults(self) -> list[str]:
        return self.work.slack.faults

    @property
    def clock(self) -> Clock:
        return self.work.slack.workspace.clock

    @property
    def runner(self) -> web.AppRunner:
        return self.work.slack._runner

    @property
    def port(self) -> int:
        return int(self.work.slack.base_url.rpartition(":")[2])

    def puts_up(self, troubles: Troubles) -> None:
        self.work.slack.troubles = self.work.slack.web_api.troubles = troubles

    def asked(self) -> Iterator[Asked]:
        """Yield the relay's calls. A chat is opened for whichever message comes first, not for a row alone."""
        for call in self.work.slack.calls:
            if call.method in BY_THE_RELAY:
                what = delivery_of(call.arguments) or json.dumps(call.arguments, sort_keys=True)
                itself = call.method == "conversations.history" and call.status is None
                yield Asked(call.method, what, call.at, call.trouble, itself)

    def count(self, person: str) -> int:
        return len(self._person(person).dm)

    def beyond_recall(self) -> frozenset[str]:
        return frozenset()

    def reads(self, person: str) -> str:
        return in_dm(self._person(person))

    async def opens_form(self, person: str, shows: Callable[[Callable[[], object]], Awaitable[bool]]) -> bool:
        reporter = self._person(person)
        if not reporter.modal:
            await reporter.slash("/rus-hendelse")
            await shows(lambda: reporter.modal)
        return bool(reporter.modal)

    async def hands_in(self, person: str) -> bool:
        reporter = self._person(person)
        await reporter.fills(SEEN)
        ack = await reporter.submits()
        if ack is None or any(view.errors for view in self.work.slack.workspace.stack(reporter.id)):
            return False
        await reporter.closes()
        return True

    async def presses(self, person: str, label: str) -> bool:
        return await self._person(person).presses(label) is not None

    async def presses_all(self, person: str, label: str) -> None:
        for message in self._person(person).dm:
            if label in str(message.blocks):
                await self._person(person).presses(label, on=message)

    async def nudge(self) -> bool:
        return await nudge(self.work.slack)

    def judge(self, messages: Mapping[str, int], tally: Tally, ambiguous: int) -> None:
        for person, expected in messages.items():
            found = self.count(person)
            tally.lost_messages += max(0, expected - found)
            tally.repeats += max(0, found - expected)

    def _person(self, name: str) -> Person:
        person: Person = getattr(self.work, name)
        return person


def delivery_of(given: dict[str, object]) -> str:
    """Return the delivery id that a message carries unseen."""
    metadata = given.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return str(payload.get("delivery_id", "")) if isinstance(payload, dict) else ""
