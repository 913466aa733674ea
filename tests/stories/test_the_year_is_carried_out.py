"""The prevention year as the staff meet it: reminded in the morning, answered in the chat, followed up, seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from flows.cards import Picture, Step
from flows.port import Pressed, Submitted
from storage.tables import task_answers
from tests.school import School, buttons
from tests.stories.the_year import EIGHT, of_the_year, press_step, words, year_of_few_classes


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with year_of_few_classes(tmp_path) as school:
        yield school


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
async def test_what_is_set_to_the_last_day_on_that_day_does_not_ring_again(tmp_path: Path, button: str) -> None:
    async with year_of_few_classes(tmp_path, datetime(2027, 6, 14, 10, 0, tzinfo=UTC)) as school:
        last, mikael = school.library.schools[0].calendar.last_day, school["mikael"]
        await school.comes(datetime(last.year, last.month, last.day, 7, 0, tzinfo=UTC))
        had = len(of_the_year(mikael))
        assert had
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


async def test_what_is_sent_on_at_night_comes_in_the_morning_and_together(school: School) -> None:
    await school.comes(datetime(2026, 8, 22, 21, 0, tzinfo=UTC))  # a Saturday
    berit, daniel = school["berit"], school["daniel"]
    had = len(of_the_year(daniel))
    for task in ("Oppdater rollekartet", "Sørg for at alle tilsette"):
        await berit.types("/rus-arshjul")
        await press_step(berit, task)
        await berit.presses("Send vidare", in_dialog=True)
        await berit.submits(person="daniel")
        assert berit.faults == {}
    await school.comes(datetime(2026, 8, 24, 5, 59, tzinfo=UTC))
    assert len(of_the_year(daniel)) == had
    await school.comes(datetime(2026, 8, 24, 6, 0, tzinfo=UTC))
    (text,) = of_the_year(daniel)[had:]
    assert "Oppdater rollekartet" in text
    assert "Sørg for at alle ansatte" in text


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


@pytest.mark.parametrize(
    ("button", "said", "comes_on"),
    [
        ("Planlagt til …", "Forsinket, planlagt til tirsdag 03.11.", datetime(2026, 11, 4, 7, 0, tzinfo=UTC)),
        ("Utsett", "Forsinket, utsatt til tirsdag 03.11.", datetime(2026, 11, 3, 7, 0, tzinfo=UTC)),
    ],
)
async def test_of_what_is_planned_or_put_off_past_its_time_the_leader_is_told_once(
    school: School, button: str, said: str, comes_on: datetime
) -> None:
    await school.comes(EIGHT)
    mikael, kari = school["mikael"], school["kari"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    await mikael.presses(button, message=index)
    await mikael.submits(day="2026-11-03")
    await school.comes(datetime(2026, 10, 12, 6, 0, tzinfo=UTC))
    (late,) = [text for text in of_the_year(kari) if "Gå gjennom handlingsplanen i klassen" in text]
    assert "forsinket" in late.splitlines()[0]
    assert said in late
    await school.comes(comes_on - timedelta(minutes=1))
    before = of_the_year(mikael)
    assert "Gå gjennom handlingsplanen i klassen" in before[0], "it still stands where he has answered it"
    await school.comes(comes_on)
    *_, again = after = of_the_year(mikael)
    assert len(after) == len(before) + 1
    assert "Gå gjennom handlingsplanen i klassen" in again


async def test_the_leader_is_told_of_it_also_in_a_week_in_which_the_list_has_come(tmp_path: Path) -> None:
    async with year_of_few_classes(tmp_path) as school:
        calendar = school.library.schools[0].calendar
        autumn = [(date(2026, 9, 28), date(2026, 10, 2))]  # so that what is late at its end is told on a Wednesday
        free = (*(each for each in calendar.free if each[0] != date(2026, 10, 5)), *autumn)
        school.changes(calendar=replace(calendar, free=free))
        await school.restarts()
        await school.comes(datetime(2026, 9, 20, 10, 0, tzinfo=UTC))
        async with school.database.transaction() as tx:
            known = await tx.tasks.of_year("fjellheim", "2026-2027")
        (task,) = (each for key, each in known.items() if (key.measure, key.audience.id) == ("W26", "bygg"))
        await school["kari"].does_again(Submitted("put_off_task", task.id, {"day": ("2026-11-10",)}), "kari-1")
        siri = school["siri"]
        await school.comes(datetime(2026, 10, 7, 6, 5, tzinfo=UTC))
        listed = len(siri.messages)
        await school.comes(datetime(2026, 10, 9, 6, 5, tzinfo=UTC))
        assert any("utsatt til tirsdag 10.11." in each.text for each in siri.messages[listed:])


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
    assert ".." not in text


async def test_nobody_is_reminded_at_night_or_on_a_sunday(school: School) -> None:
    await school.comes(EIGHT - timedelta(hours=9))
    school.clock.forward(timedelta(days=5, hours=20))  # to the Saturday evening
    await school.restarts()
    await school.passes(minutes=5)
    assert not of_the_year(school["mikael"])
    await school.comes(EIGHT + timedelta(days=7))
    (text,) = of_the_year(school["mikael"])
    assert "skulle ha kommet mandag 17.08." in text


async def test_a_form_that_is_handed_in_again_says_what_is_stored(school: School) -> None:
    await school.comes(EIGHT)
    mikael, kari = school["mikael"], school["kari"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    task = buttons(mikael.messages[index].card)[-1].reference
    act = Submitted("confirm_task", task, {"day": ("2026-08-18",)})
    for _ in range(2):
        assert "Dagen har ikke vært" in (await mikael.does_again(act, "form")).faults["day"]
    school.clock.forward(timedelta(days=1))
    for _ in range(2):
        assert (await mikael.does_again(act, "form")).notice == "Lagret."
    assert await answers_of(school, task) == ["Done"]
    await kari.does_again(Pressed("reopen_task", task), "undone")
    for _ in range(2):
        reply = await mikael.does_again(act, "form")
        assert (reply.notice, list(reply.faults)) == ("", [""])
    assert await answers_of(school, task) == ["Done", "Reopened"]
    act = Submitted("send_task_on", task, {"person": ("daniel",)})
    for _ in range(2):
        assert (await mikael.does_again(act, "sent")).notice == "Daniel Kvam får beskjed."
    assert await answers_of(school, task) == ["Done", "Reopened", "SentOn"]


async def answers_of(school: School, task: str) -> list[str]:
    async with school.database.transaction() as tx:
        own = select(task_answers.c.answer).where(task_answers.c.task_id == task).order_by(task_answers.c.version)
        return [row.answer for row in await tx.tasks._connection.rows(own)]


async def test_who_is_not_concerned_is_told_so(school: School) -> None:
    await school.comes(EIGHT)
    mikael, gerd = school["mikael"], school["gerd"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    act = buttons(mikael.messages[index].card)[-1]
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


async def test_words_that_can_not_be_read_any_more_are_said_to_be_and_the_task_goes_on(school: School) -> None:
    await school.comes(EIGHT)
    mikael = school["mikael"]
    index = next(i for i, m in enumerate(mikael.messages) if m.text.startswith("Årshjulet"))
    await mikael.presses("Ikke aktuelt", message=index)
    await mikael.submits(words="Klassen var på tur.")
    async with school.database.transaction() as tx:
        spoilt = await tx.tasks._connection.hits(text("UPDATE tasks SET sealed = x'0011' WHERE sealed IS NOT NULL"))
    assert spoilt == 1
    await mikael.presses("Åpne", message=index)
    assert "kan ikke leses lenger" in words(mikael)
    await mikael.presses("Angre", in_dialog=True)
    assert "kan ikke leses lenger" not in words(mikael)
    await mikael.submits(day="2026-08-17")
    assert mikael.notice == "Lagret."
