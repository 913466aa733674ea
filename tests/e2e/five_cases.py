"""Five cases, each from the command to the closed case, by all who have a part in it; the scene is where they chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Chat(Protocol):
    """One person in front of a chat; what is said to be seen is waited for."""

    user: str

    async def types(self, text: str) -> None: ...

    async def presses(self, label: str, *, about: str = "") -> None:
        """Press a button of a message; `about` is the step that it stands at."""
        ...

    async def presses_in_dialog(self, what: str) -> None:
        """Press a button of the open dialog, by its label or its action."""
        ...

    async def opens(self, reference: str) -> None:
        """Open one duty from the list that stands open."""
        ...

    async def hands_in(self, **values: str) -> None:
        """Fill in the open form by its fields' names, several values with + between them, and hand it in."""
        ...

    async def does(self, duty: str, **values: str) -> None:
        """Open a duty from the list and hand its form in; the list comes back."""
        ...

    async def sees(self, words: str) -> None:
        """See words in a message."""
        ...

    async def reads(self, words: str) -> None:
        """See words in the open dialog."""
        ...

    async def reads_of(self, step: str, words: str) -> None:
        """See words at a step of the open dialog."""
        ...

    async def is_offered(self, label: str) -> None:
        """See a button in the open dialog."""
        ...

    async def is_done(self) -> None:
        """See that the form is gone."""
        ...

    async def takes_the_appointment(self, label: str) -> str:
        """Return the calendar file that a dialog offers."""
        ...


class Scene(Protocol):
    async def people(self, *users: str) -> Sequence[Chat]:
        """Return these people's chats."""
        ...

    async def look(self, moment: str) -> None:
        """Take note of a moment that is worth a look."""
        ...

    async def nobody_sees(self, words: str) -> None:
        """Make sure that no message holds these words."""
        ...


MEETING = {"meeting_on": f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}", "meeting_at": "10:30"}
ARCHIVED = {"L5.registered": "ja", "L5.archive_number": "2026/1234-5"}


async def report(reporter: Chat, kinds: str, place: str, school_class: str, **answers: str) -> None:
    await reporter.types("/rus-hendelse")
    await reporter.hands_in(hendelsestype=kinds, place=place, **{"class": school_class})
    await reporter.reads("Varselet er sendt.")
    await reporter.hands_in(**answers)


async def takes(owner: Chat) -> None:
    await owner.presses("Jeg tar saken")
    await owner.sees("Du har tatt saken kl.")


async def decides(rektor: Chat, *, decided: str, guardians: bool) -> None:
    """Let rektor hear those it is about, decide, and carry it out."""
    await rektor.presses("Sjå kva det er")
    await rektor.does("L2", told="ja", heard="ja")
    if guardians:
        await rektor.does("L3", told="ja", heard="ja")
    await rektor.does(
        "L1",
        decided=decided,
        milder_considered="ja",
        reason="To vaksne har sett det same.",
        until="14:30",
        oral_notice="ja",
        physical_intervention="nei",
    )
    if decided == "ja":
        await rektor.does("B1.1", until="14:30")


async def assesses(*chats: Chat) -> None:
    """Let each answer alone whether he must report. Source: opplæringslova § 24-3."""
    for chat in chats:
        label = "Meldeplikta di" if chat.user == "berit" else "Meldeplikten din"
        await chat.presses(label)
        await chat.hands_in(must_report="nei")
        await chat.is_done()


async def informs(counsellor: Chat, consent: str) -> None:
    await counsellor.presses("Se hva det er")
    await counsellor.does("B7.1", informed="ja", at="10:30")
    await counsellor.does("B7.2", samtykke_hjelp=consent)
    if consent == "ja":
        await counsellor.does("B7.2", helped="ja", at="11:00")


async def closes(owner: Chat, name: str = "Kari Moen", **values: str) -> None:
    await owner.presses("Vis saken")
    await owner.presses_in_dialog("Avslutt saken")
    await owner.reads("Ingenting står åpent.")
    await owner.hands_in(**values)
    await owner.reads(f"Avsluttet av {name}")
    await owner.sees("Saken er avsluttet.")


