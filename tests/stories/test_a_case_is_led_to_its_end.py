"""From taken to closed: what is left is shown and asked about, the case goes where it belongs, and then it is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flows.cards import Appointment, Card, Facts, Step, plain_text
from flows.port import WHOLE_FORM
from tests.school import Member, School, buttons


def at(day: int, clock: str, month: int = 11, year: int = 2026) -> datetime:
    """Return an instant in winter time at the school."""
    hour, minute = map(int, clock.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


async def taken(school: School, *, report: dict[str, str] | None = None, **answers: str) -> None:
    """Ola reports, and Kari takes the case."""
    await school["ola"].reports(**(report or {}))
    if answers:
        await school["ola"].submits(**answers)
    await school["kari"].presses("Jeg tar saken")


async def shows(member: Member) -> Card:
    """Open the case from the message that offers it."""
    number = next(n for n, m in enumerate(member.messages) if "Vis saken" in [b.label for b in buttons(m.card)])
    await member.presses("Vis saken", message=number)
    assert member.dialog
    return member.dialog


async def opens(member: Member, duty: str) -> Card:
    """Open a duty's own dialog from the list that stands open."""
    assert member.dialog
    (button,) = [b for b in buttons(member.dialog) if b.reference.endswith(f"/{duty}")]
    await member.presses(button.label, reference=button.reference, in_dialog=True)
    assert member.dialog
    return member.dialog


def steps(card: Card | None) -> dict[str, Step]:
    assert card
    return {block.text: block for block in card.blocks if isinstance(block, Step)}


def rows(card: Card | None) -> dict[str, str]:
    assert card
    return dict(row for block in card.blocks if isinstance(block, Facts) for row in block.rows)


def told(school: School) -> dict[str, int]:
    return {person: len(school[person].messages) for person in school.chat.chats}


# --- due times and reminders ---


async def test_each_duty_says_when_it_is_due_and_the_first_stands_first(school: School) -> None:
    await taken(school, under_18="ja")
    listed = [(step.text, step.note) for step in steps(await shows(school["kari"])).values()]
    due = dict(listed)
    assert due["Kall eleven og rådgiver inn til møte om videre oppfølging."].endswith("frist torsdag 26.11. kl. 15:30")
    assert due["Kontakt barnevernet. Dere kan drøfte saken uten å si hvem eleven er."].endswith("frist i dag kl. 15:30")
    own = [text for text, _ in listed]
    assert own.index("Kontakt barnevernet. Dere kan drøfte saken uten å si hvem eleven er.") < own.index(
        "Kall eleven og rådgiver inn til møte om videre oppfølging."
    )
    assert "Den første fristen er i dag kl. 15:30." in school["kari"].message.text


async def test_what_is_not_done_is_asked_about_then_told_upwards(school: School) -> None:
    await taken(school, under_18="nei")
    kari, berit = school["kari"], school["berit"]
    before = told(school)
    await school.comes(at(23, "11:10"))
    assert len(kari.messages) == before["kari"], "an hour is left for what is to be done at once"
    assert school["ola"].message.text.startswith("Påminnelse"), "but those whose it is are asked before"
    await school.comes(at(23, "11:20"))
    assert "Noe som andre skal gjøre, er ikke gjort innen fristen: 4." in kari.message.text
    await school.comes(at(24, "07:59"))
    before = told(school)
    await school.comes(at(24, "08:01"))
    assert len(kari.messages) == before["kari"] + 1, "one reminder for all of it"
    assert "Den første fristen" in kari.message.text
    await school.comes(at(30, "08:01"))
    above = [message.text for message in berit.messages if message.text.startswith("Påminning")]
    assert any("Kari Moen har saka. Ring +47 900 00 003." in text or "noko å gjere" in text for text in above)


async def test_nothing_is_asked_on_a_sunday_and_once_for_all_of_it(school: School) -> None:
    await taken(school, under_18="nei")
    await school.comes(at(27, "18:00"))
    before = told(school)
    await school.comes(at(29, "23:59"))
    assert told(school) == before
    await school.comes(at(30, "08:01"))
    assert all(after - before.get(person, 0) <= 1 for person, after in told(school).items())


# --- praksis ---


