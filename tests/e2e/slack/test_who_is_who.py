"""Staff are found in Slack before anything happens, and whoever can't be reached is named to the administrator."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.e2e.slack.conftest import SCHOOL_FILE, Workplace, workplace
from tests.e2e.slack.test_a_report_in_slack import reads, reports
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
        await work.opens(RUSPLAN_SCHOOL=str(file))
        await private.slash("/rus-hendelse")
        await work.slack.until(lambda: "Hva har dere sett?" in reads(private))
        await work.ola.slash("/rus-hendelse")
        assert "Du står ikke på skolens liste" in text_of(work.ola.ephemerals[-1].blocks)
        assert not work.slack.faults


async def test_everybody_is_found_soon_after_the_start(work: Workplace) -> None:
    await work.slack.until(lambda: len(work.slack.calls_of("users.lookupByEmail")) >= 5, within=30)
    asked = [call.arguments["email"] for call in work.slack.calls_of("users.lookupByEmail")]
    assert "kari.moen@fjellheim.example" in asked, "those first who are told of everything"
    await work.stops()
    await work.opens()
    await work.slack.until(lambda: len(work.slack.calls_of("users.lookupByEmail")) >= len(asked) + 3, within=30)
    again = [call.arguments["email"] for call in work.slack.calls_of("users.lookupByEmail")[len(asked) :]]
    assert not set(asked[:3]) & set(again), "known from then on"


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


async def test_a_corrected_address_lets_the_wrong_person_go(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        file, right = tmp_path / "school.yaml", SCHOOL_FILE.read_text()
        other = work.slack.person("kari_m", email="kari.moe@fjellheim.example", real_name="Kari Moe i kantina")
        file.write_text(right.replace("kari.moen@", "kari.moe@"))
        await work.opens(RUSPLAN_SCHOOL=str(file))
        await other.slash("/rus-hjelp")
        assert "vis denne hjelpen" in text_of(other.ephemerals[-1].blocks)
        await work.stops()
        file.write_text(right)
        await work.opens(RUSPLAN_SCHOOL=str(file))
        await reports(work, work.ola)
        await work.slack.until(lambda: work.kari.dm)
        assert not other.dm
        await other.slash("/rus-saker")
        assert "Du står ikke på skolens liste" in text_of(other.ephemerals[-1].blocks)
        assert not work.slack.faults


async def test_an_account_that_was_closed_is_replaced_by_the_new_one(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        await work.opens()
        await work.kari.slash("/rus-hjelp")
        await work.stops()
        old = work.kari.user
        email, old.email, old.deleted = old.email, None, True
        new = work.slack.person("kari_ny", email=email)
        await work.opens()
        await reports(work, work.ola)
        await work.slack.until(lambda: new.dm)
        await new.presses("Jeg tar saken")
        await work.slack.until(lambda: "Du har tatt saken" in text_of(new.dm[-1].blocks))


async def test_the_doctor_tries_the_token_of_the_socket(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        code, _, said = await doctor(work, SLACK_APP_TOKEN="xapp-feil", SLACK_SIGNING_SECRET="")
        work.slack.faults.clear()
    assert code == 1
    assert said.startswith("SLACK_APP_TOKEN: Slack sier invalid_auth.")


async def test_somebody_at_two_schools_belongs_to_one_and_the_doctor_says_which(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        schools = tmp_path / "schools"
        await asyncio.to_thread(schools.mkdir)
        text = SCHOOL_FILE.read_text()
        (schools / "a.yaml").write_text(text)
        other = text.replace("id: fjellheim", "id: dalen").replace("@fjellheim.example", "@dalen.example")
        (schools / "b.yaml").write_text(other.replace("ola.rise@dalen.example", "ola.rise@fjellheim.example"))
        for person in work.school.people.values():
            work.slack.person(f"{person.id}_dalen", email=person.email.replace("fjellheim", "dalen"))
        code, _, said = await doctor(work, RUSPLAN_SCHOOL=str(schools))
    assert code == 1
    assert "dalen, Ola Rise: adressen står også i skolefila til fjellheim, som får alt. Fjern den ene." in said