async def a_minor_on_yrkesfag_in_praksis_visibly_intoxicated(scene: Scene) -> None:
    ola, kari, berit, siri = await scene.people("ola", "kari", "berit", "siri")
    await report(ola, "synlig_beruset", "Verksted", "1BAA", under_18="ja", yrkesfag="ja_i_praksis",
                 stoff="alkohol", colleague="Arne")  # fmt: skip
    await takes(kari)
    await ola.presses("Gjort", about="Vurder om eleven trenger medisinsk hjelp")
    await scene.look("taken")
    arne = (await scene.people("arne", "kari", "berit", "siri"))[0]
    await arne.presses("Jeg er med")
    await decides(berit, decided="ja", guardians=True)
    await scene.look("decided")
    await berit.does("K1", applies="nei")
    await kari.presses("Vis saken")
    await kari.opens("B1.4")
    await kari.reads("Spør først om det kan være farlig")
    await scene.look("guardians")
    await kari.hands_in(safe_to_call="nei", reached="nei", at="10:00")
    await kari.reads("Da er det ikke gjort ennå.")
    await kari.hands_in(safe_to_call="ja", reached="ja", at="10:05")
    await kari.does("B1.5", consulted="ja", by="Kari", at="10:20")
    await kari.does("B2.1")
    await kari.reads("Pågår")
    await kari.does("B4.2", invited="ja")
    await kari.opens("B4.1")
    await kari.hands_in(**MEETING)
    await kari.opens("B4.1")
    await kari.reads("Med i møtet: eleven, foresatte,")
    await scene.look("invitation")
    written = await kari.takes_the_appointment("Legg møtet i kalenderen")
    assert "BEGIN:VEVENT" in written
    assert "1BAA" not in written
    await kari.presses("Vis saken")
    await kari.does("B5.2", informed_person="Siri", at="11:00")
    await kari.does("B1.6")
    await informs(siri, "nei")
    await kari.presses("Vis saken")
    await kari.presses_in_dialog("Avslutt saken")
    await kari.reads("Dette står åpent.")
    await kari.reads("Eleven er ute av praksis.")
    await scene.look("still-open")
    await kari.does("B2.1")
    await assesses(kari, siri, arne)
    await closes(kari, **ARCHIVED)
    await scene.look("closed")
    ola = (await scene.people("ola", "kari", "berit", "siri"))[0]
    await ola.sees("Saken er avsluttet.")
    await berit.sees("Saka er avslutta.")


async def an_adult_on_studieforberedende_and_alcohol(scene: Scene) -> None:
    nina, marit, berit, hanne = await scene.people("nina", "marit", "berit", "hanne")
    await report(nina, "synlig_beruset", "Kantine", "1STA", under_18="nei", stoff="alkohol", colleague="Henrik")
    await takes(marit)
    await marit.presses("Vis saken")
    await marit.reads("Ikke kontakt foresatte uten at eleven sier ja.")
    for duty in ("Ring de foresatte", "Kontakt barnevernet", "Kall inn de foresatte", "Bruken anmeldes"):
        await marit.reads_of(duty, "Gjelder ikke lenger")
    await scene.look("adult")
    await nina.presses("Gjort", about="Vurder om eleven trenger medisinsk hjelp")
    henrik = (await scene.people("henrik", "marit", "berit", "hanne"))[0]
    await henrik.presses("Jeg er med")
    await decides(berit, decided="nei", guardians=False)
    await berit.does("K1", applies="nei")
    await scene.look("decided-against")
    await informs(hanne, "ja")
    await marit.presses("Vis saken")
    await marit.reads_of("Ta ansvar for oppfølgingen", "Gjelder ikke lenger")
    await marit.opens("B4.1")
    await marit.hands_in(**MEETING)
    await marit.does("B5.2", informed_person="Siri", at="11:00")
    await closes(marit, "Marit Bakke", **ARCHIVED)
    await scene.look("closed")


async def a_suspicion_that_is_refuted(scene: Scene) -> None:
    ola, kari, _, siri = await scene.people("ola", "kari", "berit", "siri")
    await report(ola, "mistanke", "Uteområdet", "1BAA", under_18="ja", yrkesfag="ja_ikke_i_praksis")
    await takes(kari)
    await kari.presses("Vis saken")
    await kari.presses_in_dialog("Mer")
    await scene.look("more")
    await kari.presses_in_dialog("open_refutation")
    await kari.hands_in(reason="Eleven var trøtt etter en kamp.")
    await kari.reads("Mistanken er avkreftet")
    await scene.look("refuted")
    await kari.does("L5", applies="nei")
    await closes(kari)
    await ola.sees("Saken er avsluttet.")
    await siri.sees("Saken er avsluttet.")
    await scene.nobody_sees("trøtt")
    await kari.presses("Vis saken")
    await kari.presses_in_dialog("Åpne saken igjen")
    await kari.is_offered("Avslutt saken")