async def test_a_pupil_out_of_praksis_is_asked_about_until_he_is_back(school: School) -> None:
    await taken(school, under_18="nei", yrkesfag="ja_i_praksis")
    kari = school["kari"]
    await shows(kari)
    out = await opens(kari, "B2.1")
    assert "Si bare at eleven ikke møter inntil videre" in plain_text(out)
    await kari.submits()
    question = "Eleven er ute av praksis. Er saken avklart, slik at eleven kan være tilbake?"
    assert steps(kari.dialog)[question].mark_text == "Pågår"
    for day in (24, 26, 30):
        before = len(kari.messages)
        await school.comes(at(day, "07:59"))
        await school.comes(at(day, "08:01"))
        assert len(kari.messages) > before, day
    await shows(kari)
    await opens(kari, "B2.1")
    await kari.submits(back_on="2026-11-30")
    assert kari.notice == "Lagret."
    done = rows(await opens(kari, "B2.1"))
    assert done["Fra hvilken dag er eleven tilbake i praksis?"] == "i dag"
    assert done["Fra hvilken dag?"] == "mandag 23.11."


# --- the meeting ---


async def test_the_meeting_is_an_invitation_and_a_calendar_file_without_the_pupil(school: School) -> None:
    await taken(school, under_18="ja")
    kari = school["kari"]
    await shows(kari)
    await opens(kari, "B4.1")
    await kari.submits(meeting_on="2026-11-26", meeting_at="10:30")
    dialog = await opens(kari, "B4.1")
    words = plain_text(dialog)
    assert "Tid: torsdag 26.11.2026 kl. 10:30. Sted: Fjellheim videregående skole." in words
    assert "Med i møtet: eleven, foresatte, avdelingsleder Kari Moen, rådgiver Siri Haug." in words
    assert "Med i møtet: eleven, føresette, avdelingsleiar Kari Moen, rådgivar Siri Haug." in words
    assert "1BAA" not in words
    (appointment,) = [block for block in dialog.blocks if isinstance(block, Appointment)]
    assert appointment.starts_at == at(26, "10:30")
    assert appointment.duration == timedelta(minutes=45)
    siri = school["siri"]
    await siri.presses("Se hva det er")
    assert rows(siri.dialog)["Møtet"] == "torsdag 26.11. kl. 10:30"


async def test_guardians_of_an_adult_are_in_no_invitation_and_the_pupil_may_bring_somebody(school: School) -> None:
    await taken(school, under_18="nei")
    kari = school["kari"]
    dialog = await shows(kari)
    assert "Ikke kontakt foresatte uten at eleven sier ja." in plain_text(dialog)
    await opens(kari, "B4.1")
    await kari.submits(meeting_on="2026-11-26", meeting_at="10:30")
    words = plain_text(await opens(kari, "B4.1"))
    assert "Med i møtet: eleven, avdelingsleder" in words
    assert "Du kan ta med deg noen du stoler på." in words


# --- informed ---


async def test_elevtjenesten_is_informed_and_follows_without_the_facts(school: School) -> None:
    await taken(school, under_18="ja")
    kari, jon = school["kari"], school["jon"]
    await shows(kari)
    await opens(kari, "B5.2")
    await kari.submits(informed_person="jon")
    assert "Du har noe å gjøre i denne saken: 1." in jon.message.text, "the duty to report is everybody's"
    await jon.presses("Se hva det er")
    seen = plain_text(jon.dialog) if jon.dialog else ""
    assert "Slik står det med resten" in seen
    assert "Kall eleven og rådgiver inn til møte" in seen
    for hidden in ("1BAA", "Synlig beruset", "Verksted"):
        assert hidden not in seen
    assert not [b for b in buttons(jon.dialog) if b.action == "duty"] if jon.dialog else True
    await jon.presses("Meldeplikten din")
    await jon.submits(must_report="nei")
    assert "Du holdes orientert om denne saken." in jon.message.text


# --- hand-over ---


async def test_a_case_is_given_to_another_department_and_stays_until_taken_there(school: School) -> None:
    await taken(school)
    kari, ingrid, ola = school["kari"], school["ingrid"], school["ola"]
    await shows(kari)
    await kari.presses("Mer", in_dialog=True)
    await kari.presses("Gi til annen avdeling", in_dialog=True)
    await kari.submits(department="helse")
    assert "Gitt videre til Helse og oppvekst" in rows(kari.dialog)["Status"]
    assert "Rushendelse på avdelingen din" in ingrid.message.text
    assert "Kari Moen har den til noen der har tatt den." in ola.message.text
    await school.passes(minutes=4)
    assert len(ingrid.messages) == 2, "it climbs as any alert"
    await ingrid.presses("Jeg tar saken")
    assert "Ingrid Solli har tatt saken" in ola.message.text
    await kari.presses("Mer", in_dialog=True)
    assert kari.notice == "Du har ikke tilgang til denne saken."


