"""Who somebody is in Teams: by the id in the school file, or by the e-mail of whoever has installed the app."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.teams.conftest import workplace, write_school
from tests.e2e.teams.scene import TeamsScene
from tests.e2e.teams.staffed import SEEN, Staffed
from tests.e2e.teams.visible import text_of


async def test_whoever_installs_the_app_is_known_by_his_address_and_alerted_from_then_on(tmp_path: Path) -> None:
    async with workplace(tmp_path, on_teams=()) as work:
        write_school(tmp_path, known=())
        await work.starts()
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
