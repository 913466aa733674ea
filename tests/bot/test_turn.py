"""A turn: what makes a delivery the same, when it runs again, and what is said where it can't be carried out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.library import load_library
from bot.turn import TRIES, Turns
from flows.cards import plain_text
from flows.port import Address, Incoming, Reply, Submitted, Typed
from storage.errors import Conflict
from tests.school import CHAT, DEMO_SCHOOL, REPORT, School, opened

VALUES = {name: (value,) for name, value in REPORT.items()}


async def test_a_report_that_is_delivered_again_is_the_same_case(school: School) -> None:
    """Even where the form had no id of its own, as from an adapter that opens it without asking the bot."""
    act = Submitted("report", "", VALUES)
    first = await school["ola"].does_again(act, "one")
    again = await school["ola"].does_again(act, "one")
    await school.settles()
    assert first.dialog
    assert again.dialog
    assert again.dialog.title == first.dialog.title
    assert len(school["kari"].messages) == 1


async def test_the_same_id_with_other_words_is_another_act(school: School) -> None:
    """A form that is corrected and handed in again comes under the same id from some platforms."""
    act = Submitted("report", "", {})
    faulty = await school["ola"].does_again(act, "one")
    mended = await school["ola"].does_again(Submitted("report", "", VALUES), "one")
    await school.settles()
    assert faulty.faults
    assert mended.dialog
    assert len(school["kari"].messages) == 1


async def test_the_same_id_in_another_workspace_is_another_act(school: School) -> None:
    own = school.library.schools[0].id
    async with school.database.transaction() as tx:
        await tx.accounts.link(Address(CHAT, "second", "ola"), own, "ola", school.clock.now())
    for tenant in ("t", "second"):
        sender = Address(CHAT, tenant, "ola")
        await school.app.turns.handle(Incoming("one", sender, Submitted("report", "", VALUES)))
    await school.settles()
    assert len(school["kari"].messages) == 2


@pytest.mark.parametrize(("conflicts", "is_done"), [(1, True), (TRIES - 1, True), (TRIES, False)])
async def test_the_slower_of_two_runs_again_and_is_told_when_it_is_never_its_turn(
    school: School, monkeypatch: pytest.MonkeyPatch, *, conflicts: int, is_done: bool
) -> None:
    once = Turns._once

    async def outrun(turns: Turns, incoming: Incoming, **how: bool) -> Reply:
        nonlocal conflicts
        if conflicts:
            conflicts -= 1
            raise Conflict
        return await once(turns, incoming, **how)

    monkeypatch.setattr(Turns, "_once", outrun)
    reply = await school["ola"].does_again(Submitted("report", "", VALUES), "one")
    await school.settles()
    assert bool(school["kari"].messages) is is_done
    assert ("113" in reply.faults.get("", "")) is not is_done


async def broken(*_: object) -> None:
    raise RuntimeError("a fault of ours")


async def county(school: School, folder: Path, others: int) -> None:
    """Let the bot serve further schools, each with a phone of its own."""
    files = [DEMO_SCHOOL]
    for number in range(others):
        text = DEMO_SCHOOL.read_text().replace(school.library.schools[0].phone, f"7240000{number}")
        files.append(folder / f"other{number}.yaml")
        files[-1].write_text(text.replace("{id: fjellheim,", f"{{id: other{number},"))
    school.library = load_library(None, files)
    await school.restarts()


async def failure(school: School, person: str) -> str:
    reply = await school[person].does_again(Typed("hei"), "x")
    assert reply.card
    return plain_text(reply.card)


async def test_a_failure_gives_the_phone_of_ones_own_school(tmp_path: Path) -> None:
    async with opened(tmp_path) as school:
        await county(school, tmp_path, 1)
        await school["ola"].types("hei")
        school.library.roster = broken  # type: ignore[method-assign,assignment]
        said = await failure(school, "ola")
        assert school.library.schools[0].phone in said
        assert "72400000" not in said


@pytest.mark.parametrize(("others", "is_listed"), [(1, True), (9, False)])
async def test_a_stranger_is_given_every_phone_or_none(tmp_path: Path, *, others: int, is_listed: bool) -> None:
    async with opened(tmp_path) as school:
        await county(school, tmp_path, others)
        said = await failure(school, "nobody")
        assert "113" in said
        assert ("72400000" in said) is is_listed
