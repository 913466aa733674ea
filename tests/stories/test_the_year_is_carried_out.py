"""The prevention year as the staff meet it: reminded in the morning, answered in the chat, followed up, seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.cards import Picture, Step, plain_text
from flows.port import Pressed, Submitted
from tests.school import Member, School, buttons, opened

EIGHT = datetime(2026, 8, 17, 6, 0, tzinfo=UTC)  # 8:00 at the school, the pupils' first day
BEFORE = datetime(2026, 8, 7, 10, 0, tzinfo=UTC)  # the Friday before the staff come back


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with opened(tmp_path, now=BEFORE) as school:
        await school.begins_its_year()
        yield school


def of_the_year(member: Member) -> list[str]:
    """Return the messages with tasks as they stand now, the oldest first."""
    return [message.text for message in member.messages if message.text.startswith("Årshjulet")]


def words(member: Member) -> str:
    assert member.dialog
    return plain_text(member.dialog)


async def test_at_skolestart_a_contact_teacher_is_reminded_at_eight_with_the_plans_own_words(school: School) -> None:
    await school.comes(EIGHT - timedelta(minutes=1))
    assert not of_the_year(school["mikael"])
    await school.comes(EIGHT)
    (text,) = of_the_year(school["mikael"])
    assert "Gå gjennom handlingsplanen i klassen." in text
    assert "Gjelder: 2TMA" in text
    assert "Planen sier (A3): «Kontaktlærer gjennomgår handlingsplanen ved skolestart.»" in text
    assert "Ferdig når: Kontaktlærer har bekreftet at planen er gjennomgått i klassen." in text
    assert "planens tid" in text


async def test_what_is_confirmed_is_noted_and_the_message_says_so(school: School) -> None:
    await school.comes(EIGHT + timedelta(hours=3))
    mikael = school["mikael"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    await mikael.presses("Gjennomført", message=index)
    await mikael.submits(day="2026-08-17")
    assert mikael.notice == "Lagret."
    (text,) = of_the_year(mikael)
    assert text.startswith("Årshjulet: ingenting gjenstår her")
    assert "Gjort i dag" in text
    await school.comes(EIGHT + timedelta(days=40))
    assert len(of_the_year(mikael)) == 1


async def test_a_mistake_is_undone_and_asked_for_again(school: School) -> None:
    await school.comes(EIGHT)
    mikael = school["mikael"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    await mikael.presses("Gjennomført", message=index)
    await mikael.submits(day="2026-08-17")
    await mikael.presses("Åpne", message=index)
    await mikael.presses("Angre", in_dialog=True)
    assert "Nå" in words(mikael)
    await school.comes(EIGHT + timedelta(days=7))
    assert len(of_the_year(mikael)) == 2


@pytest.mark.parametrize(
    ("button", "values", "comes_on"),
    [
        ("Planlagt til …", {"day": "2026-08-20"}, date(2026, 8, 21)),
        ("Utsett", {"day": "2026-08-22"}, date(2026, 8, 24)),
    ],
)
async def test_it_comes_again_when_one_has_said(
    school: School, button: str, values: dict[str, str], comes_on: date
) -> None:
    await school.comes(EIGHT)
    mikael = school["mikael"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    await mikael.presses(button, message=index)
    await mikael.submits(**values)
    before = EIGHT + timedelta(days=comes_on.day - 17)
    await school.comes(before - timedelta(minutes=1))
    assert len(of_the_year(mikael)) == 1
    await school.comes(before)
    assert len(of_the_year(mikael)) == 2
    assert "nyere melding" in of_the_year(mikael)[0]


@pytest.mark.parametrize("button", ["Planlagt til …", "Utsett"])
async def test_what_is_set_to_the_last_day_on_that_day_does_not_ring_again(school: School, button: str) -> None:
    last = school.library.schools[0].calendar.last_day
    await school.comes(datetime(last.year, last.month, last.day, 7, 0, tzinfo=UTC))
    mikael = school["mikael"]
    had = len(of_the_year(mikael))
    for _ in range(2):
        await mikael.types("/rus-arshjul")
        await press_step(mikael, "Gå gjennom handlingsplanen i klassen")
        await mikael.presses(button, in_dialog=True)
        await mikael.submits(day=last.isoformat())
        assert mikael.notice == "Lagret."
        await school.passes(minutes=2)
    assert len(of_the_year(mikael)) == had


async def test_what_is_put_off_to_today_comes_tomorrow_and_says_so(school: School) -> None:
    await school.comes(EIGHT + timedelta(hours=1))
    mikael = school["mikael"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    await mikael.presses("Utsett", message=index)
    await mikael.submits(day="2026-08-17")
    await school.passes(minutes=2)
    (text,) = of_the_year(mikael)
    assert "Utsatt til i morgen" in text
    await school.comes(EIGHT + timedelta(days=1))
    assert len(of_the_year(mikael)) == 2
    assert "skulle ha kommet" not in of_the_year(mikael)[-1]


async def test_somebody_else_takes_it_and_is_told_at_once(school: School) -> None:
    await school.comes(EIGHT)
    mikael, daniel = school["mikael"], school["daniel"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    had = len(of_the_year(daniel))
    await mikael.presses("Send videre", message=index)
    await mikael.submits(person="daniel")
    assert mikael.notice == "Daniel Kvam får beskjed."
    assert len(of_the_year(daniel)) == had + 1
    assert "Gjelder: 2TMA" in of_the_year(daniel)[-1]
    await school.comes(EIGHT + timedelta(days=7))
    assert len(of_the_year(mikael)) == 1


async def test_several_tasks_come_in_one_message_each_with_its_way_in(school: School) -> None:
    await school.comes(datetime(2026, 8, 10, 6, 0, tzinfo=UTC))
    (text,) = of_the_year(school["berit"])  # the first day of work; she reads nynorsk
    assert text.startswith("Årshjulet: 4 oppgåver til deg")
    berit = school["berit"]
    index = next(i for i, m in enumerate(berit.messages) if m.text.startswith("Årshjulet"))
    steps = [block for block in berit.messages[index].card.blocks if isinstance(block, Step)]
    assert len(steps) == 4
    button = buttons(berit.messages[index].card)[0]
    await berit.presses("Opne", message=index, reference=button.reference)
    assert berit.dialog
    assert berit.dialog.submit


async def test_what_is_late_is_asked_for_each_week_and_its_leader_is_told(school: School) -> None:
    await school.comes(datetime(2026, 9, 7, 6, 0, tzinfo=UTC))
    kari = school["kari"]  # leads the department of 2TMA
    late = [text for text in of_the_year(kari) if "forsinket" in text.splitlines()[0]]
    assert len(late) == 1
    assert "Mikael Strand" in late[0]
    assert len(of_the_year(school["mikael"])) == 3
    await school.comes(datetime(2026, 9, 14, 6, 0, tzinfo=UTC))
    assert len(of_the_year(school["mikael"])) == 4


async def test_what_is_planned_for_after_its_time_is_late_in_the_list_as_in_the_picture(school: School) -> None:
    await school.comes(datetime(2026, 9, 7, 6, 0, tzinfo=UTC))
    mikael = school["mikael"]
    await mikael.types("/rus-arshjul")
    await press_step(mikael, "Gå gjennom handlingsplanen i klassen")
    await mikael.presses("Planlagt til …", in_dialog=True)
    await mikael.submits(day="2026-09-30")
    await mikael.types("/rus-arshjul")
    assert mikael.dialog
    (picture,) = (block for block in mikael.dialog.blocks if isinstance(block, Picture))
    assert "Over fristen:\n- Gå gjennom handlingsplanen i klassen" in picture.text
    assert "Planlagt:" not in picture.text
    assert "Forsinket, planlagt til onsdag 30.09." in words(mikael)
    assert "1 forsinket" in words(mikael)


async def test_a_bot_that_was_down_says_when_the_reminder_should_have_come(school: School) -> None:
    await school.comes(EIGHT - timedelta(days=3))
    school.clock.forward(timedelta(days=5, hours=3))  # to the Wednesday, at eleven
    await school.restarts()
    await school.passes(minutes=1)
    (text,) = of_the_year(school["mikael"])
    assert "Påminnelsen skulle ha kommet mandag 17.08." in text


async def test_nobody_is_reminded_at_night_or_on_a_sunday(school: School) -> None:
    await school.comes(EIGHT - timedelta(hours=9))
    school.clock.forward(timedelta(days=5, hours=20))  # to the Saturday evening
    await school.restarts()
    await school.passes(minutes=5)
    assert not of_the_year(school["mikael"])
    await school.comes(EIGHT + timedelta(days=7))
    (text,) = of_the_year(school["mikael"])
    assert "skulle ha kommet mandag 17.08." in text


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


async def press_step(member: Member, text: str) -> None:
    """Open what stands in the list under these words, on whichever page."""
    assert member.dialog
    while not (found := [b for b in member.dialog.blocks if isinstance(b, Step) and b.text.startswith(text)]):
        await member.presses("Neste side", in_dialog=True)
    assert found[0].button
    await member.presses(found[0].button.label, in_dialog=True, reference=found[0].button.reference)


async def test_who_is_not_concerned_is_told_so(school: School) -> None:
    await school.comes(EIGHT)
    mikael, gerd = school["mikael"], school["gerd"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    act = buttons(mikael.messages[index].card)[0]
    reply = await gerd.does_again(Pressed(act.action, act.reference), "gerd-x")
    assert "ikke din" in reply.notice
    reply = await gerd.does_again(Submitted("confirm_task", act.reference, {"day": ("2026-08-17",)}), "gerd-y")
    assert "ikke din" in reply.faults[""]


async def test_everybody_confirms_once_that_they_know_the_plan(school: School) -> None:
    await school.comes(datetime(2026, 8, 10, 6, 0, tzinfo=UTC))
    gerd, siri = school["gerd"], school["siri"]
    assert "Kjenner du handlingsplanen mot rus?" in gerd.message.text
    await gerd.presses("Jeg har lest planen")
    await siri.types("/rus-arshjul")
    assert "1 av 41 ansatte har bekreftet" in words(siri)
    had = len(gerd.messages)
    await school.comes(datetime(2026, 9, 20, 6, 0, tzinfo=UTC))
    assert len([m for m in gerd.messages[had:] if "Kjenner du" in m.text]) == 0
    assert len([m for m in school["odd"].messages if "Kjenner du" in m.text]) == 2
