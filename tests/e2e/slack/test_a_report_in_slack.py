"""A teacher reports in Slack: two interactions, and the head of the department has a message; nothing else is seen."""

from __future__ import annotations

import pytest

from tests.e2e.slack.conftest import Workplace
from tests.e2e.slack.markup import markup_in
from tests.e2e.slack.people import Person
from tests.e2e.slack.visible import text_of

SEEN = {"hendelsestype": ["Synlig beruset"], "place": "Verksted", "class": "1BAA"}


async def reports(work: Workplace, person: Person) -> None:
    await person.slash("/rus-hendelse")
    await work.slack.until(lambda: person.modal)
    await person.fills(SEEN)
    await person.submits()
    await work.slack.until(lambda: person.dm)


def reads(person: Person) -> str:
    return text_of(person.modal.blocks) if person.modal else ""


def whispered(person: Person) -> str:
    return text_of(person.ephemerals[-1].blocks) if person.ephemerals else ""


def in_dm(person: Person) -> str:
    return "\n".join(text_of(message.blocks) for message in person.dm)


async def test_two_interactions_later_the_head_of_the_department_has_a_message(work: Workplace) -> None:
    await reports(work, work.ola)
    (alert,) = await work.slack.until(lambda: work.kari.dm)
    assert "Sted: Verksted. Ola Rise er hos eleven. Ring +47 900 00 012." in text_of(alert.blocks)
    assert alert.text.startswith("Ny sak ")
    await work.kari.presses("Jeg tar saken")
    await work.slack.until(lambda: "Kari Moen har tatt saken" in in_dm(work.ola))
    await work.slack.until(lambda: "Du har tatt saken" in in_dm(work.kari))
    assert len(work.kari.dm) == 1, "the message is edited in its place"


async def test_a_channel_sees_nothing_of_it(work: Workplace) -> None:
    await reports(work, work.ola)
    await work.slack.until(lambda: work.kari.dm)
    assert not work.slack.workspace.general.messages
    assert not work.ola.ephemerals
    assert "1BAA" not in work.slack.workspace.everything_posted()


async def test_words_behind_the_command_are_nowhere_repeated(work: Workplace) -> None:
    for command in ("/rus-hendelse", "/rus-saker", "/rus-hjelp"):
        await work.ola.slash(command, "Per Hansen i 1BAA er ruset")
        await work.slack.until(lambda: "Skriv aldri navnet" in reads(work.ola) + whispered(work.ola))
        while work.ola.modal:
            await work.ola.closes()
    assert "Per Hansen" not in work.slack.workspace.everything_posted()
    assert "Per Hansen" not in work.slack.workspace.everything_shown()


async def test_an_unfinished_report_is_offered_beside_a_new_one(work: Workplace) -> None:
    await reports(work, work.ola)
    await work.ola.closes()
    await work.ola.slash("/rus-hendelse")
    await work.slack.until(lambda: "Fortsett med sak" in reads(work.ola))
    await work.ola.fills({"place": "Kantine"})
    label = next(line for line in reads(work.ola).split("\n") if line.startswith("Fortsett med sak"))
    await work.ola.presses(label)
    await work.slack.until(lambda: "Er eleven under 18 år?" in reads(work.ola))


async def test_the_words_of_a_command_are_enough_in_the_chat_with_the_bot(work: Workplace) -> None:
    await work.ola.writes("Rus-Hendelse")
    await work.slack.until(lambda: work.ola.ephemerals)
    await work.ola.presses("Åpne")
    await work.slack.until(lambda: "Hva har dere sett?" in reads(work.ola))


async def test_what_is_written_to_the_bot_is_answered_for_this_person_alone(work: Workplace) -> None:
    await work.ola.writes("Per Hansen virker ruset <!channel>")
    (said,) = await work.slack.until(lambda: work.ola.ephemerals)
    assert "sletter du meldingen" in text_of(said.blocks)
    assert len(work.ola.dm) == 1, "what Ola wrote himself"