async def test_who_has_left_the_school_leaves_no_case_behind(school: School) -> None:
    await taken(school)
    now = school.library.schools[0]
    school.changes(people={name: person for name, person in now.people.items() if name != "kari"})
    await school.restarts()
    await school.passes(minutes=1)
    assert any("Jeg tar saken" in [b.label for b in buttons(m.card)] for m in school["arne"].messages)
    await school["arne"].presses("Jeg tar saken")
    assert "Arne Lo har tatt saken" in school["ola"].message.text


async def test_while_the_owner_is_away_the_deputy_has_the_duties_and_may_take_over(school: School) -> None:
    await taken(school, under_18="ja")
    kari, arne = school["kari"], school["arne"]
    await kari.types("/rus-borte")
    assert "avdelingsleder, Bygg og elektro: Arne Lo" in plain_text(kari.dialog) if kari.dialog else False
    await kari.submits(**{"from": "2026-11-23", "until": "2026-11-27"})
    assert kari.notice == "Lagret. Stedfortrederne dine tar over."
    await school.passes(minutes=1)
    assert "Du har noe å gjøre i denne saken" in arne.message.text
    await shows(arne)
    await opens(arne, "B5.2")
    await arne.submits(informed_person="siri")
    assert arne.notice == "Lagret."
    await kari.types("/rus-borte")
    await kari.presses("Jeg er tilbake", in_dialog=True)
    assert kari.notice == "Velkommen tilbake."


async def test_a_deputy_who_reported_the_case_himself_is_told_each_time_the_owner_goes_away(school: School) -> None:
    await school["arne"].reports()
    await school["kari"].presses("Jeg tar saken")
    kari, arne = school["kari"], school["arne"]
    for day in ("23", "25"):
        await school.comes(datetime(2026, 11, int(day), 12, tzinfo=UTC))
        before = len(arne.messages)
        await kari.types("/rus-borte")
        await kari.submits(**{"from": f"2026-11-{day}", "until": f"2026-11-{day}"})
        await school.passes(minutes=5)
        said = [message.text for message in arne.messages[before:] if "Påminnelse" not in message.text]
        assert len(said) == 1
        assert "Kari Moen er borte til og med i dag. Du har ansvaret så lenge." in said[0]
        assert "Spør" not in said[0]


# --- refuted, withdrawn ---

SUSPICION = {"hendelsestype": "mistanke"}


async def test_a_suspicion_that_was_nothing_ends_what_it_asked_for(school: School) -> None:
    await taken(school, report=SUSPICION, under_18="ja")
    kari = school["kari"]
    await shows(kari)
    await kari.presses("Mer", in_dialog=True)
    await kari.presses("Mistanken er avkreftet", in_dialog=True)
    await kari.submits(reason="Eleven var trøtt.")
    assert rows(kari.dialog)["Status"] == "Mistanken er avkreftet"
    left = [step.text for step in steps(kari.dialog).values() if step.mark_text in ("Å gjøre", "Må avklares")]
    assert len(left) == 3, left  # the duty to report, to coordinate, and whether it goes into the archive
    await opens(kari, "L5")
    await kari.submits(applies="nei")
    await kari.presses("Avslutt saken", in_dialog=True)
    await kari.submits()
    assert "Avsluttet av Kari Moen" in rows(kari.dialog)["Status"]
    assert school["ola"].message.text.endswith("Saken er avsluttet.")


async def test_what_is_more_than_a_suspicion_is_not_refuted(school: School) -> None:
    await taken(school)
    await shows(school["kari"])
    await school["kari"].presses("Mer", in_dialog=True)
    assert "Mistanken er avkreftet" not in [b.label for b in buttons(school["kari"].dialog)]  # type: ignore[arg-type]


