"""After the case is taken: each does, answers, gives on or deviates from what is theirs, and sees no more than that."""

from __future__ import annotations

from flows.cards import Card, Facts, Step, plain_text
from flows.port import WHOLE_FORM
from tests.school import Member, School, buttons


async def taken(school: School, **answers: str) -> None:
    """Ola reports a visibly intoxicated pupil, and Kari takes the case."""
    await school["ola"].reports()
    if answers:
        await school["ola"].submits(**answers)
    await school["kari"].presses("Jeg tar saken")


async def opens(member: Member, duty: str) -> Card:
    """Open a duty's own dialog from the list that stands open."""
    assert member.dialog
    (button,) = [b for b in buttons(member.dialog) if b.reference.endswith(f"/{duty}")]
    await member.presses(button.label, reference=button.reference, in_dialog=True)
    assert member.dialog
    return member.dialog


def marks(card: Card) -> dict[str, str]:
    return {block.text: block.mark_text for block in card.blocks if isinstance(block, Step)}


def noted(card: Card) -> dict[str, str]:
    return dict(row for block in card.blocks if isinstance(block, Facts) for row in block.rows)


async def test_the_owner_does_a_duty_and_notes_what_the_plan_asks_for(school: School) -> None:
    await taken(school)
    kari = school["kari"]
    await kari.presses("Vis saken")
    dialog = await opens(kari, "B4.1")
    assert "Avdelingsleder" in plain_text(dialog) or "B4.1" in plain_text(dialog)
    await kari.submits(meeting_on="2026-11-26", meeting_at="10:00")
    assert kari.notice == "Lagret."
    assert kari.dialog
    assert marks(kari.dialog)["Kall eleven og rådgiver inn til møte om videre oppfølging."] == "Gjort kl. 10:00"
    assert noted(await opens(kari, "B4.1"))["Hvilken dag er møtet?"] == "torsdag 26.11."


async def test_what_is_not_done_yet_stays_open_and_the_form_says_so(school: School) -> None:
    await taken(school, under_18="ja")
    kari = school["kari"]
    await kari.presses("Vis saken")
    await opens(kari, "B1.4")
    await kari.submits(safe_to_call="ja", reached="nei", at="10:05")
    assert "ikke gjort ennå" in kari.faults["reached"]
    await kari.submits(safe_to_call="ja", reached="ja", at="10:05")
    assert kari.faults == {}
    assert kari.dialog
    assert "Gjort" in next(mark for text, mark in marks(kari.dialog).items() if text.startswith("Ring de foresatte"))


async def test_nobody_can_say_yes_to_the_guardians_before_the_age_is_known(school: School) -> None:
    await taken(school)
    kari = school["kari"]
    await kari.presses("Vis saken")
    await opens(kari, "B1.4")
    await kari.submits(applies="ja")
    assert "Sjekk alderen først" in kari.faults[WHOLE_FORM]
    await kari.submits(applies="", under_18="ja")
    assert kari.dialog
    assert "Å gjøre" in next(mark for text, mark in marks(kari.dialog).items() if text.startswith("Ring de foresatte"))


async def test_the_social_counsellor_is_told_and_sees_only_what_is_hers(school: School) -> None:
    await taken(school, under_18="ja")
    (person,) = {p for p in school.chat.chats if p not in ("ola", "kari", "berit")}
    member = school[person]
    words = member.message.text
    assert "1BAA" not in words
    assert "Kari Moen på +47 900 00 003" in words
    await member.presses("Se hva det er")
    assert member.dialog
    seen = plain_text(member.dialog)
    assert "Gi eleven informasjon og tilbud" in seen
    for hidden in ("1BAA", "Synlig", "Ring de foresatte", "barnevernet har"):
        assert hidden not in seen
    await opens(member, "B7.1")
    await member.submits(informed="ja", at="10:30")
    assert member.notice == "Lagret."
    await opens(member, "B7.2")
    await member.submits(samtykke_hjelp="ja")
    assert member.dialog
    await opens(member, "B7.2")
    await member.submits(helped="ja", at="11:00")
    await school.settles()
    assert "Du har gjort det som var ditt" in member.message.text


async def test_the_pupils_no_ends_the_help_and_is_said(school: School) -> None:
    await taken(school)
    (person,) = {p for p in school.chat.chats if p not in ("ola", "kari", "berit")}
    member = school[person]
    await member.presses("Se hva det er")
    await opens(member, "B7.2")
    assert member.dialog
    assert [field.name for field in member.dialog.fields] == ["samtykke_hjelp"]  # nobody can say yes for the pupil
    await member.submits(samtykke_hjelp="nei")
    await school["kari"].presses("Vis saken")
    dialog = school["kari"].dialog
    assert dialog
    help_text = next(text for text in marks(dialog) if text.startswith("Hjelp eleven i kontakt"))
    assert marks(dialog)[help_text] == "Gjelder ikke lenger"