async def test_a_class_and_a_colleague_are_found_by_a_few_letters(work: Workplace) -> None:
    await work.ola.slash("/rus-hendelse")
    await work.slack.until(lambda: work.ola.modal)
    assert [option["value"] for option in await work.ola.searches("class", "1ba")] == ["1BAA"]
    assert len(await work.ola.searches("class", "")) > 10
    assert not await work.ola.searches("class", "finnes ikke")
    await work.ola.fills(SEEN)
    await work.ola.submits()
    found = await work.ola.searches("colleague", "aren lo")
    assert not found
    assert [option["text"]["text"] for option in await work.ola.searches("colleague", "lo arn")] == ["Arne Lo"]


async def test_a_form_that_can_not_be_used_keeps_what_was_typed_and_says_why(work: Workplace) -> None:
    await work.ola.slash("/rus-hendelse")
    await work.slack.until(lambda: work.ola.modal)
    await work.ola.fills(SEEN)
    view = work.ola.modal
    assert view
    view.state["place"]["value"]["selected_option"]["value"] = "Månen"  # a school file that has changed meanwhile
    await work.ola.submits()
    assert work.ola.modal is view
    assert view.errors == {"place": "Velg et sted fra lista."}


async def test_the_same_form_handed_in_twice_is_one_case(work: Workplace) -> None:
    await work.ola.slash("/rus-hendelse")
    await work.slack.until(lambda: work.ola.modal)
    await work.ola.fills(SEEN)
    await work.ola.submits(times=2)
    await work.slack.until(lambda: work.kari.dm)
    await work.ola.closes()
    await work.ola.slash("/rus-saker")
    await work.slack.until(lambda: "Sak " in reads(work.ola))
    assert len([line for line in reads(work.ola).split("\n") if line.startswith("Sak ")]) == 1


async def test_whoever_is_second_to_take_a_case_is_told_who_was_first(work: Workplace) -> None:
    await reports(work, work.ola)
    await work.slack.until(lambda: work.kari.dm)
    await work.kari.presses("Jeg tar saken", times=2)
    await work.slack.until(lambda: "Du har tatt saken" in in_dm(work.kari))
    assert len(work.kari.dm) == 1
    assert len(work.ola.dm) == 1


async def test_an_old_button_says_how_things_stand_now(work: Workplace) -> None:
    await reports(work, work.ola)
    (alert,) = await work.slack.until(lambda: work.kari.dm)
    as_it_was = list(alert.blocks)
    await work.kari.presses("Jeg tar saken")
    await work.slack.until(lambda: "Du har tatt saken" in in_dm(work.kari))
    alert.blocks = as_it_was  # what a phone shows that has been without a net
    await work.kari.presses("Jeg tar saken")
    await work.slack.until(lambda: work.kari.ephemerals)
    assert "Du har allerede tatt saken." in work.kari.ephemerals[-1].text


async def test_a_picture_with_words_is_answered_as_words_are(work: Workplace) -> None:
    await work.ola.writes("Per Hansen i 1BAA")
    await work.slack.until(lambda: work.ola.ephemerals)
    payload = dict(work.slack.delivery.sent[-1].payload)
    payload["event"] = {**payload["event"], "subtype": "file_share", "files": [{"id": "F1"}]}
    payload["event_id"] = "EvFILE"
    seen = len(work.ola.ephemerals)
    for _ in range(3):  # Slack repeats what it believes to be lost
        await work.slack.delivery.send("events_api", payload, "a picture")
    await work.slack.until(lambda: len(work.ola.ephemerals) > seen)
    assert "sletter du meldingen" in text_of(work.ola.ephemerals[-1].blocks)
    assert len(work.ola.ephemerals) == seen + 1


