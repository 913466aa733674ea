"""A drill from the command to the review, over a restart, beside a real case that nobody may overlook for it."""

from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from flows.cards import plain_text
from flows.effects import Kind
from flows.port import Address, Pressed
from storage.deliveries import ACUTE
from tests.school import CHAT, Member, Message, School, buttons

MARK, NOT_REAL = "ØVELSE:", "Dette er ikke en ekte hendelse."
PEOPLE = ("ola", "kari", "eva", "berit")
LANGUAGE = {"berit": ("ØVING:", "Dette er ikkje ei ekte hending.")}


async def starts(
    school: School, starter: str = "siri", fictive: str = "bortvisning", people: tuple[str, ...] = PEOPLE
) -> str:
    """Start a drill with the form; return its case."""
    await school[starter].types("/rus-øvelse")
    await school[starter].submits(fictive=fictive, participants=people)
    assert school[starter].faults == {}
    (end,) = [button for button in buttons(school[starter].message.card) if button.action == "end_drill"]
    return end.reference


def of_case(member: Member, case: str) -> list[Message]:
    """Return somebody's messages that belong to a case."""
    return [m for m in member.messages if any(b.reference.startswith(case) for card in m.shown for b in buttons(card))]


def at(member: Member, label: str, case: str) -> int:
    """Return which of somebody's messages has this button of this case."""
    (place, *_) = [
        number
        for number, message in enumerate(member.messages)
        if any(b.label == label and b.reference.startswith(case) for b in buttons(message.card))
    ]
    return place


def is_marked(member: Member, message: Message) -> bool:
    mark, not_real = LANGUAGE.get(member.id, (MARK, NOT_REAL))
    return all(
        card.title.startswith(mark)
        and plain_text(card).splitlines()[1] == not_real
        and card.summary.startswith(f"{mark} {not_real}")
        for card in message.shown
    )


async def test_a_department_practises_from_the_command_to_the_review(school: School) -> None:
    case = await starts(school)
    ola, kari, eva, siri = (school[person] for person in ("ola", "kari", "eva", "siri"))
    assert set(school.chat.chats) == {*PEOPLE, "siri"}
    assert "roper til de andre" in ola.messages[0].text  # first of all one reads what it is about
    assert "Du er den som har sett dette" in ola.messages[0].text
    await school.passes(minutes=2)
    await kari.presses("Jeg tar saken", message=at(kari, "Jeg tar saken", case))
    await ola.presses("Svar på resten", message=at(ola, "Svar på resten", case))
    assert ola.dialog
    assert ola.dialog.title.startswith(MARK)
    await ola.submits(under_18="ja", stoff="alkohol", colleague="eva")
    await school.restarts()
    await school.passes(minutes=1)
    await eva.presses("Jeg er med", message=at(eva, "Jeg er med", case))
    await kari.presses("Vis saken", message=at(kari, "Vis saken", case))
    assert kari.dialog
    (call,) = [b for b in buttons(kari.dialog) if b.reference == f"{case}/B1.4"]
    await kari.presses(call.label, reference=call.reference, in_dialog=True)
    await kari.submits(safe_to_call="ja", reached="ja", at="10:04")
    await school.passes(minutes=4)
    await siri.presses("Avslutt øvelsen", message=0)
    await school.settles()
    assert "Øvelsen er over" in siri.notice
    for person in (*PEOPLE, "siri"):
        review = school[person].message
        assert ("Slik gikk det" in review.text) or ("Slik gjekk det" in review.text), person
        assert all(is_marked(school[person], message) for message in school[person].messages), person
    words = ola.message.text
    assert "Kari Moen tok saken etter 2 minutter." in words
    assert "Eva Sand var den andre voksne etter 3 minutter." in words
    assert "Kari Moen, etter 3 minutter" in words
    assert "Rektor avgjør om eleven bortvises." in words
    assert set(school.chat.chats) == {*PEOPLE, "siri"}


async def test_what_is_left_of_a_drill_after_its_day_is_only_that_there_was_one(school: School) -> None:
    case = await starts(school)
    await school.passes(days=1, hours=6)
    assert "Slik gikk det" in school["ola"].message.text  # it has ended by itself
    await school.restarts()
    await school.passes(days=1)
    for person in (*PEOPLE, "siri"):
        for message in school[person].messages:
            assert is_marked(school[person], message)
            assert "slettet" in message.text or "sletta" in message.text
            assert buttons(message.card) == []
    async with school.database.transaction() as tx:
        row = await tx.cases.get(case)
        assert row
        assert (row.status, row.reporter, row.departments) == ("erased", "", ())
        assert await tx.journal.verify(school.library.schools[0].id) == ()
        assert await tx.cases.open_without_timer() == ()