async def test_a_wrong_alert_is_withdrawn_and_everybody_who_got_it_is_told(school: School) -> None:
    await school["ola"].reports()
    await school.passes(minutes=6)
    ola, kari, arne, berit = (school[p] for p in ("ola", "kari", "arne", "berit"))
    before = told(school)
    await ola.presses("Trekk varselet")
    await ola.submits(reason="Jeg trykket feil.")
    assert ola.faults == {}
    for person in (kari, arne, berit):
        assert len(person.messages) == before[person.id] + 1
        assert "Ola Rise" in person.message.text
        assert "Jeg trykket feil" not in person.message.text
        assert all("Jeg tar saken" not in [b.label for b in buttons(m.card)] for m in person.messages)
    quiet = told(school)
    await school.passes(days=3)
    assert told(school) == quiet


async def test_once_somebody_has_taken_it_only_they_withdraw_it(school: School) -> None:
    await taken(school)
    assert "Trekk varselet" not in [b.label for b in buttons(school["ola"].message.card)]
    await shows(school["kari"])
    await school["kari"].presses("Mer", in_dialog=True)
    await school["kari"].presses("Trekk varselet", in_dialog=True)
    await school["kari"].submits(reason="Meldt to ganger.")
    assert "Du trenger ikke gjøre noe." in school["ola"].message.text


# --- closing ---


async def settles_all(school: School) -> Member:
    """Let Kari do or deviate from all there is, and berit her part."""
    kari, berit = school["kari"], school["berit"]
    for person, deviates in ((berit, "Gjer noko anna enn planen seier"), (kari, "Gjør noe annet enn planen sier")):
        for _ in range(40):
            await shows_any(person)
            card = person.dialog
            assert card
            open_ones = [b for b in buttons(card) if b.action == "duty" and b.label in ("Gjør", "Gjer", "Svar")]
            left = [b for b in open_ones if not b.reference.endswith(("/B5.1", "/L5"))]
            if not left:
                break
            await person.presses(left[0].label, reference=left[0].reference, in_dialog=True)
            assert person.dialog
            if left[0].label == "Svar":
                values = {"applies": "nei"} if "applies" in [f.name for f in person.dialog.fields] else {}
                await person.submits(**(values or {"samtykke_hjelp": "nei"}))
                assert not person.faults, person.faults
                continue
            await person.presses(deviates, in_dialog=True)
            await person.submits(reason="Avtalt utenom planen.")
    return kari


async def shows_any(person: Member) -> None:
    for label in ("Vis saken", "Vis saka", "Se hva det er", "Sjå kva det er"):
        for number, message in enumerate(person.messages):
            if label in [b.label for b in buttons(message.card)]:
                await person.presses(label, message=number)
                return
    raise AssertionError("no message leads into the case")


async def test_a_case_is_closed_when_nothing_is_open_and_erased_after_thirty_days(school: School) -> None:
    await taken(school, under_18="nei", stoff="alkohol")
    kari = school["kari"]
    await shows(kari)
    await kari.presses("Avslutt saken", in_dialog=True)
    assert "Dette står åpent" in plain_text(kari.dialog) if kari.dialog else False
    assert kari.dialog
    assert kari.dialog.submit is None
    siri = school["siri"]
    await siri.presses("Se hva det er")
    await opens(siri, "B7.1")
    await siri.submits(informed="ja")
    await opens(siri, "B7.2")
    await siri.submits(samtykke_hjelp="nei")
    ola = school["ola"]
    await ola.presses("Endre svarene") if "Endre svarene" in [b.label for b in ola.message.card.buttons] else None
    await settles_all(school)
    await shows_any(ola)
    for duty in ("X1", "B1.2"):
        if [b for b in buttons(ola.dialog) if b.reference.endswith(f"/{duty}")]:  # type: ignore[arg-type]
            pass
    await ola.presses("Gjort")
    await shows(kari)
    await kari.presses("Avslutt saken", in_dialog=True)
    assert kari.dialog
    assert kari.dialog.submit, plain_text(kari.dialog)
    assert [f.name for f in kari.dialog.fields] == ["L5.registered", "L5.archive_number"]
    await kari.submits(**{"L5.registered": "ja", "L5.archive_number": "Ola Nordmann gjorde det"})
    assert kari.faults
    await kari.submits(**{"L5.registered": "ja", "L5.archive_number": "2026/1234-5"})
    assert kari.faults == {}
    assert rows(kari.dialog)["Slettes i boten"] == "onsdag 23.12."
    for person in school.chat.chats:
        assert all("Saken er avsluttet." in m.text or "Saka er avslutta." in m.text for m in school[person].messages)
    quiet = told(school)
    await school.comes(at(22, "12:00", month=12))
    assert told(school) == quiet
    await shows(kari)
    assert rows(kari.dialog)["Status"].startswith("Avsluttet")
    await school.comes(at(24, "12:00", month=12))
    for person in school.chat.chats:
        for message in school[person].messages:
            assert "innholdet er slettet" in message.text or "innhaldet er sletta" in message.text
            assert not buttons(message.card)
    async with school.database.snapshot() as tx:
        assert await tx.journal.verify(school.library.schools[0].id) == ()


