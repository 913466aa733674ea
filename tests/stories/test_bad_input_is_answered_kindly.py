"""Whatever is typed or pressed gets a clear sentence in the person's language, and nobody learns what isn't theirs."""

from __future__ import annotations

import pytest

from flows.cards import plain_text
from flows.port import Address, Incoming, Pressed, Reply, Submitted, Typed
from tests.school import CHAT, School

REPORT = {"hendelsestype": "synlig_beruset", "place": "Verksted", "class": "1BAA"}


@pytest.mark.parametrize("written", ["/rus-hendelse", "rus-hendelse", "RUS-Hendelse", "  /rus-hendelse Ola N. 2BA  "])
async def test_the_command_is_understood_however_it_is_written(school: School, written: str) -> None:
    await school["ola"].types(written)
    assert school["ola"].dialog
    assert school["ola"].dialog.title == "Ny rushendelse"
    assert "Ola N" not in plain_text(school["ola"].dialog)


@pytest.mark.parametrize(
    ("written", "answered"),
    [
        ("/rus-hjlep", "Jeg kjenner ikke den kommandoen"),
        ("Per Olsen i 2BA er full", "jeg lagrer ikke det du skrev"),
        ("", "Jeg forstår bare kommandoer"),
        ("/rus-hjelp", "Skriv en kommando"),
    ],
)
async def test_other_words_are_answered_and_never_repeated(school: School, written: str, answered: str) -> None:
    await school["ola"].types(written)
    assert school["ola"].answer
    said = plain_text(school["ola"].answer)
    assert answered in said
    assert "Per Olsen" not in said


def words_of(reply: Reply) -> str:
    """Return all that a reply says: what was pressed isn't replaced by it, and a form stays open."""
    cards = [plain_text(card) for card in (reply.card, reply.dialog) if card]
    return "\n".join([*cards, *reply.faults.values()])


async def test_somebody_outside_the_school_file_learns_nothing_but_whom_to_ring(school: School) -> None:
    await school["ola"].types("/rus-hendelse")
    await school["ola"].submits(**REPORT)
    number = school["ola"].message.card.title
    case_id = school["ola"].message.card.buttons[0].reference
    stranger = Address(CHAT, "t", "vikar")
    for place, act in enumerate((Typed("/rus-hendelse"), Pressed("take", case_id), Submitted("report", case_id, {}))):
        reply = await school.app.turns.handle(Incoming(f"s{place}", stranger, act))
        said = words_of(reply)
        assert "Du står ikke på skolens liste" in said
        assert "113" in said
        assert school.library.schools[0].phone in said
        assert number not in said
        assert not (reply.dialog and reply.dialog.fields)


async def test_a_form_that_is_not_filled_in_says_what_is_missing(school: School) -> None:
    await school["ola"].types("/rus-hendelse")
    await school["ola"].submits()
    assert set(school["ola"].faults) == {"hendelsestype", "place", "class"}
    assert not school["ola"].messages


async def test_an_unknown_class_or_place_is_refused_in_words(school: School) -> None:
    await school["ola"].types("/rus-hendelse")
    await school["ola"].submits(hendelsestype="mistanke", place="Månen", **{"class": "9XYZ"})
    assert school["ola"].faults == {
        "place": "Velg et sted fra lista.",
        "class": "Vi kjenner ikke denne klassen. Velg fra lista, eller «Vet ikke».",
    }


async def test_an_unknown_case_and_a_forbidden_one_are_answered_alike(school: School) -> None:
    await school["ola"].types("/rus-hendelse")
    await school["ola"].submits(**REPORT)
    case_id = school["ola"].message.card.buttons[0].reference
    for action in ("show", "take", "open_questions", "confirm", "tick"):
        forbidden = await school["per"].does_again(Pressed(action, case_id), f"f-{action}")
        unknown = await school["per"].does_again(Pressed(action, "0" * 32), f"u-{action}")
        assert forbidden == unknown
        assert forbidden.notice == "Du har ikke tilgang til denne saken."


async def test_every_refusal_and_every_reading_is_in_the_journal(school: School) -> None:
    await school["ola"].types("/rus-hendelse")
    await school["ola"].submits(**REPORT)
    case_id = school["ola"].message.card.buttons[0].reference
    await school["kari"].presses("Vis saken")
    await school["per"].does_again(Pressed("show", case_id), "x")
    async with school.database.transaction() as tx:
        noted = await tx.journal.accesses(school.library.schools[0].id)
    assert ("kari", "read", True) in [(a.actor, a.action, a.allowed) for a in noted]
    assert ("per", "read", False) in [(a.actor, a.action, a.allowed) for a in noted]


async def test_a_nynorsk_reader_reads_nynorsk(school: School) -> None:
    school_ = school.library.schools[0]
    nynorsk = next(p.id for p in school_.people.values() if p.language == "nn")
    await school[nynorsk].types("/rus-hjelp")
    assert school[nynorsk].answer
    assert "Skriv ein kommando" in plain_text(school[nynorsk].answer)
