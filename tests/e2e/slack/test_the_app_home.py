"""One's own page in Slack: what is to be done, one's cases, one's absence; always as it is now."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.slack.conftest import SCHOOL_FILE, Workplace
from tests.e2e.slack.people import Person
from tests.e2e.slack.test_a_report_in_slack import reads, reports
from tests.e2e.slack.visible import text_of


def home(person: Person) -> str:
    return text_of(person.home.blocks) if person.home else ""


async def test_the_page_shows_what_is_there_and_follows_what_happens(work: Workplace) -> None:
    for person in (work.ola, work.kari):
        await person.opens_home()
    await work.slack.until(lambda: "Du har ingen åpne saker." in home(work.ola) and home(work.kari))
    await reports(work, work.ola)
    await work.slack.until(lambda: "Vurder om eleven trenger medisinsk hjelp" in home(work.ola))
    await work.slack.until(lambda: "Ingen har tatt saken ennå" in home(work.kari))
    await work.ola.closes()
    await work.kari.presses("Jeg tar saken")
    await work.slack.until(lambda: "Kari Moen har saken" in home(work.kari) and "Kari Moen har saken" in home(work.ola))
    await work.slack.until(lambda: "Skal de foresatte kontaktes nå?" in home(work.kari))
    assert "1BAA" not in home(work.ola) + home(work.kari)


async def test_everything_starts_from_the_page(work: Workplace) -> None:
    await work.ola.opens_home()
    await work.slack.until(lambda: work.ola.home)
    for label, words in (
        ("Meld en rushendelse", "Hva har dere sett?"),
        ("Mine saker", "Du har ingen åpne saker."),
        ("Les planen", "Sitatene er planens egne ord."),
        ("Når er du borte?", "Fra og med"),
        ("Språk", "Hvilket språk vil du lese?"),
    ):
        await work.ola.presses(label, on=work.ola.home)
        await work.slack.until(lambda words=words: words in reads(work.ola))
        await work.ola.closes()


async def test_an_absence_stands_on_the_page_until_it_is_taken_back(work: Workplace) -> None:
    await work.kari.opens_home()
    await work.slack.until(lambda: work.kari.home)
    await work.kari.slash("/rus-borte")
    await work.slack.until(lambda: work.kari.modal)
    await work.kari.submits()
    await work.slack.until(lambda: "Du har meldt at du er borte" in home(work.kari))
    await work.kari.closes()
    await work.kari.presses("Jeg er tilbake", on=work.kari.home)
    await work.slack.until(lambda: "Du har meldt at du er borte" not in home(work.kari))


async def test_the_page_speaks_the_language_that_was_chosen(work: Workplace) -> None:
    await work.ola.opens_home()
    await work.slack.until(lambda: work.ola.home)
    await work.ola.slash("/rus-sprak")
    await work.slack.until(lambda: work.ola.modal)
    await work.ola.fills({"language": "Nynorsk"})
    await work.ola.submits()
    await work.slack.until(lambda: "Du har ingenting å gjere no." in home(work.ola))


async def test_a_stranger_finds_whom_to_ring_on_the_page(work: Workplace) -> None:
    stranger = work.slack.person("vikar", email="vikar@annet.example")
    await stranger.opens_home()
    await work.slack.until(lambda: "Du står ikke på skolens liste" in home(stranger))


async def test_the_page_of_whoever_stands_in_shows_it(work: Workplace) -> None:
    for person in (work.kari, work.arne):
        await person.opens_home()
    await work.slack.until(lambda: home(work.kari) and home(work.arne))
    await reports(work, work.ola)
    await work.slack.until(lambda: work.kari.dm)
    await work.kari.presses("Jeg tar saken")
    await work.slack.until(lambda: "Kari Moen har saken" in home(work.kari))
    assert "Skal de foresatte kontaktes nå?" not in home(work.arne)
    await work.kari.slash("/rus-borte")
    await work.slack.until(lambda: work.kari.modal)
    await work.kari.submits()
    await work.slack.until(lambda: "Skal de foresatte kontaktes nå?" in home(work.arne), within=15)


async def test_nothing_is_left_on_the_page_of_whoever_has_left(work: Workplace, tmp_path: Path) -> None:
    await work.kari.opens_home()
    await reports(work, work.ola)
    await work.slack.until(lambda: "Sak " in home(work.kari))
    await work.stops()
    file = tmp_path / "school.yaml"
    lines = [line for line in SCHOOL_FILE.read_text().split("\n") if not line.lstrip().startswith("kari:")]
    file.write_text(
        "\n".join(lines).replace("[kari, arne]", "[arne, siri]").replace("[ingrid, kari]", "[ingrid, arne]")
    )
    await work.opens(RUSPLAN_SCHOOL=str(file))
    await work.slack.until(lambda: "Du står ikke på skolens liste" in home(work.kari), within=15)
    assert "Sak " not in home(work.kari)