async def test_a_closed_case_is_opened_again_with_what_applies(school: School) -> None:
    await taken(school, report=SUSPICION, under_18="nei", stoff="alkohol")
    kari = school["kari"]
    await shows(kari)
    await kari.presses("Mer", in_dialog=True)
    await kari.presses("Mistanken er avkreftet", in_dialog=True)
    await kari.submits(reason="Eleven var trøtt.")
    await opens(kari, "L5")
    await kari.submits(applies="nei")
    await kari.presses("Avslutt saken", in_dialog=True)
    await kari.submits()
    await kari.presses("Åpne saken igjen", in_dialog=True)
    assert kari.dialog
    assert rows(kari.dialog)["Status"] == "Mistanken er avkreftet"
    await kari.presses("Mer", in_dialog=True)
    await kari.presses("Ikke avkreftet likevel", in_dialog=True)
    assert steps(kari.dialog)["Kall eleven og rådgiver inn til møte om videre oppfølging."].mark_text == "Å gjøre"
    await school.passes(days=40)
    assert "avsluttet" not in kari.messages[0].text, "nothing is erased that goes on"


async def test_a_form_that_is_closed_meanwhile_is_answered_so(school: School) -> None:
    await taken(school, report=SUSPICION)
    ola, kari = school["ola"], school["kari"]
    await ola.presses("Svar på resten")
    await shows(kari)
    await kari.presses("Mer", in_dialog=True)
    await kari.presses("Trekk varselet", in_dialog=True)
    await kari.submits(reason="Meldt to ganger.")
    await ola.submits(under_18="ja")
    assert ola.faults == {WHOLE_FORM: "Saken er avsluttet."}, "and it stays open with what was written"


async def test_who_has_just_been_given_something_is_not_reminded_of_it_at_once(school: School) -> None:
    await school["ola"].reports(**SUSPICION)
    await school.comes(at(23, "15:10"))
    await school["kari"].presses("Jeg tar saken", message=0)
    before = told(school)
    await school.passes(minutes=14)
    assert told(school)["kari"] == before["kari"]
    await school.passes(minutes=2)
    assert told(school)["kari"] == before["kari"] + 1


async def test_what_turns_out_not_to_be_done_is_asked_of_its_holder_first(school: School) -> None:
    await taken(school, under_18="nei")
    kari, berit = school["kari"], school["berit"]
    await shows(kari)
    await opens(kari, "B5.2")
    await kari.submits(informed_person="jon")
    await settles_all(school)
    await school.comes(at(30, "09:00"))
    await shows(kari)
    await opens(kari, "B5.2")
    before = told(school)
    await kari.presses("Angre", in_dialog=True)
    await school.passes(minutes=20)
    assert len(berit.messages) == before["berit"]
    assert len(kari.messages) == before["kari"] + 1


async def test_a_pupil_who_is_out_of_praksis_makes_nobody_late(school: School) -> None:
    await taken(school, under_18="nei", yrkesfag="ja_i_praksis")
    kari = school["kari"]
    await shows(kari)
    await opens(kari, "B2.1")
    await kari.submits()
    await school.comes(at(24, "08:05"))
    assert kari.message.text.startswith("Påminnelse")
    assert "Den første fristen er i dag kl. 15:30." in kari.message.text, "what was begun yesterday is not overdue"


async def test_the_reminder_before_a_meeting_comes_when_the_meeting_is_called_late(school: School) -> None:
    await taken(school, under_18="nei")
    kari, siri = school["kari"], school["siri"]
    await school.comes(at(26, "09:00"))
    await shows(kari)
    await opens(kari, "B4.1")
    await kari.submits(meeting_on="2026-12-04", meeting_at="12:00")
    await school.comes(at(4, "07:55", month=12))
    before = len(siri.messages)
    await school.comes(at(4, "08:05", month=12))
    assert len(siri.messages) == before + 1
    assert "Den første fristen er i dag kl. 12:00." in siri.message.text