async def use_of_an_illegal_substance_on_school_grounds_with_the_age_unknown(scene: Scene) -> None:
    ola, kari, berit, siri = await scene.people("ola", "kari", "berit", "siri")
    await report(ola, "bruk_pa_omradet", "Uteområdet", "1BAA", yrkesfag="ja_ikke_i_praksis", stoff="illegalt")
    await takes(kari)
    await kari.presses("Vis saken")
    await kari.reads("Sjekk alderen i det skoleadministrative systemet")
    await kari.opens("B1.4")
    await kari.hands_in(applies="ja")
    await kari.reads("Sjekk alderen først.")
    await scene.look("age-first")
    await kari.hands_in(under_18="ja", applies="ja")
    await kari.does("B1.4", safe_to_call="ja", reached="ja", at="10:05")
    await kari.does("B1.5", applies="ja")
    await kari.does("B1.5", consulted="ja", by="Kari", at="10:20")
    await kari.does("L1", applies="nei")
    await kari.reads_of("Vær minst to ansatte", "Gjelder ikke lenger")
    await kari.does("B2.1", applies="nei")
    await kari.does("B4.1", **MEETING)
    await kari.does("B4.2", invited="ja")
    await kari.does("B5.2", informed_person="Siri", at="11:00")
    await ola.presses("Gjort", about="Vurder om eleven trenger medisinsk hjelp")
    await berit.presses("Sjå kva det er")
    await berit.does("B6.1", reported="ja", at="12:00")
    await berit.does("K1", applies="nei")
    await scene.look("police")
    await informs(siri, "ja")
    await assesses(ola, kari, siri)
    await closes(kari, **ARCHIVED)
    await scene.look("closed")


async def two_kinds_at_once_and_a_consent_that_is_withdrawn(scene: Scene) -> None:
    ola, kari, berit, siri = await scene.people("ola", "kari", "berit", "siri")
    await report(ola, "synlig_beruset+bruk_pa_omradet", "Uteområdet", "2ELA", under_18="nei",
                 yrkesfag="ja_ikke_i_praksis", stoff="illegalt", colleague="Eva")  # fmt: skip
    await takes(kari)
    await ola.presses("Gjort", about="Vurder om eleven trenger medisinsk hjelp")
    await decides(berit, decided="ja", guardians=False)
    await berit.does("B6.1", reported="ja", at="12:00")
    await berit.does("K1", applies="nei")
    await siri.presses("Se hva det er")
    await siri.does("B7.1", informed="ja", at="10:30")
    await siri.does("B7.2", samtykke_hjelp="ja")
    await scene.look("consented")
    await kari.presses("Vis saken")
    await kari.does("B2.1", applies="nei")
    await kari.does("B4.1", **MEETING)
    await kari.does("B1.6")
    await kari.does("B5.2", informed_person="Siri", at="11:00")
    await siri.presses("Se hva det er")
    await siri.presses_in_dialog("Ønsker eleven hjelp til å ta kontakt?")
    await siri.hands_in(samtykke_hjelp="nei")
    await siri.reads("Gi eleven informasjon og tilbud")
    await kari.presses("Vis saken")
    await kari.reads_of("Hjelp eleven i kontakt", "eleven har trukket samtykket")
    await scene.look("withdrawn")
    eva = (await scene.people("eva", "kari", "berit", "siri"))[0]
    await eva.presses("Jeg er med")
    await closes(kari, **ARCHIVED)
    await scene.look("closed")


Story = Callable[[Scene], Awaitable[None]]

STORIES: Sequence[Story] = (
    a_minor_on_yrkesfag_in_praksis_visibly_intoxicated,
    an_adult_on_studieforberedende_and_alcohol,
    a_suspicion_that_is_refuted,
    use_of_an_illegal_substance_on_school_grounds_with_the_age_unknown,
    two_kinds_at_once_and_a_consent_that_is_withdrawn,
)
