"""While a new school file is put in, one replica has it and another has not: both decide by the newer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App, build
from bot.library import load_library
from flows.effects import Timer
from flows.port import Address, Incoming, Pressed, Submitted, Typed
from storage.deliveries import State
from tests.bot.test_relay import REPORTED, outbox
from tests.bot.test_school_files import AUGUST, SPRING, later
from tests.school import CHAT, DEMO_SCHOOL, School, SeededDice, opened

ID, NEW_HEAD = "f" * 32, "nora"
KARI = "  kari:     {name: Kari Moen, email: kari.moen@fjellheim.example, phone: +47 900 00 003}\n"


def newer(folder: Path, *changes: tuple[str, str]) -> Path:
    """Return the school's file with something put in the place of something else."""
    text = DEMO_SCHOOL.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / "newer.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def with_a_new_head(folder: Path) -> Path:
    person = "  nora:     {name: Nora Ny, email: nora.ny@fjellheim.example, phone: +47 900 00 099}\n"
    return newer(folder, ("avdelingsleder: [kari, arne]", "avdelingsleder: [nora, arne]"), (KARI, KARI + person))


async def beside(school: School, file: Path) -> App:
    """Return another replica, which starts now with this file and gives its new head an account."""
    school.clock.forward(timedelta(seconds=1))
    library = load_library(None, [file])
    await library.keep(school.database, school.clock.now())
    async with school.database.transaction() as tx:
        await tx.accounts.link(Address(CHAT, "t", NEW_HEAD), "fjellheim", NEW_HEAD, school.clock.now())
    return build(school.database, library, {CHAT: school.chat}, school.clock, SeededDice(9))


async def is_reported(app: App) -> None:
    await app.turns.handle(Incoming("report", Address(CHAT, "t", "ola"), Submitted("report", ID, REPORTED)))


async def takes(app: App) -> None:
    await app.turns.handle(Incoming("take", Address(CHAT, "t", NEW_HEAD), Pressed("take", ID)))


async def owner(school: School) -> str | None:
    async with school.database.transaction() as tx:
        row = await tx.cases.get(ID)
    return row.owner if row else None


async def test_an_alert_for_somebody_who_is_only_in_the_newer_file_is_sent_by_the_other_too(
    school: School, tmp_path: Path
) -> None:
    await is_reported(await beside(school, with_a_new_head(tmp_path)))
    await school.app.relay.drain()
    assert len(school[NEW_HEAD].alerts) == 1
    assert not school["kari"].messages


async def test_whoever_is_only_in_the_newer_file_is_no_stranger_to_the_other(school: School, tmp_path: Path) -> None:
    await is_reported(await beside(school, with_a_new_head(tmp_path)))
    await takes(school.app)
    assert await owner(school) == NEW_HEAD


async def nothing(*_: object) -> None:
    """Read no file."""


@pytest.mark.parametrize("can_be_read", [True, False])
async def test_an_owner_who_is_only_in_the_newer_file_is_not_taken_for_gone(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, can_be_read: bool
) -> None:
    new = await beside(school, with_a_new_head(tmp_path))
    await is_reported(new)
    await takes(new)
    async with school.database.transaction() as tx:
        await tx.timers.arm_all("fjellheim", [ID], Timer.FOLLOW_UP, school.clock.now())
    if not can_be_read:
        monkeypatch.setattr(type(school.library), "_kept", nothing)
    await school.app.timekeeper.sweep()
    assert await owner(school) == NEW_HEAD
    await new.timekeeper.sweep()
    assert await owner(school) == NEW_HEAD
    async with school.database.transaction() as tx:
        assert not await tx.timers.due(school.clock.now(), 10)


async def test_forms_and_people_are_learnt_anew_with_a_file_that_another_has_stored(
    school: School, tmp_path: Path
) -> None:
    await beside(school, with_a_new_head(tmp_path))
    assert not school.library.knows("fjellheim", NEW_HEAD)
    await school.app.school_files.look()
    assert school.library.knows("fjellheim", NEW_HEAD)
    followed = school.library.followed
    await school.app.school_files.look()
    assert school.library.followed == followed


