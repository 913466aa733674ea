"""A pupil of 17, yrkesfag, in praksis, visibly intoxicated: from the command to the taken case."""

from __future__ import annotations

from datetime import timedelta

from flows.cards import Card, Facts, Step, plain_text
from tests.school import School, buttons

REPORT = {"hendelsestype": "synlig_beruset", "place": "Verksted", "class": "1BAA"}


async def reported(school: School) -> None:
    await school["ola"].types("/rus-hendelse")
    await school["ola"].submits(**REPORT)


def marks(card: Card) -> dict[str, str]:
    return {block.text: block.mark_text for block in card.blocks if isinstance(block, Step)}


async def test_two_interactions_after_the_command_the_alert_has_arrived(school: School) -> None:
    await reported(school)
    [alert] = school["kari"].messages
    number = school["ola"].message.card.title.removeprefix("Sak ")
    assert f"sak {number}. Sted: Verksted. Ola" in alert.text
    assert "Ring +47" in alert.text
    assert [b.label for b in buttons(alert.card)] == ["Jeg tar saken", "Vis saken", "Meldeplikten din"]


async def test_the_lock_screen_learns_nothing_but_the_number(school: School) -> None:
    await reported(school)
    number = school["ola"].message.card.title.removeprefix("Sak ")
    assert school["kari"].message.card.summary == f"Ny sak {number}. Åpne for å svare."


async def test_safety_comes_first_and_says_that_it_is_not_from_the_plan(school: School) -> None:
    await school["ola"].types("/rus-hendelse")
    dialog = school["ola"].dialog
    assert dialog
    first = dialog.blocks[0]
    assert first.label == "Sikkerhet (ikke fra planen)"  # type: ignore[union-attr]
    assert "Ring 113" in first.text  # type: ignore[union-attr]


async def test_the_reporter_sees_sent_delivered_and_taken(school: School) -> None:
    await reported(school)
    status = school["ola"].message
    assert "sendes fra kl. 10:00" in plain_text(status.shown[0])
    assert "levert kl. 10:00" in status.text
    assert "Ingen har tatt saken ennå" in status.text
    school.clock.forward(timedelta(minutes=2))
    await school["kari"].presses("Jeg tar saken")
    assert "Kari" in status.text
    assert "har tatt saken kl. 10:02" in status.text
    assert "Ingen har tatt saken" not in status.text


async def test_the_rest_is_asked_after_the_alert_and_every_answer_can_change(school: School) -> None:
    await reported(school)
    ola = school["ola"]
    assert ola.dialog
    assert [field.name for field in ola.dialog.fields] == ["under_18", "yrkesfag", "stoff", "colleague"]
    await ola.submits(under_18="ja", yrkesfag="ja_i_praksis", stoff="ukjent")
    await ola.presses("Svar på resten")
    assert ola.dialog
    assert {f.name: f.value for f in ola.dialog.fields if f.value} == {
        "under_18": ("ja",), "yrkesfag": ("ja_i_praksis",), "stoff": ("ukjent",),
    }  # fmt: skip
    await ola.submits(under_18="nei")
    await ola.presses("Vis saken")
    assert ola.dialog
    rows = dict(next(block.rows for block in ola.dialog.blocks if isinstance(block, Facts)))
    assert rows["Er eleven under 18 år?"] == "Nei"
    (guardians,) = (mark for text, mark in marks(ola.dialog).items() if text.startswith("Ring de foresatte"))
    assert guardians == "Gjelder ikke lenger"


async def test_a_class_of_studieforberedende_is_not_asked_about_praksis(school: School) -> None:
    ola = school["ola"]
    await ola.types("/rus-hendelse")
    await ola.submits(**{**REPORT, "class": "1STA"})
    assert ola.dialog
    assert "yrkesfag" not in [field.name for field in ola.dialog.fields]


async def test_the_second_adult_confirms_in_a_message_of_his_own(school: School) -> None:
    await reported(school)
    ola, eva = school["ola"], school["eva"]
    step = "Vær minst to ansatte når eleven bortvises."
    assert marks(ola.message.card)[step] == "Å gjøre"
    await ola.submits(colleague="eva")
    assert marks(ola.message.card)[step] == "Venter på kollegaen"
    await eva.presses("Jeg er med")
    assert marks(ola.message.card)[step] == "Gjort kl. 10:00"
    await eva.presses("Jeg kan ikke likevel")
    assert marks(ola.message.card)[step] == "Å gjøre"


async def test_nobody_is_the_second_adult_of_himself_and_the_rest_is_kept(school: School) -> None:
    await reported(school)
    await school["ola"].submits(colleague="ola", under_18="ja")
    assert "to forskjellige voksne" in school["ola"].faults["colleague"]
    assert school["ola"].dialog  # still open, with what was chosen


async def test_no_message_says_the_class_the_kind_or_the_age(school: School) -> None:
    await reported(school)
    await school["ola"].submits(under_18="ja", yrkesfag="ja_i_praksis", stoff="alkohol", colleague="eva")
    await school["eva"].presses("Jeg er med")
    await school["kari"].presses("Jeg tar saken")
    said = "\n".join(
        message.text + message.card.summary for chat in school.chat.chats.values() for message in chat
    ).casefold()  # fmt: skip
    assert not [word for word in ("1baa", "beruset", "alkohol", "under 18 år: ja") if word in said]


async def test_the_owner_reads_all_duties_with_their_clause_and_origin(school: School) -> None:
    await reported(school)
    await school["kari"].presses("Jeg tar saken")
    await school["kari"].presses("Vis saken")
    dialog = school["kari"].dialog
    assert dialog
    notes = {block.text: block.note for block in dialog.blocks if isinstance(block, Step)}
    assert len(notes) == 22
    assert notes["Kall eleven og rådgiver inn til møte om videre oppfølging."].startswith("planen B4.1")
    assert any(note.startswith("lov: opplæringslova § 13-1") for note in notes.values())
    assert any(note.startswith("sikkerhet") for note in notes.values())
