"""One bot in Slack and in Teams: a case is one, wherever its people are, and each is told where he wants to be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.five_cases import report, takes
from tests.e2e.slack.people import Person as InSlack
from tests.e2e.slack.scene import SlackScene
from tests.e2e.slack.visible import text_of as text_in_slack
from tests.e2e.teams.conftest import Workplace, workplace, write_school
from tests.e2e.teams.people import Person as InTeams
from tests.e2e.teams.scene import TeamsScene
from tests.e2e.teams.visible import text_of as text_in_teams

IN_SLACK = ("ola", "marit", "kari")
IN_TEAMS = ("nina", "kari", "marit", "siri")


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Workplace]:
    """Ola is in Slack alone, Nina in Teams alone; those who take their cases are in both, and prefer the other one."""
    async with workplace(tmp_path, on_teams=IN_TEAMS, on_slack=IN_SLACK) as work:
        write_school(tmp_path, known=IN_TEAMS, kari="teams", marit="slack")
        await work.starts()
        assert work.slack
        for person in ("marit", "kari"):  # whom the bot meets last in the place that they don't prefer
            acts = [work.slack.person(person).slash("/rus-hjelp"), work.teams.person(person).writes("rus-hjelp")]
            for act in acts if person == "marit" else reversed(acts):
                await act
            await work.teams.until(lambda person=person: work.teams.person(person).from_bot)  # type: ignore[misc]
        yield work
        assert not work.teams.faults
        assert not work.slack.faults


def alerts_in_teams(person: InTeams) -> list[str]:
    return [message.summary for message in person.from_bot if message.summary.startswith("Ny sak")]


def alerts_in_slack(person: InSlack) -> list[str]:
    return [message.text for message in person.dm if message.text.startswith("Ny sak")]


async def test_a_case_that_is_reported_in_one_place_is_taken_in_the_other(both: Workplace) -> None:
    assert both.slack
    ola, marit = await SlackScene(both.slack).people("ola", "marit")
    nina, kari, siri = await TeamsScene(both.teams).people("nina", "kari", "siri")
    await report(ola, "synlig_beruset", "Verksted", "1BAA", under_18="ja", stoff="alkohol")
    await takes(kari)
    await ola.sees("Kari Moen har tatt saken")
    await report(nina, "synlig_beruset", "Kantine", "1STA", under_18="nei", stoff="alkohol")
    await takes(marit)
    await nina.sees("Marit Bakke har tatt saken")
    await siri.sees("Se hva det er")
    assert alerts_in_teams(both.marit) == alerts_in_slack(both.slack.person("kari")) == []


async def test_a_case_reads_the_same_in_both_places(both: Workplace) -> None:
    assert both.slack
    (ola, kari_in_slack) = await SlackScene(both.slack).people("ola", "kari")
    (kari,) = await TeamsScene(both.teams).people("kari")
    await report(ola, "synlig_beruset", "Verksted", "1BAA", under_18="ja", stoff="alkohol")
    await takes(kari)
    await kari.presses("Vis saken")
    await kari_in_slack.types("/rus-saker")
    await kari_in_slack.presses_in_dialog("Vis saken")
    await kari_in_slack.reads("Saksansvarlig")
    assert kari.open
    assert kari_in_slack.person.modal
    modal = kari_in_slack.person.modal
    title, close = (modal.payload[name]["text"] for name in ("title", "close"))
    assert text_in_teams(kari.open.card) == f"{title}\n{text_in_slack(modal.blocks)}\n{close}"


async def test_the_preferred_place_comes_first_and_the_other_where_it_fails(both: Workplace) -> None:
    assert both.slack
    (ola,) = await SlackScene(both.slack).people("ola")
    await report(ola, "synlig_beruset", "Verksted", "1BAA", under_18="ja")
    await both.teams.until(lambda: alerts_in_teams(both.kari))
    assert not alerts_in_slack(both.slack.person("kari"))
    both.kari.user.has_blocked = True
    await report(ola, "synlig_beruset", "Kantine", "1BAA", under_18="ja")
    await both.teams.until(lambda: both.slack and alerts_in_slack(both.slack.person("kari")))
    assert len(alerts_in_teams(both.kari)) == 1
    await (await SlackScene(both.slack).people("kari"))[0].presses("Jeg tar saken")
    await ola.sees("Kari Moen har tatt saken")
