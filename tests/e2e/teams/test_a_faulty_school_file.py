"""A school file in which somebody has made a fault takes the bot from nobody when it is started again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.files import FaultyFile
from tests.e2e.teams.conftest import workplace, write_school
from tests.e2e.teams.scene import TeamsScene
from tests.e2e.teams.staffed import SEEN


async def test_the_one_that_was_kept_last_stays_in_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with workplace(tmp_path) as work:
        await work.opens()
        await work.stops()
        (tmp_path / "school.yaml").write_text("id: [")
        await work.opens()
        assert f"{tmp_path}/school.yaml:2: Kan ikke leses her." in capsys.readouterr().err
        ola, kari = await TeamsScene(work.teams).people("ola", "kari")
        await ola.types("rus-hendelse")
        await ola.hands_in(**SEEN)
        await kari.presses("Jeg tar saken")
        await ola.sees("Kari Moen har tatt saken")


async def test_where_none_was_kept_it_does_not_start_until_it_is_right(tmp_path: Path) -> None:
    async with workplace(tmp_path) as work:
        (tmp_path / "school.yaml").write_text("id: [")
        with pytest.raises(FaultyFile):
            await work.opens()
        write_school(tmp_path)
        await work.opens()
