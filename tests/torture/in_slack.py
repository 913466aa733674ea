"""The story's people in Slack, where a message that came twice is taken away again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.people import Person
from tests.e2e.slack.test_a_report_in_slack import SEEN, in_dm
from tests.e2e.slack.workspace import Clock
from tests.torture.nudge import nudge
from tests.torture.tally import Tally


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

    def count(self, person: str) -> int:
        return len(self._person(person).dm)

    def reads(self, person: str) -> str:
        return in_dm(self._person(person))

    async def reports(self, person: str, shows: Callable[[Callable[[], object]], Awaitable[bool]]) -> bool:
        reporter = self._person(person)
        if not reporter.modal:
            await reporter.slash("/rus-hendelse")
            await shows(lambda: reporter.modal)
        if not reporter.modal:
            return False
        await reporter.fills(SEEN)
        ack = await reporter.submits()
        if ack is None or any(view.errors for view in self.work.slack.workspace.stack(reporter.id)):
            return False
        await reporter.closes()
        return True

    async def presses(self, person: str, label: str) -> bool:
        return await self._person(person).presses(label) is not None

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
