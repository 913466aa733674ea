"""Staff are found in Slack before anything happens, and whoever can't be reached is named to the administrator."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.e2e.slack.conftest import SCHOOL_FILE, Workplace, workplace
from tests.e2e.slack.test_a_report_in_slack import reads
from tests.e2e.slack.trouble import RateLimit
from tests.e2e.slack.visible import text_of


async def doctor(work: Workplace, **environ: str) -> tuple[int | None, str, str]:
    command = Path(sys.executable).with_name("rusplan")
    process = await asyncio.create_subprocess_exec(
        command, "doctor", env=work.settings(**environ), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_the_doctor_finds_nothing_where_all_is_well(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        assert await doctor(work) == (0, "Ingen feil. Alle i skolefilene kan nås.\n", "")


async def test_the_doctor_names_whom_nobody_could_reach(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        work.kari.user.deleted = True
        work.ola.user.email = "ola@privat.example"
        work.eva.user.is_restricted = True
        work.slack.trouble("users.lookupByEmail", RateLimit("1"))
        code, _, said = await doctor(work)
    assert code == 1
    assert said.splitlines() == [
        f"Slack: fjellheim, {name}: ingen aktiv konto har adressen {address}."
        " Rett adressen, inviter, eller skriv id-en i skolefila."
        for name, address in (
            ("Kari Moen", "kari.moen@fjellheim.example"),
            ("Ola Rise", "ola.rise@fjellheim.example"),
            ("Eva Sand", "eva.sand@fjellheim.example"),
        )
    ]


async def test_the_doctor_names_the_rights_that_are_missing_and_what_for(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        work.slack.workspace.scopes -= {"im:history"}
        code, _, said = await doctor(work)
    assert code == 1
    assert said.startswith("Slack: boten mangler rettigheten im:history (se etter i chatten om et varsel kom fram")


async def test_the_doctor_says_that_slack_refuses_the_token(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        code, _, said = await doctor(work, SLACK_BOT_TOKEN="xoxb-feil")
        work.slack.faults.clear()
    assert (code, said) == (
        1, "Slack svarer ikke som det skal (invalid_auth). Kontroller SLACK_BOT_TOKEN og nettet.\n"
    )  # fmt: skip


async def test_an_id_in_the_school_file_goes_before_the_address(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        private = work.slack.person("ola_privat", email="ola@privat.example")
        file = tmp_path / "school.yaml"
        text = SCHOOL_FILE.read_text()
        assert "email: ola.rise@fjellheim.example" in text
        file.write_text(
            text.replace("email: ola.rise@fjellheim.example", f"email: ola.rise@fjellheim.example, slack: {private.id}")
        )
        await work.starts(RUSPLAN_SCHOOL=str(file))
        await private.slash("/rus-hendelse")
        await work.slack.until(lambda: "Hva har dere sett?" in reads(private))
        await work.ola.slash("/rus-hendelse")
        assert "Du står ikke på skolens liste" in text_of(work.ola.ephemerals[-1].blocks)
        assert not work.slack.faults


async def test_everybody_is_found_soon_after_the_start(work: Workplace) -> None:
    people = len([person for person in work.school.people.values() if not person.slack])
    await work.slack.until(lambda: len(work.slack.calls_of("users.lookupByEmail")) >= people, within=30)
    assert len(work.slack.calls_of("users.lookupByEmail")) == people
    await work.bot.stops()
    await work.starts()
    await work.ola.slash("/rus-hjelp")
    assert len(work.slack.calls_of("users.lookupByEmail")) == people, "known from then on"


async def test_somebody_who_joins_slack_later_is_known_at_the_first_word(work: Workplace) -> None:
    ola = work.ola.user
    email, ola.email = ola.email, None
    new = work.slack.person("ola_ny", email=email)
    await new.slash("/rus-hendelse")
    await work.slack.until(lambda: "Hva har dere sett?" in reads(new))


@pytest.mark.parametrize("half", [{"SLACK_BOT_TOKEN": ""}, {"SLACK_SIGNING_SECRET": ""}])
async def test_half_of_the_settings_start_nothing(tmp_path: Path, half: dict[str, str]) -> None:
    async with workplace(tmp_path) as work:
        code, _, said = await doctor(work, **half)
    assert code == 78
    assert next(iter(half)) in said
