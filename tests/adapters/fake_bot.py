"""A bot of a few sentences for the web page's tests: it shows every kind of card and keeps nothing worth keeping."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from adapters.web.chats import WebChats
from adapters.web.people import Person, Site, address
from flows.cards import (
    Block,
    Button,
    Caution,
    ChoiceField,
    DateField,
    Facts,
    Heading,
    Link,
    Mark,
    Option,
    Paragraph,
    Step,
    Style,
    TextField,
    TimeField,
    dialog,
    message,
)
from flows.port import Incoming, Pressed, Reply, Submitted, Typed

PEOPLE = (
    Person("ola", "Ola Haugen", "Faglærer, bygg og elektro"),
    Person("kari", "Kari Nesset", "Avdelingsleder, bygg og elektro"),
    Person("berit", "Berit Sande", "Rektor"),
    Person("nils", "Nils Åsen", "Rådgiver"),
    Person("siv", "Siv Moen", "Kontaktlærer, 1BAA"),
)
SITE = Site("Dalen videregående skole", lambda: PEOPLE, ("ola", "kari", "berit"))

CLASSES = tuple(
    Option(f"{level}{line}".lower(), f"{level}{line}", note)
    for level in (1, 2, 3)
    for line, note in (("BAA", "Bygg"), ("ELA", "Elektro"), ("HOA", "Helse"), ("STA", "Studiespesialisering"))
)
COLLEAGUES = tuple(Option(person.user, person.name, person.role) for person in PEOPLE)
PLACES = tuple(Option(f"p{at}", name) for at, name in enumerate(
    ("Verkstedet", "Kantina", "Skolegården", "Idrettshallen", "Parkeringsplassen", "Biblioteket", "Et annet sted")
))  # fmt: skip

REPORT = dialog(
    "Meld en rushendelse",
    [
        Caution("Ring 113 hvis eleven er vanskelig å vekke, har pusteproblemer eller kramper.", "Først: er det trygt?"),
        Paragraph("Ikke skriv navn eller helseopplysninger her."),
    ],
    [
        ChoiceField(
            "what",
            "Hva har dere sett?",
            (
                Option("suspicion", "Mistanke", "Du er usikker på hva det er"),
                Option("intoxicated", "Synlig beruset"),
                Option("use", "Bruk"),
                Option("possession", "Besittelse eller oppbevaring"),
            ),
            hint="Er du usikker, velger du «Mistanke».",
        ),
        ChoiceField("place", "Hvor er dere?", PLACES),
        ChoiceField("class", "Klasse", CLASSES, searches="classes"),
        ChoiceField("with", "Hvem er sammen med eleven?", COLLEAGUES, several=True, required=False, searches="classes"),
    ],
    Button("report", "Varsle", style=Style.PRIMARY),
    [Button("help", "Hva skjer nå?")],
)

EVERYTHING = dialog(
    "Alle slags felt",
    fields=[
        TextField("name", "Hvem er den andre?", max_length=80, hint="En kollega som var der."),
        TextField("why", "Hvorfor?", lines=3, required=False),
        DateField("day", "Dag"),
        TimeField("time", "Klokkeslett", required=False),
        ChoiceField("age", "Alder", (Option("under", "Under 18"), Option("over", "Over 18")), required=False),
        ChoiceField("given", "Hva har eleven fått?", (Option("a", "Samtale"), Option("b", "Brosjyre")), several=True),
        ChoiceField("helper", "Hjelper", COLLEAGUES, value=("kari",), searches="classes"),
    ],
    submit=Button("everything", "Lagre"),
)


def alert(place: str) -> list[Facts | Paragraph]:
    """Return what an avdelingsleder is told."""
    return [Paragraph("Ola Haugen er hos eleven."), Facts((("Sted", place), ("Telefon", "900 00 001")))]


ALERT = message(
    "Rushendelse på avdelingen din, sak K7M2QD",
    alert("Verkstedet"),
    [Button("take", "Jeg tar saken", "K7M2QD", Style.PRIMARY), Button("open", "Se pliktene", "K7M2QD")],
    summary="Ny sak K7M2QD. Åpne for å svare.",
)
TAKEN = replace(
    ALERT,
    blocks=(*ALERT.blocks, Step("Kari Nesset har tatt saken", mark=Mark.DONE, mark_text="Tatt")),
    buttons=(Button("open", "Se pliktene", "K7M2QD"),),
)
HELP = message(
    "Dette kan du skrive",
    [
        Facts((("/rus-hendelse", "Meld fra om en hendelse"), ("/rus-saker", "Se sakene dine"))),
        Link("Les handlingsplanen", "https://example.org/plan"),
        Link("Ring rektor", "tel:+4790000001"),
    ],
    [Button("again", "Vis igjen"), Button("report-form", "Meld en hendelse", style=Style.PRIMARY)],
    summary="Hjelp",
)


def duties(*done: str) -> Step:
    """Return the first duty, done or not."""
    is_done = "talk" in done
    return Step(
        "Snakk med eleven sammen med en kollega",
        "Planen, punkt B1.3a",
        Mark.DONE if is_done else Mark.OPEN,
        "Gjort" if is_done else "",
        None if is_done else Button("done", "Gjort", "talk"),
    )


def case(*done: str) -> Reply:
    """Return the dialog with what is to be done in a case."""
    rest = [
        Step("Ring de foresatte", "Lov, gjelder når eleven er under 18", Mark.QUESTION, "Må avklares"),
        Step("Hold eleven borte fra praksis", "Planen, punkt B2.1", button=Button("done", "Gjort", "practice")),
        Step("Kontakt bedriften", "Lokalt", Mark.ENDED, "Ikke aktuelt"),
    ]
    blocks: tuple[Block, ...] = (Heading("Dette skal gjøres nå"), duties(*done), *rest)
    return Reply(dialog=dialog("Sak K7M2QD", blocks, buttons=[Button("close-case", "Be om hjelp")]))


@dataclass
class FakeBot:
    """Replies as the bot would; `seen` holds what came in, `failures` how often to break down first."""

    chats: WebChats
    seen: list[Incoming] = field(default_factory=list)
    failures: int = 0

    async def handle(self, incoming: Incoming) -> Reply:
        """Reply to one act."""
        self.seen.append(incoming)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("a secret of a pupil")
        match incoming.act:
            case Typed(text):
                return self._typed(text)
            case Pressed(action, reference):
                return self._pressed(action, reference)
            case Submitted() as act:
                return await self._submitted(act)

    def _typed(self, text: str) -> Reply:
        answers = {
            "/rus-hendelse": Reply(dialog=REPORT),
            "/rus-hjelp": Reply(card=HELP),
            "alt": Reply(dialog=EVERYTHING),
            "sak": case(),
            "les": Reply(dialog=dialog("Bare tekst", [Paragraph("Lang tekst. " * 200)])),
        }
        return answers.get(text, Reply(notice="Jeg forstår ikke. Skriv /rus-hjelp."))

    def _pressed(self, action: str, reference: str) -> Reply:
        replies = {
            "take": Reply(card=TAKEN, notice="Du har tatt saken."),
            "open": case(),
            "done": case(reference),
            "again": Reply(card=replace(HELP, title="Dette kan du skrive, en gang til")),
            "report-form": Reply(dialog=REPORT),
            "help": Reply(notice="Avdelingsleder får en melding med en gang."),
            "close-case": Reply(card=HELP),
        }
        return replies.get(action, Reply())

    async def _submitted(self, act: Submitted) -> Reply:
        if act.action == "everything":
            return Reply(
                faults={"name": "Skriv etternavnet også.", "day": "Dagen er ikke i skoleåret.", "x": "Prøv nå."}
            )
        if act.values.get("class") == ("3sta",):
            return Reply(faults={"class": "3STA har ingen avdelingsleder. Velg en annen klasse."})
        await self.chats.send(address("kari"), ALERT, f"alert-{len(self.seen)}")
        sent = message("Avdelingsleder er varslet", alert("Verkstedet"), summary="Varselet er sendt")
        return Reply(card=sent, notice="Varselet er sendt.")


def clock() -> datetime:
    """Return the time at which all of it happens."""
    return datetime(2026, 10, 14, 8, 42, tzinfo=UTC)
