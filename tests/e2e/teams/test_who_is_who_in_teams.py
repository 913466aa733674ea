"""Who somebody is in Teams: by the id in the school file, or by the e-mail of whoever has installed the app."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flows.port import Address
from tests.e2e.teams.conftest import workplace, write_school
from tests.e2e.teams.scene import TeamsScene
from tests.e2e.teams.staffed import SEEN, Staffed
from tests.e2e.teams.trouble import Answer, Trouble, error, throttled
from tests.e2e.teams.visible import text_of


async def test_whoever_installs_the_app_is_known_by_his_address_and_alerted_from_then_on(tmp_path: Path) -> None:
    async with workplace(tmp_path, on_teams=()) as work:
        write_school(tmp_path, known=())
        await work.opens()
        ola, kari = await TeamsScene(work.teams).people("ola", "kari")
        for chat in (ola, kari):
            await chat.person.installs()
            (welcome,) = await work.teams.until(lambda chat=chat: chat.person.from_bot)  # type: ignore[misc]
            assert "Meld en rushendelse" in text_of(welcome.card)
        await ola.types("rus-hendelse")
        await ola.hands_in(**SEEN)
        await kari.presses("Jeg tar saken")
        await ola.sees("Kari Moen har tatt saken")
        assert not work.teams.calls_of("create"), "the chats are known from the installation"
        assert not work.teams.faults


@pytest.mark.parametrize("trouble", [throttled(), Answer(503, {})], ids=["throttled", "503"])
async def test_whoever_installs_the_app_in_a_bad_moment_is_known_a_little_later_and_alerted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Trouble
) -> None:
    monkeypatch.setattr("bot.newcomers.PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr("bot.relay.LONGEST_PAUSE", timedelta(seconds=1))
    monkeypatch.setattr("bot.newcomers.BREATH", timedelta(0))
    async with workplace(tmp_path, on_teams=()) as work:
        write_school(tmp_path, known=())
        await work.opens()
        ola, kari = await TeamsScene(work.teams).people("ola", "kari")
        await ola.person.installs()
        work.teams.trouble("member", trouble)
        await kari.person.installs()
        (said,) = await work.teams.until(lambda: kari.person.from_bot)
        assert "Jeg kan ikke finne ut hvem du er akkurat nå" in text_of(said.card)
        await ola.types("rus-hendelse")
        await ola.hands_in(**SEEN)
        await kari.presses("Jeg tar saken")
        await ola.sees("Kari Moen har tatt saken")
        assert not work.teams.faults


async def test_whoever_installs_the_app_before_the_school_file_is_right_is_known_as_soon_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.newcomers.BREATH", timedelta(0))
    async with workplace(tmp_path, on_teams=()) as work:
        write_school(tmp_path, known=())
        file = tmp_path / "school.yaml"
        right = file.read_text()
        file.write_text(right.replace("kari.moen@", "kari.gammel@"))
        await work.opens()
        ola, kari = await TeamsScene(work.teams).people("ola", "kari")
        for chat in (ola, kari):
            await chat.person.installs()
        (said,) = await work.teams.until(lambda: kari.person.from_bot)
        assert "Du står ikke på skolens liste" in text_of(said.card)
        await work.stops()
        file.write_text(right)
        await work.opens()
        await ola.types("rus-hendelse")
        await ola.hands_in(**SEEN)
        await kari.presses("Jeg tar saken")
        assert not work.teams.faults


@pytest.mark.parametrize("role", ["user", "guest"])
async def test_somebody_who_is_in_no_school_file_is_told_whom_to_ring(staffed: Staffed, role: str) -> None:
    """A guest may even have a teacher's address."""
    email = "vikar@annet.example" if role == "user" else "ola.rise@fjellheim.example"
    stranger = staffed.teams.person("vikar", email=email, role=role)
    await stranger.writes("/rus-hendelse")
    (said,) = await staffed.teams.until(lambda: stranger.from_bot)
    assert "Du står ikke på skolens liste over ansatte" in text_of(said.card) + said.text


async def test_the_daily_look_lets_go_of_whoever_has_left_the_organisation_and_of_nobody_else(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kari's chat is remembered, since she has been alerted there; Ola's, since he has reported."""
    await staffed.report()
    monkeypatch.setattr("bot.staff.BREATH", timedelta(0))
    await were_found_by_email(staffed)
    del staffed.teams.tenant.users["kari"]
    assert await let_go_of(staffed) == {"kari"}


@pytest.mark.parametrize("code", ["BotDisabledByAdmin", "NotEnoughPermissions", "InvalidBotApiHost"])
async def test_the_daily_look_lets_go_of_nobody_while_an_administrator_has_shut_the_bot_out(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    await staffed.report()
    monkeypatch.setattr("bot.staff.BREATH", timedelta(0))
    await were_found_by_email(staffed)
    for kind in ("member", "create"):
        staffed.teams.trouble(kind, *[Answer(403, error(code))] * 200)
    assert await let_go_of(staffed) == set()


async def test_whoever_was_let_go_of_and_has_the_app_again_is_found_again_though_nobody_says_so(
    staffed: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.staff.BREATH", timedelta(0))
    monkeypatch.setattr("bot.newcomers.BREATH", timedelta(0))
    await staffed.report()
    await were_found_by_email(staffed)
    kari = staffed.person("kari").user
    kari.has_app = False
    assert "kari" in await let_go_of(staffed)
    kari.has_app = True
    newcomers = staffed.school.app.newcomers
    await newcomers.look(newcomers.staff.directories[0])
    async with staffed.school.database.transaction() as tx:
        found = await tx.accounts.find(Address("teams", staffed.teams.tenant.id, kari.aad))
    assert found
    assert found.person_id == "kari"


async def were_found_by_email(staffed: Staffed) -> None:
    """Let everybody's account be one that was found by the address in the school file."""
    own = staffed.school.library.schools[0]
    async with staffed.school.database.transaction() as tx:
        for account in await tx.accounts.all():
            if account.address.platform == "teams":
                email = own.people[account.person_id].email
                await tx.accounts.link(account.address, own.id, account.person_id, account.linked_at, found_by=email)


async def let_go_of(staffed: Staffed) -> set[str]:
    """Let the daily look be taken; return who has no account after it."""
    staff = staffed.school.app.reception.staff
    await staff._look_over(staff.directories[0])
    async with staffed.school.database.transaction() as tx:
        left = {each.person_id for each in await tx.accounts.all() if each.address.platform == "teams"}
    return set(staffed.school.library.schools[0].people) - left
