"""While the year goes by, classes change hands and names, and times are moved: nothing is lost or told twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.port import Reply, Submitted
from flows.screens.year import Part
from flows.screens.year_scope import SCHOOL
from flows.wishes import Wish
from tests.school import School
from tests.stories.the_year import EIGHT, of_the_year, press_step, words, year_of_few_classes


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with year_of_few_classes(tmp_path) as school:
        yield school


async def test_who_takes_over_a_class_gets_what_is_open_and_nothing_is_told_twice(school: School) -> None:
    await school.comes(EIGHT + timedelta(hours=1))
    classes = dict(school.library.schools[0].classes)
    old = classes["2TMA"]
    classes["2TMA"] = replace(old, roles={**old.roles, "kontaktlærer": ("anders", "ola")})
    school.changes(classes=classes)
    had = len(of_the_year(school["anders"]))
    await school.restarts()
    await school.comes(EIGHT + timedelta(days=1))
    assert len(of_the_year(school["anders"])) == had + 1
    assert "2TMA" in of_the_year(school["anders"])[-1]
    await school.comes(EIGHT + timedelta(days=6))
    assert len(of_the_year(school["anders"])) == had + 1
    assert len(of_the_year(school["mikael"])) == 1


async def test_a_message_follows_its_class_to_another_name_and_to_its_end(school: School) -> None:
    await school.comes(EIGHT + timedelta(hours=1))
    mikael, classes = school["mikael"], dict(school.library.schools[0].classes)
    old = classes.pop("2TMA")
    school.changes(classes={**classes, "2TMB": replace(old, id="2TMB", was="2TMA")})
    await school.restarts()
    await school.settles()
    (text,) = of_the_year(mikael)
    assert "Gjelder: 2TMB" in text
    school.changes(classes=classes)
    await school.restarts()
    await school.settles()
    assert of_the_year(mikael) == ["Årshjulet: ingenting gjenstår her\nDet som sto her, gjelder ikke lenger."]


async def test_of_several_tasks_only_that_of_a_class_that_is_no_more_goes(school: School) -> None:
    classes = school.library.schools[0].classes
    school.changes(classes={**classes, "NY": replace(classes["2TMA"], id="NY")})
    await school.restarts()
    await school.comes(EIGHT + timedelta(hours=1))
    mikael = school["mikael"]
    assert of_the_year(mikael)[0].startswith("Årshjulet: 2 oppgaver til deg")
    school.changes(classes=classes)
    await school.restarts()
    await school.settles()
    (text,) = of_the_year(mikael)
    assert text.startswith("Årshjulet: én oppgave til deg")
    assert "Gjelder: 2TMA" in text


async def test_the_talk_is_due_from_the_day_the_episode_was_shown(school: School) -> None:
    await school.comes(datetime(2026, 11, 2, 8, 0, tzinfo=UTC))
    anh = school["anh"]
    await anh.types("/rus-arshjul")
    await press_step(anh, "Vis episode 5")
    await anh.submits(day="2026-11-02")
    had = len(of_the_year(anh))
    await school.comes(datetime(2026, 11, 3, 7, 0, tzinfo=UTC))
    assert len(of_the_year(anh)) == had + 1
    assert "Snakk med klassen om episodene" in of_the_year(anh)[-1]


async def test_the_coordinator_moves_a_proposed_time_for_all(school: School) -> None:
    await school.comes(datetime(2026, 9, 2, 8, 0, tzinfo=UTC))
    siri, sunniva = school["siri"], school["sunniva"]
    await siri.types("/rus-årshjul")
    assert "Hele skolen" in words(siri)
    await press_step(siri, "Vis episode 2")
    await siri.presses("Bekreft eller flytt tiden", in_dialog=True)
    await siri.submits(first_day="2026-10-12", last_day="2026-12-18")
    assert siri.notice == "Lagret."
    await school.comes(datetime(2026, 10, 12, 5, 59, tzinfo=UTC))
    assert not [text for text in of_the_year(sunniva) if "episode 2" in text]
    await school.comes(datetime(2026, 10, 12, 6, 0, tzinfo=UTC))
    (text,) = [text for text in of_the_year(sunniva) if "episode 2" in text]
    assert "tid sett av koordinatoren" in text
    await siri.types("/rus-årshjul")
    await press_step(siri, "Gå gjennom handlingsplanen i klassen")
    await siri.presses("Bekreft eller flytt tiden", in_dialog=True)
    assert "Planen har selv satt denne tiden" in words(siri)


async def test_a_move_tells_nobody_anew_of_what_he_has_heard_of_and_leaves_his_day(tmp_path: Path) -> None:
    """W24: all of it is over by the spring; everybody was told on the first of October."""
    async with year_of_few_classes(tmp_path, datetime(2026, 9, 29, 8, 0, tzinfo=UTC)) as school:
        await school.comes(datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
        siri, mikael = school["siri"], school["mikael"]
        await mikael.types("/rus-årshjul")
        await press_step(mikael, "Øv med klassen på å mestre gruppepress")
        await mikael.presses("Planlagt til …", in_dialog=True)
        await mikael.submits(day="2027-02-03")
        had = {name: len(of_the_year(school[name])) for name in school.library.schools[0].people}
        await siri.types("/rus-årshjul")
        await press_step(siri, "Øv med klassen på å mestre gruppepress")
        await siri.presses("Bekreft eller flytt tiden", in_dialog=True)
        await siri.submits(first_day="2026-09-01", last_day="2027-05-20")
        assert siri.notice == "Lagret."
        await school.comes(datetime(2026, 11, 13, 9, 0, tzinfo=UTC))
        told = {name: of_the_year(school[name])[count:] for name, count in had.items()}
        assert not [text for texts in told.values() for text in texts if "gruppepress" in text]
        await mikael.types("/rus-årshjul")
        await press_step(mikael, "Øv med klassen på å mestre gruppepress")
        assert "03.02.2027" in words(mikael)


async def test_a_time_that_was_moved_holds_for_what_is_opened_again_and_for_a_new_class(school: School) -> None:
    await school.comes(datetime(2026, 9, 2, 8, 0, tzinfo=UTC))
    siri, sunniva = school["siri"], school["sunniva"]
    await sunniva.types("/rus-arshjul")
    await press_step(sunniva, "Vis episode 2")
    await sunniva.submits(day="2026-09-02")
    await siri.types("/rus-arshjul")
    await press_step(siri, "Vis episode 2")
    await siri.presses("Bekreft eller flytt tiden", in_dialog=True)
    await siri.submits(first_day="2026-10-12", last_day="2026-12-18")
    await sunniva.types("/rus-arshjul")
    await press_step(sunniva, "Vis episode 2")
    await sunniva.presses("Angre", in_dialog=True)
    assert "12.10. til 18.12. (tid sett av koordinatoren)" in words(sunniva)
    classes = school.library.schools[0].classes
    new = replace(next(c for c in classes.values() if "sunniva" in c.roles["kontaktlærer"]), id="NY")
    school.changes(classes={**classes, "NY": new})
    await school.restarts()
    await school.comes(datetime(2026, 10, 12, 5, 59, tzinfo=UTC))
    assert not [text for text in of_the_year(sunniva) if "episode 2" in text]
    await school.comes(datetime(2026, 10, 12, 6, 0, tzinfo=UTC))
    assert [text.count("episode 2") for text in of_the_year(sunniva) if "episode 2" in text] == [2]


async def test_a_time_that_is_confirmed_as_the_plan_has_it_reminds_nobody_again(school: School) -> None:
    await school.comes(datetime(2026, 11, 3, 8, 0, tzinfo=UTC))
    siri, sunniva, anh = school["siri"], school["sunniva"], school["anh"]
    await anh.types("/rus-arshjul")
    await press_step(anh, "Vis episode 2")
    await anh.presses("Planlagt til …", in_dialog=True)
    await anh.submits(day="2026-12-01")
    had = [text for text in of_the_year(sunniva) if "episode 2" in text]
    assert had
    await siri.types("/rus-årshjul")
    await press_step(siri, "Vis episode 2")
    await siri.presses("Bekreft eller flytt tiden", in_dialog=True)
    await siri.submits()
    assert siri.notice == "Lagret."
    await school.comes(datetime(2026, 11, 5, 8, 0, tzinfo=UTC))
    assert len([text for text in of_the_year(sunniva) if "episode 2" in text]) == len(had)
    await anh.types("/rus-arshjul")
    await press_step(anh, "Vis episode 2")
    assert "satt av koordinatoren" in words(anh)
    assert "Planlagt til tirsdag 01.12." in words(anh)


async def test_a_move_that_is_delivered_again_says_what_holds(school: School) -> None:
    siri = school["siri"]

    async def moves(message: str, first_day: str) -> Reply:
        days = {"first_day": (first_day,), "last_day": ("2027-02-01",)}
        return await siri.does_again(Submitted(Wish.MOVE, str(Part(SCHOOL, "W09", "vinter")), days), message)

    for _ in range(2):
        assert (await moves("first", "2026-10-12")).notice == "Lagret."
    assert (await moves("second", "2026-11-12")).notice == "Lagret."
    again = await moves("first", "2026-10-12")
    assert (again.notice, list(again.faults)) == ("", [""])
    assert (await moves("second", "2026-11-12")).notice == "Lagret."
