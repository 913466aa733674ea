"""The web page's own few words; what the bot says comes in its cards and is written elsewhere."""

from __future__ import annotations

from flows.cards import Mark
from flows.language import Text, same

PRODUCT = same("rusplan")
DEMO = Text("Demo", "Demo")
MADE_UP = Text("Oppdiktet skole. Ingenting her er ekte.", "Oppdikta skole. Ingenting her er ekte.")
BOARD = Text("Samtaler", "Samtalar")
LANGUAGE = Text("Språk", "Språk")

SWITCH = Text("Bytt", "Byt")
SWITCH_FROM = Text("Bytt ut {name}", "Byt ut {name}")
ADD = Text("Legg til", "Legg til")
ADD_PERSON = Text("Legg til person", "Legg til person")
PERSON = Text("person", "person")
REMOVE = Text("Fjern {name}", "Fjern {name}")
FIND_PERSON = Text("Finn navn eller rolle", "Finn namn eller rolle")

CHAT_OF = Text("Meldingene til {name}", "Meldingane til {name}")
WRITE_AS = Text("Skriv som {name}", "Skriv som {name}")
WRITE = Text("Skriv en melding", "Skriv ei melding")
SEND = Text("Send", "Send")
COMMANDS = Text("Forslag til kommandoer", "Forslag til kommandoar")
EMPTY = Text("Ingen meldinger ennå", "Ingen meldingar enno")
EMPTY_HINT = Text(
    "Skriv /rus-hendelse for å melde fra om en hendelse. Meldingen kommer fram hos den som skal ha den.",
    "Skriv /rus-hendelse for å melde frå om ei hending. Meldinga kjem fram hos den som skal ha henne.",
)
YOU = Text("Du", "Du")
EDITED = Text("Oppdatert {time}", "Oppdatert {time}")
ONLY_YOU = Text("Bare du ser dette", "Berre du ser dette")
DISMISS = Text("Skjul", "Skjul")
NEW_TAB = Text("(åpnes i ny fane)", "(opnast i ny fane)")

CLOSE = Text("Lukk", "Lukk")
REQUIRED = Text("må fylles ut", "må fyllast ut")
OPTIONAL = Text("valgfritt", "valfritt")
CHOOSE = Text("Velg …", "Vel …")
NOT_CHOSEN = Text("Ikke valgt", "Ikkje valt")
SEARCH = Text("Skriv for å søke", "Skriv for å søkje")
CHOSEN = Text("Valgt", "Valt")
MISSING_WORDS = Text("Fyll ut dette feltet.", "Fyll ut dette feltet.")
MISSING_CHOICE = Text("Velg et svar.", "Vel eit svar.")
MISSING_IN_LIST = Text("Velg fra listen.", "Vel frå lista.")

MARKS = {
    Mark.OPEN: Text("Ikke gjort", "Ikkje gjort"),
    Mark.DONE: Text("Gjort", "Gjort"),
    Mark.QUESTION: Text("Må avklares", "Må avklarast"),
    Mark.ENDED: Text("Avsluttet", "Avslutta"),
}

# What the page itself says, handed to it by name.
IN_PAGE = {
    "noContact": Text(
        "Fikk ikke kontakt. Teksten din er her ennå. Prøv igjen.",
        "Fekk ikkje kontakt. Teksten din er her enno. Prøv igjen.",
    ),
    "lost": Text("Mistet kontakten. Prøver igjen …", "Mista kontakten. Prøver igjen …"),
    "oneNew": Text("1 ny", "1 ny"),
    "manyNew": Text("{count} nye", "{count} nye"),
    "oneFault": Text("Ett felt må rettes før du kan sende:", "Eitt felt må rettast før du kan sende:"),
    "manyFaults": Text("{count} felt må rettes før du kan sende:", "{count} felt må rettast før du kan sende:"),
    "noHits": Text("Ingen treff. Prøv færre bokstaver.", "Ingen treff. Prøv færre bokstavar."),
    "hits": Text("{count} treff", "{count} treff"),
    "takeAway": Text("Fjern {name}", "Fjern {name}"),
}

FAILED = Text(
    "Noe gikk galt hos oss. Teksten din er her ennå. Prøv igjen.",
    "Noko gjekk gale hos oss. Teksten din er her enno. Prøv igjen.",
)
UNKNOWN_PERSON = Text("Denne personen finnes ikke her.", "Denne personen finst ikkje her.")
TOO_LARGE = Text("Dette er for langt. Skriv kortere.", "Dette er for langt. Skriv kortare.")
NOT_UNDERSTOOD = Text("Forespørselen kan ikke leses: {what}.", "Førespurnaden kan ikkje lesast: {what}.")
NOT_JSON = Text("den er ikke JSON-data med navn og verdier", "han er ikkje JSON-data med namn og verdiar")
WRONG_PART = Text("«{part}» mangler eller er feil", "«{part}» manglar eller er feil")
