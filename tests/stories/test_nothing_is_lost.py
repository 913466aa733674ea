"""Interruptions: a teacher who is called away, a bot that restarts, a platform that fails, an act that comes twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from flows.cards import Button, plain_text
from flows.port import Pressed, Refused, Submitted, Typed, Uncertain
from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.transaction import Transaction
from tests.school import REPORT, School, buttons


async def test_typing_the_command_again_offers_to_go_on_with_the_open_case(school: School) -> None:
    await school["ola"].reports()
    number = school["ola"].message.card.title.removeprefix("Sak ")
    school["ola"].dialog = None
    await school["ola"].types("/rus-hendelse")
    await school["ola"].presses(f"Fortsett med sak {number}", in_dialog=True)
    assert school["ola"].dialog
    assert school["ola"].dialog.title == f"Sak {number}"


async def test_a_restart_between_report_and_alert_delivers_the_alert_once(school: School) -> None:
    school.chat.faults = [Refused("down")] * 2
    await school["ola"].reports()
    assert not school["kari"].messages
    await school.restarts()
    await school.passes(minutes=1)
    assert len(school["kari"].messages) == 1
    assert len(school["ola"].messages) == 1


async def test_a_restart_keeps_the_escalation(school: School) -> None:
    await school["ola"].reports()
    await school.restarts()
    await school.passes(minutes=5)
    assert len(school["arne"].messages) == 1


async def test_the_clock_does_not_wait_for_a_platform_that_is_down(school: School) -> None:
    school.chat.faults = [Refused("down")] * 40
    await school["ola"].reports()
    await school.passes(minutes=5)
    school.chat.faults.clear()
    await school.passes(minutes=2)
    assert len(school["arne"].messages) == 1
    assert school["kari"].messages


async def test_after_days_without_a_chat_everybody_is_reminded_once_of_all_that_is_due(school: School) -> None:
    await school["ola"].reports()
    await school["kari"].presses("Jeg tar saken")
    before = {person: len(school[person].messages) for person in ("kari", "berit", "siri", "ola")}
    school.chat.faults = [Refused("down")] * 10_000
    await school.passes(days=8)
    school.chat.faults = []
    await school.passes(minutes=5)
    for person, count in before.items():
        reminders = [each for each in school[person].messages[count:] if "Påminnelse" in each.text]
        assert len(reminders) <= 1, person
    assert len(school["kari"].messages) > before["kari"]


async def test_an_answer_that_got_lost_makes_no_second_message(school: School) -> None:
    school.chat.faults_after = [Uncertain("reset"), Uncertain("reset")]
    await school["ola"].reports()
    await school.passes(minutes=2)
    assert len(school["kari"].messages) == 1
    assert len(school["ola"].messages) == 1
    assert "levert" in school["ola"].message.text


async def test_a_broken_platform_object_does_not_stop_the_others(school: School) -> None:
    school.chat.faults = [RuntimeError("a bug in an adapter")]
    await school["ola"].reports()
    await school.passes(minutes=2)
    assert len(school["kari"].messages) == 1
    assert len(school["ola"].messages) == 1


async def test_an_alert_for_a_case_that_is_taken_meanwhile_is_moot(school: School) -> None:
    await school["ola"].reports()
    school.chat.faults = [Refused("down", retry_after=timedelta(minutes=3))] * 2
    await school.passes(minutes=3)  # the reminder can't be sent now
    school.chat.faults.clear()
    await school["kari"].presses("Jeg tar saken")
    await school.passes(minutes=10)
    assert len(school["kari"].messages) == 1


async def test_the_same_delivery_twice_makes_one_case(school: School) -> None:
    await school["ola"].types("/rus-hendelse")
    dialog = school["ola"].dialog
    assert dialog
    assert dialog.submit
    values = {name: (value,) for name, value in REPORT.items()}
    act = Submitted(dialog.submit.action, dialog.submit.reference, values)
    first = await school["ola"].does_again(act, "one")
    again = await school["ola"].does_again(act, "one")
    double_click = await school["ola"].does_again(act, "two")
    await school.settles()
    assert first.dialog == again.dialog == double_click.dialog
    assert len(school["kari"].messages) == 1


async def test_ticking_delivered_twice_is_ticked_and_unticking_stays_unticked(school: School) -> None:
    await school["ola"].reports()
    step = next(b for b in _steps(school) if b.label == "Gjort")
    tick = Pressed(step.action, step.reference)
    await school["ola"].does_again(tick, "t1")
    undo = Pressed(step.action.replace("tick", "untick"), step.reference)
    await school["ola"].does_again(undo, "t2")
    await school["ola"].does_again(tick, "t1")  # the platform repeats the first
    await school.settles()
    assert any(b.label == "Gjort" and b.reference == step.reference for b in _steps(school))


def _steps(school: School) -> list[Button]:
    return buttons(school["ola"].message.card)


async def test_without_its_database_the_bot_says_so_calmly_and_the_form_stays(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def broken(_: Database) -> AsyncIterator[Transaction]:
        raise DatabaseUnavailable("SQLITE_FULL")
        yield

    await school["ola"].types("/rus-hendelse")
    settles, school.settles = school.settles, nothing  # type: ignore[method-assign]
    with monkeypatch.context() as without:
        without.setattr(Database, "transaction", broken)
        await school["ola"].submits(**REPORT)
        assert school["ola"].dialog
        for said in ("113", "Kode", school.library.schools[0].phone):
            assert said in school["ola"].faults[""]
        await school["ola"].types("/rus-hendelse")
        assert school["ola"].answer
        assert "113" in plain_text(school["ola"].answer)
    school.settles = settles  # type: ignore[method-assign]
    await school["ola"].submits(**REPORT)  # what was typed still stands in the form
    assert len(school["kari"].messages) == 1


async def nothing() -> None:
    return


async def test_hours_without_the_bot_are_caught_up_with_one_round_and_no_flood(school: School) -> None:
    await school["ola"].reports()
    school.clock.forward(timedelta(hours=6))
    await school.passes(minutes=3)
    assert len(school["kari"].alerts) <= 4  # the first, the reminder of the round that is due, and the next round
    assert len(school["arne"].alerts) == 1
    assert len(school["berit"].alerts) == 1
    await school["arne"].presses("Jeg tar saken")
    assert "Arne Lo har tatt saken" in school["kari"].message.text


async def test_the_same_form_handed_in_again_with_corrections_corrects_the_report(school: School) -> None:
    """As when the answer to the first got lost, and the form still stands open."""
    ola = school["ola"]
    await ola.types("/rus-hendelse")
    form = ola.dialog
    await ola.submits(**REPORT)
    ola.dialog = form
    await ola.submits(**{**REPORT, "class": "1STA", "place": "Kantine"})
    assert ola.notice == "Lagret."
    heads = {person for person, chat in school.chat.chats.items() if chat and school[person].alerts}
    assert len(heads) == 2
    assert "Sted: Kantine" in school[(heads - {"kari"}).pop()].message.text


async def test_an_old_form_does_not_undo_what_somebody_else_has_corrected(school: School) -> None:
    await school["ola"].reports()
    await school["ola"].presses("Rett hva, hvor eller klasse", in_dialog=True)
    await school["kari"].presses("Jeg tar saken")
    act = Submitted(
        "correct", school["ola"].message.card.buttons[0].reference, {**_values(REPORT), "place": ("Kantine",)}
    )
    assert not (await school["kari"].does_again(act, "kari-corrects")).faults
    await school["ola"].submits()
    assert "Noen andre har endret dette" in school["ola"].notice
    assert school["ola"].dialog
    assert {f.name: f.value for f in school["ola"].dialog.fields}["place"] == ("Kantine",)
    await school["ola"].submits(place="Verksted")
    assert school["ola"].notice == "Lagret."


def _values(given: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: (value,) for name, value in given.items()}


async def test_a_colleague_who_has_said_no_is_not_asked_again_by_the_way(school: School) -> None:
    await school["ola"].reports()
    await school["ola"].submits(colleague="eva")
    await school["eva"].presses("Jeg kan ikke")
    await school["ola"].presses("Svar på resten")
    await school["ola"].submits(under_18="ja")
    assert len(school["eva"].messages) == 1


async def test_whoever_has_left_has_no_part_and_their_case_can_be_taken(school: School) -> None:
    await school["ola"].reports()
    await school["kari"].presses("Jeg tar saken")
    people = school.library.schools[0].people
    school.changes(people={name: person for name, person in people.items() if name != "kari"})
    await school.restarts()
    reply = await school["kari"].does_again(Typed("/rus-hendelse"), "left")
    assert reply.dialog is None
    assert reply.card
    assert "113" in plain_text(reply.card)
    case = school["ola"].message.card.buttons[0].reference
    await school["arne"].does_again(Pressed("take", case), "arne-takes")
    await school.settles()
    assert "Arne Lo har tatt saken" in school["ola"].message.text