async def test_only_rektor_decides_about_the_bortvisning(school: School) -> None:
    await taken(school, under_18="nei")
    kari, berit = school["kari"], school["berit"]
    await kari.presses("Vis saken")
    dialog = await opens(kari, "L1")
    assert dialog.submit is None
    assert buttons(dialog) == []
    await berit.presses("Sjå kva det er")
    dialog = await opens(berit, "B1.1")
    assert dialog.submit is None, "there is nothing to carry out before the decision"
    assert noted(dialog)["Status"] == "Ventar på avgjerda"
    await berit.presses("Sjå kva det er")
    dialog = await opens(berit, "L1")
    assert noted(dialog)["Eleven høyrd"] == "Å gjere"
    assert "høgst fem dagar" in plain_text(dialog)
    decision = {"decided": "ja", "milder_considered": "nei", "reason": "To voksne så det.", "until": "14:30"}
    decision |= {"oral_notice": "ja", "physical_intervention": "nei"}
    await berit.submits(**decision)
    assert "Mildare tiltak" in berit.faults[WHOLE_FORM]
    decision["milder_considered"] = "ja"
    await berit.submits(**decision)
    assert "uttale seg først" in berit.faults[WHOLE_FORM]
    await berit.presses("Sjå kva det er")
    await opens(berit, "L2")
    await berit.submits(told="ja", heard="ja")
    await opens(berit, "L1")
    await berit.submits(**decision)
    assert berit.notice == "Lagra."
    await kari.presses("Vis saken")
    shown = noted(await opens(kari, "L1"))
    assert shown["Er det vedtatt?"] == "Ja"
    assert shown["Begrunnelse, uten navn"] == "To voksne så det."


def of_the_bortvisning(card: Card) -> list[str]:
    said = {text: mark for text, mark in marks(card).items() if "konsekvenser" not in text}
    return [mark for text, mark in said.items() if "bortvis" in text.casefold()]


async def test_where_rektor_decides_against_it_nothing_of_the_bortvisning_is_left_to_do(school: School) -> None:
    await taken(school, under_18="nei")
    berit, kari = school["berit"], school["kari"]
    await berit.presses("Sjå kva det er")
    await opens(berit, "L1")
    decision = {"decided": "nei", "milder_considered": "ja", "reason": "Eleven var sjuk.", "until": "14:30"}
    await berit.submits(**decision, oral_notice="nei", physical_intervention="nei")
    assert berit.faults == {}
    await kari.presses("Vis saken")
    assert kari.dialog
    assert set(of_the_bortvisning(kari.dialog)) == {"Gjelder ikke lenger", "Gjort kl. 10:00"}
    await opens(berit, "L1")
    await berit.presses("Angre", in_dialog=True)
    await kari.presses("Vis saken")
    assert kari.dialog
    assert "Å gjøre" in of_the_bortvisning(kari.dialog)


async def test_a_duty_is_given_to_somebody_else_who_is_told(school: School) -> None:
    await taken(school)
    kari, eva = school["kari"], school["eva"]
    await kari.presses("Vis saken")
    await opens(kari, "B4.1")
    await kari.presses("Gi til en annen", in_dialog=True)
    await kari.submits(person="eva")
    assert len(eva.messages) == 1
    await eva.presses("Se hva det er")
    assert eva.dialog
    assert list(marks(eva.dialog)) == ["Kall eleven og rådgiver inn til møte om videre oppfølging."]
    await opens(eva, "B4.1")
    await eva.submits(meeting_on="2026-11-27", meeting_at="10:00")
    assert eva.notice == "Lagret."


async def test_whoever_does_something_else_than_the_plan_says_says_why(school: School) -> None:
    await taken(school)
    kari = school["kari"]
    await kari.presses("Vis saken")
    await opens(kari, "B4.1")
    await kari.presses("Gjør noe annet enn planen sier", in_dialog=True)
    await kari.submits(reason=" ")
    assert kari.faults
    await kari.submits(reason="Eleven har sluttet på skolen.")
    assert kari.dialog
    assert marks(kari.dialog)["Kall eleven og rådgiver inn til møte om videre oppfølging."] == "Avvik fra planen"
    assert noted(await opens(kari, "B4.1"))["Avvik"] == "Eleven har sluttet på skolen."


async def test_two_people_doing_the_same_duty_are_both_answered(school: School) -> None:
    await taken(school)
    kari, eva = school["kari"], school["eva"]
    await kari.presses("Vis saken")
    await opens(kari, "B4.1")
    first = kari.dialog
    await kari.presses("Gi til en annen", in_dialog=True)
    await kari.submits(person="eva")
    await eva.presses("Se hva det er")
    await opens(eva, "B4.1")
    await eva.submits(meeting_on="2026-11-27", meeting_at="10:00")
    kari.dialog = first
    await kari.submits(meeting_on="2026-11-26", meeting_at="10:00")
    assert "allerede gjort" in kari.faults[WHOLE_FORM]


async def test_everybody_reaches_the_duty_to_report_and_reads_only_their_own_answer(school: School) -> None:
    await school["ola"].reports()
    await school["ola"].submits(under_18="ja", colleague="eva")
    await school["eva"].presses("Jeg er med")
    await school["kari"].presses("Jeg tar saken")
    for person, answer in (("ola", "nei"), ("kari", "nei"), ("eva", "ja")):
        member = school[person]
        await member.presses("Meldeplikten din")
        assert member.dialog
        assert "Du trenger ikke tillatelse fra noen." in plain_text(member.dialog)
        assert member.dialog.fields[0].value == ()
        await member.submits(must_report=answer)
        assert member.notice == "Lagret."
    await school["kari"].presses("Vis saken")
    dialog = school["kari"].dialog
    assert dialog
    own = next(mark for text, mark in marks(dialog).items() if text.startswith("Vurder selv"))
    assert own == "Gjort kl. 10:00"  # all three have
    await school["eva"].presses("Meldeplikten din")
    assert school["eva"].dialog
    assert school["eva"].dialog.fields[0].value == ("ja",)
    shown = plain_text(await opens(school["kari"], "L4"))
    assert "Må du melde" not in shown
