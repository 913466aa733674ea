"""Nobody answers: the alert climbs by the plan's minutes, and the reporter sees that it does."""

from __future__ import annotations

from tests.school import School

REPORT = {"hendelsestype": "synlig_beruset", "place": "Verksted", "class": "1BAA"}


async def reported(school: School, **changes: str) -> None:
    await school["ola"].types("/rus-hendelse")
    await school["ola"].submits(**{**REPORT, **changes})


async def test_reminder_deputy_principal_and_then_around_again(school: School) -> None:
    await reported(school)
    assert [len(school[p].alerts) for p in ("kari", "arne", "berit")] == [1, 0, 0]
    await school.passes(minutes=2, seconds=30)
    assert len(school["kari"].messages) == 1
    await school.passes(seconds=30)
    assert len(school["kari"].messages) == 2
    assert "Påminnelse" in school["kari"].message.text
    await school.passes(minutes=2)
    assert [len(school[p].alerts) for p in ("kari", "arne", "berit")] == [2, 1, 0]
    assert "Avdelingsleder har ikke svart" in school["arne"].message.text
    await school.passes(minutes=5)
    assert [len(school[p].alerts) for p in ("kari", "arne", "berit")] == [2, 1, 1]
    await school.passes(minutes=5)
    assert len(school["kari"].messages) == 3  # the round begins again


async def test_the_reporter_sees_each_climb_with_a_phone_number(school: School) -> None:
    await reported(school)
    await school.passes(minutes=5)
    status = school["ola"].message.text
    assert "Arne" in status
    arne = school.library.schools[0].people["arne"]
    assert f"Ring {arne.name} på {arne.phone} hvis det haster" in status


async def test_taking_silences_everybody_and_tells_who_and_when(school: School) -> None:
    await reported(school)
    await school.passes(minutes=5)
    await school["arne"].presses("Jeg tar saken")
    await school.passes(minutes=60)
    assert [len(school[p].alerts) for p in ("kari", "arne", "berit")] == [2, 1, 0]
    for message in school["kari"].messages:
        assert "Arne Lo har tatt saken kl. 10:05." in message.text
        assert "Jeg tar saken" not in [button.label for button in message.card.buttons]


async def test_whoever_is_second_is_told_who_was_first(school: School) -> None:
    await reported(school)
    await school.passes(minutes=5)
    take = school["kari"].message.card.buttons[0]
    await school["arne"].presses("Jeg tar saken")
    from flows.port import Pressed  # noqa: PLC0415 - only here

    reply = await school["kari"].does_again(Pressed(take.action, take.reference), "late")
    assert reply.notice == "Arne Lo har allerede tatt saken, kl. 10:05."


async def test_an_absent_head_is_passed_over_at_once(school: School) -> None:
    await school.absent("kari", hours=8)
    await reported(school)
    assert not school["kari"].messages
    assert len(school["arne"].messages) == 1


async def test_a_role_that_nobody_holds_now_is_skipped_and_the_reporter_is_told(school: School) -> None:
    for person in ("kari", "arne"):
        await school.absent(person, hours=8)
    await reported(school)
    assert len(school["berit"].alerts) == 1
    assert "Ingen er avdelingsleder akkurat nå" in school["ola"].message.text


async def test_with_nobody_there_the_reporter_is_told_to_ring_the_school_and_it_is_tried_again(school: School) -> None:
    for person in ("kari", "arne", "berit"):
        await school.absent(person, minutes=12)
    await reported(school)
    assert f"Ring skolen på {school.library.schools[0].phone}" in school["ola"].message.text
    await school.passes(minutes=20)
    assert school["kari"].messages


async def test_a_suspicion_has_the_school_day(school: School) -> None:
    await reported(school, hendelsestype="mistanke")
    assert "i løpet av skoledagen" in school["kari"].message.text
    await school.passes(minutes=30)
    assert len(school["kari"].messages) == 1
    await school.passes(minutes=30)
    assert len(school["kari"].messages) == 2


async def test_a_suspicion_that_turns_out_acute_is_alerted_anew_at_once(school: School) -> None:
    await reported(school, hendelsestype="mistanke")
    await school["ola"].presses("Rett hva, hvor eller klasse", in_dialog=True)
    await school["ola"].submits(hendelsestype="synlig_beruset")
    assert "er hos eleven" in school["kari"].message.text
    assert len(school["kari"].messages) == 2
    await school.passes(minutes=5)
    assert len(school["arne"].messages) == 1


async def test_an_unknown_class_alerts_every_head_and_naming_it_lets_the_others_go(school: School) -> None:
    await reported(school, **{"class": "?"})
    heads = {d.roles["avdelingsleder"][0] for d in school.library.schools[0].departments.values()}
    assert all(len(school[head].messages) == 1 for head in heads)
    await school["ola"].presses("Rett hva, hvor eller klasse", in_dialog=True)
    await school["ola"].submits(**{"class": "1BAA"})
    for head in heads - {"kari", "arne"}:
        said = school[head].message.text
        assert "gjelder en annen avdeling" in said or "gjeld ei anna avdeling" in said
        assert not school[head].message.card.buttons
    assert "Jeg tar saken" in [button.label for button in school["kari"].message.card.buttons]
