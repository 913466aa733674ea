"""The prevention year in Teams: seen at a glance, and a task confirmed; what was typed stays in no message."""

from __future__ import annotations

import asyncio

from tests.e2e.teams.conftest import Workplace
from tests.e2e.teams.scene import TeamsChat, card_of, is_dialog
from tests.e2e.teams.staffed import Staffed
from tests.e2e.teams.test_a_report_in_teams import people
from tests.e2e.teams.visible import text_of

MOST_LOOKS = 20  # until the year is planned


async def looks_at_the_year(person: TeamsChat) -> None:
    for _ in range(MOST_LOOKS):
        await person.types("rus-årshjul")
        await person.reads("Skoleåret")
        if "Du har ingen oppgaver" not in person.reading:
            return
        await asyncio.sleep(0.5)
    raise AssertionError("there is no year")


async def test_a_task_of_the_year_is_confirmed_and_the_year_shows_it(work: Workplace) -> None:
    (mikael,) = await people(work, "mikael")
    await looks_at_the_year(mikael)
    assert "Gå gjennom handlingsplanen i klassen." in mikael.reading
    await mikael.presses_in_dialog("Åpne")
    await mikael.reads("Planen sier (A3)")
    await mikael.hands_in(day="2026-08-20")
    await looks_at_the_year(mikael)
    await mikael.reads("1 gjort")
    lasting = [posted for posted in work.teams.tenant.posted if not is_dialog(card_of(posted))]
    assert "2026-08-20" not in str(lasting)
    assert not work.teams.faults


async def test_the_question_of_the_plan_is_replaced_for_good_when_it_is_answered(staffed: Staffed) -> None:
    await staffed.school.begins_its_year()
    await staffed.school.passes(days=1)
    kari = staffed.person("kari")
    (question,) = [each for each in kari.from_bot if "Kjenner du handlingsplanen mot rus?" in text_of(each.card)]
    await kari.presses("Jeg har lest planen", on=question)
    await staffed.school.settles()
    assert text_of(question.stored).startswith("Du har bekreftet at du kjenner planen")
    assert "Jeg har lest planen" not in text_of(question.stored)