async def test_where_the_newer_file_can_not_be_read_its_people_are_left_to_whoever_can(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = await beside(school, with_a_new_head(tmp_path))
    await is_reported(new)
    with monkeypatch.context() as older:
        older.setattr(type(school.library), "_kept", nothing)
        await school.app.relay.drain()
    (row,) = await outbox(school, NEW_HEAD)
    assert (row.state, row.last_error) == (State.PENDING, "not_in_file")
    school.clock.forward(timedelta(minutes=1))
    await new.relay.drain()
    assert len(school[NEW_HEAD].alerts) == 1


async def test_whoever_is_not_in_the_newer_file_has_left_whatever_the_other_says(
    school: School, tmp_path: Path
) -> None:
    await is_reported(school.app)
    others = [("[kari, arne]", "[arne, berit]"), ("[ingrid, kari]", "[ingrid, arne]")]
    await beside(school, newer(tmp_path, (KARI, ""), *others))
    await school.app.relay.drain()
    assert [row.state for row in await outbox(school, "kari")] == [State.CANCELLED]
    assert not school["kari"].messages


def of_next_year(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    text = later(DEMO_SCHOOL.read_text(encoding="utf-8"), "2027-2028")
    for old, new in changes:
        text = text.replace(old, new)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("first", ["newer", "older"])
async def test_whichever_begins_the_year_first_both_go_by_the_newer_file(tmp_path: Path, first: str) -> None:
    file = of_next_year(tmp_path, "next.yaml", ("2TMA: {department: bygg", "2TMB: {department: bygg"))
    async with opened(tmp_path, now=SPRING) as school:
        await school.app.school_files.look()
        other = await beside(school, file)
        school.clock.forward(AUGUST - school.clock.now())
        for app in (other, school.app) if first == "newer" else (school.app, other):
            school.clock.forward(timedelta(seconds=30))
            await app.school_files.look()
        await school.app.school_files.look()
        assert "2TMB" in school.library.schools[0].classes


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_of_two_files_that_wait_the_one_of_the_later_start_comes_into_force(
    tmp_path: Path, order: tuple[int, int]
) -> None:
    async with opened(tmp_path, now=SPRING) as school:
        june = await beside(school, of_next_year(tmp_path, "june.yaml"))
        corrected = ("2TMA: {department: bygg", "2TMB: {department: bygg")
        july = await beside(school, of_next_year(tmp_path, "july.yaml", corrected))
        school.clock.forward(AUGUST - school.clock.now())
        for place in order:
            school.clock.forward(timedelta(seconds=30))
            await (june, july)[place].school_files.look()
        for app in (june, july, school.app):
            await app.school_files.look()
            assert "2TMB" in app.turns.library.schools[0].classes


async def test_what_was_stored_since_the_last_look_is_followed_though_a_year_begins(tmp_path: Path) -> None:
    async with opened(tmp_path, now=SPRING) as school:
        await school.app.school_files.look()
        corrected = newer(tmp_path, ("Kari Moen", "Kari Lund"))
        await load_library(None, [corrected]).keep(school.database, school.clock.now() + timedelta(seconds=1))
        school.clock.forward(AUGUST + timedelta(seconds=1) - school.clock.now())
        await school.app.school_files.look()
        assert school.library.schools[0].people["kari"].name == "Kari Lund"


async def test_a_corrected_address_leaves_the_wrong_one_inside_with_no_replica(school: School, tmp_path: Path) -> None:
    wrong, old = Address(CHAT, "t", "somebody"), school.app
    async with school.database.transaction() as tx:
        await tx.accounts.link(wrong, "fjellheim", "kari", school.clock.now(), found_by="kari.moen@fjellheim.example")
    await old.reception.memory.learn_all()
    assert await old.reception.find(wrong, "staff", "")
    school.clock.forward(timedelta(seconds=1))
    library = load_library(None, [newer(tmp_path, ("email: kari.moen@", "email: kari.moen2@"))])
    await library.keep(school.database, school.clock.now())
    await build(school.database, library, {CHAT: school.chat}, school.clock, SeededDice(9)).school_files.follow()
    await old.school_files.look()
    assert old.reception.at_once(Incoming("form", wrong, Typed("rus-hendelse"))) is None
    assert await old.reception.find(wrong, "staff", "") == ()