async def test_whoever_has_lost_sight_of_a_case_keeps_the_words_and_is_told(work: Workplace) -> None:
    await reports(work, work.ola)
    await work.ola.closes()
    await work.slack.until(lambda: work.kari.dm)
    await work.kari.presses("Jeg tar saken")
    await work.slack.until(lambda: "Du har tatt saken" in in_dm(work.kari))
    await work.kari.presses("Vis saken")
    await work.slack.until(lambda: work.kari.modal)
    await work.kari.presses("Mer")
    await work.slack.until(lambda: "Trekk varselet" in reads(work.kari))
    await work.kari.presses("Trekk varselet")
    await work.slack.until(lambda: work.kari.modal and work.kari.modal.payload.get("submit"))
    view = work.kari.modal
    assert view
    await work.kari.fills({"reason": "Det jeg har skrevet"})
    view.payload["private_metadata"] = view.payload["private_metadata"].replace("\n", "\nf")[:-1]  # no such case
    await work.kari.submits()
    assert work.kari.modal is view
    assert list(view.errors.values()) == ["Du har ikke tilgang til denne saken."]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/rus-saker", "Du har ingen åpne saker."),
        ("/rus-plan", "Sitatene er planens egne ord."),
        ("/rus-borte", "Fra og med"),
        ("/rus-sprak", "Hvilket språk vil du lese?"),
    ],
)
async def test_every_command_opens_its_dialog(work: Workplace, command: str, words: str) -> None:
    await work.ola.slash(command)
    await work.slack.until(lambda: work.ola.modal)
    assert words in reads(work.ola) or words in work.ola.modal.payload["title"]["text"]


async def test_help_is_for_this_person_alone_and_names_what_slack_knows(work: Workplace) -> None:
    await work.ola.slash("/rus-hjelp")
    (said,) = work.ola.ephemerals
    assert "/rus-sprak: velg bokmål eller nynorsk." in text_of(said.blocks)
    await work.ola.presses("Meld en rushendelse")
    await work.slack.until(lambda: "Hva har dere sett?" in reads(work.ola))


async def test_the_plan_is_searched_with_the_command(work: Workplace) -> None:
    await work.ola.slash("/rus-plan", "skolehelsetjenesten")
    await work.slack.until(lambda: work.ola.modal)
    assert "B7.1" in reads(work.ola)
    await work.ola.fills({"query": "politiet"})
    await work.ola.submits()
    assert "B6" in reads(work.ola)


async def test_whoever_reads_nynorsk_reads_it_from_then_on(work: Workplace) -> None:
    await work.ola.slash("/rus-sprak")
    await work.slack.until(lambda: work.ola.modal)
    await work.ola.fills({"language": "Nynorsk"})
    await work.ola.submits()
    assert "Lagra. Nye meldingar kjem på nynorsk." in reads(work.ola)
    await work.ola.closes()
    await work.ola.slash("/rus-hendelse")
    await work.slack.until(lambda: "Kva har de sett?" in reads(work.ola))


async def test_somebody_who_is_in_no_school_file_is_told_whom_to_ring(work: Workplace) -> None:
    stranger = work.slack.person("vikar", email="vikar@annet.example")
    await stranger.slash("/rus-hendelse")
    (said,) = stranger.ephemerals
    assert "Du står ikke på skolens liste over ansatte" in text_of(said.blocks)
    assert not stranger.modal


@pytest.mark.parametrize("flags", [{"is_restricted": True}, {"is_bot": True}])
async def test_a_guest_with_a_teachers_address_is_a_stranger(work: Workplace, flags: dict[str, bool]) -> None:
    ola = work.ola.user
    email, ola.email = ola.email, "ola@før.example"
    guest = work.slack.person("gjest", email=email, **flags)
    await guest.slash("/rus-hendelse")
    assert "Du står ikke på skolens liste" in text_of(guest.ephemerals[-1].blocks)


async def test_nothing_that_is_posted_is_read_as_markup(work: Workplace) -> None:
    await reports(work, work.ola)
    await work.slack.until(lambda: work.kari.dm)
    for posted in work.slack.workspace.posted:
        assert not markup_in(posted)
