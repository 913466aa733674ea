"""Who somebody is in Teams: by the id in the school file, or by the e-mail of whoever has installed the app."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.teams.conftest import workplace, write_school
from tests.e2e.teams.scene import TeamsScene
from tests.e2e.teams.staffed import SEEN, Staffed
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
    own, staff = staffed.school.library.schools[0], staffed.school.app.reception.staff
    (directory,) = staff.directories
    async with staffed.school.database.transaction() as tx:
        for account in await tx.accounts.all():
            if account.address.platform == "teams":
                email = own.people[account.person_id].email
                await tx.accounts.link(account.address, own.id, account.person_id, account.linked_at, found_by=email)
    del staffed.teams.tenant.users["kari"]
    await staff._look_over(directory)
    async with staffed.school.database.transaction() as tx:
        left = {each.person_id for each in await tx.accounts.all() if each.address.platform == "teams"}
    assert set(own.people) - left == {"kari"}