async def test_nobody_else_sees_it_in_any_list_or_can_open_it(school: School) -> None:
    case = await starts(school)
    ingrid = school["ingrid"]
    await ingrid.types("/rus-saker")
    assert ingrid.dialog
    assert "ØV" not in plain_text(ingrid.dialog)
    for person in ("ingrid", "arne"):
        for act in ("show", "duties", "take", "end_drill", "open_questions", "open_closing"):
            reply = await school[person].does_again(Pressed(act, case), f"{person}-{act}")
            assert (reply.card, reply.dialog) == (None, None), act
            assert "ikke tilgang" in reply.notice
    await school["kari"].types("/rus-saker")
    assert school["kari"].dialog
    assert MARK in plain_text(school["kari"].dialog)


async def test_a_real_alert_goes_before_all_that_is_practised(school: School) -> None:
    await starts(school)
    await starts(school, fictive="praksis")
    await school["eva"].reports()
    async with school.database.transaction() as tx:
        cases = await tx.cases.open_of_school("fjellheim")
        rows = [row for case in cases for row in await tx.outbox.of_case(case.case_id)]
        real = {row.case_id for row in await tx.cases.open_of_reporter("fjellheim", "eva")}
    drills = [row for row in rows if row.case_id not in real]
    assert {row.priority for row in rows if row.case_id in real and row.kind == Kind.ALERT} == {ACUTE}
    assert drills
    assert min(row.priority for row in drills) > ACUTE
    assert {row.priority for row in drills if row.kind == Kind.BRIEFING} == {1}
    assert {row.priority for row in drills if row.kind != Kind.BRIEFING} == {2}


async def test_a_real_case_beside_a_drill_is_led_as_ever_and_alone_in_the_figures(school: School) -> None:
    await starts(school, people=("ola", "kari", "eva", "tor"))
    await school["ola"].types("/rus-hendelse")
    assert school["ola"].dialog
    assert school["ola"].dialog.buttons == ()  # no drill is offered to go on with
    await school["ola"].submits(hendelsestype="synlig_beruset", place="Verksted", **{"class": "1BAA"})
    kari = school["kari"]
    alert = kari.alerts[-1]
    assert "ØV" not in alert.text
    site = web.Application()
    school.app.health.add_to(site)
    async with TestClient(TestServer(site)) as client:
        figures = await (await client.get("/metrics")).text()
    assert "rusplan_open_cases 1.0" in figures
    assert "rusplan_open_drills 1.0" in figures
    await school.passes(minutes=12)  # neither is taken
    assert "berit" in school.chat.chats  # the real one has climbed to the real rektor
    assert not any("ØV" in message.text for message in school["berit"].messages)
    assert not any("ØV" in message.text for message in school["arne"].messages)
    assert await school.app.health.auditor.audit() == ()
    async with school.database.transaction() as tx:
        assert await tx.cases.count_open() == 1


async def test_a_drill_that_reaches_nobody_is_nobodys_fault(school: School) -> None:
    async with school.database.transaction() as tx:
        await tx.accounts.unlink(Address(CHAT, "t", "kari"))
    await starts(school)
    await school.passes(minutes=30)
    assert await school.app.health.auditor.audit() == ()


async def test_groups_at_the_staff_meeting_practise_side_by_side(school: School) -> None:
    first = await starts(school, "berit", "salg", ("ola", "eva", "tomasz"))
    await school["berit"].presses("Start ei øving til", in_dialog=True)
    await school["berit"].submits(fictive="over_18", participants=("nina", "henrik", "marit"))
    second = next(b.reference for b in buttons(school["berit"].message.card) if b.action == "end_drill")
    assert set(school.chat.chats) == {"berit", "ola", "eva", "tomasz", "nina", "henrik", "marit"}
    await school["marit"].presses("Jeg tar saken", message=at(school["marit"], "Jeg tar saken", second))
    await school["berit"].types("/rus-øvelse")
    await school["berit"].presses("Avslutt øvinga", in_dialog=True, reference=first)
    await school.settles()
    assert "Slik gikk det" in school["ola"].message.text
    assert not any("Slik gikk det" in message.text for message in school["nina"].messages)


async def test_whoever_may_not_start_one_is_told_kindly_who_may(school: School) -> None:
    await school["ola"].types("/rus-øvelse")
    assert school["ola"].dialog
    assert school["ola"].dialog.fields == ()
    assert "spør du en av dem" in plain_text(school["ola"].dialog)
