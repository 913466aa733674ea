"""A case finishes under the edition of the plan that it began under, also when that edition is no longer shipped."""

from __future__ import annotations

from pathlib import Path

from bot.files import shipped_plan
from bot.library import load_library
from tests.school import DEMO_SCHOOL, School, opened

OLD = "Ring de foresatte før eleven forlater skolen."
NEW = "Ring de foresatte med en gang."


async def changed_plan(school: School, folder: Path) -> None:
    """Let the school adopt another text of its plan, and the bot start again with it alone."""
    text = (shipped_plan("oppdal") / "plan.yaml").read_text()
    file = folder / "plan.yaml"
    file.write_text(text.replace(OLD, NEW).replace("2022-09-06", "2027-01-15"))
    school.library = load_library(file, [DEMO_SCHOOL])
    await school.restarts()


async def duties_shown(school: School) -> str:
    from flows.cards import plain_text  # noqa: PLC0415

    await school["ola"].presses("Vis saken")
    assert school["ola"].dialog
    return plain_text(school["ola"].dialog)


async def test_an_open_case_keeps_its_edition_and_a_new_one_gets_the_new(tmp_path: Path) -> None:
    async with opened(tmp_path) as school:
        await school["ola"].reports()
        await school["ola"].submits(under_18="ja")
        await changed_plan(school, tmp_path)
        await school["kari"].presses("Jeg tar saken")
        assert OLD in await duties_shown(school)
        await school["ola"].reports()
        await school["ola"].submits(under_18="ja")
        shown = await duties_shown(school)
        assert NEW in shown
        assert OLD not in shown
